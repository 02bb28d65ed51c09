//! Screens with each theme, and with the user's keys.

use std::fmt::Write;
use std::path::Path;
use std::sync::Arc;

use novita_edit::api::Accepted;
use novita_edit::endpoint::Number;
use novita_edit::endpoint::respelled::deviations;
use novita_edit::session::{EditsStored, Outcome, SendAnswer};
use novita_edit::tui::keymap::{self, Keymap};
use novita_edit::tui::model::Surroundings;
use novita_edit::tui::theme::file::{BUILTIN, builtin};
use novita_edit::tui::theme::{self, Role};
use ratatui::buffer::Buffer;
use ratatui::style::{Color, Modifier, Style};

use crate::editor::{Editor, llama, redacting, refused};

/// A form with something changed, something wrong and the focus on it.
fn form() -> Editor {
    let mut editor = Editor::form();
    editor.keys("/max w<Enter>12<Enter>");
    editor
}

/// The styles of a screen: a letter for each cell, and what the letters stand for.
fn styles(buffer: &Buffer) -> String {
    let mut known: Vec<Style> = Vec::new();
    let mut map = String::new();
    for row in buffer.content.chunks(usize::from(buffer.area.width)) {
        for cell in row {
            let style = Style {
                add_modifier: cell.modifier,
                ..Style::new().fg(cell.fg).bg(cell.bg)
            };
            let at = known.iter().position(|known| *known == style).unwrap_or_else(|| {
                known.push(style);
                known.len() - 1
            });
            map.push(char::from(b'a' + u8::try_from(at).unwrap()));
        }
        map.push('\n');
    }
    for (at, style) in known.iter().enumerate() {
        let letter = char::from(b'a' + u8::try_from(at).unwrap());
        let [fg, bg] = [style.fg, style.bg].map(|color| color.unwrap_or(Color::Reset));
        writeln!(map, "{letter}: {fg} on {bg} {:?}", style.add_modifier).unwrap();
    }
    map
}

#[test]
fn the_form_in_each_theme() {
    for (name, _) in BUILTIN {
        theme::set(builtin(name).unwrap());
        insta::assert_snapshot!(name, styles(form().buffer()));
    }
}

#[test]
fn every_theme_says_the_same_in_the_same_places() {
    let plain = form().screen();
    for (name, _) in BUILTIN {
        theme::set(builtin(name).unwrap());
        assert_eq!(form().screen(), plain, "{name}");
    }
}

/// Every cell of every kind of screen has a ground of the theme: nothing is drawn around it.
#[test]
fn a_theme_with_a_ground_covers_the_whole_screen() {
    theme::set(builtin("dark").unwrap());
    let grounds: Vec<Color> = Role::ALL.iter().filter_map(|role| theme_of("dark", *role).bg).collect();
    let covered = |editor: &Editor, what: &str| {
        for (at, cell) in editor.buffer().content.iter().enumerate() {
            assert!(grounds.contains(&cell.bg), "{what}, cell {at}: {:?}", cell.bg);
            assert_ne!(cell.fg, Color::Reset, "{what}, cell {at}");
        }
    };
    for keys in [
        "",
        "<Enter>",
        "w",
        "w<Tab>",
        "w?",
        "?",
        "i",
        "/env",
        "q",
        "o",
        "H",
        "/image<Enter><Enter>",
        "/hf_t<Enter><Enter>",
    ] {
        for size in [(80, 24), (120, 40), (40, 12), (39, 12)] {
            let mut editor = form();
            editor.resize(size.0, size.1);
            editor.keys(keys);
            covered(&editor, keys);
        }
    }
    covered(&Editor::starting((80, 24), Surroundings::default(), None), "picker");
    covered(
        &Editor::starting((80, 24), Surroundings::default(), Some("ep_1")),
        "loading",
    );
}

fn theme_of(name: &str, role: Role) -> Style {
    builtin(name).unwrap().style(role)
}

