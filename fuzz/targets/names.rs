//! Names of repositories and tags: what is taken is what it says, and can't lead out of its folder.
#![no_main]

use berth_oci::{RepositoryName, TagName};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    if let Ok(name) = text.parse::<RepositoryName>() {
        assert_eq!(name.as_str(), text);
        assert!(text.len() <= 255);
        for component in name.components() {
            assert!(!component.is_empty() && !component.starts_with(['.', '_']));
            assert!(!component.contains("..") && !component.contains(['/', '\\', '\0']));
        }
    }
    if let Ok(tag) = text.parse::<TagName>() {
        assert_eq!(tag.as_str(), text);
        assert!(text.len() <= 128 && !text.starts_with(['.', '-']) && !text.contains(['/', '\0']));
    }
});
