//! ImagePullSecret: what a cluster needs to pull from a private registry.

use std::collections::BTreeSet;

use crate::section::section;
use crate::value::{KubernetesLabel, KubernetesSubdomain, SecretValue, Written};

section! {
    /// A pull secret for Kubernetes.
    pub struct ImagePullSecret {
        /// The name of the document.
        core name: String = "docker-registry-secret";
        /// The registry and who pulls.
        core registry: PullSecretRegistry;
        /// The namespace of the Secret.
        core namespace: Written<KubernetesLabel> = "default", code "K-002";
        /// The name of the Secret.
        core secret_name as "secretName": Written<KubernetesSubdomain> = "docker-registry-secret", code "PS-005";
        /// The registries of this installation it is for; all without it.
        extension registries: Vec<String>;
        /// More namespaces to put it into.
        extension namespaces: Vec<Written<KubernetesLabel>>;
        /// Service accounts that get it.
        extension service_accounts as "serviceAccounts": Vec<String>;
        /// The robot account of the registry whose secret it holds.
        extension robot: Option<String>;
    }
}

section! {
    /// The registry and who pulls.
    pub struct PullSecretRegistry {
        /// The server.
        core server: String = "docker.io";
        /// The user.
        core username: String;
        /// The password.
        core password: SecretValue;
        /// An e-mail address; nothing reads it any more.
        core email: String;
    }
}

impl ImagePullSecret {
    /// The namespaces that get the Secret, each once; those whose names can't be are left out.
    pub fn all_namespaces(&self) -> BTreeSet<&str> {
        let all = [&self.namespace].into_iter().chain(&self.namespaces);
        all.filter(|namespace| namespace.value().is_some())
            .map(Written::text)
            .collect()
    }
}
