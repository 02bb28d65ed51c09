//! The review, the save, how it ends, and what both sides changed.

use novita_edit::endpoint::{EnvVar, FieldId, Number};
use novita_edit::session::{Outcome, Step};
use novita_edit::tui::event::Event;
use novita_edit::tui::model::{DraftState, Opened};

use super::{Area, Scene, form, opening};
use crate::harness::{Editor, ID, cut, llama, refused, unsent};
use crate::rollout::{failing, rolling_out};
use crate::saving::{
    may_arrive, not_known, not_saved, not_shown, refused_not_read, saved, server_changed, step, stored,
};
use crate::situations::{changed, found, three_clashes};
use crate::unsent_settings::asked;

/// A number, a secret, a new row, a moved row.
const EDITS: &str = "/max w<Enter>6<Enter>/HF_TOKEN<Enter><Enter>x<Enter>aNEW<Enter>1<Enter>J";

/// The review of a few edits.
fn review(size: Area, keys: &str) -> Editor {
    let mut editor = form(size, EDITS);
    editor.keys("w").keys(keys);
    editor
}

/// Enter as often as there are pages to be read first.
fn sending(size: Area) -> Editor {
    let mut editor = form(size, "/max w<Enter>6<Enter>w");
    editor.keys("<Enter><Enter><Enter>");
    editor.effects.clear();
    editor
}

/// A save that has ended so.
pub fn ended(size: Area, outcome: Outcome) -> Editor {
    let mut editor = sending(size);
    editor.save_ends(outcome);
    editor
}

fn saving(size: Area, event: Event) -> Editor {
    let mut editor = sending(size);
    editor.event(event);
    editor
}

/// Stored, but for what the edit was about, if `all` is not.
fn differently(all: bool) -> Outcome {
    let mut fresh = if all { stored() } else { llama() };
    fresh.config.workers.free_timeout = Number::of(900);
    fresh.config.envs[0] = EnvVar::new("HF_TOKEN", "theirs");
    fresh.config.image.image = format!("docker.io/{}", fresh.config.image.image);
    crate::saving::stored_differently(fresh)
}

fn refusal() -> Outcome {
    Outcome::Refused(refused(
        "POST /endpoint/update",
        400,
        "VALIDATOR_PARAM",
        "workerConfig.freeTimeout must be at most 600",
    ))
}

/// A draft that meets what the server holds now.
fn draft_meets_server(size: Area) -> Editor {
    let mut theirs = llama();
    theirs.config.workers.max_num = Number::of(9);
    let mut editor = crate::situations::opening(theirs, size, found(|_| ()));
    editor.keys("<Enter>");
    editor
}

