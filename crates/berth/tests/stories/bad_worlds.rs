//! Worlds in which Berth can't serve: each ends at once, with an error that says what and where. And stopping.

use std::fs;
use std::io::{self, Read};
use std::net::TcpListener;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use berth_drive::{Client, Random, Server, quickstart, sha256};

use crate::start::{berth, berth_program, folder};
use crate::tls::with_tls;

#[test]
fn a_second_process_on_the_same_folder_is_refused() {
    let scene = folder();
    let first = berth(scene.path());
    let end = serve(
        scene.path(),
        &quickstart(&scene.path().join("data")),
        "127.0.0.1:0",
    );
    assert_eq!(end.code, Some(1), "{}", end.stderr);
    end.names(&scene.path().join("data").display().to_string());
    first
        .client()
        .push_blob("still/there", b"the first goes on")
        .unwrap();
}

#[test]
fn a_busy_port_is_an_error_that_names_it() {
    let scene = folder();
    let holder = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = holder.local_addr().unwrap().to_string();
    let end = serve(scene.path(), &quickstart(&scene.path().join("data")), &address);
    assert_eq!(end.code, Some(1), "{}", end.stderr);
    end.names(&address);
}

#[test]
fn an_unwritable_folder_is_an_error_that_names_it() {
    let scene = folder();
    // Root may write anywhere, but not below a file.
    let file = scene.path().join("file");
    fs::write(&file, "not a folder").unwrap();
    let end = serve(scene.path(), &quickstart(&file.join("data")), "127.0.0.1:0");
    assert_eq!(end.code, Some(1), "{}", end.stderr);
    end.names(&file.join("data").display().to_string());
}

#[test]
fn a_bad_certificate_is_an_error_that_names_it() {
    let scene = folder();
    let (certificate, key) = (scene.path().join("tls.crt"), scene.path().join("tls.key"));
    fs::write(
        &certificate,
        "-----BEGIN CERTIFICATE-----\nbm90IG9uZQ==\n-----END CERTIFICATE-----\n",
    )
    .unwrap();
    fs::write(&key, rcgen::KeyPair::generate().unwrap().serialize_pem()).unwrap();
    let document = with_tls(scene.path(), &certificate, &key);
    let end = serve(scene.path(), &document, "127.0.0.1:0");
    assert!(matches!(end.code, Some(1 | 4)), "{:?}: {}", end.code, end.stderr);
    end.names("tls.crt");
}

#[test]
fn a_missing_certificate_is_an_error_that_names_it() {
    let scene = folder();
    let (certificate, key) = (scene.path().join("absent.crt"), scene.path().join("absent.key"));
    let end = serve(
        scene.path(),
        &with_tls(scene.path(), &certificate, &key),
        "127.0.0.1:0",
    );
    assert!(matches!(end.code, Some(1 | 4)), "{:?}: {}", end.code, end.stderr);
    end.names("absent.crt");
}

#[test]
fn asked_to_stop_it_drains_a_push_that_is_under_way_and_exits_0() {
    let scene = folder();
    let server = berth(scene.path());
    let bytes = Random::new(60).bytes(1_000_000);
    let digest = sha256(&bytes);
    let mut body = AskedMidway {
        bytes: &bytes,
        server: &server,
        asked: false,
    };
    let mut client = server.client();
    client
        .push_blob_from("drained", &digest, bytes.len() as u64, &mut body)
        .unwrap();
    assert!(body.asked);
    assert_eq!(server.wait_for_end().unwrap().code(), Some(0));

    let server = berth(scene.path());
    assert_eq!(server.client().pull_blob("drained", &digest).unwrap(), bytes);
}

#[test]
fn asked_to_stop_it_does_not_wait_for_idle_connections() {
    let scene = folder();
    let server = berth(scene.path());
    let mut idle = server.client();
    idle.push_blob("idle", b"x").unwrap();
    let start = Instant::now();
    assert_eq!(server.stop().unwrap().code(), Some(0));
    assert!(start.elapsed() < Duration::from_secs(10));
    assert!(idle.has_blob("idle", &sha256(b"x")).is_err());
}

/// A body that asks the server to stop when half of it has been sent.
struct AskedMidway<'a> {
    bytes: &'a [u8],
    server: &'a Server,
    asked: bool,
}

impl Read for AskedMidway<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.bytes.len() < 500_000 && !self.asked {
            self.asked = true;
            self.server.ask_to_stop().unwrap();
            wait_until_refused(self.server);
        }
        let count = buffer.len().min(self.bytes.len()).min(100_000);
        buffer[..count].copy_from_slice(&self.bytes[..count]);
        self.bytes = &self.bytes[count..];
        Ok(count)
    }
}

/// Waits until the server takes no new connections: only then has it begun to stop.
fn wait_until_refused(server: &Server) {
    let start = Instant::now();
    while Client::new(server.address())
        .has_blob("drained", &sha256(b""))
        .is_ok()
    {
        assert!(
            start.elapsed() < Duration::from_secs(10),
            "it still takes connections"
        );
        std::thread::sleep(Duration::from_millis(10));
    }
}

/// How a `berth serve` ended that had to end by itself.
struct End {
    code: Option<i32>,
    stderr: String,
}

impl End {
    fn names(&self, what: &str) {
        assert!(
            self.stderr.contains(what),
            "{what} isn't named in: {}",
            self.stderr
        );
        assert!(!self.stderr.contains("panicked"), "{}", self.stderr);
    }
}

fn serve(folder: &Path, document: &str, listen: &str) -> End {
    let file = folder.join("bad.yaml");
    fs::write(&file, document).unwrap();
    let log = folder.join("stderr");
    let mut command = Command::new(berth_program());
    command
        .arg("serve")
        .arg(&file)
        .args(["--listen", listen])
        .current_dir(folder);
    command
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(fs::File::create(&log).unwrap());
    let mut child = command.spawn().unwrap();
    let start = Instant::now();
    let status = loop {
        if let Some(status) = child.try_wait().unwrap() {
            break status;
        }
        if start.elapsed() > Duration::from_secs(20) {
            child.kill().unwrap();
            break child.wait().unwrap();
        }
        std::thread::sleep(Duration::from_millis(10));
    };
    End {
        code: status.code(),
        stderr: fs::read_to_string(&log).unwrap(),
    }
}
