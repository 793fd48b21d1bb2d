//! The first page of the tags of a repository that has very many.

use std::time::Instant;

use anyhow::Result;
use berth_drive::{Body, Image};

use crate::bench::registry::contender::{Kind, Running};
use crate::bench::registry::row::{Row, Unit};
use crate::bench::registry::stage::{Stage, plant};
use crate::bench::table::percentile;

const PATH: &str = "/v2/bench/tags/tags/list?n=1000";
/// Lists asked for in a run: Docker's registry reads the whole folder for each.
const LISTS: usize = 20;

pub(crate) fn measure(stage: &Stage, runs: u32, tags: u32) -> Result<Vec<Row>> {
    let kinds = [Kind::Berth, Kind::DockerRegistry, Kind::Registry3];
    let running: Result<Vec<_>> = kinds.iter().map(|kind| start(stage, *kind, tags)).collect();
    let name = format!("p99 of the first 1,000 of {tags} tags");
    let row = Stage::measure(name, Unit::Milliseconds, runs, &running?, |running, _| {
        let mut client = running.server.client();
        let mut waits = Vec::new();
        for _ in 0..LISTS {
            let start = Instant::now();
            let (head, body) = client.send("GET", PATH, &[], Body::Empty)?;
            waits.push(start.elapsed().as_secs_f64() * 1e3);
            anyhow::ensure!(head.status == 200 && body.len() > 8000, "{PATH}: {}", head.status);
        }
        Ok(percentile(waits, 99))
    })?;
    Ok(vec![row.at_least(50.0, &[Kind::DockerRegistry])])
}

/// A registry whose folder got its tags behind its back, in the layout that all of them share.
fn start(stage: &Stage, kind: Kind, tags: u32) -> Result<Running> {
    let running = kind.start(stage)?;
    let image = Image::tiny(90);
    running.server.client().push_image("bench/tags", "v1", &image)?;
    let (kind, folder) = running.stop()?;
    let repository = folder
        .path()
        .join("data/docker/registry/v2/repositories/bench/tags/_manifests/tags");
    let (digest, hex) = (image.digest(), image.digest()[7..].to_owned());
    for number in 0..tags {
        let tag = repository.join(format!("t{number:06}"));
        plant(&tag.join("current/link"), digest.as_bytes())?;
        plant(
            &tag.join("index/sha256").join(&hex).join("link"),
            digest.as_bytes(),
        )?;
    }
    kind.start_on(stage, folder)
}
