//! References as people write them: what is printed reads as the same reference.
#![no_main]

use berth_oci::{Reference, TagOrDigest};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    if let Ok(reference) = text.parse::<Reference>() {
        let printed = reference.to_string();
        let again = printed.parse::<Reference>();
        assert_eq!(again.as_ref(), Ok(&reference), "{printed}");
        assert_eq!(again.map(|again| again.to_string()), Ok(printed));
    }
    if let Ok(reference) = text.parse::<TagOrDigest>() {
        assert_eq!(reference.to_string(), text);
    }
});
