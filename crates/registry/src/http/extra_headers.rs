use hyper::header::{HeaderMap, HeaderName, HeaderValue};

/// Headers that an operator wants on every answer. What an answer says itself wins.
#[derive(Clone, Debug, Default)]
pub struct ExtraHeaders(HeaderMap);

/// A header that can't be sent.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ExtraHeaderError {
    #[error("`{0}` is no name of a header")]
    Name(String),
    #[error("the value of the header `{0}` holds a character that no header can carry")]
    Value(String),
    #[error("the header `{0}` is the server's own to set: leave it out")]
    Reserved(String),
}

/// What frames a message, and what clients of a registry go by.
const RESERVED: [&str; 9] = [
    "connection",
    "content-length",
    "content-type",
    "date",
    "docker-content-digest",
    "location",
    "range",
    "transfer-encoding",
    "www-authenticate",
];

impl ExtraHeaders {
    /// Names with their values; a name may come more than once.
    pub fn parse<'a>(pairs: impl IntoIterator<Item = (&'a str, &'a str)>) -> Result<Self, ExtraHeaderError> {
        let mut headers = HeaderMap::new();
        for (name, value) in pairs {
            let parsed: HeaderName = name
                .parse()
                .map_err(|_| ExtraHeaderError::Name(name.to_owned()))?;
            if RESERVED.contains(&parsed.as_str()) {
                return Err(ExtraHeaderError::Reserved(name.to_owned()));
            }
            let value: HeaderValue = value
                .parse()
                .map_err(|_| ExtraHeaderError::Value(name.to_owned()))?;
            headers.append(parsed, value);
        }
        Ok(Self(headers))
    }

    pub(super) fn add_to(&self, answer: &mut HeaderMap) {
        for name in self.0.keys() {
            if !answer.contains_key(name) {
                for value in self.0.get_all(name) {
                    answer.append(name.clone(), value.clone());
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_an_answer_says_itself_wins() {
        let extra = ExtraHeaders::parse([("X-A", "1"), ("x-a", "2"), ("X-B", "3")]).unwrap();
        let mut answer = HeaderMap::new();
        answer.insert("x-b", HeaderValue::from_static("own"));
        extra.add_to(&mut answer);
        assert_eq!(answer.get_all("x-a").iter().count(), 2);
        assert_eq!(answer.get_all("x-b").iter().collect::<Vec<_>>(), ["own"]);
    }

    #[test]
    fn a_header_can_not_split_an_answer_or_frame_it() {
        let error = |name, value| ExtraHeaders::parse([(name, value)]).unwrap_err();
        assert_eq!(error("a b", "x"), ExtraHeaderError::Name("a b".into()));
        assert_eq!(error("x-a", "1\r\nx-b: 2"), ExtraHeaderError::Value("x-a".into()));
        assert_eq!(
            error("Content-Length", "0"),
            ExtraHeaderError::Reserved("Content-Length".into())
        );
    }
}
