//! A server that answers as it is told, and counts what it is asked.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use berth_cluster::{Cluster, ConnectOptions};
use tempfile::TempDir;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;

/// What a server does with a call about objects. The last of several is done ever after.
#[derive(Clone, Copy)]
pub(crate) enum Does {
    /// It answers: status, more of the head, body.
    Answer(u16, &'static str, &'static str),
    /// It hangs up after it has read the call.
    HangUp,
    /// It never answers.
    Nothing,
}

pub(crate) struct Scripted {
    pub(crate) cluster: Cluster,
    /// The calls about objects, as `METHOD PATH`.
    asked: Arc<Mutex<Vec<String>>>,
    serving: JoinHandle<()>,
    _folder: TempDir,
}

impl Scripted {
    pub(crate) async fn start(script: &'static [Does]) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        let asked = Arc::new(Mutex::new(Vec::new()));
        let heard = Arc::clone(&asked);
        let serving = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(serve(stream, script, Arc::clone(&heard)));
            }
        });
        let folder = TempDir::new().unwrap();
        Self {
            cluster: connect(&folder, &address).await,
            asked,
            serving,
            _folder: folder,
        }
    }

    pub(crate) fn asked(&self) -> Vec<String> {
        self.asked.lock().unwrap().clone()
    }
}

impl Drop for Scripted {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

/// A connection to a server; calls take two seconds at most.
pub(crate) async fn connect(folder: &TempDir, address: &str) -> Cluster {
    let kubeconfig = folder.path().join("kubeconfig");
    std::fs::write(&kubeconfig, kubeconfig_of(address)).unwrap();
    let options = ConnectOptions {
        kubeconfig: Some(kubeconfig),
        context: None,
        call_timeout: Some(Duration::from_secs(2)),
    };
    Cluster::connect(&options).await.unwrap()
}

pub(crate) fn kubeconfig_of(address: &str) -> String {
    format!(
        "apiVersion: v1\nkind: Config\ncurrent-context: c\n\
         contexts: [{{name: c, context: {{cluster: c, user: u, namespace: registry}}}}]\n\
         clusters: [{{name: c, cluster: {{server: \"{address}\"}}}}]\n\
         users: [{{name: u, user: {{token: t}}}}]\n"
    )
}

async fn serve(mut stream: TcpStream, script: &[Does], asked: Arc<Mutex<Vec<String>>>) -> Option<()> {
    let mut read = Vec::new();
    loop {
        let end = loop {
            if let Some(end) = end_of_request(&read) {
                break end;
            }
            if stream.read_buf(&mut read).await.ok()? == 0 {
                return None;
            }
        };
        let text = String::from_utf8_lossy(&read[..end]).into_owned();
        read.drain(..end);
        let mut words = text.split_whitespace();
        let call = format!("{} {}", words.next()?, words.next()?.split('?').next()?);
        let does = if call == "GET /api/v1" {
            Does::Answer(
                200,
                "",
                r#"{"resources":[{"name":"configmaps","kind":"ConfigMap","namespaced":true}]}"#,
            )
        } else {
            let mut asked = asked.lock().unwrap();
            let does = script[asked.len().min(script.len() - 1)];
            asked.push(call);
            does
        };
        match does {
            Does::Answer(status, head, body) => {
                let length = body.len();
                let answer = format!(
                    "HTTP/1.1 {status} Words\r\ncontent-type: application/json\r\n{head}content-length: {length}\r\n\r\n{body}"
                );
                stream.write_all(answer.as_bytes()).await.ok()?;
            }
            Does::HangUp => return None,
            Does::Nothing => std::future::pending().await,
        }
    }
}

/// Where the first request ends, once all of it is there.
fn end_of_request(read: &[u8]) -> Option<usize> {
    let head = read.windows(4).position(|it| it == b"\r\n\r\n")? + 4;
    let text = String::from_utf8_lossy(&read[..head]).to_lowercase();
    let length = match text.split_once("content-length:") {
        Some((_, length)) => length.lines().next()?.trim().parse().ok()?,
        None => 0,
    };
    (read.len() >= head + length).then_some(head + length)
}
