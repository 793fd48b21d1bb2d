use std::collections::BTreeSet;

use berth_plan::object::ObjectKey;
use serde_json::Value as Json;

use super::{Inventory, InventoryError};
use crate::delete::{Deleted, Preconditions, Propagation};
use crate::kinds::GroupKind;
use crate::refused::Cause;
use crate::{Cluster, Force};

/// How often another run may come in between before this one gives up.
const ROUNDS: u32 = 5;

impl Cluster {
    /// Records, before they are applied, that these objects will be members, beside those that are. The parent is
    /// made where it is missing; its namespace must be there.
    ///
    /// # Errors
    /// An inventory that changed hands meanwhile, and any refusal.
    pub async fn widen_inventory<'a>(
        &self,
        inventory: &mut Inventory,
        members: impl IntoIterator<Item = &'a ObjectKey>,
    ) -> Result<(), InventoryError> {
        let (kinds, namespaces) = spread(inventory, members);
        let mut round = 1;
        loop {
            // What another run recorded meanwhile is kept: read, widen, and write only over what was read.
            let mut wider = self.inventory(&inventory.namespace, &inventory.name).await?;
            let enough = kinds.is_subset(&wider.kinds) && namespaces.is_subset(&wider.namespaces);
            if wider.exists() && enough {
                *inventory = wider;
                return Ok(());
            }
            wider.kinds.extend(kinds.iter().cloned());
            wider.namespaces.extend(namespaces.iter().cloned());
            match self.record(&wider).await {
                Ok(recorded) => {
                    *inventory = recorded;
                    return Ok(());
                }
                Err(error) if is_race(&error) && round < ROUNDS => round += 1,
                Err(error) => return Err(error),
            }
        }
    }

    /// Records, after the others were pruned, that these objects alone are members. Where another run has recorded
    /// something since, all stays: too much in an inventory does no harm.
    ///
    /// # Errors
    /// As [`Cluster::widen_inventory`].
    pub async fn narrow_inventory<'a>(
        &self,
        inventory: &mut Inventory,
        members: impl IntoIterator<Item = &'a ObjectKey>,
    ) -> Result<(), InventoryError> {
        let (kinds, namespaces) = spread(inventory, members);
        if kinds == inventory.kinds && namespaces == inventory.namespaces {
            return Ok(());
        }
        let narrower = Inventory {
            kinds,
            namespaces,
            ..inventory.clone()
        };
        match self.record(&narrower).await {
            Ok(recorded) => *inventory = recorded,
            Err(error) if is_race(&error) => {}
            Err(error) => return Err(error),
        }
        Ok(())
    }

    /// Deletes the parent, once no member is left.
    ///
    /// # Errors
    /// Any refusal.
    pub async fn delete_inventory(&self, inventory: &Inventory) -> Result<Deleted, InventoryError> {
        let preconditions = Preconditions {
            uid: inventory.uid.clone(),
            resource_version: inventory.version.clone(),
        };
        let key = inventory.key();
        Ok(self.delete(&key, &preconditions, Propagation::Background).await?)
    }

    /// Writes a parent over the version that was read, or makes it. Its fields are Berth's, whoever else wrote them.
    async fn record(&self, inventory: &Inventory) -> Result<Inventory, InventoryError> {
        let mut parent = inventory.write();
        let written = match &inventory.version {
            Some(version) => {
                parent["metadata"]["resourceVersion"] = Json::from(version.as_str());
                self.apply(&parent, Force::Yes).await?
            }
            None => self.create(&parent).await?,
        };
        Inventory::read(&inventory.namespace, &inventory.name, &written)
    }
}

fn is_race(error: &InventoryError) -> bool {
    let InventoryError::Refused(refused) = error else {
        return false;
    };
    matches!(*refused.cause, Cause::Stale | Cause::AlreadyExists)
}

/// The kinds of the members, and the namespaces they are in beside the parent's own.
fn spread<'a>(
    inventory: &Inventory,
    members: impl IntoIterator<Item = &'a ObjectKey>,
) -> (BTreeSet<GroupKind>, BTreeSet<String>) {
    let mut kinds = BTreeSet::new();
    let mut namespaces = BTreeSet::new();
    for key in members {
        kinds.insert(GroupKind::of(key));
        namespaces.extend(key.namespace.clone());
    }
    namespaces.remove(&inventory.namespace);
    (kinds, namespaces)
}
