//! Letting one in, and what is said of it.

use super::super::documents::{Admit, UndoAdmission, admit, undo_admission};
use crate::ask::Ask;
use crate::frame::{Frame, name_of};
use crate::trouble::Trouble;

/// Who stands at the door.
pub(super) enum Holder {
    Code(String),
    Registration(String),
}

/// One passage that is asked for.
pub(super) struct Scan {
    pub(super) key: String,
    pub(super) holder: Holder,
    pub(super) list: Option<String>,
    /// When it was, where it waited on a device.
    pub(super) at: Option<String>,
}

/// The event at whose door one stands.
pub(super) struct At {
    pub(super) id: String,
    pub(super) zone: String,
}

/// What came of it.
pub(super) struct Outcome {
    pub(super) tone: &'static str,
    pub(super) title: String,
    pub(super) words: Vec<String>,
    /// What can be undone.
    pub(super) check_in: Option<String>,
    /// Why not, as the API names it.
    pub(super) reason: Option<String>,
}

impl Outcome {
    /// A sign that says the same as the colour.
    pub(super) fn sign(&self) -> &'static str {
        match self.tone {
            "good" => "✓",
            "bad" => "✕",
            _ => "↺",
        }
    }
}

pub(super) async fn let_in(ask: &Ask, event: &At, scan: Scan) -> Result<Outcome, Trouble> {
    let (code, registration_id) = match scan.holder {
        // Scanners add what they like around it.
        Holder::Code(code) => (Some(code.trim().to_uppercase()), None),
        Holder::Registration(id) => (None, Some(id)),
    };
    let input = admit::CheckInInput {
        at: scan.at,
        code,
        device: None,
        event_id: event.id.clone(),
        idempotency_key: scan.key,
        list: scan.list,
        registration_id,
    };
    let locale = Some(ask.language.code().to_owned());
    let payload = ask.visitor.ask::<Admit>(admit::Variables { input, locale }).await?;
    let payload = payload.check_in.ok_or(Trouble::Ours)?;
    if let Some(admission) = payload.admission {
        return Ok(Outcome {
            tone: "good",
            title: ask.language.say("door-welcome"),
            words: vec![admission.full_name, admission.ticket_type.name],
            check_in: Some(admission.check_in.id),
            reason: None,
        });
    }
    let error = payload.user_errors.into_iter().next().ok_or(Trouble::Ours)?;
    let frame = ask.frame(String::new());
    let mut words = Vec::new();
    if let Some(earlier) = payload.earlier {
        words.push(frame.say1("door-earlier", "when", &frame.moment(&earlier.at, &event.zone)));
    }
    let reason = name_of(&error.code);
    let field = error.field.as_deref().and_then(<[String]>::first).map(String::as_str);
    if field == Some("eventId") {
        return Err(Trouble::NotFound);
    }
    let why = why(&frame, &reason, field).unwrap_or(error.message);
    Ok(Outcome {
        reason: Some(reason),
        ..refused(ask, why, words)
    })
}

/// Why not, in words of the page, where it has some.
fn why(frame: &Frame, reason: &str, field: Option<&str>) -> Option<String> {
    let key = match (reason, field) {
        ("ALREADY_CHECKED_IN", _) => "door-already",
        ("CANCELLED", _) => "door-cancelled",
        ("NOT_CONFIRMED", _) => "door-not-confirmed",
        ("WRONG_EVENT", _) => "door-wrong-event",
        ("REQUIRED", Some("code")) => "door-no-code",
        ("NOT_FOUND", _) | ("INVALID" | "TOO_LONG", Some("code")) => "door-unknown",
        _ => return None,
    };
    Some(frame.say(key))
}

pub(super) async fn undo(ask: &Ask, check_in: String) -> Result<Outcome, Trouble> {
    let variables = undo_admission::Variables { id: check_in };
    let payload = ask.visitor.ask::<UndoAdmission>(variables).await?;
    let errors = payload.undo_check_in.ok_or(Trouble::Ours)?.user_errors;
    Ok(match errors.into_iter().next() {
        Some(error) => refused(ask, error.message, Vec::new()),
        None => Outcome {
            tone: "",
            title: ask.language.say("door-undone"),
            words: Vec::new(),
            check_in: None,
            reason: None,
        },
    })
}

pub(super) fn refused(ask: &Ask, why: String, words: Vec<String>) -> Outcome {
    Outcome {
        tone: "bad",
        title: ask.language.say("door-no"),
        words: std::iter::once(why).chain(words).collect(),
        check_in: None,
        reason: None,
    }
}
