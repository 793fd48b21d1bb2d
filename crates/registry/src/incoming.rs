use std::time::Duration;

use bytes::Bytes;

/// The content of a request, as it arrives.
pub(crate) trait Incoming: Send {
    /// Bytes, where the client said so beforehand.
    fn announced_bytes(&self) -> Option<u64>;

    /// The next bytes; `None` at the end.
    fn next(&mut self) -> impl Future<Output = Result<Option<Bytes>, IncomingError>> + Send;
}

impl<I: Incoming> Incoming for &mut I {
    fn announced_bytes(&self) -> Option<u64> {
        (**self).announced_bytes()
    }

    fn next(&mut self) -> impl Future<Output = Result<Option<Bytes>, IncomingError>> + Send {
        (**self).next()
    }
}

/// Why content stopped before its end.
#[derive(Debug, thiserror::Error)]
pub(crate) enum IncomingError {
    #[error("nothing came for {} seconds", idle.as_secs())]
    Stalled { idle: Duration },
    #[error("the connection broke while content was coming")]
    Broken(#[source] Box<dyn std::error::Error + Send + Sync>),
}
