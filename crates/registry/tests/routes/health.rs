use berth_registry::{Authenticator, Htpasswd, PasswordFile, RegistryOptions};
use serde_json::json;

use crate::app::App;

#[tokio::test]
async fn health_is_told_to_everyone_with_the_notes_of_assembly() {
    let options = RegistryOptions {
        notes: vec!["RegistryAccess/team is not enforced".into()],
        ..Default::default()
    };
    let users = PasswordFile::fixed(Htpasswd::default());
    let app = App::with(options, Authenticator::Htpasswd(users)).await;
    let answer = app.get("/healthz").await;
    assert_eq!(answer.status, 200);
    assert_eq!(
        answer.json(),
        json!({"status": "ok", "notes": ["RegistryAccess/team is not enforced"]})
    );
}
