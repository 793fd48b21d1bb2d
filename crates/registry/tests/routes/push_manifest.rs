use berth_oci::Digest;

use crate::app::{App, Frames, OCI_INDEX, OCI_MANIFEST, Then, builder, image};

async fn config(app: &App) -> Digest {
    app.blob("a", "{}").await
}

#[tokio::test]
async fn a_manifest_under_a_tag_is_found_by_tag_and_by_digest() {
    let app = App::start().await;
    let text = image(config(&app).await, 2, "");
    let answer = app.manifest("a:v1", OCI_MANIFEST, &text).await;
    let digest = Digest::sha256(text.as_bytes());
    assert_eq!(
        (answer.status, answer.header("docker-content-digest")),
        (201, &*digest.to_string())
    );
    assert_eq!(answer.header("location"), format!("/v2/a/manifests/{digest}"));
    assert!(!answer.has("oci-subject") && !answer.has("oci-tag"));
    assert_eq!(app.get(answer.header("location")).await.body, text.as_bytes());
    assert_eq!(app.get("/v2/a/manifests/v1").await.body, text.as_bytes());
}

#[tokio::test]
async fn one_push_by_digest_sets_several_tags() {
    let app = App::start().await;
    let text = image(config(&app).await, 2, "");
    let digest = Digest::sha256(text.as_bytes());
    let answer = app
        .put_manifest(
            "a",
            &format!("{digest}?tag=v1&tag=v1.2&tag=latest"),
            OCI_MANIFEST,
            &text,
        )
        .await;
    assert_eq!(answer.status, 201);
    let told: Vec<_> = answer
        .headers
        .get_all("oci-tag")
        .iter()
        .map(|tag| tag.to_str().unwrap())
        .collect();
    assert_eq!(told, ["v1", "v1.2", "latest"]);
    for tag in told {
        assert_eq!(app.get(&format!("/v2/a/manifests/{tag}")).await.status, 200);
    }
    let many = format!("{digest}?{}", "tag=t&".repeat(101));
    app.put_manifest("a", &many, OCI_MANIFEST, &text)
        .await
        .refused(413, "SIZE_INVALID");
}

