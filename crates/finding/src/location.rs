use std::fmt;

/// Where a finding is: a source by the name the user gave it, and a place in it.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Location {
    /// The file as the user named it, or `-` for the standard input.
    pub file: String,
    /// The place within the file.
    pub place: Place,
}

/// A place within one source.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Place {
    /// The source as a whole.
    Whole,
    /// A stretch of text.
    Span(Span),
    /// A path of attributes, for sources that are evaluated and so have no lines (`.nix`).
    Attribute(String),
}

/// A stretch of text: lines and columns count from 1, columns count characters, the end is
/// exclusive.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Span {
    /// Line of the first character.
    pub line: usize,
    /// Column of the first character.
    pub column: usize,
    /// Line on which the stretch ends.
    pub end_line: usize,
    /// Column after the last character.
    pub end_column: usize,
}

impl Location {
    /// A source as a whole.
    pub fn whole(file: impl Into<String>) -> Self {
        Self {
            file: file.into(),
            place: Place::Whole,
        }
    }

    /// A stretch of a source.
    pub fn span(file: impl Into<String>, span: Span) -> Self {
        Self {
            file: file.into(),
            place: Place::Span(span),
        }
    }

    /// An attribute path of an evaluated source.
    pub fn attribute(file: impl Into<String>, path: impl Into<String>) -> Self {
        Self {
            file: file.into(),
            place: Place::Attribute(path.into()),
        }
    }
}

impl fmt::Display for Location {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.place {
            Place::Whole => f.write_str(&self.file),
            Place::Span(span) => write!(f, "{}:{}:{}", self.file, span.line, span.column),
            Place::Attribute(path) => write!(f, "{}: {path}", self.file),
        }
    }
}

impl Span {
    /// A stretch on one line.
    pub const fn on_line(line: usize, column: usize, width: usize) -> Self {
        Self {
            line,
            column,
            end_line: line,
            end_column: column + width,
        }
    }
}
