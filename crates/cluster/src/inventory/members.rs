use serde_json::Value as Json;

use super::{Inventory, InventoryError};
use crate::Cluster;
use crate::at_once::at_once;
use crate::list::Selector;
use crate::refused::Cause;

impl Cluster {
    /// The members of an inventory as the cluster has them: what carries its label, of the kinds and in the
    /// namespaces that it records. A kind that the cluster no longer knows has no objects.
    ///
    /// # Errors
    /// Any refusal: one kind that may not be listed hides members, so none are returned.
    pub async fn members(&self, inventory: &Inventory) -> Result<Vec<Json>, InventoryError> {
        let selector = Selector::label(Inventory::PART_OF, inventory.id());
        let mut lists = Vec::new();
        for kind in inventory.kinds() {
            let resource = match self.resource(kind).await {
                Ok(resource) => resource,
                Err(refused) if matches!(*refused.cause, Cause::KindMissing { .. }) => continue,
                Err(refused) => return Err(refused.into()),
            };
            if resource.namespaced {
                let namespaces = inventory.namespaces();
                lists.extend(namespaces.map(|namespace| (kind.clone(), Some(namespace.to_owned()))));
            } else {
                lists.push((kind.clone(), None));
            }
        }
        let calls = lists.into_iter().map(|(kind, namespace)| {
            let (cluster, selector) = (self.clone(), selector.clone());
            async move { cluster.list(&kind, namespace.as_deref(), &selector).await }
        });
        let mut found = Vec::new();
        for list in at_once(calls).await {
            found.extend(list?);
        }
        Ok(found)
    }
}
