//! Builds on a cluster: what is fetched, built, kept and pushed, and with which rights.

use berth_plan::render::Rendered;
use serde_json::{Value, json};

use crate::scene::{CANARY, Offline, documents, rendered, rendered_with};

const SOURCE: &str = "context: {repository: 'https://git.example.com/team/app.git', commit: abc}";
const OUTPUT: &str = "credentials: {registrySecret: push}, output: {image: 'r.example.com/team/app:1'}";

fn document(fields: &str) -> String {
    format!(
        "apiVersion: berth.dev/v1\nkind: ImageBuildConfig\nmetadata: {{name: app}}\nspec: {{{SOURCE}, {fields}}}\n"
    )
}

fn build(fields: &str) -> Rendered {
    rendered(&documents(&document(fields)), 31)
}

/// The one object of a kind.
fn one(rendered: &Rendered, kind: &str) -> Value {
    let mut all = rendered.objects.iter().filter(|object| object.kind() == kind);
    let object = all.next().unwrap_or_else(|| panic!("there is no {kind}"));
    assert!(all.next().is_none(), "there are several of {kind}");
    object.to_json()
}

fn pod(rendered: &Rendered) -> Value {
    one(rendered, "Job")["spec"]["template"]["spec"].clone()
}

fn container(rendered: &Rendered) -> Value {
    pod(rendered)["containers"][0].clone()
}

fn args(rendered: &Rendered) -> Vec<String> {
    serde_json::from_value(container(rendered)["args"].clone()).unwrap()
}

fn name(rendered: &Rendered) -> String {
    one(rendered, "Job")["metadata"]["name"]
        .as_str()
        .unwrap()
        .to_owned()
}

fn told(rendered: &Rendered) -> Vec<(&str, &str)> {
    let all = rendered.findings.iter();
    let mut all: Vec<_> = all
        .map(|finding| {
            (
                finding.code.as_str(),
                finding.field.as_deref().unwrap_or_default(),
            )
        })
        .collect();
    all.sort_unstable();
    all
}

#[test]
fn buildkit_builds_without_root_what_was_fetched_and_pushes_it_under_each_name() {
    let rendered = build(
        "cache: {enabled: false}, credentials: {registrySecret: push},
         output: {image: 'r.example.com/team/app:1', tags: [latest], platforms: [linux/amd64, linux/arm64]}",
    );
    assert_eq!(container(&rendered)["image"], "moby/buildkit:v0.17.3-rootless");
    let args = args(&rendered);
    for wanted in [
        "--local=context=/workspace/source",
        "--opt=filename=Dockerfile",
        "--opt=platform=linux/amd64,linux/arm64",
        "--output=type=image,\"name=r.example.com/team/app:1,r.example.com/team/app:latest\",push=true",
    ] {
        assert!(args.iter().any(|arg| arg == wanted), "{wanted}: {args:?}");
    }
    let rights = &container(&rendered)["securityContext"];
    assert_eq!(rights["runAsUser"], 1000);
    assert_eq!(rights["seccompProfile"]["type"], "Unconfined");
    assert_eq!(rights["appArmorProfile"]["type"], "Unconfined");
    assert_eq!(rights["privileged"], Value::Null);
    assert_eq!(
        pod(&rendered)["volumes"][3],
        json!({"name": "push", "secret": {
            "secretName": "push", "defaultMode": 0o440,
            "items": [{"key": ".dockerconfigjson", "path": "config.json"}],
        }})
    );
}

#[test]
fn what_fetches_is_restricted_and_asks_for_one_commit() {
    let rendered = build(OUTPUT);
    let fetch = &pod(&rendered)["initContainers"][0];
    let rights = &fetch["securityContext"];
    assert_eq!(
        (
            &rights["allowPrivilegeEscalation"],
            &rights["runAsNonRoot"],
            &rights["readOnlyRootFilesystem"]
        ),
        (&json!(false), &json!(true), &json!(true))
    );
    assert_eq!(rights["capabilities"], json!({"drop": ["ALL"]}));
    assert_eq!(rights["seccompProfile"]["type"], "RuntimeDefault");
    let env = fetch["env"].as_array().unwrap();
    assert!(env.contains(&json!({"name": "REVISION", "value": "abc"})));
    assert!(
        fetch["args"][0]
            .as_str()
            .unwrap()
            .contains("git fetch -q --depth 1")
    );
}

