//! Artifactory on a cluster.

use berth_plan::render::Rendered;
use serde_json::{Value as Json, json};

use crate::scene::{body, product, rendered, told};

const ENTERPRISE: &str = "edition: enterprise, licenses: [{env: A}, {env: B}, {env: C}], \
    filestore: {type: s3-storage-v3-direct, bucket: b, region: r}";

fn artifactory(fields: &str) -> Rendered {
    rendered(&product("ArtifactoryRegistry", "store", fields), 31)
}

fn config(rendered: &Rendered, file: &str) -> String {
    let config = body(rendered, "ConfigMap", "store-config");
    config["data"][file].as_str().unwrap_or_default().to_owned()
}

#[test]
fn replicas_without_a_licence_for_each_or_shared_files_become_one() {
    let replicas =
        |fields: &str| body(&artifactory(fields), "StatefulSet", "store")["spec"]["replicas"].clone();
    assert_eq!(replicas("replicas: 3"), 1);
    assert_eq!(replicas(&format!("replicas: 3, {ENTERPRISE}")), 3);
    assert_eq!(replicas(&format!("replicas: 4, {ENTERPRISE}")), 1);
    assert_eq!(
        replicas("replicas: 3, edition: enterprise, licenses: [a, b, c]"),
        1
    );
}

#[test]
fn a_tag_that_moves_is_replaced_by_the_release() {
    let set = body(&artifactory(""), "StatefulSet", "store");
    let image = &set["spec"]["template"]["spec"]["containers"][0]["image"];
    assert_eq!(image, "releases-docker.jfrog.io/jfrog/artifactory-oss:7.84.17");
}

#[test]
fn keys_that_nobody_gave_are_made_once_and_as_long_as_the_algorithm_asks() {
    let recipe = |fields: &str| {
        let rendered = artifactory(fields);
        format!("{:?}", rendered.made_once[0].recipes.get("master-key"))
    };
    assert!(recipe("").contains("64"));
    assert!(recipe("security: {encryption: {algorithm: AES128}}").contains("32"));
    assert_eq!(recipe("masterKey: {env: KEY}"), "None");
}

#[test]
fn what_is_secret_reaches_only_the_container_that_prepares() {
    let set = body(&artifactory(""), "StatefulSet", "store");
    let pod = &set["spec"]["template"]["spec"];
    let has = |container: &Json| {
        container["volumeMounts"]
            .to_string()
            .contains("/run/secrets/artifactory")
    };
    assert!(has(&pod["initContainers"][0]) && !has(&pod["containers"][0]));
}

#[test]
fn the_database_s_url_user_and_password_lie_in_a_secret() {
    let rendered = artifactory(
        "database: {url: 'jdbc:postgresql://db:5432/a?user=hush', username: hush, password: {env: DB}}",
    );
    for object in rendered.objects.iter().filter(|object| !object.is_secret()) {
        assert!(!object.to_json().to_string().contains("hush"), "{}", object.key());
    }
    assert!(config(&rendered, "system.yaml").contains("driver: org.postgresql.Driver"));
}

#[test]
fn the_keys_of_object_storage_never_lie_in_the_configuration() {
    let rendered = artifactory(
        "filestore: {type: s3-storage-v3-direct, bucket: b, region: eu-west-1, identity: hush, credential: hush}",
    );
    let xml = config(&rendered, "binarystore.xml");
    assert!(
        xml.contains("<identity>@IDENTITY@</identity>") && !xml.contains("hush"),
        "{xml}"
    );
    assert!(
        xml.contains("<endpoint>s3.eu-west-1.amazonaws.com</endpoint>"),
        "{xml}"
    );
    let role = artifactory("filestore: {type: s3-storage-v3-direct, bucket: b, region: r}");
    assert!(config(&role, "binarystore.xml").contains("<useInstanceCredentials>true<"));
    assert_eq!(config(&artifactory(""), "binarystore.xml"), "");
}

#[test]
fn the_certificate_of_security_ssl_serves_the_ingress() {
    let ingress = "exposure: {ingress: {host: a.example.com, controller: nginx}}";
    let named = artifactory(&format!("security: {{ssl: {{secretName: mine}}}}, {ingress}"));
    let tls =
        |rendered: &Rendered| body(rendered, "Ingress", "store")["spec"]["tls"][0]["secretName"].clone();
    assert_eq!(tls(&named), "mine");
    let given = artifactory(&format!(
        "security: {{ssl: {{certificate: /c.pem, key: {{env: K}}}}}}, {ingress}"
    ));
    assert_eq!(tls(&given), "store-tls");
    assert_eq!(body(&given, "Secret", "store-tls")["type"], "kubernetes.io/tls");
    let lone = artifactory("security: {ssl: {secretName: mine}}");
    assert_eq!(told(&lone, "RN-005"), ["security.ssl"]);
}

#[test]
fn repositories_that_only_the_api_makes_are_told() {
    let rendered = artifactory("");
    let finding = rendered
        .findings
        .iter()
        .find(|finding| finding.field.as_deref() == Some("repositories"));
    let message = &finding.unwrap().message;
    assert!(
        message.contains("maven-local") && !message.contains("docker"),
        "{message}"
    );
}

#[test]
fn what_is_not_rendered_is_told() {
    let rendered = artifactory(
        "splitServices: true, nginx: {enabled: true}, dockerAccessMethod: subDomain, externalURL: 'https://a.example.com', \
         authentication: {saml: {enabled: true}}",
    );
    assert_eq!(
        told(&rendered, "RN-005"),
        ["splitServices", "nginx", "dockerAccessMethod"]
    );
    assert_eq!(told(&rendered, "RN-007"), ["externalURL", "repositories"]);
}

#[test]
fn nodes_reach_each_other_and_strangers_only_the_doors() {
    let policy = body(
        &artifactory(&format!("replicas: 2, {ENTERPRISE}")),
        "NetworkPolicy",
        "store",
    );
    let incoming = policy["spec"]["ingress"].as_array().unwrap();
    assert_eq!(
        incoming[0]["ports"],
        json!([{"protocol": "TCP", "port": 8081}, {"protocol": "TCP", "port": 8082}])
    );
    assert!(incoming[1]["ports"].to_string().contains("10001"));
    let lone = body(&artifactory(""), "NetworkPolicy", "store");
    assert_eq!(lone["spec"]["ingress"].as_array().unwrap().len(), 1);
    let database = artifactory("database: {url: 'jdbc:postgresql://db.example.com:5433/a'}");
    let policy = body(&database, "NetworkPolicy", "store");
    assert!(policy["spec"]["egress"].to_string().contains("5433"));
}
