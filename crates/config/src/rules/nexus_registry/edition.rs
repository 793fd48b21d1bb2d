//! What only Nexus Pro has.

use berth_finding::Rule;

use crate::nexus::{
    Database, database, has_license, is_pro, missing_for_replicas, postgresql_needs_pro, version,
};
use crate::rules::Out;
use crate::sections::{NexusConnector, NexusRegistry};
use crate::value::{NexusEdition, Written};

pub(super) const NX_001: Rule = Rule::error(
    "NX-001",
    "several replicas need a Pro licence, PostgreSQL and shared blob storage",
    "The free Nexus keeps its database inside its data folder and runs as exactly one process: a second one \
     can't open that database and crash-loops, or damages it on shared storage. Several replicas need all of: a Pro \
     licence, an external PostgreSQL, and blob stores that every replica reaches (S3 or Azure, or files on a \
     ReadWriteMany volume). Until all are given, one replica is run.\n\n\
     Keep `replicas: 1`, or give them all:\n\n    \
     replicas: 2\n    \
     clustered: true\n    \
     license: {secretKeyRef: {name: nexus-license, key: license.lic}}\n    \
     database: {type: postgresql, url: \"jdbc:postgresql://postgres.db.svc:5432/nexus\"}\n    \
     storage: {blobstores: [{name: shared, type: s3, bucket: nexus, region: eu-west-1, expiration: 3}]}",
);

pub(super) const NX_002: Rule = Rule::error(
    "NX-002",
    "PostgreSQL is asked for without a licence",
    "In Nexus 3.68 PostgreSQL is a feature of Pro (the free edition has it only from 3.77). Without a licence \
     Nexus stops at the start, or falls back to its embedded database and leaves the PostgreSQL empty.\n\n\
     Name the Secret that holds the licence file, or choose the embedded H2:\n\n    \
     license: {secretKeyRef: {name: nexus-license, key: license.lic}}",
);

pub(super) const NX_024: Rule = Rule::error(
    "NX-024",
    "a repository uses what only Nexus Pro has",
    "A Docker connector by subdomain, and a group that can be pushed to (its writable member), exist only in Nexus \
     Pro. The free edition answers the request that would make such a repository with 400, and the repository is \
     missing.\n\n\
     Give each Docker repository a port of its own and push to the hosted one, or name a license:\n\n    \
     repositories: {docker: {connectors: {hosted: {httpPort: 8082}, group: {httpPort: 8083}}}}",
);

pub(super) fn check(nexus: &NexusRegistry, out: &mut Out<'_, '_>) {
    nx_001(nexus, out);
    nx_002(nexus, out);
    nx_024(nexus, out);
}

fn nx_001(nexus: &NexusRegistry, out: &mut Out<'_, '_>) {
    if nexus.replicas < 2 {
        return;
    }
    let missing = missing_for_replicas(nexus);
    if !missing.is_empty() {
        let message = format!(
            "`replicas` is {}, but there is {}; one replica is run",
            nexus.replicas,
            missing.join(", ")
        );
        out.at("replicas", NX_001, message).help(
            "set `replicas: 1`, or give a licence, PostgreSQL, shared blob stores and `clustered: true`",
        );
    }
}

fn nx_002(nexus: &NexusRegistry, out: &mut Out<'_, '_>) {
    if has_license(nexus) {
        return;
    }
    let help = "name the license in `license`, or leave it out";
    if database(nexus) == Database::Postgresql && postgresql_needs_pro(version(nexus)) {
        out.at(
            "database.type",
            NX_002,
            "PostgreSQL needs a licence in this version of Nexus",
        )
        .help("name the licence in `license`, or set `database.type: h2`");
    }
    if nexus.clustered {
        out.at("clustered", NX_002, "`clustered` needs a licence")
            .help(help);
    }
    if nexus.edition.as_ref().and_then(Written::value) == Some(&NexusEdition::Pro) {
        out.at("edition", NX_002, "`edition: pro` needs a licence")
            .help(help);
    }
}

