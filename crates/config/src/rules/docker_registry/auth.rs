//! Who may come in: the scheme, and what is left open.

use berth_finding::{Level, Rule};

use super::{Place, facts};
use crate::rules::Out;
use crate::sections::{DockerRegistry, DockerTokenAuth};
use crate::value::AuthScheme;

pub(super) const DR_033: Rule = Rule::error(
    "DR-033",
    "the authentication scheme is not one of bearer, basic and none",
    "\
`bearer` means tokens of a token service, `basic` user names and passwords from an htpasswd file, `none` nothing at all.
`silly` exists in Docker's registry for its own tests: it lets everyone in who sends any header, so it is an error under
`--profile prod`.

    auth: {enabled: true, scheme: basic}
",
);

pub(super) const DR_040: Rule = Rule::error(
    "DR-040",
    "both a token service and htpasswd are configured",
    "\
Docker's registry takes one kind of authentication and stops at start with two. Keep the block that `auth.scheme` names.

    auth: {scheme: basic, htpasswd: {users: {anna: {env: ANNA_BCRYPT}}}}
",
);

pub(super) const DR_041: Rule = Rule::warning(
    "DR-041",
    "everyone who can reach the registry may push and delete",
    "\
Authentication is off, and an ingress, load balancer or node port makes the registry reachable from outside. Switch
authentication on, or keep it inside the cluster, where this is a remark. Under `--profile prod` it is an error.

    auth: {enabled: true, scheme: basic}
",
)
.in_prod(Level::Error);

const DR_033_SILLY: Rule = Rule {
    level: Level::Warning,
    ..DR_033
};

pub(super) fn check(registry: &DockerRegistry, _: &Place<'_>, out: &mut Out<'_, '_>) {
    silly(registry, out);
    two_kinds(registry, out);
    open(registry, out);
}

fn silly(registry: &DockerRegistry, out: &mut Out<'_, '_>) {
    if registry.auth.enabled && facts::scheme(registry) == Some(AuthScheme::Silly) {
        out.at(
            "auth.scheme",
            DR_033_SILLY,
            "silly lets everyone in who sends any Authorization header",
        )
        .help("write basic or bearer");
    }
}

fn two_kinds(registry: &DockerRegistry, out: &mut Out<'_, '_>) {
    let auth = &registry.auth;
    if !auth.enabled {
        return;
    }
    if facts::own_token_service(registry) && auth.htpasswd.is_some() {
        out.at(
            "auth.htpasswd",
            DR_040,
            "the scheme is bearer, but htpasswd is configured too",
        )
        .help("take `auth.htpasswd` out, or set `auth.scheme` to basic");
    }
    if facts::scheme(registry) == Some(AuthScheme::Basic) && auth.token != DockerTokenAuth::default() {
        out.at(
            "auth.token",
            DR_040,
            "the scheme is basic, but a token service is configured too",
        )
        .help("take `auth.token` out, or set `auth.scheme` to bearer");
    }
}

fn open(registry: &DockerRegistry, out: &mut Out<'_, '_>) {
    if !facts::is_open(registry) {
        return;
    }
    let help = "set `auth.enabled` to true, with `auth.scheme` basic or bearer";
    match facts::exposed(registry) {
        Some(path) => out
            .at(
                path,
                DR_041,
                "everyone who reaches the registry from outside may push and delete",
            )
            .help(help),
        None => out
            .at(
                "auth.enabled",
                DR_041,
                "everyone in the cluster may push and delete",
            )
            .level(Level::Info)
            .help(help),
    }
}

#[cfg(test)]
mod tests {
    use crate::rules::cases::{fires, level_of, registry};

    #[test]
    fn dr_033_fires_on_unknown_schemes_and_on_silly_and_not_on_basic() {
        assert_eq!(
            level_of("DR-033", &registry("auth: {scheme: ldap}")),
            ["error", "error"]
        );
        assert_eq!(
            level_of("DR-033", &registry("auth: {scheme: silly}")),
            ["warning", "error"]
        );
        assert!(!fires("DR-033", &registry("auth: {scheme: basic}")));
    }

    #[test]
    fn dr_040_fires_on_two_kinds_of_authentication_and_not_on_one() {
        let users = "htpasswd: {users: {anna: {env: ANNA}}}";
        let token = "token: {realm: 'https://auth.example.com/token'}";
        assert!(fires(
            "DR-040",
            &registry(&format!("auth: {{scheme: basic, {users}, {token}}}"))
        ));
        assert!(fires(
            "DR-040",
            &registry(&format!("auth: {{scheme: bearer, {users}, {token}}}"))
        ));
        assert!(!fires(
            "DR-040",
            &registry(&format!("auth: {{scheme: basic, {users}}}"))
        ));
        assert!(!fires("DR-040", &registry(&format!("auth: {{{users}}}"))));
        assert!(!fires("DR-040", &registry("{}")));
    }

    #[test]
    fn dr_041_fires_on_an_open_registry_that_is_exposed_and_not_on_a_closed_one() {
        let exposed = "exposure: {loadBalancer: {}}";
        let open = registry(&format!("{{auth: {{enabled: false}}, {exposed}}}"));
        assert_eq!(level_of("DR-041", &open), ["warning", "error"]);
        assert!(fires(
            "DR-041",
            &registry(&format!("{{auth: {{scheme: none}}, {exposed}}}"))
        ));
        assert!(!fires("DR-041", &registry(exposed)));
        assert_eq!(
            level_of("DR-041", &registry("auth: {enabled: false}")),
            ["info", "info"]
        );
    }
}
