//! A command on a terminal: what a person sees of it, and what it asks.

use std::io::{Read, Write};

use portable_pty::{CommandBuilder, PtySize, native_pty_system};

use crate::run::User;

/// What a terminal got, and how the command ended.
#[derive(Debug)]
pub struct Shown {
    pub code: u32,
    /// Escape sequences and all, line breaks as `\n`.
    pub raw: String,
}

impl Shown {
    /// What stands on a terminal of this size at the end.
    pub fn screen(&self, rows: u16, columns: u16) -> String {
        let size = |size| std::num::NonZero::new(size).unwrap();
        let mut parser = vt100::Parser::new(size(rows), size(columns), 0);
        parser.process(self.raw.replace('\n', "\r\n").as_bytes());
        parser.screen().contents()
    }

    /// Without escape sequences.
    pub fn text(&self) -> String {
        let mut text = String::new();
        let mut chars = self.raw.chars();
        while let Some(c) = chars.next() {
            match c {
                '\u{1b}' => drop(chars.by_ref().find(char::is_ascii_alphabetic)),
                c => text.push(c),
            }
        }
        text
    }
}

impl User {
    /// Runs on a terminal of this many columns; nothing is typed.
    pub fn on_terminal(&self, columns: u16, arguments: &[&str]) -> Shown {
        self.talk(columns, arguments, &[])
    }

    /// The same, with keys that are typed once `question` is on the screen, and after `meanwhile`.
    pub fn asked(
        &self,
        columns: u16,
        arguments: &[&str],
        question: &str,
        meanwhile: impl FnOnce(),
        keys: &str,
    ) -> Shown {
        self.shows(columns, program(arguments), meanwhile, &[(question, keys)])
    }

    /// The same, with several questions, each behind the one before it. An empty one waits for nothing.
    pub fn talk(&self, columns: u16, arguments: &[&str], talk: &[(&str, &str)]) -> Shown {
        self.shows(columns, program(arguments), || (), talk)
    }

    /// A shell's script on a terminal of 80 columns.
    pub fn shell_on_terminal(&self, script: &str, talk: &[(&str, &str)]) -> Shown {
        let mut command = CommandBuilder::new("/bin/sh");
        command.args(["-c", script]);
        self.shows(80, command, || (), talk)
    }

    fn shows(
        &self,
        columns: u16,
        mut command: CommandBuilder,
        meanwhile: impl FnOnce(),
        talk: &[(&str, &str)],
    ) -> Shown {
        let size = PtySize {
            rows: 24,
            cols: columns,
            pixel_width: 0,
            pixel_height: 0,
        };
        let pair = native_pty_system().openpty(size).unwrap();
        command.cwd(self.home.path());
        command.env_clear();
        for (name, value) in self.environment() {
            command.env(name, value);
        }
        let mut child = pair.slave.spawn_command(command).unwrap();
        drop(pair.slave);
        let mut reader = pair.master.try_clone_reader().unwrap();
        let mut writer = pair.master.take_writer().unwrap();
        let mut raw = Vec::new();
        let mut buffer = [0; 4096];
        let (mut meanwhile, mut seen) = (Some(meanwhile), 0);
        for (question, keys) in talk {
            seen = loop {
                if let Some(at) = String::from_utf8_lossy(&raw[seen..]).find(question) {
                    break seen + at + question.len();
                }
                match reader.read(&mut buffer) {
                    Ok(read @ 1..) => raw.extend_from_slice(&buffer[..read]),
                    _ => panic!("{question:?} was never asked: {}", String::from_utf8_lossy(&raw)),
                }
            };
            if let Some(meanwhile) = meanwhile.take() {
                meanwhile();
            }
            writer.write_all(keys.as_bytes()).unwrap();
        }
        // The end of a pseudo-terminal is an error on Linux.
        let _ = reader.read_to_end(&mut raw);
        let code = child.wait().unwrap().exit_code();
        Shown {
            code,
            raw: String::from_utf8(raw).unwrap().replace("\r\n", "\n"),
        }
    }
}

fn program(arguments: &[&str]) -> CommandBuilder {
    let mut command = CommandBuilder::new(env!("CARGO_BIN_EXE_novita-edit"));
    command.args(arguments);
    command
}
