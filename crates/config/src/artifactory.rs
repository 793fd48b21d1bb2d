//! What a declaration of an Artifactory means, where only several fields together say so: asked by the rules over it and
//! by what deploys it.

use crate::sections::{ArtifactoryPackageRepositories, ArtifactoryRegistry, ArtifactoryRepositories};
use crate::value::ArtifactoryEdition;

/// The edition as written, else as the image says it; nothing when neither does.
pub fn edition(artifactory: &ArtifactoryRegistry) -> Option<ArtifactoryEdition> {
    if let Some(edition) = artifactory.edition.as_ref().and_then(|edition| edition.value()) {
        return Some(*edition);
    }
    match artifactory.image.value()?.repository().rsplit('/').next()? {
        "artifactory-oss" => Some(ArtifactoryEdition::Oss),
        "artifactory-jcr" => Some(ArtifactoryEdition::Jcr),
        "artifactory-pro" => Some(ArtifactoryEdition::Pro),
        _ => None,
    }
}

/// Whether a free edition has a type of package.
pub fn has_package(edition: ArtifactoryEdition, package: &str) -> bool {
    match edition {
        ArtifactoryEdition::Oss => ["maven", "gradle", "ivy", "sbt", "generic"].contains(&package),
        ArtifactoryEdition::Jcr => ["docker", "oci", "helm", "helmoci", "generic"].contains(&package),
        ArtifactoryEdition::Pro | ArtifactoryEdition::Enterprise => true,
    }
}

/// The repositories by their type of package.
pub fn packages(
    repositories: &ArtifactoryRepositories,
) -> [(&'static str, &ArtifactoryPackageRepositories); 5] {
    [
        ("docker", &repositories.docker),
        ("maven", &repositories.maven),
        ("npm", &repositories.npm),
        ("helm", &repositories.helm),
        ("generic", &repositories.generic),
    ]
}

/// Whether it has three numbers.
pub fn is_whole_release(version: &str) -> bool {
    let parts: Vec<&str> = version.split('.').collect();
    parts.len() == 3
        && parts
            .iter()
            .all(|part| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit()))
}

/// The newest release of the line that is known here.
pub fn newest_of(version: &str) -> &str {
    if is_whole_release(version) {
        version
    } else {
        "7.84.17"
    }
}
