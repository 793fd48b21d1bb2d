use std::fs::{File, Permissions};
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use berth_storage::Store;
use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::{UnixListener, UnixStream};
use tokio::sync::mpsc;
use tokio::task::JoinHandle;

use super::{Reply, Request, SOCKET, short_path, work};

/// Bytes of a request at most.
const LONGEST: u64 = 64 << 10;

/// Answers for as long as it lives.
pub(crate) struct Listening {
    task: JoinHandle<()>,
    path: PathBuf,
}

/// Answers on the socket of this data. The store's lock is held: what lies there is of a process
/// that is gone.
pub(crate) fn listen(root: &Path, store: Store) -> anyhow::Result<Listening> {
    let folder = root.join(".berth");
    let path = folder.join(SOCKET);
    match std::fs::remove_file(&path) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
            return Err(error).with_context(|| format!("removing the old {}", path.display()));
        }
        _ => {}
    }
    let opened = File::open(&folder).with_context(|| format!("opening {}", folder.display()))?;
    let listener = UnixListener::bind(short_path(&opened))
        .with_context(|| format!("listening on {}", path.display()))?;
    std::fs::set_permissions(&path, Permissions::from_mode(0o600))
        .with_context(|| format!("keeping {} to ourselves", path.display()))?;
    let task = tokio::spawn(async move {
        loop {
            match listener.accept().await {
                Ok((stream, _)) => drop(tokio::spawn(answer(stream, store.clone()))),
                Err(error) => {
                    tracing::warn!(%error, "nobody can ask over the control socket");
                    return;
                }
            }
        }
    });
    Ok(Listening { task, path })
}

impl Drop for Listening {
    fn drop(&mut self) {
        self.task.abort();
        // One that stays answers nobody, and the next start removes it.
        let _ = std::fs::remove_file(&self.path);
    }
}

async fn answer(stream: UnixStream, store: Store) {
    let (reader, mut writer) = stream.into_split();
    let mut line = String::new();
    let mut reader = BufReader::new(reader.take(LONGEST));
    if reader.read_line(&mut line).await.is_err() {
        return;
    }
    let (lines, mut replies) = mpsc::unbounded_channel();
    let worker = tokio::spawn(async move {
        let progress = lines.clone();
        let tell = move |value| drop(progress.send(Reply::Progress(value)));
        let done = match serde_json::from_str::<Request>(&line) {
            Ok(request) => work::carry_out(&store, request, tell).await,
            Err(error) => Err(anyhow::Error::new(error).context("reading the request")),
        };
        // Who asked may have gone: the work is done all the same.
        drop(lines.send(match done {
            Ok(value) => Reply::Done(value),
            Err(error) => Reply::Failed(format!("{error:#}")),
        }));
    });
    while let Some(reply) = replies.recv().await {
        let Ok(mut line) = serde_json::to_vec(&reply) else {
            continue;
        };
        line.push(b'\n');
        if writer.write_all(&line).await.is_err() {
            return;
        }
    }
    if let Err(error) = worker.await {
        tracing::error!(%error, "work that was asked for over the control socket ended by a fault of its own");
    }
}
