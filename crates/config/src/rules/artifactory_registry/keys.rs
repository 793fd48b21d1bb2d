//! Keys, encryption and the first password.

use berth_finding::{Level, Rule};

use crate::rules::Out;
use crate::sections::ArtifactoryRegistry;
use crate::value::SecretValue;

pub(super) const AF_011: Rule = Rule::error(
    "AF-011",
    "the master or join key is not 32 or 64 hexadecimal digits, or is the documentation's example",
    "\
masterKey encrypts what Artifactory keeps secret, and joinKey lets nodes and other services in. Both are 32 or 64 hexadecimal
digits (`openssl rand -hex 32`). The ones in the documentation (all F, all E) are known to everybody. masterKey must never
change: Artifactory stops with `Master key checksum mismatch`. Left out, both are made once and kept.

    masterKey: {secretKeyRef: {name: artifactory-keys, key: master-key}}
    joinKey: {secretKeyRef: {name: artifactory-keys, key: join-key}}
",
);

pub(super) const AF_012: Rule = Rule::error(
    "AF-012",
    "encryption can't be turned off, and its algorithm follows from the length of the master key",
    "\
Artifactory always encrypts its secrets with the master key: AES-128 with 32 hexadecimal digits, AES-256 with 64. There are no
other algorithms, and no switch. Berth makes a key of the length that `algorithm` asks for.

    security: {encryption: {enabled: true, algorithm: AES256}}
",
);

pub(super) const AF_020: Rule = Rule::warning(
    "AF-020",
    "the administrator's password is Artifactory's well-known one",
    "\
`admin` with `password` is the first that anybody tries. The value given here is read at the first start only
(bootstrap.creds); later it is changed in Artifactory. Left out, one is made once and kept.

    adminPassword: {secretKeyRef: {name: artifactory-admin, key: password}}
",
)
.in_prod(Level::Error);

pub(super) fn check(artifactory: &ArtifactoryRegistry, out: &mut Out<'_, '_>) {
    for (path, key) in [
        ("masterKey", &artifactory.master_key),
        ("joinKey", &artifactory.join_key),
    ] {
        if let Some(key) = key.as_ref().and_then(SecretValue::reveal) {
            af_011_key(path, key, out);
        }
    }
    af_012_encryption(artifactory, out);
    if artifactory.admin_password.as_ref().and_then(SecretValue::reveal) == Some("password") {
        out.at(
            "adminPassword",
            AF_020,
            "the password of admin is the one that everybody knows",
        )
        .help("leave it out, and one is made and kept");
    }
}

fn af_011_key(path: &str, key: &str, out: &mut Out<'_, '_>) {
    let help = "leave it out, and one is made and kept; or use what `openssl rand -hex 32` prints";
    let mut digits = key.bytes();
    let first = digits.next();
    if ![32, 64].contains(&key.len()) || !key.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        out.at(path, AF_011, "the key is not 32 or 64 hexadecimal digits")
            .help(help);
    } else if digits.all(|digit| Some(digit) == first) {
        out.at(
            path,
            AF_011,
            "the key is one digit again and again, such as the documentation's example",
        )
        .help(help);
    }
}

fn af_012_encryption(artifactory: &ArtifactoryRegistry, out: &mut Out<'_, '_>) {
    let encryption = &artifactory.security.encryption;
    if !encryption.enabled {
        out.at(
            "security.encryption.enabled",
            AF_012,
            "Artifactory always encrypts; it can't be turned off",
        )
        .help("leave it out");
    }
    let digits = match encryption
        .algorithm
        .to_ascii_uppercase()
        .replace('-', "")
        .as_str()
    {
        "AES128" => 32,
        "AES256" => 64,
        _ => {
            out.at(
                "security.encryption.algorithm",
                AF_012,
                "the algorithm is none that Artifactory knows",
            )
            .help("AES128 or AES256");
            return;
        }
    };
    let key = artifactory.master_key.as_ref().and_then(SecretValue::reveal);
    if key.is_some_and(|key| [32, 64].contains(&key.len()) && key.len() != digits) {
        out.at(
            "security.encryption.algorithm",
            AF_012,
            format!("the algorithm needs a master key of {digits} digits"),
        )
        .help("make them agree; the length of the key decides");
    }
}

#[cfg(test)]
mod tests {
    use crate::rules::artifactory_registry::trial::{fires, silent};

    const KEY: &str = "0123456789abcdef0123456789abcdef";

    #[test]
    fn af_011_fires_on_a_key_that_is_none_and_not_otherwise() {
        fires(
            "AF-011",
            &[
                "masterKey: short",
                &format!("joinKey: '{}'", "F".repeat(32)),
                &format!("masterKey: '{}'", "g".repeat(64)),
            ],
        );
        silent(
            "AF-011",
            &[
                &format!("masterKey: '{KEY}{KEY}'"),
                &format!("joinKey: '{KEY}'"),
                "masterKey: {env: K}",
                "{}",
            ],
        );
    }

    #[test]
    fn af_012_fires_when_encryption_can_not_be_as_asked_and_not_otherwise() {
        fires(
            "AF-012",
            &[
                "security: {encryption: {enabled: false}}",
                "security: {encryption: {algorithm: DES}}",
                &format!("masterKey: '{KEY}'"),
            ],
        );
        silent(
            "AF-012",
            &[
                "{}",
                "security: {encryption: {algorithm: aes-256}}",
                &format!("{{masterKey: '{KEY}', security: {{encryption: {{algorithm: AES128}}}}}}"),
            ],
        );
    }

    #[test]
    fn af_020_fires_on_the_known_password_and_not_otherwise() {
        fires("AF-020", &["adminPassword: password"]);
        silent(
            "AF-020",
            &["adminPassword: Correct8Horse", "adminPassword: {env: P}", "{}"],
        );
    }
}
