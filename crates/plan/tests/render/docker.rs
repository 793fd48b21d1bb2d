//! Docker's registry on a cluster, and Berth in its place.

use berth_plan::render::{Recipe, Rendered};
use serde_json::{Value, json};

use crate::scene::{CANARY, Offline, documents, registry, rendered, rendered_with};

pub(crate) fn team(fields: &str) -> Rendered {
    rendered(&documents(&registry(fields)), 31)
}

pub(crate) fn body(rendered: &Rendered, kind: &str, name: &str) -> Value {
    let object = rendered.objects.lookup(kind, Some("registry"), name);
    object
        .unwrap_or_else(|| panic!("there is no {kind} {name}"))
        .to_json()
}

fn has(rendered: &Rendered, kind: &str, name: &str) -> bool {
    rendered.objects.lookup(kind, Some("registry"), name).is_some()
}

pub(crate) fn pod(rendered: &Rendered) -> Value {
    body(rendered, "Deployment", "team")["spec"]["template"]["spec"].clone()
}

pub(crate) fn config(rendered: &Rendered) -> String {
    let data = &body(rendered, "ConfigMap", "team-config")["data"];
    data.as_object()
        .unwrap()
        .values()
        .next()
        .unwrap()
        .as_str()
        .unwrap()
        .to_owned()
}

pub(crate) fn told(rendered: &Rendered) -> Vec<(&str, &str)> {
    let findings = rendered.findings.iter();
    findings
        .map(|finding| {
            (
                finding.code.as_str(),
                finding.field.as_deref().unwrap_or_default(),
            )
        })
        .collect()
}

const S3: &str = "storage: {driver: s3, s3: {enabled: true}}";
const VOLUME: &str = "persistence: {size: 5Gi}";

#[test]
fn a_volume_of_one_node_is_let_go_of_before_the_next_pod_comes() {
    let strategy = |fields: &str| body(&team(fields), "Deployment", "team")["spec"]["strategy"].clone();
    assert_eq!(strategy(&format!("{{{VOLUME}}}")), json!({"type": "Recreate"}));
    let rolling = json!({"type": "RollingUpdate", "rollingUpdate": {"maxUnavailable": 0, "maxSurge": 1}});
    assert_eq!(
        strategy("{persistence: {size: 5Gi, accessMode: ReadWriteMany}}"),
        rolling
    );
    assert_eq!(strategy(&format!("{{{S3}, {VOLUME}}}")), rolling);
}

