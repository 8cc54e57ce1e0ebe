//! By which words something is found: folded texts, and pieces of them for an index.
//!
//! Folding and cutting happen here and not in a database, so that every engine finds the same, byte for byte. A word is
//! found wherever it stands as a piece of a text, without regard to case and accents.
//!
//! ```
//! use consentry_domain::words::{Sought, fold};
//!
//! let kept = fold("Zoë Müller");
//! assert_eq!(kept, "zoe muller");
//! let sought = Sought::parse("MÜLL oe")?.expect("two words");
//! assert!(sought.words().iter().all(|word| kept.contains(word)));
//! # Ok::<(), consentry_domain::words::TooMuch>(())
//! ```

use unicode_normalization::char::{canonical_combining_class, decompose_compatible};

use crate::EventId;

/// How many words can be looked for at once.
pub const MOST_WORDS: usize = 8;

/// How long the text can be that says them, in characters.
pub const LONGEST: usize = 100;

/// How many characters a piece has.
const PIECE: usize = 3;

/// There are too many words, they are too long, or nothing that is kept could have them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("at most {MOST_WORDS} words of together {LONGEST} characters are expected")]
pub struct TooMuch;

/// A text as it is looked for: in small letters, without accents and without marks that nobody sees. Each character is
/// folded by itself, so what is a piece of a text is a piece of it when both are folded.
#[must_use]
pub fn fold(text: &str) -> String {
    if text.is_ascii() {
        return text.to_ascii_lowercase();
    }
    let mut folded = String::with_capacity(text.len());
    for char in text.chars() {
        decompose_compatible(char, |part| {
            for small in part.to_lowercase() {
                // A capital of one character can have a small letter with an accent.
                decompose_compatible(small, |part| push(&mut folded, part));
            }
        });
    }
    folded
}

/// Adds a character of which nothing can be taken apart any more.
fn push(folded: &mut String, char: char) {
    match char {
        'ß' => folded.push_str("ss"),
        'æ' => folded.push_str("ae"),
        'œ' => folded.push_str("oe"),
        'þ' => folded.push_str("th"),
        'ø' => folded.push('o'),
        'đ' | 'ð' => folded.push('d'),
        'ł' => folded.push('l'),
        'ħ' => folded.push('h'),
        'ı' => folded.push('i'),
        'ς' => folded.push('σ'),
        _ if is_mark(char) => {}
        _ => folded.push(char),
    }
}

/// Accents and points, and what leaves no mark. Vowel signs and what makes another letter of one (in Devanagari, Thai or
/// Kana) are no accents.
fn is_mark(char: char) -> bool {
    matches!(canonical_combining_class(char), 1 | 10..=36 | 200..)
        || matches!(char, '\u{ad}' | '\u{34f}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2060}'..='\u{2064}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}')
}

/// What is kept of something so that it is found: its texts, folded, each in a line.
#[must_use]
pub fn kept<'a>(texts: impl IntoIterator<Item = &'a str>) -> String {
    let mut kept = String::new();
    for text in texts {
        let text = fold(text);
        // A given name stands in the full name already.
        if text.is_empty() || kept.contains(&text) {
            continue;
        }
        if !kept.is_empty() {
            kept.push('\n');
        }
        kept.push_str(&text);
    }
    kept
}

/// Words that are looked for, folded; each must be found.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
#[serde(transparent)]
pub struct Sought(Vec<String>);

impl Sought {
    /// The words of a text; none where it says nothing.
    ///
    /// # Errors
    /// [`TooMuch`].
    pub fn parse(text: &str) -> Result<Option<Self>, TooMuch> {
        if text.chars().count() > LONGEST || text.contains('\0') {
            return Err(TooMuch);
        }
        let words: Vec<String> = fold(text).split_whitespace().map(str::to_owned).collect();
        match words.len() {
            0 => Ok(None),
            1..=MOST_WORDS => Ok(Some(Self(words))),
            _ => Err(TooMuch),
        }
    }

    /// The words.
    #[must_use]
    pub fn words(&self) -> &[String] {
        &self.0
    }

    /// The pieces that everything has in which these words are found, as [`pieces`] writes them: as few as cover the words.
    /// None where every word is too short for a piece.
    #[must_use]
    pub fn pieces(&self, event: EventId) -> Option<String> {
        let mut found = Vec::new();
        for word in &self.0 {
            let starts = starts(word);
            let count = starts.len() - 1;
            let size = if count < PIECE { 2 } else { PIECE };
            if count < size {
                continue;
            }
            let last = count - size;
            for first in (0..last).step_by(size).chain([last]) {
                found.extend(piece(event, &word[starts[first]..starts[first + size]]));
            }
        }
        Some(joined(found)).filter(|found| !found.is_empty())
    }
}

/// The pieces of a folded text, for an index: five letters or digits each, in order, with a space between two.
///
/// A piece is three characters of a word, or two of them where they are beyond ASCII, as names in Chinese are short. It is
/// written as a hash of itself and of the event: an index over everybody's is one for each event, what is searched for in
/// one event costs nothing of another, and two pieces that share a hash are told apart by the text.
#[must_use]
pub fn pieces(event: EventId, folded: &str) -> String {
    let mut found = Vec::new();
    for word in folded.split_whitespace() {
        let starts = starts(word);
        for size in [2, PIECE] {
            for window in starts.windows(size + 1) {
                found.extend(piece(event, &word[window[0]..window[size]]));
            }
        }
    }
    joined(found)
}

