//! `/me/data/<id>`: who has one's data: for each partner, and for the organization's own lists, what was received, when, for
//! what, under which text; taking everything along; being forgotten.

use askama::Template;
use poem::Response;
use poem::http::StatusCode;
use poem::http::header::{CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_TYPE, HeaderValue};

use super::documents::{ForgetMe, TakeMyData, WhoHasMyData, forget_me, take_my_data, who_has_my_data as who};
use super::take;
use crate::ask::{Ask, see_other};
use crate::frame::{Frame, name_of};
use crate::trouble::Trouble;
use who::{WhoHasMyDataNode as Node, WhoHasMyDataNodeOnPersonDisclosuresEdgesNodeRecipient as Recipient};

/// Oneself within one organization, with what was disclosed.
pub(super) type Person = who::WhoHasMyDataNodeOnPerson;
/// That something was disclosed.
pub(super) type Disclosure = who::WhoHasMyDataNodeOnPersonDisclosuresEdgesNode;

#[derive(Template)]
#[template(path = "account/data.html")]
struct Shown<'a> {
    frame: Frame,
    token: String,
    person: &'a Person,
    recipients: Vec<Received>,
    more: Option<String>,
}

/// All that one recipient received.
struct Received {
    name: String,
    /// The partner's notice and address; absent for the organization's own lists.
    partner: Option<(String, String)>,
    entries: Vec<Entry>,
}

struct Entry {
    at: String,
    what_for: String,
    fields: String,
    /// What one agreed to: its version in words, and its text; absent for staff.
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
    let mut recipients: Vec<(String, Received)> = Vec::new();
    for edge in &person.disclosures.edges {
        let disclosure = &edge.node;
        let key = match &disclosure.recipient {
            Recipient::EventPartner(partner) => partner.id.clone(),
            Recipient::StaffExport(_) => String::new(),
        };
        let complain = format!("/me/data/{}/complaints/new?about={}{page}", person.id, disclosure.id);
        let entry = entry(&frame, disclosure, complain);
        match recipients.iter_mut().find(|(its, _)| *its == key) {
            Some((_, received)) => received.entries.push(entry),
            None => recipients.push((key, received(&frame, disclosure, entry))),
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

fn received(frame: &Frame, disclosure: &Disclosure, entry: Entry) -> Received {
    match &disclosure.recipient {
        Recipient::EventPartner(partner) => Received {
            name: disclosure.recipient_name.clone(),
            partner: Some((partner.privacy_notice.url.clone(), partner.contact_email.clone())),
            entries: vec![entry],
        },
        Recipient::StaffExport(_) => Received {
            name: frame.say("data-own-lists"),
            partner: None,
            entries: vec![entry],
        },
    }
}

fn entry(frame: &Frame, disclosure: &Disclosure, complain: String) -> Entry {
    let fields: Vec<&str> = disclosure.fields.iter().map(|field| field.label.as_str()).collect();
    let what_for = match (&disclosure.recipient, &disclosure.purpose) {
        (Recipient::StaffExport(list), _) => list.purpose.clone(),
        (_, Some(purpose)) => frame.of("purpose", purpose),
        (_, None) => String::new(),
    };
    Entry {
        // Of several events in several places: the one clock that all of them can be compared on.
        at: frame.moment(&disclosure.at, "UTC"),
        what_for,
        fields: fields.join(", "),
        text: disclosure.consent.as_ref().map(|consent| {
            let version = frame.count("data-text", consent.offer.version);
            (version, consent.offer.text.clone())
        }),
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
    let is_csv = ask.form().is_some_and(|form| form.text("format") == "csv");
    let (body, kind, ending) = if is_csv {
        (take::csv(&data)?, "text/csv; charset=utf-8", "csv")
    } else {
        (take::json(&data)?, "application/json", "json")
    };
    let name = format!("attachment; filename=\"my-data-{}.{ending}\"", data.organization.slug);
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
