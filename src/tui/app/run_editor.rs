//! `$EDITOR` as a child of the loop: started, waited for, ended.

use std::process::ExitStatus;
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process};
use tokio::process::{Child, Command};

use super::private_file::PrivateFile;
use crate::config::KeyVariables;
use crate::tui::left_texts::EditorProcess;
use crate::tui::model::{Edited, EditorTarget};

/// How long an editor has to end when this program is told to.
const PATIENCE: Duration = Duration::from_millis(300);

/// An editor that is back sooner has perhaps only told another one, with a window of its own, what to open.
const AT_ONCE: Duration = Duration::from_secs(1);

/// How an editor ended.
#[derive(Debug)]
pub enum End {
    /// With code 0, after so long.
    Well(Duration),
    /// With another code, in a sentence: what is in the file is not taken, and waits if it was saved.
    Refused(String),
    /// By a signal, in a sentence: nobody said what is meant.
    Died(String),
}

/// An editor that has the terminal.
#[derive(Debug)]
pub struct RunningEditor {
    child: Child,
    started: Instant,
    /// What it edits.
    pub target: EditorTarget,
    file: PrivateFile,
}

impl RunningEditor {
    /// Starts `$VISUAL`, `$EDITOR` or vi on a file, without the variables that hold keys. The terminal has to be left
    /// to it before.
    ///
    /// # Errors
    /// A sentence.
    pub fn start(target: EditorTarget, file: PrivateFile, keys: &KeyVariables) -> Result<Self, String> {
        let (variable, line) = line(|name| std::env::var(name).ok());
        // Words as a shell splits them, without a shell: nothing in them is run or replaced.
        let words = shlex::split(&line).filter(|words| !words.is_empty());
        let Some(words) = words else {
            return Err(format!("{variable} can't be split into words: {line}."));
        };
        let mut command = Command::new(&words[0]);
        keys.keep_from(command.as_std_mut());
        match command.args(&words[1..]).arg(file.path()).spawn() {
            Ok(child) => {
                // As spawning it did, that waits for the disk; the terminal is the editor's already.
                if let Some(pid) = child.id() {
                    file.opened_by(EditorProcess::of(&words[0], pid));
                }
                Ok(Self {
                    child,
                    started: Instant::now(),
                    target,
                    file,
                })
            }
            Err(error) => Err(format!(
                "The editor {} ({variable}) did not start: {error}.{}",
                words[0],
                hint(&words[0])
            )),
        }
    }

    /// Waits for its end.
    pub async fn wait(&mut self) -> std::io::Result<ExitStatus> {
        self.child.wait().await
    }

    /// What it edited and its file, to be read where waiting is allowed, and how it ended.
    pub fn done(self, status: std::io::Result<ExitStatus>) -> (EditorTarget, PrivateFile, End) {
        let end = match status {
            Ok(status) if status.success() => End::Well(self.started.elapsed()),
            Ok(status) => match status.code() {
                Some(code) => End::Refused(format!("The editor ended with code {code}.")),
                None => End::Died("The editor was ended by a signal.".to_owned()),
            },
            Err(error) => End::Died(format!("The editor can't be waited for: {error}.")),
        };
        (self.target, self.file, end)
    }

    /// Asks it to end, and waits a moment for that: this program ends, and the terminal is to be left in order. What it
    /// edited, its file, and whether it has ended: else it may write there still.
    pub fn end(mut self) -> (EditorTarget, PrivateFile, bool) {
        let pid = self
            .child
            .id()
            .and_then(|pid| i32::try_from(pid).ok())
            .and_then(Pid::from_raw);
        if let Some(pid) = pid {
            let _ = kill_process(pid, Signal::TERM);
        }
        let asked = Instant::now();
        let mut runs = matches!(self.child.try_wait(), Ok(None));
        while runs && asked.elapsed() < PATIENCE {
            std::thread::sleep(Duration::from_millis(10));
            runs = matches!(self.child.try_wait(), Ok(None));
        }
        (self.target, self.file, !runs)
    }
}

/// The variable that names the editor, and what it says.
fn line(variable: impl Fn(&str) -> Option<String>) -> (&'static str, String) {
    for name in ["VISUAL", "EDITOR"] {
        if let Some(line) = variable(name).filter(|line| !line.trim().is_empty()) {
            return (name, line);
        }
    }
    ("neither VISUAL nor EDITOR is set", "vi".to_owned())
}

