//! The command line: what may be typed. What is asked for is done elsewhere, one file a subcommand.

#![allow(missing_docs, reason = "what stands there, clap prints as help")]

use std::ffi::OsString;
use std::path::PathBuf;

use clap::builder::NonEmptyStringValueParser;
use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{ArgAction, Args as ClapArgs, CommandFactory, FromArgMatches, Parser, Subcommand, ValueEnum};

use super::apply::ApplyArgs;
use super::diff::DiffArgs;
use super::draft::DraftCommand;
use super::env::EnvCommand;
use super::get::GetArgs;
use super::history::HistoryArgs;
use super::limits::LimitsArgs;
use super::list::ListArgs;
use super::options::OutputArgs;
use super::output::{self, ColorWhen};
use super::rollback::RollbackArgs;
use super::scale::ScaleArgs;
use super::schema::SchemaArgs;
use super::set::SetArgs;
use super::show::ShowArgs;
use super::validate::ValidateArgs;
use super::watch::WatchArgs;
use super::words;
use crate::config::Flags;
use crate::text::has_invisible;

/// clap's own line would say that an ID and a command may stand together.
const USAGE: &str = "novita-edit [OPTIONS] [ID]\n       novita-edit [OPTIONS] COMMAND";

/// The commands by what they are for, as the help lists them.
const GROUPS: [(&str, &[&str]); 3] = [
    (
        "Commands that look",
        &["list", "show", "get", "limits", "watch", "validate", "diff", "history"],
    ),
    (
        "Commands that change an endpoint",
        &["edit", "scale", "set", "apply", "env", "rollback"],
    ),
    (
        "Commands for this machine, which ask no server",
        &[
            "draft",
            "config",
            "completions",
            "man",
            "schema",
            "help",
            "version",
            "demo-server",
        ],
    ),
];

/// Written for 80 columns; clap wraps its own parts to that, and these lines as they are.
const AFTER_HELP: &str = "\
Environment:
  NOVITA_API_KEY   the API key
  NOVITA_BASE_URL  the API's base URL
  NOVITA_PROFILE   the profile to use; --profile beats it
  NOVITA_LOG       how much --log-file gets: error, warn, info, debug or trace
                   (default info)

Settings:
  Options beat variables, variables beat the config file, which is
  $XDG_CONFIG_HOME/novita-edit/config.toml (~/.config if that is not set).
  A profile supplies base URL and key together: with --profile, NOVITA_BASE_URL
  and NOVITA_API_KEY are passed over. A key meant for one base URL is never sent
  to another one unless an option says so. There is no option for the key
  itself: every user of a machine can read the arguments of every program.

Exit codes:
  0 done                             5 conflict
  1 a difference (diff); the         6 refused by the server, its answer can't
    editor's terminal is gone          be read, or it was not stored
  2 usage or settings, no terminal   7 unreachable, 5xx, 429, or a time-out
  3 not found or ambiguous           8 sent, not known if stored
  4 invalid value or file            9 the rollout failed (--wait, watch)
  101 the result can't be written, or a fault of the program itself
  129, 130, 143 ended by SIGHUP; by Ctrl-C or without a yes; by SIGTERM

Examples:
  novita-edit --demo                       try it: no account, no network
  novita-edit                              choose an endpoint, then edit it
  novita-edit my-endpoint-id               edit this one
  novita-edit --profile prod --read-only   look, change nothing
  novita-edit -- demo-server               an endpoint named like a command
  novita-edit scale my-endpoint --max 8    the quick change, without the form
  novita-edit apply -f my-endpoint.yaml    make it be what a file says";

