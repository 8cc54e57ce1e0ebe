//! What is stored is read back, and nothing else is read as a grant.

use crate::*;
use consentry_domain::disclosure::Consent;

#[test]
fn every_state_is_read_back_from_what_is_stored() {
    for choice in every_state() {
        match choice.stored() {
            None => assert_eq!(choice, Choice::Undecided),
            Some(stored) => assert_eq!(
                (stored.state, Choice::from_stored(&stored)),
                (choice.state(), Some(choice))
            ),
        }
    }
    let states = every_state()
        .into_iter()
        .map(|choice| choice.state())
        .collect::<std::collections::BTreeSet<_>>();
    assert_eq!(states.len(), ConsentState::ALL.len());
}

#[test]
fn a_stored_grant_without_a_giver_who_may_give_it_is_none() {
    let good = adults(3, AB).stored().expect("stored");
    for (decider, age_basis, is_good) in [
        (Decider::Attendee, Some(AgeBasis::Stated), true),
        (Decider::Attendee, Some(AgeBasis::DateOfBirth), true),
        (Decider::Attendee, Some(AgeBasis::Guardian), false),
        (Decider::Attendee, None, false),
        (Decider::Guardian, Some(AgeBasis::Guardian), true),
        (Decider::Guardian, Some(AgeBasis::Stated), false),
        (Decider::Guardian, None, false),
    ] {
        assert_eq!(
            Choice::from_stored(&Consent {
                decider,
                age_basis,
                ..good
            })
            .is_some(),
            is_good,
            "{decider:?} {age_basis:?}"
        );
    }
    assert_eq!(
        Choice::from_stored(&Consent {
            state: ConsentState::Undecided,
            ..good
        }),
        Some(Choice::Undecided)
    );
}
