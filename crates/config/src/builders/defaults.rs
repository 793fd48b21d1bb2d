//! The defaults as JSON, by kind. The types own them; `nix/defaults.json` is a copy for Nix.

use serde_json::{Map, Value as Json};

use crate::section::Value;
use crate::sections::{
    ArtifactoryRegistry, DockerRegistry, HarborRegistry, ImageBuildConfig, ImagePullSecret,
    ImageReplicationPolicy, ImageRetentionPolicy, ImageScanPolicy, NexusRegistry,
};

/// The defaults of all kinds that have a builder, by the name of the kind: core fields alone, in the order of the
/// documentation. This is what `nix/defaults.json` holds.
///
/// ```
/// let defaults = berth_config::builders::defaults();
/// assert_eq!(defaults["ImageRetentionPolicy"]["retentionDays"], 30);
/// ```
pub fn defaults() -> Json {
    let kinds = [
        ("DockerRegistry", of::<DockerRegistry>()),
        ("HarborRegistry", of::<HarborRegistry>()),
        ("NexusRegistry", of::<NexusRegistry>()),
        ("ArtifactoryRegistry", of::<ArtifactoryRegistry>()),
        ("ImagePullSecret", of::<ImagePullSecret>()),
        ("ImageScanPolicy", of::<ImageScanPolicy>()),
        ("ImageRetentionPolicy", of::<ImageRetentionPolicy>()),
        ("ImageReplicationPolicy", of::<ImageReplicationPolicy>()),
        ("ImageBuildConfig", of::<ImageBuildConfig>()),
    ];
    Json::Object(
        kinds
            .map(|(kind, defaults)| (kind.to_owned(), defaults))
            .into_iter()
            .collect::<Map<_, _>>(),
    )
}

/// The core fields of a kind with their defaults. An extension field is written only away from its default, so none
/// appears.
pub(super) fn of<Kind: Value + Default>() -> Json {
    Kind::default().write()
}
