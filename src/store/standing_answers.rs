//! How what a person said once is known again: by fingerprints, so that neither a value nor a path is told by them.

use super::history::StandingAnswer;
use super::redactor::Redactor;
use crate::endpoint::{EndpointStatus, EnvVar};
use crate::secret::Secret;
use crate::text::hex;

impl Redactor {
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
}
