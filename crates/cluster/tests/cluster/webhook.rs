//! An admission webhook that says no, over TLS as the API server asks for.

use std::sync::Arc;

use rustls::ServerConfig;
use rustls::pki_types::PrivateKeyDer;
use serde_json::{Value as Json, json};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;
use tokio_rustls::TlsAcceptor;

pub(crate) struct Webhook {
    port: u16,
    certificate: String,
    serving: JoinHandle<()>,
}

impl Webhook {
    /// One that refuses with these words; with none it lets everything through.
    pub(crate) async fn start(words: &'static str) -> Self {
        let made =
            rcgen::generate_simple_self_signed(vec!["127.0.0.1".to_owned(), "localhost".to_owned()]).unwrap();
        let key = PrivateKeyDer::Pkcs8(made.signing_key.serialize_der().into());
        let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
        let config = ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(vec![made.cert.der().clone()], key)
            .unwrap();
        let acceptor = TlsAcceptor::from(Arc::new(config));
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let serving = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(answer(acceptor.clone(), stream, words));
            }
        });
        Self {
            port,
            certificate: made.cert.pem(),
            serving,
        }
    }

    pub(crate) fn url(&self) -> String {
        format!("https://127.0.0.1:{}/", self.port)
    }

    /// Its certificate as a configuration takes it.
    pub(crate) fn ca(&self) -> String {
        base64(self.certificate.as_bytes())
    }
}

impl Drop for Webhook {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

/// Answers the reviews of one connection.
async fn answer(acceptor: TlsAcceptor, stream: TcpStream, words: &'static str) -> Option<()> {
    let mut stream = acceptor.accept(stream).await.ok()?;
    let mut read = Vec::new();
    loop {
        let (body, end) = loop {
            if let Some(found) = request(&read) {
                break found;
            }
            if stream.read_buf(&mut read).await.ok()? == 0 {
                return None;
            }
        };
        let review: Json = serde_json::from_slice(&read[body..end]).ok()?;
        read.drain(..end);
        let answer = json!({
            "apiVersion": "admission.k8s.io/v1",
            "kind": "AdmissionReview",
            "response": {
                "uid": review["request"]["uid"],
                "allowed": words.is_empty(),
                "status": {"message": words},
            },
        })
        .to_string();
        let head = format!(
            "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n",
            answer.len()
        );
        stream.write_all(head.as_bytes()).await.ok()?;
        stream.write_all(answer.as_bytes()).await.ok()?;
        stream.flush().await.ok()?;
    }
}

/// Where the body of the first request starts and ends, once all of it is there.
fn request(read: &[u8]) -> Option<(usize, usize)> {
    let head = read.windows(4).position(|it| it == b"\r\n\r\n")? + 4;
    let text = String::from_utf8_lossy(&read[..head]).to_lowercase();
    let (_, length) = text.split_once("content-length:")?;
    let end = head + length.lines().next()?.trim().parse::<usize>().ok()?;
    (read.len() >= end).then_some((head, end))
}

fn base64(bytes: &[u8]) -> String {
    use base64::Engine as _;
    base64::engine::general_purpose::STANDARD.encode(bytes)
}
