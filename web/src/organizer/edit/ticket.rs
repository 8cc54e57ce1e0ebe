//! `/manage/{organization}/{event}/tickets/{ticket}`: one ticket type, and how many places it has.

use poem::Response;

use super::documents::{
    AddTicket, ArchiveTicket, ChangeTicket, add_ticket as add, archive_ticket as archive, change_ticket as change,
};
use super::edited::{self, Event, Ticket, in_both};
use super::sheet::{self, About, Group, Said, Sheet, said, texts_of};
use super::{Tab, zones};
use crate::ask::{Ask, see_other};
use crate::fields::Problem;
use crate::form::Form;
use crate::frame::name_of;
use crate::organizer::Place;
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

/// The input of the one mutation or the other.
macro_rules! sent {
    ($module:ident, $terms:expr) => {{
        let terms: Terms = $terms;
        let texts = |texts: Vec<(String, String)>| -> Vec<_> {
            let all = texts.into_iter();
            all.map(|(locale, text)| $module::LocalizedTextInput { locale, text })
                .collect()
        };
        $module::TicketTypeTermsInput {
            name: texts(terms.name),
            description: Some(texts(terms.description)),
            price: terms.price,
            tax_rate: terms.tax_rate,
            price_includes_tax: terms.includes_tax,
            available_from: terms.from,
            available_until: terms.until,
            min_per_order: terms.fewest,
            max_per_order: terms.most,
            visibility: if terms.is_hidden {
                $module::TicketTypeVisibility::HIDDEN
            } else {
                $module::TicketTypeVisibility::PUBLIC
            },
            position: terms.position,
            quota_ids: terms.quotas,
        }
    }};
}

