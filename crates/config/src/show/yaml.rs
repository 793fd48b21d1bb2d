use std::fmt::Write;

use serde_json::Value as Json;

/// JSON as YAML in block style. Text that YAML could take for something else is quoted; text of several lines
/// stands as it is, where YAML can hold it so.
pub fn to_yaml(json: &Json) -> String {
    let mut text = String::new();
    match json {
        Json::Object(fields) if !fields.is_empty() => block(json, 0, &mut text),
        Json::Array(values) if !values.is_empty() => block(json, 0, &mut text),
        _ => {
            scalar(json, &mut text);
            text.push('\n');
        }
    }
    text
}

/// The fields of a map as YAML, as [`to_yaml`] writes them, wherever each of them lies.
pub fn fields_to_yaml<'a>(fields: impl IntoIterator<Item = (&'a str, &'a Json)>) -> String {
    let mut text = String::new();
    entries(fields, 0, &mut text);
    text
}

fn block(json: &Json, depth: usize, text: &mut String) {
    match json {
        Json::Object(fields) => {
            entries(
                fields.iter().map(|(key, value)| (key.as_str(), value)),
                depth,
                text,
            );
        }
        Json::Array(values) => {
            for (index, value) in values.iter().enumerate() {
                if index > 0 || !text.ends_with("- ") {
                    indent(depth, text);
                }
                text.push('-');
                if is_block(value) {
                    text.push(' ');
                    block(value, depth + 1, text);
                } else {
                    after(value, depth, text);
                }
            }
        }
        _ => {}
    }
}

fn entries<'a>(fields: impl IntoIterator<Item = (&'a str, &'a Json)>, depth: usize, text: &mut String) {
    for (index, (key, value)) in fields.into_iter().enumerate() {
        if index > 0 || !text.ends_with("- ") {
            indent(depth, text);
        }
        plain_or_quoted(key, text);
        text.push(':');
        after(value, depth, text);
    }
}

fn after(value: &Json, depth: usize, text: &mut String) {
    if is_block(value) {
        text.push('\n');
        block(value, depth + 1, text);
    } else if let Some(lines) = value.as_str().filter(|text| is_literal(text)) {
        literal(lines, depth + 1, text);
    } else {
        text.push(' ');
        scalar(value, text);
        text.push('\n');
    }
}

/// Whether a text can stand line by line: printable, not indented at its start, ended once at most.
fn is_literal(text: &str) -> bool {
    text.trim_end_matches('\n').contains('\n')
        && !text.ends_with("\n\n")
        && !text.starts_with([' ', '\n'])
        && text
            .chars()
            .all(|c| c == '\n' || !(c.is_control() || c == '\u{feff}'))
        && !text.contains(['\u{2028}', '\u{2029}'])
}

fn literal(lines: &str, depth: usize, text: &mut String) {
    text.push_str(if lines.ends_with('\n') { " |\n" } else { " |-\n" });
    for line in lines.lines() {
        if !line.is_empty() {
            indent(depth, text);
        }
        text.push_str(line);
        text.push('\n');
    }
}

fn is_block(value: &Json) -> bool {
    match value {
        Json::Object(fields) => !fields.is_empty(),
        Json::Array(values) => !values.is_empty(),
        _ => false,
    }
}

fn indent(depth: usize, text: &mut String) {
    for _ in 0..depth {
        text.push_str("  ");
    }
}

fn scalar(value: &Json, text: &mut String) {
    match value {
        Json::String(value) => plain_or_quoted(value, text),
        Json::Object(_) => text.push_str("{}"),
        Json::Array(_) => text.push_str("[]"),
        other => json(other, text),
    }
}

fn json(value: &Json, text: &mut String) {
    // Writing to a string doesn't fail.
    let _ = write!(text, "{value}");
}

/// Words that YAML, old or new, doesn't take for text.
const WORDS: [&str; 12] = [
    "true", "false", "null", "yes", "no", "on", "off", "y", "n", "~", ".nan", ".inf",
];

fn plain_or_quoted(value: &str, text: &mut String) {
    let begins_like_text = value.starts_with(|c: char| c.is_ascii_alphabetic() || c == '/');
    let is_plain = begins_like_text
        && value
            .bytes()
            .all(|c| c.is_ascii_alphanumeric() || b"/._-@+".contains(&c))
        && !WORDS.iter().any(|word| value.eq_ignore_ascii_case(word));
    if is_plain {
        text.push_str(value);
    } else {
        json(&Json::from(value), text);
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn yaml_is_read_back_as_the_same_json() {
        let json = json!({
            "a": {"b": [1, "2", {"c": true, "d": [[], {}]}], "no": "yes", "x y": ": #"},
            "version": "2.8", "image": "registry:2.8", "empty": "", "none": null, "list": [["a"]],
            "control": "a\u{7}b\nc", "lines": "a: 1\n\n  b\n", "open": ["a\n b"], "ends": "a\n\n", "starts": " a\nb",
            "only": "a\n", "path": "/var/lib", "neg": -1,
        });
        let yaml = to_yaml(&json);
        let root = crate::document::parse_for_tests(&yaml);
        assert_eq!(root.to_json(), json, "{yaml}");
    }
}
