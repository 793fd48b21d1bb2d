use serde_json::{Map, Value as Json};

use super::{Amounts, Sums};
use crate::document::{nearest, value_of};

/// What is paid for what a registry keeps for itself.
#[derive(Clone, PartialEq, Debug)]
pub struct Prices {
    /// The currency, as the bill names it.
    pub currency: String,
    /// A core for an hour.
    pub cpu_core_hour: f64,
    /// A GiB of memory for an hour.
    pub memory_gib_hour: f64,
    /// A GiB of volumes for a month.
    pub storage_gib_month: f64,
}

/// What a registry costs a month.
#[derive(Clone, Copy, PartialEq, Debug, Default)]
pub struct MonthlyCost {
    /// For its CPU.
    pub cpu: f64,
    /// For its memory.
    pub memory: f64,
    /// For its volumes.
    pub storage: f64,
}

/// Why a text holds no prices.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum PricesError {
    /// It can't be read, or isn't a map.
    #[error("it is no map of prices: {0}")]
    Form(String),
    /// A name that no price has.
    #[error("there is no price `{name}`{hint}")]
    Unknown {
        /// As written.
        name: String,
        /// The nearest right one, with what stands before it.
        hint: String,
    },
    /// A value that is no price.
    #[error("`{0}` is a number from 0 on, without its currency")]
    Amount(&'static str),
    /// Nothing says what the numbers are counted in.
    #[error("`currency` is missing: a text such as EUR")]
    Currency,
}

/// Hours of a month: a twelfth of a year of 365 days.
pub const HOURS_PER_MONTH: f64 = 730.0;

const CURRENCY: &str = "currency";
const CPU: &str = "cpuCoreHour";
const MEMORY: &str = "memoryGiBHour";
const STORAGE: &str = "storageGiBMonth";
/// A GiB in bytes.
const GIB: f64 = 1_073_741_824.0;

impl Prices {
    /// Reads YAML or JSON: `{currency: EUR, cpuCoreHour: 0.03, memoryGiBHour: 0.004, storageGiBMonth: 0.08}`. A price that
    /// isn't given is 0.
    pub fn parse(text: &str) -> Result<Self, PricesError> {
        let value = value_of(text).map_err(PricesError::Form)?;
        let Json::Object(fields) = value else {
            return Err(PricesError::Form("write `name: value` lines".to_owned()));
        };
        let names = [CURRENCY, CPU, MEMORY, STORAGE];
        if let Some(name) = fields.keys().find(|name| !names.contains(&name.as_str())) {
            let near = nearest(name, names);
            return Err(PricesError::Unknown {
                name: name.clone(),
                hint: near.map_or_else(String::new, |near| format!("; did you mean `{near}`?")),
            });
        }
        let currency = fields.get(CURRENCY).and_then(Json::as_str);
        let currency = currency.filter(|currency| !currency.trim().is_empty());
        Ok(Self {
            currency: currency.ok_or(PricesError::Currency)?.to_owned(),
            cpu_core_hour: price(&fields, CPU)?,
            memory_gib_hour: price(&fields, MEMORY)?,
            storage_gib_month: price(&fields, STORAGE)?,
        })
    }

    /// What the sums of a registry and the bytes of its volumes cost: what is kept for it, whether it is used or not.
    pub fn of(&self, sums: &Sums, volume_bytes: u128) -> MonthlyCost {
        let Amounts { millicores, bytes } = sums.requests;
        MonthlyCost {
            cpu: float(millicores) / 1000.0 * self.cpu_core_hour * HOURS_PER_MONTH,
            memory: float(bytes) / GIB * self.memory_gib_hour * HOURS_PER_MONTH,
            storage: float(volume_bytes) / GIB * self.storage_gib_month,
        }
    }
}

impl MonthlyCost {
    /// All of it.
    pub fn total(self) -> f64 {
        self.cpu + self.memory + self.storage
    }
}

fn price(fields: &Map<String, Json>, name: &'static str) -> Result<f64, PricesError> {
    let Some(value) = fields.get(name) else {
        return Ok(0.0);
    };
    value
        .as_f64()
        .filter(|price| (0.0..=1e9).contains(price))
        .ok_or(PricesError::Amount(name))
}

#[expect(clippy::cast_precision_loss, reason = "a bill is told to the cent")]
const fn float(number: u128) -> f64 {
    number as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_kept_is_paid_by_the_hour_and_volumes_by_the_month() {
        let prices =
            Prices::parse("currency: EUR\ncpuCoreHour: 0.1\nmemoryGiBHour: 0.01\nstorageGiBMonth: 0.2\n");
        let prices = prices.unwrap();
        let sums = Sums {
            requests: Amounts {
                millicores: 500,
                bytes: 2 << 30,
            },
            limits: Amounts::default(),
        };
        let cost = prices.of(&sums, 10 << 30);
        let near = |left: f64, right: f64| (left - right).abs() < 1e-9;
        assert!(near(cost.cpu, 36.5) && near(cost.memory, 14.6) && near(cost.storage, 2.0));
        assert!(near(cost.total(), 53.1));
    }

    #[test]
    fn what_is_no_price_is_refused_by_its_name() {
        for (text, says) in [
            ("currency: EUR\ncpuCoreHours: 1\n", "did you mean `cpuCoreHour`?"),
            ("currency: EUR\ncpuCoreHour: -1\n", "`cpuCoreHour` is a number"),
            ("currency: EUR\ncpuCoreHour: 1 EUR\n", "`cpuCoreHour` is a number"),
            ("cpuCoreHour: 1\n", "`currency` is missing"),
            ("- 1\n", "no map of prices"),
            ("a: [\n", "no map of prices"),
            ("", "no map of prices"),
        ] {
            let error = Prices::parse(text).unwrap_err().to_string();
            assert!(error.contains(says), "{text}: {error}");
        }
    }
}
