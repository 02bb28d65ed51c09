//! Theme files, and what the compiled-in themes promise.

use std::path::Path;

use novita_edit::tui::theme::file::{BUILTIN, builtin, read};
use novita_edit::tui::theme::{Role, Theme};
use ratatui::style::{Color, Modifier};

fn of(name: &str, text: &str) -> (Theme, Vec<String>) {
    let (theme, problems) = read(name, Path::new("mine.toml"), text);
    (theme, problems.iter().map(ToString::to_string).collect())
}

#[test]
fn all_compiled_in_themes_are_without_a_problem() {
    for (name, text) in BUILTIN {
        let (_, problems) = of(name, text);
        assert_eq!(problems, [""; 0], "{name}");
        assert!(builtin(name).is_some());
    }
}

#[test]
fn a_file_lies_over_its_base_key_by_key() {
    let (theme, problems) = of(
        "mine",
        "base = 'dark'\n[error]\nfg = 'bright-red'\n[strong]\nbold = false\nitalic = true\n",
    );
    assert_eq!(problems, [""; 0]);
    let dark = builtin("dark").unwrap();
    let error = theme.style(Role::Error);
    assert_eq!(error.fg, Some(Color::LightRed));
    assert_eq!(error.bg, dark.style(Role::Error).bg);
    assert_eq!(error.add_modifier, Modifier::BOLD, "what isn't named stays");
    assert_eq!(theme.style(Role::Strong).add_modifier, Modifier::ITALIC);
    assert_eq!(theme.style(Role::Warning), dark.style(Role::Warning));
}

#[test]
fn without_a_base_it_is_the_theme_of_the_same_name_or_the_default() {
    let (theme, _) = of("dark", "[error]\nfg = 3\n");
    assert_eq!(theme.style(Role::Error).fg, Some(Color::Indexed(3)));
    assert_eq!(theme.style(Role::Good), builtin("dark").unwrap().style(Role::Good));
    let (theme, _) = of("mine", "[error]\nfg = '#102030'\n");
    assert_eq!(theme.style(Role::Error).fg, Some(Color::Rgb(16, 32, 48)));
    assert_eq!(theme.style(Role::Good), Theme::default().style(Role::Good));
}

#[test]
fn plain_text_lends_its_colours_to_all_roles_that_have_none() {
    let (theme, _) = of("mine", "[plain]\nbg = 'blue'\n");
    assert!(Role::ALL.iter().all(|role| theme.style(*role).bg == Some(Color::Blue)));
    let (theme, _) = of("mine", "[plain]\nbg = 'blue'\n[chosen]\nbg = 'red'\n");
    assert_eq!(theme.style(Role::Chosen).bg, Some(Color::Red));
}

#[test]
fn what_is_wrong_is_told_with_its_line_and_stays_as_it_is() {
    for (text, problem) in [
        ("base = 'x'", "1: `base` must name one of"),
        ("base = 1", "1: `base` must name one of"),
        (
            "[eror]\nfg = 'red'",
            "1: `eror` is nothing that has a look; did you mean `error`?",
        ),
        ("error = 'red'", "1: `error` must be a table: write [error]"),
        ("[error]\nfg = 'redd'", "2: `fg` in [error] is no colour"),
        ("[error]\nfg = '#12345'", "2: `fg` in [error] is no colour"),
        ("[error]\nfg = '#+12345'", "2: `fg` in [error] is no colour"),
        ("[error]\nfg = 256", "2: `fg` in [error] is no colour"),
        ("[error]\n\nbold = 1", "3: `bold` in [error] must be true or false"),
        ("[error]\nblink = true", "2: `blink` in [error] is not part of a look"),
        ("[error", "1: not valid TOML"),
    ] {
        let (theme, problems) = of("mine", text);
        assert_eq!(problems.len(), 1, "{problems:?}");
        let expected = format!("mine.toml:{problem}");
        assert!(problems[0].starts_with(&expected), "{problems:?}");
        assert_eq!(theme, Theme::default(), "{text}");
    }
}

#[test]
fn the_default_uses_nothing_but_the_terminals_own_16_colours() {
    for role in Role::ALL {
        let style = Theme::default().style(*role);
        for color in [style.fg, style.bg].into_iter().flatten() {
            assert!(!matches!(color, Color::Rgb(..) | Color::Indexed(_)), "{role:?}");
        }
        assert_eq!(style.bg, Some(Color::Reset), "{role:?}");
    }
}

#[test]
fn monochrome_has_no_colour_and_tells_what_matters_by_other_means() {
    let theme = builtin("monochrome").unwrap();
    for role in Role::ALL {
        let style = theme.style(*role);
        assert_eq!(
            (style.fg, style.bg),
            (Some(Color::Reset), Some(Color::Reset)),
            "{role:?}"
        );
    }
    for role in [
        Role::Strong,
        Role::Focus,
        Role::Error,
        Role::Warning,
        Role::Changed,
        Role::Chosen,
    ] {
        assert!(!theme.style(role).add_modifier.is_empty(), "{role:?}");
    }
}

/// Relative luminance, as WCAG 2 defines it.
fn luminance(color: Option<Color>) -> f64 {
    let Some(Color::Rgb(red, green, blue)) = color else {
        panic!("no truecolor: {color:?}")
    };
    let part = |byte: u8| {
        let part = f64::from(byte) / 255.0;
        if part <= 0.04045 {
            part / 12.92
        } else {
            ((part + 0.055) / 1.055).powf(2.4)
        }
    };
    0.2126 * part(red) + 0.7152 * part(green) + 0.0722 * part(blue)
}

#[test]
fn truecolor_themes_can_be_read() {
    for (name, least) in [("dark", 4.5), ("light", 4.5), ("high-contrast", 7.0)] {
        let theme = builtin(name).unwrap();
        for role in Role::ALL {
            let style = theme.style(*role);
            let (fg, bg) = (luminance(style.fg), luminance(style.bg));
            let contrast = (fg.max(bg) + 0.05) / (fg.min(bg) + 0.05);
            // Rules are no text: 3:1 is what WCAG asks of them.
            let least = if *role == Role::Frame { 3.0 } else { least };
            assert!(contrast >= least, "{name} {role:?}: {contrast:.2}");
        }
    }
}
