//! `/manage/{organization}/{event}/partners/{partner}/offers/{offer}`: what was asked beside what attendees will read and
//! what it changes; the decision; every version so far.

use askama::Template;
use poem::Response;

use super::super::Place;
use super::decide::{self, Act};
use super::difference::{self, Carried, Changes};
use super::found::{Found, Offer, Partner, Version, in_force, is_active, requested};
use super::terms::{self, Terms};
use super::{card, said};
use crate::ask::{Ask, see_other};
use crate::fields::{Problem, said_of};
use crate::frame::{Frame, Width};
use crate::lines::again;
use crate::registration::asking::Asking;
use crate::trouble::Trouble;
use crate::wish::state_tone;
use crate::words::vars;

#[derive(Template)]
#[template(path = "organizer/partners/offer.html")]
struct Shown {
    frame: Frame,
    place: Place,
    list: String,
    partner_address: String,
    partner: String,
    address: String,
    token: String,
    problems: Vec<Problem>,
    note: Option<String>,
    purpose: String,
    /// In one sentence, what this is about.
    lead: String,
    is_active: bool,
    /// The version that is shown: the one that waits for a decision, or else the one in force.
    shown: Option<Side>,
    decision: Option<Decision>,
    standing: Option<Standing>,
    /// What was said with the decision, as it was typed.
    remark: String,
    history: Vec<Past>,
}

/// A version with what stands beside it.
struct Side {
    version: i64,
    state: String,
    tone: &'static str,
    terms: Terms,
    asking: Asking,
    changes: Option<Changes>,
}

/// What there is to decide, and what each button does.
struct Decision {
    version: i64,
    approve: String,
    reject: String,
    withdraw: String,
    /// Whether one has to say if the changed text says the same.
    asks_about_text: bool,
    text: String,
    text_error: Option<String>,
    remark_error: Option<String>,
    editorial: String,
    substantial: String,
}

/// The version in force, and what withdrawing it does.
struct Standing {
    version: i64,
    withdraw: String,
    words: String,
}

/// A version in the history.
struct Past {
    version: i64,
    state: String,
    tone: &'static str,
    when: String,
    asks: String,
    keeps: String,
    remark: Option<String>,
    is_editorial: bool,
    changes: Option<Changes>,
}

pub(super) async fn answer(ask: &Ask) -> Result<Response, Trouble> {
    let Some(form) = ask.form() else {
        return show(ask, Found::at(ask).await?, Vec::new());
    };
    let found = Found::to_manage(ask).await?;
    let (_, offer) = found.offer(ask)?;
    let act = Act::of(form).ok_or(Trouble::NotFound)?;
    let problems = if ask.is_genuine() {
        decide::run(ask, form, act, offer).await?
    } else {
        again(ask)
    };
    if problems.is_empty() {
        return Ok(see_other(&format!("{}?done={}", ask.path(), act.done())));
    }
    show(ask, Found::at(ask).await?, problems)
}

