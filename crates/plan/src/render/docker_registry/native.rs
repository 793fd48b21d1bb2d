//! Docker's registry, or Berth, on a host: its configuration, a unit of systemd and a file for Compose.

use berth_config::document::Document;
use berth_config::sections::DockerRegistry;
use berth_config::show::to_yaml;
use berth_config::value::HostPort;
use serde_json::Value as Json;

use super::authentication::Authentication;
use super::deployment::{self, PROGRAM};
use super::secrets::{BUNDLE, CERTIFICATE, GCS_KEY, HTPASSWD, KEY, client_authority};
use super::settled::Settled;
use super::{COMPONENT, CONFIG_FILE, PRODUCT, berth, config, secrets};
use crate::native::Host;
use crate::native::compose::{Mount, Secret, Service};
use crate::native::systemd::Unit;
use crate::output::OutputFile;
use crate::render::Rendering;
use crate::render::fields::Fields;
use crate::render::registry::{Component, Registry};
use crate::render::site::Site;

/// The programs, where Debian's package and a person put them.
const DISTRIBUTION: &str = "/usr/bin/docker-registry";
const BERTH: &str = "/usr/local/bin/berth";
/// The user that Debian's package makes; only for a folder that systemd doesn't make itself.
const USER: &str = "docker-registry";
/// The environment, with secrets in it.
const ENVIRONMENT: &str = "registry.env";
/// The folder of the files of secrets.
const SECRETS: &str = "secrets";

/// What a Docker registry reads on a host, below a folder.
pub(in crate::render) fn on_host(
    document: &Document,
    spec: &DockerRegistry,
    folder: &str,
    rendering: &mut Rendering<'_>,
) -> Vec<OutputFile> {
    let site = Site::Host(format!("{folder}/{}", document.base_name));
    let Some(registry) = Registry::on(site, document, PRODUCT) else {
        return Vec::new();
    };
    let settled = Settled::of(&registry, spec, rendering);
    let component = Component::main(&registry, COMPONENT);
    let mut host = Host::new(&registry);
    let (parts, variables) = if settled.is_berth() {
        berth::tell(&settled, rendering);
        host.file(berth::CONFIG_FILE, to_yaml(&berth::document(&settled).into()));
        let parts = berth::gather(&settled, rendering);
        (parts, deployment::variables(&component, None))
    } else {
        host.file(CONFIG_FILE, to_yaml(&config::config(&settled).into()));
        let parts = secrets::gather(&settled, rendering);
        let variables = deployment::variables(&component, Some(&parts));
        (parts, variables)
    };
    let files = host.secrets(SECRETS, &parts, rendering);
    host.environment(ENVIRONMENT, &variables, &parts, rendering);
    let drawn = Drawn {
        settled: &settled,
        files,
    };
    host.file(&format!("{}.service", registry.name), drawn.unit().text());
    host.file("compose.yaml", to_yaml(&drawn.service().document().into()));
    registry.tell_pods_only(&OF_PODS, rendering);
    host.finish(rendering)
}

/// Fields beside those of every registry that say how pods run.
const OF_PODS: [&str; 1] = ["garbageCollection"];

/// What unit and Compose are drawn from.
struct Drawn<'a> {
    settled: &'a Settled<'a>,
    /// The names of the files of secrets.
    files: Vec<String>,
}

