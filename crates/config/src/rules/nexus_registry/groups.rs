//! Groups: repositories that join others.

use berth_finding::Rule;

use crate::nexus::{BUILT_IN, Declared, Format, repositories, roles};
use crate::rules::Out;
use crate::sections::NexusRegistry;
use crate::value::NexusRepositoryType;

pub(super) const NX_021: Rule = Rule::error(
    "NX-021",
    "there are no groups of Helm repositories in Nexus",
    "The Helm format has hosted and proxy repositories only. The group is left out; clients add the hosted and the \
     proxy repository one by one.\n\n\
     Say that none is wanted:\n\n    \
     repositories: {helm: {group: false}}",
);

pub(super) const NX_022: Rule = Rule::error(
    "NX-022",
    "a group has no members",
    "A group serves what its members hold; Nexus refuses one without any. With neither the hosted nor the proxy \
     repository of the format there is nothing that could be a member.\n\n\
     Switch one of them on, or the group off:\n\n    \
     repositories: {npm: {hosted: true, proxy: false, group: true}}",
);

pub(super) fn check(nexus: &NexusRegistry, out: &mut Out<'_, '_>) {
    nx_021(nexus, out);
    nx_022_empty(nexus, out);
    nx_022_members(nexus, out);
}

fn nx_021(nexus: &NexusRegistry, out: &mut Out<'_, '_>) {
    for repository in groups(&repositories(nexus)).filter(|repository| repository.format == Format::Helm) {
        out.at(
            &repository.path,
            NX_021,
            "Nexus has no groups of Helm repositories; it is left out",
        )
        .help("set `repositories.helm.group: false`");
    }
}

fn groups<'a>(all: &'a [Declared<'a>]) -> impl Iterator<Item = &'a Declared<'a>> {
    all.iter()
        .filter(|repository| repository.role == Some(NexusRepositoryType::Group))
}

fn nx_022_empty(nexus: &NexusRegistry, out: &mut Out<'_, '_>) {
    let formats = &nexus.repositories;
    let docker = &formats.docker;
    for (format, [hosted, proxy, group]) in [
        ("docker", [docker.hosted, docker.proxy, docker.group]),
        ("maven", roles(&formats.maven)),
        ("npm", roles(&formats.npm)),
    ] {
        if group && !hosted && !proxy {
            out.at(
                &format!("repositories.{format}.group"),
                NX_022,
                "the group has neither a hosted nor a proxy repository",
            )
            .help(format!(
                "switch one of them on, or set `repositories.{format}.group: false`"
            ));
        }
    }
    for (index, repository) in formats.custom.iter().enumerate() {
        if repository.kind.value() == Some(&NexusRepositoryType::Group) && repository.members.is_empty() {
            out.at(
                &format!("repositories.custom[{index}]"),
                NX_022,
                "the group has no `members`",
            )
            .help("name the repositories that it joins");
        }
    }
}

fn nx_022_members(nexus: &NexusRegistry, out: &mut Out<'_, '_>) {
    let all = repositories(nexus);
    for (index, group) in nexus.repositories.custom.iter().enumerate() {
        let path = format!("repositories.custom[{index}].members");
        let format = Format::parse(&group.format);
        for (place, member) in group.members.iter().enumerate() {
            let path = format!("{path}[{place}]");
            match all.iter().find(|repository| repository.name == *member) {
                // What Nexus brings along itself isn't declared, and may be a member all the same.
                None if BUILT_IN.contains(&member.as_str()) => {}
                None => {
                    out.at(&path, NX_022, format!("there is no repository `{member}`"))
                        .help("declare it, or take it out of the group");
                }
                Some(found) if found.format != format => {
                    out.at(
                        &path,
                        NX_022,
                        format!("`{member}` is of another format than the group"),
                    )
                    .help("a group joins repositories of one format");
                }
                Some(_) => {}
            }
        }
        if is_in_itself(nexus, &group.name) {
            out.at(
                &path,
                NX_022,
                format!("the group `{}` is a member of itself", group.name),
            )
            .help("take out the member that leads back to it");
        }
    }
}

/// Whether following the members of a group leads back to it.
fn is_in_itself(nexus: &NexusRegistry, group: &str) -> bool {
    let mut seen: Vec<&str> = Vec::new();
    let mut open: Vec<&str> = members(nexus, group).collect();
    while let Some(name) = open.pop() {
        if name == group {
            return true;
        }
        if !seen.contains(&name) {
            seen.push(name);
            open.extend(members(nexus, name));
        }
    }
    false
}

fn members<'a>(nexus: &'a NexusRegistry, group: &str) -> impl Iterator<Item = &'a str> {
    let found = nexus
        .repositories
        .custom
        .iter()
        .filter(move |repository| repository.name == group);
    found.flat_map(|repository| repository.members.iter().map(String::as_str))
}

#[cfg(test)]
mod tests {
    use crate::rules::nexus_registry::testing::fires;

    #[test]
    fn nx_021_fires_when_helm_has_a_group_and_not_otherwise() {
        assert!(fires("NX-021", "{}"));
        assert!(fires(
            "NX-021",
            "repositories: {helm: {group: false}, custom: [{name: a, format: helm, type: group}]}"
        ));
        assert!(!fires("NX-021", "repositories: {helm: {group: false}}"));
    }

    #[test]
    fn nx_022_fires_when_a_group_has_no_fitting_members_and_not_otherwise() {
        let custom = |custom: &str| format!("repositories: {{custom: [{custom}]}}");
        for wrong in [
            "repositories: {npm: {hosted: false, proxy: false}}".to_owned(),
            "repositories: {docker: {hosted: false, proxy: false}}".to_owned(),
            custom("{name: all, format: raw, type: group}"),
            custom("{name: all, format: raw, type: group, members: [nowhere]}"),
            custom("{name: all, format: raw, type: group, members: [npm-hosted]}"),
            custom(
                "{name: a, format: npm, type: group, members: [b]}, {name: b, format: npm, type: group, members: [a]}",
            ),
        ] {
            assert!(fires("NX-022", &wrong), "{wrong}");
        }
        assert!(!fires("NX-022", "{}"));
        assert!(!fires(
            "NX-022",
            "repositories: {npm: {hosted: false, proxy: false, group: false}}"
        ));
        assert!(!fires(
            "NX-022",
            &custom("{name: all, format: npm, type: group, members: [npm-hosted, npm-proxy]}")
        ));
        assert!(!fires(
            "NX-022",
            &custom("{name: all, format: maven2, type: group, members: [maven-central]}")
        ));
    }
}
