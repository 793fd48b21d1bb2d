//! Many small images (a config, a layer of 10 kB, a manifest), pushed by 16 clients; alone, and beside a large push.

use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread;
use std::time::Instant;

use anyhow::Result;
use berth_drive::{Image, sha256};

use crate::bench::registry::contender::{Kind, Running};
use crate::bench::registry::row::{Row, Unit};
use crate::bench::registry::stage::{Stage, blob};
use crate::bench::table::percentile;

const CLIENTS: usize = 16;
const KINDS: [Kind; 3] = [Kind::Berth, Kind::DockerRegistry, Kind::Registry3];

pub(crate) fn measure(stage: &Stage, runs: u32, count: u32, size: usize) -> Result<Vec<Row>> {
    // The same for all: each begins every run with an empty folder.
    let images: Vec<_> = (0..u64::from(count))
        .map(|seed| Image::tiny(1_000_000 + seed))
        .collect();
    let mut waits = Row::new(
        format!("p99 of one of {count} small pushes, {CLIENTS} clients"),
        Unit::Milliseconds,
        &KINDS,
    );
    let name = format!("{count} small pushes, {CLIENTS} clients");
    let alone = stage.measure_anew(name, Unit::ImagesASecond, runs, &KINDS, |running, run| {
        warm(running)?;
        let (rate, wait) = push_all(running, &images)?;
        let place = KINDS.iter().position(|kind| *kind == running.kind);
        if let (Some(place), true) = (place, run > 0) {
            waits.add(place, wait);
        }
        Ok(rate)
    })?;
    let bytes = blob(size, 0);
    let digest = sha256(&bytes);
    let few = &images[..images.len() / 4];
    let name = format!("{} small pushes beside pushes of {size} MB", few.len());
    let beside = stage.measure_anew(name, Unit::ImagesASecond, runs, &KINDS, |running, _| {
        warm(running)?;
        beside(running, &digest, &bytes, || push_all(running, few))
    })?;
    Ok(vec![
        alone.at_least(12.0, &[Kind::DockerRegistry]),
        waits,
        beside.at_least(5.0, &[Kind::DockerRegistry]),
    ])
}

/// A few images first, so that no one's first folders are measured.
fn warm(running: &Running) -> Result<()> {
    let images: Vec<_> = (0..64).map(Image::tiny).collect();
    push_all(running, &images).map(drop)
}

/// Images a second, and the p99 of one push in ms.
#[expect(clippy::cast_precision_loss, reason = "thousands of images")]
fn push_all(running: &Running, images: &[Image]) -> Result<(f64, f64)> {
    let next = AtomicUsize::new(0);
    let waits = Mutex::new(Vec::new());
    let start = Instant::now();
    thread::scope(|scope| {
        let clients: Vec<_> = (0..CLIENTS)
            .map(|_| scope.spawn(|| push_some(running, images, &next, &waits)))
            .collect();
        clients.into_iter().try_for_each(|client| {
            client
                .join()
                .unwrap_or_else(|_| anyhow::bail!("a client panicked"))
        })
    })?;
    let rate = images.len() as f64 / start.elapsed().as_secs_f64();
    let waits = waits.into_inner().unwrap_or_default();
    Ok((rate, percentile(waits, 99)))
}

fn push_some(running: &Running, images: &[Image], next: &AtomicUsize, waits: &Mutex<Vec<f64>>) -> Result<()> {
    let mut client = running.server.client();
    let mut mine = Vec::new();
    while let Some(image) = images.get(next.fetch_add(1, Ordering::Relaxed)) {
        let start = Instant::now();
        client.push_image("bench/small", &image.digest()[7..], image)?;
        mine.push(start.elapsed().as_secs_f64() * 1e3);
    }
    if let Ok(mut waits) = waits.lock() {
        waits.append(&mut mine);
    }
    Ok(())
}

/// The rate of the small pushes while one large push follows another.
fn beside(
    running: &Running,
    digest: &str,
    bytes: &[u8],
    small: impl FnOnce() -> Result<(f64, f64)>,
) -> Result<f64> {
    let over = AtomicBool::new(false);
    thread::scope(|scope| {
        let large = scope.spawn(|| {
            let mut client = running.server.client();
            while !over.load(Ordering::Relaxed) {
                client.push_blob_from("bench/blob", digest, bytes.len() as u64, &mut &bytes[..])?;
            }
            Ok(())
        });
        let rate = small();
        over.store(true, Ordering::Relaxed);
        let large = large.join();
        large.unwrap_or_else(|_| anyhow::bail!("the large push panicked"))?;
        Ok(rate?.0)
    })
}
