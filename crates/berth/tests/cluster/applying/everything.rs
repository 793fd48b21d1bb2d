use std::collections::BTreeMap;

use berth_drive::kubernetes::Version;

use crate::scene::{Scene, Told, acting, told};

const EVERYTHING: &str = include_str!("everything.yaml");

/// What changes with each write of a member; of those whose status moves, with each write of what is declared.
fn versions(scene: &Scene) -> BTreeMap<String, String> {
    let kinds = "namespaces,serviceaccounts,roles,rolebindings,configmaps,secrets,persistentvolumeclaims,services,\
                 ingresses,networkpolicies,poddisruptionbudgets,cronjobs,deployments,statefulsets,hpa,jobs";
    let selector = "applyset.kubernetes.io/part-of";
    let words = ["get", kinds, "--all-namespaces", "--selector", selector];
    let list = scene.plane.kubectl().json(words).unwrap();
    let mut versions = BTreeMap::new();
    for item in list["items"].as_array().unwrap() {
        let text = |field: &str| item["metadata"][field].as_str().unwrap_or_default().to_owned();
        let kind = item["kind"].as_str().unwrap();
        let place = if kind == "Namespace" {
            text("name")
        } else {
            text("namespace")
        };
        if !place.ends_with(&format!("-{}", scene.word)) {
            continue;
        }
        let version = match item["metadata"].get("generation") {
            Some(generation) => generation.to_string(),
            None => text("resourceVersion"),
        };
        versions.insert(format!("{kind} {place}/{}", text("name")), version);
    }
    versions
}

fn scene(version: Version) -> Option<Scene> {
    let scene = Scene::on(version)?;
    scene.plane.volumes(12).unwrap();
    scene.plane.definitions().unwrap();
    scene.write("berth.yaml", EVERYTHING);
    Some(scene)
}

/// The same with something changed in each registry.
fn changed() -> String {
    let mut changed = EVERYTHING.to_owned();
    for (before, after) in [
        (
            "  garbageCollection: ",
            "  log: {level: debug}\n  garbageCollection: ",
        ),
        ("coreReplicas: 1", "coreReplicas: 2"),
        ("nexus3:3.68.1", "nexus3:3.68.0"),
        ("artifactory-oss:7.84.17", "artifactory-oss:7.84.16"),
    ] {
        assert!(changed.contains(before), "{before}");
        changed = changed.replace(before, after);
    }
    changed
}

struct Run<'a> {
    scene: &'a Scene,
    inventory: String,
}

impl Run<'_> {
    fn told(&self, words: &[&str]) -> Told {
        let inventory = ["--namespace", "default", "--inventory", &self.inventory];
        let mut command = self.scene.command(&[words, &inventory[..]].concat());
        told(&command.env("PULL_PASSWORD", "of-the-robot").output().unwrap())
    }

    fn done(&self, words: &[&str]) -> Told {
        let told = self.told(words);
        let version = self.scene.plane.version();
        assert_eq!(
            told.code,
            Some(0),
            "{version} {words:?}\n{}\n{}",
            told.out,
            told.err
        );
        told
    }

    fn settled(&self) {
        let told = self.done(&["plan", "berth.yaml", "--exit-code"]);
        assert!(told.out.contains("Nothing to do"), "{}", told.out);
    }
}

#[test]
fn all_registries_and_policies_apply_and_change_and_leave_on_each_kubernetes() {
    for version in Version::asked() {
        let Some(scene) = scene(version) else {
            continue;
        };
        let inventory = format!("every-{}", scene.word);
        let run = Run {
            scene: &scene,
            inventory,
        };
        let first = run.done(&["apply", "berth.yaml", "--yes"]);
        assert!(first.out.contains("+ StatefulSet"), "{}", first.out);
        applying_again_changes_nothing(&run);
        // The pull secret is attached to an account that is everybody's.
        let account = scene.get("serviceaccount", &format!("nexus-{}", scene.word), "default");
        assert_eq!(account["imagePullSecrets"][0]["name"], "pull");
        a_change_of_each_is_planned_and_nothing_else(&run);
        what_left_goes(&run);
        what_holds_data_outlives_all(&run);
    }
}

fn applying_again_changes_nothing(run: &Run<'_>) {
    let before = versions(run.scene);
    assert!(before.len() > 60, "{}", before.len());
    let again = run.done(&["apply", "berth.yaml", "--yes"]);
    assert!(again.out.contains("Nothing to do"), "{}", again.out);
    assert_eq!(before, versions(run.scene));
    run.settled();
}

fn a_change_of_each_is_planned_and_nothing_else(run: &Run<'_>) {
    run.scene.write("berth.yaml", &changed());
    let plan = run.done(&["plan", "berth.yaml", "--output", "json"]);
    let plan = serde_json::from_str(&plan.out).unwrap();
    let acting = acting(&plan);
    for expected in [
        "update ConfigMap team-config",
        "update Deployment team",
        "update Deployment small-core",
        "update StatefulSet artifacts",
        "update StatefulSet builds",
    ] {
        assert!(acting.contains(&expected.to_owned()), "{expected}: {acting:?}");
    }
    let is_expected = |change: &String| {
        let name = change.rsplit(' ').next().unwrap();
        let is_of = |of: &str| name == of || name.starts_with(&format!("{of}-"));
        ["team", "small-core", "small-migration", "artifacts", "builds"]
            .into_iter()
            .any(is_of)
    };
    assert!(acting.iter().all(is_expected), "{acting:?}");
    run.done(&["apply", "berth.yaml", "--yes"]);
    run.settled();
}

fn what_left_goes(run: &Run<'_>) {
    let (first, _) = EVERYTHING.split_once("---").unwrap();
    run.scene.write("berth.yaml", first);
    run.done(&["apply", "berth.yaml", "--yes"]);
    run.settled();
    let word = &run.scene.word;
    assert!(
        !run.scene
            .has("statefulset", &format!("nexus-{word}"), "artifacts")
    );
    assert!(run.scene.has("deployment", &format!("docker-{word}"), "team"));
    let account = run
        .scene
        .get("serviceaccount", &format!("nexus-{word}"), "default");
    assert_eq!(
        account.get("imagePullSecrets"),
        None,
        "the pull secret is detached"
    );
}

fn what_holds_data_outlives_all(run: &Run<'_>) {
    run.done(&["destroy", "berth.yaml", "--yes"]);
    let word = &run.scene.word;
    for (kind, namespace, name) in [
        ("persistentvolumeclaim", "docker", "team"),
        ("persistentvolumeclaim", "harbor", "data-small-database-0"),
        ("secret", "harbor", "small-made-once"),
    ] {
        assert!(
            run.scene.has(kind, &format!("{namespace}-{word}"), name),
            "{kind} {name}"
        );
    }
    assert!(!run.scene.has("deployment", &format!("docker-{word}"), "team"));
}
