//! Typing a text: the same keys wherever one is typed, and what a long one looks like.

use insta::assert_snapshot;
use novita_edit::endpoint::EnvVar;
use ratatui::style::Color;

use crate::harness::{Editor, llama};
use crate::loading::picker;
use crate::situations::three_clashes;

/// Every text that can be typed, opened and empty.
fn texts() -> Vec<(&'static str, Editor)> {
    let form = |keys: &str| {
        let mut editor = Editor::form();
        editor.keys(keys);
        editor
    };
    let mut confirm = Editor::form();
    confirm.model.around.protected = true;
    confirm.keys("/max w<Enter>6<Enter>w<Enter>");
    let mut conflict = three_clashes((80, 24));
    conflict.keys("<Down>e<C-u>");
    let mut filter = picker();
    filter.keys("/");
    vec![
        ("a field", form("/name<Enter><Enter><C-u>")),
        ("a box", form("/command<Enter><Enter><C-u>")),
        ("a value", form("/HF_TOKEN<Enter><Enter><C-u>")),
        ("a key", form("/HF_TOKEN<Enter>a")),
        ("a number", form("/max w<Enter><Enter><C-u>")),
        ("the box of quick scale", form("s1<C-u>")),
        ("find", form("/")),
        ("the palette", form(":")),
        ("the filter of the environment", form("f")),
        ("a path", form(":import<Enter>")),
        ("the name that is asked for", confirm),
        ("a value of one's own", conflict),
        ("the filter of the list", filter),
    ]
}

/// What stands on the screen before the cursor and behind it.
fn around_the_cursor(editor: &Editor) -> (String, String) {
    let at = editor.cursor().unwrap();
    let row = editor.buffer();
    let cells = |from: u16, to: u16| (from..to).map(|x| row[(x, at.y)].symbol()).collect::<String>();
    (cells(0, at.x), cells(at.x, row.area.width))
}

#[test]
fn the_same_keys_work_wherever_a_text_is_typed() {
    for (name, mut editor) in texts() {
        let steps = [
            ("1 22 333", " 22 333", ""),
            ("<A-b>", " 22 ", "333"),
            ("<C-Left>", "1 ", "22 333"),
            ("<A-f>", " 22", " 333"),
            ("<A-Left><A-Right>", " 22", " 333"),
            ("<A-BS>", "1 ", " 333"),
            ("<A-d>", "1 ", ""),
            ("<C-_>", "1 ", " 333"),
            ("<C-_>", "1 22", " 333"),
            ("<C-y>", "1 ", " 333"),
            ("<C-k>", "1 ", ""),
            ("<C-w>", "", ""),
            ("7", "7", ""),
            ("<C-a>", "", "7"),
            ("8<C-e>9", "879", ""),
            ("<C-u>", "", ""),
        ];
        for (keys, before, behind) in steps {
            editor.keys(keys);
            let (left, right) = around_the_cursor(&editor);
            assert!(
                left.ends_with(before) && right.starts_with(behind),
                "{name} after {keys}: {left:?} {right:?} in\n{}",
                editor.screen()
            );
        }
    }
}

#[test]
fn an_alt_key_never_leaves_takes_or_chooses_anything_and_says_that_it_does_nothing() {
    for (name, mut editor) in texts() {
        editor.keys("1 2");
        let cursor = editor.cursor();
        editor.asked();
        for key in [
            "q", "w", "u", "Q", "é", "s", "Esc", "Tab", "Up", "Down", "Delete", "F1", "PgDn",
        ] {
            let pressed = if key == "Delete" { "Del" } else { key };
            editor.keys(&format!("<A-{pressed}>"));
            let said = format!("Alt-{key} does nothing in a text; Esc leaves it.");
            let screen = editor.screen().replace('\n', " ");
            assert!(
                screen.contains(&said) || name == "the box of quick scale" && screen.contains("does nothing in a text"),
                "{name}: {said} in\n{}",
                editor.screen()
            );
            assert_eq!(editor.cursor(), cursor, "{name}: Alt-{key}");
            assert_eq!(editor.asked(), [], "{name}: Alt-{key}");
        }
    }
}

#[test]
fn nor_does_it_where_a_word_is_chosen_in_a_row() {
    let mut editor = Editor::form();
    editor.keys("/models<Enter><Enter><S-Tab>");
    let before = editor.cursor();
    editor
        .keys("<A-d><A-BS><A-q>")
        .shows("Alt-q does nothing in a text; Esc leaves it.");
    assert_eq!(editor.cursor(), before);
    editor.keys("<Enter>");
    assert_eq!(*editor.now(), llama().config);
}

