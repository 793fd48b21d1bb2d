//! What the server says when it refuses: a `Status` with a reason, causes and words, told apart into a [`Cause`].

use serde_json::Value as Json;

use super::Asked;
use super::cause::{Cause, InvalidField, OwnedField, WebhookFault};

/// Words by which the server says that a field can't change after creation. Its reasons don't tell that apart.
const IMMUTABLE: &[&str] = &[
    "field is immutable",
    "is immutable after creation",
    "are immutable",
    "may not change once set",
    "may not be changed",
    "cannot change roleRef",
    "cannot be changed",
    "updates to statefulset spec for fields other than",
    "updates to parameters are forbidden",
    "updates to provisioner are forbidden",
    "updates to reclaimPolicy are forbidden",
    "field can not be less than previous value",
    "field can not be less than status.capacity",
    "may not be mutated",
];

/// The parts of a `Status`.
struct Status<'a> {
    code: u16,
    reason: &'a str,
    message: &'a str,
    details: &'a Json,
}

impl Cause {
    /// The cause behind an answer that is no success.
    pub(crate) fn of(asked: &Asked, code: u16, body: &[u8]) -> Self {
        let json: Json = serde_json::from_slice(body).unwrap_or_default();
        let text = String::from_utf8_lossy(body);
        let status = Status {
            code,
            reason: json["reason"].as_str().unwrap_or_default(),
            message: json["message"].as_str().unwrap_or_else(|| text.trim()),
            details: &json["details"],
        };
        match code {
            401 => Self::Unauthorized {
                message: status.message.to_owned(),
            },
            413 => Self::TooLarge {
                message: status.message.to_owned(),
            },
            429 => Self::TooManyRequests,
            _ => status.webhook().unwrap_or_else(|| match code {
                403 => status.forbidden(asked),
                404 => status.not_found(asked),
                409 => status.conflict(),
                400 | 422 => status.invalid(),
                _ => status.server(),
            }),
        }
    }
}

impl Status<'_> {
    fn causes(&self) -> impl Iterator<Item = Fault<'_>> {
        let causes = self.details["causes"].as_array().map_or(&[][..], Vec::as_slice);
        causes.iter().map(|cause| Fault {
            reason: cause["reason"].as_str().unwrap_or_default(),
            message: cause["message"].as_str().unwrap_or_default(),
            field: cause["field"].as_str().unwrap_or_default(),
        })
    }

    /// Admission webhooks answer with any status; only the words tell them. Policies of admission are alike.
    fn webhook(&self) -> Option<Cause> {
        let found = |name: &str, fault, message: &str| {
            Some(Cause::Webhook {
                name: name.to_owned(),
                fault,
                message: message.trim().to_owned(),
            })
        };
        if let Some((name, rest)) = quoted_after(self.message, "admission webhook ") {
            if let Some(words) = rest.strip_prefix(" denied the request") {
                return found(name, WebhookFault::Denied, words.trim_start_matches([':', ' ']));
            }
            if rest.contains("does not support dry run") {
                return found(name, WebhookFault::NoDryRun, "it declares side effects");
            }
        }
        if let Some((name, rest)) = quoted_after(self.message, "failed calling webhook ") {
            return found(name, WebhookFault::Failed, rest.trim_start_matches([':', ' ']));
        }
        let (name, rest) = quoted_after(self.message, "ValidatingAdmissionPolicy ")?;
        let (_, words) = rest.split_once("denied request: ")?;
        found(name, WebhookFault::Denied, words)
    }

    fn forbidden(&self, asked: &Asked) -> Cause {
        let message = self.message;
        if let Some(cause) = self.causes().find(|it| it.reason == "NamespaceTerminating") {
            let (_, named) = cause.message.split_once("namespace ").unwrap_or_default();
            let named = named.split_whitespace().next().map(str::to_owned);
            return Cause::NamespaceTerminating {
                namespace: named.unwrap_or_else(|| namespace_of(asked)),
            };
        }
        if message.contains("because it is being terminated") {
            return Cause::NamespaceTerminating {
                namespace: namespace_of(asked),
            };
        }
        if let Some((_, words)) =
            message.split_once("is attempting to grant RBAC permissions not currently held")
        {
            return Cause::Escalation {
                message: one_line(words.trim_start_matches([':', '\n'])),
            };
        }
        if let Some(right) = denied_right(message) {
            return right;
        }
        if let Some(words) = quota(message) {
            return Cause::Quota { message: words };
        }
        Cause::Invalid {
            fields: Vec::new(),
            message: after_forbidden(message).to_owned(),
        }
    }

    fn not_found(&self, asked: &Asked) -> Cause {
        let kind = self.details["kind"].as_str().unwrap_or_default();
        let name = self.details["name"].as_str().unwrap_or_default();
        let asked_for_it = asked.object.as_ref().is_some_and(|it| it.kind == "Namespace");
        if kind == "namespaces" && !asked_for_it {
            return Cause::NamespaceMissing {
                namespace: name.to_owned(),
            };
        }
        if !name.is_empty() {
            return Cause::NotFound;
        }
        match &asked.object {
            Some(key) => Cause::KindMissing {
                group: key.group.to_string(),
                kind: key.kind.to_string(),
            },
            None => Cause::NotFound,
        }
    }

    fn conflict(&self) -> Cause {
        let owned = self.causes().filter(|it| it.reason == "FieldManagerConflict");
        let mut fields: Vec<_> = owned
            .map(|it| OwnedField {
                field: it.field.to_owned(),
                manager: quoted_after(it.message, "conflict with ")
                    .map_or(it.message, |(name, _)| name)
                    .to_owned(),
            })
            .collect();
        fields.sort();
        fields.dedup();
        match self.reason {
            _ if !fields.is_empty() => Cause::Conflict { fields },
            "AlreadyExists" => Cause::AlreadyExists,
            // A quota's own bookkeeping lost a race: nothing is wrong with the object.
            _ if self.message.contains("resourcequotas") => Cause::TooManyRequests,
            _ => Cause::Stale,
        }
    }

    fn invalid(&self) -> Cause {
        let fields: Vec<_> = self.causes().map(|it| it.as_field()).collect();
        let (frozen, rest): (Vec<_>, Vec<_>) = fields.into_iter().partition(|it| is_immutable(&it.message));
        // A uid that was asked for and is not the object's: another object has taken its name.
        if frozen.iter().any(|it| it.field == "metadata.uid") {
            return Cause::Stale;
        }
        if !frozen.is_empty() && rest.is_empty() {
            return Cause::Immutable { fields: frozen };
        }
        let fields = frozen.into_iter().chain(rest).collect();
        Cause::Invalid {
            fields,
            message: without_values(self.message),
        }
    }

    fn server(&self) -> Cause {
        // What doesn't fit an object's schema is an internal error to the server when it merges fields.
        if self.message.contains("field not declared in schema")
            || self.message.contains("failed to create typed")
        {
            return self.invalid();
        }
        Cause::Server {
            code: self.code,
            message: without_values(self.message),
        }
    }
}

