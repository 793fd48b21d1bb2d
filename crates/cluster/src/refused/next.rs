use berth_plan::object::ObjectKey;

use super::cause::{Cause, WebhookFault};

impl Cause {
    /// What to do next.
    pub fn next(&self, object: Option<&ObjectKey>) -> String {
        match self {
            Self::Conflict { .. } => {
                "leave these fields to their owner, or take them over by --adopt".to_owned()
            }
            Self::Forbidden { verb, resource, .. } => may(object, verb, resource),
            Self::Escalation { .. } => {
                "ask for these rights, or for the verb `escalate` on roles, then run it again".to_owned()
            }
            Self::Unauthorized { .. } => "log in again, then check it with `kubectl auth whoami`".to_owned(),
            Self::Immutable { .. } => {
                "it has to be deleted and created anew: `berth plan` shows it".to_owned()
            }
            Self::Invalid { .. } => "correct the document, then run `berth check`".to_owned(),
            Self::Webhook { name, fault, .. } => webhook(name, *fault),
            Self::Quota { .. } => {
                "ask for less, or raise it (`kubectl describe quota,limitrange`), then run it again"
                    .to_owned()
            }
            Self::NamespaceTerminating { namespace } => {
                format!("wait until `kubectl get namespace {namespace}` finds nothing, then run it again")
            }
            Self::NamespaceMissing { namespace } => {
                format!("create it with `kubectl create namespace {namespace}`, then run it again")
            }
            Self::KindMissing { .. } => {
                "install what brings its CRD, or switch it off in the document".to_owned()
            }
            Self::NotFound | Self::AlreadyExists | Self::Stale => "plan again".to_owned(),
            Self::NotGone { .. } => "see why its finalizers stay, then run it again".to_owned(),
            Self::TooManyRequests => "run it again in a while".to_owned(),
            Self::TooLarge { .. } => "split what the document puts into it".to_owned(),
            Self::Unreachable { .. } => {
                "check the server and the way there (`kubectl cluster-info`), then run it again: it continues"
                    .to_owned()
            }
            Self::Server { .. } => "look at the server's log, then run it again".to_owned(),
        }
    }
}

fn may(object: Option<&ObjectKey>, verb: &str, resource: &str) -> String {
    let namespace = object.and_then(|key| key.namespace.as_deref());
    let place = namespace.map_or_else(String::new, |namespace| format!(" -n {namespace}"));
    format!("ask for that right (`kubectl auth can-i {verb} {resource}{place}`), then run it again")
}

fn webhook(name: &str, fault: WebhookFault) -> String {
    match fault {
        WebhookFault::Denied => format!("do what {name} asks for, or ask who runs it for an exception"),
        WebhookFault::Failed => format!("ask who runs {name} to bring it back, then run it again"),
        WebhookFault::NoDryRun => format!("ask who runs {name} to declare `sideEffects: None`"),
    }
}
