//! `draft`: what the editor left on this machine is shown and thrown away, never under somebody's hands.

use std::path::PathBuf;
use std::sync::Arc;

use novita_edit::api::wire;
use novita_edit::config::{BaseUrl, Environment, StateDirs};
use novita_edit::endpoint::edit::Row;
use novita_edit::endpoint::{EndpointConfig, EnvVar, FieldId, ParseError};
use novita_edit::secret::{MASK, Secret};
use novita_edit::store::{
    Account, EditorLock, EditorLockAttempt, EditorText, EditorTextOf, EndpointFiles, Snapshot, Store, Typing,
    TypingTarget, Unsaved,
};
use novita_edit::tui::left_texts::{TextOf, label};
use serde_json::json;

use crate::run::{LLAMA, TOKEN, User};
use crate::schema::holds;

/// The same files that the binary uses.
fn files(user: &User, id: &str) -> EndpointFiles {
    let base: BaseUrl = user.server.base_url().parse().unwrap();
    let base = base.endpoint(&[]).to_string();
    let state = user.path("state");
    let env = Environment::from_pairs([("XDG_STATE_HOME", state.to_str().unwrap())]);
    let dirs = StateDirs::find(&env).unwrap();
    Store::open(&dirs, &Account::new(&base, &Secret::new("sk_test")))
        .unwrap()
        .endpoint_files(&base, id)
}

fn own(user: &User, id: &str) -> EditorLock {
    match files(user, id).try_editor_lock().unwrap() {
        EditorLockAttempt::Yours(editor_lock) => editor_lock,
        EditorLockAttempt::Taken(owner) => panic!("{owner}"),
    }
}

/// What an editor left of the body that nobody took, in a directory of that name.
fn left_by_editor(user: &User, name: &str) -> PathBuf {
    let state = user.path("state");
    let env = Environment::from_pairs([("XDG_STATE_HOME", state.to_str().unwrap())]);
    let dirs = StateDirs::find(&env).unwrap();
    let dir = dirs.editor().join(name);
    std::fs::create_dir_all(&dir).unwrap();
    let base: BaseUrl = user.server.base_url().parse().unwrap();
    let account = Account::new(base.endpoint(&[]).as_ref(), &Secret::new("sk_test"));
    let of = TextOf {
        account: account.as_str().to_owned(),
        endpoint: LLAMA.to_owned(),
        what: EditorTextOf::Body,
        keeps_secrets: true,
        base: None,
    };
    label(&dir, &of, "body.json", &Secret::new("{}")).unwrap();
    std::fs::write(dir.join("body.json"), "{}").unwrap();
    dir
}

#[test]
fn what_an_editor_left_is_listed_with_its_place_as_long_as_it_is_there() {
    let user = User::new();
    let dir = left_by_editor(&user, "left-20990101T120000Z-1");
    let listed = || user.run(&["draft", "list"]).with(0).err;
    assert!(listed().contains("No draft: "), "nothing was saved: {}", listed());
    std::fs::write(dir.join(".body.json.swp"), "swap").unwrap();
    let path = dir.display();
    let swap =
        format!("What the editor left of the body of {LLAMA} (.body.json.swp) is kept in {path}, until 8 Jan 2099.\n");
    for _ in 0..2 {
        assert_eq!(listed(), swap);
    }
    std::fs::write(dir.join("body.json"), "{ mine }").unwrap();
    let text = format!(
        "A text of the body of {LLAMA} that the editor saved and nobody took is kept in {path}, until 8 Jan 2099.\n"
    );
    assert_eq!(listed(), text + &swap);
    let other = User::new();
    assert!(other.run(&["draft", "list"]).with(0).err.contains("No draft: "));
    let user = user.env("NOVITA_API_KEY", "sk_other");
    assert!(
        user.run(&["draft", "list"]).with(0).err.contains("No draft: "),
        "of another account"
    );
}

