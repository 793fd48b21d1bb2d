//! `cargo xtask cluster up|down`: the clusters that tests run on, by hand.

use std::path::PathBuf;
use std::{env, fs};

use anyhow::{Context as _, Result, bail};
use berth_drive::kubernetes::{self, ControlPlane, Node, Version};

use crate::{packages, programs};

#[derive(clap::Subcommand)]
pub(crate) enum Cluster {
    /// Start a cluster and leave it running
    Up(Up),
    /// Stop it, by the process ids that it recorded
    Down,
}

#[derive(clap::Args)]
pub(crate) struct Up {
    /// 1.26, 1.31 or 1.37
    #[arg(long, value_name = "VERSION", default_value = Version::V1_31.minor())]
    kubernetes: String,
    /// A fake node, whose pods are ready though nothing runs, instead of a real one
    #[arg(long)]
    kwok: bool,
    /// So many volumes for claims to bind to
    #[arg(long, value_name = "NUMBER", default_value_t = 20)]
    volumes: usize,
}

pub(crate) fn run(cluster: &Cluster) -> Result<()> {
    match cluster {
        Cluster::Up(options) => up(options),
        Cluster::Down => down(),
    }
}

fn up(options: &Up) -> Result<()> {
    let version = Version::parse(&options.kubernetes);
    let version = version.with_context(|| format!("{} is none of 1.26, 1.31, 1.37", options.kubernetes))?;
    if !options.kwok && version != Version::V1_31 {
        bail!("only {} has a real node: add --kwok", Version::V1_31);
    }
    let folder = folder();
    if folder.exists() {
        bail!(
            "{} is there: run `cargo xtask cluster down` first",
            folder.display()
        );
    }
    packages::install(packages::FOR_TESTS)?;
    programs::build(&[&version.recipe(), programs::KUBERNETES, "definitions"])?;
    if options.kwok {
        programs::build(&["kwok"])?;
        let plane = ControlPlane::start_in(&folder, version, true)?.context("programs are missing")?;
        furnish(&plane, options)?;
        return plane.leave_running();
    }
    programs::build(&["pause", "coredns"])?;
    let node = Node::start_in(&folder)?.context("programs are missing")?;
    furnish(&node, options)?;
    node.leave_running()
}

fn down() -> Result<()> {
    let folder = folder();
    kubernetes::stop(&folder)?;
    // The logs of one that didn't start.
    if folder.exists() {
        fs::remove_dir_all(&folder)?;
    }
    Ok(())
}

/// What a test asks for before it begins; then says how to reach the cluster.
fn furnish(plane: &ControlPlane, options: &Up) -> Result<()> {
    plane.definitions()?;
    plane.volumes(options.volumes)?;
    println!(
        "Kubernetes {} is ready; `cargo xtask cluster down` stops it",
        plane.version()
    );
    println!("export KUBECONFIG={}", plane.kubeconfig().display());
    println!("export PATH={}:$PATH", plane.kubectl().folder().display());
    Ok(())
}

/// One at a time: the next `down` must find it.
fn folder() -> PathBuf {
    env::temp_dir().join("berth-by-hand.d")
}
