//! Blob stores: where Nexus keeps the bytes.

use std::path::Path;

use berth_finding::Rule;

use crate::nexus::is_pro;
use crate::rules::Out;
use crate::sections::{NexusBlobstore, NexusRegistry};
use crate::value::BlobstoreType;

pub(super) const NX_017: Rule = Rule::error(
    "NX-017",
    "a blob store can't be made as declared",
    "A blob store needs a name that no other one has (capital and small letters are the same to Nexus), a type (`file`, \
     `s3`, `azure`, `group`), and what its type needs: an S3 one its bucket, region and expiration in days (-1 keeps deleted \
     blobs until a task removes them). `azure` and `group` need a Pro licence. Neither name nor type can be changed \
     later.\n\n\
     Example:\n\n    \
     storage: {blobstores: [{name: images, type: s3, bucket: nexus, region: eu-west-1, expiration: 3}]}",
);

pub(super) const NX_018: Rule = Rule::error(
    "NX-018",
    "a repository lies in a blob store that isn't declared",
    "Nexus refuses to make a repository in a blob store that doesn't exist. Besides those of `storage.blobstores` there \
     is `default`, which Nexus makes itself.\n\n\
     Declare the blob store, or leave the name out:\n\n    \
     storage: {blobstores: [{name: images, type: file}]}\n    \
     repositories: {docker: {blobStore: images}}",
);

pub(super) const NX_019: Rule = Rule::warning(
    "NX-019",
    "a blob store of files lies outside the data volume",
    "A relative path is taken below the data folder, in `blobs`. An absolute path elsewhere is not on the volume: its \
     blobs are gone after a restart while the database still lists them.\n\n\
     Leave the path out, or keep it on the volume:\n\n    \
     storage: {blobstores: [{name: images, type: file, path: images}]}",
);

pub(super) const NX_020: Rule = Rule::error(
    "NX-020",
    "the quota of a blob store can't work",
    "A soft quota has a type (`spaceRemainingQuota` warns when less than the limit is free, `spaceUsedQuota` when more \
     than the limit is used) and a limit above zero. Nexus only warns; it never refuses an upload for it.\n\n\
     Example:\n\n    \
     storage: {blobstores: [{name: images, softQuota: {type: spaceRemainingQuota, limit: 21474836480}}]}",
);

/// The blob store that Nexus makes itself.
const DEFAULT_STORE: &str = "default";

pub(super) fn check(nexus: &NexusRegistry, out: &mut Out<'_, '_>) {
    nx_017_names(nexus, out);
    nx_017_types(nexus, out);
    nx_018(nexus, out);
    nx_019(nexus, out);
    nx_020(nexus, out);
}

fn nx_017_names(nexus: &NexusRegistry, out: &mut Out<'_, '_>) {
    let stores = &nexus.storage.blobstores;
    for (index, store) in stores.iter().enumerate() {
        let path = format!("storage.blobstores[{index}].name");
        if store.name.is_empty() {
            out.at(&path, NX_017, "the blob store has no name")
                .help("give it one, such as `images`");
        } else if stores[..index]
            .iter()
            .any(|other| other.name.eq_ignore_ascii_case(&store.name))
        {
            out.at(
                &path,
                NX_017,
                format!("another blob store is called `{}` too", store.name),
            )
            .help("give each a name of its own");
        }
    }
}

fn nx_017_types(nexus: &NexusRegistry, out: &mut Out<'_, '_>) {
    for (index, store) in nexus.storage.blobstores.iter().enumerate() {
        let path = format!("storage.blobstores[{index}]");
        let Some(kind) = store.kind.value() else {
            continue;
        };
        if matches!(kind, BlobstoreType::Azure | BlobstoreType::Group) && !is_pro(nexus) {
            out.at(
                &format!("{path}.type"),
                NX_017,
                format!("a blob store of type `{}` needs Nexus Pro", kind.as_str()),
            )
            .help("name the licence in `license`, or choose `file` or `s3`");
        }
        for field in missing_fields(*kind, store) {
            let message = format!("a blob store of type `{}` needs `{field}`", kind.as_str());
            out.at(&path, NX_017, message).help(format!("add `{field}`"));
        }
    }
}

fn missing_fields(kind: BlobstoreType, store: &NexusBlobstore) -> Vec<&'static str> {
    let given = |text: &Option<String>| text.as_deref().is_some_and(|text| !text.is_empty());
    let needed = match kind {
        BlobstoreType::File => vec![],
        BlobstoreType::S3 => vec![
            ("bucket", given(&store.bucket)),
            ("region", given(&store.region)),
            ("expiration", store.expiration.is_some()),
        ],
        BlobstoreType::Azure => {
            vec![
                ("accountName", given(&store.account_name)),
                ("container", given(&store.container)),
            ]
        }
        BlobstoreType::Group => vec![("members", !store.members.is_empty())],
    };
    needed
        .into_iter()
        .filter(|(_, given)| !given)
        .map(|(field, _)| field)
        .collect()
}

fn nx_018(nexus: &NexusRegistry, out: &mut Out<'_, '_>) {
    let known: Vec<&str> = nexus
        .storage
        .blobstores
        .iter()
        .map(|store| store.name.as_str())
        .collect();
    for (path, name) in store_names(nexus) {
        if name != DEFAULT_STORE && !known.contains(&name) {
            out.at(&path, NX_018, format!("there is no blob store `{name}`"))
                .help(format!(
                    "declared: {}",
                    [&[DEFAULT_STORE], known.as_slice()].concat().join(", ")
                ));
        }
    }
}

