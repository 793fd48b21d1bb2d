use berth_config::sections::HarborTrivy;
use berth_config::value::Duration;

use super::environment::Environment;
use super::part::Part;
use super::settled::{LOG_LEVEL, Settled};
use super::workloads::{self, Pods};
use super::{certificates, launch, outside};
use crate::object::{Container, ContainerPort, Object, Volume, VolumeMount};
use crate::render::workload::{self, Stored};
use crate::render::{Rendering, codes};

const RUN: &str = "exec /home/scanner/entrypoint.sh";
/// The repository of the image, and one that never was: the default of the builders.
const REPOSITORY: &str = "trivy-adapter-photon";
const NEVER: &str = "trivy-adapter-scanner";
/// The URLs of Redis.
const URLS: [&str; 3] = [
    "SCANNER_REDIS_URL",
    "SCANNER_STORE_REDIS_URL",
    "SCANNER_JOB_QUEUE_REDIS_URL",
];
/// With less it dies on larger images.
const LEAST_MEMORY: (&str, u128) = ("1Gi", 1 << 30);
const DATA: &str = "/home/scanner/.cache";
const SIZE: &str = "5Gi";
const ALL_SEVERITIES: &str = "UNKNOWN,LOW,MEDIUM,HIGH,CRITICAL";

/// The StatefulSet of the scanner and its Service.
pub(super) fn render(settled: &Settled<'_>, rendering: &mut Rendering<'_>) {
    let trivy = &settled.spec.trivy;
    let component = settled.component("trivy");
    let stored = Stored::of(trivy.persistence.as_ref(), SIZE);
    let mut volumes: Vec<Volume> = stored.volume().into_iter().collect();
    let mut mounts = vec![stored.mount(DATA)];
    volumes.push(Volume::empty("tmp", None));
    mounts.push(VolumeMount::writable("tmp", "/tmp"));
    certificates::mount(settled, "trivy", false, (&mut volumes, &mut mounts));
    let mut container = Container {
        image: image(settled, rendering),
        command: launch::command(settled.redis.wanting(&URLS), RUN),
        env: environment(settled).finish(settled.registry),
        startup_probe: Some(workloads::starting(settled.probe("/probe/healthy"), 120)),
        readiness_probe: Some(settled.probe("/probe/ready")),
        liveness_probe: Some(settled.probe("/probe/healthy")),
        ports: vec![ContainerPort::tcp(workloads::PORT, settled.port())],
        volume_mounts: mounts,
        ..workloads::container(settled, "trivy", REPOSITORY)
    };
    let part = Part {
        resources: trivy.resources.as_ref(),
        ..Part::default()
    };
    container.resources = part.resources(&settled.spec.resources);
    if needs_more(settled) {
        container
            .resources
            .limits
            .insert("memory", LEAST_MEMORY.0.to_owned());
    }
    let pods = Pods {
        containers: vec![container],
        volumes,
        config: String::new(),
    };
    let template = workloads::pod_template(settled, &component, pods);
    let replicas = trivy.replicas.unwrap_or(1);
    let set = stored.stateful_set(&component, replicas, template);
    rendering.add(settled.document, Object::new(component.metadata(), &set));
    let port = workloads::service_port(workloads::PORT, settled.port(), settled.tls);
    workloads::service(settled, &component, vec![port], false, rendering);
    let node = (workloads::PORT, settled.port(), Some(settled.scheme()));
    workload::headless(&component, node, rendering);
}

/// Whether the registry's limit, which the scanner would have, is too small for it.
fn needs_more(settled: &Settled<'_>) -> bool {
    let own = settled.spec.trivy.resources.as_ref();
    if own.is_some_and(|own| own.limits.memory.is_some()) {
        return false;
    }
    let limit = settled.spec.resources.limits.memory.value();
    limit.is_some_and(|limit| limit.bytes() < LEAST_MEMORY.1)
}

