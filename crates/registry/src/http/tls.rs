//! Certificate and key, and again when their files change.

mod pem;

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use rustls::crypto::CryptoProvider;
use rustls::crypto::aws_lc_rs::default_provider;
use rustls::server::danger::ClientCertVerifier;
use rustls::server::{ClientHello, ResolvesServerCert, WebPkiClientVerifier};
use rustls::sign::CertifiedKey;
use rustls::{RootCertStore, ServerConfig, SupportedProtocolVersion};
use tokio::time::Instant;

pub use pem::{Pem, PemError};

use pem::Mark;

/// What TLS is spoken with.
#[derive(Clone, Debug)]
pub struct TlsOptions {
    /// PEM: the server's certificate first, then those between it and the root.
    pub certificate: Pem,
    /// PEM: PKCS #8, PKCS #1 or SEC 1, not encrypted.
    pub key: Pem,
    /// The oldest version that is spoken.
    pub minimum: TlsVersion,
    /// PEM: the authorities whose clients are let in. With none, clients need no certificate.
    pub client_authorities: Vec<Pem>,
    /// Whether HTTP/2 is offered.
    pub http2: bool,
}

/// A version of TLS that is safe to speak.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum TlsVersion {
    #[default]
    V1_2,
    V1_3,
}

/// Certificate and key, in use. Changed files are taken up within [`TlsConfig::LOOK_EVERY`].
pub struct TlsConfig {
    options: TlsOptions,
    state: Mutex<State>,
}

struct State {
    current: Arc<ServerConfig>,
    seen: Vec<Option<Mark>>,
    looked: Instant,
}

