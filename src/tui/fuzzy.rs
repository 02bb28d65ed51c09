//! Fuzzy matching, for find, the palette and the lists: nucleo's, as in helix, with a rule for what counts.
//!
//! What is typed are words. Each of them has to match within one column of a thing, literally or with its letters
//! scattered over it. Things where all words stand literally come first, and where a list is filtered by it they hide
//! the others: then the scattered ones are only noise. Letters that are scattered too far are no match at all.

use nucleo_matcher::pattern::{Atom, AtomKind, CaseMatching, Normalization, Pattern};
use nucleo_matcher::{Config, Matcher, Utf32Str};

/// How a thing matches; the better one is the greater one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Match {
    kind: MatchKind,
    score: u32,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum MatchKind {
    /// The letters are there, too far apart: with more of them it may become a match.
    Loose,
    /// Scattered, and close together or at the beginnings of words.
    Scattered,
    /// Every word as it was typed.
    Literal,
}

impl Match {
    /// What is found by other means, in the same order as what is found here: behind all that is literal.
    pub const WEAKEST_LITERAL: Self = Self {
        kind: MatchKind::Literal,
        score: 0,
    };

    /// Whether every word stands there as it was typed.
    pub fn is_literal(self) -> bool {
        self.kind == MatchKind::Literal
    }

    /// Whether it is good enough to be shown.
    pub fn is_good(self) -> bool {
        self.kind > MatchKind::Loose
    }

    /// The same, behind others of its kind that match alike.
    pub fn weaker(self) -> Self {
        Self {
            score: self.score.saturating_sub(1),
            ..self
        }
    }
}

/// A word of what was typed.
struct Word {
    atom: Atom,
    /// The same word literally; `None`: it has a sign that gives it another meaning.
    literal: Option<Atom>,
    /// It in ASCII, where it is; then most texts need only be gone through byte by byte.
    ascii: Option<Box<[u8]>>,
    letters: u32,
}

/// Scores texts by how well they match what was typed.
pub struct Fuzzy {
    matcher: Matcher,
    words: Vec<Word>,
    buffer: Vec<char>,
    quick: bool,
}

impl Fuzzy {
    /// For what was typed: words, each of which has to match, in any case.
    pub fn new(typed: &str) -> Self {
        let pattern = Pattern::parse(typed, CaseMatching::Ignore, Normalization::Smart);
        let word = |atom: Atom| {
            let needle = atom.needle_text().to_string();
            let plain = atom.kind == AtomKind::Fuzzy && !atom.negative;
            Word {
                literal: plain.then(|| {
                    let (case, normalization) = (CaseMatching::Ignore, Normalization::Smart);
                    Atom::new(&needle, case, normalization, AtomKind::Substring, false)
                }),
                ascii: (plain && needle.is_ascii()).then(|| needle.as_bytes().into()),
                letters: u32::try_from(needle.chars().count()).unwrap_or(u32::MAX),
                atom,
            }
        };
        Self {
            matcher: Matcher::new(Config::DEFAULT),
            words: pattern.atoms.into_iter().map(word).collect(),
            buffer: Vec::new(),
            quick: false,
        }
    }

    /// The same for thousands of things: of scattered letters the first ones that are found count, not the best ones.
    /// Takes a quarter of the time.
    pub fn quick(typed: &str) -> Self {
        Self {
            quick: true,
            ..Self::new(typed)
        }
    }

    /// How a thing matches that has these columns; `None`: it doesn't. More letters of a plain word never match more
    /// things, if loose matches are counted in.
    pub fn columns(&mut self, columns: &[&str]) -> Option<Match> {
        let mut whole = Match::WEAKEST_LITERAL;
        for word in &self.words {
            let found = word.best(columns, &mut self.matcher, &mut self.buffer, self.quick)?;
            whole = Match {
                kind: whole.kind.min(found.kind),
                score: whole.score.saturating_add(found.score),
            };
        }
        Some(whole)
    }

