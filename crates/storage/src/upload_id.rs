use std::fmt;
use std::str::FromStr;

use crate::Random;

/// The name of an upload session: a UUID in its form of 36 characters, as Docker's registry names its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct UploadId(uuid::Uuid);

/// A text that is no session's name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("an upload session is named by a UUID of 36 characters")]
pub struct UploadIdError;

impl UploadId {
    pub(crate) fn random(random: &dyn Random) -> Self {
        let mut bytes = [0; 16];
        random.fill(&mut bytes);
        Self(uuid::Builder::from_random_bytes(bytes).into_uuid())
    }
}

impl FromStr for UploadId {
    type Err = UploadIdError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let id = Self(text.parse().map_err(|_| UploadIdError)?);
        // Other spellings of the same UUID would name another folder.
        if id.to_string() == text {
            Ok(id)
        } else {
            Err(UploadIdError)
        }
    }
}

impl fmt::Display for UploadId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.hyphenated().fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_one_spelling_names_a_session() {
        let text = "7f1c6f0e-5a0c-4f0c-9c39-2a4b5e1f0a11";
        assert_eq!(text.parse::<UploadId>().unwrap().to_string(), text);
        for other in [
            text.to_uppercase(),
            text.replace('-', ""),
            format!("{{{text}}}"),
            "../x".into(),
        ] {
            assert_eq!(other.parse::<UploadId>(), Err(UploadIdError), "{other}");
        }
    }
}
