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
    /// Runs on a terminal of this many columns; `keys` are typed at once, and are in the terminal's buffer when it asks.
    pub fn on_terminal(&self, columns: u16, arguments: &[&str], keys: &str) -> Shown {
        let size = PtySize {
            rows: 24,
            cols: columns,
            pixel_width: 0,
            pixel_height: 0,
        };
        let pair = native_pty_system().openpty(size).unwrap();
        let mut command = CommandBuilder::new(env!("CARGO_BIN_EXE_novita-edit"));
        command.args(arguments);
        command.cwd(self.home.path());
        command.env_clear();
        for (name, value) in self.environment() {
            command.env(name, value);
        }
        let mut child = pair.slave.spawn_command(command).unwrap();
        drop(pair.slave);
        let mut reader = pair.master.try_clone_reader().unwrap();
        if !keys.is_empty() {
            pair.master.take_writer().unwrap().write_all(keys.as_bytes()).unwrap();
        }
        let mut raw = Vec::new();
        // The end of a pseudo-terminal is an error on Linux.
        let _ = reader.read_to_end(&mut raw);
        let code = child.wait().unwrap().exit_code();
        Shown {
            code,
            raw: String::from_utf8(raw).unwrap().replace("\r\n", "\n"),
        }
    }
}
