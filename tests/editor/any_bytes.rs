//! Over everything that can be in front: how bytes are cut into reads makes no difference, and no key does what nobody
//! can have meant.

use std::time::{Duration, Instant};

use novita_edit::endpoint::EndpointConfig;
use novita_edit::terminal::Clicks;
use novita_edit::terminal::Seen;
use novita_edit::terminal::{InputEvent, InputParser};
use novita_edit::tui::event::{Effect, Event};
use novita_edit::tui::model::Screen;
use novita_edit::tui::views::external_editor::Emptied;
use proptest::prelude::*;
use proptest::sample::{Index, select};

use crate::harness::Editor;
use crate::scenes;

const SIZE: (u16, u16) = (80, 24);

/// What a terminal sends for these reads, none of which is given up while the clock stands still.
fn parsed(reads: &[&[u8]]) -> Vec<InputEvent> {
    let mut parser = InputParser::new(Duration::from_millis(50));
    let mut events = Vec::new();
    let now = Instant::now();
    reads.iter().for_each(|read| parser.feed(read, now, &mut events));
    parser.finish(&mut events);
    events
}

/// The events as the loop gives them to `update`: all read with one frame on the terminal.
fn typed(events: Vec<InputEvent>, frame: u64) -> Vec<Event> {
    let seen = Seen {
        newest: frame,
        settled: frame,
    };
    let (mut clicks, now) = (Clicks::default(), Instant::now());
    let of = |(at, event)| match event {
        InputEvent::Mouse(report) => clicks.action(report, now).map(|action| Event::mouse(action, frame)),
        event => Event::typed(event, seen, at == 0),
    };
    events.into_iter().enumerate().filter_map(of).collect()
}

/// What a person can tell an editor by.
#[derive(Debug, PartialEq)]
struct State {
    screen: String,
    now: Option<EndpointConfig>,
    effects: Vec<Effect>,
}

fn state(editor: &mut Editor) -> State {
    State {
        screen: editor.undrawn(),
        now: match &editor.model.screen {
            Screen::Form(form) => Some(form.work.now().clone()),
            _ => None,
        },
        effects: std::mem::take(&mut editor.effects),
    }
}

fn scene(at: Index) -> Editor {
    let all: Vec<_> = scenes::all().collect();
    let mut editor = (all[at.index(all.len())].at)(SIZE);
    editor.effects.clear();
    editor
}

fn after(at: Index, reads: &[&[u8]]) -> State {
    let mut editor = scene(at);
    let frame = editor.frame();
    for event in typed(parsed(reads), frame) {
        editor.undrawn_event(event);
    }
    state(&mut editor)
}

/// Keys as terminals send them, and parts of them.
fn key() -> impl Strategy<Value = Vec<u8>> {
    prop_oneof![
        6 => (0x20u8..0x7f).prop_map(|byte| vec![byte]),
        6 => select(&b"qdwoekysux12\r\t\x18\x13\x03"[..]).prop_map(|byte| vec![byte]),
        4 => select(vec![&b"\x1b"[..], b"\x1bb", b"\x1bf", b"\x1bd", b"\x1b\x7f", b"\x1bq", b"\x1bw", b"\x1b\t", b"\x1b\r"])
            .prop_map(<[u8]>::to_vec),
        2 => select(vec![&b"w\r"[..], b"q\x18", b"o\x18", b"qd", b"s+\r\r", b"w\t\r", b":quit\r", b"B\r"]).prop_map(<[u8]>::to_vec),
        3 => select(vec![&b"\x1b[A"[..], b"\x1b[B", b"\x1b[1;3D", b"\x1b[98;3u", b"\x1b[6~", b"\x1b[Z", b"\x1bOP", b"\x1b[91;5u"])
            .prop_map(<[u8]>::to_vec),
        1 => select(vec!["é", "ц", "日", "👩"]).prop_map(|text| text.as_bytes().to_vec()),
        1 => select(vec![&b"\x1b[200~A=1\rB=2\r\x1b[201~"[..], b"\x1b[200~text\x1b[201~", b"\x1b[200~x"]).prop_map(<[u8]>::to_vec),
        1 => (0u8..0x20).prop_map(|byte| vec![byte]),
    ]
}

