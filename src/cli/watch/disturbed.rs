//! What happens to a terminal that something is drawn on.

use tokio::signal::unix::{Signal, SignalKind, signal};

/// What happened.
pub(super) enum Disturbance {
    /// It has another size.
    Resized,
    /// The process was stopped and goes on.
    Continued,
}

/// Listens for it.
pub(super) struct Disturbed {
    resize: Signal,
    go_on: Signal,
}

impl Disturbed {
    /// # Errors
    /// The system lets no signal be listened to.
    pub(super) fn listen() -> std::io::Result<Self> {
        let go_on = SignalKind::from_raw(rustix::process::Signal::CONT.as_raw());
        Ok(Self {
            resize: signal(SignalKind::window_change())?,
            go_on: signal(go_on)?,
        })
    }

    pub(super) async fn next(&mut self) -> Disturbance {
        tokio::select! {
            _ = self.resize.recv() => Disturbance::Resized,
            _ = self.go_on.recv() => Disturbance::Continued,
        }
    }
}