/// Where the characters of a word begin, and where it ends.
fn starts(word: &str) -> Vec<usize> {
    word.char_indices().map(|(at, _)| at).chain([word.len()]).collect()
}

/// The piece as it is written, where it is one.
fn piece(event: EventId, text: &str) -> Option<[u8; 5]> {
    const DIGITS: &[u8; 32] = b"abcdefghijklmnopqrstuvwxyz234567";
    if text.len() < PIECE {
        // Two characters of ASCII.
        return None;
    }
    // FNV-1a: <https://datatracker.ietf.org/doc/html/draft-eastlake-fnv>.
    let bytes = event.0.as_bytes().iter().chain(text.as_bytes());
    let hash = bytes.fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3)
    });
    let hash = hash ^ (hash >> 32);
    Some([20, 15, 10, 5, 0].map(|shift| DIGITS[(hash >> shift) as usize & 31]))
}

fn joined(mut pieces: Vec<[u8; 5]>) -> String {
    pieces.sort_unstable();
    pieces.dedup();
    let mut text = String::with_capacity(pieces.len() * 6);
    for piece in pieces {
        if !text.is_empty() {
            text.push(' ');
        }
        text.extend(piece.map(char::from));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::BTreeSet;

    fn event(number: u128) -> EventId {
        EventId(uuid::Uuid::from_u128(number))
    }

    #[test]
    fn case_and_accents_make_no_difference_and_vowels_do() {
        for (text, folded) in [
            ("Ada LOVELACE", "ada lovelace"),
            ("Zoë Müller-Größe", "zoe muller-grosse"),
            ("I\u{307}stanbul İstanbul ılık", "istanbul istanbul ilik"),
            ("Łódź Ørsted Æsir", "lodz orsted aesir"),
            ("ΟΔΥΣΣΕΥΣ Ὀδυσσεύς", "οδυσσευσ οδυσσευσ"),
            ("Ёлка ёлка", "елка елка"),
            ("ﬁancée Ⅷ", "fiancee viii"),
            ("co\u{ad}op a\u{200d}b", "coop ab"),
            ("राम", "राम"),
            ("がか", "か\u{3099}か"),
        ] {
            assert_eq!(fold(text), folded, "{text}");
        }
    }

    #[test]
    fn folding_twice_is_folding_once() {
        for char in '\0'..=char::MAX {
            let once = fold(&char.to_string());
            assert_eq!(fold(&once), once, "{char:?} {:x}", u32::from(char));
        }
    }

    #[test]
    fn words_have_limits() {
        assert_eq!(Sought::parse("  \u{300} "), Ok(None));
        let parsed = Sought::parse(" Ada\tLÖVE ").expect("good").expect("words");
        assert_eq!(parsed.words(), ["ada", "love"]);
        assert!(Sought::parse(&"a ".repeat(MOST_WORDS)).is_ok());
        assert_eq!(Sought::parse(&"a ".repeat(MOST_WORDS + 1)), Err(TooMuch));
        assert!(Sought::parse(&"ä".repeat(LONGEST)).is_ok());
        assert_eq!(Sought::parse(&"ä".repeat(LONGEST + 1)), Err(TooMuch));
        assert_eq!(Sought::parse("a\0"), Err(TooMuch));
    }

    #[test]
    fn what_is_kept_names_nothing_twice() {
        assert_eq!(kept(["Ada King", "Ada", "Lovelace", ""]), "ada king\nlovelace");
    }

    #[test]
    fn another_event_has_other_pieces_and_short_words_have_none() {
        let sought = |text: &str| Sought::parse(text).expect("good").expect("words");
        assert_eq!(pieces(event(1), "ab"), "");
        assert_eq!(sought("a ab").pieces(event(1)), None);
        assert_eq!(pieces(event(1), "abcd").len(), 11);
        assert_ne!(pieces(event(1), "abc"), pieces(event(2), "abc"));
        assert_eq!(sought("王伟").pieces(event(1)), Some(pieces(event(1), "王伟")));
    }

    proptest! {
        #[test]
        fn what_is_a_piece_of_a_text_stays_one_and_has_only_pieces_of_it(text in "[\\PC ]{0,40}", from in 0..40_usize, count in 1..20_usize) {
            let part: String = text.chars().skip(from).take(count).collect();
            prop_assert!(fold(&text).contains(&fold(&part)));
            let Ok(Some(sought)) = Sought::parse(&part) else { return Ok(()) };
            let kept = kept([text.as_str()]);
            for word in sought.words() {
                prop_assert!(kept.contains(word));
            }
            let all = pieces(event(7), &kept);
            let all: BTreeSet<&str> = all.split(' ').collect();
            for piece in sought.pieces(event(7)).unwrap_or_default().split_whitespace() {
                prop_assert!(all.contains(piece), "{text:?} {part:?}");
            }
        }
    }
}
