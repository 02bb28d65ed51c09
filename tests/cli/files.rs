//! `-f` as `apply`, `diff` and `validate` have it: several files, folders, patterns; what is wrong with one of them
//! doesn't hide the others.

use crate::run::{Ended, LLAMA, User};
use crate::writing::{max, posts};

const COMFY: &str = "ep_b40c55de";
const WHISPER: &str = "ep_19e0d3aa";

/// A folder `all` with a file for each of the three endpoints, each asking for one more worker but whisper's.
fn user() -> User {
    let user = User::new();
    std::fs::create_dir_all(user.path("all/deep")).unwrap();
    let body = |id: &str| user.run(&["get", id, "-o", "yaml"]).with(0).out;
    user.file("all/a.yaml", &body(LLAMA).replace("maxNum: 5", "maxNum: 6"));
    user.file("all/b.yml", &body(WHISPER));
    user.file("all/deep/c.yaml", &body(COMFY).replace("maxNum: 8", "maxNum: 9"));
    user.file("all/readme.md", "not one of them");
    user
}

fn last(ended: &Ended) -> &str {
    ended.err.lines().last().unwrap_or_default()
}

#[test]
fn a_folder_is_its_documents_and_one_line_tells_what_became_of_each_file() {
    let user = user();
    let ended = user.run(&["validate", "-f", "all"]).with(0);
    assert_eq!(
        last(&ended),
        "2 files: all/a.yaml 1 in order with warnings, all/b.yml 1 in order"
    );
    let ended = user.run(&["diff", "-f", "all", "-R"]).with(1);
    assert_eq!(
        last(&ended),
        "3 files: all/a.yaml 1 different, all/b.yml 1 unchanged, all/deep/c.yaml 1 different"
    );
    let ended = user.run(&["apply", "-f", "all", "-R", "--dry-run"]).with(0);
    assert_eq!(
        last(&ended),
        "3 files: all/a.yaml 1 to be changed, all/b.yml 1 unchanged, all/deep/c.yaml 1 to be changed"
    );
    let ended = user.run(&["apply", "-f", "all", "-R", "--yes"]).with(0);
    assert_eq!(
        last(&ended),
        "3 files: all/a.yaml 1 saved, all/b.yml 1 unchanged, all/deep/c.yaml 1 saved"
    );
    assert_eq!((max(&user, LLAMA), max(&user, COMFY)), (6.into(), 9.into()));
    assert_eq!(user.run(&["diff", "-f", "all", "-R"]).with(0).out, "");
}

#[test]
fn files_are_named_several_times_by_patterns_and_as_a_shell_spells_them_out() {
    let user = user();
    for words in [
        &["-f", "all/a.yaml", "-f", "all/deep/c.yaml"][..],
        &["-f", "all/a.yaml", "-f", "all/*/*.yaml"],
        &["-f", "all/**/*.yaml"],
        &["-f", "all/a.yaml", "all/deep/c.yaml"],
    ] {
        for command in [&["diff"][..], &["validate"], &["apply", "--dry-run"]] {
            let ended = user.run(&[command, words].concat());
            assert!(
                last(&ended).starts_with("2 files: all/a.yaml 1 ") && last(&ended).contains(", all/deep/c.yaml 1 "),
                "{command:?} {words:?}: {ended:#?}"
            );
        }
    }
    let both = std::fs::read_to_string(user.path("all/deep/c.yaml")).unwrap();
    let ended = user.run_with(&["diff", "-f", "all/a.yaml", "-f", "-"], &both).with(1);
    assert_eq!(
        last(&ended),
        "2 files: all/a.yaml 1 different, standard input 1 different"
    );
    for (words, said) in [
        (
            &["-f", "-", "-f", "-"][..],
            "standard input can be only one of the files",
        ),
        (&["-f", "all/*.toml"], "no file is like all/*.toml"),
        (&["-f", "all/[.yaml"], "is no pattern of files"),
        (
            &["-f", "all/a.yaml", "ep_1", "all/b.yml"],
            "so no ID can be given beside it",
        ),
        (&["-f", "all/a.yaml", "ep_1", "ep_2"], "ep_2 is one word too many"),
        (&["ep_1", "all/b.yml", "-f", "gone.yaml"], "gone.yaml can't be read"),
    ] {
        let ended = user.run(&[&["validate"], words].concat()).with(2);
        assert!(ended.err.contains(said), "{words:?}: {ended:#?}");
    }
    assert_eq!(posts(&user), []);
}

