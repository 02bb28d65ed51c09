//! novita-edit: a terminal editor for Novita serverless GPU endpoints.
//!
//! One direction: terminal → [`tui`] → [`session`] → [`api`] → [`endpoint`]. What is below knows nothing of what is above.

#![forbid(unsafe_code)]

pub mod api;
pub mod cli;
pub mod config;
pub mod demo;
pub mod endpoint;
pub mod file_limit;
pub mod platform;
pub mod report;
pub mod sealing;
pub mod secret;
pub mod session;
pub mod store;
pub mod text;
pub mod tui;
