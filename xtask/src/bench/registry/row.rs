//! The result: medians with their spread, and ratios of runs that followed one another, held against bars.

use std::fmt;

use crate::bench::registry::contender::Kind;
use crate::bench::table::spread;

/// One thing that was measured on several; the first is Berth.
pub(crate) struct Row {
    pub(crate) name: String,
    unit: Unit,
    values: Vec<Values>,
    bars: Vec<Bar>,
}

/// What one contender showed, a value a run.
struct Values {
    kind: Kind,
    values: Vec<f64>,
}

/// What a value counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Unit {
    MegabytesASecond,
    ImagesASecond,
    AnswersASecond,
    /// Less is better.
    Milliseconds,
    /// Less is better.
    Megabytes,
}

/// How much better than the best of some Berth has to be.
struct Bar {
    than: Vec<Kind>,
    factor: f64,
}

impl Row {
    pub(crate) fn new(name: String, unit: Unit, kinds: &[Kind]) -> Self {
        let values = kinds.iter().map(|kind| Values {
            kind: *kind,
            values: Vec::new(),
        });
        Self {
            name,
            unit,
            values: values.collect(),
            bars: Vec::new(),
        }
    }

    /// One more run's value of the contender in that place.
    pub(crate) fn add(&mut self, place: usize, value: f64) {
        self.values[place].values.push(value);
    }

    /// Holds the first against the best of `than`: one more line of the table.
    #[must_use]
    pub(crate) fn at_least(mut self, factor: f64, than: &[Kind]) -> Self {
        let than = than.to_vec();
        self.bars.push(Bar { than, factor });
        self
    }

    /// In each run, how many times as good the first was as the best of `than`.
    fn ratios(&self, than: &[Kind]) -> Vec<f64> {
        let Some((first, others)) = self.values.split_first() else {
            return Vec::new();
        };
        let others: Vec<_> = others.iter().filter(|other| than.contains(&other.kind)).collect();
        let runs = first.values.iter().enumerate();
        runs.map(|(run, ours)| {
            let theirs = others.iter().filter_map(|other| other.values.get(run).copied());
            if self.unit.less_is_better() {
                theirs.fold(f64::INFINITY, f64::min) / ours
            } else {
                ours / theirs.fold(0.0, f64::max)
            }
        })
        .collect()
    }
}

impl Unit {
    fn less_is_better(self) -> bool {
        matches!(self, Self::Milliseconds | Self::Megabytes)
    }

    fn digits(self) -> usize {
        usize::from(self.less_is_better())
    }
}

impl fmt::Display for Unit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::MegabytesASecond => "MB/s",
            Self::ImagesASecond => "images/s",
            Self::AnswersASecond => "/s",
            Self::Milliseconds => "ms",
            Self::Megabytes => "MB",
        })
    }
}

/// Prints the rows as a Markdown table.
pub(crate) fn print(rows: &[Row]) {
    println!("| median (lowest to highest) | | | Berth is better by |");
    println!("|---|---|---|---|");
    for row in rows {
        for (place, values) in row.values.iter().enumerate() {
            let name = if place == 0 { row.name.as_str() } else { "" };
            let ratio = if place == 0 {
                String::new()
            } else {
                spread(row.ratios(&[values.kind]), 2)
            };
            let value = spread(values.values.clone(), row.unit.digits());
            println!("| {name} | {} | {value} {} | {ratio} |", values.kind, row.unit);
        }
        for bar in &row.bars {
            let names: Vec<_> = bar.than.iter().map(ToString::to_string).collect();
            let ratio = spread(row.ratios(&bar.than), 2);
            println!(
                "| | *aim: {} times the best of {}* | | {ratio} |",
                bar.factor,
                names.join(", ")
            );
        }
    }
}
