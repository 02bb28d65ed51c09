//! The picker, loading, reading again, limits that come late or never.

use std::time::Duration;

use novita_edit::api::ApiError;
use novita_edit::endpoint::{Number, Summary};
use novita_edit::session::Repetition;
use novita_edit::tui::event::{Effect, Event};
use novita_edit::tui::model::{Opened, Screen};

use crate::harness::{Editor, ID, cut, limits_event, llama, only, refused, summaries, surroundings};
use crate::situations::picker_of;

pub fn picker() -> Editor {
    picker_of(summaries())
}

#[test]
fn endpoint_and_limits_are_asked_for_at_the_same_time() {
    let mut editor = Editor::starting((80, 24), surroundings(), Some(ID));
    let asked = editor.asked();
    assert!(asked.contains(&Effect::LoadLimits), "{asked:?}");
    assert!(
        asked.iter().any(|e| matches!(e, Effect::Load(_, id) if id == ID)),
        "{asked:?}"
    );
}

#[test]
fn the_picker_opens_the_focused_endpoint() {
    let mut editor = picker();
    editor.keys("jk<Down><Enter>");
    let request = editor.model.request;
    let id = || "ep_b40c55de".to_owned();
    assert_eq!(
        editor.asked(),
        [Effect::Load(request, id()), Effect::OpenEndpoint(id())]
    );
    editor.shows("Reading ep_b40c55de");
}

#[test]
fn the_picker_filters_by_name_id_image_and_state() {
    for (typed, wanted) in [
        ("WHISPER", "whisper-large-v3"),
        ("b40c", "comfy-render"),
        ("vllm", "llama-3-8b"),
        ("failed", "whisper-large-v3"),
        ("render serving", "comfy-render"),
    ] {
        let mut editor = picker();
        editor.keys(&format!("/{typed}"));
        let shown = summaries().iter().filter(|s| editor.screen().contains(&s.name)).count();
        assert_eq!(shown, 1, "{typed}\n{}", editor.screen());
        editor.shows(wanted);
    }
}

#[test]
fn letters_type_while_the_filter_is_open_and_esc_brings_all_back() {
    let mut editor = picker();
    editor.keys("/q");
    assert_eq!(editor.asked(), []);
    editor.shows("No endpoint matches the filter.");
    editor.keys("<Esc>");
    editor.shows("llama-3-8b").shows("whisper-large-v3");
    editor.keys("q");
    assert_eq!(editor.asked(), [Effect::Quit]);
}

#[test]
fn enter_ends_the_filter_and_opens_at_the_second_time_however_many_are_left() {
    for typed in ["whisper", "r"] {
        let mut editor = picker();
        editor
            .keys(&format!("/{typed}"))
            .shows("Enter done")
            .hides("Enter open");
        editor.keys("<Enter>").shows("Enter open").shows("Esc show all");
        assert_eq!(editor.asked(), [], "{typed}");
        let focused = editor.line("›");
        editor.keys("<Enter>");
        let asked = editor.asked();
        let [Effect::Load(_, id), Effect::OpenEndpoint(_)] = &asked[..] else {
            panic!("{asked:?}")
        };
        assert!(focused.contains(id), "{focused} {id}");
    }
}

#[test]
fn what_the_filter_chose_keeps_the_focus_when_better_matches_come() {
    let mut editor = Editor::starting((80, 24), surroundings(), None);
    let request = editor.model.request;
    let all = summaries();
    editor.event(Event::Page(request, all[1..].to_vec()));
    editor.keys("/l");
    editor.shows("whisper-large-v3");
    editor.keys("<Enter>");
    let focused = editor.line("›");
    editor.event(Event::Page(request, all[..1].to_vec()));
    editor.shows("llama-3-8b");
    assert_eq!(editor.line("›"), focused);
    editor.keys("<Esc>").shows("comfy-render");
    assert_eq!(editor.line("›"), focused, "without the filter too");
}

