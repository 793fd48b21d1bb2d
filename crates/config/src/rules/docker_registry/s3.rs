//! The s3 driver: bucket, region, endpoint, keys and the numbers it accepts.

use berth_finding::{Level, Rule};

use super::{Place, facts, regions};
use crate::document::nearest;
use crate::rules::Out;
use crate::sections::{DockerRegistry, DockerS3Storage};
use crate::value::StorageDriver;

pub(super) const DR_004: Rule = Rule::error(
    "DR-004",
    "the s3 bucket or region is missing, or the bucket's name is not allowed",
    "\
The s3 driver stops at start without a bucket and a region. A bucket's name has 3 to 63 characters: lower-case letters,
digits, dots and hyphens, with a letter or digit at both ends, and it isn't an IP address. A store that isn't AWS still
needs a region; most take any word, such as us-east-1.

    storage:
      driver: s3
      s3: {enabled: true, bucket: team-images, region: eu-central-1}
",
);

pub(super) const DR_005: Rule = Rule::error(
    "DR-005",
    "the s3 region is none of those compiled into Docker's registry",
    "\
Without `regionendpoint` the driver looks the region up in the list of AWS regions it was compiled with, and stops at
start when it isn't there. Regions opened after the release are missing from it. Give the region's own endpoint, or
correct the spelling.

    storage:
      s3: {region: ca-west-1, regionendpoint: \"https://s3.ca-west-1.amazonaws.com\"}
",
);

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

pub(super) const DR_012: Rule = Rule::error(
    "DR-012",
    "an s3 chunk size or the number of parallel copies is out of range",
    "\
S3 takes the parts of a multipart upload from 5 MiB to 5 GiB, and the driver refuses to start with a `chunksize` or
`multipartcopychunksize` outside of this. `multipartcopymaxconcurrency` must be at least 1. Sizes are in bytes.

    storage:
      s3: {chunksize: 10485760, multipartcopychunksize: 33554432, multipartcopymaxconcurrency: 100}
",
);

pub(super) const DR_013: Rule = Rule::error(
    "DR-013",
    "the s3 storage class is not one that Docker's registry takes",
    "\
Docker's registry 2.8 knows STANDARD, REDUCED_REDUNDANCY and NONE (for stores without storage classes), and stops at
start with any other. Move old blobs to a colder class with a rule of the bucket instead.

    storage:
      s3: {storageclass: STANDARD}
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

pub(super) const DR_061: Rule = Rule::error(
    "DR-061",
    "the access list for s3 objects is not one that S3 knows",
    "\
`objectacl` is one of S3's canned access lists: private (the default), public-read, public-read-write,
authenticated-read, aws-exec-read, bucket-owner-read and bucket-owner-full-control. With any other the registry stops at
start.

    storage:
      s3: {objectacl: private}
",
);

const DR_007_WEB_IDENTITY: Rule = Rule {
    level: Level::Error,
    ..DR_007
};
const DR_008_PLAIN: Rule = Rule {
    level: Level::Warning,
    prod_level: Level::Warning,
    ..DR_008
};

const OBJECT_ACLS: [&str; 7] = [
    "private",
    "public-read",
    "public-read-write",
    "authenticated-read",
    "aws-exec-read",
    "bucket-owner-read",
    "bucket-owner-full-control",
];

pub(super) fn check(registry: &DockerRegistry, _: &Place<'_>, out: &mut Out<'_, '_>) {
    gcs_chunks(registry, out);
    if facts::driver(registry) != Some(StorageDriver::S3) {
        return;
    }
    let s3 = &registry.storage.s3;
    bucket(s3, out);
    region(registry, out);
    half_a_key(s3, out);
    no_keys(registry, out);
    scheme(s3, out);
    encryption(s3, out);
    redirect(registry, out);
    signatures(s3, out);
    object_acl(s3, out);
}

fn bucket(s3: &DockerS3Storage, out: &mut Out<'_, '_>) {
    if s3.bucket.is_empty() {
        out.at("storage.s3.bucket", DR_004, "the bucket is missing")
            .help("name the bucket that holds the images");
    } else if !is_bucket_name(&s3.bucket) {
        out.at(
            "storage.s3.bucket",
            DR_004,
            format!("`{}` is no name for a bucket", s3.bucket),
        )
        .help("3 to 63 lower-case letters, digits, dots and hyphens, a letter or digit at both ends");
    }
    if s3.region.is_empty() {
        out.at("storage.s3.region", DR_004, "the region is missing")
            .help("name the bucket's region; for a store that isn't AWS, us-east-1 will do");
    }
}

/// Whether a bucket can have this name.
pub(in crate::rules) fn is_bucket_name(name: &str) -> bool {
    let inner = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
    let bytes = name.as_bytes();
    (3..=63).contains(&bytes.len())
        && bytes.iter().all(|byte| inner(*byte) || b".-".contains(byte))
        && bytes.first().is_some_and(|byte| inner(*byte))
        && bytes.last().is_some_and(|byte| inner(*byte))
        && !name.contains("..")
        && name.parse::<std::net::Ipv4Addr>().is_err()
}

fn region(registry: &DockerRegistry, out: &mut Out<'_, '_>) {
    let s3 = &registry.storage.s3;
    if !facts::is_distribution(registry)
        || endpoint(s3).is_some()
        || s3.region.is_empty()
        || regions::COMPILED_IN.contains(&s3.region.as_str())
    {
        return;
    }
    let endpoint = format!(
        "set storage.s3.regionendpoint to https://s3.{}.amazonaws.com",
        s3.region
    );
    let help = match nearest(&s3.region, regions::COMPILED_IN.iter().copied()) {
        Some(near) => format!("did you mean `{near}`? For a region of this name, {endpoint}"),
        None => endpoint,
    };
    out.at(
        "storage.s3.region",
        DR_005,
        format!("Docker's registry 2.8 doesn't know the region `{}`", s3.region),
    )
    .help(help);
}

fn half_a_key(s3: &DockerS3Storage, out: &mut Out<'_, '_>) {
    let (given, missing) = match (s3.accesskey.is_empty(), s3.secretkey.is_empty()) {
        (true, false) => ("secretkey", "accesskey"),
        (false, true) => ("accesskey", "secretkey"),
        _ => return,
    };
    let message = format!("storage.s3.{given} is set, but {missing} isn't");
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
        .help("set storage.s3.accesskey and secretkey, or use the role of the node");
        return;
    }
    out.at("storage.s3.accesskey", DR_007, "there are no keys for the bucket")
        .help("set accesskey and secretkey, unless the environment or the node's role supplies them");
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
            "pulls are redirected to storage.s3.regionendpoint, which clients may not reach",
        )
        .help("set storage.redirect.disable to true, unless all clients reach the endpoint");
    }
}

