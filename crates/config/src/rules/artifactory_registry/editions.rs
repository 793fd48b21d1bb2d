//! Which edition the image is, and what it can't do.

use berth_finding::{Level, Rule};

use crate::artifactory::{edition, has_package, packages};
use crate::rules::Out;
use crate::sections::ArtifactoryRegistry;
use crate::value::ArtifactoryEdition;

pub(super) const AF_001: Rule = Rule::error(
    "AF-001",
    "a package type that this edition of Artifactory doesn't have",
    "\
The open-source edition (artifactory-oss) has maven and generic here, but no docker, npm or helm. The Container Registry
(artifactory-jcr) has docker, helm and generic, but no maven or npm. The repositories of other types are left out. Use the
edition that has them, or turn them off.

    image: releases-docker.jfrog.io/jfrog/artifactory-jcr:7.84.17
    repositories:
      maven: {local: false, remote: false, virtual: false}
      npm: {local: false, remote: false, virtual: false}
",
);

pub(super) const AF_002: Rule = Rule::warning(
    "AF-002",
    "this edition has no API to make repositories; they become a checklist",
    "\
The free editions answer every creation of a repository over REST with `400 available only in Artifactory Pro`, and the
configuration file no longer holds repositories. Berth prints what to click, and checks that it is there. With Pro it makes
them itself.

    image: releases-docker.jfrog.io/jfrog/artifactory-pro:7.84.17
    licenses: [{secretKeyRef: {name: artifactory-license, key: artifactory.lic}}]
",
)
.in_prod(Level::Error);

pub(super) const AF_003: Rule = Rule::error(
    "AF-003",
    "several replicas need Enterprise, a licence for each, and a shared store of files",
    "\
Only the Enterprise licence runs more than one node; each node takes one licence from the bundle, and a node without one
stops. The nodes must also see the same files: `file-system` lies on the volume of one node.

    replicas: 2
    image: releases-docker.jfrog.io/jfrog/artifactory-pro:7.84.17
    edition: enterprise
    licenses:
      - {secretKeyRef: {name: artifactory-license, key: first}}
      - {secretKeyRef: {name: artifactory-license, key: second}}
    filestore: {type: s3-storage-v3-direct, bucket: artifacts}
",
);

