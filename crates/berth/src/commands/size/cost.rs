use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use anyhow::Context;
use berth_config::document::{Document, Documents};
use berth_config::rules;
use berth_config::sizing::{MonthlyCost, Prices};
use berth_config::value::{Parse, Quantity, SecretValue};
use berth_plan::object::{Object, SecretText};
use berth_plan::render::{KubernetesVersion, RenderOptions, SecretSource, SecretUnavailable, render};
use serde_json::Value;

use super::Size;
use crate::exit::Refusal;

/// What registries cost, each and together.
pub(super) struct Bill {
    pub(super) prices: Prices,
    /// In the order of the sizes.
    pub(super) registries: Vec<RegistryCost>,
    pub(super) total: MonthlyCost,
    pub(super) by_cost_center: BTreeMap<String, MonthlyCost>,
    pub(super) by_owner: BTreeMap<String, MonthlyCost>,
}

/// What one registry costs.
pub(super) struct RegistryCost {
    pub(super) volume_bytes: u128,
    pub(super) cost: MonthlyCost,
}

/// Who pays where nobody is named.
const NOBODY: &str = "(none)";
/// More than any list of prices has.
const LONGEST_BYTES: u64 = 64 << 10;

/// Reads a file of prices.
pub(super) fn read(path: &Path) -> anyhow::Result<Prices> {
    let context = || format!("reading the prices in {}", path.display());
    let length = fs::metadata(path).with_context(context)?.len();
    if length > LONGEST_BYTES {
        let message = format!("{} is too long for a file of prices", path.display());
        return Err(Refusal::Usage(message).into());
    }
    let text = fs::read_to_string(path).with_context(context)?;
    Prices::parse(&text).map_err(|error| Refusal::Usage(format!("{}: {error}", path.display())).into())
}

impl Bill {
    pub(super) fn of(documents: &Documents, sizes: &[Size<'_>], prices: Prices) -> Self {
        let options = RenderOptions {
            kubernetes: KubernetesVersion::minor(31),
            profile: rules::Profile::Dev,
        };
        let objects = render(documents, &options, &Unread).objects;
        let mut bill = Self {
            prices,
            registries: Vec::new(),
            total: MonthlyCost::default(),
            by_cost_center: BTreeMap::new(),
            by_owner: BTreeMap::new(),
        };
        for size in sizes {
            let own = objects.iter().filter(|object| is_of(object, size.registry));
            let volume_bytes = own.map(|object| volume_bytes(object, size.registry)).sum();
            bill.add(size, volume_bytes);
        }
        bill
    }

    fn add(&mut self, size: &Size<'_>, volume_bytes: u128) {
        let cost = self.prices.of(&size.sums, volume_bytes);
        let given = size.registry.spec.workload().and_then(|workload| workload.cost);
        let name = |given: Option<&String>| given.map_or(NOBODY, String::as_str).to_owned();
        let center = name(given.and_then(|given| given.cost_center.as_ref()));
        let owner = name(given.and_then(|given| given.owner.as_ref()));
        for sum in [
            &mut self.total,
            self.by_cost_center.entry(center).or_default(),
            self.by_owner.entry(owner).or_default(),
        ] {
            sum.cpu += cost.cpu;
            sum.memory += cost.memory;
            sum.storage += cost.storage;
        }
        self.registries.push(RegistryCost { volume_bytes, cost });
    }
}

fn is_of(object: &Object, registry: &Document) -> bool {
    let metadata = object.metadata();
    let namespace = registry.spec.workload().map(|workload| workload.namespace.text());
    let instance = metadata.labels.get("app.kubernetes.io/instance");
    metadata.namespace.as_deref() == namespace && instance == Some(&registry.base_name)
}

/// The bytes that an object claims: of a `StatefulSet`, those of all its pods.
fn volume_bytes(object: &Object, registry: &Document) -> u128 {
    let spec = object.body().get("spec").unwrap_or(&Value::Null);
    match object.kind() {
        "PersistentVolumeClaim" => requested(spec),
        "StatefulSet" => {
            let claims = spec["volumeClaimTemplates"].as_array();
            let claims: u128 = claims
                .into_iter()
                .flatten()
                .map(|claim| requested(&claim["spec"]))
                .sum();
            claims.saturating_mul(u128::from(replicas(spec, registry)))
        }
        _ => 0,
    }
}

/// As the sums have it: with an autoscaler, the most.
fn replicas(spec: &Value, registry: &Document) -> u64 {
    let most = || {
        let autoscaling = registry.spec.workload()?.autoscaling?;
        u64::try_from(autoscaling.max_replicas).ok()
    };
    spec["replicas"].as_u64().or_else(most).unwrap_or(1)
}

fn requested(claim: &Value) -> u128 {
    let size = claim["resources"]["requests"]["storage"].as_str();
    size.and_then(|size| Quantity::parse(size).ok())
        .map_or(0, Quantity::bytes)
}

/// Sizes need no secrets, and so none is read.
struct Unread;

impl SecretSource for Unread {
    fn resolve(&self, _: &SecretValue) -> Result<SecretText, SecretUnavailable> {
        Ok(SecretText::from("unread"))
    }

    fn made_once(&self, _: &str, _: &str, _: &str) -> Option<SecretText> {
        None
    }
}
