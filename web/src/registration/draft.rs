//! What was typed so far.
//!
//! Fields: `n.<ticket type>` how many; `buyer.*`, `bill.*`; `person.<place>.*` (of age see [`super::age`]); `doc.<document>`;
//! `card` what is on the visitor's card (see [`super::card`]); `share.<offer>` the version that was ticked,
//! `share.<offer>.without` what to leave out of it, `share.<offer>.with` what to add that is not on the card,
//! `share.<offer>.open` that its single fields were asked for; `asked` what stood on that step, ticked or not; `age`,
//! `guardian.*`; `key`.

use jiff::civil::Date;

use super::card;
use super::document::{Event, Offer, OfferedField, Question, TicketType};
use super::step::Step;
use super::tickets::field_of;
use crate::ask::Ask;
use crate::fields;
pub(super) use crate::fields::{Problem, said_of};
use crate::form::Form;

/// The field that says which offers, in which versions, the step had.
const ASKED: &str = "asked";

/// Nobody orders more at once here; the ticket types' own limits are the API's to judge.
const MOST_PLACES: usize = 50;

/// What was typed so far.
pub(super) struct Draft {
    pub(super) form: Form,
    /// The day on which it is typed, in UTC: ages are judged by it.
    pub(super) today: Date,
    /// For each place its ticket type's index.
    places: Vec<usize>,
    /// Where one came from who only tries the steps out: nothing is ordered.
    pub(super) rehearsal: Option<String>,
}

impl Draft {
    /// Nothing is typed yet, but for the tickets that the address may say.
    pub(super) fn new(ask: &Ask, event: &Event, today: Date) -> Self {
        let mut form = Form::default();
        form.set("key", &ask.new_key());
        form.set("person.0.mine", "yes");
        for ticket in &event.ticket_types {
            let field = field_of(&ticket.id);
            if let Some(many) = ask.query(&field) {
                form.set(&field, &many);
            }
        }
        Self::read(form, event, today)
    }

    pub(super) fn read(form: Form, event: &Event, today: Date) -> Self {
        let many = |ticket: &TicketType| form.text(&field_of(&ticket.id)).parse::<usize>().unwrap_or(0);
        let places = event
            .ticket_types
            .iter()
            .enumerate()
            .flat_map(|(index, ticket)| std::iter::repeat_n(index, many(ticket).min(MOST_PLACES)))
            .take(MOST_PLACES)
            .collect();
        Self {
            form,
            today,
            places,
            rehearsal: None,
        }
    }

    /// How many of this ticket type.
    pub(super) fn quantity(&self, ticket: &TicketType) -> usize {
        self.form.text(&field_of(&ticket.id)).parse().unwrap_or(0)
    }

    /// Whether it was said of any ticket type how many, be it none.
    pub(super) fn is_chosen(&self, event: &Event) -> bool {
        let mut types = event.ticket_types.iter();
        types.any(|ticket| self.form.has(&field_of(&ticket.id)))
    }