#[test]
fn a_store_outside_needs_no_claim() {
    assert!(has(
        &team(&format!("{{{VOLUME}}}")),
        "PersistentVolumeClaim",
        "team"
    ));
    assert!(!has(
        &team(&format!("{{{S3}, {VOLUME}}}")),
        "PersistentVolumeClaim",
        "team"
    ));
    let existing = team("{persistence: {existingClaim: there}}");
    assert!(!has(&existing, "PersistentVolumeClaim", "team"));
    let volumes = pod(&existing)["volumes"].to_string();
    assert!(volumes.contains(r#""claimName":"there""#), "{volumes}");
}

#[test]
fn an_autoscaler_leaves_the_number_of_replicas_out() {
    let scaled = team(&format!(
        "{{{S3}, replicas: 2, autoscaling: {{minReplicas: 2, maxReplicas: 5}}}}"
    ));
    assert_eq!(
        body(&scaled, "Deployment", "team")["spec"]["replicas"],
        Value::Null
    );
    assert_eq!(
        body(&scaled, "HorizontalPodAutoscaler", "team")["spec"]["maxReplicas"],
        5
    );
    let fixed = team(&format!("{{{S3}, replicas: 2}}"));
    assert_eq!(body(&fixed, "Deployment", "team")["spec"]["replicas"], 2);
}

#[test]
fn a_laptop_s_address_and_folder_become_those_of_a_pod() {
    let laptop = team("{http: {addr: '127.0.0.1:6000'}, storage: {filesystem: {rootdirectory: ./data}}}");
    let config = config(&laptop);
    assert!(config.contains("addr: \":6000\"\n"), "{config}");
    assert!(config.contains("rootdirectory: /var/lib/registry\n"), "{config}");
    let pod = pod(&laptop);
    assert_eq!(pod["containers"][0]["ports"][0]["containerPort"], 6000);
    assert_eq!(body(&laptop, "Service", "team")["spec"]["ports"][0]["port"], 6000);
    assert_eq!(
        pod["containers"][0]["volumeMounts"][2]["mountPath"],
        "/var/lib/registry"
    );
}

#[test]
fn a_pod_has_as_few_rights_as_the_strictest_standard_asks() {
    let pod = pod(&team("{}"));
    let rights = &pod["securityContext"];
    assert_eq!(
        (&rights["runAsNonRoot"], &rights["runAsUser"]),
        (&json!(true), &json!(1000))
    );
    assert_eq!(rights["seccompProfile"]["type"], "RuntimeDefault");
    assert_eq!(pod["automountServiceAccountToken"], false);
    let expected = json!({
        "allowPrivilegeEscalation": false, "readOnlyRootFilesystem": true, "capabilities": {"drop": ["ALL"]},
    });
    assert_eq!(pod["containers"][0]["securityContext"], expected);
}

#[test]
fn uploads_may_end_before_a_pod_is_killed() {
    let rendered = team("{terminationGracePeriodSeconds: 300}");
    assert!(config(&rendered).contains("draintimeout: \"290s\"\n"));
    assert_eq!(pod(&rendered)["terminationGracePeriodSeconds"], 300);
    assert!(config(&team("{http: {draintimeout: 7s}}")).contains("draintimeout: \"7s\"\n"));
}

#[test]
fn a_kubelet_without_a_certificate_asks_where_none_is_needed() {
    let tls = "http: {tlsenabled: true, tlscertificate: /c, tlskey: /k";
    let probe = |fields: &str| pod(&team(fields))["containers"][0]["readinessProbe"].clone();
    assert_eq!(probe(&format!("{{{tls}}}}}"))["httpGet"]["scheme"], "HTTPS");
    let mutual = probe(&format!("{{{tls}, tls: {{clientcas: [/ca]}}}}}}"));
    assert_eq!(
        (&mutual["httpGet"], &mutual["tcpSocket"]["port"]),
        (&Value::Null, &json!("registry"))
    );
}

#[test]
fn the_certificates_of_a_token_service_lie_where_the_document_says() {
    let fields =
        "{auth: {token: {realm: 'https://auth.example.com/token', rootcertbundle: /etc/tokens/ca.pem,
        rootcertbundleSecret: token-ca}}}";
    let rendered = team(fields);
    assert!(config(&rendered).contains("rootcertbundle: /etc/tokens/ca.pem\n"));
    let pod = pod(&rendered);
    let mounts = pod["containers"][0]["volumeMounts"].as_array().unwrap();
    let mount = mounts
        .iter()
        .find(|mount| mount["name"] == "token-bundle")
        .unwrap();
    assert_eq!(
        (&mount["mountPath"], &mount["subPath"]),
        (&json!("/etc/tokens/ca.pem"), &json!("ca.pem"))
    );
    assert!(!has(&rendered, "Secret", "team-credentials"));
}

#[test]
fn what_nobody_gave_is_named_and_told_when_it_is_not_known() {
    let rendered = rendered_with(&documents(&registry("{}")), 31, &Offline);
    assert!(!has(&rendered, "Secret", "team-made-once"));
    assert_eq!(told(&rendered), [("RN-001", "metadata.name")]);
    let [made_once] = rendered.made_once.as_slice() else {
        panic!("one Secret is made once")
    };
    assert_eq!(
        (made_once.namespace.as_str(), made_once.name.as_str()),
        ("registry", "team-made-once")
    );
    let keys: Vec<_> = made_once.recipes.keys().map(String::as_str).collect();
    assert_eq!(keys, ["admin-password", "htpasswd", "http-secret"]);
    assert_eq!(
        made_once.recipes["htpasswd"],
        Recipe::Htpasswd {
            user: "admin",
            password_key: "admin-password"
        }
    );
    let env = pod(&rendered)["containers"][0]["env"][0].clone();
    let expected = json!({"secretKeyRef": {"name": "team-made-once", "key": "http-secret"}});
    assert_eq!(
        (&env["name"], &env["valueFrom"]),
        (&json!("REGISTRY_HTTP_SECRET"), &expected)
    );
}

