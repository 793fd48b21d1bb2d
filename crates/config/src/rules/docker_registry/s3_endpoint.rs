//! The endpoint of the s3 driver, and what other stores than AWS take.

use berth_finding::{Level, Rule};

use super::{Place, facts};
use crate::rules::Out;
use crate::sections::{DockerRegistry, DockerS3Storage};
use crate::value::StorageDriver;

pub(super) const DR_008: Rule = Rule::error(
    "DR-008",
    "s3 secure and the scheme of its endpoint contradict each other, or the bytes travel unencrypted",
    "\
`secure` chooses between https and http, and so does the scheme of `regionendpoint`; when the two differ, one of them
is not what was meant. `secure: false` on its own is a warning: image bytes and signatures travel unencrypted.

    storage:
      s3: {secure: true, regionendpoint: \"https://s3.example.com\"}
",
);

pub(super) const DR_009: Rule = Rule::warning(
    "DR-009",
    "s3 encryption is asked of a store that is not AWS",
    "\
`encrypt: true` asks the store for encryption at rest with each write (SSE-S3, or SSE-KMS with `keyid`). Stores that
only speak the S3 protocol may not implement it, and then refuse every push. Switch it off, or make sure that the store
has a key service.

    storage:
      s3: {regionendpoint: \"https://minio.example.com\", encrypt: false}
",
);

pub(super) const DR_011: Rule = Rule::warning(
    "DR-011",
    "pulls are redirected to an s3 endpoint that clients may not reach",
    "\
By default the registry answers the pull of a blob with a redirect to the bucket. Nodes and users that can't reach the
endpoint (a service inside the cluster, a private network) then can't pull, though pushes work. Let the registry serve
the bytes itself.

    storage:
      redirect: {disable: true}
",
);

pub(super) const DR_014: Rule = Rule::error(
    "DR-014",
    "s3 signatures of version 2 are asked of AWS",
    "\
AWS takes signatures of version 4 alone, so the driver refuses `v4auth: false` unless another endpoint is given. It is
meant for old stores that only speak version 2.

    storage:
      s3: {v4auth: true}
",
);

const DR_008_PLAIN: Rule = Rule {
    level: Level::Warning,
    prod_level: Level::Warning,
    ..DR_008
};

pub(super) fn check(registry: &DockerRegistry, _: &Place<'_>, out: &mut Out<'_, '_>) {
    if facts::driver(registry) != Some(StorageDriver::S3) {
        return;
    }
    let s3 = &registry.storage.s3;
    scheme(s3, out);
    encryption(s3, out);
    redirect(registry, out);
    signatures(s3, out);
}

fn scheme(s3: &DockerS3Storage, out: &mut Out<'_, '_>) {
    let written = endpoint(s3)
        .and_then(|endpoint| endpoint.split_once("://"))
        .map(|(scheme, _)| scheme);
    match (s3.secure, written) {
        (true, Some("http")) => {
            out.at(
                "storage.s3.secure",
                DR_008,
                "secure is true, but the endpoint is http://",
            )
            .help("write https://, or set secure to false");
        }
        (false, Some("https")) => {
            out.at(
                "storage.s3.secure",
                DR_008,
                "secure is false, but the endpoint is https://",
            )
            .help("set secure to true");
        }
        (false, _) => {
            out.at(
                "storage.s3.secure",
                DR_008_PLAIN,
                "images travel to the bucket unencrypted",
            )
            .help("set secure to true where the store speaks https");
        }
        _ => {}
    }
}

fn encryption(s3: &DockerS3Storage, out: &mut Out<'_, '_>) {
    if s3.encrypt && foreign_endpoint(s3) {
        out.at(
            "storage.s3.encrypt",
            DR_009,
            "encryption at rest is asked of a store that is not AWS",
        )
        .help("set encrypt to false, unless the store has a key service");
    }
}

fn redirect(registry: &DockerRegistry, out: &mut Out<'_, '_>) {
    let disabled = registry
        .storage
        .redirect
        .as_ref()
        .is_some_and(|redirect| redirect.disable);
    if foreign_endpoint(&registry.storage.s3) && !disabled {
        out.at(
            "storage.redirect.disable",
            DR_011,
            "pulls are redirected to `storage.s3.regionendpoint`, which clients may not reach",
        )
        .help("set `storage.redirect.disable` to true, unless all clients reach the endpoint");
    }
}

fn signatures(s3: &DockerS3Storage, out: &mut Out<'_, '_>) {
    if s3.v4auth == Some(false) && !foreign_endpoint(s3) {
        out.at(
            "storage.s3.v4auth",
            DR_014,
            "AWS takes no signatures of version 2",
        )
        .help("take v4auth out");
    }
}

/// Whether an endpoint is set that is not one of AWS.
fn foreign_endpoint(s3: &DockerS3Storage) -> bool {
    endpoint(s3).is_some_and(|endpoint| {
        let rest = endpoint.split_once("://").map_or(endpoint, |(_, rest)| rest);
        let host = rest.split(['/', ':']).next().unwrap_or_default();
        !["amazonaws.com", "amazonaws.com.cn"]
            .iter()
            .any(|aws| host.ends_with(aws))
    })
}

pub(super) fn endpoint(s3: &DockerS3Storage) -> Option<&str> {
    s3.regionendpoint
        .as_deref()
        .filter(|endpoint| !endpoint.is_empty())
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
    fn dr_008_fires_on_a_contradiction_and_warns_of_plain_http() {
        assert_eq!(
            level_of("DR-008", &s3("regionendpoint: 'http://minio:9000'")),
            ["error", "error"]
        );
        assert_eq!(
            level_of("DR-008", &s3("secure: false, regionendpoint: 'https://minio'")),
            ["error", "error"]
        );
        assert_eq!(
            level_of("DR-008", &s3("secure: false, regionendpoint: 'http://minio'")),
            ["warning", "warning"]
        );
        assert!(!fires("DR-008", &s3("regionendpoint: 'https://minio'")));
    }

    #[test]
    fn dr_009_fires_on_encryption_beyond_aws_and_not_on_aws() {
        assert!(fires(
            "DR-009",
            &s3("regionendpoint: 'https://minio.example.com'")
        ));
        assert!(!fires(
            "DR-009",
            &s3("encrypt: false, regionendpoint: 'https://minio.example.com'")
        ));
        assert!(!fires(
            "DR-009",
            &s3("regionendpoint: 's3.eu-north-1.amazonaws.com'")
        ));
    }

    #[test]
    fn dr_011_fires_on_redirects_to_an_own_endpoint_and_not_when_disabled() {
        let with = |redirect: &str| {
            registry(&format!(
                "storage: {{driver: s3, {redirect} s3: {{enabled: true, regionendpoint: 'https://minio'}}}}"
            ))
        };
        assert!(fires("DR-011", &with("")));
        assert!(!fires("DR-011", &with("redirect: {disable: true},")));
        assert!(!fires("DR-011", &s3("bucket: images")));
    }

    #[test]
    fn dr_014_fires_on_old_signatures_for_aws_and_not_elsewhere() {
        assert!(fires("DR-014", &s3("v4auth: false")));
        assert!(!fires("DR-014", &s3("v4auth: true")));
        assert!(!fires(
            "DR-014",
            &s3("v4auth: false, regionendpoint: 'https://old.example.com'")
        ));
    }
}
