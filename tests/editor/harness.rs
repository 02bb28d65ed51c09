//! The editor without a terminal: keys in, screens and effects out.

use std::sync::Arc;

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use novita_edit::api::{ApiError, FailedCall, IncompleteList, NoAnswer, NotSent, Refused, wire};
use novita_edit::endpoint::{EndpointConfig, LoadedEndpoint, Summary};
use novita_edit::secret::Secret;
use novita_edit::session::{Outcome, Progress, Step};
use novita_edit::store::{Account, Redactor};
use novita_edit::text::width::shown_width;
use novita_edit::tui::dispatch::update;
use novita_edit::tui::event::{Effect, Event, Pasted, Press};
use novita_edit::tui::model::{Discard, Form, LookedUp, Model, Opened, Screen, Surroundings};
use novita_edit::tui::screen::view;
use ratatui::Terminal;
use ratatui::backend::TestBackend;
use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Size};
use ratatui::style::Modifier;

pub const ID: &str = "ep_7f3a91c2";

/// The endpoint that the design pictures: one warning (9LIVES), twelve envs, two volumes.
pub fn llama() -> LoadedEndpoint {
    wire::endpoint(include_bytes!("../../assets/demo/llama-3-8b.json"), ID).unwrap()
}

pub fn limits_event() -> Event {
    Event::Limits(Ok(
        wire::limits(include_bytes!("../../assets/demo/limits.json")).unwrap()
    ))
}

/// The answers to all look-ups, as the demo account gives them: three clusters, four storages, two credentials.
pub fn lookup_events() -> [Event; 3] {
    let of = |items: &str| format!("{{\"data\": {items}}}");
    let storages = of(include_str!("../../assets/demo/networkstorages.json"));
    let clusters = of(include_str!("../../assets/demo/clusters.json"));
    let credentials = of(include_str!("../../assets/demo/auths.json"));
    [
        LookedUp::Storages(Ok(wire::storage_page(storages.as_bytes()).unwrap().items)),
        LookedUp::Clusters(Ok(wire::clusters(clusters.as_bytes()).unwrap())),
        LookedUp::Credentials(Ok(wire::auths(credentials.as_bytes()).unwrap())),
    ]
    .map(Event::Lookup)
}

/// The connection broke before a call was answered.
pub fn cut(call: &'static str) -> ApiError {
    ApiError::NoAnswer {
        at: FailedCall {
            host: "api.test".into(),
            call,
        },
        why: NoAnswer::Cut("connection reset".into()),
    }
}

/// Only so many endpoints of the list came.
pub fn only(came: usize, total: usize, why: Option<ApiError>) -> ApiError {
    ApiError::Incomplete(Box::new(IncompleteList {
        at: FailedCall {
            host: "api.test".into(),
            call: "GET /endpoints",
        },
        entries: "endpoints",
        came,
        total: u64::try_from(total).ok(),
        why,
    }))
}

/// No connection for the update came about.
pub fn unsent() -> ApiError {
    ApiError::NotSent {
        at: FailedCall {
            host: "api.test".into(),
            call: "POST /endpoint/update",
        },
        why: NotSent::Refused,
    }
}

pub fn refused(call: &'static str, status: u16, reason: &str, message: &str) -> ApiError {
    ApiError::Refused(Box::new(Refused {
        at: FailedCall {
            host: "api.test".into(),
            call,
        },
        status,
        reason: reason.into(),
        message: message.into(),
        retry_after: None,
        key_source: "NOVITA_API_KEY".into(),
        key_renewed: false,
    }))
}

pub fn summaries() -> Vec<Summary> {
    let one = |id: &str, name: &str, state: &str, (min, max): (&str, &str), image: &str| Summary {
        id: id.into(),
        name: name.into(),
        state: state.into(),
        min_workers: min.into(),
        max_workers: max.into(),
        image: image.into(),
        ..Summary::default()
    };
    vec![
        one(ID, "llama-3-8b", "serving", ("1", "5"), "vllm/vllm-openai:v0.6.3"),
        one(
            "ep_b40c55de",
            "comfy-render",
            "serving",
            ("0", "8"),
            "registry.example.com/team/comfyui-worker:2.4.1-cu124",
        ),
        one(
            "ep_19e0d3aa",
            "whisper-large-v3",
            "failed",
            ("0", "2"),
            "example/whisper:1.0",
        ),
    ]
}

pub struct Editor {
    pub model: Model,
    pub effects: Vec<Effect>,
    terminal: Terminal<TestBackend>,
    frame: u64,
}

impl Editor {
    /// On an endpoint that is being read, or on the picker; nothing has been answered.
    pub fn starting(size: (u16, u16), around: Surroundings, id: Option<&str>) -> Self {
        let (model, effects) = Model::new(Size::new(size.0, size.1), around, id.map(str::to_owned));
        let terminal = Terminal::new(TestBackend::new(size.0, size.1)).unwrap();
        let mut editor = Self {
            model,
            effects,
            terminal,
            frame: 0,
        };
        editor.draw();
        editor
    }

