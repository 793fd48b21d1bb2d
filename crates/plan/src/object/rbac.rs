use serde::Serialize;

use super::{Kind, Stage};

/// What may be done in a namespace.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize)]
pub struct Role {
    /// What may be done.
    pub rules: Vec<PolicyRule>,
}

/// Verbs over resources.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct PolicyRule {
    /// Groups of the resources; the empty text is the core group.
    pub api_groups: Vec<String>,
    /// The resources.
    pub resources: Vec<String>,
    /// The objects by name; all without any.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub resource_names: Vec<String>,
    /// What may be done with them.
    pub verbs: Vec<String>,
}

/// Who has a role.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct RoleBinding {
    /// The role.
    pub role_ref: RoleReference,
    /// Who.
    pub subjects: Vec<RoleSubject>,
}

/// A role by its name.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct RoleReference {
    /// The group of roles.
    pub api_group: &'static str,
    /// `Role` or `ClusterRole`.
    pub kind: &'static str,
    /// The name.
    pub name: String,
}

/// Who has a role.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct RoleSubject {
    /// The group of users and groups; `None` for service accounts.
    pub api_group: Option<&'static str>,
    /// `User`, `Group` or `ServiceAccount`.
    pub kind: &'static str,
    /// The name.
    pub name: String,
    /// The namespace of a service account.
    pub namespace: Option<String>,
}

/// The group of roles, users and groups.
pub const RBAC_GROUP: &str = "rbac.authorization.k8s.io";

impl PolicyRule {
    /// Verbs over resources of one group.
    pub fn of(group: &str, resources: &[&str], verbs: &[&str]) -> Self {
        let owned = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect();
        Self {
            api_groups: vec![group.to_owned()],
            resources: owned(resources),
            resource_names: Vec::new(),
            verbs: owned(verbs),
        }
    }

    /// The same for one object alone.
    #[must_use]
    pub fn only(mut self, name: &str) -> Self {
        self.resource_names.push(name.to_owned());
        self
    }
}

impl RoleBinding {
    /// Binds a role of the same namespace.
    pub fn to_role(name: &str, subjects: Vec<RoleSubject>) -> Self {
        Self {
            role_ref: RoleReference {
                api_group: RBAC_GROUP,
                kind: Role::KIND,
                name: name.to_owned(),
            },
            subjects,
        }
    }
}

impl RoleSubject {
    /// A service account.
    pub fn service_account(name: &str, namespace: &str) -> Self {
        Self {
            api_group: None,
            kind: "ServiceAccount",
            name: name.to_owned(),
            namespace: Some(namespace.to_owned()),
        }
    }
}

impl Kind for Role {
    const API_VERSION: &'static str = "rbac.authorization.k8s.io/v1";
    const KIND: &'static str = "Role";
    const STAGE: Stage = Stage::Access;
}

impl Kind for RoleBinding {
    const API_VERSION: &'static str = "rbac.authorization.k8s.io/v1";
    const KIND: &'static str = "RoleBinding";
    const STAGE: Stage = Stage::Access;
}
