use berth_finding::{Finding, Rule};

use super::{RuleContext, is_cluster_only};
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

/// A finding that has just been made, to give it a help.
#[derive(Debug)]
pub(crate) struct Told<'s> {
    finding: Option<&'s mut Finding>,
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
        let dropped = is_cluster_only(rule.code) && !self.sink.context.is_cluster();
        if dropped || self.document.has_complaint_at(path) {
            return Told { finding: None };
        }
        let finding = self.document.finding(path, rule.code.as_str(), message);
        self.sink.findings.push(finding);
        Told {
            finding: self.sink.findings.last_mut(),
        }
    }
}

impl Told<'_> {
    /// Says what to do next.
    pub(crate) fn help(self, help: impl Into<String>) {
        if let Some(finding) = self.finding {
            finding.help = Some(help.into());
        }
    }
}
