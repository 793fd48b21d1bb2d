//! URLs.

use berth_finding::Rule;

use crate::Spec;
use crate::document::Document;
use crate::rules::{RuleContext, Sink};

pub(super) const K_020: Rule = Rule::error(
    "K-020",
    "a URL is not an absolute http or https URL, or carries a password",
    "\
URLs reach configuration files and logs, so a user and password inside of one would, too. Give them in the fields that
are made for them.

    remoteurl: https://registry-1.docker.io
",
);

pub(super) fn check(context: &RuleContext<'_>, sink: &mut Sink<'_>) {
    for document in context.documents {
        for (path, url) in free_urls(document) {
            let authority = url.split_once("://").map_or(url, |(_, rest)| rest);
            let authority = authority.split(['/', '?', '#']).next().unwrap_or_default();
            if authority.contains('@') {
                sink.on(document)
                    .at(path, K_020, "there are credentials in the URL")
                    .help("take them out, and use the fields for the keys");
            } else if url.contains(char::is_whitespace) {
                sink.on(document)
                    .at(path, K_020, "there is a space in the URL")
                    .help("take it out");
            }
        }
    }
}

/// URLs that may be written without a scheme, so that the decoder takes them as text.
fn free_urls(document: &Document) -> Vec<(&'static str, &str)> {
    match &document.spec {
        Spec::DockerRegistry(spec) => {
            let endpoint = spec.storage.s3.regionendpoint.as_deref();
            endpoint
                .map(|endpoint| ("storage.s3.regionendpoint", endpoint))
                .into_iter()
                .collect()
        }
        Spec::HarborRegistry(spec) => vec![("storage.s3.endpoint", spec.storage.s3.endpoint.as_str())],
        _ => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use crate::rules::cases::{fires, policy, registry};

    #[test]
    fn k_020_fires_on_urls_that_are_relative_or_hold_credentials_and_not_on_good_ones() {
        let cache = |url: &str| registry(&format!("proxy: {{remoteurl: '{url}'}}"));
        for wrong in [
            "registry-1.docker.io",
            "ftp://r.example.com",
            "https://me:pw@r.example.com",
            "https://a b",
        ] {
            assert!(fires("K-020", &cache(wrong)), "{wrong}");
        }
        assert!(!fires("K-020", &cache("https://registry-1.docker.io")));
        let endpoint = |url: &str| registry(&format!("storage: {{s3: {{regionendpoint: '{url}'}}}}"));
        assert!(fires("K-020", &endpoint("https://id:key@minio.example.com")));
        assert!(fires(
            "K-020",
            &policy("HarborRegistry", "storage: {s3: {endpoint: 'minio example'}}")
        ));
        assert!(!fires("K-020", &endpoint("minio.example.com:9000")));
    }
}
