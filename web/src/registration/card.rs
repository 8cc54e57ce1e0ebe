//! "My card": which of the standard fields somebody shares, chosen once.
//!
//! Choosing it ticks nothing. It only decides which fields each partner's box names from then on; single fields of a
//! partner can still be left out or added. A tick holds for what its box named when it was ticked: where a changed card
//! would give more, the tick is taken back, and nobody is led on before they have seen the boxes anew.
//!
//! Fields of the form: `card` for each field on it, and `card.shown`, what was on it when the boxes were written.

use super::document::{Event, Offer, OfferedField};
use super::draft::{Draft, Problem, key_of};
use crate::fields::CARD;
use crate::frame::name_of;
use crate::words::{Language, vars};

/// Every offer of every partner.
pub(super) fn offers(event: &Event) -> impl Iterator<Item = &Offer> {
    event.partners.iter().flat_map(|partner| &partner.offers)
}

/// The standard fields that anybody asks for. None where there is one box only: a card would save nobody anything.
pub(super) fn fields(event: &Event) -> Vec<&OfferedField> {
    if offers(event).count() < 2 {
        return Vec::new();
    }
    let mut found: Vec<(usize, &OfferedField)> = Vec::new();
    for field in offers(event).flat_map(|offer| &offer.fields) {
        let Some(name) = field.field.as_ref().map(name_of) else {
            continue;
        };
        if !found.iter().any(|(_, known)| known.field == field.field) {
            let place = CARD.iter().position(|its| *its == name);
            found.push((place.unwrap_or(CARD.len()), field));
        }
    }
    found.sort_by_key(|(place, _)| *place);
    found.into_iter().map(|(_, field)| field).collect()
}

/// What is on the card, as `card.shown` keeps it.
pub(super) fn written(draft: &Draft, event: &Event) -> String {
    let keys = fields(event).into_iter().map(key_of);
    let chosen: Vec<String> = keys.filter(|key| draft.form.has_value("card", key)).collect();
    chosen.join(" ")
}

/// Takes over a card that was changed after the boxes were written. What has to be looked at again: nothing where the card
/// is as it was, or where no box is ticked.
pub(super) fn settle(language: Language, event: &Event, draft: &mut Draft) -> Vec<Problem> {
    let chosen = written(draft, event);
    let shown = draft.form.text("card.shown").to_owned();
    draft.form.set("card.shown", &chosen);
    if shown == chosen || !draft.shares_by(event, &on_card(&shown)) {
        return Vec::new();
    }
    let now = on_card(&chosen);
    let before = on_card(&shown);
    let mut taken_back: Vec<&str> = Vec::new();
    let mut names = Vec::new();
    for partner in &event.partners {
        for offer in partner.offers.iter().filter(|offer| draft.ticked(offer).is_some()) {
            let adds = |field: &OfferedField| draft.gives(&now, offer, field) && !draft.gives(&before, offer, field);
            let has_nothing = !offer.fields.iter().any(|field| draft.gives(&now, offer, field));
            if has_nothing || offer.fields.iter().any(adds) {
                names.push(format!("share.{}", offer.id));
                if taken_back.last() != Some(&partner.display_name.as_str()) {
                    taken_back.push(&partner.display_name);
                }
            }
        }
    }
    draft.form.drop_where(|name| names.iter().any(|its| its == name));
    if taken_back.is_empty() {
        return vec![Problem::new("card", language.say("card-changed"))];
    }
    let partners = taken_back.join(", ");
    let variables = vars([("partners", partners.into())]);
    vec![Problem::new("card", language.say_with("card-taken-back", &variables))]
}

/// The fields on a card as it is written.
pub(super) fn on_card(written: &str) -> Vec<&str> {
    written.split_whitespace().collect()
}