const COMPLETIONS_HELP: &str = "\
The script asks novita-edit at each Tab: for commands, options and their words,
for drafts on this machine, for the paths that `set` knows, and for the ids,
names and variables of endpoints (of the API; after 2 s, or on any failure,
there are none; kept for a minute). No api_key_command is ever run for it, so
with such a key there are no endpoints. Make it anew after an update.

  bash        source <(novita-edit completions bash)         in ~/.bashrc
  zsh         source <(novita-edit completions zsh)          in ~/.zshrc
    or        novita-edit completions zsh > DIR/_novita-edit   DIR in $fpath
  fish        novita-edit completions fish | source          in config.fish
  elvish      eval (novita-edit completions elvish | slurp)  in rc.elv
  powershell  novita-edit completions powershell | Out-String | iex";

const MAN_HELP: &str = "\
Examples:
  novita-edit man | man -l -                   read it
  novita-edit man set | man -l -               the page of a command
  novita-edit man --dir ~/.local/share/man/man1   all, where man finds them";

/// Edit Novita serverless GPU endpoints in the terminal: every field is checked
/// as you type, the exact body is shown before it is sent, and read back after.
#[derive(Debug, Parser)]
#[command(name = "novita-edit", bin_name = "novita-edit", version, max_term_width = 80, after_help = AFTER_HELP)]
#[command(disable_help_subcommand = true, verbatim_doc_comment, override_usage = USAGE)]
pub struct Args {
    /// The endpoint to edit; without it a list to choose from. A word that is a
    /// command's name is the command; write it after `--` to mean an endpoint
    #[arg(value_name = "ID", value_parser = NonEmptyStringValueParser::new())]
    pub id: Option<String>,

    #[command(flatten)]
    pub global: GlobalArgs,

    #[command(subcommand)]
    pub command: Option<CliCommand>,

    /// The ID stands behind `--`: it is an endpoint, whatever it looks like.
    #[arg(skip)]
    pub id_is_meant: bool,
}

/// Options that may stand anywhere on the command line.
#[derive(Debug, Clone, Default, ClapArgs)]
#[command(next_help_heading = "Options of every command")]
pub struct GlobalArgs {
    /// Use the built-in simulated API: no account, no network, no key
    #[arg(long, global = true)]
    pub demo: bool,

    /// Use this profile of the config file: its base URL and its key together
    #[arg(long, global = true, value_name = "NAME")]
    pub profile: Option<String>,

    /// The API's base URL, everything before /endpoint: https, or plain http to a
    /// loopback address (127.0.0.0/8 or ::1)
    #[arg(long, global = true, value_name = "URL")]
    pub base_url: Option<String>,

    /// Read the API key from this file, which only you may be able to read
    #[arg(long, global = true, value_name = "FILE")]
    pub api_key_file: Option<PathBuf>,

    /// Use this config file
    #[arg(long, global = true, value_name = "FILE")]
    pub config: Option<PathBuf>,

    /// Append a log to this file, - for stderr; never holds a key or a secret value
    #[arg(long, global = true, value_name = "FILE")]
    pub log_file: Option<PathBuf>,

    /// Log to stderr, or more to --log-file: -v what is done, -vv each request too
    #[arg(short, long, global = true, action = ArgAction::Count)]
    pub verbose: u8,

    /// Look only: nothing is ever sent that changes an endpoint
    #[arg(long, global = true)]
    pub read_only: bool,

    /// When to use colours; NO_COLOR and CLICOLOR_FORCE are honoured
    #[arg(long, global = true, value_name = "WHEN", value_enum, default_value_t = ColorWhen::Auto)]
    pub color: ColorWhen,
}

