//! Who may come in, the first password, and what may be done through scripts.

use berth_finding::{Level, Rule};

use crate::nexus::has_license;
use crate::rules::Out;
use crate::sections::NexusRegistry;

pub(super) const NX_027: Rule = Rule::warning(
    "NX-027",
    "Nexus can't run without authentication",
    "Nexus has no switch for it. The nearest is anonymous access, which lets everybody read; writing always needs a \
     user. Berth opens anonymous access and leaves the rest as it is.\n\n\
     Say what is meant:\n\n    \
     authentication: {enabled: true}\n    \
     security: {enableAnonymousAccess: true}",
);

pub(super) const NX_029: Rule = Rule::warning(
    "NX-029",
    "logging of realms is not a setting of Nexus 3.68",
    "Nexus 3.68 has no setting for it. The nearest is the log level of its security packages, which Berth sets in \
     the log configuration; it writes user names into the log on each login.\n\n\
     Leave it off unless a login fails for no visible reason:\n\n    \
     security: {enableRealmsLogging: false}",
);

pub(super) const NX_031: Rule = Rule::error(
    "NX-031",
    "the first password of the administrator is missing or well known",
    "With a random first password switched off, Nexus starts with the password it is given, and with `admin123` when \
     given none; whoever finds it first owns the registry. A password that is the well-known one is a warning.\n\n\
     Name a Secret, or leave both out and let a password be made once:\n\n    \
     adminPassword: {secretKeyRef: {name: nexus-admin, key: password}}",
);

pub(super) const NX_032: Rule = Rule::error(
    "NX-032",
    "cleanup or scripting is asked for that this edition can't give",
    "Nexus OSS 3.68 has no interface for cleanup policies and tasks; they can be made by a script only, and scripts are \
     off by default. Switching `nexus.scripts.allowCreation` on, which is a warning, lets every administrator run code \
     inside Nexus.\n\n\
     Make both by hand, name a licence for the policies, or set `scripts.allowCreation: true` knowingly:\n\n    \
     license: {secretKeyRef: {name: nexus-license, key: license.lic}}\n    \
     cleanupPolicies: [{name: old, lastDownloaded: 90}]",
);

pub(super) fn check(nexus: &NexusRegistry, out: &mut Out<'_, '_>) {
    nx_027(nexus, out);
    nx_029(nexus, out);
    nx_031(nexus, out);
    nx_032(nexus, out);
}

fn nx_027(nexus: &NexusRegistry, out: &mut Out<'_, '_>) {
    if !nexus.authentication.enabled {
        out.at(
            "authentication.enabled",
            NX_027,
            "Nexus can't run without authentication; anonymous reading is opened",
        )
        .help("set `enabled: true`, and `security.enableAnonymousAccess: true` if all may read");
    }
}

fn nx_029(nexus: &NexusRegistry, out: &mut Out<'_, '_>) {
    if nexus.security.enable_realms_logging {
        out.at(
            "security.enableRealmsLogging",
            NX_029,
            "not a setting of Nexus; the log level of its security is raised",
        )
        .help("leave it off unless a login fails for no visible reason");
    }
}

fn nx_031(nexus: &NexusRegistry, out: &mut Out<'_, '_>) {
    let password = nexus
        .admin_password
        .as_ref()
        .filter(|password| !password.is_empty());
    if nexus.random_password == Some(false) && password.is_none() {
        out.at(
            "randomPassword",
            NX_031,
            "no random password and no `adminPassword`: Nexus takes a well-known one",
        )
        .help("name a Secret in `adminPassword`, or leave `randomPassword` out");
    }
    if password.and_then(|password| password.reveal()) == Some("admin123") {
        out.at(
            "adminPassword",
            NX_031,
            "this password is the well-known one of Nexus",
        )
        .level(Level::Warning)
        .help("choose another one, and keep it in a Secret");
    }
}

fn nx_032(nexus: &NexusRegistry, out: &mut Out<'_, '_>) {
    let scripts = nexus
        .scripts
        .as_ref()
        .is_some_and(|scripts| scripts.allow_creation);
    if scripts {
        out.at(
            "scripts.allowCreation",
            NX_032,
            "administrators may run any code inside Nexus",
        )
        .level(Level::Warning)
        .help("set it to false once the tasks are made");
        return;
    }
    if !nexus.tasks.is_empty() {
        out.at(
            "tasks",
            NX_032,
            "Nexus 3.68 takes tasks through scripts only, and these are off",
        )
        .help("make the tasks by hand, or set `scripts.allowCreation: true`");
    }
    if !nexus.cleanup_policies.is_empty() && !has_license(nexus) {
        out.at(
            "cleanupPolicies",
            NX_032,
            "without a licence cleanup policies are made through scripts only, and these are off",
        )
        .help("name the licence in `license`, make them by hand, or set `scripts.allowCreation: true`");
    }
}

#[cfg(test)]
mod tests {
    use berth_finding::Level;

    use crate::rules::nexus_registry::testing::{fires, level};

    #[test]
    fn nx_027_fires_when_authentication_is_off_and_not_otherwise() {
        assert!(fires("NX-027", "authentication: {enabled: false}"));
        assert!(!fires("NX-027", "{}"));
    }

    #[test]
    fn nx_029_fires_when_realms_are_to_be_logged_and_not_otherwise() {
        assert!(fires("NX-029", "security: {enableRealmsLogging: true}"));
        assert!(!fires("NX-029", "{}"));
    }

    #[test]
    fn nx_031_fires_when_the_first_password_is_known_and_not_otherwise() {
        assert_eq!(level("NX-031", "randomPassword: false"), Some(Level::Error));
        assert_eq!(level("NX-031", "adminPassword: admin123"), Some(Level::Warning));
        assert!(!fires(
            "NX-031",
            "{randomPassword: false, adminPassword: {env: NEXUS_PASSWORD}}"
        ));
        assert!(!fires("NX-031", "{}"));
    }

    #[test]
    fn nx_032_fires_when_tasks_need_scripts_and_not_otherwise() {
        let task = "tasks: [{name: tidy, type: repository.cleanup, schedule: '0 3 * * *'}]";
        let policy = "cleanupPolicies: [{name: old, lastDownloaded: 30}]";
        assert_eq!(level("NX-032", task), Some(Level::Error));
        assert_eq!(level("NX-032", policy), Some(Level::Error));
        assert_eq!(
            level("NX-032", &format!("{task}\nscripts: {{allowCreation: true}}")),
            Some(Level::Warning)
        );
        assert!(!fires(
            "NX-032",
            &format!("{policy}\nlicense: {{env: NEXUS_LICENSE}}")
        ));
        assert!(!fires("NX-032", "scripts: {allowCreation: false}"));
    }
}
