//! What lies over the form: find, palette, help, details, questions, history, scale, what goes to files and editors.

use novita_edit::endpoint::{EnvVar, Number};
use novita_edit::secret::Secret;
use novita_edit::store::{DraftReport, EditorTextOf, History, SendOutcome, Snapshot, Typing, TypingTarget};
use novita_edit::tui::event::{Effect, Event};
use novita_edit::tui::model::{DraftState, Edited, EditorTarget, KeptAside, Opened, SavedText, Surroundings, Written};

use super::{Area, Scene, form, looked_up, on, opening};
use crate::harness::{Editor, ID, llama, surroundings};
use crate::situations::{found, in_november, past_of, record};

/// The variables of another endpoint.
const PASTE: &str = "# from the other endpoint\nexport NEW='a b'\nMAX_NUM_SEQS=128\nCUDA_VISIBLE_DEVICES=0\n\
    BAD='two' words\n\
    A_KEY_THAT_IS_RATHER_LONG_FOR_A_COLUMN=\"and a value that goes on and on, well over the end of any line\"\n";

fn pasted(size: Area, keys: &str) -> Editor {
    let mut editor = form(size, "/HF_TOKEN<Enter>");
    editor.paste(PASTE).keys(keys);
    editor
}

fn history() -> History {
    History {
        records: vec![
            record("23T13:58", SendOutcome::Stored, |c| c.workers.max_num = Number::of(6)),
            record("22T09:03", SendOutcome::Refused("no such image".into()), |c| {
                c.image.image = "x".into();
            }),
            record("21T08:00", SendOutcome::Unknown, |c| {
                c.envs.push(EnvVar::new("NEW", "s3cret"));
                c.name = "another".into();
                c.image.command.clear();
            }),
            record("20T08:00", SendOutcome::NotStored, |c| c.name = "other".into()),
        ],
        skipped: 1,
        ..History::default()
    }
}

/// `$EDITOR` came back with something.
fn from_editor(size: Area, keys: &str, text: &str) -> Editor {
    let mut editor = form(size, keys);
    let target = asked_for(&mut editor);
    editor.event(Event::Edited(target, Edited::Text(Secret::new(text))));
    editor
}

fn asked_for(editor: &mut Editor) -> EditorTarget {
    match editor.asked().pop() {
        Some(Effect::RunEditor(target, _)) => target,
        other => panic!("the editor wasn't asked for: {other:?}"),
    }
}

fn written(size: Area, written: Written) -> Editor {
    let mut editor = form(size, ":export<Enter><C-u>out.env<Enter>");
    editor.event(Event::FileWritten("out.env".into(), written));
    editor
}

