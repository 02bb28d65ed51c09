//! What may stand for each argument: the definition of the arguments with a completer for each.

use std::ffi::{OsStr, OsString};
use std::sync::Arc;

use clap::{Arg, Command};
use clap_complete::engine::{ArgValueCompleter, CompletionCandidate, PathCompleter, ValueCompleter};

use super::line::TabLine;
use crate::cli::{args, field, list, output, set, watch};
use crate::endpoint::schema::Kind;
use crate::store::KnownEndpoint;
use crate::text::has_invisible;

/// The definition for completing a line, whose last word is the one that is completed.
pub(super) fn definition(words: &[OsString]) -> Command {
    let last = words
        .last()
        .map(|word| word.to_string_lossy().into_owned())
        .unwrap_or_default();
    let definition = args::definition();
    let begins_command = |command: &Command| {
        let mut names = command.get_name_and_visible_aliases().into_iter();
        names.any(|name| name.starts_with(&last))
    };
    let completers = Completers {
        line: Arc::new(TabLine::of(words)),
        begins_command: definition.get_subcommands().any(begins_command),
        begins_option: last.starts_with('-'),
    };
    completers.put_on(definition, Commands::Program)
}

/// Which commands an argument belongs to.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Commands {
    /// The program itself.
    Program,
    Other,
    /// Those about drafts.
    Draft,
}

struct Completers {
    line: Arc<TabLine>,
    /// The word that is completed may become a command.
    begins_command: bool,
    /// It is an option, or becomes one.
    begins_option: bool,
}

impl Completers {
    fn put_on(&self, command: Command, of: Commands) -> Command {
        let command = command.mut_args(|arg| {
            // Options are offered where one is begun, and where nothing else can stand.
            let is_hidden = arg.is_hide_set() || !arg.is_positional() && !self.begins_option;
            match self.completer(&arg, of) {
                Some(completer) => arg.add(completer),
                None => arg,
            }
            .hide(is_hidden)
        });
        command.mut_subcommands(|inner| {
            let of = match (of, inner.get_name()) {
                (Commands::Program, "draft") | (Commands::Draft, _) => Commands::Draft,
                _ => Commands::Other,
            };
            self.put_on(inner, of)
        })
    }

    fn completer(&self, arg: &Arg, of: Commands) -> Option<ArgValueCompleter> {
        let line = Arc::clone(&self.line);
        let from = |candidates: fn(&str, &TabLine) -> Vec<CompletionCandidate>| {
            Some(ArgValueCompleter::new(move |typed: &OsStr| {
                candidates(&typed.to_string_lossy(), &line)
            }))
        };
        let value_name = arg.get_value_names().and_then(|names| names.first());
        match (arg.get_id().as_str(), value_name.map(|name| name.as_str())) {
            // An ID begins with no hyphen, and a command goes before an endpoint: the server isn't asked for either.
            (_, Some("ID")) if self.begins_option => from(|_, _| Vec::new()),
            (_, Some("ID")) if of == Commands::Program && self.begins_command => from(|_, _| Vec::new()),
            (_, Some("ID")) if of == Commands::Draft => from(|typed, line| named(typed, &line.drafts())),
            (_, Some("ID")) => from(|typed, line| named(typed, &line.endpoints())),
            (_, Some("PATH=VALUE")) if self.begins_option => from(|_, _| Vec::new()),
            (_, Some("PATH=VALUE")) => from(|typed, line| match assignments(typed, line) {
                // More IDs may stand before the first path.
                none if none.is_empty() && !typed.contains(['=', '.', '[']) => named(typed, &line.endpoints()),
                paths => paths,
            }),
            ("field", _) => from(fields),
            ("allow_masked", _) => from(|typed, line| words(typed, line.envs().iter().map(String::as_str))),
            ("profile", _) => from(|typed, line| words(typed, line.profiles().iter().map(String::as_str))),
            ("state", _) => from(|typed, _| words(typed, watch::STATES)),
            ("until", _) => from(|typed, _| words(typed, [watch::HEALTHY].into_iter().chain(watch::STATES))),
            ("columns", _) => from(|typed, _| words(typed, list::column_names())),
            ("sort", _) => from(sorted_by),
            ("ignore", _) => from(fields),
            (_, Some("COMMAND")) => from(|typed, _| {
                let definition = args::definition();
                let shown = definition.get_subcommands().filter(|command| !command.is_hide_set());
                words(typed, shown.map(Command::get_name))
            }),
            (_, Some("FILE")) => from(|typed, _| files(&PathCompleter::file(), typed)),
            (_, Some("DIR")) => from(|typed, _| files(&PathCompleter::dir(), typed)),
            _ => None,
        }
    }
}

