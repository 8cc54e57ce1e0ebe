//! The last part of an event's address, proposed from its title or from an earlier event's.

use crate::organizer::sheet::Said;

/// Longer ones nobody types.
const LONGEST: usize = 60;
/// So many addresses are tried where the proposed one is taken.
const MOST_TRIES: usize = 20;

/// The addresses for a new event, one after the other where one is taken: only the one that was wished for, or the
/// proposed one and then that with a number.
pub(super) struct Addresses {
    base: String,
    is_wished: bool,
    number: usize,
}

impl Addresses {
    pub(super) fn new(wished: Option<String>, proposed: impl FnOnce() -> String) -> Self {
        Self {
            is_wished: wished.is_some(),
            base: wished.unwrap_or_else(proposed),
            number: 1,
        }
    }

    pub(super) fn current(&self) -> String {
        match self.number {
            1 => self.base.clone(),
            number => format!("{}-{number}", self.base),
        }
    }

    /// Goes on to the next one, where what was said of this one is about the address alone and there is a next one.
    pub(super) fn go_on(&mut self, said: &[Said]) -> bool {
        // The same form, sent again, had found another address.
        let is_next = |said: &Said| said.is("TAKEN") || said.is("IDEMPOTENCY_MISMATCH");
        let goes_on = !self.is_wished && self.number < MOST_TRIES && said.first().is_some_and(is_next);
        self.number += usize::from(goes_on);
        goes_on
    }
}

/// The address of the same event in another year: with the year that is in it changed, or with the year behind it.
pub(super) fn of_year(earlier: &str, (before, now): (i16, i16)) -> String {
    let (before, now) = (before.to_string(), now.to_string());
    if earlier.split('-').any(|part| part == before) {
        let parts = earlier
            .split('-')
            .map(|part| if part == before { now.as_str() } else { part });
        return parts.collect::<Vec<_>>().join("-");
    }
    format!("{earlier}-{now}")
}

/// From the first title of which one can be made; empty where none is.
pub(super) fn of_titles(titles: &[(String, String)]) -> String {
    let mut from = titles.iter().map(|(_, title)| proposed(title));
    from.find(|slug| !slug.is_empty()).unwrap_or_default()
}

/// Small letters, digits, hyphens; empty where the title has none of them.
pub(super) fn proposed(title: &str) -> String {
    let mut slug = String::new();
    for sign in title.to_lowercase().chars() {
        let plain = match sign {
            'ä' | 'æ' => "ae",
            'ö' | 'ø' | 'œ' => "oe",
            'ü' => "ue",
            'ß' => "ss",
            'à' | 'á' | 'â' | 'ã' | 'å' => "a",
            'ç' | 'č' => "c",
            'è' | 'é' | 'ê' | 'ë' => "e",
            'ì' | 'í' | 'î' | 'ï' => "i",
            'ñ' => "n",
            'ò' | 'ó' | 'ô' | 'õ' => "o",
            'ù' | 'ú' | 'û' => "u",
            _ => "",
        };
        if sign.is_ascii_alphanumeric() {
            slug.push(sign);
        } else if !plain.is_empty() {
            slug.push_str(plain);
        } else if !slug.is_empty() && !slug.ends_with('-') && !matches!(sign, '\'' | '’') {
            slug.push('-');
        }
    }
    slug.truncate(LONGEST);
    slug.trim_end_matches('-').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_next_year_is_in_the_next_address() {
        assert_eq!(of_year("rustdays-2027", (2027, 2028)), "rustdays-2028");
        assert_eq!(of_year("2027-open-day", (2027, 2028)), "2028-open-day");
        assert_eq!(of_year("rustdays", (2027, 2028)), "rustdays-2028");
        assert_eq!(of_year("room-20271", (2027, 2028)), "room-20271-2028");
    }

    #[test]
    fn another_address_is_tried_where_one_is_taken_and_nobody_wished_for_it() {
        let taken = || vec![Said::new(Some(vec!["slug".into()]), &"TAKEN", String::new())];
        let mut proposed = Addresses::new(None, || "day".into());
        assert_eq!(proposed.current(), "day");
        assert!(proposed.go_on(&taken()));
        assert_eq!(proposed.current(), "day-2");
        assert!(!proposed.go_on(&[Said::new(None, &"INVALID", String::new())]) && !proposed.go_on(&[]));
        assert!((2..MOST_TRIES).all(|_| proposed.go_on(&taken())) && !proposed.go_on(&taken()));
        assert!(!Addresses::new(Some("mine".into()), || "day".into()).go_on(&taken()));
    }

    #[test]
    fn an_address_is_proposed_from_any_title() {
        assert_eq!(proposed("RustDays 2027: Größe & Mühe!"), "rustdays-2027-groesse-muehe");
        assert_eq!(proposed("  L’été à Zürich "), "lete-a-zuerich");
        assert_eq!(proposed("会議"), "");
        assert_eq!(proposed(&"a b ".repeat(60)).len(), 59);
    }
}
