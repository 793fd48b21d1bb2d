//! `engine: berth`: Berth itself in the place of Docker's registry, from the same document.

use berth_config::serve::{self, ServeOptions};
use berth_config::value::StorageDriver;
use berth_finding::Level;

use super::authentication::{Authentication, REALM};
use super::deployment::{PORT, alive};
use super::secrets::users::hash_file;
use super::secrets::{CERTIFICATE, HTPASSWD, KEY, client_authority};
use super::settled::Settled;
use crate::object::{Container, ContainerPort, HttpGet, Probe, VolumeMount};
use crate::render::fields::Fields;
use crate::render::registry::Component;
use crate::render::secret_parts::SecretParts;
use crate::render::{Rendering, codes, workload};

/// Berth's own image, where the document names none: the version is that of what renders.
pub const BERTH_IMAGE: &str = concat!("registry.berth.dev/berth:", env!("CARGO_PKG_VERSION"));

/// The document in its ConfigMap, and its file.
pub(super) const CONFIG_FILE: &str = "berth.yaml";
/// Where it lies.
pub(super) const CONFIG_FOLDER: &str = "/etc/berth";

/// Refused by `berth serve` on a machine, where the cluster has what it needs: secrets that lie there.
const OF_MACHINES: [&str; 1] = ["SV-008"];

/// Tells what `berth serve` would refuse or leave aside in the pod.
pub(super) fn tell(settled: &Settled<'_>, rendering: &mut Rendering<'_>) {
    let options = ServeOptions {
        registry: Some(settled.document.name.clone()),
        allow_anonymous: true,
        ..ServeOptions::default()
    };
    let (_, findings) = serve::plan(rendering.documents, &options);
    let refused = findings
        .into_iter()
        .filter(|finding| !OF_MACHINES.contains(&finding.code.as_str()));
    rendering.repeat(refused.filter(|finding| finding.level != Level::Info));
    if settled.driver == StorageDriver::Filesystem
        && (settled.spec.replicas > 1 || settled.scaling().is_some())
    {
        rendering
            .tell(
                settled.document,
                "replicas",
                codes::RN_006,
                "Berth keeps a folder by itself, so one replica runs",
            )
            .help("take replicas and autoscaling out, or run `engine: distribution` on an object store");
    }
}

/// The document as the pod reads it: what `berth serve` honours, with the folder, the address and the secrets where
/// the pod has them.
pub(super) fn document(settled: &Settled<'_>) -> Fields {
    let spec = Fields::new()
        .with_section("storage", storage(settled))
        .with_section("http", http(settled))
        .with_section("auth", auth(settled))
        .with_section("log", log(settled))
        .with_section("validation", validation(settled));
    Fields::new()
        .with("apiVersion", berth_config::document::API_VERSION)
        .with("kind", "DockerRegistry")
        .with_section("metadata", Fields::new().with("name", settled.registry.name))
        .with_section("spec", spec)
}

/// The one container.
pub(super) fn container(
    component: &Component<'_>,
    settled: &Settled<'_>,
    volume_mounts: Vec<VolumeMount>,
) -> Container {
    let mut args = vec!["serve".to_owned(), format!("{CONFIG_FOLDER}/{CONFIG_FILE}")];
    if matches!(settled.authentication, Authentication::Open) {
        args.push("--allow-anonymous".to_owned());
    }
    Container {
        name: component.name.to_owned(),
        image: super::deployment::image(settled).to_owned(),
        image_pull_policy: Some("IfNotPresent"),
        args,
        env: super::deployment::variables(component, None),
        ports: vec![ContainerPort::tcp(PORT, settled.port)],
        // After a hard stop the index may have to be made anew from a large folder.
        startup_probe: Some(Probe {
            failure_threshold: Some(180),
            period_seconds: Some(5),
            ..alive()
        }),
        readiness_probe: Some(ready(settled)),
        liveness_probe: Some(alive()),
        resources: workload::resources(&settled.spec.resources),
        security_context: workload::container_rights(component),
        volume_mounts,
        ..Container::default()
    }
}

/// The files of secrets alone: Berth reads none from its environment there.
pub(super) fn gather<'a>(settled: &Settled<'a>, rendering: &mut Rendering<'_>) -> SecretParts<'a> {
    let mut parts = SecretParts::credentials(settled.registry);
    super::secrets::gather_files(settled, &mut parts, rendering);
    parts
}

