//! Theme files: a table a role, laid over a theme that is compiled in, key by key.

use std::path::Path;

use ratatui::style::{Color, Modifier};
use toml::de::{DeTable, DeValue};

use super::{Role, Theme};
use crate::config::{FileProblem, FileText, nearest};

/// The theme of those who choose none.
pub const DEFAULT: &str = "terminal";

/// The themes that are compiled in: name and file.
pub const BUILTIN: [(&str, &str); 5] = [
    ("terminal", include_str!("../../../assets/themes/terminal.toml")),
    ("dark", include_str!("../../../assets/themes/dark.toml")),
    ("light", include_str!("../../../assets/themes/light.toml")),
    (
        "high-contrast",
        include_str!("../../../assets/themes/high-contrast.toml"),
    ),
    ("monochrome", include_str!("../../../assets/themes/monochrome.toml")),
];

/// The 16 colours of a terminal, whose looks the user has chosen there, and its own foreground or background.
const COLORS: [(&str, Color); 17] = [
    ("default", Color::Reset),
    ("black", Color::Black),
    ("red", Color::Red),
    ("green", Color::Green),
    ("yellow", Color::Yellow),
    ("blue", Color::Blue),
    ("magenta", Color::Magenta),
    ("cyan", Color::Cyan),
    ("white", Color::Gray),
    ("bright-black", Color::DarkGray),
    ("bright-red", Color::LightRed),
    ("bright-green", Color::LightGreen),
    ("bright-yellow", Color::LightYellow),
    ("bright-blue", Color::LightBlue),
    ("bright-magenta", Color::LightMagenta),
    ("bright-cyan", Color::LightCyan),
    ("bright-white", Color::White),
];

const ATTRIBUTES: [(&str, Modifier); 5] = [
    ("bold", Modifier::BOLD),
    ("dim", Modifier::DIM),
    ("italic", Modifier::ITALIC),
    ("underline", Modifier::UNDERLINED),
    ("reverse", Modifier::REVERSED),
];

/// What a file says of one role; what it leaves out comes from below.
#[derive(Clone, Copy, Default)]
struct Layer {
    fg: Option<Color>,
    bg: Option<Color>,
    on: Modifier,
}

#[derive(Clone, Copy, Default)]
struct Layers([Layer; Role::ALL.len()]);

/// A theme that is compiled in; `None` if none has that name.
pub fn builtin(name: &str) -> Option<Theme> {
    builtin_layers(name).map(|layers| layers.theme())
}

/// The theme of a user's file, and what is wrong with it. It lies over the one that `base` in it names; else over
/// the compiled-in one of the same `name`, else over the default. What is wrong stays as it is there.
pub fn read(name: &str, path: &Path, text: &str) -> (Theme, Vec<FileProblem>) {
    let mut reader = ThemeReader {
        source: FileText { path, text },
        problems: Vec::new(),
    };
    let root = match DeTable::parse(text) {
        Ok(root) => root,
        Err(error) => {
            reader.problems.push(reader.source.syntax_error(&error).into());
            return (Theme::default(), reader.problems);
        }
    };
    let own = builtin_layers(name)
        .or_else(|| builtin_layers(DEFAULT))
        .unwrap_or_default();
    let mut layers = reader.base(root.get_ref()).unwrap_or(own);
    reader.lay(root.get_ref(), &mut layers);
    reader.problems.sort_by_key(|problem| problem.line);
    (layers.theme(), reader.problems)
}

fn builtin_layers(name: &str) -> Option<Layers> {
    let (_, text) = BUILTIN.iter().find(|(known, _)| *known == name)?;
    let root = DeTable::parse(text).ok()?;
    let mut layers = Layers::default();
    let source = FileText {
        path: Path::new(name),
        text,
    };
    ThemeReader {
        source,
        problems: Vec::new(),
    }
    .lay(root.get_ref(), &mut layers);
    Some(layers)
}

