//! `cargo xtask image`: Berth's own image, a static program in an OCI archive under `target/image/`.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::{env, fs};

use anyhow::{Context as _, Result, bail};
use berth_drive::packing::{self, Build};

use crate::program;

#[derive(clap::Args)]
pub(crate) struct Options {
    /// The image's whole name [default: what manifests name where a document says nothing]
    #[arg(long)]
    name: Option<String>,
    /// A bundle of certificate authorities
    #[arg(long, default_value = "/etc/ssl/certs/ca-certificates.crt")]
    authorities: PathBuf,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            name: None,
            authorities: "/etc/ssl/certs/ca-certificates.crt".into(),
        }
    }
}

pub(crate) fn run(options: &Options) -> Result<()> {
    let program = build_static()?;
    let folder = program::target().join("image");
    let context = folder.join("context");
    lay_out(&context, &program, &options.authorities)?;
    let name = options.name.as_deref().unwrap_or(berth_plan::render::BERTH_IMAGE);
    let archive = folder.join("berth.oci.tar");
    packing::build_image(&Build {
        containerfile: &program::workspace().join("Containerfile"),
        context: &context,
        arguments: &[("VERSION", env!("CARGO_PKG_VERSION"))],
        name,
        archive: &archive,
    })?;
    println!("{name}");
    println!("{}: {}", archive.display(), mebibytes(&archive)?);
    println!("{}: {}, static", program.display(), mebibytes(&program)?);
    Ok(())
}

/// The program for the musl target: it needs no library at run time.
fn build_static() -> Result<PathBuf> {
    let target = format!("{}-unknown-linux-musl", env::consts::ARCH);
    add_target(&target)?;
    if program::find("musl-gcc").is_none() {
        bail!("musl-gcc is not installed (Debian: musl-tools); `cargo xtask test` installs it");
    }
    let compiler = format!("CC_{}", target.replace('-', "_"));
    program::run(
        program::cargo()
            .args(["build", "--quiet", "--package", "berth", "--profile", "image"])
            .args(["--target", &target])
            .env(compiler, "musl-gcc"),
    )?;
    Ok(program::target().join(target).join("image/berth"))
}

/// Adds the target's standard library, where rustup is what brings it.
fn add_target(target: &str) -> Result<()> {
    let library = Command::new("rustc")
        .args(["--print", "target-libdir", "--target", target])
        .output()
        .context("starting rustc")?;
    let folder = String::from_utf8_lossy(&library.stdout).trim().to_owned();
    if library.status.success() && Path::new(&folder).is_dir() {
        return Ok(());
    }
    if program::find("rustup").is_none() {
        bail!("the standard library for {target} is missing, and there is no rustup to add it");
    }
    program::run(
        Command::new("rustup")
            .args(["target", "add", target])
            .stdout(Stdio::null()),
    )
}

/// What the Containerfile copies from.
fn lay_out(context: &Path, program: &Path, authorities: &Path) -> Result<()> {
    if context.exists() {
        fs::remove_dir_all(context)?;
    }
    for folder in ["data", "tmp"] {
        fs::create_dir_all(context.join(folder))?;
    }
    fs::copy(program, context.join("berth")).with_context(|| format!("copying {}", program.display()))?;
    fs::copy(authorities, context.join("ca-certificates.crt")).with_context(|| {
        format!(
            "copying {} (Debian: ca-certificates); --authorities names another bundle",
            authorities.display()
        )
    })?;
    Ok(())
}

fn mebibytes(file: &Path) -> Result<String> {
    let bytes = fs::metadata(file)
        .with_context(|| format!("looking at {}", file.display()))?
        .len();
    let tenths = (bytes * 10).div_ceil(1 << 20);
    Ok(format!("{}.{} MiB", tenths / 10, tenths % 10))
}
