//! The text of a source as it may be shown: a line with a mark, and all that may be secret masked.

use std::collections::BTreeMap;
use std::fmt;

use berth_finding::{Excerpt, Location, Span};

use super::tree::{Node, Tree};
use crate::section::{Shape, ValueType};

/// The lines of a source, and what of them may be seen.
pub(crate) struct SourceText {
    name: String,
    /// `None` where places are attribute paths.
    lines: Option<Vec<String>>,
    marks: Marks,
}

/// What is known of stretches of text, line by line. What nothing is known of is masked.
#[derive(Debug, Default)]
pub(crate) struct Marks {
    lines: BTreeMap<usize, Vec<Stretch>>,
}

#[derive(Clone, Copy, Debug)]
struct Stretch {
    start: usize,
    end: usize,
    seen: bool,
}

/// What stands in the place of a masked stretch.
const MASK: &str = "***";

impl SourceText {
    /// The text with what is known of it; `text` is `None` where places are attribute paths.
    pub(crate) fn new(name: &str, text: Option<&str>, marks: Marks) -> Self {
        Self {
            name: name.to_owned(),
            lines: text.map(|text| text.lines().map(str::to_owned).collect()),
            marks,
        }
    }

    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    /// Whether it has lines.
    pub(crate) const fn has_lines(&self) -> bool {
        self.lines.is_some()
    }

    /// The place of a stretch.
    pub(crate) fn location(&self, span: Span) -> Location {
        Location::span(&self.name, span)
    }

    /// The first line of a stretch, masked and marked. Of a long line, what stands around the mark.
    pub(crate) fn excerpt(&self, span: Span) -> Option<Excerpt> {
        let line = self.lines.as_ref()?.get(span.line.checked_sub(1)?)?;
        let before = match span.column.checked_sub(MAX_COLUMNS) {
            Some(_) => span.column - MARGIN,
            None => 0,
        };
        let characters: Vec<char> = line.chars().skip(before).take(MAX_COLUMNS).collect();
        let end = if span.end_line == span.line {
            span.end_column
        } else {
            usize::MAX
        };
        let masked = self.mask(span.line, &characters, before);
        let column = masked.column(span.column - before);
        let end = masked.column(end.max(span.column + 1).saturating_sub(before));
        let width = end.saturating_sub(column).max(1);
        Some(Excerpt {
            line: span.line,
            text: masked.text,
            column,
            width,
        })
    }

    /// Masks the characters of a line, `before` characters of which are left out.
    fn mask(&self, line: usize, characters: &[char], before: usize) -> Masked {
        let mut looks = vec![Look::Unknown; characters.len()];
        for stretch in self.marks.lines.get(&line).map_or(&[][..], Vec::as_slice) {
            let place = |column: usize| column.saturating_sub(before + 1).min(characters.len());
            for look in &mut looks[place(stretch.start)..place(stretch.end.max(stretch.start))] {
                *look = (*look).max(if stretch.seen { Look::Seen } else { Look::Hidden });
            }
        }
        let mut masked = Masked::default();
        let mut in_comment = false;
        for (character, look) in characters.iter().zip(looks) {
            let is_shown = match look {
                Look::Hidden => false,
                Look::Seen => !in_comment,
                // What begins with `#` where nothing is known is a comment: one mask hides it to its end.
                Look::Unknown => {
                    in_comment |= *character == '#';
                    !in_comment && " \t{}[],:".contains(*character)
                }
            };
            if is_shown {
                masked.show(*character);
            } else {
                masked.hide();
            }
        }
        masked
    }
}

/// What is known of a character; what is hidden stays hidden.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Look {
    Unknown,
    Seen,
    Hidden,
}

impl fmt::Debug for SourceText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SourceText({})", self.name)
    }
}

/// How much of a line is shown.
const MAX_COLUMNS: usize = 400;
/// How much is shown before a mark that stands further along.
const MARGIN: usize = 40;

#[derive(Default)]
struct Masked {
    text: String,
    width: usize,
    /// The column in the masked line of each character of the line.
    columns: Vec<usize>,
    hiding: bool,
}

impl Masked {
    fn show(&mut self, character: char) {
        self.hiding = false;
        self.text.push(character);
        self.width += 1;
        self.columns.push(self.width);
    }

    /// A run of hidden characters becomes one mask, so that it tells no length.
    fn hide(&mut self) {
        if !self.hiding {
            self.hiding = true;
            self.text.push_str(MASK);
            self.width += MASK.len();
        }
        self.columns.push(self.width + 1 - MASK.len());
    }

    /// Where a column of the line came to stand.
    fn column(&self, column: usize) -> usize {
        self.columns
            .get(column.saturating_sub(1))
            .copied()
            .unwrap_or(self.width + 1)
    }
}

impl Marks {
    /// Says of the keys and values of a document which may be seen.
    pub(crate) fn document(&mut self, root: &Node, spec: Option<&Shape>) {
        let Tree::Map(entries) = &root.tree else {
            self.hide(root);
            return;
        };
        for entry in entries {
            self.see(entry.key_span);
            match (entry.key.as_str(), spec) {
                ("apiVersion" | "kind", _) => self.value(&entry.value, &TEXT),
                ("metadata", _) => self.value(&entry.value, &super::metadata::TYPE),
                ("spec", Some(shape)) => self.section(&entry.value, shape),
                _ => self.hide(&entry.value),
            }
        }
    }

