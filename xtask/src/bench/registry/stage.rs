//! What all rows share: the programs, a folder on the disk that is measured, and the order of turns.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, Result};
use berth_drive::{Recipe, Server};
use tempfile::TempDir;

use crate::bench::machine;
use crate::bench::registry::contender::{Kind, Running};
use crate::bench::registry::row::{Row, Unit};
use crate::packages::FOR_BENCHES;
use crate::{packages, program, programs};

pub(crate) struct Stage {
    pub(crate) berth: PathBuf,
    pub(crate) docker_registry: PathBuf,
    pub(crate) registry_3: PathBuf,
    pub(crate) nginx: PathBuf,
    pub(crate) reference: PathBuf,
    scene: TempDir,
}

impl Stage {
    /// Builds and installs what isn't there yet.
    pub(crate) fn new() -> Result<Self> {
        packages::install(FOR_BENCHES)?;
        programs::build(&["registry"])?;
        let mut build = program::cargo();
        build.args([
            "build",
            "--release",
            "--package",
            "berth",
            "--package",
            "berth-drive",
        ]);
        program::run(build.arg("--bins"))?;
        let built = program::target().join("release");
        let found = |name: &str| program::find(name).with_context(|| format!("{name} is not installed"));
        let stage = Self {
            berth: built.join("berth"),
            reference: built.join("reference"),
            docker_registry: found("docker-registry")?,
            registry_3: Recipe::named("registry")?.folder().join("registry"),
            nginx: found("nginx")?,
            scene: tempfile::Builder::new()
                .prefix("bench-")
                .tempdir_in(program::target())?,
        };
        stage.make_certificate()?;
        Ok(stage)
    }

    /// A new folder on the disk that is measured.
    pub(crate) fn folder(&self) -> Result<TempDir> {
        Ok(tempfile::tempdir_in(self.scene.path())?)
    }

    /// A certificate and its key, for whoever serves over TLS.
    pub(crate) fn certificate(&self) -> (PathBuf, PathBuf) {
        let folder = self.scene.path();
        (folder.join("certificate.pem"), folder.join("key.pem"))
    }

    /// The line on the machine and the versions.
    pub(crate) fn machine(&self) -> String {
        let peers = [self.docker_registry.as_path(), &self.registry_3];
        let line = machine::line(&self.berth, &peers, self.scene.path());
        // nginx tells its version on the other output, and with another word.
        let nginx = Command::new(&self.nginx).arg("-v").output();
        let nginx = nginx.map(|output| output.stderr).unwrap_or_default();
        format!("{line} {}", String::from_utf8_lossy(&nginx).trim())
    }

    pub(crate) fn start(&self, kinds: &[Kind]) -> Result<Vec<Running>> {
        kinds.iter().map(|kind| kind.start(self)).collect()
    }

    /// Free room on the disk that is measured, in GB.
    pub(crate) fn room(&self) -> Result<u64> {
        let mut df = Command::new("df");
        let output = df
            .args(["--block-size=1GB", "--output=avail"])
            .arg(self.scene.path());
        let output = output.output().context("starting df")?;
        let text = String::from_utf8_lossy(&output.stdout);
        let room = text.lines().last().and_then(|line| line.trim().parse().ok());
        room.with_context(|| format!("no number in df's answer {text:?}"))
    }

    /// Measures all that run, `runs` times after a warm-up; `once` gets the number of the run.
    pub(crate) fn measure(
        name: String,
        unit: Unit,
        runs: u32,
        running: &[Running],
        mut once: impl FnMut(&Running, u32) -> Result<f64>,
    ) -> Result<Row> {
        let kinds: Vec<_> = running.iter().map(|running| running.kind).collect();
        Self::measure_by_turns(name, unit, runs, &kinds, |place, run| once(&running[place], run))
    }

    /// The same, each time with a program that was started for it, over an empty folder that is removed after.
    pub(crate) fn measure_anew(
        &self,
        name: String,
        unit: Unit,
        runs: u32,
        kinds: &[Kind],
        mut once: impl FnMut(&Running, u32) -> Result<f64>,
    ) -> Result<Row> {
        Self::measure_by_turns(name, unit, runs, kinds, |place, run| {
            once(&kinds[place].start(self)?, run)
        })
    }

    fn measure_by_turns(
        name: String,
        unit: Unit,
        runs: u32,
        kinds: &[Kind],
        mut once: impl FnMut(usize, u32) -> Result<f64>,
    ) -> Result<Row> {
        let mut row = Row::new(name, unit, kinds);
        for run in 0..=runs {
            for turn in 0..kinds.len() {
                let place = (turn + run as usize) % kinds.len();
                // What one run left to be written must not burden the next.
                program::run(&mut Command::new("sync"))?;
                let value = once(place, run)?;
                let warm = if run == 0 { "warm-up" } else { "run" };
                eprintln!("{}, {warm}: {} {value:.2} {unit}", row.name, kinds[place]);
                if run > 0 {
                    row.add(place, value);
                }
            }
        }
        Ok(row)
    }

    fn make_certificate(&self) -> Result<()> {
        let (certificate, key) = self.certificate();
        let mut openssl = Command::new("openssl");
        openssl.args(["req", "-x509", "-nodes", "-days", "2", "-subj", "/CN=bench"]);
        openssl.args(["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1"]);
        openssl.args(["-addext", "subjectAltName=IP:127.0.0.1"]);
        openssl.args(["-addext", "basicConstraints=critical,CA:FALSE"]);
        openssl.arg("-keyout").arg(key).arg("-out").arg(certificate);
        let output = openssl.output().context("starting openssl")?;
        anyhow::ensure!(output.status.success(), "openssl made no certificate");
        Ok(())
    }
}

/// The bytes of a large blob: others in each run, and none of them worth compressing.
pub(crate) fn blob(size: usize, run: u32) -> Vec<u8> {
    let mut bytes = berth_drive::Random::new(70).bytes(1_000_000).repeat(size);
    bytes[..4].copy_from_slice(&run.to_le_bytes());
    bytes
}

/// Gives each what it serves at `path`: a file, or a push by `push`.
pub(crate) fn furnish(
    running: &[Running],
    path: &str,
    bytes: &[u8],
    mut push: impl FnMut(&Running, &Server) -> Result<()>,
) -> Result<()> {
    for each in running {
        if each.kind.serves_files() {
            each.give(path, bytes)?;
        } else {
            push(each, &each.server)?;
        }
    }
    Ok(())
}

/// Writes a file, and the folders above it: what is served, or what lies behind a registry's back.
pub(crate) fn plant(file: &Path, bytes: &[u8]) -> Result<()> {
    if let Some(folder) = file.parent() {
        fs::create_dir_all(folder)?;
    }
    fs::write(file, bytes).with_context(|| format!("writing {}", file.display()))
}
