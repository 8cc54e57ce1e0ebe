//! The partners on the page of a place: what each asks for, how it stands with that, and which buttons can do anything.

use super::documents::my_place::{
    MyPlaceNodeOnRegistrationConsents as Consent, MyPlaceNodeOnRegistrationConsentsOfferPartner as Partner,
};
use super::entries;
use super::place::Place;
use super::room::{Room, written};
use crate::fields::key_of;
use crate::form::Form;
use crate::frame::{Frame, name_of};
use crate::partners::is_inside;
use crate::registration::asking::MANY;

/// For how many bytes of HTML there is room in all that partners ask for; with more the page has their names.
const MOST: usize = 55_000;
/// About how many bytes a purpose takes, without its text and its fields.
const PURPOSE: usize = 1_100;
/// About how many a field takes, with its box.
const LINE: usize = 350;

/// A partner and what it asks for.
pub(super) struct Card<'a> {
    pub(super) partner: &'a Partner,
    pub(super) role: String,
    pub(super) purposes: Vec<Purpose<'a>>,
    pub(super) fold: Fold,
}

/// How a page has a partner, where there are many or they ask for much.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fold {
    /// All of it stands there.
    Open,
    /// It is folded away below the partner's name.
    Folded,
    /// The page has the name only, what takes back, and leads to itself with this partner.
    Elsewhere,
}

impl Card<'_> {
    /// Whether this partner has anything.
    pub(super) fn is_shared(&self) -> bool {
        self.purposes.iter().any(|purpose| purpose.is_shared)
    }

    pub(super) fn is_open(&self) -> bool {
        self.fold == Fold::Open
    }

    pub(super) fn is_elsewhere(&self) -> bool {
        self.fold == Fold::Elsewhere
    }

    /// Whether other rules of data protection may hold there.
    pub(super) fn is_outside(&self) -> bool {
        !is_inside(&self.partner.country)
    }

    /// How it stands, where one line says it: what is still to be decided comes first.
    pub(super) fn state(&self) -> &str {
        let open = self.purposes.iter().find(|purpose| !purpose.is_refused);
        open.or(self.purposes.first())
            .map_or("", |purpose| purpose.state.as_str())
    }

    /// Whether there is something that can be taken back.
    pub(super) fn is_held(&self) -> bool {
        self.purposes.iter().any(|purpose| purpose.is_held)
    }

    /// Its place among the others: who has something, or would, who asks, who was told no.
    fn rank(&self) -> u8 {
        match () {
            () if self.is_held() => 0,
            () if self.purposes.iter().any(|purpose| !purpose.is_refused) => 1,
            () => 2,
        }
    }

    /// Whether a box of it is ticked.
    fn is_touched(&self) -> bool {
        let mut purposes = self.purposes.iter();
        purposes.any(|purpose| purpose.given.is_touched() || purpose.others.is_touched())
    }

    fn is_about(&self, what: &str) -> bool {
        self.partner.id == what || self.purposes.iter().any(|purpose| purpose.consent.offer.id == what)
    }
}

/// What it asks for one purpose, and how it stands with that.
pub(super) struct Purpose<'a> {
    pub(super) consent: &'a Consent,
    pub(super) name: String,
    pub(super) state: String,
    pub(super) tone: &'static str,
    /// When that was decided.
    pub(super) since: String,
    /// Whether the partner has it now.
    pub(super) is_shared: bool,
    /// Whether something was agreed to or asked for, so that it can be taken back.
    pub(super) is_held: bool,
    /// Whether the person said no, or took it back: what could be given stands folded away then.
    pub(super) is_refused: bool,
    /// Whether fields can be given now.
    pub(super) can_be_given: bool,
    /// The fields that the version in force has, or waits for; each can be taken back.
    pub(super) given: Fields,
    /// The others that it asks for. Where there is nothing given, each can be left out; else each can be added.
    pub(super) others: Fields,
    /// Which fields the button gives, in words.
    pub(super) fields: String,
    pub(super) keeps: String,
}

/// Fields with a box each.
pub(super) struct Fields {
    /// The boxes' name.
    pub(super) name: String,
    pub(super) lines: Vec<Line>,
}

impl Fields {
    pub(super) fn is_empty(&self) -> bool {
        self.lines.is_empty()
    }

    /// What they are called.
    pub(super) fn words(&self) -> String {
        let labels = self.lines.iter().map(|line| line.label.as_str());
        labels.collect::<Vec<_>>().join(", ")
    }

    pub(super) fn are_several(&self) -> bool {
        self.lines.len() > 1
    }

    /// Whether a box is ticked: it is not folded away then.
    pub(super) fn is_touched(&self) -> bool {
        self.lines.iter().any(|line| line.is_ticked)
    }
}

/// One field: what is sent, or would be.
pub(super) struct Line {
    pub(super) key: String,
    pub(super) label: String,
    pub(super) value: Option<String>,
    /// What its box does, for whoever does not see the table.
    pub(super) says: String,
    pub(super) is_ticked: bool,
}

/// Of what a page of partners is made.
#[derive(Clone, Copy)]
pub(super) struct Shown<'f, 'a> {
    pub(super) frame: &'f Frame,
    pub(super) place: &'a Place,
    /// What was sent, where something is to be looked at again: its ticks stay.
    pub(super) form: Option<&'f Form>,
    /// The partner, or the offer, that is open.
    pub(super) wished: Option<&'f str>,
}

