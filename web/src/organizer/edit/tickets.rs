//! `/manage/{organization}/{event}/tickets`: what is sold, and how many places there are; `…/quotas/{quota}`: one number
//! of places that ticket types share.

use askama::Template;
use poem::Response;

use super::Tab;
use super::documents::{
    AddQuota, ChangeQuota, MoveTicket, add_quota as add, change_quota as change, move_ticket as moving,
};
use super::edited::{self, Event, Quota, Ticket};
use crate::ask::{Ask, see_other};
use crate::fields::Problem;
use crate::form::Form;
use crate::frame::{Frame, Width, name_of};
use crate::organizer::Place;
use crate::organizer::sheet::{self, About, Sheet, said};
use crate::trouble::Trouble;

#[derive(Template)]
#[template(path = "organizer/edit/tickets.html")]
struct Shown {
    frame: Frame,
    place: Place,
    tabs: Vec<(String, String, bool)>,
    token: String,
    note: Option<String>,
    problems: Vec<Problem>,
    tickets: Vec<Listed>,
    quotas: Vec<Places>,
}

struct Listed {
    id: String,
    /// None where it is out of sale for good.
    path: Option<String>,
    name: String,
    price: String,
    window: String,
    /// Hidden or out of sale, where it is.
    tag: Option<String>,
    left: String,
    /// Before which ticket it comes when it is moved up; none for the first, and where it is out of sale.
    up: Option<String>,
    /// The same for moving it down; empty to come last, none for the last.
    down: Option<String>,
}

struct Places {
    id: String,
    name: String,
    size: i64,
    available: i64,
    shared_by: String,
}

pub(super) async fn answer(ask: &Ask) -> Result<Response, Trouble> {
    let (event, place) = edited::find(ask).await?;
    let mut problems = Vec::new();
    if let Some(form) = ask.form().filter(|form| form.has("ticket")) {
        if ask.is_genuine() {
            let id = form.text("ticket").to_owned();
            problems = moved(ask, &id, form.filled("before")).await?;
            if problems.is_empty() {
                return Ok(see_other(&format!("{}/tickets#{id}", place.base)));
            }
        } else {
            problems.push(Problem::new("", ask.language.say("press-again")));
        }
    }
    let mut frame = ask.frame(ask.language.say("edit-tickets"));
    frame.width = Width::Wide;
    let mut tickets: Vec<&Ticket> = event.ticket_types.iter().collect();
    tickets.sort_by_key(|ticket| (ticket.archived, ticket.position));
    let ids: Vec<&String> = tickets
        .iter()
        .filter(|ticket| !ticket.archived)
        .map(|ticket| &ticket.ticket_type.id)
        .collect();
    let above = |index: usize| index.checked_sub(1).and_then(|above| ids.get(above));
    let tickets = tickets.iter().enumerate().map(|(index, ticket)| Listed {
        up: above(index).filter(|_| !ticket.archived).map(|id| (*id).clone()),
        down: (index + 1 < ids.len()).then(|| ids.get(index + 2).map(|id| (*id).clone()).unwrap_or_default()),
        ..listed(&frame, &place.base, &event, ticket)
    });
    let page = Shown {
        tickets: tickets.collect(),
        quotas: event.quotas.iter().map(|quota| places(&event, quota)).collect(),
        tabs: Tab::Tickets.list(&frame, &place),
        token: ask.token(),
        note: ask
            .query("done")
            .filter(|_| problems.is_empty())
            .map(|_| frame.say("edit-saved")),
        place,
        problems,
        frame,
    };
    Ok(ask.form_page(page.problems.is_empty(), &page))
}

async fn moved(ask: &Ask, id: &str, before_id: Option<String>) -> Result<Vec<Problem>, Trouble> {
    let input = moving::MoveTicketTypeInput {
        ticket_type_id: id.to_owned(),
        before_id,
    };
    let payload = ask.visitor.ask::<MoveTicket>(moving::Variables { input }).await?;
    let said = said!(payload.move_ticket_type.ok_or(Trouble::Ours)?.user_errors);
    Ok(said.into_iter().map(|said| said.problem(&[])).collect())
}

