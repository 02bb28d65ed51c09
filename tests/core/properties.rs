//! What holds for any keys, any size and any configuration.

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use novita_edit::api::wire;
use novita_edit::endpoint::{
    EndpointConfig, EnvVar, Limits, LoadedEndpoint, Number, PolicyType, VolumeMount, VolumeType, body, diff,
};
use novita_edit::store::History;
use novita_edit::tui::dispatch::update;
use novita_edit::tui::event::{Effect, Event, Pasted, Press};
use novita_edit::tui::model::{Model, Opened, Screen, Surroundings};
use novita_edit::tui::screen::view;
use proptest::prelude::*;
use ratatui::Terminal;
use ratatui::backend::TestBackend;
use ratatui::layout::Size;

const ID: &str = "ep_7f3a91c2";

fn limits() -> Limits {
    wire::limits(include_bytes!("../../assets/demo/limits.json")).unwrap()
}

fn llama() -> LoadedEndpoint {
    wire::endpoint(include_bytes!("../../assets/demo/llama-3-8b.json"), ID).unwrap()
}

/// Texts that terminals and counters stumble over.
fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        4 => "[a-zA-Z0-9_/:.-]{0,20}",
        1 => Just(String::new()),
        1 => "[中文e\u{301}🚀\u{200d}\u{202e}\t\n \u{a0}é]{0,30}",
        1 => "\\PC{0,60}",
    ]
}

fn number() -> impl Strategy<Value = Number> {
    prop_oneof![
        4 => (-2_i64..700).prop_map(Number::of),
        1 => any::<i64>().prop_map(Number::of),
        1 => text().prop_map(Number::typed),
    ]
}

/// A number as a server tells it.
fn told() -> impl Strategy<Value = Number> {
    prop_oneof![3 => 0_i64..5000, 1 => any::<i64>()].prop_map(Number::of)
}

fn volume(number: impl Strategy<Value = Number>) -> impl Strategy<Value = VolumeMount> {
    let kind = prop_oneof![
        3 => Just(VolumeType::Local),
        3 => Just(VolumeType::Network),
        1 => Just(VolumeType::Other("nvme".into())),
    ];
    (kind, number, text(), text()).prop_map(|(kind, size, storage_id, mount_path)| VolumeMount {
        kind,
        size,
        storage_id,
        mount_path,
    })
}

fn policy_type() -> impl Strategy<Value = PolicyType> {
    prop_oneof![
        Just(PolicyType::Queue),
        Just(PolicyType::Concurrency),
        Just(PolicyType::Unset),
        Just(PolicyType::Other("latency".into())),
    ]
}

fn config<N: Strategy<Value = Number>>(number: fn() -> N, most: usize) -> impl Strategy<Value = EndpointConfig> {
    let workers = (number(), number(), number(), number(), number(), number());
    let texts = (text(), text(), text(), text(), text(), text(), text());
    let volumes = prop::collection::vec(volume(number()), 0..most);
    let envs = prop::collection::vec((text(), text()), 0..most);
    (workers, texts, policy_type(), number(), volumes, envs).prop_map(|(w, t, kind, value, volumes, envs)| {
        let mut config = EndpointConfig {
            id: ID.into(),
            name: t.0,
            cluster_id: t.1,
            port: t.2,
            health_path: t.3,
            volumes,
            envs: envs.into_iter().map(|(key, value)| EnvVar::new(key, value)).collect(),
            ..EndpointConfig::default()
        };
        config.image.image = t.4;
        config.image.auth_id = t.5;
        config.image.command = t.6;
        config.workers.min_num = w.0;
        config.workers.max_num = w.1;
        config.workers.free_timeout = w.2;
        config.workers.max_concurrent = w.3;
        config.workers.gpu_num = w.4;
        config.workers.request_timeout = w.5;
        config.policy.kind = kind;
        config.policy.value = value;
        config
    })
}

#[derive(Clone, Debug)]
enum Input {
    Key(KeyEvent),
    Paste(String),
    Resize(u16, u16),
}

fn key() -> impl Strategy<Value = KeyEvent> {
    let plain = |code| KeyEvent::new(code, KeyModifiers::NONE);
    let named = prop::sample::select(vec![
        KeyCode::Enter,
        KeyCode::Enter,
        KeyCode::Esc,
        KeyCode::Tab,
        KeyCode::BackTab,
        KeyCode::Up,
        KeyCode::Down,
        KeyCode::Left,
        KeyCode::Right,
        KeyCode::Home,
        KeyCode::End,
        KeyCode::PageUp,
        KeyCode::PageDown,
        KeyCode::Backspace,
        KeyCode::Delete,
        KeyCode::F(1),
        KeyCode::F(5),
    ]);
    prop_oneof![
        4 => named.prop_map(plain),
        6 => prop::sample::select("adJKuUnNivVwyYqrosHeS/?+-<>gGhjkl0123456789 x".chars().collect::<Vec<_>>())
            .prop_map(move |c| plain(KeyCode::Char(c))),
        1 => prop::sample::select("acehjlsuvwyz".chars().collect::<Vec<_>>())
            .prop_map(|c| KeyEvent::new(KeyCode::Char(c), KeyModifiers::CONTROL)),
        1 => prop::sample::select("adnu/".chars().collect::<Vec<_>>())
            .prop_map(|c| KeyEvent::new(KeyCode::Char(c), KeyModifiers::ALT)),
        1 => any::<char>().prop_map(move |c| plain(KeyCode::Char(c))),
    ]
}

