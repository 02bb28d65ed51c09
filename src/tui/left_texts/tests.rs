use std::os::unix::fs::PermissionsExt;

use super::*;
use crate::config::Environment;
use crate::endpoint::{EndpointConfig, EnvVar, FieldId};
use crate::tui::left_texts::text_file::MOST_BYTES;

struct Home {
    _dir: tempfile::TempDir,
    dirs: StateDirs,
    editor: PathBuf,
}

fn home() -> Home {
    let dir = tempfile::tempdir().unwrap();
    let env = Environment::from_pairs([("XDG_STATE_HOME", dir.path().to_str().unwrap())]);
    let dirs = StateDirs::find(&env).unwrap();
    let editor = dirs.editor();
    fs::create_dir_all(&editor).unwrap();
    Home {
        _dir: dir,
        dirs,
        editor,
    }
}

fn text_of(what: EditorTextOf, keeps_secrets: bool) -> TextOf {
    TextOf {
        account: "acc".to_owned(),
        endpoint: "ep".to_owned(),
        what,
        keeps_secrets,
        base: None,
    }
}

impl Home {
    /// What a process that is no more left, with `handed` given to the editor and `saved` in the file. No process
    /// has so large a number.
    fn left(&self, name: &str, of: &TextOf, handed: &str, saved: &str) -> PathBuf {
        let dir = self.editor.join(format!("{PREFIX}{}-2000000000-{name}", this_host()));
        fs::create_dir(&dir).unwrap();
        label(&dir, of, "body.json", &Secret::new(handed)).unwrap();
        fs::write(dir.join("body.json"), saved).unwrap();
        dir
    }

    fn sweep(&self) {
        sweep(&self.editor, Some(&self.dirs));
    }

    fn kept(&self) -> Vec<PathBuf> {
        let all = directories(&self.editor).into_iter();
        all.filter(|(name, _)| name.starts_with(KEPT))
            .map(|(_, dir)| dir)
            .collect()
    }

    fn texts(&self, account: &str, endpoint: &str) -> Vec<String> {
        let left = of(Some(&self.dirs), account, endpoint).into_iter();
        left.filter_map(|left| match left.text {
            Some((Edited::Text(text), _)) => Some(text.reveal().to_owned()),
            _ => None,
        })
        .collect()
    }
}

#[test]
fn what_was_not_saved_goes_and_what_was_is_moved_private_and_found_by_its_endpoint_only() {
    let home = home();
    let body = text_of(EditorTextOf::Body, true);
    let same = home.left("a", &body, "{}", "{}");
    let emptied = home.left("b", &body, "{}", "");
    let saved = home.left("c", &body, "{}", "{ mine }");
    home.sweep();
    assert!(!same.exists() && !emptied.exists() && !saved.exists());
    let kept = home.kept();
    assert_eq!(kept.len(), 1);
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!((mode(&kept[0]), mode(&kept[0].join("body.json"))), (0o700, 0o600));
    assert_eq!(home.texts("acc", "ep"), ["{ mine }"]);
    assert_eq!((home.texts("acc", "ep2"), home.texts("other", "ep")), (vec![], vec![]));
    // Further starts leave it, until somebody decides.
    home.sweep();
    assert_eq!(home.texts("acc", "ep"), ["{ mine }"]);
    decided(&kept[0]);
    assert_eq!((home.texts("acc", "ep"), kept[0].exists()), (vec![], false));
}

#[test]
fn what_a_living_editor_has_open_stays_where_it_is_until_that_has_ended() {
    let home = home();
    for keeps_secrets in [true, false] {
        let mut editor = std::process::Command::new("sleep").arg("60").spawn().unwrap();
        let body = text_of(EditorTextOf::Body, keeps_secrets);
        let dir = home.left(&format!("a{keeps_secrets}"), &body, "{}", "{}");
        opened_by(&dir, EditorProcess::of("/usr/bin/vim", editor.id()));
        let unswapped = || {
            // What was not saved has nothing to be told of, but the file is the editor's.
            clear(&dir);
            home.sweep();
            of(Some(&home.dirs), "acc", "ep").remove(0)
        };
        let open = format!(
            "vim (process {}) still has the body open. Save and quit there; the next opening of this endpoint \
             offers the text.",
            editor.id()
        );
        assert_eq!(unswapped().open, Some(open.clone()));
        fs::write(dir.join(".body.json.swp"), "swap").unwrap();
        fs::write(dir.join("body.json"), "{ mine }").unwrap();
        let left = unswapped();
        assert_eq!((left.open, left.told), (Some(open), vec![]));
        assert!(left.text.is_none() && home.kept().is_empty());
        editor.kill().unwrap();
        editor.wait().unwrap();
        home.sweep();
        assert_eq!(home.texts("acc", "ep"), ["{ mine }"]);
        let left = of(Some(&home.dirs), "acc", "ep").remove(0);
        assert_eq!((left.open, left.told.is_empty()), (None, false));
        decided(&left.dir);
        fs::remove_dir_all(&left.dir).unwrap();
    }
}