#[tokio::test]
async fn trap_12_a_subject_is_confirmed_even_when_it_is_not_there() {
    let app = App::start().await;
    let subject = Digest::sha256(b"later");
    let field = format!(r#","subject":{{"mediaType":"{OCI_MANIFEST}","digest":"{subject}","size":5}}"#);
    let manifest = image(config(&app).await, 2, &field);
    let index = format!(r#"{{"schemaVersion":2,"mediaType":"{OCI_INDEX}","manifests":[]{field}}}"#);
    for (tag, media_type, text) in [("m", OCI_MANIFEST, &manifest), ("i", OCI_INDEX, &index)] {
        let answer = app.put_manifest("a", tag, media_type, text).await;
        assert_eq!(
            (answer.status, answer.header("oci-subject")),
            (201, &*subject.to_string())
        );
    }
}

#[tokio::test]
async fn trap_19_the_odd_shapes_of_manifests_are_taken() {
    let app = App::start().await;
    let empty = app.blob("a", "").await;
    let config = config(&app).await;
    let layer =
        format!(r#"{{"mediaType":"application/vnd.oci.image.layer.v1.tar","digest":"{empty}","size":0}}"#);
    let foreign = format!(
        r#"{{"mediaType":"application/vnd.oci.image.layer.nondistributable.v1.tar","digest":"{}","size":9,"urls":["https://example.com/x"]}}"#,
        Digest::sha256(b"elsewhere")
    );
    let of =
        |layers: &str| image(config, 2, "").replace(r#""layers":[]"#, &format!(r#""layers":[{layers}]"#));
    let shapes = [
        of(""),
        of(&format!("{layer},{layer}")),
        of(&foreign),
        image(config, 2, r#","unknown":{"deep":[1,null]}"#),
        image(config, 2, "").replace(r#""size":2"#, r#""size":2,"data":"e30=""#),
    ];
    let mut children = Vec::new();
    for text in &shapes {
        let answer = app.manifest("a:shape", OCI_MANIFEST, text).await;
        assert_eq!(answer.status, 201, "{text} {answer:?}");
        assert_eq!(app.get("/v2/a/manifests/shape").await.body, text.as_bytes());
        children.push((OCI_MANIFEST, text.clone()));
    }
    // An index of these, and an index of that index.
    for _ in 0..2 {
        let text = index(&children);
        let answer = app.manifest("a:index", OCI_INDEX, &text).await;
        assert_eq!(answer.status, 201, "{answer:?}");
        children = vec![(OCI_INDEX, text)];
    }
}

fn index(children: &[(&str, String)]) -> String {
    let entries: Vec<_> = children
        .iter()
        .map(|(media_type, text)| {
            let digest = Digest::sha256(text.as_bytes());
            format!(
                r#"{{"mediaType":"{media_type}","digest":"{digest}","size":{}}}"#,
                text.len()
            )
        })
        .collect();
    format!(
        r#"{{"schemaVersion":2,"mediaType":"{OCI_INDEX}","manifests":[{}]}}"#,
        entries.join(",")
    )
}

#[tokio::test]
async fn trap_20_content_that_is_missing_is_named() {
    let app = App::start().await;
    let missing = Digest::sha256(b"missing");
    let answer = app.manifest("a:v1", OCI_MANIFEST, &image(missing, 7, "")).await;
    answer.refused(404, "MANIFEST_BLOB_UNKNOWN");
    assert_eq!(answer.json()["errors"][0]["detail"], missing.to_string());
    let child = image(missing, 7, "");
    app.manifest("a:v1", OCI_INDEX, &index(&[(OCI_MANIFEST, child)]))
        .await
        .refused(404, "MANIFEST_BLOB_UNKNOWN");
    app.get("/v2/a/manifests/v1")
        .await
        .refused(404, "MANIFEST_UNKNOWN");
}

#[tokio::test]
async fn trap_21_a_manifest_under_another_s_digest_is_refused() {
    let app = App::start().await;
    let text = image(config(&app).await, 2, "");
    let other = Digest::sha256(b"other");
    app.put_manifest("a", &other.to_string(), OCI_MANIFEST, &text)
        .await
        .refused(400, "DIGEST_INVALID");
    app.put_manifest("a", "sha256:bad", OCI_MANIFEST, &text)
        .await
        .refused(400, "DIGEST_INVALID");
    app.put_manifest("a", ".bad", OCI_MANIFEST, &text)
        .await
        .refused(400, "NAME_INVALID");
    app.get(&format!("/v2/a/manifests/{other}"))
        .await
        .refused(404, "MANIFEST_UNKNOWN");
}

#[tokio::test]
async fn trap_24_four_mebibytes_are_taken_and_a_byte_more_is_413() {
    let app = App::start().await;
    let text = image(config(&app).await, 2, "");
    let limit = 4 * 1024 * 1024;
    let padded = |bytes: usize| format!("{text}{}", " ".repeat(bytes - text.len()));
    assert_eq!(
        app.manifest("a:v1", OCI_MANIFEST, &padded(limit)).await.status,
        201
    );
    app.manifest("a:v2", OCI_MANIFEST, &padded(limit + 1))
        .await
        .refused(413, "SIZE_INVALID");
    // The same without a length: refused when it is reached, whatever would follow.
    let mebibyte: &'static str = Box::leak(" ".repeat(1024 * 1024).into_boxed_str());
    let endless = Frames::new(&[mebibyte; 6], Then::Hang);
    let headers = [("content-type", OCI_MANIFEST)];
    let request = builder("PUT /v2/a/manifests/v3", &headers).body(endless).unwrap();
    app.send(request).await.refused(413, "SIZE_INVALID");
}

/// Class 8: two readers must not see two different things in one document.
#[tokio::test]
async fn a_manifest_that_could_be_read_in_two_ways_is_refused() {
    let app = App::start().await;
    let good = image(config(&app).await, 2, "");
    for (media_type, text) in [
        (OCI_INDEX, good.clone()),
        (
            OCI_MANIFEST,
            good.replace(r#""layers":[]"#, r#""layers":[],"manifests":[]"#),
        ),
        (
            OCI_MANIFEST,
            good.replace(r#""layers":[]"#, r#""layers":[],"layers":[]"#),
        ),
        (
            OCI_MANIFEST,
            good.replace(r#""layers":[]"#, r#""layers":[],"Layers":[]"#),
        ),
        (OCI_MANIFEST, "not json".into()),
        (OCI_MANIFEST, String::new()),
    ] {
        app.manifest("a:v1", media_type, &text)
            .await
            .refused(400, "MANIFEST_INVALID");
    }
    app.get("/v2/a/manifests/v1")
        .await
        .refused(404, "MANIFEST_UNKNOWN");
}
