//! What a version asks for, as facts.

use super::found::{Offer, Partner, Version};
use super::said;
use crate::frame::{Frame, name_of};
use crate::wish::language_name;
use crate::words::Language;

/// A version as it was asked for.
pub(super) struct Terms {
    /// Standard fields.
    pub(super) fields: Vec<String>,
    /// Answers to questions of the event.
    pub(super) questions: Vec<String>,
    pub(super) facts: Vec<(String, String)>,
    /// The address of the notice, as it was then.
    pub(super) notice: String,
    /// Whether the partner has another notice now.
    pub(super) notice_moved: bool,
    /// The text in each language, by its name.
    pub(super) texts: Vec<(String, String)>,
    /// Languages of these pages in which it is not written: attendees read it in another one.
    pub(super) unwritten: Vec<String>,
}

pub(super) fn of(frame: &Frame, partner: &Partner, offer: &Offer, version: &Version, zone: &str) -> Terms {
    let (questions, standard): (Vec<_>, Vec<_>) = version.fields.iter().partition(|field| field.field.is_none());
    let label = |field: &super::found::Field| field.label.clone();
    let mut facts = vec![
        (frame.say("offer-purpose"), frame.of("purpose", &offer.purpose)),
        (
            frame.say("offer-kept"),
            frame.count("kept-days", version.retention_days),
        ),
    ];
    let span = said::span(frame, version.starts_at.as_deref(), version.ends_at.as_deref(), zone);
    facts.push((
        frame.say("offer-shared"),
        span.unwrap_or_else(|| frame.say("shared-always")),
    ));
    facts.push((frame.say("requested-at"), frame.moment(&version.requested_at, zone)));
    let unwritten = Language::ALL.into_iter().filter(|language| {
        let code = language.code();
        !version
            .texts
            .iter()
            .any(|text| text.locale.split('-').next() == Some(code))
    });
    Terms {
        fields: standard.into_iter().map(label).collect(),
        questions: questions.into_iter().map(label).collect(),
        facts,
        notice: version.privacy_notice.url.clone(),
        notice_moved: name_of(&version.state) == "REQUESTED"
            && (version.privacy_notice.sha256 != partner.privacy_notice.sha256
                || version.privacy_notice.url != partner.privacy_notice.url),
        texts: version
            .texts
            .iter()
            .map(|text| (language_name(&text.locale), text.text.clone()))
            .collect(),
        unwritten: unwritten.map(|language| language.own_name().to_owned()).collect(),
    }
}
