//! The address under which Nexus is reached.

use berth_finding::Rule;

use crate::rules::Out;
use crate::sections::NexusRegistry;
use crate::value::Written;

pub(super) const NX_036: Rule = Rule::error(
    "NX-036",
    "the context path and the path of the ingress differ",
    "With a context path Nexus answers below that path only, and the ingress must send exactly that path on. Otherwise \
     the web pages load without their scripts, or everything is a 404.\n\n\
     Give both the same path:\n\n    \
     contextPath: /nexus\n    \
     exposure: {ingress: {host: nexus.example.com, path: /nexus}}",
);

pub(super) fn check(nexus: &NexusRegistry, out: &mut Out<'_, '_>) {
    nx_036(nexus, out);
}

fn nx_036(nexus: &NexusRegistry, out: &mut Out<'_, '_>) {
    let context = plain(nexus.context_path.as_deref().unwrap_or_default());
    let ingress = nexus
        .exposure
        .as_ref()
        .and_then(|exposure| exposure.ingress.as_ref());
    if let Some(path) = ingress.and_then(|ingress| ingress.path.as_deref())
        && plain(path) != context
    {
        out.at(
            "exposure.ingress.path",
            NX_036,
            format!("Nexus answers below `/{context}`"),
        )
        .help("leave the path out, or give `contextPath` the same one");
    }
    if let Some(url) = nexus.external_url.as_ref().and_then(Written::value)
        && plain(url.path()) != context
    {
        out.at("externalURL", NX_036, format!("Nexus answers below `/{context}`"))
            .help("give `contextPath` the path of the URL");
    }
}

/// The path without slashes at its ends.
fn plain(path: &str) -> &str {
    path.trim_matches('/')
}

#[cfg(test)]
mod tests {
    use crate::rules::nexus_registry::testing::fires;

    #[test]
    fn nx_036_fires_when_context_path_and_ingress_differ_and_not_otherwise() {
        assert!(fires(
            "NX-036",
            "{contextPath: /nexus, exposure: {ingress: {host: a.example.com, path: /}}}"
        ));
        assert!(fires(
            "NX-036",
            "exposure: {ingress: {host: a.example.com, path: /nexus}}"
        ));
        assert!(fires(
            "NX-036",
            "{contextPath: /nexus, externalURL: 'https://a.example.com'}"
        ));
        assert!(!fires(
            "NX-036",
            "{contextPath: /nexus, exposure: {ingress: {host: a.example.com, path: /nexus/}}}"
        ));
        assert!(!fires(
            "NX-036",
            "{contextPath: nexus, exposure: {ingress: {host: a.example.com}}}"
        ));
    }
}
