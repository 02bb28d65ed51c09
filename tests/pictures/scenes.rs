//! What the pictures show: real models on the demo account's data, brought there by events and keys. Times and ids are
//! fixed.

use novita_edit::api::wire;
use novita_edit::endpoint::{EnvVar, FieldId, Number, Summary};
use novita_edit::secret::Secret;
use novita_edit::store::{History, SendOutcome, StoreOverview, Typing, TypingTarget};
use novita_edit::tui::event::Event;
use novita_edit::tui::model::Surroundings;

use crate::harness::{Editor, llama, surroundings};
use crate::situations::{found, opening, past_of, picker_of, record, three_clashes};

const SIZE: (u16, u16) = (80, 24);

/// A picture to be made.
pub struct Scene {
    /// The file's name, without `.svg`.
    pub name: &'static str,
    /// What is to be seen: the alternative text in the README.
    pub about: &'static str,
    pub editor: Editor,
}

/// All of them.
pub fn all() -> Vec<Scene> {
    let scene = |name, about, editor| Scene { name, about, editor };
    vec![
        scene(
            "form",
            "The form: six panes with every field of an endpoint and its range. Max workers is changed to 12 and marked as an error; \
             the sentence below says that the account may have 10 at most",
            form(),
        ),
        scene(
            "picker",
            "The list of endpoints with name, id, state, workers and image; at one of them unsaved edits wait as a draft, another has failed",
            on_demo(list()),
        ),
        scene(
            "review",
            "The review: one warning, then the four changed fields, each with its old and its new value; environment values are masked",
            review(),
        ),
        scene(
            "review-diff",
            "The same review as a diff of the request's body, removed lines red, added ones green",
            diff(),
        ),
        scene(
            "conflict",
            "The conflict screen: three values that both sides changed, one decided; under them what was loaded, mine and theirs of the command",
            conflict(),
        ),
        scene(
            "draft",
            "The question about a draft: what restoring it would change, what was being typed, and what somebody else changed since",
            draft(),
        ),
        scene(
            "history",
            "The history: six sends with time, outcome and what they changed; the focused one was refused, the server's reason stands below",
            history(),
        ),
        scene(
            "help",
            "The help: the keys that work in the form, and what each does",
            help(),
        ),
        scene(
            "form-120x40",
            "The form in a window of 120 columns and 40 rows: beside the panes stands what Idle timeout does, its range, and the endpoint's \
             read-only facts",
            wide(),
        ),
        scene(
            "form-50x14",
            "The form in a window of 50 columns and 14 rows: one column, with a mark where more is below",
            small(),
        ),
    ]
}

/// As `--demo` says of itself in the header.
fn list() -> Editor {
    let mut editor = picker_of(demo_account());
    editor.event(Event::StoreOverview(StoreOverview::new(["ep_b40c55de"], [])));
    editor
}

fn on_demo(mut editor: Editor) -> Editor {
    editor.model.around = Surroundings {
        profile: None,
        demo: true,
        ..surroundings()
    };
    editor.draw();
    editor
}

/// The list as the simulated account has it.
fn demo_account() -> Vec<Summary> {
    let endpoints = [
        include_str!("../../assets/demo/llama-3-8b.json"),
        include_str!("../../assets/demo/comfy-render.json"),
        include_str!("../../assets/demo/whisper-large-v3.json"),
    ];
    let page = format!(r#"{{"endpoints":[{}],"total":3}}"#, endpoints.join(","));
    wire::endpoint_page(page.as_bytes()).unwrap().items
}

fn form() -> Editor {
    let mut editor = on_demo(Editor::form());
    editor.looked_up().keys("/max w<Enter>12<Enter>");
    editor
}

fn review() -> Editor {
    let mut editor = Editor::form();
    editor.keys(
        "/max w<Enter>8<Enter>/idle<Enter>600<Enter>/HF_TOKEN<Enter><Enter>x<Enter>aHF_HUB_OFFLINE<Enter>1<Enter>w",
    );
    editor.shows("4 changes");
    editor
}

fn diff() -> Editor {
    let mut editor = review();
    editor.keys("<Tab>");
    editor
}

fn conflict() -> Editor {
    let mut editor = three_clashes(SIZE);
    editor.keys("2");
    editor.shows("1 of 3 decided");
    editor
}

fn draft() -> Editor {
    let mut theirs = llama();
    theirs.config.workers.free_timeout = Number::of(900);
    let left = found(|draft| {
        draft.edited.image.image = "vllm/vllm-openai:v0.7.0".into();
        draft.edited.envs.push(EnvVar::new("HF_HUB_OFFLINE", "1"));
        draft.typing = Some(Typing {
            what: TypingTarget::Field(FieldId::Name),
            text: Secret::new("llama-3-8b-instr"),
            cursor: (0, 16),
        });
    });
    opening(theirs, SIZE, left)
}

fn history() -> Editor {
    let refused = SendOutcome::Refused("image vllm/vllm-openai:v0.7 not found".into());
    let records = vec![
        record("23T13:58", SendOutcome::Stored, |c| c.workers.max_num = Number::of(6)),
        record("23T13:41", refused, |c| c.image.image = "vllm/vllm-openai:v0.7".into()),
        record("21T17:20", SendOutcome::Unknown, |c| {
            c.envs.push(EnvVar::new("HF_HUB_OFFLINE", "1"));
        }),
        record("21T09:03", SendOutcome::Stored, |c| {
            c.workers.free_timeout = Number::of(900)
        }),
        record("18T08:30", SendOutcome::NotStored, |c| {
            c.workers.min_num = Number::of(0)
        }),
        record("14T11:12", SendOutcome::Stored, |c| {
            c.image.command.push_str(" --enforce-eager");
        }),
    ];
    let mut editor = past_of(
        History {
            records,
            ..History::default()
        },
        SIZE,
    );
    editor.keys("j");
    editor
}

fn help() -> Editor {
    let mut editor = Editor::form();
    editor.keys("?");
    editor
}

fn wide() -> Editor {
    let mut editor = on_demo(Editor::on(llama(), (120, 40)));
    editor.looked_up().keys("/idle<Enter>600<Enter>");
    editor
}

fn small() -> Editor {
    let mut editor = on_demo(Editor::on(llama(), (50, 14)));
    editor.looked_up().keys("/max w<Enter>12<Enter>");
    editor
}