    /// The form on an endpoint, with the demo account's limits.
    pub fn on(endpoint: LoadedEndpoint, size: (u16, u16)) -> Self {
        let id = endpoint.config.id.clone();
        let mut editor = Self::starting(size, surroundings(), Some(&id));
        editor.event(limits_event());
        editor.load(Ok(endpoint));
        editor.event(Event::Opened(id, Box::new(Opened::ours())));
        editor.effects.clear();
        editor
    }

    /// The form on the pictured endpoint at 80×24.
    pub fn form() -> Self {
        Self::on(llama(), (80, 24))
    }

    /// The same with another configuration on the server.
    pub fn with(change: impl FnOnce(&mut EndpointConfig)) -> Self {
        let mut endpoint = llama();
        change(&mut endpoint.config);
        Self::on(endpoint, (80, 24))
    }

    /// What was looked up came.
    pub fn looked_up(&mut self) -> &mut Self {
        for event in lookup_events() {
            self.event(event);
        }
        self
    }

    pub fn load(&mut self, read: Result<LoadedEndpoint, ApiError>) {
        self.event(Event::Loaded(self.model.request, Box::new(read), "14:03".into()));
    }

    pub fn event(&mut self, event: Event) {
        let effects = update(&mut self.model, event);
        self.effects.extend(effects);
        self.draw();
    }

    pub fn draw(&mut self) {
        self.terminal.draw(|frame| view(&self.model, frame)).unwrap();
        self.frame += 1;
        let effects = update(&mut self.model, Event::Drawn(self.frame));
        assert_eq!(effects, [], "drawing asks for nothing");
    }

    /// Presses keys, each after the frame that shows what the one before did: `12<Enter>`, `<C-s>`, `<lt>` for `<`.
    pub fn keys(&mut self, keys: &str) -> &mut Self {
        for key in parse(keys) {
            self.event(Event::Key(press(key, self.frame)));
        }
        self
    }

    /// The same faster than the screen is drawn: all of them in one read.
    pub fn typed_ahead(&mut self, keys: &str) -> &mut Self {
        self.keys_seen_at(keys, self.frame)
    }

    /// What lies over the screen, by the name of its type.
    pub fn in_front(&self) -> Option<String> {
        self.model.views.front().map(|view| view.name().to_owned())
    }

    /// The newest frame.
    pub fn frame(&self) -> u64 {
        self.frame
    }

    /// Keys that were read together while an older frame was on the terminal.
    pub fn keys_seen_at(&mut self, keys: &str, frame: u64) -> &mut Self {
        for (at, key) in parse(keys).into_iter().enumerate() {
            let rested = at == 0;
            self.undrawn_event(Event::Key(Press {
                rested,
                ..press(key, frame)
            }));
        }
        self.draw();
        self
    }

    /// Keys that came while the newest frame had not been on the terminal for long, each after it was drawn.
    pub fn quick_keys(&mut self, keys: &str) -> &mut Self {
        for key in parse(keys) {
            let (settled, rested) = (self.frame.saturating_sub(1), false);
            self.undrawn_event(Event::Key(Press {
                settled,
                rested,
                ..press(key, self.frame)
            }));
            self.draw();
        }
        self
    }

    pub fn paste(&mut self, text: &str) -> &mut Self {
        self.event(Event::Paste(Pasted::whole(text)));
        self
    }

    /// A piece of a paste that stalls.
    pub fn paste_piece(&mut self, text: &str, first: bool, last: bool) -> &mut Self {
        let whole = Pasted::whole(text);
        self.event(Event::Paste(Pasted { first, last, ..whole }));
        self
    }

    /// Something that happens before the screen is drawn again.
    pub fn undrawn_event(&mut self, event: Event) {
        let effects = update(&mut self.model, event);
        self.effects.extend(effects);
    }

    /// The screen as it would be drawn now; nobody sees it.
    pub fn undrawn(&mut self) -> String {
        self.terminal.draw(|frame| view(&self.model, frame)).unwrap();
        self.screen()
    }

    /// Where a text stands on the screen.
    #[track_caller]
    pub fn place(&self, text: &str) -> Position {
        let screen = self.screen();
        for (row, line) in screen.lines().enumerate() {
            if let Some(at) = line.find(text) {
                let column = shown_width(&line[..at]);
                return Position::new(u16::try_from(column).unwrap(), u16::try_from(row).unwrap());
            }
        }
        panic!("no {text:?} in\n{screen}");
    }

    /// Whether a text's first character is drawn reversed.
    #[track_caller]
    pub fn is_reversed(&self, text: &str) -> bool {
        self.buffer()[self.place(text)].modifier.contains(Modifier::REVERSED)
    }

