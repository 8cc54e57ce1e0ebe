//! What a version changes against the one that was approved before it, and what that does to the decisions of attendees.

use super::found::{Difference, Offer, Partner, Version};
use super::said;
use crate::frame::{Frame, name_of};
use crate::wish::language_name;
use crate::words::vars;

/// What a version changes.
pub(super) struct Changes {
    /// The version before.
    pub(super) before: i64,
    /// Each change with its sign: more is asked, less, or otherwise.
    pub(super) lines: Vec<(&'static str, String)>,
    pub(super) texts: Vec<ChangedText>,
    /// Whom it leaves without consent.
    pub(super) effect: String,
    pub(super) tone: &'static str,
}

/// A text in one language, before and after.
pub(super) struct ChangedText {
    pub(super) language: String,
    pub(super) before: Option<String>,
    pub(super) after: Option<String>,
}

/// How consents to the version before fare.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Carried {
    /// There was no version before.
    First,
    /// They ended when it was withdrawn.
    Ended,
    All,
    IfEditorial,
    None,
}

impl Carried {
    /// What the API says of this version.
    pub(super) fn of(offer: &Offer, version: &Version) -> Self {
        let Some(difference) = &version.difference else {
            return Self::First;
        };
        let before = offer
            .versions
            .iter()
            .find(|its| its.version == difference.before_version);
        if before.is_some_and(|before| name_of(&before.state) == "WITHDRAWN") {
            return Self::Ended;
        }
        match name_of(&difference.consents).as_str() {
            "COVERED" => Self::All,
            "COVERED_IF_EDITORIAL" => Self::IfEditorial,
            _ => Self::None,
        }
    }
}

/// What it changes; none where nothing was approved before.
pub(super) fn of(frame: &Frame, partner: &Partner, offer: &Offer, version: &Version, zone: &str) -> Option<Changes> {
    let difference = version.difference.as_ref()?;
    let before = difference.before_version;
    let carried = Carried::of(offer, version);
    let key = match carried {
        Carried::First | Carried::Ended => "effect-ended",
        Carried::All => "effect-all",
        Carried::IfEditorial => "effect-if-editorial",
        Carried::None => "effect-none",
    };
    let (number, name) = (before.to_string(), partner.partner.display_name.clone());
    let variables = vars([("version", number.into()), ("partner", name.into())]);
    Some(Changes {
        before,
        lines: lines(frame, difference, version, zone),
        texts: difference
            .texts
            .iter()
            .map(|text| ChangedText {
                language: language_name(&text.locale),
                before: text.before.clone(),
                after: text.after.clone(),
            })
            .collect(),
        effect: frame.language.say_with(key, &variables),
        tone: match carried {
            Carried::All => "good",
            Carried::First | Carried::Ended => "",
            Carried::IfEditorial | Carried::None => "warn",
        },
    })
}

fn lines(frame: &Frame, difference: &Difference, version: &Version, zone: &str) -> Vec<(&'static str, String)> {
    let mut lines = Vec::new();
    for field in &difference.added_fields {
        lines.push(("+", frame.say1("change-added", "field", &field.label)));
    }
    for field in &difference.removed_fields {
        lines.push(("−", frame.say1("change-removed", "field", &field.label)));
    }
    let (before, now) = (difference.retention_days_before, version.retention_days);
    if before != now {
        let sign = if now > before { "+" } else { "−" };
        let (before, now) = (frame.count("kept-days", before), frame.count("kept-days", now));
        lines.push((sign, frame.say2("change-instead", "now", &now, "before", &before)));
    }
    let was = (
        difference.starts_at_before.as_deref(),
        difference.ends_at_before.as_deref(),
    );
    let is = (version.starts_at.as_deref(), version.ends_at.as_deref());
    if was != is {
        let words = |(from, until)| said::span(frame, from, until, zone).unwrap_or_else(|| frame.say("shared-always"));
        lines.push((
            "≠",
            frame.say2("change-instead", "now", &words(is), "before", &words(was)),
        ));
    }
    if difference.notice_changed {
        lines.push(("≠", frame.say("change-notice")));
    }
    if !difference.texts.is_empty() {
        lines.push(("≠", frame.say("change-text")));
    }
    lines
}
