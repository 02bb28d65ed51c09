//! What the user has made their own: keys and theme, read before the screen is entered. What is wrong there is told and
//! leaves the default as it is; nobody is kept from their endpoint by a colour.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::keymap::{self, Keymap};
use super::theme::{self, Theme, file::BUILTIN};
use crate::config::{Config, ConfigDir, FileError, FileProblem, Origin, Sourced, read_text};
use crate::text::Spelled;

/// Keys and theme of one run.
#[derive(Debug)]
pub struct UserFiles {
    /// The keys; `None`: the compiled-in ones.
    pub keymap: Option<Keymap>,
    /// The theme in use.
    pub theme: Theme,
    /// What is wrong in the files, file by file.
    pub problems: Vec<FileProblem>,
}

impl UserFiles {
    /// Reads the user's files, as far as there are any.
    pub fn read(config: &Config) -> Self {
        let dir = config.config_dir.as_ref();
        let mut user_files = Self::keys_only(dir);
        for named in &config.themes {
            let in_use = config.theme.as_ref() == Some(named);
            let known = user_files.problems.len();
            match user_files.theme_named(&named.value, dir) {
                Some(theme) if in_use => user_files.theme = theme,
                // It is told where it is read, and need not be told once for each who names it.
                Some(_) => user_files.problems.truncate(known),
                None if user_files.problems.len() > known => {}
                None => {
                    let problem = unknown_theme(named, dir);
                    user_files.problems.extend(problem);
                }
            }
        }
        user_files
    }

    /// The keys, with the default theme: for when no config file can say which it is to be.
    pub fn keys_only(dir: Option<&ConfigDir>) -> Self {
        let mut user_files = Self {
            keymap: None,
            theme: Theme::default(),
            problems: Vec::new(),
        };
        let path = dir.map(ConfigDir::keymap);
        if let Some((path, text)) = path.and_then(|path| user_files.text(path)) {
            let (keymap, problems) = Keymap::read(&path, &text);
            user_files.keymap = Some(keymap);
            user_files.problems.extend(problems);
        }
        user_files
    }

    /// The problems of all of the user's themes, in use or not.
    pub fn read_all_themes(&mut self, dir: &ConfigDir) {
        let mut files: Vec<PathBuf> = std::fs::read_dir(dir.themes())
            .into_iter()
            .flatten()
            .filter_map(|entry| Some(entry.ok()?.path()))
            .filter(|path| path.extension().is_some_and(|extension| extension == "toml"))
            .collect();
        files.sort();
        for path in files {
            let known = self.problems.iter().any(|problem| problem.path == path);
            if let (false, Some(name)) = (known, path.file_stem().and_then(|stem| stem.to_str())) {
                self.theme_named(name, Some(dir));
            }
        }
    }

    /// From now on this thread draws and hears by it.
    pub fn put_on(self) {
        keymap::set(self.keymap.map_or_else(Keymap::standard, Arc::new));
        theme::set(self.theme);
    }

    /// One sentence for the editor, if anything is wrong.
    pub fn notice(&self) -> Option<String> {
        let first = self.problems.first()?;
        let file = first.path.file_name().unwrap_or_default().to_string_lossy();
        let place = match first.line {
            Some(line) => format!("{file}, line {line}"),
            None => file.into_owned(),
        };
        let (count, verb) = match self.problems.len() {
            1 => ("1 problem".to_owned(), "shows it"),
            n => (format!("{n} problems"), "shows them"),
        };
        Some(format!(
            "{count} in your keys and themes: novita-edit config check {verb}. Defaults are used there ({place})."
        ))
    }

    /// A theme by its name: the user's file, else a compiled-in one.
    fn theme_named(&mut self, name: &str, dir: Option<&ConfigDir>) -> Option<Theme> {
        let path = dir.and_then(|dir| dir.theme(name));
        match path.and_then(|path| self.text(path)) {
            Some((path, text)) => {
                let (theme, problems) = theme::file::read(name, &path, &text);
                self.problems.extend(problems);
                Some(theme)
            }
            None => theme::file::builtin(name),
        }
    }

    /// The text of a file that need not be there.
    fn text(&mut self, path: PathBuf) -> Option<(PathBuf, String)> {
        match read_text(&path) {
            Ok(text) => Some((path, text)),
            Err(FileError::Unreadable { ref problem, .. }) if problem.kind() == std::io::ErrorKind::NotFound => None,
            Err(error) => {
                self.problems.push(error.into());
                None
            }
        }
    }
}

fn unknown_theme(named: &Sourced<String>, dir: Option<&ConfigDir>) -> Option<FileProblem> {
    let (Origin::File { path, line } | Origin::Profile { path, line, .. }) = &named.origin else {
        return None;
    };
    let file = dir.and_then(|dir| dir.theme(&named.value));
    let or = |file: &Path| format!(", and there is no {}", file.display());
    let known = BUILTIN.map(|(name, _)| name).join(", ");
    Some(FileProblem {
        path: path.clone(),
        line: Some(*line),
        text: format!(
            "`theme` names {}, which is not compiled in ({known}){}; the default is used",
            Spelled(&named.value),
            file.map(|file| or(&file)).unwrap_or_default()
        ),
    })
}
