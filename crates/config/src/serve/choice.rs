use berth_finding::Finding;

use super::codes::{SV_001, SV_006, refuse};
use crate::Spec;
use crate::document::{Document, Documents, nearest};
use crate::sections::DockerRegistry;

/// The one registry to serve.
pub(super) fn registry<'a>(
    documents: &'a Documents,
    name: Option<&str>,
) -> Result<(&'a Document, &'a DockerRegistry), Vec<Finding>> {
    let served: Vec<_> = documents.documents.iter().filter_map(served).collect();
    let chosen: Vec<_> = served
        .iter()
        .filter(|(document, _)| name.is_none_or(|name| document.answers_to(name)))
        .collect();
    match (chosen.as_slice(), name) {
        ([one], _) => Ok(**one),
        ([], None) => Err(nothing_to_serve(documents)),
        ([], Some(name)) => Err(vec![unknown(&served, name)]),
        (several, _) => Err(vec![ambiguous(several.iter().map(|(document, _)| *document))]),
    }
}

fn served(document: &Document) -> Option<(&Document, &DockerRegistry)> {
    match &document.spec {
        Spec::DockerRegistry(spec) => Some((document, spec)),
        _ => None,
    }
}

fn nothing_to_serve(documents: &Documents) -> Vec<Finding> {
    let others: Vec<_> = documents
        .documents
        .iter()
        .filter(|document| document.kind().is_registry())
        .collect();
    if others.is_empty() {
        let finding = Finding::new(
            SV_001.code,
            SV_001.level,
            "there is no DockerRegistry among the documents",
        );
        return vec![finding.help("`berth init docker` writes one")];
    }
    let told = others.into_iter().map(|document| {
        let message = format!(
            "a {} is not served, it is deployed to a cluster",
            document.kind().as_str()
        );
        refuse(document, "kind", SV_001, message)
            .help("deploy it to a cluster; for a registry in this process write a DockerRegistry")
    });
    told.collect()
}

fn unknown(served: &[(&Document, &DockerRegistry)], name: &str) -> Finding {
    let names = served.iter().map(|(document, _)| document.base_name.as_str());
    let help = match nearest(name, names.clone()) {
        Some(near) => format!("did you mean `{near}`?"),
        None => format!("these can be served: {}", names.collect::<Vec<_>>().join(", ")),
    };
    Finding::new(
        SV_006.code,
        SV_006.level,
        format!("no DockerRegistry is named `{name}`"),
    )
    .help(help)
}

fn ambiguous<'a>(served: impl Iterator<Item = &'a Document>) -> Finding {
    let names: Vec<_> = served.map(|document| document.base_name.as_str()).collect();
    Finding::new(
        SV_006.code,
        SV_006.level,
        format!("{} registries can be served", names.len()),
    )
    .help(format!("choose one with --registry: {}", names.join(", ")))
}