#[test]
fn a_later_process_with_the_number_of_the_editor_is_not_it() {
    let home = home();
    let dir = home.left("a", &text_of(EditorTextOf::Body, true), "{}", "{ mine }");
    let own = EditorProcess::of("vim", std::process::id());
    if let Some(start) = own.start {
        let start = Some(start + 1);
        opened_by(&dir, EditorProcess { start, ..own });
        home.sweep();
        assert_eq!(home.texts("acc", "ep"), ["{ mine }"]);
    }
}

#[test]
fn what_may_not_stay_is_offered_from_where_it_is() {
    let home = home();
    let old = EnvVar::new("A", "secret");
    let left = home.left("a", &text_of(EditorTextOf::Env { at: 0, old }, false), "secret", "new");
    let command = text_of(EditorTextOf::Field(FieldId::Command), false);
    home.left("b", &command, "--x", "--y");
    home.sweep();
    assert!(left.exists());
    assert_eq!(home.kept().len(), 1, "a command is no secret");
    let mut texts = home.texts("acc", "ep");
    texts.sort();
    assert_eq!(texts, ["--y", "new"]);
}

#[test]
fn a_swap_file_is_named_once_with_the_way_to_read_it_and_stays() {
    let home = home();
    let dir = home.left("a", &text_of(EditorTextOf::Body, true), "{}", "{ taken }");
    fs::write(dir.join(".body.json.swp"), "swap").unwrap();
    fs::write(dir.join("body.json~"), "a copy of what was before").unwrap();
    end(&dir, Some(&home.dirs));
    assert!(!dir.exists());
    let kept = home.kept();
    assert_eq!(fs::read_to_string(kept[0].join(".body.json.swp")).unwrap(), "swap");
    let told = |home: &Home| of(Some(&home.dirs), "acc", "ep").remove(0);
    let first = told(&home);
    let path = kept[0].join(".body.json.swp").display().to_string();
    let how = format!("`vim -r {}` shows it.", kept[0].join("body.json").display());
    assert!(
        first.told[0].contains(&path) && first.told[0].contains(&how),
        "{:?}",
        first.told
    );
    assert!(first.text.is_none(), "the text itself was taken");
    // Whoever asked may have told nobody.
    assert_eq!(told(&home).told, first.told);
    super::told(&kept[0]);
    assert_eq!(told(&home).told, [""; 0]);
    decided(&kept[0]);
    assert!(kept[0].join(".body.json.swp").exists());
}

#[test]
fn where_values_are_not_kept_a_swap_file_is_removed_and_that_is_told() {
    let home = home();
    let old = EnvVar::new("A", "secret");
    let dir = home.left("a", &text_of(EditorTextOf::Env { at: 0, old }, false), "secret", "new");
    fs::write(dir.join(".body.json.swp"), "new secret").unwrap();
    end(&dir, Some(&home.dirs));
    assert!(!dir.exists());
    for dir in home.kept() {
        let label = fs::read_to_string(dir.join(LABEL)).unwrap();
        assert!(
            !label.contains("secret\"") && fs::read_dir(dir).unwrap().count() == 1,
            "{label}"
        );
    }
    for _ in 0..2 {
        let left = of(Some(&home.dirs), "acc", "ep").remove(0);
        assert_eq!(
            left.told,
            ["What the editor left of env A when it was ended (.body.json.swp) was removed: keep_secrets = false."]
        );
    }
    told(&home.kept()[0]);
    assert_eq!(home.kept(), [""; 0].map(PathBuf::from));
}

#[test]
fn what_nobody_asked_for_goes_after_its_days() {
    let home = home();
    let dir = home.left("a", &text_of(EditorTextOf::Body, true), "{}", "{ mine }");
    end(&dir, Some(&home.dirs));
    fs::create_dir_all(&dir).unwrap();
    let old = home.editor.join("left-20200101T000000Z-1");
    let young = home.editor.join("left-20200101T000000Z-2");
    for kept in [&old, &young] {
        fs::create_dir(kept).unwrap();
    }
    let long_ago = SystemTime::now() - OLD * (KEPT_DAYS + 1);
    fs::File::open(&old).unwrap().set_modified(long_ago).unwrap();
    home.sweep();
    assert!(!old.exists() && young.exists());
}

#[test]
fn a_text_that_is_too_large_to_be_read_back_is_named_and_stays() {
    let home = home();
    let large = "x".repeat(usize::try_from(MOST_BYTES).unwrap() + 1);
    home.left("a", &text_of(EditorTextOf::Body, true), "{}", &large);
    home.sweep();
    let left = of(Some(&home.dirs), "acc", "ep").remove(0);
    let path = home.kept()[0].join("body.json");
    assert!(
        left.text.is_none() && left.told[0].contains(&path.display().to_string()),
        "{:?}",
        left.told
    );
    assert_eq!(fs::metadata(path).unwrap().len(), MOST_BYTES + 1);
}

