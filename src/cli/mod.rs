//! The command line: arguments in, an exit code out; one file a subcommand.
//!
//! Results go to stdout, everything for people to stderr. A new subcommand is a variant of [`args::CliCommand`], a file
//! with its `run`, and a line in `dispatch`.

pub mod args;

mod apply;
mod ask;
mod changes;
mod compare;
mod completions;
mod concurrent;
mod config;
mod config_show;
mod context;
mod demo_server;
mod diff;
mod draft;
mod editor;
mod env;
mod failure;
mod field;
mod files;
mod get;
mod history;
mod limits;
mod list;
mod log;
mod man;
mod meant;
mod options;
mod output;
mod pick;
mod poll;
mod problems;
mod quick;
mod rollback;
mod rollout;
mod runtime;
mod scale;
mod schema;
mod set;
mod show;
mod target;
mod transfer;
mod validate;
mod value_file;
mod watch;
mod words;
mod write;

use std::ffi::OsString;
use std::io::{self, Write};

use args::{Args, CliCommand};
use context::{Context, platform};
use env::EnvCommand;
use failure::Failure;
use log::LogTarget;
use runtime::run_reading;
use write::run_writing;

use crate::config::Environment;
use crate::exit_code::Exit;
use crate::session::on_a_thread_that_may_wait;

/// Does what the command line asks for. `arguments` begin with the program's name. Whatever goes wrong has been told on
/// stderr when this returns.
pub fn run(arguments: impl IntoIterator<Item = OsString>) -> Exit {
    let arguments: Vec<OsString> = arguments.into_iter().collect();
    if let Some(exit) = completions::answer(&arguments) {
        return exit;
    }
    let done = match Args::read(arguments) {
        Ok(args) => dispatch(args, &Environment::of_process()),
        Err(error) => finish_parsing(&error),
    };
    done.unwrap_or_else(|failure| {
        output::note(&format!("novita-edit: {}", failure.shown()));
        failure.exit()
    })
}

fn dispatch(args: Args, env: &Environment) -> Result<Exit, Failure> {
    let target = LogTarget::of(args.global.log_file.as_deref(), args.global.verbose);
    if matches!(args.command, None | Some(CliCommand::Edit(_))) && target == LogTarget::Stderr {
        return Err(Failure::Usage(
            "the editor has the screen, so nothing is logged to stderr. Leave -v out, or name a file: --log-file FILE"
                .to_owned(),
        ));
    }
    log::start(target, args.global.verbose, env)?;
    tracing::info!(version = env!("CARGO_PKG_VERSION"), "started");
    args.global.color.put_on();
    let flags = args.global.flags();
    let Some(command) = args.command else {
        if let Some(word) = args.id.as_deref().filter(|_| !args.id_is_meant) {
            editor::refuse_slip(&flags, word, env)?;
        }
        return editor::run(&flags, args.id, env);
    };
    let cx = || Context::new(&flags, env);
    match command {
        CliCommand::Edit(args) => editor::run(&flags, args.id, env),
        CliCommand::Draft { command } => draft::run(&platform(&flags, env)?, &command),
        CliCommand::Config { command } => config::run(&command, &flags, env),
        CliCommand::Completions(args) => completions::run(args),
        CliCommand::Man(args) => man::run(&args),
        CliCommand::Schema(args) => schema::run(&args),
        CliCommand::DemoServer(demo_server) => demo_server::run(&demo_server),
        CliCommand::List(args) => run_reading(list::run(&cx()?, &args)),
        CliCommand::Show(args) => run_reading(show::run(&cx()?, &args)),
        CliCommand::Get(args) => run_reading(get::run(&cx()?, &args)),
        CliCommand::Diff(mut args) => {
            let cx = cx()?;
            let set = args.read();
            unless_interrupted(set, |set| run_reading(diff::run(&cx, &args, &set)))
        }
        CliCommand::Validate(mut args) if args.offline => {
            let set = args.read();
            unless_interrupted(set, |set| match set {
                Some(set) => run_reading(on_a_thread_that_may_wait(move || validate::run_offline(&args, &set))),
                None => Ok(Exit::Done),
            })
        }
        CliCommand::Validate(mut args) => {
            let cx = cx()?;
            let set = args.read();
            unless_interrupted(set, |set| run_reading(validate::run(&cx, &args, set.as_ref())))
        }
        CliCommand::Limits(args) => run_reading(limits::run(&cx()?, &args)),
        CliCommand::Watch(args) => run_reading(watch::run(&cx()?, &args)),
        CliCommand::Apply(mut args) => {
            let cx = cx()?;
            let set = args.read()?;
            let command = async |writing: &_| apply::run(writing, &args, &set).await;
            run_writing(cx, &args.write, args.file.reads_stdin(), command)
        }
        CliCommand::Set(args) => {
            let cx = cx()?;
            let wanted = args.read()?;
            let command = async |writing: &_| set::run(writing, &args, &wanted).await;
            run_writing(cx, &args.write, wanted.reads_stdin, command)
        }
        CliCommand::Env {
            command: EnvCommand::Export(args),
        } => run_reading(env::export(&cx()?, &args)),
        CliCommand::Env {
            command: EnvCommand::Import(args),
        } => {
            let cx = cx()?;
            let file = args.read()?;
            let command = async |writing: &_| env::import(writing, &args, &file).await;
            run_writing(cx, &args.write, args.reads_stdin(), command)
        }
        CliCommand::History(args) => run_reading(history::run(&cx()?, &args)),
        CliCommand::Rollback(args) => run_writing(cx()?, &args.write, false, async |writing| {
            rollback::run(writing, &args).await
        }),
        CliCommand::Scale(args) => run_writing(cx()?, &args.write, false, async |writing| {
            scale::run(writing, &args).await
        }),
    }
}

/// Goes on with what was read. A command that only reads ends without a word when it is interrupted.
fn unless_interrupted<T>(
    read: Result<T, Failure>,
    go_on: impl FnOnce(T) -> Result<Exit, Failure>,
) -> Result<Exit, Failure> {
    match read {
        Err(Failure::Interrupted(exit)) => Ok(exit),
        read => go_on(read?),
    }
}

/// Help and version are results, for stdout; the rest is for stderr.
fn finish_parsing(error: &clap::Error) -> Result<Exit, Failure> {
    let text = args::message(error);
    if error.use_stderr() {
        // Where nobody reads it, it is lost.
        let _ = io::stderr().lock().write_all(text.as_bytes());
        return Ok(Exit::Usage);
    }
    output::exact(&text)?;
    Ok(Exit::Done)
}
