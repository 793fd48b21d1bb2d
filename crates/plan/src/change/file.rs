use aws_lc_rs::hmac;
use serde_json::{Map, Value as Json, json};

use super::difference::{FieldChange, Presence, Shown};
use super::labels::is_made_once;
use super::lines::Line;
use super::plan_of_changes::{Action, Change, Plan};
use super::sent::Sent;
use super::version::digest_of;
use crate::object::{ObjectKey, SecretText};

/// The annotation of pods that follows the secrets they read.
const CHECKSUM: &str = "berth.dev/checksum-secrets";

/// The form of plan files.
pub const FILE_FORMAT: &str = "berth.dev/plan/v1";

/// What a plan file says beside its changes.
pub struct FileContext<'a> {
    /// The cluster that it was made against.
    pub cluster: ClusterIdentity,
    /// The inventory that it works on.
    pub inventory: InventoryIdentity,
    /// The documents that it was made from.
    pub documents: Vec<DocumentDigest>,
    /// What digests of secrets are keyed with; `None` before the cluster keeps one, and then there are none.
    pub key: Option<&'a SecretText>,
    /// Whether what others own is taken over.
    pub adopt: bool,
    /// Protected things that go all the same, as they were named.
    pub also: Vec<String>,
}

/// Which cluster.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ClusterIdentity {
    /// Its address.
    pub server: String,
    /// Its version: `v1.31.1`.
    pub version: String,
    /// The uid of its namespace `kube-system`, which no other cluster has; `None` where it may not be read.
    pub uid: Option<String>,
}

/// Which inventory.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct InventoryIdentity {
    /// The namespace of its parent.
    pub namespace: String,
    /// The parent's name.
    pub name: String,
    /// What its members carry.
    pub id: String,
}

/// A document, and a digest of what may be shown of it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct DocumentDigest {
    /// `DockerRegistry/local`.
    pub document: String,
    /// The digest, secrets left out.
    pub digest: String,
}

impl DocumentDigest {
    /// The digest of a document whose secrets are redacted already.
    pub fn of(document: String, redacted: &Json) -> Self {
        Self {
            document,
            digest: digest_of(redacted),
        }
    }
}

/// The plan as a file: what is to be done, and by what it is told whether the world has moved since. No secret stands in it.
pub fn to_file(plan: &Plan, context: &FileContext<'_>) -> Json {
    let changes: Vec<Json> = plan
        .changes
        .iter()
        .map(|change| of_change(change, context.key))
        .collect();
    let totals = plan.totals();
    let documents: Vec<Json> = context
        .documents
        .iter()
        .map(|document| json!({"document": document.document, "digest": document.digest}))
        .collect();
    let content = digest_of(&json!([
        documents,
        changes.iter().map(|change| &change["wanted"]).collect::<Vec<_>>()
    ]));
    json!({
        "format": FILE_FORMAT,
        "content": content,
        "cluster": {
            "server": context.cluster.server,
            "version": context.cluster.version,
            "uid": context.cluster.uid,
        },
        "inventory": {
            "namespace": context.inventory.namespace,
            "name": context.inventory.name,
            "id": context.inventory.id,
        },
        "adopt": context.adopt,
        "also": context.also,
        "documents": documents,
        "changes": changes,
        "totals": {
            "create": totals.created,
            "update": totals.updated,
            "replace": totals.replaced,
            "delete": totals.deleted,
            "keep": totals.kept,
            "refused": totals.refused,
        },
    })
}

