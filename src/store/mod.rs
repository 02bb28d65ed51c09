//! What is kept between runs: drafts of unsaved edits, who edits an endpoint, and what was sent.
//!
//! Open `shelf.rs` first: a [`Shelf`] is all that is kept of one endpoint. Whoever [claims](Shelf::claim) it gets an
//! [`Ownership`], the only thing that writes a draft. [`Keeper`] writes drafts on a thread of its own, so that a keystroke
//! never waits for the disk. [`Sends`] is what whoever sends needs: the history, and the turn to save. Formats, paths and modes stand in `docs/files.md`. What may not live here: the network, the
//! screen, and any decision of what to do with a draft.
//!
//! ```
//! use novita_edit::config::{Environment, StateDirs};
//! use novita_edit::secret::Secret;
//! use novita_edit::store::{Account, Claim, Found, Store};
//!
//! # let dir = tempfile::tempdir()?;
//! # let env = Environment::from_pairs([("XDG_STATE_HOME", dir.path().to_str().unwrap())]);
//! let dirs = StateDirs::find(&env).expect("a home directory");
//! let account = Account::new("https://api.novita.ai/gpu-instance/openapi/v1", &Secret::new("sk_…"));
//! let shelf = Store::open(&dirs, &account)?.shelf("https://api.novita.ai/gpu-instance/openapi/v1", "ep_7f3a91c2");
//! assert!(matches!(shelf.claim()?, Claim::Yours(_)));
//! assert!(matches!(shelf.read_draft()?, Found::Nothing));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod account;
mod account_dir;
mod discarded;
mod draft;
mod emergency;
mod history;
mod keeper;
mod listing;
mod name;
mod owner;
mod ownership;
mod recent;
mod redactor;
mod sends;
mod shape;
mod shelf;
mod shelves;
mod sweep;
mod turn;
mod unread;

pub use account::Account;
pub use account_dir::MOST_BYTES;
pub use discarded::Discarded;
pub(crate) use draft::room;
pub use draft::{Draft, Found, Snapshot, Typed, Typing, Unsaved};
pub use emergency::Emergency;
pub use history::{History, Record, SendId, SendOutcome};
pub use keeper::{Keeper, Kept};
pub use listing::{Left, OnShelf};
pub use owner::Owner;
pub use ownership::{Claim, Lost, Ownership};
pub use redactor::Redactor;
pub use sends::Sends;
pub use shelf::{Shelf, Store};
pub use shelves::Shelves;
pub use turn::{SendLock, Turn};
pub use unread::{Unread, UnreadOf};