    /// How a text matches, loose matches left out.
    pub fn text(&mut self, text: &str) -> Option<Match> {
        self.columns(&[text]).filter(|found| found.is_good())
    }

    /// The things that match, the best first; those that match alike stay in their order.
    pub fn best_by<T>(
        &mut self,
        things: impl IntoIterator<Item = T>,
        found: impl Fn(&mut Self, &T) -> Option<Match>,
    ) -> Vec<T> {
        self.ranked(things, found).into_iter().map(|(_, thing)| thing).collect()
    }

    /// The same for a list that is filtered: where something matches literally, nothing else is shown.
    pub fn filtered<T>(
        &mut self,
        things: impl IntoIterator<Item = T>,
        found: impl Fn(&mut Self, &T) -> Option<Match>,
    ) -> Vec<T> {
        let mut ranked = self.ranked(things, found);
        if ranked.first().is_some_and(|(best, _)| best.is_literal()) {
            ranked.retain(|(found, _)| found.is_literal());
        }
        ranked.into_iter().map(|(_, thing)| thing).collect()
    }

    fn ranked<T>(
        &mut self,
        things: impl IntoIterator<Item = T>,
        found: impl Fn(&mut Self, &T) -> Option<Match>,
    ) -> Vec<(Match, T)> {
        let mut ranked: Vec<(Match, T)> = things
            .into_iter()
            .filter_map(|thing| Some((found(self, &thing).filter(|found| found.is_good())?, thing)))
            .collect();
        ranked.sort_by_key(|(found, _)| std::cmp::Reverse(*found));
        ranked
    }
}

impl Word {
    /// False where it surely doesn't stand literally: cheaper than scoring that.
    fn may_stand_in(&self, text: &str) -> bool {
        let Some(word) = self.ascii.as_deref().filter(|_| text.is_ascii()) else {
            return true;
        };
        let Some((first, rest)) = word.split_first() else {
            return true;
        };
        let text = text.as_bytes();
        let Some(last) = text.len().checked_sub(word.len()) else {
            return false;
        };
        let is_here = |at: usize| text[at + 1..at + word.len()].eq_ignore_ascii_case(rest);
        (0..=last).any(|at| text[at].eq_ignore_ascii_case(first) && is_here(at))
    }

    /// How it matches in the column where it does so best.
    fn best(&self, columns: &[&str], matcher: &mut Matcher, buffer: &mut Vec<char>, quick: bool) -> Option<Match> {
        let literal = |score: u16| Match {
            kind: MatchKind::Literal,
            score: u32::from(score),
        };
        let Some(plain) = &self.literal else {
            let mut scores = columns
                .iter()
                .map(|text| self.atom.score(Utf32Str::new(text, buffer), matcher));
            // What must not be there must be in none of them.
            let score = if self.atom.negative {
                scores.try_fold(0, |_, score| score)
            } else {
                scores.flatten().max()
            };
            return score.map(literal);
        };
        let literally = columns
            .iter()
            .filter(|text| self.may_stand_in(text))
            .filter_map(|text| plain.score(Utf32Str::new(text, buffer), matcher))
            .max();
        if let Some(score) = literally {
            return Some(literal(score));
        }
        let score = columns
            .iter()
            .filter_map(|text| {
                let text = Utf32Str::new(text, buffer);
                if quick {
                    quick_score(&self.atom, text, matcher)
                } else {
                    self.atom.score(text, matcher)
                }
            })
            .max()?;
        let score = u32::from(score);
        // nucleo gives a letter 16, takes some for a gap and adds some at the beginning of a word: what the gaps cost
        // beyond a quarter is to be made good by beginnings.
        let kind = if score >= self.letters.saturating_mul(12) {
            MatchKind::Scattered
        } else {
            MatchKind::Loose
        };
        Some(Match { kind, score })
    }
}

