//! How to transfer what is to be paid: the facts to type, and the same as a code that banks' apps read.
//!
//! The code is drawn here, so that nobody else learns who pays what to whom.

use std::fmt::Write;

use qrcode::{Color, EcLevel, QrCode};

/// Modules of white around a code, as its standard demands.
const QUIET: usize = 4;

/// How to transfer.
pub(super) struct Transfer {
    pub(super) facts: Vec<(String, String)>,
    pub(super) code: Option<Code>,
}

/// A code as a picture: dark modules as one path on a white square.
pub(crate) struct Code {
    /// Modules along one side, white ones included.
    pub(crate) side: usize,
    /// The dark ones, as an SVG path.
    pub(crate) path: String,
}

/// An account as people read it, in groups of four.
pub(super) fn in_groups(iban: &str) -> String {
    let characters: Vec<char> = iban
        .chars()
        .filter(|character| !character.is_whitespace())
        .map(|character| character.to_ascii_uppercase())
        .collect();
    let groups: Vec<String> = characters.chunks(4).map(|group| group.iter().collect()).collect();
    groups.join(" ")
}

/// The text as a code of medium error correction, as the guideline demands; none where it is too long for any.
pub(crate) fn code(text: &str) -> Option<Code> {
    let code = QrCode::with_error_correction_level(text.as_bytes(), EcLevel::M).ok()?;
    let modules = code.width();
    let mut path = String::new();
    for (y, row) in code.to_colors().chunks(modules).enumerate() {
        let mut x = 0;
        for run in row.chunk_by(|one, other| one == other) {
            if run[0] == Color::Dark {
                let width = run.len();
                let _ = write!(path, "M{} {}h{width}v1h-{width}z", x + QUIET, y + QUIET);
            }
            x += run.len();
        }
    }
    Some(Code {
        side: modules + 2 * QUIET,
        path,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_longest_transfer_fits_into_a_code_of_the_guidelines_largest_version() {
        let code = code(&"x".repeat(331)).expect("a code");
        // Version 13 has 69 modules along a side.
        assert_eq!(code.side, 69 + 2 * QUIET);
        assert!(super::code(&"x".repeat(3000)).is_none());
    }

    #[test]
    fn an_account_is_read_in_groups() {
        assert_eq!(in_groups("de89370400440532013000"), "DE89 3704 0044 0532 0130 00");
    }
}