fn nx_024(nexus: &NexusRegistry, out: &mut Out<'_, '_>) {
    if is_pro(nexus) {
        return;
    }
    let formats = &nexus.repositories;
    let writable = [
        ("docker", &formats.docker.writable_member),
        ("maven", &formats.maven.writable_member),
        ("npm", &formats.npm.writable_member),
        ("helm", &formats.helm.writable_member),
    ];
    for (format, _) in writable.iter().filter(|(_, member)| member.is_some()) {
        out.at(
            &format!("repositories.{format}.writableMember"),
            NX_024,
            "a group that is pushed to needs Nexus Pro",
        )
        .help("push to the hosted repository, and leave `writableMember` out");
    }
    for (path, connector) in connectors(nexus) {
        if connector.subdomain.is_some() {
            out.at(
                &format!("{path}.subdomain"),
                NX_024,
                "a connector by subdomain needs Nexus Pro",
            )
            .help("give the repository an `httpPort` instead");
        }
    }
}

/// The connectors that are written, each with its path.
fn connectors(nexus: &NexusRegistry) -> Vec<(String, &NexusConnector)> {
    let mut found = Vec::new();
    if let Some(docker) = &nexus.repositories.docker.connectors {
        let roles = [
            ("hosted", &docker.hosted),
            ("proxy", &docker.proxy),
            ("group", &docker.group),
        ];
        for (role, connector) in roles {
            let path = format!("repositories.docker.connectors.{role}");
            found.extend(connector.as_ref().map(|connector| (path, connector)));
        }
    }
    for (index, repository) in nexus.repositories.custom.iter().enumerate() {
        let path = format!("repositories.custom[{index}].connector");
        found.extend(repository.connector.as_ref().map(|connector| (path, connector)));
    }
    found
}

#[cfg(test)]
mod tests {
    use crate::rules::nexus_registry::testing::fires;

    const CLUSTER: &str = "
replicas: 2
clustered: true
license: {secretKeyRef: {name: license, key: file}}
database: {type: postgresql, url: 'jdbc:postgresql://db:5432/nexus'}
storage: {blobstores: [{name: shared, type: s3, bucket: b, region: r, expiration: 3}]}
";

    #[test]
    fn nx_001_fires_when_replicas_share_nothing_and_not_otherwise() {
        assert!(fires("NX-001", "replicas: 2"));
        assert!(fires(
            "NX-001",
            &CLUSTER.replace("clustered: true", "clustered: false")
        ));
        assert!(fires("NX-001", &CLUSTER.replace("type: s3", "type: file")));
        assert!(!fires("NX-001", CLUSTER));
        assert!(!fires("NX-001", "replicas: 1"));
    }

    #[test]
    fn nx_002_fires_when_postgresql_has_no_license_and_not_otherwise() {
        assert!(fires("NX-002", "database: {type: postgresql}"));
        assert!(fires("NX-002", "edition: pro"));
        assert!(fires("NX-002", "clustered: true"));
        assert!(!fires("NX-002", CLUSTER));
        assert!(!fires(
            "NX-002",
            "{version: '3.77', database: {type: postgresql}}"
        ));
        assert!(!fires("NX-002", "database: {type: h2}"));
    }

    #[test]
    fn nx_024_fires_when_the_free_edition_is_asked_for_pro_repositories_and_not_otherwise() {
        let subdomain = "repositories: {docker: {connectors: {hosted: {subdomain: images}}}}";
        assert!(fires("NX-024", subdomain));
        assert!(fires(
            "NX-024",
            "repositories: {npm: {writableMember: npm-hosted}}"
        ));
        assert!(fires(
            "NX-024",
            "repositories: {custom: [{name: a, format: docker, type: hosted, connector: {subdomain: a}}]}"
        ));
        assert!(!fires("NX-024", &format!("edition: pro\n{subdomain}")));
        assert!(!fires(
            "NX-024",
            "repositories: {docker: {connectors: {hosted: {httpPort: 8082}}}}"
        ));
    }
}