/// A title over a rule has its own look and not the rule's.
#[test]
fn what_is_drawn_over_something_keeps_nothing_of_it() {
    let editor = form();
    let buffer = editor.buffer();
    let row = editor
        .screen()
        .lines()
        .position(|line| line.contains(" Image "))
        .unwrap();
    let title = buffer.content.chunks(80).nth(row).unwrap();
    let at = title
        .windows(5)
        .position(|cells| cells.iter().map(|c| c.symbol()).collect::<String>() == "Image");
    let cell = &title[at.unwrap()];
    assert_eq!((cell.fg, cell.modifier), (Color::Reset, Modifier::empty()));
}

/// From now on this test has these keys.
fn with_keymap(text: &str) {
    let (keymap, problems) = Keymap::read(Path::new("keymap.toml"), text);
    assert!(problems.is_empty(), "{problems:?}");
    keymap::set(Arc::new(keymap));
}

#[test]
fn hints_help_and_sentences_tell_the_users_keys() {
    with_keymap(
        "[form]\ndetails = ['I']\nadd = ['Z']\ndelete = ['x']\nredo = ['R']\nreload = ['ctrl-r']\nreveal = ['.']\n\
         picker = ['p']\nput-back = []\n[review]\nreveal-all = ['.']\nnext-view = ['t']\n[picker]\nreload = ['ctrl-r']\n",
    );
    let mut editor = form();
    editor.shows("I details").hides(" i details");
    editor.keys("u").shows("R makes it again.");
    editor.keys("R").shows("Made again");
    editor.keys("i").hides("In the form");
    editor.keys("?").shows("  I ").hides("F1                 details");
    editor.keys("<Esc>I").shows("Rule:");
    editor
        .keys("<Esc>w")
        .shows("values masked, . shows them")
        .shows("t next view");
    let mut editor = Editor::with(|config| config.volumes.clear());
    editor.shows("(none) Z adds one");
    editor.keys("/name<Enter>x").shows("x deletes a row of a list.");
    editor.keys("a").hides("adds a row");
    editor
        .keys("/9liv<Enter>")
        .shows("Z add")
        .shows("x delete")
        .shows(". reveal");
    editor
        .keys("I")
        .shows("Z adds a row, x deletes the focused one")
        .shows(". shows one");
    let mut loading = Editor::starting((80, 24), Surroundings::default(), Some("ep_1"));
    loading.shows("p picker");
    loading.load(Err(refused("GET /endpoint", 503, "UNKNOWN", "no")));
    loading.shows("Ctrl-R try again");
    loading.keys("o").shows("could not be read");
    loading.keys("p").shows("Choose an endpoint");
}

#[test]
fn what_waits_aside_in_memory_only_is_told_with_the_users_key() {
    with_keymap("[form]\nput-back = ['f9']\n");
    let mut editor = Editor::form();
    editor.model.around.redactor = redacting();
    editor.keys("/max w<Enter><Enter><C-u>6<Enter>w<Enter>");
    let (base, sent) = (llama().config, editor.now().clone());
    let mut read = llama();
    read.config = sent.clone();
    read.config.workers.free_timeout = Number::of(900);
    let deviations = deviations(&base, &sent, &read.config);
    editor.save_ends(Outcome::StoredDifferently {
        edits: EditsStored::of(&base, &sent, &deviations),
        deviations,
        fresh: Box::new(read),
        moved: Vec::new(),
        answer: SendAnswer::Accepted(Accepted::default()),
    });
    editor.shows("what F9 puts back is");
}

#[test]
fn alt_keys_can_be_bound_and_the_others_are_esc_and_the_key() {
    with_keymap("[form]\ndetails = ['alt-d']\nredraw = ['alt-l', 'ctrl-l']\n");
    let mut editor = Editor::form();
    editor.keys("<A-d>").shows("Rule:");
    editor.keys("<Esc><A-?>").shows("In the form");
    editor.keys("<Esc><A-l>");
    assert_eq!(editor.asked(), [novita_edit::tui::event::Effect::Redraw]);
}

#[test]
fn an_action_without_a_key_is_told_by_its_name() {
    with_keymap("[form]\nredo = []\ndetails = []\n");
    let mut editor = form();
    editor.keys("u").shows("`redo` makes it again.");
    editor.keys("?").hides("redo");
}
