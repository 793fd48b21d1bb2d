use berth_config::sections::{
    FilesystemStorage, GcsStorage, HarborAzureStorage, HarborRegistry, HarborS3Storage, OssStorage,
    SwiftStorage,
};
use berth_config::value::{HarborStorageType, SecretValue, Written};

use super::secrets::Given;
use crate::object::{EnvVar, KeySelector};
use crate::render::fields::Fields;
use crate::render::registry::Registry;
use crate::render::workload::DataVolume;
use crate::render::{Rendering, codes};

/// Where the registry keeps images.
pub(super) struct Storage<'a> {
    pub(super) kind: HarborStorageType,
    /// The driver's section of the registry's configuration.
    pub(super) driver: Fields,
    /// The folder of the images: the volume's mount, also where they are kept elsewhere.
    pub(super) root: String,
    pub(super) data: DataVolume<'a>,
    /// Credentials of the backend.
    pub(super) credentials: Vec<EnvVar>,
    /// The key of the service account of Google's cloud.
    pub(super) gcs_key: Option<KeySelector>,
    /// Where the registry reads it.
    gcs_key_file: String,
    /// Whether blobs go through the registry.
    pub(super) redirect_disabled: bool,
    /// The ports of the backend, where it has addresses of its own.
    pub(super) ports: Vec<u16>,
}

/// The folder of the images in pods, where the document gives none.
const ROOT: &str = "/storage";
/// Where the registry reads the key of Google's cloud.
pub(super) const GCS_KEY_FILE: &str = "/etc/registry/gcs-key.json";

impl<'a> Storage<'a> {
    pub(super) fn of(
        registry: &'a Registry<'a>,
        spec: &'a HarborRegistry,
        given: &mut Given<'a>,
        rendering: &mut Rendering<'_>,
    ) -> Self {
        let storage = &spec.storage;
        let kind = storage.kind.value().copied().unwrap_or(HarborStorageType::S3);
        let own = spec.components.as_ref().and_then(|all| all.registry.as_ref());
        let own = own.and_then(|own| own.persistence.as_ref());
        let folder = storage.filesystem.as_ref();
        let folder = folder.filter(|_| registry.document.is_set("storage.filesystem.rootdirectory"));
        let root = folder
            .map(|folder| folder.rootdirectory.as_str())
            .filter(|root| root.starts_with('/'));
        if spec.persistence.is_some() && kind != HarborStorageType::Filesystem {
            let message = "there is no volume for it: images are kept in object storage";
            rendering
                .tell(registry.document, "persistence", codes::RN_005, message)
                .help("leave it out, or say storage.type: filesystem");
        }
        let endpoint = kind == HarborStorageType::S3 && !storage.s3.endpoint.is_empty();
        let mut settled = Self {
            kind,
            driver: Fields::new(),
            root: root.map_or_else(|| default_root(registry), str::to_owned),
            data: DataVolume::of(
                own.or(spec.persistence.as_ref())
                    .filter(|_| kind == HarborStorageType::Filesystem),
            ),
            credentials: Vec::new(),
            gcs_key: None,
            gcs_key_file: registry.site.path(GCS_KEY_FILE, "registry/gcs-key.json"),
            redirect_disabled: storage.disable_redirect.unwrap_or(endpoint),
            ports: Vec::new(),
        };
        let mut backend = Backend { given, rendering };
        match kind {
            HarborStorageType::Filesystem => settled.filesystem(storage.filesystem.as_ref()),
            HarborStorageType::S3 => settled.s3(&storage.s3, &mut backend),
            HarborStorageType::Azure => settled.azure(&storage.azure, &mut backend),
            HarborStorageType::Gcs => settled.gcs(storage.gcs.as_ref(), &mut backend),
            HarborStorageType::Swift => settled.swift(storage.swift.as_ref(), &mut backend),
            HarborStorageType::Oss => settled.oss(storage.oss.as_ref(), &mut backend),
        }
        settled
    }

    /// Whether images lie in a folder.
    pub(super) fn keeps_files(&self) -> bool {
        self.kind == HarborStorageType::Filesystem
    }

    /// Whether one pod alone can have the images.
    pub(super) fn is_of_one_pod(&self) -> bool {
        self.keeps_files() && (self.data.is_of_one_pod() || self.data.access_mode().is_none())
    }

    fn filesystem(&mut self, given: Option<&FilesystemStorage>) {
        self.driver = Fields::new()
            .with("rootdirectory", self.root.as_str())
            .with_some("maxthreads", given.map(|given| given.maxthreads));
    }

