//! load → edit → check → send → verify as one state machine, used by the editor and by the command line alike.
//!
//! [`Workspace`] is the loaded endpoint and the edited one; [`ReviewedBody`] what a person has seen and may be sent;
//! [`Save`] decides, answer by answer, what to ask the server next; [`drive()`] runs it over a client and tells a
//! [`SaveObserver`]. On this machine [`wait_for_save_lock`] keeps two saves of one endpoint apart, and [`Recorder`]
//! writes down what is sent; what that left open [`settle_open`] settles at a later read. [`Rollout`] decides, look by
//! look, whether the workers that a save asked for are there. `wording.rs` has the words for how a save ended and what
//! changed, for both front ends.
//! What may not live here: anything of a terminal.

mod drive;
mod retry;
mod review;
mod rollout;
mod rollout_state;
mod save;
mod save_lock;
mod settle;
mod unsent_settings;
mod wording;
mod workspace;

pub use drive::{Recorder, Recording, SaveObserver, drive, newest_own_send, newest_rollout, rollout_steady};
pub use retry::{MOST_RETRIES, Patience, Repetition, with_retries};
pub use review::ReviewedBody;
pub use rollout::{Missing, ROLLOUT_STEADY, Readiness, Rollout, RolloutFailure, RolloutStart, Verdict};
pub use save::{
    Answer, EditsStored, MOST_LOOKS, Next, OpenSend, Outcome, OwnSend, Progress, READ_AGAIN, Request, Save, SendAnswer,
    Step, is_missing,
};
pub use save_lock::{
    DISK_PATIENCE, HeldSaveLock, in_time, on_a_thread_that_may_wait, save_lock_patience, tried_in_time,
    wait_for_save_lock,
};
pub use settle::{Settled, settle, settle_open};
pub use unsent_settings::unsent_settings;
pub use wording::{
    ChangeKind, HistoryEntry, SendSide, Teller, age_in_words, as_before_own, in_short, kinds_in_words, sides_in_words,
    state_in_words, time_of_day,
};
pub use workspace::{Marks, Workspace};
