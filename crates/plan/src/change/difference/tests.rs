use serde_json::json;

use super::*;

fn paths(before: &Json, after: &Json) -> Vec<String> {
    let changes = difference(before, after);
    changes.into_iter().map(|change| change.path).collect()
}

fn pod(containers: &Json) -> Json {
    json!({"kind": "Deployment", "spec": {"template": {"spec": {"containers": containers}}}})
}

#[test]
fn only_what_differs_is_told_by_its_path() {
    let before = pod(&json!([{"name": "a", "image": "x:1"}, {"name": "b", "image": "y"}]));
    let after = pod(&json!([{"name": "a", "image": "x:2"}, {"name": "b", "image": "y"}]));
    let expected = FieldChange {
        path: "spec.template.spec.containers[a].image".to_owned(),
        shown: Shown::Changed {
            before: json!("x:1"),
            after: json!("x:2"),
        },
    };
    assert_eq!(difference(&before, &after), [expected]);
}

#[test]
fn the_order_of_a_keyed_list_is_no_difference() {
    let before = pod(&json!([{"name": "a"}, {"name": "b"}]));
    let after = pod(&json!([{"name": "b"}, {"name": "a"}]));
    assert_eq!(paths(&before, &after), Vec::<String>::new());
    let plain = |items: Json| json!({"spec": {"args": items}});
    assert_eq!(
        paths(&plain(json!(["a", "b"])), &plain(json!(["b", "a"]))),
        ["spec.args"]
    );
}

#[test]
fn the_same_quantity_written_otherwise_is_no_difference() {
    let with =
        |cpu: Json| pod(&json!([{"name": "a", "resources": {"limits": {"cpu": cpu, "memory": "1Gi"}}}]));
    assert_eq!(
        paths(&with(json!("1000m")), &with(json!("1"))),
        Vec::<String>::new()
    );
    assert_eq!(
        paths(&with(json!("1000m")), &with(json!(1))),
        Vec::<String>::new()
    );
    let expected = ["spec.template.spec.containers[a].resources.limits.cpu"];
    assert_eq!(paths(&with(json!("1000m")), &with(json!("1001m"))), expected);
    // Elsewhere they are texts.
    let named = |name: &str| json!({"spec": {"name": name}});
    assert_eq!(paths(&named("1000m"), &named("1")), ["spec.name"]);
}

#[test]
fn the_values_of_a_secret_are_never_told() {
    let secret = |value: &str| json!({"kind": "Secret", "data": {"a": value, "b": "c2FtZQ=="}});
    let changes = difference(&secret("aHVudGVyMg=="), &secret("Y2FuYXJ5"));
    assert_eq!(changes.len(), 1);
    assert_eq!(changes[0].shown, Shown::Hidden(Presence::Changed));
    let made = difference(&json!({"kind": "Secret"}), &secret("aHVudGVyMg=="));
    assert!(
        made.iter()
            .all(|change| change.shown == Shown::Hidden(Presence::Added))
    );
}

#[test]
fn a_variable_that_is_named_like_a_secret_is_hidden_even_when_its_container_comes_whole() {
    let after = pod(&json!([{"name": "a", "env": [{"name": "DB_PASSWORD", "value": "hunter2"}]}]));
    let changes = difference(&pod(&json!([])), &after);
    assert!(!format!("{changes:?}").contains("hunter2"), "{changes:?}");
}

#[test]
fn a_text_of_several_lines_is_told_line_by_line() {
    let map =
        |level: &str| json!({"kind": "ConfigMap", "data": {"config.yml": format!("a: 1\nlevel: {level}\n")}});
    let changes = difference(&map("info"), &map("debug"));
    let expected = [
        Line::Same("a: 1".to_owned()),
        Line::Removed("level: info".to_owned()),
        Line::Added("level: debug".to_owned()),
    ];
    assert_eq!(changes[0].path, "data[config.yml]");
    assert_eq!(changes[0].shown, Shown::Lines(expected.to_vec()));
}

#[test]
fn what_somebody_else_wrote_is_not_repeated() {
    let live = json!({"kind": "ConfigMap", "data": {"a": "hunter2", "b": "x"}});
    let after = json!({"kind": "ConfigMap", "data": {"a": "mine"}});
    let changes = compared(&live, &after, Secrecy::of(&live).foreign());
    assert!(!format!("{changes:?}").contains("hunter2"), "{changes:?}");
    assert_eq!(changes.len(), 2);
}

#[test]
fn of_what_is_declared_alone_the_servers_defaults_do_not_count() {
    let live = json!({"kind": "Service", "spec": {"clusterIP": "10.0.0.1", "type": "ClusterIP"}});
    let declared = json!({"kind": "Service", "spec": {"type": "LoadBalancer"}});
    let changes = of_declared(&live, &declared, Secrecy::of(&live));
    assert_eq!(changes.len(), 1);
    assert_eq!(changes[0].path, "spec.type");
}
