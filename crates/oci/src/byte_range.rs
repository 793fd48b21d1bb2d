/// A part of a blob that is known to lie within it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ByteRange {
    /// Offset of the first byte.
    pub start: u64,
    /// Bytes; at least one.
    pub length: u64,
}

/// What a download's `Range` header asks of content of a known size (RFC 9110, section 14).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RangeRequest {
    /// No range, an unknown unit, or several ranges: the whole content answers all of them.
    Whole,
    Part(ByteRange),
    /// Nothing of it lies in the content: 416.
    Unsatisfiable,
}

impl RangeRequest {
    /// Reads the header against content of `size` bytes.
    pub fn resolve(header: &str, size: u64) -> Self {
        let Some((unit, ranges)) = header.split_once('=') else {
            return Self::Whole;
        };
        if !unit.trim().eq_ignore_ascii_case("bytes") || ranges.contains(',') {
            return Self::Whole;
        }
        let Some((first, last)) = ranges.trim().split_once('-') else {
            return Self::Unsatisfiable;
        };
        match (number(first), number(last)) {
            (Some(start), Some(end)) if start <= end => Self::clamped(start, end, size),
            (Some(start), None) if last.trim().is_empty() => Self::clamped(start, u64::MAX, size),
            (None, Some(length)) if first.trim().is_empty() && length > 0 && size > 0 => {
                Self::clamped(size.saturating_sub(length), u64::MAX, size)
            }
            _ => Self::Unsatisfiable,
        }
    }

    fn clamped(start: u64, end: u64, size: u64) -> Self {
        if start >= size {
            return Self::Unsatisfiable;
        }
        let end = end.min(size - 1);
        Self::Part(ByteRange {
            start,
            length: end - start + 1,
        })
    }
}

fn number(text: &str) -> Option<u64> {
    let text = text.trim();
    (!text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit()))
        // A number too large for us lies past the end of any content.
        .then(|| text.parse().unwrap_or(u64::MAX))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn part(start: u64, length: u64) -> RangeRequest {
        RangeRequest::Part(ByteRange { start, length })
    }

    #[test]
    fn every_form_of_the_grammar_resolves() {
        for (header, expected) in [
            ("bytes=0-0", part(0, 1)),
            ("bytes=2-5", part(2, 4)),
            ("bytes=7-", part(7, 3)),
            ("bytes=-3", part(7, 3)),
            ("bytes=-99", part(0, 10)),
            ("bytes=5-99999999999999999999999", part(5, 5)),
            ("items=0-1", RangeRequest::Whole),
            ("bytes=0-1,4-5", RangeRequest::Whole),
            ("bytes=10-", RangeRequest::Unsatisfiable),
            ("bytes=500-0", RangeRequest::Unsatisfiable),
            ("bytes=-0", RangeRequest::Unsatisfiable),
            ("bytes=-", RangeRequest::Unsatisfiable),
        ] {
            assert_eq!(RangeRequest::resolve(header, 10), expected, "{header}");
        }
    }

    #[test]
    fn nothing_of_empty_content_can_be_asked_for() {
        assert_eq!(RangeRequest::resolve("bytes=0-", 0), RangeRequest::Unsatisfiable);
        assert_eq!(RangeRequest::resolve("bytes=-1", 0), RangeRequest::Unsatisfiable);
    }

    proptest! {
        #[test]
        fn a_part_always_lies_within(header in "bytes=[0-9]{0,3}-[0-9]{0,3}", size in 0_u64..1000) {
            if let RangeRequest::Part(range) = RangeRequest::resolve(&header, size) {
                prop_assert!(range.length > 0 && range.start + range.length <= size);
            }
        }
    }
}
