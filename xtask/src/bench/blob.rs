//! A large blob, pushed in one POST and one PUT, and pulled to nowhere.

use std::io::sink;
use std::time::Instant;

use anyhow::Result;
use berth_drive::{Random, sha256};

use crate::bench::registry::Pair;
use crate::bench::table::{Rate, Row};

const MEGABYTE: usize = 1_000_000;

pub(crate) fn measure(pair: &Pair, runs: u32, size: usize) -> Result<Vec<Row>> {
    let block = Random::new(70).bytes(MEGABYTE);
    let mut bytes = block.repeat(size);
    let mut digest = String::new();
    let mut prepared = None;
    let push = pair.measure(
        format!("push of a {size} MB blob"),
        Rate::Megabytes,
        runs,
        |server, run| {
            // Other bytes in each run, the same for both: a registry may spare itself what it has.
            if prepared != Some(run) {
                bytes[..4].copy_from_slice(&run.to_le_bytes());
                digest = sha256(&bytes);
                prepared = Some(run);
            }
            let start = Instant::now();
            server.client().push_blob_from(
                "bench/blob",
                &digest,
                bytes.len() as u64,
                &mut bytes.as_slice(),
            )?;
            Ok(rate(size, start))
        },
    )?;
    let pull = pair.measure(
        format!("pull of a {size} MB blob"),
        Rate::Megabytes,
        runs,
        |server, _| {
            let mut client = server.client();
            let start = Instant::now();
            client.pull_blob_to("bench/blob", &digest, &mut sink())?;
            Ok(rate(size, start))
        },
    )?;
    Ok(vec![push, pull])
}

#[expect(clippy::cast_precision_loss, reason = "a size in MB is small")]
fn rate(size: usize, start: Instant) -> f64 {
    size as f64 / start.elapsed().as_secs_f64()
}
