//! The log, in a file or on stderr: only on request, never on the screen, never with a secret.
//!
//! What is logged are our own words: a `Secret` in them prints as its mask. Libraries get no say below `warn`, because
//! HTTP libraries log headers at `debug` and `trace`, and one of the headers is the key.

use std::fs::File;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::Mutex;

use thiserror::Error;
use tracing::Subscriber;
use tracing::level_filters::LevelFilter;
use tracing_subscriber::filter::Targets;
use tracing_subscriber::fmt;
use tracing_subscriber::layer::{Layer, SubscriberExt};

use crate::config::{Environment, NotUnicode};
use crate::fs::{self, OpenError, OpenFor, Rules, refuse_irregular};
use crate::text::Spelled;
use crate::text::width::shown_text;

/// The variable that says how much is logged.
pub const LOG_VARIABLE: &str = "NOVITA_LOG";

/// Why there can be no log as asked for.
#[derive(Debug, Error)]
pub enum LogError {
    #[error("{LOG_VARIABLE} must be one of error, warn, info, debug and trace, not {}", Spelled(.0))]
    Level(String),
    #[error(transparent)]
    Variable(#[from] NotUnicode),
    #[error("the log file {path} can't be opened ({problem}); name another one by --log-file")]
    Unopenable { path: PathBuf, problem: io::Error },
    #[error("the log file {path} is not a regular file; name another one by --log-file")]
    NotRegular { path: PathBuf },
}

/// Where a log goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LogTarget<'a> {
    /// Nowhere: nobody asked for one.
    Nowhere,
    Stderr,
    File(&'a Path),
}

impl<'a> LogTarget<'a> {
    /// What `--log-file` and so many `-v` ask for.
    pub fn of(file: Option<&'a Path>, verbose: u8) -> Self {
        match file {
            Some(path) if path.as_os_str() == "-" => Self::Stderr,
            Some(path) => Self::File(path),
            None if verbose > 0 => Self::Stderr,
            None => Self::Nowhere,
        }
    }
}

/// Starts logging; where it goes nowhere, nothing is installed. So many `-v` say how much, else `NOVITA_LOG`. To be called
/// once in a process.
///
/// # Errors
/// `NOVITA_LOG` is none of its words (also told without a log), or the file can't be used.
pub fn start(target: LogTarget<'_>, verbose: u8, env: &Environment) -> Result<(), LogError> {
    let level = match (verbose, level(env)?) {
        (0, level) => level,
        (1, _) => LevelFilter::INFO,
        (2, _) => LevelFilter::DEBUG,
        (3.., _) => LevelFilter::TRACE,
    };
    // Fails only if there is one already: then the log goes there.
    let _ = match target {
        LogTarget::Nowhere => Ok(()),
        LogTarget::Stderr => tracing::subscriber::set_global_default(subscriber(io::stderr(), level)),
        LogTarget::File(path) => tracing::subscriber::set_global_default(subscriber(open(path)?, level)),
    };
    Ok(())
}

fn level(env: &Environment) -> Result<LevelFilter, LogError> {
    let Some(text) = env.text(LOG_VARIABLE)? else {
        return Ok(LevelFilter::INFO);
    };
    match text.to_ascii_lowercase().as_str() {
        "error" => Ok(LevelFilter::ERROR),
        "warn" => Ok(LevelFilter::WARN),
        "info" => Ok(LevelFilter::INFO),
        "debug" => Ok(LevelFilter::DEBUG),
        "trace" => Ok(LevelFilter::TRACE),
        _ => Err(LogError::Level(text)),
    }
}

/// Opens for appending; a new file gets mode 0600. A link, FIFO or device is refused: what a log file of that name
/// would be appended to is then somebody else's choice. An existing file keeps its mode, which is its owner's choice.
fn open(path: &Path) -> Result<File, LogError> {
    let told = |error| match error {
        OpenError::Unfit(_) => LogError::NotRegular { path: path.to_owned() },
        OpenError::Unopened(problem) | OpenError::Unread(problem) => LogError::Unopenable {
            path: path.to_owned(),
            problem,
        },
    };
    refuse_irregular(path).map_err(|_| LogError::NotRegular { path: path.to_owned() })?;
    // And again by the opening itself, against an exchange in between.
    let opened = fs::open(path, OpenFor::Append, Rules::Unlinked);
    opened.map(|opened| opened.file).map_err(told)
}

/// Writes each event as one line that can't drive a terminal: what is logged may hold a path or a word from elsewhere.
struct OneLineWriter<W>(W);

impl<W: Write> Write for OneLineWriter<W> {
    /// The formatter hands over one event at a time, its line break at the end.
    fn write(&mut self, event: &[u8]) -> io::Result<usize> {
        let text = String::from_utf8_lossy(event);
        let line = shown_text(text.trim_end_matches('\n')).into_owned() + "\n";
        self.0.write_all(line.as_bytes())?;
        Ok(event.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
    }
}

fn subscriber<W: Write + Send + 'static>(to: W, level: LevelFilter) -> impl Subscriber + Send + Sync {
    let targets = Targets::new()
        .with_target(env!("CARGO_CRATE_NAME"), level)
        .with_default(level.min(LevelFilter::WARN));
    let layer = fmt::layer()
        .with_writer(Mutex::new(OneLineWriter(to)))
        .with_ansi(false)
        // A full disk would otherwise be told on stderr, in the middle of the screen.
        .log_internal_errors(false)
        .with_filter(targets);
    tracing_subscriber::registry().with(layer)
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::{PermissionsExt, symlink};