    /// Clicks on a text of the screen.
    #[track_caller]
    pub fn click(&mut self, text: &str) -> &mut Self {
        let place = self.place(text);
        self.event(Event::Click(place, false, self.frame));
        self
    }

    /// Clicks twice on a text of the screen, where it stood at first.
    #[track_caller]
    pub fn double_click(&mut self, text: &str) -> &mut Self {
        let place = self.place(text);
        self.event(Event::Click(place, false, self.frame));
        self.event(Event::Click(place, true, self.frame));
        self
    }

    /// Clicks, clicks twice and turns the wheel all over the screen, faster than it is drawn.
    pub fn clicks_everywhere(&mut self) {
        let height = self.model.size.height;
        for y in 0..height {
            for x in [12, 45] {
                let place = Position::new(x, y);
                let frame = self.frame;
                for event in [
                    Event::Click(place, false, frame),
                    Event::Click(place, true, frame),
                    Event::Wheel(place, if y < height / 2 { 1 } else { -2 }, frame),
                ] {
                    let effects = update(&mut self.model, event);
                    self.effects.extend(effects);
                }
            }
        }
        self.draw();
    }

    /// Turns the wheel on a text of the screen.
    #[track_caller]
    pub fn wheel(&mut self, text: &str, by: i32) -> &mut Self {
        let place = self.place(text);
        self.event(Event::Wheel(place, by, self.frame));
        self
    }

    pub fn resize(&mut self, width: u16, height: u16) -> &mut Self {
        self.terminal.backend_mut().resize(width, height);
        self.event(Event::Resize(Size::new(width, height)));
        self
    }

    /// Sends the review that is open, and lets the save end.
    pub fn save_ends(&mut self, outcome: Outcome) -> &mut Self {
        let step = Step::Check;
        self.event(Event::SaveStep(Progress { step, again: None }));
        self.event(Event::SaveDone(Box::new(outcome), "14:07".into()));
        self
    }

    pub fn form_state(&self) -> &Form {
        match &self.model.screen {
            Screen::Form(form) => form,
            other => panic!("no form: {other:?}"),
        }
    }

    /// The configuration as edited.
    pub fn now(&self) -> &EndpointConfig {
        self.form_state().work.now()
    }

    /// The update that was asked for: the text that goes out.
    pub fn sent(&self) -> Option<&str> {
        let mut sent = self.effects.iter().filter_map(|effect| match effect {
            Effect::Save(_, body) => Some(body.text()),
            _ => None,
        });
        let first = sent.next();
        assert_eq!(sent.next(), None, "asked for one save, not two");
        first
    }

    /// The effects since the last call.
    pub fn asked(&mut self) -> Vec<Effect> {
        std::mem::take(&mut self.effects)
    }

    /// What was to be discarded since the last call is put aside.
    #[track_caller]
    pub fn put_aside(&mut self) -> Arc<Discard> {
        self.is_put_aside(Ok(()))
    }

    /// The same, or it can't be, and why.
    #[track_caller]
    pub fn is_put_aside(&mut self, put: Result<(), String>) -> Arc<Discard> {
        let at = self
            .effects
            .iter()
            .position(|effect| matches!(effect, Effect::Discard(_)));
        let Some(Effect::Discard(what)) = at.map(|at| self.effects.remove(at)) else {
            panic!("nothing was to be discarded in\n{}", self.screen())
        };
        let what = Arc::new(what);
        self.event(Event::Discarded(Arc::clone(&what), put));
        what
    }

    /// The text that was to be copied, as the only thing since the last call; it went to the terminal.
    #[track_caller]
    pub fn copied(&mut self) -> String {
        let mut asked = self.asked();
        let Some(Effect::Copy { what, text }) = asked.pop() else {
            panic!("nothing was to be copied")
        };
        assert_eq!(asked, []);
        self.event(Event::Copied(what, Ok(())));
        text.reveal().to_owned()
    }

    /// The screen as text, blanks at the ends cut.
    pub fn screen(&self) -> String {
        let buffer = self.buffer();
        let mut text = String::new();
        for y in 0..buffer.area.height {
            let mut line = String::new();
            let mut x = 0;
            while x < buffer.area.width {
                let symbol = buffer[(x, y)].symbol();
                line.push_str(symbol);
                x += u16::try_from(shown_width(symbol)).unwrap().max(1);
            }
            text.push_str(line.trim_end());
            text.push('\n');
        }
        text
    }

    /// The cells of the screen.
    pub fn buffer(&self) -> &Buffer {
        self.terminal.backend().buffer()
    }

    /// Where the cursor stands, if it shows.
    pub fn cursor(&self) -> Option<Position> {
        let backend = self.terminal.backend();
        backend.cursor_visible().then(|| backend.cursor_position())
    }

