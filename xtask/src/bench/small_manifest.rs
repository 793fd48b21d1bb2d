//! A small manifest, pulled by wrk over 32 connections.

use std::process::Command;

use anyhow::{Context as _, Result, bail};
use berth_drive::{Image, MANIFEST_TYPE, Server};

use crate::bench::registry::Pair;
use crate::bench::table::{Rate, Row};
use crate::program;

const CONNECTIONS: u32 = 32;

pub(crate) fn measure(pair: &Pair, runs: u32, seconds: u32) -> Result<Row> {
    for server in pair.both() {
        server
            .client()
            .push_image("bench/manifest", "v1", &Image::tiny(80))?;
    }
    let name = format!("pulls of a small manifest, {CONNECTIONS} connections");
    pair.measure(name, Rate::Answers, runs, |server, _| wrk(server, seconds))
}

fn wrk(server: &Server, seconds: u32) -> Result<f64> {
    let mut command = Command::new("wrk");
    command.args([
        "--threads",
        "2",
        "--connections",
        &CONNECTIONS.to_string(),
        "--duration",
        &format!("{seconds}s"),
    ]);
    command.args(["--header", &format!("Accept: {MANIFEST_TYPE}")]);
    command.arg(format!(
        "http://{}/v2/bench/manifest/manifests/v1",
        server.address()
    ));
    let output = command
        .output()
        .with_context(|| format!("starting `{}`", program::shown(&command)))?;
    let text = String::from_utf8_lossy(&output.stdout);
    if !output.status.success() || text.contains("Non-2xx") || text.contains("Socket errors") {
        bail!(
            "wrk met errors: {text}{}",
            String::from_utf8_lossy(&output.stderr)
        );
    }
    let rate = text.lines().find_map(|line| line.strip_prefix("Requests/sec:"));
    rate.and_then(|rate| rate.trim().parse().ok())
        .with_context(|| format!("no rate in wrk's output: {text}"))
}
