//! A line of the table.

use super::found::Node;
use crate::account::tone;
use crate::frame::Frame;

/// A line; what is not shown is empty.
pub(super) struct Entry {
    pub(super) id: String,
    pub(super) name: String,
    pub(super) email: String,
    pub(super) company: String,
    pub(super) ticket: String,
    pub(super) status: String,
    pub(super) tone: &'static str,
    pub(super) code: String,
    pub(super) order_status: String,
    pub(super) inside: Option<String>,
    pub(super) registered: String,
    pub(super) answers: Vec<String>,
}

/// What a line shows of a registration.
pub(super) fn entry(frame: &Frame, zone: &str, node: &Node, questions: &[(String, String)]) -> Entry {
    let inside = node.check_ins.iter().find(|check_in| check_in.undone_at.is_none());
    let answer = |(id, _): &(String, String)| {
        let its = node.answers.iter().find(|answer| answer.question.id == *id);
        its.map(|answer| answer.values.join(", ")).unwrap_or_default()
    };
    let said = |text: &Option<String>| text.clone().unwrap_or_default();
    Entry {
        id: node.id.clone(),
        name: node.full_name.clone(),
        email: said(&node.email),
        company: said(&node.company),
        ticket: node
            .ticket_type
            .as_ref()
            .map(|ticket| ticket.name.clone())
            .unwrap_or_default(),
        status: node
            .status
            .as_ref()
            .map(|status| frame.of("registration-status", status))
            .unwrap_or_default(),
        tone: node.status.as_ref().map(tone).unwrap_or_default(),
        code: said(&node.order_code),
        order_status: node
            .order_status
            .as_ref()
            .map(|status| frame.of("order-status", status))
            .unwrap_or_default(),
        inside: inside.map(|check_in| frame.moment(&check_in.at, zone)),
        registered: node
            .created_at
            .as_ref()
            .map(|at| frame.moment(at, zone))
            .unwrap_or_default(),
        answers: questions.iter().map(answer).collect(),
    }
}
