//! A small manifest by its tag, over 32 connections.

use std::time::Duration;

use anyhow::Result;
use berth_drive::Image;

use crate::bench::registry::contender::{ANN, Kind};
use crate::bench::registry::row::{Row, Unit};
use crate::bench::registry::stage::{Stage, furnish};
use crate::bench::registry::wrk::Load;

const PATH: &str = "/v2/bench/manifest/manifests/v1";
const CONNECTIONS: u32 = 32;

pub(crate) fn measure(stage: &Stage, runs: u32, time: Duration) -> Result<Vec<Row>> {
    let peers = [Kind::Nginx, Kind::DockerRegistry, Kind::Registry3];
    let open = [&[Kind::Berth], peers.as_slice()].concat();
    let open = pull(stage, runs, time, &open)?;
    let with_password = pull(stage, runs, time, &[Kind::BerthWithPassword, Kind::Nginx])?;
    Ok(vec![
        open.at_least(1.1, &[Kind::Nginx]),
        with_password.at_least(1.0, &[Kind::Nginx]),
    ])
}

fn pull(stage: &Stage, runs: u32, time: Duration, kinds: &[Kind]) -> Result<Row> {
    let image = Image::tiny(80);
    let running = stage.start(kinds)?;
    furnish(&running, PATH, &image.manifest, |running, server| {
        let mut client = server.client();
        if running.kind == Kind::BerthWithPassword {
            client = client.authorized(ANN);
        }
        client.push_image("bench/manifest", "v1", &image)
    })?;
    let name = format!("manifest by tag, {CONNECTIONS} connections");
    Stage::measure(name, Unit::AnswersASecond, runs, &running, |running, _| {
        let load = Load {
            url: running.url(PATH),
            connections: CONNECTIONS,
            time,
            authorization: (running.kind == Kind::BerthWithPassword).then_some(ANN),
        };
        load.run()?.answers_a_second()
    })
}