/// Every place that names a blob store, with the name.
fn store_names(nexus: &NexusRegistry) -> Vec<(String, &str)> {
    let formats = &nexus.repositories;
    let mut names: Vec<(String, &str)> = Vec::new();
    for (format, store) in [
        ("docker", &formats.docker.blob_store),
        ("maven", &formats.maven.blob_store),
        ("npm", &formats.npm.blob_store),
        ("helm", &formats.helm.blob_store),
    ] {
        names.extend(
            store
                .as_deref()
                .map(|name| (format!("repositories.{format}.blobStore"), name)),
        );
    }
    for (index, repository) in formats.custom.iter().enumerate() {
        let path = format!("repositories.custom[{index}].blobStore");
        names.extend(repository.blob_store.as_deref().map(|name| (path, name)));
    }
    for (index, task) in nexus.tasks.iter().enumerate() {
        names.extend(
            task.blob_store
                .as_deref()
                .map(|name| (format!("tasks[{index}].blobStore"), name)),
        );
    }
    for (index, store) in nexus.storage.blobstores.iter().enumerate() {
        for (place, name) in store.members.iter().enumerate() {
            names.push((format!("storage.blobstores[{index}].members[{place}]"), name));
        }
    }
    names
}

fn nx_019(nexus: &NexusRegistry, out: &mut Out<'_, '_>) {
    for (index, store) in nexus.storage.blobstores.iter().enumerate() {
        let Some(path) = store
            .path
            .as_deref()
            .filter(|_| store.kind.value() == Some(&BlobstoreType::File))
        else {
            continue;
        };
        let leaves = Path::new(path).is_absolute() && !Path::new(path).starts_with(&nexus.storage.data_path);
        if leaves || path.split('/').any(|part| part == "..") {
            out.at(
                &format!("storage.blobstores[{index}].path"),
                NX_019,
                "the path is not on the data volume",
            )
            .help("leave it out, or write it relative to the data folder");
        }
    }
}

fn nx_020(nexus: &NexusRegistry, out: &mut Out<'_, '_>) {
    for (index, store) in nexus.storage.blobstores.iter().enumerate() {
        let path = format!("storage.blobstores[{index}].softQuota");
        let Some(quota) = &store.soft_quota else {
            continue;
        };
        if quota.kind.is_empty() {
            out.at(&format!("{path}.type"), NX_020, "the quota has no type")
                .help("`spaceRemainingQuota` or `spaceUsedQuota`");
        }
        if quota.limit == 0 {
            out.at(&format!("{path}.limit"), NX_020, "the quota has no limit")
                .help("a number of bytes, such as 21474836480");
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::rules::nexus_registry::testing::fires;

    fn stores(stores: &str) -> String {
        format!("storage: {{blobstores: [{stores}]}}")
    }

    #[test]
    fn nx_017_fires_when_a_blob_store_can_not_be_made_and_not_otherwise() {
        let s3 = "{name: a, type: s3, bucket: b, region: r, expiration: 3}";
        for wrong in [
            "{type: file}",
            "{name: a}, {name: A}",
            "{name: a, type: minio}",
            "{name: a, type: s3, region: r, expiration: 3}",
            "{name: a, type: s3, bucket: b, expiration: 3}",
            "{name: a, type: s3, bucket: b, region: r}",
            "{name: a, type: azure, accountName: n, container: c}",
        ] {
            assert!(fires("NX-017", &stores(wrong)), "{wrong}");
        }
        assert!(!fires("NX-017", &stores(s3)));
        assert!(!fires("NX-017", &stores("{name: a}, {name: b, type: file}")));
        let azure = stores("{name: a, type: azure, accountName: n, container: c}");
        assert!(!fires("NX-017", &format!("edition: pro\n{azure}")));
    }

    #[test]
    fn nx_018_fires_when_a_blob_store_is_not_declared_and_not_otherwise() {
        assert!(fires("NX-018", "repositories: {docker: {blobStore: images}}"));
        assert!(fires(
            "NX-018",
            "repositories: {custom: [{name: a, format: raw, type: hosted, blobStore: b}]}"
        ));
        let declared = stores("{name: images}");
        assert!(!fires(
            "NX-018",
            &format!("{declared}\nrepositories: {{docker: {{blobStore: images}}}}")
        ));
        assert!(!fires("NX-018", "repositories: {docker: {blobStore: default}}"));
    }

    #[test]
    fn nx_019_fires_when_blobs_lie_outside_the_volume_and_not_otherwise() {
        assert!(fires("NX-019", &stores("{name: a, path: /mnt/blobs}")));
        assert!(fires("NX-019", &stores("{name: a, path: ../blobs}")));
        assert!(!fires("NX-019", &stores("{name: a, path: /nexus-data/blobs/a}")));
        assert!(!fires("NX-019", &stores("{name: a, path: a}")));
    }

    #[test]
    fn nx_020_fires_when_a_quota_says_too_little_and_not_otherwise() {
        assert!(fires("NX-020", &stores("{name: a, softQuota: {limit: 100}}")));
        assert!(fires(
            "NX-020",
            &stores("{name: a, softQuota: {type: spaceUsedQuota}}")
        ));
        assert!(fires(
            "NX-020",
            &stores("{name: a, softQuota: {type: spaceUsedQuota, limit: 0}}")
        ));
        assert!(fires(
            "NX-020",
            &stores("{name: a, softQuota: {type: space, limit: 1}}")
        ));
        assert!(!fires(
            "NX-020",
            &stores("{name: a, softQuota: {type: spaceUsedQuota, limit: 100}}")
        ));
    }
}
