//! Every field of the table goes every way that a field can go: body, files in JSON and YAML, answers, drafts,
//! refusals, find, `set` and help. The fields are taken from the table itself, so that one that is forgotten on a way
//! is told here.

#[path = "../editor/harness.rs"]
#[allow(dead_code, reason = "the editor's tests use the rest")]
mod harness;
#[path = "../cli/run.rs"]
#[allow(dead_code, reason = "the command line's tests use the rest")]
mod run;
mod sample;

mod commands;
mod drafts;
mod form;
mod messages;
mod texts;
