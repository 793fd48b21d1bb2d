//! The connection to an LDAP directory.

use berth_finding::Rule;

use crate::rules::Out;
use crate::sections::{NexusLdap, NexusRegistry};
use crate::value::{LdapAuthScheme, SecretValue, Written};

pub(super) const NX_028: Rule = Rule::error(
    "NX-028",
    "the LDAP connection is not complete",
    "Nexus needs to know where the directory is (`ldap://` or `ldaps://`, host, port) and where the search begins, as \
     in `ldaps://ldap.example.com:636/dc=example,dc=com`. Every way to log in but `NONE` needs a user and a password, \
     `DIGEST_MD5` and `CRAM_MD5` a realm as well. Static groups need their class, id and member attributes; dynamic ones \
     the attribute of the user that names them.\n\n\
     Example:\n\n    \
     authentication: {ldap: {enabled: true, connection: \"ldaps://ldap.example.com:636/dc=example,dc=com\"}}",
);

pub(super) fn check(nexus: &NexusRegistry, out: &mut Out<'_, '_>) {
    let ldap = &nexus.authentication.ldap;
    if ldap.enabled {
        nx_028_place(ldap, out);
        nx_028_user(ldap, out);
        nx_028_groups(ldap, out);
    }
}

/// Where the directory is: by `connection`, or by single fields.
fn nx_028_place(ldap: &NexusLdap, out: &mut Out<'_, '_>) {
    if !ldap.connection.is_empty() {
        if !is_connection(&ldap.connection) {
            out.at("authentication.ldap.connection", NX_028, "the connection can't be read")
                .help("`ldap://` or `ldaps://`, host, port and search base, such as ldaps://ldap.example.com:636/dc=example,dc=com");
        }
        return;
    }
    for (field, given) in [
        ("host", has(ldap.host.as_ref())),
        ("searchBase", has(ldap.search_base.as_ref())),
    ] {
        if !given {
            out.at(
                "authentication.ldap",
                NX_028,
                format!("LDAP is on, but neither `connection` nor `{field}` is given"),
            )
            .help("set `connection`, such as ldaps://ldap.example.com:636/dc=example,dc=com");
        }
    }
    if ldap
        .protocol
        .as_deref()
        .is_some_and(|protocol| !["ldap", "ldaps"].contains(&protocol))
    {
        out.at(
            "authentication.ldap.protocol",
            NX_028,
            "the protocol is neither ldap nor ldaps",
        )
        .help("`ldaps`");
    }
}

fn is_connection(text: &str) -> bool {
    let Some(rest) = text
        .strip_prefix("ldap://")
        .or_else(|| text.strip_prefix("ldaps://"))
    else {
        return false;
    };
    let Some((place, base)) = rest.split_once('/') else {
        return false;
    };
    let (host, port) = place.rsplit_once(':').unwrap_or((place, "389"));
    let is_host = !host.is_empty()
        && host
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b".-[]:".contains(&byte));
    is_host && port.parse().is_ok_and(|port: u16| port > 0) && base.contains('=')
}

fn nx_028_user(ldap: &NexusLdap, out: &mut Out<'_, '_>) {
    let Some(scheme) = ldap
        .auth_scheme
        .as_ref()
        .and_then(Written::value)
        .filter(|scheme| **scheme != LdapAuthScheme::None)
    else {
        return;
    };
    let password = ldap
        .auth_password
        .as_ref()
        .is_some_and(|password: &SecretValue| !password.is_empty());
    let md5 = matches!(scheme, LdapAuthScheme::DigestMd5 | LdapAuthScheme::CramMd5);
    require(
        scheme.as_str(),
        out,
        &[
            ("authUsername", has(ldap.auth_username.as_ref())),
            ("authPassword", password),
            ("authRealm", !md5 || has(ldap.auth_realm.as_ref())),
        ],
    );
}

