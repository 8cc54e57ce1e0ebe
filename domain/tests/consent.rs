//! Consents: each transition by its requirement, and random sequences against what must never happen.

use consentry_domain::age::AgeJudgement;
use consentry_domain::consent::*;
use consentry_domain::disclosure::{Consent, Offer};
use consentry_domain::*;
use proptest::prelude::*;
use uuid::Uuid;

const A: FieldMask = FieldMask(1);
const B: FieldMask = FieldMask(2);
const C: FieldMask = FieldMask(4);
const AB: FieldMask = FieldMask(3);
const BC: FieldMask = FieldMask(6);
const ABC: FieldMask = FieldMask(7);
const NONE: FieldMask = FieldMask::EMPTY;
const OFFER: Offer = Offer { version: 3, covers_from: 2, fields: ABC };
const ADULT: Who = Who::Attendee(Mailbox::Proved, AgeJudgement::OfAgeByStatement);
const BORN: Who = Who::Attendee(Mailbox::Proved, AgeJudgement::OfAgeByBirth);
const UNPROVED: Who = Who::Attendee(Mailbox::Unproved, AgeJudgement::OfAgeByStatement);
const MINOR: Who = Who::Attendee(Mailbox::Proved, AgeJudgement::UnderAge);
const UNPROVED_MINOR: Who = Who::Attendee(Mailbox::Unproved, AgeJudgement::UnderAge);
const UNKNOWN: Who = Who::Attendee(Mailbox::Proved, AgeJudgement::Unknown);

fn act(number: i64) -> Act {
    Act { at: Instant(number), record_id: ConsentRecordId(Uuid::from_u128(number.unsigned_abs().into())) }
}

fn given(version: i32, fields: FieldMask, giver: Giver, number: i64) -> Choice {
    Choice::Granted(Granted { version, fields, giver, act: act(number) })
}

fn adults(version: i32, fields: FieldMask) -> Choice {
    given(version, fields, Giver::Attendee(AgeBasis::Stated), 1)
}

fn guardians(version: i32, fields: FieldMask) -> Choice {
    given(version, fields, Giver::Guardian, 1)
}

fn requested(version: i32, fields: FieldMask, number: i64) -> Choice {
    Choice::Requested(Asked { version, fields, act: act(number) })
}

fn awaiting(version: i32, fields: FieldMask, number: i64) -> Choice {
    Choice::AwaitingGuardian(Asked { version, fields, act: act(number) })
}

fn refused(version: i32, decider: Decider, number: i64) -> Choice {
    Choice::Refused(Declined { version, decider, act: act(number) })
}

fn withdrawn(version: i32, decider: Decider, number: i64) -> Choice {
    Choice::Withdrawn(Declined { version, decider, act: act(number) })
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
    Decision { choice, action: Some(action), ask_guardian: NONE }
}

fn unchanged(choice: Choice) -> Decision {
    Decision { choice, action: None, ask_guardian: NONE }
}

fn grant(choice: Choice, fields: FieldMask, who: Who) -> Result<Decision, ConsentIssue> {
    choice.grant(3, fields, &OFFER, who, act(9))
}

#[test]
fn only_the_version_in_force_can_be_given() {
    for version in [2, 4] {
        assert_eq!(Choice::Undecided.grant(version, A, &OFFER, ADULT, act(9)), Err(ConsentIssue::StaleVersion));
        assert_eq!(Choice::Undecided.grant(version, A, &OFFER, Who::Guardian, act(9)), Err(ConsentIssue::StaleVersion));
    }
}

#[test]
fn only_what_is_offered_can_be_given() {
    assert_eq!(grant(Choice::Undecided, FieldMask(8), ADULT), Err(ConsentIssue::NotOffered));
    assert_eq!(grant(Choice::Undecided, FieldMask(9), Who::Guardian), Err(ConsentIssue::NotOffered));
    assert_eq!(grant(Choice::Undecided, NONE, ADULT), Err(ConsentIssue::NotOffered));
}

#[test]
fn an_adult_whose_mailbox_is_proved_gives() {
    let by_birth = given(3, ABC, Giver::Attendee(AgeBasis::DateOfBirth), 9);
    for before in every_state() {
        assert_eq!(grant(before, ABC, BORN), Ok(decided(by_birth, ConsentAction::Granted)), "{before:?}");
    }
    assert_eq!(grant(adults(3, AB), BC, ADULT), Ok(decided(given(3, BC, Giver::Attendee(AgeBasis::Stated), 9), ConsentAction::Granted)));
}

#[test]
fn what_is_given_before_the_mailbox_is_proved_is_only_requested() {
    for before in every_state() {
        assert_eq!(grant(before, ABC, UNPROVED), Ok(decided(requested(3, ABC, 9), ConsentAction::Requested)), "{before:?}");
    }
    assert_eq!(grant(requested(3, AB, 1), AB, UNPROVED), Ok(unchanged(requested(3, AB, 1))));
    assert_eq!(grant(requested(2, AB, 1), AB, UNPROVED), Ok(decided(requested(3, AB, 9), ConsentAction::Requested)));
    assert_eq!(grant(requested(3, AB, 1), AB, ADULT), Ok(decided(given(3, AB, Giver::Attendee(AgeBasis::Stated), 9), ConsentAction::Granted)));
}

