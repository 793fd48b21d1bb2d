use serde_json::Value as Json;

use super::{Inventory, InventoryError};
use crate::Cluster;
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
        let mut found = Vec::new();
        for kind in inventory.kinds() {
            let resource = match self.resource(kind).await {
                Ok(resource) => resource,
                Err(refused) if matches!(*refused.cause, Cause::KindMissing { .. }) => continue,
                Err(refused) => return Err(refused.into()),
            };
            if !resource.namespaced {
                found.extend(self.list(kind, None, &selector).await?);
                continue;
            }
            for namespace in inventory.namespaces() {
                found.extend(self.list(kind, Some(namespace), &selector).await?);
            }
        }
        Ok(found)
    }
}