impl Layers {
    /// Colours that a role doesn't have are those of plain text.
    fn theme(&self) -> Theme {
        let plain = self.0[Role::Plain as usize];
        Theme::new(|role| {
            let layer = self.0[role as usize];
            (
                layer.fg.or(plain.fg).unwrap_or(Color::Reset),
                layer.bg.or(plain.bg).unwrap_or(Color::Reset),
                layer.on,
            )
        })
    }
}

struct ThemeReader<'a> {
    source: FileText<'a>,
    problems: Vec<FileProblem>,
}

impl ThemeReader<'_> {
    fn problem(&mut self, offset: usize, text: String) {
        self.problems.push(self.source.problem(offset, text));
    }

    fn base(&mut self, root: &DeTable<'_>) -> Option<Layers> {
        let value = root.get("base")?;
        let layers = value.get_ref().as_str().and_then(builtin_layers);
        if layers.is_none() {
            let known = BUILTIN.map(|(name, _)| name).join(", ");
            let text = format!("`base` must name one of the themes that are compiled in: {known}; `base` is left out");
            self.problem(value.span().start, text);
        }
        layers
    }

    fn lay(&mut self, root: &DeTable<'_>, layers: &mut Layers) {
        for (name, table) in root {
            if name.get_ref() == "base" {
                continue;
            }
            let Some(role) = Role::ALL.iter().find(|role| role.name() == name.get_ref()) else {
                let names: Vec<&str> = Role::ALL.iter().map(|role| role.name()).collect();
                let text = format!(
                    "`{}` is nothing that has a look{}",
                    name.get_ref(),
                    nearest(name.get_ref(), &names)
                );
                self.problem(name.span().start, text);
                continue;
            };
            match table.get_ref().as_table() {
                Some(table) => self.role(*role, table, &mut layers.0[*role as usize]),
                None => {
                    let text = format!(
                        "`{0}` must be a table: write [{0}] and its fg, bg, bold… under it",
                        role.name()
                    );
                    self.problem(name.span().start, text);
                }
            }
        }
    }

    fn role(&mut self, role: Role, table: &DeTable<'_>, layer: &mut Layer) {
        let place = role.name();
        for (key, value) in table {
            let at = key.span().start;
            let name = key.get_ref().as_ref();
            let attribute = ATTRIBUTES.iter().find(|(known, _)| *known == name);
            match (name, attribute, value.get_ref()) {
                ("fg" | "bg", _, value) => match color(value) {
                    Some(color) if name == "fg" => layer.fg = Some(color),
                    Some(color) => layer.bg = Some(color),
                    None => {
                        let text = format!(
                            "`{name}` in [{place}] is no colour: use a name such as \"red\" or \"bright-black\", \"default\", \
                             \"#rrggbb\", or a number from 0 to 255; its default stays"
                        );
                        self.problem(at, text);
                    }
                },
                (_, Some((_, attribute)), DeValue::Boolean(on)) => {
                    layer.on.set(*attribute, *on);
                }
                (_, Some(_), _) => {
                    self.problem(
                        at,
                        format!("`{name}` in [{place}] must be true or false; its default stays"),
                    );
                }
                (_, None, _) => {
                    let known: Vec<&str> = ["fg", "bg"]
                        .into_iter()
                        .chain(ATTRIBUTES.map(|(name, _)| name))
                        .collect();
                    let text = format!("`{name}` in [{place}] is not part of a look{}", nearest(name, &known));
                    self.problem(at, text);
                }
            }
        }
    }
}

fn color(value: &DeValue<'_>) -> Option<Color> {
    match value {
        DeValue::Integer(number) => u8::from_str_radix(number.as_str(), number.radix())
            .ok()
            .map(Color::Indexed),
        DeValue::String(text) => match text.strip_prefix('#') {
            Some(hex) if hex.len() == 6 && hex.bytes().all(|byte| byte.is_ascii_hexdigit()) => {
                let [_, red, green, blue] = u32::from_str_radix(hex, 16).ok()?.to_be_bytes();
                Some(Color::Rgb(red, green, blue))
            }
            Some(_) => None,
            None => COLORS.iter().find(|(name, _)| name == text).map(|(_, color)| *color),
        },
        _ => None,
    }
}
