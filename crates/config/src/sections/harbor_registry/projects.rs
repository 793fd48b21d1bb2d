use crate::section::section;
use crate::value::{HttpUrl, SecretValue, Written};

section! {
    /// Settings as Harbor's API knows them.
    pub struct HarborConfiguration {
        /// Whether anybody may make an account.
        extension self_registration as "selfRegistration": Option<bool>;
        /// Whether only administrators make projects.
        extension admin_only_projects as "adminOnlyProjects": Option<bool>;
        /// What stands before the names of robot accounts.
        extension robot_name_prefix as "robotNamePrefix": Option<String>;
        /// Whether webhooks are sent.
        extension notification_enable as "notificationEnable": Option<bool>;
        /// The address that the audit log is forwarded to.
        extension audit_log_forward_endpoint as "auditLogForwardEndpoint": Option<String>;
        /// Whether the audit log isn't kept in the database.
        extension skip_audit_log_database as "skipAuditLogDatabase": Option<bool>;
        /// What a project may hold where it doesn't say, in bytes; -1 for no limit.
        extension storage_per_project as "storagePerProject": Option<i64>, range -1 to 9_223_372_036_854_775_807, code "HB-062";
    }
}

section! {
    /// A project.
    pub struct HarborProject {
        /// Its name.
        extension name: String;
        /// Whether everybody may pull.
        extension public: bool = false;
        /// What it may hold, in bytes; -1 for no limit.
        extension storage_limit as "storageLimit": Option<i64>, range -1 to 9_223_372_036_854_775_807, code "HB-062";
        /// The endpoint whose images it caches.
        extension proxy_cache as "proxyCache": Option<String>;
        /// Whether images are scanned when they are pushed.
        extension auto_scan as "autoScan": Option<bool>;
        /// Whether vulnerable images can't be pulled.
        extension prevent_vulnerable as "preventVul": Option<bool>;
        /// Whether images must be signed with Notary, which is no longer part of Harbor.
        extension enable_content_trust as "enableContentTrust": Option<bool>;
        /// Whether images must be signed with cosign.
        extension enable_content_trust_cosign as "enableContentTrustCosign": Option<bool>;
        /// From which severity on that holds.
        extension severity: Option<String>;
        /// Vulnerabilities that don't count.
        extension cve_allowlist as "cveAllowlist": Vec<String>;
        /// Patterns of tags that can't be changed.
        extension immutable_tags as "immutableTags": Vec<String>;
        /// Webhooks.
        extension webhooks: Vec<HarborWebhook>;
    }
}

section! {
    /// A webhook of a project.
    pub struct HarborWebhook {
        /// Its name.
        extension name: String;
        /// http or slack.
        extension kind as "type": Option<String>;
        /// Where it goes.
        extension endpoint: Written<HttpUrl>, code "HB-069";
        /// The value of the Authorization header.
        extension auth_header as "authHeader": Option<SecretValue>;
        /// The events.
        extension events: Vec<String>;
        /// Whether certificates aren't checked.
        extension skip_cert_verify as "skipCertVerify": Option<bool>;
    }
}

section! {
    /// A robot account.
    pub struct HarborRobot {
        /// Its name.
        extension name: String;
        /// How long it is valid, in days; -1 for ever.
        extension duration: Option<i64>, range -1 to 2_147_483_646, code "HB-063";
        /// system or project.
        extension level: Option<String>;
        /// What it may do.
        extension permissions: Vec<HarborPermission>;
        /// Its secret; made once without it.
        extension secret: Option<SecretValue>;
    }
}

section! {
    /// What a robot account may do in a project.
    pub struct HarborPermission {
        /// The project, or `*`.
        extension project: String;
        /// The actions, such as pull and push.
        extension actions: Vec<String>;
    }
}

section! {
    /// Another registry that Harbor knows.
    pub struct HarborEndpoint {
        /// Its name.
        extension name: String;
        /// Its type, as Harbor names it, such as docker-hub.
        extension kind as "type": String;
        /// Its URL.
        extension url: Written<HttpUrl>;
        /// Whether certificates aren't checked.
        extension insecure: Option<bool>;
        /// The user there.
        extension access_key as "accessKey": Option<String>;
        /// The password there.
        extension access_secret as "accessSecret": Option<SecretValue>;
    }
}
