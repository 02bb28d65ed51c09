//! The API client: reading (pure, by tables and properties) and asking (against raw servers on loopback).

mod calls;
mod failures;
mod hiding;
mod key;
mod logging;
mod once;
mod paging;
mod process;
mod properties;
mod render;
mod server;
mod tls;
mod wire_endpoint;
mod wire_lists;
mod wire_status;
