//! What a new token asks for, held against what was approved: it reads no field and no purpose beyond that.

use std::collections::BTreeMap;

use consentry_domain::{EventPartnerId, FieldMask, OrganizationId, PurposeSet};

use super::issue::NewToken;
use super::list::{StreamRow, streams_of};
use crate::platform::store::Tx;
use crate::platform::{Code, Problems, Refused};

/// A scope within what was approved, and the titles of the events behind it.
pub(super) struct Covered {
    /// For which purposes.
    pub purposes: PurposeSet,
    /// Which fields.
    pub fields: FieldMask,
    /// The event's title.
    pub event_title: String,
}

/// Compares what is asked with the versions in force.
pub(super) async fn cover(
    tx: &Tx,
    organization: OrganizationId,
    new: &NewToken,
) -> Result<BTreeMap<EventPartnerId, Covered>, Refused> {
    let mut problems = Problems::new();
    let mut covered = BTreeMap::new();
    for (number, scope) in new.scopes.iter().enumerate() {
        let streams = streams_of(tx, organization, scope.event_partner).await?;
        let Some(any) = streams.iter().find(|stream| stream.facts.partner.id == new.partner) else {
            problems.add(
                format!("scopes.{number}.eventPartnerId"),
                Code::NotFound,
                "Nothing was found here.",
            );
            continue;
        };
        let purposes: PurposeSet = scope.purposes.iter().copied().collect();
        let in_force = |purpose| move |stream: &&StreamRow| stream.purpose == purpose && stream.version.is_some();
        for purpose in purposes.iter() {
            if !streams.iter().any(|stream| in_force(purpose)(&stream)) {
                problems.add(
                    format!("scopes.{number}.purposes"),
                    Code::NotFound,
                    "No approved offer of this event partner is for this purpose.",
                );
            }
        }
        let approved: Vec<&StreamRow> = streams
            .iter()
            .filter(|stream| purposes.contains(stream.purpose) && stream.version.is_some())
            .collect();
        let most = approved
            .iter()
            .fold(FieldMask::EMPTY, |mask, stream| mask.union(stream.fields));
        let mut fields = scope.fields;
        for question in &scope.questions {
            let bit = approved.iter().find_map(|stream| {
                stream
                    .facts
                    .questions
                    .iter()
                    .find(|(_, facts)| facts.id == *question)
                    .map(|(bit, _)| *bit)
            });
            match bit.and_then(consentry_domain::Field::from_bit) {
                Some(field) => fields = fields.union(FieldMask::of(field)),
                None => problems.add(
                    format!("scopes.{number}.fields"),
                    Code::NotFound,
                    "No approved offer names this question.",
                ),
            }
        }
        if !fields.is_subset_of(most) {
            problems.add(
                format!("scopes.{number}.fields"),
                Code::NotPermitted,
                "A token reads no field that no approved offer names.",
            );
        }
        let title = any
            .facts
            .event
            .title
            .pick(None, &any.facts.event.default_locale)
            .to_owned();
        covered.insert(
            scope.event_partner,
            Covered {
                purposes,
                fields,
                event_title: title,
            },
        );
    }
    problems.none()?;
    Ok(covered)
}