#[test]
fn what_a_build_can_not_meet_of_restricted_stands_on_it_and_is_told() {
    for (system, level, rights) in [
        ("buildkit", "privileged", "seccomp"),
        ("docker", "privileged", "seccomp"),
        ("buildah", "privileged", "seccomp"),
        ("kaniko", "baseline", "root in its container"),
    ] {
        let rendered = build(&format!(
            "buildSystem: {system}, cache: {{enabled: false}}, {OUTPUT}"
        ));
        let reason = &one(&rendered, "Job")["metadata"]["annotations"]["berth.dev/pod-security"];
        let reason = reason.as_str().unwrap();
        assert!(
            reason.starts_with(level) && reason.contains(rights),
            "{system}: {reason}"
        );
        assert_eq!(told(&rendered), [("RN-020", "buildSystem")], "{system}");
    }
}

#[test]
fn before_1_30_apparmor_is_told_by_an_annotation() {
    let documents = documents(&document(OUTPUT));
    let template = |minor| one(&rendered(&documents, minor), "Job")["spec"]["template"].clone();
    let key = "container.apparmor.security.beta.kubernetes.io/build";
    assert_eq!(template(29)["metadata"]["annotations"][key], "unconfined");
    assert_eq!(
        template(29)["spec"]["containers"][0]["securityContext"]["appArmorProfile"],
        Value::Null
    );
    assert_eq!(template(30)["metadata"]["annotations"][key], Value::Null);
}

#[test]
fn a_namespace_that_builds_share_with_a_registry_lets_them_run_and_still_warns() {
    let registry = |namespace: &str| {
        format!(
            "---\napiVersion: berth.dev/v1\nkind: DockerRegistry\nmetadata: {{name: hub}}\nspec: {{namespace: {namespace}}}\n"
        )
    };
    let labels = |namespace: &str| {
        let text = document(&format!("namespace: ci, {OUTPUT}")) + &registry(namespace);
        one(&rendered(&documents(&text), 31), "Namespace")["metadata"]["labels"].clone()
    };
    let shared = labels("ci");
    assert_eq!(shared["pod-security.kubernetes.io/enforce"], "privileged");
    assert_eq!(shared["pod-security.kubernetes.io/warn"], "restricted");
    assert_eq!(
        labels("other")["pod-security.kubernetes.io/enforce"],
        "restricted"
    );
}

#[test]
fn the_same_build_is_the_same_job_and_another_one_is_another() {
    let once = build(&format!("args: {{V: a}}, {OUTPUT}"));
    assert_eq!(name(&once), name(&build(&format!("args: {{V: a}}, {OUTPUT}"))));
    assert!(name(&once).starts_with("app-") && name(&once).len() == "app-".len() + 8);
    let others = [
        format!("args: {{V: b}}, {OUTPUT}"),
        format!("args: {{V: a}}, target: x, {OUTPUT}"),
        format!("args: {{V: a}}, secrets: {{token: x}}, {OUTPUT}"),
    ];
    for other in others {
        assert_ne!(name(&once), name(&build(&other)), "{other}");
    }
    let spec = one(&once, "Job")["spec"].clone();
    assert_eq!(
        spec["ttlSecondsAfterFinished"],
        Value::Null,
        "it would be built again"
    );
}

