//! The form, and everything that is typed in it.

use novita_edit::api::wire;
use novita_edit::endpoint::{EnvVar, LoadedEndpoint, Number};
use novita_edit::store::DraftReport;
use novita_edit::tui::event::Event;
use novita_edit::tui::model::{DraftState, LookedUp, Opened, Surroundings};

use super::{Area, Scene, form, looked_up, on, opening};
use crate::harness::{Editor, ID, cut, limits_event, llama, surroundings};
use crate::masked::hidden;
use crate::saving::not_known;

/// The demo's failing endpoint.
fn whisper() -> LoadedEndpoint {
    let bytes = include_bytes!("../../../assets/demo/whisper-large-v3.json");
    wire::endpoint(bytes, "ep_19e0d3aa").unwrap()
}

fn with(change: impl FnOnce(&mut LoadedEndpoint)) -> LoadedEndpoint {
    let mut endpoint = llama();
    change(&mut endpoint);
    endpoint
}

/// Nothing in the lists, nothing in the texts that may be empty.
fn bare() -> LoadedEndpoint {
    with(|endpoint| {
        let config = &mut endpoint.config;
        config.envs.clear();
        config.volumes.clear();
        (config.name, config.cluster_id) = Default::default();
        (config.image.command, config.image.auth_id) = Default::default();
        config.workers.request_timeout = Number::typed("");
    })
}

/// Texts that are wide, combine, join, run from right to left, or can't be seen.
fn foreign() -> LoadedEndpoint {
    with(|endpoint| {
        let config = &mut endpoint.config;
        config.name = "推理服务-生产-上海-一号-很长的名字".into();
        config.image.command =
            "--greeting 'שלום עולם' --emoji 👨\u{200d}👩\u{200d}👧 --e\u{301}clair\n--tab\there".into();
        config.image.image = "registry.example.com/日本語/ワーカー:v1".into();
        config.envs[1] = EnvVar::new("العربية", "مرحبا بالعالم");
        config.envs[2] = EnvVar::new("キー", "値\u{202e}値");
        config.volumes[0].mount_path = "/数据/模型".into();
    })
}

fn loaded(size: Area, around: Surroundings, keys: &str) -> Editor {
    let mut editor = Editor::starting(size, around, Some(ID));
    editor.event(limits_event());
    editor.event(Event::Opened(ID.into(), Box::new(Opened::ours())));
    editor.load(Ok(llama()));
    editor.keys(keys);
    editor
}

fn theirs() -> Opened {
    Opened {
        draft_state: DraftState::Theirs("process 77 on box since 23 Nov 13:58".into()),
        ..Opened::ours()
    }
}

fn many_envs() -> LoadedEndpoint {
    with(|endpoint| {
        let long = |at: usize| format!("VARIABLE_{at:03}_WITH_A_NAME_THAT_IS_LONGER_THAN_THE_COLUMN");
        endpoint.config.envs = (0..60).map(|at| EnvVar::new(long(at), "x")).collect();
    })
}

/// A text of several lines, some of them long.
const LINES: &str = "python -m vllm.entrypoints.openai.api_server \\\n  --model meta-llama/Llama-3.1-8B-Instruct --max-model-len 8192 \
    --gpu-memory-utilization 0.92\n  --port 8000";

