//! How a text may stand within another one: each character as it is, or escaped as JSON, URLs, HTML and shells do, once
//! or several times over.

use std::collections::HashMap;
use std::iter;

/// How often one escape may be spelled by another one: `&amp;#61;` is twice.
const MOST_NESTED: u8 = 2;

/// A text, and for each of its characters what it may stand for.
pub(super) struct SpelledText {
    chars: Vec<char>,
    /// Of each character its first byte, and then the text's end.
    bytes: Vec<usize>,
    /// How many backslashes stand from a character on.
    backslashes: Vec<usize>,
    /// Where a character begins an escape: what that stands for, and where it ends.
    escapes: HashMap<usize, Vec<(char, usize)>>,
}

/// How far a text was found from a place on.
pub(super) struct Found {
    /// How many of its characters.
    pub(super) count: usize,
    /// Where the last one may end, the furthest first.
    pub(super) ends: Vec<usize>,
}

impl SpelledText {
    pub(super) fn new(text: &str) -> Self {
        let chars: Vec<char> = text.chars().collect();
        let mut bytes: Vec<usize> = text.char_indices().map(|(at, _)| at).collect();
        bytes.push(text.len());
        let mut backslashes = vec![0; chars.len() + 1];
        for at in (0..chars.len()).rev() {
            backslashes[at] = if chars[at] == '\\' { backslashes[at + 1] + 1 } else { 0 };
        }
        let mut this = Self {
            chars,
            bytes,
            backslashes,
            escapes: HashMap::new(),
        };
        let begins = (0..this.chars.len()).filter(|at| is_introducer(this.chars[*at]));
        this.escapes = begins.map(|at| (at, this.escaped(at, MOST_NESTED))).collect();
        this
    }

    /// How many characters it has.
    pub(super) fn count(&self) -> usize {
        self.chars.len()
    }

    /// The first byte of a character.
    pub(super) fn byte(&self, at: usize) -> usize {
        self.bytes[at]
    }

    /// The character at a place, as it is.
    pub(super) fn char(&self, at: usize) -> Option<char> {
        self.chars.get(at).copied()
    }

    /// What stands at a place: the character itself, and what an escape that begins there means; each with its end.
    pub(super) fn readings(&self, at: usize) -> impl Iterator<Item = (char, usize)> {
        let itself = self.char(at).map(|c| (c, at + 1));
        let escapes = self.escapes.get(&at).into_iter().flatten().copied();
        itself.into_iter().chain(escapes)
    }

    /// How far `wanted`, which is [folded], stands from a place on.
    pub(super) fn find(&self, from: usize, wanted: &[char]) -> Found {
        if wanted.first().is_some_and(|first| self.after(from, *first).is_empty()) {
            return Found {
                count: 0,
                ends: Vec::new(),
            };
        }
        let mut ends = vec![from];
        for (count, c) in wanted.iter().enumerate() {
            let mut next: Vec<usize> = ends.iter().flat_map(|at| self.after(*at, *c)).collect();
            if next.is_empty() {
                return Found { count, ends };
            }
            next.sort_unstable_by(|a, b| b.cmp(a));
            next.dedup();
            ends = next;
        }
        Found {
            count: wanted.len(),
            ends,
        }
    }

    /// Where a character of a folded text ends that stands at a place; a blank may be several.
    fn after(&self, at: usize, wanted: char) -> Vec<usize> {
        let fits = |c: char| if wanted == ' ' { is_blank(c) } else { fold(c) == wanted };
        let mut ends: Vec<usize> = self
            .readings(at)
            .filter(|(c, _)| fits(*c))
            .map(|(_, end)| end)
            .collect();
        if wanted == ' ' {
            let mut looked = 0;
            while let Some(end) = ends.get(looked).copied() {
                let more = self.readings(end).filter(|(c, _)| fits(*c)).map(|(_, end)| end);
                let more: Vec<usize> = more.filter(|end| !ends.contains(end)).collect();
                ends.extend(more);
                looked += 1;
            }
        }
        ends
    }

    /// What an escape at a place stands for.
    fn escaped(&self, at: usize, nested: u8) -> Vec<(char, usize)> {
        let Some(first) = self.char(at).filter(|c| is_introducer(*c)) else {
            return Vec::new();
        };
        let inner = if nested > 0 {
            self.escaped(at, nested - 1)
        } else {
            Vec::new()
        };
        let mut found = inner.clone();
        for (introducer, next) in iter::once((first, at + 1)).chain(inner) {
            match introducer {
                '\\' => self.backslashed(next, nested, &mut found),
                '%' => found.extend(self.percent(next)),
                '&' => found.extend(self.entity(next)),
                _ => {}
            }
        }
        found.sort_unstable();
        found.dedup();
        found
    }

