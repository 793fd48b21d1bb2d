//! `cargo xtask bench`: Berth beside its peers, from one run on this machine.

mod machine;
mod registry;
mod render;
mod table;

use anyhow::Result;

#[derive(clap::Subcommand)]
pub(crate) enum Bench {
    /// Berth beside Docker's registries, nginx and bare programs: pulls, pushes, lists, memory
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
