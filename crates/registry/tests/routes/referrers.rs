use berth_oci::Digest;
use serde_json::{Value, json};

use crate::app::{App, OCI_INDEX, OCI_MANIFEST, image};

fn about(subject: Digest, more: &str) -> String {
    format!(r#","subject":{{"mediaType":"{OCI_MANIFEST}","digest":"{subject}","size":5}}{more}"#)
}

/// Pushes a referrer by digest and answers its digest.
async fn refer(app: &App, text: &str, media_type: &str) -> Digest {
    let digest = Digest::sha256(text.as_bytes());
    let answer = app.put_manifest("a", &digest.to_string(), media_type, text).await;
    assert_eq!(answer.status, 201, "{answer:?}");
    digest
}

fn digests(index: &Value) -> Vec<String> {
    let mut digests: Vec<_> = index["manifests"]
        .as_array()
        .unwrap()
        .iter()
        .map(|entry| entry["digest"].as_str().unwrap().to_owned())
        .collect();
    digests.sort();
    digests
}

#[tokio::test]
async fn trap_13_nothing_known_is_an_empty_index() {
    let app = App::start().await;
    let subject = Digest::sha256(b"subject");
    for repository in ["never/pushed", "a"] {
        let answer = app.get(&format!("/v2/{repository}/referrers/{subject}")).await;
        assert_eq!((answer.status, answer.header("content-type")), (200, OCI_INDEX));
        assert_eq!(
            answer.json(),
            json!({"schemaVersion": 2, "mediaType": OCI_INDEX, "manifests": []})
        );
        assert!(!answer.has("oci-filters-applied"));
    }
    app.get("/v2/a/referrers/sha256:bad")
        .await
        .refused(400, "DIGEST_INVALID");
}

#[tokio::test]
async fn trap_13_each_referrer_stands_once_with_its_type_and_annotations() {
    let app = App::start().await;
    let config = app.blob("a", "{}").await;
    let subject = Digest::sha256(b"subject");
    let typed = image(
        config,
        2,
        &about(subject, r#","artifactType":"text/sbom","annotations":{"k":"v"}"#),
    );
    let untyped = image(config, 2, &about(subject, ""));
    let index = format!(
        r#"{{"schemaVersion":2,"mediaType":"{OCI_INDEX}","manifests":[]{}}}"#,
        about(subject, "")
    );
    let first = refer(&app, &typed, OCI_MANIFEST).await;
    let second = refer(&app, &untyped, OCI_MANIFEST).await;
    let third = refer(&app, &index, OCI_INDEX).await;
    // Tagged later, it must not stand there twice.
    assert_eq!(app.manifest("a:sbom", OCI_MANIFEST, &typed).await.status, 201);
    let listed = app.get(&format!("/v2/a/referrers/{subject}")).await.json();
    let entry = |digest: Digest| {
        let entries = listed["manifests"].as_array().unwrap();
        entries
            .iter()
            .find(|entry| entry["digest"] == digest.to_string())
            .unwrap()
            .clone()
    };
    assert_eq!(listed["manifests"].as_array().unwrap().len(), 3);
    assert_eq!(
        entry(first),
        json!({"mediaType": OCI_MANIFEST, "digest": first.to_string(), "size": typed.len(),
               "artifactType": "text/sbom", "annotations": {"k": "v"}})
    );
    assert_eq!(
        entry(second)["artifactType"],
        "application/vnd.oci.image.config.v1+json"
    );
    assert!(entry(third).get("artifactType").is_none());
    assert_eq!(app.delete(&format!("/v2/a/manifests/{first}")).await.status, 202);
    let listed = app.get(&format!("/v2/a/referrers/{subject}")).await.json();
    assert!(!digests(&listed).contains(&first.to_string()));
}

#[tokio::test]
async fn trap_14_a_filter_is_confirmed_and_leaves_nothing_else() {
    let app = App::start().await;
    let config = app.blob("a", "{}").await;
    let subject = Digest::sha256(b"subject");
    let with = |artifact: &str| {
        image(
            config,
            2,
            &about(subject, &format!(r#","artifactType":"{artifact}""#)),
        )
    };
    let sbom = refer(&app, &with("application/sbom+json"), OCI_MANIFEST).await;
    refer(&app, &with("application/signature"), OCI_MANIFEST).await;
    for (wanted, expected) in [
        ("application/sbom%2Bjson", vec![sbom.to_string()]),
        ("application/sbom+json", vec![sbom.to_string()]),
        ("text/none", vec![]),
    ] {
        let answer = app
            .get(&format!("/v2/a/referrers/{subject}?artifactType={wanted}"))
            .await;
        assert_eq!(answer.header("oci-filters-applied"), "artifactType");
        assert_eq!(digests(&answer.json()), expected, "{wanted}");
    }
}

#[tokio::test]
async fn trap_14_a_large_list_comes_in_large_pages_with_links() {
    let app = App::start().await;
    let config = app.blob("a", "{}").await;
    let subject = Digest::sha256(b"subject");
    let weight = "x".repeat(1024 * 1024);
    let mut expected = Vec::new();
    for number in 0..5 {
        let more =
            format!(r#","artifactType":"text/a+b","annotations":{{"n":"{number}","weight":"{weight}"}}"#);
        expected.push(
            refer(&app, &image(config, 2, &about(subject, &more)), OCI_MANIFEST)
                .await
                .to_string(),
        );
    }
    expected.sort();
    let mut found = Vec::new();
    let mut pages = 0;
    let mut next = Some(format!("/v2/a/referrers/{subject}?artifactType=text/a%2Bb"));
    while let Some(url) = next {
        let page = app.get(&url).await;
        assert_eq!(page.header("oci-filters-applied"), "artifactType");
        assert!(page.body.len() < 4 * 1024 * 1024);
        found.extend(digests(&page.json()));
        pages += 1;
        next = page.has("link").then(|| {
            let link = page.header("link");
            link.trim_start_matches('<').split('>').next().unwrap().to_owned()
        });
    }
    assert_eq!((found, pages), (expected, 3));
}

#[tokio::test]
async fn trap_15_what_clients_listed_under_a_tag_before_is_listed() {
    let app = App::start().await;
    let config = app.blob("a", "{}").await;
    let subject = Digest::sha256(b"subject");
    // Pushed by a client of a registry without this API: no subject field, an index under a tag instead.
    let referrer = image(config, 2, r#","artifactType":"text/sbom""#);
    let digest = refer(&app, &referrer, OCI_MANIFEST).await;
    let list = format!(
        r#"{{"schemaVersion":2,"mediaType":"{OCI_INDEX}","manifests":[{{"mediaType":"{OCI_MANIFEST}","digest":"{digest}","size":{},"artifactType":"text/sbom"}}]}}"#,
        referrer.len()
    );
    let tag = format!("a:sha256-{}", subject.hex());
    assert_eq!(app.manifest(&tag, OCI_INDEX, &list).await.status, 201);
    let listed = app.get(&format!("/v2/a/referrers/{subject}")).await.json();
    assert_eq!(digests(&listed), [digest.to_string()]);
    let none = app
        .get(&format!("/v2/a/referrers/{subject}?artifactType=text/other"))
        .await
        .json();
    assert!(digests(&none).is_empty());
}
