//! The keys of the s3 driver.

use berth_finding::{Level, Rule};

use super::{Place, facts};
use crate::rules::Out;
use crate::sections::{DockerRegistry, DockerS3Storage};
use crate::value::StorageDriver;

pub(super) const DR_006: Rule = Rule::error(
    "DR-006",
    "only one of the two s3 keys is set",
    "\
The access key and the secret key belong together. With one alone every request to the bucket is refused. Set both, or
leave both out and let the environment, the shared credentials file or the instance's role supply them.

    storage:
      s3:
        accesskey: {secretKeyRef: {name: images-s3, key: accesskey}}
        secretkey: {secretKeyRef: {name: images-s3, key: secretkey}}
",
);

pub(super) const DR_007: Rule = Rule::warning(
    "DR-007",
    "there are no s3 keys, and few other credentials work in version 2.8",
    "\
Without keys Docker's registry 2.8 tries the environment, the shared credentials file and the role of the EC2 instance,
in this order. It does not know web identities, so neither a role bound to a ServiceAccount (eks.amazonaws.com/role-arn)
nor Pod Identity works; asking for one of these is an error. Under `--profile prod` missing keys are an error.

    storage:
      s3:
        accesskey: {secretKeyRef: {name: images-s3, key: accesskey}}
        secretkey: {secretKeyRef: {name: images-s3, key: secretkey}}
",
)
.in_prod(Level::Error);

const DR_007_WEB_IDENTITY: Rule = Rule {
    level: Level::Error,
    ..DR_007
};

pub(super) fn check(registry: &DockerRegistry, _: &Place<'_>, out: &mut Out<'_, '_>) {
    if facts::driver(registry) == Some(StorageDriver::S3) {
        half_a_key(&registry.storage.s3, out);
        no_keys(registry, out);
    }
}

fn half_a_key(s3: &DockerS3Storage, out: &mut Out<'_, '_>) {
    let (given, missing) = match (s3.accesskey.is_empty(), s3.secretkey.is_empty()) {
        (true, false) => ("secretkey", "accesskey"),
        (false, true) => ("accesskey", "secretkey"),
        _ => return,
    };
    let message = format!("storage.s3.{given} is set, but `{missing}` isn't");
    out.at(&format!("storage.s3.{missing}"), DR_006, message)
        .help("set both or neither");
}

fn no_keys(registry: &DockerRegistry, out: &mut Out<'_, '_>) {
    let s3 = &registry.storage.s3;
    if !(s3.accesskey.is_empty() && s3.secretkey.is_empty()) {
        return;
    }
    let account = registry.service_account.as_ref();
    if account.is_some_and(|account| account.annotations.contains_key("eks.amazonaws.com/role-arn"))
        && facts::is_distribution(registry)
    {
        out.at(
            "serviceAccount.annotations",
            DR_007_WEB_IDENTITY,
            "Docker's registry 2.8 can't take the role of a ServiceAccount",
        )
        .help("set `storage.s3.accesskey` and secretkey, or use the role of the node");
        return;
    }
    out.at("storage.s3.accesskey", DR_007, "there are no keys for the bucket")
        .help("set accesskey and secretkey, unless the environment or the node's role supplies them");
}

#[cfg(test)]
mod tests {
    use crate::rules::cases::{fires, level_of, registry};

    fn s3(fields: &str) -> String {
        registry(&format!(
            "storage: {{driver: s3, s3: {{enabled: true, {fields}}}}}"
        ))
    }

    #[test]
    fn dr_006_fires_on_half_a_key_and_not_on_both() {
        assert!(fires("DR-006", &s3("accesskey: {env: A}")));
        assert!(fires("DR-006", &s3("secretkey: {env: S}")));
        assert!(!fires("DR-006", &s3("accesskey: {env: A}, secretkey: {env: S}")));
        assert!(!fires("DR-006", &s3("bucket: images")));
    }

    #[test]
    fn dr_007_warns_without_keys_and_refuses_that_in_prod() {
        assert_eq!(level_of("DR-007", &s3("bucket: images")), ["warning", "error"]);
        assert!(!fires("DR-007", &s3("accesskey: {env: A}, secretkey: {env: S}")));
    }

    #[test]
    fn dr_007_refuses_the_role_of_a_service_account() {
        let role = registry(
            "{storage: {driver: s3, s3: {enabled: true}}, \
             serviceAccount: {annotations: {eks.amazonaws.com/role-arn: 'arn:aws:iam::1:role/a'}}}",
        );
        assert_eq!(level_of("DR-007", &role), ["error", "error"]);
    }
}
