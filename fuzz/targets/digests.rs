//! Digests: one text for each, whose hash has the length of its algorithm.
#![no_main]

use berth_oci::{Algorithm, Digest};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    if let Ok(text) = std::str::from_utf8(bytes)
        && let Ok(digest) = text.parse::<Digest>()
    {
        assert_eq!(digest.to_string(), text);
        assert_eq!(digest.hex().len(), digest.as_bytes().len() * 2);
        assert_eq!(Digest::from_hex(digest.algorithm(), &digest.hex()), Ok(digest));
    }
    for algorithm in Algorithm::ALL {
        let digest = Digest::of(algorithm, bytes);
        assert_eq!(digest.to_string().parse(), Ok(digest));
    }
});
