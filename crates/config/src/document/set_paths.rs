use serde_json::Value as Json;

use super::read::attribute_path;
use super::tree::{Node, Tree};
use super::{Document, is_away};
use crate::section::{Shape, ValueType};

impl Document {
    /// The paths of all known fields that were set on purpose: given, and away from their defaults.
    /// A list or a map of names counts as one field, and so no path holds anything but field names.
    pub fn set_paths(&self) -> Vec<String> {
        self.walk(false)
    }

    /// The same with the fields of each entry of a list, such as `subjects[0].name`.
    pub fn set_paths_in_lists(&self) -> Vec<String> {
        self.walk(true)
    }

    fn walk(&self, into_lists: bool) -> Vec<String> {
        let mut walk = Walk {
            into_lists,
            paths: Vec::new(),
        };
        if let Some(spec) = self.written_spec() {
            walk.section(spec, self.kind().shape(), self.kind().defaults(), "");
        }
        walk.paths
    }
}

struct Walk {
    into_lists: bool,
    paths: Vec<String>,
}

impl Walk {
    fn section(&mut self, node: &Node, shape: &Shape, default: &Json, path: &str) {
        let Tree::Map(entries) = &node.tree else {
            return;
        };
        if entries.is_empty() && default.is_null() {
            self.paths.push(path.to_owned());
        }
        for entry in entries {
            let Some(field) = shape.lookup(&entry.key) else {
                continue;
            };
            let default = default.get(field.name).unwrap_or(&Json::Null);
            let path = attribute_path(path, field.name);
            self.value(&entry.value, &field.value, default, path);
        }
    }

    fn value(&mut self, node: &Node, kind: &ValueType, default: &Json, path: String) {
        match (kind, &node.tree) {
            (ValueType::Section(shape), _) => self.section(node, shape, default, &path),
            (ValueType::List(ValueType::Section(shape)), Tree::List(nodes))
                if self.into_lists && !nodes.is_empty() =>
            {
                for (index, node) in nodes.iter().enumerate() {
                    let path = attribute_path(&path, &format!("[{index}]"));
                    self.section(node, shape, &Json::Null, &path);
                }
            }
            _ if is_away(&node.to_json(), default) => self.paths.push(path),
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::document::{Format, Source, read};

    #[test]
    fn only_names_of_fields_stand_in_paths() {
        let text = "apiVersion: berth.dev/v1\nkind: DockerRegistry\nmetadata: {name: a}\nspec:\n  \
                    replicas: 1\n  storage: {driver: s3, s3: {secretkey: {hunter2: x}, hunter2: x}}\n  \
                    labels: {hunter2: x}\n  proxy: {}\n  notifications: {endpoints: [{url: x}, {}]}\n";
        let source = Source {
            name: "a".to_owned(),
            bytes: text.into(),
            format: Format::Yaml,
        };
        let document = read(&[source]).documents.remove(0);
        let paths = ["storage.driver", "storage.s3.secretkey", "labels", "proxy"];
        assert_eq!(
            document.set_paths(),
            [&paths[..], &["notifications.endpoints"]].concat()
        );
        let within = ["notifications.endpoints[0].url", "notifications.endpoints[1]"];
        assert_eq!(document.set_paths_in_lists(), [&paths[..], &within].concat());
    }
}
