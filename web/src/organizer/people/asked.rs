//! What the data-protection officer does for somebody who asked by other means than these pages:
//! `/manage/{organization}/{event}/people/{registration}/copy`, everything as a file, and `…/erase`, forgetting them.

use askama::Template;
use poem::Response;
use poem::http::StatusCode;

use super::documents::{ErasePerson, PersonAsked, TakePerson, erase_person, person_asked as of, take_person};
use super::one;
use crate::account::{Taken, TakenFrom, TakenTable, file};
use crate::ask::Ask;
use crate::frame::Frame;
use crate::organizer::{Part, Place};
use crate::trouble::Trouble;

#[derive(Template)]
#[template(path = "organizer/people/erase.html")]
struct Forgetting {
    frame: Frame,
    place: Place,
    token: String,
    /// The registration's page.
    back: String,
    legal_name: String,
    name: String,
    email: String,
    problem: Option<String>,
}

#[derive(Template)]
#[template(path = "organizer/people/erased.html")]
struct Forgotten {
    frame: Frame,
    place: Place,
    places: i64,
    is_told: bool,
}

/// Everything as a file.
pub(super) async fn copy(ask: &Ask) -> Result<Response, Trouble> {
    if !ask.is_genuine() {
        return one::answer(ask).await;
    }
    let id = ask.param("id").to_owned();
    let payload = ask.visitor.ask::<TakePerson>(take_person::Variables { id }).await?;
    let data = payload.export_person_data.and_then(|payload| payload.data);
    let data = data.ok_or(Trouble::NotFound)?;
    let table = |table: take_person::TakePersonExportPersonDataDataTables| TakenTable {
        name: table.name,
        purpose: table.purpose,
        retention: table.retention,
        columns: table.columns,
        rows: table.rows,
    };
    let taken = Taken {
        at: data.at,
        organization: TakenFrom {
            slug: data.organization.slug,
            legal_name: data.organization.legal_name,
        },
        tables: data.tables.into_iter().map(table).collect(),
    };
    file(ask, &taken, "person-data")
}

/// Asks once more, and forgets.
pub(super) async fn forget(ask: &Ask) -> Result<Response, Trouble> {
    let id = ask.param("id").to_owned();
    let variables = of::Variables {
        organization: ask.param("organization").to_owned(),
        slug: ask.param("slug").to_owned(),
        locale: Some(ask.language.code().to_owned()),
        id: id.clone(),
    };
    let found = ask.visitor.ask::<PersonAsked>(variables).await?;
    let organization = found.organization.ok_or(Trouble::NotFound)?;
    let event = organization.event.ok_or(Trouble::NotFound)?;
    let registration = event.registration.ok_or(Trouble::NotFound)?;
    if registration.protection.is_none() {
        return Err(Trouble::NotFound);
    }
    let about = (event.id.as_str(), event.event.title.as_str());
    let place = Place::find(ask, &organization.organization.name, about, Part::Roster).await?;
    let mut problem = None;
    if let Some(form) = ask.form() {
        problem = if !ask.is_genuine() {
            Some(ask.language.say("press-again"))
        } else if !form.has("sure") {
            Some(ask.language.say("erasure-not-sure"))
        } else {
            let variables = erase_person::Variables { id: id.clone() };
            let payload = ask.visitor.ask::<ErasePerson>(variables).await?;
            let payload = payload.erase_person.ok_or(Trouble::Ours)?;
            if let Some(erasure) = payload.erasure {
                let page = Forgotten {
                    frame: ask.frame(ask.language.say("officer-erased-title")),
                    place,
                    places: erasure.registrations,
                    is_told: erasure.is_told,
                };
                return Ok(ask.page(StatusCode::OK, &page));
            }
            let error = payload.user_errors.into_iter().next();
            Some(error.ok_or(Trouble::Ours)?.message)
        };
    }
    let page = Forgetting {
        frame: ask.frame(ask.language.say("officer-erase-title")),
        token: ask.token(),
        back: super::path(&place.base, &id),
        place,
        legal_name: organization.organization.legal_name,
        name: registration.entry.full_name,
        email: registration.entry.email,
        problem,
    };
    Ok(ask.form_page(page.problem.is_none(), &page))
}