#[test]
fn texts_from_the_editor_are_counted_beside_the_changes() {
    let user = User::new();
    let texts = |count| (0..count).map(|_| text()).collect();
    leave_with(&user, LLAMA, |_| (), None, texts(1)).release();
    leave_with(&user, "ep_two", |config| config.name = "two".to_owned(), None, texts(2)).release();
    let table = user.run(&["draft", "list"]).with(0).out;
    assert!(table.contains("llama-3-8b   0, 1 text  "), "{table}");
    assert!(table.contains("two         1, 2 texts  "), "{table}");
    let json = user.run(&["draft", "list", "-o", "json"]).with(0).json();
    holds("draft-list", &json);
    assert_eq!((&json[0]["texts"], &json[1]["texts"]), (&json!(2), &json!(1)));
}

#[test]
fn a_discarded_draft_is_named_where_a_left_one_is_asked_for() {
    let user = left();
    user.run(&["draft", "discard", "llama-3-8b", "--yes"]).with(0);
    for command in [
        &["draft", "show", "llama-3-8b"][..],
        &["draft", "discard", "llama-3-8b", "--yes"],
    ] {
        let said = user.run(command).with(3).err;
        assert!(
            said.contains("there is no unsaved draft of llama-3-8b. Edits discarded "),
            "{said}"
        );
        assert!(
            said.contains(" are kept: `novita-edit draft show llama-3-8b --discarded`."),
            "{said}"
        );
        assert!(!said.contains("--profile"), "{said}");
    }
}

#[test]
fn a_draft_is_found_by_the_name_that_was_loaded_and_by_the_one_that_it_has() {
    let user = User::new();
    leave(&user, LLAMA, |config| config.name = "renamed".to_owned(), None).release();
    for name in ["llama-3-8b", "renamed", LLAMA] {
        let shown = user.run(&["draft", "show", name]).with(0).out;
        assert!(shown.contains("renamed"), "{shown}");
    }
    // What another one is called by now is not found by chance.
    leave(&user, "ep_two", |config| config.name = "two".to_owned(), None).release();
    let said = user.run(&["draft", "show", "llama-3-8b"]).with(3).err;
    assert!(said.contains("2 drafts have the name llama-3-8b"), "{said}");
}

/// A text of the body that wasn't taken.
fn text() -> Arc<EditorText> {
    let parse_error = ParseError::at("{", 1, "no");
    Arc::new(EditorText::new(EditorTextOf::Body, Secret::new("{"), parse_error))
}

/// As the editor leaves a draft of the endpoint under this id.
pub fn leave(user: &User, id: &str, edit: impl FnOnce(&mut EndpointConfig), typing: Option<Typing>) -> EditorLock {
    leave_with(user, id, edit, typing, Vec::new())
}

fn leave_with(
    user: &User,
    id: &str,
    edit: impl FnOnce(&mut EndpointConfig),
    typing: Option<Typing>,
    editor_texts: Vec<Arc<EditorText>>,
) -> EditorLock {
    let mut loaded = wire::endpoint(include_bytes!("../../assets/demo/llama-3-8b.json"), LLAMA).unwrap();
    loaded.config.id = id.to_owned();
    let mut edited = loaded.config.clone();
    edit(&mut edited);
    let editor_lock = own(user, id);
    let unsaved = Unsaved {
        loaded: Arc::new(Snapshot::from(&loaded)),
        edited: Arc::new(edited),
        typing,
        sent: None,
        editor_texts,
    };
    // Times are told in milliseconds: what is written later is to be newer.
    std::thread::sleep(std::time::Duration::from_millis(2));
    editor_lock.write_draft(&unsaved).unwrap();
    editor_lock
}

fn typing(what: TypingTarget, text: &str) -> Typing {
    Typing {
        what,
        text: Secret::new(text),
        cursor: (0, 0),
    }
}

