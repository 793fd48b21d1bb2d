use super::{Datastore, Server, folder};
use crate::object::{Container, EnvVar, KeySelector, Labels};
use crate::render::Rendering;

const IMAGE: &str = "docker.io/library/redis:7.2.5";
/// Its port.
pub(crate) const REDIS_PORT: u16 = 6379;
const PORT: &str = "redis";
const SIZE: &str = "1Gi";

/// Redis takes its password from a file alone if no other process is to see it; this one is never written down.
const RUN: &str = "set -eu
password=$(printf %s \"$REDIS_PASSWORD\" | sed 's/[\"\\\\]/\\\\&/g')
exec redis-server - <<END
dir /data
appendonly yes
requirepass \"$password\"
END
";
/// Asks with the password, which redis-cli takes from its environment.
const ASK: &str = "test \"$(REDISCLI_AUTH=$REDIS_PASSWORD redis-cli ping)\" = PONG";

/// Draws a Redis; `checksum` is of what its password may change with.
pub(crate) fn redis(
    store: &Datastore<'_>,
    password: &KeySelector,
    checksum: Option<&String>,
    rendering: &mut Rendering<'_>,
) {
    let shell = |script: &str| ["/bin/sh", "-c", script].map(str::to_owned).to_vec();
    let container = Container {
        command: shell(RUN),
        env: vec![EnvVar::secret("REDIS_PASSWORD", password.clone())],
        ..store.container(IMAGE)
    };
    let note = checksum.map(|checksum| ("berth.dev/checksum-secrets".to_owned(), checksum.clone()));
    let server = Server {
        container,
        port: (PORT, REDIS_PORT),
        ready: shell(ASK),
        data: ("/data", SIZE),
        volumes: vec![folder("tmp", "/tmp")],
        notes: note.into_iter().collect::<Labels>(),
    };
    store.render(server, rendering);
}
