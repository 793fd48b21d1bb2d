use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value as Json;

use crate::scene::{Scene, Told, told};

/// Secrets wherever documents take them.
const DOCUMENTS: &str = r"
apiVersion: berth.dev/v1
kind: DockerRegistry
metadata: {name: team}
spec:
  namespace: canary-@
  image: registry:2.8.3
  storage: {driver: s3, s3: {enabled: true, bucket: images-of-a-test, region: eu-west-1, accesskey: {env: CANARY_1}, secretkey: {env: CANARY_2}}}
  http: {secret: {env: CANARY_3}}
  auth: {scheme: basic}
---
apiVersion: berth.dev/v1
kind: HarborRegistry
metadata: {name: small}
spec:
  namespace: canary-@
  externalURL: https://harbor.example.com
  adminPassword: {env: CANARY_4}
  secretKey: {env: CANARY_5}
  database: {host: db.example.com, username: u, password: {env: CANARY_6}}
  redis: {host: redis.example.com, password: {env: CANARY_7}}
  storage: {type: filesystem}
---
apiVersion: berth.dev/v1
kind: NexusRegistry
metadata: {name: artifacts}
spec:
  namespace: canary-@
  image: sonatype/nexus3:3.68.1
  adminPassword: {env: CANARY_8}
  database: {type: h2}
---
apiVersion: berth.dev/v1
kind: ImagePullSecret
metadata: {name: pull}
spec:
  name: pull
  secretName: pull
  namespace: canary-@
  registry: {server: harbor.example.com, username: robot, password: {env: CANARY_9}}
";

/// Sixteen letters and digits each, as some products ask for.
fn canary(number: u32, round: u32) -> String {
    format!("Canary{number}0{round}Hunter2x")[..16].to_owned()
}

fn run(scene: &Scene, words: &[&str], round: u32) -> Told {
    let mut command = scene.command(words);
    for number in 1..10 {
        command.env(format!("CANARY_{number}"), canary(number, round));
    }
    told(&command.output().unwrap())
}

#[test]
fn no_secret_is_told_or_lies_anywhere_but_in_a_secret() {
    let Some(scene) = Scene::new() else {
        return;
    };
    scene.plane.volumes(6).unwrap();
    scene.write("berth.yaml", DOCUMENTS);
    let mut all = String::new();
    for round in 1..3 {
        for words in [
            &["plan", "--out", "plan.json"][..],
            &["plan", "--output", "json"],
            &["apply", "--yes", "--timeout", "60s"],
            &["plan"],
            &["status"],
            &["status", "--output", "json"],
            &["diagnose"],
            &["diagnose", "--output", "json"],
            &["check", "--cluster"],
            &["check", "--cluster", "--output", "json"],
        ] {
            let told = run(&scene, words, round);
            assert_eq!(told.code, Some(0), "{words:?}\n{}\n{}", told.out, told.err);
            all += &told.out;
            all += &told.err;
        }
        all += &std::fs::read_to_string(scene.folder().join("plan.json")).unwrap();
    }
    let namespace = format!("canary-{}", scene.word);
    let kinds = "configmaps,deployments,statefulsets,services,ingresses,cronjobs,jobs,pods,replicasets,serviceaccounts,\
                 persistentvolumeclaims,networkpolicies,events";
    all += &scene.kubectl(&[
        "get",
        kinds,
        "--namespace",
        &namespace,
        "--output",
        "json",
        "--show-managed-fields",
    ]);
    let secrets = scene
        .plane
        .kubectl()
        .json(["get", "secrets", "--namespace", &namespace])
        .unwrap();
    // Secrets hold them in their data alone.
    for secret in secrets["items"].as_array().unwrap() {
        all += &secret["metadata"].to_string();
    }
    for value in values(&secrets) {
        assert!(!all.contains(&value), "{value} is told");
        assert!(
            !all.contains(&STANDARD.encode(&value)),
            "{value} is told in base64"
        );
    }
    let told = run(&scene, &["destroy", "--yes"], 2);
    assert_eq!(told.code, Some(0), "{}\n{}", told.out, told.err);
    for value in values(&secrets) {
        assert!(
            !told.out.contains(&value) && !told.err.contains(&value),
            "{value} is told"
        );
    }
}

/// The values of all Secrets, and those of the variables; short ones, such as names of users, are none.
fn values(secrets: &Json) -> Vec<String> {
    let items = secrets["items"].as_array().unwrap().iter();
    let data = items.flat_map(|secret| secret["data"].as_object().into_iter().flatten());
    let mut values: Vec<String> = data
        .filter(|(key, _)| !is_public(key))
        .map(|(_, value)| String::from_utf8(STANDARD.decode(value.as_str().unwrap()).unwrap()).unwrap())
        .filter(|value| value.len() >= 12)
        .collect();
    assert!(values.len() > 12, "{}", values.len());
    values.extend((1..10).flat_map(|number| [canary(number, 1), canary(number, 2)]));
    values
}

/// Keys of what is no secret, though it lies beside some.
fn is_public(key: &str) -> bool {
    let key = key.to_ascii_lowercase();
    key.contains("url") || key.contains("user") || key.contains("crt")
}
