use std::collections::{BTreeMap, BTreeSet};

use anyhow::Context as _;
use berth_cluster::{Cluster, ServerVersion};
use berth_config::document::Documents;
use berth_config::rules::{self, Target};
use berth_config::show::show;
use berth_plan::change::DocumentDigest;
use berth_plan::object::{ObjectSet, SecretText};
use berth_plan::render::{KubernetesVersion, MadeOnce, RenderOptions, Rendered, expiring, render, report};
use berth_plan::rotation::{Rotated, Rotation, rotated};

use super::Wish;
use super::live_secrets::{LiveSecrets, live_secrets};
use crate::console::Console;
use crate::documents;
use crate::exit::Refusal;
use crate::secrets::source::Source;
use crate::world::SystemClock;

/// What documents declare, rendered for one cluster with the secrets that it keeps.
pub(super) struct Declared {
    /// The objects, in the order in which they are applied.
    pub(super) objects: ObjectSet,
    /// The documents as they were read.
    pub(super) read: Documents,
    /// The documents, secrets left out.
    pub(super) documents: Vec<DocumentDigest>,
    /// What digests of secrets are keyed with, where the cluster keeps it already.
    pub(super) key: Option<SecretText>,
    /// Made-once values that are made anew.
    pub(super) rotated: BTreeSet<Rotated>,
    /// How often values were made anew, this time included, by namespace and Secret.
    pub(super) rotations: BTreeMap<(String, String), u64>,
}

/// Documents that have been read, and how they are rendered.
pub(super) struct Reading {
    pub(super) documents: Documents,
    options: RenderOptions,
    made_once: Vec<MadeOnce>,
    /// The one namespace of all objects, where there is one.
    pub(super) namespace: Option<String>,
}

/// The name of the key that digests of secrets are made with.
const CHECKSUM_KEY: &str = "checksum-key";

impl Declared {
    /// Nothing at all.
    pub(super) fn nothing() -> Self {
        Self {
            objects: ObjectSet::default(),
            read: Documents::default(),
            documents: Vec::new(),
            key: None,
            rotated: BTreeSet::new(),
            rotations: BTreeMap::new(),
        }
    }
}

impl Reading {
    /// Reads the documents, and finds out what they need of the cluster.
    pub(super) fn of(wish: &Wish, version: &ServerVersion) -> anyhow::Result<Self> {
        let documents = documents::load(&wish.sources)?;
        let options = RenderOptions {
            kubernetes: KubernetesVersion::minor(version.minor),
            profile: wish.profile.into(),
        };
        let first = render(&documents, &options, &Source::default());
        let namespaces: BTreeSet<&String> = first
            .objects
            .iter()
            .filter_map(|object| object.metadata().namespace.as_ref())
            .chain(first.made_once.iter().map(|secret| &secret.namespace))
            .collect();
        let namespace = match namespaces.first() {
            Some(first) if namespaces.len() == 1 => Some((*first).clone()),
            _ => None,
        };
        Ok(Self {
            namespace,
            made_once: first.made_once,
            documents,
            options,
        })
    }

    /// Renders them with the secrets that the cluster keeps; those that it lacks are made. Findings are told, and errors
    /// refuse.
    pub(super) async fn rendered(
        self,
        cluster: &Cluster,
        rotations: &[Rotation],
        console: &mut Console,
    ) -> anyhow::Result<Declared> {
        let LiveSecrets {
            mut kept,
            rotations: mut counts,
        } = live_secrets(cluster, &self.made_once).await?;
        let rotated = rotated(rotations, &self.documents, &self.made_once)
            .context("making secrets anew; nothing was changed")?;
        let key = self.made_once.iter().find_map(|secret| {
            let key = kept.get(&secret.namespace, &secret.name, CHECKSUM_KEY)?;
            Some(SecretText::from(key.as_str()))
        });
        let mut secrets = BTreeSet::new();
        for (namespace, name, key) in &rotated {
            // What isn't there yet is made for the first time.
            if kept.forget((namespace, name), key) {
                secrets.insert((namespace.clone(), name.clone()));
            }
        }
        for secret in secrets {
            *counts.entry(secret).or_default() += 1;
        }
        kept.make(&self.made_once)?;
        let source = Source::of(kept);
        let mut rendered = render(&self.documents, &self.options, &source);
        let now = SystemClock::timestamp().as_second();
        rendered.findings.extend(expiring(&self.made_once, &source, now));
        tell(&self, &rendered, console)?;
        let digests = self.documents.documents.iter();
        let digests = digests.map(|document| DocumentDigest::of(document.title(), &show(document)));
        Ok(Declared {
            objects: rendered.objects,
            documents: digests.collect(),
            read: self.documents,
            key,
            rotated,
            rotations: counts,
        })
    }
}

fn tell(reading: &Reading, rendered: &Rendered, console: &mut Console) -> anyhow::Result<()> {
    let target = Target::Cluster {
        kubernetes: Some(reading.options.kubernetes.to_string()),
    };
    let checked = rules::check(&reading.documents, reading.options.profile, &target);
    let report = report(&checked, rendered);
    if !report.is_empty() {
        console.talk(&berth_finding::to_text(&report, false));
    }
    if report.has_errors() {
        let message = format!("the declaration can't be applied: {}", report.summary());
        return Err(Refusal::Invalid(message).into());
    }
    Ok(())
}