#[test]
fn pods_follow_their_secrets_by_a_digest_that_tells_nothing() {
    let sum = |secret: &str| {
        let rendered = team(&format!("{{http: {{secret: {secret}}}}}"));
        let deployment = body(&rendered, "Deployment", "team");
        deployment["spec"]["template"]["metadata"]["annotations"]["berth.dev/checksum-secrets"].clone()
    };
    assert!(sum("a").is_string());
    assert_eq!(sum("a"), sum("a"));
    assert_ne!(sum("a"), sum("b"));
    // Without the key, whoever reads the annotation could try short secrets one by one.
    let offline = rendered_with(&documents(&registry("{http: {secret: a}}")), 31, &Offline);
    let annotations = &body(&offline, "Deployment", "team")["spec"]["template"]["metadata"]["annotations"];
    assert_eq!(annotations["berth.dev/checksum-secrets"], Value::Null);
}

#[test]
fn metrics_are_for_nobody_outside() {
    let rendered = team("{metrics: {}, exposure: {loadBalancer: {}}}");
    let service = body(&rendered, "Service", "team");
    assert_eq!(service["spec"]["type"], "LoadBalancer");
    assert_eq!(service["spec"]["ports"].as_array().unwrap().len(), 1);
    let metrics = body(&rendered, "Service", "team-metrics");
    assert_eq!(
        (&metrics["spec"]["type"], &metrics["spec"]["ports"][0]["port"]),
        (&json!("ClusterIP"), &json!(5001))
    );
    assert!(config(&rendered).contains("addr: \":5001\"\n"));
}

/// The names of the steps of a run, in order.
fn steps(job: &Value) -> Vec<String> {
    let pod = &job["spec"]["jobTemplate"]["spec"]["template"]["spec"];
    let all = pod["initContainers"]
        .as_array()
        .into_iter()
        .chain(pod["containers"].as_array());
    all.flatten()
        .map(|step| step["name"].as_str().unwrap().to_owned())
        .collect()
}

/// The pod of a run.
fn collecting(rendered: &Rendered) -> Value {
    let job = body(rendered, "CronJob", "team-garbage-collector");
    assert_eq!(job["spec"]["concurrencyPolicy"], "Forbid");
    job["spec"]["jobTemplate"]["spec"]["template"]["spec"].clone()
}

#[test]
fn garbage_is_collected_from_a_volume_of_one_node_by_the_next_pod_of_the_registry() {
    let rendered = team(&format!("{{{VOLUME}, garbageCollection: {{}}}}"));
    let job = body(&rendered, "CronJob", "team-garbage-collector");
    assert_eq!(steps(&job), ["in-place"]);
    let pod = collecting(&rendered);
    let args: Vec<&str> = pod["containers"][0]["args"]
        .as_array()
        .unwrap()
        .iter()
        .map(|argument| argument.as_str().unwrap())
        .collect();
    assert_eq!(args[..2], ["collect-garbage", "in-place"]);
    assert_eq!(
        args[args.len() - 4..],
        [
            "--",
            "registry",
            "garbage-collect",
            "/etc/docker/registry/config.yml"
        ]
    );
    // A pod elsewhere would wait for the volume for ever, and the registry for it.
    assert!(!pod.to_string().contains("persistentVolumeClaim"), "{pod}");
    let role = body(&rendered, "Role", "team-garbage-collector");
    assert_eq!(
        role["rules"],
        json!([
            {"apiGroups": ["apps"], "resources": ["deployments"], "verbs": ["get", "patch"], "resourceNames": ["team"]},
            {"apiGroups": [""], "resources": ["pods"], "verbs": ["get", "list"]},
        ])
    );
}

