//! Repositories: their keys and what they are made of.

use berth_finding::Rule;

use std::collections::BTreeSet;

use crate::artifactory::{edition, has_package, packages};
use crate::rules::Out;
use crate::sections::{ArtifactoryRegistry, ArtifactoryRepositories, ArtifactoryRepository};
use crate::value::{RepositoryClass, Written};

pub(super) const AF_014: Rule = Rule::error(
    "AF-014",
    "a repository's key is none that Artifactory takes",
    "\
Up to 64 letters, digits, `.`, `_` and `-`, beginning with a letter; unique over all repositories; and none of the words that are
paths of Artifactory itself, such as `api`, `ui` and `list`. The package types give the keys `docker-local`, `docker-remote`,
`docker-virtual` and so on; `custom` holds others.

    repositories: {custom: [{key: team-docker, rclass: local, packageType: docker}]}
",
);

pub(super) const AF_015: Rule = Rule::error(
    "AF-015",
    "a remote repository has no address, or a virtual one no members",
    "\
docker, maven and npm have an upstream that everybody means; helm and generic don't, so their remote needs a `remoteUrl`. A virtual
repository joins others of its type, so at least one must be there; `defaultDeploymentRepo` is a local one among its members.

    repositories:
      helm: {local: true, remote: true, virtual: true, remoteUrl: \"https://charts.example.com\"}
      generic: {local: true, remote: false, virtual: true}
",
);

pub(super) const AF_029: Rule = Rule::error(
    "AF-029",
    "replication has no schedule that Artifactory could take",
    "\
Artifactory takes the cron of Quartz: seconds in front, and `?` for the one of day and weekday that isn't meant. Documents say five
fields, as everywhere here, and Berth translates them. An enabled replication needs its schedule.

    replication: {enabled: true, schedule: \"0 2 * * *\"}     # -> 0 0 2 * * ?
",
);

pub(super) fn check(artifactory: &ArtifactoryRegistry, out: &mut Out<'_, '_>) {
    let repositories = &artifactory.repositories;
    let known = known(repositories);
    af_015_packages(artifactory, out);
    for (index, repository) in repositories.custom.iter().enumerate() {
        let at = format!("repositories.custom[{index}]");
        let earlier = known.iter().filter(|it| it.key == repository.key).count();
        af_014_key(repository, earlier > 1, &at, out);
        af_015_parts(repository, &known, &at, out);
    }
    if artifactory
        .replication
        .as_ref()
        .is_some_and(|it| it.enabled && it.schedule.is_empty())
    {
        out.at(
            "replication.schedule",
            AF_029,
            "replication is enabled and has no schedule",
        )
        .help("such as 0 2 * * *");
    }
}

/// A repository that will be there, whether written out or by its type of package.
struct Known<'a> {
    key: String,
    class: Option<RepositoryClass>,
    package: &'a str,
}

fn known(repositories: &ArtifactoryRepositories) -> Vec<Known<'_>> {
    let mut known = Vec::new();
    for (package, it) in packages(repositories) {
        let classes = [
            (it.local, RepositoryClass::Local),
            (it.remote, RepositoryClass::Remote),
            (it.virtual_, RepositoryClass::Virtual),
        ];
        for (_, class) in classes.into_iter().filter(|(wanted, _)| *wanted) {
            known.push(Known {
                key: format!("{package}-{}", class.as_str()),
                class: Some(class),
                package,
            });
        }
    }
    known.extend(repositories.custom.iter().map(|it| Known {
        key: it.key.clone(),
        class: it.rclass.value().copied(),
        package: &it.package_type,
    }));
    known
}

/// Words that are paths of Artifactory itself.
const RESERVED: [&str; 8] = [
    "api",
    "ui",
    "list",
    "repo",
    "webapp",
    "simple",
    "plugins",
    "favicon.ico",
];

fn af_014_key(repository: &ArtifactoryRepository, is_double: bool, at: &str, out: &mut Out<'_, '_>) {
    let key = repository.key.as_str();
    let letters = key
        .bytes()
        .all(|byte| byte.is_ascii_alphanumeric() || b"._-".contains(&byte));
    let path = format!("{at}.key");
    if !letters || key.len() > 64 || !key.starts_with(|first: char| first.is_ascii_alphabetic()) {
        out.at(
            &path,
            AF_014,
            "Artifactory doesn't take the key of the repository",
        )
        .help("a letter, and up to 63 letters, digits, `.`, `_` and `-`");
    } else if RESERVED.contains(&key.to_ascii_lowercase().as_str()) {
        out.at(&path, AF_014, format!("`{key}` is a path of Artifactory itself"))
            .help("choose another key");
    } else if is_double {
        out.at(&path, AF_014, format!("there are two repositories `{key}`"))
            .help("choose another key");
    }
}

