//! Runs a [`Save`] over a client.

use hyper::body::Bytes;

use super::review::ReviewedBody;
use super::save::{Answer, Next, Outcome, Progress, Request, Save};
use crate::api::Client;
use crate::endpoint::LoadedEndpoint;

/// Who is told of a save on its way, and asked before anything goes out. Whatever it does is waited for.
pub trait Witness {
    /// A step begins, before its pause and its request.
    fn progress(&mut self, progress: Progress);

    /// The body is about to be sent over what the server holds: the last word on whether it may, and the place to record it.
    ///
    /// # Errors
    /// The sentence that says why not. Then nothing is sent.
    fn before_send(&mut self, base: &LoadedEndpoint, body: &ReviewedBody) -> impl Future<Output = Result<(), String>>;
}

/// Does what the save asks until it is over.
///
/// Dropping the future cancels the waiting, not what the server may already have taken.
pub async fn drive(client: &Client, mut save: Save, first: Request, witness: &mut impl Witness) -> Box<Outcome> {
    let mut request = first;
    loop {
        let answer = match request {
            Request::Read(pause) => {
                witness.progress(save.progress());
                tokio::time::sleep(pause).await;
                Answer::Read(Box::new(client.endpoint(save.id()).await))
            }
            Request::Send(body) => {
                if let Err(why) = witness.before_send(save.base(), &body).await {
                    return Box::new(Outcome::Forbidden(why));
                }
                // Only from here on may something have been sent.
                witness.progress(save.progress());
                Answer::Sent(client.update(Bytes::from_owner(body)).await)
            }
        };
        match save.answer(answer) {
            Next::Do(next) => request = next,
            Next::Done(outcome) => return outcome,
        }
    }
}
