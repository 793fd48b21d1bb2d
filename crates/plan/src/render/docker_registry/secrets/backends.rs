use berth_config::value::{SecretValue, StorageDriver};

use super::{GCS_KEY, middleware_key};
use crate::render::Rendering;
use crate::render::docker_registry::settled::Settled;
use crate::render::secret_parts::SecretParts;

/// A variable of the environment, its key in the Secret, the field that gives it, and what it gives.
type Variable<'a> = (&'static str, &'static str, &'static str, Option<&'a SecretValue>);

/// What the registry shows to whom it talks to: the store, Redis, the registry that it is a cache of.
pub(super) fn gather(settled: &Settled<'_>, parts: &mut SecretParts<'_>, rendering: &mut Rendering<'_>) {
    for (variable, key, path, secret) in variables(settled) {
        if let Some(secret) = secret {
            parts.env(variable, key, (path, secret), rendering);
        }
    }
    if settled.driver == StorageDriver::Gcs
        && let Some(key) = settled
            .spec
            .storage
            .gcs
            .as_ref()
            .and_then(|gcs| gcs.keyfile.as_ref())
    {
        parts.file(GCS_KEY, ("storage.gcs.keyfile", key), rendering);
    }
    for (index, middleware) in settled.spec.middleware.storage.iter().enumerate() {
        if let Some(key) = &middleware.options.privatekey {
            let path = format!("middleware.storage[{index}].options.privatekey");
            let key = super::tls::file_or_text(key);
            parts.file(&middleware_key(index), (&path, &key), rendering);
        }
    }
}

fn variables<'a>(settled: &Settled<'a>) -> Vec<Variable<'a>> {
    let spec = settled.spec;
    let storage = &spec.storage;
    let mut variables: Vec<Variable<'a>> = match settled.driver {
        StorageDriver::S3 => vec![
            (
                "REGISTRY_STORAGE_S3_ACCESSKEY",
                "s3-accesskey",
                "storage.s3.accesskey",
                Some(&storage.s3.accesskey),
            ),
            (
                "REGISTRY_STORAGE_S3_SECRETKEY",
                "s3-secretkey",
                "storage.s3.secretkey",
                Some(&storage.s3.secretkey),
            ),
        ],
        StorageDriver::Azure => vec![(
            "REGISTRY_STORAGE_AZURE_ACCOUNTKEY",
            "azure-accountkey",
            "storage.azure.accountkey",
            storage.azure.as_ref().map(|azure| &azure.accountkey),
        )],
        StorageDriver::Swift => vec![(
            "REGISTRY_STORAGE_SWIFT_PASSWORD",
            "swift-password",
            "storage.swift.password",
            storage.swift.as_ref().map(|swift| &swift.password),
        )],
        StorageDriver::Oss => vec![
            (
                "REGISTRY_STORAGE_OSS_ACCESSKEYID",
                "oss-accesskeyid",
                "storage.oss.accesskeyid",
                storage.oss.as_ref().map(|oss| &oss.accesskeyid),
            ),
            (
                "REGISTRY_STORAGE_OSS_ACCESSKEYSECRET",
                "oss-accesskeysecret",
                "storage.oss.accesskeysecret",
                storage.oss.as_ref().map(|oss| &oss.accesskeysecret),
            ),
        ],
        StorageDriver::Filesystem | StorageDriver::Gcs | StorageDriver::Inmemory => Vec::new(),
    };
    variables.push((
        "REGISTRY_REDIS_PASSWORD",
        "redis-password",
        "redis.password",
        spec.redis.as_ref().and_then(|redis| redis.password.as_ref()),
    ));
    variables.push((
        "REGISTRY_PROXY_PASSWORD",
        "proxy-password",
        "proxy.password",
        spec.proxy.as_ref().and_then(|proxy| proxy.password.as_ref()),
    ));
    variables
}
