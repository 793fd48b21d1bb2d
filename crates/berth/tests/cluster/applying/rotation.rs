use crate::scene::{Scene, acting, registry};

#[test]
fn a_token_is_made_anew_and_the_pods_that_read_it_restart_once() {
    let Some(scene) = Scene::new() else {
        return;
    };
    let namespace = format!("registry-{}", scene.word);
    scene.write("berth.yaml", &registry("team", ""));
    scene.done(&["apply"]);
    let secret = || scene.get("secret", &namespace, "team-made-once")["data"]["http-secret"].clone();
    let before = secret();
    let plan = scene.plan(&["--rotate", "token"]);
    assert_eq!(
        acting(&plan),
        ["update Secret team-made-once", "update Deployment team"]
    );
    let told = scene.done(&["apply", "--rotate", "token:team"]);
    assert!(
        told.out.contains("data[http-secret]: changed, not shown"),
        "{}",
        told.out
    );
    let after = secret();
    assert_ne!(before, after);
    scene.settled(&[]);
    scene.done(&["apply"]);
    assert_eq!(secret(), after);
}

#[test]
fn what_can_not_be_made_anew_is_refused_with_the_reason() {
    let Some(scene) = Scene::new() else {
        return;
    };
    let harbor = "apiVersion: berth.dev/v1\nkind: HarborRegistry\nmetadata: {name: small}\nspec:\n  namespace: harbor-@\n  \
                  externalURL: https://harbor.example.com\n  database: {managed: true}\n  redis: {managed: true}\n  storage: {type: filesystem}\n";
    scene.write("berth.yaml", harbor);
    for (what, why) in [
        ("secret-key", "encrypted"),
        ("admin", "its API"),
        ("database", "ALTER USER"),
    ] {
        let refused = scene.berth(&["apply", "--rotate", what]);
        assert_eq!(refused.code, Some(1), "{}", refused.err);
        assert!(
            refused.err.contains("HarborRegistry/small") && refused.err.contains(why),
            "{}",
            refused.err
        );
    }
    let wrong = scene.berth(&["plan", "--rotate", "everything"]);
    assert_eq!(wrong.code, Some(64), "{}", wrong.err);
}
