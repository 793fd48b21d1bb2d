//! No output of any command and no log shows a secret.

use base64::Engine as _;
use berth_config::Kind;
use berth_drive::{Body, Client, needed};
use serde_json::Value;

use crate::planted::{CANARY, WAYS, Way, planted};
use crate::scene::{Run, Scene, document, repository};
use crate::serving::{Serving, basic, command, hash};

/// Fails where a run shows a canary.
fn hidden(run: &Run, of: &str) {
    let all = run.to_string();
    let seen: Vec<_> = all.lines().filter(|line| line.contains(CANARY)).collect();
    assert!(seen.is_empty(), "{of}: a canary is seen: {seen:#?}");
}

/// Every command that reads documents, in every format.
fn commands() -> Vec<Vec<&'static str>> {
    let mut commands = vec![
        vec!["check"],
        vec!["check", "-o", "json", "--profile", "prod"],
        vec!["check", "-o", "sarif", "--kubernetes", "1.31"],
        vec!["check", "--kubernetes", "1.31", "--profile", "prod"],
        vec![
            "serve",
            "--listen",
            "192.0.2.1:1",
            "--ignore-unenforced",
            "--profile",
            "prod",
        ],
    ];
    let formats = [
        ("show", &["yaml", "json"][..]),
        ("size", &["table", "json", "yaml"]),
    ];
    for (command, formats) in formats {
        commands.extend(formats.iter().map(|format| vec![command, "-o", *format]));
    }
    commands
}

fn all_hidden(scene: &Scene, of: &str) -> Vec<Run> {
    let run = |arguments: &Vec<&'static str>| {
        let run = scene.berth(arguments);
        hidden(&run, &format!("{of}, {arguments:?}"));
        run
    };
    commands().iter().map(run).collect()
}

/// The spec on one line, so that whatever is found in it marks a line full of canaries.
fn on_one_line(kind: Kind, spec: &Value) -> String {
    document(
        kind.as_str(),
        "a",
        &spec.to_string().replacen('{', "{zzz: 1, ", 1),
    )
}

#[test]
fn a_canary_in_every_secret_field_is_never_seen_however_it_is_put_there() {
    for kind in Kind::ALL {
        for way in WAYS {
            let (spec, count) = planted(*kind, way);
            if count == 0 {
                continue;
            }
            let scene = Scene::with(&on_one_line(*kind, &spec));
            let of = format!("{way:?} in {}", kind.as_str());
            let check = &all_hidden(&scene, &of)[0];
            // The line is shown, or nothing would be proved.
            assert!(
                check.stdout.contains("zzz: ***") || check.stdout.contains("unknown field `zzz`"),
                "{check}"
            );
        }
    }
}

#[test]
fn the_canaries_reach_every_product_and_dozens_of_fields() {
    let counts: Vec<_> = Kind::ALL
        .iter()
        .map(|kind| (kind.as_str(), planted(*kind, Way::Plain).1))
        .collect();
    for registry in [
        "DockerRegistry",
        "HarborRegistry",
        "NexusRegistry",
        "ArtifactoryRegistry",
    ] {
        assert!(
            counts
                .iter()
                .any(|(kind, count)| *kind == registry && *count >= 8),
            "{counts:?}"
        );
    }
    assert!(
        counts.iter().map(|(_, count)| count).sum::<usize>() > 60,
        "{counts:?}"
    );
}

/// Secrets in documents that have no errors, so that they get as far as being shown.
const VALID: [(&str, &str); 7] = [
    (
        "DockerRegistry",
        "{storage: {s3: {accesskey: CANARY, secretkey: CANARY}}, http: {secret: CANARY, tlskey: CANARY}, \
         extraEnv: {TOKEN: CANARY}, notifications: {endpoints: [{name: a, url: \"https://a.example.com\", \
         headers: {Authorization: [CANARY]}}]}}",
    ),
    (
        "HarborRegistry",
        "{adminPassword: 'Aa1CANARY', database: {password: CANARY}, redis: {password: CANARY}, trivy: {gitHubToken: \
         CANARY}, storage: {s3: {accesskey: CANARY, secretkey: CANARY}}}",
    ),
    (
        "NexusRegistry",
        "{adminPassword: CANARY, repositories: {docker: {remoteUsername: me, remotePassword: CANARY}}}",
    ),
    (
        "ArtifactoryRegistry",
        "{adminPassword: CANARY, database: {password: CANARY}, licenses: [CANARY], jvm: {extraOptions: [CANARY]}}",
    ),
    (
        "ImagePullSecret",
        "{registry: {server: r.example.com, username: me, password: CANARY}}",
    ),
    (
        "ImageReplicationPolicy",
        "{source: {registry: a.example.com, username: me, password: CANARY}, destination: {registry: \
         b.example.com, username: me, password: CANARY}}",
    ),
    ("ImageBuildConfig", "{secrets: {token: CANARY}}"),
];

