//! Results go to the standard output, talk goes to the standard error; nothing else in the program prints.

use std::io::{self, IsTerminal, Write};

/// The two streams, and what they can show.
pub(crate) struct Console {
    out: Box<dyn Write>,
    err: Box<dyn Write>,
    color: bool,
    talk_color: bool,
    interactive: bool,
}

impl Console {
    /// The process's own streams. Colour only on a terminal, and never with `NO_COLOR` or `TERM=dumb`.
    pub(crate) fn of_process() -> Self {
        let plain = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty())
            || std::env::var_os("TERM").is_some_and(|term| term == "dumb");
        Self {
            color: !plain && io::stdout().is_terminal(),
            talk_color: !plain && io::stderr().is_terminal(),
            interactive: io::stdin().is_terminal() && io::stderr().is_terminal(),
            out: Box::new(io::stdout()),
            err: Box::new(io::stderr()),
        }
    }

    /// Whether results may be coloured.
    pub(crate) fn color(&self) -> bool {
        self.color
    }

    /// Whether talk may be coloured.
    pub(crate) fn talk_color(&self) -> bool {
        self.talk_color
    }

    /// Whether somebody is there to answer a question.
    pub(crate) fn interactive(&self) -> bool {
        self.interactive
    }

    /// Prints a result, ending in one line break.
    pub(crate) fn result(&mut self, text: &str) -> io::Result<()> {
        let end = if text.is_empty() || text.ends_with('\n') {
            ""
        } else {
            "\n"
        };
        write!(self.out, "{text}{end}")?;
        self.out.flush()
    }

    /// Says something to the person who waits. Nobody listening is no failure.
    pub(crate) fn talk(&mut self, text: &str) {
        let end = if text.ends_with('\n') { "" } else { "\n" };
        let _ = write!(self.err, "{text}{end}");
        let _ = self.err.flush();
    }

    /// Asks for one line. The end of the input is no answer.
    pub(crate) fn ask(&mut self, question: &str) -> io::Result<String> {
        write!(self.err, "{question} ")?;
        self.err.flush()?;
        let mut answer = String::new();
        if io::stdin().read_line(&mut answer)? == 0 {
            return Err(io::Error::new(io::ErrorKind::UnexpectedEof, "nobody answered"));
        }
        Ok(answer.trim().to_owned())
    }
}