/// Every partner that asks for something or was given something: first those that have something, then those that ask, then
/// those that were told no; each in the order of their first offers.
pub(super) fn cards<'a>(shown: &Shown<'_, 'a>) -> Vec<Card<'a>> {
    let mut cards: Vec<Card<'a>> = Vec::new();
    for consent in &shown.place.consents {
        let partner = &consent.offer.partner;
        let purpose = purpose(shown, consent);
        // Nobody can decide anything about it any more.
        if !(purpose.is_held || purpose.is_refused || purpose.can_be_given) {
            continue;
        }
        match cards.iter_mut().find(|card| card.partner.id == partner.id) {
            Some(card) => card.purposes.push(purpose),
            None => cards.push(Card {
                role: shown.frame.of("partner-role", &partner.role),
                purposes: vec![purpose],
                partner,
                fold: Fold::Open,
            }),
        }
    }
    cards.sort_by_key(Card::rank);
    let is_wished = |card: &Card<'_>| shown.wished.is_some_and(|what| card.is_about(what)) || card.is_touched();
    if cards.len() > 1 && are_long(&cards) {
        for card in cards.iter_mut().filter(|card| !is_wished(card)) {
            card.fold = Fold::Elsewhere;
        }
    } else if cards.len() >= MANY {
        for card in cards.iter_mut().filter(|card| !card.is_held() && !is_wished(card)) {
            card.fold = Fold::Folded;
        }
    }
    cards
}

/// Whether a page with all fields and texts of them would be long in coming.
fn are_long(cards: &[Card<'_>]) -> bool {
    let mut room = Room::of(MOST);
    let mut purposes = cards.iter().flat_map(|card| &card.purposes);
    !purposes.all(|purpose| {
        let lines = purpose.given.lines.len() + purpose.others.lines.len();
        room.takes(PURPOSE + lines * LINE + written(&purpose.consent.offer.text))
    })
}

fn purpose<'a>(shown: &Shown<'_, 'a>, consent: &'a Consent) -> Purpose<'a> {
    let Shown { frame, place, .. } = *shown;
    let offer = &consent.offer;
    let state = name_of(&consent.state);
    let is_asked_for = consent.can_be_given;
    let status = name_of(&place.status);
    let is_alive = matches!(status.as_str(), "CONFIRMED" | "PENDING");
    let is_held = matches!(
        state.as_str(),
        "GRANTED" | "SUSPENDED" | "AWAITING_GUARDIAN" | "REQUESTED" | "SUPERSEDED"
    );
    // What was agreed to in another version is no part of this one.
    let has_any = is_held && state != "SUPERSEDED";
    let granted: Vec<String> = consent
        .granted
        .iter()
        .map(|field| key_of(field.field.as_ref(), field.question_id.as_ref()))
        .collect();
    let fields = |name: &str, says: &str, which: &dyn Fn(&String) -> bool| {
        let name = format!("{name}.{}", offer.id);
        let keys = offer
            .fields
            .iter()
            .map(|field| (key_of(field.field.as_ref(), field.question_id.as_ref()), field));
        let lines = keys.filter(|(key, _)| which(key)).map(|(key, field)| Line {
            value: entries::value(frame, place, consent, &key),
            says: frame.say1(says, "field", &field.label),
            is_ticked: shown.was_ticked(consent, &name, &key),
            label: field.label.clone(),
            key,
        });
        let lines = lines.collect();
        Fields { name, lines }
    };
    let is_given = |key: &String| has_any && granted.contains(key);
    let given = fields("back", "take-back-field", &is_given);
    let is_shared = state == "GRANTED" && is_asked_for && status == "CONFIRMED" && !given.is_empty();
    let others = if given.is_empty() {
        fields("without", "leave-out-field", &|_| true)
    } else {
        fields("with", "add-field-of", &|key| !is_given(key))
    };
    let left: Vec<&str> = others
        .lines
        .iter()
        .filter(|line| !line.is_ticked)
        .map(|line| line.label.as_str())
        .collect();
    let since = consent.decided_at.as_ref();
    Purpose {
        name: frame.of("purpose", &offer.purpose),
        state: match (state.as_str(), status.as_str()) {
            _ if is_held && !is_asked_for || has_any && given.is_empty() => frame.say("consent-over"),
            ("GRANTED", "PENDING") => frame.say("consent-place-waits"),
            ("GRANTED", _) if !is_alive => frame.say("consent-place-over"),
            _ => frame.of("consent-state", &consent.state),
        },
        tone: if is_shared { "good" } else { "" },
        since: since
            .map(|at| frame.moment(at, &place.event.time_zone))
            .unwrap_or_default(),
        is_shared,
        is_held,
        is_refused: matches!(state.as_str(), "REFUSED" | "WITHDRAWN"),
        // While an address is not proved, giving more would make a mere wish of what was given.
        can_be_given: is_asked_for && is_alive && state != "SUSPENDED",
        fields: left.join(", "),
        keeps: frame.count("offer-keeps", offer.retention_days),
        given,
        others,
        consent,
    }
}

impl Shown<'_, '_> {
    /// Whether this box was ticked when the form was sent. A tick that gives holds for the text that it stood beside.
    fn was_ticked(&self, consent: &Consent, name: &str, key: &str) -> bool {
        let version =
            |form: &Form| form.text(&format!("version.{}", consent.offer.id)).parse() == Ok(consent.offer.version);
        self.form
            .is_some_and(|form| form.has_value(name, key) && (!name.starts_with("with.") || version(form)))
    }
}
