//! Berth (release build) and Docker's registry, alternating: each run of one is followed by the same run of the
//! other, with the same bytes, on the same disk, and who goes first changes from run to run.

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context as _, Result};
use berth_drive::{Server, quickstart};

use crate::bench::table::{Rate, Row};
use crate::bench::{blob, machine, small_images, small_manifest, table};
use crate::packages::FOR_BENCHES;
use crate::{packages, program};

#[derive(clap::Args)]
pub(crate) struct Options {
    /// Timed runs of each registry, after one that warms up
    #[arg(long, default_value_t = 5)]
    runs: u32,
    /// Size of the large blob, in MB
    #[arg(long, default_value_t = 200)]
    blob: usize,
    /// Small images pushed in a run
    #[arg(long, default_value_t = 500)]
    images: u32,
    /// Seconds of manifest pulls in a run
    #[arg(long, default_value_t = 5)]
    seconds: u32,
}

/// The two registries that are compared.
pub(crate) struct Pair {
    berth: Server,
    peer: Server,
}

pub(crate) fn run(options: &Options) -> Result<()> {
    packages::install(FOR_BENCHES)?;
    program::run(program::cargo().args(["build", "--release", "--package", "berth"]))?;
    let berth = program::target().join("release/berth");
    let peer = program::find("docker-registry").context("docker-registry is not installed")?;

    let scene = tempfile::Builder::new()
        .prefix("bench-")
        .tempdir_in(program::target())?;
    let folder = |name: &str| -> Result<PathBuf> {
        let folder = scene.path().join(name);
        fs::create_dir(&folder)?;
        Ok(folder)
    };
    let ours = folder("berth")?;
    let pair = Pair {
        berth: Server::berth(&berth, &ours, &quickstart(&ours.join("data")))?,
        peer: Server::docker_registry(&peer, &folder("docker-registry")?)?,
    };
    let mut rows = blob::measure(&pair, options.runs, options.blob)?;
    rows.push(small_manifest::measure(&pair, options.runs, options.seconds)?);
    rows.push(small_images::measure(&pair, options.runs, options.images)?);
    println!("\n{}\n", machine::line(&berth, &peer, scene.path()));
    table::print(&rows);
    Ok(())
}

impl Pair {
    /// Measures both `runs` times after a warm-up; `once` gets the number of the run, and gives a value in `unit`.
    pub(crate) fn measure(
        &self,
        name: String,
        unit: Rate,
        runs: u32,
        mut once: impl FnMut(&Server, u32) -> Result<f64>,
    ) -> Result<Row> {
        let mut row = Row {
            name,
            unit,
            berth: Vec::new(),
            peer: Vec::new(),
        };
        for run in 0..=runs {
            let berth_first = run % 2 == 0;
            let (first, second) = if berth_first {
                (&self.berth, &self.peer)
            } else {
                (&self.peer, &self.berth)
            };
            let (first, second) = (settled(|| once(first, run))?, settled(|| once(second, run))?);
            let (berth, peer) = if berth_first {
                (first, second)
            } else {
                (second, first)
            };
            eprintln!(
                "{} {}: {berth:.1} and {peer:.1} {unit}",
                row.name,
                if run == 0 { "warm-up" } else { "run" }
            );
            if run > 0 {
                row.berth.push(berth);
                row.peer.push(peer);
            }
        }
        Ok(row)
    }

    /// Both registries, to set a scene up in.
    pub(crate) fn both(&self) -> [&Server; 2] {
        [&self.berth, &self.peer]
    }
}

/// What one run left to be written must not burden the next.
fn settled(work: impl FnOnce() -> Result<f64>) -> Result<f64> {
    program::run(&mut Command::new("sync"))?;
    work()
}
