use std::path::Path;
use std::time::Duration;

use base64::Engine as _;
use berth_registry::{Authenticator, Htpasswd, HtpasswdError, PasswordFile, RegistryOptions};

use crate::app::App;

pub(crate) fn basic(user: &str, password: &str) -> String {
    let text = format!("{user}:{password}");
    format!("Basic {}", base64::engine::general_purpose::STANDARD.encode(text))
}

fn line(user: &str, password: &str) -> String {
    format!("{user}:{}\n", bcrypt::hash(password, 4).unwrap())
}

async fn ping(app: &App, authorization: &str) -> u16 {
    app.ask("GET /v2/", &[("authorization", authorization)])
        .await
        .status
}

#[tokio::test]
async fn trap_27_the_root_asks_for_a_login_with_the_realm() {
    let users = PasswordFile::fixed(Htpasswd::parse(&line("ann", "secret")).unwrap());
    let options = RegistryOptions {
        realm: "team \"a\"".into(),
        ..Default::default()
    };
    let app = App::with(options, Authenticator::Htpasswd(users)).await;
    for path in ["/v2/", "/v2/_catalog", "/v2/a/tags/list"] {
        let answer = app.get(path).await;
        answer.refused(401, "UNAUTHORIZED");
        assert_eq!(answer.header("www-authenticate"), "Basic realm=\"team a\"");
        assert_eq!(answer.header("docker-distribution-api-version"), "registry/2.0");
    }
    assert_eq!(ping(&app, &basic("ann", "secret")).await, 200);
}

/// Class 24, as far as it shows in what is said; the time is that of one bcrypt of the same cost.
#[tokio::test]
async fn a_wrong_password_and_an_unknown_user_get_the_same_answer() {
    let users = PasswordFile::fixed(Htpasswd::parse(&line("ann", "secret")).unwrap());
    let app = App::with(RegistryOptions::default(), Authenticator::Htpasswd(users)).await;
    let mut answers = Vec::new();
    for authorization in [
        basic("ann", "wrong"),
        basic("nobody", "secret"),
        basic("", ""),
        basic("ann", ""),
        "Basic !".into(),
        "Bearer x".into(),
    ] {
        let answer = app.ask("GET /v2/", &[("authorization", &authorization)]).await;
        answers.push((answer.status, answer.body));
    }
    assert!(
        answers
            .iter()
            .all(|answer| answer.0 == 401 && answer.1 == answers[0].1),
        "{answers:?}"
    );
    // A right password is remembered, and does not make a wrong one right.
    assert_eq!(ping(&app, &basic("ann", "secret")).await, 200);
    assert_eq!(ping(&app, &basic("ann", "wrong")).await, 401);
    assert_eq!(ping(&app, &basic("ann", "secret")).await, 200);
}

#[tokio::test(start_paused = true)]
async fn a_changed_password_file_is_followed_and_a_broken_one_is_not() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("htpasswd");
    std::fs::write(&path, line("ann", "secret")).unwrap();
    let users = PasswordFile::open(&path).unwrap();
    let app = App::with(RegistryOptions::default(), Authenticator::Htpasswd(users)).await;
    assert_eq!(ping(&app, &basic("ann", "secret")).await, 200);
    // The user is gone: so is what was remembered of the password.
    std::fs::write(&path, format!("# without ann\n{}", line("bob", "secret"))).unwrap();
    tokio::time::advance(Duration::from_secs(2)).await;
    assert_eq!(ping(&app, &basic("ann", "secret")).await, 401);
    assert_eq!(ping(&app, &basic("bob", "secret")).await, 200);
    // A changed password: the old one is not taken from memory.
    std::fs::write(&path, format!("# with a new one\n{}", line("bob", "changed"))).unwrap();
    tokio::time::advance(Duration::from_secs(2)).await;
    assert_eq!(ping(&app, &basic("bob", "secret")).await, 401);
    assert_eq!(ping(&app, &basic("bob", "changed")).await, 200);
    std::fs::write(&path, "bob:plain\n").unwrap();
    tokio::time::advance(Duration::from_secs(2)).await;
    assert_eq!(ping(&app, &basic("bob", "changed")).await, 200);
    assert_eq!(ping(&app, &basic("bob", "plain")).await, 401);
}

#[tokio::test]
async fn a_missing_password_file_is_named() {
    let error = PasswordFile::open(Path::new("/nowhere/htpasswd")).err().unwrap();
    assert!(matches!(error, HtpasswdError::Read { .. }));
    assert!(error.to_string().contains("/nowhere/htpasswd"));
}

#[tokio::test]
async fn without_authentication_credentials_are_not_looked_at() {
    let app = App::start().await;
    assert_eq!(ping(&app, &basic("anyone", "anything")).await, 200);
}
