//! The token service of the scheme bearer.

use berth_finding::{Level, Rule};

use super::{Place, facts};
use crate::rules::Out;
use crate::sections::{DockerRegistry, DockerTokenAuth};

pub(super) const DR_034: Rule = Rule::error(
    "DR-034",
    "a setting of the token service is missing",
    "\
With `scheme: bearer` Docker's registry needs realm, service, issuer and rootcertbundle, and stops at start when one is
empty.

    auth:
      scheme: bearer
      token:
        realm: https://auth.example.com/token
        service: registry.example.com
        issuer: auth.example.com
        rootcertbundle: /etc/registry/root.crt
",
);

pub(super) const DR_035: Rule = Rule::error(
    "DR-035",
    "nothing supplies the certificates that tokens are checked with",
    "\
`auth.token.rootcertbundle` is a path inside the container. The file must be there at start and hold at least one
certificate, or the registry stops. Name the Secret that holds it, under the key of the file's name.

    auth:
      token:
        rootcertbundleSecret: registry-token-ca
",
);

pub(super) const DR_036: Rule = Rule::error(
    "DR-036",
    "the token realm is Docker Hub's, which issues tokens for Docker Hub alone",
    "\
auth.docker.io signs tokens for Docker's own services only, so a registry that sends its clients there lets nobody in
(its path is /token besides). The default realm therefore stands for the registry's own token service; until there is
one, the registry is served and rendered with htpasswd and a password for `admin` that is made once, and this is a
warning. Name your own token service, or ask for htpasswd.

    auth: {scheme: basic}
",
);

