//! The `Authorization: Basic` header (RFC 7617).

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

/// A user and a password as they came. Not printable.
pub(super) struct Given {
    pub(super) user: String,
    pub(super) password: String,
}

/// `None` for another scheme and for what can't be read.
pub(super) fn parse(header: &str) -> Option<Given> {
    let (scheme, encoded) = header.split_once(' ')?;
    if !scheme.eq_ignore_ascii_case("basic") {
        return None;
    }
    let decoded = String::from_utf8(STANDARD.decode(encoded.trim()).ok()?).ok()?;
    let (user, password) = decoded.split_once(':')?;
    Some(Given {
        user: user.to_owned(),
        password: password.to_owned(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn header(scheme: &str, text: &str) -> String {
        format!("{scheme} {}", STANDARD.encode(text))
    }

    #[test]
    fn a_password_may_hold_colons() {
        let given = parse(&header("bAsIc", "bob:a:b:")).unwrap();
        assert_eq!((&*given.user, &*given.password), ("bob", "a:b:"));
    }

    #[test]
    fn what_is_no_basic_header_is_nothing() {
        for text in ["", "Basic", "Basic !", "Bearer eA==", &header("Basic", "nocolon")] {
            assert!(parse(text).is_none(), "{text}");
        }
    }
}
