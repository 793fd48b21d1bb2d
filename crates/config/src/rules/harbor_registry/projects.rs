//! Projects, as this declaration wants them.

use berth_finding::Rule;

use crate::rules::Out;
use crate::rules::harbor_registry::is_plain_name;
use crate::sections::{HarborProject, HarborRegistry};

pub(super) const HB_059: Rule = Rule::error(
    "HB-059",
    "a project asks for content trust of Notary, which is no longer part of Harbor",
    "\
Notary left Harbor with 2.9 (and ChartMuseum with 2.8: charts are pushed as OCI artifacts). With the old setting every pull of the
project would be refused, as no signature can be found. Signatures are cosign's: ask for them with a project's `enableContentTrustCosign`.

    projects: [{name: team-a, enableContentTrustCosign: true}]
",
);

pub(super) const HB_061: Rule = Rule::error(
    "HB-061",
    "a project's name is none that Harbor takes",
    "\
Lower-case letters and digits, with single `.`, `_` or `-` between them, up to 255 characters: the name is the first part of
every image's name. Names are unique, and `library` exists already (and may be declared to set it up).

    projects: [{name: team-a}]
",
);

pub(super) const HB_062: Rule = Rule::error(
    "HB-062",
    "a project's quota is neither -1 nor more than nothing",
    "\
`storageLimit` is bytes; -1 is no limit. With 0 nothing can be pushed, and Harbor refuses it.

    projects: [{name: team-a, storageLimit: 107374182400}]
",
);

