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

// What the harness of the terminal is made of.
#[allow(dead_code)]
#[path = "../terminal/home.rs"]
mod home;
#[allow(dead_code)]
#[path = "../terminal/wire.rs"]
mod wire;
