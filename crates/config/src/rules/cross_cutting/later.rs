//! Rules that need a cluster to be judged. They can be explained before.

use berth_finding::{Phase, Rule};

pub(super) const K_024: Rule = planned(Rule::warning(
    "K-024",
    "more replicas are kept apart than there are nodes to keep them on",
    "\
With a hard rule that no two replicas share a node, those for which no node is left stay pending. Make the rule a
preference, or ask for fewer replicas.
",
));

pub(super) const K_027: Rule = planned(Rule::error(
    "K-027",
    "the namespace's Pod Security level refuses the pods",
    "\
A namespace can enforce the levels baseline or restricted, and a pod that needs more (a product's init container as
root) is never made there. Use another namespace, or the product's settings that need less.
",
));

pub(super) const K_029: Rule = planned(Rule::error(
    "K-029",
    "a field would change that Kubernetes never changes",
    "\
Selectors, the volume claims of a StatefulSet, a Job's pods, a Secret's type and a Service's address are fixed once the
object exists. The object has to be made anew.
",
));

pub(super) const K_030: Rule = planned(Rule::error(
    "K-030",
    "a volume can't be given the size that is asked for",
    "\
Volumes never shrink, and grow only where their storage class allows it. Make a new volume and move the data.
",
));

pub(super) const K_031: Rule = planned(Rule::error(
    "K-031",
    "something that holds data or keys would be removed",
    "\
Volume claims, namespaces, custom resource definitions and secrets that were made once stay unless they are named.
",
));

pub(super) const K_033: Rule = planned(Rule::warning(
    "K-033",
    "an object is asked for whose kind the cluster doesn't know",
    "\
ServiceMonitor, PrometheusRule and Certificate come with the Prometheus operator and cert-manager. Without these, the
object is left out.
",
));

pub(super) const K_034: Rule = planned(Rule::error(
    "K-034",
    "the ingress's certificate isn't for its host, or has expired",
    "\
Clients refuse a certificate for another name or of another time. Fewer than 30 days left are a warning.
",
));

pub(super) const K_036: Rule = planned(Rule::error(
    "K-036",
    "the product would go back to an earlier version",
    "\
Products migrate their database forwards alone; an earlier version doesn't start on it, or damages it. Restore the
backup of that version instead.
",
));

pub(super) const K_037: Rule = planned(Rule::warning(
    "K-037",
    "an upgrade skips versions, or there is no recorded backup",
    "\
Migrations are tested from one minor version to the next. Go step by step, with a backup before each.
",
));

pub(super) const K_038: Rule = planned(Rule::error(
    "K-038",
    "the object belongs to someone else",
    "\
Another tool (a Helm release, another set of objects) keeps this object. Two of them would undo each other's changes.
",
));

/// A rule that is judged when there is a cluster to look at.
const fn planned(rule: Rule) -> Rule {
    Rule {
        phase: Phase::Plan,
        ..rule
    }
}
