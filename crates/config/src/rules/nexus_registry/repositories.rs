//! The single repositories: upstreams, names and policies.

use berth_finding::{Level, Rule};

use crate::nexus::{BUILT_IN, Format, repositories};
use crate::rules::Out;
use crate::sections::NexusRegistry;
use crate::value::{HttpUrl, NexusRepositoryType, WritePolicy, Written};

pub(super) const NX_033: Rule = Rule::error(
    "NX-033",
    "a proxy has no address that it could fetch from",
    "A proxy needs the absolute http or https address of its upstream, without credentials in it. Docker, Maven and npm \
     have a well-known upstream that is taken where none is given; Helm has none. Docker Hub's own address is \
     https://registry-1.docker.io; `docker.io` and `hub.docker.com` are not registries.\n\n\
     Name the upstream, or switch the proxy off:\n\n    \
     repositories: {helm: {remoteUrl: \"https://charts.example.com\"}}",
);

pub(super) const NX_034: Rule = Rule::error(
    "NX-034",
    "a repository can't have this name",
    "The name of a repository has letters, digits, `_`, `-` and `.`, doesn't start with `_` or `.`, and differs from all \
     others in more than capital letters. A name that Nexus already uses itself (`maven-releases`, `nuget-hosted`, ...) \
     is a warning: the repository that is there is taken over, not made.\n\n\
     Example:\n\n    \
     repositories: {custom: [{name: images, format: docker, type: hosted}]}",
);

pub(super) const NX_035: Rule = Rule::error(
    "NX-035",
    "the write or version policy of a repository can't work",
    "A hosted repository has a write policy: `allow`, `allow_once` or `deny`. `latestPolicy` (the tag `latest` may move \
     although others may not) makes sense only with `allow_once`. A hosted Maven repository also has a version policy \
     (`RELEASE`, `SNAPSHOT`, `MIXED`) and a layout policy (`STRICT`, `PERMISSIVE`).\n\n\
     Example:\n\n    \
     repositories: {docker: {writePolicy: allow_once, latestPolicy: true}, maven: {versionPolicy: RELEASE}}",
);

pub(super) fn check(nexus: &NexusRegistry, out: &mut Out<'_, '_>) {
    nx_033_missing(nexus, out);
    nx_033_docker_hub(nexus, out);
    nx_034(nexus, out);
    nx_035_latest(nexus, out);
    nx_035_maven(nexus, out);
}

fn nx_033_missing(nexus: &NexusRegistry, out: &mut Out<'_, '_>) {
    let helm = &nexus.repositories.helm;
    if helm.proxy && is_missing(helm.remote_url.as_ref()) {
        out.at(
            "repositories.helm.proxy",
            NX_033,
            "the Helm proxy has no `remoteUrl`, and there is no usual one",
        )
        .help("name the upstream in `repositories.helm.remoteUrl`, or set `proxy: false`");
    }
    for (index, repository) in nexus.repositories.custom.iter().enumerate() {
        let proxy = repository.kind.value() == Some(&NexusRepositoryType::Proxy);
        if proxy && is_missing(repository.remote_url.as_ref()) {
            out.at(
                &format!("repositories.custom[{index}]"),
                NX_033,
                "the proxy has no `remoteUrl`",
            )
            .help("name the upstream in `remoteUrl`");
        }
    }
}

fn is_missing(url: Option<&Written<HttpUrl>>) -> bool {
    url.is_none_or(Written::is_empty)
}

fn nx_033_docker_hub(nexus: &NexusRegistry, out: &mut Out<'_, '_>) {
    let docker = &nexus.repositories.docker;
    let url = docker.remote_url.as_ref().and_then(Written::value);
    let hub = url.is_none_or(|url| url.host() == "registry-1.docker.io");
    let path = "repositories.docker.remoteUrl";
    if let Some(url) = url {
        if ["docker.io", "www.docker.com", "hub.docker.com", "index.docker.io"].contains(&url.host()) {
            out.at(path, NX_033, "this is not the address of Docker Hub's registry")
                .help("write https://registry-1.docker.io");
        } else if hub && !url.is_https() {
            out.at(path, NX_033, "Docker Hub answers over https only")
                .help("write https://registry-1.docker.io");
        }
    }
    let Some(index) = docker.index_type.as_deref() else {
        return;
    };
    if !["HUB", "REGISTRY", "CUSTOM"].contains(&index) {
        out.at(
            "repositories.docker.indexType",
            NX_033,
            "not an index type that Nexus knows",
        )
        .help("HUB for Docker Hub, REGISTRY for any other");
    } else if hub != (index == "HUB") && index != "CUSTOM" {
        out.at(
            "repositories.docker.indexType",
            NX_033,
            "the index type doesn't fit the upstream",
        )
        .help("HUB for Docker Hub, REGISTRY for any other");
    }
}

fn nx_034(nexus: &NexusRegistry, out: &mut Out<'_, '_>) {
    let all = repositories(nexus);
    for (position, repository) in all
        .iter()
        .enumerate()
        .filter(|(_, repository)| repository.is_custom())
    {
        let path = format!("{}.name", repository.path);
        let name = &repository.name;
        if !is_name(name) {
            out.at(&path, NX_034, "not a name that Nexus takes for a repository")
                .help("letters, digits, `_`, `-` and `.`, with no `_` or `.` in front");
        } else if all[..position]
            .iter()
            .any(|other| other.name.eq_ignore_ascii_case(name))
        {
            out.at(
                &path,
                NX_034,
                format!("another repository is called `{name}` too"),
            )
            .help("give each a name of its own");
        } else if BUILT_IN.contains(&name.as_str()) {
            out.at(
                &path,
                NX_034,
                format!("Nexus brings a repository `{name}` along; it is taken over"),
            )
            .level(Level::Warning)
            .help("choose another name for a new repository");
        }
    }
}

