use std::fmt;
use std::str::FromStr;

/// The name of a repository, `<name>` in the distribution specification's URLs.
///
/// Path components of lower-case letters and digits, joined within by one period, one or two underscores, or
/// any number of hyphens. Safe as a relative path: no component is empty, `.` or `..`, or begins with `_`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct RepositoryName(String);

/// Why a text is not a repository name.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RepositoryNameError {
    #[error(
        "a repository name has 1 to {} characters; this one has {found}",
        RepositoryName::LIMIT
    )]
    Length { found: usize },
    #[error(
        "`{component}` is no component of a repository name: lower-case letters and digits, \
         joined by `.`, `_`, `__` or `-`, separated by `/`"
    )]
    Component { component: String },
}

impl RepositoryName {
    /// Clients stop at 255 characters for host and name together; the name alone may not pass that.
    pub const LIMIT: usize = 255;

    pub fn as_str(&self) -> &str {
        &self.0
    }

    pub fn components(&self) -> impl Iterator<Item = &str> {
        self.0.split('/')
    }
}

fn is_component(component: &str) -> bool {
    let bytes = component.as_bytes();
    let alphanumeric = |byte: &u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
    let ends = [bytes.first(), bytes.last()];
    if !ends.into_iter().all(|end| end.is_some_and(alphanumeric)) {
        return false;
    }
    bytes.split(alphanumeric).all(|separator| {
        matches!(separator, b"" | b"." | b"_" | b"__") || separator.iter().all(|byte| *byte == b'-')
    })
}

impl FromStr for RepositoryName {
    type Err = RepositoryNameError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if text.is_empty() || text.len() > Self::LIMIT {
            return Err(RepositoryNameError::Length { found: text.len() });
        }
        match text.split('/').find(|component| !is_component(component)) {
            Some(component) => Err(RepositoryNameError::Component {
                component: component.to_owned(),
            }),
            None => Ok(Self(text.to_owned())),
        }
    }
}

impl fmt::Display for RepositoryName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_the_specification_parse() {
        for name in [
            "a",
            "library/alpine",
            "a.b/c_d/e__f/g---h",
            "blobs/manifests/tags/referrers",
            "0/1",
        ] {
            assert_eq!(
                name.parse::<RepositoryName>().map(|n| n.to_string()),
                Ok(name.to_owned())
            );
        }
    }

    #[test]
    fn what_could_leave_the_folder_does_not_parse() {
        for name in [
            "",
            "/a",
            "a/",
            "a//b",
            "..",
            "a/../b",
            "a/.b",
            "_layers",
            "a/_uploads",
            "A",
            "a..b",
            "a___b",
            "a._b",
        ] {
            assert!(name.parse::<RepositoryName>().is_err(), "{name}");
        }
        assert!("a".repeat(256).parse::<RepositoryName>().is_err());
    }
}
