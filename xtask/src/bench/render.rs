//! `cargo xtask bench render`: a hundred registries in one run, in milliseconds and in instructions; and one registry
//! beside `helm template` of the comparable chart, where `BERTH_CHARTS` names the folder of the charts.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Instant;

use anyhow::{Context as _, Result, bail};
use berth_drive::program as built;

use crate::bench::{machine, table};
use crate::packages::FOR_RENDERING;
use crate::{packages, program, programs};

#[derive(clap::Args)]
pub(crate) struct Options {
    /// Timed runs, after one that warms up
    #[arg(long, default_value_t = 9)]
    runs: u32,
}

/// How many registries of each kind.
const OF_EACH: usize = 25;
/// The kinds, and a document of each: what production asks for, `NAME` standing for the name.
const DOCUMENTS: [(&str, &str); 4] = [
    (
        "docker-registry",
        "kind: DockerRegistry
metadata: {name: NAME}
spec:
  replicas: 2
  http: {secret: {env: HTTP_SECRET}}
  storage: {driver: s3, s3: {enabled: true, region: eu-west-1, bucket: NAME, encrypt: true}}
  auth: {enabled: true, scheme: basic, htpasswd: {realm: team}}
  exposure: {ingress: {host: NAME.example.com, className: nginx, tls: {secretName: NAME-tls}}}
  metrics: {enabled: true, serviceMonitor: {enabled: true}}
",
    ),
    (
        "harbor",
        "kind: HarborRegistry
metadata: {name: NAME}
spec:
  externalURL: https://NAME.example.com
  coreReplicas: 2
  database: {host: postgres.example.com, username: harbor, password: {env: DATABASE_PASSWORD}}
  redis: {host: redis.example.com}
  exposure: {ingress: {host: NAME.example.com, className: nginx, tls: {secretName: NAME-tls}}}
",
    ),
    (
        "nexus",
        "kind: NexusRegistry
metadata: {name: NAME}
spec:
  persistence: {size: 100Gi}
  exposure: {ingress: {host: NAME.example.com, className: nginx, tls: {secretName: NAME-tls}}}
",
    ),
    (
        "artifactory",
        "kind: ArtifactoryRegistry
metadata: {name: NAME}
spec:
  database: {url: \"jdbc:postgresql://postgres.example.com:5432/artifactory\", username: artifactory, password: {env: DATABASE_PASSWORD}}
  persistence: {size: 100Gi}
  exposure: {ingress: {host: NAME.example.com, className: nginx, tls: {secretName: NAME-tls}}}
",
    ),
];

pub(crate) fn run(options: &Options) -> Result<()> {
    packages::install(FOR_RENDERING)?;
    program::run(program::cargo().args(["build", "--release", "--package", "berth"]))?;
    let berth = program::target().join("release/berth");
    let scene = tempfile::Builder::new().prefix("bench-").tempdir()?;
    write_documents(scene.path())?;

    let hundred = render(&berth, &scene.path().join("all"));
    let objects = objects(&berth, &scene.path().join("all"))?;
    println!(
        "\n{}\n",
        machine::line(&berth, &[Path::new("helm")], scene.path())
    );
    println!("| median (lowest to highest) | Berth | helm template |");
    println!("|---|---|---|");
    let times = milliseconds(options.runs, &hundred)?;
    println!(
        "| {} registries, {objects} objects, one run | {} ms | |",
        OF_EACH * DOCUMENTS.len(),
        table::spread(times, 0)
    );
    for (kind, _) in DOCUMENTS {
        let ours = render(&berth, &scene.path().join(format!("{kind}.yaml")));
        let ours = milliseconds(options.runs, &ours)?;
        let theirs = match chart(kind) {
            Some(chart) => format!("{} ms", table::spread(helm(&chart, options.runs)?, 0)),
            None => String::new(),
        };
        println!("| one {kind} | {} ms | {theirs} |", table::spread(ours, 0));
    }
    println!(
        "\n{} instructions for the first row",
        instructions(&hundred, scene.path())?
    );
    Ok(())
}

/// A file of all, in a folder of its own, and a file of one of each kind.
fn write_documents(scene: &Path) -> Result<()> {
    let document =
        |text: &str, name: &str| format!("---\napiVersion: berth.dev/v1\n{}", text.replace("NAME", name));
    fs::create_dir(scene.join("all"))?;
    let mut all = String::new();
    for (kind, text) in DOCUMENTS {
        fs::write(scene.join(format!("{kind}.yaml")), document(text, kind))?;
        for number in 0..OF_EACH {
            all += &document(text, &format!("{kind}-{number}"));
        }
    }
    fs::write(scene.join("all/berth.yaml"), all)?;
    Ok(())
}

/// A program and its arguments.
struct Line(PathBuf, Vec<String>);

impl Line {
    fn command(&self) -> Command {
        let mut command = Command::new(&self.0);
        command.args(&self.1).stdin(Stdio::null());
        for name in ["HTTP_SECRET", "DATABASE_PASSWORD"] {
            command.env(name, "bench-only");
        }
        command
    }
}

fn render(berth: &Path, documents: &Path) -> Line {
    Line(
        berth.to_owned(),
        vec!["render".to_owned(), documents.display().to_string()],
    )
}

/// How many objects come out; an error shows what was said.
fn objects(berth: &Path, documents: &Path) -> Result<usize> {
    let output = render(berth, documents).command().output()?;
    if !output.status.success() {
        bail!("rendering failed: {}", String::from_utf8_lossy(&output.stderr));
    }
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    Ok(text.lines().filter(|line| line.starts_with("kind: ")).count())
}

/// The milliseconds of each run of a program, from its start to its end.
fn milliseconds(runs: u32, line: &Line) -> Result<Vec<f64>> {
    let mut times = Vec::new();
    for run in 0..=runs {
        let start = Instant::now();
        let output = line.command().output()?;
        let took = start.elapsed().as_secs_f64() * 1000.0;
        if !output.status.success() {
            bail!(
                "{}: {}",
                line.0.display(),
                String::from_utf8_lossy(&output.stderr)
            );
        }
        if run > 0 {
            times.push(took);
        }
    }
    Ok(times)
}

/// The folder of the chart of a product.
fn chart(kind: &str) -> Option<PathBuf> {
    let chart = PathBuf::from(env::var_os("BERTH_CHARTS")?).join(kind);
    chart.join("Chart.yaml").is_file().then_some(chart)
}

fn helm(chart: &Path, runs: u32) -> Result<Vec<f64>> {
    programs::build(&["helm"])?;
    let helm = built("helm", "helm").context("helm is not built")?;
    let words = ["template", "team", &chart.display().to_string()].map(str::to_owned);
    milliseconds(runs, &Line(helm, words.to_vec()))
}

/// Instructions, counted by callgrind: they don't depend on what else the machine does.
fn instructions(line: &Line, scene: &Path) -> Result<u64> {
    let valgrind = program::find("valgrind").context("valgrind is not installed")?;
    let mut words = vec![
        "--tool=callgrind".to_owned(),
        format!("--callgrind-out-file={}", scene.join("callgrind.out").display()),
        line.0.display().to_string(),
    ];
    words.extend(line.1.iter().cloned());
    let output = Line(valgrind, words).command().output()?;
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    let counted = said.lines().find_map(|line| line.split_once("Collected :"));
    let (_, number) = counted.with_context(|| format!("callgrind counted nothing: {said}"))?;
    number.trim().parse().context("reading what callgrind counted")
}
