use berth_finding::Finding;

use super::codes::{SV_002, SV_007, refuse};
use crate::document::Document;

/// What `berth serve` makes of a field of a Docker Registry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Honour {
    /// It behaves accordingly.
    Honoured,
    /// It is about where and how pods run; in this process there is nothing to apply it to.
    OfClusters,
    /// It comes later, and nothing that protects is lost without it: a warning.
    NotYet,
    /// It would change what the registry does, and Berth can't do it: refused when it is set on purpose.
    Refused,
}

use Honour::{Honoured, NotYet, OfClusters, Refused};

/// The one table: a path stands for all below it, unless one of those has a row of its own.
const TABLE: &[(&str, Honour)] = &[
    ("annotations", OfClusters),
    ("auth", Refused),
    ("auth.enabled", Honoured),
    ("auth.htpasswd", Honoured),
    ("auth.scheme", Honoured),
    ("auth.token.realm", Honoured), // its own refusal
    ("autoscaling", OfClusters),
    ("backup", NotYet),
    ("cost", OfClusters),
    ("engine", OfClusters),
    ("exposure", OfClusters),
    ("externalURL", OfClusters),
    ("extraEnv", OfClusters),
    ("garbageCollection", OfClusters), // nothing is refused and nothing restarts here meanwhile
    ("garbageCollection.deleteUntagged", NotYet),
    ("garbageCollection.enabled", Honoured),
    ("garbageCollection.schedule", Honoured),
    ("health", Refused),
    ("http", Refused),
    ("http.addr", Honoured),
    ("http.draintimeout", Honoured),
    ("http.headers", Honoured),
    ("http.http2", Honoured),
    ("http.net", Honoured),
    ("http.secret", OfClusters), // replicas share it; one process needs none
    ("http.tls.clientcas", Honoured),
    ("http.tls.minimumtls", Honoured),
    ("http.tls.secretName", OfClusters),
    ("http.tlscertificate", Honoured),
    ("http.tlsenabled", Honoured),
    ("http.tlskey", Honoured),
    ("image", OfClusters),
    ("imagePullSecrets", OfClusters),
    ("labels", OfClusters),
    ("log", Refused),
    ("log.accesslog", Honoured),
    ("log.format", Honoured),
    ("log.level", Honoured),
    ("metrics", NotYet),
    ("middleware", Refused),
    ("name", Honoured),
    ("namespace", OfClusters),
    ("networkPolicy", OfClusters),
    ("notifications", Refused),
    ("persistence", OfClusters),
    ("placement", OfClusters),
    ("podAnnotations", OfClusters),
    ("podDisruptionBudget", OfClusters),
    ("podLabels", OfClusters),
    ("proxy", Refused),
    ("redis", OfClusters), // a cache between replicas
    ("replicas", OfClusters),
    ("resources", OfClusters),
    ("securityContext", OfClusters),
    ("serviceAccount", OfClusters),
    ("storage.azure", OfClusters), // another driver's; `storage.driver` refuses
    ("storage.cache", OfClusters), // Berth remembers descriptors in memory anyway
    ("storage.delete", Honoured),
    ("storage.driver", Honoured),
    ("storage.filesystem.maxthreads", OfClusters), // tunes Docker's own driver
    ("storage.filesystem.rootdirectory", Honoured),
    ("storage.gcs", OfClusters),
    ("storage.maintenance", Refused),
    ("storage.maintenance.uploadpurging.age", Honoured),
    ("storage.maintenance.uploadpurging.enabled", Honoured),
    ("storage.maintenance.uploadpurging.interval", OfClusters), // Berth looks whenever it is idle
    ("storage.oss", OfClusters),
    ("storage.redirect", OfClusters), // a folder has nowhere to redirect to
    ("storage.s3", OfClusters),
    ("storage.swift", OfClusters),
    ("terminationGracePeriodSeconds", OfClusters),
    ("timeZone", OfClusters),
    ("validation", Refused),
    ("validation.disabled", Honoured),
    ("version", OfClusters),
];

/// What becomes of a field: its own row, or the nearest above it. `None` for a field without any.
pub fn honour(path: &str) -> Option<Honour> {
    let above = |row: &str| {
        path.strip_prefix(row)
            .is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '[']))
    };
    TABLE
        .iter()
        .filter(|(row, _)| above(row))
        .max_by_key(|(row, _)| row.len())
        .map(|(_, honour)| *honour)
}

/// A finding for each field that was set on purpose and isn't honoured.
pub(super) fn refusals(document: &Document) -> Vec<Finding> {
    let told = document
        .set_paths()
        .into_iter()
        .filter_map(|path| match honour(&path)? {
            Refused => {
                let message = format!("`berth serve` can't honour `{path}`");
                Some(
                    refuse(document, &path, SV_002, message)
                        .help("remove it here, or run the document on a cluster"),
                )
            }
            NotYet => {
                let message = format!("`{path}` is not applied yet by `berth serve`");
                Some(refuse(document, &path, SV_007, message).help("the registry is served without it"))
            }
            Honoured | OfClusters => None,
        });
    told.collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Kind;

    #[test]
    fn every_field_of_a_docker_registry_has_a_row() {
        for field in Kind::DockerRegistry.shape().fields {
            let covered = honour(field.name).is_some()
                || TABLE
                    .iter()
                    .any(|(row, _)| row.starts_with(&format!("{}.", field.name)));
            assert!(covered, "{}", field.name);
        }
    }

    #[test]
    fn a_row_of_its_own_wins_over_the_one_above() {
        assert_eq!(honour("auth.token.service"), Some(Refused));
        assert_eq!(honour("auth.token.realm"), Some(Honoured));
        assert_eq!(honour("http.tlsenabled"), Some(Honoured));
        assert_eq!(honour("httpx"), None);
    }
}
