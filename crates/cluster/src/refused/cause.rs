use std::fmt;

/// Why a call was not carried out.
#[derive(Debug, thiserror::Error)]
pub enum Cause {
    /// Other managers own fields that would change.
    #[error("{} owned by another manager", owned(.fields))]
    Conflict {
        /// The fields, each with its owner.
        fields: Vec<OwnedField>,
    },
    /// The user may not do this.
    #[error("{user} may not {verb} {resource}")]
    Forbidden {
        /// Who asked.
        user: String,
        /// The verb of access control, such as `patch`.
        verb: String,
        /// The resource with its group, such as `deployments.apps`.
        resource: String,
    },
    /// A role grants rights that the user does not have.
    #[error("it grants rights that you don't have: {message}")]
    Escalation {
        /// Which rights, in the server's words.
        message: String,
    },
    /// The server doesn't know the user.
    #[error("the server doesn't accept these credentials ({message})")]
    Unauthorized {
        /// The server's words.
        message: String,
    },
    /// Fields that can't be changed once the object exists.
    #[error("{} can't be changed once it exists", listed(.fields))]
    Immutable {
        /// The fields.
        fields: Vec<InvalidField>,
    },
    /// The server finds the object wrong.
    #[error("the server finds it wrong: {}", wrong(.fields, .message))]
    Invalid {
        /// What is wrong, field by field; may be empty.
        fields: Vec<InvalidField>,
        /// The server's words.
        message: String,
    },
    /// An admission webhook, or a policy of admission, stands in the way.
    #[error("the admission webhook {name} {fault}: {message}")]
    Webhook {
        /// Its name.
        name: String,
        /// What it did.
        fault: WebhookFault,
        /// Its words.
        message: String,
    },
    /// A quota or a limit range refuses.
    #[error("the quota refuses: {message}")]
    Quota {
        /// Which, and by how much, in the server's words.
        message: String,
    },
    /// The namespace is being deleted.
    #[error("the namespace {namespace} is being deleted")]
    NamespaceTerminating {
        /// The namespace.
        namespace: String,
    },
    /// The namespace doesn't exist.
    #[error("the namespace {namespace} doesn't exist")]
    NamespaceMissing {
        /// The namespace.
        namespace: String,
    },
    /// The cluster doesn't know the kind.
    #[error("the kind {kind}{} isn't known to this cluster: its CRD is missing", of_group(.group))]
    KindMissing {
        /// The group; empty for the core.
        group: String,
        /// The kind.
        kind: String,
    },
    /// The object doesn't exist.
    #[error("it doesn't exist")]
    NotFound,
    /// The object exists already.
    #[error("it exists already")]
    AlreadyExists,
    /// The object changed since it was read, or is another one of the same name.
    #[error("it changed since it was read")]
    Stale,
    /// It was deleted, and something keeps it from going.
    #[error("it is still there after {seconds} s{}", held(.by))]
    NotGone {
        /// How long was waited.
        seconds: u64,
        /// What holds it: its finalizers.
        by: Vec<String>,
    },
    /// The server has more to do than it takes.
    #[error("the server takes no more requests for now")]
    TooManyRequests,
    /// The object is larger than the server takes.
    #[error("it is too large ({message})")]
    TooLarge {
        /// The server's words.
        message: String,
    },
    /// No answer came.
    #[error("the API server at {address} can't be reached")]
    Unreachable {
        /// Where it should be.
        address: String,
        /// What happened.
        #[source]
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// Anything else the server said.
    #[error("the server answered {code}: {message}")]
    Server {
        /// The HTTP status.
        code: u16,
        /// Its words.
        message: String,
    },
}

/// A field and who owns it.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct OwnedField {
    /// The field, as the server writes it: `.spec.replicas`.
    pub field: String,
    /// The manager.
    pub manager: String,
}

/// A field and what is wrong with it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct InvalidField {
    /// The field, such as `spec.selector`.
    pub field: String,
    /// The server's words, the value left out: it may be secret.
    pub message: String,
}

/// What an admission webhook did.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum WebhookFault {
    /// It said no.
    Denied,
    /// It could not be asked.
    Failed,
    /// It can't be asked by a dry run.
    NoDryRun,
}

impl fmt::Display for WebhookFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Denied => "refuses",
            Self::Failed => "doesn't answer",
            Self::NoDryRun => "takes no dry run",
        })
    }
}

fn owned(fields: &[OwnedField]) -> String {
    let of = |it: &OwnedField| format!("{} ({})", it.field, it.manager);
    format!(
        "{} {}",
        fields.iter().map(of).collect::<Vec<_>>().join(", "),
        if fields.len() == 1 { "is" } else { "are" }
    )
}

fn listed(fields: &[InvalidField]) -> String {
    let names: Vec<_> = fields.iter().map(|it| it.field.as_str()).collect();
    names.join(", ")
}

fn wrong(fields: &[InvalidField], message: &str) -> String {
    if fields.is_empty() {
        return message.to_owned();
    }
    let of = |it: &InvalidField| format!("{}: {}", it.field, it.message);
    fields.iter().map(of).collect::<Vec<_>>().join("; ")
}

fn held(by: &[String]) -> String {
    if by.is_empty() {
        String::new()
    } else {
        format!(", held by {}", by.join(", "))
    }
}

fn of_group(group: &str) -> String {
    if group.is_empty() {
        String::new()
    } else {
        format!(" of {group}")
    }
}
