use serde_json::{Map, Value as Json};

use crate::object::{Deployment, Kind as _, Labels, Object};
use crate::render::node_disk::{DISK, has_open_folder};
use crate::render::registry::{COMPONENT, FRAMEWORK};

/// What judges look at.
pub(super) struct Facts<'a> {
    spec: &'a Map<String, Json>,
    pod: &'a Map<String, Json>,
    pod_annotations: Option<&'a Map<String, Json>>,
    labels: &'a Labels,
    is_deployment: bool,
}

/// What judges find.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Finding {
    /// An image is named by a tag.
    Tag,
    /// A node's copy of an image will do.
    NodesCopy,
    /// A secret is a variable of the environment.
    SecretVariable,
    /// An image can be written to.
    Writable,
    /// A user or group that a node may have too.
    LowUser,
    /// A token of the cluster is mounted.
    Token,
    /// The same question decides over requests and over life.
    OneProbe,
    /// One pod.
    FewReplicas,
    /// The old pod ends before the new one starts.
    Recreated,
    /// A pod may fill its node's disk.
    OpenDisk,
}

/// Users and groups from it on are taken for no node's own.
const HIGH: i64 = 10_000;

impl Finding {
    /// The number of the check of `checkov`.
    pub(super) const fn checkov(self) -> Option<u32> {
        match self {
            Self::Tag => Some(43),
            Self::NodesCopy => Some(15),
            Self::SecretVariable => Some(35),
            Self::Writable => Some(22),
            Self::LowUser => Some(40),
            Self::Token => Some(38),
            Self::OneProbe | Self::FewReplicas | Self::Recreated | Self::OpenDisk => None,
        }
    }

    /// The test of `kube-score`.
    pub(super) const fn kube_score(self) -> Option<&'static str> {
        match self {
            Self::NodesCopy => Some("container-image-pull-policy"),
            Self::Writable => Some("container-security-context-readonlyrootfilesystem"),
            Self::LowUser => Some("container-security-context-user-group-id"),
            Self::OneProbe => Some("pod-probes-identical"),
            Self::FewReplicas => Some("deployment-replicas"),
            Self::Recreated => Some("deployment-strategy"),
            Self::OpenDisk => Some("container-ephemeral-storage-request-and-limit"),
            Self::Tag | Self::SecretVariable | Self::Token => None,
        }
    }
}

impl<'a> Facts<'a> {
    /// What an object with pods is; `None` for others.
    pub(super) fn of(object: &'a Object) -> Option<Self> {
        let template = object.pod_template()?;
        Some(Self {
            spec: object.body().get("spec")?.as_object()?,
            pod: template.get("spec")?.as_object()?,
            pod_annotations: template["metadata"].get("annotations").and_then(Json::as_object),
            labels: &object.metadata().labels,
            is_deployment: object.kind() == Deployment::KIND,
        })
    }

    /// The product.
    pub(super) fn framework(&self) -> &str {
        self.labels.get(FRAMEWORK).map_or("", String::as_str)
    }

    /// The part of the product.
    pub(super) fn component(&self) -> &str {
        self.labels.get(COMPONENT).map_or("", String::as_str)
    }

    /// The user that the pods run as.
    pub(super) fn user(&self) -> Option<i64> {
        self.right("runAsUser")
    }

    /// An annotation of the pods.
    pub(super) fn note(&self, key: &str) -> Option<&str> {
        self.pod_annotations?.get(key)?.as_str()
    }

    /// All that judges find.
    pub(super) fn findings(&self) -> Vec<Finding> {
        let ids = [self.user(), self.right("runAsGroup")];
        let has_low_id = ids.iter().flatten().any(|id| *id < HIGH);
        let token = self.pod.get("automountServiceAccountToken");
        let found = [
            (
                Finding::Tag,
                self.any(|container| !text(container, "image").contains('@')),
            ),
            (
                Finding::NodesCopy,
                self.any(|container| text(container, "imagePullPolicy") != "Always"),
            ),
            (Finding::SecretVariable, self.any(has_secret_variable)),
            (
                Finding::Writable,
                self.any(|container| container["securityContext"]["readOnlyRootFilesystem"] != true),
            ),
            (Finding::LowUser, has_low_id),
            (Finding::Token, token != Some(&Json::Bool(false))),
            (Finding::OneProbe, self.any(has_one_probe)),
            (Finding::FewReplicas, self.is_deployment && self.has_one_pod()),
            (
                Finding::Recreated,
                self.is_deployment && self.spec["strategy"]["type"] == "Recreate",
            ),
            (Finding::OpenDisk, self.any(|container| !has_disk(container))),
        ];
        let found = found.into_iter().filter(|(_, is_found)| *is_found);
        found.map(|(finding, _)| finding).collect()
    }

    /// Whether a folder on the node may grow as it likes.
    pub(super) fn has_open_folder(&self) -> bool {
        has_open_folder(self.pod)
    }

    /// Whether the end of life is later than the end of requests, in every container that has one question for both.
    pub(super) fn ends_late(&self) -> bool {
        let patience = |probe: &Json| {
            let number = |field| probe.get(field).and_then(Json::as_i64).unwrap_or(1);
            number("periodSeconds") * number("failureThreshold")
        };
        !self.any(|container| {
            has_one_probe(container)
                && patience(&container["livenessProbe"]) < 2 * patience(&container["readinessProbe"])
        })
    }

    fn has_one_pod(&self) -> bool {
        let replicas = self.spec.get("replicas").and_then(Json::as_i64);
        replicas.is_some_and(|replicas| replicas < 2)
    }

    fn right(&self, field: &str) -> Option<i64> {
        self.pod.get("securityContext")?.get(field)?.as_i64()
    }

    fn any(&self, found: impl Fn(&Json) -> bool) -> bool {
        let lists = ["initContainers", "containers"].map(|list| self.pod.get(list).and_then(Json::as_array));
        lists.into_iter().flatten().flatten().any(found)
    }
}

fn text<'a>(container: &'a Json, field: &str) -> &'a str {
    container.get(field).and_then(Json::as_str).unwrap_or_default()
}

fn has_secret_variable(container: &Json) -> bool {
    let variables = container.get("env").and_then(Json::as_array);
    let mut variables = variables.into_iter().flatten();
    variables.any(|variable| variable["valueFrom"].get("secretKeyRef").is_some())
}

/// Whether one question decides over requests and over life. `kube-score` takes all named ports of HTTP for one.
fn has_one_probe(container: &Json) -> bool {
    let (ready, alive) = (&container["readinessProbe"], &container["livenessProbe"]);
    let same = |kind: &str, field: &str| {
        let (ready, alive) = (ready.get(kind), alive.get(kind));
        ready.is_some() && alive.is_some() && ready.map(|it| &it[field]) == alive.map(|it| &it[field])
    };
    same("httpGet", "path") || same("tcpSocket", "port") || same("exec", "command")
}

fn has_disk(container: &Json) -> bool {
    let resources = &container["resources"];
    ["limits", "requests"]
        .iter()
        .all(|list| resources[list].get(DISK).is_some())
}
