//! Long texts that somebody wrote: a page has them as far as there is room, and leads to itself with the one that is asked
//! for, so that it stays below 100 kB whatever was written.

/// What is left, in bytes of HTML.
pub(super) struct Room(usize);

impl Room {
    /// So much of it.
    pub(super) const fn of(bytes: usize) -> Self {
        Self(bytes)
    }

    /// Whether there is room for so many bytes, which are then taken.
    pub(super) fn takes(&mut self, bytes: usize) -> bool {
        match self.0.checked_sub(bytes) {
            Some(left) => self.0 = left,
            None => return false,
        }
        true
    }
}

/// How many bytes of HTML a text is: signs that could be mistaken for markup take five.
pub(super) fn written(text: &str) -> usize {
    let signs = text.bytes().filter(|byte| b"&<>\"'".contains(byte)).count();
    text.len() + 4 * signs
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_finds_no_room_takes_none() {
        let mut room = Room::of(10);
        assert!(room.takes(6) && !room.takes(5) && room.takes(4) && !room.takes(1));
        assert_eq!((written("a&b"), written("ü"), written("<'\">")), (7, 2, 20));
    }
}
