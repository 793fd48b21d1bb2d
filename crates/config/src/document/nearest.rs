/// What is longer is no name.
const MAX_BYTES: usize = 100;

/// The candidate nearest to a misspelt text, where one is near enough to be meant.
pub fn nearest<'a>(text: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    if text.len() > MAX_BYTES {
        return None;
    }
    let lower = text.to_lowercase();
    candidates
        .into_iter()
        .map(|candidate| {
            (
                strsim::damerau_levenshtein(&lower, &candidate.to_lowercase()),
                candidate,
            )
        })
        .filter(|(distance, candidate)| {
            let length = candidate.chars().count().max(lower.chars().count());
            *distance <= (length / 3).max(1) && *distance < length
        })
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_finds_its_name_and_a_stranger_finds_none() {
        let names = ["driver", "filesystem", "s3", "rootdirectory"];
        assert_eq!(nearest("drivr", names), Some("driver"));
        assert_eq!(nearest("fileSystem", names), Some("filesystem"));
        assert_eq!(nearest("rootDirectory", names), Some("rootdirectory"));
        assert_eq!(nearest("banana", names), None);
        assert_eq!(nearest("x", names), None);
    }
}
