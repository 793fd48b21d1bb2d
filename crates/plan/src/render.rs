//! From documents to objects: one folder a product, `workload/` for what they have in common, `policies/`.
//!
//! [`render`] is a pure function: the same documents, options and secrets give the same objects. What can't be
//! rendered as written becomes the nearest thing that works, and a finding.

mod artifactory_registry;
pub(crate) mod codes;
mod docker_registry;
mod expiry;
mod explained;
pub(crate) mod fields;
mod harbor_registry;
mod kubernetes_version;
mod left_to_api;
mod made_once;
mod nexus_registry;
mod node_disk;
mod pods_only;
mod policies;
pub(crate) mod registry;
pub(crate) mod secret_parts;
mod secret_source;
mod site;
mod workload;

use std::collections::BTreeMap;

use berth_config::Spec;
use berth_config::document::{Document, Documents};
use berth_config::rules::Profile;
use berth_finding::{Finding, Level, Report, Rule};

use crate::object::{Object, ObjectSet};
use crate::output::OutputFile;

pub use codes::RULES;
pub use docker_registry::BERTH_IMAGE;
pub use expiry::{end_of, expiring};
pub use kubernetes_version::{KubernetesVersion, UnknownVersion};
pub use made_once::{MadeOnce, Recipe};
pub(crate) use registry::INSTANCE;
pub use secret_source::{SecretSource, SecretUnavailable};

/// What is asked for beside the documents.
#[derive(Clone, Copy, Debug)]
pub struct RenderOptions {
    /// The version of the cluster.
    pub kubernetes: KubernetesVersion,
    /// How strict findings are.
    pub profile: Profile,
}

/// What documents become on a cluster.
#[derive(Clone, Debug, Default)]
pub struct Rendered {
    /// The objects, in the order in which they are applied.
    pub objects: ObjectSet,
    /// Secrets that are made once and kept: those that the source had stand among the objects too.
    pub made_once: Vec<MadeOnce>,
    /// What was rendered otherwise than written, or not at all.
    pub findings: Vec<Finding>,
}

/// Renders all documents.
pub fn render(documents: &Documents, options: &RenderOptions, secrets: &dyn SecretSource) -> Rendered {
    let mut rendering = Rendering::new(documents, options, secrets);
    workload::namespaces(&mut rendering);
    for document in &documents.documents {
        match &document.spec {
            Spec::DockerRegistry(spec) => docker_registry::render(document, spec, &mut rendering),
            Spec::ArtifactoryRegistry(spec) => artifactory_registry::render(document, spec, &mut rendering),
            Spec::NexusRegistry(spec) => nexus_registry::render(document, spec, &mut rendering),
            Spec::HarborRegistry(spec) => harbor_registry::render(document, spec, &mut rendering),
            _ => policies::render(document, &mut rendering),
        }
    }
    policies::attachments(&mut rendering);
    rendering.finish()
}

/// What is told of documents that are rendered: what the rules found, and what rendering did. That a field isn't applied
/// yet is told once, by rendering itself.
pub fn report(checked: &Report, rendered: &Rendered) -> Report {
    let is_told = |finding: &&Finding| finding.code.as_str().starts_with("NY-");
    let found = checked.findings().iter().filter(|finding| !is_told(finding));
    Report::new(found.chain(&rendered.findings).cloned())
}

/// The files of a document on a host, below a folder.
pub(crate) fn on_host(document: &Document, folder: &str, rendering: &mut Rendering<'_>) -> Vec<OutputFile> {
    match &document.spec {
        Spec::DockerRegistry(spec) => docker_registry::on_host(document, spec, folder, rendering),
        Spec::HarborRegistry(spec) => harbor_registry::on_host(document, spec, folder, rendering),
        Spec::NexusRegistry(spec) => nexus_registry::on_host(document, spec, folder, rendering),
        Spec::ArtifactoryRegistry(spec) => artifactory_registry::on_host(document, spec, folder, rendering),
        _ => {
            rendering.tell_not_native(document);
            Vec::new()
        }
    }
}

/// A rendering in progress: what it may look at, and what has come of it so far.
pub(crate) struct Rendering<'a> {
    pub(crate) documents: &'a Documents,
    pub(crate) options: &'a RenderOptions,
    pub(crate) secrets: &'a dyn SecretSource,
    rendered: Rendered,
    made_once: BTreeMap<(String, String), MadeOnce>,
}

impl<'a> Rendering<'a> {
    /// Nothing rendered yet.
    pub(crate) fn new(
        documents: &'a Documents,
        options: &'a RenderOptions,
        secrets: &'a dyn SecretSource,
    ) -> Self {
        Self {
            documents,
            options,
            secrets,
            rendered: Rendered::default(),
            made_once: BTreeMap::new(),
        }
    }
}

impl Rendering<'_> {
    /// Adds an object of a document. A second object of the same key is a finding, and left out.
    pub(crate) fn add(&mut self, document: &Document, mut object: Object) {
        node_disk::bound(&mut object);
        explained::explain(&mut object);
        if let Err(duplicate) = self.rendered.objects.insert(object) {
            self.tell(document, "metadata.name", codes::K_015, duplicate.to_string())
                .help("rename one of the documents, or give it another namespace");
        }
    }

    /// Tells a finding at a field of a document.
    pub(crate) fn tell(
        &mut self,
        document: &Document,
        path: &str,
        rule: Rule,
        message: impl Into<String>,
    ) -> Told<'_> {
        let mut finding = document.finding(path, rule.code.as_str(), message);
        finding.level = self.level(rule);
        self.rendered.findings.push(finding);
        Told(self.rendered.findings.last_mut())
    }

    /// Tells findings that others made.
    pub(crate) fn repeat(&mut self, findings: impl IntoIterator<Item = Finding>) {
        self.rendered.findings.extend(findings);
    }

    /// Tells that a document becomes no file on a host.
    pub(crate) fn tell_not_native(&mut self, document: &Document) {
        let message = format!("`{}` becomes no file on a host", document.kind().as_str());
        self.tell(document, "metadata.name", crate::native::codes::RN_033, message)
            .help("`berth render` without --native makes of it what a cluster needs");
    }

    /// Tells that another registry has the folder of this one.
    pub(crate) fn tell_same_folder(&mut self, document: &Document) {
        let message = format!("two registries have the folder `{}`", document.base_name);
        self.tell(document, "metadata.name", codes::K_015, message)
            .help("rename one of the documents");
    }

    fn level(&self, rule: Rule) -> Level {
        match self.options.profile {
            Profile::Dev => rule.level,
            Profile::Prod => rule.prod_level,
        }
    }

    /// What has come of it.
    pub(crate) fn finish(mut self) -> Rendered {
        self.rendered.made_once = self.made_once.into_values().collect();
        self.rendered
    }
}

/// A finding that has just been told, to say what to do next.
pub(crate) struct Told<'a>(Option<&'a mut Finding>);

impl Told<'_> {
    /// Says what to do next.
    pub(crate) fn help(self, help: impl Into<String>) {
        if let Some(finding) = self.0 {
            finding.help = Some(help.into());
        }
    }
}
