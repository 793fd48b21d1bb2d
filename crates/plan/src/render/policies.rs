//! Policies that become objects; a finding for each that doesn't yet.

mod access;
mod build;
mod owned;
mod pull_secret;

use berth_config::Spec;
use berth_config::document::Document;

use super::{Rendering, codes};

pub(super) use build::{POD_SECURITY, PodSecurity, weakest_in};
pub(super) use pull_secret::{attached, attachments};

/// Renders what a document that is no registry becomes.
pub(super) fn render(document: &Document, rendering: &mut Rendering<'_>) {
    match &document.spec {
        Spec::ImagePullSecret(spec) => pull_secret::render(document, spec, rendering),
        Spec::RegistryAccess(spec) => access::render(document, spec, rendering),
        Spec::ImageBuildConfig(spec) => build::render(document, spec, rendering),
        Spec::ImageRetentionPolicy(_) => awaits(document, "berth prune", rendering),
        Spec::ImageReplicationPolicy(_) => awaits(document, "berth sync", rendering),
        Spec::ImageScanPolicy(_) => awaits(document, "berth scan", rendering),
        _ => {}
    }
}

/// Says of a policy that it becomes a `CronJob` as soon as the verb that this would call is there.
fn awaits(document: &Document, verb: &str, rendering: &mut Rendering<'_>) {
    let message = format!(
        "{} is not rendered yet: it becomes a CronJob as soon as `{verb}` exists",
        document.title()
    );
    rendering
        .tell(document, "kind", codes::RN_003, message)
        .help("the rest is rendered without it");
}

/// Says that a part of a document becomes nothing yet.
fn not_yet(document: &Document, path: &str, rendering: &mut Rendering<'_>) {
    let message = format!("`{path}` of {} is not rendered yet", document.title());
    rendering
        .tell(document, path, codes::RN_003, message)
        .help("the rest is rendered without it");
}
