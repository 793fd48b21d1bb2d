use berth_config::show::to_yaml;

use super::environment::Environment;
use super::settled::{LOG_LEVEL, Settled};
use super::workloads::{self, Pods};
use super::{certificates, launch, outside};
use crate::object::{Container, Strategy, Volume, VolumeMount};
use crate::render::fields::Fields;
use crate::render::workload::{self, DataVolume};
use crate::render::{Rendering, codes};

const CONFIG: &str = "config.yml";
const RUN: &str = "exec /harbor/entrypoint.sh";
/// The variable that goes before the URL of the configuration: there it would need its password.
const URL: &str = "JOB_SERVICE_POOL_REDIS_URL";
/// The folder of the jobs' logs.
const LOGS: &str = "/var/log/jobs";
const WORKERS: i64 = 10;
/// How many days logs are kept.
const KEPT_DAYS: i64 = 14;

/// Where the logs of jobs go.
pub(super) struct Logs<'a> {
    loggers: Vec<&'a str>,
    data: DataVolume<'a>,
}

/// The Deployment of the job service, its ConfigMap, its Service, and its claim where logs go to files.
pub(super) fn render(settled: &Settled<'_>, rendering: &mut Rendering<'_>) {
    let component = settled.component("jobservice");
    let logs = logs(settled, rendering);
    let text = to_yaml(&config(settled, &logs).into());
    let config = workloads::config_map(settled, &component, &[(CONFIG, text)], rendering);
    let mut volumes = vec![Volume::config_map("config", &component.object_name())];
    let mut mounts = vec![workloads::file("config", "/etc/jobservice/config.yml", CONFIG)];
    if logs.to_files() {
        workload::claim(&component, logs.data, rendering);
        volumes.push(logs.data.volume(&component));
        mounts.push(logs.data.mount(LOGS));
    } else {
        volumes.push(Volume::empty("data", None));
        mounts.push(VolumeMount::writable("data", LOGS));
    }
    certificates::mount(settled, "jobservice", true, (&mut volumes, &mut mounts));
    let probe = settled.probe("/api/v1/stats");
    let container = Container {
        command: launch::command(settled.redis.wanting(&[URL, CORE_CACHE]), RUN),
        env: environment(settled).finish(settled.registry),
        startup_probe: Some(workloads::starting(probe.clone(), 300)),
        readiness_probe: Some(probe.clone()),
        liveness_probe: Some(workloads::living(probe)),
        ports: workloads::ports(settled, settled.port()),
        volume_mounts: mounts,
        ..workloads::container(settled, "jobservice", "harbor-jobservice")
    };
    let pods = Pods {
        containers: vec![container],
        volumes,
        config,
    };
    let strategy = if logs.to_files() && logs.data.is_of_one_pod() {
        Strategy::recreate()
    } else {
        Strategy::rolling()
    };
    let roll = (Some(settled.jobservices()), strategy);
    workloads::deployment(settled, &component, roll, pods, rendering);
    let port = workloads::service_port(workloads::PORT, settled.service_port(), settled.tls);
    workloads::service(settled, &component, vec![port], true, rendering);
}

/// The cache of the core, which the job service reads too.
const CORE_CACHE: &str = "_REDIS_URL_CORE";

/// What the job service is told.
pub(super) fn environment(settled: &Settled<'_>) -> Environment {
    let core = settled
        .redis
        .of_core()
        .into_iter()
        .filter(|(name, _)| *name == CORE_CACHE);
    let environment = Environment::new()
        .plain("LOG_LEVEL", LOG_LEVEL)
        .plain("JOBSERVICE_WEBHOOK_JOB_MAX_RETRY", "3")
        .plain("JOBSERVICE_WEBHOOK_JOB_HTTP_CLIENT_TIMEOUT", "3")
        .plain(URL, settled.redis.of_jobservice())
        .plains(core);
    let environment = settled.places(settled.redis.for_launch(environment));
    let environment = settled.metrics_of("jobservice", environment);
    let environment = certificates::variables(settled, "jobservice", environment);
    let environment = outside::proxied(settled, "jobservice", environment);
    outside::traced(settled, "jobservice", environment)
}