/// One cause of a `Status`.
struct Fault<'a> {
    reason: &'a str,
    message: &'a str,
    field: &'a str,
}

impl Fault<'_> {
    fn as_field(&self) -> InvalidField {
        InvalidField {
            field: self.field.to_owned(),
            message: without_values(self.message),
        }
    }
}

fn is_immutable(message: &str) -> bool {
    IMMUTABLE.iter().any(|words| message.contains(words))
}

fn namespace_of(asked: &Asked) -> String {
    let namespace = asked.object.as_ref().and_then(|key| key.namespace.clone());
    namespace.unwrap_or_default()
}

/// `User "jane" cannot patch resource "deployments" in API group "apps" in the namespace "n"`.
fn denied_right(message: &str) -> Option<Cause> {
    let (user, rest) = quoted_after(message, "User ")?;
    let rest = rest.strip_prefix(" cannot ")?;
    let (verb, rest) = rest.split_once(' ')?;
    if let Some((resource, rest)) = quoted_after(rest, "resource ") {
        let group = quoted_after(rest, "in API group ").map_or("", |(group, _)| group);
        let dot = if group.is_empty() { "" } else { "." };
        return Some(Cause::Forbidden {
            user: user.to_owned(),
            verb: verb.to_owned(),
            resource: format!("{resource}{dot}{group}"),
        });
    }
    let (path, _) = quoted_after(rest, "path ")?;
    Some(Cause::Forbidden {
        user: user.to_owned(),
        verb: verb.to_owned(),
        resource: path.to_owned(),
    })
}

fn quota(message: &str) -> Option<String> {
    const QUOTA: &[&str] = &[
        "exceeded quota:",
        "failed quota:",
        "insufficient quota",
        "maximum cpu",
        "maximum memory",
        "maximum storage",
        "minimum cpu",
        "minimum memory",
        "minimum storage",
        "limit to request ratio",
    ];
    let start = QUOTA.iter().find_map(|words| message.find(words))?;
    Some(message[start..].to_owned())
}

/// What follows `is forbidden: `, in which the object is named once more.
fn after_forbidden(message: &str) -> &str {
    message
        .split_once("is forbidden: ")
        .map_or(message, |(_, words)| words)
}

/// The quoted text that follows some words, and what follows it.
fn quoted_after<'a>(text: &'a str, words: &str) -> Option<(&'a str, &'a str)> {
    let (_, rest) = text.split_once(words)?;
    let quote = rest.chars().next().filter(|it| matches!(it, '"' | '\''))?;
    rest[1..].split_once(quote)
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The server's words without the values that it repeats: `Invalid value: "…": must be …`. They may be secret.
fn without_values(message: &str) -> String {
    const BEFORE_A_VALUE: &[&str] = &["Invalid value: ", "Unsupported value: ", "Duplicate value: "];
    let message = message.split_once(", got ").map_or(message, |(words, _)| words);
    let mut kept = String::new();
    let mut rest = message;
    while let Some((start, words)) = BEFORE_A_VALUE
        .iter()
        .filter_map(|words| Some((rest.find(words)?, *words)))
        .min()
    {
        let (before, after) = rest.split_at(start + words.len());
        kept.push_str(before.trim_end_matches(": "));
        rest = after_value(after);
    }
    kept.push_str(rest);
    kept
}

/// What follows a value: quoted, or anything up to the next `: `.
fn after_value(text: &str) -> &str {
    if let Some(quoted) = text.strip_prefix('"') {
        let mut escaped = false;
        for (at, c) in quoted.char_indices() {
            match c {
                _ if escaped => escaped = false,
                '\\' => escaped = true,
                '"' => return &quoted[at + 1..],
                _ => {}
            }
        }
        return "";
    }
    // A structure holds `: ` itself; the server's own words come after the last.
    text.rfind(": ").map_or("", |at| &text[at..])
}

#[cfg(test)]
mod tests;
