//! Ranges of downloads and of chunks: what is taken lies within the content, and no length overflows.
#![no_main]

use berth_oci::{RangeRequest, UploadRange};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: (u64, &str)| {
    let (size, text) = input;
    if let RangeRequest::Part(part) = RangeRequest::resolve(text, size) {
        assert!(part.length > 0);
        assert!(part.start.checked_add(part.length).is_some_and(|end| end <= size));
    }
    if let Ok(range) = text.parse::<UploadRange>() {
        assert!(range.len() > 0);
        let end = range
            .start()
            .checked_add(range.len() - 1)
            .expect("the end is a number");
        assert_eq!(format!("{}-{end}", range.start()).parse(), Ok(range));
    }
});
