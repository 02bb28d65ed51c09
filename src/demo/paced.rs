//! An answer's body that comes slowly, or breaks off.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use axum::body::{Body, Bytes, HttpBody};
use hyper::body::{Frame, SizeHint};
use tokio::time::{Sleep, sleep};

/// A body that sends `step` bytes, pauses, and so on; its announced length may be more than it ever sends.
pub(super) struct Paced {
    rest: Bytes,
    step: usize,
    pause: Duration,
    /// Announced bytes that haven't been sent yet.
    announced: u64,
    waiting: Option<Pin<Box<Sleep>>>,
}

impl Paced {
    /// The whole body, a byte at a time.
    pub(super) fn slow(bytes: Bytes, pause: Duration) -> Body {
        let announced = bytes.len() as u64;
        Body::new(Self {
            rest: bytes,
            step: 1,
            pause,
            announced,
            waiting: None,
        })
    }

    /// The first half under the whole one's length, then an error, upon which hyper drops the connection.
    pub(super) fn half(bytes: Bytes) -> Body {
        // An empty body has no half to break off in: one byte that never comes is announced instead.
        let announced = bytes.len().max(1) as u64;
        let rest = bytes.slice(..bytes.len() / 2);
        Body::new(Self {
            step: rest.len().max(1),
            rest,
            // hyper writes what it has when the body pauses; without a pause it would drop that half unsent.
            pause: Duration::from_millis(20),
            announced,
            waiting: None,
        })
    }
}

impl HttpBody for Paced {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, io::Error>>> {
        if let Some(waiting) = &mut self.waiting {
            match waiting.as_mut().poll(context) {
                Poll::Pending => return Poll::Pending,
                Poll::Ready(()) => self.waiting = None,
            }
        }
        if self.rest.is_empty() {
            return Poll::Ready(
                (self.announced > 0)
                    .then(|| Err(io::Error::new(io::ErrorKind::ConnectionAborted, "broken off on demand"))),
            );
        }
        let step = self.step.min(self.rest.len());
        let bytes = self.rest.split_to(step);
        self.announced -= bytes.len() as u64;
        self.waiting = Some(Box::pin(sleep(self.pause)));
        Poll::Ready(Some(Ok(Frame::data(bytes))))
    }

    fn is_end_stream(&self) -> bool {
        self.announced == 0
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.announced)
    }
}
