//! Builds: a Job, or a CronJob where one is scheduled, that fetches the files, builds, and pushes.
//!
//! A Job can't be changed, and runs once. So its name holds a digest of what it does and of the values that it is
//! given: a document that says something else is another Job, and one that says the same is the Job that has run. It
//! isn't removed when it ends, or the next `apply` would build again.

mod buildah;
mod buildkit;
mod cache;
mod fetch;
mod images;
mod kaniko;
mod limits;
mod pod;
mod run;
mod security;
mod settled;
mod source;
mod values;

use berth_config::document::Document;
use berth_config::sections::ImageBuildConfig;

use crate::render::Rendering;

pub(in crate::render) use security::{ANNOTATION as POD_SECURITY, PodSecurity, weakest_in};
use settled::Settled;

/// Renders a build.
pub(super) fn render(document: &Document, spec: &ImageBuildConfig, rendering: &mut Rendering<'_>) {
    let Some(settled) = Settled::of(document, spec, rendering) else {
        return;
    };
    limits::tell(&settled, rendering);
    security::tell(&settled, rendering);
    let values = values::gather(&settled, rendering);
    pod::account(&settled, rendering);
    cache::claim(&settled, rendering);
    let template = pod::template(&settled, &values);
    run::render(&settled, template, &values, rendering);
    run::network(&settled, rendering);
}
