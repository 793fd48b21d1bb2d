use crate::object::{Object, PolicyRule, Role, RoleBinding, RoleSubject, ServiceAccount};
use crate::render::Rendering;
use crate::render::registry::Component;

/// The account of a run, and the little it may do: to this one Deployment, and to look at pods.
pub(super) fn render(component: &Component<'_>, registry: &Component<'_>, rendering: &mut Rendering<'_>) {
    let document = component.registry.document;
    let name = component.object_name();
    let account = ServiceAccount {
        automount_service_account_token: Some(false),
        ..ServiceAccount::default()
    };
    let deployment = registry.object_name();
    let role = Role {
        rules: vec![
            PolicyRule::of("apps", &["deployments"], &["get", "patch"]).only(&deployment),
            PolicyRule::of("", &["pods"], &["get", "list"]),
        ],
    };
    let subject = RoleSubject::service_account(&name, component.registry.namespace);
    let binding = RoleBinding::to_role(&name, vec![subject]);
    rendering.add(document, Object::new(component.metadata(), &account));
    rendering.add(document, Object::new(component.metadata(), &role));
    rendering.add(document, Object::new(component.metadata(), &binding));
}