/// A score by the first letters that match.
fn quick_score(atom: &Atom, text: Utf32Str<'_>, matcher: &mut Matcher) -> Option<u16> {
    let needle = atom.needle_text();
    // As `CaseMatching::Ignore` and `Normalization::Smart` have it.
    (matcher.config.ignore_case, matcher.config.normalize) = (true, needle.is_ascii());
    matcher.fuzzy_match_greedy(text, needle)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_quick_way_matches_the_same_columns() {
        let things = [
            ["llama-3-8b", "ep_7f3a91c2", "vllm/vllm-openai:v0.6.3", "serving"],
            [
                "Comfy-Render",
                "ep_b40c55de",
                "registry.example.com/team/comfyui:2.4.1",
                "failed",
            ],
            ["résumé-parser", "ep_1", "example/cv:1", "stopped"],
            [""; 4],
        ];
        for typed in [
            "l",
            "LLA",
            "comfy 2.4",
            "resu",
            "résu",
            "!serving",
            "^llama",
            "ed$",
            "'worker",
            "x y",
            "é",
        ] {
            for columns in &things {
                let whole = Fuzzy::new(typed).columns(columns);
                let quick = Fuzzy::quick(typed).columns(columns);
                assert_eq!(whole.is_some(), quick.is_some(), "{typed} in {columns:?}");
                let literal = |found: Option<Match>| found.is_some_and(Match::is_literal);
                assert_eq!(literal(whole), literal(quick), "{typed} in {columns:?}");
            }
        }
    }

    #[test]
    fn a_word_stands_in_one_column_and_what_must_not_be_there_in_none() {
        let columns = ["embed-00005-prod", "ep_05", "acme/whisper:1", "failed"];
        let found = |typed: &str| Fuzzy::new(typed).columns(&columns);
        assert_eq!(found("prodwhisper"), None);
        assert!(found("prod whisper").is_some_and(Match::is_literal));
        assert!(found("fai").is_some_and(Match::is_literal));
        assert!(found("^acme d$").is_some());
        assert_eq!(found("!whisper"), None);
        assert!(found("!llama prod").is_some());
    }

    #[test]
    fn letters_scattered_too_far_are_no_match_until_more_of_them_say_otherwise() {
        let far = "a-template-for-batched-inference-x";
        assert_eq!(Fuzzy::new("mlrx").text(far), None);
        assert!(Fuzzy::new("mlrx").columns(&[far]).is_some_and(|found| !found.is_good()));
        assert!(Fuzzy::new("tfbi").text(far).is_some());
    }

    #[test]
    fn letters_in_order_match_and_the_closest_comes_first() {
        let names = ["HF_HUB_ENABLE_HF_TRANSFER", "HF_HOME", "MAX_NUM_SEQS"];
        let find = |typed: &str| Fuzzy::new(typed).best_by(names, |fuzzy, name| fuzzy.text(name));
        assert_eq!(find("hfho")[0], "HF_HOME");
        assert_eq!(find("mns"), ["MAX_NUM_SEQS"]);
        assert_eq!(find("home hf"), ["HF_HOME"]);
        assert_eq!(find(""), names);
        assert!(find("zzz").is_empty());
    }

    #[test]
    fn what_is_literal_comes_first_and_hides_the_rest_of_a_filtered_list() {
        // Scattered over beginnings of words it would score more.
        let names = ["B_A_C_X", "aabacus"];
        let find = |typed: &str| Fuzzy::new(typed).best_by(names, |fuzzy, name| fuzzy.text(name));
        assert_eq!(find("bac"), ["aabacus", "B_A_C_X"]);
        let filter = |typed: &str| Fuzzy::new(typed).filtered(names, |fuzzy, name| fuzzy.text(name));
        assert_eq!(filter("bac"), ["aabacus"]);
        assert_eq!(filter("bax"), ["B_A_C_X"]);
    }
}