/// Those of some words that begin like this and mean themselves in every shell.
fn words<'a>(typed: &str, all: impl IntoIterator<Item = &'a str>) -> Vec<CompletionCandidate> {
    let all = all.into_iter().filter(|word| word.starts_with(typed) && is_plain(word));
    all.map(CompletionCandidate::new).collect()
}

fn sorted_by(typed: &str, _: &TabLine) -> Vec<CompletionCandidate> {
    let (sign, name) = match typed.strip_prefix('-') {
        Some(name) => ("-", name),
        None => ("", typed),
    };
    let names = words(name, list::column_names()).into_iter();
    names.map(|name| name.add_prefix(sign)).collect()
}

/// The names that can be seen: any other would be several candidates to a shell, or would drive its terminal.
fn files(paths: &PathCompleter, typed: &str) -> Vec<CompletionCandidate> {
    let names = paths.complete(OsStr::new(typed)).into_iter();
    names
        .filter(|name| name.get_value().to_str().is_some_and(|name| !has_invisible(name)))
        .collect()
}

/// What `set` takes: paths with their sign, and behind it what can be known of the value.
fn assignments(typed: &str, line: &TabLine) -> Vec<CompletionCandidate> {
    let Some((path, value)) = typed.split_once('=') else {
        let single = set::single_paths().map(|path| format!("{path}="));
        let rows = ["envs.", "volumeMounts["].map(str::to_owned);
        let envs = envs(typed, line).into_iter().map(|path| format!("{path}="));
        let all = single
            .chain(rows)
            .chain(envs)
            .filter(|path| path.starts_with(typed) && path != typed);
        return all.map(CompletionCandidate::new).collect();
    };
    if let Some(file) = value.strip_prefix('@') {
        let names = files(&PathCompleter::file(), file).into_iter();
        return names.map(|name| name.add_prefix(format!("{path}=@"))).collect();
    }
    let part = match set::target(path) {
        Some(set::SetTarget::Field(field)) => Some(field),
        Some(set::SetTarget::Row(_, _, part)) => part,
        None => None,
    };
    let Some(Kind::Choice(choices)) = part.map(|part| part.spec().kind) else {
        return Vec::new();
    };
    let known = words(value, choices.iter().map(|(word, _)| *word)).into_iter();
    known.map(|word| word.add_prefix(format!("{path}="))).collect()
}

/// What `get --field` takes.
fn fields(typed: &str, line: &TabLine) -> Vec<CompletionCandidate> {
    let known = field::keys().chain(set::single_paths()).map(str::to_owned);
    let rows = ["envs.", "volumeMounts["].map(str::to_owned);
    let mut all: Vec<String> = known.chain(rows).chain(envs(typed, line)).collect();
    let mut seen = std::collections::HashSet::new();
    all.retain(|path| path.starts_with(typed) && path != typed && seen.insert(path.clone()));
    all.into_iter().map(CompletionCandidate::new).collect()
}

/// The paths of the variables of the endpoint on the line, once one is begun: the server may be asked for them.
fn envs(typed: &str, line: &TabLine) -> Vec<String> {
    if !typed.starts_with("envs.") {
        return Vec::new();
    }
    let names = line.envs().into_iter().filter(|name| is_plain(name));
    names.map(|name| format!("envs.{name}")).collect()
}

/// Ids and names that begin like this.
fn named(typed: &str, all: &[KnownEndpoint]) -> Vec<CompletionCandidate> {
    let mut candidates = Vec::new();
    for endpoint in all {
        let state = &endpoint.state;
        let names_it_alone = all.iter().filter(|other| other.name == endpoint.name).count() == 1;
        for (word, help) in [
            (&endpoint.name, format!("{}, {state}", endpoint.id)),
            (&endpoint.id, format!("{}, {state}", endpoint.name)),
        ] {
            let is_name = std::ptr::eq(word, &endpoint.name);
            if word.starts_with(typed) && is_plain(word) && (names_it_alone || !is_name) {
                candidates.push(CompletionCandidate::new(word).help(Some(output::safe(&help).into())));
            }
        }
    }
    candidates
}

/// Whether a word means just itself in every shell: a shell would run what stands in an endpoint's name.
fn is_plain(word: &str) -> bool {
    let is_sign = |c: char| c.is_ascii_alphanumeric() || "-_.".contains(c);
    !word.is_empty() && !word.starts_with('-') && word.chars().all(is_sign)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_words_that_mean_themselves_in_every_shell_are_offered() {
        assert!(is_plain("llama-3-8b") && is_plain("ep_7f3a.1"));
        for wrong in ["", "a b", "$(reboot)", "`x`", "a;b", "-rf", "a'b", "é", "a\nb", "a:b"] {
            assert!(!is_plain(wrong), "{wrong:?}");
        }
    }
}
