//! A request's body as an operation takes it.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use bytes::Bytes;
use http_body::Body;
use http_body_util::BodyExt as _;
use hyper::header::{CONTENT_LENGTH, EXPECT, HeaderMap};

use super::header;
use crate::incoming::{Incoming, IncomingError};

pub(super) type BoxError = Box<dyn std::error::Error + Send + Sync>;

pub(super) struct UploadBody<'a, B> {
    body: B,
    announced_bytes: Option<u64>,
    idle: Duration,
    /// Whether the client waits to be told to send (`Expect: 100-continue`), which reading does.
    waits: bool,
    received_bytes: &'a AtomicU64,
}

impl<'a, B: Body> UploadBody<'a, B> {
    pub(super) fn new(body: B, headers: &HeaderMap, idle: Duration, received_bytes: &'a AtomicU64) -> Self {
        let announced = header::text(headers, CONTENT_LENGTH).and_then(|text| text.parse().ok());
        Self {
            announced_bytes: announced.or_else(|| body.size_hint().exact()),
            body,
            idle,
            waits: headers.contains_key(EXPECT),
            received_bytes,
        }
    }
}

impl<B> UploadBody<'_, B>
where
    B: Body<Data = Bytes> + Send + Unpin,
    B::Error: Into<BoxError>,
{
    /// Reads on, within bounds, what a refused request still sends: most clients only read an answer once they
    /// have sent everything, and a connection closed on them before loses it.
    pub(super) async fn discard(&mut self) {
        const LIMIT_BYTES: u64 = 16 * 1024 * 1024;
        const LIMIT: Duration = Duration::from_secs(5);
        if self.waits {
            return;
        }
        let start = self.received_bytes.load(Ordering::Relaxed);
        let end = start + LIMIT_BYTES;
        let reading = async {
            while !self.body.is_end_stream()
                && self.received_bytes.load(Ordering::Relaxed) < end
                && matches!(self.next().await, Ok(Some(_)))
            {}
        };
        // Whether it came to its end makes no difference to the answer.
        let _ = tokio::time::timeout(LIMIT, reading).await;
    }
}

impl<B> Incoming for UploadBody<'_, B>
where
    B: Body<Data = Bytes> + Send + Unpin,
    B::Error: Into<BoxError>,
{
    fn announced_bytes(&self) -> Option<u64> {
        self.announced_bytes
    }

    async fn next(&mut self) -> Result<Option<Bytes>, IncomingError> {
        loop {
            self.waits = false;
            let frame = tokio::time::timeout(self.idle, self.body.frame())
                .await
                .map_err(|_| IncomingError::Stalled { idle: self.idle })?;
            let Some(frame) = frame else { return Ok(None) };
            let frame = frame.map_err(|error| IncomingError::Broken(error.into()))?;
            // Trailers say nothing that we need.
            if let Ok(bytes) = frame.into_data()
                && !bytes.is_empty()
            {
                self.received_bytes
                    .fetch_add(bytes.len() as u64, Ordering::Relaxed);
                return Ok(Some(bytes));
            }
        }
    }
}
