//! The command line as clap reads it. What a command does stands in `commands/`, one file each.

use std::path::PathBuf;
use std::time::Duration;

use berth_cluster::ConnectOptions;
use clap::{Args, CommandFactory, FromArgMatches, Parser, Subcommand, ValueEnum};

use crate::{commands, exit};

/// Keeps container registries: one declaration, checked, sized and served.
#[derive(Debug, Parser)]
#[command(name = "berth", version, after_help = exit::TABLE, disable_help_subcommand = true)]
pub(crate) struct Cli {
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Judge documents: every fault and every rule, in one run
    Check(commands::check::Arguments),
    /// Print what documents mean: every default filled in, secrets redacted
    Show(commands::show::Arguments),
    /// Work out what registries need: CPU, memory, storage
    Size(commands::size::Arguments),
    /// Print what documents become on a cluster, as manifests
    Render(commands::render::Arguments),
    /// Show what would change in a cluster, and why
    Plan(commands::plan::Arguments),
    /// Make a cluster what documents say
    Apply(commands::apply::Arguments),
    /// Tell how each registry and policy stands on a cluster
    Status(commands::status::Arguments),
    /// Find out what is wrong with a registry that runs, and what to do next
    Diagnose(commands::diagnose::Arguments),
    /// Delete what was applied; volumes and made-once secrets stay unless they are named
    Destroy(commands::destroy::Arguments),
    /// Run a registry in this process
    Serve(commands::serve::Arguments),
    /// Check a registry's folder: every byte against its digest, every link against its target
    Fsck(commands::fsck::Arguments),
    /// Free the bytes of a registry's folder that nothing needs, while it is served
    Gc(commands::gc::Arguments),
    /// Take back what was deleted from a registry's folder
    Restore(commands::restore::Arguments),
    /// Write a starter document for a kind of registry
    Init(commands::init::Arguments),
    /// Print the JSON Schema of the documents, for editors
    Schema(commands::schema::Arguments),
    /// Explain a finding's code
    Explain(commands::explain::Arguments),
    /// Take a step of a run of garbage collection, inside its pod
    #[command(hide = true)]
    CollectGarbage(commands::collect_garbage::Arguments),
    /// Print a completion script for a shell
    Completions(commands::completions::Arguments),
}

impl Cli {
    /// Reads the arguments of the process.
    pub(crate) fn of_process() -> Result<Self, clap::Error> {
        Self::from_arg_matches(&Self::whole_command().try_get_matches()?)
    }

    /// The command line with the exit codes in the help of every command.
    pub(crate) fn whole_command() -> clap::Command {
        Self::command().mut_subcommands(|command| {
            let own = command.get_after_help().map(|text| format!("{text}\n\n"));
            command.after_help(own.unwrap_or_default() + exit::TABLE)
        })
    }
}

/// The documents that a command reads.
#[derive(Debug, Args)]
pub(crate) struct DocumentArguments {
    /// Files, folders, or `-`; without any, `berth.yaml`, `.json`, `.nix` or the folder `berth/` here or above
    #[arg(value_name = "DOCS")]
    pub(crate) documents: Vec<PathBuf>,
}

/// Which cluster, and what Berth recorded in it.
#[derive(Clone, Debug, Args)]
pub(crate) struct ClusterArguments {
    /// A kubeconfig, in the place of $KUBECONFIG and ~/.kube/config
    #[arg(long, value_name = "FILE")]
    pub(crate) kubeconfig: Option<PathBuf>,
    /// A context of the kubeconfig
    #[arg(long, value_name = "NAME")]
    pub(crate) context: Option<String>,
    /// The namespace of the inventory; without it that of the documents where they share one, else the context's
    #[arg(long, value_name = "NAME")]
    pub(crate) namespace: Option<String>,
    /// The inventory: what is recorded as Berth's own; `berth` without it
    #[arg(long, value_name = "NAME")]
    pub(crate) inventory: Option<String>,
}

impl ClusterArguments {
    /// The inventory's name.
    pub(crate) fn inventory(&self) -> &str {
        self.inventory.as_deref().unwrap_or("berth")
    }

    /// Which cluster, and how long one answer of it may take; `None` for the usual.
    pub(crate) fn options(&self, call_timeout: Option<Duration>) -> ConnectOptions {
        ConnectOptions {
            kubeconfig: self.kubeconfig.clone(),
            context: self.context.clone(),
            call_timeout,
        }
    }
}

/// For people or for programs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    #[default]
    Text,
    Json,
}

/// How strict the rules are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum Profile {
    /// What can't work as written is a warning where something near it works
    #[default]
    Dev,
    /// Such warnings are errors
    Prod,
}

impl From<Profile> for berth_config::rules::Profile {
    fn from(profile: Profile) -> Self {
        match profile {
            Profile::Dev => Self::Dev,
            Profile::Prod => Self::Prod,
        }
    }
}

/// How a result is printed when it is a table.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum TableFormat {
    #[default]
    Table,
    Json,
    Yaml,
}
