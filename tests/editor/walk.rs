//! Every screen at every size: nothing panics, and whatever is shown fits.

use novita_edit::session::{Outcome, Step};
use novita_edit::store::History;
use novita_edit::tui::event::Event;

use crate::harness::{Editor, ID, cut, llama, refused, surroundings, unsent};
use crate::loading::picker;
use crate::review::reviewing;
use crate::saving::{ended, not_known, not_saved, saved, step};
use crate::situations::{found, opening, three_clashes};

/// Every screen and popup, by name.
fn scenes() -> Vec<(&'static str, Editor)> {
    let form = |keys: &str| {
        let mut editor = Editor::form();
        editor.keys(keys);
        editor
    };
    let mut saving = reviewing();
    saving.keys("<Enter>");
    saving.event(step(Step::Check, 2, Some(unsent())));
    let mut history = form("H");
    history.event(Event::Past(ID.into(), Ok(History::default())));
    let mut filtered = picker();
    filtered.keys("/comfy");
    let mut failed = Editor::starting((80, 24), surroundings(), Some(ID));
    failed.load(Err(cut("GET /endpoint")));
    let refusal = refused(
        "POST /endpoint/update",
        400,
        "VALIDATOR_PARAM",
        "workerConfig.maxNum: no",
    );
    vec![
        ("picker", picker()),
        ("picker with a filter", filtered),
        ("loading", Editor::starting((80, 24), surroundings(), Some(ID))),
        ("loading failed", failed),
        ("form", form("")),
        ("form at its end", form("G")),
        ("a number", form("/max w<Enter>12")),
        ("a long text", form("/command<Enter><Enter>")),
        ("a choice", form("/policy t<Enter><Enter>")),
        ("an env", form("/HF_TOKEN<Enter><Enter>")),
        ("a new env", form("/HF_TOKEN<Enter>a")),
        ("a volume", form("/models<Enter><Enter>")),
        ("a look-up", form("/cluster<Enter><Enter>")),
        ("find", form("/h")),
        ("palette", form(":re")),
        ("help", form("?")),
        ("details", form("i")),
        ("scale", form("s")),
        ("quitting", form("/max w<Enter>6<Enter>q")),
        ("review", form("/max w<Enter>6<Enter>w")),
        ("diff", form("/max w<Enter>6<Enter>w<Tab>")),
        ("body", form("/max w<Enter>6<Enter>w<Tab><Tab>V")),
        ("curl", form("/max w<Enter>6<Enter>w<S-Tab>")),
        ("saving", saving),
        ("saved", ended(saved())),
        ("not saved", ended(not_saved())),
        ("not known", ended(not_known())),
        ("refused", ended(Outcome::Refused(refusal))),
        ("conflict", three_clashes((80, 24))),
        ("draft", opening(llama(), (80, 24), found(|_| ()))),
        ("history", history),
    ]
}

#[test]
fn every_screen_is_drawn_at_every_size() {
    const WIDTHS: [u16; 7] = [20, 40, 41, 79, 80, 120, 250];
    const HEIGHTS: [u16; 6] = [5, 12, 14, 24, 40, 70];
    for (name, mut editor) in scenes() {
        for width in WIDTHS {
            for height in HEIGHTS {
                editor.resize(width, height);
                let screen = editor.screen();
                assert!(!screen.trim().is_empty(), "{name} at {width}×{height} is blank");
                assert_eq!(
                    screen.lines().count(),
                    usize::from(height),
                    "{name} at {width}×{height}"
                );
                if width < 40 || height < 12 {
                    assert!(screen.contains("need 40"), "{name} at {width}×{height}:\n{screen}");
                }
            }
        }
    }
}
