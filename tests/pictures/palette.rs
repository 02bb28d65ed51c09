//! The colours of the pictures: the 16 ANSI ones as a dark and as a light terminal may have them.

use ratatui::style::Color;

/// A colour of both terminals.
pub struct Shade {
    /// Its class in the SVG.
    pub class: &'static str,
    /// On a dark page, `#rrggbb`.
    pub dark: &'static str,
    /// On a light page.
    pub light: &'static str,
}

/// Of a terminal, and of the frame around it.
pub static SHADES: [Shade; 22] = [
    shade("fg", "#d7dbe2", "#24292f"),
    shade("bg", "#15181e", "#fcfcfa"),
    shade("bar", "#232730", "#eceef1"),
    shade("edge", "#3b424e", "#cfd4da"),
    shade("title", "#a3abb8", "#565d67"),
    shade("cursor", "#d7dbe2", "#24292f"),
    shade("black", "#3b424e", "#24292f"),
    shade("red", "#ff7b72", "#c4232c"),
    shade("green", "#63d47c", "#1a6e32"),
    shade("yellow", "#e8b84a", "#855200"),
    shade("blue", "#79b8ff", "#0a5cc2"),
    shade("magenta", "#d2a6ff", "#7a42cc"),
    shade("cyan", "#58cfdc", "#06666f"),
    shade("gray", "#b6bdc9", "#565d67"),
    shade("darkgray", "#8c95a4", "#676e78"),
    shade("lightred", "#ffa198", "#a81c26"),
    shade("lightgreen", "#8ce5a0", "#12582a"),
    shade("lightyellow", "#f5d27a", "#6f4400"),
    shade("lightblue", "#a5d0ff", "#084a9e"),
    shade("lightmagenta", "#e2c5ff", "#6333ab"),
    shade("lightcyan", "#8fe3ec", "#05545c"),
    shade("white", "#ffffff", "#0d1117"),
];

const fn shade(class: &'static str, dark: &'static str, light: &'static str) -> Shade {
    Shade { class, dark, light }
}

/// The shade of a class.
pub fn of(class: &str) -> &'static Shade {
    SHADES
        .iter()
        .find(|shade| shade.class == class)
        .unwrap_or_else(|| panic!("no shade is called {class}"))
}

/// The class of a cell's colour; of `Reset` it is `reset`.
pub fn class(color: Color, reset: &'static str) -> &'static str {
    match color {
        Color::Reset => reset,
        Color::Black => "black",
        Color::Red => "red",
        Color::Green => "green",
        Color::Yellow => "yellow",
        Color::Blue => "blue",
        Color::Magenta => "magenta",
        Color::Cyan => "cyan",
        Color::Gray => "gray",
        Color::DarkGray => "darkgray",
        Color::LightRed => "lightred",
        Color::LightGreen => "lightgreen",
        Color::LightYellow => "lightyellow",
        Color::LightBlue => "lightblue",
        Color::LightMagenta => "lightmagenta",
        Color::LightCyan => "lightcyan",
        Color::White => "white",
        Color::Rgb(..) | Color::Indexed(_) => panic!("{color:?} isn't one of the 16 colours that the pictures have"),
    }
}

/// How well a text can be read: WCAG 2's ratio of two colours, 1 to 21. 4.5 is the least for text of usual size.
pub fn contrast(one: [f64; 3], other: [f64; 3]) -> f64 {
    let (one, other) = (luminance(one), luminance(other));
    (one.max(other) + 0.05) / (one.min(other) + 0.05)
}

/// `#rrggbb` as parts from 0 to 1.
pub fn parts(hex: &str) -> [f64; 3] {
    [1, 3, 5].map(|at| f64::from(u8::from_str_radix(&hex[at..at + 2], 16).unwrap()) / 255.0)
}

/// Ink that lets the ground through.
pub fn mixed(ink: [f64; 3], ground: [f64; 3], opacity: f64) -> [f64; 3] {
    [0, 1, 2].map(|at| ink[at] * opacity + ground[at] * (1.0 - opacity))
}

fn luminance(color: [f64; 3]) -> f64 {
    let [r, g, b] = color.map(|part| {
        if part <= 0.04045 {
            part / 12.92
        } else {
            ((part + 0.055) / 1.055).powf(2.4)
        }
    });
    0.2126 * r + 0.7152 * g + 0.0722 * b
}
