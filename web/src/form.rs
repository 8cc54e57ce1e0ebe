//! What a form sent, and what the query of an address says.

use std::convert::Infallible;

use futures_util::stream;
use multer::Multipart;
use percent_encoding::percent_decode;

use crate::trouble::Trouble;

/// The fields of a form, in the order in which they came, and its files.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Form(Vec<(String, String)>, Vec<(String, Vec<u8>)>);

/// No form of ours has more fields.
const MOST_FIELDS: usize = 4000;

impl Form {
    /// Reads `application/x-www-form-urlencoded`.
    ///
    /// # Errors
    /// [`Trouble::Unreadable`] where a name or a value is no UTF-8: nobody's name is written down otherwise than it was
    /// typed.
    pub(crate) fn parse(body: &[u8]) -> Result<Self, Trouble> {
        let fields = pairs(body).take(MOST_FIELDS).collect::<Option<Vec<_>>>();
        let fields = fields.map(|fields| Self(fields, Vec::new()));
        fields.ok_or(Trouble::Unreadable)
    }

    /// Reads `multipart/form-data`. Where no file was chosen, browsers send an empty one without a name: it is none.
    ///
    /// # Errors
    /// [`Trouble::Unreadable`] where it is cut off, or a value that is no file is no UTF-8.
    pub(crate) async fn parse_parts(body: Vec<u8>, boundary: &str) -> Result<Self, Trouble> {
        let whole = stream::iter([Ok::<_, Infallible>(body)]);
        let mut parts = Multipart::new(whole, boundary);
        let mut form = Self::default();
        while let Some(part) = parts.next_field().await.map_err(|_| Trouble::Unreadable)? {
            if form.0.len() + form.1.len() >= MOST_FIELDS {
                break;
            }
            let name = part.name().unwrap_or_default().to_owned();
            let file_name = part.file_name().map(str::to_owned);
            let bytes = part.bytes().await.map_err(|_| Trouble::Unreadable)?.to_vec();
            match file_name {
                Some(file_name) if file_name.is_empty() && bytes.is_empty() => {}
                Some(_) => form.1.push((name, bytes)),
                None => {
                    let text = String::from_utf8(bytes).map_err(|_| Trouble::Unreadable)?;
                    form.0.push((name, text));
                }
            }
        }
        Ok(form)
    }

    /// The same without its files.
    pub(crate) fn without_files(&self) -> Self {
        Self(self.0.clone(), Vec::new())
    }

    /// The file of a field, where one was chosen.
    pub(crate) fn file(&self, name: &str) -> Option<&[u8]> {
        let file = self.1.iter().find(|(its, _)| its == name);
        file.map(|(_, bytes)| bytes.as_slice())
    }

    /// Reads the query of an address. What is no UTF-8 is left out: others put into addresses what they like, and a page
    /// does not fail for what it never asks for.
    pub(crate) fn of_query(query: &str) -> Self {
        Self(
            pairs(query.as_bytes()).take(MOST_FIELDS).flatten().collect(),
            Vec::new(),
        )
    }

    /// A field's text without spaces around it; empty where it was not sent.
    pub(crate) fn text(&self, name: &str) -> &str {
        self.raw(name).trim()
    }

    /// A field's text as it was typed: a password may begin or end with a space.
    pub(crate) fn raw(&self, name: &str) -> &str {
        let value = self.0.iter().find(|(its, _)| its == name);
        value.map(|(_, value)| value.as_str()).unwrap_or_default()
    }

    /// A field's text, where there is any.
    pub(crate) fn filled(&self, name: &str) -> Option<String> {
        Some(self.text(name)).filter(|text| !text.is_empty()).map(str::to_owned)
    }

    /// Every value of a field that can be sent more than once.
    pub(crate) fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        let named = self.0.iter().filter(move |(its, _)| its == name);
        named.map(|(_, value)| value.as_str())
    }

    /// Whether a box was ticked or a button pressed.
    pub(crate) fn has(&self, name: &str) -> bool {
        self.0.iter().any(|(its, _)| its == name)
    }

    /// Whether this field was sent with this value.
    pub(crate) fn has_value(&self, name: &str, value: &str) -> bool {
        self.all(name).any(|its| its == value)
    }

    /// All of it.
    pub(crate) fn fields(&self) -> &[(String, String)] {
        &self.0
    }

    /// Drops every field whose name fits.
    pub(crate) fn drop_where(&mut self, fits: impl Fn(&str) -> bool) {
        self.0.retain(|(name, _)| !fits(name));
    }

    /// Adds a value to a field that can be sent more than once.
    pub(crate) fn add(&mut self, name: &str, value: &str) {
        self.0.push((name.to_owned(), value.to_owned()));
    }

    /// Sets a field that can be sent once.
    pub(crate) fn set(&mut self, name: &str, value: &str) {
        self.0.retain(|(its, _)| its != name);
        self.0.push((name.to_owned(), value.to_owned()));
    }
}

