/// A text that holds documents, as the caller found it.
#[derive(Clone)]
pub struct Source {
    /// The name for messages: the file as the user named it, or `-`.
    pub name: String,
    /// What is in it.
    pub bytes: Vec<u8>,
    /// How to read it.
    pub format: Format,
}

/// How a source is to be read.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Format {
    /// YAML, and so JSON too.
    Yaml,
    /// JSON and nothing more.
    Json,
    /// The value of a `.nix` file, as JSON: places are attribute paths.
    EvaluatedNix,
}

/// The most bytes of one source.
pub const MAX_SOURCE_BYTES: usize = 4 << 20;

impl std::fmt::Debug for Source {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(
            f,
            "Source({}, {} bytes, {:?})",
            self.name,
            self.bytes.len(),
            self.format
        )
    }
}
