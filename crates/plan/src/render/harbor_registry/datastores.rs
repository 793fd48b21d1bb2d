//! A small PostgreSQL and a small Redis of Harbor's own, where the document asks for them: one pod each, of the
//! official images.

use super::settled::Settled;
use super::workloads;
use super::{database, redis};
use crate::object::{
    Container, ContainerPort, EnvVar, Exec, KeySelector, Labels, Object, PodTemplate, Probe, Stage,
    TcpSocket, Volume, VolumeMount,
};
use crate::render::Rendering;
use crate::render::workload::{self, Rights, Stored};

/// The user and group of both images.
const ID: i64 = 999;
const GRACE_SECONDS: i64 = 120;
const DATABASE_IMAGE: &str = "docker.io/library/postgres:14.12";
const REDIS_IMAGE: &str = "docker.io/library/redis:7.2.5";
const DATABASE_SIZE: &str = "10Gi";
const REDIS_SIZE: &str = "1Gi";
const DATA: &str = "/var/lib/postgresql/data";

/// Redis takes its password from a file alone if no other process is to see it; this one is never written down.
const REDIS_RUN: &str = "set -eu
password=$(printf %s \"$REDIS_PASSWORD\" | sed 's/[\"\\\\]/\\\\&/g')
exec redis-server - <<END
dir /data
appendonly yes
requirepass \"$password\"
END
";
/// Asks with the password, which redis-cli takes from its environment.
const REDIS_ASK: &str = "test \"$(REDISCLI_AUTH=$REDIS_PASSWORD redis-cli ping)\" = PONG";

/// The StatefulSets and Services of what is managed.
pub(super) fn render(settled: &Settled<'_>, rendering: &mut Rendering<'_>) {
    if settled.database.managed {
        let ready = ["pg_isready", "-h", "127.0.0.1", "-U", settled.database.username];
        let store = Store {
            name: "database",
            container: postgresql(settled),
            port: ("postgresql", database::PORT),
            ready: ready.map(str::to_owned).to_vec(),
            folders: &[("run", "/var/run/postgresql"), ("tmp", "/tmp")],
            data: DATA,
            size: DATABASE_SIZE,
        };
        store.render(settled, rendering);
    }
    if let Some(password) = settled.redis.password.as_ref().filter(|_| settled.redis.managed) {
        let store = Store {
            name: "redis",
            container: redis_server(settled, password),
            port: ("redis", redis::PORT),
            ready: ["/bin/sh", "-c", REDIS_ASK].map(str::to_owned).to_vec(),
            folders: &[("tmp", "/tmp")],
            data: "/data",
            size: REDIS_SIZE,
        };
        store.render(settled, rendering);
    }
}

/// What keeps data.
struct Store {
    name: &'static str,
    container: Container,
    /// Its name and its number.
    port: (&'static str, u16),
    /// The command that ends well once it answers.
    ready: Vec<String>,
    /// Folders that the program writes to beside its data.
    folders: &'static [(&'static str, &'static str)],
    data: &'static str,
    size: &'static str,
}

impl Store {
    fn render(self, settled: &Settled<'_>, rendering: &mut Rendering<'_>) {
        let component = settled.component(self.name);
        let part = settled.part(self.name);
        let stored = Stored::of(part.persistence, self.size);
        let mut volumes: Vec<Volume> = stored.volume().into_iter().collect();
        let mut mounts = vec![stored.mount(self.data)];
        for (name, path) in self.folders {
            volumes.push(Volume::empty(name, None));
            mounts.push(VolumeMount::writable(name, path));
        }
        if self.name == "database" {
            volumes.push(Volume::empty("memory", Some("256Mi")).in_memory());
            mounts.push(VolumeMount::writable("memory", "/dev/shm"));
        }
        let (name, number) = self.port;
        let listening = Probe {
            tcp_socket: Some(TcpSocket { port: name }),
            ..asked(None)
        };
        let container = Container {
            ports: vec![ContainerPort::tcp(name, number)],
            startup_probe: Some(workloads::starting(asked(Some(self.ready.clone())), 300)),
            readiness_probe: Some(asked(Some(self.ready))),
            liveness_probe: Some(listening),
            volume_mounts: mounts,
            ..self.container
        };
        let template = pod(settled, self.name, container, volumes);
        let set = stored.stateful_set(&component, 1, template);
        let object = Object::new(component.metadata(), &set).at(Stage::Datastore);
        rendering.add(settled.document, object);
        let port = crate::object::ServicePort {
            app_protocol: None,
            ..workloads::service_port(name, number, false)
        };
        workloads::service(settled, &component, vec![port], false, rendering);
    }
}

fn pod(settled: &Settled<'_>, name: &'static str, container: Container, volumes: Vec<Volume>) -> PodTemplate {
    let rights = Rights {
        id: ID,
        grace_seconds: GRACE_SECONDS,
    };
    let mut notes = Labels::new();
    if let Some(checksum) = &settled.secrets_checksum {
        notes.insert("berth.dev/checksum-secrets".to_owned(), checksum.clone());
    }
    let mut template =
        workload::pod_template(&settled.component(name), rights, vec![container], volumes, notes);
    // The identity of the images' own files, whatever Harbor's are run as.
    let rights = &mut template.spec.security_context;
    rights.run_as_user = Some(ID);
    rights.run_as_group = Some(ID);
    rights.fs_group = Some(ID);
    template
}

fn asked(command: Option<Vec<String>>) -> Probe {
    Probe {
        exec: command.map(|command| Exec { command }),
        period_seconds: Some(10),
        timeout_seconds: Some(5),
        failure_threshold: Some(6),
        ..Probe::default()
    }
}

fn container(settled: &Settled<'_>, name: &'static str, image: &str) -> Container {
    let part = settled.part(name);
    let own = part.image.filter(|image| image.value().is_some());
    Container {
        name: name.to_owned(),
        image: own.map_or(image, |own| own.text()).to_owned(),
        image_pull_policy: Some("IfNotPresent"),
        resources: part.resources(&settled.spec.resources),
        security_context: workload::container_rights(&settled.component(name)),
        ..Container::default()
    }
}

fn postgresql(settled: &Settled<'_>) -> Container {
    let database = &settled.database;
    Container {
        args: vec![
            "-c".to_owned(),
            format!("max_connections={}", database.max_connections),
        ],
        env: vec![
            EnvVar::plain("PGDATA", format!("{DATA}/pgdata")),
            EnvVar::plain("POSTGRES_USER", database.username),
            EnvVar::plain("POSTGRES_DB", database.name),
            EnvVar::secret("POSTGRES_PASSWORD", database.password.clone()),
        ],
        ..container(settled, "database", DATABASE_IMAGE)
    }
}

fn redis_server(settled: &Settled<'_>, password: &KeySelector) -> Container {
    Container {
        command: ["/bin/sh", "-c", REDIS_RUN].map(str::to_owned).to_vec(),
        env: vec![EnvVar::secret("REDIS_PASSWORD", password.clone())],
        ..container(settled, "redis", REDIS_IMAGE)
    }
}
