use berth_config::document::Document;
use berth_config::nexus::{
    Connector, Database, connectors, database, has_license, has_shared_volume, missing_for_replicas,
};
use berth_config::sections::{NexusRegistry, Persistence};
use berth_config::value::{NexusEdition, Written};

use crate::render::registry::Registry;
use crate::render::workload::{self, DataVolume, Replicas};
use crate::render::{Rendering, codes};

/// A Nexus with all that is to be decided before its objects can be drawn.
pub(super) struct Settled<'a> {
    pub(super) document: &'a Document,
    pub(super) registry: &'a Registry<'a>,
    pub(super) spec: &'a NexusRegistry,
    /// How many pods: as declared where they can share what they must, else one.
    pub(super) replicas: i64,
    /// The image, with the patch that its tag leaves out.
    pub(super) image: String,
    /// The volume as declared; Nexus is nothing without one, so it is there without a declaration.
    pub(super) data: DataVolume<'a>,
    /// The ports of Docker repositories.
    pub(super) connectors: Vec<Connector>,
    /// Where it keeps its own records.
    pub(super) database: Database,
    /// The path under which it answers, without slashes at its ends.
    pub(super) context_path: &'a str,
    /// How long a pod may take to stop, in seconds.
    pub(super) grace_seconds: i64,
}

/// Where the volume of a pod lies, and whose it is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Layout {
    /// One pod, one claim.
    Single,
    /// Each pod has a claim of its own; blobs are in object storage.
    PerPod,
    /// Pods share a claim for the blobs, and have nothing else to keep.
    SharedBlobs,
}

/// How long a pod may take to stop where the document doesn't say, in seconds: the vendor's own charts give that.
const GRACE_SECONDS: i64 = 120;

/// Images are published for full versions only: the newest patch of the line that is known here.
const NEWEST: (&str, &str) = ("3.68", "3.68.1");

impl<'a> Settled<'a> {
    pub(super) fn of(
        registry: &'a Registry<'a>,
        spec: &'a NexusRegistry,
        persistence: &'a Persistence,
        rendering: &mut Rendering<'_>,
    ) -> Self {
        let can_be_many = missing_for_replicas(spec).is_empty();
        let settled = Self {
            document: registry.document,
            registry,
            spec,
            replicas: if can_be_many {
                spec.replicas
            } else {
                spec.replicas.min(1)
            },
            image: image(&spec.image),
            data: DataVolume::of(Some(persistence)),
            connectors: connectors(spec),
            database: database(spec),
            context_path: spec.context_path.as_deref().unwrap_or_default().trim_matches('/'),
            grace_seconds: registry
                .workload
                .termination_grace_period_seconds
                .unwrap_or(GRACE_SECONDS),
        };
        settled.tell(rendering);
        settled
    }

    /// Whether several pods share one database.
    pub(super) fn is_clustered(&self) -> bool {
        missing_for_replicas(self.spec).is_empty()
    }

    /// Where the volume of a pod lies.
    pub(super) fn layout(&self) -> Layout {
        match (self.is_clustered(), has_shared_volume(self.spec)) {
            (false, _) => Layout::Single,
            (true, true) => Layout::SharedBlobs,
            (true, false) => Layout::PerPod,
        }
    }

    /// Whether an autoscaler decides how many pods there are.
    pub(super) fn is_scaled(&self) -> bool {
        let autoscaling = self.spec.autoscaling.as_ref();
        self.is_clustered() && autoscaling.is_some_and(|autoscaling| autoscaling.enabled)
    }

    /// How many pods there are.
    pub(super) fn pods(&self) -> Replicas {
        if self.is_scaled() {
            Replicas::Scaled
        } else {
            Replicas::Fixed(self.replicas)
        }
    }

    /// Whether the free edition is asked for in so many words.
    pub(super) fn is_forced_to_be_free(&self) -> bool {
        self.spec.edition.as_ref().and_then(Written::value) == Some(&NexusEdition::Oss)
    }

    /// Whether there is a licence to load.
    pub(super) fn has_license(&self) -> bool {
        has_license(self.spec)
    }

    /// A path of the web pages and the API.
    pub(super) fn path(&self, path: &str) -> String {
        if self.context_path.is_empty() {
            path.to_owned()
        } else {
            format!("/{}{path}", self.context_path)
        }
    }

    fn tell(&self, rendering: &mut Rendering<'_>) {
        let database = self.spec.database.as_ref();
        workload::tell_unused(
            self.document,
            database.is_some_and(|database| database.managed),
            rendering,
        );
        let persistence = self.spec.persistence.as_ref();
        let claim = persistence.and_then(|persistence| persistence.existing_claim.as_ref());
        if self.layout() == Layout::PerPod && claim.is_some_and(|claim| !claim.is_empty()) {
            let message = "`persistence.existingClaim` is one claim, and each pod needs its own";
            rendering
                .tell(self.document, "persistence.existingClaim", codes::RN_005, message)
                .help("leave it out; each pod gets a claim of `persistence.size`");
        }
        if !self.is_clustered() && self.spec.autoscaling.as_ref().is_some_and(|it| it.enabled) {
            let message = "`autoscaling` can't add pods: this Nexus runs as exactly one";
            rendering
                .tell(self.document, "autoscaling", codes::RN_005, message)
                .help("leave it out, or give what several replicas need (NX-001)");
        }
    }
}

/// The image as written; a tag that names a line of versions becomes the newest of that line.
fn image(written: &Written<berth_config::value::ImageReference>) -> String {
    let text = written.text();
    let is_line = written.value().is_some_and(|image| {
        image.repository().ends_with("sonatype/nexus3")
            && image.digest().is_none()
            && image.tag().is_some_and(|tag| tag.to_string() == NEWEST.0)
    });
    match text.strip_suffix(NEWEST.0) {
        Some(name) if is_line => format!("{name}{}", NEWEST.1),
        _ => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tag_without_a_patch_gets_the_newest_one_and_others_stay() {
        for (written, expected) in [
            ("sonatype/nexus3:3.68", "sonatype/nexus3:3.68.1"),
            (
                "docker.io/sonatype/nexus3:3.68",
                "docker.io/sonatype/nexus3:3.68.1",
            ),
            ("sonatype/nexus3:3.68.0", "sonatype/nexus3:3.68.0"),
            (
                "mirror.example.com/our-nexus:3.68",
                "mirror.example.com/our-nexus:3.68",
            ),
        ] {
            assert_eq!(image(&written.into()), expected);
        }
    }
}
