//! Situations that more than one test and the pictures in the README begin with.

use novita_edit::endpoint::diff::{ShownValue, differences};
use novita_edit::endpoint::{EndpointConfig, EnvVar, LoadedEndpoint, Moved, Number, Summary};
use novita_edit::session::Outcome;
use novita_edit::store::{Draft, History, Record, SendOutcome, Snapshot};
use novita_edit::tui::event::{Effect, Event};
use novita_edit::tui::model::Opened;

use crate::harness::{Editor, ID, limits_event, llama, surroundings};

/// The list of these endpoints, all there.
pub fn picker_of(endpoints: Vec<Summary>) -> Editor {
    let mut editor = Editor::starting((80, 24), surroundings(), None);
    editor.event(limits_event());
    editor.event(Event::Page(editor.model.request, endpoints));
    editor.event(Event::ListEnd(editor.model.request, Ok(())));
    editor.effects.clear();
    editor
}

/// The server holds this now.
pub fn changed(change: impl FnOnce(&mut LoadedEndpoint)) -> Outcome {
    let mut theirs = llama();
    change(&mut theirs);
    Outcome::ServerChanged {
        changes: differences(&llama().config, &theirs.config),
        theirs: Box::new(theirs),
        as_before: None,
    }
}

/// A clash of three: a number, a long text, an env value.
pub fn three_clashes(size: (u16, u16)) -> Editor {
    let mut editor = Editor::on(llama(), size);
    editor.keys("/max w<Enter>6<Enter>/command<Enter><Enter> --seed 7<Enter>/HF_TOKEN<Enter><Enter><C-u>mine<Enter>w");
    editor.keys("<Enter><Enter><Enter>").save_ends(changed(|endpoint| {
        endpoint.config.workers.max_num = Number::of(9);
        endpoint.config.image.command.push_str(" --enforce-eager");
        endpoint.config.envs[0] = EnvVar::new("HF_TOKEN", "theirs");
        endpoint.config.workers.free_timeout = Number::of(900);
    }));
    editor.asked();
    editor
}

/// What an editor left that had set max workers to 6.
fn draft() -> Draft {
    let mut edited = llama().config;
    edited.workers.max_num = Number::of(6);
    Draft {
        saved_at: in_november("23T13:58:12.345"),
        base_url: "https://api.novita.ai/gpu-instance/openapi/v1".into(),
        endpoint: ID.into(),
        pid: 4242,
        loaded: Snapshot::from(&llama()),
        edited,
        typing: None,
        sent: None,
        editor_texts: Vec::new(),
    }
}

/// That draft, changed like this, as it is found on opening.
pub fn found(change: impl FnOnce(&mut Draft)) -> Opened {
    let mut draft = draft();
    change(&mut draft);
    Opened {
        draft: Some(Box::new(draft)),
        ..Opened::ours()
    }
}

/// The form with what was found on disk.
pub fn opening(endpoint: LoadedEndpoint, size: (u16, u16), opened: Opened) -> Editor {
    let mut editor = Editor::starting(size, surroundings(), Some(ID));
    editor.event(limits_event());
    editor.event(Event::Opened(ID.into(), Box::new(opened)));
    editor.load(Ok(endpoint));
    editor.effects.clear();
    editor
}

/// A moment of November as files have it: of this year and in the zone here, so that no year and no other hour is shown.
pub fn in_november(rest: &str) -> String {
    let year = jiff::Zoned::now().year();
    let local: jiff::civil::DateTime = format!("{year}-11-{rest}").parse().unwrap();
    let here = local.to_zoned(jiff::tz::TimeZone::system()).unwrap();
    here.strftime("%Y-%m-%dT%H:%M:%S%.3f%:z").to_string()
}

/// A send of November.
pub fn record(at: &str, outcome: SendOutcome, change: impl FnOnce(&mut EndpointConfig)) -> Record {
    let mut after = llama().config;
    change(&mut after);
    // The name of a send can't be made up outside of the store.
    let id = serde_json::from_str("\"1\"").unwrap();
    Record {
        id,
        at: in_november(&format!("{at}:12.345")),
        before: Snapshot::from(&llama()),
        after,
        outcome,
        read: None,
        timeout: None,
        until: None,
        workers: Vec::new(),
        check: None,
    }
}

/// The history of the pictured endpoint.
pub fn past_of(history: History, size: (u16, u16)) -> Editor {
    let mut editor = Editor::on(llama(), size);
    editor.keys("H");
    assert_eq!(editor.asked(), [Effect::LoadHistory(ID.into())]);
    editor.event(Event::HistoryRead(ID.into(), Ok(history)));
    editor
}

/// A platform setting that moved beside an update.
pub fn newer_cuda() -> Moved {
    let side = |text: &str| Some(ShownValue::Plain(text.into()));
    Moved {
        path: "cudaVersion".into(),
        old: side("12.4"),
        new: side("12.8"),
    }
}
