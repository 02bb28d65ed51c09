//! The command line: the real binary against the simulated API.
//!
//! `cmd/*.md` are whole pages with expected output, to be read as documentation ([`pages`]); what needs faults,
//! terminals, files of its own or exact bytes is in the modules beside it, a file a command.

mod apply;
mod asking;
mod comparing;
mod completions;
mod conflicts;
mod diff;
mod draft;
mod dry_run;
mod env_file;
mod files;
mod get;
mod gitops;
mod help;
mod hostile;
mod huge;
mod interrupted;
mod list;
mod man;
mod masked;
mod open_files;
mod other_keys;
mod pages;
mod past;
mod picking;
mod place;
mod placeholders;
mod racing;
mod reading;
mod rolling;
mod run;
mod schema;
mod set;
mod show;
mod strangers;
mod streams;
mod surroundings;
mod tab;
mod terminal;
mod validate;
mod verdicts;
mod waiting;
mod watch;
mod words;
mod writing;
