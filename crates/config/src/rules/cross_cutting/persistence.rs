//! Volumes.

use berth_finding::{Level, Rule};

use super::fields;
use crate::Spec;
use crate::document::Document;
use crate::rules::{RuleContext, Sink};
use crate::sections::Persistence;
use crate::value::AccessMode;

pub(super) const K_021: Rule = Rule::error(
    "K-021",
    "a volume's size or access mode can't be used",
    "\
The size is above 0, and the access mode is ReadWriteOnce, ReadWriteOncePod or ReadWriteMany. A volume that can only be
read (ReadOnlyMany) can't take a push. Under `--profile prod` a registry needs a volume or an object store.

    persistence: {enabled: true, size: 50Gi, accessMode: ReadWriteOnce}
",
);

pub(super) fn check(context: &RuleContext<'_>, sink: &mut Sink<'_>) {
    for document in context.documents {
        for (path, volume) in fields::volumes(&document.spec) {
            self::volume(document, &path, volume, sink);
        }
        if context.is_cluster() {
            lost_files(document, sink);
        }
    }
}

fn volume(document: &Document, path: &str, volume: &Persistence, sink: &mut Sink<'_>) {
    let size = volume.size.as_ref().and_then(|size| size.value());
    if size.is_some_and(|size| size.bytes() == 0) {
        sink.on(document)
            .at(&format!("{path}.size"), K_021, "a volume of size 0 can't be made")
            .help("such as 50Gi");
    }
    let mode = volume.access_mode.as_ref().and_then(|mode| mode.value());
    if mode == Some(&AccessMode::ReadOnlyMany) {
        sink.on(document)
            .at(
                &format!("{path}.accessMode"),
                K_021,
                "a volume that can only be read takes no push",
            )
            .help("write ReadWriteOnce or ReadWriteMany");
    }
}

/// The other products have rules of their own for this.
fn lost_files(document: &Document, sink: &mut Sink<'_>) {
    let Spec::ArtifactoryRegistry(artifactory) = &document.spec else {
        return;
    };
    let volume = artifactory
        .persistence
        .as_ref()
        .is_some_and(|volume| volume.enabled);
    let elsewhere = artifactory
        .filestore
        .as_ref()
        .is_some_and(|filestore| filestore.kind != "file-system");
    if !volume && !elsewhere {
        sink.on(document)
            .at(
                "persistence",
                K_021,
                "the files are lost with the pod: no volume is asked for",
            )
            .level_in(Level::Warning, Level::Error)
            .help("set `persistence.enabled` and `persistence.size`, or a filestore");
    }
}

#[cfg(test)]
mod tests {
    use crate::rules::cases::{fires, fires_here, level_of, policy, registry};

    #[test]
    fn k_021_fires_on_volumes_that_can_not_be_and_not_on_good_ones() {
        let volume = |fields: &str| registry(&format!("persistence: {{{fields}}}"));
        for wrong in [
            "size: 0",
            "size: large",
            "accessMode: ReadOnlyMany",
            "accessMode: Shared",
        ] {
            assert_eq!(level_of("K-021", &volume(wrong)), ["error", "error"], "{wrong}");
        }
        assert!(fires(
            "K-021",
            &policy("HarborRegistry", "trivy: {persistence: {size: 0Gi}}")
        ));
        assert!(!fires("K-021", &volume("size: 50Gi, accessMode: ReadWriteMany")));
    }

    #[test]
    fn k_021_fires_when_artifactory_keeps_no_files_and_not_with_a_volume() {
        assert_eq!(
            level_of("K-021", &policy("ArtifactoryRegistry", "{}")),
            ["warning", "error"]
        );
        assert!(!fires_here("K-021", &policy("ArtifactoryRegistry", "{}")));
        assert!(!fires(
            "K-021",
            &policy("ArtifactoryRegistry", "persistence: {size: 50Gi}")
        ));
        assert!(!fires(
            "K-021",
            &policy("ArtifactoryRegistry", "filestore: {type: s3-storage-v3}")
        ));
    }
}
