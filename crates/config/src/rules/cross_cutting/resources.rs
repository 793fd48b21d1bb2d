//! CPU and memory.

use berth_finding::{Level, Rule};

use super::fields::{self, Amounts, Pair};
use crate::rules::{Out, RuleContext, Sink};
use crate::value::{Quantity, Written};

pub(super) const K_004: Rule = Rule::error(
    "K-004",
    "a quantity is written with the wrong suffix",
    "\
In a quantity the suffix m means a thousandth, so memory of 2048m is two bytes; write 2048Mi. Java's sizes are the other
way round: -Xmx knows m and g, but neither Mi nor Gi.

    resources: {limits: {memory: 2048Mi}}
    jvm: {maxMemory: 1024m}
",
);

pub(super) const K_005: Rule = Rule::error(
    "K-005",
    "more is requested than is allowed",
    "\
Kubernetes refuses a pod whose request is above its limit.

    resources:
      limits: {cpu: 1000m, memory: 512Mi}
      requests: {cpu: 100m, memory: 256Mi}
",
);

pub(super) const K_006: Rule = Rule::warning(
    "K-006",
    "requests or the memory limit are missing, or the CPU limit is too small to work with",
    "\
Without a memory limit one pod can take the node down with it; without requests the scheduler packs it anywhere. Under
100m of CPU a TLS handshake or the hashing of a layer is throttled into timeouts.

    resources:
      limits: {cpu: 1000m, memory: 512Mi}
      requests: {cpu: 100m, memory: 256Mi}
",
);

/// Thousandths of a core that a registry needs at least to be of use.
const LEAST_MILLICORES: u128 = 100;

pub(super) fn check(context: &RuleContext<'_>, sink: &mut Sink<'_>) {
    for document in context.documents {
        for amounts in fields::amounts(&document.spec) {
            let out = &mut sink.on(document);
            milli_memory(&amounts, out);
            request_above_limit(&amounts, out);
            missing(&amounts, out);
        }
        for (path, volume) in fields::volumes(&document.spec) {
            if quantity(volume.size.as_ref()).is_some_and(Quantity::is_milli) {
                tell_milli(&format!("{path}.size"), &mut sink.on(document));
            }
        }
    }
}

fn quantity(written: Option<&Written<Quantity>>) -> Option<Quantity> {
    written.and_then(|written| written.value().copied())
}

fn milli_memory(amounts: &Amounts<'_>, out: &mut Out<'_, '_>) {
    for (name, memory) in [
        ("limits", amounts.memory.limit),
        ("requests", amounts.memory.request),
    ] {
        if quantity(memory).is_some_and(Quantity::is_milli) {
            tell_milli(&format!("{}.{name}.memory", amounts.path), out);
        }
    }
}

fn tell_milli(path: &str, out: &mut Out<'_, '_>) {
    out.at(path, K_004, "the suffix m means a thousandth of a byte")
        .help("write Mi for mebibytes");
}

fn request_above_limit(amounts: &Amounts<'_>, out: &mut Out<'_, '_>) {
    for (name, Pair { request, limit }) in [("cpu", &amounts.cpu), ("memory", &amounts.memory)] {
        let (Some(asked), Some(allowed)) = (quantity(*request), quantity(*limit)) else {
            continue;
        };
        if asked > allowed {
            out.at(
                &format!("{}.requests.{name}", amounts.path),
                K_005,
                format!("more {name} is requested than the limit allows"),
            )
            .help(format!(
                "raise `{}.limits.{name}`, or lower the request",
                amounts.path
            ));
        }
    }
}

fn missing(amounts: &Amounts<'_>, out: &mut Out<'_, '_>) {
    let path = &amounts.path;
    if amounts.memory.limit.is_none() {
        out.at(path, K_006, format!("`{path}.limits.memory` is missing"))
            .help("set it, such as 512Mi");
    }
    if amounts.cpu.request.is_none() && amounts.cpu.limit.is_none()
        || amounts.memory.request.is_none() && amounts.memory.limit.is_none()
    {
        out.at(path, K_006, format!("`{path}.requests` is missing"))
            .help("set cpu and memory");
    }
    if quantity(amounts.cpu.limit).is_some_and(|limit| limit.millicores() < LEAST_MILLICORES) {
        out.at(
            &format!("{path}.limits.cpu"),
            K_006,
            "under 100m of CPU, requests run into timeouts",
        )
        .level(Level::Warning)
        .help("allow 100m or more");
    }
}

#[cfg(test)]
mod tests {
    use crate::rules::cases::{fires, policy, registry};

    #[test]
    fn k_004_fires_on_wrong_suffixes_and_not_on_right_ones() {
        assert!(fires("K-004", &registry("resources: {limits: {memory: 2048m}}")));
        assert!(fires("K-004", &registry("resources: {limits: {memory: 512MB}}")));
        assert!(fires("K-004", &registry("persistence: {size: 500m}")));
        assert!(!fires(
            "K-004",
            &registry("resources: {limits: {cpu: 500m, memory: 1Gi}}")
        ));
    }

    #[test]
    fn k_005_fires_on_requests_above_limits_and_not_below() {
        assert!(fires("K-005", &registry("resources: {requests: {memory: 1Gi}}")));
        assert!(fires("K-005", &registry("resources: {limits: {cpu: 50m}}")));
        let component = "trivy: {resources: {limits: {memory: 1Gi}, requests: {memory: 2Gi}}}";
        assert!(fires("K-005", &policy("HarborRegistry", component)));
        assert!(!fires("K-005", &registry("{}")));
    }

    #[test]
    fn k_006_fires_on_missing_and_tiny_amounts_and_not_on_whole_ones() {
        assert!(fires(
            "K-006",
            &registry("resources: {limits: {cpu: 50m}, requests: {cpu: 10m}}")
        ));
        let harbor =
            |resources: &str| policy("HarborRegistry", &format!("trivy: {{resources: {resources}}}"));
        assert!(fires("K-006", &harbor("{requests: {cpu: 100m, memory: 1Gi}}")));
        assert!(fires("K-006", &harbor("{limits: {memory: 1Gi}}")));
        assert!(!fires(
            "K-006",
            &harbor("{limits: {memory: 1Gi}, requests: {cpu: 100m, memory: 1Gi}}")
        ));
        assert!(!fires("K-006", &registry("{}")));
    }
}
