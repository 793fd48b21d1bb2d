//! Where Harbor's registry keeps the bytes.

use berth_finding::{Level, Rule};

use crate::rules::Out;
use crate::rules::harbor_registry::volume;
use crate::sections::HarborRegistry;
use crate::value::{HarborStorageType, HttpUrl, Parse};

pub(super) const HB_023: Rule = Rule::error(
    "HB-023",
    "the type of Harbor's storage is none that its registry knows",
    "\
Harbor's registry is Docker's 2.8: filesystem, s3, azure, gcs, swift and oss. It stops at start on anything else.

    storage: {type: s3}
",
);

pub(super) const HB_025: Rule = Rule::error(
    "HB-025",
    "the s3 storage has no keys",
    "\
Without keys Harbor's registry tries the environment and the role of the EC2 instance; roles bound to a ServiceAccount
(IRSA, Pod Identity) don't work with it. Give both keys, best by reference, name a Secret that holds
REGISTRY_STORAGE_S3_ACCESSKEY and REGISTRY_STORAGE_S3_SECRETKEY, or say with `ec2Role` that the instance's role is meant.

    storage: {type: s3, s3: {bucket: harbor, region: eu-central-1, existingSecret: harbor-s3}}
",
);

pub(super) const HB_026: Rule = Rule::info(
    "HB-026",
    "another storage backend is filled in, and unused",
    "\
Only the backend that `storage.type` names is used. What is filled in for another one has no effect; take it out, or change
the type.

    storage: {type: azure, azure: {accountname: team, container: harbor}}
",
);

