//! `/me/data/<id>`: who has one's data: for each partner at each event, and for the organization's own lists, what was
//! received, when, for what, under which text; taking everything along; being forgotten.

use askama::Template;
use poem::Response;
use poem::http::StatusCode;
use poem::http::header::{CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_TYPE, HeaderValue};

use super::documents::{ForgetMe, TakeMyData, WhoHasMyData, forget_me, take_my_data, who_has_my_data as who};
use super::room::{Room, written};
use super::take;
use crate::ask::{Ask, see_other};
use crate::frame::{Frame, name_of};
use crate::trouble::Trouble;
use take_my_data::TakeMyDataExportMyDataData as Taken;
use who::{
    WhoHasMyDataNode as Node, WhoHasMyDataNodeOnPersonDisclosuresEdgesNodeOffer as Offer,
    WhoHasMyDataNodeOnPersonDisclosuresEdgesNodeRecipient as Recipient,
};

/// Oneself within one organization, with what was disclosed.
pub(super) type Person = who::WhoHasMyDataNodeOnPerson;
/// That something was disclosed.
pub(super) type Disclosure = who::WhoHasMyDataNodeOnPersonDisclosuresEdgesNode;

/// For how many bytes of HTML there is room in the texts that were agreed to, besides the one that is asked for.
const TEXTS: usize = 30_000;

#[derive(Template)]
#[template(path = "account/data.html")]
struct Shown<'a> {
    frame: Frame,
    token: String,
    person: &'a Person,
    recipients: Vec<Received>,
    more: Option<String>,
}

/// All that one recipient received of one place.
struct Received {
    name: String,
    event: String,
    /// The partner's notice and address; absent for the organization's own lists.
    partner: Option<(String, String)>,
    entries: Vec<Entry>,
    texts: Vec<Text>,
}

/// What one agreed to; once, however often something was received under it.
struct Text {
    anchor: String,
    /// What for, and its version.
    name: String,
    /// Where there is room for it.
    text: Option<String>,
    is_asked_for: bool,
    /// The page with it.
    path: String,
}

struct Entry {
    at: String,
    what_for: String,
    fields: String,
    /// What one agreed to: its version in words, and where on the page it stands; absent for staff.
    text: Option<(String, String)>,
    state: Option<String>,
    /// Where one complains of it.
    complain: String,
}

/// The disclosure of this id, where it stands on the page that was asked for.
pub(super) fn disclosure<'a>(person: &'a Person, id: &str) -> Option<&'a Disclosure> {
    let mut all = person.disclosures.edges.iter().map(|edge| &edge.node);
    all.find(|disclosure| disclosure.id == id)
}

/// Oneself, with a page of what was disclosed: the one that the address names.
pub(super) async fn find(ask: &Ask) -> Result<Person, Trouble> {
    let variables = who::Variables {
        id: ask.param("id").to_owned(),
        after: ask.query("after"),
        locale: Some(ask.language.code().to_owned()),
    };
    match ask.visitor.ask::<WhoHasMyData>(variables).await?.node {
        Some(Node::Person(person)) => Ok(person),
        _ => Err(Trouble::NotFound),
    }
}

pub(super) async fn show(ask: &Ask) -> Result<Response, Trouble> {
    let person = find(ask).await?;
    let frame = ask.frame(ask.language.say("data-title"));
    // What stands on a later page is found there again.
    let page = ask.query("after").map(|cursor| format!("&after={cursor}"));
    let page = page.unwrap_or_default();
    let asked_for = ask.query("text");
    let mut room = Room::of(TEXTS);
    let mut recipients: Vec<(&str, Received)> = Vec::new();
    for edge in &person.disclosures.edges {
        let disclosure = &edge.node;
        let key = match &disclosure.recipient {
            Recipient::EventPartner(partner) => partner.id.as_str(),
            Recipient::StaffExport(_) => disclosure.event.id.as_str(),
        };
        let index = recipients.iter().position(|(its, _)| *its == key);
        let index = index.unwrap_or_else(|| {
            recipients.push((key, received(&frame, disclosure)));
            recipients.len() - 1
        });
        let received = &mut recipients[index].1;
        let complain = format!("/me/data/{}/complaints/new?about={}{page}", person.id, disclosure.id);
        received.entries.push(entry(&frame, disclosure, complain));
        let Some(offer) = &disclosure.offer else { continue };
        let anchor = anchor(offer);
        if received.texts.iter().all(|text| text.anchor != anchor) {
            let is_asked_for = asked_for.as_ref() == Some(&anchor);
            let is_there = is_asked_for || room.takes(written(&offer.text));
            received.texts.push(Text {
                name: format!("{}: {}", what_for(&frame, disclosure), version(&frame, offer)),
                text: is_there.then(|| offer.text.clone()),
                is_asked_for,
                path: format!("/me/data/{}?text={anchor}{page}#{anchor}", person.id),
                anchor,
            });
        }
    }
    let page = Shown {
        token: ask.token(),
        recipients: recipients.into_iter().map(|(_, received)| received).collect(),
        more: person
            .disclosures
            .page_info
            .end_cursor
            .clone()
            .filter(|_| person.disclosures.page_info.has_next_page),
        person: &person,
        frame,
    };
    Ok(ask.page(StatusCode::OK, &page))
}

