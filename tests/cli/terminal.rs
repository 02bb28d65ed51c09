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
        let mut command = CommandBuilder::new(env!("CARGO_BIN_EXE_novita-edit"));
        command.args(arguments);
        self.shows(columns, command, "", keys)
    }

    /// The same on 80 columns, and the keys are typed once the terminal shows a text.
    pub fn on_terminal_after(&self, arguments: &[&str], text: &str, keys: &str) -> Shown {
        let mut command = CommandBuilder::new(env!("CARGO_BIN_EXE_novita-edit"));
        command.args(arguments);
        self.shows(80, command, text, keys)
    }

    /// A shell's script on a terminal of 80 columns.
    pub fn shell_on_terminal(&self, script: &str, keys: &str) -> Shown {
        let mut command = CommandBuilder::new("/bin/sh");
        command.args(["-c", script]);
        self.shows(80, command, "", keys)
    }

    fn shows(&self, columns: u16, mut command: CommandBuilder, after: &str, keys: &str) -> Shown {
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
        let mut writer = (!keys.is_empty()).then(|| pair.master.take_writer().unwrap());
        let mut raw = Vec::new();
        let mut bytes = [0; 4096];
        loop {
            if String::from_utf8_lossy(&raw).contains(after)
                && let Some(mut writer) = writer.take()
            {
                writer.write_all(keys.as_bytes()).unwrap();
            }
            // The end of a pseudo-terminal is an error on Linux.
            match reader.read(&mut bytes) {
                Ok(read) if read > 0 => raw.extend_from_slice(&bytes[..read]),
                _ => break,
            }
        }
        let code = child.wait().unwrap().exit_code();
        Shown {
            code,
            raw: String::from_utf8(raw).unwrap().replace("\r\n", "\n"),
        }
    }
}
