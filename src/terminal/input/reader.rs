//! The keyboard: one thread that reads the terminal and sends whole batches of events.
//!
//! crossterm's own event source spins for ever after a hang-up and gives the rest of a long burst only with the next
//! key (`shared/terminal.md`), so only its types are used here. The thread waits in a level-triggered `poll(2)` on the
//! terminal and on a wake pipe; when the terminal is gone it says so once and ends.

use std::io;
use std::os::fd::OwnedFd;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::io::Errno;
use tokio::sync::mpsc::UnboundedSender;

use super::event::InputEvent;
use super::parser::InputParser;
use crate::terminal::output::{FramesWritten, PAUSE, Seen};
use crate::terminal::wake::{Waker, Woken, wake_pipe};

/// How long a lone ESC is held by default. tmux adds its own `escape-time` in front of it.
pub const ESC_TIMEOUT: Duration = Duration::from_millis(50);

/// Bytes of one read(2).
const READ_SIZE: usize = 64 * 1024;

/// How long [`InputReader::pause`] and `Drop` wait for a thread that is stuck in a read. That takes a blocking
/// descriptor and another process that reads the same terminal; nobody should hang for it.
const STUCK: Duration = Duration::from_secs(1);

/// What the reader sends.
#[derive(Debug)]
pub enum Input {
    /// Everything that one read brought.
    Batch(Batch),
    /// The terminal is gone; nothing comes after this.
    Gone(GoneReason),
}

/// The events of one read(2), in order; never empty. Apply them all, then draw once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Batch {
    /// Keys, mouse and pastes.
    pub events: Vec<InputEvent>,
    /// What could be seen when the first of their bytes was read.
    pub seen: Seen,
    /// Nothing had come for [`PAUSE`] before them.
    pub rested: bool,
}

/// Why no more input comes.
#[derive(Debug, thiserror::Error)]
pub enum GoneReason {
    /// read(2) gave 0 bytes.
    #[error("the terminal's input ended")]
    EndOfInput,
    /// EIO, POLLHUP, POLLERR or POLLNVAL: the connection or the window was closed.
    #[error("the terminal hung up")]
    HangUp,
    /// Any other failure of poll(2) or read(2).
    #[error("the terminal can't be read: {0}")]
    Failed(io::Error),
}

/// The thread that reads the terminal. Dropping it stops and joins the thread.
#[derive(Debug)]
pub struct InputReader {
    control: Arc<Control>,
    waker: Waker,
    thread: Option<thread::JoinHandle<()>>,
}

#[derive(Debug)]
struct Control {
    state: Mutex<ControlState>,
    changed: Condvar,
}

#[derive(Debug)]
struct ControlState {
    order: ReaderOrder,
    /// What the thread is doing; `Stop` once it has ended.
    doing: ReaderOrder,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum ReaderOrder {
    Run,
    Pause,
    Stop,
}

impl Control {
    fn lock(&self) -> MutexGuard<'_, ControlState> {
        // Nothing panics while holding it; and if it did, the state is still a whole one.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl InputReader {
    /// Starts reading `input`, a terminal in raw mode. A non-blocking descriptor is best
    /// (see [`TerminalScreen::open_input`](crate::terminal::TerminalScreen::open_input)); a blocking one works as well.
    ///
    /// `parser` is a new one. `frames_written` is asked right after each read(2), for [`Batch::seen`]. The thread ends
    /// when `to` is closed.
    ///
    /// # Errors
    /// When the pipe or the thread can't be made.
    pub fn start(
        input: OwnedFd,
        parser: InputParser,
        frames_written: Arc<FramesWritten>,
        to: UnboundedSender<Input>,
    ) -> io::Result<Self> {
        let (woken, waker) = wake_pipe()?;
        let control = Arc::new(Control {
            state: Mutex::new(ControlState {
                order: ReaderOrder::Run,
                doing: ReaderOrder::Run,
            }),
            changed: Condvar::new(),
        });
        let mut reading = ReaderThread {
            input,
            woken,
            parser,
            events: Vec::new(),
            seen: Seen::default(),
            rested: false,
            last_read: None,
            frames_written,
            to,
            control: Arc::clone(&control),
        };
        let thread = thread::Builder::new().name("input".to_owned()).spawn(move || {
            let _ended = ReaderEnd(Arc::clone(&reading.control));
            if let Some(reason) = reading.run() {
                // What is held was typed before the end.
                reading.parser.finish(&mut reading.events);
                reading.send();
                // The receiver may have left first; then there is nobody to tell.
                let _ = reading.to.send(Input::Gone(reason));
            }
        })?;
        Ok(Self {
            control,
            waker,
            thread: Some(thread),
        })
    }

    /// Stops reading, so that a child or the shell has the terminal for itself. Returns when the thread has
    /// acknowledged that it reads no more (or has ended): what is typed from then on is left to others. What was held
    /// is sent as it is; a paste goes on afterwards.
    ///
    /// False when there was no acknowledgement within a second: another process has taken the bytes of a read that
    /// blocks.
    pub fn pause(&self) -> bool {
        self.order(ReaderOrder::Pause)
    }

    /// Reads again.
    pub fn resume(&self) {
        self.order(ReaderOrder::Run);
    }