/// Why TLS can't be spoken as it was asked for.
#[derive(Debug, thiserror::Error)]
pub enum TlsError {
    #[error(transparent)]
    Pem(#[from] PemError),
    #[error("{key} is of no kind that can be used for TLS: use an RSA, ECDSA or Ed25519 key")]
    BadKey {
        key: Pem,
        #[source]
        source: rustls::Error,
    },
    #[error("{certificate} can't be read")]
    BadCertificate {
        certificate: Pem,
        #[source]
        source: rustls::Error,
    },
    #[error("{key} does not belong to {certificate}: give the pair that was made together")]
    Mismatch { certificate: Pem, key: Pem },
    #[error("{authority} can't be used to check clients")]
    BadAuthority {
        authority: Pem,
        #[source]
        source: rustls::Error,
    },
    #[error("setting up the check of client certificates failed")]
    Verifier(#[source] rustls::server::VerifierBuilderError),
    #[error("setting up TLS failed")]
    Setup(#[source] rustls::Error),
}

impl TlsConfig {
    /// How often the files are looked at, when connections come in.
    pub const LOOK_EVERY: Duration = Duration::from_secs(10);

    /// Reads and checks everything.
    pub fn load(options: TlsOptions) -> Result<Self, TlsError> {
        let seen = marks(&options);
        let current = Arc::new(read(&options)?);
        let state = Mutex::new(State {
            current,
            seen,
            looked: Instant::now(),
        });
        Ok(Self { options, state })
    }

    /// What a new connection is served with. A change that can't be used is reported in the log, and the old
    /// certificate stays.
    pub(super) fn current(&self) -> Arc<ServerConfig> {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        if state.looked.elapsed() >= Self::LOOK_EVERY {
            state.looked = Instant::now();
            let found = marks(&self.options);
            if found != state.seen {
                state.seen = found;
                self.reload(&mut state);
            }
        }
        Arc::clone(&state.current)
    }

    fn reload(&self, state: &mut State) {
        match read(&self.options) {
            Ok(config) => {
                tracing::info!(certificate = %self.options.certificate, "read the certificate again");
                state.current = Arc::new(config);
            }
            Err(error) => {
                tracing::error!(
                    error = &error as &dyn std::error::Error,
                    "the old certificate stays in use"
                );
            }
        }
    }
}

/// One certificate for every name.
#[derive(Debug)]
struct OneCertificate(Arc<CertifiedKey>);

impl ResolvesServerCert for OneCertificate {
    fn resolve(&self, _: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        Some(Arc::clone(&self.0))
    }
}

fn read(options: &TlsOptions) -> Result<ServerConfig, TlsError> {
    let provider = Arc::new(default_provider());
    let certified = Arc::new(certified(options, &provider)?);
    let versions: &[&SupportedProtocolVersion] = match options.minimum {
        TlsVersion::V1_2 => &[&rustls::version::TLS13, &rustls::version::TLS12],
        TlsVersion::V1_3 => &[&rustls::version::TLS13],
    };
    let clients = client_verifier(options, &provider)?;
    let mut config = ServerConfig::builder_with_provider(provider)
        .with_protocol_versions(versions)
        .map_err(TlsError::Setup)?
        .with_client_cert_verifier(clients)
        .with_cert_resolver(Arc::new(OneCertificate(certified)));
    if options.http2 {
        config.alpn_protocols.push(b"h2".to_vec());
    }
    config.alpn_protocols.push(b"http/1.1".to_vec());
    Ok(config)
}

fn certified(options: &TlsOptions, provider: &CryptoProvider) -> Result<CertifiedKey, TlsError> {
    let TlsOptions { certificate, key, .. } = options;
    let chain = certificate.certificates()?;
    let signing = provider
        .key_provider
        .load_private_key(key.private_key()?)
        .map_err(|source| TlsError::BadKey {
            key: key.clone(),
            source,
        })?;
    let certified = CertifiedKey::new(chain, signing);
    match certified.keys_match() {
        Ok(()) | Err(rustls::Error::InconsistentKeys(rustls::InconsistentKeys::Unknown)) => Ok(certified),
        Err(rustls::Error::InconsistentKeys(_)) => Err(TlsError::Mismatch {
            certificate: certificate.clone(),
            key: key.clone(),
        }),
        Err(source) => Err(TlsError::BadCertificate {
            certificate: certificate.clone(),
            source,
        }),
    }
}

fn client_verifier(
    options: &TlsOptions,
    provider: &Arc<CryptoProvider>,
) -> Result<Arc<dyn ClientCertVerifier>, TlsError> {
    if options.client_authorities.is_empty() {
        return Ok(WebPkiClientVerifier::no_client_auth());
    }
    let mut roots = RootCertStore::empty();
    for authority in &options.client_authorities {
        for certificate in authority.certificates()? {
            roots.add(certificate).map_err(|source| TlsError::BadAuthority {
                authority: authority.clone(),
                source,
            })?;
        }
    }
    WebPkiClientVerifier::builder_with_provider(Arc::new(roots), Arc::clone(provider))
        .build()
        .map_err(TlsError::Verifier)
}

fn marks(options: &TlsOptions) -> Vec<Option<Mark>> {
    let pair = [&options.certificate, &options.key];
    pair.into_iter()
        .chain(&options.client_authorities)
        .map(Pem::mark)
        .collect()
}

impl std::fmt::Debug for TlsConfig {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("TlsConfig")
            .field("options", &self.options)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    /// Makes a pair whose files are as old as is said: two pairs of one size, written in one tick of the
    /// file system's clock, could not be told apart.
    fn write_pair(folder: &Path, age: u64) {
        let made = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
        for (name, text) in [
            ("crt", made.cert.pem()),
            ("key", made.signing_key.serialize_pem()),
        ] {
            std::fs::write(folder.join(name), text).unwrap();
            let file = std::fs::File::options()
                .write(true)
                .open(folder.join(name))
                .unwrap();
            file.set_modified(std::time::SystemTime::UNIX_EPOCH + Duration::from_secs(age))
                .unwrap();
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_renewed_certificate_is_taken_up_and_a_broken_one_is_not() {
        let folder = tempfile::tempdir().unwrap();
        write_pair(folder.path(), 1);
        let options = TlsOptions {
            certificate: Pem::File(folder.path().join("crt")),
            key: Pem::File(folder.path().join("key")),
            minimum: TlsVersion::V1_2,
            client_authorities: Vec::new(),
            http2: true,
        };
        let config = TlsConfig::load(options).unwrap();
        let first = config.current();
        write_pair(folder.path(), 2);
        assert!(
            Arc::ptr_eq(&first, &config.current()),
            "looked at before its time"
        );
        tokio::time::advance(TlsConfig::LOOK_EVERY).await;
        let second = config.current();
        assert!(!Arc::ptr_eq(&first, &second), "the renewed pair was not taken up");
        std::fs::write(folder.path().join("key"), "broken").unwrap();
        tokio::time::advance(TlsConfig::LOOK_EVERY).await;
        assert!(
            Arc::ptr_eq(&second, &config.current()),
            "the broken pair was taken up"
        );
    }
}
