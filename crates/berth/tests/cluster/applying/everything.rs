use std::collections::BTreeMap;

use berth_drive::kubernetes::Version;
use serde_json::Value as Json;

use crate::scene::Scene;

const EVERYTHING: &str = include_str!("everything.yaml");

/// The version of each member: any write at all would change it.
fn versions(scene: &Scene) -> BTreeMap<String, String> {
    let kinds = "namespaces,serviceaccounts,roles,rolebindings,configmaps,secrets,persistentvolumeclaims,services,\
                 ingresses,networkpolicies,poddisruptionbudgets,cronjobs";
    let selector = "applyset.kubernetes.io/part-of";
    let words = ["get", kinds, "--all-namespaces", "--selector", selector];
    let list = scene.plane.kubectl().json(words).unwrap();
    let items = list["items"].as_array().unwrap().iter();
    let mut versions: BTreeMap<String, String> = items
        .filter(|item| item.to_string().contains(&format!("-{}", scene.word)))
        .map(|item| {
            let text = |field: &str| item["metadata"][field].as_str().unwrap_or_default().to_owned();
            let name = format!("{} {}/{}", item["kind"], text("namespace"), text("name"));
            (name, text("resourceVersion"))
        })
        .collect();
    // A status counts for these, so what is declared is compared.
    let words = [
        "get",
        "deployments,statefulsets,hpa,jobs",
        "--all-namespaces",
        "--selector",
        selector,
    ];
    let list = scene.plane.kubectl().json(words).unwrap();
    for item in list["items"].as_array().unwrap() {
        let name = format!("{} {}", item["kind"], item["metadata"]["name"]);
        versions.insert(
            format!("{name} {}", item["metadata"]["namespace"]),
            berths_time(item),
        );
    }
    versions
}

/// When Berth last wrote an object.
fn berths_time(object: &Json) -> String {
    let managers = object["metadata"]["managedFields"]
        .as_array()
        .into_iter()
        .flatten();
    let ours = managers.filter(|manager| manager["manager"] == "berth");
    ours.map(|manager| manager["time"].to_string()).collect()
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
