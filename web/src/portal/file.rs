//! All leads of a stream as a file. Each page of it is on record before its lines are sent.

use futures_util::stream;
use poem::{Body, Response};

use super::columns::{Columns, Preset};
use super::documents::{Take, take as of};
use super::found::Offer;
use crate::ask::Ask;
use crate::exports::attached;
use crate::spreadsheet::{harmless, written};
use crate::trouble::Trouble;
use crate::visitor::Visitor;

/// What is still to be sent.
struct Rest {
    visitor: Visitor,
    columns: Columns,
    variables: of::Variables,
    /// Lines that were read and not sent.
    lines: Option<Vec<u8>>,
    has_more: bool,
}

impl Rest {
    /// Reads the next page.
    async fn read(&mut self) -> Result<Vec<Vec<String>>, Trouble> {
        let found = self.visitor.ask::<Take>(self.variables.clone()).await?;
        let leads = found.partner.and_then(|partner| partner.leads);
        let leads = leads.ok_or(Trouble::NotFound)?;
        self.has_more = leads.page_info.has_next_page && leads.page_info.end_cursor.is_some();
        self.variables.after = leads.page_info.end_cursor;
        let line = |lead| self.columns.line(lead).iter().map(|cell| harmless(cell)).collect();
        Ok(leads.nodes.iter().map(line).collect())
    }
}

/// The file; not there where the first page of it is not.
pub(super) async fn all(ask: &Ask, offer: &Offer, purpose: of::Purpose, preset: Preset) -> Result<Response, Trouble> {
    let mut rest = Rest {
        visitor: ask.visitor.clone(),
        columns: Columns::of(preset, &offer.fields),
        variables: of::Variables {
            member: ask.param("member").to_owned(),
            place: ask.param("place").to_owned(),
            purpose,
            after: None,
            locale: Some(ask.language.code().to_owned()),
        },
        lines: None,
        has_more: true,
    };
    let mut first: Vec<Vec<String>> = vec![rest.columns.names().iter().map(|name| harmless(name)).collect()];
    first.extend(rest.read().await?);
    rest.lines = Some(written(&first).map_err(|_| Trouble::Ours)?);
    // A fault in the middle breaks the connection off, so that nobody takes half a list for a whole one.
    let chunks = stream::try_unfold(rest, |mut rest| async move {
        if let Some(lines) = rest.lines.take() {
            return Ok::<_, std::io::Error>(Some((lines, rest)));
        }
        if !rest.has_more {
            return Ok(None);
        }
        let broken = || std::io::Error::other("the list broke off");
        let lines = rest.read().await.map_err(|_| {
            tracing::error!("a file of leads broke off");
            broken()
        })?;
        let lines = written(&lines).map_err(|_| broken())?;
        Ok(Some((lines, rest)))
    });
    Ok(attached("leads.csv", Body::from_bytes_stream(chunks)))
}
