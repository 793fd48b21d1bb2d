//! What the policy applies to.

use berth_finding::Rule;
use globset::GlobBuilder;

use crate::Kind;
use crate::rules::reach::Reach;
use crate::rules::{Out, RuleContext};
use crate::sections::ImageRetentionPolicy;

pub(super) const RT_003: Rule = Rule::warning(
    "RT-003",
    "no repository and no image is named, so the policy applies to all",
    "With `repositories` and `images` both empty every repository of every registry in the installation is cleaned, those that \
     are made later included. That may be what is meant; it should be written.\n\n\
     Write it out, or name what is meant:\n\n    \
     repositories: [\"**\"]",
);

pub(super) const RT_004: Rule = Rule::error(
    "RT-004",
    "a pattern can't be read",
    "Patterns are globs: `*` stands for anything within one part of a name, `**` for any number of parts, `?` for one \
     character, `{a,b}` for one of several. A pattern that can't be read matches nothing in one product and everything \
     in another, so it is refused.\n\n\
     Example:\n\n    \
     repositories: [\"team-*/**\", \"library/{nginx,redis}\"]",
);

pub(super) const RT_006: Rule = Rule::error(
    "RT-006",
    "Harbor can't hold these retention rules",
    "A project of Harbor has one retention policy of at most 15 rules, no two of them equal. Each repository pattern together \
     with each image pattern is a rule. Two policies for one project would overwrite each other at every run.\n\n\
     Join the patterns or the policies:\n\n    \
     repositories: [\"library/{nginx,redis,postgres}\"]",
);

pub(super) const RT_007: Rule = Rule::error(
    "RT-007",
    "the pattern doesn't say which project of Harbor is meant",
    "Harbor keeps retention by project. The first part of a repository's name is the project, so it must be a plain name: \
     a pattern there can't be handed to Harbor. Only `**` alone is taken, as every project there is.\n\n\
     Write one pattern a project:\n\n    \
     repositories: [\"library/**\", \"payments/**\"]",
);

/// The most rules of a policy in Harbor.
const HARBOR_RULES: usize = 15;

pub(super) fn check(
    policy: &ImageRetentionPolicy,
    reach: &Reach<'_>,
    cx: &RuleContext<'_>,
    out: &mut Out<'_, '_>,
) {
    rt_003(policy, out);
    rt_004(policy, out);
    if reach.includes(Kind::HarborRegistry) {
        rt_006_rules(policy, out);
        rt_006_projects(policy, cx, out);
        rt_007(policy, out);
    }
}

fn rt_003(policy: &ImageRetentionPolicy, out: &mut Out<'_, '_>) {
    if policy.repositories.is_empty() && policy.images.is_empty() && policy.projects.is_empty() {
        out.at(
            "repositories",
            RT_003,
            "no repository and no image is named, so all are meant",
        )
        .help("write `repositories: [\"**\"]`, or name those that are meant");
    }
}

fn rt_004(policy: &ImageRetentionPolicy, out: &mut Out<'_, '_>) {
    for (field, patterns) in [
        ("repositories", &policy.repositories),
        ("images", &policy.images),
        ("exclude", &policy.exclude),
    ] {
        for (index, pattern) in patterns.iter().enumerate() {
            if pattern.is_empty() || GlobBuilder::new(pattern).literal_separator(true).build().is_err() {
                out.at(
                    &format!("{field}[{index}]"),
                    RT_004,
                    format!("`{pattern}` is not a pattern"),
                )
                .help("a name with `*`, `**`, `?` or `{a,b}` in it, such as `library/*`");
            }
        }
    }
}

fn rt_006_rules(policy: &ImageRetentionPolicy, out: &mut Out<'_, '_>) {
    let count = policy.repositories.len().max(1) * policy.images.len().max(1);
    if count > HARBOR_RULES {
        out.at(
            "repositories",
            RT_006,
            format!("these are {count} rules, and Harbor holds {HARBOR_RULES}"),
        )
        .help("join patterns with `{a,b}`, or make several policies for different projects");
    }
    for (field, patterns) in [("repositories", &policy.repositories), ("images", &policy.images)] {
        for (index, pattern) in patterns.iter().enumerate() {
            if patterns[..index].contains(pattern) {
                out.at(
                    &format!("{field}[{index}]"),
                    RT_006,
                    format!("`{pattern}` stands there twice"),
                )
                .help("keep one of them");
            }
        }
    }
}