fn is_name(name: &str) -> bool {
    name.starts_with(|first: char| first.is_ascii_alphanumeric() || first == '-')
        && name
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"_-.".contains(&byte))
}

fn nx_035_latest(nexus: &NexusRegistry, out: &mut Out<'_, '_>) {
    let docker = &nexus.repositories.docker;
    let once = docker.write_policy.as_ref().and_then(Written::value) == Some(&WritePolicy::AllowOnce);
    if docker.latest_policy == Some(true) && !once {
        out.at(
            "repositories.docker.latestPolicy",
            NX_035,
            "`latestPolicy` needs `writePolicy: allow_once`",
        )
        .help("set `writePolicy: allow_once`, or leave `latestPolicy` out");
    }
}

fn nx_035_maven(nexus: &NexusRegistry, out: &mut Out<'_, '_>) {
    let formats = &nexus.repositories;
    for (format, repositories) in [
        ("maven", &formats.maven),
        ("npm", &formats.npm),
        ("helm", &formats.helm),
    ] {
        let policies = [
            (
                "versionPolicy",
                repositories.version_policy.as_deref(),
                &["RELEASE", "SNAPSHOT", "MIXED"][..],
            ),
            (
                "layoutPolicy",
                repositories.layout_policy.as_deref(),
                &["STRICT", "PERMISSIVE"][..],
            ),
        ];
        for (field, value, choices) in policies {
            let Some(value) = value else {
                continue;
            };
            let path = format!("repositories.{format}.{field}");
            if Format::parse(format) != Format::Maven {
                out.at(&path, NX_035, format!("only Maven has a `{field}`"))
                    .help("leave it out");
            } else if !choices.iter().any(|choice| choice.eq_ignore_ascii_case(value)) {
                out.at(&path, NX_035, format!("not a `{field}` that Nexus knows"))
                    .help(format!("it is one of {}", choices.join(", ")));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use berth_finding::Level;

    use crate::rules::nexus_registry::testing::{fires, level};

    fn custom(custom: &str) -> String {
        format!("repositories: {{custom: [{custom}]}}")
    }

    #[test]
    fn nx_033_fires_when_a_proxy_can_not_fetch_and_not_otherwise() {
        let off = "helm: {proxy: false}";
        for wrong in [
            "{}".to_owned(),
            "repositories: {helm: {remoteUrl: charts.example.com}}".to_owned(),
            format!("repositories: {{{off}, docker: {{remoteUrl: 'https://hub.docker.com'}}}}"),
            format!("repositories: {{{off}, docker: {{remoteUrl: 'http://registry-1.docker.io'}}}}"),
            format!("repositories: {{{off}, docker: {{indexType: REGISTRY}}}}"),
            format!("repositories: {{{off}, docker: {{indexType: hub}}}}"),
            format!("repositories: {{{off}, custom: [{{name: a, format: raw, type: proxy}}]}}"),
        ] {
            assert!(fires("NX-033", &wrong), "{wrong}");
        }
        assert!(!fires("NX-033", &format!("repositories: {{{off}}}")));
        assert!(!fires(
            "NX-033",
            "repositories: {helm: {remoteUrl: 'https://charts.example.com'}}"
        ));
        let quay = "docker: {remoteUrl: 'https://quay.io', indexType: REGISTRY}";
        assert!(!fires("NX-033", &format!("repositories: {{{off}, {quay}}}")));
    }

    #[test]
    fn nx_034_fires_when_a_repository_can_not_have_its_name_and_not_otherwise() {
        for wrong in [
            "{format: raw, type: hosted}",
            "{name: _a, format: raw, type: hosted}",
            "{name: a b, format: raw, type: hosted}",
            "{name: a, format: raw, type: hosted}, {name: A, format: raw, type: hosted}",
            "{name: Docker-Hosted, format: docker, type: hosted}",
        ] {
            assert_eq!(level("NX-034", &custom(wrong)), Some(Level::Error), "{wrong}");
        }
        let built_in = custom("{name: maven-releases, format: maven2, type: hosted}");
        assert_eq!(level("NX-034", &built_in), Some(Level::Warning));
        assert!(!fires(
            "NX-034",
            &custom("{name: files.v1, format: raw, type: hosted}")
        ));
    }

    #[test]
    fn nx_035_fires_when_a_policy_can_not_work_and_not_otherwise() {
        for wrong in [
            "repositories: {docker: {latestPolicy: true}}",
            "repositories: {docker: {writePolicy: never}}",
            "repositories: {maven: {versionPolicy: STABLE}}",
            "repositories: {maven: {layoutPolicy: LOOSE}}",
            "repositories: {npm: {versionPolicy: RELEASE}}",
        ] {
            assert!(fires("NX-035", wrong), "{wrong}");
        }
        assert!(!fires(
            "NX-035",
            "repositories: {docker: {latestPolicy: true, writePolicy: allow_once}}"
        ));
        assert!(!fires(
            "NX-035",
            "repositories: {maven: {versionPolicy: release, layoutPolicy: STRICT}}"
        ));
    }
}
