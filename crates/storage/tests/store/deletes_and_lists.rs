//! Deletes, and what the lists say after them.

use berth_oci::{Digest, MediaType, TagOrDigest, fallback_tag};
use berth_storage::{BlobDeletion, PutManifest};

use crate::harness::{Registry, descriptor, image, manifest, name, tag};

#[tokio::test]
async fn a_deleted_tag_leaves_its_siblings() {
    let registry = Registry::new().await;
    let digest = registry.push("a", "v1", "layer").await;
    registry.put("a", image("layer", &["v2"])).await;
    assert!(
        registry
            .store()
            .delete_tag(&name("a"), &tag("v1"), "tester")
            .await
            .unwrap()
    );
    assert!(
        !registry
            .store()
            .delete_tag(&name("a"), &tag("v1"), "tester")
            .await
            .unwrap()
    );
    assert_eq!(registry.tag("a", "v1").await, None);
    assert_eq!(registry.tag("a", "v2").await, Some(digest));
    assert_eq!(registry.tags("a").await, ["v2"]);
}

#[tokio::test]
async fn a_deleted_manifest_takes_its_tags_along_and_leaves_others() {
    let registry = Registry::new().await;
    let one = registry.push("a", "v1", "one").await;
    registry.put("a", image("one", &["latest"])).await;
    let two = registry.push("a", "v2", "two").await;
    assert!(
        registry
            .store()
            .delete_manifest(&name("a"), &one, "tester")
            .await
            .unwrap()
    );
    assert!(
        !registry
            .store()
            .delete_manifest(&name("a"), &one, "tester")
            .await
            .unwrap()
    );
    assert_eq!(registry.tags("a").await, ["v2"]);
    assert_eq!(registry.tag("a", "v2").await, Some(two));
    assert_eq!(registry.read("a", &Digest::sha256(b"one")).await.unwrap(), "one");
}

#[tokio::test]
async fn a_blob_that_a_manifest_needs_is_not_deleted() {
    let registry = Registry::new().await;
    let by = registry.push("a", "v1", "layer").await;
    let layer = Digest::sha256(b"layer");
    let delete = async || {
        registry
            .store()
            .delete_blob(&name("a"), &layer, "tester")
            .await
            .unwrap()
    };
    assert_eq!(delete().await, BlobDeletion::Referenced { by });
    registry
        .store()
        .delete_manifest(&name("a"), &by, "tester")
        .await
        .unwrap();
    assert_eq!(delete().await, BlobDeletion::Deleted);
    assert_eq!(delete().await, BlobDeletion::NotFound);
    assert!(registry.read("a", &layer).await.is_none());
}

#[tokio::test]
async fn a_deleted_blob_stays_in_other_repositories() {
    let registry = Registry::new().await;
    let digest = registry.upload("a", b"shared").await;
    registry.upload("b", b"shared").await;
    registry
        .store()
        .delete_blob(&name("a"), &digest, "tester")
        .await
        .unwrap();
    assert_eq!(registry.read("b", &digest).await.unwrap(), "shared");
}

#[tokio::test]
async fn an_index_needs_its_children() {
    let registry = Registry::new().await;
    let child = registry.push("a", "v1", "layer").await;
    let bytes = image("layer", &[]).bytes;
    let json = |content: &[u8]| {
        let child = descriptor(MediaType::OCI_MANIFEST, content);
        format!(
            r#"{{"schemaVersion":2,"mediaType":"{}","manifests":[{child}]}}"#,
            MediaType::OCI_INDEX
        )
    };
    registry.put("a", manifest(json(&bytes), &["multi"])).await;
    let absent = registry
        .store()
        .put_manifest(&name("a"), manifest(json(b"{}"), &["x"]))
        .await
        .unwrap();
    assert_eq!(absent, PutManifest::MissingContent(vec![Digest::sha256(b"{}")]));
    assert_eq!(registry.tag("a", "x").await, None);
    assert_eq!(registry.tag("a", "v1").await, Some(child));
}

