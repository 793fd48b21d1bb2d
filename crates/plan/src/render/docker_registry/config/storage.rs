use berth_config::sections::{
    DockerS3Storage, OssStorage, StorageMaintenance, StorageMiddlewareOptions, SwiftStorage, UploadPurging,
};
use berth_config::value::{StorageDriver, Written};

use crate::render::docker_registry::secrets;
use crate::render::docker_registry::settled::Settled;
use crate::render::fields::Fields;

/// The one driver, and what is said of all of them.
pub(super) fn storage(settled: &Settled<'_>) -> Fields {
    let storage = &settled.spec.storage;
    let cache = storage
        .cache
        .as_ref()
        .and_then(|cache| cache.blobdescriptor.as_ref())
        .filter(|_| !settled.forgets_cache());
    let cache = Fields::new().with_written("blobdescriptor", cache);
    let maintenance = storage.maintenance.as_ref().map(maintenance);
    Fields::new()
        .with(settled.driver.as_str(), driver(settled))
        .with_some(
            "delete",
            storage
                .delete
                .as_ref()
                .map(|delete| Fields::new().with("enabled", delete.enabled)),
        )
        .with_some(
            "redirect",
            storage
                .redirect
                .as_ref()
                .map(|redirect| Fields::new().with("disable", redirect.disable)),
        )
        .with_section("cache", cache)
        .with_section("maintenance", maintenance.unwrap_or_default())
}

/// What the storage is wrapped into, and the registry.
pub(in crate::render::docker_registry) fn middleware(settled: &Settled<'_>) -> Fields {
    let spec = settled.spec;
    let storage = spec.middleware.storage.iter().enumerate();
    let storage = storage.map(|(index, middleware)| {
        Fields::new()
            .with_written("name", Some(&middleware.name))
            .with("disabled", middleware.disabled)
            .with_section("options", options(settled, index, &middleware.options))
    });
    let registry = spec.middleware.registry.iter().map(|middleware| {
        let options = middleware
            .options
            .iter()
            .fold(Fields::new(), |fields, (key, value)| {
                fields.with(key, value.as_str())
            });
        Fields::new()
            .with("name", middleware.name.as_str())
            .with("disabled", middleware.disabled)
            .with_section("options", options)
    });
    Fields::new()
        .with_list("registry", registry)
        .with_list("storage", storage)
}

fn options(settled: &Settled<'_>, index: usize, options: &StorageMiddlewareOptions) -> Fields {
    let key = options.privatekey.as_ref().filter(|key| !key.is_empty());
    Fields::new()
        .with_written("baseurl", options.baseurl.as_ref())
        .with_some(
            "privatekey",
            key.map(|_| settled.secret(&secrets::middleware_key(index))),
        )
        .with_some("keypairid", options.keypairid.as_deref())
        .with_written("duration", options.duration.as_ref())
        .with_some("ipfilteredby", options.ipfilteredby.as_deref())
        .with_some("awsregion", options.awsregion.as_deref())
        // The program's own spelling.
        .with_written("updatefrenquency", options.updatefrequency.as_ref())
        .with_written("iprangesurl", options.iprangesurl.as_ref())
}

fn driver(settled: &Settled<'_>) -> Fields {
    let storage = &settled.spec.storage;
    match settled.driver {
        StorageDriver::Filesystem => Fields::new()
            .with("rootdirectory", settled.root.as_str())
            .with("maxthreads", storage.filesystem.maxthreads),
        StorageDriver::S3 => s3(&storage.s3),
        StorageDriver::Azure => {
            let azure = storage.azure.clone().unwrap_or_default();
            Fields::new()
                .with("accountname", azure.accountname)
                .with("container", azure.container)
                .with_some("realm", azure.realm)
        }
        StorageDriver::Gcs => {
            let gcs = storage.gcs.clone().unwrap_or_default();
            let key = gcs.keyfile.filter(|key| !key.is_empty());
            Fields::new()
                .with("bucket", gcs.bucket)
                .with_some("keyfile", key.map(|_| settled.secret(secrets::GCS_KEY)))
                .with_some("rootdirectory", gcs.rootdirectory)
                .with_some("chunksize", gcs.chunksize)
        }
        StorageDriver::Swift => storage.swift.as_ref().map(swift).unwrap_or_default(),
        StorageDriver::Oss => storage.oss.as_ref().map(oss).unwrap_or_default(),
        StorageDriver::Inmemory => Fields::new(),
    }
}

fn s3(s3: &DockerS3Storage) -> Fields {
    Fields::new()
        .with("region", s3.region.as_str())
        .with("bucket", s3.bucket.as_str())
        .with_some("regionendpoint", s3.regionendpoint.as_deref())
        .with("encrypt", s3.encrypt)
        .with_some("keyid", s3.keyid.as_deref())
        .with("secure", s3.secure)
        .with_some("skipverify", s3.skipverify)
        .with_some("v4auth", s3.v4auth)
        .with_some("chunksize", s3.chunksize)
        .with_some("multipartcopychunksize", s3.multipartcopychunksize)
        .with_some("multipartcopymaxconcurrency", s3.multipartcopymaxconcurrency)
        .with_some("multipartcopythresholdsize", s3.multipartcopythresholdsize)
        .with_some("rootdirectory", s3.rootdirectory.as_deref())
        .with_written("storageclass", s3.storageclass.as_ref())
        .with_some("objectacl", s3.objectacl.as_deref())
        .with_some("useragent", s3.useragent.as_deref())
}

fn swift(swift: &SwiftStorage) -> Fields {
    Fields::new()
        .with_written("authurl", Some(&swift.authurl))
        .with("username", swift.username.as_str())
        .with_some("region", swift.region.as_deref())
        .with("container", swift.container.as_str())
        .with_some("tenant", swift.tenant.as_deref())
        .with_some("domain", swift.domain.as_deref())
        .with_some("insecureskipverify", swift.insecureskipverify)
        .with_some("prefix", swift.prefix.as_deref())
}

fn oss(oss: &OssStorage) -> Fields {
    Fields::new()
        .with("region", oss.region.as_str())
        .with("bucket", oss.bucket.as_str())
        .with_some("endpoint", oss.endpoint.as_deref())
        .with_some("internal", oss.internal)
        .with_some("encrypt", oss.encrypt)
        .with_some("secure", oss.secure)
        .with_some("rootdirectory", oss.rootdirectory.as_deref())
}

fn maintenance(maintenance: &StorageMaintenance) -> Fields {
    let readonly = maintenance.readonly.as_ref();
    Fields::new()
        .with_some("uploadpurging", maintenance.uploadpurging.as_ref().map(purging))
        .with_some(
            "readonly",
            readonly.map(|readonly| Fields::new().with("enabled", readonly.enabled)),
        )
}

/// All four fields: the program stops at start where one is missing.
fn purging(purging: &UploadPurging) -> Fields {
    let text = |written: Option<&Written<berth_config::value::Duration>>, default: &'static str| {
        let right = written.filter(|written| written.value().is_some());
        right.map_or_else(|| default.to_owned(), |written| written.text().to_owned())
    };
    Fields::new()
        .with("enabled", purging.enabled)
        .with("age", text(purging.age.as_ref(), "168h"))
        .with("interval", text(purging.interval.as_ref(), "24h"))
        .with("dryrun", purging.dryrun.unwrap_or(false))
}
