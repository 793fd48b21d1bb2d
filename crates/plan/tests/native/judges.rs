//! Judges of what a host gets: systemd's own of units, and a parser of Compose's format.

use std::process::Command;

use berth_drive::needed;

use crate::on_host;
use crate::scene::{Canaries, samples};

#[test]
fn systemd_takes_every_unit() {
    let Some(judge) = needed("systemd-analyze") else {
        return;
    };
    let folder = tempfile::tempdir().unwrap();
    let mut units = Vec::new();
    for (name, documents) in samples() {
        for file in on_host(&documents, "/etc/berth", &Canaries).files {
            if file.name.ends_with(".service") {
                let path = folder.path().join(format!("{name}-{}.service", units.len()));
                // The program need not be installed where this test runs.
                let text = file
                    .text
                    .replace("ExecStart=/usr/local/bin/berth", "ExecStart=/bin/true");
                std::fs::write(
                    &path,
                    text.replace("ExecStart=/usr/bin/docker-registry", "ExecStart=/bin/true"),
                )
                .unwrap();
                units.push(path);
            }
        }
    }
    assert!(units.len() >= 6, "only {} units", units.len());
    let output = Command::new(judge)
        .arg("verify")
        .args(["--man=no"])
        .args(&units)
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    let about: Vec<&str> = said.lines().filter(|line| line.contains("service:")).collect();
    assert!(output.status.success() && about.is_empty(), "{said}");
}
