//! `cargo xtask bench`: Berth beside its peers, from one run on this machine.

mod blob;
mod machine;
mod registry;
mod render;
mod small_images;
mod small_manifest;
mod table;

use anyhow::Result;

#[derive(clap::Subcommand)]
pub(crate) enum Bench {
    /// Berth and Docker's registry side by side: a large blob, a small manifest, many small images
    Registry(registry::Options),
    /// A hundred registries rendered, and one beside `helm template`
    Render(render::Options),
}

pub(crate) fn run(bench: &Bench) -> Result<()> {
    match bench {
        Bench::Registry(options) => registry::run(options),
        Bench::Render(options) => render::run(options),
    }
}
