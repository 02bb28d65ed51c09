//! `$EDITOR`, and `KEY=value` lines that are pasted or come from a file.

use insta::assert_snapshot;
use novita_edit::endpoint::{EnvVar, FieldId, Number, ParseError, body, dotenv};
use novita_edit::secret::{MASK, Secret};
use novita_edit::store::{EditorText, EditorTextOf};
use novita_edit::tui::event::{Effect, Event};
use novita_edit::tui::model::{DraftState, Edited, EditorTarget, Leaving, Opened, Written};
use novita_edit::tui::views::external_editor::WaitingForEditor;

use crate::harness::{Editor, ID, llama};
use crate::situations::{found, opening};

/// What the editor was asked for.
fn asked(editor: &mut Editor) -> (EditorTarget, String) {
    let mut effects = editor.asked();
    assert_eq!(effects.len(), 1, "{effects:?}");
    match effects.remove(0) {
        Effect::RunEditor(target, text) => (target, text.reveal().to_owned()),
        other => panic!("not the editor: {other:?}"),
    }
}

/// Opens it with these keys and ends it with another text.
fn edits(editor: &mut Editor, keys: &str, change: impl FnOnce(String) -> String) {
    editor.keys(keys);
    let (target, text) = asked(editor);
    editor.event(Event::Edited(target, Edited::Text(Secret::new(change(text)))));
}

#[test]
fn e_edits_the_focused_text_and_one_undo_takes_it_back() {
    let mut editor = Editor::form();
    edits(&mut editor, "/command<Enter>e", |text| {
        assert_eq!(text, llama().config.image.command);
        "--model x\n--port 1\n".to_owned()
    });
    assert_eq!(editor.now().image.command, "--model x\n--port 1");
    editor.shows("Taken from the editor: Command. u takes it back.");
    editor.keys("u");
    assert_eq!(*editor.now(), llama().config);
}

#[test]
fn a_second_line_in_a_field_of_one_line_is_not_taken_and_is_kept() {
    let mut editor = Editor::form();
    edits(&mut editor, "/name<Enter>e", |_| "one\ntwo\n".to_owned());
    editor.shows("Line 1, column 4: this field has one line only.");
    assert_eq!(*editor.now(), llama().config);
    editor.keys("<Enter>");
    let (target, text) = asked(&mut editor);
    assert_eq!(
        (target.clone(), text.as_str()),
        (EditorTarget::Field(FieldId::Name), "one\ntwo\n")
    );
    editor.event(Event::Edited(target, Edited::Text(Secret::new("one\n"))));
    assert_eq!(editor.now().name, "one");
}

#[test]
fn e_on_an_env_edits_its_value_and_elsewhere_says_what_to_do() {
    let mut editor = Editor::form();
    edits(&mut editor, "/HF_TOKEN<Enter>e", |text| {
        assert_eq!(text, "hf_demo_not_a_real_token");
        "new\nlines\n".to_owned()
    });
    assert_eq!(editor.now().envs[0], EnvVar::new("HF_TOKEN", "new\nlines"));
    editor.hides("new");
    editor.keys("/max w<Enter>e");
    editor.shows("B opens the whole body in the editor.");
    editor.keys("/data<Enter>e");
    editor.shows("Enter edits a volume");
    assert_eq!(editor.asked(), []);
}

#[test]
fn the_environment_is_edited_as_a_whole_in_env_form() {
    let mut editor = Editor::form();
    edits(&mut editor, "E", |text| {
        assert_eq!(dotenv::read(&text).envs, *llama().config.envs);
        text.lines()
            .filter(|line| !line.starts_with("9LIVES"))
            .map(|l| format!("{l}\n"))
            .collect::<String>()
            + "export NEW='a b'\n"
    });
    let envs = &editor.now().envs;
    assert_eq!(envs.len(), 12);
    assert_eq!(envs[11], EnvVar::new("NEW", "a b"));
    assert!(envs.iter().all(|env| env.key != "9LIVES"));
    editor.shows("Taken from the editor: 1 variable taken away, 1 new. u takes it back.");
    editor.keys("u");
    assert_eq!(*editor.now(), llama().config);
    edits(&mut editor, ":edit the env<Enter>", |text| text);
    editor.shows("Nothing was changed in the editor.");
}

