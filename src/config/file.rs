//! The config file: which settings it may hold, and reading them.
//!
//! Everything in the file is checked when it is read, profiles that are not in use included: a mistake is told on the
//! day it is made and not on the day it is needed.

use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use toml::de::DeTable;

use super::base_url::BaseUrl;
use super::error::{EntryProblem, FILE_SIZE_LIMIT, FileError};
use super::key::{CommandPlace, KeySource};
use super::key_rules::{KeyVariables, looks_like_a_key};
use super::origin::{Origin, Sourced};
use super::section::{self, Complaints, FileText, Section};
use crate::fs::{self, Rules};
use crate::secret::Secret;
use crate::text::is_invisible;

const TOP: &[&str] = &[
    "base_url",
    "api_key_file",
    "api_key_command",
    "default_profile",
    "timeouts",
    "esc_timeout_ms",
    "ascii",
    "mouse",
    "read_only",
    "keep_secrets",
    "theme",
    "profiles",
];
const PROFILE: &[&str] = &[
    "base_url",
    "api_key_file",
    "api_key_command",
    "api_key_env",
    "protected",
    "read_only",
    "keep_secrets",
    "theme",
];

/// How long a lone ESC byte is held before it counts as the Esc key, in milliseconds: default and bounds.
const ESC_TIMEOUT_MS: u64 = 50;
const ESC_TIMEOUT_MS_MAX: u64 = 5000;

/// Bounds of each time-out, in seconds.
const LEAST_SECONDS: f64 = 0.1;
const MOST_SECONDS: f64 = 3600.0;

/// What a config file says; without one, what an empty one would.
#[derive(Debug)]
pub(super) struct FileSettings {
    /// The file that was read; `None` when there is none.
    pub path: Option<PathBuf>,
    pub base_url: Option<Sourced<BaseUrl>>,
    pub key: Option<KeySource>,
    pub default_profile: Option<Sourced<String>>,
    pub timeouts: Timeouts,
    pub esc_timeout: Duration,
    pub ascii: Option<bool>,
    pub mouse: Option<bool>,
    pub read_only: bool,
    pub keep_secrets: bool,
    pub theme: Option<Sourced<String>>,
    pub profiles: BTreeMap<String, Profile>,
    /// The line of each setting outside of profiles, by its key; `timeouts.total` for one of a section.
    pub lines: BTreeMap<String, usize>,
}

/// `[profiles.NAME]`
#[derive(Debug, Clone)]
pub(super) struct Profile {
    pub name: String,
    pub base_url: Option<Sourced<BaseUrl>>,
    pub key: Option<KeySource>,
    pub protected: bool,
    pub read_only: Option<bool>,
    pub keep_secrets: Option<bool>,
    pub theme: Option<Sourced<String>>,
    /// The line of each setting, by its key.
    pub lines: BTreeMap<String, usize>,
}

impl Default for FileSettings {
    fn default() -> Self {
        Self {
            path: None,
            base_url: None,
            key: None,
            default_profile: None,
            timeouts: Timeouts::default(),
            esc_timeout: Duration::from_millis(ESC_TIMEOUT_MS),
            ascii: None,
            mouse: None,
            read_only: false,
            keep_secrets: true,
            theme: None,
            profiles: BTreeMap::new(),
            lines: BTreeMap::new(),
        }
    }
}

impl FileSettings {
    /// The settings in the file at `path`; those of an empty file if there is none and it was not `named` by the user.
    /// `home` stands for a leading `~/` in paths.
    pub fn load(path: &Path, named: bool, home: Option<&Path>) -> Result<Self, FileError> {
        match read_text(path) {
            Err(FileError::Unreadable { problem, .. })
                if !named && problem.kind() == io::ErrorKind::NotFound && !is_link(path) =>
            {
                Ok(Self::default())
            }
            text => Self::parse(path, &text?, home),
        }
    }

    /// The settings in the text of a config file; `path` is for messages and for paths relative to it.
    ///
    /// # Errors
    /// The first thing that is wrong.
    pub fn parse(path: &Path, text: &str, home: Option<&Path>) -> Result<Self, FileError> {
        let (settings, complaints) = Self::read(path, text, home)?;
        complaints.into_iter().next().map_or(Ok(settings), Err)
    }

    /// All that is wrong with the file at `path`, in its order; nothing if there is none and it was not `named`.
    pub fn problems(path: &Path, named: bool, home: Option<&Path>) -> Vec<FileError> {
        match read_text(path) {
            Ok(text) => Self::problems_in(path, &text, home),
            Err(FileError::Unreadable { problem, .. })
                if !named && problem.kind() == io::ErrorKind::NotFound && !is_link(path) =>
            {
                Vec::new()
            }
            Err(error) => vec![error],
        }
    }

    /// All that is wrong with the text of a config file, in its order.
    pub fn problems_in(path: &Path, text: &str, home: Option<&Path>) -> Vec<FileError> {
        match Self::read(path, text, home) {
            Ok((_, complaints)) => complaints,
            Err(error) => vec![error],
        }
    }