#[test]
fn two_documents_for_one_endpoint_are_an_error_with_both_places() {
    let user = user();
    let again = std::fs::read_to_string(user.path("all/a.yaml")).unwrap();
    user.file("all/z.yaml", &format!("# once more\n---\n{again}"));
    let before = user.server.requests().len();
    let wanted = "all/z.yaml:3:5: error: id: this endpoint has a document already, all/a.yaml:1; which one counts?\n";
    let ended = user.run(&["apply", "-f", "all", "--yes"]).with(4);
    assert!(ended.err.starts_with(wanted), "{ended:#?}");
    assert_eq!(
        last(&ended),
        "3 files: all/a.yaml 1 not sent, all/b.yml 1 not sent, all/z.yaml failed"
    );
    assert_eq!(user.server.requests().len(), before, "nobody has to be asked for that");
    let wanted = wanted.replace("id:", &format!("{LLAMA}: id:"));
    let ended = user.run(&["validate", "-f", "all"]).with(4);
    assert!(ended.out.contains(&wanted), "{ended:#?}");
    let ended = user.run(&["diff", "-f", "all"]).with(4);
    assert!(ended.err.contains(&wanted), "{ended:#?}");
    assert!(ended.out.contains("+++ all/a.yaml"), "the others are shown: {ended:#?}");
    assert_eq!(posts(&user), []);
}

#[test]
fn a_missing_endpoint_does_not_hide_the_others() {
    let user = user();
    let gone = std::fs::read_to_string(user.path("all/b.yml")).unwrap();
    user.file("all/a0.yaml", &gone.replace(WHISPER, "ep_gone"));
    let wrong = std::fs::read_to_string(user.path("all/deep/c.yaml")).unwrap();
    user.file("all/c.yaml", &wrong.replace("maxNum: 9", "maxNum: 90"));
    let missing = "all/a0.yaml:1:5: error: id: no endpoint has the id or name ep_gone.";
    let too_many = format!("all/c.yaml:6:11: error: {COMFY}: workerConfig.maxNum: 90 is above 10");
    let ended = user.run(&["apply", "-f", "all", "--yes"]).with(3);
    assert!(
        ended.err.contains(missing) && ended.err.contains(&too_many),
        "{ended:#?}"
    );
    assert!(ended.err.contains("\nNothing was sent."), "{ended:#?}");
    assert_eq!(
        last(&ended),
        "4 files: all/a.yaml 1 not sent, all/a0.yaml failed, all/b.yml 1 not sent, all/c.yaml failed"
    );
    assert_eq!((ended.out.as_str(), posts(&user)), ("", vec![]));
    let ended = user.run(&["validate", "-f", "all"]).with(3);
    assert!(
        ended.err.contains(missing) && ended.out.contains(&too_many),
        "{ended:#?}"
    );
    let ended = user.run(&["diff", "-f", "all"]).with(3);
    assert!(ended.err.contains(missing), "{ended:#?}");
    assert!(
        ended.out.contains("+++ all/a.yaml") && ended.out.contains("+++ all/c.yaml"),
        "{ended:#?}"
    );
}

