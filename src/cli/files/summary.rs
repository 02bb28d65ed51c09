//! What became of several files, in a word for each.

use std::sync::Arc;

use crate::cli::output;

/// Files that stand beside each other on one line; more have a line each.
const MOST_ON_A_LINE: usize = 6;

/// Told when everything else was: `3 files: a.yaml 2 saved, b.yaml 1 unchanged, c.yaml failed`. `words` has the file
/// and the word of every document. Nothing is told of one file, which was told of already.
pub fn tell<'a>(files: &[Arc<str>], words: impl IntoIterator<Item = (&'a str, &'static str)>) {
    if files.len() > 1 {
        output::note(&text(files, words));
    }
}

fn text<'a>(files: &[Arc<str>], words: impl IntoIterator<Item = (&'a str, &'static str)>) -> String {
    let mut counts: Vec<Vec<(&'static str, usize)>> = vec![Vec::new(); files.len()];
    for (file, word) in words {
        let Some(at) = files.iter().position(|known| **known == *file) else {
            continue;
        };
        match counts[at].iter_mut().find(|(known, _)| *known == word) {
            Some((_, count)) => *count += 1,
            None => counts[at].push((word, 1)),
        }
    }
    let each: Vec<String> = files
        .iter()
        .zip(&counts)
        .map(|(file, counts)| format!("{} {}", output::safe(file), in_words(counts)))
        .collect();
    match files.len() > MOST_ON_A_LINE {
        true => format!("{} files:\n  {}", files.len(), each.join("\n  ")),
        false => format!("{} files: {}", files.len(), each.join(", ")),
    }
}

/// The word of a file that can't be read, and of whatever ended otherwise than it was asked for.
pub const FAILED: &str = "failed";

fn in_words(counts: &[(&'static str, usize)]) -> String {
    match counts {
        [] | [(FAILED, _)] => FAILED.to_owned(),
        counts => {
            let each: Vec<String> = counts.iter().map(|(word, count)| format!("{count} {word}")).collect();
            each.join(" and ")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_file_has_its_words() {
        let files: Vec<Arc<str>> = ["a.yaml", "b.yaml", "c.yaml", "d.yaml"].map(Arc::from).to_vec();
        let words = [
            ("a.yaml", "saved"),
            ("b.yaml", "unchanged"),
            ("a.yaml", "saved"),
            ("d.yaml", "saved"),
            ("d.yaml", FAILED),
        ];
        assert_eq!(
            text(&files, words),
            "4 files: a.yaml 2 saved, b.yaml 1 unchanged, c.yaml failed, d.yaml 1 saved and 1 failed"
        );
        let many: Vec<Arc<str>> = (0..7).map(|n| Arc::from(format!("{n}.yaml"))).collect();
        assert!(text(&many, [("0.yaml", "saved")]).starts_with("7 files:\n  0.yaml 1 saved\n  1.yaml failed\n"));
    }
}
