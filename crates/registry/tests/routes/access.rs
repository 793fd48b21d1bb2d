use std::sync::Arc;

use berth_oci::Digest;
use berth_registry::access::{Access, Action, Principal, Scope};
use berth_registry::{Authenticator, Htpasswd, PasswordFile};

use crate::app::{Answer, App, OCI_MANIFEST};
use crate::auth::basic;

/// Everyone owns the repositories below their name, and may read those below `public`.
struct OwnNames;

impl Access for OwnNames {
    fn allows(&self, principal: &Principal, action: Action, scope: Scope<'_>) -> bool {
        let (Principal::User(user), Scope::Repository(repository)) = (principal, scope) else {
            return false;
        };
        match repository.components().next() {
            Some("public") => action == Action::Pull,
            first => first == Some(user),
        }
    }
}

async fn two_users() -> (App, App) {
    let open = App::start().await;
    let line = |user: &str| format!("{user}:{}\n", bcrypt::hash("secret", 4).unwrap());
    let users = Htpasswd::parse(&format!("{}{}", line("ann"), line("bob"))).unwrap();
    let users = PasswordFile::fixed(users);
    let closed = open.under(Authenticator::Htpasswd(users), Arc::new(OwnNames));
    (open, closed)
}

async fn as_user(app: &App, user: &str, line: &str) -> Answer {
    let authorization = basic(user, "secret");
    app.ask(
        line,
        &[("authorization", &authorization), ("content-type", OCI_MANIFEST)],
    )
    .await
}

/// Classes 11 and 12: every endpoint, asked by somebody without the right, says the same thing.
#[tokio::test]
async fn without_the_right_every_endpoint_is_denied_whether_or_not_it_is_there() {
    let (open, closed) = two_users().await;
    let manifest = open.image("ann/app:v1").await;
    let blob = open.blob("ann/app", "content").await;
    let upload = open.upload("ann/app").await;
    let absent = Digest::sha256(b"absent");
    let mut lines = vec![
        "GET /v2/_catalog".to_owned(),
        format!("GET {upload}"),
        format!("PATCH {upload}"),
        format!("PUT {upload}?digest={blob}"),
        format!("DELETE {upload}"),
    ];
    for name in ["ann/app", "ann/absent"] {
        for digest in [manifest, blob, absent] {
            lines.extend([
                format!("GET /v2/{name}/blobs/{digest}"),
                format!("DELETE /v2/{name}/blobs/{digest}"),
                format!("GET /v2/{name}/manifests/{digest}"),
                format!("DELETE /v2/{name}/manifests/{digest}"),
                format!("PUT /v2/{name}/manifests/{digest}?tag=v1"),
                format!("GET /v2/{name}/referrers/{digest}"),
                format!("POST /v2/{name}/blobs/uploads/?digest={digest}"),
                format!("POST /v2/{name}/blobs/uploads/?mount={digest}&from=bob/app"),
            ]);
        }
        lines.extend([
            format!("GET /v2/{name}/tags/list"),
            format!("GET /v2/{name}/manifests/v1"),
            format!("PUT /v2/{name}/manifests/v1"),
            format!("DELETE /v2/{name}/manifests/v1"),
            format!("POST /v2/{name}/blobs/uploads/"),
        ]);
    }
    let first = as_user(&closed, "bob", &lines[0]).await;
    for line in lines {
        let answer = as_user(&closed, "bob", &line).await;
        answer.refused(403, "DENIED");
        assert_eq!(answer.body, first.body, "{line}");
        let anonymous = closed.ask(&line, &[]).await;
        assert_eq!(anonymous.status, 401, "{line}");
    }
    assert_eq!(
        as_user(&closed, "ann", "GET /v2/ann/app/manifests/v1")
            .await
            .status,
        200
    );
}

#[tokio::test]
async fn the_right_to_pull_is_not_one_to_push_or_to_delete() {
    let (open, closed) = two_users().await;
    open.image("public/base:v1").await;
    assert_eq!(
        as_user(&closed, "bob", "GET /v2/public/base/manifests/v1")
            .await
            .status,
        200
    );
    for line in [
        "PUT /v2/public/base/manifests/v1",
        "DELETE /v2/public/base/manifests/v1",
        "POST /v2/public/base/blobs/uploads/",
    ] {
        as_user(&closed, "bob", line).await.refused(403, "DENIED");
    }
}

/// Class 9.
#[tokio::test]
async fn trap_08_a_mount_needs_the_right_to_read_its_source() {
    let (open, closed) = two_users().await;
    let secret = open.blob("ann/app", "secret layer").await;
    let public = open.blob("public/base", "public layer").await;
    let mount = |digest: Digest, from: &str| format!("POST /v2/bob/app/blobs/uploads/?mount={digest}{from}");
    let shared = as_user(&closed, "bob", &mount(public, "&from=public/base")).await;
    assert_eq!(shared.status, 201);
    // Forbidden, absent, and "from wherever it is" get one answer.
    let absent = Digest::sha256(b"absent");
    for line in [
        mount(secret, "&from=ann/app"),
        mount(absent, "&from=ann/app"),
        mount(secret, ""),
        mount(public, ""),
    ] {
        let answer = as_user(&closed, "bob", &line).await;
        assert_eq!((answer.status, answer.body.len()), (202, 0), "{line}");
    }
    as_user(&closed, "bob", &format!("GET /v2/bob/app/blobs/{secret}"))
        .await
        .refused(404, "BLOB_UNKNOWN");
}

#[tokio::test]
async fn trap_26_an_upload_is_bound_to_its_user() {
    struct Everyone;
    impl Access for Everyone {
        fn allows(&self, _: &Principal, _: Action, _: Scope<'_>) -> bool {
            true
        }
    }
    let line = |user: &str| format!("{user}:{}\n", bcrypt::hash("secret", 4).unwrap());
    let users = Htpasswd::parse(&format!("{}{}", line("ann"), line("bob"))).unwrap();
    let authenticator = Authenticator::Htpasswd(PasswordFile::fixed(users));
    let open = App::start().await;
    let app = open.under(authenticator.clone(), Arc::new(Everyone));
    let started = as_user(&app, "ann", "POST /v2/shared/blobs/uploads/").await;
    let location = started.header("location").to_owned();
    only_anns(&app, &location).await;
    drop(app);
    let restarted = open.restarted().await;
    let app = restarted.under(authenticator, Arc::new(Everyone));
    only_anns(&app, &location).await;
}

/// Bob and Ann ask for an upload that Ann began.
async fn only_anns(app: &App, location: &str) {
    for method in ["GET", "PATCH", "DELETE"] {
        as_user(app, "bob", &format!("{method} {location}"))
            .await
            .refused(404, "BLOB_UPLOAD_UNKNOWN");
    }
    assert_eq!(as_user(app, "ann", &format!("GET {location}")).await.status, 204);
}
