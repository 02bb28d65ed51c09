//! Waiting for the disk without stopping anything else.

use std::time::Duration;

/// How long something waits for a disk that doesn't answer before it goes on without.
pub const DISK_PATIENCE: Duration = Duration::from_secs(4);

/// Does something that may wait for the disk, where that stops nothing else.
pub async fn on_a_thread_that_may_wait<R: Send + 'static>(work: impl FnOnce() -> R + Send + 'static) -> R {
    match tokio::task::spawn_blocking(work).await {
        Ok(done) => done,
        // A panic there has ended the process, and the runtime cancels only when it ends itself.
        Err(_) => std::future::pending().await,
    }
}

/// The same for as long as a disk is waited for; `None`: it doesn't answer.
pub(super) async fn in_time<R: Send + 'static>(work: impl FnOnce() -> R + Send + 'static) -> Option<R> {
    let done = on_a_thread_that_may_wait(work);
    tokio::time::timeout(DISK_PATIENCE, done).await.ok()
}
