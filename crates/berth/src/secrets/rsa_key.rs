use anyhow::Context as _;
use aws_lc_rs::encoding::AsDer as _;
use aws_lc_rs::rsa::{KeyPair, KeySize};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use zeroize::Zeroizing;

use super::Text;

/// Makes an RSA key of 2048 bits: PKCS #8 in PEM (RFC 7468).
pub(super) fn make() -> anyhow::Result<Text> {
    let key = KeyPair::generate(KeySize::Rsa2048).context("making an RSA key")?;
    let der = key.as_der().context("writing an RSA key")?;
    let text = Zeroizing::new(STANDARD.encode(der.as_ref()));
    let mut pem = Zeroizing::new(String::from("-----BEGIN PRIVATE KEY-----\n"));
    let mut rest = text.as_str();
    while !rest.is_empty() {
        let (line, more) = rest.split_at(rest.len().min(64));
        pem.push_str(line);
        pem.push('\n');
        rest = more;
    }
    pem.push_str("-----END PRIVATE KEY-----\n");
    Ok(pem)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_key_is_rsa_of_2048_bits_in_pem() {
        let pem = make().unwrap();
        let lines: Vec<&str> = pem.lines().collect();
        assert!(lines.iter().all(|line| line.len() <= 64));
        assert_eq!(lines[0], "-----BEGIN PRIVATE KEY-----");
        let der = STANDARD.decode(lines[1..lines.len() - 1].concat()).unwrap();
        let key = KeyPair::from_pkcs8(&der).unwrap();
        assert_eq!(key.public_modulus_len(), 256);
    }
}
