use crate::section::section;
use crate::value::{LdapAuthScheme, SecretValue, Written};

section! {
    /// How users sign in.
    pub struct NexusAuthentication {
        /// Whether anybody must; Nexus can't do without.
        core enabled: bool = true;
        /// The realm that must be active.
        core realm: String = "NexusAuthenticatingRealm";
        /// LDAP.
        core ldap: NexusLdap;
        /// All active realms, in order.
        extension realms: Vec<String>;
    }
}

section! {
    /// LDAP.
    pub struct NexusLdap {
        /// Whether it is used.
        core enabled: bool = false;
        /// The server as `ldap[s]://host:port/searchBase`.
        core connection: String;
        /// The name of the connection.
        extension name: Option<String>;
        /// ldap or ldaps.
        extension protocol: Option<String>;
        /// The host.
        extension host: Option<String>;
        /// The port.
        extension port: Option<i64>, range 1 to 65535, code "NX-028";
        /// Where everything is looked for.
        extension search_base as "searchBase": Option<String>;
        /// How Nexus shows who it is: NONE, SIMPLE, DIGEST_MD5 or CRAM_MD5.
        extension auth_scheme as "authScheme": Option<Written<LdapAuthScheme>>;
        /// The realm of DIGEST_MD5 and CRAM_MD5.
        extension auth_realm as "authRealm": Option<String>;
        /// Who looks.
        extension auth_username as "authUsername": Option<String>;
        /// The password of who looks.
        extension auth_password as "authPassword": Option<SecretValue>;
        /// Where users are looked for.
        extension user_base_dn as "userBaseDn": Option<String>;
        /// Whether all below counts.
        extension user_subtree as "userSubtree": Option<bool>;
        /// Which entries are users.
        extension user_object_class as "userObjectClass": Option<String>;
        /// Which users count.
        extension user_ldap_filter as "userLdapFilter": Option<String>;
        /// The attribute that is the user's name.
        extension user_id_attribute as "userIdAttribute": Option<String>;
        /// Whether groups are roles.
        extension ldap_groups_as_roles as "ldapGroupsAsRoles": Option<bool>;
        /// static or dynamic.
        extension group_type as "groupType": Option<String>;
        /// Where groups are looked for.
        extension group_base_dn as "groupBaseDn": Option<String>;
        /// Which entries are groups.
        extension group_object_class as "groupObjectClass": Option<String>;
        /// The attribute that is the group's name.
        extension group_id_attribute as "groupIdAttribute": Option<String>;
        /// The attribute that lists members.
        extension group_member_attribute as "groupMemberAttribute": Option<String>;
        /// How a member is written there.
        extension group_member_format as "groupMemberFormat": Option<String>;
        /// The attribute that names a user's groups.
        extension user_member_of_attribute as "userMemberOfAttribute": Option<String>;
    }
}

section! {
    /// What is let in and what is logged of it.
    pub struct NexusSecurity {
        /// Whether those who don't sign in may read.
        core enable_anonymous_access as "enableAnonymousAccess": bool = false;
        /// Whether the work of the realms is logged.
        core enable_realms_logging as "enableRealmsLogging": bool = false;
    }
}
