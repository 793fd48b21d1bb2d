//! A secret stands in Secrets and nowhere else.

use crate::scene::{CANARY, rendered, samples};

#[test]
fn no_secret_stands_outside_of_secrets() {
    for (name, documents) in samples() {
        let rendered = rendered(&documents, 31);
        for object in rendered.objects.iter().filter(|object| !object.is_secret()) {
            let text = object.to_json().to_string();
            assert!(!text.contains(CANARY), "{name}: {} holds a secret", object.key());
        }
        for finding in &rendered.findings {
            assert!(!format!("{finding:?}").contains(CANARY), "{name}: {finding:?}");
        }
    }
}
