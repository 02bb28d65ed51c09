//! Words that people bring from other tools: where they lead, and which command a slip was meant for.

use std::ffi::OsString;

use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{Arg, ArgMatches, Command, Error};

use crate::text;

/// A word with one of these, or with a digit, is no slip of a command: ids and most names have one.
const ID_SIGNS: [char; 4] = ['_', '.', '/', ':'];

/// Words for what is done elsewhere, and what to use instead. None that an endpoint is likely to be called by.
const ELSEWHERE: [(&[&str], &str); 12] = [
    (
        &["create", "add", "deploy", "launch"],
        "no endpoint is made here: create it in the platform's console, then edit it here",
    ),
    (
        &["delete", "rm", "remove", "destroy", "terminate", "kill"],
        "no endpoint is deleted here: do that in the platform's console. `novita-edit scale ID --min 0` takes its idle \
         workers away, `novita-edit set ID envs.NAME-` a variable, `novita-edit draft discard ID` a draft",
    ),
    (
        &["log", "logs", "events", "tail"],
        "there are no logs of workers here: the platform's console has them. `novita-edit show ID` has what the server \
         tells of an endpoint and its workers, and `novita-edit watch ID` follows it",
    ),
    (
        &["start", "stop", "restart", "pause", "resume"],
        "an endpoint has no switch: `novita-edit scale ID --min N --max N` sets how many workers it has; with --min 0 \
         none runs while no request comes",
    ),
    (
        &["update", "patch", "put", "replace", "modify", "change"],
        "use `novita-edit set ID PATH=VALUE` for single fields, `novita-edit scale ID` for workers and timeouts, or \
         `novita-edit apply -f FILE` for a whole file",
    ),
    (
        &["login", "logout", "auth", "signin", "whoami", "configure"],
        "there is no login: set NOVITA_API_KEY, or name a key for each platform in the config file, which \
         `novita-edit config init` begins. `novita-edit config path` says where it is",
    ),
    (
        &["exec", "ssh", "attach", "shell", "port-forward"],
        "there is no way into a worker from here: use the platform's console",
    ),
    (
        &["ps", "top", "endpoints", "endpoint"],
        "use `novita-edit list`; `novita-edit watch ID` follows one endpoint",
    ),
    (
        &["inspect", "info", "view"],
        "use `novita-edit show ID`, or `novita-edit get ID` for JSON",
    ),
    (
        &["export", "dump", "backup", "download"],
        "use `novita-edit get ID -o yaml > FILE`, which `novita-edit apply -f FILE` takes back; for variables alone \
         `novita-edit env export ID`",
    ),
    (
        &["plan", "lint"],
        "use `novita-edit diff -f FILE`, `novita-edit validate -f FILE`, or --dry-run with what changes",
    ),
    (
        &["undo", "revert", "restore"],
        "use `novita-edit rollback ID`; `novita-edit history ID` lists what was sent",
    ),
];

/// What a word stands for that is no command here; `None`: nothing that is known.
pub fn elsewhere(word: &str) -> Option<String> {
    let (_, instead) = ELSEWHERE.iter().find(|(words, _)| words.contains(&word))?;
    Some(format!(
        "there is no command {word}. {}.\nTo edit an endpoint that is called so, write `novita-edit -- {word}`.\n",
        text::capital(instead)
    ))
}

/// The command that a word seems to mean, by its name or another word for it; `None` where it is like none, or like an
/// id.
pub fn nearest_command(definition: &Command, word: &str) -> Option<String> {
    if word.contains(ID_SIGNS) || word.contains(|c: char| c.is_ascii_digit()) {
        return None;
    }
    let names: Vec<&str> = definition
        .get_subcommands()
        .flat_map(Command::get_name_and_visible_aliases)
        .collect();
    text::nearest(word, &names).map(str::to_owned)
}

