//! The user's own keys and themes: files in, bindings, styles and sentences out; and the screens that come of them.

mod command;
mod documents;
mod files;
mod keys;
mod screens;
mod terminal;
mod themes;

#[allow(dead_code)]
#[path = "../editor/harness.rs"]
mod editor;

#[allow(dead_code)]
#[path = "../terminal/harness.rs"]
mod pty;
