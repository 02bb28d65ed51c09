//! The simulated API: a real HTTP server on 127.0.0.1, in this process, for `--demo`, `demo-server` and every test.
//!
//! It behaves as the API's published reference says, quirks and refusals included, and never as our own client would
//! like it. So nothing in here may use another module of this crate: client and server are two readings of the same
//! document, and tests catch where they differ. It is no product server either: one account, all in memory, loopback
//! only.
//!
//! What lives where: `server` (thread, options), `gateway` (one request's way through faults to its answer), `routes`
//! (queries and answers), `account` (what there is, at the start from `assets/demo/`), `motion` (how it moves),
//! `change`, `rules` (an update's body, read and checked), `render`, `quirks` (how stored values are shown), `faults`
//! (failures on demand), `shared` (what the server's thread shares with its owner, and what was asked).
//!
//! Where the documents leave a choice, it is made here:
//! - A required string, object or list that is missing, `null` or empty is refused; a missing integer is 0 and then
//!   held to its range, as a proto3 server can't tell the two apart. So a missing `minNum` silently scales to zero.
//! - `minNum` above `maxNum` is accepted. A `name` of any length is accepted, and so is an empty environment value.
//! - A value of the wrong JSON type is `INVALID_REQUEST_BODY`, one that breaks a rule `VALIDATOR_PARAM`; both name the
//!   field by its path (`invalid workerConfig.maxNum: …`). An unknown `authId` is `VALIDATOR_PARAM`.
//! - `Content-Type` is asked for where there is a body, and not on reads.
//! - `storageName` filters by a part of the name, `storageId` by the whole id.
//! - An update without `healthy` removes the health check; a new one gets default probe timings.
//! - Undocumented keys that an endpoint has ([`give_newer_settings`]) stay over an update, but within the rows of lists;
//!   "in full" taken at its word, which resets them, is a fault ([`Fault::reset_settings`]).
//! - A failed endpoint serves again once something that it runs on was changed.
//! - A worker that is replaced runs until the new ones are healthy, and a while longer ([`Pace::draining`]). How long an
//!   endpoint goes on to say what it said before an update is [`Pace::noticing`]; workers that never come up are a fault
//!   ([`Fault::FailRollout`]).
//!
//! An update that is applied though its answer never comes:
//!
//! ```
//! use novita_edit::demo::{Call, DemoServer, Fault, DemoOptions, When};
//!
//! let server = DemoServer::start(DemoOptions::default())?;
//! server.faults().add(Call::Update, When::next(1), Fault::CutAfter);
//! // … a client that updates `ep_7f3a91c2` at `server.base_url()` now sees its connection closed, and
//! // `server.endpoint("ep_7f3a91c2")` has what it sent.
//! # Ok::<(), std::io::Error>(())
//! ```

mod account;
mod change;
mod clock;
mod dice;
mod faults;
mod gateway;
mod motion;
mod quirks;
mod refusal;
mod render;
mod routes;
mod rules;
mod server;
mod shared;

pub use account::Seed;
pub use change::give_newer_settings;
pub use clock::Pace;
pub use faults::{Call, Fault, Faults, Reply, StoredEdit, When};
pub use gateway::MOST_BODY;
pub use quirks::{EnvValues, ErrorShape, FirstPage, Integers, KeySpelling, Quirks, ReadCache, UpdateAnswer, Zeros};
pub use rules::MISSING_IMAGE;
pub use server::{DEMO_KEY, DemoOptions, DemoServer, run_alone};
pub use shared::{MOST_RECORDED, Recorded};
