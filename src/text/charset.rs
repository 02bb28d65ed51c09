//! Which characters the terminal can draw, and what stands for the others.

use unicode_segmentation::UnicodeSegmentation;

/// The characters that may be sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Charset {
    /// All of Unicode.
    #[default]
    Utf8,
    /// UTF-8 on the Linux console, whose font of 256 or 512 glyphs lacks some of ours.
    LinuxConsole,
    /// ASCII only: our own glyphs have stand-ins of one column. Texts come with anything else spelled out; what isn't a
    /// text is a `?` for each column.
    Ascii,
}

impl Charset {
    /// Chooses by the environment: `variable` gives a variable's value, or `None` when it is unset.
    ///
    /// The first of `LC_ALL`, `LC_CTYPE`, `LANG` that is not empty decides (POSIX, XBD 8.2). ASCII is for a charset
    /// that is named and isn't UTF-8 (`de_DE.ISO-8859-1`), and for `C` and `POSIX`, whose charset *is* ASCII: somebody
    /// wrote that down. A locale without a charset (`en_US`), or none at all, means UTF-8: sshd often passes no locale,
    /// and terminals that draw anything else are rare. With `TERM=linux` a UTF-8 locale means
    /// [`Charset::LinuxConsole`].
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

    /// Whether it can draw a cluster, by a stand-in if need be. The Linux console's font isn't known, and what it lacks
    /// is a sign that looks like nothing else.
    pub fn draws(self, cluster: &str) -> bool {
        self != Self::Ascii || cluster.is_ascii() || stand_in(cluster).is_some()
    }

    /// A text as it is sent outside of frames: a title. What the terminal can't draw has stand-ins there, too.
    pub fn stand_ins(self, text: &str) -> String {
        let clusters = text.graphemes(true);
        clusters
            .map(|cluster| match self {
                _ if cluster.is_ascii() => cluster,
                _ => self.replacement(cluster).unwrap_or(cluster),
            })
            .collect()
    }

    /// What is drawn in each column of `cluster`, which isn't ASCII; `None` for itself.
    pub(crate) fn replacement(self, cluster: &str) -> Option<&'static str> {
        match self {
            Self::Utf8 => None,
            // The console's fonts have the lines, blocks, arrows and bullets of code page 437: all that the kernel's
            // own one has. Those of distributions have more, but which is loaded can't be asked.
            Self::LinuxConsole => match cluster {
                "●" | "…" | "–" | "›" | "✗" | "✓" | "⟨" | "⟩" | "×" | "◌" => stand_in(cluster),
                _ if is_picture(cluster) => stand_in(cluster),
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
        // Not the `*` that marks what was changed.
        "●" => "o",
        "•" => "#",
        "◌" => "_",
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
        _ if is_picture(cluster) => "^",
        _ => return None,
    })
}

/// Whether it is the picture of a control character.
fn is_picture(cluster: &str) -> bool {
    cluster.chars().all(|c| matches!(c, '\u{2400}'..='\u{2426}'))
}

#[cfg(test)]
mod tests {
    use super::super::width::cluster_width;
    use super::*;

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
        for glyph in "●…–→›✗•│┌┐└┘├┤─┬┴┼␊␀⟨⟩▲▼█░✓×·◌↑↓".chars().map(String::from)
        {
            assert_eq!(cluster_width(&glyph), 1, "{glyph}");
            let replacement = Charset::Ascii.replacement(&glyph).unwrap();
            assert!(replacement.len() == 1 && replacement != "?", "{glyph}");
        }
        assert_eq!(Charset::Ascii.stand_ins("é日…x"), "??~x");
        assert_eq!(Charset::Utf8.stand_ins("é日…x"), "é日…x");
        assert_eq!(Charset::Ascii.replacement("日"), Some("?"));
        assert_eq!(Charset::LinuxConsole.replacement("│"), None);
        assert_eq!(Charset::LinuxConsole.replacement("…"), Some("~"));
        assert_eq!(Charset::LinuxConsole.replacement("␛"), Some("^"));
        assert_eq!(Charset::LinuxConsole.replacement("日"), None);
    }
}
