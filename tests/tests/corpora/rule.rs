//! What the API says of a text, written down once more: the same in every field.

use super::fields::Accepts;

/// What is said of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Said {
    /// Stored like this.
    Kept(String),
    /// It says nothing: refused where something has to be said, none elsewhere.
    Nothing,
    /// Refused with this code.
    Refused(&'static str),
}

/// What is said of a text in a field that accepts this; none where that is a matter of its form.
pub fn said(accepts: Accepts, typed: &str) -> Option<Said> {
    let trimmed = typed.trim();
    let (cleaned, most) = match accepts {
        Accepts::Line(most) => (trimmed.to_owned(), most),
        Accepts::Text(most) => (trimmed.replace("\r\n", "\n").replace('\r', "\n"), most),
        Accepts::Other => return None,
    };
    let breaks = |sign: char| match accepts {
        Accepts::Line(_) => sign.is_control() || hides_or_turns(sign),
        _ => sign.is_control() && !matches!(sign, '\n' | '\t'),
    };
    Some(if cleaned.chars().any(breaks) {
        Said::Refused("INVALID")
    } else if cleaned.chars().all(is_invisible) {
        Said::Nothing
    } else if cleaned.chars().count() > most {
        Said::Refused("TOO_LONG")
    } else {
        Said::Kept(cleaned)
    })
}

fn hides_or_turns(sign: char) -> bool {
    let number = u32::from(sign);
    let ranges = [
        0x2028..=0x202e_u32,
        0x2066..=0x2069,
        0xfeff..=0xfeff,
        0xfff9..=0xfffb,
        0xe0000..=0xe007f,
    ];
    ranges.iter().any(|range| range.contains(&number))
}

fn is_invisible(sign: char) -> bool {
    sign.is_whitespace()
        || "\u{ad}\u{34f}\u{115f}\u{1160}\u{180e}\u{200b}\u{200c}\u{200d}\u{200e}\u{200f}\u{2060}\u{2061}\u{2062}\u{2063}\u{2064}\
            \u{2800}\u{3164}\u{ffa0}"
            .contains(sign)
}
