//! Consents: each transition by its requirement, and random sequences against what must never happen.

mod giving;
mod random;
mod stored;
mod taking;

use consentry_domain::age::AgeJudgement;
use consentry_domain::consent::*;
use consentry_domain::disclosure::Offer;
use consentry_domain::*;
use uuid::Uuid;

const A: FieldMask = FieldMask(1);
const B: FieldMask = FieldMask(2);
const C: FieldMask = FieldMask(4);
const AB: FieldMask = FieldMask(3);
const BC: FieldMask = FieldMask(6);
const ABC: FieldMask = FieldMask(7);
const NONE: FieldMask = FieldMask::EMPTY;
const OFFER: Offer = Offer {
    version: 3,
    covers_from: 2,
    fields: ABC,
};
const ADULT: Who = Who::Attendee(Mailbox::Proved, AgeJudgement::OfAgeByStatement);
const BORN: Who = Who::Attendee(Mailbox::Proved, AgeJudgement::OfAgeByBirth);
const UNPROVED: Who = Who::Attendee(Mailbox::Unproved, AgeJudgement::OfAgeByStatement);
const MINOR: Who = Who::Attendee(Mailbox::Proved, AgeJudgement::UnderAge);
const UNPROVED_MINOR: Who = Who::Attendee(Mailbox::Unproved, AgeJudgement::UnderAge);
const UNKNOWN: Who = Who::Attendee(Mailbox::Proved, AgeJudgement::Unknown);

fn act(number: i64) -> Act {
    Act {
        at: Instant(number),
        record_id: ConsentRecordId(Uuid::from_u128(number.unsigned_abs().into())),
    }
}

fn given(version: i32, fields: FieldMask, giver: Giver, number: i64) -> Choice {
    Choice::Granted(Granted {
        version,
        fields,
        giver,
        act: act(number),
    })
}

fn adults(version: i32, fields: FieldMask) -> Choice {
    given(version, fields, Giver::Attendee(AgeBasis::Stated), 1)
}

fn guardians(version: i32, fields: FieldMask) -> Choice {
    given(version, fields, Giver::Guardian, 1)
}

fn requested(version: i32, fields: FieldMask, number: i64) -> Choice {
    Choice::Requested(Asked {
        version,
        fields,
        act: act(number),
    })
}

fn awaiting(version: i32, fields: FieldMask, number: i64) -> Choice {
    Choice::AwaitingGuardian(Asked {
        version,
        fields,
        act: act(number),
    })
}

fn refused(version: i32, decider: Decider, number: i64) -> Choice {
    Choice::Refused(Declined {
        version,
        decider,
        act: act(number),
    })
}

fn withdrawn(version: i32, decider: Decider, number: i64) -> Choice {
    Choice::Withdrawn(Declined {
        version,
        decider,
        act: act(number),
    })
}

/// One choice in every state.
fn every_state() -> Vec<Choice> {
    vec![
        Choice::Undecided,
        requested(3, AB, 1),
        awaiting(3, AB, 1),
        adults(3, AB),
        guardians(3, AB),
        refused(3, Decider::Attendee, 1),
        refused(3, Decider::Guardian, 1),
        withdrawn(3, Decider::Attendee, 1),
        withdrawn(3, Decider::Guardian, 1),
    ]
}

fn decided(choice: Choice, action: ConsentAction) -> Decision {
    Decision {
        choice,
        action: Some(action),
        ask_guardian: NONE,
    }
}

fn unchanged(choice: Choice) -> Decision {
    Decision {
        choice,
        action: None,
        ask_guardian: NONE,
    }
}

fn grant(choice: Choice, fields: FieldMask, who: Who) -> Result<Decision, ConsentIssue> {
    choice.grant(3, fields, &OFFER, who, act(9))
}
