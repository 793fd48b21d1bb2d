//! Policies that become objects; a finding for each that doesn't yet.

use berth_config::document::Document;

use super::{Rendering, codes};

/// Renders what a document other than a rendered registry becomes.
pub(super) fn render(document: &Document, rendering: &mut Rendering<'_>) {
    not_yet(document, rendering);
}

fn not_yet(document: &Document, rendering: &mut Rendering<'_>) {
    let message = format!("{} is not rendered yet", document.title());
    rendering
        .tell(document, "kind", codes::RN_003, message)
        .help("the rest is rendered without it");
}
