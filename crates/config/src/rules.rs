//! The rules over documents, and the one catalog of all codes.
//!
//! A family of rules is one file (or a file and a folder) under `rules/`. It gives two items:
//!
//! - `pub(crate) const RULES: &[Rule]`: the catalog entries of its codes, also of those that the
//!   decoder reports (see the head of `section.rs`);
//! - `pub(crate) fn check(context: &RuleContext<'_>, sink: &mut Sink<'_>)`: judges all documents.
//!
//! A rule speaks through the sink: `out.at("storage.s3.bucket", DR_004, "…").help("…")`. The sink
//! finds line and column (or the attribute path), sets the level by profile (a rule with a milder part
//! says `.level(Level::Warning)` there), drops what doesn't apply to the target, and is silent where the
//! decoder has complained already. `docker_registry.rs` has an
//! example with its test.
//!
//! Two tables stand here and nowhere else: the codes that are warnings outside `--profile prod`, and
//! the codes that apply to clusters only.

mod artifactory_registry;
#[cfg(test)]
pub(crate) mod cases;
mod cross_cutting;
mod docker_registry;
mod harbor_registry;
mod image_build_config;
mod image_pull_secret;
mod image_replication_policy;
mod image_retention_policy;
mod image_scan_policy;
mod nexus_registry;
mod reach;
mod sink;
#[cfg(test)]
pub(crate) mod testing;

use berth_finding::{Catalog, Code, Finding, Level, Report, Rule};

use crate::document::{Document, Documents, codes};
use crate::sections::{
    ArtifactoryRegistry, DockerRegistry, HarborRegistry, ImageBuildConfig, ImagePullSecret,
    ImageReplicationPolicy, ImageRetentionPolicy, ImageScanPolicy, NexusRegistry, RegistryAccess, Workload,
};
use crate::{Kind, Spec};

pub(crate) use sink::{Out, Sink};

/// How strict to be.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Profile {
    /// What builders.md's defaults trip over is a warning.
    #[default]
    Dev,
    /// It is an error.
    Prod,
}

/// What the documents are judged for.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub enum Target {
    /// This machine: placement rules don't apply.
    #[default]
    Local,
    /// A cluster.
    Cluster {
        /// Its version, such as `1.29`, where it is known.
        kubernetes: Option<String>,
    },
}

/// What a rule may look at.
#[derive(Clone, Copy, Debug)]
pub struct RuleContext<'a> {
    /// How strict to be.
    pub profile: Profile,
    /// What the documents are judged for.
    pub target: &'a Target,
    /// All documents of the installation.
    pub documents: &'a [Document],
}

/// Codes whose errors are warnings outside `--profile prod`: what the defaults and examples of the
/// builders' documentation trip over. Where only a part of a rule is meant, the rule gives that part another
/// level itself.
const DOWNGRADED: &[&str] = &[
    "AF-001", "AF-002", "AF-005", "AF-006", "AF-009", "AF-013", "AF-015", "AF-017", "HB-001", "HB-010",
    "HB-025", "HB-044", "HB-049", "IB-001", "IB-002", "IB-004", "IB-005", "IB-006", "NX-001", "NX-012",
    "NX-021", "NX-023", "NX-033", "RP-001", "RT-008", "SP-012",
];

/// Codes that apply to clusters only: where things are placed, mounted and reached there.
const CLUSTER_ONLY: &[&str] = &[
    "DR-015", "DR-016", "DR-017", "DR-018", "DR-021", "DR-022", "DR-024", "DR-029", "DR-035", "DR-041",
    "DR-046", "DR-052", "DR-054", "DR-056", "DR-057", "DR-059", "DR-060", "K-011", "K-018", "K-022", "K-024",
    "K-026", "K-032", "K-035",
];

/// A family's `check`.
type Check = fn(&RuleContext<'_>, &mut Sink<'_>);

