//! A look at a cluster: what is declared, and all that is seen of it. Nothing is changed.

mod answers;
mod gather;
mod live;
mod local;
mod logs;

use std::path::PathBuf;

use berth_cluster::{Cluster, Refused, ServerVersion};
use berth_config::document::Documents;
use berth_plan::render::{KubernetesVersion, RenderOptions, Rendered, render};

pub(crate) use gather::gather;
pub(crate) use live::{kinds, live, storage_classes};
pub(crate) use local::local;

use crate::cli::{ClusterArguments, Profile};
use crate::console::Console;
use crate::documents;
use crate::secrets::source::Source;

/// A declaration, and the cluster it is held against.
pub(crate) struct Scene {
    pub(crate) cluster: Cluster,
    pub(crate) version: ServerVersion,
    pub(crate) documents: Documents,
    pub(crate) rendered: Rendered,
}

/// Connects, and renders the documents for the cluster's version. Values of secrets play no part.
pub(crate) async fn scene(
    sources: &[PathBuf],
    arguments: &ClusterArguments,
    profile: Profile,
) -> anyhow::Result<Scene> {
    let cluster = Cluster::connect(&arguments.options(None)).await?;
    let version = cluster.version().await?;
    let documents = documents::load(sources)?;
    let options = RenderOptions {
        kubernetes: KubernetesVersion::minor(version.minor),
        profile: profile.into(),
    };
    let rendered = render(&documents, &options, &Source::default());
    Ok(Scene {
        cluster,
        version,
        documents,
        rendered,
    })
}

/// What can't be looked at is said, and left out.
fn seen_or_told<T: Default>(looked: Result<T, Refused>, console: &mut Console) -> T {
    looked.unwrap_or_else(|refused| {
        console.talk(&format!("not looked at: {refused}"));
        T::default()
    })
}
