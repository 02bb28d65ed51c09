//! The list of endpoints when there are thousands: what it shows doesn't depend on how it came about.

use novita_edit::endpoint::Summary;
use novita_edit::tui::event::Event;

use crate::harness::{Editor, surroundings};

fn endpoints(count: usize) -> Vec<Summary> {
    let projects = ["llama-3", "Comfy-Render", "whisper", "flux", "embed"];
    let states = ["serving", "stopped", "failed"];
    (0..count)
        .map(|at| Summary {
            id: format!("ep_{:06x}", at * 7919 % 0x00ff_ffff),
            name: format!("{}-{:04}", projects[at * 31 % 5], at * 17 % count),
            state: states[at % 3].into(),
            image: format!("registry.example.com/team-{}/worker:2.{}", at % 37, at % 11),
            ..Summary::default()
        })
        .collect()
}

/// The list that is read page by page; after some pages, keys.
fn read(all: &[Summary], pages: usize, typed: &[(usize, &str)]) -> Editor {
    let mut editor = Editor::starting((100, 24), surroundings(), None);
    let size = all.len().div_ceil(pages);
    for (at, page) in all.chunks(size).enumerate() {
        for (_, keys) in typed.iter().filter(|(after, _)| *after == at) {
            editor.keys(keys);
        }
        editor.event(Event::Page(editor.model.request, page.to_vec()));
    }
    editor.event(Event::ListEnd(editor.model.request, Ok(())));
    for (_, keys) in typed.iter().filter(|(after, _)| *after >= pages) {
        editor.keys(keys);
    }
    editor
}

#[test]
fn a_list_typed_into_while_its_pages_come_is_the_same_as_one_that_was_whole() {
    for count in [300, 3000] {
        let all = endpoints(count);
        for keys in [
            "/llama-3",
            "/comfy 12",
            "S/whis",
            "SS/embed 3",
            "/flux !stopped",
            "SS",
            "/^whis 2.3",
        ] {
            let whole = read(&all, 1, &[(1, keys)]).screen();
            assert!(!whole.contains("No endpoint matches"), "{keys}:\n{whole}");
            let letters: Vec<String> = keys.chars().map(String::from).collect();
            let typed: Vec<(usize, &str)> = letters.iter().enumerate().map(|(at, key)| (at, key.as_str())).collect();
            assert_eq!(
                read(&all, 5, &typed).screen(),
                whole,
                "{keys} of {count}, typed while it came"
            );
            let detour = format!("{keys}xq<BS><BS>");
            assert_eq!(read(&all, 1, &[(1, &detour)]).screen(), whole, "{detour}");
        }
    }
}

#[test]
fn what_was_moved_to_stays_in_focus_when_more_comes() {
    let all = endpoints(3000);
    for keys in ["jjj", "/llama<Down><Down>", "Sjj", "/whis<Enter>Sj"] {
        let mut editor = Editor::starting((100, 24), surroundings(), None);
        let mut pages = all.chunks(1000);
        editor.event(Event::Page(editor.model.request, pages.next().unwrap().to_vec()));
        editor.keys(keys);
        let focused = |editor: &Editor| {
            let line = editor.line("›");
            line.split_whitespace().nth(1).unwrap().to_owned()
        };
        let before = focused(&editor);
        for page in pages {
            editor.event(Event::Page(editor.model.request, page.to_vec()));
            assert_eq!(focused(&editor), before, "after {keys}:\n{}", editor.screen());
        }
    }
}
