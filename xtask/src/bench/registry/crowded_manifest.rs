//! A small manifest, asked for while eight clients pull a large blob.

use std::thread::sleep;
use std::time::{Duration, Instant};

use anyhow::Result;
use berth_drive::{Body, Image, MANIFEST_TYPE, sha256};

use crate::bench::registry::contender::{Kind, Running};
use crate::bench::registry::row::{Row, Unit};
use crate::bench::registry::stage::{Stage, blob, furnish};
use crate::bench::registry::wrk::{Load, Seen};
use crate::bench::table::percentile;

const MANIFEST: &str = "/v2/bench/blob/manifests/v1";

pub(crate) fn measure(stage: &Stage, runs: u32, size: usize, time: Duration) -> Result<Vec<Row>> {
    let bytes = blob(size, 0);
    let path = format!("/v2/bench/blob/blobs/{}", sha256(&bytes));
    let image = Image::tiny(80);
    let running = stage.start(&[Kind::Berth, Kind::Nginx, Kind::DockerRegistry, Kind::Registry3])?;
    furnish(&running, &path, &bytes, |_, server| {
        server.client().push_blob("bench/blob", &bytes).map(drop)
    })?;
    furnish(&running, MANIFEST, &image.manifest, |_, server| {
        server.client().push_image("bench/blob", "v1", &image)
    })?;
    let name = "p99 of a manifest while 8 clients pull a large blob".to_owned();
    let row = Stage::measure(name, Unit::Milliseconds, runs, &running, |running, _| {
        let load = Load {
            url: running.url(&path),
            connections: 8,
            time,
            authorization: None,
        };
        let pulls = load.start()?;
        let seen = ask(running, time);
        Seen::of(pulls)?;
        seen
    })?;
    Ok(vec![row.at_least(0.5, &[Kind::Nginx])])
}

/// The p99 of manifests asked for one after the other, in ms, while the pulls run.
fn ask(running: &Running, time: Duration) -> Result<f64> {
    let mut client = running.server.client();
    let mut waits = Vec::new();
    let start = Instant::now();
    // The pulls have begun, and don't end before this does.
    sleep(Duration::from_millis(200));
    while start.elapsed() + Duration::from_millis(300) < time {
        let asked = Instant::now();
        let (head, _) = client.send("GET", MANIFEST, &[("accept", MANIFEST_TYPE)], Body::Empty)?;
        anyhow::ensure!(head.status == 200, "{MANIFEST}: {}", head.status);
        waits.push(asked.elapsed().as_secs_f64() * 1e3);
        sleep(Duration::from_millis(2));
    }
    Ok(percentile(waits, 99))
}