    /// The ticket type of each place.
    pub(super) fn places<'a>(&self, event: &'a Event) -> Vec<&'a TicketType> {
        self.places
            .iter()
            .filter_map(|index| event.ticket_types.get(*index))
            .collect()
    }

    /// Whether the buyer comes: the first place is theirs.
    pub(super) fn buyer_comes(&self) -> bool {
        !self.places.is_empty() && self.form.has("person.0.mine")
    }

    /// Whether this place is the buyer's own.
    pub(super) fn is_buyers(&self, place: usize) -> bool {
        place == 0 && self.buyer_comes()
    }

    /// Whether anything can be asked: only the buyer can answer for oneself here, everybody else gets a mail.
    pub(super) fn asks_to_share(&self, event: &Event) -> bool {
        self.buyer_comes() && event.partners.iter().any(|partner| !partner.offers.is_empty())
    }

    /// Takes every tick back, and the card. What was asked stays: it is refused.
    pub(super) fn share_nothing(&mut self) {
        self.form
            .drop_where(|name| Step::of_field(name) == Some(Step::Sharing) && name != ASKED);
    }

    /// The offers, in the versions that stood on the step that asks, of which nothing is given.
    pub(super) fn refused(&self, given: &[&str]) -> Vec<(&str, i64)> {
        let asked = self.form.text(ASKED).split(' ');
        let asked = asked.filter_map(|one| one.split_once(':'));
        let asked = asked.filter_map(|(offer, version)| Some((offer, version.parse().ok()?)));
        asked.filter(|(offer, _)| !given.contains(offer)).collect()
    }

    /// The version that was ticked, if any.
    pub(super) fn ticked(&self, offer: &Offer) -> Option<i64> {
        self.form.text(&format!("share.{}", offer.id)).parse().ok()
    }

    /// Whether a box gives this field, with this card. Without a card a box gives all that its partner asks for; with one,
    /// what is on it. Single fields are left out or added.
    pub(super) fn gives(&self, card: &[&str], offer: &Offer, field: &OfferedField) -> bool {
        let key = key_of(field);
        if card.is_empty() || card.contains(&key.as_str()) {
            !self.form.has_value(&format!("share.{}.without", offer.id), &key)
        } else {
            self.form.has_value(&format!("share.{}.with", offer.id), &key)
        }
    }

    /// The fields that an offer's box gives.
    pub(super) fn given<'a>(&self, event: &Event, offer: &'a Offer) -> Vec<&'a OfferedField> {
        let written = card::written(self, event);
        let card = card::on_card(&written);
        offer
            .fields
            .iter()
            .filter(|field| self.gives(&card, offer, field))
            .collect()
    }

    /// Whether anything is shared.
    pub(super) fn shares(&self, event: &Event) -> bool {
        self.shares_by(event, &card::on_card(&card::written(self, event)))
    }

    /// Whether anything is shared, with this card.
    pub(super) fn shares_by(&self, event: &Event, card: &[&str]) -> bool {
        let mut ticked = card::offers(event).filter(|offer| self.ticked(offer).is_some());
        ticked.any(|offer| offer.fields.iter().any(|field| self.gives(card, offer, field)))
    }

    /// Fields that are not typed on this step, to travel along.
    pub(super) fn unseen(&self, step: Step) -> Vec<(String, String)> {
        let carried = |name: &str| {
            !matches!(name, "token" | "step" | "go" | "nothing" | "language") && Step::of_field(name) != Some(step)
        };
        let fields = self.form.fields().iter();
        fields.filter(|(name, _)| carried(name)).cloned().collect()
    }

    /// The name of a field of a place.
    pub(super) fn field(place: usize, name: &str) -> String {
        format!("person.{place}.{name}")
    }

    /// Name and address of whoever takes this place.
    pub(super) fn person(&self, place: usize) -> (String, String) {
        let text = |name: &str| self.form.text(name).to_owned();
        if self.is_buyers(place) {
            return (text("buyer.name"), text("buyer.email"));
        }
        (text(&Self::field(place, "name")), text(&Self::field(place, "email")))
    }

    /// The answer to a question, as people read it.
    pub(super) fn answer(&self, place: usize, question: &Question) -> Vec<String> {
        let name = Self::field(place, &format!("q.{}", question.id));
        let label = |id: &str| {
            let choice = question.choices.iter().find(|choice| choice.id == id);
            choice.map_or_else(|| id.to_owned(), |choice| choice.label.clone())
        };
        let values = self.form.all(&name).map(str::trim).filter(|value| !value.is_empty());
        values.map(label).collect()
    }
}

/// What [`ASKED`] says where this is asked.
pub(super) fn asked(event: &Event) -> String {
    let offers = event.partners.iter().flat_map(|partner| &partner.offers);
    let asked: Vec<String> = offers.map(|offer| format!("{}:{}", offer.id, offer.version)).collect();
    asked.join(" ")
}

/// What stands for an offered field in the form: the field's own name, or the question's id.
pub(super) fn key_of(field: &OfferedField) -> String {
    fields::key_of(field.field.as_ref(), field.question_id.as_ref())
}
