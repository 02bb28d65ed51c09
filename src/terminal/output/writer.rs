//! The thread that writes to the terminal.
//!
//! A terminal that doesn't read blocks whoever writes to it. So writing happens here and nowhere else: the loop hands
//! over whole frames and goes on. One frame waits at most; a newer one takes its place, and the differences are taken
//! against what was really written. Nothing ever waits for this thread longer than 100 ms.

use std::fmt;
use std::io;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use rustix::event::{PollFd, PollFlags, poll};
use rustix::io::Errno;

use super::encoder::{Encoder, EncoderOptions};
use super::frame::Frame;
use super::frames_written::FramesWritten;
use crate::terminal::tty::{SET_MODES, Tty};
use crate::terminal::wake::{Waker, Woken, wake_pipe};

/// How long a stopped writer is waited for. It only takes longer when a write blocks in spite of everything (see
/// [`Tty`]), and then it is left behind.
const STOP_PATIENCE: Duration = Duration::from_millis(100);

/// Most bytes beside frames that wait, all together. Room for two of the longest copies to the clipboard.
const EXTRA_LIMIT: usize = 256 * 1024;

/// What the writer tells the loop, from its own thread.
#[derive(Debug)]
pub enum Output {
    /// This frame and all before it were wholly written, or replaced by it.
    Written(u64),
    /// The terminal takes no more; the thread has ended and nothing comes after this.
    Failed(io::Error),
}

/// The writer thread's handle; dropping it stops the thread and doesn't wait for a blocked write.
pub struct Writer {
    shared: Arc<WriterShared>,
    waker: Waker,
    frames_written: Arc<FramesWritten>,
}

struct WriterShared {
    slot: Mutex<WriteQueue>,
    ended: Condvar,
}

/// What waits to be written, in this order: `before`, `frame`, `after`.
#[derive(Default)]
struct WriteQueue {
    before: Vec<u8>,
    frame: Option<Frame>,
    after: Vec<u8>,
    /// A frame whose memory can be used again.
    spare: Frame,
    stop: bool,
    ended: bool,
}

impl WriteQueue {
    fn submit(&mut self, frame: &Frame) {
        // A frame that is replaced may have asked for a clearing, and this one was drawn in the belief that it was
        // done.
        let clear = self.frame.as_ref().is_some_and(|waiting| waiting.clear);
        let forget = self.frame.as_ref().is_some_and(|waiting| waiting.forget);
        let mut newer = self.frame.take().unwrap_or_else(|| std::mem::take(&mut self.spare));
        newer.clone_from(frame);
        newer.clear |= clear;
        newer.forget |= forget;
        self.frame = Some(newer);
        // What was queued behind the replaced frame comes before this one.
        self.before.append(&mut self.after);
    }

    /// False when there is no room.
    fn extra(&mut self, bytes: &[u8]) -> bool {
        if self.before.len() + self.after.len() + bytes.len() > EXTRA_LIMIT {
            return false;
        }
        let queue = if self.frame.is_some() {
            &mut self.after
        } else {
            &mut self.before
        };
        queue.extend_from_slice(bytes);
        true
    }
}

impl WriterShared {
    fn lock(&self) -> MutexGuard<'_, WriteQueue> {
        // Nothing panics while holding it; and if it did, every state of it is a whole one.
        self.slot.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for Writer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Writer")
            .field("frames_written", &self.frames_written)
            .finish_non_exhaustive()
    }
}

impl Writer {
    /// Starts the thread, which enters `tty` at once and calls `report` for what happens. `report` must not block.
    ///
    /// # Errors
    /// When the pipe or the thread can't be made.
    pub fn start(tty: Arc<Tty>, options: EncoderOptions, report: impl Fn(Output) + Send + 'static) -> io::Result<Self> {
        let (woken, waker) = wake_pipe()?;
        let shared = Arc::new(WriterShared {
            slot: Mutex::default(),
            ended: Condvar::new(),
        });
        let frames_written = Arc::new(FramesWritten::default());
        let mut writing = WriterThread {
            tty,
            shared: Arc::clone(&shared),
            woken,
            encoder: Encoder::new(options),
            epoch: None,
            frames_written: Arc::clone(&frames_written),
            report: Box::new(report),
        };
        thread::Builder::new().name("output".to_owned()).spawn(move || {
            let _ended = WriterEnd(Arc::clone(&writing.shared));
            if let Err(Stop::Failed(error)) = writing.run() {
                (writing.report)(Output::Failed(error));
            }
        })?;
        Ok(Self {
            shared,
            waker,
            frames_written,
        })
    }

    /// The newest frame that was wholly written; 0 before the first.
    pub fn frames_written(&self) -> Arc<FramesWritten> {
        Arc::clone(&self.frames_written)
    }

    /// Hands a frame over. One that still waits is dropped for it.
    pub fn submit(&self, frame: &Frame) {
        self.shared.lock().submit(frame);
        self.wake();
    }

    /// Queues bytes that neither move the cursor nor change attributes (a title, the clipboard, the mouse), in order
    /// with the frames. False when too much waits already: the terminal isn't reading.
    pub fn send_raw(&self, bytes: &[u8]) -> bool {
        let room = self.shared.lock().extra(bytes);
        self.wake();
        room
    }

    /// The terminal was entered, left or lost: the thread looks at it again.
    pub fn wake(&self) {
        self.waker.wake();
    }

    /// Throws away what waits, because the terminal will be entered anew.
    pub fn discard(&self) {
        let mut slot = self.shared.lock();
        slot.before.clear();
        slot.after.clear();
        slot.frame = None;
    }

