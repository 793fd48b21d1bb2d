use std::borrow::Cow;
use std::fmt;
use std::io;
use std::path::PathBuf;
use std::time::SystemTime;

use rustls::pki_types::pem::{self, PemObject as _};
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use zeroize::Zeroizing;

/// Where PEM comes from. Of text nothing is ever printed.
#[derive(Clone)]
pub enum Pem {
    /// A file, followed when it changes.
    File(PathBuf),
    /// The text itself, which stays as it is.
    Text(Zeroizing<String>),
}

/// Why PEM can't be used.
#[derive(Debug, thiserror::Error)]
pub enum PemError {
    #[error("reading {from} failed")]
    Read {
        from: Pem,
        #[source]
        source: io::Error,
    },
    #[error("{from} holds no certificate in PEM form (`-----BEGIN CERTIFICATE-----`)")]
    NoCertificate { from: Pem },
    #[error("{from} holds no unencrypted private key in PEM form (`-----BEGIN PRIVATE KEY-----`)")]
    NoKey { from: Pem },
    #[error("{from} is not well-formed PEM")]
    Malformed {
        from: Pem,
        #[source]
        source: pem::Error,
    },
}

/// What tells one state of a file from another.
pub(super) type Mark = (SystemTime, u64);

impl Pem {
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
            Self::Text(text) => Ok(Cow::Borrowed(text.as_bytes())),
            Self::File(path) => std::fs::read(path)
                .map(Cow::Owned)
                .map_err(|source| PemError::Read {
                    from: self.clone(),
                    source,
                }),
        }
    }
}

impl fmt::Display for Pem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File(path) => path.display().fmt(f),
            Self::Text(_) => f.write_str("the PEM given as text"),
        }
    }
}

impl fmt::Debug for Pem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}
