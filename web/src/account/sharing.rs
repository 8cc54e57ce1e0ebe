//! Who may know what of a place that is there already. Taking back costs one press, as giving does; nothing is asked again
//! of whoever said no.

use fluent_bundle::FluentValue;

use super::documents::my_place::{
    MyPlaceNodeOnRegistrationConsents as Consent, MyPlaceNodeOnRegistrationConsentsOfferPartner as Partner,
};
use super::documents::{Share, Withdraw, WithdrawAll, share as sharing, withdraw as withdrawing, withdraw_all as all};
use super::place::Place;
use crate::ask::Ask;
use crate::fields::{Problem, key_of};
use crate::form::Form;
use crate::frame::{Frame, name_of, named};
use crate::registration::asking::{MANY, MOST_LINES};
use crate::trouble::Trouble;
use crate::words::vars;

/// A partner and what it asks for.
pub(super) struct Card<'a> {
    pub(super) partner: &'a Partner,
    pub(super) role: String,
    pub(super) purposes: Vec<Purpose<'a>>,
    pub(super) fold: Fold,
}

/// How a page has a partner to whom nothing is given, where there are many.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fold {
    /// All of it stands there.
    Open,
    /// It is folded away below the partner's name.
    Folded,
    /// The page has the name only, and leads to itself with this partner.
    Elsewhere,
}

impl Card<'_> {
    /// Whether this partner may have anything.
    pub(super) fn is_shared(&self) -> bool {
        self.purposes.iter().any(|purpose| purpose.is_given)
    }

    pub(super) fn is_open(&self) -> bool {
        self.fold == Fold::Open
    }

    pub(super) fn is_elsewhere(&self) -> bool {
        self.fold == Fold::Elsewhere
    }

    /// How it stands, where one line says it: what is still to be decided comes first.
    pub(super) fn state(&self) -> &str {
        let open = self.purposes.iter().find(|purpose| !purpose.is_refused);
        open.or(self.purposes.first())
            .map_or("", |purpose| purpose.state.as_str())
    }

    /// Its place among the others: who has something, who asks, who was told no.
    fn rank(&self) -> u8 {
        match () {
            () if self.is_shared() => 0,
            () if self.purposes.iter().any(|purpose| !purpose.is_refused) => 1,
            () => 2,
        }
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
    /// Whether something is given, so that it can be taken back.
    pub(super) is_given: bool,
    /// Whether the person said no, or took it back: what could be given stands folded away then.
    pub(super) is_refused: bool,
    /// Which fields the button gives, in words.
    pub(super) fields: String,
    pub(super) keeps: String,
    pub(super) lines: Vec<Line>,
}

/// One field: what is sent, or would be.
pub(super) struct Line {
    pub(super) key: String,
    pub(super) label: String,
    pub(super) value: Option<String>,
}

type Done = Result<&'static str, Vec<Problem>>;

/// Every partner that asks for something or was given something: first those that have something, then those that ask, then
/// those that were told no; each in the order of their first offers. `wished` is the partner, or the offer, that is open.
pub(super) fn cards<'a>(frame: &Frame, place: &'a Place, wished: Option<&str>) -> Vec<Card<'a>> {
    let mut cards: Vec<Card<'a>> = Vec::new();
    for consent in &place.consents {
        let partner = &consent.offer.partner;
        let purpose = purpose(frame, place, consent);
        match cards.iter_mut().find(|card| card.partner.id == partner.id) {
            Some(card) => card.purposes.push(purpose),
            None => cards.push(Card {
                role: frame.of("partner-role", &partner.role),
                purposes: vec![purpose],
                partner,
                fold: Fold::Open,
            }),
        }
    }
    cards.sort_by_key(Card::rank);
    if cards.len() >= MANY {
        let lines = cards.iter().flat_map(|card| &card.purposes);
        let lines: usize = lines.map(|purpose| purpose.lines.len()).sum();
        let fold = if lines > MOST_LINES {
            Fold::Elsewhere
        } else {
            Fold::Folded
        };
        let is_wished = |card: &Card<'_>| wished.is_some_and(|what| card.is_about(what));
        for card in cards.iter_mut().filter(|card| !card.is_shared() && !is_wished(card)) {
            card.fold = fold;
        }
    }
    cards
}

