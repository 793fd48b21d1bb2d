use std::collections::BTreeMap;
use std::fmt::Write as _;

use berth_config::sizing::{Amounts, Forecast, HOURS_PER_MONTH, MonthlyCost};
use serde_json::{Value, json};

use super::Size;
use super::cost::Bill;

/// The sizes of one registry as a value: CPU in millicores, memory and storage in bytes unless the name says MiB.
fn to_json(size: &Size<'_>) -> Value {
    let thumb = &size.rule_of_thumb;
    let mut value = json!({
        "kind": size.registry.kind().as_str(),
        "name": size.registry.base_name,
        "calculateStorageRequirements": {
            "totalCpu": thumb.total_cpu,
            "totalMemory": thumb.total_memory,
            "estimatedThroughput": thumb.estimated_throughput,
        },
        "components": size.components.iter().map(|component| json!({
            "name": component.name,
            "replicas": component.replicas,
            "requests": amounts(component.requests),
            "limits": amounts(component.limits),
        })).collect::<Value>(),
        "requests": amounts(size.sums.requests),
        "limits": amounts(size.sums.limits),
    });
    if let Some(forecast) = &size.forecast {
        value["forecast"] = json!({
            "images": forecast.images,
            "bytes": forecast.bytes,
            "volumeBytes": forecast.volume_bytes.map(narrow),
            "fits": forecast.fits(),
        });
    }
    value
}

fn amounts(amounts: Amounts) -> Value {
    json!({"millicores": narrow(amounts.millicores), "bytes": narrow(amounts.bytes)})
}

/// JSON's numbers end before ours do.
fn narrow(number: u128) -> u64 {
    u64::try_from(number).unwrap_or(u64::MAX)
}

/// All of it: the registries, and with prices what they cost together.
pub(super) fn to_value(sizes: &[Size<'_>], bill: Option<&Bill>) -> Value {
    let mut all: Vec<Value> = sizes.iter().map(to_json).collect();
    let Some(bill) = bill else {
        return all.into();
    };
    for (size, cost) in all.iter_mut().zip(&bill.registries) {
        size["volumeBytes"] = narrow(cost.volume_bytes).into();
        size["costPerMonth"] = costs(cost.cost);
    }
    json!({
        "currency": bill.prices.currency,
        "hoursPerMonth": HOURS_PER_MONTH,
        "registries": all,
        "costPerMonth": costs(bill.total),
        "byCostCenter": groups(&bill.by_cost_center),
        "byOwner": groups(&bill.by_owner),
    })
}

fn groups(groups: &BTreeMap<String, MonthlyCost>) -> Value {
    groups
        .iter()
        .map(|(name, cost)| (name.clone(), costs(*cost)))
        .collect::<serde_json::Map<_, _>>()
        .into()
}

fn costs(cost: MonthlyCost) -> Value {
    json!({
        "cpu": cents(cost.cpu),
        "memory": cents(cost.memory),
        "storage": cents(cost.storage),
        "total": cents(cost.total()),
    })
}

/// To the cent.
fn cents(amount: f64) -> f64 {
    (amount * 100.0).round() / 100.0
}

pub(super) fn to_table(sizes: &[Size<'_>], bill: Option<&Bill>) -> String {
    let mut tables: Vec<String> = sizes.iter().map(table).collect();
    if let Some(bill) = bill {
        for (table, cost) in tables.iter_mut().zip(&bill.registries) {
            let _ = writeln!(
                table,
                "  volumes: {}\n  a month: {}",
                binary(cost.volume_bytes),
                bill_line(cost.cost, bill)
            );
        }
        tables.push(bill_table(bill));
    }
    tables.join("\n")
}

/// What all cost together, and who pays.
fn bill_table(bill: &Bill) -> String {
    let mut text = format!("together\n  a month: {}\n", bill_line(bill.total, bill));
    for (by, groups) in [("cost centre", &bill.by_cost_center), ("owner", &bill.by_owner)] {
        for (name, cost) in groups {
            let _ = writeln!(
                text,
                "  {by} {name}: {:.2} {}",
                cost.total(),
                bill.prices.currency
            );
        }
    }
    text
}

fn bill_line(cost: MonthlyCost, bill: &Bill) -> String {
    let MonthlyCost { cpu, memory, storage } = cost;
    let (total, currency) = (cost.total(), &bill.prices.currency);
    format!("{total:.2} {currency} (cpu {cpu:.2}, memory {memory:.2}, storage {storage:.2})")
}

fn table(size: &Size<'_>) -> String {
    let mut text = format!("{}/{}\n", size.registry.kind().as_str(), size.registry.base_name);
    let mut row = |name: &str, replicas: &str, cpu: &str, memory: &str| {
        let _ = writeln!(text, "  {name:24}{replicas:>9}{cpu:>20}{memory:>24}");
    };
    row("", "replicas", "cpu", "memory");
    for part in &size.components {
        let (cpu, memory) = both(part.requests, part.limits);
        row(part.name, &part.replicas.to_string(), &cpu, &memory);
    }
    let (cpu, memory) = both(size.sums.requests, size.sums.limits);
    row("sum (requests / limits)", "", &cpu, &memory);
    let thumb = &size.rule_of_thumb;
    row(
        "rule of thumb",
        "",
        &format!("{}m", thumb.total_cpu),
        &format!("{}Mi", thumb.total_memory),
    );
    let _ = writeln!(text, "  about {} images a day", thumb.estimated_throughput);
    if let Some(forecast) = &size.forecast {
        let _ = writeln!(text, "  {}", sentence(forecast));
    }
    text
}

fn both(requests: Amounts, limits: Amounts) -> (String, String) {
    (
        format!("{}m / {}m", requests.millicores, limits.millicores),
        format!("{} / {}", binary(requests.bytes), binary(limits.bytes)),
    )
}

fn sentence(forecast: &Forecast) -> String {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "bounded by the options' types"
    )]
    let bytes = forecast.bytes as u128;
    let held = format!(
        "storage: {:.0} images, {} at a time",
        forecast.images,
        binary(bytes)
    );
    match (forecast.volume_bytes, forecast.fits()) {
        (Some(volume), Some(true)) => format!("{held}; fits on the volume of {}", binary(volume)),
        (Some(volume), _) => format!("{held}; does NOT fit on the volume of {}", binary(volume)),
        (None, _) => held,
    }
}

/// Bytes in the largest binary unit in which they are at least 1, to one decimal where it isn't whole.
fn binary(bytes: u128) -> String {
    const UNITS: [&str; 6] = ["B", "Ki", "Mi", "Gi", "Ti", "Pi"];
    let power = (0..UNITS.len())
        .rev()
        .find(|power| bytes >> (10 * power) > 0)
        .unwrap_or(0);
    let unit = 1_u128 << (10 * power);
    let tenths = (bytes * 10 + unit / 2) / unit;
    if tenths.is_multiple_of(10) {
        format!("{}{}", tenths / 10, UNITS[power])
    } else {
        format!("{}.{}{}", tenths / 10, tenths % 10, UNITS[power])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_are_told_in_the_unit_that_people_use() {
        for (bytes, text) in [
            (0, "0B"),
            (1023, "1023B"),
            (512 << 20, "512Mi"),
            (3 << 29, "1.5Gi"),
            (10 << 30, "10Gi"),
        ] {
            assert_eq!(binary(bytes), text);
        }
    }
}
