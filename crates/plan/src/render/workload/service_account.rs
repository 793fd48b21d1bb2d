use std::collections::BTreeSet;

use crate::object::{LocalReference, Object, ServiceAccount};
use crate::render::registry::Registry;
use crate::render::{Rendering, policies};

/// The name of the account that a registry's pods run under.
pub(crate) fn account_name(registry: &Registry<'_>) -> String {
    let given = registry.workload.service_account;
    let name = given.and_then(|account| account.name.as_ref()?.value());
    name.map_or_else(|| registry.object_name(""), |name| name.as_str().to_owned())
}

/// The account, unless there is one already. Pods don't get its token: they don't speak to the cluster.
pub(crate) fn service_account(registry: &Registry<'_>, rendering: &mut Rendering<'_>) {
    let given = registry.workload.service_account;
    if given.is_some_and(|account| !account.create) {
        return;
    }
    let mut metadata = registry.metadata("");
    metadata.name = account_name(registry);
    if let Some(given) = given {
        metadata = metadata.annotated(given.annotations.clone());
    }
    let own = registry.workload.image_pull_secrets.iter().cloned();
    let attached = policies::attached(rendering.documents, registry.namespace, &metadata.name);
    let names: BTreeSet<String> = own.chain(attached).collect();
    let account = ServiceAccount {
        automount_service_account_token: Some(false),
        image_pull_secrets: names.into_iter().map(|name| LocalReference { name }).collect(),
    };
    rendering.add(registry.document, Object::new(metadata, &account));
}

/// The Secrets that the registry's own images are pulled with.
pub(crate) fn pull_secrets(registry: &Registry<'_>) -> Vec<LocalReference> {
    let names = registry.workload.image_pull_secrets.iter();
    names.map(|name| LocalReference { name: name.clone() }).collect()
}
