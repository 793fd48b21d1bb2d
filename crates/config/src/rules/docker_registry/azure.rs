//! The azure driver.

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

pub(super) fn check(registry: &DockerRegistry, _: &Place<'_>, out: &mut Out<'_, '_>) {
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
            out.at(path, DR_058, format!("{path} is missing")).help("set it");
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
}