#[test]
fn what_is_valid_is_shown_and_sized_without_its_secrets() {
    for (kind, spec) in VALID {
        let scene = Scene::with(&document(kind, "a", &spec.replace("CANARY", CANARY)));
        let runs = all_hidden(&scene, kind);
        let shown = runs.iter().filter(|run| run.stdout.contains("[secret]")).count();
        assert_eq!(shown, 2, "{kind}: {}", runs[0]);
        let secrets = spec.matches("CANARY").count();
        let hidden =
            |run: &Run| run.stdout.matches("[secret]").count() + run.stdout.matches("[not shown]").count();
        assert!(runs.iter().any(|run| hidden(run) == secrets), "{kind}");
    }
}

/// Secrets leave the program in objects of kind Secret, and in nothing else.
#[test]
fn what_is_rendered_holds_secrets_in_secrets_alone() {
    let mut rendered = 0;
    for (kind, spec) in VALID {
        let spec = spec.replace("CANARY", CANARY);
        let scene = Scene::with(&document(kind, "a", &spec));
        let mut run = scene.berth(&["render", "-o", "json"]);
        if run.code == Some(0) {
            let mut list = run.json();
            let items = list["items"].as_array_mut().unwrap();
            items.retain(|object| object["kind"] != "Secret");
            rendered += usize::from(!items.is_empty());
            run.stdout = list.to_string();
        }
        let encoded = base64::engine::general_purpose::STANDARD.encode(CANARY);
        assert!(!run.to_string().contains(&encoded[..12]), "{run}");
        hidden(&run, kind);
    }
    assert!(rendered > 0);
}

#[test]
fn a_secret_of_the_environment_or_of_a_file_is_never_seen() {
    let spec = "{storage: {s3: {accesskey: {env: SECRET}, secretkey: {file: ./secret}}}, http: {secret: {env: SECRET}}, \
                auth: {scheme: basic, htpasswd: {users: {me: {env: SECRET}, you: {file: ./secret}}}}}";
    let scene = Scene::with(&document("DockerRegistry", "a", spec));
    scene.file("secret", CANARY);
    for arguments in commands() {
        let run = Run::of(&scene.command(&arguments).env("SECRET", CANARY).output().unwrap());
        hidden(&run, &format!("{arguments:?}"));
    }
}

/// Ways to get the secrets of a served registry wrong; the start fails, and says so without them.
#[test]
fn a_start_that_fails_over_a_secret_does_not_show_it() {
    for (spec, says) in [
        (
            "{auth: {scheme: basic, htpasswd: {users: {me: CANARY}}}}",
            "htpasswd",
        ),
        (
            "{auth: {scheme: basic, htpasswd: {users: {me: {env: SECRET}}}}}",
            "htpasswd",
        ),
        (
            "{auth: {scheme: basic, htpasswd: {users: {me: {file: ./secret}}}}}",
            "htpasswd",
        ),
        (
            "{auth: {scheme: basic, htpasswd: {users: {me: {env: UNSET}}}}}",
            "UNSET",
        ),
        (
            "{auth: {scheme: basic, htpasswd: {users: {me: {file: ./absent}}}}}",
            "absent",
        ),
        ("{auth: {scheme: basic, htpasswd: {path: ./secret}}}", "./secret"),
        (
            "{http: {tlsenabled: true, tlscertificate: ./secret, tlskey: {file: ./secret}}}",
            "secret",
        ),
        (
            "{http: {tlsenabled: true, tlscertificate: ./cert.pem, tlskey: CANARY}}",
            "tlskey",
        ),
        (
            "{http: {tlsenabled: true, tlscertificate: ./cert.pem, tlskey: {env: SECRET}}}",
            "tlskey",
        ),
        (
            "{http: {tlsenabled: true, tlscertificate: ./cert.pem, tlskey: {file: ./secret}}}",
            "secret",
        ),
        (
            "{http: {tlsenabled: true, tlscertificate: ./cert.pem, tlskey: \"-----BEGIN PRIVATE KEY-----\\nCANARY\\n-----END PRIVATE KEY-----\"}}",
            "tlskey",
        ),
    ] {
        let spec = spec.replace("CANARY", CANARY).replacen(
            '{',
            "{storage: {filesystem: {rootdirectory: ./data}}, ",
            1,
        );
        let scene = Scene::with(&document("DockerRegistry", "a", &spec));
        scene.file("secret", format!("me:{CANARY}\n{CANARY}:{CANARY}\n{CANARY}\n"));
        let certificate = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
        scene.file("cert.pem", certificate.cert.pem());
        let mut command = command(&scene, &[]);
        let run = Run::of(&command.env("SECRET", CANARY).output().unwrap());
        assert!(matches!(run.code, Some(1 | 4)), "{spec}: {run}");
        assert!(run.stderr.contains(says), "{says}: {run}");
        hidden(&run, &spec);
    }
}

