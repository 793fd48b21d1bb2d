use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::{Algorithm, Hasher};

/// The identity of content: an algorithm and the hash of the bytes (OCI image specification, `descriptor.md`).
///
/// Only lower-case hexadecimal of the right length parses, so a digest is safe in a path and in a URL.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Digest {
    Sha256([u8; 32]),
    Sha512([u8; 64]),
}

/// Why a text is not a digest.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DigestError {
    #[error("a digest is written `<algorithm>:<hex>`; there is no colon")]
    NoColon,
    #[error("unknown digest algorithm `{0}`; use sha256 or sha512")]
    UnknownAlgorithm(String),
    #[error("a {algorithm} digest has {} hexadecimal characters; this one has {found}", algorithm.hex_len())]
    WrongLength { algorithm: Algorithm, found: usize },
    #[error("a digest is lower-case hexadecimal; `{0}` is not")]
    NotHex(char),
}

impl Digest {
    /// The digest of `bytes`.
    pub fn of(algorithm: Algorithm, bytes: &[u8]) -> Self {
        let mut hasher = Hasher::new(algorithm);
        hasher.update(bytes);
        hasher.finish()
    }

    /// The SHA-256 digest of `bytes`.
    pub fn sha256(bytes: &[u8]) -> Self {
        Self::of(Algorithm::Sha256, bytes)
    }

    pub const fn algorithm(&self) -> Algorithm {
        match self {
            Self::Sha256(_) => Algorithm::Sha256,
            Self::Sha512(_) => Algorithm::Sha512,
        }
    }

    /// The hash itself.
    pub fn as_bytes(&self) -> &[u8] {
        match self {
            Self::Sha256(bytes) => bytes,
            Self::Sha512(bytes) => bytes,
        }
    }

    /// The encoded part: lower-case hexadecimal.
    pub fn hex(&self) -> String {
        const DIGITS: &[u8; 16] = b"0123456789abcdef";
        let mut hex = String::with_capacity(self.algorithm().hex_len());
        for byte in self.as_bytes() {
            hex.push(char::from(DIGITS[usize::from(byte >> 4)]));
            hex.push(char::from(DIGITS[usize::from(byte & 15)]));
        }
        hex
    }

    /// Puts a digest together from its algorithm and its hexadecimal part.
    pub fn from_hex(algorithm: Algorithm, hex: &str) -> Result<Self, DigestError> {
        if hex.len() != algorithm.hex_len() {
            return Err(DigestError::WrongLength {
                algorithm,
                found: hex.chars().count(),
            });
        }
        match algorithm {
            Algorithm::Sha256 => decode(hex).map(Self::Sha256),
            Algorithm::Sha512 => decode(hex).map(Self::Sha512),
        }
    }
}

fn decode<const N: usize>(hex: &str) -> Result<[u8; N], DigestError> {
    let mut bytes = [0; N];
    for (slot, pair) in bytes.iter_mut().zip(hex.as_bytes().chunks_exact(2)) {
        *slot = (nibble(hex, pair[0])? << 4) | nibble(hex, pair[1])?;
    }
    Ok(bytes)
}

fn nibble(hex: &str, digit: u8) -> Result<u8, DigestError> {
    match digit {
        b'0'..=b'9' => Ok(digit - b'0'),
        b'a'..=b'f' => Ok(digit - b'a' + 10),
        _ => Err(DigestError::NotHex(
            hex.chars()
                .find(|c| !matches!(c, '0'..='9' | 'a'..='f'))
                .unwrap_or(char::REPLACEMENT_CHARACTER),
        )),
    }
}

impl fmt::Display for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.algorithm(), self.hex())
    }
}

impl fmt::Debug for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl FromStr for Digest {
    type Err = DigestError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (algorithm, hex) = text.split_once(':').ok_or(DigestError::NoColon)?;
        let algorithm = algorithm
            .parse()
            .map_err(|_| DigestError::UnknownAlgorithm(algorithm.to_owned()))?;
        Self::from_hex(algorithm, hex)
    }
}

impl Serialize for Digest {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Digest {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<str>::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const EMPTY: &str = "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

    #[test]
    fn the_digest_of_nothing_is_the_known_one() {
        assert_eq!(Digest::sha256(b"").to_string(), EMPTY);
    }

    #[test]
    fn what_is_not_a_digest_is_refused_with_the_reason() {
        assert_eq!("sha256".parse::<Digest>(), Err(DigestError::NoColon));
        assert_eq!(
            "md5:00".parse::<Digest>(),
            Err(DigestError::UnknownAlgorithm("md5".into()))
        );
        assert!(matches!(
            "sha256:baddigeststring".parse::<Digest>(),
            Err(DigestError::WrongLength { .. })
        ));
        let upper = EMPTY.to_uppercase().replace("SHA256", "sha256");
        assert_eq!(upper.parse::<Digest>(), Err(DigestError::NotHex('E')));
    }

    #[test]
    fn sixty_four_bytes_that_are_not_characters_of_one_byte_do_not_panic() {
        assert!(format!("sha256:{}", "é".repeat(32)).parse::<Digest>().is_err());
    }

    proptest! {
        #[test]
        fn a_digest_survives_being_written_and_read(bytes: Vec<u8>, long: bool) {
            let algorithm = if long { Algorithm::Sha512 } else { Algorithm::Sha256 };
            let digest = Digest::of(algorithm, &bytes);
            prop_assert_eq!(digest.to_string().parse(), Ok(digest));
        }
    }
}