pub(super) const AF_004: Rule = Rule::error(
    "AF-004",
    "SAML, OAuth or replication on an edition that has none of them",
    "\
Single sign-on and replication to other registries come with Pro. The free editions know their own users only, and their API refuses
the settings.

    image: releases-docker.jfrog.io/jfrog/artifactory-pro:7.84.17
    authentication: {saml: {enabled: true, loginUrl: \"https://login.example.com/saml\"}}
",
);

pub(super) fn check(artifactory: &ArtifactoryRegistry, out: &mut Out<'_, '_>) {
    let edition = edition(artifactory);
    if let Some(edition @ (ArtifactoryEdition::Oss | ArtifactoryEdition::Jcr)) = edition {
        af_001_packages(artifactory, edition, out);
        af_002_no_api(artifactory, edition, out);
        af_004_beyond(artifactory, edition, out);
    }
    if artifactory.replicas > 1 {
        af_003_replicas(artifactory, edition, out);
    }
}

fn af_001_packages(artifactory: &ArtifactoryRegistry, edition: ArtifactoryEdition, out: &mut Out<'_, '_>) {
    let repositories = &artifactory.repositories;
    let built_in = packages(repositories)
        .into_iter()
        .filter(|(_, it)| it.local || it.remote || it.virtual_);
    let built_in = built_in.map(|(package, _)| (format!("repositories.{package}"), package));
    let custom = repositories.custom.iter().enumerate();
    let custom = custom.map(|(index, it)| {
        (
            format!("repositories.custom[{index}].packageType"),
            it.package_type.as_str(),
        )
    });
    for (path, package) in built_in.chain(custom) {
        if !has_package(edition, package) {
            out.at(
                &path,
                AF_001,
                format!(
                    "`{package}` is left out: the edition {} has no such repositories",
                    edition.as_str()
                ),
            )
            .help("turn them off, or use an edition that has them");
        }
    }
}

fn af_002_no_api(artifactory: &ArtifactoryRegistry, edition: ArtifactoryEdition, out: &mut Out<'_, '_>) {
    let repositories = &artifactory.repositories;
    let any = packages(repositories)
        .iter()
        .any(|(_, it)| it.local || it.remote || it.virtual_);
    if any || !repositories.custom.is_empty() {
        let message = format!(
            "`repositories` become a checklist: the edition {} lets nobody make them through its API",
            edition.as_str()
        );
        out.at("repositories", AF_002, message)
            .help("make them by hand from the checklist, or use Pro");
    }
}

fn af_003_replicas(
    artifactory: &ArtifactoryRegistry,
    edition: Option<ArtifactoryEdition>,
    out: &mut Out<'_, '_>,
) {
    let replicas = artifactory.replicas;
    if edition.is_some_and(|edition| edition != ArtifactoryEdition::Enterprise) {
        out.at(
            "replicas",
            AF_003,
            "more than one replica needs an Enterprise licence",
        )
        .help("write 1, or `edition: enterprise` with a licence for each");
    }
    let licenses = artifactory.licenses.len();
    if i64::try_from(licenses).is_ok_and(|licenses| licenses < replicas) {
        out.at(
            "licenses",
            AF_003,
            format!("{replicas} replicas need a licence each, and there are {licenses}"),
        )
        .help("give one for each replica");
    }
    let filestore = artifactory.filestore.as_ref();
    if filestore.is_none_or(|it| ["", "file-system"].contains(&it.kind.as_str())) {
        out.at(
            "filestore.type",
            AF_003,
            "each replica would keep its files on a volume of its own",
        )
        .help("use object storage, such as s3-storage-v3-direct, or cluster-file-system");
    }
}

fn af_004_beyond(artifactory: &ArtifactoryRegistry, edition: ArtifactoryEdition, out: &mut Out<'_, '_>) {
    let authentication = &artifactory.authentication;
    for (name, enabled) in [
        ("saml", authentication.saml.enabled),
        ("oauth", authentication.oauth.enabled),
    ] {
        if enabled {
            let message = format!("the edition {} has no {}", edition.as_str(), name.to_uppercase());
            out.at(&format!("authentication.{name}.enabled"), AF_004, message)
                .help("turn it off, or use Pro");
        }
    }
    if artifactory.replication.as_ref().is_some_and(|it| it.enabled) {
        let message = format!("the edition {} replicates to nobody", edition.as_str());
        out.at("replication", AF_004, message)
            .help("turn it off, or use Pro");
    }
}

#[cfg(test)]
mod tests {
    use crate::rules::artifactory_registry::trial::{fires, silent};

    const NONE: &str = "{local: false, remote: false, virtual: false}";

    fn only(package: &str) -> String {
        let others: Vec<String> = ["docker", "maven", "npm", "helm", "generic"]
            .iter()
            .filter(|other| **other != package)
            .map(|other| format!("{other}: {NONE}"))
            .collect();
        format!("repositories: {{{}}}", others.join(", "))
    }

    #[test]
    fn af_001_fires_when_the_edition_lacks_the_package_and_not_otherwise() {
        fires(
            "AF-001",
            &[
                "{}",
                &only("npm"),
                &format!("edition: jcr\n{}", only("maven")),
                &only("maven").replace(
                    "repositories: {",
                    "repositories: {custom: [{key: a, rclass: local, packageType: pypi}], ",
                ),
            ],
        );
        silent(
            "AF-001",
            &[
                &only("maven"),
                &format!("edition: jcr\n{}", only("docker")),
                "edition: pro",
                "image: releases-docker.jfrog.io/jfrog/artifactory-pro:7.84.17",
            ],
        );
    }

    #[test]
    fn af_002_fires_when_there_is_no_api_and_not_otherwise() {
        fires("AF-002", &["{}", &only("generic")]);
        silent("AF-002", &[&only("nothing"), "edition: pro"]);
    }

    #[test]
    fn af_003_fires_when_replicas_can_not_run_and_not_otherwise() {
        let cluster = "{replicas: 2, edition: enterprise, licenses: [{env: A}, {env: B}], filestore: {type: s3-storage-v3}}";
        fires(
            "AF-003",
            &[
                &cluster.replace("enterprise", "pro"),
                &cluster.replace(", {env: B}", ""),
                &cluster.replace("s3-storage-v3", "file-system"),
            ],
        );
        silent("AF-003", &[cluster, "replicas: 1"]);
    }

    #[test]
    fn af_004_fires_when_the_edition_has_no_single_sign_on_and_not_otherwise() {
        fires(
            "AF-004",
            &[
                "authentication: {saml: {enabled: true}}",
                "authentication: {oauth: {enabled: true}}",
                "replication: {schedule: '0 2 * * *'}",
            ],
        );
        silent(
            "AF-004",
            &["{}", "{edition: pro, authentication: {saml: {enabled: true}}}"],
        );
    }
}
