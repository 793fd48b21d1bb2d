use std::io::Write as _;
use std::process::{Command, Stdio};

use crate::scene::{Scene, acting, paths, registry, told};

#[test]
fn a_registry_comes_up_from_nothing_and_its_plan_has_nothing_more_to_do() {
    let Some(scene) = Scene::new() else {
        return;
    };
    scene.write("berth.yaml", &registry("team", ""));
    let told = scene.done(&["apply"]);
    assert!(told.out.contains("+ Deployment registry-"), "{}", told.out);
    assert!(told.out.contains("made once, and never anew: "), "{}", told.out);
    let namespace = format!("registry-{}", scene.word);
    let deployment = scene.get("deployment", &namespace, "team");
    assert_eq!(deployment["status"]["readyReplicas"], 1);
    let inventory = scene.get("configmap", &namespace, "berth");
    let kinds = &inventory["metadata"]["annotations"]["applyset.kubernetes.io/contains-group-kinds"];
    assert!(kinds.as_str().unwrap().contains("Deployment.apps"), "{kinds}");
    scene.settled(&[]);
}

#[test]
fn a_changed_document_is_planned_to_the_field_and_applied() {
    let Some(scene) = Scene::new() else {
        return;
    };
    scene.write("berth.yaml", &registry("team", ""));
    scene.done(&["apply"]);
    scene.write("berth.yaml", &registry("team", "  log: {level: debug}\n"));
    let told = scene.berth(&["plan", "--exit-code"]);
    assert_eq!(told.code, Some(2), "{}", told.out);
    assert!(told.out.contains("restarts 1 pod (rolling)"), "{}", told.out);
    let plan = scene.plan(&[]);
    assert_eq!(
        acting(&plan),
        ["update ConfigMap team-config", "update Deployment team"]
    );
    assert_eq!(paths(&plan, "ConfigMap"), ["data[config.yml]"]);
    let expected = ["spec.template.metadata.annotations[berth.dev/checksum-config]"];
    assert_eq!(paths(&plan, "Deployment"), expected);
    let told = scene.done(&["apply"]);
    assert!(
        told.err.contains("ConfigMap") && told.err.contains("updated"),
        "{}",
        told.err
    );
    scene.settled(&[]);
}

#[test]
fn replicas_are_left_to_the_autoscaler_and_never_fall_on_the_way() {
    let Some(scene) = Scene::new() else {
        return;
    };
    let shared = |more: &str| {
        registry("team", more).replace(
            "driver: filesystem",
            "driver: s3, s3: {enabled: true, bucket: images-of-a-test, region: eu-west-1}",
        )
    };
    scene.write("berth.yaml", &shared("  replicas: 3\n"));
    scene.done(&["apply"]);
    let scaled = shared("  autoscaling: {enabled: true, minReplicas: 2, maxReplicas: 6}\n");
    scene.write("berth.yaml", &scaled);
    let plan = scene.plan(&[]);
    let replicas = paths(&plan, "Deployment");
    assert!(!replicas.contains(&"spec.replicas".to_owned()), "{replicas:?}");
    scene.done(&["apply"]);
    let namespace = format!("registry-{}", scene.word);
    assert_eq!(scene.get("deployment", &namespace, "team")["spec"]["replicas"], 3);
    scene.kubectl(&[
        "scale",
        "deployment/team",
        "--replicas",
        "5",
        "--namespace",
        &namespace,
    ]);
    scene.done(&["apply"]);
    assert_eq!(scene.get("deployment", &namespace, "team")["spec"]["replicas"], 5);
    scene.settled(&[]);
}

#[test]
fn values_that_were_made_once_stay_the_same_whatever_is_applied() {
    let Some(scene) = Scene::new() else {
        return;
    };
    scene.write("berth.yaml", &registry("team", ""));
    scene.done(&["apply"]);
    let namespace = format!("registry-{}", scene.word);
    let before = scene.get("secret", &namespace, "team-made-once")["data"].clone();
    let given = registry("team", "  http: {secret: {env: GIVEN}}\n");
    scene.write("berth.yaml", &given);
    let output = scene
        .command(&["apply"])
        .env("GIVEN", "a-secret-of-the-document")
        .output()
        .unwrap();
    let told = told(&output);
    assert_eq!(told.code, Some(0), "{}\n{}", told.out, told.err);
    let after = scene.get("secret", &namespace, "team-made-once")["data"].clone();
    for (key, value) in before.as_object().unwrap() {
        assert_eq!(after[key], *value, "{key}");
    }
}

#[test]
fn on_a_terminal_it_asks_and_does_nothing_without_a_yes() {
    let Some(scene) = Scene::new() else {
        return;
    };
    scene.write("berth.yaml", &registry("team", ""));
    let namespace = format!("registry-{}", scene.word);
    let answered = |answer: &str| {
        let kubeconfig = scene.plane.kubeconfig();
        let program = env!("CARGO_BIN_EXE_berth");
        let line = format!("{program} apply --kubeconfig {}", kubeconfig.display());
        let mut script = Command::new("script");
        script.args(["--quiet", "--return", "--command", &line, "/dev/null"]);
        let spawned = script
            .current_dir(scene.folder())
            .env_remove("NO_COLOR")
            .env("TERM", "xterm")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn();
        let mut child = spawned.unwrap();
        child.stdin.take().unwrap().write_all(answer.as_bytes()).unwrap();
        told(&child.wait_with_output().unwrap())
    };
    let refused = answered("no\n");
    assert_eq!(refused.code, Some(1), "{}", refused.out);
    assert!(refused.out.contains("apply this? [y/N]"), "{}", refused.out);
    assert!(
        refused.out.contains("\u{1b}[32m+\u{1b}[0m"),
        "a terminal gets colours: {}",
        refused.out
    );
    assert!(!scene.has("namespace", "default", &namespace));
    let done = answered("yes\n");
    assert_eq!(done.code, Some(0), "{}", done.out);
    scene.settled(&[]);
}
