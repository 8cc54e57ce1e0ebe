//! The card that attendees read, as the registration shows it, with an example of a person's details.

use super::found::{Field, Offer, Partner, Version};
use crate::fields::key_of;
use crate::frame::Frame;
use crate::registration::asking::{Asking, Line, Purpose, Terms};

/// What attendees read of this version.
pub(super) fn of(frame: &Frame, partner: &Partner, offer: &Offer, version: &Version) -> Asking {
    let terms = Terms {
        partner: &partner.partner.display_name,
        offer: &offer.id,
        version: version.version,
        purpose: &offer.purpose,
        text: &version.text,
        retention_days: version.retention_days,
    };
    let lines = version.fields.iter().map(|field| line(frame, field)).collect();
    Asking {
        number: 1,
        name: partner.partner.display_name.clone(),
        legal_name: partner.partner.legal_name.clone(),
        country: partner.partner.country.clone(),
        notice: partner.privacy_notice.url.clone(),
        contact: partner.contact_email.clone(),
        purposes: vec![Purpose::new(frame, &terms, None, lines)],
    }
}

fn line(frame: &Frame, field: &Field) -> Line {
    let value = match &field.field {
        Some(standard) => frame.of("sample", standard),
        None => frame.say("sample-answer"),
    };
    Line {
        key: key_of(field.field.as_ref(), field.question_id.as_ref()),
        label: field.label.clone(),
        value: Some(value),
        is_on_card: true,
        is_ticked: false,
        is_left_out: false,
    }
}
