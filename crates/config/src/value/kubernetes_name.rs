use crate::value::{Parse, Refused};

/// A name as Kubernetes gives to namespaces and services: an RFC 1123 label, at most 63 characters.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct KubernetesLabel(String);

/// A name as Kubernetes gives to secrets and most objects: an RFC 1123 subdomain, at most 253
/// characters.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct KubernetesSubdomain(String);

impl KubernetesLabel {
    /// The name.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl KubernetesSubdomain {
    /// The name.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Parse for KubernetesLabel {
    const WHAT: &'static str = "a name of small letters, digits and dashes";
    const CODE: &'static str = "K-001";
    const EXAMPLES: &'static [&'static str] = &["team-a", "team-b"];
    const EMPTY: bool = true;

    fn parse(text: &str) -> Result<Self, Refused> {
        if is_label(text) {
            Ok(Self(text.to_owned()))
        } else {
            Err(refused(text, false))
        }
    }
}

impl Parse for KubernetesSubdomain {
    const WHAT: &'static str = "a name of small letters, digits, dashes and dots";
    const CODE: &'static str = "K-001";
    const EXAMPLES: &'static [&'static str] = &["team-a", "team-b"];
    const EMPTY: bool = true;

    fn parse(text: &str) -> Result<Self, Refused> {
        if text.len() <= 253 && text.split('.').all(is_label) {
            Ok(Self(text.to_owned()))
        } else {
            Err(refused(text, true))
        }
    }
}

fn is_label(text: &str) -> bool {
    let inner = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
    let bytes = text.as_bytes();
    bytes.len() <= 63
        && bytes.first().is_some_and(|byte| inner(*byte))
        && bytes.last().is_some_and(|byte| inner(*byte))
        && bytes.iter().all(|byte| inner(*byte) || *byte == b'-')
}

fn refused(text: &str, dots: bool) -> Refused {
    let refused = Refused::new(format!("`{text}` is not a name Kubernetes takes"));
    let near: String = text
        .to_ascii_lowercase()
        .chars()
        .map(|c| {
            if c.is_ascii_alphanumeric() || (dots && c == '.') {
                c
            } else {
                '-'
            }
        })
        .collect();
    let near: String = near.trim_matches(['-', '.']).chars().take(63).collect();
    let near = near.trim_end_matches('-');
    if is_label(near) || (dots && near.split('.').all(is_label)) {
        refused.help(format!("did you mean `{near}`?"))
    } else {
        refused.help("small letters, digits and dashes, at most 63 of them")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_near_miss_gets_a_right_name() {
        let refused = KubernetesLabel::parse("My_Registry").unwrap_err();
        assert_eq!(refused.help.unwrap(), "did you mean `my-registry`?");
        assert!(KubernetesLabel::parse(&"a".repeat(64)).is_err());
        assert!(KubernetesLabel::parse("a.b").is_err());
        assert!(KubernetesSubdomain::parse("a.b").is_ok());
        for wrong in ["-a", "a-", "", "a..b", "ä"] {
            assert!(KubernetesSubdomain::parse(wrong).is_err(), "{wrong}");
        }
    }
}