/// Each field's name and value; none where one of both is no UTF-8.
fn pairs(text: &[u8]) -> impl Iterator<Item = Option<(String, String)>> {
    let sent = text.split(|byte| *byte == b'&').filter(|pair| !pair.is_empty());
    sent.map(|pair| {
        let mut parts = pair.splitn(2, |byte| *byte == b'=');
        let mut next = || decoded(parts.next().unwrap_or_default());
        Some((next()?, next()?))
    })
}

fn decoded(text: &[u8]) -> Option<String> {
    let spaced: Vec<u8> = text
        .iter()
        .map(|byte| if *byte == b'+' { b' ' } else { *byte })
        .collect();
    String::from_utf8(percent_decode(&spaced).collect()).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_read_as_they_were_sent() {
        let form =
            Form::parse("a=1+2&b=%20x%20&&b=y&empty=&alone&=x&e=a=b%2B%3d&%C3%BC=ü%zz".as_bytes()).expect("a form");
        assert_eq!(form.text("a"), "1 2");
        assert_eq!(form.text("b"), "x");
        assert_eq!(form.all("b").collect::<Vec<_>>(), [" x ", "y"]);
        assert!(form.has("empty") && !form.has("c") && form.filled("empty").is_none());
        assert_eq!((form.has("alone"), form.text("alone"), form.text("")), (true, "", "x"));
        assert_eq!((form.text("e"), form.text("ü")), ("a=b+=", "ü%zz"));
        assert_eq!(form.text("missing"), "");
    }

    /// Begins nothing, cut off, overlong, a surrogate, beyond Unicode, Latin-1.
    const NO_TEXT: [&[u8]; 8] = [
        b"%ff",
        b"\xff",
        b"%e2%82",
        b"%c0%af",
        b"%ED%A0%80",
        b"%f4%90%80%80",
        b"%80",
        b"M\xfcller",
    ];

    #[test]
    fn bytes_that_are_no_text_are_refused_in_a_value_and_in_a_name() {
        for bad in NO_TEXT {
            for (before, after) in [("a=1&b=", ""), ("", "=1&a=1"), ("a=1&b=x", "y&c=1"), ("", "")] {
                let body = [before.as_bytes(), bad, after.as_bytes()].concat();
                assert_eq!(Form::parse(&body), Err(Trouble::Unreadable), "{body:?}");
            }
        }
        assert!(
            Form::parse("a=%EF%BF%BD".as_bytes()).is_ok(),
            "whoever typed this sign typed it"
        );
    }

    #[tokio::test]
    async fn a_form_with_a_file_is_read_and_one_that_is_cut_off_is_not() {
        let body = b"--B\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n M\xc3\xbcller \r\n--B\r\nContent-Disposition: form-data; \
            name=\"logo\"; filename=\"x.png\"\r\nContent-Type: image/png\r\n\r\n\x89PNG\r\n\xff\r\n--B\r\nContent-Disposition: form-data; \
            name=\"other\"; filename=\"\"\r\nContent-Type: application/octet-stream\r\n\r\n\r\n--B--\r\n";
        let form = Form::parse_parts(body.to_vec(), "B").await.expect("a form");
        assert_eq!(
            (form.text("a"), form.file("logo"), form.file("other")),
            ("M\u{fc}ller", Some(&b"\x89PNG\r\n\xff"[..]), None)
        );
        for length in [10, 60, 90, 150, body.len() - 10] {
            let cut = Form::parse_parts(body[..length].to_vec(), "B").await;
            assert_eq!(cut, Err(Trouble::Unreadable), "{length}");
        }
        let latin = b"--B\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\nM\xfcller\r\n--B--\r\n";
        assert_eq!(Form::parse_parts(latin.to_vec(), "B").await, Err(Trouble::Unreadable));
    }

    #[test]
    fn what_is_no_text_in_an_address_is_left_out_and_the_rest_is_read() {
        let query = Form::of_query("language=%ff&%e2%82=1&language=de&x=a%80b&y=1");
        assert_eq!(
            (query.text("language"), query.has("x"), query.text("y")),
            ("de", false, "1")
        );
        assert_eq!(query.fields().len(), 2);
    }
}
