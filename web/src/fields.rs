//! What forms consist of, as their templates write it (`templates/registration/fields.html`).

/// One line to type into.
pub(crate) struct Input {
    pub(crate) name: String,
    pub(crate) label: String,
    pub(crate) hint: Option<String>,
    pub(crate) kind: &'static str,
    pub(crate) autocomplete: &'static str,
    pub(crate) required: bool,
    pub(crate) value: String,
    pub(crate) error: Option<String>,
}

/// A question of the event.
pub(crate) struct Asked {
    pub(crate) name: String,
    pub(crate) label: String,
    pub(crate) hint: String,
    pub(crate) form: &'static str,
    pub(crate) required: bool,
    pub(crate) values: Vec<String>,
    pub(crate) choices: Vec<(String, String)>,
    pub(crate) error: Option<String>,
}

impl Asked {
    pub(crate) fn value(&self) -> &str {
        self.values.first().map(String::as_str).unwrap_or_default()
    }

    pub(crate) fn is_chosen(&self, id: &str) -> bool {
        self.values.iter().any(|value| value == id)
    }
}
