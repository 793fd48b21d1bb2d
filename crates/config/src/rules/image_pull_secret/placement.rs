//! Where the secret goes, and what it is called there.

use berth_finding::{Level, Phase, Rule};

use crate::document::Document;
use crate::rules::{RuleContext, Sink};
use crate::sections::ImagePullSecret;

pub(super) const PS_005: Rule = Rule::error(
    "PS-005",
    "the secret's name can't be used, or differs from the document's",
    "\
A Secret's name is a DNS subdomain: lower-case letters, digits, hyphens and dots, 253 characters at most. `secretName`
names the Secret; when it differs from `name`, pods that refer to the latter find nothing: a warning.

    name: registry-pull
    secretName: registry-pull
",
);

pub(super) const PS_006: Rule = Rule::warning(
    "PS-006",
    "the secret goes into the namespace default",
    "\
Pods find pull secrets in their own namespace alone, and few of them should run in `default`.

    namespace: team-a
",
);

pub(super) const PS_010: Rule = Rule::warning(
    "PS-010",
    "two pull secrets of one namespace are for the same server",
    "\
When both are given to one ServiceAccount the runtime tries them one after the other, and a wrong one in front makes
pulls slow, or locks the account out. Keep one a server and namespace.

    namespace: team-a
    registry: {server: registry.example.com}
",
);

pub(super) const PS_012: Rule = Rule::info(
    "PS-012",
    "the secret serves images whose name starts with exactly this server",
    "\
The entry is looked up by the text in front of the image's first slash, port included: a secret for
registry.example.com doesn't serve registry.example.com:5000/app.

    registry: {server: \"registry.example.com:5000\"}
",
);

pub(super) const PS_011: Rule = Rule {
    phase: Phase::Plan,
    ..Rule::error(
        "PS-011",
        "a Secret of this name exists with another type",
        "\
The type of a Secret never changes once it exists. Choose another secretName, or remove the Secret that is in the way.

    secretName: registry-pull
",
    )
};

pub(super) fn check(context: &RuleContext<'_>, sink: &mut Sink<'_>) {
    let secrets: Vec<(&Document, &ImagePullSecret)> = context.pull_secrets().collect();
    for (index, (document, secret)) in secrets.iter().enumerate() {
        let out = &mut sink.on(document);
        let name = secret.secret_name.text();
        if secret.secret_name.is_empty() {
            out.at("secretName", PS_005, "the Secret has no name")
                .help("such as registry-pull");
        } else if name != document.base_name {
            out.at(
                "secretName",
                PS_005,
                format!(
                    "the Secret is called `{name}`, the document `{}`",
                    document.base_name
                ),
            )
            .level(Level::Warning)
            .help("give both one name, or refer to the Secret's");
        }
        if secret.namespace.text() == "default" {
            out.at(
                "namespace",
                PS_006,
                "the secret goes into the namespace `default`",
            )
            .help("name the namespace of the pods that pull");
        }
        let twin = secrets[..index].iter().find(|(_, before)| meet(before, secret));
        if let Some((twin, _)) = twin {
            out.at(
                "registry.server",
                PS_010,
                format!("{} is for the same server and pods", twin.title()),
            )
            .help("keep one of the two");
        }
        other_port(document, secret, context, sink);
    }
}

/// Whether two secrets for one server reach the same pods.
fn meet(one: &ImagePullSecret, other: &ImagePullSecret) -> bool {
    let accounts = |secret: &ImagePullSecret| secret.service_accounts.clone();
    let (mine, theirs) = (accounts(one), accounts(other));
    let same_account =
        mine.is_empty() || theirs.is_empty() || mine.iter().any(|account| theirs.contains(account));
    let namespaces = |secret: &ImagePullSecret| -> Vec<String> {
        let all = std::iter::once(&secret.namespace).chain(&secret.namespaces);
        all.map(|namespace| namespace.text().to_owned()).collect()
    };
    let theirs = namespaces(other);
    host(&one.registry.server) == host(&other.registry.server)
        && same_account
        && namespaces(one).iter().any(|namespace| theirs.contains(namespace))
}

/// What stands in front of an image's name: host, and port where one is written.
fn host(server: &str) -> &str {
    let rest = server.split_once("://").map_or(server, |(_, rest)| rest);
    rest.split('/').next().unwrap_or_default()
}

fn other_port(document: &Document, secret: &ImagePullSecret, context: &RuleContext<'_>, sink: &mut Sink<'_>) {
    let server = host(&secret.registry.server);
    for (registry, workload) in context.registries() {
        let Some(url) = workload.external_url.and_then(|url| url.value()) else {
            continue;
        };
        let known = match url.explicit_port() {
            Some(port) => format!("{}:{port}", url.host()),
            None => url.host().to_owned(),
        };
        let same_host = server.split(':').next() == Some(url.host());
        if same_host && server != known {
            sink.on(document)
                .at(
                    "registry.server",
                    PS_012,
                    format!(
                        "images of `{}` begin with {known}, not {server}",
                        registry.base_name
                    ),
                )
                .help(format!("write {known}"));
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::rules::cases::{fires, level_of, policy, registry};

    fn named(name: &str, spec: &str) -> String {
        policy("ImagePullSecret", spec).replace("name: local", &format!("name: {name}"))
    }

    #[test]
    fn ps_005_fires_on_bad_and_differing_names_and_not_on_one_name() {
        assert_eq!(
            level_of("PS-005", &named("pull", "secretName: Pull_Me")),
            ["error", "error"]
        );
        assert_eq!(
            level_of("PS-005", &named("pull", "secretName: ''")),
            ["error", "error"]
        );
        assert_eq!(
            level_of("PS-005", &named("pull", "secretName: other")),
            ["warning", "warning"]
        );
        assert!(!fires("PS-005", &named("pull", "secretName: pull")));
    }

    #[test]
    fn ps_006_fires_on_the_namespace_default_and_not_on_others() {
        assert!(fires("PS-006", &named("pull", "{}")));
        assert!(!fires("PS-006", &named("pull", "namespace: team-a")));
    }

    #[test]
    fn ps_010_fires_on_two_secrets_for_the_same_server_and_pods_and_not_apart() {
        let two = |one: &str, other: &str| {
            let spec = |more: &str| format!("{{registry: {{server: r.example.com}}, {more}}}");
            format!("{}\n---\n{}", named("a", &spec(one)), named("b", &spec(other)))
        };
        assert!(fires("PS-010", &two("namespace: n", "namespace: n")));
        assert!(fires(
            "PS-010",
            &two("namespace: n", "namespace: m, namespaces: [n]")
        ));
        assert!(!fires("PS-010", &two("namespace: n", "namespace: m")));
        let accounts = two(
            "namespace: n, serviceAccounts: [x]",
            "namespace: n, serviceAccounts: [y]",
        );
        assert!(!fires("PS-010", &accounts));
    }

    #[test]
    fn ps_012_fires_when_the_port_of_the_registry_is_missing_and_not_when_it_is_there() {
        let with = |server: &str| {
            let registry = registry("externalURL: 'https://r.example.com:5000'");
            format!(
                "{registry}\n---\n{}",
                named("pull", &format!("registry: {{server: '{server}'}}"))
            )
        };
        assert!(fires("PS-012", &with("r.example.com")));
        assert!(!fires("PS-012", &with("r.example.com:5000")));
        assert!(!fires("PS-012", &with("other.example.com")));
    }
}
