//! LDAP as Harbor asks it.

use berth_finding::Rule;

use crate::rules::Out;
use crate::sections::{HarborLdap, HarborRegistry};
use crate::value::{HarborAuthMode, SecretValue};

pub(super) const HB_034: Rule = Rule::error(
    "HB-034",
    "Harbor's LDAP settings can't work",
    "\
The URL begins with ldap:// or ldaps://, the base is a distinguished name, `uid` names the attribute users sign in with, and
the scope is 0 (base), 1 (one level) or 2 (subtree). A `searchDn` needs its password. Harbor refuses empty values with 400, and
wrong ones end in `invalid credentials` for everybody.

    authentication:
      mode: ldap_auth
      ldap:
        enabled: true
        url: ldaps://ldap.example.com
        baseDn: ou=people,dc=example,dc=com
        uid: uid
",
);

pub(super) fn check(harbor: &HarborRegistry, out: &mut Out<'_, '_>) {
    let authentication = &harbor.authentication;
    if authentication.ldap.enabled || authentication.mode.value() == Some(&HarborAuthMode::LdapAuth) {
        hb_034_server(&authentication.ldap, out);
        hb_034_search(&authentication.ldap, out);
    }
}

fn hb_034_server(ldap: &HarborLdap, out: &mut Out<'_, '_>) {
    if !["ldap://", "ldaps://"]
        .iter()
        .any(|scheme| ldap.url.strip_prefix(scheme).is_some_and(|rest| !rest.is_empty()))
    {
        out.at(
            "authentication.ldap.url",
            HB_034,
            "the URL doesn't begin with ldap:// or ldaps:// and a host",
        )
        .help("such as ldaps://ldap.example.com");
    }
    if !is_name(&ldap.base_dn) {
        out.at(
            "authentication.ldap.baseDn",
            HB_034,
            "the base is not a distinguished name",
        )
        .help("such as ou=people,dc=example,dc=com");
    }
}

fn hb_034_search(ldap: &HarborLdap, out: &mut Out<'_, '_>) {
    if ldap.uid.as_deref() == Some("") {
        out.at(
            "authentication.ldap.uid",
            HB_034,
            "the attribute of the user's name is empty",
        )
        .help("uid, cn, or sAMAccountName with Active Directory");
    }
    let Some(name) = ldap.search_dn.as_deref().filter(|name| !name.is_empty()) else {
        return;
    };
    if ldap.search_password.as_ref().is_none_or(SecretValue::is_empty) {
        out.at(
            "authentication.ldap.searchDn",
            HB_034,
            "the searching user has no password",
        )
        .help("give it in `searchPassword`");
    }
    // Active Directory also takes user@domain and DOMAIN\\user.
    if !is_name(name) && !name.contains(['@', '\\']) {
        out.at(
            "authentication.ldap.searchDn",
            HB_034,
            "the searching user is not a distinguished name",
        )
        .help("such as cn=harbor,ou=services,dc=example,dc=com");
    }
}

/// Whether it is a distinguished name: attributes and values, with commas that aren't escaped between.
fn is_name(text: &str) -> bool {
    let escaped = text.replace("\\\\", "").replace("\\,", "");
    escaped.split(',').all(|part| {
        part.split_once('=').is_some_and(|(attribute, value)| {
            let attribute = attribute.trim();
            let known = attribute
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || b"-.".contains(&byte));
            !attribute.is_empty() && known && !value.trim().is_empty()
        })
    })
}

#[cfg(test)]
mod tests {
    use crate::rules::harbor_registry::trial::{fires, silent};

    #[test]
    fn hb_034_fires_when_ldap_can_not_work_and_not_otherwise() {
        let ldap = |more: &str| {
            format!(
                "authentication: {{mode: ldap_auth, ldap: {{enabled: true, url: 'ldaps://l.example.com', \
                 baseDn: 'dc=example,dc=com', {more}}}}}"
            )
        };
        for more in [
            "url: 'l.example.com'",
            "baseDn: example",
            "uid: ''",
            "searchDn: 'cn=a'",
            "scope: 3",
        ] {
            let spec = ldap("").replace(
                match more.split(':').next() {
                    Some("url") => "url: 'ldaps://l.example.com', ",
                    Some("baseDn") => "baseDn: 'dc=example,dc=com', ",
                    _ => "no such text",
                },
                "",
            );
            fires("HB-034", &[&spec.replace("}}", &format!("{more}}}}}"))]);
        }
        silent(
            "HB-034",
            &[
                &ldap("uid: uid, searchDn: 'cn=a\\\\,b,dc=x', searchPassword: {env: P}, scope: 2"),
                "authentication: {ldap: {url: nonsense}}",
            ],
        );
    }
}
