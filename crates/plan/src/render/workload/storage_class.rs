use std::collections::BTreeMap;

use berth_config::document::Document;
use berth_config::sections::{Persistence, VolumeEncryption};

use crate::object::{Object, StorageClass};
use crate::render::registry::Component;
use crate::render::{Rendering, codes};

/// What a driver is told, so that its volumes are encrypted.
struct Driver {
    provisioner: &'static str,
    /// What switches it on; nothing where the driver always encrypts.
    switch: Option<&'static str>,
    /// What names the key.
    key: &'static str,
}

/// The drivers whose words are known.
const DRIVERS: [Driver; 4] = [
    Driver {
        provisioner: "ebs.csi.aws.com",
        switch: Some("encrypted"),
        key: "kmsKeyId",
    },
    Driver {
        provisioner: "pd.csi.storage.gke.io",
        switch: None,
        key: "disk-encryption-kms-key",
    },
    Driver {
        provisioner: "disk.csi.azure.com",
        switch: None,
        key: "diskEncryptionSetID",
    },
    Driver {
        provisioner: "rbd.csi.ceph.com",
        switch: Some("encrypted"),
        key: "encryptionKMSID",
    },
];

/// The class of a component's claim: the one that is named, or the encrypted one that is made for it.
pub(crate) fn class_name(component: &Component<'_>, persistence: &Persistence) -> Option<String> {
    let named = persistence.storage_class.clone().filter(|name| !name.is_empty());
    named.or_else(|| {
        persistence.encryption.as_ref()?;
        // A class belongs to the whole cluster, where other namespaces may have a registry of this name.
        Some(format!(
            "{}-{}-encrypted",
            component.registry.namespace,
            component.object_name()
        ))
    })
}

/// The encrypted class of a component's claim, where one is declared. What it holds stays when the claim goes.
pub(crate) fn storage_class(
    component: &Component<'_>,
    persistence: Option<&Persistence>,
    rendering: &mut Rendering<'_>,
) {
    let Some((persistence, encryption)) =
        persistence.and_then(|persistence| Some((persistence, persistence.encryption.as_ref()?)))
    else {
        return;
    };
    let document = component.registry.document;
    if !persistence.enabled || persistence.existing_claim.is_some() {
        rendering
            .tell(
                document,
                &path(document),
                codes::RN_005,
                "no claim is made that could have this class",
            )
            .help("leave out encryption, or existingClaim");
        return;
    }
    let Some(name) = class_name(component, persistence).filter(|_| !encryption.provisioner.is_empty()) else {
        rendering
            .tell(
                document,
                &path(document),
                codes::RN_022,
                "nothing says which driver makes the volumes",
            )
            .help("name it in encryption.provisioner, such as ebs.csi.aws.com");
        return;
    };
    let class = StorageClass {
        provisioner: encryption.provisioner.clone(),
        parameters: parameters(document, encryption, rendering),
        reclaim_policy: "Retain",
        allow_volume_expansion: true,
        volume_binding_mode: "WaitForFirstConsumer",
    };
    let mut metadata = component.metadata();
    metadata.namespace = None;
    metadata.name = name;
    rendering.add(document, Object::new(metadata, &class));
}

fn parameters(
    document: &Document,
    encryption: &VolumeEncryption,
    rendering: &mut Rendering<'_>,
) -> BTreeMap<String, String> {
    let own = encryption.parameters.iter();
    let mut parameters: BTreeMap<String, String> =
        own.map(|(name, value)| (name.clone(), value.clone())).collect();
    let known = DRIVERS
        .iter()
        .find(|driver| driver.provisioner == encryption.provisioner);
    if let Some(driver) = known {
        let switch = driver.switch.map(|name| (name, "true"));
        let key = encryption.key.as_deref().map(|key| (driver.key, key));
        for (name, value) in switch.into_iter().chain(key) {
            parameters
                .entry(name.to_owned())
                .or_insert_with(|| value.to_owned());
        }
    } else if parameters.is_empty() || encryption.key.is_some() {
        let message = format!(
            "it isn't known how `{}` is told to encrypt",
            encryption.provisioner
        );
        rendering
            .tell(document, &path(document), codes::RN_022, message)
            .help("say it in encryption.parameters, key and all, as the driver's own documentation does");
    }
    parameters
}

/// The first field of the document that asks for encryption.
fn path(document: &Document) -> String {
    let asks = |path: &String| path.contains("persistence.encryption");
    let first = document.set_paths().into_iter().find(asks);
    first.unwrap_or_else(|| "persistence.encryption".to_owned())
}
