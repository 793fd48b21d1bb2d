//! Artifactory on a cluster.

use berth_plan::render::Rendered;
use serde_json::{Value as Json, json};

use crate::scene::{body, container, product, rendered, told, variable};

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
        "dockerAccessMethod: port, externalURL: 'https://a.example.com', authentication: {saml: {enabled: true}}",
    );
    assert_eq!(told(&rendered, "RN-005"), ["dockerAccessMethod"]);
    let nowhere = artifactory("dockerAccessMethod: subDomain");
    assert_eq!(told(&nowhere, "RN-005"), ["dockerAccessMethod"]);
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

#[test]
fn an_nginx_stands_between_clients_and_artifactory() {
    let rendered = artifactory("edition: pro, nginx: {serviceType: LoadBalancer, replicas: 2}, metrics: {}");
    assert_eq!(
        body(&rendered, "Service", "store-nginx")["spec"]["type"],
        "LoadBalancer"
    );
    assert_eq!(body(&rendered, "Service", "store")["spec"]["type"], "ClusterIP");
    let deployment = body(&rendered, "Deployment", "store-nginx");
    assert_eq!(deployment["spec"]["replicas"], 2);
    let image = &container(&deployment, 0)["image"];
    assert_eq!(
        *image,
        "releases-docker.jfrog.io/jfrog/nginx-artifactory-pro:7.84.17"
    );
    let policy = body(&rendered, "NetworkPolicy", "store");
    let incoming = policy["spec"]["ingress"].as_array().unwrap();
    assert!(incoming[1]["from"].to_string().contains("nginx"), "{incoming:?}");
    assert_eq!(incoming[1]["ports"], json!([{"protocol": "TCP", "port": 8082}]));
}

#[test]
fn nginx_speaks_tls_with_the_certificate_that_is_given_or_one_that_is_made() {
    let secret = |fields: &str| {
        let deployment = body(&artifactory(fields), "Deployment", "store-nginx");
        let volumes = deployment["spec"]["template"]["spec"]["volumes"]
            .as_array()
            .unwrap()
            .clone();
        let tls = volumes.iter().find(|volume| volume["name"] == "tls");
        tls.map(|volume| volume["secret"]["secretName"].clone())
    };
    assert_eq!(secret("nginx: {}"), Some(json!("store-made-once")));
    assert_eq!(
        secret("nginx: {}, security: {ssl: {secretName: mine}}"),
        Some(json!("mine"))
    );
    assert_eq!(secret("nginx: {}, security: {ssl: {enabled: false}}"), None);
    let made = artifactory("nginx: {}, externalURL: 'https://a.example.com'");
    let recipes = format!("{:?}", made.made_once[0].recipes.get("nginx-tls.crt"));
    assert!(
        recipes.contains("a.example.com") && recipes.contains("store-nginx.n.svc"),
        "{recipes}"
    );
}

#[test]
fn docker_clients_know_each_repository_by_a_host_where_that_is_asked_for() {
    let rendered = artifactory(
        "edition: pro, dockerAccessMethod: subDomain, repositories: {docker: {local: true, remote: true}}, \
         exposure: {ingress: {host: a.example.com, controller: nginx}}",
    );
    let ingress = body(&rendered, "Ingress", "store-nginx");
    let rules = ingress["spec"]["rules"].as_array().unwrap();
    let hosts: Vec<&str> = rules.iter().map(|rule| rule["host"].as_str().unwrap()).collect();
    assert!(
        hosts.contains(&"a.example.com") && hosts.contains(&"docker-local.a.example.com"),
        "{hosts:?}"
    );
    let conf = &body(&rendered, "ConfigMap", "store-nginx")["data"]["nginx.conf"];
    let conf = conf.as_str().unwrap();
    assert!(
        conf.contains("rewrite ^/v2/(.*)$ /artifactory/api/docker/$repository/v2/$1 break;"),
        "{conf}"
    );
}

#[test]
fn services_that_are_split_off_run_beside_artifactory_and_not_in_it() {
    let rendered = artifactory("edition: pro, splitServices: true");
    let set = body(&rendered, "StatefulSet", "store");
    let containers = set["spec"]["template"]["spec"]["containers"].as_array().unwrap();
    let names: Vec<&str> = containers
        .iter()
        .map(|container| container["name"].as_str().unwrap())
        .collect();
    assert_eq!(
        names,
        [
            "artifactory",
            "frontend",
            "metadata",
            "event",
            "jfconnect",
            "observability"
        ]
    );
    assert_eq!(variable(&containers[0], "JF_METADATA_ENABLED")["value"], "false");
    // Only what keeps records is shown the database.
    let sees = |container: &Json| {
        container["env"]
            .to_string()
            .contains("JF_SHARED_DATABASE_PASSWORD")
    };
    let password = "database: {password: {env: DB}}";
    let with = artifactory(&format!("edition: pro, splitServices: true, {password}"));
    let set = body(&with, "StatefulSet", "store");
    let containers = set["spec"]["template"]["spec"]["containers"].as_array().unwrap();
    let seeing: Vec<bool> = containers.iter().map(sees).collect();
    assert_eq!(seeing, [true, false, true, false, false, false]);
    let free = body(&artifactory("splitServices: true"), "StatefulSet", "store");
    assert!(!free.to_string().contains("jf-connect"));
}

/// Lets nginx itself read what is rendered for it.
#[test]
fn nginx_takes_its_configuration() {
    let Some(nginx) = berth_drive::needed("nginx") else {
        return;
    };
    let fields = "edition: pro, dockerAccessMethod: subDomain, externalURL: 'https://a.example.com', \
        security: {ssl: {enabled: false}}";
    let rendered = artifactory(fields);
    let conf = &body(&rendered, "ConfigMap", "store-nginx")["data"]["nginx.conf"];
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("nginx.conf");
    // No cluster gives the router a name here.
    let conf = conf
        .as_str()
        .unwrap()
        .replace("http://store:8082", "http://127.0.0.1:8082");
    std::fs::write(
        &file,
        conf.replace("/tmp/", &format!("{}/", folder.path().display())),
    )
    .unwrap();
    let output = std::process::Command::new(nginx)
        .arg("-t")
        .arg("-c")
        .arg(&file)
        .output()
        .unwrap();
    assert!(output.status.success(), "{output:?}");
}