    fn s3(&mut self, given: &HarborS3Storage, backend: &mut Backend<'_, '_, '_>) {
        const NAMES: [&str; 2] = ["REGISTRY_STORAGE_S3_ACCESSKEY", "REGISTRY_STORAGE_S3_SECRETKEY"];
        if let Some(secret) = given.existing_secret.as_ref().filter(|secret| !secret.is_empty()) {
            let keys = NAMES.map(|name| EnvVar::secret(name, KeySelector::of(secret.text(), name)));
            self.credentials.extend(keys);
        } else {
            let keys = [
                ("s3-accesskey", "storage.s3.accesskey"),
                ("s3-secretkey", "storage.s3.secretkey"),
            ];
            let values = [&given.accesskey, &given.secretkey];
            for ((name, key), value) in NAMES.into_iter().zip(keys).zip(values) {
                self.credentials.extend(backend.variable(name, key, value));
            }
        }
        if given.ec2_role == Some(true) {
            // Where a node tells of its role.
            self.ports.push(HTTP);
        }
        let endpoint = endpoint(&given.endpoint, given.secure);
        self.ports
            .push(endpoint.as_deref().and_then(port).unwrap_or(HTTPS));
        self.driver = Fields::new()
            .with("region", given.region.as_str())
            .with("bucket", given.bucket.as_str())
            .with_some("regionendpoint", endpoint)
            .with_some("encrypt", given.encrypt)
            .with_some("keyid", given.keyid.as_deref())
            .with("secure", given.secure)
            .with_some("skipverify", given.skipverify)
            .with_some("v4auth", given.v4auth)
            .with_some("chunksize", given.chunksize)
            .with_some("rootdirectory", given.rootdirectory.as_deref())
            .with_written("storageclass", given.storageclass.as_ref());
    }

    fn azure(&mut self, given: &HarborAzureStorage, backend: &mut Backend<'_, '_, '_>) {
        let key = ("azure-accountkey", "storage.azure.accountkey");
        let name = "REGISTRY_STORAGE_AZURE_ACCOUNTKEY";
        self.credentials
            .extend(backend.variable(name, key, &given.accountkey));
        self.ports.push(HTTPS);
        self.driver = Fields::new()
            .with("accountname", given.accountname.as_str())
            .with("container", given.container.as_str())
            .with_some("realm", given.realm.as_deref());
    }

    fn gcs(&mut self, given: Option<&GcsStorage>, backend: &mut Backend<'_, '_, '_>) {
        self.ports.push(HTTPS);
        let Some(given) = given else { return };
        let path = "storage.gcs.keyfile";
        self.gcs_key = backend
            .given
            .given("gcs-keyfile", path, given.keyfile.as_ref(), backend.rendering);
        self.driver = Fields::new()
            .with("bucket", given.bucket.as_str())
            .with_some(
                "keyfile",
                self.gcs_key.as_ref().map(|_| self.gcs_key_file.as_str()),
            )
            .with_some("rootdirectory", given.rootdirectory.as_deref())
            .with_some("chunksize", given.chunksize);
    }

    fn swift(&mut self, given: Option<&SwiftStorage>, backend: &mut Backend<'_, '_, '_>) {
        let Some(given) = given else { return };
        let key = ("swift-password", "storage.swift.password");
        let name = "REGISTRY_STORAGE_SWIFT_PASSWORD";
        self.credentials
            .extend(backend.variable(name, key, &given.password));
        self.ports.extend([HTTPS]);
        self.ports.extend(port(given.authurl.text()));
        self.driver = Fields::new()
            .with_written("authurl", Some(&given.authurl))
            .with("username", given.username.as_str())
            .with("container", given.container.as_str())
            .with_some("region", given.region.as_deref())
            .with_some("tenant", given.tenant.as_deref())
            .with_some("domain", given.domain.as_deref())
            .with_some("insecureskipverify", given.insecureskipverify)
            .with_some("prefix", given.prefix.as_deref());
    }

    fn oss(&mut self, given: Option<&OssStorage>, backend: &mut Backend<'_, '_, '_>) {
        let Some(given) = given else { return };
        let id = ("oss-accesskeyid", "storage.oss.accesskeyid");
        let secret = ("oss-accesskeysecret", "storage.oss.accesskeysecret");
        for (name, key, value) in [
            ("REGISTRY_STORAGE_OSS_ACCESSKEYID", id, &given.accesskeyid),
            (
                "REGISTRY_STORAGE_OSS_ACCESSKEYSECRET",
                secret,
                &given.accesskeysecret,
            ),
        ] {
            self.credentials.extend(backend.variable(name, key, value));
        }
        self.ports.push(HTTPS);
        self.driver = Fields::new()
            .with("region", given.region.as_str())
            .with("bucket", given.bucket.as_str())
            .with_some("endpoint", given.endpoint.as_deref())
            .with_some("internal", given.internal)
            .with_some("encrypt", given.encrypt)
            .with_some("secure", given.secure)
            .with_some("rootdirectory", given.rootdirectory.as_deref());
    }
}

/// The folder of the images where the document gives none.
fn default_root(registry: &Registry<'_>) -> String {
    if registry.site.is_host() {
        format!("/var/lib/harbor/{}", registry.name)
    } else {
        ROOT.to_owned()
    }
}

/// Where the backends' credentials are gathered.
struct Backend<'g, 'a, 'r> {
    given: &'g mut Given<'a>,
    rendering: &'g mut Rendering<'r>,
}

impl Backend<'_, '_, '_> {
    fn variable(&mut self, name: &str, key: (&str, &str), value: &SecretValue) -> Option<EnvVar> {
        self.given.variable(name, key, value, self.rendering)
    }
}

const HTTP: u16 = 80;
const HTTPS: u16 = 443;

/// The endpoint with its scheme, which the registry needs.
fn endpoint(given: &str, secure: bool) -> Option<String> {
    match given {
        "" => None,
        given if given.contains("://") => Some(given.to_owned()),
        given => Some(format!("{}://{given}", if secure { "https" } else { "http" })),
    }
}

fn port(url: &str) -> Option<u16> {
    let url = Written::<berth_config::value::HttpUrl>::from(url);
    Some(url.value()?.port())
}
