//! Who may come in: Harbor's own users, LDAP, OIDC.

use berth_finding::Rule;

use crate::rules::Out;
use crate::sections::HarborRegistry;
use crate::value::HarborAuthMode;

pub(super) const HB_031: Rule = Rule::error(
    "HB-031",
    "the authentication mode is none that Harbor knows",
    "\
Harbor knows db_auth, ldap_auth, oidc_auth, http_auth and uaa_auth. The mode can only be changed while there are no users but
the administrator.

    authentication: {mode: oidc_auth, oidc: {enabled: true}}
",
);

pub(super) const HB_032: Rule = Rule::error(
    "HB-032",
    "LDAP is filled in and not the mode, or is the mode and not enabled",
    "\
`mode: ldap_auth` and `ldap.enabled: true` belong together. With one alone it isn't clear which is meant, and users would be
asked at the wrong place.

    authentication: {mode: ldap_auth, ldap: {enabled: true, url: \"ldaps://ldap.example.com\"}}
",
);

pub(super) const HB_033: Rule = Rule::error(
    "HB-033",
    "OIDC is enabled and not the mode, is the mode and not enabled, or stands beside LDAP",
    "\
`mode: oidc_auth` and `oidc.enabled: true` belong together, and Harbor has one mode at a time: LDAP and OIDC can't both be on.

    authentication: {mode: oidc_auth, oidc: {enabled: true, endpoint: \"https://login.example.com/realms/team\"}}
",
);

pub(super) const HB_038: Rule = Rule::error(
    "HB-038",
    "configOverwriteJson locks the configuration that Berth sets through the API",
    "\
`configOverwriteJson` becomes CONFIG_OVERWRITE_JSON, and with it Harbor refuses every change of its configuration
through the API with 403, from Berth too. Say it in the fields of this document (authentication, core,
configuration), and leave this one out.

    core: {tokenExpiration: 1}
    authentication: {mode: ldap_auth}
",
);

pub(super) fn check(harbor: &HarborRegistry, out: &mut Out<'_, '_>) {
    if !harbor.config_overwrite.is_empty() {
        out.at(
            "configOverwriteJson",
            HB_038,
            "with it Harbor refuses all other settings, which Berth makes through the API",
        )
        .help("write the settings in their own fields, and leave it out");
    }
    let authentication = &harbor.authentication;
    let Some(mode) = authentication.mode.value() else {
        return;
    };
    pair(
        out,
        HB_032,
        "ldap",
        *mode == HarborAuthMode::LdapAuth,
        authentication.ldap.enabled,
    );
    if authentication.ldap.enabled && authentication.oidc.enabled {
        out.at(
            "authentication.oidc.enabled",
            HB_033,
            "LDAP and OIDC are both enabled, and Harbor has one mode at a time",
        )
        .help("enable the one that `mode` names");
    } else {
        pair(
            out,
            HB_033,
            "oidc",
            *mode == HarborAuthMode::OidcAuth,
            authentication.oidc.enabled,
        );
    }
}

/// A mode and the switch that belongs to it.
fn pair(out: &mut Out<'_, '_>, rule: Rule, name: &str, is_mode: bool, is_enabled: bool) {
    if is_mode && !is_enabled {
        out.at(
            &format!("authentication.{name}.enabled"),
            rule,
            format!("the mode is {name}_auth, and {name} isn't enabled"),
        )
        .help(format!(
            "set `authentication.{name}.enabled: true`, or choose another mode"
        ));
    } else if is_enabled && !is_mode {
        out.at(
            "authentication.mode",
            rule,
            format!("{name} is enabled, and the mode is another one"),
        )
        .help(format!("write `mode: {name}_auth`, or take `{name}.enabled` out"));
    }
}

#[cfg(test)]
mod tests {
    use crate::rules::harbor_registry::trial::{fires, silent};

    #[test]
    fn hb_031_fires_on_an_unknown_mode_and_not_otherwise() {
        fires("HB-031", &["authentication: {mode: ldap}"]);
        silent("HB-031", &["authentication: {mode: http_auth}", "{}"]);
    }

    #[test]
    fn hb_032_fires_when_ldap_is_half_chosen_and_not_otherwise() {
        fires(
            "HB-032",
            &[
                "authentication: {mode: ldap_auth}",
                "authentication: {ldap: {enabled: true}}",
            ],
        );
        silent(
            "HB-032",
            &["authentication: {mode: ldap_auth, ldap: {enabled: true}}", "{}"],
        );
    }

    #[test]
    fn hb_033_fires_when_oidc_is_half_chosen_or_not_alone_and_not_otherwise() {
        fires(
            "HB-033",
            &[
                "authentication: {mode: oidc_auth}",
                "authentication: {oidc: {enabled: true}}",
                "authentication: {mode: oidc_auth, oidc: {enabled: true}, ldap: {enabled: true}}",
            ],
        );
        silent(
            "HB-033",
            &["authentication: {mode: oidc_auth, oidc: {enabled: true}}", "{}"],
        );
    }

    #[test]
    fn hb_038_fires_when_the_environment_fixes_settings_and_not_otherwise() {
        fires("HB-038", &["configOverwriteJson: {auth_mode: ldap_auth}"]);
        silent("HB-038", &["configOverwriteJson: {}", "{}"]);
    }
}
