//! What is said of settings that no update carries, before an update is sent: once for the editor and for the commands.

use crate::endpoint::{EndpointStatus, Setting};

/// How many settings a sentence names.
const MOST_NAMED: usize = 5;

/// How many settings of an endpoint no update carries and which, in a sentence without its full stop; `None`: there is
/// none.
pub fn unsent_settings(status: &EndpointStatus) -> Option<String> {
    let count = status.settings.len() + status.settings_left_out;
    let named: Vec<&str> = status.settings.iter().take(MOST_NAMED).map(path).collect();
    let more = match count - named.len() {
        0 => String::new(),
        more => format!(", … {more} more"),
    };
    let (head, them) = match count {
        0 => return None,
        1 => ("1 setting".to_owned(), "it"),
        count => (format!("{count} settings"), "them"),
    };
    let named = named.join(", ");
    Some(format!(
        "{head} that no update carries; the server may reset {them}: {named}{more}"
    ))
}

fn path(setting: &Setting) -> &str {
    &setting.path
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::endpoint::diff::ShownValue;

    #[test]
    fn a_few_are_named_and_the_others_counted() {
        let told = |count: usize, left_out| {
            let setting = |at| Setting {
                path: format!("s{at}"),
                value: ShownValue::Plain("x".into()),
            };
            unsent_settings(&EndpointStatus {
                settings: (0..count).map(setting).collect(),
                settings_left_out: left_out,
                ..EndpointStatus::default()
            })
        };
        assert_eq!(told(0, 0), None);
        assert_eq!(
            told(1, 0).as_deref(),
            Some("1 setting that no update carries; the server may reset it: s0")
        );
        assert_eq!(
            told(7, 3).as_deref(),
            Some("10 settings that no update carries; the server may reset them: s0, s1, s2, s3, s4, … 5 more")
        );
    }
}
