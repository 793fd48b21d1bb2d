//! When certificates end. Those that are made once are good for years, and nothing renews them by itself: whoever knows
//! the time asks here which ones to make anew.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use berth_finding::{Finding, Level};

use super::{MadeOnce, Recipe, SecretSource, codes};

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
    let body = pem.split("-----BEGIN CERTIFICATE-----").nth(1)?;
    let body = body.split("-----END").next()?;
    let text: String = body.split_whitespace().collect();
    let der = STANDARD.decode(text).ok()?;
    let (certificate, _) = element(&der)?;
    let (mut rest, _) = element(certificate.1)?;
    // Version, serial number, algorithm and issuer stand before the times.
    if rest.1.first() == Some(&0xa0) {
        rest.1 = element(rest.1)?.1;
    }
    for _ in 0..3 {
        rest.1 = element(rest.1)?.1;
    }
    let (validity, _) = element(rest.1)?;
    let (_, after) = element(validity.1)?;
    let (end, _) = element(after)?;
    seconds(end.0, std::str::from_utf8(end.1).ok()?)
}

/// An element of DER: its tag and its content.
type Element<'a> = (u8, &'a [u8]);

/// The first element of DER, and what follows.
fn element(der: &[u8]) -> Option<(Element<'_>, &[u8])> {
    let (&tag, rest) = der.split_first()?;
    let (&first, mut rest) = rest.split_first()?;
    let mut length = usize::from(first);
    if first & 0x80 != 0 {
        let bytes = rest.get(..usize::from(first & 0x7f))?;
        rest = rest.get(bytes.len()..)?;
        length = bytes.iter().try_fold(0_usize, |sum, byte| {
            sum.checked_mul(256)?.checked_add(usize::from(*byte))
        })?;
    }
    Some(((tag, rest.get(..length)?), rest.get(length..)?))
}

/// `YYMMDDHHMMSSZ` or, by its tag, `YYYYMMDDHHMMSSZ`.
fn seconds(tag: u8, text: &str) -> Option<i64> {
    const LONG: u8 = 0x18;
    let digits = text.strip_suffix('Z')?;
    let whole = if tag == LONG {
        digits.to_owned()
    } else {
        let century = if digits < "50" { "20" } else { "19" };
        format!("{century}{digits}")
    };
    let part = |from: usize, to: usize| whole.get(from..to)?.parse::<i64>().ok();
    let (year, month, day) = (part(0, 4)?, part(4, 6)?, part(6, 8)?);
    let (hour, minute, second) = (part(8, 10)?, part(10, 12)?, part(12, 14)?);
    Some(days_from_1970(year, month, day) * DAY + hour * 3600 + minute * 60 + second)
}

/// The days of the Gregorian calendar, counted in years that begin in March.
fn days_from_1970(year: i64, month: i64, day: i64) -> i64 {
    let year = if month > 2 { year } else { year - 1 };
    let (era, of_era) = (year.div_euclid(400), year.rem_euclid(400));
    let of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468
}

#[cfg(test)]
mod tests {
    use berth_config::value::SecretValue;

    use super::*;
    use crate::object::SecretText;
    use crate::render::SecretUnavailable;

    #[test]
    fn a_time_is_read_in_both_forms() {
        assert_eq!(seconds(0x17, "700101000000Z"), Some(0));
        assert_eq!(seconds(0x17, "261125010203Z"), Some(1_795_568_523));
        assert_eq!(seconds(0x18, "20500301000000Z"), Some(2_529_705_600));
        assert_eq!(seconds(0x17, "nothing"), None);
    }

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