#[test]
fn garbage_is_collected_from_a_store_while_the_registry_refuses_writes() {
    let rendered = team(&format!(
        "{{{S3}, replicas: 2, garbageCollection: {{}}, timeZone: Europe/Berlin}}"
    ));
    let job = body(&rendered, "CronJob", "team-garbage-collector");
    assert_eq!(steps(&job), ["refuse-writes", "collect", "take-writes"]);
    assert_eq!(job["spec"]["timeZone"], "Europe/Berlin");
    let pod = collecting(&rendered);
    assert_eq!(
        pod["initContainers"].as_array().unwrap().len(),
        1,
        "before the collector"
    );
    assert_eq!(pod["restartPolicy"], "Never");
    let collector = &pod["containers"][0];
    assert_eq!(
        collector["command"],
        json!(["registry", "garbage-collect", "/etc/docker/registry/config.yml"])
    );
    assert!(
        collector["env"].to_string().contains("REGISTRY_HTTP_SECRET"),
        "{collector}"
    );
}

#[test]
fn the_collector_can_not_speak_for_the_account_of_its_run() {
    let rendered = team(&format!("{{{S3}, replicas: 2, garbageCollection: {{}}}}"));
    let pod = collecting(&rendered);
    assert_eq!(pod["automountServiceAccountToken"], false);
    let sees = |container: &Value| container["volumeMounts"].to_string().contains("serviceaccount");
    assert!(sees(&pod["initContainers"][0]) && sees(&pod["containers"][1]));
    assert!(!sees(&pod["containers"][0]));
    let image = |container: &Value| container["image"].as_str().unwrap().to_owned();
    assert!(image(&pod["initContainers"][0]).starts_with("registry.berth.dev/berth:"));
    let other = team(&format!(
        "{{{S3}, garbageCollection: {{image: 'mirror.example.com/berth:1'}}}}"
    ));
    assert_eq!(
        image(&collecting(&other)["containers"][1]),
        "mirror.example.com/berth:1"
    );
}

#[test]
fn what_would_lose_images_is_left_out_of_a_collection_and_told() {
    let fields = format!("{{{VOLUME}, garbageCollection: {{deleteUntagged: true}}}}");
    let rendered = team(&fields);
    assert!(!collecting(&rendered).to_string().contains("untagged"));
    assert!(told(&rendered).contains(&("RN-006", "garbageCollection.deleteUntagged")));
    let cached = |collection: &str| {
        let storage = "storage: {driver: s3, s3: {enabled: true}, cache: {blobdescriptor: redis}}";
        team(&format!(
            "{{{storage}, redis: {{addr: 'redis:6379'}}{collection}}}"
        ))
    };
    assert!(config(&cached("")).contains("blobdescriptor: redis"));
    let with = cached(", garbageCollection: {}");
    assert!(!config(&with).contains("blobdescriptor"));
    assert!(told(&with).contains(&("RN-006", "storage.cache.blobdescriptor")));
}

#[test]
fn collection_may_be_asked_for_without_any_right() {
    let fields = format!("{{{S3}, garbageCollection: {{readOnly: false, restart: false}}}}");
    let rendered = team(&fields);
    let job = body(&rendered, "CronJob", "team-garbage-collector");
    assert_eq!(steps(&job), ["collect"]);
    assert!(!has(&rendered, "Role", "team-garbage-collector"));
    assert_eq!(collecting(&rendered)["automountServiceAccountToken"], false);
}

#[test]
fn collection_that_no_pod_could_do_is_told_and_left_out() {
    let rendered = team("{garbageCollection: {}}");
    assert!(!has(&rendered, "CronJob", "team-garbage-collector"));
    assert_eq!(told(&rendered), [("RN-005", "garbageCollection")]);
}

