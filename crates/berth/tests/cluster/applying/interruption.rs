use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::Duration;

use berth_drive::Random;
use berth_drive::kubernetes::Version;

use crate::scene::{Scene, registry, told};

/// How often it is interrupted.
const TIMES: u64 = 20;

fn signal(child: &Child, name: &str) {
    let mut kill = Command::new("kill");
    let status = kill.args([name, &child.id().to_string()]).status().unwrap();
    assert!(status.success() || status.code() == Some(1));
}

/// Documents that differ from one round to the next: registries come and go, and those that stay change.
fn documents(round: u64) -> String {
    let level = ["debug", "info", "warn"][usize::try_from(round % 3).unwrap()];
    let log = format!("  log: {{level: {level}}}\n  persistence: {{enabled: true, size: 1Gi}}\n");
    let other = if round.is_multiple_of(2) { "even" } else { "odd" };
    format!("{}{}", registry("team", &log), registry(other, ""))
}

#[test]
fn an_apply_that_was_interrupted_anywhere_is_finished_by_the_next_on_each_kubernetes() {
    for version in Version::asked() {
        if let Some(scene) = Scene::on(version) {
            twenty_interrupted_applies_are_finished(&scene);
        }
    }
}

fn twenty_interrupted_applies_are_finished(scene: &Scene) {
    scene.plane.volumes(1).unwrap();
    let mut random = Random::new(4);
    let mut cut = 0;
    for round in 0..TIMES {
        scene.write("berth.yaml", &documents(round));
        let mut apply = scene.command(&["apply", "--yes"]);
        let child = apply
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        sleep(Duration::from_millis(random.between(100, 2000)));
        let kind = if round.is_multiple_of(3) {
            "-KILL"
        } else if round % 3 == 1 {
            "-INT"
        } else {
            "-TERM"
        };
        signal(&child, kind);
        let told = told(&child.wait_with_output().unwrap());
        match told.code {
            Some(0) => {}
            Some(130) => {
                cut += 1;
                let is_listed =
                    told.err.contains("not done:") || told.err.contains("done:") || told.out.is_empty();
                assert!(
                    is_listed || told.err.contains("interrupted"),
                    "{}\n{}",
                    told.out,
                    told.err
                );
            }
            None => cut += 1,
            other => panic!("{other:?} in round {round}\n{}\n{}", told.out, told.err),
        }
        scene.done(&["apply", "--yes"]);
        scene.settled(&[]);
    }
    assert!(cut >= TIMES / 2, "only {cut} were cut");
    let namespace = format!("registry-{}", scene.word);
    assert!(
        !scene.has("deployment", &namespace, "even"),
        "what left in the last round is gone"
    );
    assert!(scene.has("deployment", &namespace, "odd"));
}

#[test]
fn an_interrupted_wait_lists_what_is_done_and_says_130() {
    let Some(scene) = Scene::new() else {
        return;
    };
    // Nobody makes a volume of this class, so the pod never starts.
    let stuck = registry(
        "team",
        "  persistence: {enabled: true, size: 1Gi, storageClass: nobodys}\n",
    );
    scene.write("berth.yaml", &stuck);
    let mut apply = scene.command(&["apply"]);
    let child = apply
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let namespace = format!("registry-{}", scene.word);
    let last = || scene.has("networkpolicy", &namespace, "team");
    scene
        .plane
        .wait("the last object", Duration::from_secs(60), || Ok(last()))
        .unwrap();
    sleep(Duration::from_secs(1));
    signal(&child, "-TERM");
    let told = told(&child.wait_with_output().unwrap());
    assert_eq!(told.code, Some(130), "{}\n{}", told.out, told.err);
    assert!(told.err.contains("interrupted\ndone:\n"), "{}", told.err);
    assert!(told.err.contains("run it again: it continues"), "{}", told.err);
}

#[test]
fn a_workload_that_does_not_become_ready_is_done_in_part_and_named() {
    let Some(scene) = Scene::new() else {
        return;
    };
    let stuck = registry(
        "team",
        "  persistence: {enabled: true, size: 1Gi, storageClass: nobodys}\n",
    );
    scene.write("berth.yaml", &stuck);
    let told = scene.berth(&["apply", "--timeout", "3s"]);
    assert_eq!(told.code, Some(3), "{}\n{}", told.out, told.err);
    assert!(told.err.contains("not ready after 3 s"), "{}", told.err);
    assert!(told.err.contains("waiting for Deployment"), "{}", told.err);
    let told = scene.berth(&["apply", "--no-wait"]);
    assert_eq!(told.code, Some(0), "{}\n{}", told.out, told.err);
}
