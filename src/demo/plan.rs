//! One request's faults, sorted by when they take effect.

use std::time::Duration;

use super::faults::{Fault, Reply, StoredEdit};
use super::motion::Stale;

#[derive(Debug, Default)]
pub(super) struct Plan {
    pub(super) delay_before: Duration,
    pub(super) change_before: Vec<(String, StoredEdit)>,
    pub(super) cut_before: bool,
    pub(super) instead: Option<Reply>,
    pub(super) update: UpdatePlan,
    pub(super) change_after: Vec<(String, StoredEdit)>,
    pub(super) delay_after: Duration,
    pub(super) cut_after: bool,
    pub(super) after: Option<Reply>,
    pub(super) body_fault: Option<BodyFault>,
}

/// What an accepted update does instead of just storing what was sent.
#[derive(Clone, Debug, Default)]
pub(super) struct UpdatePlan {
    pub(super) ignore: bool,
    pub(super) store_other: Vec<StoredEdit>,
    pub(super) stale: Option<StaleAsked>,
}

/// [`Stale`] before it is known when the update comes.
#[derive(Clone, Copy, Debug)]
pub(super) enum StaleAsked {
    Reads(u32),
    For(Duration),
}

impl StaleAsked {
    pub(super) fn from(self, now: Duration) -> Stale {
        match self {
            Self::Reads(reads) => Stale::Reads(reads),
            Self::For(time) => Stale::Until(now + time),
        }
    }
}

/// How the answer's bytes go out.
#[derive(Clone, Copy, Debug)]
pub(super) enum BodyFault {
    CutInBody,
    Truncate,
    Slow(Duration),
}

impl Plan {
    pub(super) fn new(faults: Vec<Fault>) -> Self {
        let mut plan = Self::default();
        for fault in faults {
            match fault {
                Fault::DelayBefore(time) => plan.delay_before += time,
                Fault::DelayAfter(time) => plan.delay_after += time,
                Fault::Instead(reply) => {
                    plan.instead.get_or_insert(reply);
                }
                Fault::After(reply) => {
                    plan.after.get_or_insert(reply);
                }
                Fault::CutBefore => plan.cut_before = true,
                Fault::CutAfter => plan.cut_after = true,
                Fault::CutInBody => {
                    plan.body_fault.get_or_insert(BodyFault::CutInBody);
                }
                Fault::Truncate => {
                    plan.body_fault.get_or_insert(BodyFault::Truncate);
                }
                Fault::SlowBody(pause) => {
                    plan.body_fault.get_or_insert(BodyFault::Slow(pause));
                }
                Fault::StaleReads(reads) => {
                    plan.update.stale.get_or_insert(StaleAsked::Reads(reads));
                }
                Fault::StaleFor(time) => {
                    plan.update.stale.get_or_insert(StaleAsked::For(time));
                }
                Fault::Ignore => plan.update.ignore = true,
                Fault::StoreOther(edit) => plan.update.store_other.push(edit),
                Fault::ChangeBefore(id, edit) => plan.change_before.push((id, edit)),
                Fault::ChangeAfter(id, edit) => plan.change_after.push((id, edit)),
            }
        }
        plan
    }
}
