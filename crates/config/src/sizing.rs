//! How much a registry asks for: the rule of thumb of the builder contract, the real sums over its
//! components, and a forecast of the bytes it will hold.

mod components;
mod forecast;
mod prices;

pub use components::{Amounts, Component, Sums, components};
pub use forecast::{Forecast, ForecastInput};
pub use prices::{HOURS_PER_MONTH, MonthlyCost, Prices, PricesError};

use crate::builders::{StorageRequirements, calculate_storage_requirements};
use crate::document::Document;

/// What `calculateStorageRequirements` says of a registry; `None` of what is none.
pub fn rule_of_thumb(document: &Document) -> Option<StorageRequirements> {
    document
        .kind()
        .is_registry()
        .then(|| calculate_storage_requirements(&crate::show::resolve(document)))
}