fn af_015_packages(artifactory: &ArtifactoryRegistry, out: &mut Out<'_, '_>) {
    let edition = edition(artifactory);
    // What the edition doesn't have is left out, and another rule's.
    let all = packages(&artifactory.repositories).into_iter();
    for (package, it) in
        all.filter(|(package, _)| edition.is_none_or(|edition| has_package(edition, package)))
    {
        let has_url = it.remote_url.as_ref().is_some_and(|url| !url.is_empty());
        if it.remote && !has_url && ["helm", "generic"].contains(&package) {
            out.at(
                &format!("repositories.{package}.remote"),
                AF_015,
                format!("`{package}`: a remote of this type has no upstream that everybody means"),
            )
            .help("give it in `remoteUrl`, or write `remote: false`");
        }
        if it.virtual_ && !it.local && !it.remote {
            out.at(
                &format!("repositories.{package}.virtual"),
                AF_015,
                "the virtual repository has no member",
            )
            .help("keep a local or a remote one, or write `virtual: false`");
        }
    }
}

fn af_015_parts(repository: &ArtifactoryRepository, known: &[Known<'_>], at: &str, out: &mut Out<'_, '_>) {
    match repository.rclass.value() {
        Some(RepositoryClass::Remote) if repository.url.as_ref().is_none_or(Written::is_empty) => {
            out.at(
                &format!("{at}.url"),
                AF_015,
                "the remote repository has no upstream",
            )
            .help("give its URL in `url`");
        }
        Some(RepositoryClass::Virtual) => af_015_members(repository, known, at, out),
        None if repository.rclass.is_empty() => {
            out.at(
                &format!("{at}.rclass"),
                AF_015,
                "the class of the repository isn't given",
            )
            .help("local, remote or virtual");
        }
        Some(_) | None => {}
    }
}

fn af_015_members(repository: &ArtifactoryRepository, known: &[Known<'_>], at: &str, out: &mut Out<'_, '_>) {
    if repository.repositories.is_empty() {
        out.at(
            &format!("{at}.repositories"),
            AF_015,
            "the virtual repository has no member",
        )
        .help("name them by their keys");
    }
    for (index, member) in repository.repositories.iter().enumerate() {
        let found = known.iter().find(|it| it.key == *member);
        let message = match found {
            None => format!("there is no repository `{member}`"),
            Some(found) if found.package != repository.package_type => {
                format!(
                    "`{member}` holds {}, and not {}",
                    found.package, repository.package_type
                )
            }
            Some(_) => continue,
        };
        out.at(&format!("{at}.repositories[{index}]"), AF_015, message)
            .help("name repositories of the same type of package");
    }
    let members: BTreeSet<&str> = repository.repositories.iter().map(String::as_str).collect();
    let Some(target) = repository
        .default_deployment_repo
        .as_deref()
        .filter(|target| !target.is_empty())
    else {
        return;
    };
    let is_local = known
        .iter()
        .any(|it| it.key == target && it.class == Some(RepositoryClass::Local));
    if !is_local || !members.contains(target) {
        out.at(
            &format!("{at}.defaultDeploymentRepo"),
            AF_015,
            "what is deployed to is not a local member",
        )
        .help("name a local one among `repositories`");
    }
}

#[cfg(test)]
mod tests {
    use crate::rules::artifactory_registry::trial::{fires, silent};

    fn custom(repositories: &str) -> String {
        format!("repositories: {{custom: [{repositories}]}}")
    }

    #[test]
    fn af_014_fires_on_a_key_that_is_refused_and_not_otherwise() {
        let long = "a".repeat(65);
        for key in ["1st", "a b", "api", "docker-local", &long] {
            fires(
                "AF-014",
                &[&custom(&format!(
                    "{{key: '{key}', rclass: local, packageType: docker}}"
                ))],
            );
        }
        let one = "{key: team, rclass: local, packageType: docker}";
        fires("AF-014", &[&custom(&format!("{one}, {one}"))]);
        silent("AF-014", &["{}", &custom(one)]);
    }

    #[test]
    fn af_015_fires_when_a_repository_is_made_of_nothing_and_not_otherwise() {
        let rest = "helm: {remote: false}, generic: {remote: false}";
        let with = |repositories: &str| format!("repositories: {{{rest}, custom: [{repositories}]}}");
        let team = "{key: team, rclass: virtual, packageType: docker, repositories: [docker-local], defaultDeploymentRepo: docker-local}";
        fires(
            "AF-015",
            &[
                "{}",
                "{edition: pro, repositories: {generic: {remote: false}}}",
                &format!("repositories: {{{rest}, maven: {{local: false, remote: false}}}}"),
                &with("{key: a, rclass: remote, packageType: docker}"),
                &with("{key: a, packageType: docker}"),
                &with(&team.replace("[docker-local]", "[]")),
                &with(&team.replace("[docker-local]", "[docker-local, other]")),
                &with(&team.replace("[docker-local]", "[docker-local, npm-local]")),
                &with(&team.replace("Repo: docker-local", "Repo: docker-remote")),
            ],
        );
        silent(
            "AF-015",
            &[
                &format!("repositories: {{{rest}}}"),
                "{edition: pro, repositories: {helm: {remoteUrl: 'https://c.example.com'}, generic: {remote: false}}}",
                "repositories: {generic: {remote: false}}",
                &with(team),
                &with("{key: a, rclass: remote, packageType: docker, url: 'https://r.example.com'}"),
            ],
        );
    }

    #[test]
    fn af_029_fires_on_replication_without_a_schedule_and_not_otherwise() {
        fires("AF-029", &["replication: {enabled: true}"]);
        silent(
            "AF-029",
            &[
                "replication: {schedule: '0 2 * * *'}",
                "replication: {enabled: false}",
                "{}",
            ],
        );
    }
}