pub(super) const HB_064: Rule = Rule::error(
    "HB-064",
    "a project caches a registry of a type that can't be cached",
    "\
`proxyCache` names one of `endpoints`, of type docker-hub, harbor, azure-acr, aws-ecr, google-gcr, quay, docker-registry,
github-ghcr and jfrog-artifactory. Others can be replicated from, not cached.

    endpoints: [{name: hub, type: docker-hub, url: \"https://hub.docker.com\"}]
    projects: [{name: hub-cache, proxyCache: hub}]
",
);

pub(super) const HB_065: Rule = Rule::error(
    "HB-065",
    "a pattern of an immutable-tag rule is not a valid doublestar pattern",
    "\
Harbor matches with doublestar: `*` within a part, `**` across parts, `?`, `{a,b}`, `[a-z]`. A brace or bracket that isn't closed
is refused by the API.

    projects: [{name: team-a, immutableTags: [\"v*\"]}]
",
);

pub(super) fn check(harbor: &HarborRegistry, out: &mut Out<'_, '_>) {
    for (index, project) in harbor.projects.iter().enumerate() {
        let at = format!("projects[{index}]");
        if project.enable_content_trust == Some(true) {
            out.at(
                &format!("{at}.enableContentTrust"),
                HB_059,
                "Notary is no longer part of Harbor, and every pull would be refused",
            )
            .help("use `enableContentTrustCosign`");
        }
        hb_061_name(&harbor.projects[..index], project, &at, out);
        hb_064_cache(harbor, project, &at, out);
        hb_065_patterns(project, &at, out);
    }
    hb_062_quotas(harbor, out);
}

fn hb_061_name(before: &[HarborProject], project: &HarborProject, at: &str, out: &mut Out<'_, '_>) {
    if !is_plain_name(&project.name) {
        out.at(
            &format!("{at}.name"),
            HB_061,
            "Harbor doesn't take the name of the project",
        )
        .help("lower-case letters and digits, with single `.`, `_` or `-` between them");
    } else if before.iter().any(|other| other.name == project.name) {
        out.at(
            &format!("{at}.name"),
            HB_061,
            format!("there are two projects `{}`", project.name),
        )
        .help("keep one of them");
    }
}

fn hb_062_quotas(harbor: &HarborRegistry, out: &mut Out<'_, '_>) {
    let limits = harbor.projects.iter().enumerate();
    let limits =
        limits.map(|(index, project)| (format!("projects[{index}].storageLimit"), project.storage_limit));
    let all = harbor
        .configuration
        .as_ref()
        .and_then(|it| it.storage_per_project);
    for (path, limit) in limits.chain([("configuration.storagePerProject".to_owned(), all)]) {
        if limit == Some(0) {
            out.at(
                &path,
                HB_062,
                "nothing could be pushed to a project that may hold nothing",
            )
            .help("-1 for no limit");
        }
    }
}

/// The types of registry that a project can cache.
const CACHED: [&str; 9] = [
    "docker-hub",
    "harbor",
    "azure-acr",
    "aws-ecr",
    "google-gcr",
    "quay",
    "docker-registry",
    "github-ghcr",
    "jfrog-artifactory",
];

fn hb_064_cache(harbor: &HarborRegistry, project: &HarborProject, at: &str, out: &mut Out<'_, '_>) {
    let Some(name) = project.proxy_cache.as_deref().filter(|name| !name.is_empty()) else {
        return;
    };
    match harbor.endpoints.iter().find(|endpoint| endpoint.name == name) {
        None => {
            out.at(
                &format!("{at}.proxyCache"),
                HB_064,
                format!("there is no endpoint `{name}`"),
            )
            .help("declare it in `endpoints`");
        }
        Some(endpoint) if !CACHED.contains(&endpoint.kind.as_str()) => {
            out.at(
                &format!("{at}.proxyCache"),
                HB_064,
                format!("a registry of type `{}` can't be cached", endpoint.kind),
            )
            .help(format!("one of {}", CACHED.join(", ")));
        }
        Some(_) => {}
    }
}

fn hb_065_patterns(project: &HarborProject, at: &str, out: &mut Out<'_, '_>) {
    for (index, pattern) in project.immutable_tags.iter().enumerate() {
        if !is_doublestar(pattern) {
            out.at(
                &format!("{at}.immutableTags[{index}]"),
                HB_065,
                format!("`{pattern}` is not a pattern that Harbor takes"),
            )
            .help("close each brace and bracket, such as {v1,v2}* or release-[0-9]*");
        }
    }
}

/// Whether braces and brackets are closed and nothing hangs on a backslash.
fn is_doublestar(pattern: &str) -> bool {
    let mut braces = 0_usize;
    let mut letters = pattern.chars();
    while let Some(letter) = letters.next() {
        match letter {
            '\\' if letters.next().is_none() => return false,
            '{' => braces += 1,
            '}' if braces == 0 => return false,
            '}' => braces -= 1,
            // A class holds at least one letter before it is closed.
            '[' if letters.next().is_none_or(|first| first == ']') || !letters.any(|it| it == ']') => {
                return false;
            }
            _ => {}
        }
    }
    braces == 0 && !pattern.is_empty()
}

#[cfg(test)]
mod tests {
    use crate::rules::harbor_registry::trial::{fires, silent};

    #[test]
    fn hb_059_fires_on_notary_and_not_otherwise() {
        fires("HB-059", &["projects: [{name: a, enableContentTrust: true}]"]);
        silent(
            "HB-059",
            &["projects: [{name: a, enableContentTrustCosign: true, enableContentTrust: false}]"],
        );
    }

    #[test]
    fn hb_061_fires_on_a_name_that_harbor_refuses_and_not_otherwise() {
        fires(
            "HB-061",
            &[
                "projects: [{name: Team}]",
                "projects: [{name: a--b}]",
                "projects: [{name: a}, {name: a}]",
                "projects: [{}]",
            ],
        );
        silent(
            "HB-061",
            &["projects: [{name: team-a}, {name: library}, {name: a.b_c}]"],
        );
    }

    #[test]
    fn hb_062_fires_on_a_quota_of_nothing_and_not_otherwise() {
        fires(
            "HB-062",
            &[
                "projects: [{name: a, storageLimit: 0}]",
                "projects: [{name: a, storageLimit: -2}]",
                "configuration: {storagePerProject: 0}",
            ],
        );
        silent(
            "HB-062",
            &["projects: [{name: a, storageLimit: -1}, {name: b, storageLimit: 1}]"],
        );
    }

    #[test]
    fn hb_064_fires_on_a_cache_of_what_can_not_be_cached_and_not_otherwise() {
        let cache = |kind: &str, name: &str| {
            format!(
                "{{endpoints: [{{name: e, type: {kind}, url: 'https://e.example.com'}}], \
                 projects: [{{name: a, proxyCache: {name}}}]}}"
            )
        };
        fires("HB-064", &[&cache("gitlab", "e"), &cache("quay", "other")]);
        silent("HB-064", &[&cache("quay", "e"), "projects: [{name: a}]"]);
    }

    #[test]
    fn hb_065_fires_on_a_pattern_that_is_not_closed_and_not_otherwise() {
        for wrong in ["{a,b", "a}", "[a-", "[]", "a\\\\", ""] {
            fires(
                "HB-065",
                &[&format!(
                    "projects: [{{name: a, immutableTags: ['{}']}}]",
                    wrong.replace("\\\\", "\\")
                )],
            );
        }
        silent(
            "HB-065",
            &["projects: [{name: a, immutableTags: ['v*', '{v1,v2}*', '[a-z]?', '**']}]"],
        );
    }
}
