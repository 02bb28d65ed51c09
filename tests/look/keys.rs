//! The user's keymap over the compiled-in one.

use std::path::Path;

use novita_edit::tui::keymap::{Action, Context, Keymap};

/// The keymap of a file, and its problems without the file's name.
fn read(text: &str) -> (Keymap, Vec<String>) {
    let (keymap, problems) = Keymap::read(Path::new("keymap.toml"), text);
    let problems = problems.iter().map(ToString::to_string);
    let place = |problem: String| problem.strip_prefix("keymap.toml:").unwrap().to_owned();
    (keymap, problems.map(place).collect())
}

fn keys(keymap: &Keymap, context: Context, action: Action) -> String {
    let listed = keymap.listed(context).iter().find(|(a, _)| *a == action);
    let keys: Vec<String> = listed.unwrap().1.iter().map(ToString::to_string).collect();
    keys.join(" ")
}

/// The keys of an action in the form after a file that has just one problem, whose sentence is given.
#[track_caller]
fn refused(text: &str, action: Action, problem: &str) {
    let (keymap, problems) = read(text);
    assert_eq!(problems.len(), 1, "{problems:?}");
    assert!(problems[0].contains(problem), "{problems:?}");
    let standard = Keymap::standard();
    assert_eq!(
        keys(&keymap, Context::Form, action),
        keys(&standard, Context::Form, action)
    );
}

#[test]
fn an_entry_takes_the_place_of_the_keys_of_its_action_and_of_nothing_else() {
    let (keymap, problems) = read("[form]\ncopy = ['c', 'ctrl-k', 'c']\nhistory = []\n");
    assert_eq!(problems, [""; 0]);
    assert_eq!(keys(&keymap, Context::Form, Action::Copy), "c Ctrl-K");
    assert_eq!(keys(&keymap, Context::Form, Action::History), "");
    assert_eq!(keymap.hint(Context::Form, Action::History), None);
    assert_eq!(keymap.word(Context::Form, Action::History), "`history`");
    assert_eq!(keys(&keymap, Context::Form, Action::CopyBody), "Y");
    assert_eq!(keys(&keymap, Context::Review, Action::CopyBody), "Y");
}

#[test]
fn keys_can_be_swapped() {
    let (keymap, problems) = read("[form]\nreload = ['d']\ndelete = ['r']\n");
    assert_eq!(problems, [""; 0]);
    assert_eq!(keys(&keymap, Context::Form, Action::Reload), "d");
    assert_eq!(keys(&keymap, Context::Form, Action::Delete), "r");
}

#[test]
fn fixed_keys_stay_beside_the_users_own() {
    let (keymap, problems) = read("[form]\nreview = ['x']\nquit = ['Q']\n");
    assert_eq!(problems, [""; 0]);
    assert_eq!(keys(&keymap, Context::Form, Action::Review), "x w Ctrl-S");
    assert_eq!(keys(&keymap, Context::Form, Action::Quit), "Q q Ctrl-C");
}

#[test]
fn what_cannot_be_left_without_a_key_is_told_and_keeps_its_own() {
    for (entry, action, why) in [
        (
            "quit = []",
            Action::Quit,
            "`quit` of [form] can't be left without a key: q, Ctrl-C always mean it",
        ),
        (
            "undo = []",
            Action::Undo,
            "`undo` of [form] can't be left without a key: u always means it",
        ),
    ] {
        refused(&format!("[form]\n{entry}\n"), action, why);
    }
    let (keymap, problems) = read("[picker]\nquit = []\n");
    assert_eq!(problems.len(), 1);
    assert_eq!(keys(&keymap, Context::Picker, Action::Quit), "q Ctrl-C");
}

#[test]
fn a_fixed_key_gets_no_other_meaning() {
    for (key, why) in [
        ("/", "always means `find` here"),
        ("enter", "always means `edit` here"),
        ("esc", "never changes its meaning"),
        ("tab", "always means `next-pane` here"),
        ("ctrl-u", "never changes its meaning"),
        ("ctrl-s", "always means `review` here"),
        ("ctrl-x", "never changes its meaning"),
        ("w", "always means `review` here"),
        ("u", "always means `undo` here"),
        ("?", "always means `help` here"),
        ("q", "always means `quit` here"),
        ("ctrl-c", "always means `quit` here"),
        ("ctrl-l", "always means `redraw` here"),
        ("ctrl-z", "always means `suspend` here"),
        ("3", "starts typing on a number field"),
    ] {
        refused(&format!("[form]\n\ncopy = ['c', '{key}']"), Action::Copy, why);
    }
    let (_, problems) = read("[picker]\nlast = ['u']\nfirst = ['3']");
    assert_eq!(
        problems,
        ["2: `u` never changes its meaning; `last` of [picker] keeps its default"]
    );
}

