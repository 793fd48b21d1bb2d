//! The ingress.

use berth_finding::Rule;

use crate::rules::{RuleContext, Sink};
use crate::sections::IngressExposure;

pub(super) const K_035: Rule = Rule::warning(
    "K-035",
    "the ingress limits how large an image layer may be, or how long its push may take",
    "\
Ingress controllers cut bodies and waits by default (ingress-nginx at 1 MB: pushes end in 413). For ingress-nginx the
annotations that lift both are added, so are those of traefik and haproxy; other controllers need their own.

    exposure:
      ingress: {className: nginx}
",
);

/// Controllers whose annotations for large bodies and long waits are known.
const KNOWN: [&str; 3] = ["nginx", "traefik", "haproxy"];

const BODY_SIZE: &str = "nginx.ingress.kubernetes.io/proxy-body-size";

pub(super) fn check(context: &RuleContext<'_>, sink: &mut Sink<'_>) {
    for (document, workload) in context.registries() {
        let Some(ingress) = workload.exposure.and_then(|exposure| exposure.ingress.as_ref()) else {
            continue;
        };
        let out = &mut sink.on(document);
        if ingress.annotations.get(BODY_SIZE).is_some_and(|size| size != "0") {
            out.at(
                "exposure.ingress.annotations",
                K_035,
                "layers above the set size end in 413",
            )
            .help(format!("set `{BODY_SIZE}` to \"0\", or take it out"));
        } else if !is_known(ingress) && ingress.annotations.is_empty() {
            out.at(
                "exposure.ingress",
                K_035,
                "what this ingress controller needs for large layers isn't known",
            )
            .help("set `exposure.ingress.controller`, or give the controller's annotations");
        }
    }
}

fn is_known(ingress: &IngressExposure) -> bool {
    let names = [&ingress.controller, &ingress.class_name];
    names
        .into_iter()
        .flatten()
        .any(|name| KNOWN.contains(&name.as_str()))
}

#[cfg(test)]
mod tests {
    use crate::rules::cases::{fires, fires_here, registry};

    #[test]
    fn k_035_fires_on_an_ingress_that_cuts_layers_and_not_on_a_known_one() {
        let with =
            |fields: &str| registry(&format!("exposure: {{ingress: {{host: r.example.com{fields}}}}}"));
        assert!(fires("K-035", &with("")));
        assert!(fires(
            "K-035",
            &with(", className: nginx, annotations: {nginx.ingress.kubernetes.io/proxy-body-size: 8m}")
        ));
        assert!(!fires_here("K-035", &with("")));
        assert!(!fires("K-035", &with(", className: nginx")));
        assert!(!fires("K-035", &with(", controller: traefik")));
        assert!(!fires(
            "K-035",
            &with(", annotations: {example.com/body: unlimited}")
        ));
        assert!(!fires("K-035", &registry("{}")));
    }
}