#[test]
fn a_schedule_makes_a_cron_job_of_the_plain_name() {
    let rendered = build(&format!(
        "schedule: '0 1 * * *', timeZone: Europe/Paris, {OUTPUT}"
    ));
    let job = one(&rendered, "CronJob");
    assert_eq!(job["metadata"]["name"], "app");
    assert_eq!(
        (
            &job["spec"]["schedule"],
            &job["spec"]["timeZone"],
            &job["spec"]["concurrencyPolicy"]
        ),
        (&json!("0 1 * * *"), &json!("Europe/Paris"), &json!("Forbid"))
    );
}

#[test]
fn arguments_and_secrets_of_a_build_lie_in_secrets() {
    let fields = format!(
        "args: {{A: {CANARY}-a}}, secrets: {{token: {{env: T}}, ca: {{secretKeyRef: {{name: ca, key: crt}}}}}}, {OUTPUT}"
    );
    let rendered = build(&fields);
    let args = args(&rendered);
    assert!(
        args.contains(&"--opt=build-arg:A=$(BUILD_ARGUMENT_0)".to_owned()),
        "{args:?}"
    );
    for id in ["token", "ca"] {
        assert!(args.contains(&format!("--secret=id={id},src=/run/build-secrets/{id}")));
    }
    let pod = pod(&rendered);
    let sources = &pod["volumes"].as_array().unwrap().last().unwrap()["projected"]["sources"];
    assert_eq!(sources[0]["secret"]["name"], "app-values");
    assert_eq!(
        sources[1]["secret"],
        json!({"name": "ca", "items": [{"key": "crt", "path": "ca"}]})
    );
    assert!(!one(&rendered, "Job").to_string().contains(CANARY));
    // Without the key of their digest, the values don't stand in the name either.
    let offline = rendered_with(&documents(&document(&fields)), 31, &Offline);
    let again = fields.replace(&format!("{CANARY}-a"), "other");
    let other = rendered_with(&documents(&document(&again)), 31, &Offline);
    assert_eq!(name(&offline), name(&other));
}

#[test]
fn each_cache_is_one_that_its_builder_has() {
    let kept = |fields: &str| {
        let rendered = build(fields);
        let cache = args(&rendered).into_iter().filter(|arg| arg.contains("cache"));
        (cache.collect::<Vec<_>>(), rendered)
    };
    let (registry, _) = kept(&format!(
        "cache: {{image: 'r.example.com/c:1', mode: max}}, {OUTPUT}"
    ));
    assert_eq!(
        registry,
        [
            "--export-cache=type=registry,ref=r.example.com/c:1,mode=max",
            "--import-cache=type=registry,ref=r.example.com/c:1"
        ]
    );
    let (beside, rendered) = kept(OUTPUT);
    assert!(
        beside[0].ends_with("ref=r.example.com/team/app:buildcache"),
        "{beside:?}"
    );
    assert!(told(&rendered).contains(&("RN-006", "cache.image")));
    let (inline, _) = kept(&format!("cache: {{type: inline}}, {OUTPUT}"));
    assert_eq!(inline[0], "--export-cache=type=inline");
    let (local, rendered) = kept(&format!("cache: {{type: local, maxSize: 7Gi}}, {OUTPUT}"));
    assert_eq!(local[1], "--import-cache=type=local,src=/cache");
    assert_eq!(
        one(&rendered, "PersistentVolumeClaim")["spec"]["resources"]["requests"]["storage"],
        "7Gi"
    );
    let (kaniko, _) = kept(&format!(
        "buildSystem: kaniko, cache: {{image: 'r.example.com/c:1'}}, {OUTPUT}"
    ));
    assert_eq!(kaniko, ["--cache=true", "--cache-repo=r.example.com/c"]);
    let (none, rendered) = kept(&format!("buildSystem: kaniko, cache: {{type: inline}}, {OUTPUT}"));
    assert!(none.is_empty() && told(&rendered).contains(&("RN-006", "cache.type")));
}