#[test]
fn the_hints_under_a_filter_being_typed_are_its_own() {
    let mut editor = picker();
    editor
        .keys("/")
        .shows("Enter done  ↑↓ choose  Esc show all  Ctrl-U clear");
    let mut editor = Editor::form();
    editor
        .keys("f")
        .shows("Enter done  ↑↓ choose  Esc show all  Ctrl-U clear");
    editor.keys("hf<C-u>").shows("12 of 12");
}

#[test]
fn pages_of_an_old_list_are_ignored() {
    let mut editor = picker();
    let old = editor.model.request;
    editor.keys("r");
    editor.event(Event::Page(old, summaries()));
    editor.event(Event::ListEnd(old, Err(cut("GET /endpoints"))));
    editor.shows("reading…").hides("connection reset");
    assert_eq!(
        editor.screen().matches("llama-3-8b").count(),
        1,
        "what came late is not there twice"
    );
}

#[test]
fn a_list_that_is_read_anew_can_be_used_meanwhile() {
    let mut editor = picker();
    editor.keys("<Enter>");
    open_llama(&mut editor);
    editor.keys("o").shows("llama-3-8b").shows("reading…");
    // Keys are for what is on the screen, whatever is still to come.
    editor.keys("j");
    let mut other = summaries();
    other.insert(0, other[2].clone());
    other[0].id = "ep_new".into();
    editor.event(Event::Page(editor.model.request, other));
    editor.hides("ep_new");
    editor.event(Event::ListEnd(editor.model.request, Ok(())));
    editor.shows("ep_new").hides("reading…");
    assert!(editor.line("comfy-render").starts_with('›'), "{}", editor.screen());
    // When the reading fails, what was there stays, and that it failed is told.
    editor.keys("r");
    editor.event(Event::ListEnd(editor.model.request, Err(cut("GET /endpoints"))));
    editor.shows("comfy-render").shows("connection reset");
}

#[test]
fn a_list_that_is_short_or_broke_off_shows_what_came_and_says_what_is_missing() {
    let mut editor = Editor::starting((80, 24), surroundings(), None);
    let request = editor.model.request;
    editor.event(Event::Page(request, summaries()));
    editor.event(Event::ListEnd(request, Err(only(3, 4, None))));
    editor.shows("3 of 4 came").shows("llama-3-8b");
    editor.shows("! Only 3 of 4 endpoints came: api.test counts more than its pages have.");
    // Read anew and just as short, it is the newest there is.
    editor.keys("r");
    editor.event(Event::Page(editor.model.request, summaries()[..2].to_vec()));
    editor.event(Event::ListEnd(editor.model.request, Err(only(2, 3, None))));
    editor.shows("2 of 3 came").hides(&summaries()[2].name);
    // One that broke off isn't: what was there before stays.
    editor.keys("r");
    editor.event(Event::Page(editor.model.request, summaries()[..1].to_vec()));
    let end = only(1, 3, Some(cut("GET /endpoints")));
    editor.event(Event::ListEnd(editor.model.request, Err(end)));
    editor.shows("broke off").shows(&summaries()[1].name);
    editor.shows("✗ The list was not read anew, and stands as it was before. Only 1 of 3");
}

#[test]
fn a_name_is_not_opened_by_a_list_that_may_lack_another_of_that_name() {
    let name = summaries()[0].name.clone();
    let mut editor = Editor::starting((80, 24), surroundings(), Some(&name));
    editor.load(Err(refused("GET /endpoint", 404, "", "no")));
    editor.asked();
    editor.event(Event::Page(editor.model.request, summaries()));
    editor.event(Event::ListEnd(editor.model.request, Err(only(3, 4, None))));
    assert_eq!(editor.asked(), []);
    editor
        .shows(&name)
        .hides(&summaries()[2].name)
        .shows("Only 3 of 4 endpoints came");
}

