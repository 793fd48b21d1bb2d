use crate::app::App;

#[tokio::test]
async fn a_cancelled_upload_is_gone() {
    let app = App::start().await;
    let location = app.upload("a").await;
    assert_eq!(
        app.give(&format!("PATCH {location}"), &[], "0123").await.status,
        202
    );
    assert_eq!(app.delete(&location).await.status, 204);
    for line in ["GET", "PATCH", "DELETE"] {
        app.ask(&format!("{line} {location}"), &[])
            .await
            .refused(404, "BLOB_UPLOAD_UNKNOWN");
    }
}
