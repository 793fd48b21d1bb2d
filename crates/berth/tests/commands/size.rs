//! `berth size`.

use serde_json::{Value, json};

use crate::scene::{Scene, document};

fn sizes(scene: &Scene, arguments: &[&str]) -> Value {
    let run = scene.berth(&[&["size", "-o", "json"], arguments].concat());
    serde_json::from_str(&run.result()).unwrap()
}

fn of(kind: &str, spec: &str, arguments: &[&str]) -> Value {
    sizes(&Scene::with(&document(kind, "a", spec)), arguments)[0].take()
}

#[test]
fn the_rule_of_thumb_is_that_of_the_builders() {
    for (kind, spec, cpu, memory, images) in [
        ("DockerRegistry", "{}", 100, 256, 100),
        ("DockerRegistry", "{replicas: 3}", 300, 768, 300),
        ("HarborRegistry", "{}", 500, 512, 100),
        ("HarborRegistry", "{coreReplicas: 2}", 1000, 1024, 200),
        ("NexusRegistry", "{replicas: 2}", 200, 512, 200),
        ("ArtifactoryRegistry", "{}", 100, 256, 100),
    ] {
        let size = of(kind, spec, &[]);
        let expected = json!({"totalCpu": cpu, "totalMemory": memory, "estimatedThroughput": images});
        assert_eq!(size["calculateStorageRequirements"], expected, "{kind} {spec}");
    }
}

#[test]
fn beside_it_stand_the_sums_of_what_is_declared() {
    let spec =
        "{replicas: 3, resources: {requests: {cpu: 250m, memory: 1Gi}, limits: {cpu: 2, memory: 2Gi}}}";
    let size = of("DockerRegistry", spec, &[]);
    let gib = 1_u64 << 30;
    assert_eq!(size["requests"], json!({"millicores": 750, "bytes": 3 * gib}));
    assert_eq!(size["limits"], json!({"millicores": 6000, "bytes": 6 * gib}));
    assert_eq!(size["components"][0]["replicas"], 3);
}

#[test]
fn the_sums_are_those_of_the_components() {
    let size = of("HarborRegistry", "{coreReplicas: 2}", &[]);
    let components = size["components"].as_array().unwrap();
    assert!(components.len() > 4, "{size:#}");
    for (of, unit) in [
        ("requests", "millicores"),
        ("requests", "bytes"),
        ("limits", "bytes"),
    ] {
        let sum: u64 = components
            .iter()
            .map(|part| part["replicas"].as_u64().unwrap() * part[of][unit].as_u64().unwrap())
            .sum();
        assert_eq!(size[of][unit], sum, "{of} {unit}");
    }
}

const DAILY: [&str; 4] = ["--images-per-day", "10", "--image-size", "300Mi"];

#[test]
fn the_forecast_is_the_formula_of_the_help() {
    let arguments = [&DAILY[..], &["--retention-days", "20", "--dedupe", "0.25"]].concat();
    let size = of("DockerRegistry", "{persistence: {size: 50Gi}}", &arguments);
    let mib = f64::from(1 << 20);
    assert_eq!(size["forecast"]["images"], 200.0);
    assert_eq!(size["forecast"]["bytes"], 10.0 * 20.0 * 300.0 * mib * 0.75);
    assert_eq!(size["forecast"]["volumeBytes"], 50_u64 << 30);
    assert_eq!(size["forecast"]["fits"], true);
    let small = of("DockerRegistry", "{persistence: {size: 10Gi}}", &arguments);
    assert_eq!(small["forecast"]["fits"], false);

    let help = Scene::new().berth(&["size", "--help"]).result();
    assert!(
        help.contains("images-per-day x retention-days x image-size x (1 - dedupe)"),
        "{help}"
    );
}

#[test]
fn the_days_are_those_of_the_policy_unless_given() {
    let policy = document(
        "ImageRetentionPolicy",
        "p",
        "{retentionDays: 7, keepTagged: false}",
    );
    let scene = Scene::with(&format!("{}---\n{policy}", document("DockerRegistry", "a", "{}")));
    assert_eq!(sizes(&scene, &DAILY)[0]["forecast"]["images"], 70.0);
    let given = [&DAILY[..], &["--retention-days", "2"]].concat();
    assert_eq!(sizes(&scene, &given)[0]["forecast"]["images"], 20.0);
    assert_eq!(of("DockerRegistry", "{}", &DAILY)["forecast"]["images"], 300.0);
}

