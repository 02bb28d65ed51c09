//! How what a person said once is known again: by fingerprints, so that neither a value nor a path is told by them.

use std::collections::HashSet;

use super::history::{History, StandingAnswer};
use super::redactor::Redactor;
use crate::endpoint::{EndpointStatus, EnvVar};
use crate::secret::Secret;
use crate::text::hex;

impl StandingAnswer {
    /// What of these still holds, the oldest first.
    pub fn last_words(answers: &[Self]) -> Vec<Self> {
        let mut last: Vec<Self> = Vec::new();
        for answer in answers {
            match answer {
                Self::NotMeant(of) => last.retain(|known| *known != Self::Meant(of.clone())),
                answer if last.contains(answer) => {}
                answer => last.push(answer.clone()),
            }
        }
        last
    }

    /// What takes an answer back that a value is meant; another one stays.
    pub fn taken_back(self) -> Self {
        match self {
            Self::Meant(of) => Self::NotMeant(of),
            other => other,
        }
    }
}

impl Redactor {
    /// The variables that have a value by the newest send: as it was stored, or as the server was before where it wasn't
    /// taken.
    pub fn had_values(&self, history: &History) -> HashSet<String> {
        let Some(newest) = history.records.first() else {
            return HashSet::new();
        };
        let config = match newest.outcome.may_be_taken() {
            true => newest.stored(),
            false => &newest.before.config,
        };
        let nothing = self.fingerprint(&Secret::default());
        let has_one = |env: &&EnvVar| !env.value.is_empty() && env.value.fingerprint() != Some(nothing);
        config.envs.iter().filter(has_one).map(|env| env.key.clone()).collect()
    }

    /// That the settings which an endpoint has, and no update carries, may be reset by one. The same for the same paths,
    /// in any order and whatever their values are.
    pub fn settings_answer(&self, status: &EndpointStatus) -> StandingAnswer {
        let mut paths: Vec<&str> = status.settings.iter().map(|setting| setting.path.as_str()).collect();
        paths.sort_unstable();
        StandingAnswer::Settings(self.hex_of(paths.join("\n")))
    }

    /// That a variable's value is meant, though it looks masked. Another variable's is another answer.
    pub fn meant_answer(&self, env: &EnvVar) -> StandingAnswer {
        StandingAnswer::Meant(self.hex_of(format!("{}={}", env.key, env.value.reveal())))
    }

    fn hex_of(&self, text: String) -> String {
        hex(&self.fingerprint(&Secret::new(text)).0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::endpoint::Setting;
    use crate::endpoint::diff::ShownValue;

    fn status(paths: &[&str], value: &str) -> EndpointStatus {
        let setting = |path: &&str| Setting {
            path: (*path).into(),
            value: ShownValue::Plain(value.into()),
        };
        EndpointStatus {
            settings: paths.iter().map(setting).collect(),
            ..EndpointStatus::default()
        }
    }

    #[test]
    fn an_answer_holds_for_the_same_paths_and_for_one_variable() {
        let redactor = Redactor::default();
        let of = |paths: &[&str], value| redactor.settings_answer(&status(paths, value));
        assert_eq!(of(&["a", "b"], "1"), of(&["b", "a"], "2"));
        assert_ne!(of(&["a", "b"], "1"), of(&["a"], "1"));
        let meant = |key: &str, value: &str| redactor.meant_answer(&EnvVar::new(key, value));
        assert_eq!(meant("A", "***"), meant("A", "***"));
        assert_ne!(meant("A", "***"), meant("B", "***"));
        assert_ne!(meant("A", "***"), meant("A", "****"));
    }

    #[test]
    fn the_last_word_holds() {
        let meant = |of: &str| StandingAnswer::Meant(of.to_owned());
        let words = [meant("a"), meant("b"), meant("a").taken_back(), meant("b"), meant("c")];
        assert_eq!(StandingAnswer::last_words(&words), [meant("b"), meant("c")]);
        let again = [words.as_slice(), &[meant("a")]].concat();
        assert_eq!(StandingAnswer::last_words(&again), [meant("b"), meant("c"), meant("a")]);
    }
}
