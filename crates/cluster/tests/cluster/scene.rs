//! A namespace of one's own on the control plane that all tests share.

use std::path::PathBuf;

use berth_cluster::{Cluster, ConnectOptions};
use berth_drive::kubernetes::{ControlPlane, Shared, Version};
use berth_plan::object::ObjectKey;
use serde_json::{Value as Json, json};

/// A connection, and where its test may do what it likes.
pub(crate) struct Scene {
    pub(crate) plane: Shared,
    pub(crate) cluster: Cluster,
    pub(crate) namespace: String,
}

/// A scene for each version that is tested; none where the programs can't be had.
pub(crate) async fn scenes(name: &str) -> Vec<Scene> {
    let mut scenes = Vec::new();
    for version in Version::asked() {
        let Some(plane) = ControlPlane::shared(version) else {
            continue;
        };
        let namespace = plane.namespace(name).unwrap();
        let cluster = connect(plane.kubeconfig()).await;
        scenes.push(Scene {
            plane,
            cluster,
            namespace,
        });
    }
    scenes
}

pub(crate) async fn connect(kubeconfig: PathBuf) -> Cluster {
    let options = ConnectOptions {
        kubeconfig: Some(kubeconfig),
        ..ConnectOptions::default()
    };
    Cluster::connect(&options).await.unwrap()
}

impl Scene {
    /// A connection of a user who may only do what a role in the namespace says.
    pub(crate) async fn user(&self, rules: &Json) -> Cluster {
        let user = format!("jane-of-{}", self.namespace);
        let role = self.object(
            "rbac.authorization.k8s.io/v1",
            "Role",
            "jane",
            json!({"rules": rules}),
        );
        let binding = json!({
            "roleRef": {"apiGroup": "rbac.authorization.k8s.io", "kind": "Role", "name": "jane"},
            "subjects": [{"apiGroup": "rbac.authorization.k8s.io", "kind": "User", "name": user}],
        });
        let binding = self.object("rbac.authorization.k8s.io/v1", "RoleBinding", "jane", binding);
        self.kubectl_apply(&role);
        self.kubectl_apply(&binding);
        connect(self.plane.kubeconfig_of(&user).unwrap()).await
    }

    /// Applies as another manager does.
    pub(crate) fn kubectl_apply(&self, object: &Json) {
        self.plane.kubectl().apply(&object.to_string()).unwrap();
    }

    /// An object of the namespace.
    pub(crate) fn object(&self, api_version: &str, kind: &str, name: &str, body: Json) -> Json {
        let mut object = json!({
            "apiVersion": api_version,
            "kind": kind,
            "metadata": {"name": name, "namespace": self.namespace},
        });
        if let (Json::Object(object), Json::Object(body)) = (&mut object, body) {
            object.extend(body);
        }
        object
    }

    pub(crate) fn config_map(&self, name: &str, value: &str) -> Json {
        self.object("v1", "ConfigMap", name, json!({"data": {"a": value}}))
    }

    pub(crate) fn deployment(&self, name: &str, replicas: u32) -> Json {
        let labels = json!({"app": name});
        let spec = json!({
            "replicas": replicas,
            "selector": {"matchLabels": labels},
            "template": {
                "metadata": {"labels": labels},
                "spec": {"containers": [{"name": "main", "image": "registry:2.8"}]},
            },
        });
        self.object("apps/v1", "Deployment", name, json!({"spec": spec}))
    }
}

pub(crate) fn key(object: &Json) -> ObjectKey {
    ObjectKey::of(object).unwrap()
}
