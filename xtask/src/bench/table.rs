//! The result: medians with their spread, and the ratio of runs that followed one another.

use std::fmt;

/// One thing that was measured on both; more is better.
pub(crate) struct Row {
    pub(crate) name: String,
    pub(crate) unit: Rate,
    pub(crate) berth: Vec<f64>,
    pub(crate) peer: Vec<f64>,
}

/// What a value counts, each second.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Rate {
    Megabytes,
    Images,
    Answers,
}

impl fmt::Display for Rate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Megabytes => "MB/s",
            Self::Images => "images/s",
            Self::Answers => "/s",
        })
    }
}

/// Prints the rows as a Markdown table.
pub(crate) fn print(rows: &[Row]) {
    println!("| median (lowest to highest) | Berth | docker-registry | ratio |");
    println!("|---|---|---|---|");
    for row in rows {
        let ratios = row
            .berth
            .iter()
            .zip(&row.peer)
            .map(|(berth, peer)| berth / peer)
            .collect();
        let (berth, peer) = (spread(row.berth.clone(), 0), spread(row.peer.clone(), 0));
        println!(
            "| {} | {berth} {} | {peer} {} | {} |",
            row.name,
            row.unit,
            row.unit,
            spread(ratios, 2)
        );
    }
}

/// The median of values, and the lowest and the highest of them.
pub(crate) fn spread(mut values: Vec<f64>, digits: usize) -> String {
    values.sort_by(f64::total_cmp);
    let [lowest, .., highest] = values.as_slice() else {
        return values
            .first()
            .map_or_else(|| "none".to_owned(), |only| format!("{only:.digits$}"));
    };
    format!(
        "{:.digits$} ({lowest:.digits$} to {highest:.digits$})",
        median(&values)
    )
}

/// The middle of sorted values, or of the two in the middle.
fn median(sorted: &[f64]) -> f64 {
    let middle = sorted.len() / 2;
    if sorted.len() % 2 == 1 {
        sorted[middle]
    } else {
        f64::midpoint(sorted[middle - 1], sorted[middle])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_median_is_the_middle_and_the_spread_is_all_of_it() {
        assert_eq!(spread(vec![3.0, 1.0, 2.0], 0), "2 (1 to 3)");
        assert_eq!(spread(vec![4.0, 1.0, 2.0, 3.0], 1), "2.5 (1.0 to 4.0)");
        assert_eq!(spread(vec![7.0], 0), "7");
    }
}
