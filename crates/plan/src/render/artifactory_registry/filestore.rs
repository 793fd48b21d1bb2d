use std::fmt::Write as _;

use berth_config::sections::ArtifactoryFilestore;
use berth_config::value::SecretValue;

use super::settled::Settled;

/// The file that says where files are kept.
pub(super) const FILE: &str = "binarystore.xml";
/// What stands for the keys until the pod starts: they never lie in a ConfigMap.
pub(super) const IDENTITY: &str = "@IDENTITY@";
pub(super) const CREDENTIAL: &str = "@CREDENTIAL@";

/// Where files are kept, for all but Artifactory's own default.
pub(super) fn binary_store(settled: &Settled<'_>) -> Option<String> {
    let store = settled.spec.filestore.as_ref()?;
    let kind = store.kind.as_str();
    let (provider, elements) = match kind {
        "" | "file-system" | "cluster-file-system" | "nfs" => ("file-system", file_elements(store)),
        kind if kind.contains("s3") => ("s3-storage-v3", s3_elements(store)),
        kind if kind.contains("azure") => ("azure-blob-storage-v2", azure_elements(store)),
        kind if kind.contains("google") => ("google-storage-v2", google_elements(store)),
        _ => return None,
    };
    if elements.is_empty() && ["", "file-system"].contains(&kind) {
        return None;
    }
    let template = if kind.is_empty() || kind == "nfs" {
        "file-system"
    } else {
        kind
    };
    let mut xml = format!(
        "<config version=\"2\">\n  <chain template=\"{}\"/>\n",
        escaped(template)
    );
    if !elements.is_empty() {
        // Writing to a string doesn't fail.
        let _ = writeln!(xml, "  <provider id=\"{provider}\" type=\"{provider}\">");
        for (name, value) in elements {
            let _ = writeln!(xml, "    <{name}>{}</{name}>", escaped(&value));
        }
        xml.push_str("  </provider>\n");
    }
    xml.push_str("</config>\n");
    Some(xml)
}

type Elements = Vec<(&'static str, String)>;

fn file_elements(store: &ArtifactoryFilestore) -> Elements {
    optional([("fileStoreDir", &store.path)])
}

fn s3_elements(store: &ArtifactoryFilestore) -> Elements {
    let default = store
        .region
        .as_ref()
        .map(|region| format!("s3.{region}.amazonaws.com"));
    let endpoint = store.endpoint.as_deref().map(|endpoint| {
        let rest = endpoint.split_once("://").map_or(endpoint, |(_, rest)| rest);
        rest.trim_end_matches('/').to_owned()
    });
    let endpoint = endpoint.or(default);
    let is_plain = store
        .endpoint
        .as_deref()
        .is_some_and(|endpoint| endpoint.starts_with("http://"));
    let mut elements = optional([
        ("endpoint", &endpoint),
        ("bucketName", &store.bucket),
        ("region", &store.region),
        ("path", &store.path),
    ]);
    if is_plain {
        elements.push(("useHttp", "true".to_owned()));
    }
    if is_given(store.identity.as_ref()) {
        elements.push(("identity", IDENTITY.to_owned()));
        elements.push(("credential", CREDENTIAL.to_owned()));
    } else {
        elements.push(("useInstanceCredentials", "true".to_owned()));
    }
    elements
}

fn azure_elements(store: &ArtifactoryFilestore) -> Elements {
    let mut elements = optional([("endpoint", &store.endpoint), ("containerName", &store.bucket)]);
    if is_given(store.identity.as_ref()) {
        elements.push(("accountName", IDENTITY.to_owned()));
        elements.push(("accountKey", CREDENTIAL.to_owned()));
    }
    elements
}

fn google_elements(store: &ArtifactoryFilestore) -> Elements {
    let mut elements = optional([
        ("endpoint", &store.endpoint),
        ("bucketName", &store.bucket),
        ("path", &store.path),
    ]);
    if is_given(store.identity.as_ref()) {
        elements.push(("identity", IDENTITY.to_owned()));
        elements.push(("credential", CREDENTIAL.to_owned()));
    } else {
        elements.push(("useInstanceCredentials", "true".to_owned()));
    }
    elements
}

fn optional<const N: usize>(fields: [(&'static str, &Option<String>); N]) -> Elements {
    let given = fields
        .into_iter()
        .filter_map(|(name, value)| Some((name, value.clone()?)));
    given.filter(|(_, value)| !value.is_empty()).collect()
}

fn is_given(secret: Option<&SecretValue>) -> bool {
    secret.is_some_and(|secret| !secret.is_empty())
}

/// Text as XML takes it.
pub(super) fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
}