fn image(settled: &Settled<'_>, rendering: &mut Rendering<'_>) -> String {
    let given = &settled.spec.trivy.image;
    let known = format!("goharbor/{REPOSITORY}:{}", settled.tag);
    match given.value() {
        Some(image) if !image.repository().ends_with(NEVER) => given.text().to_owned(),
        _ => {
            let message = format!("the scanner runs `{known}`: the image that is named was never published");
            rendering
                .tell(settled.document, "trivy.image", codes::RN_006, message)
                .help("name that image, or a copy of it, in trivy.image");
            known
        }
    }
}

/// What the scanner is told.
pub(super) fn environment(settled: &Settled<'_>) -> Environment {
    let trivy = &settled.spec.trivy;
    let url = settled.redis.of_trivy();
    let data = settled.registry.site.path(DATA, "trivy/cache");
    let environment = Environment::new()
        .plain("SCANNER_LOG_LEVEL", LOG_LEVEL)
        .plain(
            "SCANNER_API_SERVER_ADDR",
            format!(":{}", settled.listens("trivy")),
        )
        .plain("SCANNER_TRIVY_CACHE_DIR", format!("{data}/trivy"))
        .plain("SCANNER_TRIVY_REPORTS_DIR", format!("{data}/reports"))
        .plain("SCANNER_TRIVY_DEBUG_MODE", "false")
        .plain("SCANNER_TRIVY_SECURITY_CHECKS", "vuln")
        .plains(URLS.map(|name| (name, url.clone())));
    let environment = scanning(trivy, environment).secret_some(
        "SCANNER_TRIVY_GITHUB_TOKEN",
        settled.secrets.github_token.as_ref(),
    );
    let environment = settled.redis.for_launch(environment);
    let environment = outside::proxied(settled, "trivy", environment);
    if !settled.tls {
        return environment;
    }
    let folder = certificates::folder(settled, "trivy");
    certificates::variables(settled, "trivy", environment)
        .plain("SCANNER_API_SERVER_TLS_KEY", format!("{folder}/tls.key"))
        .plain("SCANNER_API_SERVER_TLS_CERTIFICATE", format!("{folder}/tls.crt"))
}

fn scanning(trivy: &HarborTrivy, environment: Environment) -> Environment {
    let timeout = trivy.timeout.as_ref().filter(|timeout| timeout.value().is_some());
    let timeout = timeout.map_or("5m0s", |timeout: &berth_config::value::Written<Duration>| {
        timeout.text()
    });
    let repository = |image: &Option<berth_config::value::Written<berth_config::value::ImageReference>>| {
        let right = image.as_ref().filter(|image| image.value().is_some());
        right.map(|image| image.text().to_owned())
    };
    let truth = |given: Option<bool>| given.unwrap_or(false).to_string();
    environment
        .plain(
            "SCANNER_TRIVY_VULN_TYPE",
            trivy.vuln_type.as_deref().unwrap_or("os,library"),
        )
        .plain(
            "SCANNER_TRIVY_SEVERITY",
            trivy.severity.as_deref().unwrap_or(ALL_SEVERITIES),
        )
        .plain("SCANNER_TRIVY_TIMEOUT", timeout)
        .plain("SCANNER_TRIVY_IGNORE_UNFIXED", truth(trivy.ignore_unfixed))
        .plain("SCANNER_TRIVY_SKIP_UPDATE", trivy.skip_update.to_string())
        .plain(
            "SCANNER_TRIVY_SKIP_JAVA_DB_UPDATE",
            truth(trivy.skip_java_db_update),
        )
        .plain("SCANNER_TRIVY_OFFLINE_SCAN", truth(trivy.offline_scan))
        .plain("SCANNER_TRIVY_INSECURE", trivy.insecure.to_string())
        // Read by the scanner itself, which the adapter starts with its own environment.
        .plain_some("TRIVY_DB_REPOSITORY", repository(&trivy.db_repository))
        .plain_some("TRIVY_JAVA_DB_REPOSITORY", repository(&trivy.java_db_repository))
}
