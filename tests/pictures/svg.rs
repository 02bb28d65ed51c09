//! Cells → SVG. Nothing of it depends on a font's measures: each run of letters has its place and its length, lines are
//! drawn.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use crate::cells::{Glyph, Look};
use crate::palette::{self, Shade};
use crate::strokes::{is_line, strokes};

/// A cell in pixels. Letters of 15 px are 9 px wide in most monospace fonts.
pub const CELL: (u32, u32) = (9, 19);
const FONT_SIZE: u32 = 15;
/// From a cell's top to the line that letters stand on.
const BASELINE: u32 = 14;
/// Around the screen.
const MARGIN: u32 = 12;
const TITLE_BAR: u32 = 30;
/// How much of a dim letter's ink is there.
pub const DIM: f64 = 0.75;
const FONTS: &str = "ui-monospace,SFMono-Regular,Menlo,Consolas,'DejaVu Sans Mono','Liberation Mono',monospace";

/// In pixels from the screen's upper left corner.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rect {
    pub x: u32,
    pub y: u32,
    pub width: u32,
    pub height: u32,
}

/// The picture of a screen in a window. `title` stands in the window's bar, `about` says what is to be seen.
pub fn picture(rows: &[Vec<Glyph>], title: &str, about: &str) -> String {
    let columns = rows
        .first()
        .and_then(|row| row.last())
        .map_or(0, |last| last.x + last.width);
    let width = u32::from(columns) * CELL.0 + 2 * MARGIN;
    let height = u32::try_from(rows.len()).unwrap() * CELL.1 + 2 * MARGIN + TITLE_BAR;
    let mut screen = String::new();
    let mut classes: BTreeSet<&'static str> = ["fg", "bg", "bar", "edge", "title"].into();
    for (ground, rects) in grounds(rows) {
        path(&mut screen, ground, &rects);
        classes.insert(ground);
    }
    for (ink, rects) in strokes(rows) {
        path(&mut screen, ink, &rects);
        classes.insert(ink);
    }
    for (y, row) in (0..).zip(rows) {
        for run in runs(row) {
            classes.extend(class_names(&run));
            letters(&mut screen, &run, y * CELL.1 + BASELINE);
        }
    }
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{height}\" viewBox=\"0 0 {width} {height}\" role=\"img\">\n\
         <title>{about}</title>\n\
         <style>\n{style}</style>\n\
         {frame}\
         <g transform=\"translate({MARGIN} {top})\">\n{screen}</g>\n</svg>\n",
        about = escaped(about),
        style = style(&classes),
        frame = frame(width, height, title),
        top = TITLE_BAR + MARGIN,
    )
}

/// The window: rounded, with a bar. The edge is drawn last, over the bar's corners.
fn frame(width: u32, height: u32, title: &str) -> String {
    let outline = format!(
        "x=\".5\" y=\".5\" width=\"{}\" height=\"{}\" rx=\"8\"",
        width - 1,
        height - 1
    );
    let bottom = TITLE_BAR - 9;
    format!(
        "<rect class=\"bg\" {outline}/>\n\
         <path class=\"bar\" d=\"M.5 {TITLE_BAR}v-{bottom}.5a8 8 0 0 1 8-8h{bar}a8 8 0 0 1 8 8v{bottom}.5z\"/>\n\
         <path class=\"edge\" d=\"M0 {TITLE_BAR}h{width}v1H0z\"/>\n\
         <rect class=\"line\" {outline}/>\n\
         <g class=\"edge\"><circle cx=\"18\" cy=\"15\" r=\"5\"/><circle cx=\"35\" cy=\"15\" r=\"5\"/><circle cx=\"52\" cy=\"15\" r=\"5\"/></g>\n\
         <text class=\"title\" x=\"{middle}\" y=\"20\">{title}</text>\n",
        bar = width - 17,
        middle = width / 2,
        title = escaped(title),
    )
}

/// The rules that are used, no others. The dark ones hold unless the page is known to be light.
fn style(classes: &BTreeSet<&'static str>) -> String {
    let shades = |text: fn(&Shade) -> &'static str| {
        let mut rules = String::new();
        for shade in palette::SHADES.iter().filter(|shade| classes.contains(shade.class)) {
            let (class, color) = (shade.class, text(shade));
            let what = if class == "fg" {
                "text,.fg".to_owned()
            } else {
                format!(".{class}")
            };
            writeln!(rules, "{what}{{fill:{color}}}").unwrap();
            if class == "edge" {
                writeln!(rules, ".line{{stroke:{color}}}").unwrap();
            }
        }
        rules
    };
    let mut rules = format!(
        "text{{font:{FONT_SIZE}px {FONTS};font-variant-ligatures:none}}\n\
         .title{{font-family:system-ui,sans-serif;font-size:13px;text-anchor:middle}}\n\
         .line{{fill:none}}\n"
    );
    for (class, rule) in [
        ("mark", "text-anchor:middle"),
        ("bold", "font-weight:700"),
        ("italic", "font-style:italic"),
        ("underlined", "text-decoration:underline"),
    ] {
        if classes.contains(class) {
            writeln!(rules, ".{class}{{{rule}}}").unwrap();
        }
    }
    if classes.contains("dim") {
        writeln!(rules, ".dim{{fill-opacity:{DIM}}}").unwrap();
    }
    rules.push_str(&shades(|shade| shade.dark));
    write!(
        rules,
        "@media (prefers-color-scheme:light){{\n{}}}\n",
        shades(|shade| shade.light)
    )
    .unwrap();
    rules
}

