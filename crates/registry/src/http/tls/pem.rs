use std::borrow::Cow;
use std::fmt;
use std::io;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::SystemTime;

use rustls::pki_types::pem::{self, PemObject as _};
use rustls::pki_types::{CertificateDer, PrivateKeyDer};

/// PEM in a file, or PEM itself. Of the latter nothing is ever printed.
#[derive(Clone)]
pub enum PemSource {
    File(PathBuf),
    /// `name` says what it is in messages: where it was given.
    Text {
        name: &'static str,
        pem: Arc<[u8]>,
    },
}

/// Why PEM can't be used.
#[derive(Debug, thiserror::Error)]
pub enum PemError {
    #[error("reading {from} failed")]
    Read {
        from: PemSource,
        #[source]
        source: io::Error,
    },
    #[error("{from} holds no certificate in PEM form (`-----BEGIN CERTIFICATE-----`)")]
    NoCertificate { from: PemSource },
    #[error("{from} holds no unencrypted private key in PEM form (`-----BEGIN PRIVATE KEY-----`)")]
    NoKey { from: PemSource },
    #[error("{from} is not well-formed PEM")]
    Malformed {
        from: PemSource,
        #[source]
        source: pem::Error,
    },
}

/// What tells one state of a file from another.
pub(super) type Mark = (SystemTime, u64);

impl PemSource {
    pub(super) fn certificates(&self) -> Result<Vec<CertificateDer<'static>>, PemError> {
        let text = self.read()?;
        let chain: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(&text).collect();
        let chain = chain.map_err(|source| PemError::Malformed {
            from: self.clone(),
            source,
        })?;
        if chain.is_empty() {
            Err(PemError::NoCertificate { from: self.clone() })
        } else {
            Ok(chain)
        }
    }

    pub(super) fn private_key(&self) -> Result<PrivateKeyDer<'static>, PemError> {
        PrivateKeyDer::from_pem_slice(&self.read()?).map_err(|source| match source {
            pem::Error::NoItemsFound => PemError::NoKey { from: self.clone() },
            source => PemError::Malformed {
                from: self.clone(),
                source,
            },
        })
    }

    pub(super) fn mark(&self) -> Option<Mark> {
        let Self::File(path) = self else { return None };
        let metadata = std::fs::metadata(path).ok()?;
        Some((metadata.modified().ok()?, metadata.len()))
    }

    fn read(&self) -> Result<Cow<'_, [u8]>, PemError> {
        match self {
            Self::Text { pem, .. } => Ok(Cow::Borrowed(pem)),
            Self::File(path) => std::fs::read(path)
                .map(Cow::Owned)
                .map_err(|source| PemError::Read {
                    from: self.clone(),
                    source,
                }),
        }
    }
}

impl fmt::Display for PemSource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File(path) => path.display().fmt(f),
            Self::Text { name, .. } => f.write_str(name),
        }
    }
}

impl fmt::Debug for PemSource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}
