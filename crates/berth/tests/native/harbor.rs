//! Harbor's own programs on what is rendered for a host. No package carries them: the folder that `BERTH_HARBOR` names
//! holds `harbor_core`, and beside it Harbor's `migrations/` and `views/`.

mod datastores;
mod running;

use std::fs;
use std::net::{SocketAddr, TcpListener};
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::process::Command;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use berth_drive::{Body, Client, brought};
use serde_json::Value as Json;

use datastores::Datastores;
use running::Running;

const PASSWORD: &str = "of:the/database@1";
/// Where core listens on a host.
const CORE: ([u8; 4], u16) = ([127, 0, 0, 1], 8090);

fn document(datastores: &Datastores) -> String {
    let (database, redis) = (datastores.database.port(), datastores.redis.port());
    format!(
        "apiVersion: berth.dev/v1\nkind: HarborRegistry\nmetadata: {{name: team}}\nspec:\n  \
         externalURL: http://127.0.0.1:8090\n  \
         database: {{host: 127.0.0.1, port: {database}, username: harbor, password: {{env: PASSWORD}}, sslmode: disable}}\n  \
         redis: {{host: 127.0.0.1, port: {redis}, password: {{env: PASSWORD}}}}\n  \
         storage: {{type: filesystem}}\n"
    )
}

#[test]
fn harbor_s_core_boots_on_what_is_rendered_and_misses_no_setting() {
    let Some(programs) = brought("BERTH_HARBOR", "Harbor's own core") else {
        return;
    };
    let scene = tempfile::Builder::new()
        .prefix("berth-harbor-")
        .tempdir()
        .unwrap();
    let folder = scene.path();
    // PostgreSQL's user has to come through.
    fs::set_permissions(folder, fs::Permissions::from_mode(0o755)).unwrap();
    let Some(datastores) = Datastores::start(folder, PASSWORD) else {
        return;
    };
    fs::write(folder.join("berth.yaml"), document(&datastores)).unwrap();
    let made = render(folder);
    assert!(
        TcpListener::bind(SocketAddr::from(CORE)).is_ok(),
        "somebody listens on core's port {}",
        CORE.1
    );
    let mut core = boot(&programs, folder);
    let system = core.wait("/api/v2.0/systeminfo", || ask("/api/v2.0/systeminfo", None).ok());
    assert_eq!(system["auth_mode"], "db_auth", "{system}");
    let health = core.wait("/api/v2.0/health", || ask("/api/v2.0/health", None).ok());
    for component in ["core", "database", "redis"] {
        assert_eq!(status(&health, component), "healthy", "{component}: {health}");
    }
    let admin = made["harbor/team-made-once"]["admin-password"].as_str();
    let admin = format!(
        "admin:{}",
        admin.unwrap_or_else(|| panic!("no password: {}", keys(&made)))
    );
    let system = ask("/api/v2.0/systeminfo", Some(&admin)).unwrap();
    assert_eq!(system["external_url"], "http://127.0.0.1:8090", "{system}");
    let token = "/service/token?service=harbor-registry&scope=repository:library/app:pull,push";
    let token = ask(token, Some(&admin)).unwrap_or_else(|told| panic!("{told}\n{}", core.log()));
    assert!(token["token"].is_string(), "{token}");
    let complaints = complaints(&core.log());
    assert!(complaints.is_empty(), "{complaints:#?}\n{}", core.log());
}

/// Renders what a host reads into `out`; the secrets that were made.
fn render(folder: &Path) -> Json {
    let mut berth = Command::new(env!("CARGO_BIN_EXE_berth"));
    berth.args([
        "render",
        "berth.yaml",
        "--native",
        "--secrets",
        "made.json",
        "--out",
        "out",
    ]);
    let output = berth
        .current_dir(folder)
        .env("PASSWORD", PASSWORD)
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{said}");
    serde_json::from_slice(&fs::read(folder.join("made.json")).unwrap()).unwrap()
}

/// Core with the environment that was rendered, and none beside it.
fn boot(programs: &Path, folder: &Path) -> Running {
    let mut core = Command::new("sh");
    core.args(["-c", "set -a; . \"$0\"; exec \"$1\""])
        .arg(folder.join("out/team/core/env"))
        .arg(programs.join("harbor_core"));
    core.current_dir(programs).env_clear();
    Running::start(&mut core, &folder.join("core.log"))
}

/// What core answers, or why not.
fn ask(path: &str, credentials: Option<&str>) -> Result<Json, String> {
    let basic = credentials.map(|credentials| format!("Basic {}", STANDARD.encode(credentials)));
    let fields: Vec<(&str, &str)> = basic
        .iter()
        .map(|basic| ("authorization", basic.as_str()))
        .collect();
    let mut client = Client::new(CORE.into());
    let sent = client.send("GET", path, &fields, Body::Empty);
    let (head, body) = sent.map_err(|error| format!("{path}: {error:#}"))?;
    let text = String::from_utf8_lossy(&body).into_owned();
    let read = serde_json::from_slice(&body).ok();
    read.filter(|_| head.status == 200)
        .ok_or_else(|| format!("{path}: {} {text}", head.status))
}

fn status(health: &Json, component: &str) -> String {
    let components = health["components"].as_array().unwrap();
    let found = components.iter().find(|it| it["name"] == component);
    found.map_or_else(String::new, |it| {
        it["status"].as_str().unwrap_or_default().to_owned()
    })
}

fn keys(made: &Json) -> String {
    let keys = |json: &Json| json.as_object().unwrap().keys().cloned().collect::<Vec<_>>();
    let secrets = keys(made);
    format!(
        "{:?}",
        secrets.iter().map(|name| keys(&made[name])).collect::<Vec<_>>()
    )
}

/// What Harbor says wherever it runs: a configuration of its framework's that it never has, a host for its audit log that
/// nobody named, and a search of its database.
const ALWAYS: [&str; 3] = [
    "init global config instance failed. If you do not use this, just ignore it.",
    "failed to create audit log, error dial tcp: missing address",
    "Not found any records with empty subiss, good to go.",
];

/// Lines of the log that tell of a setting that isn't known, isn't there, or can't be read.
fn complaints(log: &str) -> Vec<String> {
    const WORDS: [&str; 10] = [
        "unknown",
        "missing",
        "not set",
        "not found",
        "invalid",
        "unset",
        "no such file",
        "[warning]",
        "[error]",
        "[fatal]",
    ];
    let is_complaint = |line: &&str| {
        let lower = line.to_lowercase();
        WORDS.iter().any(|word| lower.contains(word)) && !ALWAYS.iter().any(|known| line.contains(known))
    };
    log.lines().filter(is_complaint).map(str::to_owned).collect()
}