#[test]
fn an_emptied_environment_is_counted_and_undone_by_one_key() {
    let mut editor = Editor::form();
    edits(&mut editor, "E", |_| String::new());
    editor.keys("<C-x>");
    assert!(editor.now().envs.is_empty());
    editor.shows("Taken from the editor: 12 variables taken away. u takes it back.");
    editor.keys("u");
    assert_eq!(*editor.now(), llama().config);
    edits(&mut editor, "E", |text| {
        let mut lines: Vec<&str> = text.lines().collect();
        lines.swap(0, 1);
        lines.join("\n")
    });
    editor.shows("Taken from the editor: the order of the environment.");
    edits(&mut editor, "B", |_| String::new());
    editor.shows("Line 1, column 1: there is nothing in it.");
}

#[test]
fn the_body_is_edited_as_json_and_validated_like_any_edit() {
    let mut editor = Editor::form();
    edits(&mut editor, "B", |text| {
        assert_eq!(text, body::text(&llama().config) + "\n");
        text.replace("\"maxNum\": 5", "\"maxNum\": 12")
            .replace("\"8000\"", "\"8001\"")
    });
    assert_eq!(editor.now().workers.max_num, Number::of(12));
    assert_eq!(editor.now().port, "8001");
    editor
        .shows("*2 ✗1")
        .shows("Taken from the editor: HTTP port, Max workers.");
    editor.keys("u");
    assert_eq!(*editor.now(), llama().config);
}

#[test]
fn a_body_that_cannot_be_read_is_kept_until_it_can_be_or_is_thrown_away() {
    let mut editor = Editor::form();
    edits(&mut editor, "B", |text| text.replacen(",", "", 1));
    editor.shows("Line 3, column 3: expected `,` or `}`.");
    editor.shows("  \"name\": \"llama-3-8b\",").hides("hf_demo");
    assert_snapshot!("editor_rejected", editor.picture());
    assert_eq!(*editor.now(), llama().config);
    editor.keys("<Esc>");
    editor.shows("The text is kept");
    editor
        .keys("q")
        .shows("mend the text from the editor")
        .hides("review and save");
    editor.keys("<Esc>B");
    let (target, text) = asked(&mut editor);
    assert!(text.starts_with("{\n  \"id\": \"ep_7f3a91c2\"\n  \"name\""));
    let failed = || Edited::Failed("The editor ended with code 1.".to_owned());
    editor.event(Event::Edited(target, failed()));
    editor.shows("The editor ended with code 1. Nothing is changed.");
    editor.keys("qe").shows("Line 3, column 3");
    editor.keys("<C-x>").put_aside();
    editor.shows("discarded; it is kept aside for 7 days");
    editor.keys("B");
    assert_eq!(asked(&mut editor).1, body::text(&llama().config) + "\n");
}

#[test]
fn what_is_no_text_and_an_editor_that_fails_change_nothing() {
    let mut editor = Editor::form();
    editor.keys("B");
    let (target, _) = asked(&mut editor);
    let why = ParseError::at("a\nb", 3, "this is no UTF-8");
    editor.event(Event::Edited(target, Edited::NotText(Secret::new("a\nb\u{fffd}"), why)));
    editor.shows("Line 2, column 2: this is no UTF-8.");
    assert_eq!(*editor.now(), llama().config);
}

#[test]
fn keys_typed_while_the_editor_starts_do_nothing_and_esc_stops_waiting() {
    let mut editor = Editor::form();
    editor.typed_ahead("/name<Enter>eqdw9?");
    let (_, _) = asked(&mut editor);
    editor.shows("Opening Name in the editor…");
    editor.keys("<Esc>");
    editor.hides("Opening");
    assert_eq!(*editor.now(), llama().config);
}

#[test]
fn what_the_server_changed_meanwhile_waits_for_the_editors_end() {
    let mut editor = Editor::form();
    editor.keys("r/name<Enter>");
    editor.asked();
    editor.keys("e");
    let (target, _) = asked(&mut editor);
    let mut theirs = llama();
    theirs.config.workers.max_num = Number::of(9);
    editor.load(Ok(theirs));
    assert_eq!(editor.now().workers.max_num, Number::of(5));
    editor.event(Event::Edited(target, Edited::Text(Secret::new("mine\n"))));
    assert_eq!(editor.now().workers.max_num, Number::of(9));
    assert_eq!(editor.now().name, "mine");
}

const PASTE: &str =
    "# from the other endpoint\nexport NEW='a b'\nMAX_NUM_SEQS=128\nCUDA_VISIBLE_DEVICES=0\nBAD='two' words\n";

/// A value of the pictured endpoint.
fn value(key: &str) -> String {
    let config = llama().config;
    config
        .envs
        .iter()
        .find(|env| env.key == key)
        .unwrap()
        .value
        .reveal()
        .to_owned()
}