#[derive(Debug, Clone, PartialEq, Eq, Subcommand)]
pub enum CliCommand {
    /// All endpoints: id, name, state, workers, GPUs, policy, image
    #[command(visible_alias = "ls")]
    List(ListArgs),
    /// One endpoint, grouped as the form is, with ranges and problems
    #[command(visible_aliases = ["status", "describe"])]
    Show(ShowArgs),
    /// The editable configuration as the update body, JSON or YAML
    Get(GetArgs),
    /// What applying a file of endpoints would change
    Diff(DiffArgs),
    /// What is wrong with an endpoint, or with a file of endpoints
    Validate(ValidateArgs),
    /// The account's ranges
    Limits(LimitsArgs),
    /// An endpoint's state and its workers as they change
    Watch(WatchArgs),
    /// The editor on an endpoint, as with its ID alone
    Edit(EditArgs),
    /// Change the usual numbers: workers, timeouts, policy
    Scale(ScaleArgs),
    /// Set any field by its path
    Set(SetArgs),
    /// Make endpoints be what a file says
    Apply(ApplyArgs),
    /// The environment as a .env file, and back
    #[command(disable_help_subcommand = true)]
    Env {
        #[command(subcommand)]
        command: EnvCommand,
    },
    /// What was sent from this machine, and what came of it
    History(HistoryArgs),
    /// Back to what an endpoint was before a send
    Rollback(RollbackArgs),
    /// What the editor left unsaved here: look at it, throw it away
    #[command(disable_help_subcommand = true)]
    Draft {
        #[command(subcommand)]
        command: DraftCommand,
    },
    /// Your own files: settings, keys, themes
    #[command(disable_help_subcommand = true)]
    Config {
        #[command(subcommand)]
        command: ConfigCommand,
    },
    /// A script for the shell's Tab key
    Completions(CompletionsArgs),
    /// Man pages
    Man(ManArgs),
    /// The JSON schema of a file of endpoints, for editors
    Schema(SchemaArgs),
    /// Run the simulated API alone, for other programs to talk to
    DemoServer(DemoServerArgs),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Subcommand)]
pub enum ConfigCommand {
    /// Write commented files to begin with; never over one that is there
    Init,
    /// Print where the files are, and whether they are there
    Path,
    /// The settings in force, and where each comes from: option, variable, file
    Show(OutputArgs),
    /// Read everything as a start does, and print what is wrong
    #[command(after_help = "Each problem is a line FILE:LINE: SENTENCE. Exit code 0, or 2 with problems.")]
    Check,
}

#[derive(Debug, Clone, PartialEq, Eq, ClapArgs)]
pub struct DemoServerArgs {
    /// Port on 127.0.0.1; 0 for any free one, which is printed
    #[arg(long, value_name = "N", default_value_t = 0)]
    pub port: u16,

    /// Path in front of /endpoint, such as /gpu-instance/openapi/v1
    #[arg(long, value_name = "PATH", default_value = "/gpu-instance/openapi/v1", value_parser = base_path)]
    pub base_path: String,
}

#[derive(Debug, Clone, PartialEq, Eq, ClapArgs)]
pub struct EditArgs {
    /// The endpoint to edit, its id or its name; without it a list to choose from
    #[arg(value_name = "ID", value_parser = NonEmptyStringValueParser::new())]
    pub id: Option<String>,
}

/// The arguments of `completions`, which itself reads all arguments that there are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ClapArgs)]
#[command(after_help = COMPLETIONS_HELP)]
pub struct CompletionsArgs {
    /// The shell
    #[arg(value_name = "SHELL", value_enum)]
    pub shell: Shell,
}

/// The shells that there is a script for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Shell {
    Bash,
    Zsh,
    Fish,
    Elvish,
    Powershell,
}

/// The arguments of `man`, which prints all arguments that there are.
#[derive(Debug, Clone, PartialEq, Eq, ClapArgs)]
#[command(after_help = MAN_HELP)]
pub struct ManArgs {
    /// The command; without one the program
    #[arg(value_name = "COMMAND")]
    pub command: Vec<String>,

    /// Write the pages of the program and all commands into this folder
    #[arg(long, value_name = "DIR", conflicts_with = "command")]
    pub dir: Option<PathBuf>,
}

