//! The small databases that registries bring with them.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::process::{Command, Stdio};
use std::time::Duration;

use berth_drive::{free_address, needed};
use berth_plan::object::Stage;
use berth_plan::render::Rendered;
use serde_json::json;

use crate::scene::{body, container, product, rendered, told, variable};

/// Each product with a database of its own, and its first workload.
fn products() -> [(Rendered, &'static str, &'static str); 3] {
    let of = |kind, fields| rendered(&product(kind, "own", fields), 31);
    [
        (
            of("HarborRegistry", "database: {managed: true}"),
            "Deployment",
            "own-core",
        ),
        (
            of("NexusRegistry", "database: {managed: true}, license: {env: L}"),
            "StatefulSet",
            "own",
        ),
        (
            of("ArtifactoryRegistry", "database: {managed: true}"),
            "StatefulSet",
            "own",
        ),
    ]
}

#[test]
fn a_managed_database_keeps_its_data_on_a_claim_and_can_be_drained() {
    for (rendered, ..) in products() {
        let set = body(&rendered, "StatefulSet", "own-database");
        assert_eq!(set["spec"]["replicas"], 1);
        let claim = &set["spec"]["volumeClaimTemplates"][0]["spec"];
        assert_eq!(claim["resources"]["requests"]["storage"], "10Gi");
        let server = container(&set, 0);
        assert_eq!(
            variable(&server, "PGDATA")["value"],
            "/var/lib/postgresql/data/pgdata"
        );
        let budget = body(&rendered, "PodDisruptionBudget", "own-database");
        assert_eq!(budget["spec"]["maxUnavailable"], 1);
    }
}

#[test]
fn the_password_of_a_managed_database_is_made_once_and_shown_to_both_sides() {
    let made = json!({"name": "own-made-once", "key": "database-password"});
    let variables = [
        "POSTGRESQL_PASSWORD",
        "NEXUS_DATASTORE_NEXUS_PASSWORD",
        "JF_SHARED_DATABASE_PASSWORD",
    ];
    for ((rendered, kind, name), password) in products().into_iter().zip(variables) {
        let server = container(&body(&rendered, "StatefulSet", "own-database"), 0);
        let at = &variable(&server, "POSTGRES_PASSWORD")["valueFrom"]["secretKeyRef"];
        assert_eq!(*at, made);
        let client = container(&body(&rendered, kind, name), 0);
        let at = &variable(&client, password)["valueFrom"]["secretKeyRef"];
        assert_eq!(*at, made, "{name}");
    }
}

#[test]
fn a_password_that_is_given_is_not_made() {
    for kind in ["NexusRegistry", "ArtifactoryRegistry"] {
        let fields = "database: {managed: true, password: {secretKeyRef: {name: s, key: k}}}";
        let rendered = rendered(&product(kind, "own", fields), 31);
        let server = container(&body(&rendered, "StatefulSet", "own-database"), 0);
        let at = &variable(&server, "POSTGRES_PASSWORD")["valueFrom"]["secretKeyRef"];
        assert_eq!(*at, json!({"name": "s", "key": "k"}));
        let made = rendered.made_once.iter().flat_map(|secret| secret.recipes.keys());
        assert!(!made.into_iter().any(|key| key == "database-password"), "{kind}");
    }
}

#[test]
fn a_managed_database_lets_in_its_product_alone_and_asks_nobody() {
    for kind in ["NexusRegistry", "ArtifactoryRegistry"] {
        let rendered = rendered(&product(kind, "own", "database: {managed: true}"), 31);
        let policy = body(&rendered, "NetworkPolicy", "own-database");
        let product = body(&rendered, "StatefulSet", "own")["spec"]["selector"].clone();
        assert_eq!(
            policy["spec"]["ingress"],
            json!([{"from": [{"podSelector": product}], "ports": [{"protocol": "TCP", "port": 5432}]}])
        );
        assert_eq!(policy["spec"]["egress"], json!([]));
        let out = body(&rendered, "NetworkPolicy", "own")["spec"]["egress"].to_string();
        let database = body(&rendered, "StatefulSet", "own-database")["spec"]["selector"].to_string();
        assert!(out.contains(&database), "{out}");
    }
}

#[test]
fn a_database_and_its_name_are_there_before_what_waits_for_them() {
    for (rendered, kind, name) in products() {
        let mut stages = rendered.objects.iter().filter_map(|object| {
            let metadata = object.metadata();
            let is_one =
                metadata.name == "own-database" && ["StatefulSet", "Service"].contains(&object.kind());
            is_one.then(|| object.stage())
        });
        assert!(stages.all(|stage| stage == Stage::Datastore));
        let waits = rendered.objects.lookup(kind, Some("n"), name).unwrap();
        assert!(waits.stage() > Stage::Datastore);
    }
}

