//! `berth size`: what registries need, by rule of thumb, by their declared sums, and as their images come.

mod cost;
mod report;

use std::path::PathBuf;

use berth_config::document::{Document, Documents};
use berth_config::sizing::{self, Forecast, ForecastInput, Sums};
use berth_config::value::{Parse, Quantity};
use clap::Args;

use crate::cli::{DocumentArguments, TableFormat};
use crate::console::Console;
use crate::documents;
use crate::exit::{Exit, Refusal};

const HELP: &str = "\
The rule of thumb is 500m CPU and 512 MiB a replica for Harbor, 100m and 256 MiB for the others, and 100 images a day a
replica. Beside it stand the sums of what the documents declare, component by component.

With --images-per-day and --image-size, a forecast of the bytes held at a time:
    images-per-day x retention-days x image-size x (1 - dedupe)

With --cost, what is kept for the registries (CPU and memory requests, volumes) costs a month of 730 hours, for each, and in
all by cost centre and owner (`cost.costCenter`, `cost.owner`). The prices stand in a file of YAML or JSON:
    {currency: EUR, cpuCoreHour: 0.03, memoryGiBHour: 0.004, storageGiBMonth: 0.08}";

#[derive(Debug, Args)]
#[command(after_help = HELP)]
pub(crate) struct Arguments {
    #[command(flatten)]
    documents: DocumentArguments,
    /// Images pushed a day
    #[arg(long, value_name = "NUMBER", requires = "image_size", value_parser = parse_amount)]
    images_per_day: Option<f64>,
    /// Size of an image as stored, such as 300Mi
    #[arg(long, value_name = "SIZE", requires = "images_per_day", value_parser = parse_size)]
    image_size: Option<Quantity>,
    /// Days an image is kept; without it, what the retention policies say
    #[arg(long, value_name = "DAYS", requires = "images_per_day", value_parser = parse_amount)]
    retention_days: Option<f64>,
    /// Share of an image's bytes that other images hold already, from 0 (nothing is shared, as without it) to 1
    #[arg(long, value_name = "SHARE", requires = "images_per_day", value_parser = parse_share)]
    dedupe: Option<f64>,
    /// What they cost a month, by the prices in this file
    #[arg(long, value_name = "PRICES")]
    cost: Option<PathBuf>,
    /// How the sizes are printed
    #[arg(long, short, value_enum, default_value_t)]
    output: TableFormat,
}

fn parse_size(text: &str) -> Result<Quantity, String> {
    Quantity::parse(text).map_err(|refused| refused.message)
}

fn parse_amount(text: &str) -> Result<f64, String> {
    let amount = text
        .parse::<f64>()
        .ok()
        .filter(|amount| (0.0..=1e9).contains(amount));
    amount.ok_or_else(|| "a number from 0 to a billion".to_owned())
}

fn parse_share(text: &str) -> Result<f64, String> {
    let share = text
        .parse::<f64>()
        .ok()
        .filter(|share| (0.0..=1.0).contains(share));
    share.ok_or_else(|| "a share goes from 0 to 1".to_owned())
}

pub(crate) fn run(arguments: &Arguments, console: &mut Console) -> anyhow::Result<Exit> {
    let documents = documents::load_valid(&arguments.documents.documents, console)?;
    let sizes: Vec<_> = documents
        .documents
        .iter()
        .filter_map(|one| size(one, &documents, arguments))
        .collect();
    if sizes.is_empty() {
        return Err(Refusal::Usage(
            "there is no registry among the documents, and only registries have sizes".to_owned(),
        )
        .into());
    }
    let bill = match &arguments.cost {
        Some(path) => Some(cost::Bill::of(&documents, &sizes, cost::read(path)?)),
        None => None,
    };
    let value = || report::to_value(&sizes, bill.as_ref());
    console.result(&match arguments.output {
        TableFormat::Table => report::to_table(&sizes, bill.as_ref()),
        TableFormat::Json => serde_json::to_string_pretty(&value())?,
        TableFormat::Yaml => berth_config::show::to_yaml(&value()),
    })?;
    Ok(Exit::Done)
}

/// Everything that is to be said of one registry.
struct Size<'a> {
    registry: &'a Document,
    rule_of_thumb: berth_config::builders::StorageRequirements,
    components: Vec<sizing::Component>,
    sums: Sums,
    forecast: Option<Forecast>,
}

fn size<'a>(registry: &'a Document, documents: &Documents, arguments: &Arguments) -> Option<Size<'a>> {
    let components = sizing::components(&registry.spec);
    Some(Size {
        registry,
        rule_of_thumb: sizing::rule_of_thumb(registry)?,
        sums: Sums::of(&components),
        components,
        forecast: forecast_input(registry, documents, arguments).map(|input| input.forecast(registry)),
    })
}

/// Kept for 30 days where neither the command line nor a policy says anything: builders.md's default.
const RETENTION_DAYS: i64 = 30;

#[expect(clippy::cast_precision_loss, reason = "a forecast needs no exact bytes")]
fn forecast_input(
    registry: &Document,
    documents: &Documents,
    arguments: &Arguments,
) -> Option<ForecastInput> {
    let declared =
        ForecastInput::retention_days_for(&documents.documents, registry).unwrap_or(RETENTION_DAYS);
    Some(ForecastInput {
        images_per_day: arguments.images_per_day?,
        image_bytes: arguments.image_size?.bytes() as f64,
        retention_days: arguments.retention_days.unwrap_or(declared as f64),
        dedupe: arguments.dedupe.unwrap_or(0.0),
    })
}
