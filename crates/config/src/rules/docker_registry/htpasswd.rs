//! The users of the scheme basic.

use berth_finding::{Level, Rule};

use super::{Place, facts};
use crate::rules::Out;
use crate::sections::DockerRegistry;
use crate::value::AuthScheme;

pub(super) const DR_039: Rule = Rule::error(
    "DR-039",
    "the htpasswd entries can't be used",
    "\
Docker's registry takes bcrypt hashes alone (`htpasswd -B`), one user:hash a line; other hashes never match, and an
empty file lets nobody in. Without any source, a password for `admin` is made once: a warning.

    auth:
      scheme: basic
      htpasswd:
        users: {anna: {env: ANNA_BCRYPT}}
",
);

const DR_039_MADE_ONCE: Rule = Rule {
    level: Level::Warning,
    prod_level: Level::Warning,
    ..DR_039
};

/// The length of a bcrypt hash in its usual form.
const BCRYPT_LENGTH: usize = 60;

pub(super) fn check(registry: &DockerRegistry, _: &Place<'_>, out: &mut Out<'_, '_>) {
    if !registry.auth.enabled || facts::scheme(registry) != Some(AuthScheme::Basic) {
        return;
    }
    let htpasswd = registry.auth.htpasswd.clone().unwrap_or_default();
    if htpasswd.users.is_empty() && htpasswd.path.as_deref().unwrap_or_default().is_empty() {
        out.at(
            "auth.htpasswd",
            DR_039_MADE_ONCE,
            "there are no users; a password for admin is made once",
        )
        .help("name users in `auth.htpasswd.users`, or a file in `auth.htpasswd.path`");
    }
    for (user, hash) in &htpasswd.users {
        let path = format!("auth.htpasswd.users.{user}");
        if user.is_empty() || user.contains(':') {
            out.at(&path, DR_039, "a user's name is empty or has a colon")
                .help("take the colon out");
        }
        if hash.is_empty() {
            out.at(&path, DR_039, "the user has no hash")
                .help("make one with `htpasswd -nB NAME`");
        } else if hash.reveal().is_some_and(|hash| !is_bcrypt(hash)) {
            out.at(&path, DR_039, "the user's hash is not bcrypt's")
                .help("make one with `htpasswd -nB NAME`");
        }
    }
}

fn is_bcrypt(hash: &str) -> bool {
    let kind = ["$2a$", "$2b$", "$2y$"].iter().any(|kind| hash.starts_with(kind));
    kind && hash.len() == BCRYPT_LENGTH && hash.is_ascii()
}

#[cfg(test)]
mod tests {
    use crate::rules::cases::{fires, level_of, registry};

    const BCRYPT: &str = "$2y$05$abcdefghijklmnopqrstuuABCDEFGHIJKLMNOPQRSTUVWXYZ01234";

    fn users(users: &str) -> String {
        registry(&format!(
            "auth: {{scheme: basic, htpasswd: {{users: {{{users}}}}}}}"
        ))
    }

    #[test]
    fn dr_039_fires_on_hashes_that_never_match_and_not_on_bcrypt() {
        assert_eq!(
            level_of("DR-039", &users("anna: '{SHA}W6ph5Mm5Pz8GgiULbPgzG37mj9g='")),
            ["error", "error"]
        );
        assert!(fires("DR-039", &users("anna: ''")));
        assert!(fires("DR-039", &users("'a:b': {env: ANNA}")));
        assert!(!fires("DR-039", &users(&format!("anna: '{BCRYPT}'"))));
        assert!(!fires("DR-039", &users("anna: {env: ANNA}")));
    }

    #[test]
    fn dr_039_warns_when_there_are_no_users() {
        assert_eq!(
            level_of("DR-039", &registry("auth: {scheme: basic}")),
            ["warning", "warning"]
        );
        assert!(!fires(
            "DR-039",
            &registry("auth: {scheme: basic, htpasswd: {path: ./htpasswd}}")
        ));
        assert!(!fires("DR-039", &registry("{}")));
    }
}
