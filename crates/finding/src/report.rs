use std::cmp::Ordering;

use crate::{Finding, Level};

/// Findings in the order in which a reader meets them: by file, then place, then weight.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Report {
    findings: Vec<Finding>,
}

impl Report {
    /// A report of the given findings; the same finding twice is told once.
    pub fn new(findings: impl IntoIterator<Item = Finding>) -> Self {
        let mut findings: Vec<Finding> = findings.into_iter().collect();
        findings.sort_by(order);
        findings.dedup();
        Self { findings }
    }

    /// The findings, in order.
    pub fn findings(&self) -> &[Finding] {
        &self.findings
    }

    /// How many findings are of this level.
    pub fn count(&self, level: Level) -> usize {
        self.findings
            .iter()
            .filter(|finding| finding.level == level)
            .count()
    }

    /// Whether the declaration must be refused.
    pub fn has_errors(&self) -> bool {
        self.count(Level::Error) > 0
    }

    /// Whether there is nothing to say.
    pub fn is_empty(&self) -> bool {
        self.findings.is_empty()
    }

    /// One line that counts, such as `2 errors, 1 warning`.
    pub fn summary(&self) -> String {
        let words: Vec<String> = [Level::Error, Level::Warning, Level::Info]
            .into_iter()
            .filter_map(|level| match (level, self.count(level)) {
                (_, 0) => None,
                (Level::Info, count) => Some(plural(count, "remark")),
                (level, count) => Some(plural(count, level.as_str())),
            })
            .collect();
        if words.is_empty() {
            "no findings".to_owned()
        } else {
            words.join(", ")
        }
    }
}

fn plural(count: usize, word: &str) -> String {
    if count == 1 {
        format!("1 {word}")
    } else {
        format!("{count} {word}s")
    }
}

fn order(a: &Finding, b: &Finding) -> Ordering {
    a.location
        .cmp(&b.location)
        .then(a.level.cmp(&b.level))
        .then(a.code.cmp(&b.code))
        .then_with(|| a.message.cmp(&b.message))
        .then_with(|| a.document.cmp(&b.document))
        .then_with(|| a.field.cmp(&b.field))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Code, Location, Span};

    fn finding(line: usize, level: Level) -> Finding {
        Finding::new(Code::new("T-001"), level, "text")
            .at(Location::span("a.yaml", Span::on_line(line, 1, 1)))
    }

    #[test]
    fn findings_stand_in_the_order_of_the_file() {
        let report = Report::new([finding(9, Level::Error), finding(2, Level::Info)]);
        let lines: Vec<String> = report
            .findings()
            .iter()
            .filter_map(|f| Some(f.location.as_ref()?.to_string()))
            .collect();
        assert_eq!(lines, ["a.yaml:2:1", "a.yaml:9:1"]);
    }

    #[test]
    fn the_same_finding_twice_is_told_once() {
        let report = Report::new([finding(2, Level::Error), finding(2, Level::Error)]);
        assert_eq!(report.summary(), "1 error");
    }

    #[test]
    fn warnings_alone_refuse_nothing() {
        let report = Report::new([finding(2, Level::Warning), finding(3, Level::Warning)]);
        assert!(!report.has_errors());
        assert_eq!(report.summary(), "2 warnings");
    }
}
