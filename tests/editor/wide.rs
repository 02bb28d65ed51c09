//! Wide terminals: what there is room for is shown whole.

use novita_edit::endpoint::{EnvVar, LoadedEndpoint, Number, Summary};
use novita_edit::store::{History, SendOutcome};

use crate::harness::{Editor, llama};
use crate::situations::{past_of, picker_of, record, three_clashes};

const IMAGE: &str = "registry.example.com/team/comfyui-worker:2.4.1-cu124";
const SIZES: [(u16, u16); 5] = [(100, 40), (120, 40), (160, 40), (200, 50), (250, 60)];

/// One with long texts, as real ones have them.
fn long() -> LoadedEndpoint {
    let mut endpoint = llama();
    endpoint.config.image.image = IMAGE.into();
    endpoint.config.envs[0] = EnvVar::new("HF_TOKEN", "hf_0123456789abcdefghij");
    endpoint
}

#[test]
fn nothing_of_the_form_is_cut_from_100_columns_on_where_the_rows_allow_it() {
    for size in SIZES {
        let mut editor = Editor::on(long(), size);
        editor.looked_up().keys("/HF_TOKEN<Enter>v");
        let screen = editor.screen();
        assert!(!screen.contains('…'), "{size:?}\n{screen}");
        editor
            .shows("hf_0123456789abcdefghij")
            .shows("VLLM_WORKER_MULTIPROC_METHOD");
        editor.shows("hf-cache (stor_9)").shows("--max-model-len 8192");
    }
}

#[test]
fn a_long_image_is_whole_in_one_row_or_goes_on_in_the_next() {
    assert!(Editor::on(long(), (200, 40)).screen().contains(IMAGE));
    let narrow = Editor::on(long(), (120, 40));
    let (first, rest) = IMAGE.split_at(IMAGE.rfind('/').unwrap() + 1);
    narrow.shows(first).shows(rest);
    assert_eq!(narrow.place(first).y + 1, narrow.place(rest).y);
    // Without spare rows it is cut in its middle, so that the tag shows.
    assert!(Editor::on(long(), (80, 24)).line("Image     regis").contains("1-cu124"));
}

#[test]
fn the_panes_that_hold_texts_get_most_of_what_is_beyond_80_columns() {
    let width_of = |editor: &Editor, title: &str| {
        let line = editor.line(title);
        let pane = line.split(title).nth(1).unwrap();
        pane.chars().take_while(|c| *c != '┐').count()
    };
    let mut before = (0, 0);
    for size in SIZES.into_iter().skip(1) {
        let editor = Editor::on(long(), size);
        editor.shows("─ Details ─");
        let now = (width_of(&editor, "General "), width_of(&editor, "Image "));
        assert!(
            now.0 >= before.0 && now.1 > before.1,
            "{size:?}: {now:?} after {before:?}"
        );
        before = now;
    }
    assert!(before.1 > 2 * before.0, "{before:?}");
}

#[test]
fn a_number_and_its_range_stay_together_in_a_wide_flat_window() {
    let editor = Editor::on(long(), (250, 14));
    let line = editor.line("Min workers");
    assert!(line.find("0–10").unwrap() < 80, "{line}");
}

#[test]
fn the_list_of_endpoints_is_as_wide_as_its_texts() {
    let name = "a-name-that-somebody-made-up-for-the-nightly-batch-jobs";
    let one = |id: &str, name: &str| Summary {
        id: id.into(),
        name: name.into(),
        state: "initializing".into(),
        min_workers: "0".into(),
        max_workers: "10".into(),
        image: IMAGE.into(),
        ..Summary::default()
    };
    let endpoints = vec![one("6f9619ff-8b86-d011-b42d-00cf4fc964ff", name), one("ep_1", "short")];
    let mut editor = picker_of(endpoints);
    editor.resize(200, 24);
    for text in [
        name,
        "6f9619ff-8b86-d011-b42d-00cf4fc964ff",
        "initializing",
        "0–10",
        IMAGE,
    ] {
        editor.shows(text);
    }
    for (width, tag) in [(80, true), (50, false), (40, false)] {
        editor.resize(width, 24);
        let line = editor.line("a-name");
        assert!(line.chars().count() <= usize::from(width), "{line}");
        assert_eq!(line.ends_with("cu124"), tag, "{line}");
        let state = |line: &str| line.find(" initi").map(|at| line[..at].chars().count());
        assert_eq!(state(&line), state(&editor.line("short")), "columns at {width}");
    }
}

#[test]
fn the_history_tells_as_many_changes_as_there_is_room_for() {
    let history = || History {
        records: vec![record("23T13:58", SendOutcome::Stored, |config| {
            config.workers.max_num = Number::of(6);
            config.workers.min_num = Number::of(2);
            config.workers.free_timeout = Number::of(600);
            config.workers.max_concurrent = Number::of(16);
            config.name = "another-name".into();
        })],
        skipped: 0,
        ..History::default()
    };
    let narrow = past_of(history(), (50, 14));
    assert!(narrow.line("23 Nov").ends_with(", 4 more│"));
    narrow.shows("Max workers 5 → 6"); // All of it under the list.
    let usual = past_of(history(), (80, 24));
    usual.shows("Name llama-3-8b → another-name, 4 more");
    let wide = past_of(history(), (200, 24));
    wide.shows("Idle timeout 300 s → 600 s")
        .shows("Max concurrency 8 → 16")
        .hides("more");
}

#[test]
fn the_clashes_are_listed_with_both_sides_and_values_stay_masked() {
    let mut editor = three_clashes((120, 30));
    editor
        .shows("mine 6")
        .shows("theirs 9")
        .shows("theirs HF_TOKEN = ••••••");
    assert!(editor.line("Max workers").contains("mine 6"), "in the row of the list");
    editor.keys("V").shows("mine HF_TOKEN = mine");
    editor.resize(80, 24).hides("mine 6");
}
