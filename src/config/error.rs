//! What can be wrong with the settings. Each is one clear sentence for the user and ends the program with exit code 2
//! before the screen is touched. Of the config file it is told with the file, the line and the key; a value is shown
//! only where it is a number or a base URL's host: a text may be a key that was written in the wrong place.

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

use thiserror::Error;

use super::base_url::{BaseUrl, BaseUrlError};
use super::environment::{EmptyVariable, NotUnicode};
use super::key::KeyError;
use super::key_rules::{KEY_VARIABLE, looks_like_a_key};
use super::origin::Origin;
use crate::fs::{OpenError, Unfit};
use crate::secret::MASK;
use crate::text::{Spelled, one_line, shell_quoted};

/// Where a person gets a key and reads about keys.
const KEY_DOCUMENTATION: &str = "https://novita.ai/docs/guides/llm-api-keys";

/// The most a config file may have, in bytes.
pub const FILE_SIZE_LIMIT: usize = 1024 * 1024;

/// Why there are no settings to start with.
#[derive(Debug, Error)]
#[allow(missing_docs, reason = "each message says what it is about")]
pub enum ConfigError {
    #[error(transparent)]
    File(#[from] FileError),
    #[error("{origin}: {problem}")]
    BaseUrl { origin: Origin, problem: BaseUrlError },
    #[error(transparent)]
    Key(#[from] KeyError),
    #[error(transparent)]
    NotUnicode(#[from] NotUnicode),
    #[error(transparent)]
    EmptyVariable(#[from] EmptyVariable),
    #[error(transparent)]
    UnknownProfile(Box<UnknownProfile>),
    /// Three lines: how to set a key, how to go without, where to read on.
    #[error(
        "no API key: set {KEY_VARIABLE}, or pass --api-key-file FILE, or put api_key_command = \"…\" into {}\n\
         To try it without an account: novita-edit --demo\n\
         Documentation: novita-edit --help; to get a key: {KEY_DOCUMENTATION}",
        config_file(.file.as_ref())
    )]
    MissingKey { file: Option<PathBuf> },
    #[error(
        "profile {profile} has a base URL of its own ({base_url}) but no API key, and a key from elsewhere is not sent there; \
         add api_key_file, api_key_command or api_key_env to [profiles.{profile}], or pass --api-key-file FILE"
    )]
    ProfileWithoutKey { profile: String, base_url: BaseUrl },
    #[error(
        "{KEY_VARIABLE} is meant for {}, but profile {} ({}) leads to {}, so the key is not sent; {}",
        .0.home, .0.profile, .0.chosen_by, .0.base_url, way_out(.0)
    )]
    VariableKeyElsewhere(Box<Elsewhere>),
    #[error(
        "the API key of profile {name} ({}) is meant for {}, but NOVITA_BASE_URL leads to {}, so the key is not sent; \
         pass --profile {name} to use the profile whole, or set {KEY_VARIABLE} too, or name the URL by --base-url",
        .0.chosen_by, .0.home, .0.base_url, name = .0.profile
    )]
    ProfileKeyElsewhere(Box<Elsewhere>),
}

/// A profile was asked for that the config file hasn't got.
#[derive(Debug, Error)]
#[error("there is no profile {} (asked for by {chosen_by}); {}", shown(.name), known_profiles(.known, .file.as_ref()))]
pub struct UnknownProfile {
    /// Its name, as it was asked for.
    pub name: String,
    /// Who asked for it.
    pub chosen_by: Origin,
    /// The profiles that there are.
    pub known: Vec<String>,
    /// The config file, if there is one.
    pub file: Option<PathBuf>,
}

/// A key that would be sent to another base URL than it is meant for.
#[derive(Debug)]
pub struct Elsewhere {
    /// The name of the profile in use.
    pub profile: String,
    /// Who chose it.
    pub chosen_by: Origin,
    /// The base URL that the key is meant for.
    pub home: BaseUrl,
    /// The base URL that it would be sent to.
    pub base_url: BaseUrl,
    /// Whether the profile has a key of its own.
    pub has_key: bool,
}

