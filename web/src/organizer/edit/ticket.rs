//! `/manage/{organization}/{event}/tickets/{ticket}`: one ticket type, and how many places it has.

use poem::Response;

use super::Tab;
use super::documents::{
    AddTicket, ArchiveTicket, ChangeTicket, add_ticket as add, archive_ticket as archive, change_ticket as change,
};
use super::edited::{self, Event, Ticket};
use super::ticket_terms::{sent, terms};
use crate::ask::{Ask, see_other};
use crate::clock;
use crate::fields::Problem;
use crate::form::Form;
use crate::frame::name_of;
use crate::organizer::Place;
use crate::organizer::sheet::{self, About, Sheet, said};
use crate::organizer::texts::{keep, written};
use crate::trouble::Trouble;

const NAMES: &[&str] = &[
    "name.en",
    "name.de",
    "description.en",
    "description.de",
    "price",
    "taxRate",
    "priceIncludesTax",
    "availableFrom",
    "availableUntil",
    "minPerOrder",
    "maxPerOrder",
    "visibility",
    "quotaIds",
];

pub(super) async fn answer(ask: &Ask) -> Result<Response, Trouble> {
    let (event, place) = edited::find(ask).await?;
    let id = ask.param("ticket");
    // What is out of sale stays out, for good.
    let mut open = event.ticket_types.iter().filter(|ticket| !ticket.archived);
    let before = open.find(|ticket| ticket.ticket_type.id == id);
    if before.is_none() && id != "new" {
        return Err(Trouble::NotFound);
    }
    let kept = kept(ask, &event, before);
    let form = match ask.pressed(&kept) {
        Ok(form) => form,
        Err((form, problems)) => return Ok(show(ask, place, &event, before, (form, &kept), problems)),
    };
    let problems = saved(ask, &event, before, (form, &kept)).await?;
    if problems.is_empty() {
        return Ok(see_other(&format!("{}/tickets?done=saved", place.base)));
    }
    Ok(show(ask, place, &event, before, (form, &kept), problems))
}

/// What the API has, as the form would send it; for a new one what most are: free, and sold at once.
fn kept(ask: &Ask, event: &Event, before: Option<&Ticket>) -> Form {
    let mut form = Form::default();
    let Some(before) = before else {
        form.set(
            &format!("name.{}", ask.language.code()),
            &ask.language.say("edit-ticket-proposed"),
        );
        form.set("price", "0");
        form.set("taxRate", "0");
        form.set("priceIncludesTax", "yes");
        form.set("minPerOrder", "1");
        form.set("maxPerOrder", "10");
        form.set("visibility", "PUBLIC");
        return form;
    };
    let about = &before.ticket_type;
    let zone = &event.event.time_zone;
    keep(&mut form, "name", written!(about.names));
    keep(&mut form, "description", written!(about.descriptions));
    form.set("price", &about.price.amount);
    form.set("taxRate", &about.tax_rate);
    if about.price_includes_tax {
        form.set("priceIncludesTax", "yes");
    }
    let local = |at: &Option<String>| at.as_ref().map(|at| clock::local(at, zone)).unwrap_or_default();
    form.set("availableFrom", &local(&about.available_from));
    form.set("availableUntil", &local(&about.available_until));
    form.set("minPerOrder", &about.min_per_order.to_string());
    form.set("maxPerOrder", &about.max_per_order.to_string());
    form.set("visibility", &name_of(&before.visibility));
    for quota in event
        .quotas
        .iter()
        .filter(|quota| quota.ticket_type_ids.contains(&about.id))
    {
        form.add("quotaIds", &quota.id);
    }
    form.set("revision", &before.revision.to_string());
    form
}