/// The recipient, with nothing yet.
fn received(frame: &Frame, disclosure: &Disclosure) -> Received {
    let (name, partner) = match &disclosure.recipient {
        Recipient::EventPartner(partner) => (
            disclosure.recipient_name.clone(),
            Some((partner.privacy_notice.url.clone(), partner.contact_email.clone())),
        ),
        Recipient::StaffExport(_) => (frame.say("data-own-lists"), None),
    };
    Received {
        name,
        event: disclosure.event.title.clone(),
        partner,
        entries: Vec::new(),
        texts: Vec::new(),
    }
}

/// Where a text stands on its page.
fn anchor(offer: &Offer) -> String {
    format!("text-{}-{}", offer.id, offer.version)
}

fn version(frame: &Frame, offer: &Offer) -> String {
    frame.count("data-text", offer.version)
}

fn what_for(frame: &Frame, disclosure: &Disclosure) -> String {
    match (&disclosure.recipient, &disclosure.purpose) {
        (Recipient::StaffExport(list), _) => list.purpose.clone(),
        (_, Some(purpose)) => frame.of("purpose", purpose),
        (_, None) => String::new(),
    }
}

fn entry(frame: &Frame, disclosure: &Disclosure, complain: String) -> Entry {
    let fields: Vec<&str> = disclosure.fields.iter().map(|field| field.label.as_str()).collect();
    Entry {
        // Of several events in several places: the one clock that all of them can be compared on.
        at: frame.moment(&disclosure.at, "UTC"),
        what_for: what_for(frame, disclosure),
        fields: fields.join(", "),
        text: disclosure
            .offer
            .as_ref()
            .map(|offer| (version(frame, offer), anchor(offer))),
        state: disclosure
            .consent
            .as_ref()
            .filter(|consent| name_of(&consent.state) != "GRANTED")
            .map(|consent| frame.of("consent-state", &consent.state)),
        complain,
    }
}

/// Everything as a file.
pub(super) async fn take(ask: &Ask) -> Result<Response, Trouble> {
    let back = format!("/me/data/{}", ask.param("id"));
    if !ask.is_genuine() {
        return Ok(see_other(&back));
    }
    let variables = take_my_data::Variables {
        id: ask.param("id").to_owned(),
    };
    let payload = ask.visitor.ask::<TakeMyData>(variables).await?;
    let data = payload.export_my_data.and_then(|payload| payload.data);
    let data = data.ok_or(Trouble::NotFound)?;
    file(ask, &data, "my-data")
}

/// Everything of somebody as a file whose name begins so, in the format that was asked for.
pub(crate) fn file(ask: &Ask, data: &Taken, name: &str) -> Result<Response, Trouble> {
    let is_csv = ask.form().is_some_and(|form| form.text("format") == "csv");
    let (body, kind, ending) = if is_csv {
        (take::csv(data)?, "text/csv; charset=utf-8", "csv")
    } else {
        (take::json(data)?, "application/json", "json")
    };
    let name = format!("attachment; filename=\"{name}-{}.{ending}\"", data.organization.slug);
    let mut response = Response::builder()
        .header(CONTENT_TYPE, kind)
        .header(CACHE_CONTROL, "no-store")
        .body(body);
    let name = HeaderValue::from_str(&name).map_err(|_| Trouble::Ours)?;
    response.headers_mut().insert(CONTENT_DISPOSITION, name);
    Ok(response)
}

#[derive(Template)]
#[template(path = "account/erasure.html")]
struct Forgetting<'a> {
    frame: Frame,
    token: String,
    person: &'a Person,
    problem: Option<String>,
}

#[derive(Template)]
#[template(path = "account/erased.html")]
struct Forgotten {
    frame: Frame,
    organization: String,
    places: i64,
    is_account_gone: bool,
}

/// Asks once more, and forgets.
pub(super) async fn forget(ask: &Ask) -> Result<Response, Trouble> {
    let mut problem = None;
    if let Some(form) = ask.form() {
        problem = if !ask.is_genuine() {
            Some(ask.language.say("press-again"))
        } else if !form.has("sure") {
            Some(ask.language.say("erasure-not-sure"))
        } else {
            match forgotten(ask).await? {
                Ok(response) => return Ok(response),
                Err(problem) => Some(problem),
            }
        };
    }
    let person = find(ask).await?;
    let page = Forgetting {
        frame: ask.frame(ask.language.say("erasure-title")),
        token: ask.token(),
        person: &person,
        problem,
    };
    let is_good = page.problem.is_none();
    Ok(ask.form_page(is_good, &page))
}

async fn forgotten(ask: &Ask) -> Result<Result<Response, String>, Trouble> {
    let variables = forget_me::Variables {
        id: ask.param("id").to_owned(),
    };
    let payload = ask.visitor.ask::<ForgetMe>(variables).await?;
    let payload = payload.request_erasure.ok_or(Trouble::Ours)?;
    let Some(erasure) = payload.erasure else {
        let message = payload.user_errors.into_iter().next().map(|error| error.message);
        return message.map(Err).ok_or(Trouble::NotFound);
    };
    let mut frame = ask.frame(ask.language.say("erased-title"));
    if erasure.account_erased {
        frame.signed_in = None;
    }
    let page = Forgotten {
        organization: erasure.organization.legal_name,
        places: erasure.registrations,
        is_account_gone: erasure.account_erased,
        frame,
    };
    let mut response = ask.page(StatusCode::OK, &page);
    if page.is_account_gone {
        Ask::forget_session(&mut response);
    }
    Ok(Ok(response))
}
