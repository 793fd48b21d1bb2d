use std::collections::BTreeMap;

use berth_drive::kubernetes::Version;

use crate::scene::Scene;

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

#[test]
fn all_registries_and_policies_apply_and_applying_again_changes_nothing() {
    for version in Version::asked() {
        let Some(scene) = scene(version) else {
            return;
        };
        let run = |words: &[&str]| {
            let output = scene.command(words).env("PULL_PASSWORD", "of-the-robot").output();
            crate::scene::told(&output.unwrap())
        };
        let namespace = format!("docker-{}", scene.word);
        let words = [
            "apply",
            "berth.yaml",
            "--namespace",
            "default",
            "--inventory",
            &namespace,
            "--yes",
        ];
        let first = run(&words);
        assert_eq!(first.code, Some(0), "{version}\n{}\n{}", first.out, first.err);
        assert!(first.out.contains("+ StatefulSet"), "{}", first.out);
        let before = versions(&scene);
        assert!(before.len() > 60, "{}", before.len());
        let again = run(&words);
        assert_eq!(again.code, Some(0), "{version}\n{}\n{}", again.out, again.err);
        assert!(again.out.contains("Nothing to do"), "{version}\n{}", again.out);
        let after = versions(&scene);
        let changed: Vec<_> = after
            .iter()
            .filter(|(name, at)| before.get(*name) != Some(at))
            .collect();
        assert!(changed.is_empty(), "{version}: {changed:?}");
        let plan = run(&[
            "plan",
            "berth.yaml",
            "--namespace",
            "default",
            "--inventory",
            &namespace,
            "--exit-code",
        ]);
        assert_eq!(plan.code, Some(0), "{}", plan.out);
        // The pull secret is attached to an account that is everybody's.
        let account = scene.get("serviceaccount", &format!("nexus-{}", scene.word), "default");
        assert_eq!(account["imagePullSecrets"][0]["name"], "pull");
    }
}