/// What is behind the letters where it isn't the terminal's own, by colour; each piece as long as it runs.
fn grounds(rows: &[Vec<Glyph>]) -> BTreeMap<&'static str, Vec<Rect>> {
    let mut found: BTreeMap<_, Vec<Rect>> = BTreeMap::new();
    for (y, row) in (0..).zip(rows) {
        for glyph in row.iter().filter(|glyph| glyph.look.ground != "bg") {
            let (x, y) = (u32::from(glyph.x) * CELL.0, y * CELL.1);
            let width = u32::from(glyph.width) * CELL.0;
            let of_colour = found.entry(glyph.look.ground).or_default();
            match of_colour.last_mut() {
                Some(last) if last.y == y && last.x + last.width == x => last.width += width,
                _ => of_colour.push(Rect {
                    x,
                    y,
                    width,
                    height: CELL.1,
                }),
            }
        }
    }
    found
}

/// Letters of one look, side by side, with single blanks between them at most.
struct Run {
    x: u16,
    width: u16,
    text: String,
    look: Look,
    /// A glyph that fonts draw in any width, and often borrow from each other: it stands alone, in the middle of its
    /// cells.
    mark: bool,
}

fn runs(row: &[Glyph]) -> Vec<Run> {
    let mut runs: Vec<Run> = Vec::new();
    for glyph in row {
        if is_line(&glyph.text) || glyph.text.trim().is_empty() {
            continue;
        }
        let mark = glyph.width != 1 || !glyph.text.chars().all(is_in_every_font);
        match runs.last_mut() {
            Some(run) if !mark && run.goes_on_to(glyph) => {
                let gap = glyph.x - run.end();
                run.text.extend((0..gap).map(|_| ' '));
                run.text.push_str(&glyph.text);
                run.width += gap + glyph.width;
            }
            _ => runs.push(Run {
                x: glyph.x,
                width: glyph.width,
                text: glyph.text.clone(),
                look: glyph.look,
                mark,
            }),
        }
    }
    runs
}

impl Run {
    fn end(&self) -> u16 {
        self.x + self.width
    }

    /// Whether a glyph is the next letter of it: with one blank between at most, for XML makes one of several.
    fn goes_on_to(&self, glyph: &Glyph) -> bool {
        let ground = self.look.ground;
        !self.mark && glyph.x <= self.end() + 1 && self.look == Look { ground, ..glyph.look }
    }
}

/// Of ASCII, Latin-1 and what else Windows-1252 had: in monospace fonts as wide as any other letter.
fn is_in_every_font(c: char) -> bool {
    matches!(c, ' '..='~' | '¡'..='ÿ' | '–' | '—' | '…' | '•' | '‹' | '›' | '‘' | '’' | '“' | '”')
}

fn class_names(run: &Run) -> Vec<&'static str> {
    let look = run.look;
    let all = [
        (look.ink != "fg", look.ink),
        (look.bold, "bold"),
        (look.dim, "dim"),
        (look.italic, "italic"),
        (look.underlined, "underlined"),
        (run.mark, "mark"),
    ];
    all.into_iter().filter_map(|(has, name)| has.then_some(name)).collect()
}

fn letters(screen: &mut String, run: &Run, y: u32) {
    let (x, width) = (u32::from(run.x) * CELL.0, u32::from(run.width) * CELL.0);
    if run.mark {
        let middle = f64::from(2 * x + width) / 2.0;
        write!(screen, "<text x=\"{middle}\" y=\"{y}\"").unwrap();
    } else {
        write!(screen, "<text x=\"{x}\" y=\"{y}\"").unwrap();
        if run.width > 1 {
            write!(screen, " textLength=\"{width}\"").unwrap();
        }
    }
    let classes = class_names(run).join(" ");
    if !classes.is_empty() {
        write!(screen, " class=\"{classes}\"").unwrap();
    }
    writeln!(screen, ">{}</text>", escaped(&run.text)).unwrap();
}

fn path(screen: &mut String, class: &str, rects: &[Rect]) {
    write!(screen, "<path class=\"{class}\" d=\"").unwrap();
    for Rect { x, y, width, height } in rects {
        write!(screen, "M{x} {y}h{width}v{height}h-{width}z").unwrap();
    }
    screen.push_str("\"/>\n");
}

/// As text of XML or in an attribute.
fn escaped(text: &str) -> String {
    let mut escaped = String::new();
    for c in text.chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            // XML has no way to write the others.
            c if c.is_control() && c != '\t' && c != '\n' => escaped.push('\u{fffd}'),
            c => escaped.push(c),
        }
    }
    escaped
}
