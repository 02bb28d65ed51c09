//! Every screen at every size from 20×5 to 250×70, and from any size to any other: nothing panics, what has the focus
//! is on the screen, and the way to a size makes no difference.
//!
//! The full grid is 15,000 sizes for each scene, some ten minutes. In an ordinary run each scene goes over every width
//! and every height once, at heights and widths where layouts change, and the scenes share the rest of the grid, so
//! that every size is seen with some. `WALK=all` goes over the whole of it with all of them.

use std::ops::RangeInclusive;
use std::sync::atomic::{AtomicUsize, Ordering};

use novita_edit::tui::model::{Model, Screen};
use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

use crate::harness::Editor;
use crate::scenes::{self, Area, Scene};

const WIDTHS: RangeInclusive<u16> = 20..=250;
const HEIGHTS: RangeInclusive<u16> = 5..=70;

/// Calls `each` with every scene and its number, on all processors.
fn with_every_scene(each: impl Fn(usize, &Scene) + Sync) {
    let scenes: Vec<&Scene> = scenes::all().collect();
    let next = AtomicUsize::new(0);
    let workers = std::thread::available_parallelism().map_or(1, usize::from);
    std::thread::scope(|scope| {
        for _ in 0..workers {
            scope.spawn(|| {
                while let Some((at, scene)) = {
                    let at = next.fetch_add(1, Ordering::Relaxed);
                    scenes.get(at).map(|scene| (at, *scene))
                } {
                    each(at, scene);
                }
            });
        }
    });
}

/// What has to hold for whatever is drawn.
#[track_caller]
fn is_sound(name: &str, editor: &Editor) {
    let buffer = editor.buffer();
    let Rect { width, height, .. } = buffer.area;
    let here = || format!("{name} at {width}×{height}:\n{}", editor.screen());
    if width < 40 || height < 12 {
        let row: String = row(buffer, height / 2);
        assert!(row.starts_with("need 40×12"), "{}", here());
        assert_eq!(editor.cursor(), None, "{}", here());
        return;
    }
    if let Some(Position { x, y }) = editor.cursor() {
        assert!(x < width && y < height, "the cursor is at {x}, {y}: {}", here());
    }
    // The last row tells the keys that work here.
    assert!(!row(buffer, height - 1).trim().is_empty(), "no hints: {}", here());
    if has_focus(&editor.model) {
        let focused = buffer.content.iter().any(|cell| cell.symbol() == "›");
        assert!(focused, "nothing has the focus: {}", here());
    }
}

fn row(buffer: &Buffer, y: u16) -> String {
    (0..buffer.area.width).map(|x| buffer[(x, y)].symbol()).collect()
}

/// Whether something in the form or the list of endpoints has the focus.
fn has_focus(model: &Model) -> bool {
    model.is_bare()
        && match &model.screen {
            Screen::Picker(picker) => picker.shown_count() > 0,
            Screen::Form(form) => form.editing.is_none(),
            Screen::Loading(_) => false,
        }
}

#[test]
fn every_screen_is_drawn_at_every_size() {
    let all = std::env::var("WALK").is_ok_and(|walk| walk == "all");
    let count = scenes::all().count();
    with_every_scene(|number, scene| {
        let mut editor = (scene.at)((80, 24));
        for width in WIDTHS {
            for height in HEIGHTS {
                let turn = |of: u16| usize::from(of) + number;
                let on_a_line = height == [12, 24][turn(width) % 2] || width == [40, 80, 120][turn(height) % 3];
                let share = (usize::from(width) * 66 + usize::from(height)) % count == number;
                if all || on_a_line || share {
                    editor.resize(width, height);
                    is_sound(scene.name, &editor);
                }
            }
        }
    });
}

#[test]
fn the_way_to_a_size_makes_no_difference() {
    const SIZES: [Area; 9] = [
        (20, 5),
        (40, 12),
        (50, 14),
        (79, 60),
        (80, 20),
        (80, 24),
        (120, 19),
        (120, 40),
        (250, 70),
    ];
    with_every_scene(|_, scene| {
        let mut editor = (scene.at)((80, 24));
        let seen = |editor: &mut Editor, (width, height): Area| {
            editor.resize(width, height);
            (editor.buffer().clone(), editor.cursor())
        };
        let pictures = SIZES.map(|size| seen(&mut editor, size));
        for from in SIZES {
            for (to, picture) in SIZES.into_iter().zip(&pictures) {
                seen(&mut editor, from);
                let now = seen(&mut editor, to);
                is_sound(scene.name, &editor);
                assert!(
                    now == *picture,
                    "{} is another one at {to:?} when it comes from {from:?}:\n{}",
                    scene.name,
                    editor.screen()
                );
            }
        }
    });
}
