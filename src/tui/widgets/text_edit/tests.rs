//! A text with a cursor, without any screen around it.

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use proptest::prelude::*;
use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

use super::*;

const LINES: TextKind = TextKind {
    has_lines: true,
    has_joints: false,
};

/// Presses keys: `a`, `<C-u>`, `<A-BS>`, `<Up>`; `␊` is Alt-Enter.
fn press(edit: &mut TextEdit, keys: &str, kind: TextKind) {
    let mut rest = keys;
    while let Some(first) = rest.chars().next() {
        let name = if first == '<' {
            &rest[..=rest.find('>').unwrap()]
        } else {
            &rest[..first.len_utf8()]
        };
        rest = &rest[name.len()..];
        edit.press(&key(name), kind).unwrap();
    }
}

fn key(name: &str) -> KeyEvent {
    let bare = name.trim_matches(['<', '>']);
    let (modifiers, bare) = match bare.split_at_checked(2) {
        Some(("C-", rest)) => (KeyModifiers::CONTROL, rest),
        Some(("A-", rest)) => (KeyModifiers::ALT, rest),
        _ => (KeyModifiers::NONE, bare),
    };
    let code = match bare {
        "␊" => return KeyEvent::new(KeyCode::Enter, KeyModifiers::ALT),
        "Left" => KeyCode::Left,
        "Right" => KeyCode::Right,
        "Up" => KeyCode::Up,
        "Down" => KeyCode::Down,
        "PgUp" => KeyCode::PageUp,
        "PgDn" => KeyCode::PageDown,
        "Home" => KeyCode::Home,
        "End" => KeyCode::End,
        "BS" => KeyCode::Backspace,
        "Del" => KeyCode::Delete,
        "Tab" => KeyCode::Tab,
        "F1" => KeyCode::F(1),
        c => KeyCode::Char(c.chars().next().unwrap()),
    };
    KeyEvent::new(code, modifiers)
}

/// The text with a `|` where the cursor is.
fn shown(edit: &TextEdit) -> String {
    let mut text = edit.text().to_owned();
    text.insert(edit.cursor, '|');
    text
}

/// A text whose cursor is at its `|`, drawn in a box of so many columns, after some keys.
fn after(text: &str, width: u16, keys: &str) -> String {
    let at = text.find('|').unwrap();
    let mut edit = TextEdit::new(&text.replace('|', ""));
    edit.cursor = at;
    let area = Rect::new(0, 0, width, 4);
    edit.draw_box(&mut Buffer::empty(area), area);
    press(&mut edit, keys, LINES);
    shown(&edit)
}

