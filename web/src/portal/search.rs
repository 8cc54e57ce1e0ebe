//! What is looked for among leads, and in which order they come; it stands in the address.

use consentry::graphql::organizer::words_fit;

use super::documents::leads as of;
use super::found::{Field, Offer};
use crate::ask::Ask;
use crate::frame::{Frame, name_of};
use crate::organizer::with_query;

/// What is looked for.
#[derive(Clone, Debug, Default)]
pub(super) struct Wish {
    pub(super) words: String,
    /// A name of an order that there is, or nothing.
    pub(super) sort: String,
    /// There are too many words, or too long ones: nothing is looked for.
    pub(super) too_much: bool,
}

/// An order: as it stands in an address, and the field that it is by.
const BY_FIELD: [(&str, &str); 3] = [("name", "FULL_NAME"), ("family", "FAMILY_NAME"), ("company", "COMPANY")];
const NEWEST: &str = "newest";

fn is(field: &Field, name: &str) -> bool {
    field.field.as_ref().is_some_and(|its| name_of(its) == name)
}

impl Wish {
    /// What the address says; an order by a field that is not asked for here is none.
    pub(super) fn read(ask: &Ask, offer: &Offer) -> Self {
        let words = ask.query("words").unwrap_or_default();
        let sort = ask.query("sort").unwrap_or_default();
        let known = BY_FIELD
            .iter()
            .any(|(name, field)| *name == sort && offer.fields.iter().any(|its| is(its, field)));
        Self {
            too_much: !words_fit(&words),
            words,
            sort: if known || sort == NEWEST { sort } else { String::new() },
        }
    }

    /// Whether anything is looked for.
    pub(super) fn seeks(&self) -> bool {
        !self.words.trim().is_empty()
    }

    /// The orders that there are here, with their names.
    pub(super) fn orders(frame: &Frame, offer: &Offer) -> Vec<(&'static str, String)> {
        let by_field = BY_FIELD.iter().filter_map(|(name, field)| {
            let its = offer.fields.iter().find(|its| is(its, field))?;
            Some((*name, its.label.clone()))
        });
        by_field.chain([(NEWEST, frame.say("sort-time"))]).collect()
    }

    /// Whether leads are in the order of this field.
    pub(super) fn is_by(&self, field: &Field) -> bool {
        BY_FIELD.iter().any(|(name, its)| *name == self.sort && is(field, its))
    }

    pub(super) fn is_newest(&self) -> bool {
        self.sort == NEWEST
    }

    pub(super) fn filter(&self) -> Option<of::LeadFilter> {
        self.seeks().then(|| of::LeadFilter {
            words: Some(self.words.clone()),
        })
    }

    pub(super) fn order(&self) -> Option<of::LeadSort> {
        match self.sort.as_str() {
            "name" => Some(of::LeadSort::FULL_NAME),
            "family" => Some(of::LeadSort::FAMILY_NAME),
            "company" => Some(of::LeadSort::COMPANY),
            NEWEST => Some(of::LeadSort::NEWEST),
            _ => None,
        }
    }

    /// The address of all leads in this order.
    pub(super) fn unsearched(&self, path: &str) -> String {
        with_query(path, &[("sort", &self.sort)])
    }

    /// The address of this list, from a place on.
    pub(super) fn address(&self, path: &str, after: &str) -> String {
        with_query(path, &[("words", &self.words), ("sort", &self.sort), ("after", after)])
    }
}
