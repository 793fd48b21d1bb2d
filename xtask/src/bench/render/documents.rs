//! What is rendered: a document of each kind of registry, as production asks for it.

use std::fmt::Write as _;

/// The kinds, and a document of each: what production asks for, `NAME` standing for the name.
pub(super) const DOCUMENTS: [(&str, &str); 4] = [
    (
        "docker-registry",
        "kind: DockerRegistry
metadata: {name: NAME}
spec:
  replicas: 2
  http: {secret: {env: HTTP_SECRET}}
  storage: {driver: s3, s3: {enabled: true, region: eu-west-1, bucket: NAME, encrypt: true}}
  auth: {enabled: true, scheme: basic, htpasswd: {realm: team}}
  exposure: {ingress: {host: NAME.example.com, className: nginx, tls: {secretName: NAME-tls}}}
  metrics: {enabled: true, serviceMonitor: {enabled: true}}
",
    ),
    (
        "harbor",
        "kind: HarborRegistry
metadata: {name: NAME}
spec:
  externalURL: https://NAME.example.com
  coreReplicas: 2
  database: {host: postgres.example.com, username: harbor, password: {env: DATABASE_PASSWORD}}
  redis: {host: redis.example.com, password: {env: DATABASE_PASSWORD}}
  exposure: {ingress: {host: NAME.example.com, className: nginx, tls: {secretName: NAME-tls}}}
",
    ),
    (
        "nexus",
        "kind: NexusRegistry
metadata: {name: NAME}
spec:
  persistence: {size: 100Gi}
  exposure: {ingress: {host: NAME.example.com, className: nginx, tls: {secretName: NAME-tls}}}
",
    ),
    (
        "artifactory",
        "kind: ArtifactoryRegistry
metadata: {name: NAME}
spec:
  database: {url: \"jdbc:postgresql://postgres.example.com:5432/artifactory\", username: artifactory, password: {env: DATABASE_PASSWORD}}
  persistence: {size: 100Gi}
  exposure: {ingress: {host: NAME.example.com, className: nginx, tls: {secretName: NAME-tls}}}
",
    ),
];

/// So many documents of a kind, named after it and their number.
pub(super) fn of_kind(kind: &str, count: usize) -> String {
    let found = DOCUMENTS.iter().filter(|(name, _)| *name == kind);
    let mut all = String::new();
    for (name, text) in found {
        for number in 0..count {
            let text = text.replace("NAME", &format!("{name}-{number}"));
            let _ = write!(all, "---\napiVersion: berth.dev/v1\n{text}");
        }
    }
    all
}

/// So many documents of each kind.
pub(super) fn of_each(count: usize) -> String {
    DOCUMENTS.iter().map(|(kind, _)| of_kind(kind, count)).collect()
}
