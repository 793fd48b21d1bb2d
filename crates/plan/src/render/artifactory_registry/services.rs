use std::collections::BTreeMap;

use super::prepare::DATA;
use super::settled::Settled;
use super::stateful_set::asks;
use crate::object::{Container, EnvVar, Probe, ResourceRequirements};

/// A service of Artifactory's that can run in a container of its own, from the same image.
struct Service {
    name: &'static str,
    /// Where it answers, to its own pod alone.
    port: u16,
    /// What starts it.
    run: &'static str,
    /// The switch by which the main container leaves it out.
    switch: &'static str,
    /// Its memory: kept for it, and at most.
    memory: (&'static str, &'static str),
    /// Whether the free editions have it.
    is_free: bool,
    /// Whether it keeps records of its own in the database.
    keeps: bool,
}

const APP: &str = "/opt/jfrog/artifactory/app";

const SERVICES: [Service; 5] = [
    Service {
        name: "frontend",
        port: 8070,
        run: "third-party/node/bin/node APP/frontend/bin/server/dist/bundle.js APP/frontend",
        switch: "JF_FRONTEND_ENABLED",
        memory: ("250Mi", "1Gi"),
        is_free: true,
        keeps: false,
    },
    Service {
        name: "metadata",
        port: 8086,
        run: "metadata/bin/jf-metadata start",
        switch: "JF_METADATA_ENABLED",
        memory: ("250Mi", "1Gi"),
        is_free: true,
        keeps: true,
    },
    Service {
        name: "event",
        port: 8061,
        run: "event/bin/jf-event start",
        switch: "JF_EVENT_ENABLED",
        memory: ("100Mi", "500Mi"),
        is_free: true,
        keeps: false,
    },
    Service {
        name: "jfconnect",
        port: 8030,
        run: "jfconnect/bin/jf-connect start",
        switch: "JF_JFCONNECT_SERVICE_ENABLED",
        memory: ("100Mi", "500Mi"),
        is_free: false,
        keeps: false,
    },
    Service {
        name: "observability",
        port: 8036,
        run: "observability/bin/jf-observability start",
        switch: "JF_OBSERVABILITY_ENABLED",
        memory: ("100Mi", "500Mi"),
        is_free: true,
        keeps: false,
    },
];

/// The services that have a container of their own. The router stays with Artifactory: its own image is of a version that
/// Artifactory's doesn't tell.
fn split<'a>(settled: &Settled<'_>) -> impl Iterator<Item = &'a Service> {
    let (is_split, is_free) = (settled.is_split(), settled.is_free());
    SERVICES
        .iter()
        .filter(move |service| is_split && (service.is_free || !is_free))
}

/// What keeps the main container from starting them too.
pub(super) fn switches(settled: &Settled<'_>) -> Vec<EnvVar> {
    split(settled)
        .map(|service| EnvVar::plain(service.switch, "false"))
        .collect()
}

/// Their containers, beside the main one.
pub(super) fn containers(main: &Container, settled: &Settled<'_>) -> Vec<Container> {
    split(settled).map(|service| container(main, service)).collect()
}

fn container(main: &Container, service: &Service) -> Container {
    let wanted = |variable: &&EnvVar| {
        let name = variable.name.as_str();
        name == "JF_SHARED_NODE_ID"
            || (service.keeps && name.starts_with("JF_SHARED_DATABASE_"))
            || (!name.starts_with("JF_") && name != "SKIP_WAIT_FOR_EXTERNAL_DB")
    };
    // They share what Artifactory keeps, and not its place for files.
    let mounts = main.volume_mounts.iter();
    let mounts = mounts.filter(|mount| mount.mount_path == DATA);
    Container {
        name: service.name.to_owned(),
        image: main.image.clone(),
        image_pull_policy: main.image_pull_policy,
        command: ["/bin/bash", "-c"].map(str::to_owned).to_vec(),
        args: vec![format!("exec {APP}/{}", service.run.replace("APP", APP))],
        env: main.env.iter().filter(wanted).cloned().collect(),
        startup_probe: Some(Probe {
            period_seconds: Some(5),
            failure_threshold: Some(90),
            ..answers(service, "readiness")
        }),
        readiness_probe: Some(answers(service, "readiness")),
        liveness_probe: Some(answers(service, "liveness")),
        resources: amounts(service.memory),
        security_context: main.security_context.clone(),
        volume_mounts: mounts.cloned().collect(),
        ..Container::default()
    }
}

fn answers(service: &Service, what: &str) -> Probe {
    let url = format!("http://localhost:{}/api/v1/system/{what}", service.port);
    Probe {
        period_seconds: Some(10),
        failure_threshold: Some(5),
        ..asks(&url)
    }
}

fn amounts((kept, most): (&str, &str)) -> ResourceRequirements {
    let of =
        |cpu: &str, memory: &str| BTreeMap::from([("cpu", cpu.to_owned()), ("memory", memory.to_owned())]);
    ResourceRequirements {
        limits: of("1", most),
        requests: of("50m", kept),
    }
}
