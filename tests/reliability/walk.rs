//! One row walked: the editor's model, screens and effects, a real client, the simulated API, and a draft on the disk.

use std::time::{Duration, Instant};

use novita_edit::api::Client;
use novita_edit::config::{Environment, StateDirs};
use novita_edit::demo::{Call, DemoOptions, DemoServer, Fault, Pace, Recorded, When};
use novita_edit::endpoint::{EndpointConfig, LoadedEndpoint, Number};
use novita_edit::secret::Secret;
use novita_edit::session::{Patience, Progress, Request, Save, Step, drive};
use novita_edit::store::{Account, Draft, DraftWriter, EditorLockAttempt, EndpointFiles, FoundDraft, Store};
use novita_edit::tui::event::{Effect, Event};
use novita_edit::tui::model::{LookedUp, Model, Opened};
use tempfile::TempDir;
use tokio::runtime::Runtime;

use crate::fault::{Place, Road, Trouble, trouble};
use crate::harness::{Editor, ID, surroundings};
use crate::table::Row;
use crate::ways::{Clients, KEY, Steps, client, no_recorder};

/// A thousandth of what a person waits.
const PATIENCE: Patience = Patience {
    first: Duration::from_millis(1),
    stale: Duration::from_millis(2),
    longest: Duration::from_secs(60),
};

/// What came of a row, in the words of the page.
#[derive(Debug)]
pub struct Seen {
    pub asked: String,
    /// The whole screen in one line, without its frame.
    pub screen: String,
    pub holds: String,
    pub kept: String,
    /// Updates that reached the server.
    pub posts: usize,
    pub host: String,
}

fn server() -> DemoServer {
    DemoServer::start(DemoOptions {
        pace: Pace::manual(),
        ..DemoOptions::default()
    })
    .unwrap()
}

/// A send that the server carries out only after it was read back: the screens then, and after Enter.
pub fn late() -> (String, String) {
    let server = server();
    let trouble = Trouble {
        road: Some(Road::Slow),
        faults: vec![(Call::Update, When::next(1), Fault::DelayBefore(Duration::from_secs(2)))],
        meanwhile: None,
    };
    let mut walk = Walk::new(&server, Place::Send, &trouble);
    walk.run_effects();
    walk.editor.keys("j8<Enter>");
    walk.strike(&server, &trouble);
    walk.editor.keys("w<Enter>");
    walk.run_effects();
    let first = flat(&walk.editor.screen());
    let patience = Instant::now() + Duration::from_secs(20);
    while walk.ask_the_server().config.workers.max_num != Number::of(8) {
        assert!(Instant::now() < patience, "the update never landed");
        std::thread::sleep(Duration::from_millis(20));
    }
    walk.editor.keys("<Enter>");
    walk.run_effects();
    assert_eq!(posts(&server), 1, "sent once more");
    (first, flat(&walk.editor.screen()))
}

/// A save of Max workers 8 to a server that was prepared like this: the screen at its end, and what the key says that
/// puts back what waits aside.
pub fn store_walk(prepare: impl Fn(&DemoServer)) -> (String, Option<String>) {
    let server = server();
    prepare(&server);
    let mut walk = Walk::new(
        &server,
        Place::Others,
        &Trouble {
            road: None,
            faults: Vec::new(),
            meanwhile: None,
        },
    );
    walk.run_effects();
    let loaded = walk.editor.now().clone();
    walk.editor.keys("/max w<Enter>8<Enter>w<Enter><Enter>");
    walk.run_effects();
    let screen = flat(&walk.editor.screen());
    if walk.editor.form_state().waits_aside().is_empty() {
        return (screen, None);
    }
    walk.editor.keys("p");
    let said = walk
        .editor
        .model
        .notice
        .as_ref()
        .map(|notice| notice.text.clone())
        .unwrap_or_default();
    let said = said
        .strip_prefix("Put back as edits: ")
        .and_then(|said| said.split('.').next());
    // All that was not edited is in the form as it was loaded, but for what is only spelled otherwise.
    let left = novita_edit::endpoint::respelled::deviations(&loaded, &loaded, walk.editor.now());
    let strange = left
        .iter()
        .filter(|found| !found.is_spelling && found.change.name() != "Max workers");
    assert_eq!(strange.count(), 0, "{left:?}");
    (screen, said.map(str::to_owned))
}

