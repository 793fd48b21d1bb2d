//! What is rendered as a `NetworkPolicy` holds in force, on the real node. No package carries an engine that enforces
//! them: `BERTH_KUBE_ROUTER` names the program kube-router. A test binary of its own, since policies hold for all pods
//! of a node.
#![expect(
    clippy::unwrap_used,
    reason = "a story whose cluster can't be set up has failed"
)]

mod engine;
mod pods;
#[path = "../cluster/real/scene.rs"]
#[expect(dead_code, reason = "the stories on the real node need more of it")]
mod scene;

use berth_drive::{brought, needed};

use engine::Engine;
use pods::{Pod, reaches, start};
use scene::{Scene, berth_image, registry};

/// One namespace may come in, and one address may be reached.
const DOCUMENT: &str = r#"
apiVersion: berth.dev/v1
kind: DockerRegistry
metadata: {name: team}
spec:
  namespace: "@"
  engine: ENGINE
  storage: {driver: filesystem}
  persistence: {size: 1Gi}
  auth: {enabled: false}
  networkPolicy: {fromNamespaces: ["@-apps"], egressCIDRs: [REACHED]}
  resources: {requests: {cpu: 10m, memory: 32Mi}}
"#;

#[test]
fn policies_in_force_let_the_allowed_pod_in_and_no_other_and_nothing_out_but_what_is_declared() {
    let Some(program) = brought("BERTH_KUBE_ROUTER", "policies in force") else {
        return;
    };
    for tool in ["ipset", "nsenter", "curl"] {
        if needed(tool).is_none() {
            return;
        }
    }
    let Some(scene) = Scene::new(&[registry, berth_image]) else {
        return;
    };
    let engine = Engine::start(&program, &scene);
    for name in ["distribution", "berth"] {
        // Each in a scene of its own, whose namespaces go with it.
        let scene = Scene::new(&[]).unwrap();
        policies_hold(&scene, name, &engine);
    }
}

fn policies_hold(scene: &Scene, name: &str, engine: &Engine) {
    scene.node.volumes(1).unwrap();
    let allowed = start(scene, &format!("{}-apps", scene.namespace));
    let other = start(scene, &format!("{}-others", scene.namespace));
    let nowhere = DOCUMENT.replace("ENGINE", name).replace("[REACHED]", "[]");
    scene.apply(&nowhere);
    let address = format!("http://{}/v2/", scene.service("team"));
    let told = || engine.log();
    scene.wait(&format!("{name}: the allowed pod to get through"), || {
        reaches(&allowed, &address)
    });
    scene.wait(&format!("{name}: the other pod to be kept out"), || {
        !reaches(&other, &address)
    });
    assert!(reaches(&allowed, &address), "{name}: {}", told());

    let registry = Pod::of(scene, &scene.namespace, "app.kubernetes.io/instance=team");
    assert!(
        reaches(&allowed, &other.address()),
        "{name}: nobody answers: {}",
        told()
    );
    scene.wait(&format!("{name}: the registry to reach nobody"), || {
        !reaches(&registry, &other.address())
    });

    let declared = format!("[{}/32]", other.ip);
    scene.apply(&DOCUMENT.replace("ENGINE", name).replace("[REACHED]", &declared));
    let registry = Pod::of(scene, &scene.namespace, "app.kubernetes.io/instance=team");
    scene.wait(&format!("{name}: the declared address to be reached"), || {
        reaches(&registry, &other.address())
    });
    assert!(!reaches(&registry, &allowed.address()), "{name}: {}", told());
    assert!(!reaches(&other, &address), "{name}: {}", told());
}
