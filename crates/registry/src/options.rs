use std::time::Duration;

use crate::http::extra_headers::ExtraHeaders;

/// What a registry does beyond serving its store.
#[derive(Clone, Debug)]
pub struct RegistryOptions {
    /// Whether manifests, tags and blobs can be deleted; otherwise such requests answer 405.
    pub delete_enabled: bool,
    /// What a login dialog names the place (RFC 7617). Quotes and control characters are dropped.
    pub realm: String,
    /// Lines that the health answer repeats, such as what is knowingly not enforced.
    pub notes: Vec<String>,
    /// Headers on every answer.
    pub headers: ExtraHeaders,
    /// How long an upload may send nothing before it is cut off (what came of a streamed upload stays).
    pub body_idle: Duration,
}

impl Default for RegistryOptions {
    fn default() -> Self {
        Self {
            delete_enabled: true,
            realm: "Berth".to_owned(),
            notes: Vec::new(),
            headers: ExtraHeaders::default(),
            body_idle: Duration::from_secs(60),
        }
    }
}