#[test]
fn pasted_lines_are_shown_before_they_are_taken_as_one_step() {
    let same = format!("CUDA_VISIBLE_DEVICES={}", value("CUDA_VISIBLE_DEVICES"));
    let paste = PASTE.replace("CUDA_VISIBLE_DEVICES=0", &same);
    let mut editor = Editor::form();
    editor.keys("/HF_TOKEN<Enter>").paste(&paste);
    assert_snapshot!("import_preview", editor.picture());
    editor.shows("1 new, 1 changed, 1 the same").shows(MASK).hides("128");
    editor.shows("Left out, line 5, column 11: only a comment may stand behind the");
    editor.keys("V");
    editor.shows("64 → 128").shows("a b");
    assert_eq!(*editor.now(), llama().config, "nothing is taken yet");
    editor.keys("<Enter>");
    editor.shows("Done: paste 3 into the environment: 1 new, 1 changed, 1 the same; 1 line left out. u takes it back.");
    let envs = &editor.now().envs;
    assert_eq!(envs.len(), 13);
    assert_eq!(envs[6], EnvVar::new("MAX_NUM_SEQS", "128"));
    assert_eq!(envs[12], EnvVar::new("NEW", "a b"));
    assert_eq!(editor.focus(), "HF_TOKEN");
    editor.keys("u");
    assert_eq!(*editor.now(), llama().config);
}

#[test]
fn a_paste_is_left_by_esc_and_keys_typed_with_it_take_nothing() {
    let mut editor = Editor::form();
    editor.keys("/HF_TOKEN<Enter>");
    let frame = editor.frame();
    editor.paste("A=$HOME\n").keys_seen_at("<Enter>", frame);
    editor.shows("1 new, 0 changed, 0 the same");
    editor.keys("V");
    editor.shows("+ A         $HOME");
    editor.keys("<Esc>");
    assert_eq!(*editor.now(), llama().config);
    editor.paste("no variable here");
    editor.shows("press Enter on the value first");
    editor.keys("/name<Enter>").paste("A=1");
    editor.shows("move to Environment and paste there");
    editor.paste("text");
    editor.shows("press Enter on the field first");
}

#[test]
fn a_file_is_imported_by_its_path_and_what_is_wrong_with_it_is_told() {
    let mut editor = Editor::form();
    editor.keys(":import<Enter>x/prod.env<Enter>");
    assert_eq!(editor.asked(), [Effect::ReadFile("x/prod.env".into())]);
    editor.event(Event::FileRead("x/prod.env".into(), Err("No such file".into())));
    editor.shows("Not read: No such file.");
    editor.keys("<Enter>");
    editor.event(Event::FileRead("x/prod.env".into(), Ok(Secret::new("nothing"))));
    editor.shows("There is no KEY=value line in it; line 1, column 1");
    assert_snapshot!("import_path", editor.picture());
    editor.keys("<Enter>");
    editor.event(Event::FileRead("x/prod.env".into(), Ok(Secret::new("A=1\nA=2\n"))));
    editor
        .shows("Import 1 from prod.env")
        .shows("1 new, 0 changed, 0 the same; 1 earlier line of the same key:")
        .shows("came 2 times; the last one counts");
    editor.keys("<Enter>");
    assert_eq!(editor.now().envs[12], EnvVar::new("A", "2"));
}

#[test]
fn an_export_never_goes_over_a_file_without_asking() {
    let mut editor = Editor::form();
    editor.keys(":export<Enter>out.env<Enter>");
    let text = Secret::new(dotenv::write(&llama().config.envs).unwrap());
    let wrote = |over| [Effect::WriteFile("out.env".into(), text.clone(), over)];
    assert_eq!(editor.asked(), wrote(false));
    editor.event(Event::FileWritten("out.env".into(), Written::Exists));
    editor.shows("It exists: y writes over it");
    assert_snapshot!("export_exists", editor.picture());
    editor.keys("<Enter>");
    assert_eq!(editor.asked(), []);
    editor.keys("<Esc><Enter>");
    assert_eq!(editor.asked(), wrote(false));
    editor.event(Event::FileWritten("out.env".into(), Written::Exists));
    editor.keys("y");
    assert_eq!(editor.asked(), wrote(true));
    editor.event(Event::FileWritten("out.env".into(), Written::Done("/x/out.env".into())));
    editor.shows("Written to /x/out.env, values in clear; only you can read it.");
    assert_eq!(editor.now().id, ID);
}