/// One draft of the llama and nobody who edits it: more workers, another token.
fn left() -> User {
    let user = User::new();
    let edit = |config: &mut EndpointConfig| {
        config.set_text(FieldId::MaxWorkers, "8");
        config.envs[0] = EnvVar::new("HF_TOKEN", "sesame-42");
    };
    leave(&user, LLAMA, edit, None).release();
    user
}

fn draft_file(user: &User) -> PathBuf {
    files(user, LLAMA).draft_path()
}

#[test]
fn without_drafts_that_is_said_and_nothing_is_made() {
    let user = User::new();
    let ended = user.run(&["draft", "list"]).with(0);
    assert_eq!((ended.out.as_str(), ended.err.lines().count()), ("", 1));
    assert_eq!(user.run(&["draft", "list", "-o", "json"]).with(0).json(), json!([]));
    let nobody = user.run(&["draft", "show", LLAMA]).with(3);
    assert!(
        nobody.err.contains(&format!("there is no draft of {LLAMA}")),
        "{}",
        nobody.err
    );
    user.run(&["draft", "discard", LLAMA, "--yes"]).with(3);
    assert!(!user.path("state").exists());
    assert!(user.server.requests().is_empty(), "no server is asked");
}

#[test]
fn drafts_are_listed_with_what_is_changed_and_who_edits() {
    let user = left();
    let hand = leave(
        &user,
        "ep_two",
        |config| config.name = "two".to_owned(),
        Some(typing(TypingTarget::Field(FieldId::Image), "x")),
    );
    let table = user.run(&["draft", "list"]).with(0).out;
    let lines: Vec<&str> = table.lines().collect();
    assert_eq!(lines.len(), 3, "{table}");
    assert!(
        lines[0].starts_with("ID           NAME        CHANGES  SAVED"),
        "{table}"
    );
    let edited_by = format!(
        "a field was being typed; being edited by process {} on ",
        std::process::id()
    );
    assert!(
        lines[1].starts_with("ep_two       two               1  ") && lines[1].contains(&edited_by),
        "{table}"
    );
    assert!(
        lines[2].starts_with("ep_7f3a91c2  llama-3-8b        2  ") && !lines[2].contains("edited"),
        "{table}"
    );
    let json = user.run(&["draft", "list", "-o", "json"]).with(0).json();
    holds("draft-list", &json);
    assert_eq!(json[0]["editor"]["pid"], std::process::id());
    assert_eq!((&json[1]["editor"], &json[1]["changes"]), (&json!(null), &json!(2)));
    assert_eq!(
        user.run(&["draft", "list", "-o", "name"]).with(0).out,
        format!("ep_two\n{LLAMA}\n")
    );
    hand.release();
}

#[test]
fn drafts_of_another_api_are_not_there() {
    let other = User::new();
    let user = left().env("NOVITA_BASE_URL", &other.server.base_url());
    assert_eq!(user.run(&["draft", "list"]).with(0).out, "");
    user.run(&["draft", "show", LLAMA]).with(3);
}

#[test]
fn a_draft_is_shown_as_its_changes_and_masked() {
    let user = left();
    for id in [LLAMA, "llama-3-8b"] {
        let shown = user.run(&["draft", "show", id]).with(0);
        let lines: Vec<&str> = shown.out.lines().collect();
        assert!(
            lines[0].starts_with(&format!("llama-3-8b ({LLAMA}): left unsaved, ")),
            "{}",
            shown.out
        );
        assert_eq!(lines[1], "  * Max workers: 5 → 8");
        assert_eq!(lines[2], format!("  * Environment HF_TOKEN: {MASK} → {MASK}"));
        assert_eq!(shown.err, "2 environment values are masked; --reveal shows them.\n");
    }
    let revealed = user.run(&["draft", "show", LLAMA, "--reveal"]).with(0);
    assert!(
        revealed.out.contains(&format!("{TOKEN} → sesame-42")) && revealed.err.is_empty(),
        "{revealed:?}"
    );
    let json = user.run(&["draft", "show", LLAMA, "-o", "json"]).with(0);
    holds("draft-show", &json.json());
    assert_eq!(json.json()["changes"][0]["new"], 8);
    assert!(!json.out.contains("sesame") && !json.out.contains(TOKEN));
}