#[test]
fn what_cannot_be_moved_stays_where_it_is() {
    let home = home();
    let dir = home.left("a", &text_of(EditorTextOf::Body, true), "{}", "{ taken }");
    fs::write(dir.join(".body.json.swp"), "swap").unwrap();
    let elsewhere = home._dir.path().join(dir.file_name().unwrap());
    fs::rename(&dir, &elsewhere).unwrap();
    fs::remove_dir(&home.editor).unwrap();
    fs::write(&home.editor, "no directory").unwrap();
    end(&elsewhere, Some(&home.dirs));
    end(&elsewhere, None);
    assert_eq!(fs::read_to_string(elsewhere.join(".body.json.swp")).unwrap(), "swap");
    assert!(
        !Label::read(&elsewhere).unwrap().is_changed(&elsewhere),
        "the text was taken"
    );
}

#[test]
fn values_that_may_not_stay_go_also_where_that_can_only_be_told_from_there() {
    let home = home();
    let old = EnvVar::new("A", "secret");
    let dir = home.left("a", &text_of(EditorTextOf::Env { at: 0, old }, false), "secret", "new");
    fs::write(dir.join(".body.json.swp"), "new secret").unwrap();
    end(&dir, None);
    assert_eq!(fs::read_dir(&dir).unwrap().count(), 1);
    assert!(!fs::read_to_string(dir.join(LABEL)).unwrap().contains("secret\""));
    assert_eq!(of(Some(&home.dirs), "acc", "ep").remove(0).told.len(), 1);
}

#[test]
fn a_text_that_nobody_can_have_read_stays_when_the_rest_was_taken() {
    let home = home();
    let large = "x".repeat(usize::try_from(MOST_BYTES).unwrap() + 1);
    for keeps_secrets in [true, false] {
        let name = format!("a{keeps_secrets}");
        let dir = home.left(&name, &text_of(EditorTextOf::Body, keeps_secrets), "{}", &large);
        end(&dir, Some(&home.dirs));
        taken_from_running(&dir);
        clear(&dir);
        assert!(dir.join("body.json").exists());
        assert!(Label::read(&dir).unwrap().is_changed(&dir));
    }
}

#[test]
fn what_an_editor_writes_that_did_not_end_is_found_and_its_text_is_not_offered_again() {
    let home = home();
    let dir = home.left("a", &text_of(EditorTextOf::Body, true), "{}", "{ taken }");
    taken_from_running(&dir);
    fs::write(dir.join(".body.json.swp"), "swap").unwrap();
    home.sweep();
    let left = of(Some(&home.dirs), "acc", "ep").remove(0);
    assert!(
        left.text.is_none() && left.told[0].contains(".body.json.swp"),
        "{left:?}"
    );
}

#[test]
fn what_a_text_was_made_of_comes_back_with_it() {
    let home = home();
    let mut of_body = text_of(EditorTextOf::Body, true);
    let config = EndpointConfig {
        name: "before".to_owned(),
        ..EndpointConfig::default()
    };
    of_body.base = Some(Box::new(Snapshot {
        config,
        has_health_check: true,
        settings: Vec::new(),
    }));
    home.left("a", &of_body, "{}", "{ mine }");
    home.sweep();
    let left = of(Some(&home.dirs), "acc", "ep").remove(0);
    assert_eq!(left.base, of_body.base);
}

#[test]
fn a_label_that_names_a_path_is_none() {
    let home = home();
    let dir = home.left("a", &text_of(EditorTextOf::Body, true), "{}", "{ mine }");
    let text = fs::read_to_string(dir.join(LABEL)).unwrap();
    fs::write(dir.join(LABEL), text.replace("body.json", "../../x")).unwrap();
    home.sweep();
    assert!(!dir.exists());
    assert_eq!(home.kept(), [""; 0].map(PathBuf::from));
}

#[test]
fn what_a_killed_process_of_this_host_left_goes_and_all_else_stays() {
    let home = home();
    let (here, own) = (this_host(), std::process::id());
    let dead = home.editor.join(format!("{PREFIX}{here}-2000000000-x"));
    let others = [
        format!("{here}-{own}-x"),
        "00000000-2000000000-x".to_owned(),
        "x".to_owned(),
    ];
    let others = others.map(|name| home.editor.join(format!("{PREFIX}{name}")));
    fs::create_dir(&dead).unwrap();
    others.iter().for_each(|path| fs::create_dir(path).unwrap());
    home.sweep();
    assert!(!dead.exists());
    assert!(others.iter().all(|path| path.exists()));
}