pub const SCENES: &[Scene] = &[
    Scene {
        name: "form",
        at: |size| form(size, ""),
    },
    Scene {
        name: "form-end",
        at: |size| form(size, "G"),
    },
    Scene {
        name: "form-changed",
        at: |size| {
            form(
                size,
                "/max w<Enter>6<Enter>/HF_HOME<Enter><Enter><C-u>x<Enter>aNEW<Enter>1<Enter>/name<Enter><Enter>x<Enter>",
            )
        },
    },
    Scene {
        name: "form-masked-value",
        at: |size| on(hidden(), size, "/HF_TOKEN<Enter>"),
    },
    Scene {
        name: "form-problems",
        at: |size| {
            form(
                size,
                "/image<Enter><Enter><C-u><Enter>/HF_TOKEN<Enter>aMODEL_NAME<Enter>1<Enter>/min w<Enter>9<Enter>/max w<Enter>12<Enter>",
            )
        },
    },
    Scene {
        name: "form-problem-of-a-row",
        at: |size| form(size, "/9LIVES<Enter>"),
    },
    Scene {
        name: "form-read-only",
        at: |size| {
            let around = Surroundings {
                read_only: true,
                demo: true,
                ..surroundings()
            };
            loaded(size, around, "/max w<Enter>6<Enter>")
        },
    },
    Scene {
        name: "form-taken-by-another",
        at: |size| {
            let mut editor = opening(size, theirs());
            editor.keys("r/max w<Enter>6<Enter>");
            editor
        },
    },
    Scene {
        name: "form-without-limits",
        at: |size| {
            let mut editor = Editor::starting(size, surroundings(), Some(ID));
            editor.event(Event::Opened(ID.into(), Box::new(Opened::ours())));
            editor.load(Ok(llama()));
            editor.event(Event::Limits(Err(cut("GET /endpoint/limit"))));
            editor
        },
    },
    Scene {
        name: "form-limits-to-come",
        at: |size| {
            let mut editor = Editor::starting(size, surroundings(), Some(ID));
            editor.event(Event::Opened(ID.into(), Box::new(Opened::ours())));
            editor.load(Ok(llama()));
            editor
        },
    },
    Scene {
        name: "form-not-kept",
        at: |size| {
            let mut editor = form(size, "/name<Enter><Enter>x<Enter>");
            let why =
                "/home/me/.local/state/novita-edit/drafts/a.json can't be written: the disk is full; make room there";
            editor.event(Event::Kept(DraftReport::Failed(why.into())));
            editor
        },
    },
    Scene {
        name: "form-reading-again",
        at: |size| form(size, "r"),
    },
    Scene {
        name: "form-after-an-unknown-send",
        at: |size| {
            let mut editor = super::saving::ended(size, not_known());
            editor.keys("<Esc>/name<Enter>");
            editor
        },
    },
    Scene {
        name: "form-failed-endpoint",
        at: |size| on(whisper(), size, ""),
    },
    Scene {
        name: "form-bare",
        at: |size| on(bare(), size, "/volumes<Enter>"),
    },
    Scene {
        name: "form-foreign-texts",
        at: |size| on(foreign(), size, "V"),
    },
    Scene {
        name: "form-many-envs",
        at: |size| on(many_envs(), size, "/_030<Enter>"),
    },
    Scene {
        name: "form-filter",
        at: |size| form(size, "/HF_TOKEN<Enter>fhf"),
    },
    Scene {
        name: "form-filter-nothing",
        at: |size| form(size, "/HF_TOKEN<Enter>fzzz"),
    },
    Scene {
        name: "form-revealed",
        at: |size| looked_up(size, "/HF_TOKEN<Enter>V"),
    },
    Scene {
        name: "form-notice",
        at: |size| form(size, "/max w<Enter>e"),
    },
    Scene {
        name: "form-complaint",
        at: |size| {
            let mut editor = form(size, "r");
            editor.load(Err(cut("GET /endpoint")));
            editor
        },
    },
    Scene {
        name: "form-merged-while-saving",
        at: |size| {
            let theirs = crate::situations::changed(|endpoint| endpoint.config.workers.max_num = Number::of(6));
            let mut editor = super::saving::ended(size, theirs);
            editor.keys("<Esc>");
            editor
        },
    },
    Scene {
        name: "editing-number",
        at: |size| form(size, "/max w<Enter>12"),
    },
    Scene {
        name: "editing-number-in-words",
        at: |size| form(size, "/idle<Enter><Enter><C-u>5m"),
    },
    Scene {
        name: "editing-text",
        at: |size| form(size, "/name<Enter><Enter>-中é🚀"),
    },
    Scene {
        name: "editing-image",
        at: |size| form(size, "/image<Enter><Enter>"),
    },
    Scene {
        name: "editing-lines",
        at: |size| {
            let mut editor = form(size, "/command<Enter><Enter><C-u>");
            editor.paste(LINES);
            editor
        },
    },
    Scene {
        name: "editing-choice",
        at: |size| form(size, "/policy t<Enter><Enter>"),
    },
    Scene {
        name: "editing-env-masked",
        at: |size| form(size, "/HF_TOKEN<Enter><Enter>"),
    },
    Scene {
        name: "editing-env-lines",
        at: |size| {
            let mut editor = form(size, "/HF_TOKEN<Enter><Enter><C-u>");
            editor.paste(LINES);
            editor
        },
    },
    Scene {
        name: "editing-new-env",
        at: |size| form(size, "/HF_TOKEN<Enter>a"),
    },
    Scene {
        name: "editing-new-env-with-a-problem",
        at: |size| form(size, "/HF_TOKEN<Enter>aMODEL_NAME<Tab>value"),
    },
    Scene {
        name: "editing-volume-local",
        at: |size| form(size, "/data<Enter><Enter>"),
    },
    Scene {
        name: "editing-volume-network",
        at: |size| form(size, "/models<Enter><Enter>"),
    },
    Scene {
        name: "editing-volume-type",
        at: |size| looked_up(size, "/models<Enter><Enter><S-Tab>"),
    },
    Scene {
        name: "editing-new-volume",
        at: |size| form(size, "/data<Enter>a"),
    },
    Scene {
        name: "lookup-clusters",
        at: |size| looked_up(size, "/cluster<Enter><Enter>"),
    },
    Scene {
        name: "lookup-credentials",
        at: |size| looked_up(size, "/auth<Enter><Enter><Down>"),
    },
    Scene {
        name: "lookup-storages",
        at: |size| looked_up(size, "/models<Enter><Enter><Down>"),
    },
    Scene {
        name: "lookup-nothing",
        at: |size| looked_up(size, "/cluster<Enter><Enter><C-u>zzz"),
    },
    Scene {
        name: "lookup-reading",
        at: |size| form(size, "/cluster<Enter><Enter>"),
    },
    Scene {
        name: "lookup-failed",
        at: |size| {
            let mut editor = form(size, "/auth<Enter><Enter>");
            let failed = Err(cut("GET /repository/auths"));
            editor.event(Event::Lookup(LookedUp::Credentials(failed)));
            editor
        },
    },
];