#[test]
fn alt_enter_takes_nothing_where_a_text_has_one_line() {
    for (name, mut editor) in texts() {
        if ["a box", "a value", "a value of one's own"].contains(&name) {
            continue;
        }
        editor.keys("1");
        let cursor = editor.cursor();
        editor.keys("<A-Enter>").shows("This field has one line only.");
        assert_eq!(editor.cursor(), cursor, "{name}");
    }
}

#[test]
fn an_image_a_path_and_a_value_that_is_one_have_words_that_end_at_their_joints() {
    let mut editor = Editor::form();
    editor.keys("/image<Enter><Enter><C-w>v0.7.0<Enter>");
    assert_eq!(editor.now().image.image, "vllm/vllm-openai:v0.7.0");
    editor.keys("/models<Enter><Enter><Tab><C-w>data<Enter>");
    assert_eq!(editor.now().volumes[1].mount_path, "/data");
    editor
        .keys(":import<Enter>~/work/prod.env<A-BS>test.env")
        .shows("~/work/test.env");
    let mut editor = Editor::with(|config| config.envs[0] = EnvVar::new("URL", "https://a.b/c?d"));
    editor.keys("/URL<Enter>v<Enter><C-w><C-w>").shows("https:// ");
    // Elsewhere a word ends at a blank only.
    editor.keys("<Esc>/command<Enter><Enter><Home><A-f><A-d><Enter>");
    assert_eq!(editor.now().image.command, "--model --max-model-len 8192");
}

#[test]
fn undo_in_the_text_leaves_the_forms_own_undo_alone() {
    let mut editor = Editor::form();
    editor
        .keys("/name<Enter><Enter>-a<Enter><Enter>-b<C-_><C-_>")
        .shows("llama-3-8b-a ");
    editor.keys("<C-y><Esc>").shows("brings the typed text back");
    assert_eq!(editor.now().name, "llama-3-8b-a");
    editor.keys("<C-y>");
    assert_eq!(editor.now().name, "llama-3-8b-a-b");
    editor.keys("uu");
    assert_eq!(editor.now().name, "llama-3-8b");
}

#[test]
fn keys_in_one_read_do_what_they_do_one_by_one() {
    for keys in [
        "/command<Enter><Enter><Up>X<Home>Y<End>Z",
        "/command<Enter><Enter><Home><Home>X<Down>Y<C-a>Z",
        "/HF_TOKEN<Enter><Enter>a b c<C-j>d<C-j>e<PgUp>X<Up>Y",
        "/HF_TOKEN<Enter><Enter><End><Up><Home>X<Tab><Tab><Home>Y",
    ] {
        for size in [(80, 24), (40, 12)] {
            let open = || Editor::on(llama(), size);
            let (mut slow, mut fast) = (open(), open());
            slow.keys(keys);
            fast.typed_ahead(keys);
            assert_eq!(slow.picture(), fast.picture(), "{keys} at {size:?}");
        }
    }
}

#[test]
fn a_counter_over_its_limit_is_an_error_by_colour_and_sign() {
    let mut editor = Editor::form();
    editor.keys("/command<Enter><Enter><C-u>").paste(&"x".repeat(2047));
    let counter = |editor: &Editor, text: &str| editor.buffer()[editor.place(text)].fg;
    assert_ne!(counter(&editor, "2047/2047"), Color::Red);
    editor.keys("y").shows("2048/2047 ✗");
    assert_eq!(counter(&editor, "2048/2047"), Color::Red);
    editor.keys("<Esc>/cluster<Enter><Enter><C-u>").paste(&"x".repeat(256));
    editor.shows("256/255 ✗");
    assert_eq!(counter(&editor, "256/255"), Color::Red);
    editor.keys("<BS>").shows("255/255");
    assert_ne!(counter(&editor, "255/255"), Color::Red);
    editor
        .keys("<Esc>/data<Enter><Enter><C-u>")
        .paste(&format!("/{}", "x".repeat(255)));
    editor.shows("256/255 ✗");
    assert_eq!(counter(&editor, "256/255"), Color::Red);
}

