use std::borrow::Cow;

use berth_oci::{Algorithm, MediaType, TagName};

use super::error::RouteError;

/// How many tags one push can set; the specification asks for at least 10.
pub const TAGS_LIMIT: usize = 100;

/// Which page of a list is wanted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PageQuery {
    /// Entries, as asked for.
    pub n: Option<usize>,
    /// The entry after which the page starts; it need not exist.
    pub last: Option<String>,
}

/// A query string, decoded. The first of several equal keys counts, except for `tag`.
pub(super) struct Query<'a>(Vec<(Cow<'a, str>, Cow<'a, str>)>);

impl<'a> Query<'a> {
    pub(super) fn parse(text: &'a str) -> Self {
        let pairs = text.split('&').filter(|pair| !pair.is_empty()).map(|pair| {
            let (key, value) = pair.split_once('=').unwrap_or((pair, ""));
            // A media type's `+` comes unencoded from most clients, so `+` is no space here.
            (decode(key), decode(value))
        });
        Self(pairs.collect())
    }

    pub(super) fn get<'q>(&'q self, wanted: &'q str) -> Option<&'q str> {
        self.all(wanted).next()
    }

    pub(super) fn page(&self) -> Result<PageQuery, RouteError> {
        let n = self.get("n").map(page_size).transpose()?;
        let last = self
            .get("last")
            .filter(|last| !last.is_empty())
            .map(str::to_owned);
        Ok(PageQuery { n, last })
    }

    pub(super) fn artifact_type(&self) -> Result<Option<MediaType>, RouteError> {
        self.get("artifactType")
            .filter(|text| !text.is_empty())
            .map(|text| MediaType::parse(text).ok_or(RouteError::ArtifactType))
            .transpose()
    }

    pub(super) fn algorithm(&self) -> Result<Option<Algorithm>, RouteError> {
        Ok(self.get("digest-algorithm").map(str::parse).transpose()?)
    }

    /// Each tag once, in the order given.
    pub(super) fn tags(&self) -> Result<Vec<TagName>, RouteError> {
        let mut tags: Vec<TagName> = Vec::new();
        for (count, text) in self.all("tag").enumerate() {
            if count == TAGS_LIMIT {
                return Err(RouteError::TooManyTags);
            }
            let tag = text.parse()?;
            if !tags.contains(&tag) {
                tags.push(tag);
            }
        }
        Ok(tags)
    }

    fn all<'q>(&'q self, wanted: &'q str) -> impl Iterator<Item = &'q str> {
        self.0
            .iter()
            .filter(move |(key, _)| key == wanted)
            .map(|(_, value)| value.as_ref())
    }
}

fn page_size(text: &str) -> Result<usize, RouteError> {
    if text.is_empty() || !text.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(RouteError::PageSize);
    }
    // What is too large to count is capped like everything above the cap.
    Ok(text.parse().unwrap_or(usize::MAX))
}

/// Undoes percent-encoding. What is badly encoded stays as it came, and then parses as nothing.
pub(super) fn decode(text: &str) -> Cow<'_, str> {
    if !text.contains('%') {
        return Cow::Borrowed(text);
    }
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((&first, tail)) = rest.split_first() {
        let pair = tail
            .first()
            .zip(tail.get(1))
            .and_then(|(high, low)| Some(hex(*high)? << 4 | hex(*low)?));
        match pair {
            Some(byte) if first == b'%' => {
                bytes.push(byte);
                rest = &tail[2..];
            }
            _ => {
                bytes.push(first);
                rest = tail;
            }
        }
    }
    String::from_utf8(bytes).map_or(Cow::Borrowed(text), Cow::Owned)
}

fn hex(digit: u8) -> Option<u8> {
    char::from(digit)
        .to_digit(16)
        .and_then(|value| u8::try_from(value).ok())
}
