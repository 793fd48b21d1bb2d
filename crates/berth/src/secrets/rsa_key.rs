use anyhow::Context as _;
use aws_lc_rs::encoding::AsDer as _;
use aws_lc_rs::rsa::{KeyPair, KeySize};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use zeroize::Zeroizing;

use super::Text;

const SEQUENCE: u8 = 0x30;
const INTEGER: u8 = 0x02;
const OCTETS: u8 = 0x04;

/// Makes an RSA key of 2048 bits: PKCS #1 in PEM (RFC 8017, appendix A.1.2). Harbor's core signs tokens with one in PKCS #8 too, but
/// names no key in them then, and refuses.
pub(super) fn make() -> anyhow::Result<Text> {
    let key = KeyPair::generate(KeySize::Rsa2048).context("making an RSA key")?;
    let der = key.as_der().context("writing an RSA key")?;
    let der = without_wrapping(der.as_ref()).context("unwrapping an RSA key")?;
    let text = Zeroizing::new(STANDARD.encode(der));
    let mut pem = Zeroizing::new(String::from("-----BEGIN RSA PRIVATE KEY-----\n"));
    let mut rest = text.as_str();
    while !rest.is_empty() {
        let (line, more) = rest.split_at(rest.len().min(64));
        pem.push_str(line);
        pem.push('\n');
        rest = more;
    }
    pem.push_str("-----END RSA PRIVATE KEY-----\n");
    Ok(pem)
}

/// The key inside a `PrivateKeyInfo` (RFC 5208, section 5): what follows its version and its algorithm.
fn without_wrapping(der: &[u8]) -> Option<&[u8]> {
    let (whole, _) = element(SEQUENCE, der)?;
    let (_version, rest) = element(INTEGER, whole)?;
    let (_algorithm, rest) = element(SEQUENCE, rest)?;
    let (key, _) = element(OCTETS, rest)?;
    Some(key)
}

/// What an element of DER with this tag holds, and what follows it.
fn element(tag: u8, der: &[u8]) -> Option<(&[u8], &[u8])> {
    let (&found, rest) = der.split_first()?;
    let (&first, rest) = rest.split_first()?;
    let (length, rest) = if first < 0x80 {
        (usize::from(first), rest)
    } else {
        let (bytes, rest) = rest.split_at_checked(usize::from(first & 0x7f))?;
        let add = |length: usize, byte: &u8| length.checked_mul(256)?.checked_add(usize::from(*byte));
        (bytes.iter().try_fold(0, add)?, rest)
    };
    (found == tag).then(|| rest.split_at_checked(length))?
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_key_is_rsa_of_2048_bits_in_pem() {
        let pem = make().unwrap();
        let lines: Vec<&str> = pem.lines().collect();
        assert!(lines.iter().all(|line| line.len() <= 64));
        assert_eq!(lines[0], "-----BEGIN RSA PRIVATE KEY-----");
        let der = STANDARD.decode(lines[1..lines.len() - 1].concat()).unwrap();
        let key = KeyPair::from_der(&der).unwrap();
        assert_eq!(key.public_modulus_len(), 256);
    }

    #[test]
    fn what_is_cut_off_is_no_element() {
        assert_eq!(element(OCTETS, &[OCTETS, 2, 7]), None);
        assert_eq!(element(OCTETS, &[OCTETS, 0x82, 1]), None);
        assert_eq!(element(OCTETS, &[INTEGER, 1, 7]), None);
        assert_eq!(
            element(OCTETS, &[OCTETS, 0x81, 1, 7, 9]),
            Some((&[7][..], &[9][..]))
        );
    }
}
