//! A partner and what it asks for, as attendees read it. The step of the registration shows it, and so does the page on
//! which an organizer decides about an offer: what is approved there is what is read here.

use serde::Serialize;

use crate::frame::Frame;

/// What stands in a text for what a script puts in: no name has it.
pub(crate) const PUT_IN: &str = "\u{fffc}";

/// From how many partners on a page is for choosing among them: a list to jump from, those folded that have nothing.
pub(crate) const MANY: usize = 6;
/// Up to how many fields in all boxes a page has each of them; with more it would be long in coming.
pub(crate) const MOST_LINES: usize = 150;

/// A partner and what it asks for.
pub(crate) struct Asking {
    pub(crate) number: usize,
    pub(crate) name: String,
    pub(crate) legal_name: String,
    pub(crate) country: String,
    pub(crate) notice: String,
    pub(crate) contact: String,
    pub(crate) purposes: Vec<Purpose>,
}

impl Asking {
    /// Whether other rules of data protection may hold there.
    pub(crate) fn is_outside(&self) -> bool {
        !crate::partners::is_inside(&self.country)
    }

    pub(crate) fn is_shared_with(&self) -> bool {
        self.purposes.iter().any(|purpose| purpose.is_ticked)
    }
}

/// What it asks for one purpose.
pub(crate) struct Purpose {
    pub(crate) offer: String,
    pub(crate) version: i64,
    pub(crate) name: String,
    pub(crate) text: String,
    /// What the box says: which fields it gives. None where nothing that is asked for is on the card: there is no box then.
    pub(crate) gives: Option<String>,
    /// The same, for a script to put the fields in.
    pub(crate) pattern: String,
    pub(crate) asks: String,
    pub(crate) keeps: String,
    pub(crate) is_ticked: bool,
    pub(crate) lines: Vec<Line>,
    /// Whether the single fields stand on the page, or are for the asking only.
    pub(crate) detail: Detail,
}

/// How a page has the single fields of a purpose.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Detail {
    /// Folded away.
    Folded,
    /// Not there: a button asks for the page with them.
    OnRequest,
    /// Asked for with that button.
    Requested,
}

/// One version of an offer, in its reader's language.
pub(crate) struct Terms<'a, P> {
    pub(crate) partner: &'a str,
    pub(crate) offer: &'a str,
    pub(crate) version: i64,
    pub(crate) purpose: &'a P,
    pub(crate) text: &'a str,
    pub(crate) retention_days: i64,
}

impl Purpose {
    /// Says what a box gives. `ticked` is the version that its reader ticked, if any.
    pub(crate) fn new<P: Serialize>(
        frame: &Frame,
        terms: &Terms<'_, P>,
        ticked: Option<i64>,
        lines: Vec<Line>,
    ) -> Self {
        let names = |fits: &dyn Fn(&Line) -> bool| {
            let labels = lines.iter().filter(|line| fits(line));
            labels.map(|line| line.label.as_str()).collect::<Vec<_>>().join(", ")
        };
        let says = |fields: &str| frame.say2("offer-gives", "partner", terms.partner, "fields", fields);
        let named = names(&Line::is_given);
        Self {
            offer: terms.offer.to_owned(),
            version: terms.version,
            name: frame.of("purpose", terms.purpose),
            text: terms.text.to_owned(),
            is_ticked: !named.is_empty() && ticked == Some(terms.version),
            gives: (!named.is_empty()).then(|| says(&named)),
            pattern: says(PUT_IN),
            asks: names(&|_| true),
            keeps: frame.count("offer-keeps", terms.retention_days),
            lines,
            detail: Detail::Folded,
        }
    }

    /// Whether the single fields stand on the page: what is changed always does.
    pub(crate) fn has_lines(&self) -> bool {
        self.detail != Detail::OnRequest || self.is_changed()
    }

    pub(crate) fn is_requested(&self) -> bool {
        self.detail == Detail::Requested
    }

    pub(crate) fn is_changed(&self) -> bool {
        self.lines.iter().any(|line| line.is_ticked)
    }

    pub(crate) fn gives_any(&self) -> bool {
        self.lines.iter().any(|line| line.is_on_card)
    }

    pub(crate) fn keeps_back_any(&self) -> bool {
        self.lines.iter().any(|line| !line.is_on_card)
    }
}

/// One field: what would be sent, and what its box changes.
pub(crate) struct Line {
    pub(crate) key: String,
    pub(crate) label: String,
    pub(crate) value: Option<String>,
    /// Whether its box leaves it out; else it adds it.
    pub(crate) is_on_card: bool,
    pub(crate) is_ticked: bool,
    pub(crate) is_left_out: bool,
}

impl Line {
    /// Whether the partner's box gives it.
    fn is_given(&self) -> bool {
        self.is_on_card != self.is_ticked
    }
}
