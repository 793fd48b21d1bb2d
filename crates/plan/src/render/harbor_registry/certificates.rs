//! What the programs trust, and what they show each other: certificates as files.

use super::environment::Environment;
use super::settled::Settled;
use crate::object::{
    AuthorityIssuer, Certificate, CertificateSpec, Issuer, IssuerReference, IssuerSpec, KeyToPath, Kind as _,
    Object, SelfSigned, Volume, VolumeMount,
};
use crate::render::{Rendering, codes, workload};

/// The folder of a component's own certificate; the images add its authority to what they trust.
pub(super) fn folder(settled: &Settled<'_>, component: &str) -> String {
    let of_pod = format!("/etc/harbor/ssl/{component}");
    let site = &settled.registry.site;
    site.path(&of_pod, &format!("{component}/ssl"))
}

/// Where the certificates come from.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Source {
    /// Made once, by an authority of Harbor's own.
    Made,
    /// By cert-manager, which renews them.
    CertManager,
    /// They are there.
    Given,
}

fn source(settled: &Settled<'_>) -> Source {
    let tls = settled.spec.internal_tls.as_ref();
    match tls.and_then(|tls| tls.cert_source.as_deref()) {
        None | Some("" | "auto") => Source::Made,
        Some("certManager" | "cert-manager") => Source::CertManager,
        Some(_) => Source::Given,
    }
}

/// The Secret of a component's own certificate, where it has one of its own.
fn secret(settled: &Settled<'_>, component: &str) -> String {
    settled.registry.object_name(&format!("{component}-internal-tls"))
}

fn volume(settled: &Settled<'_>, component: &str) -> Volume {
    match source(settled) {
        Source::Made => workload::certificate_volume(settled.registry, VOLUME, component),
        Source::CertManager | Source::Given => {
            Volume::secret(VOLUME, &secret(settled, component), Vec::new())
        }
    }
}

/// Its name in pods.
const VOLUME: &str = "internal-tls";

/// The certificates of a component: its own, where the components speak TLS, and the database's authority.
pub(super) fn mount(
    settled: &Settled<'_>,
    component: &str,
    reaches_database: bool,
    (volumes, mounts): (&mut Vec<Volume>, &mut Vec<VolumeMount>),
) {
    if settled.tls {
        volumes.push(volume(settled, component));
        mounts.push(VolumeMount::read_only(VOLUME, &folder(settled, component)));
    }
    if let Some(secret) = settled
        .database
        .root_certificate
        .filter(|secret| reaches_database && !secret.is_empty())
    {
        let item = KeyToPath::of("ca.crt", "database-ca.crt");
        volumes.push(Volume::secret("database-ca", secret, vec![item]));
        mounts.push(VolumeMount::read_only("database-ca", "/harbor_cust_cert"));
    }
}

/// Where a component finds its own certificate, where it speaks TLS.
pub(super) fn variables(settled: &Settled<'_>, component: &str, environment: Environment) -> Environment {
    if !settled.tls {
        return environment;
    }
    let folder = folder(settled, component);
    environment
        .plain("INTERNAL_TLS_ENABLED", "true")
        .plain("INTERNAL_TLS_KEY_PATH", format!("{folder}/tls.key"))
        .plain("INTERNAL_TLS_CERT_PATH", format!("{folder}/tls.crt"))
        .plain("INTERNAL_TLS_TRUST_CA_PATH", format!("{folder}/ca.crt"))
}

/// The components that have a certificate of their own.
const OWNERS: [&str; 5] = ["core", "jobservice", "registry", "portal", "trivy"];

/// Has the certificates made, or tells which Secrets must be there.
pub(super) fn render(settled: &Settled<'_>, rendering: &mut Rendering<'_>) {
    if !settled.tls {
        return;
    }
    let owners = OWNERS
        .into_iter()
        .filter(|name| *name != "trivy" || settled.spec.trivy.enabled);
    match source(settled) {
        Source::Made => {
            for name in owners {
                let component = settled.component(name);
                workload::make_certificate(&component, &component.object_name(), &[], rendering);
            }
        }
        Source::CertManager => {
            let issuer = issuer(settled, rendering);
            for name in owners {
                asked_for(settled, name, &issuer, rendering);
            }
        }
        Source::Given => {
            let names: Vec<String> = owners
                .map(|name| format!("`{}`", secret(settled, name)))
                .collect();
            let message = format!("the certificates must be there: the Secrets {}", names.join(", "));
            rendering
                .tell(settled.document, "internalTLS", codes::RN_006, message)
                .help("let cert-manager make them, of type kubernetes.io/tls with ca.crt, and renew them");
        }
    }
}

/// A certificate that cert-manager keeps in the Secret of a component.
fn asked_for(
    settled: &Settled<'_>,
    name: &'static str,
    issuer: &IssuerReference,
    rendering: &mut Rendering<'_>,
) {
    let component = settled.component(name);
    let hosts = workload::hosts(settled.registry, &component.object_name());
    let (addresses, names): (Vec<String>, Vec<String>) = hosts
        .into_iter()
        .partition(|host| host.parse::<std::net::IpAddr>().is_ok());
    let spec = CertificateSpec {
        secret_name: secret(settled, name),
        common_name: component.object_name(),
        dns_names: names,
        ip_addresses: addresses,
        is_authority: None,
        issuer_ref: issuer.clone(),
    };
    let metadata = component.metadata_of("internal-tls");
    rendering.add(settled.document, Object::new(metadata, &Certificate { spec }));
}

/// Who signs for cert-manager: the one that is named, else an authority of Harbor's own, which signs itself.
fn issuer(settled: &Settled<'_>, rendering: &mut Rendering<'_>) -> IssuerReference {
    let tls = settled.spec.internal_tls.as_ref();
    let kind = tls.and_then(|tls| tls.issuer_kind.clone());
    let kind = kind.filter(|kind| !kind.is_empty());
    let kind = kind.unwrap_or_else(|| Issuer::KIND.to_owned());
    if let Some(name) = tls.and_then(|tls| tls.issuer_name.as_ref()?.value()) {
        return IssuerReference {
            name: name.as_str().to_owned(),
            kind,
        };
    }
    let registry = settled.registry;
    let named = |suffix: &str| IssuerReference {
        name: registry.object_name(suffix),
        kind: Issuer::KIND.to_owned(),
    };
    let itself = IssuerSpec {
        self_signed: Some(SelfSigned {}),
        ..IssuerSpec::default()
    };
    let root = CertificateSpec {
        secret_name: registry.object_name("authority"),
        common_name: format!("{} authority", registry.name),
        is_authority: Some(true),
        issuer_ref: named("self-signed"),
        ..CertificateSpec::default()
    };
    let authority = IssuerSpec {
        ca: Some(AuthorityIssuer {
            secret_name: root.secret_name.clone(),
        }),
        ..IssuerSpec::default()
    };
    let document = settled.document;
    let itself = Object::new(registry.metadata("self-signed"), &Issuer { spec: itself });
    let root = Object::new(registry.metadata("authority"), &Certificate { spec: root });
    let signs = Object::new(registry.metadata("authority"), &Issuer { spec: authority });
    for object in [itself, root, signs] {
        rendering.add(document, object);
    }
    named("authority")
}
