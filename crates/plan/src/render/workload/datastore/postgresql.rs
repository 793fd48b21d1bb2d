use super::{Datastore, Server, folder};
use crate::object::{Container, EnvVar, KeySelector, Labels, Volume, VolumeMount};
use crate::render::Rendering;

/// A version that all products run on.
const POSTGRESQL_IMAGE: &str = "docker.io/library/postgres:14.12";
/// Its port.
pub(crate) const POSTGRESQL_PORT: u16 = 5432;
const PORT: &str = "postgresql";
/// The volume; the data lies in a folder of it, as a volume's own may hold `lost+found`.
const DATA: &str = "/var/lib/postgresql/data";
const SIZE: &str = "10Gi";

/// A PostgreSQL with one user, who may do everything, and one database.
pub(crate) struct Postgresql<'a> {
    pub(crate) username: &'a str,
    pub(crate) database: &'a str,
    /// Read at the first start alone.
    pub(crate) password: KeySelector,
    /// How many connections it takes, all clients together.
    pub(crate) max_connections: i64,
}

/// A container of its image, for what works on its data.
pub(in super::super) fn postgresql_container(store: &Datastore<'_>) -> Container {
    store.container(POSTGRESQL_IMAGE)
}

/// Draws a PostgreSQL.
pub(crate) fn postgresql(store: &Datastore<'_>, server: &Postgresql<'_>, rendering: &mut Rendering<'_>) {
    let container = Container {
        args: vec![
            "-c".to_owned(),
            format!("max_connections={}", server.max_connections),
        ],
        env: vec![
            EnvVar::plain("PGDATA", format!("{DATA}/pgdata")),
            EnvVar::plain("POSTGRES_USER", server.username),
            EnvVar::plain("POSTGRES_DB", server.database),
            EnvVar::secret("POSTGRES_PASSWORD", server.password.clone()),
        ],
        ..store.container(POSTGRESQL_IMAGE)
    };
    let ready = ["pg_isready", "-h", "127.0.0.1", "-U", server.username];
    let memory = Volume::empty("memory", Some("256Mi")).in_memory();
    let server = Server {
        container,
        port: (PORT, POSTGRESQL_PORT),
        ready: ready.map(str::to_owned).to_vec(),
        data: (DATA, SIZE),
        volumes: vec![
            folder("run", "/var/run/postgresql"),
            folder("tmp", "/tmp"),
            (memory, VolumeMount::writable("memory", "/dev/shm")),
        ],
        // Not for other secrets: a server that starts anew cuts off all that work.
        notes: Labels::new(),
    };
    store.render(server, rendering);
}
