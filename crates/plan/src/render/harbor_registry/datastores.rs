//! The PostgreSQL and the Redis of Harbor's own, where the document asks for them.

use super::settled::Settled;
use crate::render::Rendering;
use crate::render::workload::{self, Datastore, Postgresql, Rest};

/// What a dump of the database leaves out.
const REST: Rest = Rest {
    what: "the images, and the key that protects what the database holds",
    how: "snapshot the volume or copy the bucket after each dump, and keep the made-once Secret: without its `secret-key` \
          no stored credential can be read",
};

/// The StatefulSets and Services of what is managed.
pub(super) fn render(settled: &Settled<'_>, rendering: &mut Rendering<'_>) {
    let database = &settled.database;
    if database.managed {
        let server = Postgresql {
            username: database.username,
            database: database.name,
            password: database.password.clone(),
            max_connections: database.max_connections,
        };
        let store = store(settled, "database");
        workload::postgresql(&store, &server, rendering);
        workload::backup(settled.registry, Some((&store, &server)), &REST, rendering);
    } else {
        workload::backup(settled.registry, None, &REST, rendering);
    }
    if let Some(password) = settled.redis.password.as_ref().filter(|_| settled.redis.managed) {
        let checksum = settled.secrets_checksum.as_ref();
        workload::redis(&store(settled, "redis"), password, checksum, rendering);
    }
}

fn store<'a>(settled: &Settled<'a>, name: &'static str) -> Datastore<'a> {
    let part = settled.part(name);
    Datastore {
        component: settled.component(name),
        image: part.image,
        resources: part.resources(&settled.spec.resources),
        persistence: part.persistence,
    }
}