/// The families: their catalog entries and what judges.
const FAMILIES: &[(&[Rule], Check)] = &[
    (codes::RULES, crate::installation::check),
    (crate::effects::RULES, crate::effects::check),
    (crate::serve::codes::RULES, |_, _| {}), // judged by `serve` alone
    (cross_cutting::RULES, cross_cutting::check),
    (docker_registry::RULES, docker_registry::check),
    (harbor_registry::RULES, harbor_registry::check),
    (nexus_registry::RULES, nexus_registry::check),
    (artifactory_registry::RULES, artifactory_registry::check),
    (image_pull_secret::RULES, image_pull_secret::check),
    (image_scan_policy::RULES, image_scan_policy::check),
    (image_retention_policy::RULES, image_retention_policy::check),
    (image_replication_policy::RULES, image_replication_policy::check),
    (image_build_config::RULES, image_build_config::check),
];

/// All codes that `berth explain` knows.
pub fn catalog() -> Catalog {
    Catalog::new(
        FAMILIES
            .iter()
            .flat_map(|(rules, _)| rules.iter().copied())
            .map(settle),
    )
}

/// Judges the documents: what reading found and what the rules find, at the levels of the profile.
pub fn check(documents: &Documents, profile: Profile, target: &Target) -> Report {
    let context = RuleContext {
        profile,
        target,
        documents: &documents.documents,
    };
    let mut sink = Sink::new(&context);
    for (_, check) in FAMILIES {
        check(&context, &mut sink);
    }
    let catalog = catalog();
    let read = documents.findings.iter().cloned();
    Report::new(
        read.map(|finding| weigh(finding, profile, &catalog))
            .chain(sink.finish()),
    )
}

/// Gives a finding of the reader the level of its code under the profile.
fn weigh(mut finding: Finding, profile: Profile, catalog: &Catalog) -> Finding {
    if let Some(rule) = catalog.lookup(finding.code.as_str()) {
        finding.level = level_under(*rule, profile);
    }
    finding
}

/// The level of a rule under a profile.
fn level_under(rule: Rule, profile: Profile) -> Level {
    match profile {
        Profile::Dev => settle(rule).level,
        Profile::Prod => rule.prod_level,
    }
}

/// The entry with the table of downgraded codes taken into account.
fn settle(rule: Rule) -> Rule {
    if rule.level == Level::Error && DOWNGRADED.contains(&rule.code.as_str()) {
        Rule {
            level: Level::Warning,
            ..rule
        }
    } else {
        rule
    }
}

fn is_cluster_only(code: Code) -> bool {
    CLUSTER_ONLY.contains(&code.as_str())
}