fn listed(frame: &Frame, base: &str, event: &Event, ticket: &Ticket) -> Listed {
    let about = &ticket.ticket_type;
    let zone = &event.event.time_zone;
    let moment = |at: &Option<String>| at.as_ref().map(|at| frame.moment(at, zone));
    let window = match (moment(&about.available_from), moment(&about.available_until)) {
        (None, None) => frame.say("edit-window-always"),
        (Some(from), None) => frame.say1("edit-window-from", "from", &from),
        (None, Some(until)) => frame.say1("edit-window-until", "until", &until),
        (Some(from), Some(until)) => format!("{from} – {until}"),
    };
    let left = event
        .quotas
        .iter()
        .filter(|quota| quota.ticket_type_ids.contains(&about.id));
    let left = left.map(|quota| quota.available).min();
    let tag = if ticket.archived {
        Some(frame.say("edit-archived"))
    } else if name_of(&ticket.visibility) == "HIDDEN" {
        Some(frame.say("edit-hidden"))
    } else {
        None
    };
    Listed {
        id: about.id.clone(),
        path: (!ticket.archived).then(|| format!("{base}/tickets/{}", about.id)),
        name: about.name.clone(),
        price: frame.money(&about.price.amount, &about.price.currency),
        window,
        tag,
        left: left.map_or_else(|| frame.say("edit-no-limit"), |left| left.to_string()),
        up: None,
        down: None,
    }
}

fn places(event: &Event, quota: &Quota) -> Places {
    let its = event
        .ticket_types
        .iter()
        .filter(|ticket| quota.ticket_type_ids.contains(&ticket.ticket_type.id));
    let names: Vec<&str> = its.map(|ticket| ticket.ticket_type.name.as_str()).collect();
    Places {
        id: quota.id.clone(),
        name: quota.name.clone(),
        size: quota.size,
        available: quota.available,
        shared_by: names.join(", "),
    }
}

const NAMES: &[&str] = &["name", "size"];

pub(super) async fn quota(ask: &Ask) -> Result<Response, Trouble> {
    let (event, place) = edited::find(ask).await?;
    let id = ask.param("quota");
    let before = event.quotas.iter().find(|quota| quota.id == id);
    if before.is_none() && id != "new" {
        return Err(Trouble::NotFound);
    }
    let mut kept = Form::default();
    if let Some(before) = before {
        kept.set("name", &before.name);
        kept.set("size", &before.size.to_string());
        kept.set("revision", &before.revision.to_string());
    }
    let form = match ask.pressed(&kept) {
        Ok(form) => form,
        Err((form, problems)) => return Ok(show_quota(ask, place, before, (form, &kept), problems)),
    };
    let mut problems = Vec::new();
    if let Ok(size) = form.text("size").parse::<i32>() {
        let said = saved(ask, &event, before, (form.text("name"), i64::from(size)), form).await?;
        if said.is_empty() {
            return Ok(see_other(&format!("{}/tickets?done=saved", place.base)));
        }
        problems = sheet::problems(ask, said, NAMES);
    } else {
        problems.push(Problem::new("size", ask.language.say("edit-number")));
    }
    Ok(show_quota(ask, place, before, (form, &kept), problems))
}

async fn saved(
    ask: &Ask,
    event: &Event,
    before: Option<&Quota>,
    (name, size): (&str, i64),
    form: &Form,
) -> Result<Vec<sheet::Said>, Trouble> {
    let name = name.to_owned();
    if let Some(before) = before {
        let input = change::UpdateQuotaInput {
            quota_id: before.id.clone(),
            revision: form.text("revision").parse().unwrap_or_default(),
            terms: change::QuotaTermsInput { name, size },
        };
        let payload = ask.visitor.ask::<ChangeQuota>(change::Variables { input }).await?;
        return Ok(said!(payload.update_quota.ok_or(Trouble::Ours)?.user_errors));
    }
    let input = add::CreateQuotaInput {
        idempotency_key: sheet::key(ask),
        event_id: event.id.clone(),
        terms: add::QuotaTermsInput { name, size },
    };
    let payload = ask.visitor.ask::<AddQuota>(add::Variables { input }).await?;
    Ok(said!(payload.create_quota.ok_or(Trouble::Ours)?.user_errors))
}

fn show_quota(
    ask: &Ask,
    place: Place,
    before: Option<&Quota>,
    (form, kept): (&Form, &Form),
    problems: Vec<Problem>,
) -> Response {
    let title = before.map_or_else(|| ask.language.say("edit-quota-new"), |quota| quota.name.clone());
    let frame = sheet::frame(ask, title.clone());
    let sheet = Sheet {
        frame: &frame,
        form,
        kept,
        problems: &problems,
    };
    let taken = before.map(|quota| frame.count("edit-taken", quota.size - quota.available));
    let size = sheet.field("size", "edit-size", "number").required();
    let row = vec![
        sheet
            .field("name", "edit-quota-name", "text")
            .required()
            .hint(frame.say("edit-quota-name-hint")),
        match taken {
            Some(taken) => size.hint(taken),
            None => size,
        },
    ];
    let groups = vec![sheet.group("edit-places", Some("edit-quota-words"), vec![row])];
    let about = About {
        title,
        lead: None,
        button: frame.say("save"),
        back: format!("{}/tickets", place.base),
        revision: kept.text("revision").to_owned(),
        removal: None,
    };
    super::show(ask, frame, (place, Tab::Tickets), about, (groups, problems))
}
