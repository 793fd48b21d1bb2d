use crate::section::section;
use crate::value::{HarborAuthMode, HttpUrl, SecretValue, Written};

section! {
    /// How users sign in.
    pub struct HarborAuthentication {
        /// How: db_auth, ldap_auth, oidc_auth, http_auth or uaa_auth.
        core mode: Written<HarborAuthMode> = "db_auth";
        /// LDAP.
        core ldap: HarborLdap;
        /// OpenID Connect.
        core oidc: HarborOidc;
    }
}

section! {
    /// LDAP.
    pub struct HarborLdap {
        /// Whether it is used; `mode` must say so too.
        core enabled: bool = false;
        /// The server, `ldap://` or `ldaps://`.
        core url: String;
        /// Where users are looked for.
        core base_dn as "baseDn": String;
        /// Who looks.
        extension search_dn as "searchDn": Option<String>;
        /// The password of who looks.
        extension search_password as "searchPassword": Option<SecretValue>;
        /// Which entries count.
        extension filter: Option<String>;
        /// The attribute that is the user's name.
        extension uid: Option<String>;
        /// How deep: 0 the entry, 1 its children, 2 all below.
        extension scope: Option<i64>, range 0 to 2, code "HB-034";
        /// Whether the server's certificate is checked.
        extension verify_cert as "verifyCert": Option<bool>;
        /// Where groups are looked for.
        extension group_base_dn as "groupBaseDn": Option<String>;
        /// Which groups count.
        extension group_filter as "groupFilter": Option<String>;
        /// The attribute that is the group's name.
        extension group_attribute as "groupAttribute": Option<String>;
        /// The group whose members are administrators.
        extension group_admin_dn as "groupAdminDn": Option<String>;
        /// The attribute that names a user's groups.
        extension group_membership_attribute as "groupMembershipAttribute": Option<String>;
        /// How deep groups are looked for: 0, 1 or 2.
        extension group_scope as "groupScope": Option<i64>, range 0 to 2, code "HB-034";
    }
}

section! {
    /// OpenID Connect.
    pub struct HarborOidc {
        /// Whether it is used; `mode` must say so too.
        core enabled: bool = false;
        /// What the button says.
        core name: String = "OIDC";
        /// The issuer's URL.
        core endpoint: Written<HttpUrl>, code "HB-035";
        /// The client.
        core client_id as "clientId": String;
        /// The secret of the client.
        extension client_secret as "clientSecret": Option<SecretValue>;
        /// The scopes, with commas; `openid` among them.
        extension scope: Option<String>;
        /// Whether the issuer's certificate is checked.
        extension verify_cert as "verifyCert": Option<bool>;
        /// The claim that lists groups.
        extension groups_claim as "groupsClaim": Option<String>;
        /// The group whose members are administrators.
        extension admin_group as "adminGroup": Option<String>;
        /// Which groups count.
        extension group_filter as "groupFilter": Option<String>;
        /// Whether users need not choose a name.
        extension auto_onboard as "autoOnboard": Option<bool>;
        /// The claim that is the user's name.
        extension user_claim as "userClaim": Option<String>;
    }
}
