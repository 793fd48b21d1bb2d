//! Where the registry sends its events.

use berth_finding::{Level, Rule};

use super::Place;
use crate::rules::Out;
use crate::sections::{DockerEndpoint, DockerRegistry};

pub(super) const DR_047: Rule = Rule::error(
    "DR-047",
    "a notification endpoint is incomplete or malformed",
    "\
Each endpoint needs a name of its own and an http or https URL. `timeout` and `backoff` are durations such as 10s,
`threshold` is at least 1, and `headers` maps a name to a list of values.

    notifications:
      endpoints:
        - name: audit
          url: https://audit.example.com/events
          headers: {Authorization: [\"Bearer ...\"]}
          timeout: 1s
          threshold: 5
          backoff: 10s
",
);

pub(super) const DR_048: Rule = Rule::warning(
    "DR-048",
    "a password or token is sent to a notification endpoint in the clear",
    "\
The endpoint is plain http, and its headers carry Authorization: everyone on the way can read it, and act with it.

    notifications:
      endpoints: [{name: audit, url: \"https://audit.example.com/events\"}]
",
);

const DR_047_NEVER: Rule = Rule {
    level: Level::Warning,
    prod_level: Level::Warning,
    ..DR_047
};

const ACTIONS: [&str; 4] = ["pull", "push", "mount", "delete"];

pub(super) fn check(registry: &DockerRegistry, _: &Place<'_>, out: &mut Out<'_, '_>) {
    let endpoints = &registry.notifications.endpoints;
    for (index, endpoint) in endpoints.iter().enumerate() {
        let path = format!("notifications.endpoints[{index}]");
        incomplete(&path, endpoint, out);
        if !endpoint.name.is_empty()
            && endpoints[..index]
                .iter()
                .any(|before| before.name == endpoint.name)
        {
            out.at(
                &format!("{path}.name"),
                DR_047,
                "two endpoints have the same name",
            )
            .help("give each a name of its own");
        }
        unencrypted(&path, endpoint, out);
    }
}

fn incomplete(path: &str, endpoint: &DockerEndpoint, out: &mut Out<'_, '_>) {
    for (field, missing) in [
        ("name", endpoint.name.is_empty()),
        ("url", endpoint.url.is_empty()),
    ] {
        if missing {
            out.at(
                &format!("{path}.{field}"),
                DR_047,
                format!("the endpoint has no {field}"),
            )
            .help("set it");
        }
    }
    let actions = endpoint.ignore.iter().flat_map(|ignore| &ignore.actions);
    for (index, action) in actions.enumerate() {
        if !ACTIONS.contains(&action.as_str()) {
            out.at(
                &format!("{path}.ignore.actions[{index}]"),
                DR_047_NEVER,
                "there is no such action to ignore",
            )
            .help("an action is pull, push, mount or delete");
        }
    }
}

fn unencrypted(path: &str, endpoint: &DockerEndpoint, out: &mut Out<'_, '_>) {
    let plain = endpoint
        .url
        .value()
        .is_some_and(|url| !url.is_https() && !url.is_loopback());
    if plain
        && endpoint
            .headers
            .keys()
            .any(|name| name.eq_ignore_ascii_case("authorization"))
    {
        out.at(
            &format!("{path}.url"),
            DR_048,
            "the Authorization header travels unencrypted",
        )
        .help("begin the URL with https://");
    }
}

#[cfg(test)]
mod tests {
    use crate::rules::cases::{fires, registry};

    fn endpoints(endpoints: &str) -> String {
        registry(&format!("notifications: {{endpoints: [{endpoints}]}}"))
    }

    const WHOLE: &str =
        "{name: audit, url: 'https://audit.example.com/', timeout: 1s, threshold: 5, backoff: 10s}";

    #[test]
    fn dr_047_fires_on_incomplete_endpoints_and_not_on_whole_ones() {
        for wrong in [
            "{url: 'https://audit.example.com/'}",
            "{name: audit}",
            "{name: audit, url: audit.example.com}",
            "{name: audit, url: 'https://audit.example.com/', threshold: 0}",
            "{name: audit, url: 'https://audit.example.com/', timeout: soon}",
            "{name: audit, url: 'https://audit.example.com/', ignore: {actions: [fetch]}}",
        ] {
            assert!(fires("DR-047", &endpoints(wrong)), "{wrong}");
        }
        assert!(fires("DR-047", &endpoints(&format!("{WHOLE}, {WHOLE}"))));
        assert!(!fires("DR-047", &endpoints(WHOLE)));
        assert!(!fires("DR-047", &registry("{}")));
    }

    #[test]
    fn dr_048_fires_on_a_token_over_http_and_not_over_https() {
        let with = |scheme: &str| {
            endpoints(&format!(
                "{{name: a, url: '{scheme}://a.example.com/', headers: {{authorization: [{{env: A}}]}}}}"
            ))
        };
        assert!(fires("DR-048", &with("http")));
        assert!(!fires("DR-048", &with("https")));
        assert!(!fires(
            "DR-048",
            &endpoints("{name: a, url: 'http://a.example.com/'}")
        ));
    }
}
