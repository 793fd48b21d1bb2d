use std::str::FromStr;

/// The `Content-Range` of an uploaded chunk: `<start>-<end>`, both inclusive, without a unit (distribution
/// specification, "Pushing a blob in chunks"). Not the grammar of a download's range.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UploadRange {
    start: u64,
    end: u64,
}

/// A text that is no such range.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a chunk's Content-Range is `<start>-<end>`, inclusive and without a unit")]
pub struct UploadRangeError;

impl UploadRange {
    /// Offset of the first byte.
    pub const fn start(self) -> u64 {
        self.start
    }

    /// Number of bytes; at least one.
    pub const fn len(self) -> u64 {
        self.end - self.start + 1
    }

    /// A range always holds a byte.
    pub const fn is_empty(self) -> bool {
        false
    }
}

impl FromStr for UploadRange {
    type Err = UploadRangeError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (start, end) = text.split_once('-').ok_or(UploadRangeError)?;
        let number = |part: &str| {
            if part.bytes().all(|byte| byte.is_ascii_digit()) {
                part.parse::<u64>().map_err(|_| UploadRangeError)
            } else {
                Err(UploadRangeError)
            }
        };
        let (start, end) = (number(start)?, number(end)?);
        // The length must fit as well.
        if end < start || end == u64::MAX {
            Err(UploadRangeError)
        } else {
            Ok(Self { start, end })
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_ends_are_inclusive() {
        let range: UploadRange = "10-19".parse().unwrap();
        assert_eq!((range.start(), range.len()), (10, 10));
    }

    #[test]
    fn a_download_s_grammar_is_refused() {
        for text in [
            "bytes=0-9",
            "bytes 0-9/10",
            "0-",
            "-9",
            "9-0",
            "0-9-",
            "+0-9",
            "",
            "0-18446744073709551615",
        ] {
            assert_eq!(text.parse::<UploadRange>(), Err(UploadRangeError), "{text}");
        }
    }
}
