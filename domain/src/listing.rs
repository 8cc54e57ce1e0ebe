//! Texts in lists: by what names are sorted.

/// The longest sort key, in bytes.
const LONGEST_KEY: usize = 200;

/// By what a name is sorted: compared byte for byte, on every database alike. Case, the accents of Latin letters, and the
/// amount of white space do not count. It is personal data like the name.
#[must_use]
pub fn sort_key(name: &str) -> Vec<u8> {
    let mut key = String::new();
    for word in name.split_whitespace() {
        if !key.is_empty() {
            key.push(' ');
        }
        word.chars()
            .flat_map(char::to_lowercase)
            .for_each(|char| fold(char, &mut key));
    }
    key.truncate(key.floor_char_boundary(LONGEST_KEY));
    key.into_bytes()
}

/// Appends a lower-case letter without its accent; what has none stays.
fn fold(char: char, key: &mut String) {
    let base = match char {
        'à'..='å' | 'ā' | 'ă' | 'ą' | 'ǎ' => "a",
        'æ' => "ae",
        'ç' | 'ć' | 'ĉ' | 'ċ' | 'č' => "c",
        'ð' | 'ď' | 'đ' => "d",
        'è'..='ë' | 'ē' | 'ĕ' | 'ė' | 'ę' | 'ě' => "e",
        'ĝ' | 'ğ' | 'ġ' | 'ģ' => "g",
        'ĥ' | 'ħ' => "h",
        'ì'..='ï' | 'ĩ' | 'ī' | 'ĭ' | 'į' | 'ı' | 'ǐ' => "i",
        'ĳ' => "ij",
        'ĵ' => "j",
        'ķ' => "k",
        'ĺ' | 'ļ' | 'ľ' | 'ŀ' | 'ł' => "l",
        'ñ' | 'ń' | 'ņ' | 'ň' => "n",
        'ò'..='ö' | 'ø' | 'ō' | 'ŏ' | 'ő' | 'ǒ' => "o",
        'œ' => "oe",
        'ŕ' | 'ŗ' | 'ř' => "r",
        'ś' | 'ŝ' | 'ş' | 'š' | 'ș' => "s",
        'ß' => "ss",
        'ţ' | 'ť' | 'ŧ' | 'ț' => "t",
        'þ' => "th",
        'ù'..='ü' | 'ũ' | 'ū' | 'ŭ' | 'ů' | 'ű' | 'ų' | 'ǔ' => "u",
        'ŵ' => "w",
        'ý' | 'ÿ' | 'ŷ' => "y",
        'ź' | 'ż' | 'ž' => "z",
        // Accents that stand by themselves.
        '\u{300}'..='\u{36f}' => "",
        other => return key.push(other),
    };
    key.push_str(base);
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn key(name: &str) -> String {
        String::from_utf8(sort_key(name)).expect("UTF-8")
    }

    #[test]
    fn names_sort_without_regard_to_case_accents_and_spaces() {
        assert_eq!(key("  Ada   LOVELACE "), "ada lovelace");
        assert_eq!(
            key("Ärzte Øster Łódź Straße Ægir Ðór Þór"),
            "arzte oster lodz strasse aegir dor thor"
        );
        assert_eq!(key("e\u{301}milie"), "emilie");
        assert_eq!(key("İstanbul ĲSSEL"), "istanbul ijssel");
        assert_eq!(key("Żółć ŻÓŁĆ"), "zolc zolc");
        assert_eq!(key("Иванов 山田"), "иванов 山田");
        let mut names = ["Zoë", "Ägypten", "Adam", "adele", "Æneas"];
        names.sort_by_key(|name| sort_key(name));
        assert_eq!(names, ["Adam", "adele", "Æneas", "Ägypten", "Zoë"]);
    }

    #[test]
    fn each_accented_latin_letter_sorts_at_its_base() {
        let bases = "àa áa âa ãa äa åa āa ăa ąa ǎa çc ćc ĉc ċc čc ðd ďd đd èe ée êe ëe ēe ĕe ėe ęe ěe ĝg ğg ġg ģg ĥh ħh ìi íi îi ïi ĩi īi ĭi įi ıi ǐi \
            ĵj ķk ĺl ļl ľl ŀl łl ñn ńn ņn ňn òo óo ôo õo öo øo ōo ŏo őo ǒo ŕr ŗr řr śs ŝs şs šs șs ţt ťt ŧt țt ùu úu ûu üu ũu ūu ŭu ůu űu ųu ǔu ŵw \
            ýy ÿy ŷy źz żz žz";
        for pair in bases.split_whitespace() {
            let mut chars = pair.chars();
            let (accented, base) = (chars.next().expect("a letter"), chars.next().expect("a letter"));
            assert_eq!(key(&accented.to_string()), base.to_string(), "{accented}");
        }
        assert_eq!(key("æœĳßþ×÷"), "aeoeijssth×÷");
    }

    #[test]
    fn a_key_ends_at_200_bytes_and_never_within_a_character() {
        assert_eq!(sort_key(&"a".repeat(300)).len(), 200);
        assert_eq!(key(&"山".repeat(100)), "山".repeat(66));
        assert!(sort_key("").is_empty());
    }

    proptest! {
        #[test]
        fn any_name_has_a_key(name: String) {
            prop_assert!(sort_key(&name).len() <= 200);
            prop_assert_eq!(sort_key(&name), sort_key(&format!(" {name} ")));
        }
    }
}
