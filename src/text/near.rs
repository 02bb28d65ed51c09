//! What somebody may have meant by a word that isn't known.

/// How alike two words must be, from 0 (nothing in common) to 1 (the same).
const ALIKE: f32 = 0.6;

/// The most similar of the known words, in any case; `None` where none is like it.
pub fn nearest<'a>(word: &str, known: &[&'a str]) -> Option<&'a str> {
    let lower: Vec<String> = known.iter().map(|known| known.to_lowercase()).collect();
    let lower: Vec<&str> = lower.iter().map(String::as_str).collect();
    let near = *similar::get_close_matches(word.to_lowercase().as_str(), &lower, 1, ALIKE).first()?;
    let at = lower.iter().position(|known| *known == near)?;
    known.get(at).copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_is_mended_in_any_case_and_what_is_like_nothing_stays_alone() {
        let known = ["minNum", "maxNum", "freeTimeout"];
        assert_eq!(nearest("MAXNUMS", &known), Some("maxNum"));
        assert_eq!(nearest("freetimeuot", &known), Some("freeTimeout"));
        assert_eq!(nearest("image", &known), None);
        assert_eq!(nearest("", &known), None);
    }
}
