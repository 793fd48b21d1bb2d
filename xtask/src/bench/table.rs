//! Medians with their spread, and percentiles.

/// Prints a row of times in milliseconds, with a peer's where there is one: how much of its time goes on one of Berth's,
/// run by run.
pub(crate) fn print_times(name: &str, berth: Vec<f64>, peer: Option<Vec<f64>>) {
    let (times, ratios) = peer.map_or_else(Default::default, |peer| {
        let ratios = berth.iter().zip(&peer).map(|(berth, peer)| peer / berth);
        let ratios = spread(ratios.collect(), 1);
        (format!("{} ms", spread(peer, 0)), ratios)
    });
    println!("| {name} | {} ms | {times} | {ratios} |", spread(berth, 0));
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

/// The value that so many percent of all are at most; 0 of none.
pub(crate) fn percentile(mut values: Vec<f64>, percent: usize) -> f64 {
    values.sort_by(f64::total_cmp);
    let place = (values.len() * percent).div_ceil(100).saturating_sub(1);
    values.get(place).copied().unwrap_or_default()
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

    #[test]
    fn a_percentile_is_one_of_the_values() {
        let hundred: Vec<_> = (1..=100).map(f64::from).collect();
        assert!((percentile(hundred, 99) - 99.0).abs() < f64::EPSILON);
        assert!((percentile(vec![3.0, 1.0], 99) - 3.0).abs() < f64::EPSILON);
        assert!(percentile(Vec::new(), 99).abs() < f64::EPSILON);
    }
}
