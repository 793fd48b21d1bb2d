//! A secret stands in files of its owner alone, and nowhere else.

use crate::on_host;
use crate::scene::{CANARY, Canaries, Offline, samples};

#[test]
fn no_secret_stands_in_a_file_that_others_may_read() {
    let mut held = 0;
    for (name, documents) in samples() {
        let native = on_host(&documents, "/etc/berth", &Canaries);
        for file in &native.files {
            let holds = file.text.contains(CANARY);
            held += usize::from(holds);
            assert!(file.is_secret || !holds, "{name}: {} holds a secret", file.name);
        }
        for finding in &native.findings {
            assert!(!format!("{finding:?}").contains(CANARY), "{name}: {finding:?}");
        }
    }
    assert!(
        held >= 15,
        "only {held} files hold secrets: do the samples have any?"
    );
}

#[test]
fn what_is_made_once_and_not_known_is_told_and_stands_nowhere() {
    for (name, documents) in samples() {
        let native = on_host(&documents, "/etc/berth", &Offline);
        let told = native
            .findings
            .iter()
            .any(|finding| finding.code.as_str() == "RN-030");
        let known = on_host(&documents, "/etc/berth", &Canaries);
        let lacks = known.files.iter().any(|file| {
            let there = native.files.iter().find(|there| there.name == file.name);
            there.is_none_or(|there| there.text != file.text)
        });
        assert_eq!(told, lacks, "{name}");
        for file in &native.files {
            assert!(!file.text.contains("made-once"), "{name}: {}", file.name);
        }
    }
}
