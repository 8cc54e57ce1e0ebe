//! The last part of an event's address, proposed from its title.

/// Longer ones nobody types.
const LONGEST: usize = 60;

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
    fn an_address_is_proposed_from_any_title() {
        assert_eq!(proposed("RustDays 2027: Größe & Mühe!"), "rustdays-2027-groesse-muehe");
        assert_eq!(proposed("  L’été à Zürich "), "lete-a-zuerich");
        assert_eq!(proposed("会議"), "");
        assert_eq!(proposed(&"a b ".repeat(60)).len(), 59);
    }
}
