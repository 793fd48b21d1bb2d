//! What goes back: nothing, bytes in hand, or a blob as it is read.

use std::pin::Pin;
use std::task::{Context, Poll, ready};

use berth_storage::{BlobReader, StorageError};
use bytes::Bytes;
use http_body::{Body, Frame, SizeHint};

use super::access_event::AccessEvent;

/// The body of a response.
pub struct ResponseBody {
    content: Content,
    event: AccessEvent,
}

pub(super) enum Content {
    Empty,
    Bytes(Bytes),
    Blob(BlobContent),
}

/// A blob, read one chunk ahead of what is sent.
pub(super) struct BlobContent {
    state: Ahead,
    remaining_bytes: u64,
    /// Whether to let others run before the next chunk: a big pull must not hold up small ones.
    yielding: bool,
}

type Read = (BlobReader, Result<Option<Bytes>, StorageError>);

enum Ahead {
    Reading(Pin<Box<dyn Future<Output = Read> + Send>>),
    Ready(Box<Read>),
    Done,
}

impl ResponseBody {
    pub(super) fn new(content: Content, event: AccessEvent) -> Self {
        Self { content, event }
    }
}

impl Content {
    pub(super) fn text(text: String) -> Self {
        Self::Bytes(Bytes::from(text))
    }

    /// `length_bytes` is what the reader will give, all in all.
    pub(super) fn blob(reader: BlobReader, length_bytes: u64) -> Self {
        if length_bytes == 0 {
            return Self::Empty;
        }
        Self::Blob(BlobContent {
            state: Ahead::start(reader),
            remaining_bytes: length_bytes,
            yielding: false,
        })
    }
}

impl Ahead {
    fn start(mut reader: BlobReader) -> Self {
        Self::Reading(Box::pin(async move {
            let chunk = reader.next_chunk().await;
            (reader, chunk)
        }))
    }

    fn poll(&mut self, cx: &mut Context<'_>) -> Poll<Option<Read>> {
        match std::mem::replace(self, Self::Done) {
            Self::Reading(mut reading) => match reading.as_mut().poll(cx) {
                Poll::Ready(read) => Poll::Ready(Some(read)),
                Poll::Pending => {
                    *self = Self::Reading(reading);
                    Poll::Pending
                }
            },
            Self::Ready(read) => Poll::Ready(Some(*read)),
            Self::Done => Poll::Ready(None),
        }
    }

    /// Sets the reading going without waiting for it.
    fn nudge(&mut self, cx: &mut Context<'_>) {
        if let Poll::Ready(Some(read)) = self.poll(cx) {
            *self = Self::Ready(Box::new(read));
        }
    }
}

impl BlobContent {
    fn poll_chunk(&mut self, cx: &mut Context<'_>) -> Poll<Option<Result<Bytes, StorageError>>> {
        if std::mem::take(&mut self.yielding) {
            cx.waker().wake_by_ref();
            return Poll::Pending;
        }
        let Some((reader, read)) = ready!(self.state.poll(cx)) else {
            return Poll::Ready(None);
        };
        let chunk = match read {
            Ok(Some(chunk)) => chunk,
            Ok(None) => return Poll::Ready(None),
            Err(error) => {
                tracing::error!(
                    error = &error as &dyn std::error::Error,
                    "a blob's answer was cut short"
                );
                return Poll::Ready(Some(Err(error)));
            }
        };
        self.remaining_bytes = self.remaining_bytes.saturating_sub(chunk.len() as u64);
        if self.remaining_bytes > 0 {
            self.yielding = true;
            self.state = Ahead::start(reader);
            self.state.nudge(cx);
        }
        Poll::Ready(Some(Ok(chunk)))
    }
}

impl Body for ResponseBody {
    type Data = Bytes;
    type Error = StorageError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, StorageError>>> {
        let chunk = match &mut self.content {
            Content::Empty => None,
            Content::Bytes(bytes) => Some(std::mem::take(bytes))
                .filter(|bytes| !bytes.is_empty())
                .map(Ok),
            Content::Blob(blob) => ready!(blob.poll_chunk(cx)),
        };
        if let Some(Ok(chunk)) = &chunk {
            self.event.add_sent(chunk.len());
        }
        Poll::Ready(chunk.map(|chunk| chunk.map(Frame::data)))
    }

    fn is_end_stream(&self) -> bool {
        self.size_hint().exact() == Some(0)
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(match &self.content {
            Content::Empty => 0,
            Content::Bytes(bytes) => bytes.len() as u64,
            Content::Blob(blob) => blob.remaining_bytes,
        })
    }
}
