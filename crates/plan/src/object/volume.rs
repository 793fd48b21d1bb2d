use serde::Serialize;

use super::FieldSelector;

/// Something that containers of a pod can mount.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Volume {
    /// Its name in the pod.
    pub name: String,
    /// A ConfigMap.
    pub config_map: Option<ConfigMapVolume>,
    /// A Secret.
    pub secret: Option<SecretVolume>,
    /// Several Secrets as one folder.
    pub projected: Option<ProjectedVolume>,
    /// A claim.
    pub persistent_volume_claim: Option<ClaimVolume>,
    /// A folder that goes with the pod.
    pub empty_dir: Option<EmptyDir>,
}

/// A ConfigMap as a folder.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct ConfigMapVolume {
    /// The ConfigMap.
    pub name: String,
}

/// A Secret as a folder.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct SecretVolume {
    /// The Secret.
    pub secret_name: String,
    /// The rights of its files.
    pub default_mode: Option<u16>,
    /// Whether it may be missing.
    pub optional: Option<bool>,
    /// The keys to show, and as which files; all without any.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub items: Vec<KeyToPath>,
}

/// Several Secrets as one folder.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ProjectedVolume {
    /// The rights of its files.
    pub default_mode: Option<u16>,
    /// What is put together.
    pub sources: Vec<ProjectedSource>,
}

/// A part of a projected folder: one of these.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ProjectedSource {
    /// Keys of a Secret.
    pub secret: Option<KeysProjection>,
    /// Keys of a ConfigMap.
    pub config_map: Option<KeysProjection>,
    /// A token of the pod's account.
    pub service_account_token: Option<TokenProjection>,
    /// Fields of the pod itself.
    #[serde(rename = "downwardAPI")]
    pub downward_api: Option<FieldsProjection>,
}

/// Keys of a Secret or a ConfigMap.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct KeysProjection {
    /// The object.
    pub name: String,
    /// The keys, and as which files.
    pub items: Vec<KeyToPath>,
}

/// A token that the kubelet renews.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct TokenProjection {
    /// The file.
    pub path: &'static str,
    /// For how long each is good, in seconds.
    pub expiration_seconds: u32,
}

/// Fields of the pod itself as files.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct FieldsProjection {
    /// The files.
    pub items: Vec<FieldFile>,
}

/// A field of the pod itself as a file.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct FieldFile {
    /// The file.
    pub path: &'static str,
    /// The field.
    pub field_ref: FieldSelector,
}

/// A key, and as which file it is shown.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct KeyToPath {
    /// The key.
    pub key: String,
    /// The file.
    pub path: String,
}

/// A claim as a folder.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ClaimVolume {
    /// The claim.
    pub claim_name: String,
}

/// A folder that goes with the pod.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct EmptyDir {
    /// `Memory` for one that is kept in memory.
    pub medium: Option<&'static str>,
    /// How large it may get.
    pub size_limit: Option<String>,
}

/// What a container sees of a volume.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct VolumeMount {
    /// The volume.
    pub name: String,
    /// Where.
    pub mount_path: String,
    /// The folder in the volume.
    pub sub_path: Option<String>,
    /// Whether it can't be written to.
    pub read_only: Option<bool>,
}

/// Files of secrets: for the owner and the group of the pod.
pub const SECRET_MODE: u16 = 0o440;

impl Volume {
    /// A ConfigMap as a folder.
    pub fn config_map(name: &str, config_map: &str) -> Self {
        Self {
            name: name.to_owned(),
            config_map: Some(ConfigMapVolume {
                name: config_map.to_owned(),
            }),
            ..Self::default()
        }
    }

    /// Keys of a Secret as files.
    pub fn secret(name: &str, secret: &str, items: Vec<KeyToPath>) -> Self {
        Self {
            name: name.to_owned(),
            secret: Some(SecretVolume {
                secret_name: secret.to_owned(),
                default_mode: Some(SECRET_MODE),
                optional: None,
                items,
            }),
            ..Self::default()
        }
    }

    /// Keys of several Secrets as files of one folder.
    pub fn projected(name: &str, sources: Vec<ProjectedSource>) -> Self {
        Self {
            name: name.to_owned(),
            projected: Some(ProjectedVolume {
                default_mode: Some(SECRET_MODE),
                sources,
            }),
            ..Self::default()
        }
    }

    /// A claim as a folder.
    pub fn claim(name: &str, claim: &str) -> Self {
        Self {
            name: name.to_owned(),
            persistent_volume_claim: Some(ClaimVolume {
                claim_name: claim.to_owned(),
            }),
            ..Self::default()
        }
    }

    /// A folder that goes with the pod.
    pub fn empty(name: &str, size_limit: Option<&str>) -> Self {
        Self {
            name: name.to_owned(),
            empty_dir: Some(EmptyDir {
                size_limit: size_limit.map(str::to_owned),
                medium: None,
            }),
            ..Self::default()
        }
    }

    /// The same, where a Secret may be missing.
    #[must_use]
    pub fn optional(mut self) -> Self {
        if let Some(secret) = &mut self.secret {
            secret.optional = Some(true);
        }
        self
    }

    /// The same, where a folder that goes with the pod is kept in memory.
    #[must_use]
    pub fn in_memory(mut self) -> Self {
        if let Some(folder) = &mut self.empty_dir {
            folder.medium = Some("Memory");
        }
        self
    }
}

impl VolumeMount {
    /// A volume that can be written to.
    pub fn writable(name: &str, path: &str) -> Self {
        Self {
            name: name.to_owned(),
            mount_path: path.to_owned(),
            ..Self::default()
        }
    }

    /// A volume that can't.
    pub fn read_only(name: &str, path: &str) -> Self {
        Self {
            read_only: Some(true),
            ..Self::writable(name, path)
        }
    }
}

impl KeyToPath {
    /// A key as a file.
    pub fn of(key: &str, path: &str) -> Self {
        Self {
            key: key.to_owned(),
            path: path.to_owned(),
        }
    }
}

impl ProjectedSource {
    /// One key of a Secret as a file.
    pub fn secret_key(name: &str, key: &str, path: &str) -> Self {
        Self {
            secret: Some(KeysProjection {
                name: name.to_owned(),
                items: vec![KeyToPath::of(key, path)],
            }),
            ..Self::default()
        }
    }

    /// What a program needs to speak to the cluster as the pod's account, where the pod doesn't show it to all.
    pub fn of_account() -> Vec<Self> {
        let token = TokenProjection {
            path: "token",
            expiration_seconds: 3607,
        };
        let authority = KeysProjection {
            name: "kube-root-ca.crt".to_owned(),
            items: vec![KeyToPath::of("ca.crt", "ca.crt")],
        };
        let namespace = FieldFile {
            path: "namespace",
            field_ref: FieldSelector {
                field_path: "metadata.namespace",
            },
        };
        vec![
            Self {
                service_account_token: Some(token),
                ..Self::default()
            },
            Self {
                config_map: Some(authority),
                ..Self::default()
            },
            Self {
                downward_api: Some(FieldsProjection {
                    items: vec![namespace],
                }),
                ..Self::default()
            },
        ]
    }
}
