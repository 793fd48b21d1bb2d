use std::sync::Arc;
use std::time::Duration;

use anyhow::Context;
use berth_config::serve::ServePlan;
use berth_storage::{Store, StoreOptions};

use crate::world::{SystemClock, SystemRandom};

/// For ever, as far as a store is concerned.
const NEVER: Duration = Duration::from_secs(u32::MAX as u64);

/// Opens the folder of the plan, and makes it where there is none.
pub(super) async fn open(plan: &ServePlan) -> anyhow::Result<Store> {
    let options = StoreOptions {
        root: plan.root.clone(),
        clock: Arc::new(SystemClock),
        random: Arc::new(SystemRandom),
        allow_sparse: plan.allow_sparse,
        upload_expiry: plan.upload_expiry.unwrap_or(NEVER),
        grace: plan.grace,
    };
    Store::open(options)
        .await
        .with_context(|| format!("opening the data in {}", plan.root.display()))
}
