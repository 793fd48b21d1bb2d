//! The s3 driver: bucket, region, and the numbers and words it accepts.

use berth_finding::Rule;

use super::s3_endpoint::endpoint;
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
        "set `storage.s3.regionendpoint` to https://s3.{}.amazonaws.com",
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

#[cfg(test)]
mod tests {
    use crate::rules::cases::{fires, registry};

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
    fn dr_061_fires_on_an_unknown_access_list_and_not_on_private() {
        assert!(fires("DR-061", &s3("objectacl: secret")));
        assert!(!fires("DR-061", &s3("objectacl: bucket-owner-full-control")));
    }
}
