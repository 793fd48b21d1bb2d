//! Harbor on a cluster.

use berth_plan::render::Rendered;
use serde_json::json;

use crate::scene::{Offline, body, container, product, rendered, rendered_with, told, variable};

fn harbor(fields: &str) -> Rendered {
    rendered(&product("HarborRegistry", "hub", fields), 31)
}

fn config(rendered: &Rendered, name: &str, file: &str) -> String {
    body(rendered, "ConfigMap", name)["data"][file]
        .as_str()
        .unwrap()
        .to_owned()
}

#[test]
fn a_password_of_redis_stands_in_no_config_map_and_in_no_variable() {
    let rendered = harbor("metrics: {}, redis: {password: canary-of-redis}");
    for object in rendered.objects.iter().filter(|object| !object.is_secret()) {
        assert!(!object.to_json().to_string().contains("canary-of-redis"));
    }
    for (kind, name) in [
        ("Deployment", "hub-core"),
        ("Deployment", "hub-jobservice"),
        ("Deployment", "hub-exporter"),
        ("StatefulSet", "hub-trivy"),
    ] {
        let container = container(&body(&rendered, kind, name), 0);
        let from = &variable(&container, "REDIS_PASSWORD")["valueFrom"]["secretKeyRef"];
        assert_eq!(
            *from,
            json!({"name": "hub-credentials", "key": "redis-password"}),
            "{name}"
        );
        assert!(
            container["command"][2].as_str().unwrap().contains("encoded=$("),
            "{name}"
        );
    }
    let registry = container(&body(&rendered, "Deployment", "hub-registry"), 0);
    let raw = &variable(&registry, "REGISTRY_REDIS_PASSWORD")["valueFrom"]["secretKeyRef"]["key"];
    assert_eq!(*raw, "redis-password");
}

#[test]
fn without_a_password_the_urls_are_whole_and_no_shell_changes_them() {
    let rendered = harbor("redis: {host: cache, passwordSecret: ''}");
    let jobservice = container(&body(&rendered, "Deployment", "hub-jobservice"), 0);
    let url = &variable(&jobservice, "JOB_SERVICE_POOL_REDIS_URL")["value"];
    assert_eq!(*url, "redis://cache:6379/1");
    assert!(!jobservice["command"].to_string().contains("encoded"));
}

#[test]
fn sentinels_are_named_in_every_url_and_in_the_registry_s_configuration() {
    let rendered = harbor("redis: {host: 's1:26379,s2:26379', sentinelMasterSet: main}");
    let core = container(&body(&rendered, "Deployment", "hub-core"), 0);
    let url = &variable(&core, "_REDIS_URL_CORE")["value"];
    assert_eq!(
        *url,
        "redis+sentinel://:@s1:26379,s2:26379/main/0?idle_timeout_seconds=30"
    );
    let config = config(&rendered, "hub-registry", "config.yml");
    assert!(config.contains("sentinelMasterSet: main"), "{config}");
    assert!(config.contains("addr: \"s1:26379,s2:26379\""), "{config}");
}

#[test]
fn one_job_migrates_the_database_before_any_core_and_cores_never_do() {
    let rendered = harbor("coreReplicas: 3, database: {managed: true}");
    let names: Vec<_> = rendered
        .objects
        .iter()
        .map(|object| object.key().to_string())
        .collect();
    let place = |wanted: &str| names.iter().position(|name| name.starts_with(wanted)).unwrap();
    assert!(place("StatefulSet n/hub-database") < place("Job n/hub-migration-"));
    assert!(place("Job n/hub-migration-") < place("Deployment n/hub-core"));
    let job = rendered
        .objects
        .iter()
        .find(|object| object.kind() == "Job")
        .unwrap()
        .to_json();
    let command = container(&job, 0)["command"][2].to_string();
    assert!(command.contains("/harbor/harbor_core -mode=migrate"), "{command}");
    let core = container(&body(&rendered, "Deployment", "hub-core"), 0)["command"][2].to_string();
    assert!(core.contains("/harbor/harbor_core -mode=skip-migrate"), "{core}");
}

