use super::secrets::DATABASE_PASSWORD;
use super::settled::Settled;
use crate::render::Rendering;
use crate::render::registry::Component;
use crate::render::secret_parts::SecretParts;
use crate::render::workload::{self, OwnDatabase, Rest};

/// What a dump of the database leaves out.
const REST: Rest = Rest {
    what: "the files, the keys and the settings of Artifactory",
    how: "snapshot the volume or copy the bucket after each dump, and keep the made-once Secret: without its master key no copy can be read; small ones export themselves (Artifactory's own backups, in its pages)",
};

/// The PostgreSQL of Artifactory's own, where the document asks for it.
pub(super) fn own<'a>(settled: &Settled<'a>) -> Option<OwnDatabase<'a>> {
    let given = &settled.spec.database;
    if !given.managed {
        return None;
    }
    let username = Some(given.username.as_str()).filter(|name| !name.is_empty());
    Some(OwnDatabase {
        registry: settled.registry,
        username: username.unwrap_or("artifactory"),
        name: "artifactory",
        image: given.image.as_ref(),
        resources: given.resources.as_ref(),
        persistence: given.persistence.as_ref(),
    })
}

/// Draws it.
pub(super) fn render(
    component: &Component<'_>,
    settled: &Settled<'_>,
    parts: &SecretParts<'_>,
    rendering: &mut Rendering<'_>,
) {
    let password = parts.at(DATABASE_PASSWORD);
    workload::own_database(component, own(settled), password, &REST, rendering);
}