fn rt_006_projects(policy: &ImageRetentionPolicy, cx: &RuleContext<'_>, out: &mut Out<'_, '_>) {
    for (document, other) in cx.retention_policies() {
        if std::ptr::eq(other, policy) || !Reach::of(document, cx).includes(Kind::HarborRegistry) {
            continue;
        }
        let message = match (projects(policy), projects(other)) {
            (Some(own), Some(others)) => match own.iter().find(|project| others.contains(project)) {
                Some(project) => format!(
                    "the project `{project}` has a second policy, `{}`",
                    document.base_name
                ),
                None => continue,
            },
            _ => format!("`{}` is for the same projects", document.base_name),
        };
        out.at("projects", RT_006, message)
            .help("join the two, as a project of Harbor has one retention policy");
    }
}

/// The projects of Harbor that a policy is for; `None` for all.
fn projects(policy: &ImageRetentionPolicy) -> Option<Vec<&str>> {
    if !policy.projects.is_empty() {
        return Some(policy.projects.iter().map(String::as_str).collect());
    }
    let patterns = if policy.repositories.is_empty() {
        &policy.images
    } else {
        &policy.repositories
    };
    let firsts: Vec<&str> = patterns
        .iter()
        .filter_map(|pattern| pattern.split('/').next())
        .collect();
    (!firsts.is_empty() && !firsts.iter().any(|first| has_wildcard(first))).then_some(firsts)
}

fn has_wildcard(text: &str) -> bool {
    text.contains(['*', '?', '{', '['])
}

fn rt_007(policy: &ImageRetentionPolicy, out: &mut Out<'_, '_>) {
    if !policy.projects.is_empty() {
        return;
    }
    for (index, pattern) in policy.repositories.iter().enumerate() {
        let (project, rest) = pattern.split_once('/').unwrap_or((pattern, ""));
        if pattern != "**" && (has_wildcard(project) || rest.is_empty()) {
            out.at(
                &format!("repositories[{index}]"),
                RT_007,
                format!("`{pattern}` doesn't begin with the name of a project"),
            )
            .help("such as `library/**`, or name the `projects`");
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::rules::testing::{fires, fires_among};

    const KIND: &str = "ImageRetentionPolicy";
    const HARBOR: (&str, &str) = ("HarborRegistry", "externalURL: 'https://harbor.example.com'");

    #[test]
    fn rt_003_fires_when_nothing_is_named_and_not_otherwise() {
        assert!(fires("RT-003", KIND, "{}"));
        assert!(!fires("RT-003", KIND, "repositories: ['**']"));
        assert!(!fires("RT-003", KIND, "images: ['app:*']"));
    }

    #[test]
    fn rt_004_fires_when_a_pattern_can_not_be_read_and_not_otherwise() {
        assert!(fires("RT-004", KIND, "repositories: ['library/{nginx']"));
        assert!(fires("RT-004", KIND, "images: ['']"));
        assert!(fires("RT-004", KIND, "exclude: ['[a']"));
        assert!(!fires(
            "RT-004",
            KIND,
            "repositories: ['team-*/**', 'library/{nginx,redis}']"
        ));
    }

    #[test]
    fn rt_006_fires_when_harbor_can_not_hold_the_rules_and_not_otherwise() {
        let many = format!(
            "repositories: [{}]",
            (0..16)
                .map(|n| format!("library/a{n}"))
                .collect::<Vec<_>>()
                .join(", ")
        );
        assert!(fires_among("RT-006", &[(KIND, &many), HARBOR]));
        assert!(fires_among(
            "RT-006",
            &[(KIND, "repositories: [library/a, library/a]"), HARBOR]
        ));
        let first = (KIND, "{name: one, repositories: ['library/*']}");
        assert!(fires_among(
            "RT-006",
            &[first, (KIND, "{name: two, projects: [library]}"), HARBOR]
        ));
        assert!(fires_among(
            "RT-006",
            &[first, (KIND, "{name: two, repositories: ['**']}"), HARBOR]
        ));
        assert!(!fires_among(
            "RT-006",
            &[first, (KIND, "{name: two, projects: [apps]}"), HARBOR]
        ));
        assert!(!fires("RT-006", KIND, &many));
    }

    #[test]
    fn rt_007_fires_when_the_project_is_a_pattern_and_not_otherwise() {
        assert!(fires_among(
            "RT-007",
            &[(KIND, "repositories: ['team-*/**']"), HARBOR]
        ));
        assert!(fires_among("RT-007", &[(KIND, "repositories: [nginx]"), HARBOR]));
        assert!(!fires_among("RT-007", &[(KIND, "repositories: ['**']"), HARBOR]));
        assert!(!fires_among(
            "RT-007",
            &[(KIND, "repositories: ['library/*']"), HARBOR]
        ));
        assert!(!fires_among(
            "RT-007",
            &[(KIND, "{projects: [library], repositories: ['ng*']}"), HARBOR]
        ));
        assert!(!fires("RT-007", KIND, "repositories: ['team-*/**']"));
    }
}
