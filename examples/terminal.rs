//! A window that tells what is typed and how many frames are on the terminal: the terminal room alone, without an
//! endpoint.
//!
//! `cargo run --example terminal`; Ctrl-C ends it.

use std::error::Error;
use std::os::fd::OwnedFd;

use crossterm::event::{KeyCode, KeyModifiers};
use novita_edit::terminal::{
    Batch, ESC_TIMEOUT, Input, InputEvent, InputParser, InputReader, ScreenOptions, TerminalScreen, gate,
    install_panic_hook,
};
use ratatui::text::Line;
use ratatui::widgets::{Block, Paragraph};
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::mpsc::unbounded_channel;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    gate()?;
    install_panic_hook(|_| (), |info| eprintln!("{info}"));
    let variable = |name: &str| std::env::var(name).ok();
    let mut screen = TerminalScreen::enter(ScreenOptions::from_env(variable), |_output| ())?;
    let input: OwnedFd = screen.open_input()?;
    let (to, mut batches) = unbounded_channel();
    let parser = InputParser::new(ESC_TIMEOUT);
    let _reader = InputReader::start(input, parser, screen.frames_written(), to)?;

    let mut resizes = signal(SignalKind::window_change())?;
    let mut told = vec!["Type, paste or click. Ctrl-C ends it.".to_owned()];
    loop {
        let rows = usize::from(screen.size().height.saturating_sub(2));
        let lines: Vec<Line> = told
            .iter()
            .rev()
            .take(rows)
            .rev()
            .map(|text| Line::raw(text.as_str()))
            .collect();
        screen.draw(|frame| {
            let window = Block::bordered().title("keys and frames");
            frame.render_widget(Paragraph::new(lines).block(window), frame.area());
        })?;
        tokio::select! {
            _ = resizes.recv() => {
                screen.resized()?;
            }
            input = batches.recv() => {
                let Some(Input::Batch(Batch { events, seen, .. })) = input else {
                    return Ok(());
                };
                for event in events {
                    if is_end(&event) {
                        return Ok(());
                    }
                    told.push(format!("frame {}: {event:?}", seen.newest));
                }
            }
        }
    }
}

fn is_end(event: &InputEvent) -> bool {
    matches!(event, InputEvent::Key(key) if key.code == KeyCode::Char('c') && key.modifiers == KeyModifiers::CONTROL)
}