#[test]
fn a_secret_that_changes_restarts_no_database() {
    for (rendered, ..) in products() {
        let set = body(&rendered, "StatefulSet", "own-database");
        let notes = set["spec"]["template"]["metadata"]["annotations"].to_string();
        assert!(!notes.contains("checksum"), "{notes}");
    }
}

#[test]
fn fields_of_the_other_sort_of_database_are_told() {
    for kind in ["NexusRegistry", "ArtifactoryRegistry"] {
        let told_at = |fields: &str| told(&rendered(&product(kind, "own", fields), 31), "RN-005");
        let url = "database: {managed: true, url: 'jdbc:postgresql://db.example.com:5432/x'}";
        assert!(told_at(url).contains(&"database.url".to_owned()), "{kind}");
        let size = "database: {persistence: {size: 5Gi}}";
        assert!(
            told_at(size).contains(&"database.persistence.size".to_owned()),
            "{kind}"
        );
    }
}

#[test]
fn a_managed_database_is_dumped_to_a_claim_and_the_rest_is_told() {
    for kind in ["HarborRegistry", "NexusRegistry", "ArtifactoryRegistry"] {
        let fields = "database: {managed: true}, backup: {destination: copies, schedule: '15 4 * * *', retentionDays: 7}";
        let rendered = rendered(&product(kind, "own", fields), 31);
        let job = body(&rendered, "CronJob", "own-backup");
        assert_eq!(job["spec"]["schedule"], "15 4 * * *");
        let pod = &job["spec"]["jobTemplate"]["spec"]["template"]["spec"];
        assert_eq!(pod["volumes"][0]["persistentVolumeClaim"]["claimName"], "copies");
        let dump = &pod["containers"][0];
        assert_eq!(variable(dump, "PGHOST")["value"], "own-database");
        assert_eq!(variable(dump, "DAYS")["value"], "7");
        let at = &variable(dump, "PGPASSWORD")["valueFrom"]["secretKeyRef"]["key"];
        assert_eq!(*at, "database-password");
        let policy = body(&rendered, "NetworkPolicy", "own-database")["spec"]["ingress"].to_string();
        assert!(policy.contains("backup"), "{kind}: {policy}");
        let policy = body(&rendered, "NetworkPolicy", "own-backup")["spec"]["egress"].to_string();
        assert!(policy.contains("5432"), "{kind}: {policy}");
        assert_eq!(told(&rendered, "RN-012"), ["backup"], "{kind}");
    }
}

#[test]
fn a_backup_that_nothing_makes_is_told() {
    for (kind, fields) in [
        ("HarborRegistry", "backup: {destination: copies}"),
        ("NexusRegistry", "backup: {destination: copies}"),
        (
            "ArtifactoryRegistry",
            "database: {managed: true}, backup: {destination: 's3://bucket/path'}",
        ),
        ("DockerRegistry", "backup: {destination: copies}"),
    ] {
        let rendered = rendered(&product(kind, "own", fields), 31);
        assert_eq!(told(&rendered, "RN-012"), ["backup"], "{kind}");
        assert!(
            rendered
                .objects
                .lookup("CronJob", Some("n"), "own-backup")
                .is_none()
        );
    }
}

#[test]
fn a_managed_redis_asks_for_the_password_whatever_it_is() {
    let Some(_) = needed("redis-server") else {
        return;
    };
    let rendered = rendered(&product("HarborRegistry", "own", "redis: {managed: true}"), 31);
    let server = container(&body(&rendered, "StatefulSet", "own-redis"), 0);
    let script = server["command"][2].as_str().unwrap();
    for password in ["plain", "a b\"c\\d$e'f"] {
        let folder = tempfile::tempdir().unwrap();
        let address = free_address().unwrap();
        let here = script.replace(
            "dir /data\n",
            &format!(
                "dir {}\nport {}\nbind 127.0.0.1\n",
                folder.path().display(),
                address.port()
            ),
        );
        let mut child = Command::new("/bin/sh")
            .args(["-c", &here])
            .env("REDIS_PASSWORD", password)
            .stdout(Stdio::null())
            .spawn()
            .unwrap();
        let answers = (0..100).find_map(|_| {
            std::thread::sleep(Duration::from_millis(50));
            let mut stream = TcpStream::connect(address).ok()?;
            let length = password.len();
            write!(
                stream,
                "PING\r\n*2\r\n$4\r\nAUTH\r\n${length}\r\n{password}\r\nQUIT\r\n"
            )
            .ok()?;
            let mut text = String::new();
            stream.read_to_string(&mut text).ok()?;
            Some(text)
        });
        let _ = child.kill();
        let _ = child.wait();
        let answers = answers.unwrap();
        assert!(
            answers.starts_with("-NOAUTH") && answers.contains("+OK"),
            "{password}: {answers}"
        );
    }
}
