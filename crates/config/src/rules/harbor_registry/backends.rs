//! The fields without which a storage backend can't work.

use berth_finding::{Level, Rule};

use crate::document::nearest;
use crate::rules::Out;
use crate::rules::docker_registry::{COMPILED_IN, is_bucket_name};
use crate::sections::{HarborAzureStorage, HarborRegistry, HarborS3Storage, HarborStorage};
use crate::value::{HarborStorageType, HttpUrl, Parse};

pub(super) const HB_024: Rule = Rule::error(
    "HB-024",
    "the storage's bucket, region, container, account or endpoint can't be right",
    "\
The registry stops at start without a bucket and a region (s3), or an account, its key and a container (azure). A bucket's
name has 3 to 63 lower-case letters, digits, dots and hyphens. A region that the registry doesn't know needs an endpoint.
`secure` must agree with the scheme of the endpoint, and of the two s3 keys both or none are given.

    storage: {type: s3, s3: {bucket: harbor, region: eu-central-1, endpoint: \"https://s3.example.com\", secure: true}}
",
);

pub(super) fn check(harbor: &HarborRegistry, out: &mut Out<'_, '_>) {
    let storage = &harbor.storage;
    match storage.kind.value() {
        Some(HarborStorageType::S3) => {
            hb_024_bucket(&storage.s3, out);
            hb_024_region(&storage.s3, out);
            hb_024_keys(&storage.s3, out);
            hb_024_scheme(&storage.s3, out);
        }
        Some(HarborStorageType::Azure) => hb_024_azure(&storage.azure, out),
        Some(HarborStorageType::Gcs | HarborStorageType::Swift | HarborStorageType::Oss) => {
            hb_024_others(storage, out);
        }
        Some(HarborStorageType::Filesystem) | None => {}
    }
}

fn hb_024_bucket(s3: &HarborS3Storage, out: &mut Out<'_, '_>) {
    if s3.bucket.is_empty() {
        out.at("storage.s3.bucket", HB_024, "the bucket is missing")
            .help("name the bucket that holds the images");
    } else if !is_bucket_name(&s3.bucket) {
        out.at(
            "storage.s3.bucket",
            HB_024,
            format!("`{}` is no name for a bucket", s3.bucket),
        )
        .help("3 to 63 lower-case letters, digits, dots and hyphens, a letter or digit at both ends");
    }
}

fn hb_024_region(s3: &HarborS3Storage, out: &mut Out<'_, '_>) {
    let region = s3.region.as_str();
    if region.is_empty() {
        out.at("storage.s3.region", HB_024, "the region is missing")
            .help("name the bucket's region; for a store that isn't AWS, us-east-1 will do");
    } else if s3.endpoint.is_empty() && !COMPILED_IN.contains(&region) {
        let endpoint = format!("set storage.s3.endpoint to https://s3.{region}.amazonaws.com");
        let help = match nearest(region, COMPILED_IN.iter().copied()) {
            Some(near) => format!("did you mean `{near}`? For a region of this name, {endpoint}"),
            None => endpoint,
        };
        out.at(
            "storage.s3.region",
            HB_024,
            format!("Harbor's registry doesn't know the region `{region}`"),
        )
        .help(help);
    }
}

fn hb_024_keys(s3: &HarborS3Storage, out: &mut Out<'_, '_>) {
    let missing = match (s3.accesskey.is_empty(), s3.secretkey.is_empty()) {
        (true, false) => "accesskey",
        (false, true) => "secretkey",
        _ => return,
    };
    out.at(
        &format!("storage.s3.{missing}"),
        HB_024,
        "only one of the two keys is given",
    )
    .help("give both, or a Secret with both in `existingSecret`");
}

fn hb_024_scheme(s3: &HarborS3Storage, out: &mut Out<'_, '_>) {
    let url = HttpUrl::parse(&s3.endpoint)
        .ok()
        .filter(|_| !s3.endpoint.is_empty());
    if s3.endpoint.contains("://") && url.is_none() {
        out.at(
            "storage.s3.endpoint",
            HB_024,
            "the endpoint is not an http or https URL without credentials",
        )
        .help("such as https://s3.example.com");
    }
    if let Some(url) = &url
        && url.is_https() != s3.secure
    {
        out.at(
            "storage.s3.secure",
            HB_024,
            format!("`secure` is {}, and the endpoint says the reverse", s3.secure),
        )
        .help("make `secure` and the scheme of the endpoint agree");
    } else if !s3.secure && !url.as_ref().is_some_and(HttpUrl::is_in_cluster) {
        out.at(
            "storage.s3.secure",
            HB_024,
            "images cross the network unencrypted",
        )
        .level(Level::Warning)
        .help("set `secure: true`");
    }
    if s3.v4auth == Some(false) && s3.endpoint.is_empty() {
        out.at(
            "storage.s3.v4auth",
            HB_024,
            "AWS takes no signatures before version 4",
        )
        .help("leave it out");
    }
}

fn hb_024_azure(azure: &HarborAzureStorage, out: &mut Out<'_, '_>) {
    let needed = [
        ("accountname", azure.accountname.is_empty()),
        ("accountkey", azure.accountkey.is_empty()),
        ("container", azure.container.is_empty()),
    ];
    for (field, _) in needed.into_iter().filter(|(_, missing)| *missing) {
        out.at(
            &format!("storage.azure.{field}"),
            HB_024,
            format!("`{field}` is missing"),
        )
        .help("fill it in");
    }
    if azure.accountkey.reveal().is_some_and(|key| !is_base64(key)) {
        out.at(
            "storage.azure.accountkey",
            HB_024,
            "the key of the account is not base64",
        )
        .help("copy it as the portal shows it");
    }
}

fn is_base64(text: &str) -> bool {
    let digits = text.trim_end_matches('=');
    let padding = text.len() - digits.len();
    text.len().is_multiple_of(4)
        && padding <= 2
        && digits
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"+/".contains(&byte))
}

fn hb_024_others(storage: &HarborStorage, out: &mut Out<'_, '_>) {
    let needed = match storage.kind.value() {
        Some(HarborStorageType::Gcs) => {
            let gcs = storage.gcs.as_ref();
            vec![("gcs.bucket", gcs.is_none_or(|it| it.bucket.is_empty()))]
        }
        Some(HarborStorageType::Swift) => {
            let swift = storage.swift.as_ref();
            vec![
                ("swift.authurl", swift.is_none_or(|it| it.authurl.is_empty())),
                ("swift.username", swift.is_none_or(|it| it.username.is_empty())),
                ("swift.password", swift.is_none_or(|it| it.password.is_empty())),
                ("swift.container", swift.is_none_or(|it| it.container.is_empty())),
            ]
        }
        Some(HarborStorageType::Oss) => {
            let oss = storage.oss.as_ref();
            vec![
                ("oss.accesskeyid", oss.is_none_or(|it| it.accesskeyid.is_empty())),
                (
                    "oss.accesskeysecret",
                    oss.is_none_or(|it| it.accesskeysecret.is_empty()),
                ),
                ("oss.region", oss.is_none_or(|it| it.region.is_empty())),
                ("oss.bucket", oss.is_none_or(|it| it.bucket.is_empty())),
            ]
        }
        _ => return,
    };
    for (field, _) in needed.into_iter().filter(|(_, missing)| *missing) {
        out.at(
            &format!("storage.{field}"),
            HB_024,
            format!("`{field}` is missing"),
        )
        .help("fill it in");
    }
}

#[cfg(test)]
mod tests {
    use berth_finding::Level;

    use crate::rules::harbor_registry::trial::{fires, level_of, silent};

    #[test]
    fn hb_024_fires_when_s3_can_not_work_and_not_otherwise() {
        fires(
            "HB-024",
            &[
                "storage: {s3: {bucket: ''}}",
                "storage: {s3: {bucket: My_Bucket}}",
                "storage: {s3: {region: eu-north-1}}",
                "storage: {s3: {region: ''}}",
                "storage: {s3: {accesskey: {env: A}}}",
                "storage: {s3: {secretkey: {env: S}}}",
                "storage: {s3: {endpoint: 'http://s3.example.com'}}",
                "storage: {s3: {endpoint: 'https://s3.example.com', secure: false}}",
                "storage: {s3: {endpoint: 'ftp://s3.example.com'}}",
                "storage: {s3: {v4auth: false}}",
            ],
        );
        silent(
            "HB-024",
            &[
                "{}",
                "storage: {s3: {accesskey: {env: A}, secretkey: {env: S}}}",
                "storage: {s3: {endpoint: 'http://minio.s3.svc:9000', secure: false, v4auth: false}}",
                "storage: {s3: {region: eu-north-1, endpoint: 'https://s3.eu-north-1.amazonaws.com'}}",
                "storage: {type: filesystem, s3: {bucket: ''}}",
            ],
        );
        assert_eq!(
            level_of("HB-024", "storage: {s3: {secure: false}}"),
            Some(Level::Warning)
        );
    }

    #[test]
    fn hb_024_fires_when_another_backend_can_not_work_and_not_otherwise() {
        let azure = "storage: {type: azure, azure: {accountname: a, accountkey: 'YWJjZA==', container: c}}";
        fires(
            "HB-024",
            &[
                "storage: {type: azure}",
                &azure.replace("YWJjZA==", "abc"),
                &azure.replace("container: c", "container: ''"),
                "storage: {type: gcs}",
                "storage: {type: swift, swift: {username: u}}",
                "storage: {type: oss, oss: {bucket: b}}",
            ],
        );
        silent("HB-024", &[azure, "storage: {type: gcs, gcs: {bucket: b}}"]);
    }
}
