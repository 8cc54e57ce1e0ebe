//! Form-encoded parameters with brackets, kept flat: `line_items[0][price_data][currency]` is one key.

use std::collections::BTreeMap;

/// The parameters of a request, by their full names.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Params(BTreeMap<String, String>);

impl Params {
    pub(super) fn parse(encoded: &str) -> Self {
        let mut params = BTreeMap::new();
        for (key, value) in form_urlencoded::parse(encoded.as_bytes()).into_owned() {
            // `types[]=a&types[]=b` is the same as `types[0]=a&types[1]=b`.
            let key = match key.strip_suffix("[]") {
                Some(list) => (0..)
                    .map(|n| format!("{list}[{n}]"))
                    .find(|key| !params.contains_key(key))
                    .unwrap_or_default(),
                None => key,
            };
            params.insert(key, value);
        }
        Self(params)
    }

    pub(super) fn get(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(String::as_str).filter(|value| !value.is_empty())
    }

    /// The values of `name[]`, `name[0]`, `name[1]` …
    pub(super) fn list<'a>(&'a self, name: &'a str) -> Vec<&'a str> {
        self.below(name)
            .filter(|(key, _)| key.bytes().all(|b| b.is_ascii_digit()))
            .map(|(_, value)| value)
            .collect()
    }

    /// The entries of `name[key]`, one level deep.
    pub(super) fn map(&self, name: &str) -> BTreeMap<String, String> {
        self.below(name)
            .map(|(key, value)| (key.to_owned(), value.to_owned()))
            .collect()
    }

    /// Every parameter's name.
    pub(super) fn names(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(String::as_str)
    }

    fn below<'a>(&'a self, name: &'a str) -> impl Iterator<Item = (&'a str, &'a str)> {
        self.0.iter().filter_map(move |(key, value)| {
            let inner = key.strip_prefix(name)?.strip_prefix('[')?.strip_suffix(']')?;
            (!inner.contains('[')).then_some((inner, value.as_str()))
        })
    }
}