/// The first word on the command line that is no option and no option's value, before any `--`; `None`: there is none,
/// or it is a command.
fn first_word(definition: &Command, arguments: &[OsString]) -> Option<String> {
    let before = arguments.iter().take_while(|argument| *argument != "--");
    let matches = definition
        .clone()
        .ignore_errors(true)
        .try_get_matches_from(before)
        .ok()?;
    matches.get_one::<String>("id").cloned()
}

/// `help` and `version`, which are asked for by options, too.
pub fn commands() -> [Command; 2] {
    let words = Arg::new("command").value_name("COMMAND").num_args(0..);
    [
        Command::new("help")
            .about("The help of the program, or of a command")
            .arg(words.help("The command, such as `set` or `draft show`")),
        Command::new("version").about("Print the version"),
    ]
}

/// The options that `help` and `version` stand for, behind the words of the command that they are about.
pub fn as_options(matches: &ArgMatches) -> Option<Vec<String>> {
    match matches.subcommand()? {
        ("help", help) => {
            let words = help.get_many::<String>("command").unwrap_or_default();
            Some(words.cloned().chain(["--help".to_owned()]).collect())
        }
        ("version", _) => Some(vec!["--version".to_owned()]),
        _ => None,
    }
}

/// The help or the version that was asked for by a command; or that there is no such command.
pub fn asked_for(mut definition: Command, options: &[String]) -> Error {
    if let Some(why) = no_such_command(&definition, options) {
        return definition.error(ErrorKind::InvalidSubcommand, why);
    }
    let arguments = std::iter::once("novita-edit").chain(options.iter().map(String::as_str));
    match definition.clone().try_get_matches_from(arguments) {
        Err(asked_for) => asked_for,
        Ok(_) => definition.error(ErrorKind::InvalidSubcommand, "there is no such help"),
    }
}

/// A word before what is wrong was taken for an ID: where it leads is told, or the command that it may have been meant
/// for.
pub fn in_their_words(mut error: Error, definition: &Command, arguments: &[OsString]) -> Error {
    if error.kind() != ErrorKind::UnknownArgument {
        return error;
    }
    let Some(word) = first_word(definition, arguments) else {
        return error;
    };
    if let Some(why) = elsewhere(&word) {
        return Error::raw(ErrorKind::InvalidSubcommand, why);
    }
    if let Some(near) = nearest_command(definition, &word) {
        error.insert(ContextKind::SuggestedSubcommand, ContextValue::Strings(vec![near]));
    }
    error
}

/// What is wrong with the words of a command that help is asked for; `None`: there is one.
fn no_such_command(definition: &Command, words: &[String]) -> Option<String> {
    let mut command = definition;
    for word in words.iter().filter(|word| *word != "--help" && *word != "--version") {
        match command.find_subcommand(word) {
            Some(inner) => command = inner,
            None => {
                let near = nearest_command(command, word).map(|near| format!(". Did you mean {near}?"));
                return Some(format!(
                    "there is no command {}{}",
                    words_before(words, word),
                    near.unwrap_or_default()
                ));
            }
        }
    }
    None
}

fn words_before(words: &[String], last: &str) -> String {
    let end = words.iter().position(|word| word == last).unwrap_or(0);
    words[..=end].join(" ")
}

/// The other words for commands, a line for the help: `ls = list, status and describe = show`.
pub fn other_words(definition: &Command) -> String {
    let named = definition.get_subcommands().filter_map(|command| {
        let others: Vec<&str> = command.get_visible_aliases().collect();
        (!others.is_empty()).then(|| format!("{} = {}", others.join(" and "), command.get_name()))
    });
    named.collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_that_leads_elsewhere_says_what_to_use_instead() {
        for (words, _) in ELSEWHERE {
            for word in words {
                let said = elsewhere(word).unwrap();
                assert!(
                    said.contains("novita-edit") && said.contains(&format!("-- {word}`")),
                    "{said}"
                );
            }
        }
        assert_eq!(elsewhere("llama-3-8b"), None);
    }
}
