use std::collections::BTreeMap;

use serde_json::Value as Json;

use super::PullSecret;
use crate::object::ObjectKey;

/// What was seen in the namespaces of a declaration, as the cluster told it.
#[derive(Clone, Debug, Default)]
pub struct Seen {
    /// The declared objects that are there.
    pub live: BTreeMap<ObjectKey, Json>,
    /// All pods of those namespaces.
    pub pods: Vec<Json>,
    /// Their EndpointSlices.
    pub endpoint_slices: Vec<Json>,
    /// Their claims.
    pub claims: Vec<Json>,
    /// Their events, oldest first.
    pub events: Vec<Json>,
    /// The pull secrets that pods and accounts name, and those that are declared.
    pub pull_secrets: Vec<PullSecret>,
    /// The ends of the logs of the registries' pods.
    pub logs: Vec<Log>,
    /// How full volumes are, where the nodes tell.
    pub volumes: Vec<VolumeUse>,
    /// What registries answered.
    pub answers: Vec<Answered>,
}

/// The end of a container's log.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Log {
    /// The namespace.
    pub namespace: String,
    /// The pod.
    pub pod: String,
    /// The container.
    pub container: String,
    /// Whether it is of the run before the present one.
    pub previous: bool,
    /// The lines.
    pub text: String,
}

/// How full the volume behind a claim is.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct VolumeUse {
    /// The namespace.
    pub namespace: String,
    /// The claim.
    pub claim: String,
    /// Bytes in use.
    pub used: u64,
    /// Bytes that fit.
    pub capacity: u64,
}

/// What a registry answered to `GET /v2/`, asked through its Service.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Answered {
    /// The namespace.
    pub namespace: String,
    /// The Service.
    pub service: String,
    /// Whose credentials were sent: a pull secret's name. `None`: none were.
    pub credentials: Option<String>,
    /// The status, or why there was none.
    pub status: Result<u16, String>,
}

/// A text field of an object by its JSON pointer; empty where there is none.
pub(super) fn text<'a>(object: &'a Json, pointer: &str) -> &'a str {
    object.pointer(pointer).and_then(Json::as_str).unwrap_or_default()
}

/// The elements of a list by its JSON pointer.
pub(super) fn list<'a>(object: &'a Json, pointer: &str) -> &'a [Json] {
    object
        .pointer(pointer)
        .and_then(Json::as_array)
        .map_or(&[], Vec::as_slice)
}

impl Seen {
    /// The pods of a registry, by the labels that its Services find them by.
    pub(super) fn pods_of<'a>(
        &'a self,
        namespace: &'a str,
        instance: &'a str,
    ) -> impl Iterator<Item = &'a Json> {
        self.pods.iter().filter(move |pod| {
            text(pod, "/metadata/namespace") == namespace
                && text(pod, "/metadata/labels/app.kubernetes.io~1instance") == instance
        })
    }

    /// The newest warning about an object that gives one of some reasons.
    pub(super) fn warning<'a>(
        &'a self,
        namespace: &str,
        kind: &str,
        name: &str,
        reasons: &[&str],
    ) -> Option<&'a str> {
        let mut events = self.events.iter().rev().filter(|event| {
            text(event, "/involvedObject/kind") == kind
                && text(event, "/involvedObject/name") == name
                && text(event, "/metadata/namespace") == namespace
                && reasons.contains(&text(event, "/reason"))
        });
        events.next().map(|event| text(event, "/message"))
    }
}
