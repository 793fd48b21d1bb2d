//! What is wrong with a registry that runs: what was seen of it becomes findings, each with the next step.
//!
//! [`diagnose`] is pure. Each file is a family of faults, in the order in which a person would look: the pods, what
//! they say, the way to them, what they are pulled with, where their data lies.

mod answers;
pub mod codes;
mod endpoints;
mod logs;
mod pods;
mod pull_secret;
mod pulls;
mod seen;
mod storage;

use berth_config::document::{Document, Documents};
use berth_finding::{Finding, Rule};

pub use codes::RULES;
pub use pull_secret::{PullSecret, PullSecretFault, PullSecretHost, host_of_server};
pub use seen::{Answered, Log, Seen, VolumeUse};

use crate::render::Rendered;

/// Tells what is wrong, document by document.
pub fn diagnose(documents: &Documents, rendered: &Rendered, seen: &Seen) -> Vec<Finding> {
    let mut findings = Vec::new();
    for document in &documents.documents {
        let mut patient = Patient {
            document,
            rendered,
            seen,
            findings: &mut findings,
        };
        if document.kind().is_registry() {
            patient.is_registry();
        }
        pulls::diagnose(&mut patient);
    }
    findings.dedup();
    findings
}

/// A document, and what may be looked at to judge it.
struct Patient<'a> {
    document: &'a Document,
    rendered: &'a Rendered,
    seen: &'a Seen,
    findings: &'a mut Vec<Finding>,
}

impl Patient<'_> {
    fn is_registry(&mut self) {
        pods::diagnose(self);
        logs::diagnose(self);
        endpoints::diagnose(self);
        answers::diagnose(self);
        storage::diagnose(self);
    }

    /// The namespace and the name of a registry; of a policy, what its metadata say.
    fn place(&self) -> (&str, &str) {
        let workload = self.document.spec.workload();
        let namespace = workload.map_or("", |workload| workload.namespace.text());
        (namespace, &self.document.base_name)
    }

    /// Tells a fault, and what to do next.
    fn tell(&mut self, rule: Rule, message: impl Into<String>, help: impl Into<String>) {
        let mut finding = Finding::new(rule.code, rule.level, message).help(help);
        finding.document = Some(self.document.title());
        self.findings.push(finding);
    }
}
