use serde_json::json;

use crate::app::App;

async fn tagged(tags: &[&str]) -> App {
    let app = App::start().await;
    for tag in tags {
        app.image(&format!("a:{tag}")).await;
    }
    app
}

#[tokio::test]
async fn trap_16_tags_come_sorted_in_pages_with_links() {
    let app = tagged(&["v2", "v1", "V3", "v10", "latest"]).await;
    let all = app.get("/v2/a/tags/list").await;
    assert_eq!(
        all.json(),
        json!({"name": "a", "tags": ["V3", "latest", "v1", "v10", "v2"]})
    );
    assert!(!all.has("link"));
    let mut seen = Vec::new();
    let mut next = "/v2/a/tags/list?n=2".to_owned();
    loop {
        let page = app.get(&next).await;
        seen.extend(page.json()["tags"].as_array().unwrap().clone());
        if !page.has("link") {
            break;
        }
        let link = page.header("link");
        let url = link
            .strip_prefix('<')
            .and_then(|rest| rest.strip_suffix(">; rel=\"next\""));
        url.unwrap_or_else(|| panic!("{link}")).clone_into(&mut next);
    }
    assert_eq!(json!(seen), all.json()["tags"]);
}

#[tokio::test]
async fn trap_16_last_is_exclusive_and_may_name_a_tag_that_is_gone() {
    let app = tagged(&["a", "c", "e"]).await;
    for (query, tags) in [
        ("last=a", json!(["c", "e"])),
        ("last=b", json!(["c", "e"])),
        ("last=e", json!([])),
        ("n=1&last=c", json!(["e"])),
    ] {
        let page = app.get(&format!("/v2/a/tags/list?{query}")).await;
        assert_eq!((page.status, &page.json()["tags"]), (200, &tags), "{query}");
        assert!(!page.has("link"), "{query}");
    }
}

#[tokio::test]
async fn trap_16_none_asked_for_is_none_given_and_no_link() {
    let app = tagged(&["a"]).await;
    let page = app.get("/v2/a/tags/list?n=0").await;
    assert_eq!(
        (page.status, page.json()),
        (200, json!({"name": "a", "tags": []}))
    );
    assert!(!page.has("link"));
    app.get("/v2/a/tags/list?n=-1").await.refused(400, "UNSUPPORTED");
}

#[tokio::test]
async fn trap_16_unknown_is_404_and_empty_is_an_empty_list() {
    let app = tagged(&["a"]).await;
    app.get("/v2/unknown/tags/list")
        .await
        .refused(404, "NAME_UNKNOWN");
    app.get("/v2/unknown/tags/list?n=0")
        .await
        .refused(404, "NAME_UNKNOWN");
    assert_eq!(app.delete("/v2/a/manifests/a").await.status, 202);
    let page = app.get("/v2/a/tags/list").await;
    assert_eq!(
        (page.status, page.json()),
        (200, json!({"name": "a", "tags": []}))
    );
}
