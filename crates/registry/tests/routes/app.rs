//! A registry over a folder that goes when the test ends.

use std::collections::VecDeque;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::task::{Context, Poll};
use std::time::{Duration, SystemTime};

use berth_oci::{Algorithm, Digest};
use berth_registry::access::Access;
use berth_registry::{Authenticator, Registry, RegistryOptions};
use berth_storage::{Clock, Random, Store, StoreOptions};
use bytes::Bytes;
use http_body::{Body, Frame};
use http_body_util::{BodyExt as _, Full};
use hyper::{HeaderMap, Request};
use serde_json::Value;
use tokio::sync::Notify;
use tower::ServiceExt as _;

pub(crate) const OCI_MANIFEST: &str = "application/vnd.oci.image.manifest.v1+json";
pub(crate) const OCI_INDEX: &str = "application/vnd.oci.image.index.v1+json";

/// A registry, and the folder it keeps.
pub(crate) struct App {
    pub(crate) registry: Registry,
    store: Store,
    folder: Arc<tempfile::TempDir>,
}

/// A response, read to its end.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
}

impl App {
    pub(crate) async fn start() -> Self {
        Self::with(RegistryOptions::default(), Authenticator::Anonymous).await
    }

    pub(crate) async fn with(options: RegistryOptions, authenticator: Authenticator) -> Self {
        let folder = Arc::new(folder());
        let store = open(folder.path()).await;
        let registry = Registry::new(store.clone(), options, authenticator);
        Self {
            registry,
            store,
            folder,
        }
    }

    /// The same data, with these rights.
    pub(crate) fn under(&self, authenticator: Authenticator, access: Arc<dyn Access>) -> Self {
        let store = self.store.clone();
        let registry =
            Registry::with_access(store.clone(), RegistryOptions::default(), authenticator, access);
        Self {
            registry,
            store,
            folder: Arc::clone(&self.folder),
        }
    }

    /// The same data, with these options.
    pub(crate) fn reconfigured(&self, options: RegistryOptions) -> Self {
        let store = self.store.clone();
        let registry = Registry::new(store.clone(), options, Authenticator::Anonymous);
        Self {
            registry,
            store,
            folder: Arc::clone(&self.folder),
        }
    }

    /// Ends the process, as far as the folder can tell, and starts another one.
    pub(crate) async fn restarted(self) -> Self {
        let Self {
            registry,
            store,
            folder,
        } = self;
        drop(registry);
        store.close().await.unwrap();
        let store = open(folder.path()).await;
        let registry = Registry::new(
            store.clone(),
            RegistryOptions::default(),
            Authenticator::Anonymous,
        );
        Self {
            registry,
            store,
            folder,
        }
    }

    pub(crate) async fn send<B>(&self, request: Request<B>) -> Answer
    where
        B: Body<Data = Bytes> + Send + Unpin + 'static,
        B::Error: Into<Box<dyn std::error::Error + Send + Sync>>,
    {
        let response = self.registry.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        let body = body.collect().await.unwrap().to_bytes();
        Answer {
            status: parts.status.as_u16(),
            headers: parts.headers,
            body,
        }
    }

    /// `GET /v2/` and the like, with headers as pairs.
    pub(crate) async fn ask(&self, line: &str, headers: &[(&str, &str)]) -> Answer {
        self.send(request(line, headers, Bytes::new())).await
    }

    pub(crate) async fn get(&self, path: &str) -> Answer {
        self.ask(&format!("GET {path}"), &[]).await
    }

    pub(crate) async fn head(&self, path: &str) -> Answer {
        self.ask(&format!("HEAD {path}"), &[]).await
    }

    pub(crate) async fn delete(&self, path: &str) -> Answer {
        self.ask(&format!("DELETE {path}"), &[]).await
    }

    pub(crate) async fn give(&self, line: &str, headers: &[(&str, &str)], body: impl Into<Bytes>) -> Answer {
        self.send(request(line, headers, body.into())).await
    }

    /// Opens an upload and answers its location.
    pub(crate) async fn upload(&self, repository: &str) -> String {
        let answer = self
            .ask(&format!("POST /v2/{repository}/blobs/uploads/"), &[])
            .await;
        assert_eq!(answer.status, 202, "{answer:?}");
        answer.header("location").to_owned()
    }

    /// Pushes a blob and answers its digest.
    pub(crate) async fn blob(&self, repository: &str, content: &str) -> Digest {
        let digest = Digest::sha256(content.as_bytes());
        let location = self.upload(repository).await;
        let put = format!("PUT {location}?digest={digest}");
        let answer = self.give(&put, &[], content.to_owned()).await;
        assert_eq!(answer.status, 201, "{answer:?}");
        digest
    }

    pub(crate) async fn manifest(&self, place: &str, media_type: &str, text: &str) -> Answer {
        let (repository, reference) = place.rsplit_once(':').unwrap();
        self.put_manifest(repository, reference, media_type, text).await
    }

    pub(crate) async fn put_manifest(
        &self,
        repository: &str,
        reference: &str,
        media_type: &str,
        text: &str,
    ) -> Answer {
        let line = format!("PUT /v2/{repository}/manifests/{reference}");
        self.give(&line, &[("content-type", media_type)], text.to_owned())
            .await
    }

