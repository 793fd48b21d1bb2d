//! What may be told of what Nix says when it fails.

/// The error and its place. Left out are the source lines that Nix shows, what a file traces, and every value that a
/// message quotes, as all of them can hold secrets.
pub(super) fn told(stderr: &str) -> String {
    let mut reader = Reader::default();
    for line in stderr.lines().map(str::trim) {
        reader.read(line);
    }
    let message = without_values(&reader.message.join(" "));
    match (message.is_empty(), reader.place) {
        (true, _) => "Nix gives no reason".to_owned(),
        (false, Some(place)) => format!("{message}, at {place}"),
        (false, None) => message,
    }
}

#[derive(Default)]
struct Reader {
    message: Vec<String>,
    place: Option<String>,
    in_message: bool,
}

impl Reader {
    fn read(&mut self, line: &str) {
        if let Some(message) = line.strip_prefix("error:") {
            // The last one counts: what newer versions print before it is how they came there.
            *self = Self::default();
            self.in_message = true;
            self.push(message.trim());
        } else if let Some(place) = place(line) {
            if !self.message.is_empty() {
                self.place.get_or_insert_with(|| place.to_owned());
            }
            self.in_message = false;
        } else if line.is_empty() || line.starts_with(['…', '(']) {
            self.in_message = self.in_message && self.message.is_empty();
        } else if self.in_message && !is_source(line) {
            self.push(line);
        }
    }

    fn push(&mut self, line: &str) {
        if !line.is_empty() {
            self.message.push(line.to_owned());
        }
    }
}

/// `FILE:LINE:COLUMN` of a line `at FILE:LINE:COLUMN:`.
fn place(line: &str) -> Option<&str> {
    let place = line.strip_prefix("at ")?;
    let place = place.strip_suffix(':').unwrap_or(place);
    let mut parts = place.rsplitn(3, ':');
    let mut is_number = || parts.next().is_some_and(|part| part.parse::<u32>().is_ok());
    (is_number() && is_number()).then_some(place)
}

/// A line of a source, as Nix (`2| text`) and its reader of TOML (`2 | text`, `--> file`) show it.
fn is_source(line: &str) -> bool {
    let rest = line.trim_start_matches(|letter: char| letter.is_ascii_digit());
    rest.trim_start().starts_with('|') || line.starts_with("-->")
}

/// After these words a message quotes a name of the language or of the file, which is no value.
const NAMED: [&str; 10] = [
    "variable",
    "attribute",
    "argument",
    "function",
    "unexpected",
    "expecting",
    "or",
    "builtin",
    "file",
    "of",
];

/// The message with every quoted value masked. A value may hold quotes itself: a mask reaches to the last of them.
fn without_values(message: &str) -> String {
    let mut told = String::new();
    let mut rest = message;
    while let Some(at) = opening(rest) {
        let (before, quoted) = rest.split_at(at);
        told.push_str(before);
        let mut letters = quoted.chars();
        let quote = letters.next().unwrap_or_default();
        let inside = letters.as_str();
        let closing = if quote == '‘' { '’' } else { quote };
        let end = name_end(before, inside, closing);
        let (shown, end) = match end {
            Some(end) => (&inside[..end], end),
            None => ("***", last(inside, closing)),
        };
        told.push(quote);
        told.push_str(shown);
        told.push(closing);
        rest = inside[end..].strip_prefix(closing).unwrap_or_default();
    }
    told + rest
}

/// Where a quote opens: an apostrophe within a word is none.
fn opening(text: &str) -> Option<usize> {
    let mut before = ' ';
    for (at, letter) in text.char_indices() {
        if matches!(letter, '"' | '‘') || (letter == '\'' && !before.is_alphanumeric()) {
            return Some(at);
        }
        before = letter;
    }
    None
}

/// The last closing quote, an apostrophe within a word being none.
fn last(inside: &str, closing: char) -> usize {
    let is_closing = |(at, _): &(usize, &str)| {
        let (before, behind) = (inside[..*at].chars().next_back(), inside[*at..].chars().nth(1));
        closing != '\''
            || !(before.is_some_and(char::is_alphanumeric) && behind.is_some_and(char::is_alphanumeric))
    };
    let mut quotes = inside.rmatch_indices(closing);
    quotes.find(is_closing).map_or(inside.len(), |(at, _)| at)
}

/// The end of a quoted name, where it is one.
fn name_end(before: &str, inside: &str, closing: char) -> Option<usize> {
    let word = before.split_whitespace().next_back()?;
    let end = inside.find(closing)?;
    let is_name = closing != '"' && NAMED.contains(&word) && !inside[..end].contains(char::is_whitespace);
    is_name.then_some(end)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_error_and_its_place_are_told_without_the_lines_that_nix_shows() {
        let message = "warning: no group\nerror: undefined variable 'x'\n\n       at /a.nix:2:3:\n\n            1| {\n            \
                       2| password = \"canary\" + x;\n             |   ^\n(use '--show-trace' to show more)\n";
        assert_eq!(told(message), "undefined variable 'x', at /a.nix:2:3");
    }

    #[test]
    fn newer_versions_tell_how_they_came_there_first() {
        let message = "error:\n       … while evaluating the attribute 'a'\n         at /a.nix:1:3:\n            1| { a = \
                       \"canary\" + b; }\n             |   ^\n\n       error: expected an integer but found a string: \
                       \"canary\\\"canary\"\n       at /a.nix:1:7:\n            1| canary\n";
        assert_eq!(
            told(message),
            "expected an integer but found a string: \"***\", at /a.nix:1:7"
        );
    }

    #[test]
    fn what_a_file_traces_is_not_told() {
        assert_eq!(told("trace: canary\ncanary\nerror: bad\n"), "bad");
    }

    #[test]
    fn names_stay_and_values_go() {
        for (message, expected) in [
            (
                "syntax error, unexpected '}', expecting ';'",
                "syntax error, unexpected '}', expecting ';'",
            ),
            ("attribute 'drivr' missing", "attribute 'drivr' missing"),
            (
                "string 'it's canary' doesn't represent an absolute path",
                "string '***' doesn't represent an absolute path",
            ),
            ("last read: '\"password\": c'", "last read: '***'"),
            ("assertion '(\"canary\" == b)' failed", "assertion '***' failed"),
            ("found ‘canary’ and ‘canary’", "found ‘***’"),
            ("a \"canary", "a \"***\""),
        ] {
            assert_eq!(without_values(message), expected);
        }
    }

    #[test]
    fn a_message_of_several_lines_is_told_whole() {
        assert_eq!(
            told("error: choose a driver:\n       filesystem or s3\n"),
            "choose a driver: filesystem or s3"
        );
    }
}