#[test]
fn the_editor_is_told_on_the_form_and_the_line_break_while_one_can_be_typed() {
    let mut editor = Editor::form();
    for (field, has_editor, has_lines) in [
        ("name", true, false),
        ("image", true, false),
        ("command", true, true),
        ("HF_TOKEN", true, true),
        ("max w", false, false),
        ("policy t", false, false),
        ("models", false, false),
    ] {
        editor.keys(&format!("/{field}<Enter>"));
        assert_eq!(editor.screen().contains("e editor"), has_editor, "{field}");
        editor.keys("<Enter>");
        assert!(!editor.screen().contains("e editor"), "there it is a letter: {field}");
        assert_eq!(editor.screen().contains("Ctrl-J new line"), has_lines, "{field}");
        editor.keys("<Esc>");
    }
    editor.keys("/HF_TOKEN<Enter><Enter><S-Tab>").hides("Ctrl-J");
    let mut editor = three_clashes((80, 24));
    editor.keys("<Down>e").shows("Ctrl-J new line");
    let mut editor = Editor::on(llama(), (50, 14));
    editor.keys("/command<Enter>").shows("e editor");
    editor.resize(40, 12).keys("<Enter>").shows("Ctrl-J new line");
}

#[test]
fn a_time_tells_how_it_may_be_typed() {
    let hint = "or as 5m or 1h30m";
    let mut editor = Editor::form();
    for (field, is_time) in [
        ("idle", true),
        ("request t", true),
        ("policy v", true),
        ("max w", false),
        ("name", false),
    ] {
        editor.keys(&format!("/{field}<Enter>")).hides(hint);
        editor.keys("<Enter>");
        assert_eq!(editor.screen().contains(hint), is_time, "{field}");
        editor.keys("<Esc>");
    }
    editor
        .keys("/policy t<Enter><Enter>c<Enter>/policy v<Enter><Enter>")
        .hides(hint);
    editor.keys("<Esc>/idle<Enter>s300").shows(hint);
}

/// 100 words, 2,000 characters: `--opt-042=value-042`.
fn long_command() -> String {
    let words: Vec<String> = (0..100).map(|n| format!("--opt-{n:03}=value-{n:03}")).collect();
    words.join(" ") + "!"
}

#[test]
fn a_command_of_2000_characters_is_mended_in_the_middle() {
    // Rows of three words and of two.
    for (size, up, at) in [((80, 24), "<PgUp><PgUp>", 51), ((50, 14), "<PgUp><PgUp><PgUp>", 50)] {
        let mut endpoint = llama();
        endpoint.config.image.command = long_command();
        assert_eq!(endpoint.config.image.command.len(), 2000);
        let word = |n: usize| format!("--opt-{n:03}=value-{n:03}");
        let mut editor = Editor::on(endpoint, size);
        editor.keys("/command<Enter><Enter>").shows("Command 2000/2047");
        // The begin of a row in the middle; its first word is another one, the next one goes.
        editor
            .keys(up)
            .keys("<Home><A-f><C-w>--mended")
            .keys("<C-Right><A-BS><BS>");
        assert_snapshot!(format!("mending_{}x{}", size.0, size.1), editor.picture());
        // Up and down keep the column.
        let column = editor.cursor().unwrap().x;
        editor.keys("<Up><Down>");
        assert_eq!(editor.cursor().unwrap().x, column);
        editor.keys("<Enter>");
        let mended = long_command()
            .replace(&word(at), "--mended")
            .replace(&format!(" {}", word(at + 1)), "");
        assert_eq!(editor.now().image.command, mended, "{size:?}");
        // And back, inside the text.
        editor
            .keys("u<Enter>")
            .keys(up)
            .keys("<Home><A-d>")
            .keys("<C-_><Enter>");
        assert_eq!(editor.now().image.command, long_command());
    }
}

#[test]
fn the_line_of_a_long_text_is_more_than_its_row() {
    let mut endpoint = llama();
    endpoint.config.image.command = format!("first\n{}", long_command());
    let mut editor = Editor::on(endpoint, (80, 24));
    editor.keys("/command<Enter><Enter><PgUp><Home><C-k><Enter>");
    let kept = &editor.now().image.command;
    assert!(
        kept.starts_with("first\n--opt-000") && kept.ends_with("--opt-074=value-074 "),
        "{kept}"
    );
    editor.keys("u<Enter><PgUp><Home><C-u><Enter>");
    let kept = &editor.now().image.command;
    assert!(kept.starts_with("first\n--opt-075") && kept.ends_with('!'), "{kept}");
}

#[test]
fn a_skin_tone_is_spelled_where_a_joiner_would_be() {
    let mut editor = Editor::with(|config| config.name = "hi 👍🏽".into());
    editor.shows("hi 👍⟨U+1F3FD⟩");
    editor.keys("/name<Enter><Enter><BS><Enter>");
    assert_eq!(editor.now().name, "hi 👍");
}