pub(super) const HB_027: Rule = Rule::warning(
    "HB-027",
    "clients may be redirected to a storage endpoint that they can't reach",
    "\
By default the registry answers a pull with a redirect to the bucket, and the client fetches the layer from there. An endpoint
inside the cluster is out of reach for clients outside: pulls hang or end in a name error. Set `disableredirect`, and the
registry passes the bytes on. An endpoint without a scheme is taken as https.

    storage: {type: s3, disableredirect: true, s3: {endpoint: \"http://minio.storage.svc:9000\", secure: false}}
",
);

pub(super) const HB_028: Rule = Rule::warning(
    "HB-028",
    "images lie in the pod's own file system and are lost with it",
    "\
`storage.type: filesystem` without persistence keeps the images in an emptyDir: the next restart on another node begins with
none. That is fine for a trial, and an error under `--profile prod`.

    storage: {type: filesystem}
    persistence: {enabled: true, size: 100Gi}
",
)
.in_prod(Level::Error);

pub(super) fn check(harbor: &HarborRegistry, out: &mut Out<'_, '_>) {
    let Some(kind) = harbor.storage.kind.value() else {
        return;
    };
    hb_026_unused(harbor, *kind, out);
    match kind {
        HarborStorageType::S3 => {
            hb_025_keys(harbor, out);
            hb_027_endpoint(harbor, out);
        }
        HarborStorageType::Filesystem => hb_028_volume(harbor, out),
        _ => {}
    }
}

fn hb_025_keys(harbor: &HarborRegistry, out: &mut Out<'_, '_>) {
    let s3 = &harbor.storage.s3;
    let secret = s3.existing_secret.as_ref().is_some_and(|name| !name.is_empty());
    if !s3.accesskey.is_empty() || !s3.secretkey.is_empty() || secret {
        return;
    }
    let account = harbor.service_account.as_ref();
    if account.is_some_and(|account| {
        account
            .annotations
            .keys()
            .any(|key| key == "eks.amazonaws.com/role-arn")
    }) {
        out.at(
            "storage.s3",
            HB_025,
            "the registry can't take the role of a ServiceAccount, and there are no keys",
        )
        .help("give `accesskey` and `secretkey`, or a Secret with both in `existingSecret`");
    } else if s3.ec2_role != Some(true) {
        out.at("storage.s3", HB_025, "`storage.s3`: there are no keys for the bucket")
            .help("give `accesskey` and `secretkey`, or a Secret in `existingSecret`; `ec2Role: true` when the node has a role");
    }
}

fn hb_026_unused(harbor: &HarborRegistry, kind: HarborStorageType, out: &mut Out<'_, '_>) {
    let storage = &harbor.storage;
    let (s3, azure) = (&storage.s3, &storage.azure);
    let keys = !s3.accesskey.is_empty() || !s3.secretkey.is_empty();
    let account = !azure.accountname.is_empty() || !azure.accountkey.is_empty();
    let filled = [
        (
            HarborStorageType::S3,
            keys || !s3.endpoint.is_empty() || s3.bucket != "harbor",
        ),
        (HarborStorageType::Azure, account || azure.container != "harbor"),
        (HarborStorageType::Filesystem, storage.filesystem.is_some()),
        (HarborStorageType::Gcs, storage.gcs.is_some()),
        (HarborStorageType::Swift, storage.swift.is_some()),
        (HarborStorageType::Oss, storage.oss.is_some()),
    ];
    for (other, filled) in filled {
        if filled && other != kind {
            let message = format!("not used: the storage is {}", kind.as_str());
            out.at(&format!("storage.{}", other.as_str()), HB_026, message)
                .help("take it out, or change `storage.type`");
        }
    }
}

fn hb_027_endpoint(harbor: &HarborRegistry, out: &mut Out<'_, '_>) {
    let endpoint = harbor.storage.s3.endpoint.as_str();
    if endpoint.is_empty() {
        return;
    }
    let has_scheme = endpoint.contains("://");
    if !has_scheme {
        out.at(
            "storage.s3.endpoint",
            HB_027,
            "the endpoint has no scheme, and is taken as https",
        )
        .help("begin it with https:// or http://");
    }
    let url = if has_scheme {
        endpoint.to_owned()
    } else {
        format!("https://{endpoint}")
    };
    let inside = HttpUrl::parse(&url)
        .is_ok_and(|url| url.is_in_cluster() || url.is_loopback() || !url.host().contains('.'));
    if inside && harbor.storage.disable_redirect != Some(true) {
        out.at(
            "storage.s3.endpoint",
            HB_027,
            "clients are redirected to an endpoint inside of the cluster",
        )
        .help("set `storage.disableredirect: true`, and Harbor passes the bytes on");
    }
}

fn hb_028_volume(harbor: &HarborRegistry, out: &mut Out<'_, '_>) {
    let own = harbor
        .components
        .as_ref()
        .and_then(|it| it.registry.as_ref()?.persistence.as_ref());
    if volume(own, harbor).is_none() {
        out.at(
            "persistence",
            HB_028,
            "`storage.type` is filesystem without a volume: images are kept in the pod, and gone with it",
        )
        .help("give it a volume: `persistence: {enabled: true, size: 100Gi}`");
    }
}

#[cfg(test)]
mod tests {
    use crate::rules::harbor_registry::trial::{fires, silent};

    #[test]
    fn hb_023_fires_on_an_unknown_storage_and_not_otherwise() {
        fires("HB-023", &["storage: {type: minio}"]);
        silent("HB-023", &["storage: {type: oss}", "{}"]);
    }

    #[test]
    fn hb_025_fires_without_keys_and_not_otherwise() {
        fires(
            "HB-025",
            &[
                "{}",
                "{storage: {s3: {ec2Role: true}}, serviceAccount: {annotations: {eks.amazonaws.com/role-arn: a}}}",
            ],
        );
        silent(
            "HB-025",
            &[
                "storage: {s3: {accesskey: {env: A}, secretkey: {env: S}}}",
                "storage: {s3: {existingSecret: keys}}",
                "storage: {s3: {ec2Role: true}}",
                "storage: {type: azure}",
            ],
        );
    }

    #[test]
    fn hb_026_fires_on_a_backend_that_is_not_used_and_not_otherwise() {
        fires(
            "HB-026",
            &[
                "storage: {type: azure, s3: {bucket: other}}",
                "storage: {type: s3, azure: {accountname: team}}",
                "storage: {type: s3, gcs: {bucket: b}}",
            ],
        );
        silent(
            "HB-026",
            &[
                "{}",
                "storage: {type: azure}",
                "storage: {type: gcs, gcs: {bucket: b}}",
            ],
        );
    }

    #[test]
    fn hb_027_fires_when_clients_can_not_follow_and_not_otherwise() {
        fires(
            "HB-027",
            &[
                "storage: {s3: {endpoint: 'http://minio.storage.svc:9000'}}",
                "storage: {disableredirect: true, s3: {endpoint: 's3.example.com'}}",
            ],
        );
        silent(
            "HB-027",
            &[
                "storage: {disableredirect: true, s3: {endpoint: 'http://minio.storage.svc:9000'}}",
                "storage: {s3: {endpoint: 'https://s3.example.com'}}",
                "{}",
            ],
        );
    }

    #[test]
    fn hb_028_fires_when_images_are_on_no_volume_and_not_otherwise() {
        fires(
            "HB-028",
            &[
                "storage: {type: filesystem}",
                "{storage: {type: filesystem}, persistence: {enabled: false}}",
            ],
        );
        silent(
            "HB-028",
            &["{storage: {type: filesystem}, persistence: {size: 1Gi}}", "{}"],
        );
    }
}
