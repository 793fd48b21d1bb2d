//! `berth diagnose --local`: what is wrong with a `berth serve` of this machine.

use std::io::{Read as _, Write as _};
use std::net::TcpListener;

use crate::scene::{Run, Scene};

/// Diagnoses a registry at an address, whose folder is the scene's own.
fn diagnosed(scene: &Scene, address: &str, folder: &str) -> Run {
    let document = format!(
        "apiVersion: berth.dev/v1\nkind: DockerRegistry\nmetadata: {{name: local}}\nspec:\n  \
         storage: {{driver: filesystem, filesystem: {{rootdirectory: {folder}}}}}\n  \
         http: {{addr: \"{address}\"}}\n  auth: {{enabled: false}}\n"
    );
    scene.file("berth.yaml", document);
    scene.berth(&["diagnose", "--local", "--exit-code"])
}

/// Answers one request with a status and a body, and gives its address.
fn answering(status: &'static str, body: &'static str) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap().to_string();
    std::thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        let mut request = [0; 1024];
        let _ = stream.read(&mut request).unwrap();
        let length = body.len();
        write!(
            stream,
            "HTTP/1.1 {status}\r\ncontent-length: {length}\r\n\r\n{body}"
        )
        .unwrap();
    });
    address
}

#[test]
fn an_address_where_nothing_listens_and_a_folder_that_is_not_there_are_told() {
    let scene = Scene::new();
    let address = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let run = diagnosed(&scene, &address.to_string(), "./gone");
    assert_eq!(run.code, Some(2), "{}", run.stderr);
    assert!(
        run.stdout.contains("DG-010") && run.stdout.contains("nothing answers at"),
        "{}",
        run.stdout
    );
    assert!(run.stdout.contains("DG-018"), "{}", run.stdout);
}

#[test]
fn a_registry_that_takes_no_pushes_is_told() {
    let scene = Scene::new();
    std::fs::create_dir(scene.path().join("data")).unwrap();
    let address = answering("503 Service Unavailable", r#"{"status":"read-only","notes":[]}"#);
    let run = diagnosed(&scene, &address, "./data");
    assert!(
        run.stdout.contains("DG-023") && run.stdout.contains("is read-only"),
        "{}",
        run.stdout
    );
}

#[test]
fn another_program_at_the_address_is_told() {
    let scene = Scene::new();
    std::fs::create_dir(scene.path().join("data")).unwrap();
    let run = diagnosed(&scene, &answering("404 Not Found", ""), "./data");
    assert!(run.stdout.contains("is no `berth serve`"), "{}", run.stdout);
}

#[test]
fn of_a_registry_that_is_well_nothing_is_told() {
    let scene = Scene::new();
    std::fs::create_dir(scene.path().join("data")).unwrap();
    let address = answering("200 OK", r#"{"status":"ok","notes":[]}"#);
    let run = diagnosed(&scene, &address, "./data");
    let told = run.stdout.replace("DG-019", "");
    assert!(!told.contains("DG-"), "{}", run.stdout);
}
