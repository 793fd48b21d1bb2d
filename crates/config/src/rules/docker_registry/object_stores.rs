//! The drivers for other object stores than S3.

use berth_finding::Rule;

use super::{Place, facts};
use crate::rules::Out;
use crate::sections::DockerRegistry;
use crate::value::StorageDriver;

pub(super) const DR_058: Rule = Rule::error(
    "DR-058",
    "the azure account or container is missing, or the account key is not base64",
    "\
The azure driver stops at start without `accountname`, `accountkey` and `container`. Account keys are base64; one that
isn't was cut off or quoted twice on its way.

    storage:
      driver: azure
      azure:
        accountname: images
        accountkey: {secretKeyRef: {name: images-azure, key: accountkey}}
        container: registry
",
);

pub(super) const DR_062: Rule = Rule::error(
    "DR-062",
    "the block of the storage driver lacks what the driver needs",
    "\
gcs needs a bucket; swift needs authurl, username, password and container; oss needs accesskeyid, accesskeysecret,
region and bucket. Without them the registry stops at start.

    storage:
      driver: gcs
      gcs: {bucket: team-images}
",
);

pub(super) fn check(registry: &DockerRegistry, _: &Place<'_>, out: &mut Out<'_, '_>) {
    incomplete_block(registry, out);
    azure(registry, out);
}

fn incomplete_block(registry: &DockerRegistry, out: &mut Out<'_, '_>) {
    let storage = &registry.storage;
    let missing: Vec<&str> = match facts::driver(registry) {
        Some(StorageDriver::Gcs) => {
            let gcs = storage.gcs.clone().unwrap_or_default();
            missing(&[("storage.gcs.bucket", gcs.bucket.is_empty())])
        }
        Some(StorageDriver::Swift) => {
            let swift = storage.swift.clone().unwrap_or_default();
            missing(&[
                ("storage.swift.authurl", swift.authurl.is_empty()),
                ("storage.swift.username", swift.username.is_empty()),
                ("storage.swift.password", swift.password.is_empty()),
                ("storage.swift.container", swift.container.is_empty()),
            ])
        }
        Some(StorageDriver::Oss) => {
            let oss = storage.oss.clone().unwrap_or_default();
            missing(&[
                ("storage.oss.accesskeyid", oss.accesskeyid.is_empty()),
                ("storage.oss.accesskeysecret", oss.accesskeysecret.is_empty()),
                ("storage.oss.region", oss.region.is_empty()),
                ("storage.oss.bucket", oss.bucket.is_empty()),
            ])
        }
        _ => Vec::new(),
    };
    for path in missing {
        out.at(
            path,
            DR_062,
            format!("`{path}` is missing, which the driver needs"),
        )
        .help("set it");
    }
}

fn missing<'a>(fields: &[(&'a str, bool)]) -> Vec<&'a str> {
    fields
        .iter()
        .filter(|(_, missing)| *missing)
        .map(|(path, _)| *path)
        .collect()
}

fn azure(registry: &DockerRegistry, out: &mut Out<'_, '_>) {
    if facts::driver(registry) != Some(StorageDriver::Azure) {
        return;
    }
    let azure = registry.storage.azure.clone().unwrap_or_default();
    for (path, missing) in [
        ("storage.azure.accountname", azure.accountname.is_empty()),
        ("storage.azure.accountkey", azure.accountkey.is_empty()),
        ("storage.azure.container", azure.container.is_empty()),
    ] {
        if missing {
            out.at(path, DR_058, format!("`{path}` is missing"))
                .help("set it");
        }
    }
    if azure.accountkey.reveal().is_some_and(|key| !is_base64(key)) {
        out.at(
            "storage.azure.accountkey",
            DR_058,
            "the account key is not base64",
        )
        .help("copy the key as the portal shows it, with the = at its end");
    }
}

fn is_base64(text: &str) -> bool {
    let text = text.trim_end();
    let body = text.trim_end_matches('=');
    text.len().is_multiple_of(4)
        && text.len() - body.len() <= 2
        && body
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"+/".contains(&byte))
}

#[cfg(test)]
mod tests {
    use crate::rules::cases::{fires, registry};

    fn azure(fields: &str) -> String {
        registry(&format!("storage: {{driver: azure, azure: {{{fields}}}}}"))
    }

    #[test]
    fn dr_058_fires_on_an_incomplete_account_and_not_on_a_whole_one() {
        assert!(fires("DR-058", &registry("storage: {driver: azure}")));
        assert!(fires(
            "DR-058",
            &azure("accountname: a, accountkey: 'not base64!', container: c")
        ));
        assert!(fires("DR-058", &azure("accountname: a, accountkey: {env: KEY}")));
        assert!(!fires(
            "DR-058",
            &azure("accountname: a, accountkey: {env: KEY}, container: c")
        ));
        assert!(!fires(
            "DR-058",
            &azure("accountname: a, accountkey: 'c2VjcmV0', container: c")
        ));
        assert!(!fires("DR-058", &registry("{}")));
    }

    #[test]
    fn dr_062_fires_when_the_driver_s_block_is_incomplete_and_not_otherwise() {
        assert!(fires("DR-062", &registry("storage: {driver: gcs}")));
        assert!(!fires(
            "DR-062",
            &registry("storage: {driver: gcs, gcs: {bucket: images}}")
        ));
        assert!(fires(
            "DR-062",
            &registry("storage: {driver: oss, oss: {bucket: images}}")
        ));
        assert!(fires("DR-062", &registry("storage: {driver: swift}")));
    }
}
