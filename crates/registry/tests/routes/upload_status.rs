use crate::app::App;

#[tokio::test]
async fn trap_02_the_status_has_location_and_range() {
    let app = App::start().await;
    let location = app.upload("a").await;
    let status = app.get(&location).await;
    assert_eq!(
        (status.status, status.header("location"), status.header("range")),
        (204, &*location, "0-0")
    );
    assert!(!status.has("content-length"), "a 204 has no length");
    assert_eq!(
        app.give(&format!("PATCH {location}"), &[], "0123").await.status,
        202
    );
    assert_eq!(app.get(&location).await.header("range"), "0-3");
}