/// Defines a method that gives all documents of a kind with their typed fields.
macro_rules! of_kind {
    ($($(#[doc = $doc:literal])* $method:ident -> $kind:ident;)+) => {$(
        $(#[doc = $doc])*
        pub fn $method(&self) -> impl Iterator<Item = (&'a Document, &'a $kind)> + use<'a> {
            self.documents.iter().filter_map(|document| match &document.spec {
                Spec::$kind(spec) => Some((document, &**spec)),
                _ => None,
            })
        }
    )+};
}

impl<'a> RuleContext<'a> {
    of_kind! {
        /// All `DockerRegistry` documents.
        docker_registries -> DockerRegistry;
        /// All `HarborRegistry` documents.
        harbor_registries -> HarborRegistry;
        /// All `NexusRegistry` documents.
        nexus_registries -> NexusRegistry;
        /// All `ArtifactoryRegistry` documents.
        artifactory_registries -> ArtifactoryRegistry;
        /// All `ImagePullSecret` documents.
        pull_secrets -> ImagePullSecret;
        /// All `ImageScanPolicy` documents.
        scan_policies -> ImageScanPolicy;
        /// All `ImageRetentionPolicy` documents.
        retention_policies -> ImageRetentionPolicy;
        /// All `ImageReplicationPolicy` documents.
        replication_policies -> ImageReplicationPolicy;
        /// All `ImageBuildConfig` documents.
        build_configs -> ImageBuildConfig;
        /// All `RegistryAccess` documents.
        accesses -> RegistryAccess;
    }

    /// All registries, whichever product they are.
    pub fn registries(&self) -> impl Iterator<Item = (&'a Document, Workload<'a>)> + use<'a> {
        self.documents
            .iter()
            .filter_map(|document| Some((document, document.spec.workload()?)))
    }

    /// The registries that a policy applies to: those it names, else all.
    pub fn registries_of(&self, policy: &Document) -> Vec<&'a Document> {
        crate::installation::registries_of(self.documents, policy)
    }

    /// The policies of a kind that apply to a registry.
    pub fn policies_for(&self, registry: &Document, kind: Kind) -> Vec<&'a Document> {
        crate::installation::policies_for(self.documents, registry, kind)
    }

    /// Whether the profile is `prod`.
    pub fn is_prod(&self) -> bool {
        self.profile == Profile::Prod
    }

    /// Whether the documents are judged for a cluster.
    pub const fn is_cluster(&self) -> bool {
        matches!(self.target, Target::Cluster { .. })
    }

    /// The minor version of Kubernetes 1, where it is known: 29 of `1.29.4`.
    pub fn kubernetes_minor(&self) -> Option<u32> {
        let Target::Cluster {
            kubernetes: Some(version),
        } = self.target
        else {
            return None;
        };
        let version = version.strip_prefix('v').unwrap_or(version);
        version
            .strip_prefix("1.")?
            .split(['.', '-', '+'])
            .next()?
            .parse()
            .ok()
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::section::{Shape, ValueType};

    #[test]
    fn every_code_stands_in_the_catalog_once_and_is_explained() {
        let catalog = catalog();
        let mut seen = BTreeSet::new();
        for rule in catalog.rules() {
            assert!(seen.insert(rule.code), "{} stands twice", rule.code);
            assert!(
                !rule.summary.is_empty() && !rule.summary.ends_with('.'),
                "{}",
                rule.code
            );
            assert!(rule.explain.len() > 40, "{} is hardly explained", rule.code);
        }
    }

    #[test]
    fn every_code_that_a_field_names_stands_in_the_catalog() {
        let catalog = catalog();
        let mut missing = BTreeSet::new();
        for kind in Kind::ALL {
            missing_in(kind.shape(), &catalog, &mut missing);
        }
        assert_eq!(missing, BTreeSet::new(), "codes without an entry");
    }

    fn missing_in(shape: &Shape, catalog: &Catalog, missing: &mut BTreeSet<&'static str>) {
        for field in shape.fields {
            missing.extend(field.code.filter(|code| catalog.lookup(code).is_none()));
            missing_of(&field.value, catalog, missing);
        }
    }

    fn missing_of(value: &ValueType, catalog: &Catalog, missing: &mut BTreeSet<&'static str>) {
        match value {
            ValueType::Text { code, .. } if !code.is_empty() && catalog.lookup(code).is_none() => {
                missing.insert(code);
            }
            ValueType::List(value) | ValueType::Map(value) => missing_of(value, catalog, missing),
            ValueType::Section(shape) => missing_in(shape, catalog, missing),
            _ => {}
        }
    }

    #[test]
    fn a_rule_may_give_one_of_its_findings_another_level() {
        let document = testing::document("DockerRegistry", "name: a");
        let source = crate::document::Source {
            name: "a.yaml".to_owned(),
            bytes: document.into_bytes(),
            format: crate::document::Format::Yaml,
        };
        let documents = crate::document::read(&[source]);
        for (profile, expected) in [(Profile::Dev, Level::Info), (Profile::Prod, Level::Error)] {
            let context = RuleContext {
                profile,
                target: &Target::Local,
                documents: &documents.documents,
            };
            let mut sink = Sink::new(&context);
            let rule = Rule::error("DR-001", "text", "text");
            sink.on(&documents.documents[0])
                .at("name", rule, "text")
                .level_in(Level::Info, Level::Error)
                .help("text");
            assert_eq!(sink.finish()[0].level, expected);
        }
    }

    #[test]
    fn the_minor_version_is_read_from_any_spelling() {
        for (text, minor) in [("1.29", Some(29)), ("v1.31.2-eks", Some(31)), ("2.0", None)] {
            let target = Target::Cluster {
                kubernetes: Some(text.to_owned()),
            };
            let context = RuleContext {
                profile: Profile::Dev,
                target: &target,
                documents: &[],
            };
            assert_eq!(context.kubernetes_minor(), minor, "{text}");
        }
    }
}