/// Reads a file back, or takes its failure over.
pub fn read_back(file: &PrivateFile, end: &End) -> Edited {
    match end {
        End::Well(after) if *after < AT_ONCE && file.is_untouched() => Edited::AtOnce,
        End::Well(_) => file.read(),
        End::Refused(why) | End::Died(why) if file.is_untouched() => Edited::Failed(why.clone()),
        // What was saved is never thrown away, whatever the code means: it waits.
        End::Refused(why) | End::Died(why) => match file.read() {
            // More likely it was being written.
            Edited::Text(text) if text.reveal().is_empty() => Edited::Failed(why.clone()),
            Edited::Text(text) => Edited::Saved(text, why.clone()),
            other => other,
        },
    }
}

/// What may be wrong with the first word of the variable, where no program of that name starts; a sentence behind
/// others.
fn hint(word: &str) -> &'static str {
    let is_name = |name: &str| {
        let letters = name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
        letters && name.starts_with(|c: char| !c.is_ascii_digit())
    };
    match word.split_once('=') {
        _ if word.starts_with('~') => " `~` is not expanded here: write the whole path.",
        Some((name, _)) if is_name(name) => {
            " `NAME=value` in front is not understood here: write `env NAME=value` and the editor."
        }
        _ => "",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::{Environment, StateDirs};
    use crate::secret::Secret;
    use crate::store::EditorTextOf;
    use crate::tui::left_texts::TextOf;

    #[test]
    fn visual_goes_before_editor_and_blank_ones_are_passed_over() {
        let set = |visual: &'static str, editor: &'static str| {
            line(move |name| Some(if name == "VISUAL" { visual } else { editor }.to_owned())).1
        };
        assert_eq!(set("code --wait", "vi"), "code --wait");
        assert_eq!(set(" ", "nano"), "nano");
        assert_eq!(set("", ""), "vi");
    }

    #[test]
    fn a_tilde_and_a_variable_in_front_get_a_hint_when_nothing_starts() {
        assert!(hint("~/bin/vim").contains("write the whole path"));
        assert!(hint("LANG=C").contains("env NAME=value"));
        for plain in ["vim", "/opt/a=b/vim", "=x", "1=2", "-x"] {
            assert_eq!(hint(plain), "", "{plain}");
        }
    }

    #[test]
    fn how_it_ended_decides_what_its_file_is_worth() {
        let create = |saved: Option<&str>| {
            let of = TextOf {
                account: "0".to_owned(),
                endpoint: "ep".to_owned(),
                what: EditorTextOf::Body,
                keeps_secrets: true,
                base: None,
            };
            let home = tempfile::tempdir().unwrap();
            let env = Environment::from_pairs([("XDG_STATE_HOME", home.path().to_str().unwrap())]);
            let file = PrivateFile::create(StateDirs::find(&env).as_ref(), "body.json", &Secret::new("text"), &of);
            let file = file.unwrap();
            if let Some(saved) = saved {
                std::fs::write(file.path(), saved).unwrap();
            }
            (home, file)
        };
        let back = |saved, end| read_back(&create(saved).1, &end);
        let just = |millis| End::Well(Duration::from_millis(millis));
        let died = || End::Died("It died.".to_owned());
        assert!(matches!(back(None, just(999)), Edited::AtOnce));
        assert!(matches!(back(None, just(1000)), Edited::Text(text) if text.reveal() == "text"));
        assert!(matches!(back(Some("new"), just(0)), Edited::Text(text) if text.reveal() == "new"));
        assert!(matches!(back(None, died()), Edited::Failed(why) if why == "It died."));
        assert!(matches!(back(Some("new"), died()), Edited::Saved(text, _) if text.reveal() == "new"));
        assert!(matches!(back(Some(""), just(0)), Edited::Text(text) if text.reveal().is_empty()));
        assert!(matches!(back(Some(""), died()), Edited::Failed(_)));
        let refused = || End::Refused("No.".to_owned());
        assert!(
            matches!(back(Some("new"), refused()), Edited::Saved(text, why) if text.reveal() == "new" && why == "No.")
        );
        assert!(matches!(back(None, refused()), Edited::Failed(why) if why == "No."));
        assert!(matches!(back(Some(""), refused()), Edited::Failed(why) if why == "No."));
        // As vim does where the line drops.
        let (_home, file) = create(Some("new"));
        std::fs::write(file.path().with_file_name(".body.json.swp"), "swap").unwrap();
        assert!(matches!(read_back(&file, &refused()), Edited::Saved(text, _) if text.reveal() == "new"));
    }
}