impl Logs<'_> {
    fn to_files(&self) -> bool {
        self.loggers.contains(&"file")
    }
}

/// Where logs go: to files where there is a volume for them that all replicas can write to, else to the database.
pub(super) fn logs<'a>(settled: &Settled<'a>, rendering: &mut Rendering<'_>) -> Logs<'a> {
    let persistence = settled.part("jobservice").persistence;
    let data = DataVolume::of(persistence);
    let own = settled.spec.components.as_ref();
    let given = own.and_then(|own| own.jobservice.as_ref());
    let mut loggers: Vec<&str> = given
        .map(|given| given.job_loggers.iter().map(String::as_str).collect())
        .unwrap_or_default();
    loggers.retain(|name| ["file", "database", "stdout"].contains(name));
    if loggers.is_empty() {
        let file = persistence.is_some_and(|persistence| persistence.enabled);
        loggers.push(if file { "file" } else { "database" });
    }
    if loggers.contains(&"file") && settled.jobservices() > 1 && data.is_of_one_pod() {
        let message = "logs of jobs go to the database: one replica alone could write to the volume";
        rendering
            .tell(settled.document, "jobserviceReplicas", codes::RN_006, message)
            .help("give components.jobservice.persistence the accessMode ReadWriteMany, or say jobLoggers: [database]");
        loggers.retain(|name| *name != "file");
        if !loggers.contains(&"database") {
            loggers.insert(0, "database");
        }
    }
    Logs { loggers, data }
}

/// What it reads.
pub(super) fn config(settled: &Settled<'_>, logs: &Logs<'_>) -> Fields {
    let given = settled.spec.components.as_ref();
    let given = given.and_then(|given| given.jobservice.as_ref());
    // The address without its password: the one that counts comes by the environment.
    let pool = Fields::new()
        .with("redis_url", settled.redis.of_jobservice().replace("://:@", "://"))
        .with("namespace", "harbor_job_service_namespace")
        .with("idle_timeout_second", 3600);
    let workers = Fields::new()
        .with(
            "workers",
            given.and_then(|given| given.max_job_workers).unwrap_or(WORKERS),
        )
        .with("backend", "redis")
        .with_section("redis_pool", pool);
    let folder = certificates::folder(settled, "jobservice");
    let tls = Fields::new()
        .with("cert", format!("{folder}/tls.crt"))
        .with("key", format!("{folder}/tls.key"));
    let metrics = settled.metrics.as_ref().map(|metrics| {
        Fields::new()
            .with("enabled", true)
            .with("path", metrics.path.as_str())
            .with("port", settled.metrics_port("jobservice", metrics))
    });
    let own = Fields::new().with("name", "STD_OUTPUT").with("level", LEVEL);
    let reaper = Fields::new()
        .with("max_update_hours", 24)
        .with("max_dangling_hours", 168);
    Fields::new()
        .with("protocol", settled.scheme())
        .with("port", settled.listens("jobservice"))
        .with_some("https_config", settled.tls.then_some(tls))
        .with_section("worker_pool", workers)
        .with_list("job_loggers", logs.loggers.iter().map(|name| logger(name)))
        .with_some("metric", metrics)
        .with_list("loggers", [own])
        .with_section("reaper", reaper)
}

const LEVEL: &str = "INFO";

fn logger(name: &str) -> Fields {
    let sweeper = Fields::new().with("duration", KEPT_DAYS);
    match name {
        "file" => {
            let settings = Fields::new().with("base_dir", LOGS);
            let sweeper = sweeper.with_section("settings", Fields::new().with("work_dir", LOGS));
            Fields::new()
                .with("name", "FILE")
                .with("level", LEVEL)
                .with_section("settings", settings)
                .with_section("sweeper", sweeper)
        }
        "database" => Fields::new()
            .with("name", "DB")
            .with("level", LEVEL)
            .with_section("sweeper", sweeper),
        _ => Fields::new().with("name", "STD_OUTPUT").with("level", LEVEL),
    }
}
