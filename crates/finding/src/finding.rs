use crate::{Code, Level, Location};

/// One line of a report: what is wrong (or worth knowing), where, and what to do next.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Finding {
    /// The sort of finding.
    pub code: Code,
    /// How much it weighs here.
    pub level: Level,
    /// What is the matter, one line without a full stop at its end. Never holds a secret.
    pub message: String,
    /// What to do next.
    pub help: Option<String>,
    /// Where it is, when it is anywhere in particular.
    pub location: Option<Location>,
    /// The source line, with all that may be secret masked by the maker.
    pub excerpt: Option<Excerpt>,
    /// The field as a path from the document's `spec`, such as `storage.s3.bucket`.
    pub field: Option<String>,
    /// The document as `Kind/name`.
    pub document: Option<String>,
}

/// One source line as it may be shown. The maker has masked every value that may be secret.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Excerpt {
    /// The number of the line, from 1.
    pub line: usize,
    /// The line without its line break.
    pub text: String,
    /// First marked column, from 1, in characters.
    pub column: usize,
    /// How many characters are marked; 0 marks the place between two characters.
    pub width: usize,
}

impl Finding {
    /// A finding with neither a place nor a help yet.
    pub fn new(code: Code, level: Level, message: impl Into<String>) -> Self {
        Self {
            code,
            level,
            message: message.into(),
            help: None,
            location: None,
            excerpt: None,
            field: None,
            document: None,
        }
    }

    /// Says what to do next.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// Says where it is.
    #[must_use]
    pub fn at(mut self, location: Location) -> Self {
        self.location = Some(location);
        self
    }

    /// Shows the source line. The line must be masked already.
    #[must_use]
    pub fn excerpt(mut self, excerpt: Excerpt) -> Self {
        self.excerpt = Some(excerpt);
        self
    }

    /// Names the field.
    #[must_use]
    pub fn field(mut self, path: impl Into<String>) -> Self {
        self.field = Some(path.into());
        self
    }

    /// Names the document.
    #[must_use]
    pub fn document(mut self, name: impl Into<String>) -> Self {
        self.document = Some(name.into());
        self
    }
}
