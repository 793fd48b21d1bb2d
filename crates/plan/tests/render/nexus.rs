//! Nexus on a cluster.

use berth_plan::render::Rendered;
use serde_json::{Value as Json, json};

use crate::scene::{body, container, product, rendered, told, variable};

const PRO: &str = "clustered: true, license: {secretKeyRef: {name: license, key: file}}, \
    database: {type: postgresql, url: 'jdbc:postgresql://db.example.com:5432/nexus', password: {env: DB}}";
const S3: &str = "storage: {blobstores: [{name: s, type: s3, bucket: b, region: r, expiration: 3}]}";

fn nexus(fields: &str) -> Rendered {
    rendered(&product("NexusRegistry", "hub", fields), 31)
}

fn env(set: &Json, name: &str) -> Json {
    variable(&container(set, 0), name)
}

#[test]
fn replicas_that_share_nothing_become_one() {
    let one = nexus("replicas: 3");
    assert_eq!(body(&one, "StatefulSet", "hub")["spec"]["replicas"], 1);
    let shared = nexus(&format!("replicas: 3, {PRO}, {S3}"));
    assert_eq!(body(&shared, "StatefulSet", "hub")["spec"]["replicas"], 3);
}

#[test]
fn one_replica_keeps_its_data_in_a_claim_of_its_own_even_when_none_is_declared() {
    let rendered = nexus("");
    let claim = body(&rendered, "PersistentVolumeClaim", "hub");
    assert_eq!(claim["spec"]["accessModes"], json!(["ReadWriteOnce"]));
    let set = body(&rendered, "StatefulSet", "hub");
    let volumes = set["spec"]["template"]["spec"]["volumes"].as_array().unwrap();
    let data = volumes.iter().find(|volume| volume["name"] == "data").unwrap();
    assert_eq!(data["persistentVolumeClaim"]["claimName"], "hub");
    assert_eq!(set["spec"]["volumeClaimTemplates"], Json::Null);
}

#[test]
fn several_replicas_have_a_volume_each_and_share_blobs_alone() {
    let rendered = nexus(&format!("replicas: 2, {PRO}, {S3}, persistence: {{size: 5Gi}}"));
    let set = body(&rendered, "StatefulSet", "hub");
    let template = &set["spec"]["volumeClaimTemplates"][0];
    assert_eq!(template["metadata"]["name"], "data");
    assert_eq!(template["spec"]["resources"]["requests"]["storage"], "5Gi");
    assert!(
        rendered
            .objects
            .lookup("PersistentVolumeClaim", Some("n"), "hub")
            .is_none()
    );
    let rendered = nexus(&format!(
        "replicas: 2, {PRO}, persistence: {{size: 5Gi, accessMode: ReadWriteMany}}"
    ));
    let set = body(&rendered, "StatefulSet", "hub");
    let mounts = set["spec"]["template"]["spec"]["containers"][0]["volumeMounts"]
        .as_array()
        .unwrap();
    let paths: Vec<_> = mounts
        .iter()
        .map(|mount| (mount["name"].as_str(), mount["mountPath"].as_str()))
        .collect();
    assert!(
        paths.contains(&(Some("data"), Some("/nexus-data/blobs"))),
        "{paths:?}"
    );
    assert!(paths.contains(&(Some("node"), Some("/nexus-data"))), "{paths:?}");
    assert_eq!(set["spec"]["volumeClaimTemplates"], Json::Null);
}

#[test]
fn a_migration_of_half_an_hour_is_not_cut_off() {
    let set = body(&nexus(""), "StatefulSet", "hub");
    let pod = &set["spec"]["template"]["spec"];
    let probe = &pod["containers"][0]["startupProbe"];
    let seconds = probe["periodSeconds"].as_u64().unwrap() * probe["failureThreshold"].as_u64().unwrap();
    assert_eq!(seconds, 1800);
    assert_eq!(pod["terminationGracePeriodSeconds"], 120);
}

#[test]
fn every_docker_repository_has_a_port_in_the_pod_the_service_and_the_policy() {
    let rendered = nexus("repositories: {docker: {connectors: {hosted: {httpPort: 9090}}}}");
    let expected: Vec<u64> = vec![8081, 9090, 8082, 8083];
    let numbers = |list: &Json, key: &str| -> Vec<u64> {
        list.as_array()
            .unwrap()
            .iter()
            .map(|port| port[key].as_u64().unwrap())
            .collect()
    };
    let set = body(&rendered, "StatefulSet", "hub");
    let container = &set["spec"]["template"]["spec"]["containers"][0];
    assert_eq!(numbers(&container["ports"], "containerPort"), expected);
    let service = body(&rendered, "Service", "hub");
    assert_eq!(numbers(&service["spec"]["ports"], "port"), expected);
    let policy = body(&rendered, "NetworkPolicy", "hub");
    let mut allowed = numbers(&policy["spec"]["ingress"][0]["ports"], "port");
    allowed.sort_unstable();
    assert_eq!(allowed, [8081, 8082, 8083, 9090]);
}

#[test]
fn each_docker_repository_has_a_host_of_its_own_behind_an_ingress() {
    let rendered = nexus(
        "exposure: {ingress: {host: hub.example.com, controller: nginx, tls: {secretName: t}}}, \
         repositories: {docker: {proxy: false}}",
    );
    let ingress = body(&rendered, "Ingress", "hub");
    let hosts = [
        "hub.example.com",
        "docker-hosted.hub.example.com",
        "docker-group.hub.example.com",
    ];
    assert_eq!(ingress["spec"]["tls"][0]["hosts"], json!(hosts));
    let annotations = &ingress["metadata"]["annotations"];
    assert_eq!(annotations["nginx.ingress.kubernetes.io/proxy-body-size"], "0");
    assert_eq!(told(&rendered, "RN-009"), ["exposure"]);
}

