//! Tab in a real bash, zsh and fish on a pseudo-terminal: what stands on the line after it.

use std::process::Command;

use novita_edit::demo::Call;

use crate::completions::path;
use crate::run::{LLAMA, User};

/// A shell, and how it takes the script.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Way {
    Bash,
    /// Sourced in `.zshrc`.
    Zsh,
    /// As `_novita-edit` in `$fpath`: the first Tab runs it.
    ZshFromFpath,
    Fish,
}

const WAYS: [Way; 4] = [Way::Bash, Way::Zsh, Way::ZshFromFpath, Way::Fish];

impl Way {
    fn shell(self) -> &'static str {
        match self {
            Self::Bash => "bash",
            Self::Zsh | Self::ZshFromFpath => "zsh",
            Self::Fish => "fish",
        }
    }

    /// Whether the shell is there; where it isn't, that is said.
    fn is_there(self) -> bool {
        let shell = self.shell();
        let is_there = Command::new(shell).arg("-c").arg(":").status().is_ok();
        if !is_there {
            eprintln!("skipped: no {shell}");
        }
        is_there
    }

    /// Writes what the shell reads at its start, and gives the command that starts it.
    fn set_up(self, user: &User) -> &'static str {
        let prompt = "PS1='READ'Y'> '\n";
        match self {
            Self::Bash => {
                let rc =
                    format!("{prompt}bind 'set enable-bracketed-paste off'\nsource <(novita-edit completions bash)\n");
                user.file("rc.bash", &rc);
                "exec bash --rcfile rc.bash -i"
            }
            Self::Zsh | Self::ZshFromFpath => {
                let script = match self {
                    Self::Zsh => "source <(novita-edit completions zsh)\n",
                    _ => "",
                };
                if self == Self::ZshFromFpath {
                    std::fs::create_dir_all(user.path("functions")).unwrap();
                    let script = user.run(&["completions", "zsh"]).with(0).out;
                    user.file("functions/_novita-edit", &script);
                }
                let rc = format!(
                    "{prompt}bindkey -e\nfpath=($HOME/functions $fpath)\nautoload -Uz compinit\ncompinit -u -d $HOME/dump\n{script}"
                );
                user.file(".zshrc", &rc);
                "exec zsh -d -i"
            }
            Self::Fish => {
                let rc = "set fish_greeting\nfunction fish_prompt; echo -n READ''Y'> '; end\nnovita-edit completions fish | source\n";
                std::fs::create_dir_all(user.path("config/fish")).unwrap();
                user.file("config/fish/config.fish", rc);
                "exec fish -i"
            }
        }
    }

    /// The words on the line after what was typed and a Tab; what is typed behind that is `END`.
    fn tab(self, user: &User, typed: &str) -> Vec<String> {
        let start = self.set_up(user);
        // To the start of the line, and to its end: it becomes the arguments of printf.
        let keys = format!("{typed}\tEND\u{1}printf '<%s>' \n");
        let shown = user.shell_on_terminal(start, &[("READY> ", &keys), ("END>", "exit\n")]);
        let printed = shown.raw.rfind("<novita-edit>").map(|at| &shown.raw[at..]);
        let printed = printed.unwrap_or_else(|| panic!("{self:?} {typed}: {}", shown.raw));
        let end = printed.find("END>").unwrap() + "END>".len();
        let words = printed[1..end - 1].split("><");
        words.map(str::to_owned).collect()
    }
}

fn user() -> User {
    let user = User::new().env("PATH", &path()).env("LANG", "C.UTF-8");
    std::fs::create_dir_all(user.path("config/novita-edit")).unwrap();
    user.file("config/novita-edit/config.toml", "[profiles.prod]\nprotected = true\n");
    user.file("secret.txt", "x");
    user.file("my file.yaml", "x");
    user
}

#[test]
fn tab_completes_the_line_in_every_shell() {
    for way in WAYS.into_iter().filter(|way| way.is_there()) {
        let user = user();
        for (typed, words) in [
            ("novita-edit sca", "novita-edit scale END"),
            ("novita-edit show lla", "novita-edit show llama-3-8b END"),
            ("novita-edit --prof", "novita-edit --profile END"),
            ("novita-edit --profile p", "novita-edit --profile prod END"),
            ("novita-edit list --state=fai", "novita-edit list --state=failed END"),
            (
                "novita-edit watch x --until hea",
                "novita-edit watch x --until healthy END",
            ),
            (
                "novita-edit set ep_7f3a91c2 policy.ty",
                "novita-edit set ep_7f3a91c2 policy.type=END",
            ),
            (
                "novita-edit set ep_7f3a91c2 policy.type=q",
                "novita-edit set ep_7f3a91c2 policy.type=queue END",
            ),
            (
                "novita-edit set ep_7f3a91c2 envs.HF_T",
                "novita-edit set ep_7f3a91c2 envs.HF_TOKEN=END",
            ),
            (
                "novita-edit set x envs.A=@sec",
                "novita-edit set x envs.A=@secret.txt END",
            ),
            (
                "novita-edit get ep_7f3a91c2 --field image.im",
                "novita-edit get ep_7f3a91c2 --field image.image END",
            ),
        ] {
            assert_eq!(way.tab(&user, typed).join(" "), words, "{way:?}");
        }
        let words = way.tab(&user, "novita-edit apply -f my");
        assert_eq!(words.last().unwrap(), "END", "{way:?} {words:?}");
        assert!(words.contains(&"my file.yaml".to_owned()), "{way:?} {words:?}");
        let lists = user.server.requests();
        let lists = lists.iter().filter(|request| request.call == Some(Call::List)).count();
        assert_eq!(lists, 1, "{way:?}");
    }
}

#[test]
fn nothing_is_offered_and_nothing_said_where_nothing_can_be_known() {
    for way in WAYS.into_iter().filter(|way| way.is_there()) {
        let user = user().env("NOVITA_API_KEY", "");
        let words = way.tab(&user, &format!("novita-edit show {LLAMA}xyz"));
        assert_eq!(words.join(" "), format!("novita-edit show {LLAMA}xyzEND"), "{way:?}");
    }
}

/// In a folder that somebody else filled a file may be called anything.
#[test]
fn no_name_of_a_file_is_run_by_tab() {
    let names = [
        "z$(touch pwned1).yaml",
        "y`touch pwned2`.yaml",
        "x';touch pwned3;'.yaml",
    ];
    // fish quotes by itself whatever it is given.
    let ways = WAYS.into_iter().filter(|way| *way != Way::Fish);
    for way in ways.filter(|way| way.is_there()) {
        let user = user();
        for name in names.into_iter().chain(["w{a,b}.yaml"]) {
            user.file(name, "x");
        }
        for name in names {
            let first = &name[..1];
            for typed in [first.to_owned(), format!("\"{first}"), format!("'{first}")] {
                let words = way.tab(&user, &format!("novita-edit diff -f {typed}"));
                assert!(words.iter().any(|word| word == name), "{way:?} {typed} {words:?}");
            }
        }
        let words = way.tab(&user, "novita-edit diff -f w");
        assert!(words.iter().any(|word| word == "w{a,b}.yaml"), "{way:?} {words:?}");
        for at in 1..=3 {
            assert!(!user.path(&format!("pwned{at}")).exists(), "{way:?} {at}");
        }
    }
}
