//! Texts that are hard to type, to paste and to show.

use novita_edit::demo::DemoServer;
use serde_json::{Value, json};

use crate::harness::{CTRL_U, ENTER, LLAMA, Session, Start, posts, server};

fn stored(server: &DemoServer) -> Value {
    server.endpoint(LLAMA).unwrap()
}

/// Opens a field for editing, emptied.
fn edit_emptied(session: &mut Session, field: &str) {
    session.find(field);
    session.type_and_see(ENTER, "Ctrl-U clear");
    session.send(CTRL_U);
}

#[test]
fn pasted_line_breaks_become_spaces_with_a_sentence() {
    let server = server();
    let mut session = Session::form(&server.base_url());
    edit_emptied(&mut session, "name");
    session.paste("one\r\ntwo\nthree");
    session.wait_for("The line breaks of the paste became spaces");
    session.wait_for("one two three");
    session.type_and_see(ENTER, "Enter edit");
    session.review_and_send();
    session.wait_for("✓ Saved");
    assert_eq!(stored(&server)["name"], "one two three");
}

#[test]
fn the_cursor_stands_behind_what_was_typed() {
    let server = server();
    let mut session = Session::form(&server.base_url());
    edit_emptied(&mut session, "name");
    session.wait_gone("Name llama-3-8b");
    let (begin, row) = session.cursor();
    let mut columns = 0;
    // Every text with the columns that a terminal gives it.
    for (text, wide) in [
        ("a", 1),
        ("日本", 4),
        ("é", 1),
        ("e\u{301}", 1),
        ("한", 2),
        ("😀", 2),
        ("z", 1),
    ] {
        session.send(text);
        columns += wide;
        session.wait_for_cursor((begin + columns, row));
        session.wait_for(text);
    }
    for wide in [1, 2, 2] {
        session.send("\x7f");
        columns -= wide;
        session.wait_for_cursor((begin + columns, row));
    }
    session.type_and_see(ENTER, "Enter edit");
    session.review_and_send();
    session.wait_for("✓ Saved");
    assert_eq!(stored(&server)["name"], "a日本ée\u{301}");
}

#[test]
fn a_command_of_3000_characters_is_told_with_the_count_and_not_sent() {
    let server = server();
    let mut session = Session::form(&server.base_url());
    edit_emptied(&mut session, "command");
    session.paste(&"0123456789".repeat(300));
    session.wait_for("3000/2047");
    session.wait_for("3000 characters, 953 more than the 2047 allowed");
    session.type_and_see(ENTER, "Enter edit");
    session.type_and_see("w", "to the first error");
    session.type_and_see(ENTER, "Nothing was sent.");
    assert_eq!(posts(&server), []);
}

#[test]
fn a_command_of_2000_characters_is_mended_in_the_middle() {
    let server = server();
    let words: Vec<String> = (0..100).map(|n| format!("--opt-{n:03}=value-{n:03}")).collect();
    let command = words.join(" ") + "!";
    assert_eq!(command.len(), 2000);
    let loaded = command.clone();
    assert!(server.edit(LLAMA, move |endpoint| endpoint["image"]["command"] = json!(loaded)));
    let mut session = Session::form(&server.base_url());
    session.find("command");
    session.type_and_see(ENTER, "2000/2047");
    // Two pages up, to the row's begin, over a word, and it goes: PageUp, Home, Alt-F, Alt-Backspace.
    for keys in ["\x1b[5~", "\x1b[5~", "\x1b[H", "\x1bf"] {
        session.send(keys);
    }
    session.type_and_see("\x1b\x7f", "1981/2047");
    session.type_and_see("--mended", "1989/2047");
    // Ctrl-Right, Alt-B, Alt-D, Backspace: the next word goes, too, and it comes back by Ctrl-_.
    for keys in ["\x1b[1;5C", "\x1bb"] {
        session.send(keys);
    }
    session.type_and_see("\x1bd", "1970/2047");
    session.type_and_see("\x1f", "1989/2047");
    session.type_and_see("\x19\x7f", "1969/2047");
    // Back by Alt-Left, and the command's first word by Home at the row's begin.
    for keys in ["\x1b[1;3D", "\x1b[H", "\x1b[H"] {
        session.send(keys);
    }
    session.type_and_see("x ", "1971/2047");
    session.type_and_see(ENTER, "Enter edit");
    session.review_and_send();
    session.wait_for("✓ Saved");
    let mended = format!("x {command}")
        .replace("--opt-051=value-051", "--mended")
        .replace(" --opt-052=value-052", "");
    assert_eq!(stored(&server)["image"]["command"], mended);
}

#[test]
fn an_alt_key_never_leaves_a_text() {
    let server = server();
    let before = stored(&server);
    let mut session = Session::form(&server.base_url());
    session.find("hf_token");
    session.type_and_see(ENTER, "Edit env");
    session.type_and_see("typed", "typed");
    for (bytes, name) in [
        ("\x1bq", "Alt-q"),
        ("\x1bw", "Alt-w"),
        ("\x1bu", "Alt-u"),
        ("\x1bé", "Alt-é"),
        ("\x1b[1;3A", "Alt-Up"),
    ] {
        session.type_and_see(bytes, &format!("{name} does nothing in a text; Esc leaves it."));
    }
    session.send("\x1bd");
    session.type_and_see("!", "typed!");
    session.type_and_see(ENTER, "Enter edit");
    session.wait_for("Environment 12");
    assert_eq!(posts(&server), []);
    assert_eq!(stored(&server), before);
}

