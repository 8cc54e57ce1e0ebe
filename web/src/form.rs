//! What a form sent.

/// The fields of a form, in the order in which they came.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Form(Vec<(String, String)>);

/// No form of ours has more fields.
const MOST_FIELDS: usize = 4000;

impl Form {
    /// Reads `application/x-www-form-urlencoded`. Bytes that are no UTF-8 become replacement characters.
    pub(crate) fn parse(body: &[u8]) -> Self {
        Self(form_urlencoded::parse(body).into_owned().take(MOST_FIELDS).collect())
    }

    /// A field's text without spaces around it; empty where it was not sent.
    pub(crate) fn text(&self, name: &str) -> &str {
        let value = self.0.iter().find(|(its, _)| its == name);
        value.map(|(_, value)| value.trim()).unwrap_or_default()
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

    /// Sets a field that can be sent once.
    pub(crate) fn set(&mut self, name: &str, value: &str) {
        self.0.retain(|(its, _)| its != name);
        self.0.push((name.to_owned(), value.to_owned()));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_read_as_they_were_sent() {
        let form = Form::parse(b"a=1+2&b=%20x%20&b=y&empty=&bad=%ff");
        assert_eq!(form.text("a"), "1 2");
        assert_eq!(form.text("b"), "x");
        assert_eq!(form.all("b").collect::<Vec<_>>(), [" x ", "y"]);
        assert!(form.has("empty") && !form.has("c") && form.filled("empty").is_none());
        assert_eq!(form.text("bad"), "\u{fffd}");
        assert_eq!(form.text("missing"), "");
    }
}
