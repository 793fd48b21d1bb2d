use std::fmt;
use std::str::FromStr;

/// A tag: `[a-zA-Z0-9_][a-zA-Z0-9._-]{0,127}` (distribution specification, "Pulling manifests").
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct TagName(String);

/// A text that is no tag.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a tag is 1 to 128 letters, digits, `_`, `.` and `-`, not starting with `.` or `-`")]
pub struct TagNameError;

impl TagName {
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for TagName {
    type Err = TagNameError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let word = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
        let bytes = text.as_bytes();
        let fits = (1..=128).contains(&bytes.len())
            && word(bytes[0])
            && bytes
                .iter()
                .all(|byte| word(*byte) || matches!(byte, b'.' | b'-'));
        if fits {
            Ok(Self(text.to_owned()))
        } else {
            Err(TagNameError)
        }
    }
}

impl fmt::Display for TagName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tag_is_never_a_path() {
        for text in ["", ".", "..", "-a", ".a", "a/b", "a:b", "é"] {
            assert_eq!(text.parse::<TagName>(), Err(TagNameError), "{text}");
        }
        assert!("a".repeat(128).parse::<TagName>().is_ok());
        assert!("a".repeat(129).parse::<TagName>().is_err());
        assert!("_V1.2-rc".parse::<TagName>().is_ok());
    }
}
