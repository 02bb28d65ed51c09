//! Any bytes in a file of ours or of the user's.

use std::path::Path;

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use novita_edit::config::{self, FileProblem};
use novita_edit::endpoint::document::{self, DocumentFormat};
use novita_edit::endpoint::dotenv;
use novita_edit::store::{Draft, History};
use novita_edit::text::has_invisible;
use novita_edit::text::width::visible;
use novita_edit::tui::event::{Event, Press};
use novita_edit::tui::keymap::Keymap;
use novita_edit::tui::model::{Opened, Surroundings};
use novita_edit::tui::theme;

use super::screen::{Editor, ID, check_body, limits, llama};

/// The first byte says which file; the rest is what it holds.
pub fn file(data: &[u8]) {
    let Some((which, bytes)) = data.split_first() else {
        return;
    };
    let text = || std::str::from_utf8(bytes).ok();
    let path = Path::new("/home/me/file");
    match which % 9 {
        0 => draft(bytes),
        1 => history(bytes),
        2 => told(text().map(|text| config::text_problems(path, text, Some(Path::new("/home/me"))))),
        3 => told(text().map(|text| Keymap::read(path, text).1)),
        4 => told(text().map(|text| theme::file::read("mine", path, text).1)),
        5 => text().into_iter().for_each(environment),
        6 => text()
            .into_iter()
            .for_each(|text| documents(text, DocumentFormat::Json)),
        7 => text()
            .into_iter()
            .for_each(|text| documents(text, DocumentFormat::Yaml)),
        _ => {
            let Some(text) = text() else { return };
            documents(text, DocumentFormat::Guess);
            if let Ok(edited) = document::read_edited(text, &llama().config) {
                assert_eq!(edited.id, ID);
            }
        }
    }
}

/// Each problem has its line, and a sentence.
fn told(problems: Option<Vec<FileProblem>>) {
    for problem in problems.into_iter().flatten() {
        assert!(problem.line != Some(0) && !problem.text.is_empty(), "{problem:?}");
        let shown: String = visible(&problem.to_string())
            .map(|shown| shown.text.into_owned())
            .collect();
        assert!(!has_invisible(&shown), "{shown:?}");
    }
}

/// Found at the start, looked at, restored, undone.
fn draft(bytes: &[u8]) {
    let Ok(draft) = Draft::parse(bytes, ID) else { return };
    let (mut editor, _) = Editor::start(80, 24, Surroundings::default(), Some(ID));
    editor.update(limits());
    let request = editor.model.request;
    editor.update(Event::Loaded(request, Box::new(Ok(llama())), "14:03".into()));
    let mut opened = Opened::ours();
    opened.draft = Some(Box::new(draft));
    editor.update(Event::Opened(ID.into(), Box::new(opened)));
    editor.draw();
    press(&mut editor, &[KeyCode::Char('V'), KeyCode::PageDown, KeyCode::Enter]);
    // A conflict has three answers; then whatever was being typed is left.
    press(
        &mut editor,
        &[KeyCode::Char('2'), KeyCode::Char('1'), KeyCode::Enter, KeyCode::Esc],
    );
    press(
        &mut editor,
        &[KeyCode::Char('w'), KeyCode::Tab, KeyCode::Esc, KeyCode::Char('u')],
    );
    if let Some(work) = editor.workspace() {
        check_body(work);
    }
}

/// Listed, opened, put back.
fn history(bytes: &[u8]) {
    let history = History::parse(bytes);
    if history.records.is_empty() {
        return;
    }
    let mut editor = Editor::on(llama(), 80, 24);
    let mut opened = Opened::ours();
    opened.last = history.records.first().cloned().map(Box::new);
    editor.update(Event::Opened(ID.into(), Box::new(opened)));
    press(&mut editor, &[KeyCode::Char('H')]);
    editor.update(Event::HistoryRead(ID.into(), Ok(history)));
    editor.draw();
    press(
        &mut editor,
        &[KeyCode::Down, KeyCode::Enter, KeyCode::Char('V'), KeyCode::PageDown],
    );
    press(
        &mut editor,
        &[KeyCode::Char('p'), KeyCode::Enter, KeyCode::Esc, KeyCode::Esc],
    );
    if let Some(work) = editor.workspace() {
        check_body(work);
    }
}

/// What is read can be written, and then reads the same.
fn environment(text: &str) {
    let lines = dotenv::read(text);
    if let Ok(written) = dotenv::write(&lines.envs) {
        assert_eq!(dotenv::read(&written).envs, lines.envs, "{written:?}");
    }
}

fn documents(text: &str, form: DocumentFormat) {
    for document in document::read(text, form).into_iter().take(20) {
        let _ = document.line();
        let _ = document.place_of("/workerConfig/minNum");
        match document.config(Some(&llama().config)) {
            Ok(config) => drop(novita_edit::endpoint::body::text(&config)),
            Err(faults) => assert!(!faults.is_empty()),
        }
        drop(document.config(None));
    }
}

fn press(editor: &mut Editor, keys: &[KeyCode]) {
    for code in keys {
        let frame = editor.frame;
        editor.update(Event::Key(Press::seen(KeyEvent::new(*code, KeyModifiers::NONE), frame)));
        editor.draw();
    }
}
