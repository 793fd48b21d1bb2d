use berth_config::document::Document;
use berth_config::sections::{ComponentResources, Persistence};
use berth_config::value::{ImageReference, Written};

use super::{Datastore, POSTGRESQL_PORT, Postgresql, postgresql};
use crate::object::{KeySelector, LabelSelector};
use crate::render::registry::{Component, Registry};
use crate::render::workload::{Flows, Rest, backup, backup_flows, flows, resources_of_part};
use crate::render::{Recipe, Rendering, codes};

/// The small PostgreSQL of a product that has one database and nothing else beside it.
pub(crate) struct OwnDatabase<'a> {
    pub(crate) registry: &'a Registry<'a>,
    /// The user, who may do everything.
    pub(crate) username: &'a str,
    /// The name of the database.
    pub(crate) name: &'static str,
    pub(crate) image: Option<&'a Written<ImageReference>>,
    pub(crate) resources: Option<&'a ComponentResources>,
    pub(crate) persistence: Option<&'a Persistence>,
}

/// How long its password is: 32 letters and digits are 190 bits.
const LENGTH: usize = 32;
/// The key of the password among what is made once.
const PASSWORD: &str = "database-password";
/// Connections of all pods of a product together, and some for people and backups.
const CONNECTIONS: i64 = 500;

impl OwnDatabase<'_> {
    /// The component that it is.
    pub(crate) const fn component(&self) -> Component<'_> {
        Component::named(self.registry, "database")
    }

    /// By which pods find it in flows, and its port.
    pub(crate) fn at(&self) -> (LabelSelector, u16) {
        (self.component().selector().into(), POSTGRESQL_PORT)
    }

    /// The host, by its whole name.
    pub(crate) fn host(&self) -> String {
        format!(
            "{}.{}.svc",
            self.component().object_name(),
            self.registry.namespace
        )
    }

    /// The JDBC URL, without credentials.
    pub(crate) fn url(&self) -> String {
        format!(
            "jdbc:postgresql://{}:{POSTGRESQL_PORT}/{}",
            self.host(),
            self.name
        )
    }

    /// Where pods find the password that is made once for it.
    pub(crate) fn made_password(registry: &Registry<'_>, rendering: &mut Rendering<'_>) -> KeySelector {
        rendering.make_once(registry, PASSWORD, Recipe::Text { length: LENGTH })
    }

    /// Draws it, and what dumps it, and lets in these and the component that it is there for.
    fn render(
        &self,
        password: KeySelector,
        caller: LabelSelector,
        rest: &Rest,
        rendering: &mut Rendering<'_>,
    ) {
        let store = Datastore {
            component: self.component(),
            image: self.image,
            resources: resources_of_part(self.registry.workload.resources, self.resources),
            persistence: self.persistence,
        };
        let server = Postgresql {
            username: self.username,
            database: self.name,
            password,
            max_connections: CONNECTIONS,
        };
        postgresql(&store, &server, rendering);
        let dump = backup(self.registry, Some((&store, &server)), rest, rendering);
        if dump.is_some() {
            backup_flows(self.registry, self.component().selector().into(), rendering);
        }
        let callers = [Some(caller), dump].into_iter().flatten();
        let let_in = Flows {
            callers: callers.map(|caller| (caller, POSTGRESQL_PORT)).collect(),
            ..Flows::default()
        };
        flows(&self.component(), &let_in, rendering);
    }
}

/// Draws the database of a product's component, where it is managed and its password is known; of one that somebody else
/// runs, tells what a backup leaves out.
pub(crate) fn own_database(
    component: &Component<'_>,
    own: Option<OwnDatabase<'_>>,
    password: Option<KeySelector>,
    rest: &Rest,
    rendering: &mut Rendering<'_>,
) {
    match (own, password) {
        (Some(own), Some(password)) => own.render(password, component.selector().into(), rest, rendering),
        (Some(_), None) => {}
        (None, _) => {
            backup(component.registry, None, rest, rendering);
        }
    }
}

/// Fields of a managed one, and those of one that somebody else runs.
const MANAGED: [&str; 3] = ["database.image", "database.resources", "database.persistence"];
const FOREIGN: [&str; 1] = ["database.url"];

/// Tells which fields have no effect: those of the sort of database that this isn't.
pub(crate) fn tell_unused(document: &Document, is_managed: bool, rendering: &mut Rendering<'_>) {
    let (fields, why) = if is_managed {
        (FOREIGN.as_slice(), "the database is the managed one")
    } else {
        (
            MANAGED.as_slice(),
            "it is of a managed database, and this one isn't",
        )
    };
    let set = document.set_paths_in_lists();
    for path in &set {
        let is_one = |field: &&str| {
            path.strip_prefix(*field)
                .is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
        };
        if fields.iter().any(is_one) {
            let message = format!("`{path}` has no effect: {why}");
            rendering
                .tell(document, path, codes::RN_005, message)
                .help("leave it out, or change `database.managed`");
        }
    }
}
