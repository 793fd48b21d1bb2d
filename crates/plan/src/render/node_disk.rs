//! What a pod may write to the disk of its node, where the document doesn't say.

use serde_json::{Map, Value as Json, json};

use crate::object::Object;

/// What a container may write at most: logs are rotated long before, so one that gets there has run wild.
const LIMIT: &str = "4Gi";
/// What is kept for it.
const REQUEST: &str = "64Mi";
/// The resource.
pub(super) const DISK: &str = "ephemeral-storage";

/// Bounds what the pods of an object write to their nodes: an amount that isn't given is filled in. No limit is set on
/// pods with a folder on the node that has no bound of its own: what is kept there is theirs to say.
pub(super) fn bound(object: &mut Object) {
    let Some(spec) = object.pod_spec_mut() else { return };
    let is_bounded = !has_open_folder(spec);
    for list in ["initContainers", "containers"] {
        let containers = spec.get_mut(list).and_then(Json::as_array_mut);
        for container in containers.into_iter().flatten() {
            fill(&mut container["resources"], is_bounded);
        }
    }
}

/// Whether a volume is a folder on the node that may grow as it likes.
pub(super) fn has_open_folder(spec: &Map<String, Json>) -> bool {
    let volumes = spec.get("volumes").and_then(Json::as_array);
    volumes.into_iter().flatten().any(|volume| {
        let folder = volume.get("emptyDir");
        folder.is_some_and(|folder| folder.get("sizeLimit").is_none() && folder.get("medium").is_none())
    })
}

fn fill(resources: &mut Json, is_bounded: bool) {
    let given = |resources: &Json, list: &str| resources[list].get(DISK).is_some();
    let reserved = given(resources, "requests");
    if !reserved {
        resources["requests"][DISK] = json!(REQUEST);
    }
    // A request of the document's own may be more than the limit here.
    if is_bounded && !reserved && !given(resources, "limits") {
        resources["limits"][DISK] = json!(LIMIT);
    }
}