fn open_llama(editor: &mut Editor) {
    editor.event(Event::Opened(ID.into(), Box::new(Opened::ours())));
    editor.load(Ok(llama()));
    editor.asked();
}

#[test]
fn an_empty_account_and_a_broken_list_each_say_so() {
    let mut editor = Editor::starting((80, 24), surroundings(), None);
    let request = editor.model.request;
    editor.event(Event::ListEnd(request, Ok(())));
    editor.shows("This account has no serverless endpoints.");
    let mut editor = Editor::starting((80, 24), surroundings(), None);
    editor.event(Event::Page(request, summaries()));
    editor.event(Event::ListEnd(request, Err(cut("GET /endpoints"))));
    editor.shows("connection reset").shows("llama-3-8b");
}

#[test]
fn a_late_answer_to_an_older_endpoint_is_ignored() {
    let mut editor = picker();
    editor.keys("<Enter>");
    let old = editor.model.request;
    editor.keys("<Esc>");
    editor.event(Event::Page(editor.model.request, summaries()));
    editor.keys("j<Enter>");
    editor.event(Event::Loaded(old, Box::new(Ok(llama())), "14:03".into()));
    assert!(
        matches!(&editor.model.screen, Screen::Loading(loading) if loading.id == "ep_b40c55de"),
        "{}",
        editor.screen()
    );
}

#[test]
fn an_endpoint_that_cannot_be_read_is_an_error_page_with_a_way_on() {
    let mut editor = Editor::starting((80, 24), surroundings(), Some("ep_none"));
    editor.asked();
    editor.load(Err(cut("GET /endpoint")));
    editor.shows("ep_none could not be read").shows("broke before");
    editor.keys("r");
    let asked = editor.asked();
    assert!(
        asked
            .iter()
            .any(|e| matches!(e, Effect::Load(_, id) if id == "ep_none")),
        "{asked:?}"
    );
    // Asked for once more by hand, it is no name any more.
    editor.load(Err(not_found()));
    editor.shows("SERVERLESS_ENDPOINT_NOT_FOUND");
    editor.keys("o");
    assert!(matches!(editor.asked()[..], [Effect::Disown, Effect::LoadList(_), ..]));
}

fn not_found() -> ApiError {
    refused(
        "GET /endpoint",
        400,
        "SERVERLESS_ENDPOINT_NOT_FOUND",
        "endpoint not found",
    )
}

/// The program, started with this, once the server said that it is no id and all endpoints are known.
fn started_with(name: &str, endpoints: Vec<Summary>, keys: &str) -> Editor {
    let mut editor = Editor::starting((80, 24), surroundings(), Some(name));
    editor.load(Err(not_found()));
    editor.shows("Choose an endpoint");
    editor.event(Event::Page(editor.model.request, endpoints));
    editor.keys(keys);
    editor.asked();
    editor.event(Event::ListEnd(editor.model.request, Ok(())));
    editor
}

#[test]
fn it_can_be_started_with_the_name_of_an_endpoint() {
    let opens = |mut editor: Editor| match editor.asked().into_iter().next() {
        Some(Effect::Load(_, id)) => Some(id),
        _ => None,
    };
    assert_eq!(opens(started_with("llama-3-8b", summaries(), "")).as_deref(), Some(ID));
    // Not over the head of somebody who is choosing already.
    assert_eq!(opens(started_with("llama-3-8b", summaries(), "j")), None);
    // Nor while something is typed: the rest of it would act as keys.
    let mut editor = started_with(ID, summaries(), "/com");
    editor
        .shows("SERVERLESS_ENDPOINT_NOT_FOUND")
        .shows("Choose an endpoint");
    editor.keys("fy").shows("comfy-render").hides("whisper");
    let mut editor = started_with("nobody", summaries(), "/com");
    editor.keys("fy").shows("comfy-render").hides("whisper");
    let editor = started_with("llama", summaries(), "");
    editor
        .shows("No endpoint has the id or the name llama. Choose one:")
        .hides("whisper");
    assert_eq!(opens(editor), None);
    let mut twice = summaries();
    twice[1].name = twice[0].name.clone();
    let editor = started_with("llama-3-8b", twice, "");
    editor.shows("2 endpoints have this name. Choose one:").hides("whisper");
    assert_eq!(opens(editor), None);
    // An id that the server lists and can't be read is no name.
    let editor = started_with(ID, summaries(), "");
    editor
        .shows("ep_7f3a91c2 could not be read.")
        .shows("SERVERLESS_ENDPOINT_NOT_FOUND")
        .hides("No endpoint has");
}

