//! `cargo xtask bench render`: a hundred registries in one run, in milliseconds and in instructions; as many releases of
//! the comparable charts beside them, where `BERTH_CHARTS` names the folder of the charts; and the plan of five hundred
//! objects against an API server on this machine.

mod charts;
mod documents;
mod line;
mod plan;

use std::fs;
use std::path::Path;

use anyhow::{Context as _, Result, bail};

use crate::bench::{machine, table};
use crate::packages::FOR_RENDERING;
use crate::{packages, program, programs};
use line::Line;

#[derive(clap::Args)]
pub(crate) struct Options {
    /// Timed runs, after one that warms up
    #[arg(long, default_value_t = 9)]
    runs: u32,
    /// Leave out the plan, which needs a control plane
    #[arg(long)]
    no_plan: bool,
}

/// How many registries of each kind.
const OF_EACH: usize = 25;

pub(crate) fn run(options: &Options) -> Result<()> {
    packages::install(FOR_RENDERING)?;
    program::run(program::cargo().args(["build", "--release", "--package", "berth"]))?;
    let berth = program::target().join("release/berth");
    let scene = tempfile::Builder::new().prefix("bench-").tempdir()?;
    let scene = scene.path();

    let all = scene.join("all.yaml");
    fs::write(&all, documents::of_each(OF_EACH))?;
    let hundred = Line::render(&berth, &all);
    let objects = objects(&hundred)?;
    let charts = charts::find()?;
    if !options.no_plan {
        programs::build(plan::PROGRAMS)?;
    }
    println!("\n{}", machine::line(&berth, &[], scene));
    println!("{}\n", charts::told(&charts)?);
    println!("| median (lowest to highest) | Berth | peer | peer's time for each of Berth's |");
    println!("|---|---|---|---|");
    let (times, _) = line::side_by_side(options.runs, &[&hundred], &[])?;
    let count = OF_EACH * documents::DOCUMENTS.len();
    let name = format!("`render`: {count} registries, {objects} objects, one run");
    table::print_times(&name, times, None);
    for chart in &charts {
        for count in [1, OF_EACH] {
            chart.measure(&berth, scene, count, options.runs)?;
        }
    }
    if !options.no_plan {
        plan::measure(&berth, scene, options.runs)?;
    }
    println!(
        "\n{} instructions for the first row",
        instructions(&hundred, scene)?
    );
    Ok(())
}

/// How many objects come out; an error shows what was said.
fn objects(render: &Line) -> Result<usize> {
    let text = render.said()?;
    Ok(text.lines().filter(|line| line.starts_with("kind: ")).count())
}

/// Instructions, counted by callgrind: they don't depend on what else the machine does.
fn instructions(line: &Line, scene: &Path) -> Result<u64> {
    let valgrind = program::find("valgrind").context("valgrind is not installed")?;
    let out = format!("--callgrind-out-file={}", scene.join("callgrind.out").display());
    let output = line.within(&valgrind, &["--tool=callgrind", &out]).output()?;
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    let counted = said.lines().find_map(|line| line.split_once("Collected :"));
    let Some((_, number)) = counted else {
        bail!("callgrind counted nothing: {said}");
    };
    number.trim().parse().context("reading what callgrind counted")
}