#[test]
fn discarding_is_ctrl_x_and_nothing_else() {
    for keys in ["['d']", "['ctrl-d']", "['f4', 'ctrl-x']", "['enter']"] {
        let (keymap, problems) = read(&format!("[draft]\n\ndiscard = {keys}"));
        assert_eq!(problems.len(), 1, "{problems:?}");
        assert!(
            !keys.starts_with("['d") || problems[0].contains("discarding is Ctrl-X and nothing else"),
            "{problems:?}"
        );
        assert_eq!(discards(&keymap), "Ctrl-X", "{keys}");
    }
    let (keymap, problems) = read("[draft]\ndiscard = []\n");
    assert_eq!(problems.len(), 1, "{problems:?}");
    assert_eq!(discards(&keymap), "Ctrl-X");
    let (_, problems) = read("[draft]\ndiscard = ['ctrl-x']\n[form]\nrestore-discarded = ['X']\n");
    assert_eq!(problems, [""; 0]);
}

fn discards(keymap: &Keymap) -> String {
    keys(keymap, Context::Draft, Action::Discard)
}

#[test]
fn what_is_wrong_is_told_with_its_line_and_the_default_stays() {
    refused(
        "[form]\ncopy = ['shift-1']",
        Action::Copy,
        "2: `shift-1` is reported by no terminal",
    );
    refused(
        "[form]\ncopy = ['c',\n 'retrun']",
        Action::Copy,
        "3: `retrun` is no key's name",
    );
    refused("[form]\ncopy = 'c'", Action::Copy, "2: `copy` must be a list");
    refused("[form]\ncopy = [7]", Action::Copy, "2: a key is a text");
    refused(
        "[form]\ncoppy = ['c']",
        Action::Copy,
        "2: `coppy` is not an action of [form]; did you mean `copy`?",
    );
    refused("[from]\ncopy = ['c']", Action::Copy, "1: [from] is no part");
    refused("copy = ['c']", Action::Copy, "1: `copy` stands outside of a table");
    refused("form = 3", Action::Copy, "1: `form` must be a table");
    refused(
        "[picker]\nundo = ['x']",
        Action::Undo,
        "2: `undo` is not an action of [picker]",
    );
    refused("[form]\ncopy = ['c'", Action::Copy, "2: `copy`: not valid TOML");
}

#[test]
fn of_two_entries_that_want_one_key_the_later_one_gives_way() {
    let (keymap, problems) = read("[form]\nadd = ['b']\ncopy = ['c']\ndelete = ['b']\n");
    assert_eq!(
        problems,
        ["4: b is `add` already; `delete` of [form] keeps its default, until `add` gets other keys"]
    );
    assert_eq!(keys(&keymap, Context::Form, Action::Add), "b");
    assert_eq!(keys(&keymap, Context::Form, Action::Copy), "c");
    assert_eq!(keys(&keymap, Context::Form, Action::Delete), "d");
}

#[test]
fn a_key_that_the_user_chose_keeps_its_meaning_whatever_the_default_is() {
    // As if `details` had been given `f1`, and `reload` `f5`, in a version after the file was written.
    let (keymap, problems) = read("[form]\nadd = ['f1']\ncopy = ['f5']\n");
    assert_eq!(problems, [""; 0], "both have another key");
    assert_eq!(keys(&keymap, Context::Form, Action::Add), "F1");
    assert_eq!(keys(&keymap, Context::Form, Action::Details), "i");
    assert_eq!(keys(&keymap, Context::Form, Action::Copy), "F5");
    assert_eq!(keys(&keymap, Context::Form, Action::Reload), "r");
}

#[test]
fn an_action_that_loses_its_only_key_to_an_entry_is_told_unless_it_is_meant() {
    let (keymap, problems) = read("[form]\nreload = ['d']\ndelete = ['a']\n");
    assert_eq!(
        problems,
        ["3: a is `delete` here, and `add` of [form] has no other key; give it one, or `[]` if it needs none"]
    );
    assert_eq!(keys(&keymap, Context::Form, Action::Reload), "d");
    assert_eq!(keys(&keymap, Context::Form, Action::Delete), "a");
    assert_eq!(keys(&keymap, Context::Form, Action::Add), "");
    let (_, problems) = read("[form]\ndelete = ['a']\nadd = []\n");
    assert_eq!(problems, [""; 0]);
}

#[test]
fn an_entry_that_gives_way_leaves_a_default_that_gives_way_to_the_others() {
    // `delete` can't have `b`, so it is left with `d`, which is `reload`'s.
    let (keymap, problems) = read("[form]\nadd = ['b']\nreload = ['d']\ndelete = ['b']\n");
    assert_eq!(problems.len(), 2, "{problems:?}");
    assert_eq!(keys(&keymap, Context::Form, Action::Reload), "d");
    assert_eq!(keys(&keymap, Context::Form, Action::Delete), "");
}

#[test]
fn contexts_have_their_own_keys() {
    let (keymap, problems) = read("[conflict]\nchoose-mine = ['m']\n[history]\nput-back = ['m']\n");
    assert_eq!(problems, [""; 0]);
    assert_eq!(keys(&keymap, Context::Conflict, Action::ChooseMine), "m");
    assert_eq!(keys(&keymap, Context::History, Action::PutBack), "m");
}