#[test]
fn a_secret_in_nix_is_never_seen() {
    if needed("nix-instantiate").is_none() {
        return;
    }
    let library = repository().join("nix");
    for way in WAYS {
        let with_builder = Kind::ALL.iter().filter(|kind| kind.marker().is_some());
        let results = with_builder.map(|kind| {
            let spec = planted(*kind, way).0;
            let (name, kind) = (kind.as_str().to_lowercase(), kind.as_str());
            format!("{name} = mk{kind} \"a\" (builtins.fromJSON ''{spec}'' // {{ zzz = 1; }});")
        });
        let results = results.collect::<Vec<_>>().join("\n  ");
        let scene = Scene::new();
        let library = library.display();
        scene.file(
            "berth.nix",
            format!("with import {library} {{ }}; {{\n  {results}\n}}\n"),
        );
        let check = &all_hidden(&scene, &format!("{way:?} in Nix"))[0];
        assert_eq!(check.stdout.matches("unknown field `zzz`").count(), 9, "{check}");
    }
}

/// A served registry at its most talkative, asked by people who know the password and people who don't.
#[test]
fn the_log_of_a_registry_shows_no_password_that_it_was_sent() {
    for (level, variable) in [("debug", None), ("info", Some("trace"))] {
        let spec = format!(
            "{{log: {{level: {level}, format: text}}, storage: {{delete: {{enabled: true}}, filesystem: {{rootdirectory: ./data}}}}, auth: {{scheme: basic, htpasswd: {{users: {{me: {{env: HASH}}}}}}}}}}"
        );
        let scene = Scene::with(&document("DockerRegistry", "a", &spec));
        let right = format!("{CANARY}-right");
        let known = hash(&right);
        let mut start = command(&scene, &[]);
        start.env("HASH", &known);
        if let Some(filter) = variable {
            start.env("BERTH_LOG", filter);
        }
        let serving = Serving::of(&scene, &mut start);
        let credentials = [
            basic("me", &right),
            basic("me", &format!("{CANARY}-wrong")),
            basic(CANARY, CANARY),
            format!("Basic {CANARY}"),
            format!("Bearer {CANARY}"),
            CANARY.to_owned(),
        ];
        for value in &credentials {
            ask(&serving, value);
        }
        let run = serving.stop();
        assert!(
            run.stderr.contains("/v2/<name>/tags/list"),
            "the log is silent: {run}"
        );
        hidden(&run, level);
        for value in &credentials {
            let encoded = value.rsplit(' ').next().unwrap();
            assert!(!run.stderr.contains(encoded), "{value} is seen");
        }
        assert!(!run.stderr.contains(&known), "the hash is seen: {run}");
    }
}

/// Requests of every sort with these credentials; what they are answered is not the matter here.
fn ask(serving: &Serving, credentials: &str) {
    let fields = [
        ("Authorization", credentials),
        ("Cookie", CANARY),
        ("X-Registry-Auth", CANARY),
    ];
    let mut client = Client::new(serving.address());
    for (method, path) in [
        ("GET", "/v2/"),
        ("GET", "/v2/a/tags/list"),
        ("POST", "/v2/a/blobs/uploads/"),
        ("PUT", "/v2/a/manifests/v1"),
        ("DELETE", "/v2/a/manifests/v1"),
        ("GET", "/nowhere"),
        ("BREW", "/v2/"),
    ] {
        let body = if method == "PUT" {
            Body::Bytes(b"{}")
        } else {
            Body::Empty
        };
        let _ = client.send(method, path, &fields, body);
    }
}
