//! A large blob, pushed in one POST and one PUT by one client and by four.

use std::thread;
use std::time::Instant;

use anyhow::Result;
use berth_drive::sha256;

use crate::bench::registry::contender::{Kind, Running};
use crate::bench::registry::row::{Row, Unit};
use crate::bench::registry::stage::{Stage, blob};

const KINDS: [Kind; 4] = [
    Kind::Berth,
    Kind::DockerRegistry,
    Kind::Registry3,
    Kind::BareReceiver,
];

pub(crate) fn measure(stage: &Stage, runs: u32, size: usize) -> Result<Vec<Row>> {
    let mut rows = Vec::new();
    for (clients, times) in [(1, 3.5), (4, 3.0)] {
        let row = push(stage, runs, size, clients)?;
        rows.push(
            row.at_least(times, &[Kind::DockerRegistry])
                .at_least(0.8, &[Kind::BareReceiver]),
        );
    }
    Ok(rows)
}

fn push(stage: &Stage, runs: u32, size: usize, clients: u32) -> Result<Row> {
    // The same for all: each begins every run with an empty folder.
    let blobs: Vec<_> = (0..clients)
        .map(|client| {
            let bytes = blob(size, client);
            (sha256(&bytes), bytes)
        })
        .collect();
    let warm = blob(8, u32::MAX);
    let warm_digest = sha256(&warm);
    let name = format!("push of a {size} MB blob, {clients} at once");
    stage.measure_anew(name, Unit::MegabytesASecond, runs, &KINDS, |running, _| {
        put(running, &warm_digest, &warm)?;
        let start = Instant::now();
        thread::scope(|scope| {
            let pushes: Vec<_> = blobs
                .iter()
                .map(|(digest, bytes)| scope.spawn(|| put(running, digest, bytes)))
                .collect();
            pushes
                .into_iter()
                .try_for_each(|push| push.join().unwrap_or_else(|_| anyhow::bail!("a client panicked")))
        })?;
        Ok(rate(size * blobs.len(), start))
    })
}

fn put(running: &Running, digest: &str, mut bytes: &[u8]) -> Result<()> {
    let length = bytes.len() as u64;
    let mut client = running.server.client();
    client.push_blob_from("bench/blob", digest, length, &mut bytes)
}

#[expect(clippy::cast_precision_loss, reason = "a size in MB is small")]
fn rate(size: usize, start: Instant) -> f64 {
    size as f64 / start.elapsed().as_secs_f64()
}
