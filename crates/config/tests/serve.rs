//! What `berth serve` makes of documents: a plan that honours them, or refusals that say why.

use berth_config::document::{Documents, Format, Source, read};
use berth_config::serve::{Authentication, PemSource, ServeOptions, ServePlan, plan};
use berth_config::value::LogLevel;

fn documents(yaml: &str) -> Documents {
    read(&[Source {
        name: "berth.yaml".to_owned(),
        bytes: yaml.into(),
        format: Format::Yaml,
    }])
}

fn docker(spec: &str) -> String {
    format!("apiVersion: berth.dev/v1\nkind: DockerRegistry\nmetadata: {{name: local}}\nspec: {spec}\n")
}

fn policy(kind: &str, spec: &str) -> String {
    format!("---\napiVersion: berth.dev/v1\nkind: {kind}\nmetadata: {{name: p}}\nspec: {spec}\n")
}

/// The plan, and the codes of what was found.
fn decide_with(yaml: &str, options: &ServeOptions) -> (Option<ServePlan>, Vec<&'static str>) {
    let (plan, findings) = plan(&documents(yaml), options);
    (
        plan,
        findings.iter().map(|finding| finding.code.as_str()).collect(),
    )
}

fn decide(yaml: &str) -> (Option<ServePlan>, Vec<&'static str>) {
    decide_with(yaml, &ServeOptions::default())
}

fn planned(spec: &str) -> ServePlan {
    let (plan, codes) = decide(&docker(spec));
    plan.unwrap_or_else(|| panic!("{codes:?}"))
}

fn refused(yaml: &str) -> Vec<&'static str> {
    let (plan, codes) = decide(yaml);
    assert_eq!(plan, None);
    codes
}

const LOOPBACK: &str = r#"http: {addr: "127.0.0.1:5000"}"#;

#[test]
fn the_defaults_alone_are_served_with_an_admin_made_once() {
    let plan = planned("{}");
    assert_eq!(plan.authentication, Authentication::MadeOnceAdmin);
    assert_eq!((plan.listen.port(), plan.listen.is_any()), (5000, true));
    assert!(!plan.delete_enabled);
}

#[test]
fn a_builder_s_result_that_carries_every_default_refuses_nothing() {
    let result = berth_config::builders::docker_registry(
        "local",
        serde_json::json!({"auth": {"enabled": false}, "http": {"addr": "127.0.0.1:0"}}),
    );
    let source = Source {
        name: "a.nix".to_owned(),
        bytes: result.to_string().into(),
        format: Format::EvaluatedNix,
    };
    let (plan, findings) = plan(&read(&[source]), &ServeOptions::default());
    assert!(findings.is_empty(), "{findings:?}");
    assert_eq!(plan.unwrap().name, "local");
}

#[test]
fn every_honoured_field_reaches_the_plan() {
    let plan = planned(
        r#"{storage: {filesystem: {rootdirectory: ./d}, delete: {enabled: true}, maintenance: {uploadpurging: {age: 2h}}},
            http: {addr: "127.0.0.1:7000", draintimeout: 5s, tlsenabled: true, tlscertificate: /c, tlskey: {file: /k},
                   headers: {X-A: [b]}, http2: {disabled: true}, tls: {clientcas: [/ca]}},
            auth: {scheme: basic, htpasswd: {path: /h, realm: team}}, log: {level: debug, accesslog: {disabled: true}}}"#,
    );
    assert_eq!(plan.root.to_str(), Some("./d"));
    assert_eq!(
        (plan.delete_enabled, plan.access_log, plan.log_level),
        (true, false, LogLevel::Debug)
    );
    assert_eq!(
        (plan.drain.as_secs(), plan.upload_expiry.unwrap().as_secs()),
        (5, 7200)
    );
    assert_eq!(plan.authentication, Authentication::PasswordFile("/h".into()));
    assert_eq!((plan.realm.as_str(), plan.listen.port()), ("team", 7000));
    assert_eq!(plan.headers["X-A"], ["b"]);
    let tls = plan.tls.unwrap();
    assert_eq!((tls.key, tls.http2), (PemSource::File("/k".into()), false));
    assert_eq!(tls.client_authorities.len(), 1);
}

#[test]
fn nobody_is_let_in_from_outside_without_a_login() {
    assert_eq!(refused(&docker("{auth: {enabled: false}}")), ["SV-003"]);
    let options = ServeOptions {
        allow_anonymous: true,
        ..ServeOptions::default()
    };
    let (plan, _) = decide_with(&docker("{auth: {enabled: false}}"), &options);
    assert_eq!(plan.unwrap().authentication, Authentication::Anonymous);
    assert_eq!(
        planned(&format!("{{auth: {{enabled: false}}, {LOOPBACK}}}")).authentication,
        Authentication::Anonymous
    );
}