/// Does what the row says; `None` if its fault isn't known.
pub fn walk(row: &Row) -> Option<Seen> {
    let server = server();
    let trouble = trouble(row, &server)?;
    let mut walk = Walk::new(&server, row.place, &trouble);
    let before = walk.ask_the_server();
    if row.place == Place::Load {
        walk.strike(&server, &trouble);
    }
    walk.run_effects();
    if row.place != Place::Load {
        walk.editor.keys("j8<Enter>");
        note(&walk.editor.model, &walk.draft_writer);
        walk.shows_the_edit();
        walk.strike(&server, &trouble);
        walk.editor.keys("w<Enter>");
        walk.run_effects();
    }
    server.faults().clear();
    let screen = flat(&walk.editor.screen());
    let holds = holds(&before.config, &walk.ask_the_server().config);
    Some(Seen {
        asked: walk.asked(row.place),
        screen,
        holds,
        kept: walk.kept(),
        posts: posts(&server),
        host: walk.host.clone(),
    })
}

/// Updates that reached the server.
fn posts(server: &DemoServer) -> usize {
    let updates = |request: &&Recorded| request.call == Some(Call::Update);
    server.requests().iter().filter(updates).count()
}

struct Walk {
    editor: Editor,
    runtime: Runtime,
    good: Client,
    /// The client of the step that fails, where it is another one.
    bad: Option<Client>,
    place: Place,
    /// Host and port as messages name them.
    host: String,
    draft_writer: DraftWriter,
    files: EndpointFiles,
    steps: Vec<Progress>,
    /// Pauses before something was asked again.
    pauses: Vec<Duration>,
    _home: TempDir,
}

impl Walk {
    fn new(server: &DemoServer, place: Place, trouble: &Trouble) -> Self {
        let base = server.base_url();
        let bad_base = trouble.road.map(|road| match road {
            // Port 1 (tcpmux), where nobody listens.
            Road::Refused => "http://127.0.0.1:1/v1".to_owned(),
            Road::Dns => "https://novita-edit.invalid/v1".to_owned(),
            Road::Tls => base.replace("http://", "https://"),
            Road::Slow => base.clone(),
        });
        let host = |base: &str| base.split('/').nth(2).unwrap().to_owned();
        let request = Duration::from_millis(if trouble.road == Some(Road::Slow) { 600 } else { 20_000 });
        let home = tempfile::tempdir().unwrap();
        let files = files(&home, &base);
        let draft_writer = DraftWriter::start(|_| ()).unwrap();
        match files.try_editor_lock().unwrap() {
            EditorLockAttempt::Yours(editor_lock) => draft_writer.own(editor_lock),
            EditorLockAttempt::Taken(owner) => panic!("taken by {owner}"),
        }
        Self {
            editor: Editor::starting((80, 24), surroundings(), Some(ID)),
            runtime: tokio::runtime::Builder::new_current_thread()
                .enable_all()
                .build()
                .unwrap(),
            good: client(&base, Duration::from_secs(20)),
            host: host(bad_base.as_deref().unwrap_or(&base)),
            bad: bad_base.map(|base| client(&base, request)),
            place,
            draft_writer,
            files,
            steps: Vec::new(),
            pauses: Vec::new(),
            _home: home,
        }
    }

    fn strike(&self, server: &DemoServer, trouble: &Trouble) {
        for (call, when, fault) in &trouble.faults {
            server.faults().add(*call, *when, fault.clone());
        }
        if let Some(meanwhile) = trouble.meanwhile {
            assert!(server.edit(ID, meanwhile));
        }
    }

    fn ask_the_server(&self) -> LoadedEndpoint {
        self.runtime.block_on(self.good.endpoint(ID)).unwrap()
    }