fn inputs() -> impl Strategy<Value = Vec<Input>> {
    let one = prop_oneof![
        20 => key().prop_map(Input::Key),
        1 => text().prop_map(Input::Paste),
        1 => (0_u16..=250, 0_u16..=70).prop_map(|(w, h)| Input::Resize(w, h)),
        1 => (38_u16..=82, 10_u16..=26).prop_map(|(w, h)| Input::Resize(w, h)),
    ];
    prop::collection::vec(one, 1..40)
}

struct Driven {
    model: Model,
    terminal: Terminal<TestBackend>,
    frame: u64,
}

impl Driven {
    fn new(endpoint: LoadedEndpoint) -> Self {
        let (model, _) = Model::new(Size::new(80, 24), Surroundings::default(), Some(ID.into()));
        let mut driven = Self {
            model,
            terminal: Terminal::new(TestBackend::new(80, 24)).unwrap(),
            frame: 0,
        };
        driven.event(Event::Limits(Ok(limits())));
        driven.load(endpoint);
        driven
    }

    fn load(&mut self, endpoint: LoadedEndpoint) {
        let opened = Event::Opened(endpoint.config.id.clone(), Box::new(Opened::ours()));
        self.event(opened);
        let event = Event::Loaded(self.model.request, Box::new(Ok(endpoint)), "14:03".into());
        self.event(event);
    }

    fn event(&mut self, event: Event) -> Vec<Effect> {
        let effects = update(&mut self.model, event);
        self.terminal.draw(|frame| view(&self.model, frame)).unwrap();
        self.frame += 1;
        update(&mut self.model, Event::Drawn(self.frame));
        effects
    }

    fn input(&mut self, input: &Input) -> Vec<Effect> {
        match input {
            Input::Key(key) => self.event(Event::Key(Press::seen(*key, self.frame))),
            Input::Paste(text) => self.event(Event::Paste(Pasted::whole(text.clone()))),
            Input::Resize(width, height) => {
                self.terminal.backend_mut().resize(*width, *height);
                self.event(Event::Resize(Size::new(*width, *height)))
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    #[test]
    fn update_and_view_never_panic(
        config in config(number, 40),
        size in (0_u16..=250, 0_u16..=70),
        inputs in inputs(),
    ) {
        let mut driven = Driven::new(LoadedEndpoint { config, ..llama() });
        driven.input(&Input::Resize(size.0, size.1));
        for (at, input) in inputs.iter().enumerate() {
            for effect in driven.input(input) {
                match effect {
                    // The answer to a read, so that the form is never left for good; somebody else is at work too.
                    Effect::Load(..) => {
                        let mut theirs = llama();
                        theirs.config.workers.max_num = Number::of(i64::try_from(at).unwrap());
                        theirs.config.envs.rotate_left(at % 3);
                        driven.load(theirs);
                    }
                    Effect::LoadHistory(id) => drop(driven.event(Event::HistoryRead(id, Ok(History::default())))),
                    Effect::FlushDraft(leaving) => drop(driven.event(Event::Flushed(at % 2 == 0, leaving))),
                    _ => {}
                }
            }
        }
    }

    #[test]
    fn as_many_undos_lead_back_to_what_was_loaded(keys in prop::collection::vec(key(), 1..60)) {
        let mut driven = Driven::new(llama());
        let mut typed = 0;
        for key in keys {
            // Leaving the form and sending are other stories.
            let leaves = matches!(key.code, KeyCode::Char('o' | 'q' | 'r' | 'w' | 's' | ':' | 'p') | KeyCode::F(5));
            let quits = key.code == KeyCode::Char('c') && key.modifiers.contains(KeyModifiers::CONTROL);
            if !leaves && !quits {
                driven.input(&Input::Key(key));
                typed += 1;
            }
        }
        let Screen::Form(form) = &mut driven.model.screen else { panic!("the form was left") };
        for _ in 0..typed {
            form.work.undo();
        }
        prop_assert_eq!(form.work.now(), &llama().config);
        prop_assert!(form.work.undo().is_none());
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 150, ..ProptestConfig::default() })]

    #[test]
    fn a_body_reads_back_as_the_configuration_that_it_was_made_of(config in config(told, 8)) {
        let mut config = config;
        // Where nothing was configured, reading can't tell blank from absent; required keys are not blank.
        config.port = "8000".into();
        let text = body::text(&config);
        let read = wire::endpoint(text.as_bytes(), ID);
        prop_assert!(read.is_ok(), "{:?} of {}", read, text);
        let read = read.unwrap();
        prop_assert_eq!(&read.config, &config);
        prop_assert_eq!(body::text(&read.config), text);
    }

    #[test]
    fn there_are_changes_exactly_when_two_configurations_differ(a in config(number, 5), b in config(number, 5), mix in any::<u8>()) {
        prop_assert_eq!(diff::changes(&a, &a).len(), 0);
        // Mostly equal configurations, so that the differences are single.
        let mut c = a.clone();
        if mix & 1 != 0 { c.envs.reverse(); }
        if mix & 2 != 0 { c.volumes.reverse(); }
        if mix & 4 != 0 { c.workers = b.workers.clone(); }
        if mix & 8 != 0 { c.envs.extend(b.envs.iter().take(1).cloned()); }
        if mix & 16 != 0 { c.volumes.pop(); }
        if mix & 32 != 0 { c.policy = b.policy.clone(); }
        if mix & 64 != 0 { c.health_path.push('x'); }
        if mix & 128 != 0 && !c.envs.is_empty() { c.envs.rotate_left(1); }
        prop_assert_eq!(diff::changes(&a, &c).is_empty(), a == c, "{:?}", diff::changes(&a, &c));
        prop_assert_eq!(diff::changes(&a, &b).is_empty(), a == b);
    }
}