pub(super) const DR_037: Rule = Rule::error(
    "DR-037",
    "clients can't follow the token realm",
    "\
The realm is sent to clients, who fetch their token there with a password. It must be an absolute https URL. A host that
only the cluster's DNS knows is a warning: nodes and people outside can't reach it.

    auth:
      token: {realm: \"https://auth.example.com/token\"}
",
);

pub(super) const DR_038: Rule = Rule::warning(
    "DR-038",
    "the token service or issuer still has its placeholder name",
    "\
`service` must be the audience and `issuer` the issuer that the token service writes into its tokens. With the
placeholders every token is refused, unless the service happens to use these words.

    auth:
      token: {service: registry.example.com, issuer: auth.example.com}
",
);

const DR_036_DEFAULT: Rule = Rule {
    level: Level::Warning,
    ..DR_036
};
const DR_037_INSIDE: Rule = Rule {
    level: Level::Warning,
    prod_level: Level::Warning,
    ..DR_037
};

pub(super) fn check(registry: &DockerRegistry, place: &Place<'_>, out: &mut Out<'_, '_>) {
    if !facts::asks_tokens(registry) {
        return;
    }
    missing(registry, out);
    docker_hub(registry, out);
    if facts::own_token_service(registry) {
        bundle(registry, place, out);
        realm(registry, out);
        placeholders(registry, out);
    }
}

fn missing(registry: &DockerRegistry, out: &mut Out<'_, '_>) {
    let token = &registry.auth.token;
    for (path, missing) in [
        ("auth.token.realm", token.realm.is_empty()),
        ("auth.token.service", token.service.is_empty()),
        ("auth.token.issuer", token.issuer.is_empty()),
        ("auth.token.rootcertbundle", token.rootcertbundle.is_empty()),
    ] {
        if missing {
            out.at(path, DR_034, format!("`{path}` is empty"))
                .help("set it, or set `auth.scheme` to basic");
        }
    }
}

fn bundle(registry: &DockerRegistry, place: &Place<'_>, out: &mut Out<'_, '_>) {
    let token = &registry.auth.token;
    let path = "auth.token.rootcertbundle";
    if token.rootcertbundle.contains("-----BEGIN ") {
        if !token.rootcertbundle.contains("-----BEGIN CERTIFICATE-----") {
            out.at(path, DR_035, "there is no certificate in the bundle")
                .help("give the certificates that the token service signs with, as PEM");
        }
    } else if place.is_cluster() && !token.rootcertbundle.is_empty() && token.rootcertbundle_secret.is_none()
    {
        out.at(path, DR_035, "nothing puts the bundle into the pod")
            .help("name the Secret that holds it in `auth.token.rootcertbundleSecret`");
    }
}

fn docker_hub(registry: &DockerRegistry, out: &mut Out<'_, '_>) {
    let realm = &registry.auth.token.realm;
    if facts::default_realm(registry) {
        out.at(
            "auth.token.realm",
            DR_036_DEFAULT,
            "the default realm stands for the registry's own tokens; until then htpasswd is used",
        )
        .help("set `auth.scheme` to basic, or name your token service");
    } else if realm
        .value()
        .is_some_and(|realm| realm.host() == "auth.docker.io")
    {
        out.at(
            "auth.token.realm",
            DR_036,
            "Docker Hub issues tokens for its own services alone",
        )
        .help("name your own token service, or set `auth.scheme` to basic");
    }
}

fn realm(registry: &DockerRegistry, out: &mut Out<'_, '_>) {
    let Some(realm) = registry.auth.token.realm.value() else {
        return;
    };
    if !realm.is_https() && !realm.is_loopback() {
        out.at(
            "auth.token.realm",
            DR_037,
            "passwords would travel unencrypted to the token service",
        )
        .help("begin the realm with https://");
    } else if realm.is_in_cluster() {
        out.at(
            "auth.token.realm",
            DR_037_INSIDE,
            "nodes and clients outside of the cluster can't reach the realm",
        )
        .help("use a host that is known outside");
    }
}

fn placeholders(registry: &DockerRegistry, out: &mut Out<'_, '_>) {
    let (token, default) = (&registry.auth.token, DockerTokenAuth::default());
    for (path, same) in [
        ("auth.token.service", token.service == default.service),
        ("auth.token.issuer", token.issuer == default.issuer),
    ] {
        if same {
            out.at(path, DR_038, format!("`{path}` still has its placeholder"))
                .help("write what the token service writes into its tokens");
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::rules::cases::{fires, fires_here, level_of, registry};

    const OWN: &str =
        "realm: 'https://auth.example.com/token', service: registry.example.com, issuer: auth.example.com";

    fn token(fields: &str) -> String {
        registry(&format!("auth: {{token: {{{fields}}}}}"))
    }

    #[test]
    fn dr_034_fires_on_an_empty_setting_and_not_on_defaults() {
        for empty in ["realm", "service", "issuer", "rootcertbundle"] {
            assert!(fires("DR-034", &token(&format!("{empty}: ''"))), "{empty}");
        }
        assert!(!fires("DR-034", &registry("{}")));
        assert!(!fires(
            "DR-034",
            &registry("auth: {scheme: basic, token: {service: ''}}")
        ));
    }

    #[test]
    fn dr_035_fires_when_nothing_supplies_the_bundle_and_not_otherwise() {
        assert!(fires("DR-035", &token(OWN)));
        assert!(!fires_here("DR-035", &token(OWN)));
        assert!(!fires(
            "DR-035",
            &token(&format!("{OWN}, rootcertbundleSecret: token-ca"))
        ));
        assert!(!fires("DR-035", &registry("{}")));
        let pem = |what: &str| token(&format!("{OWN}, rootcertbundle: '-----BEGIN {what}-----'"));
        assert!(fires("DR-035", &pem("PUBLIC KEY")));
        assert!(!fires("DR-035", &pem("CERTIFICATE")));
    }

    #[test]
    fn dr_036_fires_on_docker_hub_s_realm_and_not_on_another() {
        assert_eq!(level_of("DR-036", &registry("{}")), ["warning", "error"]);
        assert_eq!(
            level_of("DR-036", &token("realm: 'https://auth.docker.io/token'")),
            ["error", "error"]
        );
        assert!(!fires("DR-036", &token(OWN)));
        assert!(!fires("DR-036", &registry("auth: {scheme: basic}")));
        assert!(!fires("DR-036", &registry("auth: {enabled: false}")));
    }

    #[test]
    fn dr_037_fires_on_realms_that_clients_can_not_follow_and_not_on_https() {
        assert_eq!(
            level_of("DR-037", &token("realm: 'http://auth.example.com/'")),
            ["error", "error"]
        );
        assert_eq!(level_of("DR-037", &token("realm: '/token'")), ["error", "error"]);
        assert_eq!(
            level_of("DR-037", &token("realm: 'https://auth.registry.svc/token'")),
            ["warning", "warning"]
        );
        assert!(!fires("DR-037", &token(OWN)));
        assert!(!fires("DR-037", &token("realm: 'http://127.0.0.1:5001/token'")));
    }

    #[test]
    fn dr_038_fires_on_placeholders_of_an_own_service_and_not_on_defaults() {
        assert!(fires(
            "DR-038",
            &token("realm: 'https://auth.example.com/token', service: a")
        ));
        assert!(!fires("DR-038", &token(OWN)));
        assert!(!fires("DR-038", &registry("{}")));
    }
}