    /// Does what the editor asks for, one after the other, until it asks for nothing more.
    fn run_effects(&mut self) {
        loop {
            let effects = self.editor.asked();
            if effects.is_empty() {
                return;
            }
            for effect in effects {
                self.run(effect);
            }
        }
    }

    fn run(&mut self, effect: Effect) {
        match effect {
            Effect::Load(number, id) => {
                let client = match (&self.bad, self.place) {
                    (Some(bad), Place::Load) => bad,
                    _ => &self.good,
                };
                let mut again = Vec::new();
                let ask = || client.endpoint(&id);
                let read = self.runtime.block_on(PATIENCE.retry(ask, |next| again.push(next)));
                for again in again {
                    let words = format!("again, {} of 3", again.count);
                    self.pauses.push(again.pause);
                    self.event(Event::Again(number, again));
                    self.editor.shows(&words);
                }
                self.event(Event::Loaded(number, Box::new(read), "14:03".to_owned()));
            }
            // What can't be read may be a name: the list tells.
            Effect::LoadList(number) => {
                let mut pages = Vec::new();
                let end = self.runtime.block_on(self.good.endpoints(|page| pages.push(page)));
                for page in pages {
                    self.event(Event::Page(number, page));
                }
                self.event(Event::ListEnd(number, end));
            }
            Effect::Disown | Effect::LoadRecent | Effect::LoadOverview => {}
            Effect::LoadLimits => {
                let limits = self.runtime.block_on(self.good.limits());
                self.event(Event::Limits(limits));
            }
            Effect::LoadLookups => {
                let storages = self.runtime.block_on(self.good.storages());
                self.event(Event::Lookup(LookedUp::Storages(storages)));
                let clusters = self.runtime.block_on(self.good.clusters());
                self.event(Event::Lookup(LookedUp::Clusters(clusters)));
                let credentials = self.runtime.block_on(self.good.auths());
                self.event(Event::Lookup(LookedUp::Credentials(credentials)));
            }
            Effect::OpenEndpoint(id) => self.event(Event::Opened(id, Box::new(Opened::ours()))),
            Effect::Save(base, body) => self.save(Save::start(*base, body)),
            Effect::Verify(base, body, open) => self.save(Save::verify(*base, body, *open)),
            other => panic!("{other:?} was not expected"),
        }
    }

    /// An event, after which the draft is written as in the real loop.
    fn event(&mut self, event: Event) {
        self.editor.event(event);
        note(&self.editor.model, &self.draft_writer);
    }

    fn save(&mut self, (save, first): (Save, Request)) {
        let save = save.with_patience(PATIENCE);
        let mut steps = Steps(Vec::new());
        let outcome = match (&self.bad, self.place.step()) {
            (Some(bad), Some(step)) => {
                let clients = Clients {
                    good: &self.good,
                    bad,
                    step,
                };
                self.runtime.block_on(clients.drive(save, first, &mut steps))
            }
            _ => {
                let (started, mut recorder) = ((save, first), no_recorder());
                self.runtime
                    .block_on(drive(&self.good, started, &mut recorder, &mut steps))
            }
        };
        for step in steps.0 {
            let again = step.again.clone();
            self.steps.push(step.clone());
            let (waits, looks) = (step.step != Step::Send, step.step == Step::Look);
            self.event(Event::SaveStep(step));
            if let Some(again) = again {
                // A send that goes again does so after the check that waited.
                self.pauses.extend((waits && !looks).then_some(again.pause));
                self.editor.shows(&if looks {
                    format!("({} of 7)", again.count)
                } else {
                    format!("(again, {} of 3)", again.count)
                });
            }
        }
        self.event(Event::SaveDone(outcome, "14:07".to_owned()));
    }