#[test]
fn a_value_with_line_breaks_emoji_and_quotes_is_stored_as_pasted() {
    let value = "first \"line\"\nsecond \\ 日本 👍🏽\n\ttabbed";
    let server = server();
    let mut session = Session::form(&server.base_url());
    edit_emptied(&mut session, "model_name");
    session.paste(value);
    session.wait_for("second");
    session.send(ENTER);
    session.wait_gone("Edit env");
    session.review_and_send();
    session.wait_for("✓ Saved");
    assert_eq!(stored(&server)["envs"][1], json!({"key": "MODEL_NAME", "value": value}));
}

#[test]
fn a_paste_on_the_form_is_not_a_row_of_keys() {
    let server = server();
    let mut session = Session::form(&server.base_url());
    session.paste("dwq\r");
    session.wait_for("Pasted text goes into a field being edited");
    session.wait_for("Enter edit");
    assert_eq!(posts(&server), []);
}

#[test]
fn an_endpoint_with_500_envs_opens_and_is_saved_whole() {
    let server = server();
    let envs: Vec<Value> = (0..500)
        .map(|at| json!({"key": format!("KEY_{at:03}"), "value": format!("value {at}")}))
        .collect();
    let many = envs.clone();
    assert!(server.edit(LLAMA, move |endpoint| endpoint["envs"] = Value::Array(many)));
    let mut session = Start::editor(&server.base_url()).arg(LLAMA).spawn();
    session.wait_for("Environment 500");
    session.wait_for("0–10");
    session.find("key_499");
    session.wait_for("›KEY_499");
    session.type_and_see("v", "value 499");
    session.set_max_workers(8);
    session.review_and_send();
    session.wait_for("✓ Saved");
    assert_eq!(stored(&server)["envs"], Value::Array(envs));
}

#[test]
fn a_loaded_escape_sequence_never_reaches_the_terminal() {
    let server = server();
    assert!(server.edit(LLAMA, |endpoint| {
        endpoint["name"] = json!("bad\u{1b}]0;owned\u{7}name");
        endpoint["state"]["message"] = json!("\u{1b}[2J\u{9b}31m");
    }));
    let mut session = Session::form(&server.base_url());
    session.type_and_see("i", "Details");
    let raw = session.raw();
    let raw = String::from_utf8_lossy(&raw);
    assert!(!raw.contains("\x1b]0;owned"), "the endpoint's name drove the terminal");
    assert!(
        !raw.contains('\u{9b}'),
        "a control character of the endpoint got through"
    );
}

#[test]
fn a_line_break_at_the_end_of_a_paste_is_not_part_of_a_name() {
    let server = server();
    let mut session = Session::form(&server.base_url());
    edit_emptied(&mut session, "name");
    session.paste("copied-line\n");
    session.wait_for("copied-line");
    session.wait_for("Enter take");
    session.type_and_see(ENTER, "Enter edit");
    session.review_and_send();
    session.wait_for("✓ Saved");
    assert_eq!(stored(&server)["name"].as_str().map(str::trim_end), Some("copied-line"));
}

/// Everything that may hold such a text holds it; it is typed behind the name and put in front of a value. What was
/// touched has both, what wasn't is as it was, character by character.
fn is_kept_exactly(text: &str, typed: &str) {
    let server = server();
    assert!(server.edit(LLAMA, |endpoint| {
        endpoint["name"] = json!(text);
        endpoint["image"]["command"] = json!(format!("--greeting {text}\n{text}"));
        endpoint["envs"][1]["value"] = json!(text);
        endpoint["envs"][2]["key"] = json!(text);
        endpoint["volumeMounts"][0]["mountPath"] = json!(format!("/{text}"));
    }));
    let mut expected = stored(&server);
    expected["name"] = json!(format!("{text}{typed}"));
    expected["envs"][1]["value"] = json!(format!("{typed}{text}"));

    let mut session = Session::form(&server.base_url());
    session.find("name");
    session.type_and_see(ENTER, "Enter take");
    session.send(typed);
    session.type_and_see(ENTER, "Enter edit");
    session.find("model_name");
    session.type_and_see(ENTER, "Edit env");
    session.send("\x1b[H");
    session.paste(typed);
    session.send(ENTER);
    session.wait_gone("Edit env");
    session.type_and_see("w", "2 changes:");
    session.type_and_see("V", "values shown");
    session.type_and_see(ENTER, "✓ Saved");
    let now = stored(&server);
    for key in ["name", "image", "envs", "volumeMounts"] {
        assert_eq!(now[key], expected[key], "{key}");
    }
    let sent: Value = serde_json::from_slice(&posts(&server)[0].body).unwrap();
    assert_eq!(sent["name"], expected["name"]);
    assert_eq!(sent["envs"], expected["envs"]);
}

#[test]
fn wide_text_is_kept_exactly() {
    is_kept_exactly("推理服务－東京 ＦＵＬＬ ﾊﾝｶｸ 👩🏽", "本番한👍");
}

#[test]
fn combining_text_is_kept_as_it_was_composed() {
    // Composed and decomposed, Hangul by its letters, joined emoji, a selector: none is made into the other.
    is_kept_exactly(
        "e\u{301}é n\u{303}ñ 한\u{1112}\u{1161}\u{11ab} 👨\u{200d}👩\u{200d}👧 ❤\u{fe0f}",
        "o\u{308}ö",
    );
}

#[test]
fn right_to_left_text_is_kept_in_its_order() {
    // With marks of direction, which can't be seen.
    is_kept_exactly("שלום עולם\u{200f} مرحبا 123 \u{202b}abc\u{202c}", "סוף");
}
