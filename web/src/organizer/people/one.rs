//! `/manage/{organization}/{event}/people/{registration}`: what is known of one registration, and what can be done about it.

use askama::Template;
use poem::Response;

use super::documents::{
    CancelPlace, LiftQuarantine, LiftRestriction, PersonPage, Quarantine, Restrict, cancel_place, lift_quarantine,
    lift_restriction, person_page as of, quarantine, restrict,
};
use crate::account::tone;
use crate::ask::{Ask, see_other};
use crate::form::Form;
use crate::frame::{Frame, Width};
use crate::organizer::{Part, Place};
use crate::trouble::Trouble;

type Registration = of::PersonPageOrganizationEventRegistration;

#[derive(Template)]
#[template(path = "organizer/people/one.html")]
struct Shown {
    frame: Frame,
    place: Place,
    token: String,
    /// Its own address.
    path: String,
    status: String,
    tone: &'static str,
    note: Option<String>,
    problem: Option<String>,
    facts: Vec<Fact>,
    /// What was asked, and what was answered.
    answers: Vec<(String, Vec<String>)>,
    /// Passages at doors: which, when, with which device, and when it was taken back.
    passages: Vec<(String, String, Option<String>, Option<String>)>,
    /// What protects it, for the data-protection officer.
    protection: Option<Protection>,
    /// Whether it is not erased.
    is_there: bool,
    /// Whether anything of it can still be changed.
    is_open: bool,
    /// Whether they come, so that there is a badge.
    is_coming: bool,
}

/// A name, a value, and where it leads.
struct Fact {
    name: String,
    value: String,
    path: Option<String>,
}

/// Since when.
struct Protection {
    restricted: Option<String>,
    quarantined: Option<String>,
}

pub(super) async fn answer(ask: &Ask) -> Result<Response, Trouble> {
    let variables = of::Variables {
        organization: ask.param("organization").to_owned(),
        slug: ask.param("slug").to_owned(),
        locale: Some(ask.language.code().to_owned()),
        id: ask.param("id").to_owned(),
    };
    let found = ask.visitor.ask::<PersonPage>(variables).await?;
    let organization = found.organization.ok_or(Trouble::NotFound)?;
    let event = organization.event.ok_or(Trouble::NotFound)?;
    let registration = event.registration.ok_or(Trouble::NotFound)?;
    let mut problem = None;
    if let Some(form) = ask.form() {
        problem = if ask.is_genuine() {
            let (done, said) = act(ask, &registration.entry.id, form).await?;
            if said.is_none() {
                return Ok(see_other(&format!("{}?done={done}", ask.path())));
            }
            said
        } else {
            Some(ask.language.say("press-again"))
        };
    }
    let about = (event.id.as_str(), event.event.title.as_str());
    let place = Place::find(ask, &organization.organization.name, about, Part::Roster).await?;
    let page = shown(ask, place, &registration, &event.event.time_zone, problem);
    let is_good = page.problem.is_none();
    Ok(ask.form_page(is_good, &page))
}

/// What was done, and what is wrong with it if anything is.
async fn act(ask: &Ask, id: &str, form: &Form) -> Result<(&'static str, Option<String>), Trouble> {
    /// Asks for a mutation that needs the id alone.
    macro_rules! run {
        ($document:ident, $module:ident, $field:ident) => {{
            let payload = ask
                .visitor
                .ask::<$document>($module::Variables { id: id.to_owned() })
                .await?;
            let errors = payload.$field.ok_or(Trouble::NotFound)?.user_errors;
            errors.into_iter().next().map(|error| error.message)
        }};
    }
    Ok(match form.text("go") {
        "cancel" => (
            "cancelled",
            run!(CancelPlace, cancel_place, cancel_registration_as_staff),
        ),
        "restrict" => ("restricted", run!(Restrict, restrict, restrict_person)),
        "lift-restriction" => (
            "unrestricted",
            run!(LiftRestriction, lift_restriction, lift_restriction),
        ),
        "quarantine" => ("quarantined", run!(Quarantine, quarantine, quarantine_registration)),
        "lift-quarantine" => ("released", run!(LiftQuarantine, lift_quarantine, lift_quarantine)),
        _ => return Err(Trouble::NotFound),
    })
}

/// What is said about what was done.
fn note(done: &str) -> Option<&'static str> {
    Some(match done {
        "corrected" => "person-corrected",
        "mailed" => "person-mailed",
        "cancelled" => "person-cancelled",
        "restricted" => "person-restricted",
        "unrestricted" => "person-unrestricted",
        "quarantined" => "person-quarantined",
        "released" => "person-released",
        _ => return None,
    })
}

fn shown(ask: &Ask, place: Place, registration: &Registration, zone: &str, problem: Option<String>) -> Shown {
    let entry = &registration.entry;
    let name = entry.full_name.as_str();
    let mut frame = ask.frame(if name.is_empty() {
        ask.language.say("person-erased")
    } else {
        name.to_owned()
    });
    frame.width = Width::Wide;
    let done = ask.query("done").filter(|_| problem.is_none());
    let moment = |at: &String| frame.moment(at, zone);
    let passage = |passage: &of::PersonPageOrganizationEventRegistrationEntryCheckIns| {
        let undone = passage.undone_at.as_ref().map(moment);
        (
            passage.list.clone(),
            moment(&passage.at),
            passage.device.clone(),
            undone,
        )
    };
    Shown {
        token: ask.token(),
        path: super::path(&place.base, ask.param("id")),
        status: frame.of("registration-status", &entry.status),
        tone: tone(&entry.status),
        note: done.as_deref().and_then(note).map(|key| frame.say(key)),
        facts: facts(&frame, &place, registration, zone),
        answers: entry
            .answers
            .iter()
            .map(|answer| (answer.question.label.clone(), answer.values.clone()))
            .collect(),
        passages: entry.check_ins.iter().map(passage).collect(),
        protection: registration.protection.as_ref().map(|protection| Protection {
            restricted: protection.restricted_at.as_ref().map(moment),
            quarantined: protection.quarantined_at.as_ref().map(moment),
        }),
        is_there: crate::frame::name_of(&entry.status) != "ERASED",
        is_open: super::is_open(&entry.status),
        is_coming: crate::frame::name_of(&entry.status) == "CONFIRMED",
        problem,
        place,
        frame,
    }
}

fn facts(frame: &Frame, place: &Place, registration: &Registration, zone: &str) -> Vec<Fact> {
    let entry = &registration.entry;
    let fact = |key: &str, value: String| Fact {
        name: frame.say(key),
        value,
        path: None,
    };
    let mut facts = vec![fact("email-address", entry.email.clone())];
    if let Some(details) = &registration.details {
        let key = if details.email_proved { "yes" } else { "person-unproved" };
        facts.push(fact("person-proved", frame.say(key)));
    }
    facts.extend(entry.company.clone().map(|company| fact("extra-company", company)));
    facts.push(fact("ticket", entry.ticket_type.name.clone()));
    let order = format!(
        "{} · {}",
        entry.order_code,
        frame.of("order-status", &entry.order_status)
    );
    let path = format!("{}/orders/{}", place.base, entry.order_code);
    facts.push(Fact {
        path: place.shows_orders().then_some(path),
        ..fact("order", order)
    });
    facts.push(fact("ordered-at", frame.moment(&entry.created_at, zone)));
    facts.retain(|fact| !fact.value.is_empty());
    facts
}
