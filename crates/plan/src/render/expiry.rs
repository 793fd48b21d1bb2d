//! When certificates end. Those that are made once are good for years, and nothing renews them by itself: whoever knows
//! the time asks here which ones to make anew.

use berth_finding::{Finding, Level};

use super::{MadeOnce, Recipe, SecretSource, codes};
use crate::certificate::ends;

/// How long before its end a certificate is told of, in seconds: 90 days.
const NOTICE_SECONDS: i64 = 90 * DAY;
const DAY: i64 = 86_400;

/// Tells of the certificates among what is made once that end soon, or have ended. `now` is in seconds since 1970.
pub fn expiring(made: &[MadeOnce], secrets: &dyn SecretSource, now: i64) -> Vec<Finding> {
    let mut findings = Vec::new();
    for secret in made {
        let certificates = secret
            .recipes
            .iter()
            .filter(|(_, recipe)| matches!(recipe, Recipe::Authority { .. } | Recipe::Certificate { .. }));
        for (key, _) in certificates {
            let value = secrets.made_once(&secret.namespace, &secret.name, key);
            let Some(end) = value.and_then(|value| end_of(value.reveal())) else {
                continue;
            };
            if end - now < NOTICE_SECONDS {
                findings.push(finding(secret, key, (end - now).div_euclid(DAY)));
            }
        }
    }
    findings
}

fn finding(secret: &MadeOnce, key: &str, days: i64) -> Finding {
    let name = &secret.name;
    let message = if days < 0 {
        format!("the certificate `{key}` in the Secret `{name}` has ended")
    } else {
        format!("the certificate `{key}` in the Secret `{name}` ends in {days} days")
    };
    let mut finding = Finding::new(codes::RN_011.code, Level::Warning, message);
    let help = "take it out of the Secret, or of the file of `--secrets`: the next run makes it anew; then restart the pods";
    finding.help = Some(help.to_owned());
    finding
}

/// When a certificate in PEM ends, in seconds since 1970; `None` where it is none.
pub fn end_of(pem: &str) -> Option<i64> {
    ends(pem.as_bytes()).first().copied()
}

#[cfg(test)]
mod tests {
    use berth_config::value::SecretValue;

    use super::*;
    use crate::object::SecretText;
    use crate::render::SecretUnavailable;

    /// One that ends at [`END`].
    const CERTIFICATE: &str = "-----BEGIN CERTIFICATE-----
MIIBbjCCAROgAwIBAgIUGlklxoHOHtpjzOqF0DLHQhe/wVAwCgYIKoZIzj0EAwIw
DDEKMAgGA1UEAwwBYTAeFw0yNjExMjUwNDEzMzRaFw0zNjExMjIwNDEzMzRaMAwx
CjAIBgNVBAMMAWEwWTATBgcqhkjOPQIBBggqhkjOPQMBBwNCAARKgusjW9FmmSvB
6fmPve6p4pVlUuRiEOZyR/akfSaHBeJDyn6DFNCrdR1tjRA4SdajwQCFhU+/DkRH
WYG3muKlo1MwUTAdBgNVHQ4EFgQUffbM/Lvvb+v9r3Jtn7+MBNBwgr4wHwYDVR0j
BBgwFoAUffbM/Lvvb+v9r3Jtn7+MBNBwgr4wDwYDVR0TAQH/BAUwAwEB/zAKBggq
hkjOPQQDAgNJADBGAiEAqk4sEyh/Gk/RYzwtTeF7LXaaaWjCIth0ABiz8HtulnkC
IQDuVasl4uisHqv8Oh9jqAC3g/x5rBGHF2aMlkwIknFHTw==
-----END CERTIFICATE-----
";
    const END: i64 = 2_110_940_014;

    struct Known;

    impl SecretSource for Known {
        fn resolve(&self, _: &SecretValue) -> Result<SecretText, SecretUnavailable> {
            Err(SecretUnavailable("none is given".to_owned()))
        }

        fn made_once(&self, _: &str, _: &str, _: &str) -> Option<SecretText> {
            Some(CERTIFICATE.into())
        }
    }

    #[test]
    fn a_certificate_is_told_of_from_ninety_days_before_its_end() {
        let recipe = Recipe::Authority {
            name: "hub authority".to_owned(),
            key: "authority.key",
        };
        let made = [MadeOnce {
            namespace: "n".to_owned(),
            name: "hub-made-once".to_owned(),
            recipes: [("authority.crt".to_owned(), recipe)].into(),
        }];
        let told = |now: i64| -> Vec<String> {
            let findings = expiring(&made, &Known, now).into_iter();
            findings.map(|finding| finding.message).collect()
        };
        assert_eq!(end_of(CERTIFICATE), Some(END));
        assert!(told(END - 91 * DAY).is_empty());
        let of = "the certificate `authority.crt` in the Secret `hub-made-once`";
        assert_eq!(told(END - 89 * DAY), [format!("{of} ends in 89 days")]);
        assert_eq!(told(END + DAY), [format!("{of} has ended")]);
    }

    #[test]
    fn what_is_no_certificate_has_no_end() {
        for text in [
            "",
            "-----BEGIN CERTIFICATE-----\n",
            "-----BEGIN CERTIFICATE-----\nMAA=\n-----END CERTIFICATE-----\n",
        ] {
            assert_eq!(end_of(text), None, "{text}");
        }
    }
}