#[test]
fn what_a_builder_has_not_is_told() {
    let rendered = build(
        "buildSystem: kaniko, secrets: {a: b}, cache: {enabled: false}, builder: {rootless: true},
         output: {image: 'r.example.com/a:1', sbom: true, platforms: [linux/amd64, linux/arm64]}",
    );
    assert_eq!(
        told(&rendered),
        [
            ("RN-005", "output.sbom"),
            ("RN-005", "secrets"),
            ("RN-006", "builder.rootless"),
            ("RN-006", "output.platforms"),
            ("RN-020", "buildSystem")
        ]
    );
}

#[test]
fn without_anything_to_build_from_no_job_is_made_and_that_is_told() {
    for context in ["{}", "{source: http}", "{source: local, repository: './here'}"] {
        let text = format!(
            "apiVersion: berth.dev/v1\nkind: ImageBuildConfig\nmetadata: {{name: app}}\nspec: {{context: {context}}}\n"
        );
        let rendered = rendered(&documents(&text), 31);
        assert!(rendered.objects.is_empty());
        assert_eq!(told(&rendered), [("RN-021", "context.repository")]);
    }
}

#[test]
fn a_build_is_made_where_the_secret_is_that_it_pushes_with() {
    let secret = "---\napiVersion: berth.dev/v1\nkind: ImagePullSecret\nmetadata: {name: push}\n\
                  spec: {secretName: push, namespace: apps, registry: {username: u, password: p}}\n";
    let rendered = rendered(&documents(&(document(OUTPUT) + secret)), 31);
    assert_eq!(one(&rendered, "Job")["metadata"]["namespace"], "apps");
    assert_eq!(one(&build(OUTPUT), "Job")["metadata"]["namespace"], "default");
}

#[test]
fn nobody_comes_in_and_a_build_reaches_where_it_fetches_and_pushes() {
    let fields = format!(
        "cache: {{enabled: false}}, {}",
        OUTPUT.replace("r.example.com", "r.hub.svc:5000")
    );
    let spec = one(&build(&fields), "NetworkPolicy")["spec"].clone();
    assert_eq!(spec["ingress"], json!([]));
    assert_eq!(
        spec["podSelector"]["matchLabels"]["app.kubernetes.io/component"],
        "build"
    );
    let egress = spec["egress"].as_array().unwrap();
    let namespace = json!([{"namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": "hub"}}}]);
    assert!(egress.iter().any(|flow| flow["to"] == namespace), "{egress:?}");
    let ports: Vec<_> = egress.last().unwrap()["ports"]
        .as_array()
        .unwrap()
        .iter()
        .map(|port| &port["port"])
        .collect();
    assert_eq!(ports, [80, 443]);
}

#[test]
fn a_key_for_git_is_taken_over_ssh_and_a_password_over_https() {
    let script = |url: &str| {
        let text = document(OUTPUT)
            .replace("https://git.example.com/team/app.git", url)
            .replace("credentials: {", "credentials: {gitSecret: git, ");
        pod(&rendered(&documents(&text), 31))["initContainers"][0]["args"][0]
            .as_str()
            .unwrap()
            .to_owned()
    };
    assert!(script("git@git.example.com:team/app.git").contains("GIT_SSH_COMMAND"));
    let https = script("https://git.example.com/team/app.git");
    assert!(https.contains("credential.helper") && !https.contains("GIT_SSH_COMMAND"));
    assert!(!https.contains("$("), "Kubernetes would take it for a variable");
}

#[test]
fn an_image_without_a_registry_goes_to_the_one_that_the_build_is_for() {
    let registry = "---\napiVersion: berth.dev/v1\nkind: DockerRegistry\nmetadata: {name: hub}\n\
                    spec: {externalURL: 'https://hub.example.com'}\n";
    let text =
        document("registries: [hub], cache: {enabled: false}, output: {image: 'team/app:1'}") + registry;
    let rendered = rendered(&documents(&text), 31);
    assert!(
        args(&rendered)
            .contains(&"--output=type=image,\"name=hub.example.com/team/app:1\",push=true".to_owned())
    );
}