fn purpose<'a>(frame: &Frame, place: &Place, consent: &'a Consent) -> Purpose<'a> {
    let state = name_of(&consent.state);
    let is_given = matches!(
        state.as_str(),
        "GRANTED" | "SUSPENDED" | "AWAITING_GUARDIAN" | "REQUESTED" | "SUPERSEDED"
    );
    let labels: Vec<&str> = if is_given {
        consent.granted.iter().map(|field| field.label.as_str()).collect()
    } else {
        consent.offer.fields.iter().map(|field| field.label.as_str()).collect()
    };
    let since = consent.decided_at.as_ref();
    Purpose {
        name: frame.of("purpose", &consent.offer.purpose),
        state: frame.of("consent-state", &consent.state),
        tone: if state == "GRANTED" { "good" } else { "" },
        since: since
            .map(|at| frame.moment(at, &place.event.time_zone))
            .unwrap_or_default(),
        is_given,
        is_refused: matches!(state.as_str(), "REFUSED" | "WITHDRAWN"),
        fields: labels.join(", "),
        keeps: frame.count("offer-keeps", consent.offer.retention_days),
        lines: consent
            .preview
            .iter()
            .map(|field| Line {
                key: key_of(field.field.as_ref(), field.question_id.as_ref()),
                label: field.label.clone(),
                value: Some(field.values.join(", ")).filter(|value| !value.is_empty()),
            })
            .collect(),
        consent,
    }
}

/// Gives what the pressed button named, without what was left out.
pub(super) async fn share(ask: &Ask, place: &Place, form: &Form, offer: &str) -> Result<Done, Trouble> {
    let Some(consent) = consent_of(place, offer) else {
        return Ok(Err(vec![Problem::new("", ask.language.say("offer-changed"))]));
    };
    let without = format!("without.{offer}");
    let fields = consent
        .offer
        .fields
        .iter()
        .filter(|field| !form.has_value(&without, &key_of(field.field.as_ref(), field.question_id.as_ref())));
    let fields: Vec<_> = fields
        .map(|field| match (&field.field, &field.question_id) {
            (Some(name), _) => sharing::OfferedFieldInput::Field(attendee_field(name)),
            (None, id) => sharing::OfferedFieldInput::QuestionId(id.clone().unwrap_or_default()),
        })
        .collect();
    if fields.is_empty() {
        return Ok(Err(vec![Problem::new("", ask.language.say("nothing-left"))]));
    }
    let age = form.text("age");
    let guardian = form.filled("guardian.email").filter(|_| age == "no");
    decide(
        ask,
        place,
        form,
        consent,
        Decision {
            decision: sharing::ConsentDecision::GRANT,
            fields,
            of_age: (!age.is_empty()).then(|| age == "yes"),
            guardian: guardian.map(|email| sharing::GuardianInput {
                email,
                full_name: form.text("guardian.name").to_owned(),
            }),
            done: "shared",
        },
    )
    .await
}

/// Says no, for good: it is not asked again.
pub(super) async fn refuse(ask: &Ask, place: &Place, form: &Form, offer: &str) -> Result<Done, Trouble> {
    let Some(consent) = consent_of(place, offer) else {
        return Ok(Err(vec![Problem::new("", ask.language.say("offer-changed"))]));
    };
    decide(
        ask,
        place,
        form,
        consent,
        Decision {
            decision: sharing::ConsentDecision::REFUSE,
            fields: Vec::new(),
            of_age: None,
            guardian: None,
            done: "refused",
        },
    )
    .await
}

