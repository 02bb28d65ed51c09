//! Runs a [`Save`] over a client.

use hyper::body::Bytes;

use super::record::Recorder;
use super::save::{Answer, Next, Outcome, Progress, Request, Save};
use crate::api::Client;

/// Who is told of a save on its way, and asked before anything goes out. Whatever it does is waited for.
pub trait SaveObserver {
    /// A step begins, before its pause and its request.
    fn progress(&mut self, progress: Progress);

    /// The body is about to be sent, and nothing of that is in the history yet: whether it may.
    ///
    /// # Errors
    /// The sentence that says why not. Then nothing is written and nothing sent.
    fn may_send(&mut self) -> impl Future<Output = Result<(), String>>;

    /// The send can't be written into the history, and why not, as the end of a sentence. It is sent all the same: a
    /// full disk keeps nobody from saving.
    fn not_recorded(&mut self, why: String);

    /// The last word before the body goes out, with the send in the history.
    ///
    /// # Errors
    /// The sentence that says why it is not wanted any more. Then nothing is sent.
    fn still_wanted(&mut self) -> Result<(), String> {
        Ok(())
    }
}

/// Does what the save asks until it is over. What is sent is recorded before its bytes go out; what came of it is the
/// caller's to record ([`Recorder::after`]).
///
/// Dropping the future cancels the waiting, not what the server may already have taken.
pub async fn drive(
    client: &Client,
    (mut save, first): (Save, Request),
    recorder: &mut Recorder,
    observer: &mut impl SaveObserver,
) -> Box<Outcome> {
    let mut request = first;
    loop {
        let answer = match request {
            Request::Read(pause) => {
                observer.progress(save.progress());
                tokio::time::sleep(pause).await;
                Answer::Read(Box::new(client.endpoint(save.id()).await))
            }
            Request::Send(body) => {
                if let Err(why) = observer.may_send().await {
                    return Box::new(Outcome::Forbidden(why));
                }
                if let Err(why) = recorder.before_send(save.base(), &body).await {
                    observer.not_recorded(why);
                }
                if let Err(why) = observer.still_wanted() {
                    return Box::new(Outcome::Forbidden(why));
                }
                // Only from here on may something have been sent.
                observer.progress(save.progress());
                Answer::Sent(client.update(Bytes::from_owner(body)).await)
            }
        };
        match save.answer(answer) {
            Next::Do(next) => request = next,
            Next::Done(outcome) => return outcome,
        }
    }
}
