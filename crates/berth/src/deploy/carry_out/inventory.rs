use berth_cluster::InventoryError;
use berth_plan::change::{Action, Change, Outcome};
use berth_plan::object::{Kind as _, Namespace, ObjectKey};

use super::{Ending, Run};

impl Run<'_> {
    /// Records what will be there, before it is.
    pub(super) async fn widen(&mut self) -> Result<(), Ending> {
        let planned = &mut *self.planned;
        let wanted = planned.plan.changes.iter().filter(|change| change.sent.is_some());
        let members: Vec<ObjectKey> = wanted.map(|change| change.key.clone()).collect();
        if members.is_empty() {
            return Ok(());
        }
        let widened = planned
            .cluster
            .widen_inventory(&mut planned.inventory, &members)
            .await;
        self.record(widened)
    }

    /// What is left belongs to the inventory; without anything, it goes. With its namespace it is gone already.
    pub(super) async fn narrow(&mut self) -> Result<(), Ending> {
        let planned = &mut *self.planned;
        let key = planned.inventory.key();
        let took_it = |change: &Change| {
            change.key.kind == Namespace::KIND
                && Some(&change.key.name) == key.namespace.as_ref()
                && matches!(change.action, Action::Delete { .. })
        };
        if !planned.inventory.exists() || planned.plan.changes.iter().any(took_it) {
            return Ok(());
        }
        let left = planned
            .plan
            .changes
            .iter()
            .filter(|change| change.leaves_member());
        let members: Vec<ObjectKey> = left.map(|change| change.key.clone()).collect();
        let narrowed = if members.is_empty() {
            planned
                .cluster
                .delete_inventory(&planned.inventory)
                .await
                .map(|_| ())
        } else {
            planned
                .cluster
                .narrow_inventory(&mut planned.inventory, &members)
                .await
        };
        self.record(narrowed)
    }

    fn record(&mut self, recorded: Result<(), InventoryError>) -> Result<(), Ending> {
        recorded.map_err(|error| {
            let key = self.planned.inventory.key();
            self.console.talk(&error.to_string());
            let because = error.to_string();
            self.beside.push((key, Outcome::Failed { because }));
            Ending::Failed
        })
    }
}