#[test]
fn a_file_that_can_not_be_read_does_not_hide_the_others() {
    let user = user();
    std::os::unix::fs::symlink("nowhere", user.path("all/l.yaml")).unwrap();
    user.file("all/empty.yaml", "# nothing\n");
    let ended = user.run(&["apply", "-f", "all", "--yes"]).with(4);
    assert!(
        ended.err.contains("novita-edit: all/empty.yaml holds no endpoint."),
        "{ended:#?}"
    );
    assert!(
        ended
            .err
            .contains("novita-edit: all/l.yaml can't be read: No such file"),
        "{ended:#?}"
    );
    assert!(ended.err.contains("\nNothing was sent."), "{ended:#?}");
    assert_eq!(
        last(&ended),
        "4 files: all/a.yaml 1 not sent, all/b.yml 1 not sent, all/empty.yaml failed, all/l.yaml failed"
    );
    let ended = user.run(&["diff", "-f", "all"]).with(4);
    assert!(ended.out.contains("+++ all/a.yaml"), "{ended:#?}");
    user.run(&["validate", "-f", "all"]).with(4);
    assert_eq!(posts(&user), []);
}

#[test]
fn a_pattern_or_a_folder_without_files_does_not_hide_the_others() {
    let user = user();
    let wrong = std::fs::read_to_string(user.path("all/deep/c.yaml")).unwrap();
    user.file("all/deep/c.yaml", &wrong.replace("maxNum: 9", "maxNum: 90"));
    std::fs::create_dir(user.path("bare")).unwrap();
    let files = ["-f", "all/*.toml", "-f", "all", "-f", "bare", "-R"];
    let too_many = format!("all/deep/c.yaml:6:11: error: {COMFY}: workerConfig.maxNum: 90 is above 10");
    for (command, end) in [
        (
            &["apply", "--yes"][..],
            "5 files: all/*.toml failed, all/a.yaml 1 not sent, all/b.yml 1 not sent, all/deep/c.yaml failed, bare failed",
        ),
        (
            &["validate"],
            "5 files: all/*.toml failed, all/a.yaml 1 in order with warnings, all/b.yml 1 in order, all/deep/c.yaml failed, \
             bare failed",
        ),
    ] {
        let ended = user.run(&[command, &files].concat()).with(2);
        for said in [
            "novita-edit: no file is like all/*.toml. Check -f\n",
            "novita-edit: bare holds no *.json, *.yaml or *.yml file. Check -f\n",
        ] {
            assert!(ended.err.contains(said), "{ended:#?}");
        }
        assert!(format!("{}{}", ended.err, ended.out).contains(&too_many), "{ended:#?}");
        assert_eq!(last(&ended), end);
    }
    let ended = user.run(&[&["diff"], &files[..]].concat()).with(2);
    assert!(ended.out.contains("+++ all/a.yaml"), "{ended:#?}");
    assert_eq!(posts(&user), []);
    // The exit code is that of the first: here a file that holds no endpoint.
    user.file("empty.yaml", "# nothing\n");
    user.run(&["validate", "-f", "empty.yaml", "-f", "all/*.toml", "-f", "all"])
        .with(4);
}

/// As shells do: names that begin with a dot are passed over unless the pattern has the dot; names may be any bytes.
#[test]
fn a_pattern_passes_over_what_is_hidden_and_holds_beside_any_name() {
    use std::os::unix::ffi::OsStrExt;
    let user = User::new();
    let body = user.run(&["get", LLAMA]).with(0).out;
    std::fs::create_dir_all(user.path("x/.hidden")).unwrap();
    let odd = std::ffi::OsStr::from_bytes(b"\xff\xfe.json");
    std::fs::create_dir(user.path("x").join(odd)).unwrap();
    for name in ["x/a.json", "x/.b.json", "x/.hidden/c.json"] {
        user.file(name, &body);
    }
    let ended = user.run(&["diff", "-f", "x/a*"]).with(0);
    assert!(ended.err.contains("No difference."), "{}", ended.err);
    for pattern in ["x/*.json", "**/*.json"] {
        let ended = user.run(&["validate", "--offline", "-f", pattern]);
        assert!(
            !ended.err.contains(".b.json") && !ended.err.contains("hidden"),
            "{}",
            ended.err
        );
        assert!(ended.code != 101, "{}", ended.err);
    }
    let hidden = user.run(&["validate", "--offline", "-f", "x/.*.json"]).with(0);
    assert!(hidden.out.contains("x/.b.json:"), "{}{}", hidden.out, hidden.err);
}
