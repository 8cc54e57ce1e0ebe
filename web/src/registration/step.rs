//! The steps, and which field belongs to which.

use super::document::Event;
use super::draft::Draft;
use crate::ask::Ask;
use crate::frame::Frame;
use crate::pictures;

/// A step, in the order in which they come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Step {
    Tickets,
    People,
    Sharing,
    Summary,
}

impl Step {
    const ALL: [Self; 4] = [Self::Tickets, Self::People, Self::Sharing, Self::Summary];

    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Tickets => "tickets",
            Self::People => "people",
            Self::Sharing => "sharing",
            Self::Summary => "summary",
        }
    }

    /// The step of this name; the first for any other.
    pub(super) fn of_name(name: &str) -> Self {
        Self::ALL
            .into_iter()
            .find(|step| step.name() == name)
            .unwrap_or(Self::Tickets)
    }

    fn title(self, frame: &Frame) -> String {
        frame.say(match self {
            Self::Tickets => "step-tickets",
            Self::People => "step-people",
            Self::Sharing => "step-sharing",
            Self::Summary => "step-summary",
        })
    }

    /// On which step a field is typed; none for those that travel along unseen.
    pub(super) fn of_field(name: &str) -> Option<Self> {
        match name.split('.').next().unwrap_or_default() {
            "n" => Some(Self::Tickets),
            "buyer" | "bill" | "doc" | "person" => Some(Self::People),
            "asked" | "card" | "share" | "partners" | "age" | "guardian" => Some(Self::Sharing),
            _ => None,
        }
    }
}

/// One of the steps as the page names it.
pub(crate) struct Mark {
    pub(crate) title: String,
    /// `done`, `now`, or nothing yet.
    pub(crate) class: &'static str,
}

impl Mark {
    pub(crate) fn is_now(&self) -> bool {
        self.class == "now"
    }
}

/// What stands around a step.
pub(super) fn frame(ask: &Ask, title: String, event: &Event, draft: &Draft) -> Frame {
    let mut frame = ask.frame(title);
    frame.form = Some("registration");
    frame.rehearsal.clone_from(&draft.rehearsal);
    frame.wear(pictures::look!(event.organization));
    frame
}

/// The way, as the visitor has it before them.
pub(super) fn way(frame: &Frame, event: &Event, draft: &Draft, now: Step) -> Vec<Mark> {
    Step::ALL
        .into_iter()
        // Before the tickets are chosen it is not known who comes.
        .filter(|step| *step != Step::Sharing || now == Step::Tickets || draft.asks_to_share(event))
        .filter(|step| *step != Step::Sharing || event.partners.iter().any(|partner| !partner.offers.is_empty()))
        .map(|step| Mark {
            title: step.title(frame),
            class: match step.cmp(&now) {
                std::cmp::Ordering::Less => "done",
                std::cmp::Ordering::Equal => "now",
                std::cmp::Ordering::Greater => "",
            },
        })
        .collect()
}