#[test]
fn the_first_password_is_made_once_unless_nexus_or_the_document_makes_it() {
    let made = body(&nexus(""), "StatefulSet", "hub");
    let at = &env(&made, "NEXUS_SECURITY_INITIAL_PASSWORD")["valueFrom"]["secretKeyRef"];
    assert_eq!(*at, json!({"name": "hub-made-once", "key": "admin-password"}));
    assert_eq!(env(&made, "NEXUS_SECURITY_RANDOMPASSWORD")["value"], "false");
    let random = body(&nexus("randomPassword: true"), "StatefulSet", "hub");
    assert_eq!(env(&random, "NEXUS_SECURITY_INITIAL_PASSWORD"), Json::Null);
    assert_eq!(env(&random, "NEXUS_SECURITY_RANDOMPASSWORD")["value"], "true");
    let given = nexus("randomPassword: true, adminPassword: {secretKeyRef: {name: s, key: k}}");
    let set = body(&given, "StatefulSet", "hub");
    let at = &env(&set, "NEXUS_SECURITY_INITIAL_PASSWORD")["valueFrom"]["secretKeyRef"];
    assert_eq!(*at, json!({"name": "s", "key": "k"}));
    assert_eq!(told(&given, "RN-005"), ["randomPassword"]);
}

#[test]
fn what_people_put_secrets_into_lies_in_a_secret() {
    let rendered = nexus("properties: {a.b: hush}, jvm: {extraOptions: [-Dx=hush]}");
    for object in rendered.objects.iter().filter(|object| !object.is_secret()) {
        assert!(!object.to_json().to_string().contains("hush"), "{}", object.key());
    }
    let set = body(&rendered, "StatefulSet", "hub");
    let options = env(&set, "INSTALL4J_ADD_VM_PARAMS");
    assert!(
        options["value"]
            .as_str()
            .unwrap()
            .ends_with(" $(NEXUS_MORE_OPTIONS)")
    );
    let names = set["spec"]["template"]["spec"]["containers"][0]["env"].to_string();
    let (more, all) = (
        names.find("NEXUS_MORE_OPTIONS\""),
        names.find("INSTALL4J_ADD_VM_PARAMS"),
    );
    assert!(more < all, "a variable must stand before the one that names it");
}

#[test]
fn pods_start_anew_when_their_settings_or_secrets_change() {
    let sum = |fields: &str, of: &str| {
        let set = body(&nexus(fields), "StatefulSet", "hub");
        set["spec"]["template"]["metadata"]["annotations"][format!("berth.dev/checksum-{of}")].clone()
    };
    assert_eq!(sum("", "config"), sum("", "config"));
    assert_ne!(sum("", "config"), sum("contextPath: /a", "config"));
    assert_ne!(sum("", "secrets"), sum("properties: {a: b}", "secrets"));
}

#[test]
fn the_context_path_reaches_settings_probes_and_ingress() {
    let rendered = nexus("contextPath: hub/, exposure: {ingress: {host: a.example.com, controller: nginx}}");
    let config = body(&rendered, "ConfigMap", "hub-config");
    assert!(
        config["data"]["nexus.properties"]
            .as_str()
            .unwrap()
            .contains("nexus-context-path=/hub/\n")
    );
    let set = body(&rendered, "StatefulSet", "hub");
    let probe = &set["spec"]["template"]["spec"]["containers"][0]["livenessProbe"];
    assert_eq!(probe["httpGet"]["path"], "/hub/service/rest/v1/status");
    let ingress = body(&rendered, "Ingress", "hub");
    assert_eq!(ingress["spec"]["rules"][0]["http"]["paths"][0]["path"], "/hub/");
}

#[test]
fn a_chosen_database_is_told_to_nexus_and_the_old_one_is_not() {
    let has = |fields: &str| {
        let config = body(&nexus(fields), "ConfigMap", "hub-config");
        config["data"]["nexus.properties"]
            .as_str()
            .unwrap()
            .contains("nexus.datastore.enabled=true")
    };
    assert!(!has("") && !has("database: {type: orientdb}"));
    assert!(has("database: {type: h2}") && has(PRO));
}

#[test]
fn a_budget_never_holds_the_only_pod() {
    let rendered = nexus("podDisruptionBudget: {minAvailable: '1'}");
    let budget = body(&rendered, "PodDisruptionBudget", "hub");
    assert_eq!(
        (&budget["spec"]["maxUnavailable"], &budget["spec"]["minAvailable"]),
        (&json!(1), &Json::Null)
    );
    assert_eq!(told(&rendered, "RN-005"), ["podDisruptionBudget"]);
}

#[test]
fn pods_may_reach_what_they_need_and_nothing_else() {
    let ports = |fields: &str| {
        let policy = body(&nexus(fields), "NetworkPolicy", "hub");
        let flows = policy["spec"]["egress"].as_array().unwrap().clone();
        flows
            .iter()
            .skip(1)
            .map(|flow| flow["ports"].to_string())
            .collect::<String>()
    };
    let no_proxies = "repositories: {docker: {proxy: false}, maven: {proxy: false}, npm: {proxy: false}, helm: {proxy: false}}";
    assert_eq!(ports(no_proxies), "");
    assert!(ports("").contains("443"));
    let ldap = format!(
        "{no_proxies}, authentication: {{ldap: {{enabled: true, connection: 'ldap://ldap.example.com:3890/dc=a'}}}}"
    );
    assert!(ports(&ldap).contains("3890") && !ports(&ldap).contains("443"));
    assert!(ports(&format!("{no_proxies}, {PRO}")).contains("5432"));
}
