use super::core;
use super::settled::Settled;
use super::workloads::{self, Pods};
use crate::object::{Container, Job, JobSpec, Object, Stage};
use crate::render::{Rendering, workload};

/// How the database is brought to the schema of this version; the image's entrypoint would not pass the mode on.
const RUN: &str = "/harbor/install_cert.sh\nexec /harbor/harbor_core -mode=migrate";
/// How often it is tried: PostgreSQL may still be starting.
const TRIES: u32 = 10;

/// The Job that migrates the database, once for all replicas of the core (HB-056). A Job can't be changed, so its name
/// holds a digest of what it runs: another version is another Job.
pub(super) fn render(settled: &Settled<'_>, rendering: &mut Rendering<'_>) {
    let component = settled.component("migration");
    let (volumes, volume_mounts) = core::volumes(settled);
    let container = Container {
        name: "migration".to_owned(),
        volume_mounts,
        ..core::program(settled, RUN)
    };
    let pods = Pods {
        containers: vec![container],
        volumes,
        config: String::new(),
    };
    let mut template = workloads::pod_template(settled, &component, pods);
    template.spec.restart_policy = Some("OnFailure");
    let drawn = serde_json::to_string(&template).unwrap_or_default();
    let digest = workload::of_text(&drawn);
    let mut metadata = component.metadata();
    metadata.name = format!("{}-{}", metadata.name, digest.get(..8).unwrap_or_default());
    let job = Job {
        spec: JobSpec {
            backoff_limit: TRIES,
            template,
        },
    };
    rendering.add(settled.document, Object::new(metadata, &job).at(Stage::Migration));
}
