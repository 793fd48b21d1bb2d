//! `cargo xtask fuzz`: libFuzzer over what comes from the wire.
//!
//! The targets stand in `fuzz/`, with the inputs that a run starts from. What a run finds worth keeping lies in
//! `target/fuzz/corpus`, so that the next one goes on from there; an input that breaks a target lies in
//! `target/fuzz/artifacts`. The compiler is the stable one: instrumentation is a flag of its code generator.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command};

use anyhow::{Context as _, Result, bail};

use crate::program;

const TARGETS: [&str; 6] = ["names", "references", "digests", "ranges", "manifests", "uploads"];

/// As many as this run beside each other.
const AT_ONCE: usize = 2;

/// Coverage of edges, as libFuzzer reads it.
const INSTRUMENTED: &str = "-Cpasses=sancov-module -Cllvm-args=-sanitizer-coverage-level=4 \
     -Cllvm-args=-sanitizer-coverage-inline-8bit-counters -Cllvm-args=-sanitizer-coverage-pc-table \
     -Cllvm-args=-sanitizer-coverage-trace-compares -Ccodegen-units=1 --cfg fuzzing";

#[derive(clap::Args)]
pub(crate) struct Options {
    /// Which; without any, all of them
    #[arg(value_parser = TARGETS)]
    targets: Vec<String>,
    /// Minutes of each target
    #[arg(long, default_value_t = 10)]
    minutes: u64,
}

pub(crate) fn run(options: &Options) -> Result<()> {
    let folder = program::target().join("fuzz");
    let built = build(&folder)?;
    let mut targets: Vec<&str> = options.targets.iter().map(String::as_str).collect();
    if targets.is_empty() {
        targets.extend(TARGETS);
    }
    let mut broken = Vec::new();
    for pair in targets.chunks(AT_ONCE) {
        let running: Result<Vec<_>> = pair
            .iter()
            .map(|target| Ok((target, start(target, &built, &folder, options.minutes)?)))
            .collect();
        for (target, mut child) in running? {
            let status = child.wait().with_context(|| format!("waiting for {target}"))?;
            println!("fuzz {target}: {} minutes, {status}", options.minutes);
            if !status.success() {
                broken.push(*target);
            }
        }
    }
    if !broken.is_empty() {
        bail!(
            "broken: {}; the inputs are in {}",
            broken.join(", "),
            folder.join("artifacts").display()
        );
    }
    Ok(())
}

/// Builds all targets; the folder of their programs.
fn build(folder: &Path) -> Result<PathBuf> {
    let host = host()?;
    let mut command = program::cargo();
    command
        .current_dir(program::workspace().join("fuzz"))
        .args(["build", "--release", "--bins", "--target", &host, "--target-dir"])
        .arg(folder)
        .env("RUSTFLAGS", INSTRUMENTED);
    program::run(&mut command)?;
    Ok(folder.join(host).join("release"))
}

/// The name of this machine's target: naming it keeps the flags away from build scripts.
fn host() -> Result<String> {
    let output = Command::new("rustc")
        .arg("-vV")
        .output()
        .context("starting rustc")?;
    let told = String::from_utf8_lossy(&output.stdout).into_owned();
    let host = told.lines().find_map(|line| line.strip_prefix("host: "));
    Ok(host.context("rustc doesn't say its host")?.to_owned())
}

fn start(target: &str, built: &Path, folder: &Path, minutes: u64) -> Result<Child> {
    let kept = folder.join("corpus").join(target);
    let artifacts = folder.join("artifacts").join(target);
    fs::create_dir_all(&kept).with_context(|| format!("making {}", kept.display()))?;
    fs::create_dir_all(&artifacts).with_context(|| format!("making {}", artifacts.display()))?;
    let log = folder.join(format!("{target}.log"));
    let log = fs::File::create(&log).with_context(|| format!("making {}", log.display()))?;
    println!(
        "fuzz {target}: {}",
        folder.join(format!("{target}.log")).display()
    );
    let mut command = Command::new(built.join(target));
    command
        .arg(&kept)
        .arg(program::workspace().join("fuzz/corpus").join(target))
        .arg(format!("-max_total_time={}", minutes * 60))
        .arg(format!("-artifact_prefix={}/", artifacts.display()))
        .args(["-print_final_stats=1", "-timeout=60", "-rss_limit_mb=2048"])
        .stdout(log.try_clone()?)
        .stderr(log);
    command.spawn().with_context(|| format!("starting {target}"))
}
