//! `/partner/{member}/{place}/{purpose}`: what attendees granted, page by page, or all of it as a file.

use askama::Template;
use poem::Response;

use super::columns::Preset;
use super::documents::{Leads, leads as of, take};
use super::file;
use super::found::{self, Field, Offer};
use crate::ask::Ask;
use crate::fields::{Problem, key_of};
use crate::frame::{Frame, Width, name_of, named};
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
    token: String,
    problems: Vec<Problem>,
    columns: Vec<String>,
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
    let after = ask.query("after");
    let variables = of::Variables {
        member: ask.param("member").to_owned(),
        place: place.id.clone(),
        purpose: named!(of::Purpose, purpose),
        after: after.clone(),
        locale: Some(ask.language.code().to_owned()),
    };
    let found = ask.visitor.ask::<Leads>(variables).await?;
    let leads = found.partner.and_then(|partner| partner.leads);
    let leads = leads.ok_or(Trouble::NotFound)?;
    let mut frame = ask.frame(ask.language.say("leads-title"));
    frame.width = Width::Wide;
    let info = leads.page_info;
    let next = info.end_cursor.filter(|_| info.has_next_page);
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
        event: place.event_title,
        purpose: frame.of("purpose", &offer.purpose),
        token: ask.token(),
        columns: offer.fields.iter().map(|field| field.label.clone()).collect(),
        lines: leads.nodes.iter().map(|lead| line(&offer, lead)).collect(),
        next: next.map(|after| format!("{}?after={after}", ask.path())),
        first: after.map(|_| ask.path().to_owned()),
        presets: Preset::ALL.into_iter().map(preset).collect(),
        formats: Format::ALL
            .map(|format| (format.name(), frame.say(format.key())))
            .to_vec(),
        problems,
        frame,
    };
    Ok(ask.form_page(page.problems.is_empty(), &page))
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
        version: lead.offer_version,
        delete_by: lead.delete_by.clone(),
    }
}
