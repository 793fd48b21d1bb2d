use std::collections::{BTreeMap, BTreeSet};

use berth_cluster::{Cluster, Inventory, ServerVersion};
use berth_config::document::Documents;
use berth_plan::change::{
    Action, Asked, Change, ClusterIdentity, FileContext, InventoryIdentity, Plan, is_part_of, plan, to_file,
};
use berth_plan::object::{ObjectKey, ObjectSet};
use serde_json::Value as Json;

use super::Wish;
use super::declared::{Declared, Reading};
use super::needs::needed;
use super::observe::observe;
use super::occupants::{claims_of_sets, occupants, shared};
use crate::console::Console;
use crate::exit::Refusal;

/// A plan, and the cluster that it was made against.
pub(crate) struct Planned {
    pub(crate) cluster: Cluster,
    pub(crate) version: ServerVersion,
    pub(crate) inventory: Inventory,
    /// The documents, and what they declare; none where all goes.
    pub(crate) documents: Documents,
    pub(crate) objects: ObjectSet,
    /// What of it the cluster holds.
    pub(crate) live: BTreeMap<ObjectKey, Json>,
    pub(crate) plan: Plan,
    /// The plan as a file.
    pub(crate) file: Json,
}

/// Reads documents and cluster, and plans. Nothing is changed.
pub(crate) async fn planned(wish: &Wish, console: &mut Console) -> anyhow::Result<Planned> {
    let cluster = Cluster::connect(&wish.cluster.options(wish.call_timeout)).await?;
    let version = cluster.version().await?;
    let reading = reading(wish, &version)?;
    let namespace = wish
        .cluster
        .namespace
        .clone()
        .or_else(|| reading.as_ref()?.namespace.clone())
        .unwrap_or_else(|| cluster.namespace().to_owned());
    let inventory = cluster.inventory(&namespace, wish.cluster.inventory()).await?;
    let declared = match reading {
        Some(reading) if !wish.destroys => reading.rendered(&cluster, &wish.rotations()?, console).await?,
        _ => Declared::nothing(),
    };
    let mut members = cluster.members(&inventory).await?;
    if inventory.exists() {
        members.extend(shared(&cluster, &inventory).await?);
    }
    let mut asked = Asked {
        inventory: inventory.id().to_owned(),
        adopt: wish.adopt,
        also: wish.named(),
        destroys: wish.destroys,
        rotated: declared.rotated.clone(),
        rotations: declared.rotations.clone(),
        ..Asked::default()
    };
    let mut observed = observe(&cluster, &declared.objects, &members, &asked).await?;
    needed(&cluster, &declared.objects, &mut observed).await?;
    asked.occupied = leave(&cluster, &declared.objects, &mut members, &inventory).await?;
    let plan = plan(&declared.objects, &observed, &members, &asked);
    let file = file(wish, &plan, &declared, &cluster, &version, &inventory, &namespace).await;
    let live = observed
        .into_iter()
        .filter_map(|(key, seen)| Some((key, seen.live?)));
    Ok(Planned {
        cluster,
        version,
        inventory,
        documents: declared.read,
        objects: declared.objects,
        live: live.collect(),
        plan,
        file,
    })
}

/// Refuses what would only take another declaration's things away: nothing of it is in an inventory that nobody named,
/// and all that goes is others'. Where that is meant, naming the inventory says so.
pub(crate) fn refuse_another_s_inventory(planned: &Planned, wish: &Wish) -> Result<(), Refusal> {
    if wish.cluster.inventory.is_some() || !is_another_s(planned) {
        return Ok(());
    }
    let name = wish.cluster.inventory();
    Err(Refusal::Failed(format!(
        "the inventory {} holds another declaration, and nothing of this one: all that it holds would go. Name an \
         inventory of this one's own by `--inventory NAME`; where this is to take the other's place, say so by \
         `--inventory {name}`",
        planned.inventory.key()
    )))
}

/// Whether something goes, and nothing that is wanted was the inventory's before. Namespaces are shared.
fn is_another_s(planned: &Planned) -> bool {
    let id = planned.inventory.id();
    let mut wanted = planned.live.iter();
    let goes = |change: &Change| matches!(change.action, Action::Delete { .. });
    planned.plan.changes.iter().any(goes)
        && !wanted.any(|(key, live)| &*key.kind != "Namespace" && is_part_of(live, id))
}

/// The documents; what is destroyed may be told by its namespace alone.
fn reading(wish: &Wish, version: &ServerVersion) -> anyhow::Result<Option<Reading>> {
    let is_told = wish.destroys && wish.sources.is_empty() && wish.cluster.namespace.is_some();
    if is_told {
        return Ok(None);
    }
    Reading::of(wish, version).map(Some)
}

/// Looks at what goes: which volumes stay behind it, and which namespaces others are in.
async fn leave(
    cluster: &Cluster,
    wanted: &ObjectSet,
    members: &mut Vec<Json>,
    inventory: &Inventory,
) -> anyhow::Result<BTreeMap<String, Vec<String>>> {
    let wanted: BTreeSet<ObjectKey> = wanted.iter().map(berth_plan::object::Object::key).collect();
    let goes = |member: &&Json| ObjectKey::of(member).is_some_and(|key| !wanted.contains(&key));
    let going: Vec<&Json> = members.iter().filter(goes).collect();
    let of_kind = |kind: &'static str| going.iter().filter(move |member| member["kind"] == kind);
    let sets: Vec<&Json> = of_kind("StatefulSet").copied().collect();
    let namespaces = of_kind("Namespace").filter_map(|member| member["metadata"]["name"].as_str());
    let occupied = occupants(cluster, namespaces, inventory).await?;
    let claims = claims_of_sets(cluster, &sets).await?;
    let known: BTreeSet<ObjectKey> = members.iter().filter_map(ObjectKey::of).collect();
    let new = claims
        .into_iter()
        .filter(|claim| ObjectKey::of(claim).is_some_and(|key| !known.contains(&key)));
    members.extend(new);
    Ok(occupied)
}

async fn file(
    wish: &Wish,
    plan: &Plan,
    declared: &Declared,
    cluster: &Cluster,
    version: &ServerVersion,
    inventory: &Inventory,
    namespace: &str,
) -> Json {
    let context = FileContext {
        cluster: ClusterIdentity {
            server: cluster.address().to_owned(),
            version: version.text.clone(),
            // Who may not read it plans without it.
            uid: cluster.identity().await.ok().flatten(),
        },
        inventory: InventoryIdentity {
            namespace: namespace.to_owned(),
            name: wish.cluster.inventory().to_owned(),
            id: inventory.id().to_owned(),
        },
        documents: declared.documents.clone(),
        key: declared.key.as_ref(),
        adopt: wish.adopt,
        also: wish.also.clone(),
    };
    let mut file = to_file(plan, &context);
    file["asked"] = wish.to_json();
    file
}
