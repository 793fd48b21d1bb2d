use super::{Inventory, InventoryError, parent};
use crate::Cluster;

impl Cluster {
    /// What an inventory records; one that isn't there yet records nothing.
    ///
    /// # Errors
    /// An object of that name that Berth doesn't keep, one that was tampered with, and whatever keeps the server
    /// from answering.
    pub async fn inventory(&self, namespace: &str, name: &str) -> Result<Inventory, InventoryError> {
        match self.get(&parent::key(namespace, name)).await? {
            Some(parent) => Inventory::read(namespace, name, &parent),
            None => Ok(Inventory::empty(namespace, name)),
        }
    }
}