#[test]
fn nothing_is_given_while_the_age_is_unknown_but_everything_can_be_taken_away() {
    assert_eq!(grant(Choice::Undecided, A, UNKNOWN), Err(ConsentIssue::AgeNotStated));
    assert_eq!(grant(adults(3, AB), ABC, UNKNOWN), Err(ConsentIssue::AgeNotStated));
    assert_eq!(grant(adults(3, AB), A, UNKNOWN), Ok(decided(adults(3, A), ConsentAction::Withdrawn)));
}

#[test]
fn what_somebody_under_age_ticks_waits_for_the_guardian() {
    let asks = |fields: FieldMask| Decision { choice: awaiting(3, fields, 9), action: Some(ConsentAction::Requested), ask_guardian: fields };
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
    assert_eq!(grant(guardians(3, AB), A, MINOR), Ok(decided(guardians(3, A), ConsentAction::Withdrawn)));
    assert_eq!(grant(guardians(3, AB), AB, MINOR), Ok(unchanged(guardians(3, AB))));
    let widened = grant(guardians(3, AB), ABC, MINOR);
    assert_eq!(widened, Ok(Decision { ask_guardian: C, ..unchanged(guardians(3, AB)) }));
    let both = grant(guardians(3, AB), BC, MINOR);
    assert_eq!(both, Ok(Decision { ask_guardian: C, ..decided(guardians(3, B), ConsentAction::Withdrawn) }));
    let other = grant(guardians(3, AB), C, MINOR);
    assert_eq!(other, Ok(Decision { ask_guardian: C, ..decided(awaiting(3, C, 9), ConsentAction::Requested) }));
    let superseded = grant(guardians(1, AB), AB, MINOR);
    assert_eq!(superseded, Ok(Decision { ask_guardian: AB, ..decided(awaiting(3, AB, 9), ConsentAction::Requested) }));
}

#[test]
fn the_guardian_gives_and_widens_unless_the_attendee_decided() {
    let given = Ok(decided(given(3, ABC, Giver::Guardian, 9), ConsentAction::Granted));
    for before in [Choice::Undecided, awaiting(3, A, 1), guardians(3, AB), refused(3, Decider::Guardian, 1), withdrawn(3, Decider::Guardian, 1)] {
        assert_eq!(grant(before, ABC, Who::Guardian), given, "{before:?}");
    }
    for before in [requested(3, A, 1), adults(3, AB), refused(3, Decider::Attendee, 1), withdrawn(3, Decider::Attendee, 1)] {
        assert_eq!(grant(before, ABC, Who::Guardian), Err(ConsentIssue::NotTheGuardians), "{before:?}");
    }
    assert_eq!(grant(guardians(3, AB), A, Who::Guardian), Ok(decided(guardians(3, A), ConsentAction::Withdrawn)));
}

#[test]
fn a_consent_that_covers_the_version_in_force_needs_no_new_one() {
    let narrower = Offer { version: 3, covers_from: 2, fields: AB };
    let held = adults(2, ABC);
    assert_eq!(held.grant(3, AB, &narrower, ADULT, act(9)), Ok(unchanged(held)));
    assert_eq!(held.grant(3, A, &narrower, ADULT, act(9)), Ok(decided(adults(2, A), ConsentAction::Withdrawn)));
    let minors = guardians(2, ABC);
    assert_eq!(minors.grant(3, AB, &narrower, MINOR, act(9)), Ok(unchanged(minors)));
    let renewed = given(3, AB, Giver::Attendee(AgeBasis::Stated), 9);
    assert_eq!(adults(1, ABC).grant(3, AB, &narrower, ADULT, act(9)), Ok(decided(renewed, ConsentAction::Granted)));
    assert!(adults(4, ABC).in_force(&narrower).is_none());
    assert!(adults(1, ABC).in_force(&narrower).is_none() && held.in_force(&narrower).is_some());
}

#[test]
fn refusing_differs_from_not_having_decided() {
    let no = decided(refused(3, Decider::Attendee, 9), ConsentAction::Refused);
    for before in [Choice::Undecided, requested(3, A, 1), awaiting(3, A, 1), refused(2, Decider::Attendee, 1), withdrawn(2, Decider::Attendee, 1)] {
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
        assert_eq!(before.refuse(3, Decider::Attendee, act(9)), decided(withdrawn(version, Decider::Attendee, 9), ConsentAction::Withdrawn));
    }
}