/// What is wrong with it; nothing where it was saved.
async fn saved(
    ask: &Ask,
    event: &Event,
    before: Option<&Ticket>,
    (form, kept): (&Form, &Form),
) -> Result<Vec<Problem>, Trouble> {
    if let Some(before) = before.filter(|_| form.has("remove")) {
        let input = archive::ArchiveTicketTypeInput {
            ticket_type_id: before.ticket_type.id.clone(),
            revision: form.text("revision").parse().unwrap_or_default(),
        };
        let payload = ask.visitor.ask::<ArchiveTicket>(archive::Variables { input }).await?;
        return Ok(sheet::problems(
            ask,
            said!(payload.archive_ticket_type.ok_or(Trouble::Ours)?.user_errors),
            NAMES,
        ));
    }
    let terms = match terms(ask, event, before, (form, kept)) {
        Ok(terms) => terms,
        Err(problems) => return Ok(problems),
    };
    if let Some(before) = before {
        let input = change::UpdateTicketTypeInput {
            ticket_type_id: before.ticket_type.id.clone(),
            revision: form.text("revision").parse().unwrap_or_default(),
            terms: sent!(change, terms),
        };
        let payload = ask.visitor.ask::<ChangeTicket>(change::Variables { input }).await?;
        return Ok(sheet::problems(
            ask,
            said!(payload.update_ticket_type.ok_or(Trouble::Ours)?.user_errors),
            NAMES,
        ));
    }
    let input = add::CreateTicketTypeInput {
        idempotency_key: sheet::key(ask),
        event_id: event.id.clone(),
        terms: sent!(add, terms),
    };
    let payload = ask.visitor.ask::<AddTicket>(add::Variables { input }).await?;
    Ok(sheet::problems(
        ask,
        said!(payload.create_ticket_type.ok_or(Trouble::Ours)?.user_errors),
        NAMES,
    ))
}

fn show(
    ask: &Ask,
    place: Place,
    event: &Event,
    before: Option<&Ticket>,
    (form, kept): (&Form, &Form),
    problems: Vec<Problem>,
) -> Response {
    let title = before.map_or_else(
        || ask.language.say("edit-ticket-new"),
        |ticket| ticket.ticket_type.name.clone(),
    );
    let frame = sheet::frame(ask, title.clone());
    let sheet = Sheet {
        frame: &frame,
        form,
        kept,
        problems: &problems,
    };
    let zone = frame.say1("edit-on-clock", "zone", &event.event.time_zone);
    let quotas = event.quotas.iter().map(|quota| {
        let left = frame.count("edit-left", quota.available);
        (quota.id.clone(), format!("{}: {left}", quota.name))
    });
    let quotas: Vec<_> = quotas.collect();
    let seen = [("PUBLIC", "edit-public"), ("HIDDEN", "edit-hidden-words")];
    let seen = seen.map(|(value, key)| (value.to_owned(), frame.say(key)));
    let mut places = vec![vec![
        sheet.field("minPerOrder", "edit-fewest", "number").required(),
        sheet.field("maxPerOrder", "edit-most", "number").required(),
    ]];
    if !quotas.is_empty() {
        places.insert(
            0,
            vec![sheet.field("quotaIds", "edit-taken-of", "boxes").choices(quotas)],
        );
    }
    let groups = vec![
        sheet.group(
            "ticket",
            None,
            vec![
                sheet.needed_texts("name", ["edit-name-en", "edit-name-de"]),
                sheet.texts("description", ["edit-includes-en", "edit-includes-de"], "long"),
            ],
        ),
        sheet.group(
            "price",
            None,
            vec![
                vec![
                    sheet.field("price", "edit-price", "text").required().hint(frame.say1(
                        "edit-price-hint",
                        "currency",
                        &event.event.currency,
                    )),
                    sheet.field("taxRate", "edit-tax", "text").required(),
                ],
                vec![sheet.tick("priceIncludesTax", "edit-includes-tax", "edit-includes-tax-words")],
            ],
        ),
        sheet.group("edit-places", Some("edit-places-words"), places),
        sheet.group(
            "edit-sale",
            None,
            vec![
                vec![
                    sheet
                        .field("availableFrom", "edit-from", "datetime-local")
                        .hint(zone.clone()),
                    sheet.field("availableUntil", "edit-until", "datetime-local").hint(zone),
                ],
                vec![
                    sheet
                        .field("visibility", "edit-visibility", "choice")
                        .required()
                        .choices(seen.to_vec()),
                ],
            ],
        ),
    ];
    let removal = before.map(|_| {
        (
            frame.say("edit-out-of-sale"),
            frame.say("edit-out-of-sale-words"),
            frame.say("edit-out-of-sale"),
        )
    });
    let about = About {
        title,
        lead: None,
        button: frame.say("save"),
        back: format!("{}/tickets", place.base),
        revision: kept.text("revision").to_owned(),
        removal,
    };
    super::show(ask, frame, (place, Tab::Tickets), about, (groups, problems))
}