#[test]
fn the_table_shows_components_sums_rule_of_thumb_and_forecast() {
    let spec = "{replicas: 2, persistence: {size: 50Gi}}";
    let scene = Scene::with(&document("DockerRegistry", "a", spec));
    insta::assert_snapshot!("size_table", scene.berth(&[&["size"], &DAILY[..]].concat()));
    insta::assert_snapshot!(
        "size_yaml",
        scene.berth(&[&["size", "-o", "yaml"], &DAILY[..]].concat())
    );
}

#[test]
fn numbers_that_mean_nothing_are_wrong_usage() {
    let scene = Scene::with(&document("DockerRegistry", "a", "{}"));
    for arguments in [
        &["--images-per-day=-1", "--image-size=1Gi"][..],
        &["--images-per-day=nan", "--image-size=1Gi"],
        &["--images-per-day=inf", "--image-size=1Gi"],
        &["--images-per-day=1e300", "--image-size=1Gi"],
        &["--images-per-day=1", "--image-size=1Gi", "--retention-days=-1"],
        &["--images-per-day=1", "--image-size=1Gi", "--dedupe=1.5"],
        &["--images-per-day=1", "--image-size=1Gi", "--dedupe=nan"],
        &["--images-per-day=1", "--image-size=big"],
        &["--images-per-day=1"],
        &["--image-size=1Gi"],
        // Alone they would do nothing.
        &["--retention-days=7"],
        &["--dedupe=0.5"],
    ] {
        let run = scene.berth(&[&["size"], arguments].concat());
        assert_eq!(run.code, Some(64), "{arguments:?}: {run}");
    }
}

#[test]
fn documents_without_a_registry_have_no_size() {
    let run = Scene::with(&document("ImageScanPolicy", "a", "{}")).berth(&["size"]);
    run.refused(64, &["no registry among the documents"]);
}

const PRICES: &str = "currency: EUR\ncpuCoreHour: 0.1\nmemoryGiBHour: 0.01\nstorageGiBMonth: 0.2\n";

/// Two registries of two cost centres, one of which has a volume in each of its pods.
fn priced() -> Scene {
    let docker = document(
        "DockerRegistry",
        "a",
        "{resources: {requests: {cpu: 500m, memory: 2Gi}, limits: {cpu: 1, memory: 2Gi}}, persistence: {size: 10Gi}, cost: {costCenter: platform, owner: team-a}}",
    );
    let nexus = document(
        "NexusRegistry",
        "b",
        "{resources: {requests: {cpu: '1', memory: 2Gi}, limits: {cpu: 2, memory: 4Gi}}, persistence: {size: 5Gi}}",
    );
    let scene = Scene::with(&format!("{docker}---\n{nexus}"));
    scene.file("prices.yaml", PRICES);
    scene
}

#[test]
fn registries_cost_what_is_kept_for_them_each_and_by_who_pays() {
    let bill = sizes(&priced(), &["--cost", "prices.yaml"]);
    let cost = &bill["registries"][0]["costPerMonth"];
    assert_eq!(
        *cost,
        json!({"cpu": 36.5, "memory": 14.6, "storage": 2.0, "total": 53.1})
    );
    assert_eq!(bill["registries"][1]["volumeBytes"], 5_u64 << 30);
    assert_eq!(bill["byCostCenter"]["platform"]["total"], 53.1);
    assert_eq!(bill["byOwner"]["team-a"]["total"], 53.1);
    let (all, rest) = (
        &bill["costPerMonth"]["total"],
        &bill["byCostCenter"]["(none)"]["total"],
    );
    assert!(
        (all.as_f64().unwrap() - 53.1 - rest.as_f64().unwrap()).abs() < 0.011,
        "{bill:#}"
    );
    assert_eq!(bill["currency"], "EUR");
}

#[test]
fn the_table_tells_the_costs_in_words() {
    let table = priced().berth(&["size", "--cost", "prices.yaml"]).result();
    for line in [
        "  volumes: 10Gi",
        "  a month: 53.10 EUR (cpu 36.50, memory 14.60, storage 2.00)",
        "  cost centre platform: 53.10 EUR",
        "  owner team-a: 53.10 EUR",
    ] {
        assert!(table.lines().any(|there| there == line), "{line}: {table}");
    }
}

#[test]
fn a_file_that_holds_no_prices_is_refused_with_what_is_wrong() {
    let scene = priced();
    scene.file("prices.yaml", "currency: EUR\ncpuCoreHours: 1\n");
    let run = scene.berth(&["size", "--cost", "prices.yaml"]);
    run.refused(64, &["prices.yaml", "did you mean `cpuCoreHour`?"]);
    scene
        .berth(&["size", "--cost", "absent.yaml"])
        .refused(1, &["absent.yaml"]);
}
