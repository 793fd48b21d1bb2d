use std::collections::BTreeMap;

use anyhow::Context as _;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use berth_cluster::{Cluster, at_once};
use berth_plan::change::ROTATIONS;
use berth_plan::object::ObjectKey;
use berth_plan::render::MadeOnce;
use zeroize::Zeroizing;

use crate::secrets::kept::KeptSecrets;

/// Made-once secrets as a cluster keeps them.
#[derive(Default)]
pub(super) struct LiveSecrets {
    /// Their values.
    pub(super) kept: KeptSecrets,
    /// How often those of a Secret were made anew, by namespace and name; none for those that never were.
    pub(super) rotations: BTreeMap<(String, String), u64>,
}

/// The values of made-once secrets as the cluster keeps them; nothing is made here.
pub(super) async fn live_secrets(cluster: &Cluster, wanted: &[MadeOnce]) -> anyhow::Result<LiveSecrets> {
    let mut found = LiveSecrets::default();
    let key = |secret: &MadeOnce| ObjectKey {
        namespace: Some(secret.namespace.clone()),
        name: secret.name.clone(),
        group: "".into(),
        kind: "Secret".into(),
    };
    let calls = wanted.iter().map(|secret| {
        let (cluster, key) = (cluster.clone(), key(secret));
        async move { cluster.get(&key).await }
    });
    for (secret, live) in wanted.iter().zip(at_once(calls).await) {
        let key = key(secret);
        let Some(live) = live? else {
            continue;
        };
        for (name, value) in live["data"].as_object().into_iter().flatten() {
            let text = value.as_str().and_then(|text| STANDARD.decode(text).ok());
            let text = text.and_then(|bytes| String::from_utf8(bytes).ok());
            let text = text.with_context(|| format!("reading {key}: its key {name} holds no text"))?;
            found
                .kept
                .keep((&secret.namespace, &secret.name), name, Zeroizing::new(text));
        }
        let rotations = live["metadata"]["annotations"][ROTATIONS].as_str();
        if let Some(count) = rotations.and_then(|text| text.parse().ok()) {
            let at = (secret.namespace.clone(), secret.name.clone());
            found.rotations.insert(at, count);
        }
    }
    Ok(found)
}