    /// Says of the fields of a section which may be seen.
    pub(crate) fn section(&mut self, node: &Node, shape: &Shape) {
        let Tree::Map(entries) = &node.tree else {
            self.hide(node);
            return;
        };
        for entry in entries {
            self.see(entry.key_span);
            match shape.lookup(&entry.key) {
                Some(field) => self.value(&entry.value, &field.value),
                None => self.hide(&entry.value),
            }
        }
    }

    fn value(&mut self, node: &Node, kind: &ValueType) {
        match (kind, &node.tree) {
            (ValueType::Section(shape), _) => self.section(node, shape),
            (ValueType::List(kind), Tree::List(nodes)) => {
                for node in nodes {
                    self.value(node, kind);
                }
            }
            (ValueType::Map(kind), Tree::Map(entries)) => {
                for entry in entries {
                    self.see(entry.key_span);
                    self.value(&entry.value, kind);
                }
            }
            (ValueType::Exemption, Tree::Map(entries)) => {
                for entry in entries {
                    self.see(entry.key_span);
                    self.value(&entry.value, &TEXT);
                }
            }
            (
                ValueType::Boolean | ValueType::Integer | ValueType::Text { .. } | ValueType::Exemption,
                Tree::Text(text),
            ) if !may_hold_secret(text) => {
                self.see(node.span);
            }
            (
                ValueType::Boolean | ValueType::Integer | ValueType::Text { .. },
                Tree::Boolean(_) | Tree::Number(_) | Tree::Null,
            ) => self.see(node.span),
            _ => self.hide(node),
        }
    }

    /// A stretch on one line may be seen; a longer one stays masked.
    fn see(&mut self, span: Span) {
        if span.line == span.end_line {
            self.mark(span.line, span.column, span.end_column, true);
        }
    }

    /// Nothing of it may be seen, neither values nor keys nor what stands between them.
    fn hide(&mut self, node: &Node) {
        let span = node.span;
        for line in span.line..=span.end_line {
            let start = if line == span.line { span.column } else { 1 };
            let end = if line == span.end_line {
                span.end_column
            } else {
                usize::MAX
            };
            self.mark(line, start, end, false);
        }
    }

    fn mark(&mut self, line: usize, start: usize, end: usize, seen: bool) {
        self.lines
            .entry(line)
            .or_default()
            .push(Stretch { start, end, seen });
    }
}

const TEXT: ValueType = ValueType::Text {
    what: "text",
    choices: &[],
    examples: &[],
    numbers: false,
    code: "",
};

/// Whether a text may carry a secret although its field is none: a URL with credentials, a query
/// with a password, a private key.
pub fn may_hold_secret(text: &str) -> bool {
    let lower = text.to_ascii_lowercase();
    let url_with_credentials = lower
        .split_once("://")
        .or_else(|| lower.split_once("//"))
        .is_some_and(|(_, rest)| rest.contains('@'));
    url_with_credentials
        || ["password=", "passwd=", "pwd=", "secret=", "token=", "private key"]
            .iter()
            .any(|word| lower.contains(word))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(line: &str, marks: &[(usize, usize, bool)]) -> SourceText {
        let mut all = Marks::default();
        for (start, end, seen) in marks {
            all.mark(1, *start, *end, *seen);
        }
        SourceText::new("a.yaml", Some(line), all)
    }

    #[test]
    fn what_is_not_known_is_masked_and_the_mark_stays_on_its_word() {
        let text = text("a: hunter2 # more", &[(1, 2, true)]);
        let excerpt = text.excerpt(Span::on_line(1, 4, 7)).unwrap();
        assert_eq!(excerpt.text, "a: *** ***");
        assert_eq!((excerpt.column, excerpt.width), (4, 3));
    }

    #[test]
    fn a_hidden_stretch_shows_not_even_its_punctuation() {
        let text = text("a: {b: c, d}", &[(1, 2, true), (4, 13, false), (5, 6, true)]);
        assert_eq!(text.excerpt(Span::on_line(1, 1, 1)).unwrap().text, "a: ***");
    }

    #[test]
    fn a_mark_behind_a_mask_moves_with_its_word() {
        let text = text(
            "{a: hunter2hunter2, b: 1}",
            &[(2, 3, true), (21, 22, true), (24, 25, true)],
        );
        let excerpt = text.excerpt(Span::on_line(1, 21, 1)).unwrap();
        assert_eq!(excerpt.text, "{a: ***, b: 1}");
        assert_eq!((excerpt.column, excerpt.width), (10, 1));
    }

    #[test]
    fn a_url_with_a_password_may_hold_a_secret() {
        assert!(may_hold_secret("https://me:pw@example.com/"));
        assert!(may_hold_secret("jdbc:postgresql://h/d?user=a&password=b"));
        assert!(!may_hold_secret("https://example.com/a"));
    }
}
