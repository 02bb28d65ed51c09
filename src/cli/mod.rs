//! The command line: arguments in, an exit code out; one file a subcommand.
//!
//! Results go to stdout, everything for people to stderr. A new subcommand is a variant of [`args::Command`], a file with
//! its `run`, and a line in `dispatch`.

pub mod args;

mod amount;
mod apply;
mod ask;
mod changes;
mod completions;
mod config;
mod context;
mod demo_server;
mod diff;
mod draft;
mod editor;
mod failure;
mod files;
mod get;
mod history;
mod interrupts;
mod limits;
mod list;
mod log;
mod man;
mod options;
mod output;
mod problems;
mod quiet;
mod rollback;
mod runtime;
mod scale;
mod set;
mod show;
mod target;
mod together;
mod unified;
mod unseen;
mod validate;
mod waiting;
mod watch;
mod write;

use std::ffi::OsString;
use std::io::{self, Write};

use args::{Args, Command};
use context::{Context, platform};
use failure::Failure;
use runtime::run_reading;
use write::run_writing;

use crate::config::Environment;
use crate::exit_code::Exit;

/// Does what the command line asks for. `arguments` begin with the program's name. Whatever goes wrong has been told on
/// stderr when this returns.
pub fn run(arguments: impl IntoIterator<Item = OsString>) -> Exit {
    let arguments: Vec<OsString> = arguments.into_iter().collect();
    if let Some(exit) = completions::answer(&arguments) {
        return exit;
    }
    let args = match Args::read(arguments) {
        Ok(args) => args,
        Err(error) => return finish_parsing(&error),
    };
    match dispatch(args, &Environment::of_process()) {
        Ok(exit) => exit,
        Err(failure) => {
            if !failure.is_silent() {
                output::note(&format!("novita-edit: {}", failure.shown()));
            }
            failure.exit()
        }
    }
}

fn dispatch(args: Args, env: &Environment) -> Result<Exit, Failure> {
    log::start(args.global.log_file.as_deref(), env)?;
    tracing::info!(version = env!("CARGO_PKG_VERSION"), "started");
    args.global.color.put_on();
    let flags = args.global.flags();
    let Some(command) = args.command else {
        return editor::run(&flags, args.id, env);
    };
    let cx = || Context::new(&flags, env);
    match command {
        Command::Draft { command } => draft::run(&platform(&flags, env)?, &command),
        Command::Config { command } => config::run(&command, &flags, env),
        Command::Completions(args) => completions::run(args),
        Command::Man(args) => man::run(&args),
        Command::DemoServer(demo_server) => demo_server::run(&demo_server),
        Command::List(args) => run_reading(list::run(&cx()?, &args)),
        Command::Show(args) => run_reading(show::run(&cx()?, &args)),
        Command::Get(args) => run_reading(get::run(&cx()?, &args)),
        Command::Diff(args) => run_reading(diff::run(&cx()?, &args)),
        Command::Validate(args) => run_reading(validate::run(&cx()?, &args)),
        Command::Limits(args) => run_reading(limits::run(&cx()?, &args)),
        Command::Watch(args) => run_reading(watch::run(&cx()?, &args)),
        Command::Apply(args) => {
            let written = args.read()?;
            let command = async |writing: &_| apply::run(writing, &args, &written).await;
            run_writing(cx()?, &args.write, args.reads_stdin(), command)
        }
        Command::Set(args) => {
            let wanted = args.read()?;
            let command = async |writing: &_| set::run(writing, &args, &wanted).await;
            run_writing(cx()?, &args.write, wanted.reads_stdin, command)
        }
        Command::History(args) => run_reading(history::run(&cx()?, &args)),
        Command::Rollback(args) => run_writing(cx()?, &args.write, false, async |writing| {
            rollback::run(writing, &args).await
        }),
        Command::Scale(args) => run_writing(cx()?, &args.write, false, async |writing| {
            scale::run(writing, &args).await
        }),
    }
}

/// Help and version are results, for stdout; the rest is for stderr.
fn finish_parsing(error: &clap::Error) -> Exit {
    let text = args::message(error);
    if error.use_stderr() {
        tell(&mut io::stderr(), &text);
        Exit::Usage
    } else {
        tell(&mut io::stdout(), &text);
        Exit::Done
    }
}

/// Writes, and lets a closed pipe be: `novita-edit --help | head` is no error.
fn tell(to: &mut impl Write, text: &str) {
    let _ = to.write_all(text.as_bytes()).and_then(|()| to.flush());
}
