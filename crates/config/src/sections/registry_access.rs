//! RegistryAccess: who may do what.

use crate::section::section;
use crate::value::{AccessAction, AccessKind, Written};

section! {
    /// Who may do what, in registries and in Kubernetes.
    pub struct RegistryAccess {
        /// Who.
        core subjects: Vec<AccessSubject>;
        /// What in registries.
        core rules: Vec<AccessRule>;
        /// What in Kubernetes.
        core kubernetes: Vec<KubernetesRule>;
        /// The registries it is for; all of this installation without it.
        extension registries: Vec<String>;
    }
}

section! {
    /// Who.
    pub struct AccessSubject {
        /// A User, a Group, a ServiceAccount or Anonymous.
        core kind: Written<AccessKind>;
        /// The name; Anonymous has none.
        core name: String;
        /// The namespace of a ServiceAccount.
        extension namespace: Option<String>;
    }
}

section! {
    /// What may be done in registries.
    pub struct AccessRule {
        /// The repositories, as patterns.
        core repositories: Vec<String>;
        /// The actions: pull, push, delete, admin.
        core actions: Vec<Written<AccessAction>>;
    }
}

section! {
    /// What may be done in Kubernetes.
    pub struct KubernetesRule {
        /// The resources, such as secrets.
        core resources: Vec<String>;
        /// The verbs.
        core verbs: Vec<String> = vec!["get".to_owned(), "list".to_owned(), "watch".to_owned()];
    }
}
