//! Who may use it, and which policies hold over it.

use berth_config::{Kind, Spec, policies_for};

use super::{Question, Reply};

pub(super) fn authentication(question: &Question<'_>) -> Reply {
    let on = match &question.document.spec {
        Spec::DockerRegistry(spec) => spec.auth.enabled,
        // The other products know no way without.
        _ => true,
    };
    if !on {
        return Reply::fail(
            "`auth.enabled` is false: whoever reaches it may push and pull",
            "set `auth.enabled: true`; without users, the password of `admin` is made once",
        );
    }
    match question.error(&["K-008", "DR-036", "DR-037"]) {
        Some(finding) => Reply::fail(
            finding.message.clone(),
            finding
                .help
                .clone()
                .unwrap_or_else(|| format!("berth explain {}", finding.code)),
        ),
        None => Reply::pass("on"),
    }
}

pub(super) fn scanning(question: &Question<'_>) -> Reply {
    if let Spec::HarborRegistry(spec) = &question.document.spec
        && spec.trivy.enabled
    {
        return Reply::pass("Harbor's own Trivy");
    }
    by_policy(question, Kind::ImageScanPolicy, "no scan policy applies to it")
}

pub(super) fn retention(question: &Question<'_>) -> Reply {
    by_policy(
        question,
        Kind::ImageRetentionPolicy,
        "no retention policy applies to it",
    )
}

/// Policies of a kind: declared is not yet enforced, and the answer says which of the two it is.
fn by_policy(question: &Question<'_>, kind: Kind, without: &str) -> Reply {
    let policies = policies_for(question.documents, question.document, kind);
    let Some(first) = policies.first() else {
        return Reply::yours(without, format!("declare one: berth init {}", kind.as_str()));
    };
    Reply::yours(
        format!(
            "{} is declared; nothing on the cluster enforces it yet",
            first.title()
        ),
        "enforce it by the product's own means until Berth does",
    )
}
