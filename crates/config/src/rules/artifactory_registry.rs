//! Rules over Artifactory (AF), one theme a file.

mod authentication;
mod database;
mod editions;
mod exposure;
mod image;
mod keys;
mod later;
mod pods;
mod repositories;
#[cfg(test)]
mod trial;

use berth_finding::Rule;

use crate::rules::{Out, RuleContext, Sink};
use crate::sections::ArtifactoryRegistry;

/// The rules of this family.
pub(crate) const RULES: &[Rule] = &[
    editions::AF_001,
    editions::AF_002,
    editions::AF_003,
    editions::AF_004,
    image::AF_005,
    image::AF_006,
    database::AF_007,
    database::AF_008,
    database::AF_009,
    database::AF_010,
    keys::AF_011,
    keys::AF_012,
    exposure::AF_013,
    repositories::AF_014,
    repositories::AF_015,
    later::AF_016,
    pods::AF_017,
    pods::AF_018,
    pods::AF_019,
    keys::AF_020,
    exposure::AF_021,
    exposure::AF_022,
    authentication::AF_023,
    authentication::AF_024,
    authentication::AF_025,
    database::AF_026,
    pods::AF_027,
    later::AF_028,
    repositories::AF_029,
];

/// Judges all Artifactories.
pub(crate) fn check(context: &RuleContext<'_>, sink: &mut Sink<'_>) {
    for (document, artifactory) in context.artifactory_registries() {
        check_one(context, artifactory, &mut sink.on(document));
    }
}

fn check_one(context: &RuleContext<'_>, artifactory: &ArtifactoryRegistry, out: &mut Out<'_, '_>) {
    editions::check(artifactory, out);
    image::check(artifactory, out);
    database::check(context, artifactory, out);
    keys::check(artifactory, out);
    exposure::check(artifactory, out);
    authentication::check(artifactory, out);
    repositories::check(artifactory, out);
    pods::check(artifactory, out);
}