#[test]
fn withdrawing_the_whole_leaves_nothing_given_or_wished() {
    for before in [requested(2, AB, 1), awaiting(2, AB, 1), adults(2, AB), guardians(2, AB)] {
        for fields in [None, Some(ABC), Some(AB)] {
            let after = before.withdraw(fields, Decider::Guardian, act(9));
            assert_eq!(after, decided(withdrawn(2, Decider::Guardian, 9), ConsentAction::Withdrawn), "{before:?}");
        }
        assert_eq!(before.withdraw(Some(C), Decider::Attendee, act(9)), unchanged(before));
    }
    for before in [Choice::Undecided, refused(3, Decider::Attendee, 1), withdrawn(3, Decider::Attendee, 1)] {
        assert_eq!(before.withdraw(None, Decider::Attendee, act(9)), unchanged(before));
    }
}

#[test]
fn withdrawing_a_field_keeps_the_others_under_the_act_of_giving() {
    for (before, after) in
        [(requested(2, AB, 1), requested(2, B, 1)), (awaiting(2, AB, 1), awaiting(2, B, 1)), (adults(2, AB), adults(2, B)), (guardians(2, AB), guardians(2, B))]
    {
        assert_eq!(before.withdraw(Some(A), Decider::Attendee, act(9)), decided(after, ConsentAction::Withdrawn));
    }
}

#[test]
fn what_the_mailbox_does_not_name_again_becomes_undecided() {
    assert_eq!(requested(3, AB, 1).lapse(), decided(Choice::Undecided, ConsentAction::Lapsed));
    for before in every_state().into_iter().filter(|choice| choice.state() != ConsentState::Requested) {
        assert_eq!(before.lapse(), unchanged(before));
    }
}

#[test]
fn every_state_is_read_back_from_what_is_stored() {
    for choice in every_state() {
        match choice.stored() {
            None => assert_eq!(choice, Choice::Undecided),
            Some(stored) => assert_eq!((stored.state, Choice::from_stored(&stored)), (choice.state(), Some(choice))),
        }
    }
    let states = every_state().into_iter().map(|choice| choice.state()).collect::<std::collections::BTreeSet<_>>();
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
        assert_eq!(Choice::from_stored(&Consent { decider, age_basis, ..good }).is_some(), is_good, "{decider:?} {age_basis:?}");
    }
    assert_eq!(Choice::from_stored(&Consent { state: ConsentState::Undecided, ..good }), Some(Choice::Undecided));
}

#[derive(Clone, Copy, Debug)]
enum Step {
    Grant(FieldMask, Who),
    Refuse(Decider),
    Withdraw(Option<FieldMask>, Decider),
    Lapse,
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let fields = || (0..16_u64).prop_map(FieldMask);
    let who = prop::sample::select(vec![ADULT, BORN, UNPROVED, MINOR, UNPROVED_MINOR, UNKNOWN, Who::Guardian]);
    let decider = || prop::sample::select(Decider::ALL);
    let step = prop_oneof![
        4 => (fields(), who).prop_map(|(fields, who)| Step::Grant(fields, who)),
        1 => decider().prop_map(Step::Refuse),
        2 => (prop::option::of(fields()), decider()).prop_map(|(fields, who)| Step::Withdraw(fields, who)),
        1 => Just(Step::Lapse),
    ];
    prop::collection::vec(step, 1..12)
}

fn granted(choice: Choice) -> FieldMask {
    if let Choice::Granted(given) = choice { given.fields } else { NONE }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn whatever_happens_only_the_right_giver_widens_and_taking_away_always_works(steps in steps()) {
        let mut choice = Choice::Undecided;
        for (number, step) in (1..).zip(steps) {
            let before = choice;
            let decision = match step {
                Step::Grant(fields, who) => before.grant(3, fields, &OFFER, who, act(number)).unwrap_or(unchanged(before)),
                Step::Refuse(who) => before.refuse(3, who, act(number)),
                Step::Withdraw(fields, who) => before.withdraw(fields, who, act(number)),
                Step::Lapse => before.lapse(),
            };
            choice = decision.choice;
            prop_assert_eq!(decision.action.is_none(), choice == before, "an action exactly where something changed");
            let widened = !granted(choice).minus(granted(before)).is_empty();
            if widened {
                prop_assert!(matches!(step, Step::Grant(_, ADULT | BORN | Who::Guardian)), "{:?} by {:?}", before, step);
                prop_assert_eq!(choice.stored().map(|stored| stored.given_at), Some(Instant(number)));
            } else if let (Choice::Granted(old), Choice::Granted(new)) = (before, choice) {
                prop_assert_eq!((old.act, old.giver, old.version), (new.act, new.giver, new.version), "narrowing is no new consent");
            }
            match step {
                Step::Withdraw(fields, _) => prop_assert!(granted(choice).intersect(fields.unwrap_or(ABC)).is_empty()),
                Step::Refuse(_) => prop_assert!(matches!(choice, Choice::Refused(_) | Choice::Withdrawn(_))),
                Step::Lapse => prop_assert_eq!(granted(choice), granted(before)),
                Step::Grant(fields, _) => prop_assert!(granted(choice).is_subset_of(fields.union(granted(before)))),
            }
        }
    }
}
