//! The registry does not respond: its pods, what their logs say, the way to them.

use super::{REGISTRY, mend, named, patch, well};
use crate::real::scene::{Scene, berth_image, registry};

#[test]
fn a_docker_registry_that_does_not_respond_is_told_why() {
    let Some(scene) = Scene::new(&[registry]) else {
        return;
    };
    let document = set_up(&scene, "distribution");
    crash(&scene, &document);
    no_way_to_it(&scene, &document);
}

#[test]
fn berth_in_its_own_pod_that_does_not_respond_is_told_why() {
    let Some(scene) = Scene::new(&[berth_image]) else {
        return;
    };
    let document = set_up(&scene, "berth");
    no_way_to_it(&scene, &document);
}

fn set_up(scene: &Scene, engine: &str) -> String {
    scene.node.volumes(1).unwrap();
    let document = REGISTRY.replace("ENGINE", engine);
    scene.apply(&document);
    scene.service("team");
    well(scene, &document);
    // What was asked then stands in the log now, and is no fault either.
    well(scene, &document);
    document
}

/// A configuration that the program can't read: it ends at once, and its last word is told.
fn crash(scene: &Scene, document: &str) {
    patch(
        scene,
        "configmap",
        "team-config",
        r#"{"data":{"config.yml":"version: 0.1\nstorage: {nowhere: {}}\n"}}"#,
    );
    scene.kubectl(&["rollout", "restart", "deployment/team"]);
    named(scene, document, "DG-005", "nowhere");
    named(scene, document, "DG-008", "none of the 1 pods behind it is ready");
    mend(scene, document);
    // The pods that crash aren't another document's, so they aren't rolled by it.
    scene.kubectl(&["rollout", "restart", "deployment/team"]);
    scene.rollout("deployment/team");
    well(scene, document);
}

/// A probe of a path that isn't there, and a Service whose selector finds nothing.
fn no_way_to_it(scene: &Scene, document: &str) {
    let name =
        scene.object("deployment", "team")["spec"]["template"]["spec"]["containers"][0]["name"].clone();
    let probe = format!(
        r#"{{"spec":{{"template":{{"spec":{{"containers":[{{"name":{name},"readinessProbe":{{"httpGet":{{"path":"/nothing/here"}},"periodSeconds":1}}}}]}}}}}}}}"#
    );
    patch(scene, "deployment", "team", &probe);
    named(scene, document, "DG-007", "statuscode: 404");
    named(scene, document, "DG-008", "is ready");
    mend(scene, document);
    patch(
        scene,
        "service",
        "team",
        r#"{"spec":{"selector":{"app.kubernetes.io/instance":"another"}}}"#,
    );
    named(scene, document, "DG-008", "its selector finds no pod");
    named(scene, document, "DG-010", "doesn't answer");
    mend(scene, document);
    well(scene, document);
    let image = format!(
        r#"{{"spec":{{"template":{{"spec":{{"containers":[{{"name":{name},"image":"127.0.0.1:1/nothing:v1"}}]}}}}}}}}"#
    );
    patch(scene, "deployment", "team", &image);
    named(scene, document, "DG-004", "127.0.0.1:1/nothing:v1");
    mend(scene, document);
    well(scene, document);
}
