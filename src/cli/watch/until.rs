//! What is waited for: states, or healthy workers; whatever comes first of them.

use crate::session::Verdict;

/// The states that are known; the server may have others.
pub const STATES: [&str; 7] = [
    "serving", "updating", "creating", "pending", "failed", "stopped", "deleting",
];

/// The word for healthy workers.
pub const HEALTHY: &str = "healthy";

/// What ends it. Words count in any letter case.
pub(super) struct Until {
    words: Vec<String>,
}

impl Until {
    /// As they were given; none: nothing ends it.
    pub(super) fn new(words: &[String]) -> Self {
        Self { words: words.to_vec() }
    }

    /// Whether nothing is waited for.
    pub(super) fn is_empty(&self) -> bool {
        self.words.is_empty()
    }

    /// The words that are no state known here.
    pub(super) fn unknown(&self) -> impl Iterator<Item = &String> {
        let is_known = |word: &str| {
            STATES
                .iter()
                .chain(&[HEALTHY])
                .any(|state| word.eq_ignore_ascii_case(state))
        };
        self.words.iter().filter(move |word| !is_known(word))
    }

    /// `healthy or failed`.
    pub(super) fn words(&self) -> String {
        match self.words.as_slice() {
            [first @ .., last] if !first.is_empty() => format!("{} or {last}", first.join(", ")),
            words => words.concat(),
        }
    }

    /// Whether a look is what is waited for. An answer that is older than the save tells nothing.
    pub(super) fn is_reached(&self, state: &str, verdict: &Verdict) -> bool {
        let is_old = *verdict == Verdict::Going(crate::session::Missing::OldAnswer);
        !is_old && (self.has(state) || (self.has(HEALTHY) && verdict.is_ready()))
    }

    /// Whether a rollout that failed leaves nothing to wait for. A state that stands still may be left by somebody, and
    /// other states are waited for by those who do.
    pub(super) fn is_given_up(&self) -> bool {
        self.has(HEALTHY) || self.has("serving")
    }

    fn has(&self, word: &str) -> bool {
        self.words.iter().any(|wanted| wanted.eq_ignore_ascii_case(word))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::endpoint::State;
    use crate::session::{Missing, Readiness, RolloutFailure};

    fn until(words: &[&str]) -> Until {
        Until::new(&words.iter().map(|word| (*word).to_owned()).collect::<Vec<_>>())
    }

    #[test]
    fn the_first_of_the_words_ends_it_and_an_old_answer_is_none() {
        let ready = Verdict::Ready(Readiness::New(1));
        let going = Verdict::Going(Missing::NoneNew);
        for (ends, words, state, verdict) in [
            (true, &["healthy"][..], "serving", &ready),
            (false, &["healthy"], "serving", &going),
            (true, &["serving"], "SERVING", &going),
            (true, &["failed", "Healthy"], "failed", &going),
            (false, &["failed"], "serving", &ready),
            (false, &["serving"], "serving", &Verdict::Going(Missing::OldAnswer)),
        ] {
            assert_eq!(
                until(words).is_reached(state, verdict),
                ends,
                "{words:?} {state} {verdict:?}"
            );
        }
    }

    #[test]
    fn a_state_that_is_asked_for_is_no_failure_and_only_good_ends_are_given_up() {
        let failed = Verdict::Failed(RolloutFailure {
            worker: None,
            state: State::default(),
        });
        assert!(until(&["failed", "healthy"]).is_reached("failed", &failed));
        assert!(until(&["healthy", "stopped"]).is_given_up());
        assert!(until(&["serving"]).is_given_up());
        assert!(!until(&["stopped"]).is_given_up() && !until(&["updating"]).is_given_up());
        assert_eq!(
            until(&["healthy", "failed", "stopped"]).words(),
            "healthy, failed or stopped"
        );
    }
}
