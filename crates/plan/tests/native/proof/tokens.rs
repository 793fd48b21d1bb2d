use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair};
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use serde_json::{Value, json};

/// Who signs.
pub(crate) const ISSUER: &str = "the-tests";

/// A token service with a key of its own, thrown away after the tests.
pub(crate) struct Signer {
    key: EcdsaKeyPair,
    certificate: Vec<u8>,
    /// The certificate in PEM: the bundle of a registry that believes it.
    pub(crate) pem: String,
}

impl Signer {
    /// One with a new key.
    pub(crate) fn new() -> Self {
        let made = rcgen::generate_simple_self_signed(["auth.example.com".to_owned()]).unwrap();
        let key = made.signing_key.serialize_der();
        Self {
            key: EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &key).unwrap(),
            certificate: made.cert.der().to_vec(),
            pem: made.cert.pem(),
        }
    }

    /// A token that lets push to and pull from a repository.
    pub(crate) fn token(&self, service: &str, repository: &str) -> String {
        let header = json!({"typ": "JWT", "alg": "ES256", "x5c": [STANDARD.encode(&self.certificate)]});
        let claims = json!({
            "iss": ISSUER, "sub": "anna", "aud": service, "nbf": 0, "iat": 0, "exp": 4_102_444_800_u64, "jti": "1",
            "access": [{"type": "repository", "name": repository, "actions": ["pull", "push"]}],
        });
        let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
        let text = format!("{}.{}", part(&header), part(&claims));
        let signature = self.key.sign(&SystemRandom::new(), text.as_bytes()).unwrap();
        format!("{text}.{}", URL_SAFE_NO_PAD.encode(signature.as_ref()))
    }
}
