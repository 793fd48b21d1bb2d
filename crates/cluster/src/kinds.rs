use std::collections::HashMap;
use std::fmt;
use std::sync::Arc;

use berth_plan::object::ObjectKey;
use kube::core::{ApiResource, DynamicObject, Resource as _};
use serde_json::Value as Json;
use tokio::sync::Mutex;

use crate::Cluster;
use crate::refused::{Asked, Cause, Refused, Verb};

/// A kind of object without its version.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct GroupKind {
    /// The group; empty for the core group.
    pub group: String,
    /// The kind.
    pub kind: String,
}

/// What the cluster says of a kind.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Resource {
    /// Group, version, kind, and the name in paths.
    pub(crate) api: ApiResource,
    /// Whether its objects live in namespaces.
    pub namespaced: bool,
}

/// What is known of the kinds: asked once for each group and version.
#[derive(Default)]
pub(crate) struct Kinds {
    /// The resources by `apiVersion`.
    known: Mutex<HashMap<String, Arc<Vec<Resource>>>>,
    /// The versions of each group, the preferred one first.
    versions: Mutex<HashMap<String, Arc<Vec<String>>>>,
}

impl GroupKind {
    /// The kind of an object.
    pub fn of(key: &ObjectKey) -> Self {
        Self {
            group: key.group.to_string(),
            kind: key.kind.to_string(),
        }
    }
}

/// `Deployment.apps`, and `ConfigMap` in the core group.
impl fmt::Display for GroupKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let dot = if self.group.is_empty() { "" } else { "." };
        write!(f, "{}{dot}{}", self.kind, self.group)
    }
}

impl Resource {
    /// Its `apiVersion`.
    pub fn api_version(&self) -> &str {
        &self.api.api_version
    }

    /// Its name in paths and in access control, such as `deployments`.
    pub fn plural(&self) -> &str {
        &self.api.plural
    }

    /// The path of its objects: of one namespace, or of all.
    pub(crate) fn path(&self, namespace: Option<&str>) -> String {
        DynamicObject::url_path(&self.api, namespace.filter(|_| self.namespaced))
    }
}

impl Cluster {
    /// What the cluster says of a kind, in the version that it prefers.
    ///
    /// # Errors
    /// [`Cause::KindMissing`] when it doesn't know it: its CRD is missing.
    pub async fn resource(&self, kind: &GroupKind) -> Result<Resource, Refused> {
        let asked = Asked::about(Verb::Get, format!("the kind {kind}"));
        self.resource_for(&asked, kind, None).await
    }

    /// The same for an object in hand, in its own version where one is given.
    pub(crate) async fn resource_for(
        &self,
        asked: &Asked,
        kind: &GroupKind,
        api_version: Option<&str>,
    ) -> Result<Resource, Refused> {
        let versions = match api_version {
            Some(version) => Arc::new(vec![version.to_owned()]),
            None => self.versions(asked, &kind.group).await?,
        };
        for version in versions.iter() {
            if let Some(found) = self.lookup(asked, version, &kind.kind).await? {
                return Ok(found);
            }
        }
        Err(asked.refused(Cause::KindMissing {
            group: kind.group.clone(),
            kind: kind.kind.clone(),
        }))
    }

    /// A kind of one `apiVersion`. What was not there is asked for again: a CRD may have come meanwhile.
    async fn lookup(
        &self,
        asked: &Asked,
        api_version: &str,
        kind: &str,
    ) -> Result<Option<Resource>, Refused> {
        let named = |known: &[Resource]| known.iter().find(|it| it.api.kind == kind).cloned();
        let mut all = self.kinds().known.lock().await;
        if let Some(found) = all.get(api_version).and_then(|known| named(known)) {
            return Ok(Some(found));
        }
        let prefix = if api_version.contains('/') {
            "/apis/"
        } else {
            "/api/"
        };
        let Some(list) = self.read_known(asked, &format!("{prefix}{api_version}")).await? else {
            return Ok(None);
        };
        let known = Arc::new(resources(api_version, &list));
        let found = named(&known);
        all.insert(api_version.to_owned(), known);
        Ok(found)
    }

    async fn versions(&self, asked: &Asked, group: &str) -> Result<Arc<Vec<String>>, Refused> {
        if group.is_empty() {
            return Ok(Arc::new(vec!["v1".to_owned()]));
        }
        let mut all = self.kinds().versions.lock().await;
        if let Some(known) = all.get(group) {
            return Ok(Arc::clone(known));
        }
        let Some(answer) = self.read_known(asked, &format!("/apis/{group}")).await? else {
            return Ok(Arc::default());
        };
        let preferred = answer
            .pointer("/preferredVersion/groupVersion")
            .and_then(Json::as_str);
        let served = answer["versions"].as_array().into_iter().flatten();
        let served = served.filter_map(|it| it["groupVersion"].as_str());
        let others = served.filter(|it| Some(*it) != preferred);
        let known: Vec<_> = preferred.into_iter().chain(others).map(str::to_owned).collect();
        let known = Arc::new(known);
        all.insert(group.to_owned(), Arc::clone(&known));
        Ok(known)
    }

    /// Reads what may not be there.
    async fn read_known(&self, asked: &Asked, path: &str) -> Result<Option<Json>, Refused> {
        match self.read(asked, path).await {
            Ok(answer) => Ok(Some(answer)),
            Err(refused) if matches!(*refused.cause, Cause::NotFound | Cause::KindMissing { .. }) => Ok(None),
            Err(refused) => Err(refused),
        }
    }
}

/// The resources of an `APIResourceList`, without what lies beneath them.
fn resources(api_version: &str, list: &Json) -> Vec<Resource> {
    let (group, version) = api_version.split_once('/').unwrap_or(("", api_version));
    let entries = list["resources"].as_array().into_iter().flatten();
    entries
        .filter_map(|entry| {
            let plural = entry["name"].as_str().filter(|name| !name.contains('/'))?;
            Some(Resource {
                api: ApiResource {
                    group: group.to_owned(),
                    version: version.to_owned(),
                    api_version: api_version.to_owned(),
                    kind: entry["kind"].as_str()?.to_owned(),
                    plural: plural.to_owned(),
                },
                namespaced: entry["namespaced"].as_bool()?,
            })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_lies_beneath_a_resource_is_no_kind_of_its_own() {
        let list = json!({"resources": [
            {"name": "deployments", "kind": "Deployment", "namespaced": true},
            {"name": "deployments/scale", "kind": "Scale", "namespaced": true},
        ]});
        let found = resources("apps/v1", &list);
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].path(Some("n")), "/apis/apps/v1/namespaces/n/deployments");
        assert_eq!(found[0].path(None), "/apis/apps/v1/deployments");
    }

    #[test]
    fn a_kind_of_the_core_group_is_written_without_a_dot() {
        let kind = |group: &str, kind: &str| GroupKind {
            group: group.to_owned(),
            kind: kind.to_owned(),
        };
        assert_eq!(kind("", "Secret").to_string(), "Secret");
        assert_eq!(kind("apps", "Deployment").to_string(), "Deployment.apps");
    }
}
