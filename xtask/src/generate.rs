//! `cargo xtask generate`: the files that are made from the types, so that what they say can't drift.

use std::fmt::Write as _;
use std::fs;

use anyhow::{Context as _, Result, bail};
use berth_config::builders;

use crate::program;

#[derive(clap::Args)]
pub(crate) struct Options {
    /// Write nothing; fail if a file isn't what it should be
    #[arg(long)]
    check: bool,
}

/// A file below the workspace, and what makes it.
struct Generated {
    file: &'static str,
    make: fn() -> Result<String>,
}

const GENERATED: &[Generated] = &[
    Generated {
        file: "nix/defaults.json",
        make: defaults,
    },
    Generated {
        file: "docs/rules.md",
        make: catalog,
    },
    Generated {
        file: "docs/extensions.md",
        make: || Ok(berth_config::extension_table()),
    },
    Generated {
        file: "schemas/v1.json",
        make: schema,
    },
];

pub(crate) fn run(options: &Options) -> Result<()> {
    if options.check { check() } else { write() }
}

/// Fails if a generated file differs from what its source makes today.
pub(crate) fn check() -> Result<()> {
    let mut stale = Vec::new();
    for Generated { file: name, make } in GENERATED {
        let committed = fs::read_to_string(program::workspace().join(name)).unwrap_or_default();
        if make().with_context(|| format!("making {name}"))? != committed {
            stale.push(*name);
        }
    }
    if !stale.is_empty() {
        bail!(
            "stale: {}; run `cargo xtask generate` and commit",
            stale.join(", ")
        );
    }
    Ok(())
}

fn write() -> Result<()> {
    for Generated { file: name, make } in GENERATED {
        let file = program::workspace().join(name);
        let made = make().with_context(|| format!("making {name}"))?;
        if fs::read_to_string(&file).is_ok_and(|committed| committed == made) {
            continue;
        }
        if let Some(folder) = file.parent() {
            fs::create_dir_all(folder)?;
        }
        fs::write(&file, made).with_context(|| format!("writing {name}"))?;
        println!("wrote {name}");
    }
    Ok(())
}

fn defaults() -> Result<String> {
    Ok(serde_json::to_string_pretty(&builders::defaults())? + "\n")
}

/// The JSON Schema of the documents, as `berth schema` prints it.
fn schema() -> Result<String> {
    Ok(serde_json::to_string_pretty(&berth_config::schema())? + "\n")
}

/// The catalog of rules as a table.
fn catalog() -> Result<String> {
    let mut page = "# Rules\n\n\
        Made by `cargo xtask generate` from the rules themselves. `berth explain CODE` says more about one.\n\n\
        | code | level | under `--profile prod` | what is wrong |\n|---|---|---|---|\n"
        .to_owned();
    for rule in berth_plan::catalog().rules() {
        let summary = rule.summary.replace('|', "\\|");
        writeln!(
            page,
            "| {} | {} | {} | {summary} |",
            rule.code, rule.level, rule.prod_level
        )?;
    }
    Ok(page)
}