fn nx_028_groups(ldap: &NexusLdap, out: &mut Out<'_, '_>) {
    match ldap.group_type.as_deref() {
        None if ldap.ldap_groups_as_roles == Some(true) => {
            out.at(
                "authentication.ldap",
                NX_028,
                "groups are to be roles, but there is no `groupType`",
            )
            .help("`static` where groups list their members, `dynamic` where users name their groups");
        }
        None => {}
        Some("static") => require(
            "static groups",
            out,
            &[
                ("groupIdAttribute", has(ldap.group_id_attribute.as_ref())),
                ("groupMemberAttribute", has(ldap.group_member_attribute.as_ref())),
                ("groupMemberFormat", has(ldap.group_member_format.as_ref())),
                ("groupObjectClass", has(ldap.group_object_class.as_ref())),
            ],
        ),
        Some("dynamic") => {
            require(
                "dynamic groups",
                out,
                &[(
                    "userMemberOfAttribute",
                    has(ldap.user_member_of_attribute.as_ref()),
                )],
            );
        }
        Some(_) => {
            out.at(
                "authentication.ldap.groupType",
                NX_028,
                "the type of groups is neither static nor dynamic",
            )
            .help("`static` where groups list their members, `dynamic` where users name their groups");
        }
    }
}

fn require(what: &str, out: &mut Out<'_, '_>, fields: &[(&str, bool)]) {
    for (field, _) in fields.iter().filter(|(_, given)| !given) {
        out.at("authentication.ldap", NX_028, format!("{what} needs `{field}`"))
            .help(format!("add `{field}`"));
    }
}

fn has(text: Option<&String>) -> bool {
    text.is_some_and(|text| !text.is_empty())
}

#[cfg(test)]
mod tests {
    use crate::rules::nexus_registry::testing::fires;

    const PLACE: &str = "connection: 'ldaps://ldap.example.com:636/dc=example,dc=com'";

    fn ldap(fields: &str) -> String {
        format!("authentication: {{ldap: {{enabled: true, {fields}}}}}")
    }

    #[test]
    fn nx_028_fires_when_the_directory_can_not_be_found_and_not_otherwise() {
        for wrong in [
            "connection: ''",
            "connection: ldap.example.com",
            "connection: 'https://ldap.example.com/dc=example'",
            "connection: 'ldap://ldap.example.com'",
            "connection: 'ldap://ldap.example.com:x/dc=example'",
            "host: ldap.example.com",
            "host: ldap.example.com, searchBase: 'dc=example', protocol: tls",
            "host: ldap.example.com, searchBase: 'dc=example', port: 70000",
        ] {
            assert!(fires("NX-028", &ldap(wrong)), "{wrong}");
        }
        assert!(!fires("NX-028", &ldap(PLACE)));
        assert!(!fires(
            "NX-028",
            &ldap("host: ldap.example.com, searchBase: 'dc=example'")
        ));
        assert!(!fires("NX-028", "authentication: {ldap: {enabled: false}}"));
    }

    #[test]
    fn nx_028_fires_when_a_needed_field_is_missing_and_not_otherwise() {
        for wrong in [
            "authScheme: SIMPLE, authUsername: reader",
            "authScheme: DIGEST_MD5, authUsername: reader, authPassword: {env: P}",
            "authScheme: simple",
            "ldapGroupsAsRoles: true",
            "groupType: dynamic",
            "groupType: static, groupIdAttribute: cn",
            "groupType: nested",
        ] {
            assert!(fires("NX-028", &ldap(&format!("{PLACE}, {wrong}"))), "{wrong}");
        }
        for right in [
            "authScheme: NONE",
            "authScheme: SIMPLE, authUsername: reader, authPassword: {env: P}",
            "groupType: dynamic, userMemberOfAttribute: memberOf",
        ] {
            assert!(!fires("NX-028", &ldap(&format!("{PLACE}, {right}"))), "{right}");
        }
    }
}
