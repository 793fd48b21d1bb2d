//! Results go to the standard output, talk goes to the standard error; nothing else in the program prints.

use std::io::{self, IsTerminal, Write};

/// The two streams, and what they can show.
pub(crate) struct Console {
    out: Box<dyn Write>,
    err: Box<dyn Write>,
    color: bool,
    talk_color: bool,
    interactive: bool,
    talk: Talk,
}

/// The last line of talk.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Talk {
    /// No terminal shows it: all lines stay.
    Printed,
    /// It stays.
    Lasting,
    /// The next one is written over it.
    Passing,
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
            talk: if io::stderr().is_terminal() && std::env::var_os("TERM").is_some_and(|term| term != "dumb")
            {
                Talk::Lasting
            } else {
                Talk::Printed
            },
            out: Box::new(io::stdout()),
            err: Box::new(io::stderr()),
        }
    }

    /// Says nothing.
    pub(crate) fn silent() -> Self {
        Self {
            out: Box::new(io::sink()),
            err: Box::new(io::sink()),
            color: false,
            talk_color: false,
            interactive: false,
            talk: Talk::Printed,
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
        self.clear_passing();
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
        self.clear_passing();
        let end = if text.ends_with('\n') { "" } else { "\n" };
        let _ = write!(self.err, "{text}{end}");
        let _ = self.err.flush();
    }

    /// Says how things stand: on a terminal in a line that the next one writes over, else in a line of its own.
    pub(crate) fn progress(&mut self, text: &str) {
        if self.talk == Talk::Printed {
            return self.talk(text);
        }
        self.clear_passing();
        let _ = write!(self.err, "{text}");
        let _ = self.err.flush();
        self.talk = Talk::Passing;
    }

    /// The same on a terminal alone: it isn't worth a line of its own.
    pub(crate) fn glimpse(&mut self, text: &str) {
        if self.talk != Talk::Printed {
            self.progress(text);
        }
    }

    fn clear_passing(&mut self) {
        if self.talk == Talk::Passing {
            self.talk = Talk::Lasting;
            let _ = write!(self.err, "\r\u{1b}[2K");
        }
    }

    /// Puts a question whose answer is read by [`Console::answer`].
    pub(crate) fn question(&mut self, question: &str) {
        self.clear_passing();
        let _ = write!(self.err, "{question} ");
        let _ = self.err.flush();
    }

    /// Reads one line. Blocks, and needs no console: another thread may do it. The end of the input is no answer.
    pub(crate) fn answer() -> io::Result<String> {
        let mut answer = String::new();
        if io::stdin().read_line(&mut answer)? == 0 {
            return Err(io::Error::new(io::ErrorKind::UnexpectedEof, "nobody answered"));
        }
        Ok(answer.trim().to_owned())
    }

    /// Asks for one line. The end of the input is no answer.
    pub(crate) fn ask(&mut self, question: &str) -> io::Result<String> {
        self.question(question);
        Self::answer()
    }
}
