//! `/partner/{member}/{place}/{purpose}`: what attendees granted, page by page, or all of it as a file.

use askama::Template;
use poem::Response;

use super::columns::Preset;
use super::documents::{Leads, leads as of, take};
use super::file;
use super::found::{self, Field, Offer};
use super::search::Wish;
use crate::ask::Ask;
use crate::fields::{Problem, key_of};
use crate::frame::{Frame, Width, name_of, named};
use crate::organizer::too_many_words;
use crate::spreadsheet::Format;
use crate::trouble::Trouble;

type Lead = of::LeadsPartnerLeadsNodes;

#[derive(Template)]
#[template(path = "portal/leads.html")]
struct Shown {
    frame: Frame,
    /// The pages above: address and name.
    above: [(String, String); 2],
    event: String,
    purpose: String,
    /// What may be received; and why nothing is at present, where that is so.
    standing: (String, Option<String>),
    token: String,
    problems: Vec<Problem>,
    address: String,
    wish: Wish,
    /// Value and name.
    orders: Vec<(&'static str, String)>,
    /// What stands above, and whether the lines are in its order.
    columns: Vec<(String, bool)>,
    lines: Vec<Line>,
    next: Option<String>,
    first: Option<String>,
    /// Value and name.
    presets: Vec<(&'static str, String)>,
    formats: Vec<(&'static str, String)>,
}

struct Line {
    cells: Vec<String>,
    consented_on: String,
    version: i64,
    delete_by: String,
}

pub(super) async fn answer(ask: &Ask) -> Result<Response, Trouble> {
    let (company, place, offer) = found::offer(ask).await?;
    let purpose = name_of(&offer.purpose);
    let mut problems = Vec::new();
    if let Some(form) = ask.form() {
        if ask.is_genuine() {
            let preset = Preset::of(form.text("preset"));
            let format = Format::of(form.text("format"));
            return file::all(ask, &offer, named!(take::Purpose, purpose), preset, format).await;
        }
        problems.push(Problem::new("", ask.language.say("press-again")));
    }
    let wish = Wish::read(ask, &offer);
    problems.extend(too_many_words(ask, &wish.words));
    let (leads, next) = match wish.too_much {
        true => (Vec::new(), None),
        false => page(ask, &place.id, named!(of::Purpose, purpose), &wish).await?,
    };
    let now = ask.now()?;
    let mut frame = ask.frame(ask.language.say("leads-title"));
    frame.width = Width::Wide;
    let member = format!("/partner/{}", ask.param("member"));
    let preset = |preset: Preset| {
        let name = preset.product().map_or_else(|| frame.say("leads-plain"), str::to_owned);
        (preset.name(), name)
    };
    let page = Shown {
        above: [
            ("/partner".to_owned(), frame.say("portal-title")),
            (member, company.display_name),
        ],
        standing: found::standing(&frame, &place, &offer, now),
        event: place.event_title,
        purpose: frame.of("purpose", &offer.purpose),
        token: ask.token(),
        address: ask.path().to_owned(),
        orders: Wish::orders(&frame, &offer),
        columns: offer
            .fields
            .iter()
            .map(|field| (field.label.clone(), wish.is_by(field)))
            .collect(),
        lines: leads.iter().map(|lead| line(&offer, lead)).collect(),
        next: next.map(|after| wish.address(ask.path(), &after)),
        first: ask.query("after").map(|_| wish.address(ask.path(), "")),
        presets: Preset::ALL.into_iter().map(preset).collect(),
        formats: Format::ALL
            .map(|format| (format.name(), frame.say(format.key())))
            .to_vec(),
        problems,
        wish,
        frame,
    };
    Ok(ask.form_page(page.problems.is_empty(), &page))
}

/// So many leads stand on a page.
const LINES: i64 = 50;
/// So often a page goes on looking, where words are looked for and it is not full yet.
const ROUNDS: usize = 5;

/// The leads of this page, and where the next one starts. What is on it is on record, each part before the next is read.
async fn page(
    ask: &Ask,
    place: &str,
    purpose: of::Purpose,
    wish: &Wish,
) -> Result<(Vec<Lead>, Option<String>), Trouble> {
    let mut variables = of::Variables {
        member: ask.param("member").to_owned(),
        place: place.to_owned(),
        purpose,
        first: LINES,
        after: ask.query("after"),
        filter: wish.filter(),
        sort: wish.order(),
        locale: Some(ask.language.code().to_owned()),
    };
    let mut lines = Vec::new();
    for round in 1.. {
        let found = ask.visitor.ask::<Leads>(variables.clone()).await?;
        let leads = found.partner.and_then(|partner| partner.leads);
        let leads = leads.ok_or(Trouble::NotFound)?;
        lines.extend(leads.nodes);
        let info = leads.page_info;
        let next = info.end_cursor.filter(|_| info.has_next_page);
        variables.first = LINES - i64::try_from(lines.len()).unwrap_or(LINES);
        if next.is_none() || variables.first < 1 || !wish.seeks() || round == ROUNDS {
            return Ok((lines, next));
        }
        variables.after = next;
    }
    Ok((lines, None))
}

fn line(offer: &Offer, lead: &Lead) -> Line {
    let value = |field: &Field| {
        let key = key_of(field.field.as_ref(), field.question_id.as_ref());
        let mut fields = lead.fields.iter();
        let found = fields.find(|its| key_of(its.field.as_ref(), its.question_id.as_ref()) == key);
        found.map(|its| its.values.join(", ")).unwrap_or_default()
    };
    Line {
        cells: offer.fields.iter().map(value).collect(),
        consented_on: lead.consented_on.clone(),
        version: lead.consented_version,
        delete_by: lead.delete_by.clone(),
    }
}
