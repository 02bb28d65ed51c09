//! What the list of endpoints costs when there are 10,000: a key in the filter, a move, a page that arrives, the first
//! frame.

use std::hint::black_box;

use criterion::{BatchSize, Criterion, criterion_group, criterion_main};
use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use novita_edit::endpoint::Summary;
use novita_edit::tui::dispatch::update;
use novita_edit::tui::event::{Event, Press};
use novita_edit::tui::model::{Model, Surroundings};
use novita_edit::tui::screen::view;
use ratatui::Terminal;
use ratatui::backend::TestBackend;
use ratatui::layout::Size;

const SIZE: Size = Size { width: 80, height: 24 };
const COUNT: usize = 10_000;
const PAGE: usize = 100;

/// Endpoints as an account might have them: names of a few projects, long image addresses.
fn endpoints(from: usize, count: usize) -> Vec<Summary> {
    let projects = ["llama-3", "comfy-render", "whisper-large", "flux-schnell", "embed-bge"];
    let states = ["serving", "serving", "stopped", "updating", "failed"];
    (from..from + count)
        .map(|at| Summary {
            id: format!("ep_{:08x}", at.wrapping_mul(2_654_435_761) as u32),
            name: format!("{}-{at}", projects[at % 5]),
            state: states[at / 5 % 5].into(),
            min_workers: "0".into(),
            max_workers: (at % 9).to_string(),
            image: format!(
                "registry.example.com/team-{}/{}-worker:2.{at}",
                at % 37,
                projects[at % 5]
            ),
            ..Summary::default()
        })
        .collect()
}

fn terminal() -> Terminal<TestBackend> {
    Terminal::new(TestBackend::new(SIZE.width, SIZE.height)).expect("memory")
}

fn draw(model: &Model, terminal: &mut Terminal<TestBackend>) {
    terminal.draw(|frame| view(model, frame)).expect("drawing to memory");
}

fn press(model: &mut Model, terminal: &mut Terminal<TestBackend>, code: KeyCode) {
    let key = KeyEvent::new(code, KeyModifiers::NONE);
    black_box(update(model, Event::Key(Press::seen(key, 1))));
    draw(model, terminal);
}

/// A list of so many endpoints that is still being read.
fn list(count: usize) -> Model {
    let (mut model, _) = Model::new(SIZE, Surroundings::default(), None);
    let request = model.request;
    for from in (0..count).step_by(PAGE) {
        update(&mut model, Event::Page(request, endpoints(from, PAGE)));
    }
    model
}

fn picker(c: &mut Criterion) {
    let mut terminal = terminal();
    for (name, before, keys) in [
        ("the first letter", "/", ['e', '\x08']),
        ("one more letter", "/lla", ['m', '\x08']),
        ("a letter that many match", "/reg", ['i', '\x08']),
        ("one more letter, by name", "S/lla", ['m', '\x08']),
    ] {
        let mut model = list(COUNT);
        for key in before.chars() {
            press(&mut model, &mut terminal, KeyCode::Char(key));
        }
        let mut turn = 0;
        c.bench_function(&format!("10,000 endpoints/{name} and back"), |b| {
            b.iter(|| {
                turn = 1 - turn;
                let code = match keys[1 - turn] {
                    '\x08' => KeyCode::Backspace,
                    letter => KeyCode::Char(letter),
                };
                press(&mut model, &mut terminal, code);
            });
        });
    }
    let mut model = list(COUNT);
    let mut down = false;
    c.bench_function("10,000 endpoints/a move", |b| {
        b.iter(|| {
            down = !down;
            press(
                &mut model,
                &mut terminal,
                if down { KeyCode::Down } else { KeyCode::Up },
            );
        });
    });
    for (name, before) in [
        ("a page of 100 arrives", ""),
        ("a page of 100 arrives, sorted by name", "S"),
        ("a page of 100 arrives, filtered", "/llama"),
    ] {
        let arrives = || {
            let mut model = list(COUNT - PAGE);
            for key in before.chars() {
                let key = KeyEvent::new(KeyCode::Char(key), KeyModifiers::NONE);
                update(&mut model, Event::Key(Press::seen(key, 1)));
            }
            (model, endpoints(COUNT - PAGE, PAGE))
        };
        c.bench_function(&format!("10,000 endpoints/{name}"), |b| {
            b.iter_batched(
                arrives,
                |(mut model, page)| {
                    let request = model.request;
                    update(&mut model, Event::Page(request, page));
                    draw(&model, &mut terminal);
                    model
                },
                BatchSize::PerIteration,
            );
        });
    }
    c.bench_function("the first frame, with a page of 100", |b| {
        b.iter_batched(
            || endpoints(0, PAGE),
            |page| {
                let (mut model, _) = Model::new(SIZE, Surroundings::default(), None);
                let request = model.request;
                update(&mut model, Event::Page(request, page));
                draw(&model, &mut terminal);
                model
            },
            BatchSize::SmallInput,
        );
    });
}

criterion_group! {
    name = benches;
    config = Criterion::default().sample_size(20).measurement_time(std::time::Duration::from_secs(2))
        .warm_up_time(std::time::Duration::from_millis(500));
    targets = picker
}
criterion_main!(benches);
