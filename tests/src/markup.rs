//! What a browser finds in a page: tags, attributes, their names and values.

use std::collections::BTreeSet;

/// The values of an attribute, as a browser reads them.
#[must_use]
pub fn attribute(page: &str, name: &str) -> Vec<String> {
    let start = format!(" {name}=\"");
    let values = page.split(start.as_str()).skip(1);
    let values = values.filter_map(|rest| rest.split('"').next());
    values
        .map(|value| value.replace("&#38;", "&").replace("&amp;", "&"))
        .collect()
}

/// Every tag of a page, as a browser finds them: a sign inside quotation marks ends none, and a script ends where it says so.
#[must_use]
pub fn tags(page: &str) -> Vec<String> {
    let (mut found, mut rest) = (Vec::new(), page);
    while let Some(start) = rest.find('<') {
        rest = &rest[start..];
        let is_tag = rest[1..].starts_with(|next: char| next.is_ascii_alphabetic() || next == '/');
        if !is_tag {
            rest = &rest[1..];
            continue;
        }
        let (mut quote, mut end) = (None, rest.len());
        for (index, sign) in rest.char_indices() {
            match (quote, sign) {
                (None, '"' | '\'') => quote = Some(sign),
                (Some(open), _) if open == sign => quote = None,
                (None, '>') => {
                    end = index + 1;
                    break;
                }
                _ => {}
            }
        }
        let tag = rest[..end].to_owned();
        rest = &rest[end..];
        if tag.starts_with("<script") {
            rest = rest.find("</script").map_or("", |end| &rest[end..]);
        }
        found.push(tag);
    }
    found
}

/// The name of a tag, and those of its attributes.
#[must_use]
pub fn names(tag: &str) -> Vec<String> {
    let (mut bare, mut quote) = (String::new(), None);
    for sign in tag.trim_matches(['<', '>', '/']).chars() {
        match (quote, sign) {
            (None, '"' | '\'') => quote = Some(sign),
            (Some(open), _) if open == sign => quote = None,
            (Some(_), _) => {}
            (None, _) => bare.push(sign),
        }
    }
    let parts = bare.split_ascii_whitespace();
    parts
        .map(|part| part.split('=').next().unwrap_or_default().to_ascii_lowercase())
        .collect()
}

/// Names and values that a browser sends of a page's inputs as they stand there: hidden, typed and ticked.
#[must_use]
pub fn held(page: &str) -> Vec<(String, String)> {
    let plain = |text: &str| {
        let signs = [
            ("&#34;", "\""),
            ("&#39;", "'"),
            ("&#60;", "<"),
            ("&#62;", ">"),
            ("&#38;", "&"),
        ];
        signs
            .iter()
            .fold(text.to_owned(), |text, (written, sign)| text.replace(written, sign))
    };
    let value = |tag: &str, name: &str| {
        let (_, rest) = tag.split_once(&format!(" {name}=\""))?;
        Some(plain(rest.split_once('"')?.0))
    };
    let inputs = tags(page).into_iter().filter(|tag| tag.starts_with("<input "));
    let sent = inputs.filter(|tag| {
        let is_box = ["checkbox", "radio"].contains(&value(tag, "type").unwrap_or_default().as_str());
        !is_box || names(tag).iter().any(|name| name == "checked")
    });
    sent.filter_map(|tag| Some((value(&tag, "name")?, value(&tag, "value").unwrap_or_default())))
        .collect()
}

/// What a page is made of: every tag with the names of its attributes, whatever their values and its texts are.
#[must_use]
pub fn shape(page: &str) -> BTreeSet<String> {
    let shapes = tags(page).into_iter().map(|tag| {
        let ends = if tag.starts_with("</") { "/" } else { "" };
        let mut names = names(&tag);
        // The order of attributes says nothing, and a value in quotation marks may be left out.
        if let Some(attributes) = names.get_mut(1..) {
            attributes.sort();
        }
        format!("{ends}{}", names.join(" "))
    });
    // What would hide the rest of the page.
    let hiding = ["<!--", "<?", "<![CDATA["]
        .into_iter()
        .filter(|begins| page.contains(begins));
    shapes.chain(hiding.map(str::to_owned)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_browser_sends_what_is_hidden_typed_or_ticked() {
        let page = "<input type=\"hidden\" name=\"a\" value=\"1\"><input id=\"b\" name=\"b\" value=\"x &#38; y\"><input name=\"c\">\
            <input type=\"checkbox\" name=\"d\" value=\"1\"><input type=\"checkbox\" name=\"d\" value=\"2\" checked><input type=\"radio\" name=\"e\" value=\"3\">";
        let sent = held(page);
        let sent: Vec<(&str, &str)> = sent
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str()))
            .collect();
        assert_eq!(sent, [("a", "1"), ("b", "x & y"), ("c", ""), ("d", "2")]);
    }

    #[test]
    fn what_comes_out_of_a_text_is_seen() {
        let page = "<p class=\"a > b\" title='x \" onq=1'>\"<b ONX=1><script>if (1 <b) {}</script><xq/></p>";
        let found: Vec<Vec<String>> = tags(page).iter().map(|tag| names(tag)).collect();
        let expected: [&[&str]; 6] = [
            &["p", "class", "title"],
            &["b", "onx"],
            &["script"],
            &["script"],
            &["xq"],
            &["p"],
        ];
        assert_eq!(found, expected);
    }
}