    /// The same with the place of the cursor under it.
    pub fn picture(&self) -> String {
        let cursor = match self.cursor() {
            Some(at) => format!("cursor: column {}, row {}", at.x, at.y),
            None => "cursor: hidden".to_owned(),
        };
        format!("{}{cursor}\n", self.screen())
    }

    /// The one line with a text in it.
    pub fn line(&self, text: &str) -> String {
        let screen = self.screen();
        let found = screen.lines().find(|line| line.contains(text));
        found
            .unwrap_or_else(|| panic!("no line with {text:?} in\n{screen}"))
            .to_owned()
    }

    #[track_caller]
    pub fn shows(&self, text: &str) -> &Self {
        let screen = self.screen();
        // A sentence may be wrapped.
        let flat = screen.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(screen.contains(text) || flat.contains(text), "no {text:?} in\n{screen}");
        self
    }

    #[track_caller]
    pub fn hides(&self, text: &str) -> &Self {
        let screen = self.screen();
        assert!(!screen.contains(text), "{text:?} in\n{screen}");
        self
    }

    /// Which stop of the form is focused, as its label or row name.
    pub fn focus(&self) -> String {
        use novita_edit::endpoint::List;
        use novita_edit::tui::model::Focus;
        match self.form_state().focus {
            Focus::Field(field) => field.label().to_owned(),
            Focus::Row(List::Envs, row) => self.now().envs[row].key.clone(),
            Focus::Row(List::Volumes, row) => self.now().volumes[row].mount_path.clone(),
            Focus::Empty(list) => format!("no {}", list.noun()),
        }
    }
}

pub fn surroundings() -> Surroundings {
    Surroundings {
        profile: Some("prod".into()),
        update_url: "https://api.novita.ai/gpu-instance/openapi/v1/endpoint/update".into(),
        ..Surroundings::default()
    }
}

/// That of an account whose values are not kept in our files.
pub fn redacting() -> Redactor {
    let account = Account::new("https://api.test", &Secret::new("sk_test")).keeping_secrets(false);
    account.redactor().clone()
}

/// A key that was read with a frame on the terminal; Alt-keys as ESC and the key.
fn press(key: KeyEvent, frame: u64) -> Press {
    let after_esc = key.modifiers.contains(KeyModifiers::ALT);
    Press {
        after_esc,
        ..Press::seen(key, frame)
    }
}

/// Keys in the notation of [`Editor::keys`].
fn parse(keys: &str) -> Vec<KeyEvent> {
    let mut found = Vec::new();
    let mut rest = keys;
    while let Some(first) = rest.chars().next() {
        if first == '<' {
            let end = rest.find('>').expect("a key's name ends in >");
            found.push(named(&rest[1..end]));
            rest = &rest[end + 1..];
        } else {
            found.push(plain(first));
            rest = &rest[first.len_utf8()..];
        }
    }
    found
}

fn plain(c: char) -> KeyEvent {
    let shift = if c.is_uppercase() {
        KeyModifiers::SHIFT
    } else {
        KeyModifiers::NONE
    };
    KeyEvent::new(KeyCode::Char(c), shift)
}

fn named(name: &str) -> KeyEvent {
    if let Some(rest) = name.strip_prefix("C-") {
        let code = if rest.chars().count() == 1 {
            KeyCode::Char(rest.chars().next().unwrap())
        } else {
            named(rest).code
        };
        return KeyEvent::new(code, KeyModifiers::CONTROL);
    }
    if let Some(rest) = name.strip_prefix("A-") {
        let key = if rest.chars().count() == 1 {
            plain(rest.chars().next().unwrap())
        } else {
            named(rest)
        };
        return KeyEvent::new(key.code, key.modifiers | KeyModifiers::ALT);
    }
    let code = match name {
        "Enter" => KeyCode::Enter,
        "Esc" => KeyCode::Esc,
        "Tab" => KeyCode::Tab,
        "S-Tab" => return KeyEvent::new(KeyCode::BackTab, KeyModifiers::SHIFT),
        "Up" => KeyCode::Up,
        "Down" => KeyCode::Down,
        "Left" => KeyCode::Left,
        "Right" => KeyCode::Right,
        "Home" => KeyCode::Home,
        "End" => KeyCode::End,
        "PgUp" => KeyCode::PageUp,
        "PgDn" => KeyCode::PageDown,
        "BS" => KeyCode::Backspace,
        "Del" => KeyCode::Delete,
        name if name.starts_with('F') && name[1..].parse::<u8>().is_ok() => KeyCode::F(name[1..].parse().unwrap()),
        "lt" => KeyCode::Char('<'),
        "gt" => KeyCode::Char('>'),
        other => panic!("no key is called {other}"),
    };
    KeyEvent::new(code, KeyModifiers::NONE)
}
