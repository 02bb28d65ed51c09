//! What is kept between runs: drafts of unsaved edits, who edits an endpoint, and what was sent.
//!
//! Open `files.rs` first: [`EndpointFiles`] are all that is kept of one endpoint. Whoever
//! [locks](EndpointFiles::try_editor_lock) it for editing gets an [`EditorLock`], the only thing that writes a draft.
//! [`DraftWriter`] does so on a thread of its own, so that a keystroke never waits for the disk. [`SendLog`] is what
//! whoever sends needs: the history, and the lock of a save. Formats, paths and modes stand in `docs/files.md`. What
//! may not live here: the network, the screen, and any decision of what to do with a draft.
//!
//! ```
//! use novita_edit::config::{Environment, StateDirs};
//! use novita_edit::secret::Secret;
//! use novita_edit::store::{Account, EditorLockAttempt, FoundDraft, Store};
//!
//! # let dir = tempfile::tempdir()?;
//! # let env = Environment::from_pairs([("XDG_STATE_HOME", dir.path().to_str().unwrap())]);
//! let dirs = StateDirs::find(&env).expect("a home directory");
//! let account = Account::new("https://api.novita.ai/gpu-instance/openapi/v1", &Secret::new("sk_…"));
//! let files = Store::open(&dirs, &account)?.endpoint_files("https://api.novita.ai/gpu-instance/openapi/v1", "ep_7f3a91c2");
//! assert!(matches!(files.try_editor_lock()?, EditorLockAttempt::Yours(_)));
//! assert!(matches!(files.read_draft()?, FoundDraft::Nothing));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod account;
mod discarded;
mod draft;
mod draft_file;
mod draft_writer;
mod file_format;
mod files;
mod history;
mod known_names;
mod locks;
mod other_keys;
mod overview;
mod pending_writes;
mod redactor;
mod standing_answers;

pub use account::{Account, MOST_BYTES};
pub use discarded::Discarded;
pub(crate) use draft::room;
pub use draft::{Draft, EditorText, EditorTextOf, Snapshot, Typing, TypingTarget, Unsaved};
pub use draft_file::FoundDraft;
pub use draft_writer::{CrashWriter, DraftWriter};
pub use files::{EndpointFiles, Store};
pub use history::{CheckFacts, History, OutcomeNote, Record, SendFacts, SendId, SendLog, SendOutcome, StandingAnswer};
pub use known_names::{KnownEndpoint, KnownNames};
pub use locks::{EditorLock, EditorLockAttempt, EditorLockError, LeftSend, Owner, SaveLock, SaveLockAttempt};
pub use other_keys::OtherKeyDraft;
pub use overview::{DraftEntry, StoreOverview, UsableDraft};
pub use pending_writes::DraftReport;
pub use redactor::Redactor;