fn ready(settled: &Settled<'_>) -> Probe {
    if settled.asks_for_certificates() {
        return Probe {
            period_seconds: Some(5),
            ..alive()
        };
    }
    Probe {
        http_get: Some(HttpGet {
            path: "/healthz".to_owned(),
            port: PORT,
            scheme: if settled.spec.http.tlsenabled {
                "HTTPS"
            } else {
                "HTTP"
            },
        }),
        tcp_socket: None,
        ..alive()
    }
}

fn storage(settled: &Settled<'_>) -> Fields {
    let storage = &settled.spec.storage;
    let delete = storage.delete.as_ref();
    let purging = storage
        .maintenance
        .as_ref()
        .and_then(|maintenance| maintenance.uploadpurging.as_ref());
    let purging = purging.map(|purging| {
        let purging = Fields::new()
            .with("enabled", purging.enabled)
            .with_written("age", purging.age.as_ref());
        Fields::new().with_section("uploadpurging", purging)
    });
    Fields::new()
        .with("driver", settled.driver.as_str())
        .with_section(
            "filesystem",
            Fields::new().with("rootdirectory", settled.root.as_str()),
        )
        .with_some(
            "delete",
            delete.map(|delete| Fields::new().with("enabled", delete.enabled)),
        )
        .with_section("maintenance", purging.unwrap_or_default())
}

fn http(settled: &Settled<'_>) -> Fields {
    let http = &settled.spec.http;
    let headers = http.headers.iter().fold(Fields::new(), |fields, (name, values)| {
        fields.with(name, values.clone())
    });
    let http2 = http.http2.as_ref();
    let fields = Fields::new()
        .with("addr", settled.address.as_str())
        .with("draintimeout", settled.drain.as_str())
        .with_section("headers", headers)
        .with_some(
            "http2",
            http2.map(|http2| Fields::new().with("disabled", http2.disabled)),
        );
    if !http.tlsenabled {
        return fields;
    }
    let more = http.tls.clone().unwrap_or_default();
    let authorities = more.clientcas.iter().enumerate();
    let tls = Fields::new()
        .with_written("minimumtls", more.minimumtls.as_ref())
        .with_list(
            "clientcas",
            authorities.map(|(index, _)| settled.secret(&client_authority(index))),
        );
    fields
        .with("tlsenabled", true)
        .with("tlscertificate", settled.secret(CERTIFICATE))
        .with_section("tlskey", Fields::new().with("file", settled.secret(KEY)))
        .with_section("tls", tls)
}

fn auth(settled: &Settled<'_>) -> Fields {
    let realm = settled.spec.auth.htpasswd.as_ref();
    let realm = realm
        .and_then(|htpasswd| htpasswd.realm.as_deref())
        .unwrap_or(REALM);
    match settled.authentication {
        Authentication::Htpasswd(_) => {
            let htpasswd = Fields::new().with("realm", realm);
            let htpasswd = match settled.authentication.users_of_the_cluster() {
                Some(users) => {
                    let users = users
                        .keys()
                        .enumerate()
                        .fold(Fields::new(), |users, (index, user)| {
                            let file = settled.secret(&hash_file(index));
                            users.with(user, Fields::new().with("file", file))
                        });
                    htpasswd.with_section("users", users)
                }
                None => htpasswd.with("path", settled.secret(HTPASSWD)),
            };
            Fields::new()
                .with("scheme", "basic")
                .with_section("htpasswd", htpasswd)
        }
        // The others are refused: a finding has said so.
        _ => Fields::new().with("enabled", false),
    }
}

fn log(settled: &Settled<'_>) -> Fields {
    let log = &settled.spec.log;
    let access = log.accesslog.as_ref();
    Fields::new()
        .with_written("level", Some(&log.level))
        .with_written("format", Some(&log.format))
        .with_some(
            "accesslog",
            access.map(|access| Fields::new().with("disabled", access.disabled)),
        )
}

fn validation(settled: &Settled<'_>) -> Fields {
    let disabled = settled
        .spec
        .validation
        .as_ref()
        .map(|validation| validation.disabled);
    Fields::new().with_some("disabled", disabled)
}
