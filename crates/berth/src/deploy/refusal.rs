use berth_cluster::{Cause, Refused};
use berth_plan::change::{Conflict, Refusal};

/// Why the server refuses, in the plan's words.
pub(super) fn refusal(refused: &Refused) -> Refusal {
    match &*refused.cause {
        Cause::Conflict { fields } => Refusal::Conflict(
            fields
                .iter()
                .map(|owned| Conflict {
                    field: owned.field.clone(),
                    manager: owned.manager.clone(),
                })
                .collect(),
        ),
        Cause::Immutable { fields } => Refusal::Invalid {
            message: "a field is immutable".to_owned(),
            causes: fields
                .iter()
                .map(|field| (field.field.clone(), format!("immutable: {}", field.message)))
                .collect(),
        },
        Cause::Invalid { fields, message } => Refusal::Invalid {
            message: message.clone(),
            causes: fields
                .iter()
                .map(|field| (field.field.clone(), field.message.clone()))
                .collect(),
        },
        cause => Refusal::Other {
            message: cause.to_string(),
            help: refused.next(),
        },
    }
}
