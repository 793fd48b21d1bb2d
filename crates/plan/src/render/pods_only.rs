use super::Rendering;
use super::registry::Registry;
use crate::native::codes;

/// Fields of every registry that say where and how pods run.
const OF_PODS: [&str; 17] = [
    "annotations",
    "autoscaling",
    "backup",
    "cost",
    "exposure",
    "imagePullSecrets",
    "labels",
    "namespace",
    "networkPolicy",
    "persistence",
    "placement",
    "podAnnotations",
    "podDisruptionBudget",
    "podLabels",
    "replicas",
    "securityContext",
    "serviceAccount",
];

impl Registry<'_> {
    /// Tells which of the fields that were set have nothing to apply to on a host: those of every registry, and `more`.
    pub(crate) fn tell_pods_only(&self, more: &[&str], rendering: &mut Rendering<'_>) {
        let fields = OF_PODS
            .iter()
            .chain(more)
            .filter(|field| self.document.is_set(field));
        let fields: Vec<&str> = fields.copied().collect();
        let Some(first) = fields.first() else {
            return;
        };
        let message = format!(
            "not applied on a host, which has no pods: `{}`",
            fields.join("`, `")
        );
        rendering
            .tell(self.document, first, codes::RN_032, message)
            .help("`berth render` without --native applies them to a cluster");
    }
}
