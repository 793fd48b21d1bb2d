use std::fmt::Write as _;

/// Variables as a file that systemd, Compose and a shell read alike.
pub(super) fn environment_file(variables: &[(String, String)]) -> String {
    let mut text = String::new();
    for (name, value) in variables {
        // Writing to a string doesn't fail.
        let _ = writeln!(text, "{name}={}", quoted(value));
    }
    text
}

/// A value as all three take it: bare, in single quotes, where nothing is special, or in double quotes.
fn quoted(value: &str) -> String {
    let is_plain = |letter: char| letter.is_ascii_alphanumeric() || "_./:@%+,=?-".contains(letter);
    if value.chars().all(is_plain) {
        return value.to_owned();
    }
    if !value.contains('\'') {
        return format!("'{value}'");
    }
    let mut escaped = String::from("\"");
    for letter in value.chars() {
        if "\"\\$`".contains(letter) {
            escaped.push('\\');
        }
        escaped.push(letter);
    }
    escaped + "\""
}

#[cfg(test)]
mod tests {
    use std::process::Command;

    use super::*;

    #[test]
    fn a_shell_reads_the_values_that_were_written() {
        let values = [
            "plain",
            "",
            "with space",
            "it's $HOME and `this` and \"that\" and \\n",
            "two\nlines",
            "#no comment",
            "a=b;c|d&e",
            "$dollar",
        ];
        let variables: Vec<_> = values
            .iter()
            .enumerate()
            .map(|(index, value)| (format!("V{index}"), (*value).to_owned()))
            .collect();
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("env");
        std::fs::write(&path, environment_file(&variables)).unwrap();
        for (name, value) in &variables {
            let script = format!(". {}; printf %s \"${name}\"", path.display());
            let output = Command::new("sh").args(["-c", &script]).output().unwrap();
            assert_eq!(String::from_utf8(output.stdout).unwrap(), *value, "{name}");
        }
    }
}
