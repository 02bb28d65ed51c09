//! What a keystroke costs: update and view, in a small and a large terminal, with few and with very many envs.

use std::hint::black_box;

use criterion::{Criterion, criterion_group, criterion_main};
use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use novita_edit::api::wire;
use novita_edit::endpoint::EnvVar;
use novita_edit::tui::dispatch::update;
use novita_edit::tui::event::{Event, Press};
use novita_edit::tui::model::{Model, Opened, Surroundings};
use novita_edit::tui::screen::view;
use ratatui::Terminal;
use ratatui::backend::TestBackend;
use ratatui::layout::Size;

const ID: &str = "ep_7f3a91c2";

fn form(size: Size, envs: usize) -> Model {
    let mut endpoint = wire::endpoint(include_bytes!("../assets/demo/llama-3-8b.json"), ID).expect("a demo endpoint");
    endpoint.config.envs = (0..envs)
        .map(|at| EnvVar::new(format!("VARIABLE_{at}"), format!("value {at}")))
        .collect();
    let limits = wire::limits(include_bytes!("../assets/demo/limits.json")).expect("the demo's limits");
    let (mut model, _) = Model::new(size, Surroundings::default(), Some(ID.to_owned()));
    update(&mut model, Event::Limits(Ok(limits)));
    update(&mut model, Event::Opened(ID.to_owned(), Box::new(Opened::ours())));
    let loaded = Event::Loaded(model.request, Box::new(Ok(endpoint)), "14:03".to_owned());
    update(&mut model, loaded);
    model
}

fn press(model: &mut Model, terminal: &mut Terminal<TestBackend>, code: KeyCode) {
    let key = KeyEvent::new(code, KeyModifiers::NONE);
    black_box(update(model, Event::Key(Press::seen(key, 1))));
    terminal.draw(|frame| view(model, frame)).expect("drawing to memory");
}

fn keystrokes(c: &mut Criterion) {
    for (width, height) in [(80, 24), (200, 60)] {
        for envs in [10, 5000] {
            let size = Size::new(width, height);
            let mut terminal = Terminal::new(TestBackend::new(width, height)).expect("memory");
            // A digit typed into a number and taken back: every keystroke is checked and drawn.
            let mut model = form(size, envs);
            press(&mut model, &mut terminal, KeyCode::Enter);
            let mut digit = true;
            c.bench_function(&format!("type/{width}x{height}/{envs} envs"), |b| {
                b.iter(|| {
                    let code = if digit { KeyCode::Char('7') } else { KeyCode::Backspace };
                    digit = !digit;
                    press(&mut model, &mut terminal, code);
                });
            });
            let mut model = form(size, envs);
            let mut down = true;
            c.bench_function(&format!("move/{width}x{height}/{envs} envs"), |b| {
                b.iter(|| {
                    press(
                        &mut model,
                        &mut terminal,
                        if down { KeyCode::Down } else { KeyCode::Up },
                    );
                    down = !down;
                });
            });
        }
    }
}

criterion_group! {
    name = benches;
    config = Criterion::default().sample_size(30).measurement_time(std::time::Duration::from_secs(2))
        .warm_up_time(std::time::Duration::from_millis(500));
    targets = keystrokes
}
criterion_main!(benches);
