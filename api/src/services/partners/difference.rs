//! What a version changes against the one before: shown before and after approving.

use std::collections::BTreeSet;

use consentry_domain::offer::{TextChange, covers};
use consentry_domain::{FieldMask, Instant};

use crate::platform::Fault;
use crate::services::sharing::offers::{Offer, Version};

/// What changes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// The version that is compared with.
    pub before: i32,
    /// Fields that are asked for in addition.
    pub added: FieldMask,
    /// Fields that are asked for no more.
    pub removed: FieldMask,
    /// Retention in days, before and after.
    pub retention_days: (i32, i32),
    /// The start, before and after.
    pub starts_at: (Option<Instant>, Option<Instant>),
    /// The end, before and after.
    pub ends_at: (Option<Instant>, Option<Instant>),
    /// Whether the privacy notice is another.
    pub notice: NoticeChange,
    /// The languages in which the text differs.
    pub text: Vec<TextDifference>,
    /// Whether consents to the version before cover this one if its text's change is substantial, or editorial.
    pub covered: Covered,
}

/// Whether the privacy notice is another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoticeChange {
    /// The same bytes.
    Same,
    /// Other bytes.
    Changed,
}

/// Under which condition consents carry over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Covered {
    /// They do.
    Yes,
    /// Only if the change of the text is editorial.
    IfEditorial,
    /// They do not.
    No,
}

/// A text in one language, before and after.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TextDifference {
    /// The language.
    pub locale: String,
    /// Before; absent where there was none.
    pub before: Option<String>,
    /// After; absent where there is none.
    pub after: Option<String>,
}

/// Compares a version with the one that was in force before it; none where there was none.
///
/// # Errors
/// When a stored hash is none.
pub fn of(offer: &Offer, version: &Version) -> Result<Option<Difference>, Fault> {
    let earlier = |before: &&Version| before.was_approved() && before.row.version < version.row.version;
    let Some(before) = offer.versions.iter().rfind(earlier) else {
        return Ok(None);
    };
    let terms = |version| {
        offer
            .as_approved(version, TextChange::Substantial)
            .map(|approved| approved.terms)
    };
    let (old, new) = (terms(before)?, terms(version)?);
    let withdrawn = before.row.state == consentry_domain::OfferVersionState::Withdrawn;
    let covered = if !withdrawn && covers(&old, &new, TextChange::Substantial) {
        Covered::Yes
    } else if !withdrawn && covers(&old, &new, TextChange::Editorial) {
        Covered::IfEditorial
    } else {
        Covered::No
    };
    let locales: BTreeSet<&String> = before.text.0.keys().chain(version.text.0.keys()).collect();
    let text = locales.into_iter().filter_map(|locale| {
        let (old, new) = (before.text.0.get(locale), version.text.0.get(locale));
        (old != new).then(|| TextDifference {
            locale: locale.clone(),
            before: old.cloned(),
            after: new.cloned(),
        })
    });
    Ok(Some(Difference {
        before: before.row.version,
        added: new.fields.minus(old.fields),
        removed: old.fields.minus(new.fields),
        retention_days: (old.retention_days, new.retention_days),
        starts_at: (old.starts, new.starts),
        ends_at: (old.ends, new.ends),
        notice: if old.notice_hash == new.notice_hash {
            NoticeChange::Same
        } else {
            NoticeChange::Changed
        },
        text: text.collect(),
        covered,
    }))
}
