//! What the products can and can't do of it.

use berth_finding::Rule;

use crate::rules::reach::Reach;
use crate::rules::{Out, RuleContext};
use crate::sections::{DockerRegistry, ImageRetentionPolicy};
use crate::value::{Engine, Written};
use crate::{Kind, Spec};

pub(super) const RT_008: Rule = Rule::error(
    "RT-008",
    "Docker's registry doesn't delete anything as it is configured",
    "Docker's registry answers a deletion with 405 unless `storage.delete.enabled` is true, and even then only forgets the \
     name: the bytes go when its garbage collection runs. Without both, retention changes nothing.\n\n\
     In the registry's document:\n\n    \
     storage: {delete: {enabled: true}}\n    \
     garbageCollection: {enabled: true, schedule: \"0 4 * * *\"}",
);

pub(super) const RT_009: Rule = Rule::warning(
    "RT-009",
    "Nexus cleans up by age only",
    "A cleanup policy of Nexus has ages and a pattern; it can't keep tagged images or the newest of a repository. It can be \
     made through an interface with Pro only, and space returns after two further tasks: delete unused manifests, compact \
     blob store.\n\n\
     With the free edition make the policy and both tasks by hand, or aim this one at other registries:\n\n    \
     registries: [harbor]",
);

pub(super) const RT_010: Rule = Rule::warning(
    "RT-010",
    "Artifactory 7.84 has no cleanup policies below Enterprise",
    "Below Enterprise, Artifactory can only limit how many tags of an image it keeps. Berth has to look for old images itself \
     and remove them through the registry's interface, which needs a user who may delete.\n\n\
     Nothing to change if that is right; else aim the policy at other registries:\n\n    \
     registries: [harbor]",
);

pub(super) const RT_011: Rule = Rule::warning(
    "RT-011",
    "images go, but their space doesn't come back",
    "Retention removes names. The bytes stay until garbage collection runs, and it is switched off in the registry that this \
     policy applies to.\n\n\
     Switch it on in the registry's document, at an hour after the policy's:\n\n    \
     garbageCollection: {enabled: true, schedule: \"0 4 * * *\"}",
);

pub(super) const RT_016: Rule = Rule::warning(
    "RT-016",
    "the schedule means something else in Harbor",
    "Harbor's schedules have a field for seconds in front and run in UTC. Berth puts the seconds there, but a time zone can't be \
     handed on: the hour that is written is taken as UTC.\n\n\
     Write the hour in UTC, and leave `timeZone` out:\n\n    \
     schedule: \"0 2 * * *\"",
);

pub(super) const RT_013: Rule = Rule::warning(
    "RT-013",
    "tags that may not change are not removed either",
    "Harbor keeps what its rules of immutable tags match: retention passes over it and says nothing. Where the pattern is wide, \
     such as `v*`, nothing is ever removed.\n\n\
     Narrow the pattern in the registry's document, or accept that these stay:\n\n    \
     projects: [{name: library, immutableTags: [\"release-*\"]}]",
);

pub(super) fn check(
    policy: &ImageRetentionPolicy,
    reach: &Reach<'_>,
    cx: &RuleContext<'_>,
    out: &mut Out<'_, '_>,
) {
    if cx.is_cluster() {
        rt_008(reach, out);
    }
    rt_009(reach, out);
    rt_010(reach, out);
    rt_011(reach, out);
    rt_013(policy, reach, out);
    rt_016(policy, reach, out);
}

fn rt_008(reach: &Reach<'_>, out: &mut Out<'_, '_>) {
    for registry in reach.registries() {
        let Spec::DockerRegistry(docker) = registry.spec else {
            continue;
        };
        if docker.engine.as_ref().and_then(Written::value) == Some(&Engine::Berth) {
            continue;
        }
        if !deletes(docker) {
            out.at(
                "registries",
                RT_008,
                format!("`{}` refuses to delete", registry.name),
            )
            .help("set `storage.delete.enabled: true` in its document, or `engine: berth`");
        }
        if !docker
            .garbage_collection
            .as_ref()
            .is_some_and(|collection| collection.enabled)
        {
            out.at(
                "registries",
                RT_008,
                format!("`{}` never frees the space", registry.name),
            )
            .help("set `garbageCollection.enabled: true` in its document, or `engine: berth`");
        }
    }
}

fn deletes(docker: &DockerRegistry) -> bool {
    docker
        .storage
        .delete
        .as_ref()
        .is_some_and(|delete| delete.enabled)
}

fn rt_009(reach: &Reach<'_>, out: &mut Out<'_, '_>) {
    if reach.includes(Kind::NexusRegistry) {
        out.at(
            "registries",
            RT_009,
            "Nexus cleans up by age only, and not without further tasks",
        )
        .help("make the cleanup policy and its tasks in Nexus, or name other `registries`");
    }
}

fn rt_010(reach: &Reach<'_>, out: &mut Out<'_, '_>) {
    if reach.includes(Kind::ArtifactoryRegistry) {
        out.at(
            "registries",
            RT_010,
            "Artifactory 7.84 has no cleanup policies below Enterprise",
        )
        .help("nothing, if its images may be removed one by one; else name other `registries`");
    }
}