#[test]
fn what_was_being_typed_is_shown_and_a_value_masked() {
    let user = User::new();
    let row = Row::Env(EnvVar::new("HF_TOKEN", ""));
    let part = |part| TypingTarget::Row {
        at: 0,
        old: None,
        row: row.clone(),
        part,
    };
    leave(&user, LLAMA, |_| (), Some(typing(part(FieldId::EnvValue), "sesame-42"))).release();
    let shown = user.run(&["draft", "show", LLAMA]).with(0).out;
    assert!(
        shown.contains(&format!(
            "  › Value of env HF_TOKEN: {MASK} (being typed, not taken yet)"
        )),
        "{shown}"
    );
    let json = user.run(&["draft", "show", LLAMA, "-o", "json"]).with(0).json();
    holds("draft-show", &json);
    assert_eq!(json["typing"], json!({"name": "Value of env HF_TOKEN", "text": MASK}));
    leave(&user, LLAMA, |_| (), Some(typing(part(FieldId::EnvKey), "HF_X"))).release();
    let shown = user.run(&["draft", "show", LLAMA]).with(0).out;
    assert!(shown.contains("Key of env HF_TOKEN: HF_X (being typed"), "{shown}");
}

#[test]
fn a_draft_that_was_asked_about_or_not_is_discarded_and_only_that_one() {
    let user = left();
    leave(&user, "ep_two", |config| config.name.clear(), None).release();
    let ended = user.run(&["draft", "discard", "ep_two", "--yes"]).with(0);
    assert_eq!(
        (ended.out.as_str(), ended.err.as_str()),
        (
            "",
            "The draft of ep_two is discarded. It is kept aside for 7 days: `novita-edit draft discard --now ep_two` deletes it.\n"
        )
    );
    assert!(draft_file(&user).exists());
    let said = user.talk(80, &["draft", "discard", LLAMA], &[("[y/N]", "y\n")]);
    assert_eq!(said.code, 0, "{}", said.text());
    let text = said.text();
    assert!(
        text.contains("* Max workers: 5 → 8")
            && text.contains(&format!("Discard this draft of an endpoint at {}? [y/N]", user.host())),
        "{text}"
    );
    assert!(!text.contains("sesame"), "{text}");
    assert!(!draft_file(&user).exists());
    assert!(!files(&user, LLAMA).owner_path().exists(), "it is given back");
}

#[test]
fn anything_but_a_yes_keeps_it() {
    let user = left();
    for keys in ["n\n", "\n", "yess\n", "\u{3}", "\u{4}"] {
        let said = user.asked(80, &["draft", "discard", LLAMA], "[y/N]", || (), keys);
        assert_eq!(said.code, 130, "{keys:?}: {}", said.text());
        let next = "The draft is kept. `novita-edit ep_7f3a91c2` goes on with it.";
        assert!(said.text().contains(next), "{keys:?}: {}", said.text());
        assert!(draft_file(&user).exists());
    }
    let nobody = user.run_with(&["draft", "discard", LLAMA], "y\n").with(2);
    assert!(nobody.err.contains("--yes"), "{}", nobody.err);
    assert!(draft_file(&user).exists());
}

#[test]
fn under_a_living_editor_it_is_kept() {
    let user = left();
    let hand = own(&user, LLAMA);
    let ended = user.run(&["draft", "discard", LLAMA, "--yes"]).with(5);
    assert!(
        ended
            .err
            .contains(&format!("is kept: process {} on ", std::process::id())),
        "{}",
        ended.err
    );
    assert!(draft_file(&user).exists());
    assert!(hand.holds().is_ok());
    let shown = user.run(&["draft", "show", LLAMA]).with(0).out;
    assert!(shown.contains("being edited by process"), "{shown}");
    hand.release();
    user.run(&["draft", "discard", LLAMA, "--yes"]).with(0);
}

