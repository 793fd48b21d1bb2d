//! On a real port: TLS by ALPN, and the end of a server.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use berth_registry::{
    Drained, Pem, PemError, ServerOptions, TlsConfig, TlsError, TlsOptions, TlsVersion, serve,
};
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, ServerName};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

use crate::app::App;

struct Pair {
    folder: tempfile::TempDir,
}

impl Pair {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let made = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
        std::fs::write(folder.path().join("crt"), made.cert.pem()).unwrap();
        std::fs::write(folder.path().join("key"), made.signing_key.serialize_pem()).unwrap();
        Self { folder }
    }

    fn options(&self) -> TlsOptions {
        options(&self.path("crt"), &self.path("key"))
    }

    fn path(&self, name: &str) -> std::path::PathBuf {
        self.folder.path().join(name)
    }
}

fn options(certificate: &Path, key: &Path) -> TlsOptions {
    TlsOptions {
        certificate: Pem::File(certificate.into()),
        key: Pem::File(key.into()),
        minimum: TlsVersion::V1_2,
        client_authorities: Vec::new(),
        http2: true,
    }
}

struct Running {
    address: std::net::SocketAddr,
    stop: oneshot::Sender<()>,
    ended: JoinHandle<Drained>,
}

async fn run(app: &App, tls: Option<TlsConfig>, options: ServerOptions) -> Running {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let (stop, stopped) = oneshot::channel::<()>();
    let registry = app.registry.clone();
    let ended = tokio::spawn(serve(listener, tls, registry, options, async {
        let _ = stopped.await;
    }));
    Running { address, stop, ended }
}

async fn handshake(
    running: &Running,
    certificate: &Path,
    alpn: &str,
) -> tokio_rustls::client::TlsStream<TcpStream> {
    let mut roots = rustls::RootCertStore::empty();
    roots
        .add(CertificateDer::from_pem_file(certificate).unwrap())
        .unwrap();
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let mut config = rustls::ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth();
    config.alpn_protocols = vec![alpn.as_bytes().to_vec()];
    let stream = TcpStream::connect(running.address).await.unwrap();
    let name = ServerName::try_from("localhost").unwrap();
    tokio_rustls::TlsConnector::from(Arc::new(config))
        .connect(name, stream)
        .await
        .unwrap()
}

const PING: &[u8] = b"GET /v2/ HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n";

