//! Images for a node that reaches no registry: programs that are installed on this machine, packed by buildah under
//! the names that manifests use, and kept in a cache by what they hold.

mod archive;
mod contents;
mod libraries;
mod postgres;
mod redis;
mod registry;

use std::env;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use anyhow::{Context as _, Result};

use crate::needed::find;

pub use archive::{Build, build_image};
use contents::Contents;
pub use postgres::postgres_image;
pub use redis::redis_image;
pub use registry::registry_image;

/// An image in an OCI archive.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PackedImage {
    /// The whole name, registry and tag included.
    pub name: String,
    /// Where the archive is.
    pub archive: PathBuf,
}

/// Berth's own image under this name, as `cargo xtask image` built it beside the program of the test that asks;
/// without it, says that the test is skipped.
///
/// # Panics
/// Where `CI` is set: there nothing may be skipped.
#[expect(clippy::print_stdout, reason = "says that a test was skipped")]
pub fn own_image(name: &str) -> Option<PackedImage> {
    let test = env::current_exe().unwrap_or_default();
    // target/debug/deps/test
    let target = test.ancestors().nth(3).unwrap_or(Path::new(""));
    let archive = target.join("image/berth.oci.tar");
    if archive.is_file() {
        return Some(PackedImage {
            name: name.to_owned(),
            archive,
        });
    }
    assert!(
        env::var_os("CI").is_none(),
        "{} is not there: `cargo xtask image` builds it",
        archive.display()
    );
    println!("SKIPPED: Berth's own image is not built: `cargo xtask image` does that");
    None
}

/// One image is packed at a time: two would wait for the same disk, and might be the same.
static PACKING: Mutex<()> = Mutex::new(());

/// An image out of the cache, packed first where it isn't there.
fn packed(name: &str, contents: &Contents) -> Result<PackedImage> {
    let _one_at_a_time = PACKING.lock().unwrap_or_else(PoisonError::into_inner);
    let folder = cache()?.join(contents.key(name)?);
    let archive = folder.join("image.oci.tar");
    if !archive.is_file() {
        let context = folder.join("context");
        contents
            .write(&context)
            .with_context(|| format!("laying out {name}"))?;
        build_image(&Build {
            containerfile: &context.join("Containerfile"),
            context: &context,
            arguments: &[],
            name,
            archive: &archive,
        })?;
        fs::remove_dir_all(&context)?;
    }
    Ok(PackedImage {
        name: name.to_owned(),
        archive,
    })
}

/// `~/.cache/berth/images`.
fn cache() -> Result<PathBuf> {
    let home = || Some(PathBuf::from(env::var_os("HOME")?).join(".cache"));
    let cache = env::var_os("XDG_CACHE_HOME").map(PathBuf::from).or_else(home);
    let cache = cache.context("there is no HOME to keep a cache in")?;
    Ok(cache.join("berth/images"))
}

/// Where an installed program is.
fn installed(program: &str) -> Result<PathBuf> {
    find(program).with_context(|| format!("{program} is not installed: `cargo xtask test` installs it"))
}

/// A file's bytes.
fn read(file: &Path) -> Result<Vec<u8>> {
    fs::read(file).with_context(|| format!("reading {}", file.display()))
}

/// Lines, each ended.
fn lines(lines: &[&str]) -> String {
    lines.iter().fold(String::new(), |mut text, line| {
        let _ = writeln!(text, "{line}");
        text
    })
}