fn click() -> impl Strategy<Value = Vec<u8>> {
    (1u8..80, 1u8..24).prop_map(|(x, y)| format!("\x1b[<0;{x};{y}M").into_bytes())
}

fn keys(most: usize) -> impl Strategy<Value = Vec<u8>> {
    prop::collection::vec(key(), 1..most).prop_map(|keys| keys.concat())
}

/// What can't be undone, or leaves.
fn weighs(effect: &Effect) -> bool {
    match effect {
        Effect::Save(..) | Effect::Quit | Effect::TakeOver(_) | Effect::FlushDraft(_) | Effect::CopyToFile(_) => true,
        Effect::Discard(_) | Effect::DiscardDraft => true,
        Effect::WriteFile(_, _, over) => *over,
        _ => false,
    }
}

fn editor_text(editor: &Editor) -> usize {
    match &editor.model.screen {
        Screen::Form(form) => form.editor_texts.len(),
        _ => 0,
    }
}

proptest! {
    #[test]
    fn however_bytes_are_cut_into_reads_they_do_the_same(
        at in any::<Index>(),
        pieces in prop::collection::vec(prop_oneof![8 => key(), 1 => click()], 1..12),
        cut in any::<Index>(),
    ) {
        let bytes = pieces.concat();
        let whole = after(at, &[&bytes]);
        let (head, tail) = bytes.split_at(cut.index(bytes.len() + 1));
        prop_assert_eq!(&whole, &after(at, &[head, tail]));
        let single: Vec<&[u8]> = bytes.chunks(1).collect();
        prop_assert_eq!(&whole, &after(at, &single));
    }

    #[test]
    fn with_frames_between_only_keys_that_weigh_do_something_else(at in any::<Index>(), bytes in keys(12)) {
        let (mut ahead, mut seen) = (scene(at), scene(at));
        let frame = ahead.frame();
        let same = parsed(&[&bytes]).into_iter().enumerate();
        for (event, (at, same)) in typed(parsed(&[&bytes]), frame).into_iter().zip(same) {
            ahead.undrawn_event(event);
            // Of ESC and a key the second half may have said something since.
            let told = [&ahead.model.notice, &ahead.model.noticed];
            if told.into_iter().flatten().any(|notice| notice.text.starts_with("Nothing was done:")) {
                break;
            }
            let settled = Seen { newest: seen.frame(), settled: seen.frame() };
            seen.event(Event::typed(same, settled, at == 0).unwrap());
            prop_assert_eq!(state(&mut ahead), state(&mut seen));
        }
    }

    #[test]
    fn in_one_read_with_an_esc_nothing_is_sent_discarded_or_left(
        at in any::<Index>(),
        before in keys(4),
        first in select(&b"qdwoekysux123bfjt\r\t \x7f\x18\x13\x03"[..]),
        rest in keys(12),
    ) {
        let mut editor = scene(at);
        let frame = editor.frame();
        for event in typed(parsed(&[&before, b"x"]), frame) {
            editor.undrawn_event(event);
        }
        editor.effects.clear();
        // Esc is an answer to that question: the variables stay, and the text without any goes.
        let is_asked = editor.model.views.find::<Emptied>().is_some();
        let texts = if is_asked { 0 } else { editor_text(&editor) };
        for event in typed(parsed(&[&[b"\x1b", &[first][..], &rest].concat()]), frame) {
            editor.undrawn_event(event);
        }
        prop_assert!(!editor.effects.iter().any(weighs), "{:?}", editor.effects);
        prop_assert!(editor_text(&editor) >= texts || editor.model.is_bare(), "a text was thrown away");
    }

    #[test]
    fn what_opens_a_question_never_answers_it(at in any::<Index>(), bytes in keys(20)) {
        let mut editor = scene(at);
        let asked = !editor.model.is_bare();
        let frame = editor.frame();
        for event in typed(parsed(&[&bytes]), frame) {
            editor.undrawn_event(event);
        }
        let sent = editor.effects.iter().any(|effect| weighs(effect) && !matches!(effect, Effect::Quit | Effect::FlushDraft(_)));
        prop_assert!(asked || !sent, "{:?}", editor.effects);
    }
}