fn config_file(path: Option<&PathBuf>) -> String {
    match path {
        Some(path) => one_line(&path.display().to_string()).into_owned(),
        None => "a file named by --config".to_owned(),
    }
}

fn known_profiles(known: &[String], file: Option<&PathBuf>) -> String {
    match (known, file) {
        ([], Some(file)) => format!("{} has no profiles; add [profiles.NAME] there", file.display()),
        ([], None) => "there is no config file that could have any".to_owned(),
        (known, _) => format!("known: {}", known.join(", ")),
    }
}

fn way_out(Elsewhere { profile, has_key, .. }: &Elsewhere) -> String {
    if *has_key {
        format!("pass --profile {profile} to use the profile's own key, or set NOVITA_BASE_URL too")
    } else {
        format!(
            "if it is that platform's key, add api_key_env = \"{KEY_VARIABLE}\" to [profiles.{profile}] or set NOVITA_BASE_URL too"
        )
    }
}

/// A profile's name, unless it is a key that was given in its place.
fn shown(name: &str) -> String {
    if looks_like_a_key(name) {
        MASK.to_owned()
    } else {
        Spelled(name).to_string()
    }
}

/// Why a config file can't be used. `line` counts from 1.
#[derive(Debug, Error)]
#[allow(missing_docs, reason = "each message says what it is about")]
pub enum FileError {
    #[error("the config file {path} can't be read: {problem}")]
    Unreadable { path: PathBuf, problem: io::Error },
    #[error("the config file {path} {}", unfit(path, why))]
    Unfit { path: PathBuf, why: Unfit },
    #[error("{path}, line {line}: the config file is not UTF-8 text")]
    NotText { path: PathBuf, line: usize },
    #[error("{path}, line {line}: {}not valid TOML: {message}", at_key(.key.as_deref()))]
    Syntax {
        path: PathBuf,
        line: usize,
        key: Option<String>,
        message: String,
    },
    #[error("{path}, line {line}: `{key}` {problem}")]
    Entry {
        path: PathBuf,
        line: usize,
        key: String,
        problem: EntryProblem,
    },
}