    use super::*;
    use crate::secret::Secret;

    fn env(level: &str) -> Environment {
        Environment::from_pairs([(LOG_VARIABLE, level)])
    }

    fn logged(level: LevelFilter, write: impl FnOnce()) -> String {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("log");
        tracing::subscriber::with_default(subscriber(open(&path).unwrap(), level), write);
        std::fs::read_to_string(&path).unwrap()
    }

    #[test]
    fn the_level_is_one_of_five_words() {
        assert_eq!(level(&env("")).unwrap(), LevelFilter::INFO);
        for word in ["error", "warn", "info", "debug", "trace", "DEBUG"] {
            assert_eq!(level(&env(word)).unwrap().to_string(), word.to_lowercase());
        }
        for wrong in ["loud", "off", "novita=debug", "3"] {
            let error = start(LogTarget::Nowhere, 0, &env(wrong)).unwrap_err().to_string();
            assert!(
                error.contains("NOVITA_LOG") && error.contains(wrong) && error.contains("trace"),
                "{error}"
            );
        }
    }

    #[test]
    fn libraries_log_nothing_below_warn() {
        let text = logged(LevelFilter::TRACE, || {
            tracing::trace!("ours");
            for_library();
            tracing::warn!(target: "hyper::client", "a library's warning");
        });
        assert!(text.contains("ours") && text.contains("a library's warning"), "{text}");
        assert!(!text.contains("sk_hidden"), "{text}");
        let quiet = logged(LevelFilter::ERROR, || tracing::warn!(target: "rustls", "not wanted"));
        assert_eq!(quiet, "");
    }

    fn for_library() {
        tracing::info!(target: "reqwest::connect", "authorization: Bearer sk_hidden");
        tracing::debug!(target: "h2::codec", "authorization: Bearer sk_hidden");
        tracing::trace!(target: "rustls::conn", "sk_hidden");
    }

    #[test]
    fn a_secret_is_logged_as_its_mask() {
        let key = Secret::new("sk_hidden");
        let text = logged(
            LevelFilter::TRACE,
            || tracing::info!(key = ?key, shown = %key, "key read"),
        );
        assert!(text.contains("key read") && !text.contains("hidden"), "{text}");
    }

    #[test]
    fn an_event_is_one_line_that_cannot_drive_a_terminal() {
        let evil = "/x\n2026-01-01T00:00:00Z  INFO novita_edit: forged\r\x1b[2J\u{9b}31m\u{202e}";
        let text = logged(LevelFilter::TRACE, || {
            tracing::info!(error = %evil, "field");
            tracing::info!("message {evil}");
        });
        assert_eq!(text.lines().count(), 2, "{text}");
        assert!(!crate::text::has_invisible(&text.replace('\n', "")), "{text:?}");
        assert_eq!(text.matches("␊2026").count(), 2, "{text}");
    }

    #[test]
    fn a_new_log_file_is_private_and_an_old_one_is_appended_to() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("log");
        open(&path).unwrap();
        assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        std::fs::write(&path, "before\n").unwrap();
        tracing::subscriber::with_default(subscriber(open(&path).unwrap(), LevelFilter::INFO), || {
            tracing::info!("after");
        });
        let text = std::fs::read_to_string(&path).unwrap();
        assert!(text.starts_with("before\n") && text.contains("after"), "{text}");
    }

    #[test]
    fn links_fifos_devices_and_directories_are_refused_without_waiting() {
        let dir = tempfile::tempdir().unwrap();
        let (target, link, dangling, fifo) = (
            dir.path().join("t"),
            dir.path().join("l"),
            dir.path().join("d"),
            dir.path().join("f"),
        );
        std::fs::write(&target, "").unwrap();
        symlink(&target, &link).unwrap();
        symlink(dir.path().join("absent"), &dangling).unwrap();
        assert!(
            std::process::Command::new("mkfifo")
                .arg(&fifo)
                .status()
                .unwrap()
                .success()
        );
        for path in [&link, &dangling, &fifo, dir.path(), Path::new("/dev/null")] {
            assert!(matches!(open(path), Err(LogError::NotRegular { .. })), "{path:?}");
        }
        assert!(!dir.path().join("absent").exists());
        let missing = open(&dir.path().join("no/such")).unwrap_err();
        assert!(matches!(missing, LogError::Unopenable { .. }));
    }
}
