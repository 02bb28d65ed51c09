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

#[test]
fn a_filter_shows_what_matches_literally_in_one_column_and_scattered_letters_only_without_that() {
    let all: Vec<Summary> = (0..3000)
        .map(|at| Summary {
            id: format!("ep_{at:06}"),
            name: format!("{}-{at:05}-prod", ["llama", "embed", "flux-fair"][at % 3]),
            state: ["serving", "failed", "stopped"][at % 3].into(),
            image: format!("acme/{}:{}", ["vllm", "whisper", "flux"][at % 3], at % 10),
            ..Summary::default()
        })
        .collect();
    let count = |keys: &str| {
        let screen = read(&all, 3, &[(3, keys)]).screen();
        let line = screen.lines().next().unwrap_or_default().to_owned();
        line.split_whitespace().rev().nth(3).unwrap_or_default().to_owned()
    };
    assert_eq!(count("/failed"), "1000");
    // `fair` and `failed`, and nothing where the letters are merely somewhere.
    assert_eq!(count("/fai"), "2000");
    // No word goes from one column into the next.
    assert_eq!(count("/prodwhisper"), "0");
    assert_eq!(count("/prod whisper"), "1000");
    // Without a literal match letters in order are enough.
    assert_eq!(count("/lmprd"), "1000");
}

#[test]
fn a_list_that_grows_is_ranked_as_one_that_was_as_long_from_the_beginning() {
    let all = endpoints(2300);
    for keys in ["/cmfrd", "/rgstwrk", "/flux 12"] {
        let whole = read(&all, 1, &[(1, keys)]).screen();
        assert_eq!(read(&all, 23, &[(2, keys)]).screen(), whole, "{keys}");
    }
}

#[test]
fn what_was_moved_to_stays_also_when_something_comes_that_matches_literally() {
    let of = |id: &str, name: &str| Summary {
        id: id.into(),
        name: name.into(),
        ..Summary::default()
    };
    let mut editor = Editor::starting((80, 24), surroundings(), None);
    let request = editor.model.request;
    editor.event(Event::Page(
        request,
        vec![of("ep_1", "llama-big"), of("ep_2", "lama-b")],
    ));
    editor.keys("/lb<Down>");
    assert!(editor.line("›").contains("llama-big"), "{}", editor.screen());
    editor.event(Event::Page(request, vec![of("ep_3", "lb-cache")]));
    assert!(editor.line("›").contains("llama-big"), "{}", editor.screen());
    editor.keys("g").shows("llama-big").hides("lb-cache");
    editor.keys("<BS>").shows("lb-cache").hides("llama-big");
}
