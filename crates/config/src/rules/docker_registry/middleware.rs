//! Middleware: what is compiled into the registry, and what it needs.

use berth_finding::Rule;

use super::{Place, facts};
use crate::rules::Out;
use crate::sections::{DockerRegistry, DockerStorageMiddleware};
use crate::value::{SecretValue, StorageDriver, StorageMiddleware, Written};

pub(super) const DR_042: Rule = Rule::error(
    "DR-042",
    "the storage middleware doesn't exist, or lacks what it needs",
    "\
Docker's registry has two: `redirect` (option baseurl) and `cloudfront` (options baseurl, privatekey and keypairid, on
the s3 driver only). Any other name stops it at start.

    middleware:
      storage: [{name: redirect, options: {baseurl: \"https://cdn.example.com/\"}}]
",
);

pub(super) const DR_043: Rule = Rule::error(
    "DR-043",
    "there is no registry middleware in Docker's registry",
    "\
`middleware.registry` is for programs that compile their own middleware in. The usual image has none, and stops at
start with any name in this list.

    middleware: {registry: []}
",
);

const IP_FILTERS: [&str; 3] = ["none", "aws", "awsregion"];

pub(super) fn check(registry: &DockerRegistry, _: &Place<'_>, out: &mut Out<'_, '_>) {
    for (index, middleware) in registry.middleware.storage.iter().enumerate() {
        storage(&format!("middleware.storage[{index}]"), middleware, registry, out);
    }
    for index in 0..registry.middleware.registry.len() {
        out.at(
            &format!("middleware.registry[{index}]"),
            DR_043,
            "Docker's registry has no registry middleware",
        )
        .help("take it out");
    }
}

fn storage(
    path: &str,
    middleware: &DockerStorageMiddleware,
    registry: &DockerRegistry,
    out: &mut Out<'_, '_>,
) {
    let options = &middleware.options;
    let no_url = options.baseurl.as_ref().is_none_or(Written::is_empty);
    let missing: Vec<&str> = match middleware.name.value() {
        None if middleware.name.is_empty() => vec!["name"],
        None => return,
        Some(StorageMiddleware::Redirect) => lacking(&[("options.baseurl", no_url)]),
        Some(StorageMiddleware::Cloudfront) => lacking(&[
            ("options.baseurl", no_url),
            (
                "options.privatekey",
                options.privatekey.as_ref().is_none_or(SecretValue::is_empty),
            ),
            (
                "options.keypairid",
                options.keypairid.as_deref().unwrap_or_default().is_empty(),
            ),
        ]),
    };
    for field in missing {
        out.at(
            &format!("{path}.{field}"),
            DR_042,
            format!("the middleware needs {field}"),
        )
        .help("set it");
    }
    if middleware.name.value() == Some(&StorageMiddleware::Cloudfront)
        && facts::driver(registry).is_some_and(|driver| driver != StorageDriver::S3)
    {
        out.at(
            &format!("{path}.name"),
            DR_042,
            "cloudfront works on the s3 driver alone",
        )
        .help("take it out");
    }
    if options
        .ipfilteredby
        .as_deref()
        .is_some_and(|filter| !IP_FILTERS.contains(&filter))
    {
        out.at(
            &format!("{path}.options.ipfilteredby"),
            DR_042,
            "ipfilteredby is none, aws or awsregion",
        )
        .help("write one of these");
    }
}

fn lacking<'a>(fields: &[(&'a str, bool)]) -> Vec<&'a str> {
    fields
        .iter()
        .filter(|(_, lacking)| *lacking)
        .map(|(field, _)| *field)
        .collect()
}

#[cfg(test)]
mod tests {
    use crate::rules::cases::{fires, registry};

    fn storage(middleware: &str) -> String {
        registry(&format!(
            "{{middleware: {{storage: [{{{middleware}}}]}}, storage: {{driver: s3, s3: {{enabled: true}}}}}}"
        ))
    }

    #[test]
    fn dr_042_fires_on_unknown_and_incomplete_middleware_and_not_on_whole_ones() {
        let whole = "baseurl: 'https://cdn.example.com/', privatekey: {file: /key}, keypairid: K1";
        for wrong in [
            "name: cdn",
            "disabled: true",
            "name: redirect",
            "name: cloudfront, options: {baseurl: 'https://cdn.example.com/'}",
            "name: redirect, options: {baseurl: 'https://cdn.example.com/', ipfilteredby: gcp}",
        ] {
            assert!(fires("DR-042", &storage(wrong)), "{wrong}");
        }
        assert!(!fires(
            "DR-042",
            &storage("name: redirect, options: {baseurl: 'https://cdn.example.com/'}")
        ));
        assert!(!fires(
            "DR-042",
            &storage(&format!("name: cloudfront, options: {{{whole}}}"))
        ));
        let without_s3 = format!("middleware: {{storage: [{{name: cloudfront, options: {{{whole}}}}}]}}");
        assert!(fires("DR-042", &registry(&without_s3)));
        assert!(!fires("DR-042", &registry("{}")));
    }

    #[test]
    fn dr_043_fires_on_any_registry_middleware_and_not_without() {
        assert!(fires(
            "DR-043",
            &registry("middleware: {registry: [{name: audit}]}")
        ));
        assert!(!fires("DR-043", &registry("middleware: {registry: []}")));
    }
}
