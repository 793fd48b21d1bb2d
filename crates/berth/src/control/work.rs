use std::time::SystemTime;

use anyhow::{Context as _, bail};
use berth_oci::TagOrDigest;
use berth_storage::{Deleted, Deletion, Restored, Store, SweepOptions, SweepReport};
use serde_json::{Value, json};

use super::Request;

/// Does what was asked for, here.
pub(super) async fn carry_out(
    store: &Store,
    request: Request,
    progress: impl Fn(Value) + Send + 'static,
) -> anyhow::Result<Value> {
    match request {
        Request::Sweep { dry_run } => {
            let options = SweepOptions {
                dry_run,
                ..SweepOptions::default()
            };
            let swept = store.sweep(options, move |report| progress(to_json(report)));
            Ok(to_json(&swept.await.context("sweeping")?))
        }
        Request::Deletions => {
            let deletions = store.deletions().await?;
            Ok(deletions.iter().map(deletion).collect())
        }
        Request::Restore {
            repository,
            reference,
        } => restore(store, &repository, &reference).await,
    }
}

async fn restore(store: &Store, repository: &str, reference: &str) -> anyhow::Result<Value> {
    let name = repository
        .parse()
        .with_context(|| format!("reading the repository's name `{repository}`"))?;
    let target: TagOrDigest = reference
        .parse()
        .with_context(|| format!("reading the tag or digest `{reference}`"))?;
    match store.restore(&name, &target).await? {
        Restored::Done { digest, tags } => Ok(json!({
            "repository": repository,
            "digest": digest.to_string(),
            "tags": tags.iter().map(ToString::to_string).collect::<Value>(),
        })),
        Restored::Unknown => bail!(
            "nothing of the name {repository} {reference} was deleted within the grace: `berth restore` without it lists what was"
        ),
        Restored::Occupied { by } => bail!(
            "{repository}:{reference} points at {by} by now: delete that tag first, or take the manifest back by its digest"
        ),
        Restored::Lost(missing) => {
            let missing: Vec<String> = missing.iter().map(ToString::to_string).collect();
            bail!("{repository} lacks {}: push the image again", missing.join(", "))
        }
    }
}

fn deletion(deletion: &Deletion) -> Value {
    let (what, reference) = match &deletion.what {
        Deleted::Tag(tag) => ("tag", tag.to_string()),
        Deleted::Manifest => ("manifest", deletion.digest.to_string()),
        Deleted::Blob => ("blob", deletion.digest.to_string()),
    };
    json!({
        "what": what,
        "repository": deletion.repository.as_str(),
        "reference": reference,
        "digest": deletion.digest.to_string(),
        "deletedAt": time(deletion.at),
        "deletedBy": deletion.by,
    })
}

fn time(time: SystemTime) -> String {
    let time = jiff::Timestamp::try_from(time).unwrap_or_default();
    format!("{time:.0}")
}

fn to_json(report: &SweepReport) -> Value {
    json!({
        "dryRun": report.dry_run,
        "unneeded": report.unneeded,
        "unneededBytes": report.unneeded_bytes,
        "due": report.due,
        "removedEdges": report.removed_edges,
        "removedBlobs": report.removed_blobs,
        "freedBytes": report.freed_bytes,
        "heldBytes": report.held_bytes,
        "leased": report.leased,
        "needed": report.needed,
        "removedUploads": report.removed_uploads,
        "allLeased": report.all_leased,
        "frozen": report.frozen.iter().map(ToString::to_string).collect::<Value>(),
    })
}
