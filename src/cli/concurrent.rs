//! Several things at a time, on one thread.

use std::future::poll_fn;
use std::pin::Pin;
use std::task::Poll;

use tokio::sync::Semaphore;

/// Most requests that one command has under way.
const MOST: usize = 8;

/// Room for as many requests as one command has under way.
pub fn room() -> Semaphore {
    Semaphore::new(MOST)
}

/// Does something for each, at most eight at a time; what came of each, in their order.
pub async fn each<T, R>(items: &[T], work: impl AsyncFn(&T) -> R) -> Vec<R> {
    let room = room();
    let (work, room) = (&work, &room);
    all(items, async move |item| {
        // It is never closed; without a permit it would only be one more at a time.
        let _permit = room.acquire().await;
        work(item).await
    })
    .await
}

/// Does something for each, all at a time; what came of each, in their order.
pub async fn all<T, R>(items: &[T], work: impl AsyncFn(&T) -> R) -> Vec<R> {
    let work = &work;
    let mut running: Vec<Pin<Box<dyn Future<Output = R> + '_>>> = Vec::with_capacity(items.len());
    for item in items {
        running.push(Box::pin(work(item)));
    }
    let mut done: Vec<Option<R>> = items.iter().map(|_| None).collect();
    poll_fn(|cx| {
        let mut left = false;
        for (future, done) in running.iter_mut().zip(&mut done).filter(|(_, done)| done.is_none()) {
            match future.as_mut().poll(cx) {
                Poll::Ready(result) => *done = Some(result),
                Poll::Pending => left = true,
            }
        }
        if left { Poll::Pending } else { Poll::Ready(()) }
    })
    .await;
    done.into_iter().flatten().collect()
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;
    use std::time::Duration;

    use super::*;

    #[test]
    fn results_keep_their_order_and_no_more_than_eight_run_at_a_time() {
        let (running, most) = (Cell::new(0), Cell::new(0));
        let items: Vec<u64> = (0..30).collect();
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .unwrap();
        let done = runtime.block_on(each(&items, async |item| {
            running.set(running.get() + 1);
            most.set(most.get().max(running.get()));
            tokio::time::sleep(Duration::from_millis(30 - item)).await;
            running.set(running.get() - 1);
            item * 2
        }));
        assert_eq!(done, items.iter().map(|item| item * 2).collect::<Vec<_>>());
        assert_eq!(most.get(), MOST);
    }
}
