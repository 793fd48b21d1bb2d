//! Keys and certificates of an authority of one's own: made once, good for ten years.

use std::time::{Duration, SystemTime};

use anyhow::Context as _;
use rcgen::{
    BasicConstraints, CertificateParams, DistinguishedName, DnType, ExtendedKeyUsagePurpose, IsCa, Issuer,
    KeyPair, KeyUsagePurpose,
};
use zeroize::Zeroizing;

use super::Text;

/// How long a certificate is good, in days.
const DAYS: u64 = 3650;
/// How long before now it begins, for clocks that lag.
const EARLIER: Duration = Duration::from_secs(86_400);

/// Makes a key of the curve P-256: PKCS #8 in PEM.
pub(super) fn key() -> anyhow::Result<Text> {
    let key = KeyPair::generate().context("making a key")?;
    Ok(Zeroizing::new(key.serialize_pem()))
}

/// Makes the certificate of an authority.
pub(super) fn authority(name: &str, key: &str, now: SystemTime) -> anyhow::Result<Text> {
    let key = KeyPair::from_pem(key).context("reading the key of an authority")?;
    let made = of_authority(name, now)?
        .self_signed(&key)
        .context("signing the certificate of an authority")?;
    Ok(Zeroizing::new(made.pem()))
}

/// Makes a certificate that an authority signs.
pub(super) fn signed(
    hosts: &[String],
    key: &str,
    (authority, authority_key): (&str, &str),
    now: SystemTime,
) -> anyhow::Result<Text> {
    let key = KeyPair::from_pem(key).context("reading the key of a certificate")?;
    let authority_key = KeyPair::from_pem(authority_key).context("reading the key of an authority")?;
    let mut asked = CertificateParams::new(hosts.to_vec()).context("naming the hosts of a certificate")?;
    asked.distinguished_name = named(hosts.first().map_or("", String::as_str));
    asked.key_usages = vec![KeyUsagePurpose::DigitalSignature];
    // The components are each other's clients as well.
    asked.extended_key_usages = vec![
        ExtendedKeyUsagePurpose::ServerAuth,
        ExtendedKeyUsagePurpose::ClientAuth,
    ];
    asked.use_authority_key_identifier_extension = true;
    last(&mut asked, now);
    let issuer = Issuer::new(of_authority(authority, now)?, authority_key);
    let made = asked.signed_by(&key, &issuer).context("signing a certificate")?;
    Ok(Zeroizing::new(made.pem()))
}

fn of_authority(name: &str, now: SystemTime) -> anyhow::Result<CertificateParams> {
    let mut asked = CertificateParams::new(Vec::new()).context("naming an authority")?;
    asked.distinguished_name = named(name);
    asked.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
    asked.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    last(&mut asked, now);
    Ok(asked)
}

fn named(name: &str) -> DistinguishedName {
    let mut named = DistinguishedName::new();
    // A common name has 64 letters at most; hosts stand in the certificate itself.
    named.push(DnType::CommonName, name.chars().take(64).collect::<String>());
    named
}

fn last(asked: &mut CertificateParams, now: SystemTime) {
    let begin = now - EARLIER;
    asked.not_before = begin.into();
    asked.not_after = (begin + Duration::from_secs(DAYS * 86_400)).into();
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_certificate_is_its_authority_s_and_ends_in_ten_years() {
        let now = SystemTime::UNIX_EPOCH + Duration::from_secs(1_800_000_000);
        let (root_key, own_key) = (key().unwrap(), key().unwrap());
        let root = authority("hub authority", &root_key, now).unwrap();
        let hosts = ["hub-core".to_owned(), "127.0.0.1".to_owned()];
        let own = signed(&hosts, &own_key, ("hub authority", &root_key), now).unwrap();
        for pem in [&root, &own] {
            let end = berth_plan::render::end_of(pem).unwrap();
            assert_eq!(end, 1_800_000_000 + 3649 * 86_400);
        }
        let folder = tempfile::tempdir().unwrap();
        let file = |name: &str, text: &str| {
            let path = folder.path().join(name);
            std::fs::write(&path, text).unwrap();
            path
        };
        let (root, own) = (file("root", &root), file("own", &own));
        let Some(openssl) = berth_drive::needed("openssl") else {
            return;
        };
        let verified = |arguments: &[&str]| {
            let mut command = std::process::Command::new(&openssl);
            command
                .args(["verify", "-attime", "1900000000", "-CAfile"])
                .arg(&root);
            command
                .args(arguments)
                .arg(&own)
                .output()
                .unwrap()
                .status
                .success()
        };
        assert!(verified(&[
            "-purpose",
            "sslserver",
            "-verify_hostname",
            "hub-core"
        ]));
        assert!(verified(&["-purpose", "sslclient", "-verify_ip", "127.0.0.1"]));
        assert!(!verified(&["-verify_hostname", "other"]));
    }
}
