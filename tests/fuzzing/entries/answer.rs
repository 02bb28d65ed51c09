//! Any bytes as an answer: decoded, shown, and sent back.

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use novita_edit::api::wire;
use novita_edit::tui::event::{Event, Press};
use novita_edit::tui::model::{LookedUp, Opened, Surroundings};

use super::screen::{Editor, ID, check_body, limits, llama};

/// The first byte says of which call; the rest is its body.
pub fn answer(data: &[u8]) {
    let Some((call, body)) = data.split_first() else { return };
    match call % 6 {
        0 => endpoint(body),
        1 => {
            if let Ok(limits) = wire::limits(body) {
                let mut editor = Editor::on(llama(), 80, 24);
                editor.update(Event::Limits(Ok(limits)));
                editor.draw();
                press(&mut editor, "jjjji");
                check_body(editor.workspace().unwrap());
            }
        }
        2 => list(body),
        3 => looked_up(
            wire::storage_page(body)
                .ok()
                .map(|page| LookedUp::Storages(Ok(page.items))),
        ),
        4 => looked_up(
            wire::clusters(body)
                .ok()
                .map(|clusters| LookedUp::Clusters(Ok(clusters))),
        ),
        _ => looked_up(wire::auths(body).ok().map(|known| LookedUp::Credentials(Ok(known)))),
    }
}

fn endpoint(body: &[u8]) {
    let loaded = match wire::endpoint(body, ID) {
        Ok(loaded) => loaded,
        Err(error) => {
            let said = error.to_string();
            assert!(said.chars().count() < 4000, "{said}");
            return;
        }
    };
    for (width, height) in [(80, 24), (50, 14)] {
        let mut editor = Editor::on(loaded.clone(), width, height);
        check_body(editor.workspace().expect("a form"));
        // Details, all values, the review and its four views.
        press(&mut editor, "iqVnw\t\t\t");
    }
}

fn list(body: &[u8]) {
    let Ok(page) = wire::endpoint_page(body) else { return };
    let (mut editor, _) = Editor::start(80, 24, Surroundings::default(), None);
    let request = editor.model.request;
    editor.update(limits());
    editor.update(Event::Page(request, page.items));
    editor.draw();
    press(&mut editor, "jSSj/a");
}

/// The fields that name what was looked up, with what is offered there.
fn looked_up(looked_up: Option<LookedUp>) {
    let Some(looked_up) = looked_up else { return };
    let mut editor = Editor::on(llama(), 80, 24);
    editor.update(Event::Lookup(looked_up));
    let opened = Event::Opened(ID.to_owned(), Box::new(Opened::ours()));
    editor.update(opened);
    editor.draw();
    press(&mut editor, "j\rus-\x1b/auth id\r\r\x1b");
}

fn press(editor: &mut Editor, keys: &str) {
    for c in keys.chars() {
        let code = match c {
            '\r' => KeyCode::Enter,
            '\t' => KeyCode::Tab,
            '\x1b' => KeyCode::Esc,
            c => KeyCode::Char(c),
        };
        let frame = editor.frame;
        editor.update(Event::Key(Press::seen(KeyEvent::new(code, KeyModifiers::NONE), frame)));
        editor.draw();
    }
}
