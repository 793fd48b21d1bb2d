//! The deployment checklist: twelve questions of each registry, answered from its declaration, what it is
//! rendered as, and what the cluster says.
//!
//! [`checklist`] is pure: what was seen of the cluster comes in as [`Seen`].

mod data;
mod life;
mod policy;
mod watch;

use std::collections::{BTreeMap, BTreeSet};

use berth_config::document::{Document, Documents};
use berth_config::sections::Workload;
use berth_finding::{Finding, Level};
use serde::Serialize;
use serde_json::Value as Json;

use crate::object::{Object, ObjectKey};
use crate::readiness::Readiness;
use crate::render::{INSTANCE, Rendered};

/// What one question comes to for one registry.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Answer {
    /// The registry, as `Kind/name`.
    pub registry: String,
    /// The item's number, from 1.
    pub number: usize,
    /// The item, as the list of builders has it.
    pub item: &'static str,
    /// What it comes to.
    pub verdict: Verdict,
    /// Why.
    pub because: String,
    /// What to do, where something is to be done.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub how: Option<String>,
}

/// What an item comes to.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Verdict {
    /// Declared, and the cluster bears it out.
    Pass,
    /// Not so, or not so yet.
    Fail,
    /// No program can tell.
    YoursToDo,
}

/// A class of volumes.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct StorageClass {
    /// Its name.
    pub name: String,
    /// Whether claims that name none get it.
    pub is_default: bool,
}

/// What was seen of the cluster.
#[derive(Clone, Debug, Default)]
pub struct Seen {
    /// Its version, such as `1.31`.
    pub version: String,
    /// The classes of volumes.
    pub storage_classes: Vec<StorageClass>,
    /// The kinds that it serves, as `Kind.group`; the core group's as `Kind`.
    pub kinds: BTreeSet<String>,
    /// The live objects among those that are declared, and the Secrets that those refer to.
    pub live: BTreeMap<ObjectKey, Json>,
}

/// Answers all questions for all registries, in the order of the documents.
pub fn checklist(
    documents: &Documents,
    rendered: &Rendered,
    findings: &[Finding],
    seen: &Seen,
) -> Vec<Answer> {
    let registries = documents.documents.iter();
    let questioned = registries.filter_map(|document| {
        let question = Question::of(documents, document, rendered, findings, seen)?;
        Some(question.answers())
    });
    questioned.flatten().collect()
}

/// One registry, and all that may be looked at to answer for it.
struct Question<'a> {
    documents: &'a [Document],
    document: &'a Document,
    workload: Workload<'a>,
    /// Its objects as they are declared.
    objects: Vec<&'a Object>,
    findings: Vec<&'a Finding>,
    seen: &'a Seen,
}

/// Verdict, reason, and what to do.
struct Reply(Verdict, String, Option<String>);

impl Reply {
    fn pass(because: impl Into<String>) -> Self {
        Self(Verdict::Pass, because.into(), None)
    }

    fn fail(because: impl Into<String>, how: impl Into<String>) -> Self {
        Self(Verdict::Fail, because.into(), Some(how.into()))
    }

    fn yours(because: impl Into<String>, how: impl Into<String>) -> Self {
        Self(Verdict::YoursToDo, because.into(), Some(how.into()))
    }
}

/// A question of the list.
type Asked = for<'a> fn(&Question<'a>) -> Reply;

/// The list, in its order.
const ITEMS: [(&str, Asked); 12] = [
    ("Verify registry type is supported", life::is_supported),
    ("Configure storage backend", data::storage),
    ("Set up database (if required)", data::database),
    ("Configure authentication", policy::authentication),
    ("Enable image scanning", policy::scanning),
    ("Set retention policies", policy::retention),
    ("Configure backups", data::backups),
    ("Plan scaling strategy", life::scaling),
    ("Set up monitoring and alerting", watch::monitoring),
    ("Test failover procedures", life::failover),
    ("Document configuration", watch::documented),
    ("Schedule maintenance windows", watch::maintenance),
];

impl<'a> Question<'a> {
    fn of(
        documents: &'a Documents,
        document: &'a Document,
        rendered: &'a Rendered,
        findings: &'a [Finding],
        seen: &'a Seen,
    ) -> Option<Self> {
        let workload = document.spec.workload()?;
        let namespace = workload.namespace.text();
        let objects = rendered.objects.iter().filter(|object| {
            object.metadata().labels.get(INSTANCE) == Some(&document.base_name)
                && object.metadata().namespace.as_deref() == Some(namespace)
        });
        let title = document.title();
        Some(Self {
            documents: &documents.documents,
            document,
            workload,
            objects: objects.collect(),
            findings: findings
                .iter()
                .filter(|finding| finding.document.as_deref() == Some(&title))
                .collect(),
            seen,
        })
    }

    fn answers(&self) -> Vec<Answer> {
        let answers = ITEMS.iter().enumerate().map(|(index, (item, ask))| {
            let Reply(verdict, because, how) = ask(self);
            Answer {
                registry: self.document.title(),
                number: index + 1,
                item,
                verdict,
                because,
                how,
            }
        });
        answers.collect()
    }

    /// Its declared objects of a kind.
    fn declared(&self, kind: &str) -> impl Iterator<Item = &'a Object> {
        let kind = kind.to_owned();
        self.objects
            .iter()
            .copied()
            .filter(move |object| object.kind() == kind)
    }

    fn live(&self, object: &Object) -> Option<&'a Json> {
        self.seen.live.get(&object.key())
    }

    /// Its Deployments and StatefulSets that aren't ready, and why.
    fn unready(&self) -> Vec<String> {
        let workloads = self.declared("Deployment").chain(self.declared("StatefulSet"));
        let unready = workloads.filter_map(|object| {
            let why = match self.live(object).map(Readiness::of) {
                None => "it isn't in the cluster".to_owned(),
                Some(Readiness::Ready) => return None,
                Some(Readiness::InProgress { why } | Readiness::Failed { why }) => why,
                Some(Readiness::Terminating) => "it is being deleted".to_owned(),
            };
            Some(format!("{}: {why}", object.key()))
        });
        unready.collect()
    }

    /// The worst finding of its document among those of some families of codes.
    fn error(&self, codes: &[&str]) -> Option<&'a Finding> {
        let errors = self.findings.iter().copied();
        errors
            .filter(|finding| finding.level == Level::Error)
            .find(|finding| codes.contains(&finding.code.as_str()))
    }
}
