//! Reading what the API answers: bytes in, plain data out, without input or output.
//!
//! Liberal where `shared/api.md` saw liberties (64-bit integers as texts, zeros and empties left out, unknown keys),
//! strict where a guess would be written back: a value that the form edits and that can't be read is an error with its
//! path, never a zero. What is only shown never stops anything. Nothing here may know of HTTP.
//!
//! ```
//! let body = br#"{"endpoint": {"id": "ep_1", "workerConfig": {"maxNum": "five"}, "image": {"image": "nginx"}}}"#;
//! let error = novita_edit::api::wire::endpoint(body, "ep_1").unwrap_err();
//! assert_eq!(error.path(), Some("workerConfig.maxNum"));
//! ```

mod account;
mod endpoint;
mod integer;
mod node;
mod other_api;
mod refusal;
mod settings;
pub(super) mod text;
mod unreadable;

pub use account::{ListPage, auths, clusters, endpoint_page, limits, storage_page};
pub use endpoint::endpoint;
pub(super) use refusal::{RefusalText, said, said_beside};
pub use unreadable::Unreadable;
