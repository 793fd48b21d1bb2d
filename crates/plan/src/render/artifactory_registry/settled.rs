use berth_config::artifactory::{edition, has_package, is_whole_release};
use berth_config::document::Document;
use berth_config::sections::{ArtifactoryNginx, ArtifactoryRegistry, Persistence};
use berth_config::value::{
    AccessMode, ArtifactoryDatabaseType, ArtifactoryEdition, DockerAccessMethod, HttpUrl, ImageReference,
    Written,
};

use crate::render::registry::Registry;
use crate::render::workload::{self, DataVolume, Replicas};
use crate::render::{Rendering, codes};

/// An Artifactory with all that is to be decided before its objects can be drawn.
pub(super) struct Settled<'a> {
    pub(super) document: &'a Document,
    pub(super) registry: &'a Registry<'a>,
    pub(super) spec: &'a ArtifactoryRegistry,
    /// The edition, where it can be told.
    pub(super) edition: Option<ArtifactoryEdition>,
    /// Whether several pods can share what they must.
    pub(super) is_clustered: bool,
    /// How many pods: as declared where they can be several, else one.
    pub(super) replicas: i64,
    /// The image, with the release that its tag leaves out.
    pub(super) image: String,
    /// The volume as declared; there is one without a declaration.
    pub(super) data: DataVolume<'a>,
    /// The kind of database.
    pub(super) database: ArtifactoryDatabaseType,
    /// How long a pod may take to stop, in seconds.
    pub(super) grace_seconds: i64,
}

/// Where the volume of a pod lies, and whose it is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Layout {
    /// One pod, one claim.
    Single,
    /// Each pod has a claim of its own; files are in object storage.
    PerPod,
    /// Pods share a claim for the files, and have nothing else to keep.
    SharedFiles,
}

/// How long a pod may take to stop where the document doesn't say, in seconds: 30 for requests, and some for itself.
const GRACE_SECONDS: i64 = 40;

/// The newest release of the line that is known here.
const NEWEST: (&str, &str) = ("7.84", "7.84.17");

impl<'a> Settled<'a> {
    pub(super) fn of(
        registry: &'a Registry<'a>,
        spec: &'a ArtifactoryRegistry,
        persistence: &'a Persistence,
        rendering: &mut Rendering<'_>,
    ) -> Self {
        let edition = edition(spec);
        let is_clustered = can_be_many(spec, edition, persistence);
        let settled = Self {
            document: registry.document,
            registry,
            spec,
            edition,
            is_clustered,
            replicas: if is_clustered {
                spec.replicas
            } else {
                spec.replicas.min(1)
            },
            image: image(&spec.image, &spec.version),
            data: DataVolume::of(Some(persistence)),
            database: match spec.database.kind.value() {
                Some(kind) if !spec.database.managed => *kind,
                _ => ArtifactoryDatabaseType::Postgresql,
            },
            grace_seconds: registry
                .workload
                .termination_grace_period_seconds
                .unwrap_or(GRACE_SECONDS),
        };
        settled.tell(rendering);
        settled
    }

    /// Where the volume of a pod lies.
    pub(super) fn layout(&self) -> Layout {
        match (self.is_clustered, self.data.access_mode()) {
            (false, _) => Layout::Single,
            (true, Some(AccessMode::ReadWriteMany)) => Layout::SharedFiles,
            (true, _) => Layout::PerPod,
        }
    }

    /// Whether an autoscaler decides how many pods there are.
    pub(super) fn is_scaled(&self) -> bool {
        self.is_clustered
            && self
                .spec
                .autoscaling
                .as_ref()
                .is_some_and(|autoscaling| autoscaling.enabled)
    }

    /// How many pods there are.
    pub(super) fn pods(&self) -> Replicas {
        if self.is_scaled() {
            Replicas::Scaled
        } else {
            Replicas::Fixed(self.replicas)
        }
    }

