use std::io::Write;
use std::sync::{Arc, Mutex};

use berth_registry::{Authenticator, Htpasswd, PasswordFile, RegistryOptions};
use tracing_subscriber::fmt::MakeWriter;

use crate::app::{App, Frames, Then, builder};
use crate::auth::basic;

/// Keeps what is logged on this thread.
#[derive(Clone, Default)]
struct Kept(Arc<Mutex<Vec<u8>>>);

impl Kept {
    fn listen(&self) -> tracing::subscriber::DefaultGuard {
        let subscriber = tracing_subscriber::fmt()
            .json()
            .with_max_level(tracing_subscriber::filter::LevelFilter::TRACE)
            .with_writer(self.clone())
            .finish();
        tracing::subscriber::set_default(subscriber)
    }

    fn text(&self) -> String {
        String::from_utf8(self.0.lock().unwrap().clone()).unwrap()
    }

    fn requests(&self) -> Vec<serde_json::Value> {
        let lines: Vec<serde_json::Value> = self
            .text()
            .lines()
            .map(|line| serde_json::from_str(line).unwrap())
            .collect();
        let access = lines
            .iter()
            .filter(|line| line["target"] == "berth_registry::access");
        access.map(|line| line["fields"].clone()).collect()
    }
}

impl Write for Kept {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

impl<'a> MakeWriter<'a> for Kept {
    type Writer = Self;

    fn make_writer(&'a self) -> Self {
        self.clone()
    }
}

#[tokio::test]
async fn each_request_is_one_line_that_says_what_came_and_went() {
    let app = App::start().await;
    let digest = app.blob("a/b", "content").await;
    let location = app.upload("a/b").await;
    let kept = Kept::default();
    let guard = kept.listen();
    app.get(&format!("/v2/a/b/blobs/{digest}")).await;
    app.give(&format!("PATCH {location}"), &[], "0123").await;
    app.get("/nothing").await;
    drop(guard);
    let requests = kept.requests();
    assert_eq!(requests.len(), 3, "{requests:?}");
    let pulled = &requests[0];
    assert_eq!(
        (&pulled["method"], &pulled["route"]),
        (&"GET".into(), &"/v2/<name>/blobs/<digest>".into())
    );
    assert_eq!(
        (&pulled["repository"], &pulled["principal"]),
        (&"a/b".into(), &"anonymous".into())
    );
    assert_eq!(
        (&pulled["status"], &pulled["sent_bytes"]),
        (&200.into(), &7.into())
    );
    assert!(pulled["duration_us"].is_u64());
    assert_eq!(
        (&requests[1]["status"], &requests[1]["received_bytes"]),
        (&202.into(), &4.into())
    );
    assert_eq!(
        (&requests[2]["status"], &requests[2]["route"]),
        (&404.into(), &"none".into())
    );
}

#[tokio::test]
async fn a_client_that_leaves_is_told_of_too() {
    let app = App::start().await;
    let location = app.upload("a").await;
    let kept = Kept::default();
    let _guard = kept.listen();
    let hanging = Frames::new(&["0123"], Then::Hang);
    let waiting = Arc::clone(&hanging.emptied);
    let request = builder(&format!("PATCH {location}"), &[]).body(hanging).unwrap();
    tokio::select! {
        _ = app.send(request) => panic!("it never ends"),
        () = waiting.notified() => {}
    }
    let requests = kept.requests();
    assert_eq!(
        (&requests[0]["status"], &requests[0]["received_bytes"]),
        (&499.into(), &4.into())
    );
}

#[tokio::test]
async fn nothing_that_a_client_keeps_secret_is_logged() {
    const CANARY: &str = "canary-8c1f";
    let line = format!("ann:{}", bcrypt::hash(CANARY, 4).unwrap());
    let hash = line.split_once(':').unwrap().1.to_owned();
    let users = PasswordFile::fixed(Htpasswd::parse(&line).unwrap());
    let app = App::with(RegistryOptions::default(), Authenticator::Htpasswd(users)).await;
    let kept = Kept::default();
    let _guard = kept.listen();
    for authorization in [
        basic("ann", CANARY),
        basic("ann", &format!("{CANARY}-not")),
        format!("Bearer {CANARY}"),
    ] {
        let headers = [
            ("authorization", &*authorization),
            ("cookie", CANARY),
            ("x-token", CANARY),
        ];
        for target in [
            "GET /v2/",
            &*format!("GET /v2/a/tags/list?last={CANARY}"),
            &format!("GET /{CANARY}"),
        ] {
            app.ask(target, &headers).await;
        }
    }
    let text = kept.text();
    assert!(text.contains("berth_registry::access"));
    let encoded = basic("ann", CANARY).replace("Basic ", "");
    for secret in [CANARY, &*encoded, &*hash] {
        assert!(!text.contains(secret), "{text}");
    }
}
