//! Many small images (a config, a layer of 10 kB, a manifest), pushed by 16 clients.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::Instant;

use anyhow::Result;
use berth_drive::{Image, Server};

use crate::bench::registry::Pair;
use crate::bench::table::{Rate, Row};

const CLIENTS: usize = 16;

pub(crate) fn measure(pair: &Pair, runs: u32, count: u32) -> Result<Row> {
    let mut images = Vec::new();
    let mut prepared = None;
    pair.measure(
        format!("{count} small pushes, {CLIENTS} clients"),
        Rate::Images,
        runs,
        |server, run| {
            if prepared != Some(run) {
                let seeds = u64::from(run) * u64::from(count)..u64::from(run + 1) * u64::from(count);
                images = seeds.map(|seed| Image::tiny(1_000_000 + seed)).collect();
                prepared = Some(run);
            }
            let start = Instant::now();
            push_all(server, run, &images)?;
            Ok(f64::from(count) / start.elapsed().as_secs_f64())
        },
    )
}

fn push_all(server: &Server, run: u32, images: &[Image]) -> Result<()> {
    let next = AtomicUsize::new(0);
    thread::scope(|scope| {
        let clients: Vec<_> = (0..CLIENTS)
            .map(|_| scope.spawn(|| push_some(server, run, images, &next)))
            .collect();
        clients.into_iter().try_for_each(|client| {
            client
                .join()
                .unwrap_or_else(|_| anyhow::bail!("a client panicked"))
        })
    })
}

fn push_some(server: &Server, run: u32, images: &[Image], next: &AtomicUsize) -> Result<()> {
    let mut client = server.client();
    loop {
        let number = next.fetch_add(1, Ordering::Relaxed);
        let Some(image) = images.get(number) else {
            return Ok(());
        };
        client.push_image("bench/small", &format!("run-{run}-{number}"), image)?;
    }
}