fn gcs_chunks(registry: &DockerRegistry, out: &mut Out<'_, '_>) {
    let size = registry.storage.gcs.as_ref().and_then(|gcs| gcs.chunksize);
    if size.is_some_and(|size| size >= 262_144 && size % 262_144 != 0) {
        out.at(
            "storage.gcs.chunksize",
            DR_012,
            "the chunk size of gcs is no multiple of 262144",
        )
        .help("such as 5242880");
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

fn object_acl(s3: &DockerS3Storage, out: &mut Out<'_, '_>) {
    let Some(acl) = s3.objectacl.as_deref().filter(|acl| !OBJECT_ACLS.contains(acl)) else {
        return;
    };
    let help = match nearest(acl, OBJECT_ACLS.iter().copied()) {
        Some(near) => format!("did you mean `{near}`?"),
        None => format!("it is one of {}", OBJECT_ACLS.join(", ")),
    };
    out.at(
        "storage.s3.objectacl",
        DR_061,
        format!("`{acl}` is no access list that S3 knows"),
    )
    .help(help);
}

fn endpoint(s3: &DockerS3Storage) -> Option<&str> {
    s3.regionendpoint
        .as_deref()
        .filter(|endpoint| !endpoint.is_empty())
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

#[cfg(test)]
mod tests {
    use crate::rules::cases::{fires, level_of, registry};

    fn s3(fields: &str) -> String {
        registry(&format!(
            "storage: {{driver: s3, s3: {{enabled: true, {fields}}}}}"
        ))
    }

    #[test]
    fn dr_004_fires_on_a_bad_bucket_or_no_region_and_not_on_good_ones() {
        for wrong in [
            "bucket: ''",
            "region: ''",
            "bucket: My_Images",
            "bucket: ab",
            "bucket: 10.0.0.1",
            "bucket: a..b",
        ] {
            assert!(fires("DR-004", &s3(wrong)), "{wrong}");
        }
        assert!(!fires("DR-004", &s3("bucket: team-images.v2, region: eu-west-1")));
        assert!(!fires("DR-004", &registry("storage: {s3: {bucket: ''}}")));
    }

    #[test]
    fn dr_005_fires_on_an_unknown_region_and_not_with_an_endpoint() {
        assert!(fires("DR-005", &s3("region: eu-north-1")));
        assert!(!fires("DR-005", &s3("region: eu-west-1")));
        assert!(!fires(
            "DR-005",
            &s3("region: garage, regionendpoint: 'https://s3.example.com'")
        ));
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
    fn dr_012_fires_on_numbers_out_of_range_and_not_within() {
        assert!(fires("DR-012", &s3("chunksize: 1024")));
        assert!(fires("DR-012", &s3("multipartcopymaxconcurrency: 0")));
        assert!(!fires("DR-012", &s3("chunksize: 10485760")));
        assert!(fires(
            "DR-012",
            &registry("storage: {driver: gcs, gcs: {bucket: images, chunksize: 300000}}")
        ));
        assert!(!fires(
            "DR-012",
            &registry("storage: {driver: gcs, gcs: {bucket: images, chunksize: 524288}}")
        ));
    }

    #[test]
    fn dr_013_fires_on_a_class_that_2_8_does_not_know_and_not_on_standard() {
        assert!(fires("DR-013", &s3("storageclass: GLACIER")));
        assert!(!fires("DR-013", &s3("storageclass: STANDARD")));
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

    #[test]
    fn dr_061_fires_on_an_unknown_access_list_and_not_on_private() {
        assert!(fires("DR-061", &s3("objectacl: secret")));
        assert!(!fires("DR-061", &s3("objectacl: bucket-owner-full-control")));
    }
}