/// Whom the pods may reach, as a text.
fn egress(fields: &str) -> String {
    body(&team(fields), "NetworkPolicy", "team")["spec"]["egress"].to_string()
}

#[test]
fn a_registry_on_a_volume_asks_nobody_but_dns() {
    let flows = body(&team(&format!("{{{VOLUME}}}")), "NetworkPolicy", "team")["spec"]["egress"].clone();
    assert_eq!(flows.as_array().unwrap().len(), 1);
    assert_eq!(
        flows[0]["ports"],
        json!([{"protocol": "UDP", "port": 53}, {"protocol": "TCP", "port": 53}])
    );
    assert_eq!(egress("{networkPolicy: {dns: false}}"), "[]");
}

#[test]
fn whom_a_registry_asks_it_may_reach() {
    assert!(egress(&format!("{{{S3}}}")).contains(r#""port":443"#));
    assert!(
        egress(&format!("{{{S3}}}")).contains("169.254.169.254/32"),
        "without keys the node gives credentials"
    );
    let keys = "{storage: {driver: s3, s3: {enabled: true, accesskey: a, secretkey: b}}}";
    assert!(!egress(keys).contains("169.254.169.254/32"));
    assert!(
        egress("{redis: {addr: 'redis.cache.svc:6379'}}")
            .contains(r#""kubernetes.io/metadata.name":"cache""#)
    );
    assert!(egress("{proxy: {remoteurl: 'https://10.2.3.4:8443'}}").contains(r#""cidr":"10.2.3.4/32""#));
    let bounded = egress(&format!("{{{S3}, networkPolicy: {{egressCIDRs: [10.0.0.0/8]}}}}"));
    assert!(
        bounded.contains("10.0.0.0/8") && !bounded.contains("0.0.0.0/0"),
        "{bounded}"
    );
}

#[test]
fn clients_come_from_where_they_may_and_from_nowhere_else() {
    let from = |fields: &str| {
        let policy = body(&team(fields), "NetworkPolicy", "team");
        policy["spec"]["ingress"][0]["from"].to_string()
    };
    assert_eq!(from("{}"), r#"[{"namespaceSelector":{}}]"#);
    assert!(
        from("{networkPolicy: {fromNamespaces: [apps]}}").contains(r#""kubernetes.io/metadata.name":"apps""#)
    );
    let balanced = "{exposure: {loadBalancer: {}, sourceRanges: [192.0.2.0/24]}}";
    assert!(from(balanced).contains("192.0.2.0/24") && !from(balanced).contains("0.0.0.0/0"));
    let service = body(&team(balanced), "Service", "team");
    assert_eq!(service["spec"]["externalTrafficPolicy"], "Local");
    assert!(!has(
        &team("{networkPolicy: {enabled: false}}"),
        "NetworkPolicy",
        "team"
    ));
}

#[test]
fn source_ranges_that_nothing_keeps_are_told() {
    let way = |exposure: &str| {
        let rendered = team(&format!(
            "{{exposure: {{sourceRanges: [192.0.2.0/24], {exposure}}}}}"
        ));
        told(&rendered).contains(&("RN-005", "exposure.sourceRanges"))
    };
    assert!(way("ingress: {host: a.example.com, className: fancy}"));
    assert!(way("gateway: {name: front, host: a.example.com}"));
    assert!(!way("ingress: {host: a.example.com, className: nginx}"));
}

#[test]
fn a_field_of_a_newer_kubernetes_is_left_out_for_an_older_one() {
    let documents = documents(&registry(&format!("{{{S3}, replicas: 2}}")));
    for (minor, expected) in [(26, Value::Null), (27, json!("AlwaysAllow"))] {
        let budget = body(&rendered(&documents, minor), "PodDisruptionBudget", "team");
        assert_eq!(
            budget["spec"]["unhealthyPodEvictionPolicy"], expected,
            "1.{minor}"
        );
    }
}

#[test]
fn two_registries_of_one_name_are_told_and_the_first_is_kept() {
    let one = registry("{replicas: 1}");
    let text = format!(
        "{one}---\n{}",
        registry("{replicas: 3}").replace("name: team", "name: other")
    );
    let text = text.replace("spec: {replicas: 3}", "spec: {replicas: 3, name: team}");
    let rendered = rendered(&documents(&text), 31);
    assert_eq!(body(&rendered, "Deployment", "team")["spec"]["replicas"], 1);
    assert!(told(&rendered).contains(&("K-015", "metadata.name")));
}

#[test]
fn labels_of_the_user_are_on_all_objects_and_berth_s_own_win() {
    let rendered = team("{labels: {team: a, framework: mine}, annotations: {registry.io/managed: 'no'}}");
    for object in rendered
        .objects
        .iter()
        .filter(|object| object.kind() != "Namespace")
    {
        let metadata = object.metadata();
        assert_eq!(metadata.labels["team"], "a", "{}", object.key());
        assert_eq!(
            metadata.labels["framework"],
            "docker-registry",
            "{}",
            object.key()
        );
        assert_eq!(
            metadata.annotations["registry.io/managed"],
            "true",
            "{}",
            object.key()
        );
    }
}

#[test]
fn berth_in_its_pod_serves_the_same_document_with_the_pod_s_places() {
    let rendered = team(
        "{engine: berth, persistence: {size: 1Gi}, auth: {enabled: false}, http: {addr: '127.0.0.1:5000'}}",
    );
    let container = pod(&rendered)["containers"][0].clone();
    assert_eq!(
        container["args"],
        json!(["serve", "/etc/berth/berth.yaml", "--allow-anonymous"])
    );
    let image = container["image"].as_str().unwrap();
    assert!(
        image.ends_with(concat!("/berth:", env!("CARGO_PKG_VERSION"))),
        "{image}"
    );
    assert!(config(&rendered).contains("addr: \":5000\"\n"));
    assert_eq!(told(&rendered), [("RN-004", "auth.enabled")]);
    let given = team("{engine: berth, image: 'mirror.example.com/berth:1'}");
    assert_eq!(
        pod(&given)["containers"][0]["image"],
        "mirror.example.com/berth:1"
    );
}

#[test]
fn berth_in_its_pod_refuses_what_it_refuses_elsewhere() {
    let refused = |fields: &str| {
        let rendered = team(fields);
        told(&rendered).iter().any(|(code, _)| code.starts_with("SV-"))
    };
    assert!(refused(
        "{engine: berth, proxy: {remoteurl: 'https://registry.example.com'}}"
    ));
    assert!(refused(&format!("{{engine: berth, {S3}}}")));
    assert!(!refused("{engine: berth, persistence: {size: 1Gi}}"));
    assert!(!refused(
        "{engine: berth, auth: {scheme: basic, htpasswd: {users: {a: {env: A}}}}}"
    ));
    assert!(!refused(&format!("{{{S3}}}")));
}

#[test]
fn berth_keeps_its_folder_by_itself() {
    let rendered = team("{engine: berth, replicas: 3, persistence: {accessMode: ReadWriteMany}}");
    let deployment = body(&rendered, "Deployment", "team");
    assert_eq!(
        (
            &deployment["spec"]["replicas"],
            &deployment["spec"]["strategy"]["type"]
        ),
        (&json!(1), &json!("Recreate"))
    );
    assert_eq!(told(&rendered), [("RN-006", "replicas")]);
}

#[test]
fn a_secret_of_the_cluster_is_never_asked_for() {
    let rendered = team("{http: {secret: {secretKeyRef: {name: mine, key: http}}}}");
    let env = &pod(&rendered)["containers"][0]["env"][0];
    assert_eq!(
        env["valueFrom"]["secretKeyRef"],
        json!({"name": "mine", "key": "http"})
    );
    assert!(!has(&rendered, "Secret", "team-credentials"));
    assert!(!env.to_string().contains(CANARY));
}
