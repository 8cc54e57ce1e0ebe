//! `/manage/{organization}/{event}/people/{registration}/proof`: the records of one person's consents with what opens
//! them, for the data-protection officer alone. That it was looked at is in the audit log.

use askama::Template;
use poem::Response;
use poem::http::StatusCode;

use super::documents::{ProofPage, proof_page as of};
use crate::ask::Ask;
use crate::frame::{Frame, Width};
use crate::organizer::{Part, Place, with_query};
use crate::trouble::Trouble;

#[derive(Template)]
#[template(path = "organizer/people/proof.html")]
struct Shown {
    frame: Frame,
    place: Place,
    /// The registration's page.
    back: String,
    records: Vec<Record>,
    next: Option<String>,
}

struct Record {
    action: String,
    at: String,
    commitment: String,
    salt: Option<String>,
    payload: Option<String>,
}

pub(super) async fn show(ask: &Ask) -> Result<Response, Trouble> {
    let id = ask.param("id").to_owned();
    let variables = of::Variables {
        organization: ask.param("organization").to_owned(),
        slug: ask.param("slug").to_owned(),
        locale: Some(ask.language.code().to_owned()),
        id: id.clone(),
        after: ask.query("after"),
    };
    let found = ask.visitor.ask::<ProofPage>(variables).await?;
    let organization = found.organization.ok_or(Trouble::NotFound)?;
    let event = organization.event.ok_or(Trouble::NotFound)?;
    let proof = event.consent_proof.ok_or(Trouble::NotFound)?;
    let about = (event.id.as_str(), event.event.title.as_str());
    let place = Place::find(ask, &organization.organization.name, about, Part::Roster).await?;
    let mut frame = ask.frame(ask.language.say("proof-title"));
    frame.width = Width::Wide;
    let record = |node: of::ProofPageOrganizationEventConsentProofEdgesNode| Record {
        action: frame.of("consent-action", &node.action),
        at: frame.moment(&node.at, &event.event.time_zone),
        commitment: node.commitment,
        salt: node.salt,
        payload: node.payload.map(laid_out),
    };
    let records: Vec<Record> = proof.edges.into_iter().map(|edge| record(edge.node)).collect();
    let info = proof.page_info;
    let next = info.end_cursor.filter(|_| info.has_next_page);
    let page = Shown {
        back: super::path(&place.base, &id),
        next: next.map(|after| with_query(ask.path(), &[("after", &after)])),
        records,
        place,
        frame,
    };
    Ok(ask.page(StatusCode::OK, &page))
}

/// Canonical JSON is one long line; its reader gets it in lines.
fn laid_out(payload: String) -> String {
    let read = serde_json::from_str::<serde_json::Value>(&payload);
    let lines = read.ok().and_then(|value| serde_json::to_string_pretty(&value).ok());
    lines.unwrap_or(payload)
}