impl Args {
    /// The command line's meaning. `arguments` begin with the program's name.
    ///
    /// # Errors
    /// clap's error: a wrong command line, or the help or version that was asked for. Print it by [`message`] and end
    /// with its `exit_code()`.
    pub fn read(arguments: impl IntoIterator<Item = impl Into<OsString> + Clone>) -> Result<Self, clap::Error> {
        let arguments: Vec<OsString> = arguments.into_iter().map(Into::into).collect();
        let definition = definition();
        let matches = definition.clone().try_get_matches_from(&arguments);
        let matches = matches.map_err(|error| words::in_their_words(error, &definition, &arguments))?;
        if let Some(options) = words::as_options(&matches) {
            return Err(words::asked_for(definition, &options));
        }
        let mut args = Self::from_arg_matches(&matches)?;
        let conflict = |text: &str| Err(definition.clone().error(ErrorKind::ArgumentConflict, text));
        args.id_is_meant = arguments.iter().any(|argument| argument == "--");
        if let Some(why) = args
            .id
            .as_deref()
            .filter(|_| !args.id_is_meant)
            .and_then(words::elsewhere)
        {
            return Err(clap::Error::raw(ErrorKind::InvalidSubcommand, why));
        }
        // Checked here, because clap's own conflicts don't reach from a command to options before it.
        if args.id.is_some() && args.command.is_some() {
            return conflict("an endpoint ID and a command can't be used together");
        }
        if args.global.demo && args.global.base_url.is_some() {
            return conflict("--demo has its own API: it can't be used with --base-url");
        }
        if args.global.demo && args.global.api_key_file.is_some() {
            return conflict("--demo needs no key: it can't be used with --api-key-file");
        }
        Ok(args)
    }
}

impl GlobalArgs {
    /// The part that is settings.
    pub fn flags(&self) -> Flags {
        Flags {
            demo: self.demo,
            profile: self.profile.clone(),
            base_url: self.base_url.clone(),
            api_key_file: self.api_key_file.clone(),
            config: self.config.clone(),
            read_only: self.read_only,
        }
    }
}

/// All that may be typed, with help for what has a meaning only.
pub fn definition() -> clap::Command {
    // Options for everything are known to each command once it is built.
    let mut definition = Args::command().subcommands(words::commands());
    definition.build();
    let template = template(&definition);
    let definition = definition.help_template(template);
    let known: [(&str, &[&str]); 3] = [
        (
            "demo-server",
            &["port", "base_path", "log_file", "verbose", "color", "help"],
        ),
        ("help", &["command", "help"]),
        ("version", &["help"]),
    ];
    known.into_iter().fold(definition, |definition, (name, known)| {
        definition.mut_subcommand(name, |command| {
            command.mut_args(|arg| {
                let is_known = known.contains(&arg.get_id().as_str());
                arg.hide(!is_known)
            })
        })
    })
}

/// The help of the program: clap would list all commands in a row.
fn template(definition: &clap::Command) -> String {
    let mut groups = String::new();
    for (title, names) in GROUPS {
        groups.push_str(&format!("{title}:\n"));
        for name in names {
            let command = definition.find_subcommand(name);
            let about = command.and_then(clap::Command::get_about).map(ToString::to_string);
            groups.push_str(&format!("  {name:<13}{}\n", about.unwrap_or_default()));
        }
        groups.push('\n');
    }
    groups.push_str(&format!("Other words: {}\n\n", words::other_words(definition)));
    format!(
        "{{about-with-newline}}\n{{usage-heading}} {{usage}}\n\n{groups}Argument:\n{{positionals}}\n\n\
         Options of every command:\n{{options}}{{after-help}}"
    )
}