    /// How often the step that fails was done; in the last table how often it was read back.
    fn asked(&self, place: Place) -> String {
        let of = |step| self.steps.iter().filter(|progress| progress.step == step).count();
        let count = match place {
            Place::Load => 1 + self.pauses.len(),
            Place::Others => of(Step::Verify) + of(Step::Look),
            Place::Check | Place::Send | Place::Verify => place.step().map_or(0, of),
        };
        let times = match count {
            0 => "no".to_owned(),
            1 => "once".to_owned(),
            2 => "twice".to_owned(),
            n => format!("{n} times"),
        };
        let usual = |(at, pause): (usize, &Duration)| {
            *pause == PATIENCE.first * 2_u32.pow(u32::try_from(at).unwrap()) || *pause == PATIENCE.stale
        };
        match self.pauses.first() {
            Some(first) if !self.pauses.iter().enumerate().all(usual) => {
                assert!(self.pauses.iter().all(|pause| pause == first), "{:?}", self.pauses);
                format!("{times}, {} s apart", first.as_secs_f32())
            }
            _ => times,
        }
    }

    /// What is kept in the form, and the same on the disk.
    fn kept(&mut self) -> String {
        assert!(
            self.draft_writer.flush(Duration::from_secs(20)),
            "the disk doesn't answer"
        );
        let draft = match self.files.read_draft().unwrap() {
            FoundDraft::Draft(draft) => Some(draft),
            FoundDraft::Nothing => None,
            FoundDraft::SetAside { name, why } => panic!("set aside as {name:?}, for {why}"),
        };
        if self.place == Place::Load {
            assert!(draft.is_none() && self.editor.model.unsaved().flatten().is_none());
            return "nothing was edited".to_owned();
        }
        match self.editor.model.unsaved().expect("the endpoint is ours") {
            None => {
                assert!(draft.is_none(), "a draft is left");
                assert_eq!(
                    self.editor.form_state().work.base().config.workers.max_num,
                    Number::of(8)
                );
                "nothing is unsaved".to_owned()
            }
            Some(unsaved) => {
                let Draft { edited, sent, .. } = *draft.expect("a draft on the disk");
                assert_eq!(edited, *unsaved.edited);
                assert_eq!(sent.as_ref(), unsaved.sent.as_deref());
                while !self.editor.model.is_bare() {
                    self.editor.keys("<Esc>");
                }
                self.shows_the_edit();
                match sent {
                    None => "your edits".to_owned(),
                    Some(sent) => {
                        assert_eq!(sent, edited);
                        "your edits, and what was sent".to_owned()
                    }
                }
            }
        }
    }

    fn shows_the_edit(&mut self) {
        assert_eq!(self.editor.now().workers.max_num, Number::of(8));
        self.editor.shows("Max workers *8");
    }
}

/// Puts what is unsaved before the draft writer.
fn note(model: &Model, draft_writer: &DraftWriter) {
    if let Some(unsaved) = model.unsaved() {
        draft_writer.note(unsaved);
    }
}

fn files(home: &TempDir, base: &str) -> EndpointFiles {
    let env = Environment::from_pairs([("XDG_STATE_HOME", home.path().to_str().unwrap())]);
    let dirs = StateDirs::find(&env).unwrap();
    let account = Account::new(base, &Secret::new(KEY));
    Store::open(&dirs, &account).unwrap().endpoint_files(base, ID)
}

/// What the server holds, in the words of the page.
fn holds(before: &EndpointConfig, now: &EndpointConfig) -> String {
    let changed = |max: i64, name: Option<&str>| {
        let mut config = before.clone();
        config.workers.max_num = Number::of(max);
        config.name = name.map_or(config.name, str::to_owned);
        config
    };
    let all = [
        (changed(5, None), "as before"),
        (changed(8, None), "as sent"),
        (changed(5, Some("renamed")), "as before, with their change"),
        (changed(8, Some("renamed")), "as sent, with their change"),
        (changed(7, None), "another value"),
    ];
    let found = all.iter().find(|(config, _)| config == now);
    found.map_or_else(|| format!("{now:?}"), |(_, words)| (*words).to_owned())
}

/// The screen in one line, without frames: a sentence may be wrapped anywhere.
fn flat(screen: &str) -> String {
    let bare: String = screen
        .chars()
        .map(|c| if "│┌┐└┘─├┤".contains(c) { ' ' } else { c })
        .collect();
    bare.split_whitespace().collect::<Vec<_>>().join(" ")
}
