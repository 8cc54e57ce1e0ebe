//! `/partner/{member}/-/offers/{place}/{purpose}`: what the partner asks for, for one purpose at one event: its draft, what
//! waits for the organizer, what is in force, and every version with what was said to it.
//!
//! Fields of the form: those of [`crate::wish`]; `revision` of the draft; `key`; `do` (`save`, `ask`, `discard`, `withdraw`);
//! `version` to be withdrawn.

use askama::Template;
use poem::Response;

use super::found::{self, Draft, Offer, Place, Version, base, version};
use super::send::{self, Act, Sent};
use crate::ask::{Ask, see_other};
use crate::fields::{Asked, Input, Problem};
use crate::form::Form;
use crate::frame::{Frame, name_of};
use crate::lines::{Need, Sheet, again, is_sent, listed};
use crate::trouble::Trouble;
use crate::wish::{self, fill};

#[derive(Template)]
#[template(path = "portal/offer.html")]
struct Shown {
    frame: Frame,
    /// The pages above: address and name.
    above: [(String, String); 3],
    token: String,
    key: String,
    revision: String,
    problems: Vec<Problem>,
    note: Option<String>,
    event: String,
    waits: Option<Standing>,
    stands: Option<Standing>,
    is_incomplete: bool,
    has_draft: bool,
    chosen: Asked,
    questions: Option<Asked>,
    texts: Vec<Asked>,
    days: Input,
    times: Vec<Input>,
    times_are_open: bool,
    /// On which clock the history is told.
    zone: String,
    history: Vec<Past>,
}

/// A version that can be taken back.
struct Standing {
    version: i64,
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
    texts: Vec<(String, String)>,
}

pub(super) async fn answer(ask: &Ask) -> Result<Response, Trouble> {
    let purpose = found::purpose(ask)?;
    let (company, mut place) = found::place(ask).await?;
    let mut form = ask.form().cloned();
    let mut problems = Vec::new();
    if let Some(form) = &mut form
        && is_sent(ask)
    {
        let act = Act::of(form).ok_or(Trouble::NotFound)?;
        if ask.is_genuine() {
            match send::run(ask, act, &place, purpose, form).await? {
                Sent::Done => return Ok(see_other(&format!("{}?done={}", ask.path(), act.name()))),
                Sent::Refused(found) => problems = found,
            }
            place = found::place(ask).await?.1;
        } else {
            problems = again(ask);
        }
        form.set("key", &ask.new_key());
    }
    let named = |its: String| its == purpose;
    let offer = place.offers.iter().find(|offer| named(name_of(&offer.purpose)));
    let draft = place.drafts.iter().find(|draft| named(name_of(&draft.purpose)));
    let form = form.unwrap_or_else(|| kept(ask, &place, offer, draft));
    let mut frame = ask.frame(ask.language.say("asks-title"));
    frame.title = frame.of("purpose", &purpose);
    frame.form = Some("wish");
    let page = shown(
        ask,
        frame,
        &place,
        (offer, draft),
        &form,
        problems,
        company.display_name,
    );
    let is_good = page.problems.is_empty();
    Ok(ask.form_page(is_good, &page))
}

/// The draft; or what a first one starts from: the version that waits, the one in force, or the last one.
fn kept(ask: &Ask, place: &Place, offer: Option<&Offer>, draft: Option<&Draft>) -> Form {
    let mut form = Form::default();
    form.set("key", &ask.new_key());
    let last = |offer: &'_ Offer| {
        offer
            .version_requested
            .or(offer.version_in_force)
            .or(last_number(offer))
    };
    let before = offer.and_then(|offer| version(offer, last(offer)));
    let zone = &place.time_zone;
    if let Some(draft) = draft {
        form.set("revision", &draft.revision.to_string());
        let days = draft.retention_days.map(|days| days.to_string());
        fill!(&mut form, draft, days.unwrap_or_default(), zone);
    } else if let Some(before) = before {
        fill!(&mut form, before, before.retention_days.to_string(), zone);
    } else {
        form.set("days", "90");
    }
    form
}

fn last_number(offer: &Offer) -> Option<i64> {
    offer.versions.last().map(|version| version.version)
}

fn shown(
    ask: &Ask,
    frame: Frame,
    place: &Place,
    (offer, draft): (Option<&Offer>, Option<&Draft>),
    form: &Form,
    problems: Vec<Problem>,
    partner: String,
) -> Shown {
    let sheet = Sheet {
        frame: &frame,
        form,
        problems: &problems,
    };
    let times = wish::times(&sheet);
    let standing = |version: &Version| Standing {
        version: version.version,
        words: listed(&frame, version.fields.iter().map(|field| field.label.as_str())),
    };
    let of = |number: fn(&Offer) -> Option<i64>| offer.and_then(|offer| version(offer, number(offer)));
    let note = match ask.query("done").as_deref() {
        Some("save") => Some("asks-saved"),
        Some("ask") => Some("asks-asked"),
        Some("discard") => Some("asks-discarded"),
        Some("withdraw") => Some("asks-withdrawn"),
        _ => None,
    };
    let questions = place.questions.iter();
    let questions = questions.filter_map(|question| Some((question.question_id.clone()?, question.label.clone())));
    Shown {
        above: [
            ("/partner".to_owned(), frame.say("portal-title")),
            (base(ask), partner),
            (format!("{}/-/offers", base(ask)), frame.say("asks-title")),
        ],
        token: ask.token(),
        key: form.text("key").to_owned(),
        revision: form.text("revision").to_owned(),
        note: note.filter(|_| problems.is_empty()).map(|key| frame.say(key)),
        event: place.event_title.clone(),
        waits: of(|offer| offer.version_requested).map(standing),
        stands: of(|offer| offer.version_in_force).map(standing),
        is_incomplete: place.privacy_notice.sha256.is_none(),
        has_draft: draft.is_some(),
        chosen: wish::fields(&sheet),
        questions: wish::questions(&sheet, questions),
        texts: wish::texts(&sheet),
        days: wish::kept_for(&sheet, Need::Optional),
        times_are_open: times.iter().any(|time| !time.value.is_empty() || time.error.is_some()),
        times,
        zone: place.time_zone.clone(),
        history: offer
            .into_iter()
            .flat_map(|offer| offer.versions.iter().rev())
            .map(|its| past(&frame, place, its))
            .collect(),
        problems,
        frame,
    }
}

fn past(frame: &Frame, place: &Place, version: &Version) -> Past {
    let moment = |at: &str| frame.moment(at, &place.time_zone);
    let requested = moment(&version.requested_at);
    let texts = version.texts.iter();
    Past {
        version: version.version,
        state: frame.of("offer-state", &version.state),
        tone: wish::state_tone(&version.state),
        when: match &version.decided_at {
            None => frame.say1("requested-on", "when", &requested),
            Some(at) => frame.say2("version-decided-on", "requested", &requested, "when", &moment(at)),
        },
        asks: listed(frame, version.fields.iter().map(|field| field.label.as_str())),
        keeps: frame.count("kept-days", version.retention_days),
        remark: version.remark.clone(),
        texts: texts
            .map(|text| (wish::language_name(&text.locale), text.text.clone()))
            .collect(),
    }
}
