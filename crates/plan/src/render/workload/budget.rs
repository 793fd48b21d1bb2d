use serde_json::Value as Json;

use crate::object::{DisruptionBudgetSpec, Object, PodDisruptionBudget};
use crate::render::registry::Component;
use crate::render::{Rendering, codes};

/// How many pods of a component may be away when nodes are drained. Of a component that runs as one pod, that one: to
/// keep it would block every drain.
pub(crate) fn budget(component: &Component<'_>, is_single: bool, rendering: &mut Rendering<'_>) {
    let given = component.registry.workload.pod_disruption_budget;
    let mut spec = one_may_be_away(component, rendering);
    if let Some(given) = given {
        let is_asked = given.min_available.is_some() || given.max_unavailable.is_some();
        if is_single && is_asked {
            let message =
                "there is one pod, so the budget is `maxUnavailable: 1`: any other would block drains";
            rendering
                .tell(
                    component.registry.document,
                    "podDisruptionBudget",
                    codes::RN_005,
                    message,
                )
                .help("leave its numbers out");
        } else if let Some(least) = &given.min_available {
            spec.min_available = Some(number_or_share(least));
            spec.max_unavailable = None;
        } else if let Some(most) = &given.max_unavailable {
            spec.max_unavailable = Some(number_or_share(most));
        }
    }
    add(component, spec, rendering);
}

/// The budget of a component that is one pod whatever the document says of others.
pub(crate) fn budget_of_one(component: &Component<'_>, rendering: &mut Rendering<'_>) {
    let spec = one_may_be_away(component, rendering);
    add(component, spec, rendering);
}

fn one_may_be_away(component: &Component<'_>, rendering: &Rendering<'_>) -> DisruptionBudgetSpec {
    let always = rendering.options.kubernetes.is_at_least(27);
    DisruptionBudgetSpec {
        max_unavailable: Some(1.into()),
        selector: component.selector().into(),
        unhealthy_pod_eviction_policy: always.then_some("AlwaysAllow"),
        ..DisruptionBudgetSpec::default()
    }
}

fn add(component: &Component<'_>, spec: DisruptionBudgetSpec, rendering: &mut Rendering<'_>) {
    let workload = &component.registry.workload;
    if workload.pod_disruption_budget.is_some_and(|given| !given.enabled) {
        return;
    }
    rendering.add(
        component.registry.document,
        Object::new(component.metadata(), &PodDisruptionBudget { spec }),
    );
}

fn number_or_share(text: &str) -> Json {
    text.parse::<i64>().map_or_else(|_| text.into(), Json::from)
}
