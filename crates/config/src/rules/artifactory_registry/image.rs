//! The image's tag and the version.

use berth_finding::Rule;

use crate::artifactory::{is_whole_release, newest_of};
use crate::rules::Out;
use crate::sections::ArtifactoryRegistry;

pub(super) const AF_005: Rule = Rule::error(
    "AF-005",
    "the image's tag is `latest`, or another version than `version`",
    "\
A restart with `latest` may bring a newer Artifactory, whose first act is to migrate the database; there is no way back. The tag
names the version, and agrees with `version`.

    version: 7.84.17
    image: releases-docker.jfrog.io/jfrog/artifactory-oss:7.84.17
",
);

pub(super) const AF_006: Rule = Rule::error(
    "AF-006",
    "the version is not a whole release",
    "\
Images are tagged with three numbers; `7.84` alone names none. Berth takes the newest of that line that it knows, 7.84.17.

    version: 7.84.17
",
);

pub(super) fn check(artifactory: &ArtifactoryRegistry, out: &mut Out<'_, '_>) {
    af_005_tag(artifactory, out);
    if !is_whole_release(&artifactory.version) {
        let help = format!("write {}", newest_of(&artifactory.version));
        out.at(
            "version",
            AF_006,
            "`version` names a line of releases, and no release",
        )
        .help(help);
    }
}

fn af_005_tag(artifactory: &ArtifactoryRegistry, out: &mut Out<'_, '_>) {
    let Some(image) = artifactory.image.value() else {
        return;
    };
    let version = artifactory.version.as_str();
    let help = format!("write the tag {}", newest_of(version));
    match image.tag().map(ToString::to_string) {
        None if image.digest().is_some() => {}
        None => {
            out.at(
                "image",
                AF_005,
                "`image` has no tag, which is the same as `latest`",
            )
            .help(help);
        }
        Some(tag) if tag == "latest" => {
            out.at(
                "image",
                AF_005,
                "`image` has the tag `latest`, and a restart may bring another version",
            )
            .help(help);
        }
        Some(tag)
            if !tag
                .strip_prefix(version)
                .is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '-'])) =>
        {
            out.at(
                "image",
                AF_005,
                format!("the tag is {tag}, and the version {version}"),
            )
            .help("make them agree");
        }
        Some(_) => {}
    }
}

#[cfg(test)]
mod tests {
    use crate::rules::artifactory_registry::trial::{fires, silent};

    #[test]
    fn af_005_fires_on_latest_or_another_version_and_not_otherwise() {
        fires(
            "AF-005",
            &[
                "{}",
                "image: jfrog/artifactory-oss",
                "image: jfrog/artifactory-oss:7.77.5",
            ],
        );
        silent(
            "AF-005",
            &[
                "image: jfrog/artifactory-oss:7.84.17",
                "{version: 7.84.17, image: jfrog/artifactory-oss:7.84.17}",
            ],
        );
    }

    #[test]
    fn af_006_fires_on_a_version_that_is_no_release_and_not_otherwise() {
        fires("AF-006", &["{}", "version: '7.84'", "version: 7.84.x"]);
        silent("AF-006", &["version: 7.84.17"]);
    }
}
