//! novita-edit: a terminal editor for Novita serverless GPU endpoints.
//!
//! One direction: [`cli`] and [`tui`] → [`session`] → [`store`], [`api`] → [`config`], [`mod@fs`] → [`endpoint`] →
//! [`text`]. What is below knows nothing of what is above; `tests/architecture` has the order and holds to it.

#![forbid(unsafe_code)]
#![cfg_attr(not(test), warn(clippy::unwrap_used))]

pub mod api;
pub mod cli;
pub mod config;
pub mod demo;
pub mod endpoint;
pub mod exit_code;
pub mod file_limit;
pub mod fs;
pub mod hardening;
pub mod platform;
pub mod report;
pub mod secret;
pub mod session;
pub mod store;
pub mod terminal;
pub mod text;
pub mod tui;
