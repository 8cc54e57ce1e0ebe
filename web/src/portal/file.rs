//! All leads of a stream as a file. Each page of it is on record before its lines are in it.

use poem::Response;

use super::columns::{Columns, Preset};
use super::documents::{Take, take as of};
use super::found::Offer;
use crate::ask::Ask;
use crate::spreadsheet::{Format, List, Pages, file};
use crate::trouble::Trouble;
use crate::visitor::Visitor;

/// What is still to be read.
struct Rest {
    visitor: Visitor,
    columns: Columns,
    variables: of::Variables,
    has_more: bool,
}

impl Pages for Rest {
    fn names(&self) -> Vec<String> {
        self.columns.names()
    }

    async fn next(&mut self) -> Result<Option<Vec<Vec<String>>>, Trouble> {
        if !self.has_more {
            return Ok(None);
        }
        let found = self.visitor.ask::<Take>(self.variables.clone()).await?;
        let leads = found.partner.and_then(|partner| partner.leads);
        let leads = leads.ok_or(Trouble::NotFound)?;
        self.has_more = leads.page_info.has_next_page && leads.page_info.end_cursor.is_some();
        self.variables.after = leads.page_info.end_cursor;
        Ok(Some(leads.nodes.iter().map(|lead| self.columns.line(lead)).collect()))
    }
}

/// The file; not there where the first page of it is not.
pub(super) async fn all(
    ask: &Ask,
    offer: &Offer,
    purpose: of::Purpose,
    preset: Preset,
    format: Format,
) -> Result<Response, Trouble> {
    let rest = Rest {
        visitor: ask.visitor.clone(),
        columns: Columns::of(preset, &offer.fields),
        variables: of::Variables {
            member: ask.param("member").to_owned(),
            place: ask.param("place").to_owned(),
            purpose,
            after: None,
            locale: Some(ask.language.code().to_owned()),
        },
        has_more: true,
    };
    file(List::Leads, format, rest).await
}
