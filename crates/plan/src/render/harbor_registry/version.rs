/// The newest release of 2.10, which a version of two numbers stands for.
const NEWEST: (&str, &str) = ("2.10", "v2.10.3");

/// The tag of all images of a version of Harbor; there is none of two numbers.
pub(super) fn tag(version: &str) -> String {
    let version = version.trim_start_matches('v');
    match version.split('.').count() {
        _ if version == NEWEST.0 => NEWEST.1.to_owned(),
        0..=2 => format!("v{version}.0"),
        _ => format!("v{version}"),
    }
}

#[cfg(test)]
mod tests {
    use super::tag;

    #[test]
    fn a_version_of_two_numbers_stands_for_a_release_that_exists() {
        assert_eq!(tag("2.10"), "v2.10.3");
        assert_eq!(tag("v2.10.1"), "v2.10.1");
        assert_eq!(tag("2.11"), "v2.11.0");
    }
}