struct Decision {
    decision: sharing::ConsentDecision,
    fields: Vec<sharing::OfferedFieldInput>,
    of_age: Option<bool>,
    guardian: Option<sharing::GuardianInput>,
    done: &'static str,
}

async fn decide(ask: &Ask, place: &Place, form: &Form, consent: &Consent, what: Decision) -> Result<Done, Trouble> {
    let version = form.text(&format!("version.{}", consent.offer.id)).parse();
    let input = sharing::SetConsentsInput {
        registration_id: place.id.clone(),
        // As they were shown: whoever decided elsewhere meanwhile looks at it again.
        revision: form.text("revision").parse().unwrap_or_default(),
        of_age: what.of_age,
        guardian: what.guardian,
        consents: vec![sharing::ConsentInput {
            offer_id: consent.offer.id.clone(),
            offer_version: version.unwrap_or_default(),
            decision: what.decision,
            fields: what.fields,
        }],
    };
    let payload = ask.visitor.ask::<Share>(sharing::Variables { input }).await?;
    let payload = payload.set_consents.ok_or(Trouble::Ours)?;
    let issues = payload.consent_issues.iter().map(|issue| {
        let variables = vars([("age", FluentValue::from(place.event.consent_age))]);
        match name_of(&issue.reason).as_str() {
            "AGE_NOT_STATED" => Problem::new("age", ask.language.say_with("age-missing", &variables)),
            "GUARDIAN_NOT_NAMED" => Problem::new("guardian.email", ask.language.say("guardian-missing")),
            _ => Problem::new("", ask.language.say("offer-changed")),
        }
    });
    let errors = payload.user_errors.iter().map(|error| {
        let field = error.field.as_deref().unwrap_or_default().first();
        let field = if field.is_some_and(|field| field == "guardian") {
            "guardian.email"
        } else {
            ""
        };
        if name_of(&error.code) == "STALE" {
            Problem::new(field, ask.language.say("decided-elsewhere"))
        } else {
            Problem::new(field, error.message.clone())
        }
    });
    let problems: Vec<Problem> = issues.chain(errors).collect();
    Ok(if problems.is_empty() {
        Ok(what.done)
    } else {
        Err(problems)
    })
}

/// Takes back all that one offer was given. It needs no revision and always wins.
pub(super) async fn withdraw(ask: &Ask, place: &Place, offer: &str) -> Result<Done, Trouble> {
    let input = withdrawing::WithdrawConsentInput {
        registration_id: place.id.clone(),
        offer_id: offer.to_owned(),
        fields: None,
    };
    let payload = ask.visitor.ask::<Withdraw>(withdrawing::Variables { input }).await?;
    let payload = payload.withdraw_consent.ok_or(Trouble::Ours)?;
    Ok(done(payload.user_errors.into_iter().map(|error| error.message)))
}

/// Takes back all of it.
pub(super) async fn withdraw_all(ask: &Ask, place: &Place) -> Result<Done, Trouble> {
    let variables = all::Variables { id: place.id.clone() };
    let payload = ask.visitor.ask::<WithdrawAll>(variables).await?;
    let payload = payload.withdraw_all_consents.ok_or(Trouble::Ours)?;
    Ok(done(payload.user_errors.into_iter().map(|error| error.message)))
}

fn done(messages: impl Iterator<Item = String>) -> Done {
    let problems: Vec<Problem> = messages.map(|message| Problem::new("", message)).collect();
    if problems.is_empty() {
        Ok("withdrawn")
    } else {
        Err(problems)
    }
}

fn consent_of<'a>(place: &'a Place, offer: &str) -> Option<&'a Consent> {
    place.consents.iter().find(|consent| consent.offer.id == offer)
}

/// The same value in the types of another document.
fn attendee_field(name: &impl serde::Serialize) -> sharing::AttendeeField {
    named!(sharing::AttendeeField, name_of(name))
}
