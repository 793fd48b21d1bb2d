use std::fs::File;
use std::io::{BufRead as _, BufReader, Write as _};
use std::os::unix::net::UnixStream;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context as _, bail};
use berth_storage::{Store, StoreOptions};
use serde_json::Value;

use super::{Reply, Request, short_path, work};
use crate::world::{SystemClock, SystemRandom};

/// Has the process that serves this data do it, or does it here where none does. `progress` hears of each step.
pub(crate) fn ask(
    root: &Path,
    grace: Duration,
    request: Request,
    progress: impl Fn(Value) + Send + 'static,
) -> anyhow::Result<Value> {
    if !root.join("docker/registry/v2").is_dir() {
        bail!(
            "{} is no registry's root folder: name the one that holds docker/registry/v2",
            root.display()
        );
    }
    match connect(root) {
        Some(stream) => over(stream, &request, &progress),
        None => here(root, grace, request, progress),
    }
}

fn connect(root: &Path) -> Option<UnixStream> {
    let folder = File::open(root.join(".berth")).ok()?;
    UnixStream::connect(short_path(&folder)).ok()
}

fn over(mut stream: UnixStream, request: &Request, progress: &dyn Fn(Value)) -> anyhow::Result<Value> {
    let mut line = serde_json::to_vec(request)?;
    line.push(b'\n');
    stream
        .write_all(&line)
        .context("asking the process that serves this folder")?;
    for line in BufReader::new(stream).lines() {
        let line = line.context("hearing from the process that serves this folder")?;
        match serde_json::from_str(&line).context("reading what the process that serves this folder says")? {
            Reply::Progress(value) => progress(value),
            Reply::Done(value) => return Ok(value),
            Reply::Failed(message) => bail!(message),
        }
    }
    bail!("the process that serves this folder stopped meanwhile: what it had done is done; ask again")
}

fn here(
    root: &Path,
    grace: Duration,
    request: Request,
    progress: impl Fn(Value) + Send + 'static,
) -> anyhow::Result<Value> {
    let options = StoreOptions {
        root: root.to_owned(),
        clock: Arc::new(SystemClock),
        random: Arc::new(SystemRandom),
        allow_sparse: true,
        upload_expiry: Duration::from_secs(168 * 3600),
        grace,
    };
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .context("starting the runtime")?;
    runtime.block_on(async {
        let store = Store::open(options)
            .await
            .with_context(|| format!("opening the data in {}", root.display()))?;
        let done = work::carry_out(&store, request, progress).await;
        store.close().await.context("closing the data")?;
        done
    })
}