/// What is wrong with one entry; worded to stand after the key's name.
#[derive(Debug, Clone, PartialEq, Error)]
#[allow(missing_docs, reason = "each message says what it is about")]
pub enum EntryProblem {
    #[error("is not a known setting; did you mean `{nearest}`?")]
    UnknownNear { nearest: String },
    #[error("is not a known setting; known here: {known}")]
    Unknown { known: String },
    #[error("is not a setting: a key doesn't belong in this file; use api_key_file, api_key_command or NOVITA_API_KEY")]
    KeyItself,
    #[error("must be {expected}, not {found}")]
    Type { expected: String, found: &'static str },
    #[error("must be {expected}, not {found}")]
    Range { expected: String, found: String },
    #[error("is wrong: {0}")]
    BaseUrl(#[from] BaseUrlError),
    #[error("must not be blank")]
    Blank,
    #[error("stands beside `{other}`; keep one of them, the API key comes from one place")]
    SecondKeySource { other: &'static str },
    #[error("must be the name of an environment variable (letters, digits and _)")]
    VariableName,
    #[error("must be the name of an environment variable that holds the key, and this looks like the key itself")]
    VariableIsKey,
    #[error("is no profile's name; use letters, digits, `-`, `_` and `.`")]
    ProfileName,
    #[error("names a profile that is not in this file; {known}")]
    NoSuchProfile { known: String },
    #[error("begins with ~, but there is no home directory; write the whole path")]
    NoHome,
}

/// What keeps a file from being used, as the end of a sentence that begins with its name.
fn unfit(path: &Path, why: &Unfit) -> String {
    match why {
        Unfit::NotRegular => "is a directory, a pipe or something else that is no regular file; name a file".to_owned(),
        Unfit::Exposed { mode } => format!(
            "can be changed by others than its owner (mode {mode:04o}), who would decide what this program does; mend it \
             with: chmod go-w {}",
            shell_quoted(&path.to_string_lossy())
        ),
        Unfit::Foreign { owner } => format!(
            "belongs to another user (user id {owner}), who would decide what this program does; copy it into a file of \
             your own, on a file system that keeps owners and permissions"
        ),
        Unfit::Replaceable { dir, owner, mode } => replaceable(dir, *owner, *mode),
        Unfit::TooLarge => format!("is larger than {} KiB; it can't be meant", FILE_SIZE_LIMIT / 1024),
    }
}

/// That others may exchange the file, by the directory that it is in, as [`unfit`].
fn replaceable(dir: &Path, owner: u32, mode: u32) -> String {
    let user = rustix::process::geteuid().as_raw();
    let (shown, quoted) = (dir.display(), shell_quoted(&dir.to_string_lossy()));
    if owner != user && owner != 0 {
        return format!(
            "is in {shown}, which belongs to another user (user id {owner}), who could put another file in its place; keep \
             it in a directory of your own"
        );
    }
    format!(
        "is in {shown}, where others can put another file in its place (mode {mode:04o}), and would decide what this \
         program does; mend it with: chmod go-w {quoted}"
    )
}

impl FileError {
    /// Why a settings file could not be read.
    pub(super) fn of_open(path: &Path, error: OpenError) -> Self {
        let path = path.to_owned();
        match error {
            OpenError::Unopened(problem) | OpenError::Unread(problem) => Self::Unreadable { path, problem },
            OpenError::Unfit(why) => Self::Unfit { path, why },
        }
    }

    /// The line that it is about; 0: the file as a whole.
    pub(super) fn line(&self) -> usize {
        match self {
            Self::Unreadable { .. } | Self::Unfit { .. } => 0,
            Self::NotText { line, .. } | Self::Syntax { line, .. } | Self::Entry { line, .. } => *line,
        }
    }

    /// The sentence for where the place stands already.
    fn without_place(&self) -> String {
        match self {
            Self::Unreadable { problem, .. } => format!("the file can't be read: {problem}"),
            Self::Unfit { path, why } => format!("the file {}", unfit(path, why)),
            Self::NotText { .. } => "the file is not UTF-8 text".to_owned(),
            Self::Syntax { key, message, .. } => format!("{}not valid TOML: {message}", at_key(key.as_deref())),
            Self::Entry { key, problem, .. } => format!("`{key}` {problem}"),
        }
    }
}

fn at_key(key: Option<&str>) -> String {
    key.map(|key| format!("`{key}`: ")).unwrap_or_default()
}

/// One thing that is wrong in a file. Its `Display` is `FILE:LINE: sentence`, which editors can jump to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileProblem {
    /// The file.
    pub path: PathBuf,
    /// From 1; `None`: the file as a whole.
    pub line: Option<usize>,
    /// A sentence without its place.
    pub text: String,
}

impl fmt::Display for FileProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:", self.path.display())?;
        if let Some(line) = self.line {
            write!(f, "{line}:")?;
        }
        write!(f, " {}", self.text)
    }
}

impl From<FileError> for FileProblem {
    fn from(error: FileError) -> Self {
        let text = error.without_place();
        let (path, line) = match error {
            FileError::Unreadable { path, .. } | FileError::Unfit { path, .. } => (path, None),
            FileError::NotText { path, line }
            | FileError::Syntax { path, line, .. }
            | FileError::Entry { path, line, .. } => (path, Some(line)),
        };
        Self { path, line, text }
    }
}

impl ConfigError {
    /// The file that it is about and what is wrong there; it may be a sentence about the whole file.
    pub fn problem(self, config_file: PathBuf) -> FileProblem {
        match self {
            Self::File(error) => error.into(),
            other => FileProblem {
                path: config_file,
                line: None,
                text: other.to_string(),
            },
        }
    }
}
