use berth_finding::{Finding, Level, Rule};

use super::{Profile, RuleContext, is_cluster_only, level_under};
use crate::document::Document;

/// Takes what the rules find.
#[derive(Debug)]
pub(crate) struct Sink<'a> {
    context: &'a RuleContext<'a>,
    findings: Vec<Finding>,
}

/// The sink, turned to one document.
#[derive(Debug)]
pub(crate) struct Out<'s, 'a> {
    sink: &'s mut Sink<'a>,
    document: &'s Document,
}

/// A finding that has just been made, to give it a help, and a level of its own.
#[derive(Debug)]
pub(crate) struct Told<'s> {
    finding: Option<&'s mut Finding>,
    profile: Profile,
}

impl<'a> Sink<'a> {
    /// An empty sink.
    pub(crate) const fn new(context: &'a RuleContext<'a>) -> Self {
        Self {
            context,
            findings: Vec::new(),
        }
    }

    /// Turns to a document.
    pub(crate) fn on<'s>(&'s mut self, document: &'s Document) -> Out<'s, 'a> {
        Out { sink: self, document }
    }

    /// What was found.
    pub(crate) fn finish(self) -> Vec<Finding> {
        self.findings
    }
}

impl Out<'_, '_> {
    /// A finding at a field, such as `storage.s3.bucket` or `middleware.storage[0].name`; where the
    /// field isn't written, at what stands nearest above it. `message` holds no secret, ends without a
    /// full stop, and names fields and values in backquotes.
    pub(crate) fn at(&mut self, path: &str, rule: Rule, message: impl Into<String>) -> Told<'_> {
        let profile = self.sink.context.profile;
        let dropped = is_cluster_only(rule.code) && !self.sink.context.is_cluster();
        if dropped || self.document.has_complaint_at(path) {
            return Told {
                finding: None,
                profile,
            };
        }
        let mut finding = self.document.finding(path, rule.code.as_str(), message);
        finding.level = level_under(rule, profile);
        self.sink.findings.push(finding);
        Told {
            finding: self.sink.findings.last_mut(),
            profile,
        }
    }

    /// Whether a field was set on purpose: given, and away from its default.
    pub(crate) fn is_set(&self, path: &str) -> bool {
        self.document.is_set(path)
    }
}

impl Told<'_> {
    /// Gives this finding another level than that of its code, for rules with a milder part.
    pub(crate) fn level(self, level: Level) -> Self {
        self.level_in(level, level)
    }

    /// Gives this finding a level outside `--profile prod`, and one under it.
    pub(crate) fn level_in(mut self, dev: Level, prod: Level) -> Self {
        if let Some(finding) = &mut self.finding {
            finding.level = match self.profile {
                Profile::Dev => dev,
                Profile::Prod => prod,
            };
        }
        self
    }

    /// Says what to do next.
    pub(crate) fn help(self, help: impl Into<String>) {
        if let Some(finding) = self.finding {
            finding.help = Some(help.into());
        }
    }
}