    /// Gives an order and waits until the thread follows it.
    fn order(&self, order: ReaderOrder) -> bool {
        let mut state = self.control.lock();
        if state.doing == ReaderOrder::Stop {
            return true;
        }
        state.order = order;
        self.control.changed.notify_all();
        self.waker.wake();
        let (_state, waited) = self
            .control
            .changed
            .wait_timeout_while(state, STUCK, |s| s.doing != order && s.doing != ReaderOrder::Stop)
            .unwrap_or_else(PoisonError::into_inner);
        !waited.timed_out()
    }
}

impl Drop for InputReader {
    fn drop(&mut self) {
        let stopped = self.order(ReaderOrder::Stop);
        if let Some(thread) = self.thread.take().filter(|_| stopped) {
            // A panic in it was reported by the panic hook.
            let _ = thread.join();
        }
    }
}

/// Tells those who wait that the thread has ended, however it did.
struct ReaderEnd(Arc<Control>);

impl Drop for ReaderEnd {
    fn drop(&mut self) {
        self.0.lock().doing = ReaderOrder::Stop;
        self.0.changed.notify_all();
    }
}

/// The thread's side.
struct ReaderThread {
    input: OwnedFd,
    woken: Woken,
    parser: InputParser,
    events: Vec<InputEvent>,
    seen: Seen,
    rested: bool,
    last_read: Option<Instant>,
    frames_written: Arc<FramesWritten>,
    to: UnboundedSender<Input>,
    control: Arc<Control>,
}

impl ReaderThread {
    /// Reads until the terminal is gone (the reason), or until told to stop or nobody listens (`None`).
    fn run(&mut self) -> Option<GoneReason> {
        let mut buffer = vec![0; READ_SIZE];
        loop {
            match self.wait() {
                Ok(Ready { woken: true, .. }) => self.obey()?,
                Ok(Ready { input, .. }) if input.contains(PollFlags::IN) => {
                    // Not expired first: what waits to be read may be the rest of what is held.
                    match rustix::io::read(&self.input, &mut buffer) {
                        Ok(0) => return Some(GoneReason::EndOfInput),
                        Ok(n) => self.take(&buffer[..n]),
                        Err(Errno::INTR | Errno::AGAIN) => {}
                        Err(Errno::IO) => return Some(GoneReason::HangUp),
                        Err(error) => return Some(GoneReason::Failed(error.into())),
                    }
                }
                Ok(Ready { input, .. }) if !input.is_empty() => return Some(GoneReason::HangUp),
                Ok(_) => self.parser.expire(Instant::now(), &mut self.events),
                Err(Errno::INTR) => {}
                Err(error) => return Some(GoneReason::Failed(error.into())),
            }
            self.send()?;
        }
    }

    /// Bytes were read.
    fn take(&mut self, bytes: &[u8]) {
        let now = Instant::now();
        // What belongs to something that began earlier was typed no later than that.
        if !self.parser.is_holding() {
            self.seen = self.frames_written.seen(now);
            let since = self.last_read.map(|at| now.saturating_duration_since(at));
            self.rested = since.is_none_or(|since| since >= PAUSE);
        }
        self.last_read = Some(now);
        self.parser.feed(bytes, now, &mut self.events);
    }

    /// Waits for input, for an order, or for the end of what the parser holds.
    fn wait(&self) -> Result<Ready, Errno> {
        let patience = self
            .parser
            .deadline()
            .map(|at| at.saturating_duration_since(Instant::now()));
        // Half a minute at most (PASTE_LOST), so the conversion can't fail; waiting for ever would swallow keys.
        let patience = patience.map(|p| Timespec::try_from(p).unwrap_or_default());
        let mut fds = [
            PollFd::new(&self.woken, PollFlags::IN),
            PollFd::new(&self.input, PollFlags::IN),
        ];
        poll(&mut fds, patience.as_ref())?;
        Ok(Ready {
            woken: !fds[0].revents().is_empty(),
            input: fds[1].revents(),
        })
    }

    /// Follows the order that was given; `None` when it is to stop.
    fn obey(&mut self) -> Option<()> {
        self.woken.clear();
        let control = Arc::clone(&self.control);
        let mut state = control.lock();
        if state.order == ReaderOrder::Pause {
            self.parser.pause(&mut self.events);
            self.send()?;
            state.doing = ReaderOrder::Pause;
            control.changed.notify_all();
            state = control
                .changed
                .wait_while(state, |s| s.order == ReaderOrder::Pause)
                .unwrap_or_else(PoisonError::into_inner);
        }
        state.doing = state.order;
        control.changed.notify_all();
        (state.order != ReaderOrder::Stop).then_some(())
    }

    /// Sends the events, if there are any; `None` when nobody listens any more.
    fn send(&mut self) -> Option<()> {
        if self.events.is_empty() {
            return Some(());
        }
        let events = std::mem::take(&mut self.events);
        self.to
            .send(Input::Batch(Batch {
                events,
                seen: self.seen,
                rested: std::mem::take(&mut self.rested),
            }))
            .ok()
    }
}

struct Ready {
    woken: bool,
    input: PollFlags,
}