impl Drawn<'_> {
    fn unit(&self) -> Unit<'_> {
        let settled = self.settled;
        let environment_file = settled.registry.site.path("", ENVIRONMENT);
        let is_berth = settled.is_berth();
        let mut folders: Vec<String> = settled.cache_folder().map(str::to_owned).into_iter().collect();
        if settled.keeps_files() {
            folders.insert(0, settled.root.clone());
        }
        let credentials = self.files.iter().map(|file| {
            let folder = settled.registry.site.path("", SECRETS);
            (file.clone(), format!("{folder}/{file}"))
        });
        Unit {
            description: format!("Container registry {}", settled.registry.name),
            command: self.command(),
            environment_file,
            variables: if is_berth { Vec::new() } else { self.overrides() },
            credentials: credentials.collect(),
            folders,
            port: settled.port,
            grace_seconds: settled.grace_seconds,
            resources: &settled.spec.resources,
            user: USER,
        }
    }

    fn command(&self) -> String {
        let settled = self.settled;
        let file = |name| settled.registry.site.path("", name).replace('%', "%%");
        if !settled.is_berth() {
            return format!("{DISTRIBUTION} serve {}", file(CONFIG_FILE));
        }
        let open = matches!(settled.authentication, Authentication::Open);
        let open = if open { " --allow-anonymous" } else { "" };
        format!("{BERTH} serve {}{open}", file(berth::CONFIG_FILE))
    }

    /// Where the program finds secrets under systemd: it runs as a user that can't read the files themselves.
    fn overrides(&self) -> Vec<(String, String)> {
        let settled = self.settled;
        let has = |file: &str| self.files.iter().any(|there| there == file);
        let at = |file: &str| format!("%d/{file}");
        let mut overrides: Vec<(String, String)> = [
            (HTPASSWD, "REGISTRY_AUTH_HTPASSWD_PATH"),
            (BUNDLE, "REGISTRY_AUTH_TOKEN_ROOTCERTBUNDLE"),
            (CERTIFICATE, "REGISTRY_HTTP_TLS_CERTIFICATE"),
            (KEY, "REGISTRY_HTTP_TLS_KEY"),
            (GCS_KEY, "REGISTRY_STORAGE_GCS_KEYFILE"),
        ]
        .into_iter()
        .filter(|(file, _)| has(file))
        .map(|(file, variable)| (variable.to_owned(), at(file)))
        .collect();
        let authorities = (0..).map(client_authority).take_while(|file| has(file));
        let authorities: Vec<String> = authorities.map(|file| at(&file)).collect();
        if !authorities.is_empty() {
            overrides.push((
                "REGISTRY_HTTP_TLS_CLIENTCAS".to_owned(),
                Json::from(authorities).to_string(),
            ));
        }
        let folder = settled.registry.site.path("", SECRETS);
        let middleware: Json = config::middleware(settled).into();
        let storage = middleware["storage"].to_string().replace('%', "%%");
        if storage.contains(&folder) {
            overrides.push((
                "REGISTRY_MIDDLEWARE_STORAGE".to_owned(),
                storage.replace(&folder, "%d"),
            ));
        }
        overrides
    }

    fn service(&self) -> Service<'_> {
        let settled = self.settled;
        let is_berth = settled.is_berth();
        let (file, target) = if is_berth {
            (
                berth::CONFIG_FILE,
                format!("{}/{}", berth::CONFIG_FOLDER, berth::CONFIG_FILE),
            )
        } else {
            (CONFIG_FILE, deployment::config_path())
        };
        let mut command = vec!["serve".to_owned(), target.clone()];
        let listen = format!(":{}", settled.port);
        let mut variables = Fields::new();
        if is_berth {
            command.extend(["--listen".to_owned(), listen]);
            if matches!(settled.authentication, Authentication::Open) {
                command.push("--allow-anonymous".to_owned());
            }
        } else {
            variables = variables.with("REGISTRY_HTTP_ADDR", listen);
        }
        let secrets = self.files.iter().map(|name| Secret {
            name: name.clone(),
            file: format!("./{SECRETS}/{name}"),
            target: settled.secret(name),
        });
        Service {
            name: settled.registry.name,
            image: deployment::image(settled),
            entrypoint: (!is_berth).then_some(PROGRAM),
            command,
            environment_file: ENVIRONMENT,
            variables,
            secrets: secrets.collect(),
            mounts: self.mounts(format!("./{file}"), target),
            address: HostPort::of(
                settled.spec.http.addr.value().map_or("", HostPort::host),
                settled.port,
            ),
            grace_seconds: settled.grace_seconds,
            resources: &settled.spec.resources,
        }
    }

    fn mounts(&self, source: String, target: String) -> Vec<Mount> {
        let settled = self.settled;
        let same = |path: &str, writable| Mount {
            source: path.to_owned(),
            target: path.to_owned(),
            writable,
        };
        let mut mounts = vec![Mount {
            source,
            target,
            writable: false,
        }];
        if settled.keeps_files() {
            mounts.push(same(&settled.root, true));
        }
        mounts.extend(settled.cache_folder().map(|folder| same(folder, true)));
        if let Authentication::Token(token) = settled.authentication {
            let path = settled.bundle_path(token);
            if !self.files.iter().any(|file| file == BUNDLE) && !path.is_empty() {
                mounts.push(same(&path, false));
            }
        }
        mounts
    }
}
