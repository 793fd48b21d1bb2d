//! Policies that become objects; a finding for each that doesn't yet.

mod access;
mod owned;
mod pull_secret;

use berth_config::Spec;
use berth_config::document::Document;

use super::{Rendering, codes};

pub(super) use pull_secret::{attached, attachments};

/// Renders what a document that is no registry becomes.
pub(super) fn render(document: &Document, rendering: &mut Rendering<'_>) {
    match &document.spec {
        Spec::ImagePullSecret(spec) => pull_secret::render(document, spec, rendering),
        Spec::RegistryAccess(spec) => access::render(document, spec, rendering),
        _ => not_yet(document, "kind", rendering),
    }
}

/// Says that a document, or a part of it, becomes nothing yet.
fn not_yet(document: &Document, path: &str, rendering: &mut Rendering<'_>) {
    let message = if path == "kind" {
        format!("{} is not rendered yet", document.title())
    } else {
        format!("`{path}` of {} is not rendered yet", document.title())
    };
    rendering
        .tell(document, path, codes::RN_003, message)
        .help("the rest is rendered without it");
}
