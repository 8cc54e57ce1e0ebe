//! Third: who may know what. Nothing comes ticked; each box names the fields that it gives; a preview shows the values.
//!
//! Going on without sharing is a button of the same weight, no button ticks anything, and nothing here is asked of
//! anybody but the person themselves.

use askama::Template;
use poem::Response;

use super::asking::{Asking, Detail, Line, MANY, MOST_LINES, PUT_IN, Purpose, Terms};
use super::document::{Event, Offer, OfferedField, Partner};
use super::draft::{Draft, Problem, asked, key_of, said_of};
use super::preview::value;
use super::step::{self, Mark, Step, way};
use super::{age, card};
use crate::ask::Ask;
use crate::fields::Input;
use crate::frame::{Frame, name_of};
use crate::trouble::Trouble;
use crate::words::{Language, vars};

/// The groups, in the order in which they come; a role that the schema adds later comes after them.
const GROUPS: &[&str] = &["HOST", "CO_SPONSOR", "EXHIBITOR"];

#[derive(Template)]
#[template(path = "registration/sharing.html")]
struct Shown<'a> {
    frame: Frame,
    event: &'a Event,
    way: Vec<Mark>,
    unseen: Vec<(String, String)>,
    token: String,
    problems: &'a [Problem],
    tally: Tally,
    my_card: Vec<Line>,
    card_written: String,
    asked: String,
    groups: Vec<Group>,
    age: Option<Age<'a>>,
}

/// What is not known yet of the buyer's age, where something is shared.
struct Age<'a> {
    /// Whether they are of age (`yes`, `no`, or nothing yet); none where it is known that they are not.
    said: Option<&'a str>,
    error: Option<&'a str>,
    guardian: Vec<Input>,
}

impl Shown<'_> {
    fn has_many(&self) -> bool {
        self.tally.partners >= MANY
    }
}

/// With how many of how many partners something is shared.
struct Tally {
    partners: usize,
    words: String,
    /// The same, for a script to put the number in.
    pattern: String,
}

/// Partners of one role.
struct Group {
    place: usize,
    name: String,
    partners: Vec<Asking>,
}

pub(super) fn show(ask: &Ask, event: &Event, draft: &Draft, problems: &[Problem]) -> Result<Response, Trouble> {
    let mut frame = step::frame(ask, ask.language.say("sharing-title"), event, draft);
    frame.enter = Some("summary");
    let card_written = card::written(draft, event);
    let groups = groups(&frame, event, draft, &card::on_card(&card_written));
    let page = Shown {
        way: way(&frame, event, draft, Step::Sharing),
        unseen: draft.unseen(Step::Sharing),
        token: ask.token(),
        problems,
        tally: tally(&frame, &groups),
        my_card: my_card(&frame, event, draft),
        card_written,
        asked: asked(event),
        groups,
        age: asks_age(event, draft).then(|| Age {
            said: (!age::is_known(event)).then(|| draft.form.text("age")),
            error: said_of(problems, "age"),
            guardian: age::guardian(&frame, event, draft, 0, problems),
        }),
        event,
        frame,
    };
    Ok(ask.form_page(problems.is_empty(), &page))
}

fn my_card(frame: &Frame, event: &Event, draft: &Draft) -> Vec<Line> {
    let line = |field: &OfferedField| Line {
        value: value(frame, event, draft, field),
        is_ticked: draft.form.has_value("card", &key_of(field)),
        key: key_of(field),
        label: field.label.clone(),
        is_on_card: true,
        is_left_out: false,
    };
    card::fields(event).into_iter().map(line).collect()
}

fn groups(frame: &Frame, event: &Event, draft: &Draft, card: &[&str]) -> Vec<Group> {
    let mut groups: Vec<Group> = Vec::new();
    let is_long = card::offers(event).map(|offer| offer.fields.len()).sum::<usize>() > MOST_LINES;
    let asking = event.partners.iter().filter(|partner| !partner.offers.is_empty());
    for (index, partner) in asking.enumerate() {
        let role = name_of(&partner.role);
        let place = GROUPS.iter().position(|its| *its == role).unwrap_or(GROUPS.len());
        let asking = Asking {
            number: index + 1,
            name: partner.display_name.clone(),
            legal_name: partner.legal_name.clone(),
            country: partner.country.clone(),
            notice: partner.privacy_notice.url.clone(),
            contact: partner.contact_email.clone(),
            purposes: partner
                .offers
                .iter()
                .map(|offer| Purpose {
                    detail: detail(draft, offer, is_long),
                    ..purpose(frame, event, draft, card, (partner, offer))
                })
                .collect(),
        };
        match groups.iter_mut().find(|group| group.place == place) {
            Some(group) => group.partners.push(asking),
            None => groups.push(Group {
                place,
                name: frame.of("partner-group", &partner.role),
                partners: vec![asking],
            }),
        }
    }
    groups.sort_by_key(|group| group.place);
    groups
}

fn detail(draft: &Draft, offer: &Offer, is_long: bool) -> Detail {
    match draft.form.has(&format!("share.{}.open", offer.id)) {
        _ if !is_long => Detail::Folded,
        true => Detail::Requested,
        false => Detail::OnRequest,
    }
}

fn tally(frame: &Frame, groups: &[Group]) -> Tally {
    let mut partners = groups.iter().flat_map(|group| &group.partners);
    let shared = partners.clone().filter(|asking| asking.is_shared_with()).count();
    let partners = partners.by_ref().count();
    let words = |shared: &str| frame.say2("sharing-tally", "shared", shared, "partners", &partners.to_string());
    Tally {
        words: words(&shared.to_string()),
        pattern: words(PUT_IN),
        partners,
    }
}

fn purpose(
    frame: &Frame,
    event: &Event,
    draft: &Draft,
    card: &[&str],
    (partner, offer): (&Partner, &Offer),
) -> Purpose {
    let said = |word: &str, key: &str| draft.form.has_value(&format!("share.{}.{word}", offer.id), key);
    let lines = offer.fields.iter().map(|field| {
        let key = key_of(field);
        let is_on_card = card.is_empty() || card.contains(&key.as_str());
        Line {
            value: value(frame, event, draft, field),
            is_ticked: said(if is_on_card { "without" } else { "with" }, &key),
            is_left_out: said("without", &key),
            is_on_card,
            key,
            label: field.label.clone(),
        }
    });
    let terms = Terms {
        partner: &partner.display_name,
        offer: &offer.id,
        version: offer.version,
        purpose: &offer.purpose,
        text: &offer.text,
        retention_days: offer.retention_days,
    };
    Purpose::new(frame, &terms, draft.ticked(offer), lines.collect())
}

/// Whether something of age is left to ask: how old the buyer is, or who decides for them. Where the place needs a
/// guardian, that one was named with it.
fn asks_age(event: &Event, draft: &Draft) -> bool {
    !event.requires_parental_permission && (!age::is_known(event) || age::is_younger(event, draft, 0))
}

/// Who shares something says how old they are, or who decides for them.
pub(super) fn problems(language: Language, event: &Event, draft: &Draft) -> Vec<Problem> {
    if !draft.shares(event) || !asks_age(event, draft) {
        return Vec::new();
    }
    match draft.form.text("age") {
        _ if age::is_known(event) => age::no_guardian(language, event, draft, 0),
        "yes" => Vec::new(),
        "no" => age::no_guardian(language, event, draft, 0),
        _ => {
            let variables = vars([("age", event.consent_age.into())]);
            vec![Problem::new("age", language.say_with("age-missing", &variables))]
        }
    }
}
