//! The two sides of a replication.

use berth_finding::Rule;

use crate::Kind;
use crate::rules::Out;
use crate::rules::image_replication_policy::hosts::{canonical, is_host};
use crate::rules::reach::Reach;
use crate::sections::ImageReplicationPolicy;

pub(super) const RP_001: Rule = Rule::error(
    "RP-001",
    "Harbor replicates only between itself and one other registry",
    "A replication rule of Harbor has Harbor itself on exactly one side. When neither side is the Harbor that the policy \
     applies to, or both are, Harbor can't do it; Berth copies the images itself instead.\n\n\
     Name Harbor's own host on one side:\n\n    \
     source: {registry: docker.io, namespace: library}\n    \
     destination: {registry: harbor.example.com}",
);

pub(super) const RP_002: Rule = Rule::error(
    "RP-002",
    "the type of a registry isn't one that Harbor knows",
    "Harbor talks to each sort of registry through an adapter. Berth finds it by the host (docker.io, ghcr.io, quay.io, \
     *.azurecr.io, *.dkr.ecr.*.amazonaws.com, *.gcr.io, *.pkg.dev) and takes `docker-registry` for any other. A type that \
     is written must be one of them: docker-hub, docker-registry, harbor, github-ghcr, azure-acr, aws-ecr, google-gcr, \
     quay, jfrog-artifactory, gitlab, ali-acr, huawei-SWR, tencent-tcr, volcengine-cr, dtr.\n\n\
     Example:\n\n    \
     source: {registry: artifacts.example.com, type: jfrog-artifactory}",
);

pub(super) const RP_014: Rule = Rule::error(
    "RP-014",
    "source and destination are the same place",
    "The policy would copy every image onto itself, at every run, and count each as a pull.\n\n\
     Change one of the registries, or give the destination a namespace:\n\n    \
     source: {registry: registry.example.com, namespace: team}\n    \
     destination: {registry: registry.example.com, namespace: mirror}",
);

pub(super) const RP_015: Rule = Rule::warning(
    "RP-015",
    "the project that the images go to isn't declared",
    "A push to a project that Harbor doesn't have is refused with 404. The destination's first part is the project; it must be there \
     before the first run, with room in its quota.\n\n\
     Declare it in the Harbor's document:\n\n    \
     projects: [{name: mirror}]",
);

/// The adapters of Harbor, by its own names.
const ADAPTERS: [&str; 15] = [
    "ali-acr",
    "aws-ecr",
    "azure-acr",
    "docker-hub",
    "docker-registry",
    "dtr",
    "github-ghcr",
    "gitlab",
    "google-gcr",
    "harbor",
    "huawei-SWR",
    "jfrog-artifactory",
    "quay",
    "tencent-tcr",
    "volcengine-cr",
];

pub(super) fn check(policy: &ImageReplicationPolicy, reach: &Reach<'_>, out: &mut Out<'_, '_>) {
    rp_001(policy, reach, out);
    rp_002(policy, out);
    rp_014(policy, out);
    rp_015(policy, reach, out);
}

fn rp_001(policy: &ImageReplicationPolicy, reach: &Reach<'_>, out: &mut Out<'_, '_>) {
    for registry in reach
        .registries()
        .iter()
        .filter(|registry| registry.spec.kind() == Kind::HarborRegistry)
    {
        let sides = [&policy.source.registry, &policy.destination.registry];
        // Without a host of its own nobody can tell whether a side is this Harbor.
        if registry.hosts().is_empty() || sides.iter().filter(|side| registry.is_called(side)).count() == 1 {
            continue;
        }
        out.at(
            "source.registry",
            RP_001,
            format!(
                "`{}` is not on exactly one side; Berth copies itself instead",
                registry.name
            ),
        )
        .help(format!(
            "name {} as source or destination",
            registry.hosts().join(" or ")
        ));
    }
}

fn rp_002(policy: &ImageReplicationPolicy, out: &mut Out<'_, '_>) {
    let sides = [
        ("source", &policy.source.registry, policy.source.kind.as_deref()),
        (
            "destination",
            &policy.destination.registry,
            policy.destination.kind.as_deref(),
        ),
    ];
    for (side, registry, kind) in sides {
        if !is_host(registry) {
            out.at(
                &format!("{side}.registry"),
                RP_002,
                "a registry is written as a host, with a port where it needs one",
            )
            .help("leave out scheme and path, such as `registry.example.com:5000`");
        }
        let Some(kind) = kind.filter(|kind| !ADAPTERS.contains(kind)) else {
            continue;
        };
        let help = match crate::document::nearest(kind, ADAPTERS) {
            Some(near) => format!("did you mean `{near}`?"),
            None => format!("it is one of {}", ADAPTERS.join(", ")),
        };
        out.at(
            &format!("{side}.type"),
            RP_002,
            format!("`{kind}` is not a type of registry"),
        )
        .help(help);
    }
}

