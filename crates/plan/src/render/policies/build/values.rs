use std::collections::BTreeMap;

use super::settled::{Settled, Tool};
use crate::object::{EnvVar, KeySelector, Object, ProjectedSource, Secret, SecretText};
use crate::render::made_once::CHECKSUM_KEY;
use crate::render::{Rendering, codes, workload};

/// The values that a build is given. Arguments aren't meant to be secret, and people put secrets there all the same:
/// so they too lie in a Secret.
#[derive(Default)]
pub(super) struct Values {
    /// Arguments of the Dockerfile, and the variables that hold them.
    pub(super) arguments: Vec<(String, String)>,
    /// Secrets that the Dockerfile mounts, by their names.
    pub(super) secrets: Vec<String>,
    pub(super) env: Vec<EnvVar>,
    pub(super) files: Vec<ProjectedSource>,
    /// A keyed digest of the values, where the key is known.
    pub(super) digest: Option<String>,
}

/// The suffix of the Secret that holds them.
const SUFFIX: &str = "values";
/// The suffix of the Secret that holds the key of their digest.
const MADE_ONCE: &str = "made-once";

/// Collects them, and renders the Secrets.
pub(super) fn gather(settled: &Settled<'_>, rendering: &mut Rendering<'_>) -> Values {
    let mut values = Values::default();
    let mut kept = BTreeMap::new();
    arguments(settled, &mut values, &mut kept);
    if settled.tool != Tool::Kaniko {
        secrets(settled, &mut values, &mut kept, rendering);
    }
    if kept.is_empty() {
        return values;
    }
    let metadata = settled.metadata(MADE_ONCE);
    let key = rendering.make_once_in(&settled.namespace, &metadata.name, CHECKSUM_KEY.0, CHECKSUM_KEY.1);
    let key = rendering
        .secrets
        .made_once(&settled.namespace, &key.name, &key.key);
    values.digest = key.map(|key| {
        let all = kept.iter().map(|(name, value)| (name.as_str(), value));
        workload::of_values(all, &key)
    });
    rendering.add_made_once_in(settled.document, metadata);
    let secret = Secret::opaque(kept);
    rendering.add(settled.document, Object::new(settled.metadata(SUFFIX), &secret));
    values
}

fn arguments(settled: &Settled<'_>, values: &mut Values, kept: &mut BTreeMap<String, SecretText>) {
    let object = settled.metadata(SUFFIX).name;
    for (index, (name, value)) in settled.spec.args.iter().enumerate() {
        let (key, variable) = (format!("argument-{index}"), format!("BUILD_ARGUMENT_{index}"));
        values
            .env
            .push(EnvVar::secret(&variable, KeySelector::of(&object, &key)));
        values.arguments.push((name.clone(), variable));
        kept.insert(key, SecretText::from(value.expose()));
    }
}

fn secrets(
    settled: &Settled<'_>,
    values: &mut Values,
    kept: &mut BTreeMap<String, SecretText>,
    rendering: &mut Rendering<'_>,
) {
    let object = settled.metadata(SUFFIX).name;
    for (name, secret) in &settled.spec.secrets {
        if !is_file_name(name) {
            let message = "a secret of this name can be no file: letters, digits, `-`, `_` and `.` make one";
            rendering
                .tell(settled.document, "secrets", codes::RN_005, message)
                .help("rename it, in the Dockerfile too");
            continue;
        }
        let at = if let berth_config::value::SecretValue::SecretKeyRef(at) = secret {
            KeySelector::of(&at.name, &at.key)
        } else if secret.is_empty() {
            continue;
        } else {
            let path = format!("secrets.{name}");
            let Some(value) = rendering.value(settled.document, &path, secret) else {
                continue;
            };
            let key = format!("secret-{name}");
            kept.insert(key.clone(), value);
            KeySelector::of(&object, &key)
        };
        values
            .files
            .push(ProjectedSource::secret_key(&at.name, &at.key, name));
        values.secrets.push(name.clone());
    }
}

fn is_file_name(name: &str) -> bool {
    let fits = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte);
    !name.is_empty() && name.len() < 200 && !name.starts_with('.') && name.bytes().all(fits)
}
