//! Fuzzy matching, for find, the palette and the picker: nucleo's, as in helix.

use nucleo_matcher::pattern::{Atom, AtomKind, CaseMatching, Normalization, Pattern};
use nucleo_matcher::{Config, Matcher, Utf32Str};

/// Scores texts by how well they match what was typed.
pub struct Fuzzy {
    matcher: Matcher,
    pattern: Pattern,
    buffer: Vec<char>,
    quick: bool,
}

impl Fuzzy {
    /// For what was typed: words, each of which has to match, in any case.
    pub fn new(typed: &str) -> Self {
        Self {
            matcher: Matcher::new(Config::DEFAULT),
            pattern: Pattern::parse(typed, CaseMatching::Ignore, Normalization::Smart),
            buffer: Vec::new(),
            quick: false,
        }
    }

    /// The same for thousands of texts: what matches is the same, but each text's first match counts, not its best one. Takes a
    /// quarter of the time.
    pub fn quick(typed: &str) -> Self {
        Self {
            quick: true,
            ..Self::new(typed)
        }
    }

    /// Higher is better; `None`: no match.
    pub fn score(&mut self, text: &str) -> Option<u32> {
        let text = Utf32Str::new(text, &mut self.buffer);
        if !self.quick {
            return self.pattern.score(text, &mut self.matcher);
        }
        let mut sum = 0;
        for atom in &self.pattern.atoms {
            sum += u32::from(quick_score(atom, text, &mut self.matcher)?);
        }
        Some(sum)
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

/// An atom's score by its first match, where it is matched fuzzily.
fn quick_score(atom: &Atom, text: Utf32Str<'_>, matcher: &mut Matcher) -> Option<u16> {
    if atom.kind != AtomKind::Fuzzy || atom.negative {
        return atom.score(text, matcher);
    }
    let needle = atom.needle_text();
    // As `CaseMatching::Ignore` and `Normalization::Smart` have it.
    (matcher.config.ignore_case, matcher.config.normalize) = (true, needle.is_ascii());
    matcher.fuzzy_match_greedy(text, needle)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_quick_way_matches_the_same() {
        let texts = [
            "llama-3-8b ep_7f3a91c2 vllm/vllm-openai:v0.6.3 serving",
            "Comfy-Render ep_b40c55de registry.example.com/team/comfyui-worker:2.4.1 failed",
            "résumé-parser ep_1 example/cv:1 stopped",
            "",
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
            for text in texts {
                let (all, quick) = (Fuzzy::new(typed).score(text), Fuzzy::quick(typed).score(text));
                assert_eq!(all.is_some(), quick.is_some(), "{typed} in {text}");
            }
        }
        let best = |mut fuzzy: Fuzzy| fuzzy.best(texts, |text| *text)[0];
        assert_eq!(best(Fuzzy::quick("comfy")), best(Fuzzy::new("comfy")));
    }

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