    /// What a backslash makes of what follows, and each further backslash that quotes it once more.
    fn backslashed(&self, at: usize, nested: u8, found: &mut Vec<(char, usize)>) {
        let run = self.backslashes[at.min(self.chars.len())];
        found.extend(
            [1, 3, 7]
                .into_iter()
                .filter(|more| *more <= run)
                .map(|more| ('\\', at + more)),
        );
        let at = at + run;
        let follows = self.char(at).map(|c| (c, at + 1));
        let spelled = if nested > 0 {
            self.escaped(at, nested - 1)
        } else {
            Vec::new()
        };
        for (c, next) in follows.into_iter().chain(spelled) {
            let meant = match c {
                'n' => Some(('\n', next)),
                'r' => Some(('\r', next)),
                't' => Some(('\t', next)),
                'b' => Some(('\u{8}', next)),
                'f' => Some(('\u{c}', next)),
                'u' | 'U' => self.unicode(next),
                'x' => self.number(next, 2, 16),
                '0'..='3' => self.number(at, 3, 8),
                c if !c.is_ascii_alphanumeric() => Some((c, next)),
                _ => None,
            };
            found.extend(meant);
        }
    }

    /// Behind `\u`: four digits, two such where the first is half of a character, or any number in braces.
    fn unicode(&self, at: usize) -> Option<(char, usize)> {
        if self.char(at) == Some('{') {
            let digits = (1..=6).find(|digits| self.char(at + 1 + digits) == Some('}'))?;
            let (c, end) = self.number(at + 1, digits, 16)?;
            return Some((c, end + 1));
        }
        let high = self.digits(at, 4, 16)?;
        let next = at + 4;
        if let Some(c) = char::from_u32(high) {
            return Some((c, next));
        }
        let behind = next + self.backslashes[next.min(self.chars.len())];
        let low = self
            .digits(behind + 1, 4, 16)
            .filter(|_| self.char(behind) == Some('u'))?;
        let both = char::decode_utf16([high as u16, low as u16]).next()?.ok()?;
        Some((both, behind + 5))
    }

    /// Behind a percent sign: a byte, and the others of its character.
    fn percent(&self, at: usize) -> Option<(char, usize)> {
        let mut bytes = vec![u8::try_from(self.digits(at, 2, 16)?).ok()?];
        let mut end = at + 2;
        loop {
            if let Ok(text) = std::str::from_utf8(&bytes) {
                return text.chars().next().map(|c| (c, end));
            }
            let mut next = end;
            if bytes.len() == 4 || self.char(next)? != '%' {
                return None;
            }
            next += 1;
            // A percent sign that is spelled so itself.
            while (self.char(next), self.char(next + 1)) == (Some('2'), Some('5')) {
                next += 2;
            }
            bytes.push(u8::try_from(self.digits(next, 2, 16)?).ok()?);
            end = next + 2;
        }
    }

    /// Behind an ampersand: a number, or a name that HTML has for a sign of ASCII.
    fn entity(&self, at: usize) -> Option<(char, usize)> {
        let length = (1..=9).find(|length| self.char(at + length) == Some(';'))?;
        let name: String = self.chars[at..at + length].iter().collect();
        let numbered = name.strip_prefix('#').and_then(|number| {
            let hex = number.strip_prefix(['x', 'X']);
            let code = hex.map_or_else(|| number.parse(), |digits| u32::from_str_radix(digits, 16));
            code.ok().and_then(char::from_u32)
        });
        let named = || ENTITIES.iter().find(|(known, _)| *known == name).map(|(_, c)| *c);
        numbered.or_else(named).map(|c| (c, at + length + 1))
    }

    fn number(&self, at: usize, digits: usize, radix: u32) -> Option<(char, usize)> {
        char::from_u32(self.digits(at, digits, radix)?).map(|c| (c, at + digits))
    }

    /// So many digits as a number.
    fn digits(&self, at: usize, count: usize, radix: u32) -> Option<u32> {
        (at..at + count).try_fold(0, |sum, at| Some(sum * radix + self.char(at)?.to_digit(radix)?))
    }
}

/// A text to be looked for: small letters, and one blank for all the blanks that stand together.
pub(super) fn folded(text: &str) -> Vec<char> {
    let mut chars: Vec<char> = Vec::new();
    for c in text.chars() {
        match is_blank(c) && c != '+' {
            true if chars.last() == Some(&' ') => {}
            true => chars.push(' '),
            false => chars.push(fold(c)),
        }
    }
    chars
}

fn fold(c: char) -> char {
    c.to_lowercase().next().unwrap_or(c)
}

/// What a blank or a line's end may have become: `+` in a form of the web, `␊` in a sentence of ours.
fn is_blank(c: char) -> bool {
    c.is_whitespace() || matches!(c, '+' | '␊')
}

fn is_introducer(c: char) -> bool {
    matches!(c, '\\' | '%' | '&')
}

/// HTML's names for signs of ASCII.
const ENTITIES: [(&str, char); 31] = [
    ("amp", '&'),
    ("lt", '<'),
    ("gt", '>'),
    ("quot", '"'),
    ("apos", '\''),
    ("nbsp", ' '),
    ("Tab", '\t'),
    ("NewLine", '\n'),
    ("excl", '!'),
    ("num", '#'),
    ("dollar", '$'),
    ("percnt", '%'),
    ("lpar", '('),
    ("rpar", ')'),
    ("ast", '*'),
    ("plus", '+'),
    ("comma", ','),
    ("period", '.'),
    ("sol", '/'),
    ("colon", ':'),
    ("semi", ';'),
    ("equals", '='),
    ("quest", '?'),
    ("commat", '@'),
    ("lsqb", '['),
    ("bsol", '\\'),
    ("rsqb", ']'),
    ("lowbar", '_'),
    ("grave", '`'),
    ("lcub", '{'),
    ("rcub", '}'),
];
