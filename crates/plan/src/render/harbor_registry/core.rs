use super::environment::Environment;
use super::settled::{LOG_LEVEL, Settled};
use super::workloads::{self, Pods};
use super::{certificates, launch, outside};
use crate::object::{Container, KeyToPath, Strategy, Volume, VolumeMount};
use crate::render::Rendering;

/// How core is started: it trusts what is mounted, and leaves the database to the Job that migrates it.
const RUN: &str = "/harbor/install_cert.sh\nexec /harbor/harbor_core -mode=skip-migrate";
/// How long core may take to start, in seconds: the database may be migrated meanwhile.
const START_SECONDS: u32 = 3600;
const CONFIG: &str = "app.conf";

/// Registries that a project may be a cache of.
const CACHEABLE: &str =
    "docker-hub,harbor,azure-acr,aws-ecr,google-gcr,quay,docker-registry,github-ghcr,jfrog-artifactory";

/// The Deployment of the core, its ConfigMap and its Service.
pub(super) fn render(settled: &Settled<'_>, rendering: &mut Rendering<'_>) {
    let component = settled.component("core");
    let config = workloads::config_map(settled, &component, &[(CONFIG, app_conf(settled))], rendering);
    let (volumes, volume_mounts) = volumes(settled);
    let probe = settled.probe("/api/v2.0/ping");
    let container = Container {
        startup_probe: Some(workloads::starting(probe.clone(), START_SECONDS)),
        readiness_probe: Some(probe.clone()),
        liveness_probe: Some(workloads::living(probe)),
        ports: workloads::ports(settled, settled.port()),
        volume_mounts,
        ..program(settled, RUN)
    };
    let replicas = settled.autoscaling().is_none().then(|| settled.cores());
    let pods = Pods {
        containers: vec![container],
        volumes,
        config,
    };
    workloads::deployment(
        settled,
        &component,
        (replicas, Strategy::rolling()),
        pods,
        rendering,
    );
    let port = workloads::service_port(workloads::PORT, settled.service_port(), settled.tls);
    workloads::service(settled, &component, vec![port], true, rendering);
}

/// Core's program with all that it reads from the environment, for the Deployment and for the Job.
pub(super) fn program(settled: &Settled<'_>, run: &str) -> Container {
    let urls = settled.redis.of_core();
    let names: Vec<&str> = urls.iter().map(|(name, _)| *name).collect();
    Container {
        command: launch::command(settled.redis.wanting(&names), run),
        env: environment(settled, urls).finish(settled.registry),
        ..workloads::container(settled, "core", "harbor-core")
    }
}

fn environment(settled: &Settled<'_>, urls: Vec<(&'static str, String)>) -> Environment {
    let secrets = &settled.secrets;
    let environment = Environment::new()
        .plain("PORT", settled.listens("core").to_string())
        .plain(
            "CONFIG_PATH",
            settled.registry.site.path("/etc/core/app.conf", "core/app.conf"),
        )
        .plain("LOG_LEVEL", LOG_LEVEL)
        .plain("EXT_ENDPOINT", settled.url.as_str())
        .plain(
            "CORE_LOCAL_URL",
            format!("{}://127.0.0.1:{}", settled.scheme(), settled.listens("core")),
        )
        .plain(
            "JOBSERVICE_URL",
            settled.url_of("jobservice", settled.service_port()),
        )
        .plain("PORTAL_URL", settled.url_of("portal", settled.service_port()))
        .plain("WITH_TRIVY", settled.spec.trivy.enabled.to_string())
        .plain("TRIVY_ADAPTER_URL", settled.url_of("trivy", settled.port()))
        .plain("REGISTRY_STORAGE_PROVIDER_NAME", settled.storage.kind.as_str())
        .plain("CHART_CACHE_DRIVER", "redis")
        .plain("QUOTA_UPDATE_PROVIDER", "db")
        .plain("PERMITTED_REGISTRY_TYPES_FOR_PROXY_CACHE", CACHEABLE)
        .plains(urls);
    let environment = settled.redis.for_launch(environment);
    let environment = settled.database.of_core(settled.places(environment));
    let environment = environment
        .secret("HARBOR_ADMIN_PASSWORD", &secrets.admin_password)
        .secret("CSRF_KEY", &secrets.csrf)
        .secret_some("CONFIG_OVERWRITE_JSON", secrets.config_overwrite.as_ref());
    let environment = settled.metrics_of("core", environment);
    let environment = certificates::variables(settled, "core", environment);
    outside::traced(settled, "core", outside::proxied(settled, "core", environment))
}

/// What core's web server is told.
pub(super) fn app_conf(settled: &Settled<'_>) -> String {
    let port = settled.listens("core");
    format!("appname = Harbor\nrunmode = prod\nenablegzip = true\n\n[prod]\nhttpport = {port}\n")
}

/// The volumes of core's pods, and where its program sees them.
pub(super) fn volumes(settled: &Settled<'_>) -> (Vec<Volume>, Vec<VolumeMount>) {
    let secrets = &settled.secrets;
    let keys = [
        ("secret-key", &secrets.secret_key, "/etc/core/key", "key"),
        (
            "token-key",
            &secrets.token_key,
            "/etc/core/private_key.pem",
            "private_key.pem",
        ),
    ];
    let mut volumes = vec![
        Volume::config_map("config", &settled.registry.object_name("core")),
        Volume::empty("token", Some("16Mi")),
    ];
    let mut mounts = vec![
        workloads::file("config", "/etc/core/app.conf", CONFIG),
        VolumeMount::writable("token", "/etc/core/token"),
    ];
    for (name, at, path, file) in keys {
        volumes.push(Volume::secret(name, &at.name, vec![KeyToPath::of(&at.key, file)]));
        mounts.push(workloads::file(name, path, file));
    }
    authority(settled, &mut volumes, &mut mounts);
    certificates::mount(settled, "core", true, (&mut volumes, &mut mounts));
    (volumes, mounts)
}

/// The certificate that users can download, where TLS ends at an Ingress with a Secret of its own.
fn authority(settled: &Settled<'_>, volumes: &mut Vec<Volume>, mounts: &mut Vec<VolumeMount>) {
    let exposure = settled.spec.exposure.as_ref();
    let tls = exposure.and_then(|exposure| exposure.ingress.as_ref()?.tls.as_ref());
    let Some(secret) = tls
        .map(|tls| tls.secret_name.text())
        .filter(|name| !name.is_empty())
    else {
        return;
    };
    volumes.push(Volume::secret("authority", secret, Vec::new()).optional());
    mounts.push(VolumeMount::read_only("authority", "/etc/core/ca"));
}
