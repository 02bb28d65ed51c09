//! `novita-edit config init|path|check`: the user's own files. `config_show.rs` is the settings in force.

use std::io::{self, Write};
use std::path::{Path, PathBuf};

use super::args::ConfigCommand;
use super::failure::Failure;
use super::{config_show, output};
use crate::config::{
    Config, ConfigDir, ConfigError, Environment, Flags, StateDirs, default_config_file, file_problems,
};
use crate::exit_code::Exit;
use crate::fs::{create_dirs, create_file};
use crate::tui::keymap;
use crate::tui::user_files::UserFiles;

const CONFIG: &str = include_str!("../../assets/init/config.toml");
const THEMES: &str = include_str!("../../assets/init/themes.txt");

/// Does what the subcommand says.
///
/// # Errors
/// There is no place for the files, or one can't be written.
pub fn run(command: &ConfigCommand, flags: &Flags, env: &Environment) -> Result<Exit, Failure> {
    match command {
        ConfigCommand::Init => init(flags, env),
        ConfigCommand::Path => path(flags, env),
        ConfigCommand::Show(args) => config_show::run(*args, flags, env),
        ConfigCommand::Check => check(flags, env),
    }
}

fn init(flags: &Flags, env: &Environment) -> Result<Exit, Failure> {
    let dir = ConfigDir::find(env).ok_or(Failure::NoConfigDir)?;
    let config = flags.config.clone().unwrap_or_else(|| dir.root().join("config.toml"));
    let files = [
        (config, CONFIG.to_owned()),
        (dir.keymap(), commented_keymap()),
        (dir.themes().join("README.txt"), THEMES.to_owned()),
    ];
    for (path, text) in files {
        let written = write_new(&path, &text).map_err(|problem| Failure::NotWritten {
            path: path.clone(),
            problem,
        })?;
        let said = if written {
            "written"
        } else {
            "there already, left as it is"
        };
        let path = output::safe(&path.display().to_string());
        output::text(&format!("{path}: {said}\n"))?;
    }
    Ok(Exit::Done)
}

/// The compiled-in keymap with every entry as a comment. The tables stay: under an entry that is made one again its
/// table must not be missing.
fn commented_keymap() -> String {
    let mut text = String::from(
        "# Keys of your own. The entries below are the defaults, as comments: take the # away and change the keys.\n\
         # An entry takes the place of all keys of its action; [] leaves it without any. What a key did before must get\n\
         # another one: nothing may be bound twice. Whether all is in order: novita-edit config check\n#\n",
    );
    for line in keymap::DEFAULT.lines() {
        if !(line.is_empty() || line.starts_with(['#', '['])) {
            text.push_str("# ");
        }
        text.push_str(line);
        text.push('\n');
    }
    text
}

/// Writes a file that isn't there yet, for its user only; whether it wasn't.
fn write_new(path: &Path, text: &str) -> io::Result<bool> {
    if let Some(parent) = path.parent().filter(|parent| !parent.as_os_str().is_empty()) {
        create_dirs(parent)?;
    }
    let mut file = match create_file(path) {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => return Ok(false),
        file => file?,
    };
    let written = file.write_all(text.as_bytes()).and_then(|()| file.sync_all());
    if written.is_err() {
        // Half a file would be read as a whole one.
        let _ = std::fs::remove_file(path);
    }
    written.map(|()| true)
}

fn path(flags: &Flags, env: &Environment) -> Result<Exit, Failure> {
    let dir = ConfigDir::find(env);
    let state = StateDirs::find(env);
    let config = flags.config.clone().or_else(|| default_config_file(env));
    let paths: [(&str, Option<PathBuf>); 5] = [
        ("config", config),
        ("keymap", dir.as_ref().map(ConfigDir::keymap)),
        ("themes", dir.as_ref().map(ConfigDir::themes)),
        ("drafts", state.as_ref().map(StateDirs::drafts)),
        ("history", state.as_ref().map(StateDirs::history)),
    ];
    for (name, path) in paths {
        let line = match path {
            Some(path) => {
                let there = if path.exists() { "there" } else { "not there" };
                format!("{name:<8} {there:<10} {}\n", output::safe(&path.display().to_string()))
            }
            None => format!("{name:<8} nowhere: there is no home directory\n"),
        };
        output::text(&line)?;
    }
    Ok(Exit::Done)
}

/// Reads all that a start reads, but for the key: its command may ask for a passphrase.
fn check(flags: &Flags, env: &Environment) -> Result<Exit, Failure> {
    let (config, wrong) = match Config::resolve(flags, env) {
        Ok(config) => (Some(config), None),
        // That there is no key is no mistake in a file. Nothing else needs one here.
        Err(ConfigError::MissingKey { .. }) => {
            let without = Flags {
                demo: true,
                ..flags.clone()
            };
            (Config::resolve(&without, env).ok(), None)
        }
        Err(error) => (None, Some(error)),
    };
    let place = flags.config.clone().or_else(|| default_config_file(env));
    let mut problems: Vec<String> = match (wrong, place) {
        (None, _) => Vec::new(),
        // The first of them is what kept the rest from being read.
        (Some(ConfigError::File(_)), _) => file_problems(flags, env).iter().map(ToString::to_string).collect(),
        (Some(error), Some(path)) => vec![error.problem(path).to_string()],
        (Some(error), None) => vec![error.to_string()],
    };
    let dir = ConfigDir::find(env);
    let mut look = match &config {
        Some(config) => UserFiles::read(config),
        None => UserFiles::keys_only(dir.as_ref()),
    };
    if let Some(dir) = &dir {
        look.read_all_themes(dir);
    }
    problems.extend(look.problems.iter().map(ToString::to_string));
    for problem in &problems {
        output::text(&(output::safe(&problem.to_string()) + "\n"))?;
    }
    if !problems.is_empty() {
        return Ok(Exit::Usage);
    }
    output::note("No problems.");
    Ok(Exit::Done)
}