    /// Ends the thread; what waits is dropped. Returns within 100 ms, blocked write or not.
    pub fn stop(&self) {
        let mut slot = self.shared.lock();
        slot.stop = true;
        self.wake();
        // Timed out, it is stuck in a write, and is left there.
        let _ = self.shared.ended.wait_timeout_while(slot, STOP_PATIENCE, |s| !s.ended);
    }
}

impl Drop for Writer {
    fn drop(&mut self) {
        self.stop();
    }
}

/// Tells those who wait that the thread has ended, however it did.
struct WriterEnd(Arc<WriterShared>);

impl Drop for WriterEnd {
    fn drop(&mut self) {
        self.0.lock().ended = true;
        self.0.ended.notify_all();
    }
}

/// The thread's side.
struct WriterThread {
    tty: Arc<Tty>,
    shared: Arc<WriterShared>,
    woken: Woken,
    encoder: Encoder,
    /// The entering of the terminal for which `encoder` remembers its screen.
    epoch: Option<u64>,
    frames_written: Arc<FramesWritten>,
    report: Box<dyn Fn(Output) + Send>,
}

enum Stop {
    Asked,
    Failed(io::Error),
}

impl From<Errno> for Stop {
    fn from(error: Errno) -> Self {
        Self::Failed(error.into())
    }
}

impl WriterThread {
    fn run(&mut self) -> Result<(), Stop> {
        loop {
            let Some(epoch) = self.tty.epoch() else {
                self.wait(false)?;
                continue;
            };
            let (bytes, number) = self.next(epoch)?;
            if bytes.is_empty() && number.is_none() {
                self.wait(false)?;
            } else if self.write_all(epoch, &bytes)?
                && let Some(number) = number
            {
                self.frames_written.note(number, Instant::now());
                (self.report)(Output::Written(number));
            }
        }
    }

    /// Takes what waits: its bytes, and the number of the frame among them.
    fn next(&mut self, epoch: u64) -> Result<(Vec<u8>, Option<u64>), Stop> {
        let mut bytes = Vec::new();
        if self.epoch != Some(epoch) {
            bytes = self.tty.enter_bytes();
            self.encoder.entered();
            self.epoch = Some(epoch);
        }
        let mut slot = self.shared.lock();
        if slot.stop {
            return Err(Stop::Asked);
        }
        if self.tty.epoch() != Some(epoch) {
            // Left or entered anew just now. What waits may belong to the next epoch; whoever changes it wakes us
            // after.
            self.epoch = None;
            return Ok((Vec::new(), None));
        }
        bytes.append(&mut slot.before);
        let frame = slot.frame.take();
        let mut after = std::mem::take(&mut slot.after);
        drop(slot);
        let number = frame.as_ref().map(|f| f.number);
        if let Some(mut frame) = frame {
            // However often it was asked for while the terminal took nothing.
            if frame.forget {
                bytes.extend_from_slice(SET_MODES);
            }
            bytes.extend(self.encoder.encode(&mut frame));
            self.shared.lock().spare = frame;
        }
        bytes.append(&mut after);
        Ok((bytes, number))
    }

    /// Writes all of `bytes`, in one write(2) if the terminal takes them so. False when the terminal was left
    /// meanwhile.
    fn write_all(&mut self, epoch: u64, mut bytes: &[u8]) -> Result<bool, Stop> {
        while !bytes.is_empty() {
            match self.tty.write(epoch, bytes) {
                None => {
                    self.epoch = None;
                    return Ok(false);
                }
                Some(Ok(n)) => bytes = &bytes[n..],
                Some(Err(Errno::INTR)) => {}
                Some(Err(Errno::AGAIN)) => self.wait(true)?,
                Some(Err(error)) => return Err(error.into()),
            }
        }
        Ok(true)
    }

    /// Waits until woken, or, when `blocked`, until the terminal takes bytes again.
    fn wait(&self, blocked: bool) -> Result<(), Stop> {
        let mut fds = vec![PollFd::new(&self.woken, PollFlags::IN)];
        if blocked {
            fds.push(PollFd::from_borrowed_fd(self.tty.output(), PollFlags::OUT));
        }
        match poll(&mut fds, None) {
            Ok(_) | Err(Errno::INTR) => {}
            Err(error) => return Err(error.into()),
        }
        self.woken.clear();
        if self.shared.lock().stop {
            Err(Stop::Asked)
        } else {
            Ok(())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn frame(number: u64) -> Frame {
        Frame {
            number,
            ..Frame::default()
        }
    }

    #[test]
    fn a_newer_frame_takes_the_place_of_the_waiting_one_and_nothing_beside_it_is_lost() {
        let mut slot = WriteQueue::default();
        slot.extra(b"a");
        slot.submit(&frame(1));
        slot.extra(b"b");
        slot.submit(&frame(2));
        slot.extra(b"c");
        assert_eq!((&slot.before[..], &slot.after[..]), (&b"ab"[..], &b"c"[..]));
        assert_eq!(slot.frame, Some(frame(2)));
    }

    #[test]
    fn a_clearing_outlives_the_frame_that_asked_for_it_but_is_done_once() {
        let mut slot = WriteQueue::default();
        slot.submit(&Frame {
            clear: true,
            ..frame(1)
        });
        slot.submit(&frame(2));
        assert!(slot.frame.as_ref().is_some_and(|f| f.clear));
        slot.spare = slot.frame.take().unwrap();
        slot.submit(&frame(3));
        assert_eq!(slot.frame, Some(frame(3)));
    }

    #[test]
    fn no_more_than_the_limit_waits_beside_frames() {
        let mut slot = WriteQueue::default();
        assert!(slot.extra(&vec![b'x'; EXTRA_LIMIT]));
        assert!(!slot.extra(b"x"));
    }
}
