use kube::core::Request;
use kube::core::params::ListParams;
use serde_json::Value as Json;

use crate::Cluster;
use crate::get::malformed;
use crate::kinds::{GroupKind, Resource};
use crate::refused::{Asked, Refused, Verb};
use crate::send::Repeat;

/// How many objects come in one answer.
const PAGE: u32 = 500;

/// Which objects, in the words of the API. Empty texts choose all.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Selector {
    /// A selector of labels, such as `app=registry`.
    pub labels: String,
    /// A selector of fields, such as `involvedObject.name=registry`.
    pub fields: String,
}

impl Selector {
    /// By one label.
    pub fn label(key: &str, value: &str) -> Self {
        Self {
            labels: format!("{key}={value}"),
            fields: String::new(),
        }
    }
}

impl Cluster {
    /// The objects of a kind: of one namespace, or of all.
    ///
    /// # Errors
    /// [`crate::Cause::KindMissing`], and whatever keeps the server from answering.
    pub async fn list(
        &self,
        kind: &GroupKind,
        namespace: Option<&str>,
        selector: &Selector,
    ) -> Result<Vec<Json>, Refused> {
        let place = namespace.map_or_else(String::new, |namespace| format!(" in {namespace}"));
        let asked = Asked::about(Verb::List, format!("objects of {kind}{place}"));
        let resource = self.resource_for(&asked, kind, None).await?;
        let request = Request::new(resource.path(namespace));
        let mut params = ListParams::default().limit(PAGE);
        params.label_selector = Some(selector.labels.clone()).filter(|it| !it.is_empty());
        params.field_selector = Some(selector.fields.clone()).filter(|it| !it.is_empty());
        let mut found = Vec::new();
        loop {
            let call = request.list(&params);
            let call = call.map_err(|source| asked.refused(malformed(&source)))?;
            let mut page = self.send_json(&asked, call, Repeat::Safe).await?;
            if let Json::Array(items) = page["items"].take() {
                found.extend(items.into_iter().map(|item| with_kind(item, &resource)));
            }
            match page.pointer("/metadata/continue").and_then(Json::as_str) {
                Some(token) if !token.is_empty() => params.continue_token = Some(token.to_owned()),
                _ => return Ok(found),
            }
        }
    }
}

/// An item of a list doesn't say what it is.
fn with_kind(mut item: Json, resource: &Resource) -> Json {
    item["apiVersion"] = resource.api_version().into();
    item["kind"] = resource.api.kind.as_str().into();
    item
}
