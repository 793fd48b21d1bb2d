use crate::{Code, Level};

/// What a rule needs to know before it can judge.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Phase {
    /// The documents alone.
    Static,
    /// A cluster as well.
    Plan,
    /// The running product as well.
    Live,
}

/// An entry of the catalog: everything that is to be said about a code before it is ever found.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Rule {
    /// The code.
    pub code: Code,
    /// Its level.
    pub level: Level,
    /// Its level under `--profile prod`.
    pub prod_level: Level,
    /// When it can be judged.
    pub phase: Phase,
    /// One line: what is wrong.
    pub summary: &'static str,
    /// A few sentences: why it matters, and the way out.
    pub explain: &'static str,
}

impl Rule {
    /// An error.
    pub const fn error(code: &'static str, summary: &'static str, explain: &'static str) -> Self {
        Self::of(code, Level::Error, summary, explain)
    }

    /// A warning.
    pub const fn warning(code: &'static str, summary: &'static str, explain: &'static str) -> Self {
        Self::of(code, Level::Warning, summary, explain)
    }

    /// A remark.
    pub const fn info(code: &'static str, summary: &'static str, explain: &'static str) -> Self {
        Self::of(code, Level::Info, summary, explain)
    }

    /// The same rule with another level under `--profile prod`.
    #[must_use]
    pub const fn in_prod(self, prod_level: Level) -> Self {
        Self { prod_level, ..self }
    }

    const fn of(code: &'static str, level: Level, summary: &'static str, explain: &'static str) -> Self {
        Self {
            code: Code::new(code),
            level,
            prod_level: level,
            phase: Phase::Static,
            summary,
            explain,
        }
    }
}

/// Rules by their code.
#[derive(Clone, Debug, Default)]
pub struct Catalog {
    rules: Vec<Rule>,
}

impl Catalog {
    /// A catalog of the given rules, in the order of their codes.
    pub fn new(rules: impl IntoIterator<Item = Rule>) -> Self {
        let mut rules: Vec<Rule> = rules.into_iter().collect();
        rules.sort_by_key(|rule| rule.code);
        Self { rules }
    }

    /// The rule of this code; upper and lower case are the same.
    pub fn lookup(&self, code: &str) -> Option<&Rule> {
        self.rules
            .iter()
            .find(|rule| rule.code.as_str().eq_ignore_ascii_case(code))
    }

    /// All rules, in the order of their codes.
    pub fn rules(&self) -> &[Rule] {
        &self.rules
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_found_in_any_case() {
        let catalog = Catalog::new([Rule::error("DR-002", "b", ""), Rule::info("DR-001", "a", "")]);
        assert_eq!(catalog.lookup("dr-001").map(|rule| rule.summary), Some("a"));
        assert!(catalog.lookup("DR-003").is_none());
        assert_eq!(catalog.rules()[0].code, Code::new("DR-001"));
    }
}
