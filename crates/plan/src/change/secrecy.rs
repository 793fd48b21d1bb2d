use berth_config::document::may_hold_secret;
use serde_json::Value as Json;

use super::labels::kind;
use super::path::Path;

/// What a plan may show of an object's values.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Secrecy {
    is_secret: bool,
    is_foreign: bool,
}

/// Words in the name of a setting whose value is likely to be secret.
const WORDS: [&str; 9] = [
    "password",
    "passwd",
    "secret",
    "token",
    "apikey",
    "api_key",
    "credential",
    "private",
    "htpasswd",
];

impl Secrecy {
    /// Of one of Berth's own objects: Secrets are never shown.
    pub(super) fn of(object: &Json) -> Self {
        Self {
            is_secret: kind(object) == "Secret",
            is_foreign: false,
        }
    }

    /// Of an object that somebody else made: what stands in it was never promised to be free of secrets.
    pub(super) fn foreign(self) -> Self {
        Self {
            is_foreign: true,
            ..self
        }
    }

    /// Whether nothing of a value may be shown.
    pub(super) fn hides(self, path: &Path) -> bool {
        let names = path.names();
        match names.as_slice() {
            ["data" | "stringData", ..] if self.is_secret => true,
            [.., "annotations", name] if name.contains("checksum") => true,
            [.., "env", name, "value"] => is_secret_word(name),
            _ => false,
        }
    }

    /// Whether what was there before may not be shown, though what comes may.
    pub(super) const fn hides_before(self) -> bool {
        self.is_foreign
    }
}

/// A line or a value without what it may hold of a secret.
pub(super) fn masked(text: &str) -> String {
    if may_hold_secret(text) {
        return "[hidden]".to_owned();
    }
    match text.find([':', '=']) {
        Some(at) if is_secret_word(&text[..at]) && has_value(&text[at + 1..]) => {
            format!("{} [hidden]", &text[..=at])
        }
        _ => text.to_owned(),
    }
}

fn has_value(text: &str) -> bool {
    let text = text.trim().trim_matches(['"', '\'', '|', '>', '{', '[', ',']);
    !text.is_empty() && text != "true" && text != "false" && text.parse::<i64>().is_err()
}

fn is_secret_word(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    WORDS.iter().any(|word| name.contains(word))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn path(names: &[&str]) -> Path {
        names.iter().fold(Path::default(), |path, name| path.field(name))
    }

    #[test]
    fn the_values_of_a_secret_and_digests_are_hidden_and_nothing_else() {
        let secret = Secrecy::of(&json!({"kind": "Secret"}));
        assert!(secret.hides(&path(&["data", "key"])));
        assert!(!secret.hides(&path(&["metadata", "labels", "a"])));
        let map = Secrecy::of(&json!({"kind": "ConfigMap"}));
        assert!(!map.hides(&path(&["data", "key"])));
        assert!(map.hides(&path(&["spec", "annotations", "berth.dev/checksum-secrets"])));
        assert!(map.hides(&path(&["spec", "env", "DB_PASSWORD", "value"])));
        assert!(!map.hides(&path(&["spec", "env", "LOG_LEVEL", "value"])));
    }

    #[test]
    fn a_line_that_gives_a_password_is_masked() {
        assert_eq!(masked("  password: hunter2"), "  password: [hidden]");
        assert_eq!(masked("url: https://u:hunter2@host"), "[hidden]");
        for plain in [
            "  level: debug",
            "  token:",
            "realm: https://auth/token",
            "password: true",
        ] {
            assert_eq!(masked(plain), plain);
        }
    }
}
