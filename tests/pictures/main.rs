//! The pictures in `assets/screens/`, drawn from the real view. `UPDATE_SCREENS=1 cargo test --test pictures` writes
//! them anew.

mod cells;
#[allow(dead_code, reason = "the editor's tests need the rest of it")]
#[path = "../editor/harness.rs"]
mod harness;
mod palette;
mod scenes;
#[allow(dead_code, reason = "the editor's tests need the rest of it")]
#[path = "../editor/situations.rs"]
mod situations;
mod strokes;
mod svg;

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use ratatui::style::{Color, Modifier, Style};

use scenes::Scene;

const COMMAND: &str = "UPDATE_SCREENS=1 cargo test --test pictures";

fn place() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("assets/screens")
}

fn drawn(scene: &Scene) -> String {
    let rows = cells::rows(scene.editor.buffer(), scene.editor.cursor());
    svg::picture(&rows, "novita-edit", scene.about)
}

/// A row of text as a picture.
fn picture_of(text: &str, style: Style, cursor: Option<u16>) -> String {
    let mut buffer = Buffer::empty(Rect::new(0, 0, 10, 1));
    buffer.set_string(0, 0, text, style);
    svg::picture(&cells::rows(&buffer, cursor.map(|x| Position::new(x, 0))), "", "")
}

#[test]
fn the_pictures_are_what_the_view_draws() {
    let update = std::env::var_os("UPDATE_SCREENS").is_some();
    let mut wanted = BTreeSet::new();
    let mut differing = Vec::new();
    for scene in scenes::all() {
        let name = format!("{}.svg", scene.name);
        let (path, now) = (place().join(&name), drawn(&scene));
        if update {
            fs::write(&path, &now).unwrap();
        }
        // A checkout may have its own line ends.
        let kept = fs::read_to_string(&path).unwrap_or_default().replace("\r\n", "\n");
        if kept != now {
            differing.push(name.clone());
        }
        wanted.insert(name);
    }
    assert!(
        differing.is_empty(),
        "{differing:?} aren't what the view draws now. If the change is meant: {COMMAND}"
    );
    for file in fs::read_dir(place()).unwrap() {
        let name = file.unwrap().file_name().into_string().unwrap();
        assert!(
            wanted.contains(&name),
            "no scene makes assets/screens/{name}: remove it"
        );
    }
}

#[test]
fn the_readme_shows_every_picture_and_says_what_is_on_it() {
    let readme = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md")).unwrap();
    for Scene { name, about, .. } in scenes::all() {
        let image = format!("![{about}](assets/screens/{name}.svg)");
        assert!(readme.contains(&image), "not in README.md:\n{image}");
    }
}

#[test]
fn everything_can_be_read_on_dark_and_on_light() {
    let mut seen: BTreeSet<_> = [("title", "bar", false)].into();
    for scene in scenes::all() {
        for glyph in cells::rows(scene.editor.buffer(), scene.editor.cursor()).concat() {
            if !glyph.text.trim().is_empty() {
                seen.insert((glyph.look.ink, glyph.look.ground, glyph.look.dim));
            }
        }
    }
    for (ink, ground, dim) in seen {
        let opacity = if dim { svg::DIM } else { 1.0 };
        let (of_ink, of_ground) = (palette::of(ink), palette::of(ground));
        for (ink_hex, ground_hex) in [(of_ink.dark, of_ground.dark), (of_ink.light, of_ground.light)] {
            let behind = palette::parts(ground_hex);
            let ratio = palette::contrast(palette::mixed(palette::parts(ink_hex), behind, opacity), behind);
            assert!(
                ratio >= 4.5,
                "{ink} {ink_hex} on {ground} {ground_hex}, dim {dim}: {ratio:.2}"
            );
        }
    }
}

#[test]
fn the_lines_of_a_box_join() {
    let mut buffer = Buffer::empty(Rect::new(0, 0, 4, 3));
    for (y, line) in ["┌──┐", "│  │", "└──┘"].iter().enumerate() {
        buffer.set_string(0, u16::try_from(y).unwrap(), line, Style::new());
    }
    let drawn = strokes::strokes(&cells::rows(&buffer, None));
    let line = |x, y, width, height| svg::Rect { x, y, width, height };
    // Two across and two along, each from the middle of one corner to the middle of the next, the pixel there included.
    let wanted = [
        line(4, 9, 28, 1),
        line(4, 47, 28, 1),
        line(4, 9, 1, 39),
        line(31, 9, 1, 39),
    ];
    assert_eq!(drawn["fg"], wanted);
    let svg = svg::picture(&cells::rows(&buffer, None), "", "");
    assert!(!svg.contains('─') && !svg.contains('┌'), "{svg}");
}

#[test]
fn columns_align_whatever_the_font() {
    let svg = picture_of("ab c  de", Style::new(), None);
    assert!(
        svg.contains(r#"<text x="0" y="14" textLength="36">ab c</text>"#),
        "{svg}"
    );
    assert!(
        svg.contains(r#"<text x="54" y="14" textLength="18">de</text>"#),
        "{svg}"
    );
    // What fonts draw in any width stands in the middle of its columns, and moves nothing behind it.
    let svg = picture_of("a✗b中c", Style::new(), None);
    assert!(svg.contains(r#"<text x="13.5" y="14" class="mark">✗</text>"#), "{svg}");
    assert!(svg.contains(r#"<text x="18" y="14">b</text>"#), "{svg}");
    assert!(svg.contains(r#"<text x="36" y="14" class="mark">中</text>"#), "{svg}");
    assert!(svg.contains(r#"<text x="45" y="14">c</text>"#), "{svg}");
}

#[test]
fn colours_bold_dim_reverse_and_the_cursor_are_shown() {
    let svg = picture_of(
        "a",
        Style::new().fg(Color::Red).add_modifier(Modifier::BOLD | Modifier::DIM),
        None,
    );
    assert!(svg.contains(r#"class="red bold dim">a<"#), "{svg}");
    assert!(
        svg.contains(".red{") && svg.contains(".bold{") && svg.contains(".dim{"),
        "{svg}"
    );
    assert!(!svg.contains(".green{"), "rules that nothing uses are left out: {svg}");
    let svg = picture_of("ab", Style::new().fg(Color::Red).add_modifier(Modifier::REVERSED), None);
    assert!(svg.contains(r#"<path class="red" d="M0 0h18v19h-18z"/>"#), "{svg}");
    assert!(svg.contains(r#"class="bg">ab<"#), "{svg}");
    let svg = picture_of("ab", Style::new(), Some(1));
    assert!(svg.contains(r#"<path class="cursor" d="M9 0h9v19h-9z"/>"#), "{svg}");
    assert!(svg.contains(r#"<text x="9" y="14" class="bg">b</text>"#), "{svg}");
}

#[test]
fn what_means_something_in_xml_is_escaped() {
    let svg = picture_of("<&>\"", Style::new(), None);
    assert!(svg.contains("&lt;&amp;&gt;&quot;</text>"), "{svg}");
}
