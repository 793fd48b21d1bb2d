//! Webhooks of projects, as this declaration wants them.

use berth_finding::Rule;

use crate::rules::Out;
use crate::sections::{HarborRegistry, HarborWebhook};

pub(super) const HB_069: Rule = Rule::error(
    "HB-069",
    "a webhook's address, type or events can't work",
    "\
Harbor sends to `http` (a JSON body) or `slack`, to an http or https address, and for events that it knows, such as
PUSH_ARTIFACT, DELETE_ARTIFACT and SCANNING_COMPLETED. Without an event it never fires, nor with `notificationEnable: false`.

    projects:
      - name: team-a
        webhooks: [{name: ci, type: http, endpoint: \"https://ci.example.com/hook\", events: [PUSH_ARTIFACT]}]
",
);

pub(super) fn check(harbor: &HarborRegistry, out: &mut Out<'_, '_>) {
    for (project, index, webhook) in harbor.projects.iter().enumerate().flat_map(|(project, it)| {
        it.webhooks
            .iter()
            .enumerate()
            .map(move |(index, webhook)| (project, index, webhook))
    }) {
        hb_069_webhook(webhook, &format!("projects[{project}].webhooks[{index}]"), out);
    }
    let silenced = harbor
        .configuration
        .as_ref()
        .and_then(|it| it.notification_enable)
        == Some(false);
    if silenced && harbor.projects.iter().any(|project| !project.webhooks.is_empty()) {
        out.at(
            "configuration.notificationEnable",
            HB_069,
            "webhooks are declared, and none is ever sent",
        )
        .help("set it to true, or take the webhooks out");
    }
}

/// What Harbor tells webhooks.
const EVENTS: [&str; 10] = [
    "PUSH_ARTIFACT",
    "PULL_ARTIFACT",
    "DELETE_ARTIFACT",
    "SCANNING_COMPLETED",
    "SCANNING_FAILED",
    "SCANNING_STOPPED",
    "QUOTA_EXCEED",
    "QUOTA_WARNING",
    "REPLICATION",
    "TAG_RETENTION",
];

fn hb_069_webhook(webhook: &HarborWebhook, at: &str, out: &mut Out<'_, '_>) {
    if webhook.endpoint.is_empty() {
        out.at(&format!("{at}.endpoint"), HB_069, "the webhook has no address")
            .help("such as https://ci.example.com/hook");
    }
    if webhook
        .kind
        .as_deref()
        .is_some_and(|kind| !["http", "slack"].contains(&kind))
    {
        out.at(
            &format!("{at}.type"),
            HB_069,
            "the type of the webhook is none that Harbor knows",
        )
        .help("http or slack");
    }
    if webhook.events.is_empty() {
        out.at(
            &format!("{at}.events"),
            HB_069,
            "the webhook has no event, and never fires",
        )
        .help("such as [PUSH_ARTIFACT]");
    }
    for (index, event) in webhook.events.iter().enumerate() {
        if !EVENTS.contains(&event.as_str()) {
            out.at(
                &format!("{at}.events[{index}]"),
                HB_069,
                format!("Harbor knows no event `{event}`"),
            )
            .help(format!("one of {}", EVENTS.join(", ")));
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::rules::harbor_registry::trial::{fires, silent};

    #[test]
    fn hb_069_fires_on_a_webhook_that_can_not_work_and_not_otherwise() {
        let hook = |fields: &str| format!("projects: [{{name: a, webhooks: [{{name: w, {fields}}}]}}]");
        fires(
            "HB-069",
            &[
                &hook("events: [PUSH_ARTIFACT]"),
                &hook("endpoint: 'ci.example.com', events: [PUSH_ARTIFACT]"),
                &hook("endpoint: 'https://ci.example.com', events: []"),
                &hook("endpoint: 'https://ci.example.com', events: [PUSHED]"),
                &hook("endpoint: 'https://ci.example.com', type: mail, events: [PUSH_ARTIFACT]"),
            ],
        );
        let right = hook("endpoint: 'https://ci.example.com', type: http, events: [PUSH_ARTIFACT]");
        silent("HB-069", &[&right, "{}"]);
        fires(
            "HB-069",
            &[&format!("{right}\nconfiguration: {{notificationEnable: false}}")],
        );
    }
}