#[test]
fn an_export_without_a_name_goes_to_the_usual_one_and_what_is_typed_takes_its_place() {
    let written_to = |keys: &str| {
        let mut editor = Editor::form();
        editor
            .keys(":export<Enter>")
            .shows("│ .env ")
            .shows("An empty line means .env.");
        editor.keys(keys);
        let path = match editor.asked().as_slice() {
            [Effect::WriteFile(path, ..)] => path.clone(),
            other => panic!("{other:?}"),
        };
        editor.event(Event::FileWritten(path.clone(), Written::Exists));
        editor.shows("It exists");
        path
    };
    assert_eq!(written_to("<Enter>"), ".env");
    assert_eq!(written_to("/tmp/x.env<Enter>"), "/tmp/x.env");
}

#[test]
fn the_boxes_fit_a_small_window() {
    let mut editor = Editor::on(llama(), (40, 12));
    editor.keys("/HF_TOKEN<Enter>").paste(PASTE);
    assert_snapshot!("import_preview_40x12", editor.picture());
    editor.keys("<Esc>:export<Enter>");
    assert_snapshot!("export_40x12", editor.picture());
}

/// What of the form is to be on disk now: the texts that can't be read.
fn editor_text(editor: &Editor) -> Vec<String> {
    let unsaved = editor.model.unsaved().expect("the draft is this editor's");
    let texts = unsaved.map(|unsaved| unsaved.editor_texts).unwrap_or_default();
    texts
        .iter()
        .map(|editor_text| editor_text.text.reveal().to_owned())
        .collect()
}

#[test]
fn a_text_that_cannot_be_read_is_kept_on_disk_until_it_is_taken_or_thrown_away() {
    let mut editor = Editor::form();
    assert_eq!(editor.model.unsaved().map(|unsaved| unsaved.is_none()), Some(true));
    edits(&mut editor, "B", |_| "{ not\n".to_owned());
    editor.shows("your text is in the draft on disk, too");
    assert_eq!(editor_text(&editor), ["{ not\n"]);
    // Another text of the same takes its place, one of something else doesn't.
    editor.keys("<Esc>");
    edits(&mut editor, "B", |text| format!("{text}more"));
    editor.keys("<Esc>");
    edits(&mut editor, "/name<Enter>e", |_| "two\nlines\n".to_owned());
    assert_eq!(editor_text(&editor), ["{ not\nmore", "two\nlines\n"]);
    // What is taken from the editor for a third thing leaves both.
    editor.keys("<Esc>");
    edits(&mut editor, "/command<Enter>e", |_| "--seed 1\n".to_owned());
    assert_eq!(editor_text(&editor).len(), 2);
    editor.keys("qe").shows("for Name can't be read");
    editor.keys("<C-x>").put_aside();
    editor
        .shows("The editor's text of Name is discarded; it is kept aside for 7 days.")
        .shows("The editor's text of the body waits to be mended: B opens it.")
        .hides("Not taken");
    // The same key again is the form's.
    assert_eq!(editor_text(&editor), ["{ not\nmore"]);
    edits(&mut editor, "B", |_| body::text(&llama().config) + "\n");
    assert_eq!(editor_text(&editor), Vec::<String>::new());
}

#[test]
fn a_text_set_aside_is_marked_on_the_form_with_the_way_back_to_it() {
    let mut editor = Editor::form();
    edits(&mut editor, "/name<Enter>e", |_| "two\nlines\n".to_owned());
    editor.keys("<Esc>").shows("The text is kept.");
    editor.keys("j").shows("1 not taken");
    editor.shows("! The editor's text of Name waits to be mended: e on Name opens it.");
    edits(&mut editor, "B", |_| "{".to_owned());
    editor.keys("<Esc>k").shows("2 not taken").shows("B opens it; 1 more.");
    for (width, height) in [(40, 12), (50, 14), (120, 40)] {
        editor.resize(width, height).shows("2 not taken");
    }
    editor.keys("B");
    let (target, text) = asked(&mut editor);
    assert_eq!(text, "{");
    editor.event(Event::Edited(
        target,
        Edited::Text(Secret::new(body::text(&llama().config) + "\n")),
    ));
    editor.keys("jk").shows("1 not taken");
}

#[test]
fn the_line_that_cannot_be_read_is_shown_with_its_place_and_without_values() {
    let mut editor = Editor::form();
    edits(&mut editor, "E", |text| format!("{text}SECRET_KEY='top' secret\n"));
    editor.shows("only a comment may stand behind the closing quote.");
    let (line, place) = (editor.place(&format!("SECRET_KEY={MASK}")), editor.place("^"));
    assert_eq!((place.x, place.y), (line.x + 11, line.y + 1));
    editor.hides("top").hides(" secret");
}