/// An error of [`Args::read`] as it is to be printed: clap's text, and for somebody who wanted to hand over the key as
/// an argument, why that is not possible and what is.
pub fn message(error: &clap::Error) -> String {
    let mut text = error.render().to_string();
    if error.use_stderr() {
        // It repeats arguments, which may come from anywhere.
        let repeated = error.context().flat_map(|(_, value)| match value {
            ContextValue::String(one) => vec![one.clone()],
            ContextValue::Strings(many) => many.clone(),
            _ => Vec::new(),
        });
        for argument in repeated.filter(|argument| has_invisible(argument) && !argument.trim().is_empty()) {
            text = text.replace(&argument, &output::safe(&argument));
        }
        text = output::lines(&text);
    }
    // clap leaves blanks on lines of its own.
    let text: String = text.lines().map(|line| line.trim_end().to_owned() + "\n").collect();
    let wanted = match error.get(ContextKind::InvalidArg) {
        Some(ContextValue::String(argument)) => argument.as_str(),
        _ => return text,
    };
    let name = wanted.split('=').next().unwrap_or_default();
    let key_options = ["--api-key", "--apikey", "--api_key", "--key", "--token", "--api-token"];
    if error.kind() != ErrorKind::UnknownArgument || !key_options.contains(&name) {
        return text;
    }
    format!(
        "{}\n\nA key can't be given as an argument: every user of the machine can see the arguments\n\
         of every program, and the shell keeps them in its history. Set NOVITA_API_KEY instead,\n\
         or write the key into a file of mode 0600 and pass --api-key-file FILE.\n",
        text.trim_end()
    )
}

