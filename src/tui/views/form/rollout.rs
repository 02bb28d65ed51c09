//! The rollout after a save, as the form knows it: the header and the page of the save tell it.

use crate::session::{Missing, Verdict};

/// How it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FormRollout {
    /// By the newest look.
    pub verdict: Verdict,
    /// The ids of the workers that came after the save.
    pub new: Vec<String>,
    /// It is looked at still, and the newest look saw something.
    pub is_live: bool,
    /// It is looked at still.
    pub is_watched: bool,
}

impl FormRollout {
    /// What the header says of it beside the state, where there is room for words or not; `None`: nothing.
    pub fn mark(&self, is_wide: bool) -> Option<&'static str> {
        match self.verdict {
            Verdict::Going(_) if self.is_watched => Some(if is_wide { "rolling out" } else { "roll…" }),
            Verdict::Failed(_) => Some(if is_wide { "rollout failed" } else { "roll✗" }),
            Verdict::Going(_) | Verdict::Ready(_) | Verdict::Overtaken(_) => None,
        }
    }

    /// How many of the new workers are healthy, of all of them.
    pub fn new_healthy(&self) -> Option<(usize, usize)> {
        match self.verdict {
            Verdict::Going(Missing::Healthy(there, all)) if self.is_watched => Some((there, all)),
            _ => None,
        }
    }
}