pub const SCENES: &[Scene] = &[
    Scene {
        name: "review-changes",
        at: |size| review(size, ""),
    },
    Scene {
        name: "review-revealed",
        at: |size| review(size, "V"),
    },
    Scene {
        name: "review-diff",
        at: |size| review(size, "<Tab>"),
    },
    Scene {
        name: "review-body",
        at: |size| review(size, "<Tab><Tab>"),
    },
    Scene {
        name: "review-curl",
        at: |size| review(size, "<Tab><Tab><Tab>"),
    },
    Scene {
        name: "review-errors",
        at: |size| form(size, "/image<Enter><Enter><C-u><Enter>/max w<Enter>12<Enter>w"),
    },
    Scene {
        name: "review-unchanged",
        at: |size| form(size, "w"),
    },
    Scene {
        name: "review-unsent-settings",
        at: asked,
    },
    Scene {
        name: "review-others",
        at: |size| ended(size, server_changed()),
    },
    Scene {
        name: "review-occupied",
        at: |size| {
            let draft_state = DraftState::Theirs("process 77 on box since 23 Nov 13:58".into());
            let mut editor = opening(
                size,
                Opened {
                    draft_state,
                    ..Opened::ours()
                },
            );
            editor.keys("r/max w<Enter>6<Enter>w");
            editor
        },
    },
    Scene {
        name: "saving-turn",
        at: |size| saving(size, step(Step::SaveLock, 0, None)),
    },
    Scene {
        name: "saving-check",
        at: |size| saving(size, step(Step::Check, 2, Some(unsent()))),
    },
    Scene {
        name: "saving-send",
        at: |size| saving(size, step(Step::Send, 0, None)),
    },
    Scene {
        name: "saving-verify",
        at: |size| saving(size, step(Step::Verify, 1, None)),
    },
    Scene {
        name: "saved",
        at: |size| ended(size, saved()),
    },
    Scene {
        name: "rolling-out",
        at: |size| {
            let mut editor = ended(size, saved());
            rolling_out(&mut editor);
            editor
        },
    },
    Scene {
        name: "rollout-failed",
        at: |size| {
            let mut editor = ended(size, saved());
            failing(&mut editor);
            editor
        },
    },
    Scene {
        name: "rollout-failed-form",
        at: |size| {
            let mut editor = ended(size, saved());
            failing(&mut editor);
            editor.keys("<Esc>");
            editor
        },
    },
    Scene {
        name: "saved-with-warnings",
        at: |size| {
            ended(
                size,
                Outcome::Saved {
                    fresh: Box::new(stored()),
                    moved: vec![crate::situations::newer_cuda()],
                    unreported: vec![FieldId::RequestTimeout],
                    said: String::new(),
                },
            )
        },
    },
    Scene {
        name: "not-saved",
        at: |size| ended(size, not_saved()),
    },
    Scene {
        name: "stored-differently-edits-as-sent",
        at: |size| ended(size, differently(true)),
    },
    Scene {
        name: "stored-differently",
        at: |size| ended(size, differently(false)),
    },
    Scene {
        name: "not-shown",
        at: |size| ended(size, not_shown()),
    },
    Scene {
        name: "may-arrive",
        at: |size| ended(size, may_arrive()),
    },
    Scene {
        name: "refused-not-read",
        at: |size| ended(size, refused_not_read()),
    },
    Scene {
        name: "saving-look",
        at: |size| saving(size, step(Step::Look, 3, None)),
    },
    Scene {
        name: "not-known",
        at: |size| ended(size, not_known()),
    },
    Scene {
        name: "refused",
        at: |size| ended(size, refusal()),
    },
    Scene {
        name: "not-sent",
        at: |size| ended(size, Outcome::NotSent(unsent())),
    },
    Scene {
        name: "check-failed",
        at: |size| ended(size, Outcome::CheckFailed(cut("GET /endpoint"))),
    },
    Scene {
        name: "forbidden",
        at: |size| {
            let why = "another novita-edit (process 77 on box since 23 Nov 13:58) has taken the endpoint over.";
            ended(size, Outcome::Forbidden(why.into()))
        },
    },
    Scene {
        name: "conflict",
        at: three_clashes,
    },
    Scene {
        name: "conflict-decided",
        at: |size| {
            let mut editor = three_clashes(size);
            editor.keys("1j3j2");
            editor
        },
    },
    Scene {
        name: "conflict-editing",
        at: |size| {
            let mut editor = three_clashes(size);
            editor.keys("e");
            editor
        },
    },
    Scene {
        name: "conflict-leaving",
        at: |size| {
            let mut editor = three_clashes(size);
            editor.keys("1<Esc>");
            editor
        },
    },
    Scene {
        name: "conflict-of-a-draft",
        at: draft_meets_server,
    },
    Scene {
        name: "conflict-of-discarded-edits",
        at: |size| {
            let mut editor = form(size, "/max w<Enter>9<Enter>:restore-d<Enter>");
            let draft = *found(|_| ()).draft.unwrap();
            editor.event(Event::DiscardedRead(ID.into(), Ok(vec![draft])));
            editor
        },
    },
    Scene {
        name: "conflict-merged-text",
        at: |size| {
            let theirs = changed(|endpoint| endpoint.config.workers.max_num = Number::of(8));
            ended(size, theirs)
        },
    },
];