fn base_path(text: &str) -> Result<String, String> {
    let path = text.trim_end_matches('/');
    let fits = path.is_empty() || path.starts_with('/');
    if fits && path.chars().all(|c| c.is_ascii_alphanumeric() || "/-_.~".contains(c)) {
        Ok(path.to_owned())
    } else {
        Err("a path begins with / and has letters, digits, and the signs - _ . ~ between its slashes".to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(arguments: &[&str]) -> Result<Args, clap::Error> {
        Args::read(std::iter::once("novita-edit").chain(arguments.iter().copied()))
    }

    #[test]
    fn the_definition_is_consistent() {
        Args::command().debug_assert();
        definition().debug_assert();
    }

    #[test]
    fn a_word_is_an_endpoint_unless_it_is_a_command() {
        assert_eq!(read(&["ep_1"]).unwrap().id.as_deref(), Some("ep_1"));
        assert_eq!(read(&["demo-serve"]).unwrap().id.as_deref(), Some("demo-serve"));
        let command = read(&["demo-server"]).unwrap();
        assert_eq!(command.id, None);
        assert!(command.command.is_some());
    }

    #[test]
    fn after_two_dashes_every_word_is_an_endpoint() {
        for word in ["demo-server", "--demo", "-x"] {
            let args = read(&["--read-only", "--", word]).unwrap();
            assert_eq!(args.id.as_deref(), Some(word));
            assert!(args.command.is_none() && !args.global.demo);
        }
    }

    #[test]
    fn global_options_stand_before_or_after_a_command() {
        for arguments in [["--profile", "p", "demo-server"], ["demo-server", "--profile", "p"]] {
            assert_eq!(read(&arguments).unwrap().global.profile.as_deref(), Some("p"));
        }
    }

    #[test]
    fn all_options_reach_the_settings() {
        let args = read(&[
            "--profile=p",
            "--base-url=u",
            "--api-key-file=k",
            "--config=c",
            "--log-file=l",
            "--read-only",
            "ep_1",
        ])
        .unwrap();
        assert_eq!(args.global.log_file, Some("l".into()));
        assert_eq!(
            args.global.flags(),
            Flags {
                demo: false,
                profile: Some("p".into()),
                base_url: Some("u".into()),
                api_key_file: Some("k".into()),
                config: Some("c".into()),
                read_only: true,
            }
        );
        assert!(read(&["--demo"]).unwrap().global.flags().demo);
    }

    #[test]
    fn what_can_not_stand_together_is_refused() {
        for arguments in [
            &["ep_1", "demo-server"][..],
            &["--demo", "--base-url", "https://x.example"],
            &["--base-url", "https://x.example", "demo-server", "--demo"],
            &["--demo", "--api-key-file", "k"],
            &["ep_1", "ep_2"],
            &[""],
        ] {
            let error = read(arguments).unwrap_err();
            assert_eq!(error.exit_code(), 2, "{arguments:?}");
        }
    }

    #[test]
    fn a_key_as_an_argument_is_refused_with_the_reason_and_never_repeated() {
        for arguments in [
            &["--api-key", "sk_hidden"][..],
            &["--api-key=sk_hidden"],
            &["ep_1", "--api-key=sk_hidden"],
            &["demo-server", "--api-key", "sk_hidden"],
            &["--token=sk_hidden"],
        ] {
            let error = read(arguments).unwrap_err();
            let text = message(&error);
            assert_eq!(error.exit_code(), 2);
            assert!(text.contains("every user of the machine"), "{text}");
            assert!(text.contains("NOVITA_API_KEY"), "{text}");
            assert!(!text.contains("hidden"), "{text}");
        }
        assert!(!message(&read(&["--nonsense"]).unwrap_err()).contains("every user"));
    }

    #[test]
    fn a_base_path_loses_its_trailing_slash_and_must_be_a_path() {
        let of = |path: &str| read(&["demo-server", "--base-path", path]).map(|args| args.command);
        let expected = DemoServerArgs {
            port: 0,
            base_path: "/a/v1".into(),
        };
        assert_eq!(of("/a/v1/").unwrap(), Some(CliCommand::DemoServer(expected)));
        for wrong in ["a/v1", "/a?b", "/a b", "http://x"] {
            assert_eq!(of(wrong).unwrap_err().exit_code(), 2, "{wrong}");
        }
    }

    #[test]
    fn help_of_the_simulated_api_has_no_option_that_means_nothing_to_it() {
        let help = message(&Args::read(["/tmp/other-name", "demo-server", "--help"]).unwrap_err());
        assert!(help.contains("Usage: novita-edit demo-server [OPTIONS]"), "{help}");
        for known in ["--port", "--base-path", "--log-file", "--color"] {
            assert!(help.contains(known), "{help}");
        }
        for unknown in [
            "--demo",
            "--profile",
            "--base-url",
            "--api-key-file",
            "--config",
            "--read-only",
        ] {
            assert!(!help.contains(unknown), "{help}");
        }
    }

    #[test]
    fn help_has_no_line_over_80_columns_and_every_exit_code() {
        use crate::exit_code::Exit;
        for arguments in [
            &["--help"][..],
            &["-h"],
            &["demo-server", "--help"],
            &["list", "--help"],
            &["limits", "--help"],
            &["show", "--help"],
            &["get", "--help"],
            &["draft", "--help"],
            &["draft", "list", "--help"],
            &["draft", "show", "--help"],
            &["draft", "discard", "--help"],
            &["diff", "--help"],
            &["validate", "--help"],
            &["schema", "--help"],
            &["scale", "--help"],
            &["set", "--help"],
            &["apply", "--help"],
            &["history", "--help"],
            &["rollback", "--help"],
            &["config", "--help"],
            &["config", "show", "--help"],
            &["config", "check", "--help"],
        ] {
            let error = read(arguments).unwrap_err();
            assert_eq!(error.exit_code(), 0);
            for line in message(&error).lines() {
                assert!(line.chars().count() <= 80, "{line}");
            }
        }
        // clap breaks lines that are longer, in the middle of an example too.
        fn source(command: &clap::Command) {
            let text = command.get_after_help().map(ToString::to_string).unwrap_or_default();
            for line in text.lines() {
                assert!(line.chars().count() <= 80, "{}: {line}", command.get_name());
            }
            command.get_subcommands().for_each(source);
        }
        source(&definition());
        let help = message(&read(&["--help"]).unwrap_err());
        for exit in [
            Exit::Done,
            Exit::Different,
            Exit::Usage,
            Exit::NotFound,
            Exit::Invalid,
            Exit::Conflict,
            Exit::Refused,
            Exit::Unreachable,
            Exit::SentNotKnown,
            Exit::RolloutFailed,
            Exit::Internal,
            Exit::HungUp,
            Exit::Interrupted,
            Exit::Terminated,
        ] {
            let code = exit.code();
            assert!(
                help.contains(&format!(" {code} ")) || help.contains(&format!(" {code},")),
                "{exit:?}"
            );
        }
    }
}
