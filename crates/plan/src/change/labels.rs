use serde_json::Value as Json;

/// The label of an inventory's members (KEP-3659): its value is the inventory's id.
pub const PART_OF: &str = "applyset.kubernetes.io/part-of";
/// The label of what is somebody else's and that Berth added to: its value is the id of the inventory.
pub const SHARED_BY: &str = "berth.dev/shared-by";
/// The annotation of Secrets whose values were made once.
pub const MADE_ONCE: &str = "berth.dev/made-once";
/// The annotation that counts how often values were made anew: of their Secret, and of the pods that read it.
pub const ROTATIONS: &str = "berth.dev/rotations";
/// The annotation of service accounts that somebody else made, and that pull secrets are attached to.
pub(super) const ATTACHED: &str = "berth.dev/attached";
/// The label that names the document an object came from.
pub(super) const INSTANCE: &str = "app.kubernetes.io/instance";

/// The inventory that an object belongs to, as its label says.
pub fn part_of(object: &Json) -> Option<&str> {
    label(object, PART_OF)
}

/// Whether an object belongs to the inventory of this id.
pub fn is_part_of(object: &Json, id: &str) -> bool {
    part_of(object) == Some(id)
}

/// Whether it is somebody else's, and Berth added to it from the inventory of this id.
pub fn is_shared_by(object: &Json, id: &str) -> bool {
    label(object, SHARED_BY) == Some(id)
}

/// Whether it is a Secret whose values were made once: it is never overwritten, and deleted only by name.
pub fn is_made_once(object: &Json) -> bool {
    annotation(object, MADE_ONCE) == Some("true")
}

/// Whether it belongs to somebody else by its nature, and Berth only adds to it: it stays when Berth goes.
pub(super) fn is_shared(object: &Json) -> bool {
    kind(object) == "Namespace" || is_attached(object)
}

/// Whether it is an account that pull secrets are attached to: each namespace has some without asking.
pub(super) fn is_attached(object: &Json) -> bool {
    annotation(object, ATTACHED).is_some()
}

pub(super) fn label<'a>(object: &'a Json, key: &str) -> Option<&'a str> {
    object.get("metadata")?.get("labels")?.get(key)?.as_str()
}

pub(super) fn annotation<'a>(object: &'a Json, key: &str) -> Option<&'a str> {
    object.get("metadata")?.get("annotations")?.get(key)?.as_str()
}

pub(super) fn kind(object: &Json) -> &str {
    object.get("kind").and_then(Json::as_str).unwrap_or_default()
}