#[test]
fn limits_that_come_after_the_form_are_checked_at_once() {
    let mut editor = Editor::starting((80, 24), surroundings(), Some(ID));
    editor.event(Event::Opened(ID.into(), Box::new(Opened::ours())));
    editor.load(Ok(llama()));
    editor.keys("/max w<Enter>12<Enter>");
    editor.hides("is above 10");
    editor.event(limits_event());
    editor.shows("12 is above 10");
    assert!(editor.line("Max workers  ").contains("0–10"));
}

#[test]
fn limits_that_come_while_a_number_is_typed_are_checked_at_once() {
    let mut editor = Editor::starting((80, 24), surroundings(), Some(ID));
    editor.event(Event::Opened(ID.into(), Box::new(Opened::ours())));
    editor.load(Ok(llama()));
    editor.keys("/max w<Enter>12");
    editor.event(limits_event());
    editor.shows("12 is above 10");
    editor.keys("<Enter>");
    assert_eq!(editor.now().workers.max_num.text(), "12");
}

#[test]
fn limits_that_cannot_be_had_are_told_and_asked_for_again_on_request() {
    let mut editor = Editor::starting((80, 24), surroundings(), Some(ID));
    editor.event(Event::Opened(ID.into(), Box::new(Opened::ours())));
    editor.load(Ok(llama()));
    editor.event(Event::Limits(Err(cut("GET /endpoint/limit"))));
    editor.shows("limits");
    editor.asked();
    editor.keys("r");
    assert!(editor.asked().contains(&Effect::LoadLimits));
}

#[test]
fn a_range_broken_by_a_loaded_value_is_a_warning_that_does_not_block() {
    let mut editor = Editor::with(|c| c.workers.max_num = Number::of(50));
    assert!(editor.line("Max workers  ").contains('!'));
    editor.keys("/idle<Enter>301<Enter>w<Enter>");
    assert!(editor.sent().is_some(), "{}", editor.screen());
}

#[test]
fn reading_again_takes_the_servers_values_when_nothing_is_edited() {
    for key in ["r", "<F5>"] {
        let mut editor = Editor::form();
        editor.keys(key);
        assert!(matches!(&editor.asked()[..], [Effect::Load(_, id)] if id == ID));
        let mut theirs = llama();
        theirs.config.workers.max_num = Number::of(9);
        editor.load(Ok(theirs));
        assert_eq!(editor.now().workers.max_num.text(), "9");
        editor.shows("Max workers");
        assert!(!editor.form_state().work.is_changed());
    }
}

#[test]
fn reading_again_never_discards_an_edit() {
    let mut editor = Editor::form();
    editor.keys("/max w<Enter>6<Enter>r");
    let mut theirs = llama();
    theirs.config.workers.free_timeout = Number::of(900);
    editor.load(Ok(theirs));
    assert_eq!(editor.now().workers.max_num.text(), "6");
    editor.shows("Changed on the server, and merged: Idle timeout. Your edits stand.");
    editor.keys("r");
    editor.load(Err(cut("GET /endpoint")));
    assert_eq!(editor.now().workers.max_num.text(), "6");
    editor.shows("Not read again");
}