#[test]
fn leaving_with_such_a_text_asks_and_can_keep_it_as_a_draft() {
    let mut editor = Editor::form();
    edits(&mut editor, "B", |_| "{".to_owned());
    editor
        .keys("<Esc>o")
        .shows("keep them as a draft, to the picker")
        .shows("mend the text");
    editor.keys("k");
    assert_eq!(editor.asked(), [Effect::FlushDraft(Leaving::Picker)]);
    let mut editor = Editor::form();
    edits(&mut editor, "B", |_| "{".to_owned());
    editor.keys("<Esc>q<C-x>").put_aside();
    assert_eq!(editor.asked(), [Effect::DiscardDraft, Effect::Quit]);
}

#[test]
fn a_draft_with_such_a_text_asks_and_brings_it_back() {
    let parse_error = ParseError::at("{\nx", 2, "expected a name");
    let mut editor = opening(
        llama(),
        (80, 24),
        found(|draft| {
            draft.edited = llama().config;
            draft.editor_texts = vec![EditorText::new(EditorTextOf::Body, Secret::new("{\nx"), parse_error)];
        }),
    );
    editor.shows("› The body").shows("can't be read yet: line 2,");
    editor
        .keys("<Enter>")
        .shows("What came from the editor for the body can't be read.");
    editor
        .shows("Line 2, column 1: expected a name.")
        .shows("Restored the unsaved edits");
    // There is no step to take back.
    editor.hides("takes them back");
    assert_eq!(editor_text(&editor), ["{\nx"]);
    editor.keys("<Enter>");
    assert_eq!(asked(&mut editor), (EditorTarget::Body, "{\nx".to_owned()));
}

#[test]
fn where_nothing_can_be_kept_the_page_says_so() {
    let nowhere = Opened {
        draft_state: DraftState::Nowhere("there is no home directory".into()),
        ..Opened::ours()
    };
    let mut editor = opening(llama(), (80, 24), nowhere);
    edits(&mut editor, "B", |_| "{".to_owned());
    editor.shows("your text is only in memory: there is no");
    editor.keys("<Esc>q").shows("mend the text").hides("keep them");
}

#[test]
fn what_is_told_takes_rows_of_a_page_and_hides_none() {
    let lines: String = (1..=12).map(|n| format!("KEY_{n}=x\n")).collect();
    let below = |editor: &Editor| {
        let line = editor.line(" more ");
        let count = line.split("▼ ").nth(1).and_then(|rest| rest.split(' ').next()).unwrap();
        count.parse::<usize>().unwrap()
    };
    let mut editor = Editor::on(llama(), (40, 12));
    editor.keys("/HF_TOKEN<Enter>").paste(&lines);
    let plain = below(&editor);
    editor.keys("<Esc>u").paste(&lines);
    editor.shows("Nothing to undo.");
    assert_eq!(below(&editor), plain + 1, "{}", editor.screen());
}

#[test]
fn what_was_not_taken_scrolls_as_it_says() {
    let mut editor = Editor::on(llama(), (40, 12));
    edits(&mut editor, "B", |_| {
        "{\n  \"id\": \"ep_7f3a91c2\"\n  \"name\": 3\n}\n".to_owned()
    });
    editor.shows("▼ 1 more").hides("again.").hides("above");
    for (on, back) in [("j", "k"), ("<Down>", "<Up>"), ("<PgDn>", "<PgUp>"), (" ", "<PgUp>")] {
        editor.keys(on).shows("again.").shows("▲ 1 above").hides("more");
        editor.keys(on).shows("▲ 1 above");
        editor.keys(back).shows("▼ 1 more").hides("above");
    }
    editor.wheel("Not taken", 1).shows("▲ 1 above");
    editor.wheel("Not taken", -1).hides("above");
    assert!(editor.keys("j<Esc>").model.is_bare());
}

#[test]
fn the_editor_is_waited_for_with_what_was_asked_for_last() {
    let mut editor = Editor::form();
    editor.keys("/name<Enter>e<Esc>j");
    assert!(editor.model.views.find::<WaitingForEditor>().is_none());
    editor.keys("/image<Enter>e");
    let waited = editor.model.views.find::<WaitingForEditor>();
    assert_eq!(waited.unwrap().target, EditorTarget::Field(FieldId::Image));
}
