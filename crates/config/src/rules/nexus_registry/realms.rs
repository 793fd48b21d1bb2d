//! The realms that Nexus asks.

use berth_finding::Rule;

use crate::nexus::is_pro;
use crate::nexus::{Format, repositories};
use crate::rules::Out;
use crate::sections::NexusRegistry;

/// The realm of the local users.
const LOCAL: &str = "NexusAuthenticatingRealm";

/// The realms that every edition of Nexus 3.68 has.
const REALMS: [&str; 8] = [
    LOCAL,
    "NexusAuthorizingRealm",
    "DockerToken",
    "NpmToken",
    "NuGetApiKey",
    "LdapRealm",
    "rutauth-realm",
    "DefaultRole",
];

/// The realms that only Pro has.
const PRO_REALMS: [&str; 3] = ["User-Token-Realm", "SamlRealm", "Crowd"];

pub(super) const NX_025: Rule = Rule::warning(
    "NX-025",
    "a realm that a format or LDAP needs is not active",
    "Nexus asks only its active realms. Docker clients log in through `DockerToken`, npm through `NpmToken`, NuGet \
     through `NuGetApiKey`, and LDAP users through `LdapRealm`. Without the realm a correct password is answered with 401. \
     Berth adds the realms that are missing when it configures Nexus.\n\n\
     Name them so that the list is yours:\n\n    \
     authentication: {realms: [NexusAuthenticatingRealm, DockerToken, NpmToken]}",
);

pub(super) const NX_026: Rule = Rule::error(
    "NX-026",
    "the realms lock the administrator out, or one doesn't exist",
    "Local users, `admin` among them, live in `NexusAuthenticatingRealm`; without it nobody can log in to put it back. A \
     realm that Nexus doesn't know is refused. Known are NexusAuthenticatingRealm, NexusAuthorizingRealm, DockerToken, \
     NpmToken, NuGetApiKey, LdapRealm, rutauth-realm, DefaultRole, and with Pro User-Token-Realm, SamlRealm and Crowd.\n\n\
     Example:\n\n    \
     authentication: {realms: [NexusAuthenticatingRealm, LdapRealm]}",
);

pub(super) fn check(nexus: &NexusRegistry, out: &mut Out<'_, '_>) {
    nx_025(nexus, out);
    nx_026(nexus, out);
}

fn nx_025(nexus: &NexusRegistry, out: &mut Out<'_, '_>) {
    let all = repositories(nexus);
    let has = |format: &Format| all.iter().any(|repository| repository.format == *format);
    for (needed, realm, user) in [
        (has(&Format::Docker), "DockerToken", "Docker clients log in"),
        (has(&Format::Npm), "NpmToken", "npm logs in"),
        (
            has(&Format::Other("nuget".to_owned())),
            "NuGetApiKey",
            "NuGet logs in",
        ),
        (
            nexus.authentication.ldap.enabled,
            "LdapRealm",
            "users of LDAP log in",
        ),
    ] {
        if needed && !names(nexus).any(|(_, name)| name == realm) {
            out.at(
                list(nexus),
                NX_025,
                format!("{user} through the realm {realm}, which is not named"),
            )
            .help(format!("add `{realm}` to `authentication.realms`"));
        }
    }
}

fn nx_026(nexus: &NexusRegistry, out: &mut Out<'_, '_>) {
    let realms = &nexus.authentication.realms;
    if !realms.is_empty() && !realms.iter().any(|realm| realm == LOCAL) {
        out.at(
            "authentication.realms",
            NX_026,
            format!("without {LOCAL} the administrator is locked out"),
        )
        .help(format!("add `{LOCAL}`"));
    }
    for (path, realm) in names(nexus) {
        if PRO_REALMS.contains(&realm) && !is_pro(nexus) {
            out.at(&path, NX_026, format!("the realm {realm} needs Nexus Pro"))
                .help("name the licence in `license`, or take the realm out");
        } else if !REALMS.contains(&realm) && !PRO_REALMS.contains(&realm) {
            let near = crate::document::nearest(realm, REALMS);
            let help = near.map_or_else(
                || format!("known: {}", REALMS.join(", ")),
                |near| format!("did you mean `{near}`?"),
            );
            out.at(&path, NX_026, "Nexus knows no such realm").help(help);
        }
    }
}

/// All realms that are named, each with its field.
fn names(nexus: &NexusRegistry) -> impl Iterator<Item = (String, &str)> {
    let authentication = &nexus.authentication;
    let one = ("authentication.realm".to_owned(), authentication.realm.as_str());
    let listed = authentication.realms.iter().enumerate();
    std::iter::once(one)
        .chain(listed.map(|(index, realm)| (format!("authentication.realms[{index}]"), realm.as_str())))
}

/// The field where a realm would be added.
fn list(nexus: &NexusRegistry) -> &'static str {
    if nexus.authentication.realms.is_empty() {
        "authentication.realm"
    } else {
        "authentication.realms"
    }
}

#[cfg(test)]
mod tests {
    use crate::rules::nexus_registry::testing::fires;

    #[test]
    fn nx_025_fires_when_a_needed_realm_is_not_active_and_not_otherwise() {
        let active = "authentication: {realms: [NexusAuthenticatingRealm, DockerToken, NpmToken]}";
        assert!(fires("NX-025", "{}"));
        assert!(fires("NX-025", &active.replace(", NpmToken", "")));
        assert!(fires(
            "NX-025",
            &active.replace("realms", "ldap: {enabled: true}, realms")
        ));
        let nuget = "repositories: {custom: [{name: a, format: nuget, type: hosted}]}";
        assert!(fires("NX-025", &format!("{active}\n{nuget}")));
        assert!(!fires("NX-025", active));
        let ldap = active.replace("realms: [", "ldap: {enabled: true}, realms: [LdapRealm, ");
        assert!(!fires("NX-025", &ldap));
    }

    #[test]
    fn nx_026_fires_when_the_realms_lock_out_or_do_not_exist_and_not_otherwise() {
        assert!(fires("NX-026", "authentication: {realms: [LdapRealm]}"));
        assert!(fires(
            "NX-026",
            "authentication: {realms: [NexusAuthenticatingRealm, LdapRealms]}"
        ));
        assert!(fires("NX-026", "authentication: {realm: nexus}"));
        assert!(fires(
            "NX-026",
            "authentication: {realms: [NexusAuthenticatingRealm, SamlRealm]}"
        ));
        assert!(!fires(
            "NX-026",
            "{edition: pro, authentication: {realms: [NexusAuthenticatingRealm, SamlRealm]}}"
        ));
        assert!(!fires("NX-026", "authentication: {realm: LdapRealm}"));
        assert!(!fires("NX-026", "{}"));
    }
}
