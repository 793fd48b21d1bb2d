//! Harbor's own programs on what is rendered for a host, with Debian's `docker-registry` for its registry. No package
//! carries them: the folder that `BERTH_HARBOR` names holds `harbor_core`, `harbor_jobservice` and `harbor_registryctl`, and
//! beside them Harbor's `migrations/` and `views/`.

mod datastores;
mod running;

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::process::Command;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use berth_drive::{Body, Client, Image, brought, needed, write_layout};
use serde_json::Value as Json;

use datastores::Datastores;
use running::Running;

const PASSWORD: &str = "of:the/database@1";
/// Where core listens on a host.
const CORE: ([u8; 4], u16) = ([127, 0, 0, 1], 8090);

fn document(datastores: &Datastores, images: &Path) -> String {
    let (database, redis) = (datastores.database.port(), datastores.redis.port());
    format!(
        "apiVersion: berth.dev/v1\nkind: HarborRegistry\nmetadata: {{name: team}}\nspec:\n  \
         externalURL: http://127.0.0.1:8090\n  \
         database: {{host: 127.0.0.1, port: {database}, username: harbor, password: {{env: PASSWORD}}, sslmode: disable}}\n  \
         redis: {{host: 127.0.0.1, port: {redis}, password: {{env: PASSWORD}}}}\n  \
         trivy: {{enabled: false}}\n  storage: {{type: filesystem, filesystem: {{rootdirectory: {}}}}}\n",
        images.display()
    )
}

#[test]
fn harbor_s_own_programs_boot_on_what_is_rendered_miss_no_setting_and_take_an_image() {
    let Some(programs) = brought("BERTH_HARBOR", "Harbor's own programs") else {
        return;
    };
    let (Some(registry), Some(_)) = (needed("docker-registry"), needed("skopeo")) else {
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
    let declared = document(&datastores, &folder.join("images"));
    fs::write(folder.join("berth.yaml"), declared).unwrap();
    let made = render(folder);
    let admin = made["harbor/team-made-once"]["admin-password"].as_str();
    let admin = format!("admin:{}", admin.unwrap());
    let mut core = boot(folder, &programs, "core", &programs.join("harbor_core"), &[]);
    core.wait("/api/v2.0/systeminfo", || ask("/api/v2.0/systeminfo", None).ok());
    let system = ask("/api/v2.0/systeminfo", Some(&admin)).unwrap();
    assert_eq!(system["auth_mode"], "db_auth", "{system}");
    assert_eq!(system["external_url"], "http://127.0.0.1:8090", "{system}");

    let others = [
        ("registry", registry, "serve"),
        ("registryctl", programs.join("harbor_registryctl"), "-c"),
        ("jobservice", programs.join("harbor_jobservice"), "-c"),
    ];
    let others =
        others.map(|(name, program, word)| boot(folder, &programs, name, &program, &[word, "config.yml"]));
    let all = [
        "core",
        "database",
        "redis",
        "registry",
        "registryctl",
        "jobservice",
    ];
    core.wait("all to be healthy", || {
        let health = ask("/api/v2.0/health", None).ok()?;
        all.iter().all(|name| is_healthy(&health, name)).then_some(())
    });
    push(folder, &admin).unwrap_or_else(|said| panic!("{said}\n{}", core.log()));
    let tags = "/api/v2.0/projects/library/repositories/app/artifacts";
    let artifacts = ask(tags, Some(&admin)).unwrap();
    assert_eq!(artifacts[0]["tags"][0]["name"], "v1", "{artifacts}");
    for program in [&core].into_iter().chain(&others) {
        let complaints = complaints(&program.log());
        assert!(complaints.is_empty(), "{complaints:#?}\n{}", program.log());
    }
}

/// skopeo pushes an image to core, which hands out a token for it.
fn push(folder: &Path, credentials: &str) -> Result<(), String> {
    let layout = folder.join("layout");
    write_layout(&layout, "v1", &Image::tiny(3)).unwrap();
    let mut skopeo = Command::new("skopeo");
    skopeo.args(["--insecure-policy", "copy", "--quiet", "--dest-tls-verify=false"]);
    skopeo.args(["--dest-creds", credentials]);
    skopeo.arg(format!("oci:{}:v1", layout.display()));
    let output = skopeo
        .arg("docker://127.0.0.1:8090/library/app:v1")
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    output.status.success().then_some(()).ok_or(said)
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

/// A program with the environment that was rendered for it and none beside it, and the files that follow from its name.
fn boot(folder: &Path, programs: &Path, name: &str, program: &Path, words: &[&str]) -> Running {
    let rendered = folder.join("out/team").join(name);
    let mut command = Command::new("sh");
    command
        .args(["-c", "set -a; . \"$0\"; exec \"$@\""])
        .arg(rendered.join("env"))
        .arg(program);
    for word in words {
        if Path::new(word).extension().is_some() {
            command.arg(rendered.join(word));
        } else {
            command.arg(word);
        }
    }
    command.current_dir(programs).env_clear();
    Running::start(&mut command, &folder.join(format!("{name}.log")))
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

fn is_healthy(health: &Json, component: &str) -> bool {
    let components = health["components"].as_array().into_iter().flatten();
    components
        .filter(|it| it["name"] == component)
        .any(|it| it["status"] == "healthy")
}

/// What Harbor says wherever it runs: a configuration of its framework's that it never has, a host for its audit log that
/// nobody named, a search of its database, and how its registry asks who somebody is.
const ALWAYS: [&str; 4] = [
    "init global config instance failed. If you do not use this, just ignore it.",
    "failed to create audit log, error dial tcp: missing address",
    "basic authentication challenge for realm",
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
