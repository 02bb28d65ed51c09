//! The HTTP client of the API that `shared/api.md` describes.
//!
//! [`wire`] reads answers, pure; [`Client`] does the asking; [`ApiError`] says what went wrong, whether the server may
//! have acted on it, and where to look. What may not live here: deciding to ask again, comparing what was sent with
//! what was read, anything about the screen.
//!
//! ```no_run
//! # async fn example(key: novita_edit::secret::Secret) -> Result<(), Box<dyn std::error::Error>> {
//! use novita_edit::api::{Client, ClientOptions};
//! use novita_edit::config::Timeouts;
//!
//! let client = Client::new(ClientOptions {
//!     base_url: "https://api.novita.ai/gpu-instance/openapi/v1".parse()?,
//!     key,
//!     key_source: "NOVITA_API_KEY".to_owned(),
//!     timeouts: Timeouts::default(),
//! })?;
//! let (endpoint, limits) = tokio::join!(client.endpoint("ep_7f3a91c2"), client.limits());
//! # let _ = (endpoint, limits);
//! # Ok(())
//! # }
//! ```

mod client;
mod error;
mod exchange;
mod hint;
mod http_date;
mod key;
mod paging;
mod server;
mod transport;
mod trust;
pub mod wire;

pub use client::{Client, ClientOptions};
pub use error::{Accepted, ApiError, FailedCall, IncompleteList, NoAnswer, NotSent, Refused};
pub use exchange::MOST_BYTES;
pub use hint::FailureHint;
pub use wire::Unreadable;
