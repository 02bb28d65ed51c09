//! Fuzzy matching, for find, the palette and the picker: nucleo's, as in helix.

use nucleo_matcher::pattern::{CaseMatching, Normalization, Pattern};
use nucleo_matcher::{Config, Matcher, Utf32Str};

/// Scores texts by how well they match what was typed.
pub struct Fuzzy {
    matcher: Matcher,
    pattern: Pattern,
    buffer: Vec<char>,
}

impl Fuzzy {
    /// For what was typed: words, each of which has to match, in any case.
    pub fn new(typed: &str) -> Self {
        Self {
            matcher: Matcher::new(Config::DEFAULT),
            pattern: Pattern::parse(typed, CaseMatching::Ignore, Normalization::Smart),
            buffer: Vec::new(),
        }
    }

    /// Higher is better; `None`: no match.
    pub fn score(&mut self, text: &str) -> Option<u32> {
        let text = Utf32Str::new(text, &mut self.buffer);
        self.pattern.score(text, &mut self.matcher)
    }

    /// The places of the texts that match, the best first; those that match alike stay in their order.
    pub fn ranked<'a>(&mut self, texts: impl Iterator<Item = &'a str>) -> Vec<usize> {
        let mut scored: Vec<(u32, usize)> = texts
            .enumerate()
            .filter_map(|(at, text)| Some((self.score(text)?, at)))
            .collect();
        scored.sort_by_key(|(score, _)| std::cmp::Reverse(*score));
        scored.into_iter().map(|(_, at)| at).collect()
    }

    /// The things that match, the best first; those that match alike stay in their order.
    pub fn best<T>(&mut self, things: impl IntoIterator<Item = T>, text: impl Fn(&T) -> &str) -> Vec<T> {
        self.best_by(things, |fuzzy, thing| fuzzy.score(text(thing)))
    }

    /// The same by a score of one's own.
    pub fn best_by<T>(
        &mut self,
        things: impl IntoIterator<Item = T>,
        score: impl Fn(&mut Self, &T) -> Option<u32>,
    ) -> Vec<T> {
        let mut scored: Vec<(u32, T)> = things
            .into_iter()
            .filter_map(|thing| Some((score(self, &thing)?, thing)))
            .collect();
        scored.sort_by_key(|(score, _)| std::cmp::Reverse(*score));
        scored.into_iter().map(|(_, thing)| thing).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_in_order_match_and_the_closest_comes_first() {
        let names = ["HF_HUB_ENABLE_HF_TRANSFER", "HF_HOME", "MAX_NUM_SEQS"];
        let find = |typed: &str| Fuzzy::new(typed).best(names, |name| *name);
        assert_eq!(find("hfho")[0], "HF_HOME");
        assert_eq!(find("mns"), ["MAX_NUM_SEQS"]);
        assert_eq!(find("home hf"), ["HF_HOME"]);
        assert_eq!(find(""), names);
        assert!(find("zzz").is_empty());
    }
}
