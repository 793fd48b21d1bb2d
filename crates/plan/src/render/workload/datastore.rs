//! Small servers of a registry's own, where its document asks for them: one pod each, of the official images.

mod own_database;
mod postgresql;
mod redis;

use berth_config::sections::Persistence;
use berth_config::value::{ImageReference, Written};

pub(crate) use own_database::{OwnDatabase, own_database, tell_unused};
pub(super) use postgresql::postgresql_container;
pub(crate) use postgresql::{POSTGRESQL_PORT, Postgresql, postgresql};
pub(crate) use redis::{REDIS_PORT, redis};

use super::{Rights, Stored, budget_of_one, container_rights, headless, pod_template};
use crate::object::{
    Container, ContainerPort, Exec, Labels, Object, PodTemplate, Probe, ResourceRequirements, Service,
    ServicePort, ServiceSpec, Stage, TcpSocket, Volume, VolumeMount,
};
use crate::render::Rendering;
use crate::render::registry::Component;

/// The user and the group of both images.
const ID: i64 = 999;
/// How long a server may take to write down what it has in memory, in seconds.
const GRACE_SECONDS: i64 = 120;
/// How long it may take to start, in tries of ten seconds each.
const STARTS: u32 = 30;

/// Where a server runs, and on what.
pub(crate) struct Datastore<'a> {
    pub(crate) component: Component<'a>,
    /// An image in the place of the official one.
    pub(crate) image: Option<&'a Written<ImageReference>>,
    pub(crate) resources: ResourceRequirements,
    pub(crate) persistence: Option<&'a Persistence>,
}

/// What one server differs from another by.
struct Server {
    container: Container,
    /// Its port, by name and number.
    port: (&'static str, u16),
    /// The command that ends well once it answers.
    ready: Vec<String>,
    /// Where its data lies, and the size of the volume where the document gives none.
    data: (&'static str, &'static str),
    /// Volumes beside that of its data.
    volumes: Vec<(Volume, VolumeMount)>,
    /// What its pod starts anew for.
    notes: Labels,
}

/// A user and a group for the processes of the official images, whatever the product's own are run as.
pub(super) fn as_their_user(template: &mut PodTemplate) {
    let rights = &mut template.spec.security_context;
    rights.run_as_user = Some(ID);
    rights.run_as_group = Some(ID);
    rights.fs_group = Some(ID);
}

/// A folder that goes with the pod, and where a container sees it.
fn folder(name: &'static str, path: &str) -> (Volume, VolumeMount) {
    (
        Volume::empty(name, Some("64Mi")),
        VolumeMount::writable(name, path),
    )
}

impl Datastore<'_> {
    fn container(&self, image: &str) -> Container {
        let own = self.image.filter(|image| image.value().is_some());
        Container {
            name: self.component.name.to_owned(),
            image: own.map_or(image, |own| own.text()).to_owned(),
            image_pull_policy: Some("IfNotPresent"),
            resources: self.resources.clone(),
            security_context: container_rights(&self.component),
            ..Container::default()
        }
    }

    /// The StatefulSet, the Service, and the budget that lets nodes be drained.
    fn render(&self, server: Server, rendering: &mut Rendering<'_>) {
        let document = self.component.registry.document;
        let (path, size) = server.data;
        let stored = Stored::of(self.persistence, size);
        let mut volumes: Vec<Volume> = stored.volume().into_iter().collect();
        let mut mounts = vec![stored.mount(path)];
        for (volume, mount) in server.volumes {
            volumes.push(volume);
            mounts.push(mount);
        }
        let (name, number) = server.port;
        let container = Container {
            ports: vec![ContainerPort::tcp(name, number)],
            startup_probe: Some(Probe {
                failure_threshold: Some(STARTS),
                ..asked(server.ready.clone())
            }),
            readiness_probe: Some(asked(server.ready)),
            liveness_probe: Some(Probe {
                exec: None,
                tcp_socket: Some(TcpSocket { port: name }),
                ..asked(Vec::new())
            }),
            volume_mounts: mounts,
            ..server.container
        };
        let rights = Rights {
            id: ID,
            grace_seconds: GRACE_SECONDS,
        };
        let mut template = pod_template(&self.component, rights, vec![container], volumes, server.notes);
        as_their_user(&mut template);
        let set = stored.stateful_set(&self.component, 1, template, rendering);
        let metadata = self.component.metadata();
        rendering.add(document, Object::new(metadata.clone(), &set).at(Stage::Datastore));
        let service = Service {
            spec: ServiceSpec {
                kind: "ClusterIP",
                selector: self.component.selector(),
                ports: vec![ServicePort {
                    name: name.into(),
                    port: number,
                    target_port: name.into(),
                    protocol: "TCP",
                    ..ServicePort::default()
                }],
                ..ServiceSpec::default()
            },
        };
        // With its server: what migrates data waits for it by its name.
        rendering.add(document, Object::new(metadata, &service).at(Stage::Datastore));
        headless(&self.component, (name, number, None), rendering);
        budget_of_one(&self.component, rendering);
    }
}

fn asked(command: Vec<String>) -> Probe {
    Probe {
        exec: Some(Exec { command }),
        period_seconds: Some(10),
        timeout_seconds: Some(5),
        failure_threshold: Some(6),
        ..Probe::default()
    }
}
