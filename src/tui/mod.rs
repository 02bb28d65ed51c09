//! The terminal program: bytes → events → `update` → effects, and the model → cells → bytes.
//!
//! [`update`](dispatch::update) is pure and [`view`](screen::view) changes nothing; `app` is the loop that draws,
//! reads and runs effects. What may not live here: any decision about an endpoint, a limit or a save.
//!
//! ```
//! use novita_edit::tui::{event::Effect, model::{Model, Surroundings}};
//!
//! let (_, effects) = Model::new((80, 24).into(), Surroundings::default(), Some("ep_1".into()));
//! let first = [Effect::Load(1, "ep_1".into()), Effect::OpenEndpoint("ep_1".into()), Effect::LoadLimits];
//! assert_eq!(effects, first);
//! ```

mod app;
pub mod canvas;
pub mod command;
mod discarding;
pub mod dispatch;
pub mod draft_state;
pub mod edited;
pub mod event;
mod fuzzy;
pub mod guard;
pub mod hit_map;
pub mod keymap;
pub mod left_texts;
pub mod lookups;
pub mod model;
mod opening;
pub mod pending_merge;
pub mod press;
mod redacted;
pub mod screen;
pub mod theme;
pub mod user_files;
pub mod view;
pub mod views;
pub mod widgets;

pub use app::{EditorError, run};

/// An id as a file name: what isn't a letter, a digit, `_` or `-` becomes `_`. No path can come of it.
pub fn file_stem(id: &str) -> String {
    let safe = |c: char| {
        if c.is_ascii_alphanumeric() || c == '-' || c == '_' {
            c
        } else {
            '_'
        }
    };
    let stem: String = id.chars().take(64).map(safe).collect();
    if stem.is_empty() { "body".to_owned() } else { stem }
}