/// The rows of a text in a box.
fn rows(text: &str, width: usize) -> Vec<String> {
    let wrapped = Wrapped::new(text, 0, width);
    let drawn = |cells: &[super::cells::Cell<'_>]| cells.iter().map(|cell| &*cell.text).collect::<String>();
    wrapped.rows.iter().map(|row| drawn(&row.cells)).collect()
}

#[test]
fn the_cursor_goes_by_what_is_seen() {
    let mut edit = TextEdit::new("ab한e\u{301}x");
    edit.left();
    edit.backspace();
    assert_eq!(edit.text(), "ab한x", "the e and its accent go together");
    edit.left();
    edit.delete();
    assert_eq!(edit.text(), "abx");
    // A skin tone is spelled out, and so it is a character of its own.
    edit.insert("👍🏽").unwrap();
    edit.right();
    edit.backspace();
    assert_eq!(edit.text(), "ab👍🏽");
    edit.backspace();
    assert_eq!(edit.text(), "ab👍");
    edit.backspace();
    assert_eq!(edit.text(), "ab");
}

#[test]
fn the_drawn_cursor_stands_where_the_next_character_will() {
    let area = Rect::new(0, 0, 10, 1);
    let mut buffer = Buffer::empty(area);
    assert_eq!(
        TextEdit::new("日本e\u{301}").draw_line(&mut buffer, area),
        Position::new(5, 0)
    );
    let mut long = TextEdit::new("");
    for n in 0..40 {
        long.insert(&(n % 10).to_string()).unwrap();
        let at = long.draw_line(&mut Buffer::empty(area), area);
        assert!(at.x < 10, "the cursor left the field at {n}");
    }
}

/// What stands behind the cursor after a click.
fn clicked(text: &str, size: (u16, u16), at: (u16, u16)) -> String {
    let area = Rect::new(3, 2, size.0, size.1);
    let at = Position::new(3 + at.0, 2 + at.1);
    let mut edit = TextEdit::new(text);
    edit.home();
    if size.1 > 1 {
        edit.click_box(area, at);
    } else {
        edit.click_line(area, at);
    }
    edit.insert("|").unwrap();
    edit.text().to_owned()
}

#[test]
fn a_click_puts_the_cursor_on_what_stands_there() {
    assert_eq!(clicked("hello", (20, 1), (2, 0)), "he|llo");
    assert_eq!(clicked("hello", (20, 1), (15, 0)), "hello|");
    // Either half of a wide character is that character, and marks belong to theirs.
    for half in [2, 3] {
        assert_eq!(clicked("日本語", (20, 1), (half, 0)), "日|本語");
    }
    assert_eq!(clicked("xe\u{301}y", (20, 1), (1, 0)), "x|e\u{301}y");
    // What stands in for something that can't be seen is that.
    assert_eq!(clicked("a\u{200d}b", (20, 1), (3, 0)), "a|\u{200d}b");
    // A line break shown on one row is the end of its line.
    assert_eq!(clicked("a\nb", (20, 1), (1, 0)), "a|\nb");
    assert_eq!(clicked("a\nb", (20, 1), (2, 0)), "a\n|b");
}

#[test]
fn a_click_into_a_scrolled_or_wrapped_text_hits_what_is_seen() {
    let area = Rect::new(0, 0, 10, 1);
    let mut edit = TextEdit::new("0123456789abcdefghij");
    let shown = |edit: &TextEdit| {
        let mut buffer = Buffer::empty(area);
        edit.draw_line(&mut buffer, area);
        (0..10).map(|x| buffer[(x, 0)].symbol().to_owned()).collect::<String>()
    };
    let before = shown(&edit);
    let letter = before.chars().nth(4).unwrap();
    edit.click_line(area, Position::new(4, 0));
    edit.insert("|").unwrap();
    assert!(
        edit.text().contains(&format!("|{letter}")),
        "{before:?} → {}",
        edit.text()
    );
    assert_eq!(clicked("abcdefgh", (4, 3), (1, 1)), "abcde|fgh");
    assert_eq!(clicked("ab日本cd", (5, 4), (0, 1)), "ab日|本cd");
    assert_eq!(clicked("ab\ncd", (5, 4), (4, 0)), "ab|\ncd");
    assert_eq!(clicked("ab\ncd", (5, 4), (1, 3)), "ab\nc|d");
}

#[test]
fn a_loaded_line_break_is_kept_and_shown() {
    let area = Rect::new(0, 0, 10, 1);
    let mut buffer = Buffer::empty(area);
    let edit = TextEdit::new("a\nb");
    assert_eq!(edit.draw_line(&mut buffer, area), Position::new(3, 0));
    assert_eq!(buffer.cell((1, 0)).map(|c| c.symbol().to_owned()), Some("␊".to_owned()));
    assert_eq!(edit.text(), "a\nb");
}

#[test]
fn words_are_gone_over_and_deleted_by_the_keys_of_a_shell() {
    for (keys, becomes) in [
        ("<A-b>", "one two |three"),
        ("<A-b><A-b>", "one |two three"),
        ("<C-Left><A-Left><C-Left><C-Left>", "|one two three"),
        ("<Home><A-f>", "one| two three"),
        ("<Home><C-Right><A-Right>", "one two| three"),
        ("<C-w>", "one two |"),
        ("<A-BS><C-w>", "one |"),
        ("<Home><A-d>", "| two three"),
        ("<Home><A-d><A-d>", "| three"),
        ("<A-B>", "one two |three"),
        ("<A-d><A-f>", "one two three|"),
    ] {
        let mut edit = TextEdit::new("one two three");
        press(&mut edit, keys, TextKind::WORDS);
        assert_eq!(shown(&edit), becomes, "{keys}");
    }
    let mut edit = TextEdit::new("ghcr.io/team/worker:v1.2");
    press(&mut edit, "<A-BS>v2", TextKind::PATH);
    assert_eq!(shown(&edit), "ghcr.io/team/worker:v2|");
    press(&mut edit, "<C-w><C-w><C-w>", TextKind::PATH);
    assert_eq!(shown(&edit), "ghcr.io/|");
}

#[test]
fn deleting_joins_lines_only_where_nothing_else_is_left_to_delete() {
    for (text, keys, becomes) in [
        ("a\nb c|d\ne", "<C-u>", "a\n|d\ne"),
        ("a\n|d\ne", "<C-u><C-u>", "a\n|d\ne"),
        ("a\nb |c d\ne", "<C-k>", "a\nb |\ne"),
        ("a\nb |\ne", "<C-k><C-k>", "a\nb |\ne"),
        ("a b\n  |c", "<C-w>", "a b\n|c"),
        ("a b\n|c", "<C-w>", "a b|c"),
        ("a|  \nb", "<A-d>", "a|\nb"),
        ("a|\n b", "<A-d>", "a| b"),
    ] {
        assert_eq!(after(text, 40, keys), becomes, "{text:?} {keys}");
    }
}

#[test]
fn lines_are_deleted_as_they_are_not_as_they_are_drawn() {
    assert_eq!(after("aaa bbb ccc ddd| eee", 8, "<C-u>"), "| eee");
    assert_eq!(after("aaa bbb| ccc ddd eee", 8, "<C-k>"), "aaa bbb|");
}

#[test]
fn all_of_what_is_selected_goes_whatever_deletes() {
    for keys in ["<C-u>", "<C-k>", "<C-w>", "<A-d>", "<A-BS>", "<BS>", "<Del>"] {
        let mut edit = TextEdit::selected("30 40");
        press(&mut edit, keys, TextKind::WORDS);
        assert_eq!(shown(&edit), "|", "{keys}");
        press(&mut edit, "<C-_>", TextKind::WORDS);
        assert_eq!(edit.text(), "30 40", "{keys}");
        assert!(edit.is_selected(), "as it was before");
    }
}

#[test]
fn what_is_typed_in_one_go_is_one_step_of_undo() {
    let mut edit = TextEdit::new("ab");
    press(&mut edit, "cd<Left>x<BS>yz", TextKind::WORDS);
    edit.insert("-pasted-").unwrap();
    press(&mut edit, "!<C-w>", TextKind::WORDS);
    assert_eq!(shown(&edit), "|d");
    let mut seen = Vec::new();
    for _ in 0..8 {
        press(&mut edit, "<C-_>", TextKind::WORDS);
        seen.push(shown(&edit));
    }
    assert_eq!(
        seen,
        [
            "abcyz-pasted-!|d",
            "abcyz-pasted-|d",
            "abcyz|d",
            "abc|d",
            "abcx|d",
            "abc|d",
            "ab|",
            "ab|"
        ]
    );
    press(&mut edit, "<C-y><C-y>", TextKind::WORDS);
    assert_eq!(shown(&edit), "abcx|d");
    press(&mut edit, "<C-/><C-/><C-y><C-y><C-y><C-y>q<C-y>", TextKind::WORDS);
    assert_eq!(shown(&edit), "abcyzq|d", "what was typed last is what redo would lose");
}

#[test]
fn undo_remembers_much_but_not_without_end() {
    let mut edit = TextEdit::new("");
    for _ in 0..3000 {
        press(&mut edit, "x<BS>", TextKind::WORDS);
    }
    let big = "y".repeat(60 * 1024);
    for _ in 0..20 {
        edit.insert(&big).unwrap();
        press(&mut edit, "<C-u>", TextKind::WORDS);
    }
    let mut steps = 0;
    while edit.changes.undo().is_some() {
        steps += 1;
    }
    assert!((1..20).contains(&steps), "{steps}");
}

#[test]
fn rows_end_at_blanks_and_only_a_word_longer_than_a_row_is_broken() {
    assert_eq!(rows("--model meta --port 80", 12), ["--model ", "meta --port ", "80"]);
    assert_eq!(rows("one two three", 9), ["one two ", "three"]);
    assert_eq!(rows("a abcdefghijkl b", 5), ["a ", "abcde", "fghij", "kl b"]);
    assert_eq!(rows("one\ttwo", 6), ["one␉", "two"]);
    assert_eq!(rows("日本 語語語", 7), ["日本 ", "語語語"]);
    assert_eq!(rows("a\n\nb", 5), ["a", "", "b"]);
}

#[test]
fn the_blanks_at_a_rows_end_can_be_gone_to() {
    let mut edit = TextEdit::new("one  two");
    let area = Rect::new(0, 0, 6, 3);
    let mut places = Vec::new();
    for _ in 0..9 {
        let (at, _) = edit.draw_box(&mut Buffer::empty(area), area);
        places.push((at.x, at.y));
        edit.left();
    }
    places.reverse();
    assert_eq!(
        places,
        [(0, 0), (1, 0), (2, 0), (3, 0), (4, 0), (0, 1), (1, 1), (2, 1), (3, 1)]
    );
}

#[test]
fn up_and_down_go_by_drawn_rows_and_keep_the_column_over_shorter_ones() {
    // aaaa bbbb / cc / dddd eee
    let text = "aaaa bb|bb\ncc\ndddd eee";
    assert_eq!(after(text, 10, "<Down>"), "aaaa bbbb\ncc|\ndddd eee");
    assert_eq!(after(text, 10, "<Down><Down>"), "aaaa bbbb\ncc\ndddd ee|e");
    assert_eq!(after(text, 10, "<Down><Down><Up><Up>"), text);
    assert_eq!(
        after(text, 10, "<Down><Left><Down>"),
        "aaaa bbbb\ncc\nd|ddd eee",
        "another key: another column"
    );
    // one two / three / four
    assert_eq!(
        after("one t|wo three four", 8, "<Down>"),
        "one two three| four",
        "a row's last place"
    );
    assert_eq!(after("one t|wo three four", 8, "<Down><Down>"), "one two three four|");
    assert_eq!(after("on|e two three four", 8, "<PgDn>"), "one two three fo|ur");
    assert_eq!(after("one two three fo|ur", 8, "<PgUp>"), "on|e two three four");
    assert_eq!(after("on|e two", 8, "<Up>"), "on|e two");
}

#[test]
fn home_and_end_are_of_the_drawn_row_and_once_more_of_the_text() {
    // one two / three / four
    let text = "one two thr|ee four";
    assert_eq!(after(text, 8, "<Home>"), "one two |three four");
    assert_eq!(after(text, 8, "<C-a><C-a>"), "|one two three four");
    assert_eq!(after(text, 8, "<End>"), "one two three| four");
    assert_eq!(after(text, 8, "<C-e><C-e>"), "one two three four|");
    // A full row: the cursor behind it has a row of its own, which is no row to go to the begin of.
    assert_eq!(after("ab\ncd|", 2, "<Home>"), "ab\n|cd");
    // On one row all of it is that row.
    let mut edit = TextEdit::new("a\nb");
    let area = Rect::new(0, 0, 10, 1);
    edit.draw_line(&mut Buffer::empty(area), area);
    press(&mut edit, "<Home>", TextKind::WORDS);
    assert_eq!(shown(&edit), "|a\nb");
}

#[test]
fn other_alt_keys_say_that_they_do_nothing_and_other_keys_are_not_for_the_text() {
    let mut edit = TextEdit::new("text");
    for (name, shown) in [
        ("<A-q>", "Alt-q"),
        ("<A-Up>", "Alt-Up"),
        ("<A-Del>", "Alt-Delete"),
        ("<A-Tab>", "Alt-Tab"),
    ] {
        let said = edit.press(&key(name), LINES).unwrap_err();
        assert_eq!(said, format!("{shown} does nothing in a text; Esc leaves it."));
    }
    for name in ["<Tab>", "<F1>", "<C-s>", "<C-p>"] {
        assert_eq!(edit.press(&key(name), LINES), Ok(KeyEffect::Ignored), "{name}");
    }
    assert_eq!(edit.press(&key("<C-u>"), LINES), Ok(KeyEffect::Changed));
    assert_eq!(edit.press(&key("<C-u>"), LINES), Ok(KeyEffect::Kept));
    assert!(edit.press(&key("<C-j>"), TextKind::WORDS).is_err());
    assert_eq!(edit.text(), "");
}

#[test]
fn the_cursor_is_never_on_a_mark_of_what_is_hidden() {
    for text in [
        "0123456789abcdefghijklmnopqrstuvwxyz",
        "日本語日本語日本語日本語",
        "a\u{200d}b日\u{202e}c d e f g h i",
    ] {
        for width in 3..20 {
            let area = Rect::new(0, 0, width, 1);
            let mut edit = TextEdit::new(text);
            loop {
                let mut buffer = Buffer::empty(area);
                let at = edit.draw_line(&mut buffer, area);
                assert!(at.x < width, "{} in {width}", shown(&edit));
                assert_ne!(buffer[at].symbol(), "…", "{} in {width}", shown(&edit));
                if edit.cursor == 0 {
                    break;
                }
                edit.left();
            }
        }
    }
}

#[test]
fn a_box_scrolls_only_when_the_cursor_would_leave_it() {
    let area = Rect::new(0, 0, 5, 3);
    let mut edit = TextEdit::new("1\n2\n3\n4\n5\n6");
    let top = |edit: &TextEdit| {
        let mut buffer = Buffer::empty(area);
        edit.draw_box(&mut buffer, area);
        buffer[(0, 0)].symbol().to_owned()
    };
    assert_eq!(top(&edit), "4");
    let tops: Vec<String> = (0..5)
        .map(|_| {
            press(&mut edit, "<Up>", LINES);
            top(&edit)
        })
        .collect();
    assert_eq!(tops, ["4", "4", "3", "2", "1"]);
    press(&mut edit, "<Down>", LINES);
    assert_eq!(top(&edit), "1");
    // What is clicked is what is seen.
    edit.click_box(area, Position::new(0, 2));
    assert_eq!(shown(&edit), "1\n2\n|3\n4\n5\n6");
}

#[test]
fn what_is_refused_changes_nothing() {
    let mut edit = TextEdit::selected("30");
    assert!(edit.insert(&"x".repeat(MOST_BYTES + 1)).is_err());
    assert!(edit.is_selected());
    assert_eq!(edit.text(), "30");
    edit.insert(&"x".repeat(MOST_BYTES)).unwrap();
    assert!(edit.press(&key("y"), LINES).is_err());
}

/// Something that happens to a text.
#[derive(Clone, Debug)]
enum Deed {
    Key(&'static str),
    Type(char),
    Paste(String),
    TextRow(u16),
    Box(u16, u16),
    Click(u16, u16),
}

fn deeds() -> impl Strategy<Value = Vec<Deed>> {
    let keys = prop::sample::select(vec![
        "<A-b>",
        "<A-f>",
        "<C-Left>",
        "<C-Right>",
        "<C-w>",
        "<A-BS>",
        "<A-d>",
        "<C-k>",
        "<C-u>",
        "<Home>",
        "<End>",
        "<C-a>",
        "<C-e>",
        "<Up>",
        "<Down>",
        "<PgUp>",
        "<PgDn>",
        "<Left>",
        "<Right>",
        "<BS>",
        "<Del>",
        "␊",
        "<C-j>",
        "<A-q>",
        "<Tab>",
    ]);
    let chars = prop::sample::select(
        "ab /:@-日é\u{301}👍🏽\u{200d}🇩🇪\u{1100}\u{1161}\t\r\u{202e}"
            .chars()
            .collect::<Vec<_>>(),
    );
    let deed = prop_oneof![
        6 => keys.prop_map(Deed::Key),
        6 => chars.prop_map(Deed::Type),
        1 => "([a-c /\n]|\\p{M}|\\PC){0,12}".prop_map(Deed::Paste),
        1 => (1u16..14).prop_map(Deed::TextRow),
        2 => (1u16..14, 1u16..5).prop_map(|(width, height)| Deed::Box(width, height)),
        1 => (0u16..16, 0u16..6).prop_map(|(x, y)| Deed::Click(x, y)),
    ];
    prop::collection::vec(deed, 0..60)
}

/// Does it; the last area that was drawn into is what is clicked.
fn happen(edit: &mut TextEdit, deed: &Deed, drawn: &mut Option<(Rect, bool)>) {
    match deed {
        Deed::Key(name) => drop(edit.press(&key(name), LINES)),
        Deed::Type(c) => {
            let typed = KeyEvent::new(KeyCode::Char(*c), KeyModifiers::NONE);
            edit.press(&typed, LINES).unwrap();
        }
        Deed::Paste(text) => edit.insert(text).unwrap(),
        Deed::TextRow(width) => {
            let area = Rect::new(0, 0, *width, 1);
            let at = edit.draw_line(&mut Buffer::empty(area), area);
            assert!(at.x < *width);
            *drawn = Some((area, false));
        }
        Deed::Box(width, height) => {
            // Boxes have two columns at least.
            let area = Rect::new(0, 0, (*width).max(2), *height);
            let (at, _) = edit.draw_box(&mut Buffer::empty(area), area);
            assert!(at.y < *height);
            *drawn = Some((area, true));
        }
        Deed::Click(x, y) => match drawn {
            Some((area, true)) => edit.click_box(*area, Position::new(*x, *y)),
            Some((area, false)) => edit.click_line(*area, Position::new(*x, *y)),
            None => {}
        },
    }
}

proptest! {
    #[test]
    fn the_cursor_is_always_on_a_border_and_undo_and_redo_go_all_the_way(
        text in "([a-c /\n]|\\PC){0,20}",
        deeds in deeds(),
    ) {
        let mut edit = TextEdit::new(&text);
        let mut drawn = None;
        for deed in &deeds {
            happen(&mut edit, deed, &mut drawn);
            let is_on_a_border = edit.borders(edit.cursor).any(|border| border == edit.cursor);
            prop_assert!(is_on_a_border, "{:?} after {deed:?}", shown(&edit));
            let again = TextEdit::at_cursor(edit.text(), edit.cursor());
            prop_assert_eq!(again.cursor, edit.cursor, "what a draft keeps");
        }
        let last = edit.text().to_owned();
        for _ in 0..=deeds.len() {
            edit.undo();
        }
        prop_assert_eq!(edit.text(), text);
        for _ in 0..=deeds.len() {
            edit.redo();
        }
        prop_assert_eq!(edit.text(), last);
    }

    #[test]
    fn up_and_down_come_back_to_the_same_place(
        text in "([a-c日\u{301}]{0,5}[ \n]){0,8}",
        at in 0usize..60,
        width in 2u16..12,
    ) {
        let mut edit = TextEdit::new(&text);
        let at = (0..=at.min(text.len())).rev().find(|at| text.is_char_boundary(*at));
        edit.cursor = edit.border_from(at.unwrap_or(0));
        let area = Rect::new(0, 0, width, 3);
        edit.draw_box(&mut Buffer::empty(area), area);
        let before = Wrapped::new(&text, edit.cursor, usize::from(width));
        let (row, count) = (before.cursor.0, before.rows.len());
        // A row that only the cursor needs is gone when the cursor is.
        prop_assume!(edit.rows(width) == Wrapped::new(&text, 0, usize::from(width)).rows.len());
        let below = count - 1 - row;
        for (there, back, room) in [(-1, 1, row), (1, -1, below), (-2, 2, row / 2), (2, -2, below / 2)] {
            if room > 0 {
                let from = edit.cursor;
                edit.vertical(there);
                edit.vertical(back);
                prop_assert_eq!(edit.cursor, from, "{:?} by {}", shown(&edit), there);
                edit.wanted = None;
            }
        }
    }

    #[test]
    fn wrapping_loses_nothing_and_breaks_words_only_where_they_must_be(
        text in "([a-c]{0,9}[ \n日]){0,12}",
        width in 2usize..14,
    ) {
        let wrapped = Wrapped::new(&text, 0, width);
        let mut next = 0;
        for (at, row) in wrapped.rows.iter().enumerate() {
            prop_assert_eq!(row.begin, next);
            let wide: usize = row.cells.iter().map(|cell| cell.wide).sum();
            prop_assert!(wide <= width);
            let drawn: String = row.cells.iter().map(|cell| &*cell.text).collect();
            prop_assert_eq!(&text[next..next + drawn.len()], &drawn);
            next += drawn.len();
            if text[next..].starts_with('\n') {
                next += 1;
            } else if at + 1 < wrapped.rows.len() {
                prop_assert!(drawn.ends_with(' ') || !drawn.contains(' '), "{drawn:?}");
            }
        }
        prop_assert_eq!(next, text.len());
    }
}
