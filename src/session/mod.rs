//! load → edit → check → send → verify as one state machine, used by the editor and by the command line alike.
//!
//! [`Workspace`] is the loaded endpoint and the edited one; [`ReviewedBody`] what a person has seen and may be sent;
//! [`Save`] decides, answer by answer, what to ask the server next; [`drive`] runs it over a client. What may not
//! live here: anything of a terminal.

mod drive;
mod retry;
mod review;
mod save;
mod workspace;

pub use drive::{Witness, drive};
pub use retry::{Again, MOST_RETRIES, Patience, with_retries};
pub use review::ReviewedBody;
pub use save::{Answer, Next, NotSaved, Outcome, Progress, Request, Save, Step, differences};
pub use workspace::{Marks, Workspace};