#[test]
fn where_values_are_not_kept_those_of_a_draft_are_not_kept_aside_and_that_is_told() {
    let user = left();
    std::fs::create_dir_all(user.path("config/novita-edit")).unwrap();
    user.file("config/novita-edit/config.toml", "keep_secrets = false\n");
    let said = user.asked(
        100,
        &["draft", "discard", LLAMA],
        "Discard this draft of an endpoint at 127.0.0.1:",
        || (),
        "y\n",
    );
    let text = said.text();
    assert!(
        text.contains("Its values can't be kept aside (keep_secrets = false)."),
        "{text}"
    );
    assert!(
        text.contains("It is kept aside without its values for 7 days"),
        "{text}"
    );
    let dir = draft_file(&user).parent().unwrap().to_owned();
    let names = aside(&user);
    assert_eq!(names.len(), 1);
    assert!(
        !std::fs::read_to_string(dir.join(&names[0]))
            .unwrap()
            .contains("sesame-42")
    );
}

#[test]
fn what_somebody_edits_while_it_is_asked_about_is_kept() {
    let user = left();
    let question = "Discard this draft of an endpoint at 127.0.0.1:";
    let discard = ["draft", "discard", LLAMA];
    let mut hand = None;
    let said = user.asked(80, &discard, question, || hand = Some(own(&user, LLAMA)), "y\n");
    assert_eq!(said.code, 5, "{}", said.text());
    drop(hand);
    let edit = |config: &mut EndpointConfig| config.set_text(FieldId::MaxWorkers, "9");
    let anew = || leave(&user, LLAMA, edit, None).release();
    let said = user.asked(80, &discard, question, anew, "y\n");
    assert_eq!(said.code, 5, "{}", said.text());
    assert!(
        said.text().contains("was written anew meanwhile, and is kept"),
        "{}",
        said.text()
    );
    assert!(user.run(&["draft", "show", LLAMA]).with(0).out.contains("5 → 9"));
    let gone = || own(&user, LLAMA).remove_draft().unwrap();
    let said = user.asked(80, &discard, question, gone, "y\n");
    assert_eq!(said.code, 0, "{}", said.text());
    assert!(said.text().contains("is gone already"), "{}", said.text());
}

#[test]
fn what_is_damaged_is_told_and_left_where_it_is() {
    let user = left();
    let path = draft_file(&user);
    let other = path.with_file_name("ep_x.draft.json");
    std::fs::copy(&path, &other).unwrap();
    std::fs::write(path.with_file_name("ep_y.draft.json"), "{").unwrap();
    std::os::unix::fs::symlink("/etc/passwd", path.with_file_name("ep_z.draft.json")).unwrap();
    let ended = user.run(&["draft", "list"]).with(0);
    assert_eq!(ended.out.lines().count(), 2, "{}", ended.out);
    assert_eq!(
        ended.err.matches("is no draft that can be used").count(),
        3,
        "{}",
        ended.err
    );
    assert!(
        ended
            .err
            .contains("ep_x.draft.json is no draft that can be used: it belongs to another endpoint.")
    );
    assert!(other.exists());
    user.run(&["draft", "show", "ep_x"]).with(3);
}

#[test]
fn two_drafts_of_one_name_are_told_apart_by_their_ids() {
    let user = left();
    leave(
        &user,
        "ep_two",
        |config| config.set_text(FieldId::MaxWorkers, "9"),
        None,
    )
    .release();
    let ended = user.run(&["draft", "discard", "llama-3-8b", "--yes"]).with(3);
    assert!(
        ended.err.contains("2 drafts have the name llama-3-8b:"),
        "{}",
        ended.err
    );
    assert!(ended.err.contains("  llama-3-8b (ep_two)\n") && ended.err.contains(&format!("  llama-3-8b ({LLAMA})\n")));
}