pub const SCENES: &[Scene] = &[
    Scene {
        name: "find",
        at: |size| form(size, "/work"),
    },
    Scene {
        name: "find-nothing",
        at: |size| form(size, "/zzzz"),
    },
    Scene {
        name: "palette",
        at: |size| form(size, ":re"),
    },
    Scene {
        name: "palette-all",
        at: |size| {
            form(
                size,
                ":<Down><Down><Down><Down><Down><Down><Down><Down><Down><Down><Down><Down><Down>",
            )
        },
    },
    Scene {
        name: "help",
        at: |size| form(size, "?"),
    },
    Scene {
        name: "help-end",
        at: |size| form(size, "?G"),
    },
    Scene {
        name: "help-over-the-review",
        at: |size| form(size, "/max w<Enter>6<Enter>w?"),
    },
    Scene {
        name: "details",
        at: |size| form(size, "/max w<Enter>12<Enter>i"),
    },
    Scene {
        name: "details-end",
        at: |size| form(size, "iG"),
    },
    Scene {
        name: "details-of-a-cluster",
        at: |size| looked_up(size, "/cluster<Enter>i"),
    },
    Scene {
        name: "details-of-envs",
        at: |size| form(size, "/HF_TOKEN<Enter>i"),
    },
    Scene {
        name: "quit-question",
        at: |size| form(size, "/max w<Enter>6<Enter>q"),
    },
    Scene {
        name: "quit-question-without-drafts",
        at: |size| {
            let mut editor = opening(
                size,
                Opened {
                    draft_state: DraftState::Nowhere("there is no home directory".into()),
                    ..Opened::ours()
                },
            );
            editor.keys("/max w<Enter>6<Enter>q");
            editor
        },
    },
    Scene {
        name: "quit-question-without-a-disk",
        at: |size| {
            let mut editor = form(size, "/max w<Enter>6<Enter>q<C-x>");
            editor.is_put_aside(Err("the disk does not answer".to_owned()));
            editor
        },
    },
    Scene {
        name: "draft-of-another-key",
        at: |size| {
            let mut opened = found(|_| ());
            let draft = opened.draft.take().expect("it was found");
            opened.offer(draft);
            opening(size, opened)
        },
    },
    Scene {
        name: "disk-that-hangs",
        at: |size| {
            let mut editor = form(size, "/max w<Enter>6<Enter>");
            editor.event(Event::Kept(DraftReport::Failed("the disk does not answer".to_owned())));
            editor
        },
    },
    Scene {
        name: "state-directory-made-anew",
        at: |size| {
            let mut editor = form(size, "/max w<Enter>6<Enter>");
            let dir = "/home/me/.local/state/novita-edit/drafts/1c112fbcacd4bd2a";
            editor.event(Event::Kept(DraftReport::Remade(dir.into())));
            editor
        },
    },
    Scene {
        name: "endpoint-without-a-port",
        at: |size| {
            let mut endpoint = llama();
            endpoint.config.port = String::new();
            on(endpoint, size, "/http<Enter>")
        },
    },
    Scene {
        name: "quit-question-and-the-old-key",
        at: |size| form(size, "/max w<Enter>6<Enter>qd"),
    },
    Scene {
        name: "saved-and-not-taken",
        at: |size| {
            let text = novita_edit::endpoint::body::text(&llama().config);
            let saved = SavedText {
                dir: "/state/editor/left-1".into(),
                text: Edited::Text(Secret::new(text.replace("\"maxNum\": 5", "\"maxNum\": 7"))),
                at: in_november("23T18:02:00.000"),
                base: Some(Box::new(Snapshot::from(&llama()))),
                ..SavedText::of(EditorTextOf::Body)
            };
            opening(
                size,
                Opened {
                    texts: vec![saved],
                    ..Opened::ours()
                },
            )
        },
    },
    Scene {
        name: "discarded-edits-are-kept",
        at: |size| {
            let discarded = Some(KeptAside {
                at: in_november("23T18:02:00.000"),
                until: in_november("30T18:02:00.000"),
            });
            opening(
                size,
                Opened {
                    discarded,
                    ..Opened::ours()
                },
            )
        },
    },
    Scene {
        name: "to-the-picker-question",
        at: |size| form(size, "/max w<Enter>6<Enter>o"),
    },
    Scene {
        name: "history",
        at: |size| {
            let mut editor = past_of(history(), size);
            editor.keys("j");
            editor
        },
    },
    Scene {
        name: "history-before",
        at: |size| {
            let mut editor = past_of(history(), size);
            editor.keys("jj<Enter>");
            editor
        },
    },
    Scene {
        name: "history-as-sent",
        at: |size| {
            let mut editor = past_of(history(), size);
            editor.keys("jj<Enter><Tab>V");
            editor
        },
    },
    Scene {
        name: "history-reading",
        at: |size| form(size, "H"),
    },
    Scene {
        name: "history-empty",
        at: |size| past_of(History::default(), size),
    },
    Scene {
        name: "history-unreadable",
        at: |size| {
            let mut editor = form(size, "H");
            editor.event(Event::HistoryRead(ID.into(), Err("permission denied".into())));
            editor
        },
    },
    Scene {
        name: "scale",
        at: |size| form(size, "s<Tab>"),
    },
    Scene {
        name: "scale-error",
        at: |size| form(size, "s<Tab>12<Tab>9<Tab><S-Tab><S-Tab>"),
    },
    Scene {
        name: "scale-typing",
        at: |size| form(size, "s<Tab><Tab>5m"),
    },
    Scene {
        name: "draft",
        at: |size| opening(size, found(|_| ())),
    },
    Scene {
        name: "draft-typing-and-clash",
        at: |size| {
            let mut theirs = llama();
            theirs.config.workers.max_num = Number::of(9);
            theirs.config.name = "renamed".into();
            let typing = Typing {
                what: TypingTarget::Field(novita_edit::endpoint::FieldId::Command),
                text: Secret::new("--model x\n--port 1"),
                cursor: (0, 9),
            };
            crate::situations::opening(theirs, size, found(|draft| draft.typing = Some(typing)))
        },
    },
    Scene {
        name: "occupied",
        at: |size| {
            let draft_state = DraftState::Theirs("process 77 on box since 23 Nov 13:58".into());
            opening(
                size,
                Opened {
                    draft_state,
                    ..Opened::ours()
                },
            )
        },
    },
    Scene {
        name: "told",
        at: |size| {
            let note = "The draft of this endpoint could not be read (line 3: a number was expected) and was set aside as \
                        /home/me/.local/state/novita-edit/drafts/3f9c/ep_7f3a91c2.json.damaged-20261123T135812; nothing of \
                        it is used.";
            let notes = vec![
                note.to_owned(),
                "The history has 2 lines that can't be read.".to_owned(),
            ];
            opening(
                size,
                Opened {
                    notes,
                    ..Opened::ours()
                },
            )
        },
    },
    Scene {
        name: "other-cluster",
        at: |size| looked_up(size, "/models<Enter><Enter><C-u>render<Down><Enter>"),
    },
    Scene {
        name: "outside",
        at: |size| form(size, "/command<Enter>e"),
    },
    Scene {
        name: "rejected",
        at: |size| from_editor(size, "B", "{\n  \"id\": \"ep_7f3a91c2\"\n  \"name\": 3\n}\n"),
    },
    Scene {
        name: "emptied",
        at: |size| from_editor(size, "E", "# nothing\n"),
    },
    Scene {
        name: "import",
        at: |size| pasted(size, ""),
    },
    Scene {
        name: "import-shown",
        at: |size| pasted(size, "V"),
    },
    Scene {
        name: "import-path",
        at: |size| form(size, ":import<Enter>some/where/prod.env"),
    },
    Scene {
        name: "import-path-failed",
        at: |size| {
            let mut editor = form(size, ":import<Enter>prod.env<Enter>");
            let nothing = Ok(Secret::new("nothing that is a variable"));
            editor.event(Event::FileRead("prod.env".into(), nothing));
            editor
        },
    },
    Scene {
        name: "export-path",
        at: |size| form(size, ":export<Enter>"),
    },
    Scene {
        name: "export-exists",
        at: |size| written(size, Written::Exists),
    },
    Scene {
        name: "exported",
        at: |size| written(size, Written::Done("/home/me/projects/llama/deploy/out.env".into())),
    },
    Scene {
        name: "long-copy",
        at: |size| {
            let mut endpoint = llama();
            endpoint.config.image.command = "x".repeat(70_000);
            on(endpoint, size, "/command<Enter>y")
        },
    },
    Scene {
        name: "copy-of-the-body",
        at: |size| {
            let mut endpoint = llama();
            endpoint.config.image.command = "x".repeat(70_000);
            on(endpoint, size, "/max w<Enter>6<Enter>wY")
        },
    },
    Scene {
        name: "protected",
        at: |size| {
            let around = Surroundings {
                protected: true,
                ..surroundings()
            };
            let mut editor = form(size, "/max w<Enter>6<Enter>w");
            editor.model.around = around;
            editor.keys("<Enter><Enter><Enter>llam");
            editor
        },
    },
];
