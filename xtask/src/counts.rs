//! Reading what `cargo test` prints: how many tests passed, failed or were ignored, and which were skipped.

use std::collections::BTreeSet;
use std::fmt;
use std::io::{BufRead, Write};

use anyhow::Result;

/// What a run of all tests came to.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Counts {
    pub(crate) passed: u64,
    pub(crate) failed: u64,
    pub(crate) ignored: u64,
    /// The reasons that tests gave for not doing their work on this machine.
    pub(crate) skipped: BTreeSet<String>,
}

impl fmt::Display for Counts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{} passed, {} failed, {} skipped",
            self.passed, self.failed, self.ignored
        )
    }
}

/// Copies the output of `cargo test -- --show-output`, counting; what passing tests printed is left out.
pub(crate) fn follow(output: impl BufRead, mut to: impl Write) -> Result<Counts> {
    let mut counts = Counts::default();
    let mut in_successes = false;
    for line in output.lines() {
        let line = line?;
        if let Some(reason) = line.trim_start().strip_prefix("SKIPPED: ") {
            counts.skipped.insert(reason.to_owned());
        }
        match line.as_str() {
            "successes:" => in_successes = true,
            "failures:" => in_successes = false,
            _ => {}
        }
        if line.starts_with("test result: ") {
            in_successes = false;
            counts.passed += number_before(&line, " passed;");
            counts.failed += number_before(&line, " failed;");
            counts.ignored += number_before(&line, " ignored;");
        }
        if !in_successes {
            writeln!(to, "{line}")?;
        }
    }
    Ok(counts)
}

fn number_before(line: &str, word: &str) -> u64 {
    let number = line
        .split(word)
        .next()
        .and_then(|before| before.rsplit(' ').next());
    number.and_then(|digits| digits.parse().ok()).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    const OUTPUT: &str = "\
running 3 tests
test a ... ok
test b ... ok
test c ... FAILED

successes:

---- a stdout ----
SKIPPED: skopeo is not installed
chatter

successes:
    a
    b

failures:

---- c stdout ----
why

failures:
    c

test result: FAILED. 2 passed; 1 failed; 4 ignored; 0 measured; 0 filtered out; finished in 0.01s

test result: ok. 10 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.01s
";

    #[test]
    fn several_results_add_up_and_skips_are_named() {
        let counts = follow(OUTPUT.as_bytes(), Vec::new()).unwrap();
        assert_eq!(counts.to_string(), "12 passed, 1 failed, 4 skipped");
        assert!(counts.skipped.contains("skopeo is not installed"));
    }

    #[test]
    fn what_passing_tests_print_is_left_out_and_what_failing_ones_print_is_not() {
        let mut copy = Vec::new();
        follow(OUTPUT.as_bytes(), &mut copy).unwrap();
        let copy = String::from_utf8(copy).unwrap();
        assert!(!copy.contains("chatter"), "{copy}");
        assert!(copy.contains("why"), "{copy}");
    }
}
