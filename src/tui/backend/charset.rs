//! Which characters the terminal can draw, and what stands for the others.

/// The characters that may be sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Charset {
    /// All of Unicode.
    #[default]
    Utf8,
    /// UTF-8 on the Linux console, whose font of 256 or 512 glyphs lacks some of ours.
    LinuxConsole,
    /// ASCII only: our own glyphs have stand-ins of one column, anything else is a `?` for each column.
    Ascii,
}

impl Charset {
    /// Chooses by the environment: `variable` gives a variable's value, or `None` when it is unset.
    ///
    /// The first of `LC_ALL`, `LC_CTYPE`, `LANG` that is not empty decides (POSIX, XBD 8.2). ASCII is for a charset that is named
    /// and isn't UTF-8 (`de_DE.ISO-8859-1`), and for `C` and `POSIX`, whose charset *is* ASCII: somebody wrote that down. A
    /// locale without a charset (`en_US`), or none at all, means UTF-8: sshd often passes no locale, and terminals that
    /// draw anything else are rare. With `TERM=linux` a UTF-8 locale means [`Charset::LinuxConsole`].
    pub fn from_env(variable: impl Fn(&str) -> Option<String>) -> Self {
        let locale = ["LC_ALL", "LC_CTYPE", "LANG"]
            .iter()
            .find_map(|name| variable(name).filter(|v| !v.is_empty()));
        if locale.is_some_and(|locale| !names_utf8(&locale)) {
            Self::Ascii
        } else if variable("TERM").is_some_and(|term| term == "linux" || term.starts_with("linux-")) {
            Self::LinuxConsole
        } else {
            Self::Utf8
        }
    }

    /// What is drawn in each column of `cluster`, which isn't ASCII; `None` for itself.
    pub(super) fn replacement(self, cluster: &str) -> Option<&'static str> {
        match self {
            Self::Utf8 => None,
            // The console's fonts have the lines, blocks, arrows and bullets of code page 437.
            Self::LinuxConsole => match cluster {
                "●" | "…" | "–" | "›" | "✗" | "✓" | "␊" | "⟨" | "⟩" => stand_in(cluster),
                _ => None,
            },
            Self::Ascii => Some(stand_in(cluster).unwrap_or("?")),
        }
    }
}

fn names_utf8(locale: &str) -> bool {
    let name = locale.split('@').next().unwrap_or(locale);
    match name.split_once('.') {
        Some((_, charset)) => matches!(charset.to_ascii_lowercase().as_str(), "utf-8" | "utf8"),
        None => !matches!(name, "C" | "POSIX"),
    }
}

/// The ASCII stand-ins of the glyphs that this program draws. Each is one column, like what it stands for.
fn stand_in(cluster: &str) -> Option<&'static str> {
    Some(match cluster {
        "●" | "•" => "*",
        "…" => "~",
        "–" | "─" | "━" => "-",
        "→" | "›" | "⟩" => ">",
        "←" | "⟨" => "<",
        "▲" | "↑" => "^",
        "▼" | "↓" => "v",
        "✗" | "×" => "x",
        "✓" => "+",
        "│" | "┃" | "▕" | "▏" => "|",
        "┌" | "┐" | "└" | "┘" | "├" | "┤" | "┬" | "┴" | "┼" | "╭" | "╮" | "╰" | "╯" => "+",
        "█" => "#",
        "░" | "·" => ".",
        "␊" => "$",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tui::width::cluster_width;

    fn chosen(variables: &[(&str, &str)]) -> Charset {
        Charset::from_env(|name| variables.iter().find(|(n, _)| *n == name).map(|(_, v)| (*v).to_owned()))
    }

    #[test]
    fn no_locale_and_a_locale_without_a_charset_mean_utf8() {
        assert_eq!(chosen(&[]), Charset::Utf8);
        assert_eq!(chosen(&[("LANG", "")]), Charset::Utf8);
        assert_eq!(chosen(&[("LANG", "en_US")]), Charset::Utf8);
        assert_eq!(chosen(&[("LANG", "C.UTF-8")]), Charset::Utf8);
        assert_eq!(chosen(&[("LANG", "de_DE.utf8@euro")]), Charset::Utf8);
    }

    #[test]
    fn an_explicit_other_charset_means_ascii() {
        assert_eq!(chosen(&[("LANG", "de_DE.ISO-8859-1")]), Charset::Ascii);
        assert_eq!(chosen(&[("LC_ALL", "C"), ("LANG", "en_US.UTF-8")]), Charset::Ascii);
        assert_eq!(chosen(&[("LC_ALL", ""), ("LC_CTYPE", "POSIX")]), Charset::Ascii);
    }

    #[test]
    fn the_linux_console_gets_its_own_set_unless_the_locale_is_stricter() {
        assert_eq!(chosen(&[("TERM", "linux")]), Charset::LinuxConsole);
        assert_eq!(chosen(&[("TERM", "linux"), ("LC_ALL", "C")]), Charset::Ascii);
    }

    #[test]
    fn every_glyph_of_ours_has_a_stand_in_of_one_column() {
        for glyph in "●…–→›✗•│┌┐└┘├┤─┬┴┼␊⟨⟩▲▼█░✓".chars().map(String::from)
        {
            assert_eq!(cluster_width(&glyph), 1, "{glyph}");
            let replacement = Charset::Ascii.replacement(&glyph).unwrap();
            assert!(replacement.len() == 1 && replacement != "?", "{glyph}");
        }
        assert_eq!(Charset::Ascii.replacement("日"), Some("?"));
        assert_eq!(Charset::LinuxConsole.replacement("│"), None);
        assert_eq!(Charset::LinuxConsole.replacement("…"), Some("~"));
    }
}