#[test]
fn another_version_is_migrated_by_another_job() {
    let job = |fields: &str| {
        let rendered = harbor(fields);
        let job = rendered.objects.iter().find(|object| object.kind() == "Job");
        job.unwrap().metadata().name.clone()
    };
    assert_eq!(job("version: 2.10.2"), job("version: 2.10.2"));
    assert_ne!(job("version: 2.10.2"), job("version: 2.10.3"));
}

#[test]
fn the_connections_of_all_pods_fit_into_the_database() {
    let rendered = harbor("coreReplicas: 3, metrics: {}, database: {maxConnections: 250}");
    let core = container(&body(&rendered, "Deployment", "hub-core"), 0);
    assert_eq!(variable(&core, "POSTGRESQL_MAX_OPEN_CONNS")["value"], "50");
    let exporter = container(&body(&rendered, "Deployment", "hub-exporter"), 0);
    assert_eq!(
        variable(&exporter, "HARBOR_DATABASE_MAX_OPEN_CONNS")["value"],
        "50"
    );
}

#[test]
fn secrets_that_nobody_gave_have_the_lengths_that_harbor_asks_for() {
    let rendered = rendered_with(&product("HarborRegistry", "hub", ""), 31, &Offline);
    let recipes: Vec<_> = rendered
        .made_once
        .iter()
        .flat_map(|secret| &secret.recipes)
        .collect();
    let recipe = |key: &str| {
        recipes
            .iter()
            .find(|(name, _)| *name == key)
            .map(|(_, recipe)| format!("{recipe:?}"))
    };
    for (key, length) in [
        ("secret-key", 16),
        ("core-secret", 16),
        ("jobservice-secret", 16),
        ("http-secret", 16),
        ("csrf-key", 32),
    ] {
        assert_eq!(recipe(key), Some(format!("Text {{ length: {length} }}")), "{key}");
    }
    assert_eq!(recipe("token-key").as_deref(), Some("RsaKey"));
    assert!(recipe("registry-htpasswd").unwrap().contains("registry-password"));
    assert_eq!(told(&rendered, "RN-001"), ["metadata.name"]);
}

#[test]
fn what_is_given_is_not_made_anew() {
    let rendered = harbor("secretKey: {secretKeyRef: {name: own, key: k}}, core: {tokenSecret: signing}");
    let core = body(&rendered, "Deployment", "hub-core");
    let volumes = core["spec"]["template"]["spec"]["volumes"].as_array().unwrap();
    let secret = |name: &str| {
        let volume = volumes.iter().find(|volume| volume["name"] == name).unwrap();
        (
            volume["secret"]["secretName"].clone(),
            volume["secret"]["items"][0]["key"].clone(),
        )
    };
    assert_eq!(secret("secret-key"), (json!("own"), json!("k")));
    assert_eq!(secret("token-key"), (json!("signing"), json!("tls.key")));
    let made = rendered.made_once[0].recipes.keys().cloned().collect::<Vec<_>>();
    assert!(
        !made.contains(&"secret-key".to_owned()) && !made.contains(&"token-key".to_owned()),
        "{made:?}"
    );
}

#[test]
fn a_volume_of_one_pod_has_one_registry_that_goes_before_the_next_comes() {
    let one = harbor("registryReplicas: 3, storage: {type: filesystem}, persistence: {size: 1Gi}");
    let spec = body(&one, "Deployment", "hub-registry")["spec"].clone();
    assert_eq!(
        (&spec["replicas"], &spec["strategy"]["type"]),
        (&json!(1), &json!("Recreate"))
    );
    assert_eq!(told(&one, "RN-006"), ["registryReplicas", "trivy.image"]);
    let shared = "persistence: {size: 1Gi, accessMode: ReadWriteMany}";
    let many = harbor(&format!(
        "registryReplicas: 3, storage: {{type: filesystem}}, {shared}"
    ));
    assert_eq!(body(&many, "Deployment", "hub-registry")["spec"]["replicas"], 3);
    let s3 = harbor("registryReplicas: 3");
    assert_eq!(body(&s3, "Deployment", "hub-registry")["spec"]["replicas"], 3);
}