/// Everything of the account that was put aside.
fn aside(user: &User) -> Vec<String> {
    let dir = draft_file(user).parent().unwrap().to_owned();
    let names = std::fs::read_dir(dir).unwrap();
    let names = names.map(|entry| entry.unwrap().file_name().into_string().unwrap());
    names.filter(|name| name.contains(".discarded-")).collect()
}

#[test]
fn a_discarded_draft_is_kept_listed_shown_and_deleted_at_once_when_asked_for() {
    let user = left();
    user.run(&["draft", "show", LLAMA, "--discarded"]).with(3);
    user.run(&["draft", "discard", LLAMA, "--yes"]).with(0);
    assert!(!draft_file(&user).exists());
    assert_eq!(aside(&user).len(), 1);
    user.run(&["draft", "show", LLAMA]).with(3);
    let table = user.run(&["draft", "list"]).with(0).out;
    assert!(
        table.contains("discarded ") && table.contains(", kept until "),
        "{table}"
    );
    assert_eq!(
        user.run(&["draft", "list", "-o", "name"]).with(0).out,
        "",
        "no draft is left"
    );
    let json = user.run(&["draft", "list", "-o", "json"]).with(0).json();
    holds("draft-list", &json);
    assert!(
        json[0]["discardedAt"].is_string() && json[0]["keptUntil"].is_string(),
        "{json:#}"
    );
    let shown = user.run(&["draft", "show", LLAMA, "--discarded"]).with(0).out;
    let first = shown.lines().next().unwrap();
    assert!(
        first.starts_with(&format!("llama-3-8b ({LLAMA}): discarded ")) && first.contains(", kept until "),
        "{shown}"
    );
    assert!(shown.contains("  * Max workers: 5 → 8"), "{shown}");
    let whole = user
        .run(&["draft", "show", LLAMA, "--discarded", "-o", "json"])
        .with(0)
        .json();
    holds("draft-show", &whole);

    let kept = user
        .asked(80, &["draft", "discard", "--now", LLAMA], "[y/N]", || (), "n\n")
        .text();
    assert!(
        kept.contains("Delete this for good, of an endpoint at 127.0.0.1:") && kept.contains("It is kept until"),
        "{kept}"
    );
    assert_eq!(aside(&user).len(), 1);
    let nobody = user.run(&["draft", "discard", "--now", LLAMA]).with(2);
    assert!(nobody.err.contains("draft discard --now"), "{}", nobody.err);
    let ended = user.run(&["draft", "discard", "--now", LLAMA, "--yes"]).with(0);
    assert_eq!(
        ended.err,
        format!("Deleted for good: 1 draft of llama-3-8b ({LLAMA}).\n")
    );
    assert_eq!(aside(&user), [""; 0]);
    user.run(&["draft", "discard", "--now", LLAMA, "--yes"]).with(3);
}

#[test]
fn deleting_at_once_takes_the_draft_and_what_was_discarded_before_unless_somebody_edits() {
    let user = left();
    user.run(&["draft", "discard", LLAMA, "--yes"]).with(0);
    let hand = leave(&user, LLAMA, |config| config.name = "again".to_owned(), None);
    let ended = user.run(&["draft", "discard", "--now", LLAMA, "--yes"]).with(5);
    assert!(ended.err.contains("is kept: "), "{}", ended.err);
    assert!(draft_file(&user).exists() && aside(&user).len() == 1);
    hand.release();
    let said = user
        .asked(80, &["draft", "discard", "--now", LLAMA], "[y/N]", || (), "y\n")
        .text();
    assert!(said.contains("One more that was discarded goes with it."), "{said}");
    assert!(said.contains("Deleted for good: 2 drafts of "), "{said}");
    assert!(!draft_file(&user).exists() && aside(&user).is_empty());
}
