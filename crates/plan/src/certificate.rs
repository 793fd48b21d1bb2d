use x509_parser::pem::Pem;

/// When each certificate of a PEM text ends, in seconds since 1970; what is no certificate is passed over.
pub(crate) fn ends(pem: &[u8]) -> Vec<i64> {
    let pems = Pem::iter_from_buffer(pem).filter_map(Result::ok);
    let certificates = pems.filter(|pem| pem.label == "CERTIFICATE");
    let ends = certificates.filter_map(|pem| Some(pem.parse_x509().ok()?.validity().not_after.timestamp()));
    ends.collect()
}

#[cfg(test)]
mod tests {
    use x509_parser::prelude::FromDer as _;
    use x509_parser::time::ASN1Time;

    use super::*;

    /// A time of a certificate, by the tag of its form.
    fn seconds(tag: u8, text: &str) -> Option<i64> {
        let mut der = vec![tag, u8::try_from(text.len()).ok()?];
        der.extend_from_slice(text.as_bytes());
        let (_, time) = ASN1Time::from_der(&der).ok()?;
        Some(time.timestamp())
    }

    #[test]
    fn a_time_is_read_in_both_forms() {
        assert_eq!(seconds(0x17, "700101000000Z"), Some(0));
        assert_eq!(seconds(0x17, "261125010203Z"), Some(1_795_568_523));
        assert_eq!(seconds(0x18, "20500301000000Z"), Some(2_529_705_600));
        assert_eq!(seconds(0x17, "nothing"), None);
    }

    #[test]
    fn what_is_no_certificate_is_passed_over() {
        assert!(ends(b"-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n").is_empty());
        assert!(ends(b"user:password").is_empty());
    }
}
