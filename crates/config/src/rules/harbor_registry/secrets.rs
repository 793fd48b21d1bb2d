//! Harbor's secrets: their lengths and forms.

use berth_finding::{Level, Rule};

use crate::rules::Out;
use crate::sections::HarborRegistry;
use crate::value::SecretValue;

pub(super) const HB_039: Rule = Rule::error(
    "HB-039",
    "the admin password is Harbor's well-known one, or Harbor wouldn't take it",
    "\
Harbor asks for 8 to 128 characters with an upper-case letter, a lower-case letter and a digit. `Harbor12345` is the first
that anybody tries. The value is read at the first start only; later it is changed through the API.

    adminPassword: {secretKeyRef: {name: harbor-admin, key: HARBOR_ADMIN_PASSWORD}}
",
);

pub(super) const HB_040: Rule = Rule::error(
    "HB-040",
    "secretKey has not 16 characters",
    "\
secretKey is used as an AES key as it stands, to encrypt the passwords of registries, LDAP and OIDC in the database. It has 16
characters, and must never change: with another one all stored passwords are lost. Left out, it is made once and kept.

    secretKey: {secretKeyRef: {name: harbor-secret-key, key: secretKey}}
",
);

pub(super) const HB_041: Rule = Rule::error(
    "HB-041",
    "a secret between Harbor's components has the wrong length",
    "\
`core.xsrfKey` has 32 characters. With another length core makes one of its own at each start, logs the wrong one, and forms
sent to another replica fail. `core.secret` and `components.jobservice.secret` have 16. Left out, they are made once and
kept.

    core: {xsrfKey: {secretKeyRef: {name: harbor-core, key: CSRF_KEY}}}
",
);

// No message tells a secret or its length.
pub(super) fn check(harbor: &HarborRegistry, out: &mut Out<'_, '_>) {
    if let Some(password) = plain(harbor.admin_password.as_ref()) {
        hb_039_password(password, out);
    }
    let length = |secret: Option<&str>, right: usize| secret.is_some_and(|text| text.len() != right);
    if length(plain(harbor.secret_key.as_ref()), 16) {
        out.at("secretKey", HB_040, "secretKey has not 16 characters")
            .help("leave it out, and one is made and kept");
    }
    let jobservice = harbor
        .components
        .as_ref()
        .and_then(|it| it.jobservice.as_ref()?.secret.as_ref());
    for (path, secret, right) in [
        ("core.xsrfKey", harbor.core.xsrf_key.as_ref(), 32),
        ("core.secret", harbor.core.secret.as_ref(), 16),
        ("components.jobservice.secret", jobservice, 16),
    ] {
        if length(plain(secret), right) {
            out.at(path, HB_041, format!("the secret has not {right} characters"))
                .help("leave it out, and one is made and kept");
        }
    }
}

/// A secret that stands in the document; where it stands elsewhere, its length is seen later.
fn plain(secret: Option<&SecretValue>) -> Option<&str> {
    secret.and_then(SecretValue::reveal)
}

fn hb_039_password(password: &str, out: &mut Out<'_, '_>) {
    let help = "8 to 128 characters with upper case, lower case and a digit; left out, one is made and kept";
    let has = |class: fn(&char) -> bool| password.chars().any(|letter| class(&letter));
    let mixed = has(char::is_ascii_uppercase) && has(char::is_ascii_lowercase) && has(char::is_ascii_digit);
    if password == "Harbor12345" {
        out.at(
            "adminPassword",
            HB_039,
            "the password of admin is the one that everybody knows",
        )
        .level_in(Level::Warning, Level::Error)
        .help(help);
    } else if !mixed || !(8..=128).contains(&password.chars().count()) {
        out.at(
            "adminPassword",
            HB_039,
            "Harbor doesn't take the password of admin",
        )
        .help(help);
    }
}

#[cfg(test)]
mod tests {
    use berth_finding::Level;

    use crate::rules::harbor_registry::trial::{fires, level_of, silent};

    #[test]
    fn hb_039_fires_on_a_known_or_refused_password_and_not_otherwise() {
        fires(
            "HB-039",
            &[
                "adminPassword: Harbor12345",
                "adminPassword: short1A",
                "adminPassword: alllowercase1",
            ],
        );
        silent(
            "HB-039",
            &["adminPassword: Correct8Horse", "adminPassword: {env: P}", "{}"],
        );
        assert_eq!(
            level_of("HB-039", "adminPassword: Harbor12345"),
            Some(Level::Warning)
        );
        assert_eq!(level_of("HB-039", "adminPassword: short1A"), Some(Level::Error));
    }

    #[test]
    fn hb_040_fires_on_a_key_of_another_length_and_not_otherwise() {
        fires("HB-040", &["secretKey: short"]);
        silent(
            "HB-040",
            &["secretKey: '0123456789abcdef'", "secretKey: {file: key}", "{}"],
        );
    }

    #[test]
    fn hb_041_fires_on_a_secret_of_another_length_and_not_otherwise() {
        fires(
            "HB-041",
            &[
                "core: {xsrfKey: '0123456789abcdef'}",
                "core: {secret: short}",
                "components: {jobservice: {secret: short}}",
            ],
        );
        silent(
            "HB-041",
            &[
                "core: {xsrfKey: '0123456789abcdef0123456789abcdef', secret: '0123456789abcdef'}",
                "core: {xsrfKey: {env: X}}",
                "{}",
            ],
        );
    }
}
