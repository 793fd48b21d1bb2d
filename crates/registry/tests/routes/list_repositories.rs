use serde_json::json;

use crate::app::App;

#[tokio::test]
async fn the_catalog_lists_repositories_in_pages() {
    let app = App::start().await;
    for name in ["b", "a/c", "a"] {
        app.image(&format!("{name}:v1")).await;
    }
    assert_eq!(
        app.get("/v2/_catalog").await.json(),
        json!({"repositories": ["a", "a/c", "b"]})
    );
    let page = app.get("/v2/_catalog?n=2").await;
    assert_eq!(page.json(), json!({"repositories": ["a", "a/c"]}));
    assert_eq!(page.header("link"), "</v2/_catalog?n=2&last=a%2Fc>; rel=\"next\"");
    let rest = app.get("/v2/_catalog?n=2&last=a%2Fc").await;
    assert_eq!(rest.json(), json!({"repositories": ["b"]}));
    assert!(!rest.has("link"));
}