fn rp_014(policy: &ImageReplicationPolicy, out: &mut Out<'_, '_>) {
    let (source, destination) = (&policy.source, &policy.destination);
    let same_names = destination.namespace.is_empty() || destination.namespace == source.namespace;
    if canonical(&source.registry) == canonical(&destination.registry) && same_names {
        out.at(
            "destination",
            RP_014,
            "the images would be copied onto themselves",
        )
        .help("name another registry, or a `namespace` at the destination");
    }
}

fn rp_015(policy: &ImageReplicationPolicy, reach: &Reach<'_>, out: &mut Out<'_, '_>) {
    let Some(project) = policy
        .destination
        .namespace
        .split('/')
        .next()
        .filter(|project| !project.is_empty())
    else {
        return;
    };
    for registry in reach
        .registries()
        .iter()
        .filter(|registry| registry.is_called(&policy.destination.registry))
    {
        let crate::Spec::HarborRegistry(harbor) = registry.spec else {
            continue;
        };
        // `library` is there from the start; without any declared, projects are made elsewhere.
        let known = project == "library" || harbor.projects.iter().any(|declared| declared.name == project);
        if !harbor.projects.is_empty() && !known {
            out.at(
                "destination.namespace",
                RP_015,
                format!("`{}` declares no project `{project}`", registry.name),
            )
            .help("add it to `projects` in its document");
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::rules::testing::{fires, fires_among};

    const KIND: &str = "ImageReplicationPolicy";
    const HARBOR: (&str, &str) = (
        "HarborRegistry",
        "{externalURL: 'https://harbor.example.com', projects: [{name: apps}]}",
    );

    #[test]
    fn rp_001_fires_when_harbor_is_not_on_one_side_and_not_otherwise() {
        let both = "{source: {registry: harbor.example.com}, destination: {registry: harbor.example.com, namespace: a}}";
        assert!(fires_among("RP-001", &[(KIND, "{}"), HARBOR]));
        assert!(fires_among("RP-001", &[(KIND, both), HARBOR]));
        assert!(!fires_among(
            "RP-001",
            &[(KIND, "destination: {registry: harbor.example.com}"), HARBOR]
        ));
        assert!(!fires_among("RP-001", &[(KIND, "{}"), ("HarborRegistry", "{}")]));
        assert!(!fires("RP-001", KIND, "{}"));
    }

    #[test]
    fn rp_002_fires_when_a_registry_is_of_no_known_type_and_not_otherwise() {
        assert!(fires(
            "RP-002",
            KIND,
            "source: {registry: a.example.com, type: artifactory}"
        ));
        assert!(fires(
            "RP-002",
            KIND,
            "destination: {registry: 'https://a.example.com'}"
        ));
        assert!(!fires(
            "RP-002",
            KIND,
            "source: {registry: 'a.example.com:5000', type: jfrog-artifactory}"
        ));
        assert!(!fires("RP-002", KIND, "{}"));
    }

    #[test]
    fn rp_014_fires_when_both_sides_are_one_and_not_otherwise() {
        assert!(fires("RP-014", KIND, "destination: {registry: index.docker.io}"));
        assert!(fires(
            "RP-014",
            KIND,
            "{source: {namespace: a}, destination: {registry: docker.io, namespace: a}}"
        ));
        assert!(!fires(
            "RP-014",
            KIND,
            "destination: {registry: docker.io, namespace: mirror}"
        ));
        assert!(!fires("RP-014", KIND, "{}"));
    }

    #[test]
    fn rp_015_fires_when_the_project_is_not_declared_and_not_otherwise() {
        let to = |namespace: &str| {
            format!("destination: {{registry: harbor.example.com, namespace: {namespace}}}")
        };
        assert!(fires_among("RP-015", &[(KIND, &to("mirror/hub")), HARBOR]));
        assert!(!fires_among("RP-015", &[(KIND, &to("apps/hub")), HARBOR]));
        assert!(!fires_among("RP-015", &[(KIND, &to("library")), HARBOR]));
        let bare = ("HarborRegistry", "externalURL: 'https://harbor.example.com'");
        assert!(!fires_among("RP-015", &[(KIND, &to("mirror")), bare]));
    }
}