#[test]
fn the_address_of_the_command_line_counts_for_that_too() {
    use berth_config::value::{HostPort, Parse};
    let options = ServeOptions {
        listen: HostPort::parse("0.0.0.0:1").ok(),
        ..ServeOptions::default()
    };
    let (plan, codes) = decide_with(
        &docker(&format!("{{auth: {{enabled: false}}, {LOOPBACK}}}")),
        &options,
    );
    assert_eq!((plan, codes), (None, vec!["SV-003"]));
}

#[test]
fn a_field_that_was_set_on_purpose_and_can_t_be_honoured_refuses() {
    for spec in [
        "{notifications: {endpoints: [{name: a, url: https://a.example/}]}}",
        "{proxy: {remoteurl: https://registry-1.docker.io}}",
        "{middleware: {registry: [{name: x}]}}",
        "{storage: {driver: s3}}",
        "{http: {prefix: /a/}}",
        "{auth: {scheme: silly}}",
    ] {
        assert!(refused(&docker(spec)).contains(&"SV-002"), "{spec}");
    }
}

#[test]
fn what_is_about_a_cluster_is_left_to_it() {
    let (plan, codes) = decide(&docker(
        "{replicas: 3, namespace: a, persistence: {size: 1Gi}, resources: {limits: {cpu: 2}}}",
    ));
    assert!(plan.is_some(), "{codes:?}");
}

#[test]
fn a_realm_without_a_verifier_refuses() {
    assert_eq!(
        refused(&docker(
            "{auth: {token: {realm: 'https://auth.example.com/token'}}}"
        )),
        ["SV-004"]
    );
}

#[test]
fn protection_that_can_t_be_enforced_refuses_unless_that_is_accepted() {
    for policy in [
        policy(
            "RegistryAccess",
            "{subjects: [{kind: Anonymous}], rules: [{repositories: ['**'], actions: [pull]}]}",
        ),
        policy("ImageScanPolicy", "{}"),
    ] {
        let yaml = docker("{}") + &policy;
        assert_eq!(refused(&yaml), ["SV-005"]);
        let options = ServeOptions {
            ignore_unenforced: true,
            ..ServeOptions::default()
        };
        let (plan, codes) = decide_with(&yaml, &options);
        assert_eq!((plan.unwrap().unenforced.len(), codes), (1, vec![]));
    }
}

#[test]
fn a_scan_policy_that_blocks_nothing_is_a_warning() {
    let yaml = docker("{}") + &policy("ImageScanPolicy", "{vulnerabilities: {critical: {action: warn}}}");
    let (plan, codes) = decide(&yaml);
    assert!(plan.is_some());
    assert_eq!(codes, ["SV-007"]);
}

#[test]
fn policies_that_don_t_protect_are_warnings() {
    for kind in [
        "ImageRetentionPolicy",
        "ImageReplicationPolicy",
        "ImageBuildConfig",
    ] {
        let (plan, codes) = decide(&(docker("{}") + &policy(kind, "{}")));
        assert!(plan.is_some());
        assert_eq!(codes, ["SV-007"], "{kind}");
    }
}

#[test]
fn a_policy_over_another_registry_doesn_t_matter() {
    let other = "---\napiVersion: berth.dev/v1\nkind: HarborRegistry\nmetadata: {name: other}\n";
    let yaml = docker("{}") + other + &policy("ImageScanPolicy", "{registries: [other]}");
    let (plan, codes) = decide(&yaml);
    assert!(plan.is_some(), "{codes:?}");
}

#[test]
fn other_products_are_deployed_and_not_served() {
    for kind in ["HarborRegistry", "NexusRegistry", "ArtifactoryRegistry"] {
        let yaml = format!("apiVersion: berth.dev/v1\nkind: {kind}\nmetadata: {{name: a}}\n");
        assert_eq!(refused(&yaml), ["SV-001"], "{kind}");
    }
    assert_eq!(refused(&policy("ImageBuildConfig", "{}")), ["SV-001"]);
}

#[test]
fn one_of_several_registries_must_be_named() {
    let two = docker("{name: one}") + "---\n" + &docker("{name: two}").replace("local", "other");
    assert_eq!(refused(&two), ["SV-006"]);
    let named = |name: &str| ServeOptions {
        registry: Some(name.to_owned()),
        ..ServeOptions::default()
    };
    assert_eq!(decide_with(&two, &named("two")).0.unwrap().name, "two");
    assert_eq!(decide_with(&two, &named("local")).0.unwrap().name, "one");
    assert_eq!(decide_with(&two, &named("three")), (None, vec!["SV-006"]));
}

#[test]
fn tls_needs_certificate_and_key_from_where_there_is_no_cluster() {
    assert_eq!(
        refused(&docker("{http: {tlsenabled: true}}")),
        ["SV-009", "SV-009"]
    );
    let yaml =
        docker("{http: {tlsenabled: true, tlscertificate: /c, tlskey: {secretKeyRef: {name: a, key: b}}}}");
    assert_eq!(refused(&yaml), ["SV-008"]);
    let yaml =
        docker("{http: {tlsenabled: true, tlscertificate: /c, tlskey: /k, tls: {minimumtls: tls1.0}}}");
    assert_eq!(refused(&yaml), ["SV-002"]);
}
