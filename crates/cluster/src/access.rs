use serde_json::{Value as Json, json};

use crate::Cluster;
use crate::refused::{Asked, Refused, Verb};
use crate::send::Repeat;

/// What someone would do.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Question {
    /// The verb, such as `patch`.
    pub verb: String,
    /// The group of the resource; empty for the core group.
    pub group: String,
    /// The resource, such as `deployments`, or `pods/log`.
    pub resource: String,
    /// The namespace; all without it.
    pub namespace: Option<String>,
    /// One object; all without it.
    pub name: Option<String>,
}

/// Whether they may.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Access {
    /// Whether they may.
    pub allowed: bool,
    /// Why, where the server says it.
    pub reason: String,
}

impl Cluster {
    /// Whether the user of this connection may do something. Nothing is done.
    ///
    /// # Errors
    /// Whatever keeps the server from answering.
    pub async fn may(&self, question: &Question) -> Result<Access, Refused> {
        let asked = Asked::about(
            Verb::Get,
            format!("your right to {} {}", question.verb, question.resource),
        );
        let call = http::Request::post("/apis/authorization.k8s.io/v1/selfsubjectaccessreviews")
            .header(http::header::CONTENT_TYPE, "application/json")
            .body(review(question).to_string().into_bytes());
        let call = call.map_err(|source| asked.refused(self.unreachable(source)))?;
        // A review is answered and forgotten.
        let answer = self.send_json(&asked, call, Repeat::Safe).await?;
        Ok(Access {
            allowed: answer.pointer("/status/allowed") == Some(&Json::Bool(true)),
            reason: answer
                .pointer("/status/reason")
                .and_then(Json::as_str)
                .unwrap_or_default()
                .to_owned(),
        })
    }
}

fn review(question: &Question) -> Json {
    let (resource, beneath) = question
        .resource
        .split_once('/')
        .unwrap_or((&question.resource, ""));
    json!({
        "apiVersion": "authorization.k8s.io/v1",
        "kind": "SelfSubjectAccessReview",
        "spec": {"resourceAttributes": {
            "verb": question.verb,
            "group": question.group,
            "resource": resource,
            "subresource": beneath,
            "namespace": question.namespace.as_deref().unwrap_or_default(),
            "name": question.name.as_deref().unwrap_or_default(),
        }},
    })
}
