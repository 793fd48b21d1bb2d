//! `cargo xtask programs`: programs that Go builds from modules, built once into a cache outside of the tree.
//!
//! A recipe is a folder of `tests/programs/`. Its `go.mod` names the packages (`tool`); a recipe with source of its own
//! is built from that; one with a list `files` copies those files out of modules.

use std::fs::{self, File};
use std::path::Path;
use std::process::Command;
use std::time::Instant;
use std::{env, process};

use anyhow::{Context as _, Result, bail};
use berth_drive::{Recipe, programs_folder};
use serde_json::Value;

use crate::program;

/// The Kubernetes that tests run on where nothing else is asked for.
pub(crate) const KUBERNETES: &str = "kubernetes-1.31.1";

/// What the tests run.
pub(crate) const FOR_TESTS: &[&str] = &[
    KUBERNETES,
    "kwok",
    "coredns",
    "pause",
    "definitions",
    "compose-schema",
    "conformance",
    "versitygw",
    "kubeconform",
    "kube-score",
];

#[derive(clap::Args)]
pub(crate) struct Options {
    /// Folders of tests/programs; without any, what the tests need
    names: Vec<String>,
    /// Every folder of tests/programs
    #[arg(long)]
    all: bool,
}

pub(crate) fn run(options: &Options) -> Result<()> {
    if options.all {
        return build_all(&Recipe::all()?);
    }
    if options.names.is_empty() {
        return build(FOR_TESTS);
    }
    let names: Vec<_> = options.names.iter().map(String::as_str).collect();
    build(&names)
}

/// Builds what isn't built yet. Without Go says what is skipped; under `CI` that is an error.
pub(crate) fn build(names: &[&str]) -> Result<()> {
    let recipes: Result<Vec<_>> = names.iter().map(|name| Recipe::named(name)).collect();
    build_all(&recipes?)
}

fn build_all(recipes: &[Recipe]) -> Result<()> {
    let missing: Vec<_> = recipes
        .iter()
        .filter(|recipe| !recipe.folder().is_dir())
        .collect();
    if missing.is_empty() {
        println!("every program is built");
        return Ok(());
    }
    if program::find("go").is_none() {
        if env::var_os("CI").is_some() {
            bail!("Go is missing, and CI skips no test");
        }
        println!(
            "missing: go; skipped: tests on clusters, and judging objects by kubeconform and kube-score"
        );
        return Ok(());
    }
    let cache = programs_folder();
    fs::create_dir_all(&cache).with_context(|| format!("making {}", cache.display()))?;
    let lock = cache.join(".lock");
    let lock = File::create(&lock).with_context(|| format!("making {}", lock.display()))?;
    lock.lock().context("waiting for another build of programs")?;
    for recipe in missing {
        // Whoever held the lock may have built it.
        if !recipe.folder().is_dir() {
            build_one(recipe, &cache).with_context(|| format!("building {}", recipe.name()))?;
        }
    }
    Ok(())
}

/// Into a folder beside, then under its name: a build that was cut off is never taken for a whole one.
fn build_one(recipe: &Recipe, cache: &Path) -> Result<()> {
    println!("building {}", recipe.name());
    let start = Instant::now();
    let unfinished = cache.join(format!(".{}-{}", recipe.name(), process::id()));
    fs::create_dir_all(&unfinished)?;
    let built = match recipe.file("files") {
        Some(list) => copy_files(recipe, list, &unfinished),
        None => go_build(recipe, &unfinished),
    };
    let named = built.and_then(|()| Ok(fs::rename(&unfinished, recipe.folder())?));
    if named.is_err() {
        let _ = fs::remove_dir_all(&unfinished);
    }
    named?;
    let minutes = start.elapsed().as_secs_f64() / 60.0;
    println!(
        "built {} in {minutes:.1} minutes: {}",
        recipe.name(),
        recipe.folder().display()
    );
    Ok(())
}

fn go_build(recipe: &Recipe, folder: &Path) -> Result<()> {
    let mut command = go(recipe);
    command.args([
        "build",
        "-mod=readonly",
        "-buildvcs=false",
        "-ldflags",
        &recipe.linker_flags(),
        "-o",
    ]);
    // The slash says that it is a folder, however many programs there are.
    command.arg(folder.join(""));
    command.arg(if recipe.has_source() { "." } else { "tool" });
    program::run(&mut command)
}

/// Each line of the list: a module, and a file of it.
fn copy_files(recipe: &Recipe, list: &str, folder: &Path) -> Result<()> {
    for line in list.lines() {
        let (module, file) = line.split_once(' ').context("a line without a file")?;
        let told = go(recipe)
            .args(["mod", "download", "-json", module])
            .output()
            .context("starting go")?;
        if !told.status.success() {
            bail!("downloading {module}: {}", String::from_utf8_lossy(&told.stderr));
        }
        let told: Value = serde_json::from_slice(&told.stdout)?;
        let from = Path::new(told["Dir"].as_str().context("a module without a folder")?).join(file);
        let name = from.file_name().context("a line without a file's name")?;
        let bytes = fs::read(&from).with_context(|| format!("reading {}", from.display()))?;
        fs::write(folder.join(name), bytes)?;
    }
    Ok(())
}

fn go(recipe: &Recipe) -> Command {
    let mut command = Command::new("go");
    command.current_dir(recipe.source());
    command
        .env("CGO_ENABLED", "0")
        .env("GOWORK", "off")
        .env_remove("GOFLAGS");
    command
}
