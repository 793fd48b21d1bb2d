use super::{Measured, metrics};
use crate::object::KeySelector;
use crate::render::registry::{Component, Registry};
use crate::render::secret_parts::SecretParts;
use crate::render::{Recipe, Rendering, codes};

/// A product that tells its metrics to a user with the right to them alone, whom only its API makes.
pub(crate) struct MetricsUser {
    /// The product.
    pub(crate) product: &'static str,
    /// The port that its metrics are told on, in words.
    pub(crate) port: &'static str,
    /// How the user is made.
    pub(crate) help: &'static str,
}

const NAME: &str = "metrics";
/// How long the password is: 32 letters and digits are 190 bits.
const LENGTH: usize = 32;

/// What watches such a product.
pub(crate) fn metrics_of_user(
    component: &Component<'_>,
    (measured, words): (Measured, &MetricsUser),
    parts: &mut SecretParts<'_>,
    rendering: &mut Rendering<'_>,
) {
    let registry = component.registry;
    let Some(given) = registry.workload.metrics.filter(|given| given.enabled) else {
        return;
    };
    let product = words.product;
    if given.port.is_some() {
        let port = words.port;
        let message = format!("`metrics.port` has no effect: {product} tells its metrics on {port}");
        rendering
            .tell(registry.document, "metrics.port", codes::RN_005, message)
            .help("leave it out");
    }
    let monitor = given.service_monitor.as_ref();
    let is_asked = monitor.is_some_and(|monitor| monitor.enabled);
    let user = is_asked.then(|| user(registry, parts, rendering));
    if is_asked {
        let message = format!("Prometheus asks as the user `{NAME}`, whom {product} doesn't know yet");
        rendering
            .tell(
                registry.document,
                "metrics.serviceMonitor",
                codes::RN_007,
                message,
            )
            .help(words.help);
    }
    metrics(component, &Measured { user, ..measured }, rendering);
}

fn user(
    registry: &Registry<'_>,
    parts: &mut SecretParts<'_>,
    rendering: &mut Rendering<'_>,
) -> (KeySelector, KeySelector) {
    let name = parts.keep("metrics-username", NAME.into());
    let recipe = Recipe::Text { length: LENGTH };
    (name, rendering.make_once(registry, "metrics-password", recipe))
}
