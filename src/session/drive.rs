//! Runs a [`Save`] over a client.

use super::save::{Answer, Next, Outcome, Request, Save, Step};
use crate::api::Client;

/// Does what the save asks until it is over. `on_step` is told each step before its request goes out.
///
/// Dropping the future cancels the waiting, not what the server may already have taken.
pub async fn drive(client: &Client, mut save: Save, first: Request, mut on_step: impl FnMut(Step)) -> Box<Outcome> {
    let mut request = first;
    loop {
        on_step(save.step());
        let answer = match request {
            Request::Read(pause) => {
                tokio::time::sleep(pause).await;
                Answer::Read(Box::new(client.endpoint(save.id()).await))
            }
            Request::Send(body) => Answer::Sent(client.update(body.bytes().to_vec()).await),
        };
        match save.answer(answer) {
            Next::Do(next) => request = next,
            Next::Done(outcome) => return outcome,
        }
    }
}
