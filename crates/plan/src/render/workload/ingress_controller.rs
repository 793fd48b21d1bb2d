use berth_config::sections::{Exposure, IngressExposure};
use berth_config::value::Written;

use crate::object::Labels;
use crate::render::registry::Component;
use crate::render::{Rendering, codes};

/// How long an upload or a download of a large layer may pause, in seconds.
const PAUSE: &str = "900";

/// What the controller of an Ingress must be told: layers are one body each and take minutes, whether the pods speak
/// TLS, and who may come in. What the document adds wins.
pub(crate) fn ingress_annotations(
    component: &Component<'_>,
    given: &IngressExposure,
    is_https: bool,
    rendering: &mut Rendering<'_>,
) -> Labels {
    let exposure = component.registry.workload.exposure;
    let ranges = exposure.map(source_ranges).unwrap_or_default();
    let controller = Controller::of(given);
    if !ranges.is_empty() && !controller.keeps_ranges() {
        tell_unkept_ranges(component, "the Ingress", rendering);
    }
    let mut annotations = controller.annotations(is_https, &ranges);
    if let Some(tls) = &given.tls {
        let issuers = [
            ("cert-manager.io/issuer", &tls.issuer),
            ("cert-manager.io/cluster-issuer", &tls.cluster_issuer),
        ];
        let issuers = issuers.into_iter();
        annotations.extend(issuers.filter_map(|(key, issuer)| Some((key.to_owned(), issuer.clone()?))));
    }
    let own = given.annotations.iter();
    annotations.extend(own.map(|(key, value)| (key.clone(), value.clone())));
    annotations
}

/// What the controller of an Ingress reads from the annotations of the Service behind it.
pub(crate) fn service_annotations(exposure: &Exposure, is_https: bool) -> Labels {
    match exposure.ingress.as_ref().map(Controller::of) {
        Some(Controller::Traefik) if is_https => Labels::from([(
            "traefik.ingress.kubernetes.io/service.serversscheme".to_owned(),
            "https".to_owned(),
        )]),
        _ => Labels::new(),
    }
}

/// The addresses that may come in; all without any.
pub(crate) fn source_ranges(exposure: &Exposure) -> Vec<String> {
    let right = exposure
        .source_ranges
        .iter()
        .filter(|range| range.value().is_some());
    right.map(Written::text).map(str::to_owned).collect()
}

/// That addresses aren't kept out is never silent: that protects.
pub(crate) fn tell_unkept_ranges(component: &Component<'_>, way: &str, rendering: &mut Rendering<'_>) {
    let message = format!("{way} lets all addresses in: it isn't known how it is told");
    rendering
        .tell(
            component.registry.document,
            "exposure.sourceRanges",
            codes::RN_005,
            message,
        )
        .help(
            "name the controller in `exposure.ingress.controller` (nginx or haproxy), or keep others out in front \
             of the cluster",
        );
}

/// The program behind an IngressClass, where its annotations are known.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Controller {
    Nginx,
    Haproxy,
    Traefik,
    Unknown,
}

impl Controller {
    /// The one that is named, else the one that the class is named after.
    fn of(given: &IngressExposure) -> Self {
        let name = given.controller.as_ref().or(given.class_name.as_ref());
        let name = name.map(|name| name.to_ascii_lowercase()).unwrap_or_default();
        let known = [
            ("nginx", Self::Nginx),
            ("haproxy", Self::Haproxy),
            ("traefik", Self::Traefik),
        ];
        let mut known = known.into_iter();
        known
            .find_map(|(word, controller)| name.contains(word).then_some(controller))
            .unwrap_or(Self::Unknown)
    }

    const fn keeps_ranges(self) -> bool {
        matches!(self, Self::Nginx | Self::Haproxy)
    }

    /// Layers of any size, streamed, with pauses, over TLS where the pods speak it.
    fn annotations(self, is_https: bool, ranges: &[String]) -> Labels {
        let ranges = (!ranges.is_empty()).then(|| ranges.join(","));
        let https = |word: &str| is_https.then(|| word.to_owned());
        let text = |word: &str| Some(word.to_owned());
        let seconds = || Some(format!("{PAUSE}s"));
        let lines: Vec<(&str, &str, Option<String>)> = match self {
            Self::Nginx => [
                ("proxy-body-size", text("0")),
                ("proxy-buffering", text("off")),
                ("proxy-request-buffering", text("off")),
                ("proxy-read-timeout", text(PAUSE)),
                ("proxy-send-timeout", text(PAUSE)),
                ("backend-protocol", https("HTTPS")),
                ("whitelist-source-range", ranges),
            ]
            .map(|(key, value)| ("nginx.ingress.kubernetes.io", key, value))
            .into(),
            // Two controllers go by this name, and each passes over the other's annotations.
            Self::Haproxy => vec![
                ("haproxy.org", "timeout-client", seconds()),
                ("haproxy.org", "timeout-server", seconds()),
                ("haproxy.org", "server-ssl", https("true")),
                ("haproxy.org", "allow-list", ranges.clone()),
                ("haproxy-ingress.github.io", "proxy-body-size", text("unlimited")),
                ("haproxy-ingress.github.io", "timeout-client", seconds()),
                ("haproxy-ingress.github.io", "timeout-server", seconds()),
                ("haproxy-ingress.github.io", "backend-protocol", https("h1-ssl")),
                ("haproxy-ingress.github.io", "allowlist-source-range", ranges),
            ],
            Self::Traefik | Self::Unknown => Vec::new(),
        };
        let given = lines.into_iter();
        given
            .filter_map(|(prefix, key, value)| Some((format!("{prefix}/{key}"), value?)))
            .collect()
    }
}