    /// Pushes a small image under a tag and answers its digest.
    pub(crate) async fn image(&self, place: &str) -> Digest {
        let (repository, tag) = place.rsplit_once(':').unwrap();
        let config = self.blob(repository, &format!("{{\"of\":\"{tag}\"}}")).await;
        let text = image(config, 6 + 2 + tag.len() as u64 + 1, "");
        let answer = self.put_manifest(repository, tag, OCI_MANIFEST, &text).await;
        assert_eq!(answer.status, 201, "{answer:?}");
        Digest::sha256(text.as_bytes())
    }
}

impl Answer {
    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers
            .get(name)
            .unwrap_or_else(|| panic!("no {name} in {self:?}"))
            .to_str()
            .unwrap()
    }

    pub(crate) fn has(&self, name: &str) -> bool {
        self.headers.contains_key(name)
    }

    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap()
    }

    /// The code of the one error in the body.
    pub(crate) fn code(&self) -> String {
        self.json()["errors"][0]["code"].as_str().unwrap().to_owned()
    }

    #[track_caller]
    pub(crate) fn refused(&self, status: u16, code: &str) {
        assert_eq!((self.status, &*self.code()), (status, code), "{self:?}");
        assert_eq!(self.header("content-type"), "application/json");
    }
}

pub(crate) fn request(line: &str, headers: &[(&str, &str)], body: Bytes) -> Request<Full<Bytes>> {
    let mut request = builder(line, headers);
    if !body.is_empty() {
        request = request.header("content-length", body.len());
    }
    request.body(Full::new(body)).unwrap()
}

pub(crate) fn builder(line: &str, headers: &[(&str, &str)]) -> hyper::http::request::Builder {
    let (method, uri) = line.split_once(' ').unwrap();
    let mut request = Request::builder().method(method).uri(uri);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    request
}

/// A manifest of an image whose only content is its config; `more` are further fields, each with a comma before.
pub(crate) fn image(config: Digest, size: u64, more: &str) -> String {
    format!(
        r#"{{"schemaVersion":2,"mediaType":"{OCI_MANIFEST}","config":{{"mediaType":"application/vnd.oci.image.config.v1+json","digest":"{config}","size":{size}}},"layers":[]{more}}}"#
    )
}

pub(crate) fn sha512(content: &[u8]) -> Digest {
    Digest::of(Algorithm::Sha512, content)
}

/// A body of which nobody knows the length: frames, and then its end, an error, or nothing ever more.
pub(crate) struct Frames {
    left: VecDeque<Bytes>,
    then: Then,
    /// Told when the frames are used up.
    pub(crate) emptied: Arc<Notify>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Then {
    End,
    Break,
    Hang,
}

impl Frames {
    pub(crate) fn new(frames: &[&'static str], then: Then) -> Self {
        Self {
            left: frames
                .iter()
                .map(|text| Bytes::from_static(text.as_bytes()))
                .collect(),
            then,
            emptied: Arc::default(),
        }
    }
}

impl Body for Frames {
    type Data = Bytes;
    type Error = std::io::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, std::io::Error>>> {
        if self.left.is_empty() {
            self.emptied.notify_one();
        }
        match (self.left.pop_front(), self.then) {
            (Some(bytes), _) => Poll::Ready(Some(Ok(Frame::data(bytes)))),
            (None, Then::End) => Poll::Ready(None),
            (None, Then::Break) => Poll::Ready(Some(Err(std::io::ErrorKind::ConnectionReset.into()))),
            (None, Then::Hang) => Poll::Pending,
        }
    }
}

/// In memory where that can be had: whether bytes survive a power cut is the store's own test.
fn folder() -> tempfile::TempDir {
    tempfile::tempdir_in("/dev/shm")
        .or_else(|_| tempfile::tempdir())
        .unwrap()
}

async fn open(folder: &std::path::Path) -> Store {
    let options = StoreOptions {
        root: folder.to_owned(),
        clock: Arc::new(StoppedClock),
        random: Arc::new(Counter(AtomicU64::new(1))),
        allow_sparse: false,
        upload_expiry: Duration::from_secs(7 * 24 * 3600),
        grace: Duration::from_secs(24 * 3600),
    };
    Store::open(options).await.unwrap()
}

struct StoppedClock;

impl Clock for StoppedClock {
    fn now(&self) -> SystemTime {
        SystemTime::UNIX_EPOCH + Duration::from_secs(1_700_000_000)
    }
}

/// Names that differ, which is all that a test needs of them.
struct Counter(AtomicU64);

impl Random for Counter {
    fn fill(&self, bytes: &mut [u8]) {
        static PROCESSES: AtomicU64 = AtomicU64::new(1);
        let process = PROCESSES.fetch_add(1, Ordering::Relaxed);
        let number = self.0.fetch_add(1, Ordering::Relaxed);
        for (slot, byte) in bytes.iter_mut().zip(
            process
                .to_be_bytes()
                .into_iter()
                .chain(number.to_be_bytes())
                .cycle(),
        ) {
            *slot = byte;
        }
    }
}
