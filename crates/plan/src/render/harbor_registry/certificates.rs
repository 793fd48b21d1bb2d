//! What the programs trust, and what they show each other: certificates as files.

use super::environment::Environment;
use super::settled::Settled;
use crate::object::{KeyToPath, Volume, VolumeMount};
use crate::render::{Rendering, codes};

/// The folder of a component's own certificate; the images add its authority to what they trust.
pub(super) fn folder(settled: &Settled<'_>, component: &str) -> String {
    let of_pod = format!("/etc/harbor/ssl/{component}");
    let site = &settled.registry.site;
    site.path(&of_pod, &format!("{component}/ssl"))
}

/// The Secret of a component's own certificate.
pub(super) fn secret(settled: &Settled<'_>, component: &str) -> String {
    settled.registry.object_name(&format!("{component}-internal-tls"))
}

/// The certificates of a component: its own, where the components speak TLS, and the database's authority.
pub(super) fn mount(
    settled: &Settled<'_>,
    component: &str,
    reaches_database: bool,
    (volumes, mounts): (&mut Vec<Volume>, &mut Vec<VolumeMount>),
) {
    if settled.tls {
        let secret = secret(settled, component);
        volumes.push(Volume::secret("internal-tls", &secret, Vec::new()));
        mounts.push(VolumeMount::read_only(
            "internal-tls",
            &folder(settled, component),
        ));
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

/// Tells which Secrets must be there: certificates expire, so they are no secrets to be made once (HB-058).
pub(super) fn tell(settled: &Settled<'_>, rendering: &mut Rendering<'_>) {
    if !settled.tls {
        return;
    }
    let names: Vec<String> = OWNERS
        .iter()
        .filter(|name| **name != "trivy" || settled.spec.trivy.enabled)
        .map(|name| format!("`{}`", secret(settled, name)))
        .collect();
    let source = settled.spec.internal_tls.as_ref();
    let source = source.and_then(|tls| tls.cert_source.as_deref());
    let message = match source {
        Some("secret") => format!("the certificates must be there: the Secrets {}", names.join(", ")),
        Some(source) => format!(
            "`{source}` certificates are not made: the Secrets {} must be there",
            names.join(", ")
        ),
        None => format!(
            "nobody makes the certificates: the Secrets {} must be there",
            names.join(", ")
        ),
    };
    rendering
        .tell(settled.document, "internalTLS", codes::RN_006, message)
        .help("let cert-manager make them, of type kubernetes.io/tls with ca.crt, and renew them");
}
