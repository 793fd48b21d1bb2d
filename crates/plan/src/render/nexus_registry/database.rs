use super::secrets::DATABASE_PASSWORD;
use super::settled::Settled;
use crate::render::Rendering;
use crate::render::registry::Component;
use crate::render::secret_parts::SecretParts;
use crate::render::workload::{self, OwnDatabase, Rest};

/// What a dump of the database leaves out.
const REST: Rest = Rest {
    what: "the blobs, and Nexus's own records where they are not in PostgreSQL",
    how: "run Nexus's task `Admin - Export databases for backup` (in its pages) where it has records of its own, then snapshot the volume or copy the buckets",
};

/// The PostgreSQL of Nexus's own, where the document asks for it.
pub(super) fn own<'a>(settled: &Settled<'a>) -> Option<OwnDatabase<'a>> {
    let given = settled.spec.database.as_ref().filter(|given| given.managed)?;
    let username = given.username.as_deref().filter(|name| !name.is_empty());
    Some(OwnDatabase {
        registry: settled.registry,
        username: username.unwrap_or("nexus"),
        name: "nexus",
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
