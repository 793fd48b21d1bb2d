//! OIDC as Harbor asks it.

use berth_finding::{Level, Rule};

use crate::rules::Out;
use crate::sections::{HarborOidc, HarborRegistry};
use crate::value::{HarborAuthMode, SecretValue};

pub(super) const HB_035: Rule = Rule::error(
    "HB-035",
    "Harbor's OIDC settings can't work",
    "\
Harbor needs the provider's name, its endpoint (the issuer, over https), the client's id and secret, and a scope that holds
`openid`. Without them signing in stops at the provider or on the way back. Plain http is a warning: the codes travel in the
clear, and most providers refuse it.

    authentication:
      mode: oidc_auth
      oidc:
        enabled: true
        name: login
        endpoint: https://login.example.com/realms/team
        clientId: harbor
        clientSecret: {secretKeyRef: {name: harbor-oidc, key: clientSecret}}
        scope: openid,email,offline_access
",
);

pub(super) const HB_036: Rule = Rule::info(
    "HB-036",
    "the redirect address that the OIDC provider must know",
    "\
Register it with the provider, to the letter: externalURL and `/c/oidc/callback`. With another one the provider answers
`invalid redirect_uri` before anybody can sign in.

    externalURL: https://harbor.example.com     # -> https://harbor.example.com/c/oidc/callback
",
);

pub(super) fn check(harbor: &HarborRegistry, out: &mut Out<'_, '_>) {
    let authentication = &harbor.authentication;
    if authentication.oidc.enabled || authentication.mode.value() == Some(&HarborAuthMode::OidcAuth) {
        hb_035_provider(&authentication.oidc, out);
        hb_035_client(&authentication.oidc, out);
        hb_036_redirect(harbor, out);
    }
}

fn hb_035_provider(oidc: &HarborOidc, out: &mut Out<'_, '_>) {
    if oidc.name.is_empty() {
        out.at(
            "authentication.oidc.name",
            HB_035,
            "the name of the provider is empty",
        )
        .help("what the button shall say");
    }
    if oidc.endpoint.is_empty() {
        out.at(
            "authentication.oidc.endpoint",
            HB_035,
            "the endpoint of the provider isn't given",
        )
        .help("the issuer's URL, such as https://login.example.com/realms/team");
    } else if oidc.endpoint.value().is_some_and(|url| !url.is_https()) {
        out.at(
            "authentication.oidc.endpoint",
            HB_035,
            "the provider is asked over plain http",
        )
        .level(Level::Warning)
        .help("write https");
    }
}

fn hb_035_client(oidc: &HarborOidc, out: &mut Out<'_, '_>) {
    if oidc.client_id.is_empty() {
        out.at(
            "authentication.oidc.clientId",
            HB_035,
            "the id of the client isn't given",
        )
        .help("the provider tells it when Harbor is registered there");
    }
    if oidc.client_secret.as_ref().is_none_or(SecretValue::is_empty) {
        out.at(
            "authentication.oidc.clientSecret",
            HB_035,
            "the secret of the client isn't given",
        )
        .help("best by reference: `{secretKeyRef: {name: harbor-oidc, key: clientSecret}}`");
    }
    if let Some(scope) = &oidc.scope
        && !scope.split([',', ' ']).any(|part| part == "openid")
    {
        out.at("authentication.oidc.scope", HB_035, "the scope lacks openid")
            .help("such as openid,email,offline_access");
    }
}

fn hb_036_redirect(harbor: &HarborRegistry, out: &mut Out<'_, '_>) {
    let Some(url) = harbor.external_url.as_ref().filter(|url| url.value().is_some()) else {
        return;
    };
    let address = url.text().trim_end_matches('/');
    out.at(
        "authentication.oidc",
        HB_036,
        format!("the provider must know {address}/c/oidc/callback"),
    )
    .help("register it there as the redirect URI of the client");
}

#[cfg(test)]
mod tests {
    use crate::rules::harbor_registry::trial::{fires, silent};

    const WHOLE: &str = "name: n, endpoint: 'https://l.example.com', clientId: c, clientSecret: {env: S}";

    fn oidc(fields: &str) -> String {
        format!("authentication: {{mode: oidc_auth, oidc: {{enabled: true, {fields}}}}}")
    }

    #[test]
    fn hb_035_fires_when_oidc_can_not_work_and_not_otherwise() {
        for (right, wrong) in [
            ("name: n", "name: ''"),
            ("'https://l.example.com'", "''"),
            ("'https://l.example.com'", "'http://l.example.com'"),
            ("'https://l.example.com'", "'l.example.com'"),
            ("clientId: c", "clientId: ''"),
            ("{env: S}", "''"),
            ("name: n", "scope: 'email,profile'"),
        ] {
            fires("HB-035", &[&oidc(&WHOLE.replace(right, wrong))]);
        }
        silent(
            "HB-035",
            &[
                &oidc(WHOLE),
                &oidc(&format!("{WHOLE}, scope: 'openid,email'")),
                "{}",
            ],
        );
    }

    #[test]
    fn hb_036_fires_with_the_redirect_address_and_not_otherwise() {
        fires(
            "HB-036",
            &[&format!("externalURL: https://h.example.com\n{}", oidc(WHOLE))],
        );
        silent("HB-036", &["externalURL: https://h.example.com", &oidc(WHOLE)]);
    }
}
