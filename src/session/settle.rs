//! What a read tells of sends that were left open: of any command or the editor, whoever sent them from this machine.

use jiff::{SignedDuration, Timestamp};

use super::save_lock::tried_in_time;
use crate::endpoint::diff::differences;
use crate::endpoint::{EndpointConfig, LoadedEndpoint};
use crate::fs::when;
use crate::store::{OutcomeNote, Record, SendId, SendLog, SendOutcome};

/// How long a send may be on its way of which the history doesn't say: the usual time-outs.
const LONGEST: SignedDuration = SignedDuration::from_secs(240);
/// It was noted before its check, which may be repeated, and be told to wait.
const CHECK: SignedDuration = SignedDuration::from_secs(240);

/// A send of which more is known now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settled {
    /// Its name.
    pub id: SendId,
    /// When it was sent, RFC 3339.
    pub at: String,
    /// What came of it.
    pub outcome: SendOutcome,
    /// What was sent.
    pub sent: EndpointConfig,
    /// What it took back of a later send, by its names; only of one that landed late.
    pub reverted: Vec<String>,
}

impl Settled {
    /// In a sentence.
    pub fn in_words(&self) -> String {
        let at = when(&self.at);
        match &self.outcome {
            SendOutcome::LandedLate => format!(
                "The server holds what was sent at {at}, though a later send was stored since: it arrived late, or somebody \
                 set the same. What that takes back: {}.",
                self.reverted.join(", ")
            ),
            SendOutcome::Refused(_) => format!("The send of {at} was refused, and is not stored."),
            SendOutcome::NotStored => {
                format!("The send of {at} was not stored: its time is over, and the server holds what it held before.")
            }
            _ => format!("The send of {at} is stored after all."),
        }
    }
}

/// What was read tells this of the sends that were open until now. `records` are the newest first.
///
/// The whole body equals the newest open send: it is stored. It equals an older one, and later ones were stored: that
/// one landed late. It equals what was there before one whose time-outs are over: that one was not stored. All else
/// stays open.
pub fn settle(records: &[Record], read: &EndpointConfig, now: Timestamp) -> Vec<Settled> {
    let mut settled = Vec::new();
    let mut has_arrived = false;
    for (at, record) in records
        .iter()
        .enumerate()
        .filter(|(_, record)| record.outcome.is_open())
    {
        let is_it = differences(&record.after, read).is_empty();
        let later = records[..at].iter().find(|later| later.outcome.is_stored());
        let (outcome, reverted) = match later {
            Some(later) if is_it && !has_arrived => {
                let reverted = differences(later.stored(), read);
                if reverted.is_empty() {
                    continue;
                }
                (
                    SendOutcome::LandedLate,
                    reverted.iter().map(|change| change.name()).collect(),
                )
            }
            None if is_it && !has_arrived => (SendOutcome::Stored, Vec::new()),
            None if differences(&record.before.config, read).is_empty() => match &record.outcome {
                SendOutcome::RefusedNotRead(why) => (SendOutcome::Refused(why.clone()), Vec::new()),
                _ if is_over(record, now) => (SendOutcome::NotStored, Vec::new()),
                _ => continue,
            },
            _ => continue,
        };
        has_arrived |= matches!(outcome, SendOutcome::Stored | SendOutcome::LandedLate);
        settled.push(Settled {
            id: record.id.clone(),
            at: record.at.clone(),
            outcome,
            sent: record.after.clone(),
            reverted,
        });
    }
    settled
}

/// Whether a send's time-outs are over.
fn is_over(record: &Record, now: Timestamp) -> bool {
    let noted = record.until.as_ref().and_then(|until| until.parse::<Timestamp>().ok());
    let until = noted.or_else(|| {
        let longest = record
            .timeout
            .and_then(|timeout| SignedDuration::try_from(timeout * 2).ok());
        let at: Timestamp = record.at.parse().ok()?;
        at.checked_add(longest.unwrap_or(LONGEST) + CHECK).ok()
    });
    // One whose time can't be read is as old as it may be.
    until.is_none_or(|until| now >= until)
}

/// Looks whether sends to an endpoint are open that this read settles, and writes down what came of them. Where nothing
/// is open the history isn't even read in full. `begun` is when it was asked for: what was read may be as old as that.
///
/// # Errors
/// A sentence: the history can't be read or written.
pub async fn settle_open(send_log: &SendLog, read: &LoadedEndpoint, begun: Timestamp) -> Result<Vec<Settled>, String> {
    let (send_log, read) = (send_log.clone(), read.config.clone());
    tried_in_time(move || {
        if !send_log.has_open_send(&read.id)? {
            return Ok(Vec::new());
        }
        let mut records = send_log.history(&read.id)?.records;
        let configs = records.iter_mut().flat_map(Record::configs_mut);
        send_log.redactor().restore(configs, &read);
        let settled = settle(&records, &read, begun);
        for one in &settled {
            let note = OutcomeNote::from(one.outcome.clone());
            send_log.record_outcome(Some(one.id.clone()), &one.sent, note)?;
        }
        Ok(settled)
    })
    .await
}