    /// The variables that hold keys, by all of the file.
    pub fn key_variables(&self) -> KeyVariables {
        let keys = self.profiles.values().map(|profile| &profile.key).chain([&self.key]);
        KeyVariables::new(keys.flatten().filter_map(KeySource::variable))
    }

    /// The settings that are in order, and what is wrong with the others.
    fn read(path: &Path, text: &str, home: Option<&Path>) -> Result<(Self, Vec<FileError>), FileError> {
        let source = FileText { path, text };
        let root = DeTable::parse(text).map_err(|error| source.syntax_error(&error))?;
        let complaints = Complaints::default();
        let top = section::document(source, &root, TOP, &complaints);
        let reader = ProfileReader { path, home };
        let profiles = reader.profiles(&top);
        let origin = |line| Origin::File {
            path: path.to_owned(),
            line,
        };
        let settings = Self {
            path: Some(path.to_owned()),
            base_url: base_url(&top, origin),
            key: reader.key(&top, CommandPlace::File(path.to_owned())),
            default_profile: default_profile(&top, path, &profiles),
            timeouts: Timeouts::from_section(&top),
            esc_timeout: Duration::from_millis(
                top.integer("esc_timeout_ms", "milliseconds", 1..ESC_TIMEOUT_MS_MAX + 1)
                    .unwrap_or(ESC_TIMEOUT_MS),
            ),
            ascii: top.boolean("ascii"),
            mouse: top.boolean("mouse"),
            read_only: top.boolean("read_only").unwrap_or(false),
            keep_secrets: top.boolean("keep_secrets").unwrap_or(true),
            theme: theme(&top, origin),
            profiles,
            lines: lines(&top),
        };
        Ok((settings, complaints.in_order()))
    }
}

/// Whether something stands there all the same: a link that leads nowhere is no missing file, whose settings would not
/// be missed.
fn is_link(path: &Path) -> bool {
    std::fs::symlink_metadata(path).is_ok()
}

/// The text of a settings file.
///
/// # Errors
/// It can't be read, is over 1 MiB, isn't UTF-8, or others may have written it.
pub(crate) fn read_text(path: &Path) -> Result<String, FileError> {
    let bytes =
        fs::read(path, Rules::Settings, FILE_SIZE_LIMIT as u64).map_err(|error| FileError::of_open(path, error))?;
    let text = std::str::from_utf8(&bytes).map_err(|error| {
        let good = &bytes[..error.valid_up_to()];
        let line = good.iter().filter(|byte| **byte == b'\n').count() + 1;
        FileError::NotText {
            path: path.to_owned(),
            line,
        }
    })?;
    Ok(text.to_owned())
}

/// The line of each entry; of those of `[timeouts]` too.
fn lines(section: &Section<'_>) -> BTreeMap<String, usize> {
    let entries = section.entries();
    let mut lines: BTreeMap<String, usize> = entries.iter().map(|key| (key.value.to_owned(), key.line)).collect();
    if lines.contains_key("timeouts")
        && let Some(timeouts) = section.open_section("timeouts")
    {
        let of_it = timeouts.entries().into_iter();
        lines.extend(of_it.map(|key| (format!("timeouts.{}", key.value), key.line)));
    }
    lines
}

fn base_url(section: &Section<'_>, origin: impl FnOnce(usize) -> Origin) -> Option<Sourced<BaseUrl>> {
    let text = section.text("base_url")?;
    match text.value.parse() {
        Ok(url) => Some(Sourced::new(url, origin(text.line))),
        Err(problem) => {
            section.complain("base_url", text.line, EntryProblem::BaseUrl(problem));
            None
        }
    }
}

/// A theme's name; whether there is one of that name is found out where themes are read.
fn theme(section: &Section<'_>, origin: impl FnOnce(usize) -> Origin) -> Option<Sourced<String>> {
    let name = section.text("theme")?;
    Some(Sourced::new(name.value.to_owned(), origin(name.line)))
}

fn default_profile(top: &Section<'_>, path: &Path, profiles: &BTreeMap<String, Profile>) -> Option<Sourced<String>> {
    let name = top.text("default_profile")?;
    if !profiles.contains_key(name.value) {
        let names: Vec<_> = profiles.keys().map(String::as_str).collect();
        let known = if names.is_empty() {
            "it has no [profiles.NAME]".to_owned()
        } else {
            format!("known: {}", names.join(", "))
        };
        top.complain("default_profile", name.line, EntryProblem::NoSuchProfile { known });
        return None;
    }
    Some(Sourced::new(
        name.value.to_owned(),
        Origin::File {
            path: path.to_owned(),
            line: name.line,
        },
    ))
}

/// What paths and origins in the file are made from.
struct ProfileReader<'a> {
    path: &'a Path,
    home: Option<&'a Path>,
}

