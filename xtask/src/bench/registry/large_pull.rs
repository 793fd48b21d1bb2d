//! A large blob, pulled by one client and by eight; over TLS too.

use std::time::Duration;

use anyhow::Result;
use berth_drive::sha256;

use crate::bench::registry::contender::Kind;
use crate::bench::registry::row::{Row, Unit};
use crate::bench::registry::stage::{Stage, blob, furnish};
use crate::bench::registry::wrk::Load;

const PEERS: [Kind; 3] = [Kind::Nginx, Kind::DockerRegistry, Kind::Registry3];
const BARE: [Kind; 2] = [Kind::BareSendFile, Kind::BareWrite];

pub(crate) fn measure(stage: &Stage, runs: u32, size: usize, time: Duration) -> Result<Vec<Row>> {
    let plain = [&[Kind::Berth], PEERS.as_slice(), BARE.as_slice()].concat();
    let mut rows = Vec::new();
    for connections in [1, 8] {
        let row = pull(stage, runs, size, time, connections, &plain)?;
        rows.push(row.at_least(1.2, &PEERS).at_least(0.9, &BARE));
    }
    for connections in [1, 8] {
        let over_tls = [Kind::BerthOverTls, Kind::NginxOverTls];
        rows.push(pull(stage, runs, size, time, connections, &over_tls)?);
    }
    Ok(rows)
}

fn pull(
    stage: &Stage,
    runs: u32,
    size: usize,
    time: Duration,
    connections: u32,
    kinds: &[Kind],
) -> Result<Row> {
    let bytes = blob(size, 0);
    let digest = sha256(&bytes);
    let path = format!("/v2/bench/blob/blobs/{digest}");
    let running = stage.start(kinds)?;
    furnish(&running, &path, &bytes, |running, server| {
        let mut client = server.client();
        if running.kind == Kind::BerthOverTls {
            let certificate = std::fs::read_to_string(stage.certificate().0)?;
            client = client.trusting(&certificate)?;
        }
        client.push_blob("bench/blob", &bytes).map(drop)
    })?;
    let scheme = kinds[0].scheme();
    let name = format!("pull of a {size} MB blob, {connections} at once, {scheme}");
    Stage::measure(name, Unit::MegabytesASecond, runs, &running, |running, _| {
        let load = Load {
            url: running.url(&path),
            connections,
            time,
            authorization: None,
        };
        load.run()?.megabytes_a_second()
    })
}
