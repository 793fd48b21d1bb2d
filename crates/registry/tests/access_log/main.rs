//! What is written of requests. A binary of its own: the listener is the process's, and is there before the
//! first request.

#![expect(clippy::unwrap_used, reason = "a test that can't go on fails, and says where")]

#[path = "../routes/app.rs"]
#[expect(dead_code, reason = "the routes' tests need more of it")]
mod app;

use std::io::Write;
use std::sync::{Arc, Mutex, OnceLock};

use base64::Engine as _;
use berth_registry::{Authenticator, Htpasswd, PasswordFile, RegistryOptions};
use tracing_subscriber::fmt::MakeWriter;

use crate::app::{App, Frames, Then, builder};

/// Keeps what is logged.
#[derive(Clone, Default)]
struct Kept(Arc<Mutex<Vec<u8>>>);

impl Kept {
    /// The one listener; every test starts with this.
    fn listen() -> &'static Self {
        static KEPT: OnceLock<Kept> = OnceLock::new();
        KEPT.get_or_init(|| {
            let kept = Self::default();
            tracing_subscriber::fmt()
                .json()
                .with_max_level(tracing_subscriber::filter::LevelFilter::TRACE)
                .with_writer(kept.clone())
                .init();
            kept
        })
    }

    fn text(&self) -> String {
        String::from_utf8(self.0.lock().unwrap().clone()).unwrap()
    }

    /// The lines about requests to a repository.
    fn requests(&self, repository: &str) -> Vec<serde_json::Value> {
        let text = self.text();
        let lines = text
            .lines()
            .map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap());
        let access = lines.filter(|line| line["target"] == "berth_registry::access");
        access
            .map(|line| line["fields"].clone())
            .filter(|fields| fields["repository"] == repository)
            .collect()
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

fn basic(user: &str, password: &str) -> String {
    let text = format!("{user}:{password}");
    format!("Basic {}", base64::engine::general_purpose::STANDARD.encode(text))
}

#[tokio::test]
async fn each_request_is_one_line_that_says_what_came_and_went() {
    let kept = Kept::listen();
    let app = App::start().await;
    let digest = app.blob("a/b", "content").await;
    let before = kept.requests("a/b").len();
    app.get(&format!("/v2/a/b/blobs/{digest}")).await;
    let location = app.upload("a/b").await;
    app.give(&format!("PATCH {location}"), &[], "0123").await;
    app.get("/v2/a/b/tags/list?n=x").await;
    let requests = kept.requests("a/b").split_off(before);
    assert_eq!(requests.len(), 3, "{requests:?}");
    let pulled = &requests[0];
    assert_eq!(
        (&pulled["method"], &pulled["route"]),
        (&"GET".into(), &"/v2/<name>/blobs/<digest>".into())
    );
    assert_eq!(pulled["principal"], "anonymous");
    assert_eq!(
        (&pulled["status"], &pulled["sent_bytes"]),
        (&200.into(), &7.into())
    );
    assert!(pulled["duration_us"].is_u64());
    assert_eq!(
        (&requests[2]["status"], &requests[2]["received_bytes"]),
        (&202.into(), &4.into())
    );
    assert!(
        kept.text().contains(r#""route":"none""#),
        "a request that leads nowhere is told of too"
    );
}

#[tokio::test]
async fn a_client_that_leaves_is_told_of_too() {
    let kept = Kept::listen();
    let app = App::start().await;
    let location = app.upload("left").await;
    let hanging = Frames::new(&["0123"], Then::Hang);
    let waiting = Arc::clone(&hanging.emptied);
    let request = builder(&format!("PATCH {location}"), &[]).body(hanging).unwrap();
    tokio::select! {
        _ = app.send(request) => panic!("it never ends"),
        () = waiting.notified() => {}
    }
    let requests = kept.requests("left");
    assert_eq!(
        (&requests[1]["status"], &requests[1]["received_bytes"]),
        (&499.into(), &4.into())
    );
}

#[tokio::test]
async fn nothing_that_a_client_keeps_secret_is_logged() {
    const CANARY: &str = "canary-8c1f";
    let kept = Kept::listen();
    let line = format!("ann:{}", bcrypt::hash(CANARY, 4).unwrap());
    let hash = line.split_once(':').unwrap().1.to_owned();
    let users = PasswordFile::fixed(Htpasswd::parse(&line).unwrap());
    let app = App::with(RegistryOptions::default(), Authenticator::Htpasswd(users)).await;
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
