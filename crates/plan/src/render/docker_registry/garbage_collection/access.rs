use super::Recipe;
use crate::object::{Object, PolicyRule, Role, RoleBinding, RoleSubject, ServiceAccount};
use crate::render::Rendering;
use crate::render::registry::Component;

/// The account of the collector, and the little it may do: to this one Deployment, and to look at pods.
pub(super) fn render(
    component: &Component<'_>,
    registry: &Component<'_>,
    recipe: Recipe,
    rendering: &mut Rendering<'_>,
) {
    let document = component.registry.document;
    let name = component.object_name();
    let account = ServiceAccount {
        automount_service_account_token: Some(false),
        ..ServiceAccount::default()
    };
    let role = Role {
        rules: rules(recipe, &registry.object_name()),
    };
    let subject = RoleSubject::service_account(&name, component.registry.namespace);
    let binding = RoleBinding::to_role(&name, vec![subject]);
    rendering.add(document, Object::new(component.metadata(), &account));
    rendering.add(document, Object::new(component.metadata(), &role));
    rendering.add(document, Object::new(component.metadata(), &binding));
}

fn rules(recipe: Recipe, deployment: &str) -> Vec<PolicyRule> {
    match recipe {
        Recipe::Stop => vec![
            PolicyRule::of("apps", &["deployments"], &["get"]).only(deployment),
            PolicyRule::of("apps", &["deployments/scale"], &["get", "update", "patch"]).only(deployment),
            PolicyRule::of("", &["pods"], &["get", "list", "watch"]),
        ],
        Recipe::ReadOnly | Recipe::Open { .. } => {
            vec![
                PolicyRule::of("apps", &["deployments"], &["get", "list", "watch", "patch"]).only(deployment),
            ]
        }
    }
}
