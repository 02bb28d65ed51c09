//! The editor over a model of a terminal: whatever is drawn is looked at, cell by cell and byte by byte.

use std::sync::LazyLock;

use novita_edit::api::wire;
use novita_edit::endpoint::{EnvVar, Limits, LoadedEndpoint, body, document};
use novita_edit::secret::Secret;
use novita_edit::session::{ReviewedBody, Workspace};
use novita_edit::store::Account;
use novita_edit::terminal::{Colors, Encoder, EncoderOptions, Frame, settle};
use novita_edit::text::Charset;
use novita_edit::text::has_invisible;
use novita_edit::tui::dispatch::update;
use novita_edit::tui::event::{Effect, Event};
use novita_edit::tui::model::{LookedUp, Model, Opened, Screen, Surroundings};
use novita_edit::tui::screen::view;
use ratatui::Terminal;
use ratatui::backend::TestBackend;
use ratatui::layout::Size;

pub const ID: &str = "ep_7f3a91c2";

/// What the answers name and the demo account has.
pub fn limits() -> Event {
    static LIMITS: LazyLock<Limits> =
        LazyLock::new(|| wire::limits(include_bytes!("../../../assets/demo/limits.json")).unwrap());
    Event::Limits(Ok(LIMITS.clone()))
}

pub fn llama() -> LoadedEndpoint {
    static LLAMA: LazyLock<LoadedEndpoint> =
        LazyLock::new(|| wire::endpoint(include_bytes!("../../../assets/demo/llama-3-8b.json"), ID).unwrap());
    LLAMA.clone()
}

pub fn lookups() -> [Event; 3] {
    let of = |items: &str| format!("{{\"data\": {items}}}");
    let storages = of(include_str!("../../../assets/demo/networkstorages.json"));
    let clusters = of(include_str!("../../../assets/demo/clusters.json"));
    let credentials = of(include_str!("../../../assets/demo/auths.json"));
    [
        LookedUp::Storages(Ok(wire::storage_page(storages.as_bytes()).unwrap().items)),
        LookedUp::Clusters(Ok(wire::clusters(clusters.as_bytes()).unwrap())),
        LookedUp::Credentials(Ok(wire::auths(credentials.as_bytes()).unwrap())),
    ]
    .map(Event::Lookup)
}

pub struct Editor {
    pub model: Model,
    pub frame: u64,
    terminal: Terminal<TestBackend>,
    encoder: Encoder,
}

impl Editor {
    /// On the picker, or on an endpoint that is being read.
    pub fn start(width: u16, height: u16, mut around: Surroundings, id: Option<&str>) -> (Self, Vec<Effect>) {
        let account = Account::new("https://api.test", &Secret::new("sk_test"));
        around.redactor = account.redactor().clone();
        let size = Size::new(width, height);
        let (model, effects) = Model::new(size, around, id.map(str::to_owned));
        let mut encoder = Encoder::new(EncoderOptions {
            charset: Charset::Utf8,
            colors: Colors::Sixteen,
        });
        encoder.entered();
        let mut editor = Self {
            model,
            frame: 0,
            terminal: Terminal::new(TestBackend::new(width, height)).unwrap(),
            encoder,
        };
        editor.draw();
        (editor, effects)
    }

    /// The form of an endpoint, with the demo account around it.
    pub fn on(endpoint: LoadedEndpoint, width: u16, height: u16) -> Self {
        let (mut editor, _) = Self::start(width, height, Surroundings::default(), Some(&endpoint.config.id));
        editor.update(limits());
        let opened = Event::Opened(endpoint.config.id.clone(), Box::new(Opened::ours()));
        editor.update(opened);
        let request = editor.model.request;
        editor.update(Event::Loaded(request, Box::new(Ok(endpoint)), "14:03".into()));
        for event in lookups() {
            editor.update(event);
        }
        editor.draw();
        editor
    }

    /// Without drawing.
    pub fn update(&mut self, event: Event) -> Vec<Effect> {
        if let Event::Resize(size) = event {
            self.terminal.backend_mut().resize(size.width, size.height);
        }
        update(&mut self.model, event)
    }

    pub fn workspace(&self) -> Option<&Workspace> {
        match &self.model.screen {
            Screen::Form(form) => Some(&form.work),
            _ => None,
        }
    }

    /// Draws, and looks at what came of it: nothing that can't be seen is in a cell, and nothing but our own few
    /// sequences is among the bytes.
    pub fn draw(&mut self) {
        let drawn = self.terminal.draw(|frame| view(&self.model, frame)).unwrap();
        let mut buffer = drawn.buffer.clone();
        for cell in &buffer.content {
            assert!(!has_invisible(cell.symbol()), "a cell holds {:?}", cell.symbol());
        }
        settle(&mut buffer);
        let mut frame = Frame::blank(self.model.size);
        let width = usize::from(buffer.area.width).max(1);
        for (at, cell) in buffer.content.iter().enumerate() {
            let (x, y) = (at % width, at / width);
            frame.put(u16::try_from(x).unwrap(), u16::try_from(y).unwrap(), cell);
        }
        is_ours(&self.encoder.encode(&mut frame));
        self.frame += 1;
        let effects = update(&mut self.model, Event::Drawn(self.frame));
        assert!(effects.is_empty(), "drawing asks for nothing");
    }
}

/// Text and the sequences that the encoder makes; nothing else may reach a terminal.
fn is_ours(bytes: &[u8]) {
    let text = std::str::from_utf8(bytes).expect("only UTF-8 is written");
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        match c {
            '\x1b' => {
                assert_eq!(chars.next(), Some('['), "in {text:?}");
                let last = chars.find(|c| !matches!(c, '0'..='9' | ';' | '?'));
                assert!(last.is_some_and(|c| "ABCDGHJKXdhlm".contains(c)), "in {text:?}");
            }
            '\r' | '\n' | '\x08' => {}
            c => assert!(!has_invisible(c.encode_utf8(&mut [0; 4])), "{c:?} in {text:?}"),
        }
    }
}

/// What would be sent of a form: its body says the same as the form, shows all that is in it, and says nothing else.
pub fn check_body(work: &Workspace) {
    let text = body::text(work.now());
    assert!(!has_invisible(&text.replace('\n', "")), "{text:?}");
    serde_json::from_str::<serde_json::Value>(&text).expect("a body is JSON");
    assert!(!body::masked(work.now()).contains('\x1b'));
    let reviewed = ReviewedBody::of(work);
    if let Some(reviewed) = reviewed {
        let is_lost = |env: &EnvVar| env.value.is_mask();
        assert!(
            !reviewed.config().envs.iter().any(is_lost),
            "a value that nobody has would be sent"
        );
        let id = &work.now().id;
        let read = wire::endpoint(reviewed.bytes(), id).expect("what can be sent can be read");
        assert_eq!(body::text(&read.config), text);
        let edited = document::read_edited(&text, work.now()).expect("and edited");
        assert_eq!(body::text(&edited), text);
    }
}
