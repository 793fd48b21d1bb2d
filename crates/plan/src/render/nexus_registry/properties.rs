use std::collections::BTreeMap;

use berth_config::nexus::{Database, PAGES_PORT};
use berth_config::sections::NexusRegistry;

use super::secrets;
use super::settled::Settled;

/// The file of settings, in the ConfigMap and in the data folder.
pub(super) const PROPERTIES: &str = "nexus.properties";
/// The file of log levels.
pub(super) const LOG_LEVELS: &str = "logback-overrides.xml";

/// What only the fields of their own may set: the pod's ports, probes and ways in rely on them.
pub(super) const OWN: [&str; 3] = ["application-port", "application-host", "nexus-context-path"];

/// The files that Nexus reads and that hold no secrets, by name.
pub(super) fn files(settled: &Settled<'_>) -> BTreeMap<String, String> {
    let mut files = BTreeMap::from([(PROPERTIES.to_owned(), properties(settled))]);
    if settled.spec.security.enable_realms_logging {
        files.insert(LOG_LEVELS.to_owned(), LEVELS.to_owned());
    }
    files
}

fn properties(settled: &Settled<'_>) -> String {
    let mut lines = vec![
        format!("application-port={PAGES_PORT}"),
        "application-host=0.0.0.0".to_owned(),
        format!("nexus-context-path={}", settled.path("/")),
    ];
    if settled.database != Database::Orientdb {
        lines.push("nexus.datastore.enabled=true".to_owned());
    }
    if settled.has_license() {
        lines.push(format!(
            "nexus.licenseFile={}/{}",
            settled.registry.site.path(secrets::FOLDER, "secrets"),
            secrets::LICENSE
        ));
    }
    if allows_scripts(settled.spec) {
        lines.push("nexus.scripts.allowCreation=true".to_owned());
    }
    if secrets::sets_first_password(settled.spec) {
        // The wizard of the first start asks for a password that is set already.
        lines.push("nexus.onboarding.enabled=false".to_owned());
    }
    lines.push(String::new());
    lines.join("\n")
}

fn allows_scripts(nexus: &NexusRegistry) -> bool {
    nexus
        .scripts
        .as_ref()
        .is_some_and(|scripts| scripts.allow_creation)
}

/// The nearest to a switch for logging of realms. The pod tells by the comment that the file is not a person's.
const LEVELS: &str = "\
<?xml version=\"1.0\" encoding=\"UTF-8\"?>
<!-- written at each start of the pod -->
<included>
  <logger name=\"org.sonatype.nexus.security\" level=\"DEBUG\"/>
</included>
";
