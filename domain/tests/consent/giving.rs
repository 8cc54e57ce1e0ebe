//! Giving and widening: by whom, and when.

use crate::*;

#[test]
fn only_the_version_in_force_can_be_given() {
    for version in [2, 4] {
        assert_eq!(
            Choice::Undecided.grant(version, A, &OFFER, ADULT, act(9)),
            Err(ConsentIssue::StaleVersion)
        );
        assert_eq!(
            Choice::Undecided.grant(version, A, &OFFER, Who::Guardian, act(9)),
            Err(ConsentIssue::StaleVersion)
        );
    }
}

#[test]
fn only_what_is_offered_can_be_given() {
    assert_eq!(
        grant(Choice::Undecided, FieldMask(8), ADULT),
        Err(ConsentIssue::NotOffered)
    );
    assert_eq!(
        grant(Choice::Undecided, FieldMask(9), Who::Guardian),
        Err(ConsentIssue::NotOffered)
    );
    assert_eq!(grant(Choice::Undecided, NONE, ADULT), Err(ConsentIssue::NotOffered));
}

#[test]
fn an_adult_whose_mailbox_is_proved_gives() {
    let by_birth = given(3, ABC, Giver::Attendee(AgeBasis::DateOfBirth), 9);
    for before in every_state() {
        assert_eq!(
            grant(before, ABC, BORN),
            Ok(decided(by_birth, ConsentAction::Granted)),
            "{before:?}"
        );
    }
    assert_eq!(
        grant(adults(3, AB), BC, ADULT),
        Ok(decided(
            given(3, BC, Giver::Attendee(AgeBasis::Stated), 9),
            ConsentAction::Granted
        ))
    );
}

#[test]
fn what_is_given_before_the_mailbox_is_proved_is_only_requested() {
    for before in every_state() {
        assert_eq!(
            grant(before, ABC, UNPROVED),
            Ok(decided(requested(3, ABC, 9), ConsentAction::Requested)),
            "{before:?}"
        );
    }
    assert_eq!(
        grant(requested(3, AB, 1), AB, UNPROVED),
        Ok(unchanged(requested(3, AB, 1)))
    );
    assert_eq!(
        grant(requested(2, AB, 1), AB, UNPROVED),
        Ok(decided(requested(3, AB, 9), ConsentAction::Requested))
    );
    assert_eq!(
        grant(requested(3, AB, 1), AB, ADULT),
        Ok(decided(
            given(3, AB, Giver::Attendee(AgeBasis::Stated), 9),
            ConsentAction::Granted
        ))
    );
}

#[test]
fn nothing_is_given_while_the_age_is_unknown_but_everything_can_be_taken_away() {
    assert_eq!(grant(Choice::Undecided, A, UNKNOWN), Err(ConsentIssue::AgeNotStated));
    assert_eq!(grant(adults(3, AB), ABC, UNKNOWN), Err(ConsentIssue::AgeNotStated));
    assert_eq!(
        grant(adults(3, AB), A, UNKNOWN),
        Ok(decided(adults(3, A), ConsentAction::Withdrawn))
    );
}

#[test]
fn what_somebody_under_age_ticks_waits_for_the_guardian() {
    let asks = |fields: FieldMask| Decision {
        choice: awaiting(3, fields, 9),
        action: Some(ConsentAction::Requested),
        ask_guardian: fields,
    };
    for who in [MINOR, UNPROVED_MINOR] {
        assert_eq!(grant(Choice::Undecided, ABC, who), Ok(asks(ABC)));
        assert_eq!(grant(requested(3, ABC, 1), ABC, who), Ok(asks(ABC)));
        assert_eq!(grant(refused(3, Decider::Guardian, 1), A, who), Ok(asks(A)));
        assert_eq!(grant(awaiting(3, AB, 1), ABC, who), Ok(asks(ABC)));
        assert_eq!(grant(awaiting(2, AB, 1), AB, who), Ok(asks(AB)));
        assert_eq!(grant(awaiting(3, AB, 1), AB, who), Ok(unchanged(awaiting(3, AB, 1))));
    }
}

#[test]
fn somebody_under_age_can_only_take_away_from_what_is_given() {
    assert_eq!(
        grant(guardians(3, AB), A, MINOR),
        Ok(decided(guardians(3, A), ConsentAction::Withdrawn))
    );
    assert_eq!(grant(guardians(3, AB), AB, MINOR), Ok(unchanged(guardians(3, AB))));
    let widened = grant(guardians(3, AB), ABC, MINOR);
    assert_eq!(
        widened,
        Ok(Decision {
            ask_guardian: C,
            ..unchanged(guardians(3, AB))
        })
    );
    let both = grant(guardians(3, AB), BC, MINOR);
    assert_eq!(
        both,
        Ok(Decision {
            ask_guardian: C,
            ..decided(guardians(3, B), ConsentAction::Withdrawn)
        })
    );
    let other = grant(guardians(3, AB), C, MINOR);
    assert_eq!(
        other,
        Ok(Decision {
            ask_guardian: C,
            ..decided(awaiting(3, C, 9), ConsentAction::Requested)
        })
    );
    let superseded = grant(guardians(1, AB), AB, MINOR);
    assert_eq!(
        superseded,
        Ok(Decision {
            ask_guardian: AB,
            ..decided(awaiting(3, AB, 9), ConsentAction::Requested)
        })
    );
}

#[test]
fn the_guardian_gives_and_widens_unless_the_attendee_decided() {
    let given = Ok(decided(given(3, ABC, Giver::Guardian, 9), ConsentAction::Granted));
    for before in [
        Choice::Undecided,
        awaiting(3, A, 1),
        guardians(3, AB),
        refused(3, Decider::Guardian, 1),
        withdrawn(3, Decider::Guardian, 1),
    ] {
        assert_eq!(grant(before, ABC, Who::Guardian), given, "{before:?}");
    }
    for before in [
        requested(3, A, 1),
        adults(3, AB),
        refused(3, Decider::Attendee, 1),
        withdrawn(3, Decider::Attendee, 1),
    ] {
        assert_eq!(
            grant(before, ABC, Who::Guardian),
            Err(ConsentIssue::NotTheGuardians),
            "{before:?}"
        );
    }
    assert_eq!(
        grant(guardians(3, AB), A, Who::Guardian),
        Ok(decided(guardians(3, A), ConsentAction::Withdrawn))
    );
}

#[test]
fn a_consent_that_covers_the_version_in_force_needs_no_new_one() {
    let narrower = Offer {
        version: 3,
        covers_from: 2,
        fields: AB,
    };
    let held = adults(2, ABC);
    assert_eq!(held.grant(3, AB, &narrower, ADULT, act(9)), Ok(unchanged(held)));
    assert_eq!(
        held.grant(3, A, &narrower, ADULT, act(9)),
        Ok(decided(adults(2, A), ConsentAction::Withdrawn))
    );
    let minors = guardians(2, ABC);
    assert_eq!(minors.grant(3, AB, &narrower, MINOR, act(9)), Ok(unchanged(minors)));
    let renewed = given(3, AB, Giver::Attendee(AgeBasis::Stated), 9);
    assert_eq!(
        adults(1, ABC).grant(3, AB, &narrower, ADULT, act(9)),
        Ok(decided(renewed, ConsentAction::Granted))
    );
    assert!(adults(4, ABC).in_force(&narrower).is_none());
    assert!(adults(1, ABC).in_force(&narrower).is_none() && held.in_force(&narrower).is_some());
}
