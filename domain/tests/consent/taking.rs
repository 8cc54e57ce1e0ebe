//! Taking away: always.

use crate::*;

#[test]
fn refusing_differs_from_not_having_decided() {
    let no = decided(refused(3, Decider::Attendee, 9), ConsentAction::Refused);
    for before in [
        Choice::Undecided,
        requested(3, A, 1),
        awaiting(3, A, 1),
        refused(2, Decider::Attendee, 1),
        withdrawn(2, Decider::Attendee, 1),
    ] {
        assert_eq!(before.refuse(3, Decider::Attendee, act(9)), no, "{before:?}");
    }
    for before in [refused(3, Decider::Guardian, 1), withdrawn(3, Decider::Attendee, 1)] {
        assert_eq!(before.refuse(3, Decider::Attendee, act(9)), unchanged(before));
    }
}

#[test]
fn refusing_what_was_given_withdraws_it() {
    for before in [adults(3, AB), guardians(1, AB)] {
        let version = before.stored().expect("stored").version;
        assert_eq!(
            before.refuse(3, Decider::Attendee, act(9)),
            decided(withdrawn(version, Decider::Attendee, 9), ConsentAction::Withdrawn)
        );
    }
}

#[test]
fn withdrawing_the_whole_leaves_nothing_given_or_wished() {
    for before in [requested(2, AB, 1), awaiting(2, AB, 1), adults(2, AB), guardians(2, AB)] {
        for fields in [None, Some(ABC), Some(AB)] {
            let after = before.withdraw(fields, Decider::Guardian, act(9));
            assert_eq!(
                after,
                decided(withdrawn(2, Decider::Guardian, 9), ConsentAction::Withdrawn),
                "{before:?}"
            );
        }
        assert_eq!(before.withdraw(Some(C), Decider::Attendee, act(9)), unchanged(before));
    }
    for before in [
        Choice::Undecided,
        refused(3, Decider::Attendee, 1),
        withdrawn(3, Decider::Attendee, 1),
    ] {
        assert_eq!(before.withdraw(None, Decider::Attendee, act(9)), unchanged(before));
    }
}

#[test]
fn withdrawing_a_field_keeps_the_others_under_the_act_of_giving() {
    for (before, after) in [
        (requested(2, AB, 1), requested(2, B, 1)),
        (awaiting(2, AB, 1), awaiting(2, B, 1)),
        (adults(2, AB), adults(2, B)),
        (guardians(2, AB), guardians(2, B)),
    ] {
        assert_eq!(
            before.withdraw(Some(A), Decider::Attendee, act(9)),
            decided(after, ConsentAction::Withdrawn)
        );
    }
}

#[test]
fn what_the_mailbox_does_not_name_again_becomes_undecided() {
    assert_eq!(
        requested(3, AB, 1).lapse(),
        decided(Choice::Undecided, ConsentAction::Lapsed)
    );
    for before in every_state()
        .into_iter()
        .filter(|choice| choice.state() != ConsentState::Requested)
    {
        assert_eq!(before.lapse(), unchanged(before));
    }
}