    /// What is said of nginx, where it is.
    pub(super) fn nginx(&self) -> Option<&'a ArtifactoryNginx> {
        self.spec.nginx.as_ref()
    }

    /// Whether an nginx stands before it: it is asked for, or Docker clients come by hosts that only it tells apart.
    pub(super) fn has_nginx(&self) -> bool {
        self.nginx().is_some_and(|nginx| nginx.enabled) || self.has_subdomains()
    }

    /// Whether Docker clients know each repository by a host of its own.
    pub(super) fn has_subdomains(&self) -> bool {
        let method = self.spec.docker_access_method.as_ref();
        let method = method.and_then(|method| method.value());
        method == Some(&DockerAccessMethod::SubDomain) && self.host().is_some()
    }

    /// The host by which clients know it, where it is said.
    pub(super) fn host(&self) -> Option<&'a str> {
        let workload = &self.registry.workload;
        let url = workload.external_url.and_then(|url| url.value());
        let exposure = workload.exposure;
        let ingress = exposure.and_then(|it| it.ingress.as_ref().map(|ingress| ingress.host.as_str()));
        let gateway = exposure.and_then(|it| it.gateway.as_ref().map(|gateway| gateway.host.as_str()));
        let host = ingress.or(gateway).filter(|host| !host.is_empty());
        host.or_else(|| url.map(HttpUrl::host))
    }

    /// The release that runs, as far as it is known.
    pub(super) fn release(&self) -> &'a str {
        if self.spec.version == NEWEST.0 {
            NEWEST.1
        } else {
            &self.spec.version
        }
    }

    /// Whether each service has a container of its own.
    pub(super) fn is_split(&self) -> bool {
        self.spec.split_services == Some(true)
    }

    /// Whether it is one of the free editions, which lack services of the others.
    pub(super) fn is_free(&self) -> bool {
        matches!(
            self.edition,
            Some(ArtifactoryEdition::Oss | ArtifactoryEdition::Jcr)
        )
    }

    /// Whether the edition has a type of package.
    pub(super) fn has_package(&self, package: &str) -> bool {
        self.edition.is_none_or(|edition| has_package(edition, package))
    }

    fn tell(&self, rendering: &mut Rendering<'_>) {
        let spec = self.spec;
        workload::tell_unused(self.document, spec.database.managed, rendering);
        let ssl = &spec.security.ssl;
        let has_ingress = spec.exposure.as_ref().is_some_and(|it| it.ingress.is_some());
        let ends_tls = has_ingress || self.has_nginx();
        let has_certificate = !ssl.certificate.is_empty() || ssl.secret_name.is_some();
        let scaled = spec.autoscaling.as_ref().is_some_and(|it| it.enabled);
        let method = spec.docker_access_method.as_ref();
        let method = method.and_then(|method| method.value());
        for (is_so, path, message, help) in [
            (
                ssl.enabled && has_certificate && !ends_tls,
                "security.ssl",
                "the certificate of `security.ssl` has no effect: neither an Ingress nor nginx takes it",
                "declare `exposure.ingress`, which takes it unless it has one of its own, or `nginx`",
            ),
            (
                method == Some(&DockerAccessMethod::Port),
                "dockerAccessMethod",
                "docker clients reach repositories by path: ports of their own are not rendered",
                "write `subDomain`, a host for each, or `repositoryPath`: host/docker-local/image",
            ),
            (
                method == Some(&DockerAccessMethod::SubDomain) && self.host().is_none(),
                "dockerAccessMethod",
                "docker clients reach repositories by path: without a host there is none to put them in front of",
                "give `externalURL`, or the host of an Ingress or a Gateway",
            ),
            (
                self.nginx()
                    .and_then(|nginx| nginx.service_type.as_deref())
                    .is_some_and(|kind| !["", "ClusterIP", "NodePort", "LoadBalancer"].contains(&kind)),
                "nginx.serviceType",
                "the Service of nginx is a ClusterIP: there is no such type",
                "write ClusterIP, NodePort or LoadBalancer",
            ),
            (
                !spec.security.encryption.enabled,
                "security.encryption.enabled",
                "Artifactory always encrypts with the master key: it can't be turned off",
                "leave it out",
            ),
            (
                scaled && !self.is_clustered,
                "autoscaling",
                "`autoscaling` can't add pods: this Artifactory runs as exactly one",
                "leave it out, or give what several replicas need (AF-003)",
            ),
        ] {
            if is_so {
                rendering
                    .tell(self.document, path, codes::RN_005, message)
                    .help(help);
            }
        }
    }
}

/// Whether there is a licence for each of several pods, and a place for files that all of them reach.
fn can_be_many(
    spec: &ArtifactoryRegistry,
    edition: Option<ArtifactoryEdition>,
    persistence: &Persistence,
) -> bool {
    let kind = spec
        .filestore
        .as_ref()
        .map_or("", |filestore| filestore.kind.as_str());
    let is_volume_shared = persistence.enabled
        && persistence.access_mode.as_ref().and_then(Written::value) == Some(&AccessMode::ReadWriteMany);
    let are_files_shared = match kind {
        "" | "file-system" => false,
        "cluster-file-system" | "nfs" => is_volume_shared,
        _ => true,
    };
    let licenses = i64::try_from(spec.licenses.len()).unwrap_or(i64::MAX);
    edition == Some(ArtifactoryEdition::Enterprise) && licenses >= spec.replicas.max(2) && are_files_shared
}

/// The image as written; a tag that names no release becomes the one of `version`.
fn image(written: &Written<ImageReference>, version: &str) -> String {
    let text = written.text();
    let release = match version {
        version if is_whole_release(version) => version,
        version if version == NEWEST.0 => NEWEST.1,
        _ => return text.to_owned(),
    };
    let Some(image) = written.value().filter(|image| image.digest().is_none()) else {
        return text.to_owned();
    };
    match image.tag().map(ToString::to_string) {
        None => format!("{text}:{release}"),
        Some(tag) if tag == "latest" || tag == NEWEST.0 => match text.strip_suffix(&tag) {
            Some(name) => format!("{name}{release}"),
            None => text.to_owned(),
        },
        Some(_) => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tag_that_names_no_release_becomes_the_version_s() {
        for (written, version, expected) in [
            (
                "jfrog/artifactory-oss:latest",
                "7.84",
                "jfrog/artifactory-oss:7.84.17",
            ),
            (
                "jfrog/artifactory-oss",
                "7.84.10",
                "jfrog/artifactory-oss:7.84.10",
            ),
            (
                "jfrog/artifactory-oss:7.84",
                "7.84",
                "jfrog/artifactory-oss:7.84.17",
            ),
            (
                "jfrog/artifactory-oss:7.84.12",
                "7.84",
                "jfrog/artifactory-oss:7.84.12",
            ),
            (
                "jfrog/artifactory-oss:latest",
                "7.90",
                "jfrog/artifactory-oss:latest",
            ),
        ] {
            assert_eq!(image(&written.into(), version), expected);
        }
    }
}
