//! `berth serve` while it runs: what it says, and what it answers.

use std::fs::{self, File};
use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::{Child, Command};
use std::thread::sleep;
use std::time::{Duration, Instant};

use base64::Engine as _;
use berth_drive::{Body, Client};
use serde_json::Value;

use crate::scene::{Run, Scene};

/// How long it may take to start or to stop.
const PATIENCE: Duration = Duration::from_secs(30);
/// The end of what the start tells.
const LAST: &str = "Ctrl-C stops it";

/// A server that runs until this value is dropped.
pub(crate) struct Serving {
    child: Child,
    stdout: PathBuf,
    stderr: PathBuf,
}

impl Serving {
    /// Serves on a free port of loopback, with these arguments, and waits until it listens.
    pub(crate) fn start(scene: &Scene, arguments: &[&str]) -> Self {
        Self::of(scene, &mut command(scene, arguments))
    }

    /// The same for a command that is set up already.
    pub(crate) fn of(scene: &Scene, command: &mut Command) -> Self {
        let (stdout, stderr) = (scene.path().join("stdout"), scene.path().join("stderr"));
        command
            .stdout(File::create(&stdout).unwrap())
            .stderr(File::create(&stderr).unwrap());
        let child = command.spawn().unwrap();
        let mut serving = Self {
            child,
            stdout,
            stderr,
        };
        let start = Instant::now();
        while !serving.said().contains(LAST) {
            let ended = serving.child.try_wait().unwrap();
            assert!(ended.is_none(), "it ended with {ended:?}: {}", serving.said());
            assert!(start.elapsed() < PATIENCE, "it doesn't start: {}", serving.said());
            sleep(Duration::from_millis(5));
        }
        serving
    }

    /// What it has said on the standard error so far.
    pub(crate) fn said(&self) -> String {
        fs::read_to_string(&self.stderr).unwrap()
    }

    /// The same less the log, and with folder and port replaced, as those are others each time.
    pub(crate) fn talk(&self, scene: &Scene) -> String {
        let said = self.said();
        let is_log = |line: &&str| line.starts_with("20") || line.starts_with('{');
        let lines: Vec<_> = said.lines().filter(|line| !is_log(line)).collect();
        lines
            .join("\n")
            .replace(&self.address().to_string(), "127.0.0.1:PORT")
            .replace(&scene.path().display().to_string(), "[folder]")
    }

    pub(crate) fn address(&self) -> SocketAddr {
        let said = self.said();
        let (_, rest) = said.split_once("is listening on ").unwrap();
        let (_, rest) = rest.split_once("://").unwrap();
        rest.lines().next().unwrap().parse().unwrap()
    }

    /// The status and the body of a GET, with or without a login.
    pub(crate) fn get(&self, path: &str, login: Option<(&str, &str)>) -> (u16, String) {
        let credentials = login.map(|(user, password)| basic(user, password));
        let fields: Vec<_> = credentials
            .iter()
            .map(|value| ("Authorization", value.as_str()))
            .collect();
        let answer = Client::new(self.address()).send("GET", path, &fields, Body::Empty);
        let (head, body) = answer.unwrap();
        (head.status, String::from_utf8(body).unwrap())
    }

    /// The status of `/v2/` for a user.
    pub(crate) fn login(&self, user: &str, password: &str) -> u16 {
        self.get("/v2/", Some((user, password))).0
    }

    pub(crate) fn health(&self) -> Value {
        let (status, body) = self.get("/healthz", None);
        assert_eq!(status, 200, "{body}");
        serde_json::from_str(&body).unwrap()
    }

    /// Asks it to stop, and gives all that it said.
    pub(crate) fn stop(mut self) -> Run {
        let id = self.child.id().to_string();
        assert!(
            Command::new("kill")
                .args(["-TERM", &id])
                .status()
                .unwrap()
                .success()
        );
        let start = Instant::now();
        loop {
            if let Some(status) = self.child.try_wait().unwrap() {
                return Run {
                    code: status.code(),
                    stdout: fs::read_to_string(&self.stdout).unwrap(),
                    stderr: self.said(),
                };
            }
            assert!(start.elapsed() < PATIENCE, "it doesn't stop: {}", self.said());
            sleep(Duration::from_millis(5));
        }
    }
}

impl Drop for Serving {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The command that serves on a free port of loopback.
pub(crate) fn command(scene: &Scene, arguments: &[&str]) -> Command {
    scene.command(&[&["serve", "--listen", "127.0.0.1:0"], arguments].concat())
}

/// What HTTP calls Basic.
pub(crate) fn basic(user: &str, password: &str) -> String {
    let text = format!("{user}:{password}");
    format!("Basic {}", base64::engine::general_purpose::STANDARD.encode(text))
}

/// The bcrypt hash of a password, as cheap as it gets.
pub(crate) fn hash(password: &str) -> String {
    bcrypt::hash(password, 4).unwrap()
}
