//! How offers and tokens are said in words.

use fluent_bundle::FluentValue;
use jiff::Timestamp;

use super::found::{Offer, Partner, Version};
use crate::frame::{Frame, name_of};
use crate::lines::listed;
use crate::tokens::is_over;
use crate::words::vars;

/// The fields of a version, in words.
pub(super) fn fields(frame: &Frame, version: &Version) -> String {
    listed(frame, version.fields.iter().map(|field| field.label.as_str()))
}

/// What an offer in force lets its partner have: “May receive …, if the attendee says yes, to tell of products.”
pub(super) fn stands(frame: &Frame, offer: &Offer, version: &Version, zone: &str) -> String {
    let goal = frame.of("goal", &offer.purpose);
    let fields = fields(frame, version);
    let mut variables = vars([("fields", fields.into()), ("goal", goal.into())]);
    match &version.ends_at {
        None => frame.language.say_with("offer-stands", &variables),
        Some(at) => {
            variables.set("until", FluentValue::from(frame.moment(at, zone)));
            frame.language.say_with("offer-stands-until", &variables)
        }
    }
}

/// What a request asks for: “Asks for …, to tell of products.”
pub(super) fn asks(frame: &Frame, offer: &Offer, version: &Version) -> String {
    let goal = frame.of("goal", &offer.purpose);
    frame.say2("offer-asks", "fields", &fields(frame, version), "goal", &goal)
}

/// From when to when it is shared; none where there is no such time.
pub(super) fn span(frame: &Frame, starts_at: Option<&str>, ends_at: Option<&str>, zone: &str) -> Option<String> {
    let moment = |at| frame.moment(at, zone);
    match (starts_at, ends_at) {
        (None, None) => None,
        (Some(from), None) => Some(frame.say1("shared-from", "from", &moment(from))),
        (None, Some(until)) => Some(frame.say1("shared-until", "until", &moment(until))),
        (Some(from), Some(until)) => Some(frame.say2("shared-between", "from", &moment(from), "until", &moment(until))),
    }
}

/// Why nothing can be asked for a partner, by its notice's fingerprint and whether it has offers; none where it can.
pub(super) fn missing(frame: &Frame, sha256: Option<&String>, has_offers: bool) -> Option<String> {
    let key = match sha256 {
        None if has_offers => "partner-no-fingerprint-offers",
        None => "partner-no-fingerprint",
        Some(_) => return None,
    };
    Some(frame.say(key))
}

/// The same of a partner of the event.
pub(super) fn missing_of(frame: &Frame, partner: &Partner) -> Option<String> {
    missing(
        frame,
        partner.privacy_notice.sha256.as_ref(),
        !partner.offers.is_empty(),
    )
}

/// How many tokens it has that work, and how many were not fetched; none where it has none.
pub(super) fn tokens(frame: &Frame, partner: &Partner, now: Timestamp) -> Option<String> {
    let live = || partner.tokens.iter().filter(|token| !is_over(&token.expires_at, now));
    let count = |status: &str| live().filter(|token| name_of(&token.status) == status).count();
    let (active, unclaimed) = (count("ACTIVE"), count("UNCLAIMED"));
    if active + unclaimed == 0 {
        return None;
    }
    let number = |count: usize| i64::try_from(count).unwrap_or(i64::MAX);
    let mut said = vec![frame.count("tokens-active", number(active))];
    if unclaimed > 0 {
        said.push(frame.count("tokens-unclaimed", number(unclaimed)));
    }
    Some(said.join(" "))
}
