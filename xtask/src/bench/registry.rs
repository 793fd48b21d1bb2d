//! Berth (release build) beside its peers: each run of one is followed by the same run of the others, with the same
//! bytes, on the same disk, and who goes first changes from run to run.

mod contender;
mod crowded_manifest;
mod large_pull;
mod large_push;
mod memory;
mod row;
mod small_images;
mod small_manifest;
mod stage;
mod tag_list;
mod wrk;

use std::time::Duration;

use anyhow::Result;

use crate::bench::registry::row::Row;
use crate::bench::registry::stage::Stage;

#[derive(clap::Args)]
pub(crate) struct Options {
    /// Timed runs of each, after one that warms up
    #[arg(long, default_value_t = 9)]
    runs: u32,
    /// Size of the large blob, in MB
    #[arg(long, default_value_t = 200)]
    blob: usize,
    /// Small images pushed in a run
    #[arg(long, default_value_t = 2000)]
    images: u32,
    /// Tags of the repository whose list is asked for
    #[arg(long, default_value_t = 100_000)]
    tags: u32,
    /// Seconds of pulls in a run
    #[arg(long, default_value_t = 3)]
    seconds: u64,
    /// GB that each of four clients pushes while memory is watched
    #[arg(long, default_value_t = 5)]
    gigabytes: u64,
    /// Only these rows
    #[arg(long, value_enum, value_delimiter = ',')]
    only: Vec<Work>,
}

/// What is measured; each is a row of the table, or several.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum Work {
    LargePull,
    CrowdedManifest,
    LargePush,
    SmallManifest,
    SmallImages,
    TagList,
    Memory,
}

impl Work {
    fn measure(self, stage: &Stage, options: &Options) -> Result<Vec<Row>> {
        let (runs, time) = (options.runs, Duration::from_secs(options.seconds));
        match self {
            Self::LargePull => large_pull::measure(stage, runs, options.blob, time),
            Self::CrowdedManifest => crowded_manifest::measure(stage, runs, options.blob, time),
            Self::LargePush => large_push::measure(stage, runs, options.blob),
            Self::SmallManifest => small_manifest::measure(stage, runs, time),
            Self::SmallImages => small_images::measure(stage, runs, options.images, options.blob),
            Self::TagList => tag_list::measure(stage, runs, options.tags),
            Self::Memory => memory::measure(stage, options.gigabytes),
        }
    }
}

pub(crate) fn run(options: &Options) -> Result<()> {
    let stage = Stage::new()?;
    let every = <Work as clap::ValueEnum>::value_variants();
    let wanted = every
        .iter()
        .filter(|work| options.only.is_empty() || options.only.contains(work));
    let mut rows = Vec::new();
    for work in wanted {
        rows.extend(work.measure(&stage, options)?);
    }
    println!("\n{}\n", stage.machine());
    row::print(&rows);
    Ok(())
}