fn rt_011(reach: &Reach<'_>, out: &mut Out<'_, '_>) {
    for harbor in reach
        .harbors()
        .filter(|harbor| !harbor.garbage_collection.enabled)
    {
        out.at(
            "schedule",
            RT_011,
            format!(
                "garbage collection is off in `{}`, so no space comes back",
                harbor.name
            ),
        )
        .help("set `garbageCollection.enabled: true` in its document");
    }
}

fn rt_013(policy: &ImageRetentionPolicy, reach: &Reach<'_>, out: &mut Out<'_, '_>) {
    for harbor in reach.harbors() {
        let immutable = harbor
            .projects
            .iter()
            .filter(|project| !project.immutable_tags.is_empty());
        for project in
            immutable.filter(|project| policy.projects.is_empty() || policy.projects.contains(&project.name))
        {
            out.at(
                "projects",
                RT_013,
                format!("`{}` has immutable tags, which are passed over", project.name),
            )
            .help("nothing, if these tags are to stay");
        }
    }
}

fn rt_016(policy: &ImageRetentionPolicy, reach: &Reach<'_>, out: &mut Out<'_, '_>) {
    let zone = policy
        .time_zone
        .as_deref()
        .filter(|zone| !["UTC", "Etc/UTC"].contains(zone));
    if zone.is_some() && reach.includes(Kind::HarborRegistry) {
        out.at(
            "timeZone",
            RT_016,
            "Harbor's schedules run in UTC; the hour is taken as UTC",
        )
        .help("write the schedule in UTC, and leave `timeZone` out");
    }
}

#[cfg(test)]
mod tests {
    use crate::rules::testing::{fires_among, fires_on_cluster};

    const KIND: &str = "ImageRetentionPolicy";

    #[test]
    fn rt_008_fires_when_dockers_registry_does_not_delete_and_not_otherwise() {
        let whole = "{storage: {delete: {enabled: true}}, garbageCollection: {enabled: true}}";
        assert!(fires_on_cluster(
            "RT-008",
            &[(KIND, "{}"), ("DockerRegistry", "{}")]
        ));
        assert!(fires_on_cluster(
            "RT-008",
            &[
                (KIND, "{}"),
                ("DockerRegistry", "storage: {delete: {enabled: true}}")
            ]
        ));
        assert!(!fires_on_cluster(
            "RT-008",
            &[(KIND, "{}"), ("DockerRegistry", whole)]
        ));
        assert!(!fires_on_cluster(
            "RT-008",
            &[(KIND, "{}"), ("DockerRegistry", "engine: berth")]
        ));
        assert!(!fires_among("RT-008", &[(KIND, "{}"), ("DockerRegistry", "{}")]));
    }

    #[test]
    fn rt_009_fires_when_nexus_is_to_keep_tags_and_not_otherwise() {
        assert!(fires_among("RT-009", &[(KIND, "{}"), ("NexusRegistry", "{}")]));
        assert!(!fires_among(
            "RT-009",
            &[(KIND, "registries: [harbor]"), ("NexusRegistry", "name: nexus")]
        ));
    }

    #[test]
    fn rt_010_fires_when_artifactory_has_no_cleanup_and_not_otherwise() {
        assert!(fires_among(
            "RT-010",
            &[(KIND, "{}"), ("ArtifactoryRegistry", "{}")]
        ));
        assert!(!fires_among("RT-010", &[(KIND, "{}"), ("HarborRegistry", "{}")]));
    }

    #[test]
    fn rt_011_fires_when_space_does_not_come_back_and_not_otherwise() {
        assert!(fires_among(
            "RT-011",
            &[
                (KIND, "{}"),
                ("HarborRegistry", "garbageCollection: {enabled: false}")
            ]
        ));
        assert!(!fires_among("RT-011", &[(KIND, "{}"), ("HarborRegistry", "{}")]));
    }

    #[test]
    fn rt_013_fires_when_tags_are_immutable_and_not_otherwise() {
        let harbor = (
            "HarborRegistry",
            "projects: [{name: library, immutableTags: ['v*']}]",
        );
        assert!(fires_among("RT-013", &[(KIND, "{}"), harbor]));
        assert!(!fires_among("RT-013", &[(KIND, "projects: [apps]"), harbor]));
    }

    #[test]
    fn rt_016_fires_when_harbor_is_given_a_time_zone_and_not_otherwise() {
        assert!(fires_among(
            "RT-016",
            &[(KIND, "timeZone: Europe/Berlin"), ("HarborRegistry", "{}")]
        ));
        assert!(!fires_among(
            "RT-016",
            &[(KIND, "timeZone: UTC"), ("HarborRegistry", "{}")]
        ));
        assert!(!fires_among(
            "RT-016",
            &[(KIND, "timeZone: Europe/Berlin"), ("DockerRegistry", "{}")]
        ));
    }
}
