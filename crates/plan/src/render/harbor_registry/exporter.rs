use super::environment::Environment;
use super::settled::{LOG_LEVEL, Metrics, Settled};
use super::workloads::{self, Pods};
use super::{certificates, launch};
use crate::object::{Container, ContainerPort, Strategy};
use crate::render::Rendering;

const RUN: &str = "exec /harbor/entrypoint.sh -log-level info";
/// The URL of Redis.
const URL: &str = "HARBOR_REDIS_URL";

/// The Deployment of the exporter and its Service.
pub(super) fn render(settled: &Settled<'_>, metrics: &Metrics, rendering: &mut Rendering<'_>) {
    let component = settled.component("exporter");
    let (mut volumes, mut mounts) = (Vec::new(), Vec::new());
    certificates::mount(settled, "core", true, (&mut volumes, &mut mounts));
    let probe = workloads::probe(workloads::METRICS_PORT, "/", false);
    let container = Container {
        command: launch::command(settled.redis.wanting(&[URL]), RUN),
        env: environment(settled, metrics).finish(settled.registry),
        startup_probe: Some(workloads::starting(probe.clone(), 300)),
        readiness_probe: Some(probe.clone()),
        liveness_probe: Some(workloads::living(probe)),
        ports: vec![ContainerPort::tcp(workloads::METRICS_PORT, metrics.port)],
        volume_mounts: mounts,
        ..workloads::container(settled, "exporter", "harbor-exporter")
    };
    let pods = Pods {
        containers: vec![container],
        volumes,
        config: String::new(),
    };
    let replicas = settled.part("exporter").replicas.unwrap_or(1);
    let roll = (Some(replicas), Strategy::rolling());
    workloads::deployment(settled, &component, roll, pods, rendering);
    workloads::service(settled, &component, Vec::new(), true, rendering);
}

/// What the exporter is told.
pub(super) fn environment(settled: &Settled<'_>, metrics: &Metrics) -> Environment {
    let environment = Environment::new()
        .plain("LOG_LEVEL", LOG_LEVEL)
        .plain(
            "HARBOR_EXPORTER_PORT",
            settled.metrics_port("exporter", metrics).to_string(),
        )
        .plain("HARBOR_EXPORTER_METRICS_PATH", metrics.path.as_str())
        .plain("HARBOR_EXPORTER_METRICS_ENABLED", "true")
        .plain("HARBOR_EXPORTER_CACHE_TIME", "23")
        .plain("HARBOR_EXPORTER_CACHE_CLEAN_INTERVAL", "14400")
        .plain("HARBOR_METRIC_NAMESPACE", "harbor")
        .plain("HARBOR_METRIC_SUBSYSTEM", "exporter")
        .plain(URL, settled.redis.of_jobservice())
        .plain("HARBOR_REDIS_NAMESPACE", "harbor_job_service_namespace")
        .plain("HARBOR_REDIS_TIMEOUT", "3600")
        .plain("HARBOR_SERVICE_SCHEME", settled.scheme())
        .plain("HARBOR_SERVICE_HOST", settled.host_of("core"))
        .plain(
            "HARBOR_SERVICE_PORT",
            settled.reached("core", settled.service_port()).to_string(),
        )
        .secret("HARBOR_ADMIN_PASSWORD", &settled.secrets.admin_password);
    let environment = settled.redis.for_launch(environment);
    settled.database.of_exporter(environment)
}
