//! Manifests: whatever comes is read or refused, and says the same each time.
#![no_main]

use berth_oci::{MANIFEST_SIZE_LIMIT, Manifest, MediaType};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let told = [
        None,
        MediaType::parse(MediaType::OCI_MANIFEST),
        MediaType::parse(MediaType::OCI_INDEX),
    ];
    for told in &told {
        let Ok(manifest) = Manifest::parse(bytes, told.as_ref()) else {
            continue;
        };
        assert!(bytes.len() <= MANIFEST_SIZE_LIMIT);
        // What a store keeps is read again without the header, or with what it noted.
        let again = Manifest::parse(bytes, Some(&manifest.media_type)).expect("it was read before");
        assert_eq!(again.required_blobs(), manifest.required_blobs());
        assert_eq!(again.children(), manifest.children());
    }
});