pub(super) async fn answer(ask: &Ask) -> Result<Response, Trouble> {
    let (event, place) = edited::find(ask).await?;
    let id = ask.param("ticket");
    let before = event.ticket_types.iter().find(|ticket| ticket.ticket_type.id == id);
    if before.is_none() && id != "new" {
        return Err(Trouble::NotFound);
    }
    let kept = kept(ask, &event, before);
    let Some(form) = ask.form() else {
        return Ok(show(ask, place, &event, before, (&kept, &kept), Vec::new()));
    };
    if !sheet::is_sent(form) {
        return Ok(show(ask, place, &event, before, (form, &kept), Vec::new()));
    }
    let problems = if ask.is_genuine() {
        saved(ask, &event, before, form).await?
    } else {
        vec![Problem::new("", ask.language.say("press-again"))]
    };
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
    let (english, german) = in_both(&event.default_locale, &about.english, &about.german);
    form.set("name.en", english);
    form.set("name.de", german);
    let text = |text: &Option<String>| text.clone().unwrap_or_default();
    let (english, german) = (text(&about.english_text), text(&about.german_text));
    let (english, german) = in_both(&event.default_locale, &english, &german);
    form.set("description.en", english);
    form.set("description.de", german);
    form.set("price", &about.price.amount);
    form.set("taxRate", &about.tax_rate);
    if about.price_includes_tax {
        form.set("priceIncludesTax", "yes");
    }
    let local = |at: &Option<String>| at.as_ref().map(|at| zones::local(at, zone)).unwrap_or_default();
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
async fn saved(ask: &Ask, event: &Event, before: Option<&Ticket>, form: &Form) -> Result<Vec<Problem>, Trouble> {
    if let Some(before) = before.filter(|_| form.has("remove")) {
        let input = archive::ArchiveTicketTypeInput {
            ticket_type_id: before.ticket_type.id.clone(),
            revision: form.text("revision").parse().unwrap_or_default(),
        };
        let payload = ask.visitor.ask::<ArchiveTicket>(archive::Variables { input }).await?;
        return Ok(told(
            ask,
            said!(payload.archive_ticket_type.ok_or(Trouble::Ours)?.user_errors),
        ));
    }
    let terms = match terms(ask, event, before, form) {
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
        return Ok(told(
            ask,
            said!(payload.update_ticket_type.ok_or(Trouble::Ours)?.user_errors),
        ));
    }
    let input = add::CreateTicketTypeInput {
        idempotency_key: sheet::key(ask),
        event_id: event.id.clone(),
        terms: sent!(add, terms),
    };
    let payload = ask.visitor.ask::<AddTicket>(add::Variables { input }).await?;
    Ok(told(
        ask,
        said!(payload.create_ticket_type.ok_or(Trouble::Ours)?.user_errors),
    ))
}

fn told(ask: &Ask, said: Vec<Said>) -> Vec<Problem> {
    let problems = said.into_iter().map(|said| {
        if said.is("STALE") {
            Problem::new("", ask.language.say("edit-changed"))
        } else {
            said.problem(NAMES)
        }
    });
    problems.collect()
}

/// What was typed, as both mutations want it.
struct Terms {
    name: Vec<(String, String)>,
    description: Vec<(String, String)>,
    price: String,
    tax_rate: String,
    includes_tax: bool,
    from: Option<String>,
    until: Option<String>,
    fewest: i64,
    most: i64,
    is_hidden: bool,
    position: i64,
    quotas: Vec<String>,
}

fn terms(ask: &Ask, event: &Event, before: Option<&Ticket>, form: &Form) -> Result<Terms, Vec<Problem>> {
    let mut problems = Vec::new();
    let mut moment = |name: &str| {
        let typed = form.filled(name)?;
        let at = zones::instant(&typed, &event.event.time_zone);
        if at.is_none() {
            problems.push(Problem::new(name, ask.language.say("edit-time")));
        }
        at
    };
    let (from, until) = (moment("availableFrom"), moment("availableUntil"));
    let mut number = |name: &str| {
        let number = form.text(name).parse::<i32>();
        if number.is_err() {
            problems.push(Problem::new(name, ask.language.say("edit-number")));
        }
        i64::from(number.unwrap_or_default())
    };
    let (fewest, most) = (number("minPerOrder"), number("maxPerOrder"));
    let next = event.ticket_types.iter().map(|ticket| ticket.position + 1).max();
    let terms = Terms {
        name: texts_of(form, "name"),
        description: texts_of(form, "description"),
        price: decimal(form.text("price")),
        tax_rate: decimal(form.text("taxRate")),
        includes_tax: form.has("priceIncludesTax"),
        from,
        until,
        fewest,
        most,
        is_hidden: form.text("visibility") == "HIDDEN",
        position: before.map(|ticket| ticket.position).or(next).unwrap_or_default(),
        quotas: form.all("quotaIds").map(str::to_owned).collect(),
    };
    if problems.is_empty() { Ok(terms) } else { Err(problems) }
}

/// As the API writes numbers: many people write a comma.
fn decimal(typed: &str) -> String {
    if typed.contains('.') {
        typed.to_owned()
    } else {
        typed.replace(',', ".")
    }
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
    let is_stale = form.text("revision") != kept.text("revision");
    let sheet = Sheet {
        frame: &frame,
        form,
        kept,
        problems: &problems,
        is_stale,
    };
    let zone = frame.say1("edit-on-clock", "zone", &event.event.time_zone);
    let tick = |name, label, words| {
        sheet
            .field(name, label, "box")
            .choices(vec![("yes".to_owned(), frame.say(words))])
    };
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
    let group = |title, words: Option<&str>, rows| Group {
        title: frame.say(title),
        words: words.map(|key| frame.say(key)),
        rows,
    };
    let groups = vec![
        group(
            "ticket",
            None,
            vec![
                sheet.texts("name", ["edit-name-en", "edit-name-de"], "text"),
                sheet.texts("description", ["edit-includes-en", "edit-includes-de"], "long"),
            ],
        ),
        group(
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
                vec![tick("priceIncludesTax", "edit-includes-tax", "edit-includes-tax-words")],
            ],
        ),
        group("edit-places", Some("edit-places-words"), places),
        group(
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
    let removal = before.filter(|ticket| !ticket.archived).map(|_| {
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
    sheet::show(ask, frame, (place, Tab::Tickets), about, (groups, problems))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_comma_is_a_point() {
        assert_eq!(
            (decimal("49,50"), decimal("49.50"), decimal("1,000.50")),
            ("49.50".into(), "49.50".into(), "1,000.50".into())
        );
    }
}