#[tokio::test]
async fn the_registry_speaks_http_1_and_2_over_tls() {
    let (app, pair) = (App::start().await, Pair::new());
    let tls = TlsConfig::load(pair.options()).unwrap();
    let running = run(&app, Some(tls), ServerOptions::default()).await;
    let mut stream = handshake(&running, &pair.path("crt"), "http/1.1").await;
    stream.write_all(PING).await.unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.unwrap();
    assert!(answer.starts_with("HTTP/1.1 200 OK\r\n"), "{answer}");

    let mut stream = handshake(&running, &pair.path("crt"), "h2").await;
    assert_eq!(stream.get_ref().1.alpn_protocol(), Some(&b"h2"[..]));
    // The preface and an empty SETTINGS frame; the server answers with its own SETTINGS (type 4).
    stream
        .write_all(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\x04\0\0\0\0\0")
        .await
        .unwrap();
    let mut frame = [0; 9];
    stream.read_exact(&mut frame).await.unwrap();
    assert_eq!(frame[3], 4);
    drop(stream);
    running.stop.send(()).unwrap();
    assert_eq!(running.ended.await.unwrap(), Drained { cut_connections: 0 });
}

#[tokio::test]
async fn every_bad_pair_is_told_apart() {
    let (pair, other) = (Pair::new(), Pair::new());
    let load = |certificate: &Path, key: &Path| TlsConfig::load(options(certificate, key)).unwrap_err();
    let pem = |certificate: &Path, key: &Path| match load(certificate, key) {
        TlsError::Pem(error) => error,
        other => panic!("{other}"),
    };
    let (crt, key) = (pair.path("crt"), pair.path("key"));
    assert!(matches!(
        load(&crt, &other.path("key")),
        TlsError::Mismatch { .. }
    ));
    assert!(matches!(pem(&key, &key), PemError::NoCertificate { .. }));
    assert!(matches!(pem(&crt, &crt), PemError::NoKey { .. }));
    assert!(matches!(pem(Path::new("/nowhere"), &key), PemError::Read { .. }));
    let torn = pair.path("torn");
    std::fs::write(
        &torn,
        "-----BEGIN CERTIFICATE-----\n%%%\n-----END CERTIFICATE-----\n",
    )
    .unwrap();
    assert!(matches!(pem(&torn, &key), PemError::Malformed { .. }));
}

#[tokio::test]
async fn pem_can_be_given_in_place_of_a_file_and_is_not_printed() {
    let pair = Pair::new();
    let text = |file: &str| Pem::Text(std::fs::read_to_string(pair.path(file)).unwrap().into());
    let mut options = pair.options();
    options.certificate = text("crt");
    options.key = text("key");
    let config = TlsConfig::load(options.clone()).unwrap();
    assert!(!format!("{config:?} {options:?}").contains("BEGIN"));
    options.key = text("crt");
    let error = TlsConfig::load(options).unwrap_err().to_string();
    assert!(
        error.starts_with("the PEM given as text holds no unencrypted private key"),
        "{error}"
    );
}

#[tokio::test]
async fn with_client_authorities_a_client_needs_a_certificate() {
    let (app, pair) = (App::start().await, Pair::new());
    let mut options = pair.options();
    options.client_authorities.push(Pem::File(pair.path("crt")));
    let running = run(
        &app,
        Some(TlsConfig::load(options).unwrap()),
        ServerOptions::default(),
    )
    .await;
    let mut stream = handshake(&running, &pair.path("crt"), "http/1.1").await;
    // TLS 1.3 tells the client after its own handshake is over.
    let mut answer = Vec::new();
    let refused = match stream.write_all(PING).await {
        Ok(()) => stream.read_to_end(&mut answer).await.err(),
        Err(error) => Some(error),
    };
    assert!(refused.is_some() && answer.is_empty(), "{answer:?}");
    running.stop.send(()).unwrap();
    running.ended.await.unwrap();
}

/// Begins a chunk, and waits until its operation asks for content.
async fn begin_chunk(running: &Running, location: &str) -> TcpStream {
    let mut client = TcpStream::connect(running.address).await.unwrap();
    let head =
        format!("PATCH {location} HTTP/1.1\r\nhost: x\r\nexpect: 100-continue\r\ncontent-length: 10\r\n\r\n");
    client.write_all(head.as_bytes()).await.unwrap();
    let mut go_on = [0; 25];
    client.read_exact(&mut go_on).await.unwrap();
    assert_eq!(&go_on, b"HTTP/1.1 100 Continue\r\n\r\n");
    client.write_all(b"01234").await.unwrap();
    client
}

#[tokio::test]
async fn a_running_request_ends_before_the_server_does() {
    let app = App::start().await;
    let location = app.upload("a").await;
    let running = run(&app, None, ServerOptions::default()).await;
    let idle = TcpStream::connect(running.address).await.unwrap();
    let mut busy = begin_chunk(&running, &location).await;
    running.stop.send(()).unwrap();
    // Nobody new is let in, as soon as the server has seen that it is to stop.
    while TcpStream::connect(running.address).await.is_ok() {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    busy.write_all(b"56789").await.unwrap();
    let mut answer = String::new();
    busy.read_to_string(&mut answer).await.unwrap();
    assert!(answer.starts_with("HTTP/1.1 202"), "{answer}");
    assert_eq!(running.ended.await.unwrap(), Drained { cut_connections: 0 });
    drop(idle);
}

#[tokio::test]
async fn a_request_that_never_ends_is_cut_and_its_upload_goes_on_later() {
    let app = App::start().await;
    let location = app.upload("a").await;
    let options = ServerOptions {
        drain: Duration::from_secs(1),
        ..Default::default()
    };
    let running = run(&app, None, options).await;
    let _busy = begin_chunk(&running, &location).await;
    running.stop.send(()).unwrap();
    assert_eq!(running.ended.await.unwrap(), Drained { cut_connections: 1 });
    // What came of a stream stays; the session needs a moment to be let go.
    for _ in 0..500 {
        if app.get(&location).await.header("range") == "0-4" {
            return;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    panic!("{:?}", app.get(&location).await);
}

/// Class 16.
#[tokio::test]
async fn a_head_that_does_not_end_is_cut() {
    let app = App::start().await;
    let options = ServerOptions {
        head_timeout: Duration::from_millis(100),
        ..Default::default()
    };
    let running = run(&app, None, options).await;
    let mut slow = TcpStream::connect(running.address).await.unwrap();
    slow.write_all(b"GET /v2/ HTTP/1.1\r\nhost: x\r\nx-slow: ")
        .await
        .unwrap();
    let mut rest = Vec::new();
    let ended = tokio::time::timeout(Duration::from_secs(5), slow.read_to_end(&mut rest)).await;
    assert!(ended.is_ok(), "the connection is still open");
    running.stop.send(()).unwrap();
    running.ended.await.unwrap();
}

/// A client that reads only once it has sent everything must still learn why it was refused.
#[tokio::test]
async fn trap_03_a_large_chunk_out_of_place_gets_its_answer() {
    let app = App::start().await;
    let location = app.upload("a").await;
    let running = run(&app, None, ServerOptions::default()).await;
    let size = 8 * 1024 * 1024;
    let mut client = TcpStream::connect(running.address).await.unwrap();
    let head = format!(
        "PATCH {location} HTTP/1.1\r\nhost: x\r\ncontent-range: 5-{}\r\ncontent-length: {size}\r\n\r\n",
        size + 4
    );
    client.write_all(head.as_bytes()).await.unwrap();
    client.write_all(&vec![0; size]).await.unwrap();
    // On the same connection, which is still good.
    client.write_all(PING).await.unwrap();
    let mut answers = String::new();
    client.read_to_string(&mut answers).await.unwrap();
    assert!(answers.starts_with("HTTP/1.1 416"), "{answers}");
    assert!(answers.contains("HTTP/1.1 200 OK"), "{answers}");
    running.stop.send(()).unwrap();
    running.ended.await.unwrap();
}

/// A client that asks first is refused before it sends anything.
#[tokio::test]
async fn a_refused_client_that_waits_is_not_told_to_go_on() {
    let app = App::start().await;
    let location = app.upload("a").await;
    let running = run(&app, None, ServerOptions::default()).await;
    let mut client = TcpStream::connect(running.address).await.unwrap();
    let head = format!(
        "PATCH {location} HTTP/1.1\r\nhost: x\r\nexpect: 100-continue\r\ncontent-range: 5-9\r\ncontent-length: 5\r\n\r\n"
    );
    client.write_all(head.as_bytes()).await.unwrap();
    let mut answer = vec![0; 12];
    client.read_exact(&mut answer).await.unwrap();
    assert_eq!(String::from_utf8(answer).unwrap(), "HTTP/1.1 416");
    running.stop.send(()).unwrap();
    drop(client);
    running.ended.await.unwrap();
}
