/// Why a text is not a value of the sort that was asked for. Never holds the text itself where it may
/// hold a secret.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Refused {
    /// What is wrong, one line.
    pub message: String,
    /// The way out, such as the nearest right value.
    pub help: Option<String>,
}

impl Refused {
    /// A refusal without a way out.
    pub fn new(message: impl Into<String>) -> Self {
        Self {
            message: message.into(),
            help: None,
        }
    }

    /// Adds the way out.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }
}