#[test]
fn an_answer_to_reading_again_does_not_disturb_what_is_typed() {
    let mut editor = Editor::form();
    editor.keys("r/max w<Enter>9");
    let mut theirs = llama();
    theirs.config.workers.free_timeout = Number::of(900);
    editor.load(Ok(theirs));
    editor.keys("<Enter>");
    assert_eq!(editor.now().workers.max_num.text(), "9");
}

#[test]
fn an_unreported_request_timeout_is_shown_as_unknown_and_an_error() {
    let editor = Editor::with(|c| c.workers.request_timeout = Number::unknown());
    let line = editor.line("Request timeout");
    assert!(line.contains("(unknown)") && line.contains('✗'), "{line}");
}

#[test]
fn a_read_that_is_repeated_says_so_and_can_be_stopped() {
    let again = || Repetition {
        count: 1,
        pause: Duration::from_millis(500),
        why: Some(cut("GET /endpoint")),
    };
    let mut editor = Editor::starting((80, 24), surroundings(), Some(ID));
    editor.event(Event::Again(editor.model.request, again()));
    editor.shows("again, 1 of 3, after 0.5 s: The connection to api.test broke");
    let mut editor = Editor::form();
    editor.keys("r");
    editor.asked();
    editor.event(Event::Again(editor.model.request, again()));
    editor.shows("Reading the endpoint again, 1 of 3");
    let old = editor.model.request;
    editor.keys("<Esc>");
    assert_eq!(editor.asked(), [Effect::CancelRead]);
    editor.shows("Stopped reading; the form is as it was.");
    editor.event(Event::Again(old, again()));
    editor.hides("1 of 3");
    let mut editor = Editor::starting((80, 24), surroundings(), None);
    editor.event(Event::Page(editor.model.request, summaries()));
    editor.event(Event::Again(editor.model.request, again()));
    editor.shows("Reading the list again, 1 of 3").shows("comfy-render");
    editor.event(Event::Page(editor.model.request, summaries()));
    editor.event(Event::ListEnd(editor.model.request, Ok(())));
    editor.shows("3 of 3").hides("again, 1 of 3");
}

#[test]
fn the_picker_filters_fuzzily_sorts_and_begins_with_the_last_endpoint_opened() {
    let mut editor = Editor::starting((80, 24), surroundings(), None);
    assert!(editor.asked().contains(&Effect::LoadRecent));
    editor.event(Event::Recent(vec!["ep_b40c55de".into()]));
    editor.event(Event::Page(editor.model.request, summaries()));
    editor.event(Event::ListEnd(editor.model.request, Ok(())));
    assert!(editor.line("comfy-render").starts_with('›'), "{}", editor.screen());
    editor.keys("S");
    editor.shows("by name");
    let screen = editor.screen();
    let at = |name: &str| screen.find(name).unwrap();
    assert!(at("comfy-render") < at("llama-3-8b") && at("llama-3-8b") < at("whisper-large-v3"));
    editor.keys("/whsp<Enter><Enter>");
    assert!(matches!(&editor.asked()[..], [Effect::Load(_, id), ..] if id == "ep_19e0d3aa"));
    // Whoever moved already keeps their place.
    let mut editor = picker();
    editor.keys("j");
    editor.event(Event::Recent(vec!["ep_19e0d3aa".into()]));
    assert!(editor.line("comfy-render").starts_with('›'), "{}", editor.screen());
}

#[test]
fn a_row_that_somebody_moved_to_stays_when_a_list_read_anew_has_better_matches() {
    let mut editor = picker();
    // Scattered letters only.
    editor.keys("/cmrd<Enter>").shows("comfy-render");
    assert!(editor.line("comfy-render").starts_with('›'), "{}", editor.screen());
    editor.keys("r");
    let mut other = summaries();
    other[0].name = "cmrd".into();
    editor.event(Event::Page(editor.model.request, other));
    editor.event(Event::ListEnd(editor.model.request, Ok(())));
    assert!(editor.line("comfy-render").starts_with('›'), "{}", editor.screen());
}