fn of_change(change: &Change, key: Option<&SecretText>) -> Json {
    let mut json = Map::new();
    json.insert("action".to_owned(), json!(word(&change.action)));
    json.insert("object".to_owned(), of_key(&change.key));
    match &change.action {
        Action::Update { fields } => {
            json.insert("fields".to_owned(), of_fields(fields));
        }
        Action::Replace { because, fields } => {
            json.insert("because".to_owned(), json!(because));
            json.insert("fields".to_owned(), of_fields(fields));
        }
        Action::Delete { because }
        | Action::Keep {
            because: Some(because),
        } => {
            json.insert("because".to_owned(), json!(because));
        }
        Action::Refused { because, help } => {
            json.insert("because".to_owned(), json!(because));
            json.insert("help".to_owned(), json!(help));
        }
        Action::Create | Action::Keep { because: None } => {}
    }
    if !change.impacts.is_empty() {
        let impacts = change.impacts.iter().map(ToString::to_string);
        json.insert("impacts".to_owned(), impacts.collect());
    }
    if !change.notes.is_empty() {
        json.insert("notes".to_owned(), json!(change.notes));
    }
    if let Some(live) = &change.live {
        let live = json!({"uid": live.uid, "resourceVersion": live.resource_version, "digest": live.digest});
        json.insert("live".to_owned(), live);
    }
    if let Some(sent) = &change.sent {
        json.insert("wanted".to_owned(), json!(wanted(sent, key)));
    }
    Json::Object(json)
}

/// The digest of what is sent. That of a Secret is keyed, and there is none before the cluster keeps a key, nor of values
/// that are made once: those are made when the plan is carried out, and their live version tells whether they moved.
fn wanted(sent: &Sent, key: Option<&SecretText>) -> Option<String> {
    let object = sent.reveal();
    if object["kind"] != "Secret" {
        return Some(digest_of(&without_checksum(object)));
    }
    if is_made_once(object) {
        return None;
    }
    let digest = digest_of(object);
    let key = hmac::Key::new(hmac::HMAC_SHA256, key?.reveal().as_bytes());
    let tag = hmac::sign(&key, digest.as_bytes());
    let digits = tag.as_ref().iter().map(|byte| format!("{byte:02x}"));
    Some(format!("hmac-sha256:{}", digits.collect::<String>()))
}

/// Pods' checksum of secrets is made with a key that is made once: before it is there, it differs each time.
fn without_checksum(object: &Json) -> Json {
    let mut object = object.clone();
    let annotations = object.pointer_mut("/spec/template/metadata/annotations");
    if let Some(Json::Object(annotations)) = annotations {
        annotations.remove(CHECKSUM);
    }
    object
}

pub(super) fn of_key(key: &ObjectKey) -> Json {
    json!({"group": key.group, "kind": key.kind, "namespace": key.namespace, "name": key.name})
}

pub(super) const fn word(action: &Action) -> &'static str {
    match action {
        Action::Create => "create",
        Action::Update { .. } => "update",
        Action::Replace { .. } => "replace",
        Action::Delete { .. } => "delete",
        Action::Keep { .. } => "keep",
        Action::Refused { .. } => "refused",
    }
}

fn of_fields(fields: &[FieldChange]) -> Json {
    let fields = fields.iter().map(|field| {
        let mut json = json!({"path": field.path});
        match &field.shown {
            Shown::Added(after) => json["after"] = after.clone(),
            Shown::Removed(before) => json["before"] = before.clone(),
            Shown::Changed { before, after } => {
                json["before"] = before.clone();
                json["after"] = after.clone();
            }
            Shown::Lines(lines) => json["lines"] = lines.iter().map(of_line).collect(),
            Shown::Hidden(presence) => json["hidden"] = json!(presence_word(*presence)),
        }
        json
    });
    fields.collect()
}

fn of_line(line: &Line) -> Json {
    match line {
        Line::Same(text) => json!(format!(" {text}")),
        Line::Removed(text) => json!(format!("-{text}")),
        Line::Added(text) => json!(format!("+{text}")),
        Line::Omitted(count) => json!({"omitted": count}),
    }
}

pub(super) const fn presence_word(presence: Presence) -> &'static str {
    match presence {
        Presence::Added => "added",
        Presence::Removed => "removed",
        Presence::Changed => "changed",
    }
}