fn show(ask: &Ask, found: Found, problems: Vec<Problem>) -> Result<Response, Trouble> {
    let (partner, offer) = found.offer(ask)?;
    let name = partner.partner.display_name.as_str();
    let mut frame = ask.frame(String::new());
    frame.title = format!("{name}: {}", frame.of("purpose", &offer.purpose));
    frame.width = Width::Wide;
    let (waits, stands) = (requested(offer), in_force(offer));
    let typed = |name: &str| ask.form().map(|form| form.text(name).to_owned()).unwrap_or_default();
    let done = match ask.query("done").as_deref() {
        Some("approved") => Some("done-approved"),
        Some("rejected") => Some("done-rejected"),
        Some("withdrawn") => Some("done-withdrawn"),
        Some("requested") => Some("done-requested"),
        _ => None,
    };
    let lead = match (waits, stands) {
        (Some(version), _) => said::asks(&frame, offer, version),
        (None, Some(version)) => said::stands(&frame, offer, version, found.zone()),
        (None, None) => frame.say("offer-not-in-force"),
    };
    let (may, zone) = (found.place.may_manage_partners(), found.zone());
    let page = Shown {
        list: found.list(),
        partner_address: found.address(partner),
        partner: name.to_owned(),
        address: format!("{}/offers/{}", found.address(partner), offer.id),
        token: ask.token(),
        note: done
            .filter(|_| problems.is_empty())
            .map(|key| frame.say1(key, "partner", name)),
        purpose: frame.of("purpose", &offer.purpose),
        lead,
        is_active: is_active(partner),
        shown: waits
            .or(stands)
            .map(|version| side(&frame, partner, offer, version, zone)),
        decision: waits.filter(|_| may).map(|version| Decision {
            text: typed("text"),
            text_error: said_of(&problems, "text").map(str::to_owned),
            remark_error: said_of(&problems, "remark").map(str::to_owned),
            ..decision(&frame, partner, offer, version)
        }),
        standing: stands.map(|version| Standing {
            version: version.version,
            withdraw: frame.say1("withdraw-words", "partner", name),
            words: said::stands(&frame, offer, version, zone),
        }),
        remark: typed("remark"),
        history: offer
            .versions
            .iter()
            .rev()
            .map(|version| past(&frame, partner, offer, version, zone))
            .collect(),
        place: found.place,
        problems,
        frame,
    };
    let is_good = page.problems.is_empty();
    Ok(ask.form_page(is_good, &page))
}

fn side(frame: &Frame, partner: &Partner, offer: &Offer, version: &Version, zone: &str) -> Side {
    Side {
        version: version.version,
        state: frame.of("offer-state", &version.state),
        tone: state_tone(&version.state),
        terms: terms::of(frame, partner, offer, version, zone),
        asking: card::of(frame, partner, offer, version),
        changes: difference::of(frame, partner, offer, version, zone),
    }
}

/// What each button does to the decisions of attendees, before it is pressed.
fn decision(frame: &Frame, partner: &Partner, offer: &Offer, version: &Version) -> Decision {
    let carried = Carried::of(offer, version);
    let before = version
        .difference
        .as_ref()
        .map_or(0, |difference| difference.before_version);
    let (name, number) = (partner.partner.display_name.clone(), before.to_string());
    let variables = vars([("partner", name.into()), ("version", number.into())]);
    let say = |key: &str| frame.language.say_with(key, &variables);
    let approve = match carried {
        Carried::First | Carried::Ended => "approve-first",
        Carried::All => "approve-all",
        Carried::IfEditorial => "approve-if-editorial",
        Carried::None => "approve-none",
    };
    let is_in_force = in_force(offer).is_some();
    Decision {
        version: version.version,
        approve: say(approve),
        reject: say(if is_in_force { "reject-later" } else { "reject-first" }),
        withdraw: say(if is_in_force {
            "take-back-later"
        } else {
            "take-back-first"
        }),
        asks_about_text: carried == Carried::IfEditorial,
        text: String::new(),
        text_error: None,
        remark_error: None,
        editorial: say("text-change-editorial"),
        substantial: say("text-change-substantial"),
    }
}

fn past(frame: &Frame, partner: &Partner, offer: &Offer, version: &Version, zone: &str) -> Past {
    let requested = frame.moment(&version.requested_at, zone);
    Past {
        version: version.version,
        state: frame.of("offer-state", &version.state),
        tone: state_tone(&version.state),
        when: match &version.decided_at {
            None => frame.say1("requested-on", "when", &requested),
            Some(at) => frame.say2(
                "version-decided-on",
                "requested",
                &requested,
                "when",
                &frame.moment(at, zone),
            ),
        },
        asks: said::fields(frame, version),
        keeps: frame.count("kept-days", version.retention_days),
        remark: version.remark.clone(),
        is_editorial: version.editorial,
        changes: difference::of(frame, partner, offer, version, zone),
    }
}