impl ProfileReader<'_> {
    fn profiles(&self, top: &Section<'_>) -> BTreeMap<String, Profile> {
        let mut profiles = BTreeMap::new();
        let Some(section) = top.open_section("profiles") else {
            return profiles;
        };
        for name in section.entries() {
            // It is shown on the screen and typed on the command line.
            if !is_name(name.value) {
                section.complain(name.value, name.line, EntryProblem::ProfileName);
                continue;
            }
            if let Some(entries) = section.section(name.value, PROFILE) {
                profiles.insert(name.value.to_owned(), self.profile(name.value, &entries));
            }
        }
        profiles
    }

    fn profile(&self, name: &str, section: &Section<'_>) -> Profile {
        let origin = |line| Origin::Profile {
            name: name.to_owned(),
            path: self.path.to_owned(),
            line,
        };
        Profile {
            name: name.to_owned(),
            base_url: base_url(section, origin),
            key: self.key(section, CommandPlace::Profile(name.to_owned())),
            protected: section.boolean("protected").unwrap_or(false),
            read_only: section.boolean("read_only"),
            keep_secrets: section.boolean("keep_secrets"),
            theme: theme(section, origin),
            lines: lines(section),
        }
    }

    /// The one key source of a section.
    fn key(&self, section: &Section<'_>, place: CommandPlace) -> Option<KeySource> {
        let file = section.text("api_key_file");
        let command = section.text("api_key_command");
        let variable = section.text("api_key_env");
        let second = |key, line, other| {
            section.complain(key, line, EntryProblem::SecondKeySource { other });
            None
        };
        match (file, command, variable) {
            (None, None, None) => None,
            (Some(_), Some(command), _) => second("api_key_command", command.line, "api_key_file"),
            (Some(_), None, Some(variable)) => second("api_key_env", variable.line, "api_key_file"),
            (None, Some(_), Some(variable)) => second("api_key_env", variable.line, "api_key_command"),
            (Some(file), None, None) => match self.absolute(file.value) {
                Some(path) => Some(KeySource::File(path)),
                None => {
                    section.complain("api_key_file", file.line, EntryProblem::NoHome);
                    None
                }
            },
            (None, Some(command), None) => Some(KeySource::Command {
                command: Secret::new(command.value),
                place,
            }),
            (None, None, Some(variable)) => match variable_problem(variable.value) {
                Some(problem) => {
                    section.complain("api_key_env", variable.line, problem);
                    None
                }
                None => Some(KeySource::Variable(variable.value.to_owned())),
            },
        }
    }

    /// A path of the file: `~/` is the home directory, anything relative is relative to the file's directory, so that
    /// the setting means the same from wherever the program is started.
    fn absolute(&self, text: &str) -> Option<PathBuf> {
        match text.strip_prefix("~/") {
            Some(rest) => self.home.map(|home| home.join(rest)),
            None => Some(self.path.parent().unwrap_or(Path::new("")).join(text)),
        }
    }
}

/// Whether a text can be a profile's name: Unicode's letters and digits, but for those that draw nothing.
fn is_name(name: &str) -> bool {
    let fits = |c: char| c.is_alphanumeric() && !is_invisible(c) || "-_.".contains(c);
    !name.is_empty() && name.chars().all(fits)
}

fn variable_problem(name: &str) -> Option<EntryProblem> {
    if looks_like_a_key(name) {
        return Some(EntryProblem::VariableIsKey);
    }
    let starts_well = name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_');
    let valid = starts_well && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
    (!valid).then_some(EntryProblem::VariableName)
}

/// How long to wait for what. In the config file they stand in `[timeouts]`, in seconds, whole or with a fraction, from
/// 0.1 to 3600.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Timeouts {
    /// For a connection, name look-up and TLS included. Cut to nine tenths of the others: it must run out first, so
    /// that a connection that never came about is told apart from an answer that didn't.
    pub connect: Duration,
    /// For the first byte of an answer, and from then on for each next one: the longest silence.
    pub request: Duration,
    /// For a whole operation: one request with its answer, or all pages of a list.
    pub total: Duration,
}

impl Default for Timeouts {
    /// 10 s, 30 s, 120 s.
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(10),
            request: Duration::from_secs(30),
            total: Duration::from_secs(120),
        }
    }
}

impl Timeouts {
    /// The defaults, with what `[timeouts]` of the config file says laid over them.
    fn from_section(top: &Section<'_>) -> Self {
        let mut timeouts = Self::default();
        let Some(section) = top.section("timeouts", &["connect", "request", "total"]) else {
            return timeouts;
        };
        for (key, place) in [
            ("connect", &mut timeouts.connect),
            ("request", &mut timeouts.request),
            ("total", &mut timeouts.total),
        ] {
            if let Some(seconds) = section.seconds(key, LEAST_SECONDS, MOST_SECONDS) {
                *place = Duration::from_secs_f64(seconds);
            }
        }
        timeouts
    }
}
