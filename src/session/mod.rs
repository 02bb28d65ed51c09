//! load → edit → check → send → verify as one state machine, used by the editor and by the command line alike.
//!
//! [`Workspace`] is the loaded endpoint and the edited one; [`ReviewedBody`] what a person has seen and may be sent;
//! [`Save`] decides, answer by answer, what to ask the server next; [`drive`] runs it over a client. On this machine
//! [`turn`] keeps two saves of one endpoint apart, and [`Recorder`] writes down what is sent. What may not live here:
//! anything of a terminal.

mod disk;
mod drive;
mod record;
mod retry;
mod review;
mod save;
mod turn;
mod workspace;

pub use disk::{DISK_PATIENCE, on_a_thread_that_may_wait};
pub use drive::{Witness, drive};
pub use record::Recorder;
pub use retry::{Again, MOST_RETRIES, Patience, with_retries};
pub use review::ReviewedBody;
pub use save::{Answer, Next, NotSaved, Outcome, Progress, Request, Save, Step, differences};
pub use turn::{Held, Turn, turn, turn_patience};
pub use workspace::{Marks, Workspace};