#[test]
fn logs_of_several_job_services_go_to_the_database() {
    let fields = "components: {jobservice: {persistence: {size: 1Gi}, jobLoggers: [file]}}";
    let one = harbor(fields);
    assert!(config(&one, "hub-jobservice", "config.yml").contains("name: FILE"));
    let many = harbor(&format!("jobserviceReplicas: 2, {fields}"));
    let config = config(&many, "hub-jobservice", "config.yml");
    assert!(
        config.contains("name: DB") && !config.contains("name: FILE"),
        "{config}"
    );
    assert!(told(&many, "RN-006").contains(&"jobserviceReplicas".to_owned()));
}

#[test]
fn the_image_that_was_never_published_is_replaced_and_the_scanner_has_a_gibibyte() {
    let rendered = harbor("resources: {limits: {memory: 512Mi}}");
    let trivy = container(&body(&rendered, "StatefulSet", "hub-trivy"), 0);
    assert_eq!(trivy["image"], "goharbor/trivy-adapter-photon:v2.10.3");
    assert_eq!(trivy["resources"]["limits"]["memory"], "1Gi");
    let own = harbor("trivy: {image: 'mirror.example.com/trivy-adapter-photon:v2.10.3'}");
    let trivy = container(&body(&own, "StatefulSet", "hub-trivy"), 0);
    assert_eq!(trivy["image"], "mirror.example.com/trivy-adapter-photon:v2.10.3");
}

#[test]
fn an_ingress_parts_the_paths_and_without_one_a_proxy_does() {
    let ingress = harbor("exposure: {ingress: {host: h.example.com, controller: nginx}}");
    let paths = body(&ingress, "Ingress", "hub")["spec"]["rules"][0]["http"]["paths"].clone();
    let led: Vec<_> = paths
        .as_array()
        .unwrap()
        .iter()
        .map(|path| {
            (
                path["path"].as_str().unwrap().to_owned(),
                path["backend"]["service"]["name"].as_str().unwrap().to_owned(),
            )
        })
        .collect();
    for path in ["/api/", "/service/", "/v2/", "/c/"] {
        assert!(led.contains(&(path.to_owned(), "hub-core".to_owned())), "{led:?}");
    }
    assert!(
        led.contains(&("/".to_owned(), "hub-portal".to_owned())),
        "{led:?}"
    );
    assert!(
        ingress
            .objects
            .lookup("Deployment", Some("n"), "hub-nginx")
            .is_none()
    );
    let balancer = harbor("exposure: {loadBalancer: {port: 8443}}");
    let service = body(&balancer, "Service", "hub");
    assert_eq!(service["spec"]["type"], "LoadBalancer");
    assert_eq!(service["spec"]["ports"][0]["port"], 8443);
    assert!(config(&balancer, "hub-nginx", "nginx.conf").contains("proxy_pass http://hub-core:80;"));
}

#[test]
fn each_component_lets_in_those_alone_that_call_it() {
    let rendered = harbor("database: {managed: true}, redis: {managed: true}, metrics: {}");
    let callers = |name: &str| -> Vec<String> {
        let policy = body(&rendered, "NetworkPolicy", name);
        let flows = policy["spec"]["ingress"].as_array().unwrap().clone();
        flows
            .iter()
            .filter_map(|flow| {
                let labels = &flow["from"][0]["podSelector"]["matchLabels"];
                Some(labels["app.kubernetes.io/component"].as_str()?.to_owned())
            })
            .collect()
    };
    assert_eq!(
        callers("hub-database"),
        ["core", "jobservice", "exporter", "migration"]
    );
    assert_eq!(
        callers("hub-redis"),
        ["core", "jobservice", "registry", "trivy", "exporter", "migration"]
    );
    assert_eq!(callers("hub-registry"), ["core", "jobservice"]);
    let deny = body(&rendered, "NetworkPolicy", "hub-default-deny");
    assert_eq!(deny["spec"]["ingress"], json!([]));
    assert_eq!(deny["spec"]["egress"], json!([]));
    let database = body(&rendered, "NetworkPolicy", "hub-database");
    assert_eq!(database["spec"]["egress"], json!([]));
}

