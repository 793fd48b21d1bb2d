//! Real Kubernetes for tests, without Docker: control planes of several versions with fake nodes, and one real node.
//!
//! Everything is a plain process on loopback in a folder under the system's folder for temporary files. All of it is stopped by process id,
//! however the test ends. Programs come from `cargo xtask programs` and from Debian.

use std::path::Path;
use std::{env, fmt};

use anyhow::Result;

mod components;
mod furnish;
mod kubectl;
mod node;
mod node_files;
mod node_network;
mod objects;
mod plane;
mod processes;
mod shared;

pub use kubectl::Kubectl;
pub use node::Node;
pub use plane::ControlPlane;
pub use shared::{Shared, SharedNode};

/// The environment variable that asks for all versions: `cargo xtask test --every-kubernetes` sets it.
pub const EVERY: &str = "BERTH_EVERY_KUBERNETES";

/// Stops the cluster that was left running in a folder, by the process ids that it recorded there.
pub fn stop(folder: &Path) -> Result<()> {
    processes::stop(folder)
}

/// A Kubernetes that can be started.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Version {
    /// The oldest.
    V1_26,
    /// The one that tests run on where nothing else is asked for, and the only one with a real node.
    V1_31,
    /// The newest.
    V1_37,
}

impl Version {
    /// From the oldest to the newest.
    pub const ALL: [Self; 3] = [Self::V1_26, Self::V1_31, Self::V1_37];

    /// The versions that tests are to run on: 1.31, or all of them where [`EVERY`] is set.
    pub fn asked() -> Vec<Self> {
        match env::var_os(EVERY) {
            Some(_) => Self::ALL.to_vec(),
            None => vec![Self::V1_31],
        }
    }

    /// The one that this text names, `1.31` or `1.31.1`.
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim_start_matches('v');
        Self::ALL
            .into_iter()
            .find(|version| version.text() == text || version.minor() == text)
    }

    /// All three numbers, `1.31.1`.
    pub const fn text(self) -> &'static str {
        match self {
            Self::V1_26 => "1.26.0",
            Self::V1_31 => "1.31.1",
            Self::V1_37 => "1.37.2",
        }
    }

    /// The first two numbers, `1.31`.
    pub const fn minor(self) -> &'static str {
        match self {
            Self::V1_26 => "1.26",
            Self::V1_31 => "1.31",
            Self::V1_37 => "1.37",
        }
    }

    /// The folder of `tests/programs` that its programs are built from.
    pub fn recipe(self) -> String {
        format!("kubernetes-{}", self.text())
    }
}

impl fmt::Display for Version {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(self.text())
    }
}
