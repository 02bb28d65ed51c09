//! Values that look masked: an error on their row until they are entered, deleted or said to be meant.

use std::collections::HashSet;

use novita_edit::endpoint::{EnvVar, LoadedEndpoint, Severity};
use novita_edit::store::{Redactor, StandingAnswer};
use novita_edit::tui::event::{Effect, Event};
use novita_edit::tui::model::{Opened, Surroundings};

use crate::harness::{Editor, ID, llama};
use crate::situations::{found, opening};

/// The pictured endpoint, whose token the server hides.
pub fn hidden() -> LoadedEndpoint {
    let mut endpoint = llama();
    endpoint.config.envs.retain(|env| env.key != "9LIVES");
    endpoint.config.envs[0] = EnvVar::new("HF_TOKEN", "hf_****ken");
    endpoint
}

fn on_it() -> Editor {
    let mut editor = Editor::on(hidden(), (80, 24));
    editor.keys("/HF_TOKEN<Enter>");
    editor
}

fn errors(editor: &Editor) -> usize {
    let problems = editor.form_state().problems().iter();
    problems.filter(|problem| problem.severity == Severity::Error).count()
}

fn recorded(editor: &mut Editor) -> Vec<StandingAnswer> {
    let all = editor.asked().into_iter().filter_map(|effect| match effect {
        Effect::RecordAnswers(_, answers) => Some(answers),
        _ => None,
    });
    all.flatten().collect()
}

fn meant(value: &str) -> StandingAnswer {
    Redactor::default().meant_answer(&EnvVar::new("HF_TOKEN", value))
}

#[test]
fn a_loaded_value_that_looks_masked_is_an_error_though_nobody_touched_it() {
    let mut editor = Editor::on(hidden(), (80, 24));
    assert_eq!(errors(&editor), 1);
    editor.keys("/max w<Enter>6<Enter>w").keys("<Enter>");
    assert_eq!(editor.sent(), None);
    editor.shows("Nothing was sent. Environment HF_TOKEN value: looks masked");
    assert_eq!(editor.focus(), "HF_TOKEN");
    editor.keys("j").keys("k").shows("A it is meant");
}

#[test]
fn it_is_entered_or_deleted() {
    let mut editor = on_it();
    editor.keys("<Enter><C-u>real<Enter>");
    assert_eq!(errors(&editor), 0);
    editor.keys("u");
    assert_eq!(errors(&editor), 1);
    editor.keys("d");
    assert_eq!(errors(&editor), 0);
}

#[test]
fn one_key_says_that_it_is_meant_and_takes_that_back() {
    let mut editor = on_it();
    editor
        .keys("A")
        .shows("The value of HF_TOKEN is meant as it is; A takes that back.");
    assert_eq!(errors(&editor), 0);
    assert_eq!(recorded(&mut editor), [meant("hf_****ken")]);
    editor.keys("j").keys("k").shows("A not meant");
    editor.keys("A").shows("is not called meant any more");
    assert_eq!(errors(&editor), 1);
    assert_eq!(recorded(&mut editor), [meant("hf_****ken").taken_back()]);
    editor.keys("A").keys("/max w<Enter>6<Enter>w").keys("<Enter><Enter>");
    assert!(editor.sent().is_some());
    // Of another row there is nothing to be said.
    let mut editor = on_it();
    editor
        .keys("jA")
        .shows("says that an environment value is meant that looks masked");
    assert!(recorded(&mut editor).is_empty());
}

#[test]
fn what_was_said_once_is_known_on_the_next_opening() {
    let opened = |answers: Vec<StandingAnswer>| {
        let opened = Opened {
            answers,
            ..Opened::ours()
        };
        errors(&opening(hidden(), (80, 24), opened))
    };
    assert_eq!(opened(vec![meant("hf_****ken")]), 0);
    assert_eq!(opened(vec![meant("hf_****ken"), meant("hf_****ken").taken_back()]), 1);
    assert_eq!(opened(vec![meant("hf_****abc")]), 1);
    // It is known of what the server turns out to have later, too.
    let mut editor = opening(
        llama(),
        (80, 24),
        Opened {
            answers: vec![meant("hf_****ken")],
            ..Opened::ours()
        },
    );
    editor.keys("r");
    editor.load(Ok(hidden()));
    assert_eq!(errors(&editor), 0);
}

#[test]
fn what_is_typed_is_meant_and_is_remembered_when_it_is_sent() {
    let mut editor = Editor::form();
    editor.keys("/HF_TOKEN<Enter><Enter><C-u>***");
    assert_eq!(errors(&editor), 0, "while it is typed");
    editor.keys("<Enter>");
    assert_eq!(errors(&editor), 0);
    editor.keys("w").keys("<Enter><Enter>");
    assert!(editor.sent().is_some());
    assert_eq!(recorded(&mut editor), [meant("***")]);
    // Pasted it counts as typed; the mask of this program never does.
    let mut editor = Editor::form();
    editor
        .keys("/HF_TOKEN<Enter>")
        .paste("HF_TOKEN=***\nNEW=[REDACTED]")
        .keys("<Enter>");
    assert_eq!(errors(&editor), 0);
    let mut editor = Editor::form();
    editor
        .keys("/HF_TOKEN<Enter>")
        .paste("HF_TOKEN=••••••\nNEW=1")
        .keys("<Enter>");
    assert_eq!(errors(&editor), 1);
}

#[test]
fn a_draft_that_is_restored_was_not_typed_in_this_session() {
    let draft = found(|draft| draft.edited.envs[0] = EnvVar::new("HF_TOKEN", "***"));
    let mut editor = opening(llama(), (80, 24), draft);
    editor.keys("<Enter>");
    assert_eq!(errors(&editor), 1);
}

#[test]
fn empty_values_are_an_error_where_there_were_others() {
    let emptied = || {
        let mut endpoint = llama();
        let keys: Vec<String> = endpoint.config.envs.iter().map(|env| env.key.clone()).collect();
        endpoint.config.envs = keys.into_iter().map(|key| EnvVar::new(key, "")).collect();
        endpoint
    };
    let opened = |names: &[&str]| {
        let had_values: HashSet<String> = names.iter().map(|name| (*name).to_owned()).collect();
        let opened = Opened {
            had_values,
            ..Opened::ours()
        };
        opening(emptied(), (80, 24), opened)
    };
    let mut editor = opened(&[]);
    assert_eq!(errors(&editor), 0);
    editor.keys("/HF_TOKEN<Enter>").shows("all 12 variables are empty");
    let mut editor = opened(&["HF_TOKEN", "HF_HOME"]);
    assert_eq!(errors(&editor), 2);
    // The others are still missing.
    editor.keys("/HF_TOKEN<Enter><Enter>real<Enter>");
    assert_eq!(errors(&editor), 1);
    editor.keys("/HF_HOME<Enter>A");
    assert_eq!(errors(&editor), 0);
}

#[test]
fn a_read_only_session_remembers_nothing() {
    let around = Surroundings {
        read_only: true,
        ..crate::harness::surroundings()
    };
    let mut editor = Editor::starting((80, 24), around, Some(ID));
    editor.load(Ok(hidden()));
    editor.event(Event::Opened(ID.into(), Box::new(Opened::ours())));
    editor.effects.clear();
    editor.keys("/HF_TOKEN<Enter>A");
    assert!(recorded(&mut editor).is_empty());
}