#[test]
fn settings_that_the_api_takes_are_told_of() {
    let rendered =
        harbor("projects: [{name: a}], core: {tokenExpiration: 2}, authentication: {mode: oidc_auth}");
    assert_eq!(
        told(&rendered, "RN-007"),
        ["authentication.mode", "core.tokenExpiration", "projects[0].name"]
    );
    assert_eq!(told(&harbor("replication: {enabled: true}"), "RN-007"), [""; 0]);
}

#[test]
fn what_overwrites_the_configuration_lies_in_a_secret() {
    let rendered = harbor("configOverwriteJson: {oidc_client_secret: canary-overwrite}");
    let core = container(&body(&rendered, "Deployment", "hub-core"), 0);
    let from = &variable(&core, "CONFIG_OVERWRITE_JSON")["valueFrom"]["secretKeyRef"];
    assert_eq!(from["key"], "config-overwrite");
}

#[test]
fn commands_survive_what_the_kubelet_makes_of_dollars() {
    for rendered in [harbor("metrics: {}"), harbor("redis: {managed: true}")] {
        for object in rendered.objects.iter() {
            let command = container(&object.to_json(), 0)["command"].to_string();
            assert!(
                !command.contains("$$") && !command.contains("$(REDIS_PASSWORD)"),
                "{}",
                object.key()
            );
        }
    }
}

#[test]
fn certificates_between_components_are_made_once_by_one_authority() {
    let rendered = harbor("internalTLS: {}");
    let recipes = &rendered.made_once[0].recipes;
    for name in ["core", "jobservice", "registry", "portal", "trivy"] {
        let made = format!("{:?}", recipes.get(&format!("{name}-tls.crt")));
        assert!(made.contains(&format!("hub-{name}.n.svc")), "{made}");
        assert!(made.contains("hub authority"), "{made}");
    }
    let core = body(&rendered, "Deployment", "hub-core");
    let volumes = core["spec"]["template"]["spec"]["volumes"].as_array().unwrap();
    let tls = volumes
        .iter()
        .find(|volume| volume["name"] == "internal-tls")
        .unwrap();
    assert_eq!(tls["secret"]["secretName"], "hub-made-once");
    let shown = tls["secret"]["items"].to_string();
    assert!(
        shown.contains("core-tls.key") && !shown.contains("authority.key"),
        "{shown}"
    );
    assert_eq!(
        told(&rendered, "RN-006")
            .iter()
            .filter(|at| *at == "internalTLS")
            .count(),
        0
    );
}

#[test]
fn cert_manager_is_asked_for_a_certificate_of_each_component() {
    let rendered = harbor("internalTLS: {certSource: certManager}");
    let core = body(&rendered, "Certificate", "hub-core-internal-tls");
    assert_eq!(core["spec"]["secretName"], "hub-core-internal-tls");
    assert_eq!(
        core["spec"]["issuerRef"],
        json!({"name": "hub-authority", "kind": "Issuer"})
    );
    assert_eq!(core["spec"]["ipAddresses"], json!(["127.0.0.1"]));
    assert_eq!(
        body(&rendered, "Issuer", "hub-authority")["spec"]["ca"]["secretName"],
        "hub-authority"
    );
    let named = harbor("internalTLS: {certSource: certManager, issuerName: ours, issuerKind: ClusterIssuer}");
    let core = body(&named, "Certificate", "hub-core-internal-tls");
    assert_eq!(
        core["spec"]["issuerRef"],
        json!({"name": "ours", "kind": "ClusterIssuer"})
    );
    assert!(
        named
            .objects
            .lookup("Issuer", Some("n"), "hub-authority")
            .is_none()
    );
    assert!(
        named
            .made_once
            .iter()
            .all(|secret| !secret.recipes.contains_key("authority.key"))
    );
}