#[tokio::test]
async fn tags_are_listed_in_ascii_order_page_by_page() {
    let registry = Registry::new().await;
    registry.push("a", "v1", "layer").await;
    registry
        .put("a", image("layer", &["V2", "a", "v10", "v2", "_x"]))
        .await;
    assert_eq!(registry.tags("a").await, ["V2", "_x", "a", "v1", "v10", "v2"]);
    let page = registry
        .store()
        .list_tags(&name("a"), Some("b"), 2)
        .await
        .unwrap()
        .unwrap();
    assert_eq!(page.items, [tag("v1"), tag("v10")]);
    assert!(page.more);
    let page = registry
        .store()
        .list_tags(&name("a"), Some("v10"), 2)
        .await
        .unwrap()
        .unwrap();
    assert_eq!(page.items, [tag("v2")]);
    assert!(!page.more);
    assert_eq!(
        registry.store().list_tags(&name("none"), None, 2).await.unwrap(),
        None
    );
    let none = registry
        .store()
        .list_tags(&name("a"), None, 0)
        .await
        .unwrap()
        .unwrap();
    assert!(none.items.is_empty() && none.more);
}

#[tokio::test]
async fn repositories_are_listed_page_by_page() {
    let registry = Registry::new().await;
    for repository in ["b", "a/c", "a"] {
        registry.push(repository, "v1", "layer").await;
    }
    assert_eq!(registry.repositories().await, ["a", "a/c", "b"]);
    let page = registry.store().list_repositories(Some("a"), 1).await.unwrap();
    assert_eq!(page.items, [name("a/c")]);
    assert!(page.more);
}

fn with_subject(subject: &Digest, layer: &str) -> String {
    let json = String::from_utf8(image(layer, &[]).bytes.to_vec()).unwrap();
    let subject = format!(
        r#","artifactType":"application/x.sbom","annotations":{{"k":"v"}},"subject":{{"mediaType":"{}","digest":"{subject}","size":1}}}}"#,
        MediaType::OCI_MANIFEST
    );
    json[..json.len() - 1].to_owned() + &subject
}

#[tokio::test]
async fn referrers_are_found_by_subject_and_by_fallback_tag_each_once() {
    let mut registry = Registry::new().await;
    let subject = registry.push("a", "v1", "layer").await;
    let own = manifest(with_subject(&subject, "layer"), &[]);
    let other = image("layer", &[]);
    let fallback = format!(
        r#"{{"schemaVersion":2,"mediaType":"{}","manifests":[{},{}]}}"#,
        MediaType::OCI_INDEX,
        descriptor(MediaType::OCI_MANIFEST, &own.bytes),
        descriptor(MediaType::OCI_MANIFEST, &other.bytes)
    );
    let (own, other) = (registry.put("a", own).await, other.digest);
    registry
        .put("a", manifest(fallback, &[&fallback_tag(&subject)]))
        .await;
    let sbom = MediaType::parse("application/x.sbom").unwrap();
    for _ in 0..2 {
        let found = registry
            .store()
            .referrers(&name("a"), &subject, None)
            .await
            .unwrap();
        let digests: Vec<Digest> = found.iter().map(|descriptor| descriptor.digest).collect();
        assert_eq!(digests, [own, other]);
        assert_eq!(found[0].artifact_type.as_ref(), Some(&sbom));
        assert_eq!(found[0].annotations["k"], "v");
        let found = registry
            .store()
            .referrers(&name("a"), &subject, Some(&sbom))
            .await
            .unwrap();
        assert_eq!(found.len(), 1);
        registry.stop().await;
        std::fs::remove_dir_all(registry.root().join(".berth")).unwrap();
        registry.start().await;
    }
    let unknown = registry
        .store()
        .referrers(&name("b"), &subject, None)
        .await
        .unwrap();
    assert!(unknown.is_empty());
}

#[tokio::test]
async fn a_subject_may_come_after_its_referrers() {
    let registry = Registry::new().await;
    let subject = image("layer", &[]).digest;
    registry.upload("a", b"{}").await;
    registry.upload("a", b"layer").await;
    let own = registry
        .put("a", manifest(with_subject(&subject, "layer"), &[]))
        .await;
    let found = registry
        .store()
        .referrers(&name("a"), &subject, None)
        .await
        .unwrap();
    assert_eq!(found[0].digest, own);
    let read = registry
        .store()
        .get_manifest(&name("a"), &TagOrDigest::Digest(subject))
        .await;
    assert_eq!(read.unwrap(), None);
}
