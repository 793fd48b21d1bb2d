//! Memory: at rest, and while four clients push more than fits in it.

use std::io::{self, Read};
use std::thread;

use anyhow::{Result, ensure};
use berth_drive::{Random, Server};

use crate::bench::registry::contender::Kind;
use crate::bench::registry::row::{Row, Unit};
use crate::bench::registry::stage::Stage;

const CLIENTS: u8 = 4;
const BLOCK: usize = 1 << 20;

pub(crate) fn measure(stage: &Stage, gigabytes: u64) -> Result<Vec<Row>> {
    let kinds = [Kind::Berth, Kind::DockerRegistry, Kind::Registry3];
    let mut idle = Row::new("memory at rest".to_owned(), Unit::Megabytes, &kinds);
    let mut grown = Row::new(
        format!("memory more while {CLIENTS} clients push {gigabytes} GB each"),
        Unit::Megabytes,
        &kinds,
    );
    let needed = gigabytes * u64::from(CLIENTS) + 5;
    for (place, kind) in kinds.iter().enumerate() {
        let room = stage.room()?;
        ensure!(
            room >= needed,
            "{room} GB of room on the disk, and {needed} are needed"
        );
        let running = kind.start(stage)?;
        let (before, _) = running.memory()?;
        push_all(&running.server, gigabytes)?;
        let (_, most) = running.memory()?;
        eprintln!("{kind}: {before:.1} MB at rest, {most:.1} MB at most");
        idle.add(place, before);
        grown.add(place, most - before);
    }
    Ok(vec![idle.at_least(1.0, &[Kind::DockerRegistry]), grown])
}

fn push_all(server: &Server, gigabytes: u64) -> Result<()> {
    thread::scope(|scope| {
        let clients: Vec<_> = (0..CLIENTS)
            .map(|client| scope.spawn(move || push(server, client, gigabytes * 1_000_000_000)))
            .collect();
        clients.into_iter().try_for_each(|client| {
            client
                .join()
                .unwrap_or_else(|_| anyhow::bail!("a client panicked"))
        })
    })
}

fn push(server: &Server, seed: u8, length: u64) -> Result<()> {
    let digest = berth_drive::sha256_of(&mut Endless::new(seed).take(length))?;
    let mut bytes = Endless::new(seed);
    server
        .client()
        .push_blob_from("bench/huge", &digest, length, &mut bytes.by_ref().take(length))
}

/// The same random block over and over, another for each seed.
struct Endless {
    block: Vec<u8>,
    at: usize,
}

impl Endless {
    fn new(seed: u8) -> Self {
        let block = Random::new(u64::from(seed)).bytes(BLOCK);
        Self { block, at: 0 }
    }
}

impl Read for Endless {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let rest = &self.block[self.at..];
        let count = rest.len().min(buffer.len());
        buffer[..count].copy_from_slice(&rest[..count]);
        self.at = (self.at + count) % self.block.len();
        Ok(count)
    }
}
