//! Questions to the person at the terminal: on stderr, answered on the terminal, never by what is piped in.

use std::fs::File;
use std::io::{self, BufRead, BufReader, IsTerminal, Write};

use anstream::AutoStream;

use super::exit::Exit;
use super::interrupts::Interrupts;
use crate::session::on_a_thread_that_may_wait;

/// Who can be asked.
pub struct Person {
    interrupts: Interrupts,
    /// What stood on standard input was the command's own: the answer is read from the terminal itself.
    stdin_is_used: bool,
}

impl Person {
    /// At the terminal, if there is one.
    pub fn new(interrupts: Interrupts, stdin_is_used: bool) -> Self {
        Self {
            interrupts,
            stdin_is_used,
        }
    }

    /// Whether somebody sees a question and can answer it.
    pub fn is_there(&self) -> bool {
        io::stderr().is_terminal() && self.answers().is_some()
    }

    /// The line that is answered, without its line break; `None` where there is nobody, or no more answer comes.
    ///
    /// # Errors
    /// How the command was asked to end meanwhile.
    pub async fn ask(&self, question: &str) -> Result<Option<String>, Exit> {
        let Some(answers) = self.answers().filter(|_| io::stderr().is_terminal()) else {
            return Ok(None);
        };
        let mut out = AutoStream::auto(io::stderr().lock());
        let _ = write!(out, "{question} ").and_then(|()| out.flush());
        drop(out);
        let read = on_a_thread_that_may_wait(move || answers.line());
        let answer = self.interrupts.unless(read).await;
        if !matches!(answer, Ok(Some(_))) {
            // Whatever ended it, what follows begins on a line of its own.
            let _ = writeln!(io::stderr());
        }
        Ok(answer?.map(|line| line.trim_end_matches(['\n', '\r']).to_owned()))
    }

    /// A question of yes or no; anything but a yes is a no.
    ///
    /// # Errors
    /// How the command was asked to end meanwhile.
    pub async fn agrees(&self, question: &str) -> Result<bool, Exit> {
        let answer = self.ask(&format!("{question} [y/N]")).await?.unwrap_or_default();
        Ok(matches!(answer.trim().to_lowercase().as_str(), "y" | "yes"))
    }

    fn answers(&self) -> Option<Answers> {
        if self.stdin_is_used {
            File::open("/dev/tty").ok().map(Answers::Terminal)
        } else {
            io::stdin().is_terminal().then_some(Answers::Stdin)
        }
    }
}

/// Where an answer comes from.
enum Answers {
    /// What was typed ahead stays there for the next question.
    Stdin,
    Terminal(File),
}

impl Answers {
    fn line(self) -> Option<String> {
        let mut line = String::new();
        let read = match self {
            Self::Stdin => io::stdin().read_line(&mut line),
            // A terminal gives a line at a time.
            Self::Terminal(file) => BufReader::new(file).read_line(&mut line),
        };
        read.is_ok_and(|read| read > 0).then_some(line)
    }
}
