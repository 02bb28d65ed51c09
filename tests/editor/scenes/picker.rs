//! The list of endpoints, and the screen while one is read.

use std::time::Duration;

use novita_edit::api::ApiError;
use novita_edit::endpoint::Summary;
use novita_edit::session::Repetition;
use novita_edit::tui::event::Event;
use novita_edit::tui::model::Surroundings;

use super::{Area, Scene, loading};
use crate::harness::{Editor, cut, only, refused, summaries, surroundings};

/// A list that is being read; so much came.
fn reading(size: Area, around: Surroundings, endpoints: Vec<Summary>) -> Editor {
    let mut editor = Editor::starting(size, around, None);
    editor.event(Event::Page(editor.model.request, endpoints));
    editor
}

fn list(size: Area, endpoints: Vec<Summary>, keys: &str) -> Editor {
    let mut editor = reading(size, surroundings(), endpoints);
    editor.event(Event::ListEnd(editor.model.request, Ok(())));
    editor.keys(keys);
    editor
}

fn many() -> Vec<Summary> {
    let states = ["serving", "updating", "stopped", "failed", "pending"];
    (0..300)
        .map(|at| Summary {
            id: format!("ep_{:08x}", at * 0x00d1_4157_u32),
            name: format!("worker-pool-{at:03}-with-a-name-as-people-give-them"),
            state: states[at as usize % 5].into(),
            min_workers: (at % 3).to_string(),
            max_workers: (at % 3 + 1000).to_string(),
            image: format!("registry.example.com/team/some-project/worker:2.{at}.1-cu124"),
            ..Summary::default()
        })
        .collect()
}

fn again() -> Repetition {
    Repetition {
        count: 2,
        pause: Duration::from_millis(500),
        why: Some(cut("GET /endpoint")),
    }
}

fn gone() -> novita_edit::api::ApiError {
    refused(
        "GET /endpoint",
        400,
        "SERVERLESS_ENDPOINT_NOT_FOUND",
        "endpoint not found",
    )
}

pub const SCENES: &[Scene] = &[
    Scene {
        name: "picker",
        at: |size| list(size, summaries(), ""),
    },
    Scene {
        name: "picker-reading",
        at: |size| Editor::starting(size, surroundings(), None),
    },
    Scene {
        name: "picker-reading-again",
        at: |size| {
            let mut editor = reading(size, surroundings(), summaries());
            editor.event(Event::Again(editor.model.request, again()));
            editor
        },
    },
    Scene {
        name: "picker-of-many",
        at: |size| list(size, many(), "<PgDn><PgDn>S"),
    },
    Scene {
        name: "picker-empty",
        at: |size| list(size, Vec::new(), ""),
    },
    Scene {
        name: "picker-filter",
        at: |size| list(size, summaries(), "/comfy"),
    },
    Scene {
        name: "picker-filter-nothing",
        at: |size| list(size, summaries(), "/zzz<Enter>"),
    },
    Scene {
        name: "picker-failed",
        at: |size| {
            let mut editor = Editor::starting(size, surroundings(), None);
            editor.event(Event::ListEnd(editor.model.request, Err(cut("GET /endpoints"))));
            editor
        },
    },
    Scene {
        name: "picker-broke-off",
        at: |size| {
            let mut editor = reading(size, surroundings(), many());
            editor.event(Event::ListEnd(editor.model.request, Err(cut("GET /endpoints"))));
            editor
        },
    },
    Scene {
        name: "picker-broke-off-behind-pages",
        at: |size| incomplete(size, many(), Some(cut("GET /endpoints"))),
    },
    Scene {
        name: "picker-short",
        at: |size| incomplete(size, summaries(), None),
    },
    Scene {
        name: "picker-not-read-anew",
        at: |size| {
            let mut editor = list(size, summaries(), "r");
            editor.event(Event::Page(editor.model.request, summaries()[..1].to_vec()));
            let end = only(1, 3, Some(cut("GET /endpoints")));
            editor.event(Event::ListEnd(editor.model.request, Err(end)));
            editor
        },
    },
    Scene {
        name: "picker-read-only-demo",
        at: |size| {
            let around = Surroundings {
                demo: true,
                read_only: true,
                ..surroundings()
            };
            reading(size, around, summaries())
        },
    },
    Scene {
        name: "picker-help",
        at: |size| list(size, summaries(), "?"),
    },
    Scene {
        name: "picker-palette",
        at: |size| list(size, summaries(), ":"),
    },
    Scene {
        name: "loading",
        at: loading,
    },
    Scene {
        name: "loading-again",
        at: |size| {
            let mut editor = loading(size);
            editor.event(Event::Again(editor.model.request, again()));
            editor
        },
    },
    Scene {
        name: "loading-failed",
        at: |size| {
            let mut editor = loading(size);
            editor.load(Err(cut("GET /endpoint")));
            editor
        },
    },
    Scene {
        name: "picker-of-a-name-that-nobody-has",
        at: |size| {
            let mut editor = Editor::starting(size, surroundings(), Some("llama"));
            editor.load(Err(gone()));
            editor.event(Event::Page(editor.model.request, summaries()));
            editor.event(Event::ListEnd(editor.model.request, Ok(())));
            editor
        },
    },
];

/// A list of which so many came and not all, one more than those or three times as many.
fn incomplete(size: Area, came: Vec<Summary>, why: Option<ApiError>) -> Editor {
    let count = came.len();
    let total = if why.is_some() { count * 3 } else { count + 1 };
    let mut editor = reading(size, surroundings(), came);
    editor.event(Event::ListEnd(editor.model.request, Err(only(count, total, why))));
    editor
}
