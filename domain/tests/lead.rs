//! What a change of the truth does to the lead table.

use consentry_domain::disclosure::*;
use consentry_domain::lead::*;
use consentry_domain::words::fold;
use consentry_domain::*;
use proptest::prelude::*;
use uuid::Uuid;

const EMAIL: FieldMask = FieldMask::standard(AttendeeField::Email);

fn values() -> LeadValues {
    LeadValues {
        email: Some("ada@example.org".to_owned()),
        ..LeadValues::default()
    }
}

fn truth(values: &LeadValues) -> Truth<'_> {
    Truth {
        purpose: Purpose::EventFollowUp,
        offer: Some(Offer {
            version: 1,
            covers_from: 1,
            fields: EMAIL,
        }),
        consent: Consent {
            state: ConsentState::Granted,
            version: 1,
            granted: EMAIL,
            decider: Decider::Guardian,
            age_basis: Some(AgeBasis::Guardian),
            given_at: Instant(0),
            record_id: ConsentRecordId(Uuid::nil()),
        },
        registration: Registration {
            status: RegistrationStatus::Confirmed,
            mailbox_proved: false,
            consents_suspended: false,
            restricted: false,
            quarantined: false,
            opted_out: false,
            objected: PurposeSet::EMPTY,
        },
        values,
    }
}

fn live() -> LeadImage {
    image(&truth(&values())).expect("granted by the guardian")
}

fn stored(state: LeadState, image: LeadImage) -> StoredLead {
    StoredLead {
        id: LeadId(Uuid::nil()),
        contact_key: ContactKey(Uuid::nil()),
        state,
        revision: 1,
        received: FieldMask::EMPTY,
        image,
    }
}

#[test]
fn restriction_and_quarantine_restrict_and_everything_else_removes() {
    type Change = fn(&mut Truth<'_>);
    let cases: &[(Change, Standing)] = &[
        (|_| (), Standing::Live(live())),
        (|t| t.registration.restricted = true, Standing::Restricted),
        (|t| t.registration.quarantined = true, Standing::Restricted),
        (
            |t| (t.registration.restricted, t.registration.quarantined) = (true, true),
            Standing::Restricted,
        ),
        (|t| t.registration.opted_out = true, Standing::Removed),
        (|t| t.registration.consents_suspended = true, Standing::Removed),
        (
            |t| t.registration.status = RegistrationStatus::Cancelled,
            Standing::Removed,
        ),
        (|t| t.consent.state = ConsentState::Withdrawn, Standing::Removed),
        (|t| t.offer = None, Standing::Removed),
        (
            |t| (t.registration.restricted, t.consent.state) = (true, ConsentState::Withdrawn),
            Standing::Removed,
        ),
    ];
    for (number, (change, expected)) in cases.iter().enumerate() {
        let values = values();
        let mut truth = truth(&values);
        change(&mut truth);
        assert_eq!(standing(&truth), *expected, "case {number}");
    }
}

#[test]
fn a_write_that_leaves_the_image_equal_touches_no_row() {
    let lead = stored(LeadState::Live, live());
    assert_eq!(change(Some(&lead), Standing::Live(live())), LeadChange::Keep);
    assert_eq!(change(None, Standing::Removed), LeadChange::Keep);
    assert_eq!(change(None, Standing::Restricted), LeadChange::Keep);
    assert_eq!(
        change(Some(&stored(LeadState::Restricted, live())), Standing::Restricted),
        LeadChange::Keep
    );
}

#[test]
fn any_difference_of_the_image_rewrites_the_row() {
    let changes: [fn(&mut LeadImage); 6] = [
        |image| image.offer_version = 2,
        |image| image.consented_version = 2,
        |image| image.consented_on = Day(1),
        |image| image.consent_record_id = ConsentRecordId(Uuid::from_u128(1)),
        |image| image.mask = FieldMask::EMPTY,
        |image| image.values.email = Some("ada@example.net".to_owned()),
    ];
    for change_it in changes {
        let mut image = live();
        change_it(&mut image);
        assert_eq!(
            change(Some(&stored(LeadState::Live, live())), Standing::Live(image.clone())),
            LeadChange::Rewrite(image)
        );
    }
}

#[test]
fn a_lifted_restriction_brings_the_same_lead_back_and_a_grant_after_removal_a_new_one() {
    assert_eq!(
        change(Some(&stored(LeadState::Restricted, live())), Standing::Live(live())),
        LeadChange::Rewrite(live())
    );
    assert_eq!(
        change(Some(&stored(LeadState::Removed, live())), Standing::Live(live())),
        LeadChange::Insert(live())
    );
    assert_eq!(change(None, Standing::Live(live())), LeadChange::Insert(live()));
}

#[test]
fn what_is_taken_away_restricts_or_removes() {
    assert_eq!(
        change(Some(&stored(LeadState::Live, live())), Standing::Restricted),
        LeadChange::Restrict
    );
    assert_eq!(
        change(Some(&stored(LeadState::Live, live())), Standing::Removed),
        LeadChange::Remove
    );
    assert_eq!(
        change(Some(&stored(LeadState::Restricted, live())), Standing::Removed),
        LeadChange::Remove
    );
    assert_eq!(
        change(Some(&stored(LeadState::Removed, live())), Standing::Removed),
        LeadChange::Keep
    );
    assert_eq!(
        change(Some(&stored(LeadState::Removed, live())), Standing::Restricted),
        LeadChange::Keep
    );
}

#[test]
fn states_are_stored_as_one_two_three() {
    for (number, state) in [
        (1, LeadState::Live),
        (2, LeadState::Restricted),
        (3, LeadState::Removed),
    ] {
        assert_eq!((state.to_db(), LeadState::from_db(number)), (number, Some(state)));
    }
    assert_eq!((LeadState::from_db(0), LeadState::from_db(4)), (None, None));
}

#[test]
fn a_lead_is_deleted_by_the_later_of_event_and_consent_plus_the_retention() {
    assert_eq!(delete_by(Day(100), Day(90), 30), Day(130));
    assert_eq!(delete_by(Day(100), Day(110), 30), Day(140));
}

fn named(name: &str) -> LeadValues {
    LeadValues {
        full_name: Some(name.to_owned()),
        ..LeadValues::default()
    }
}

#[test]
fn keys_sort_without_case_and_accents_and_nothing_comes_last() {
    let key = |name: &str| sort_key(&named(name), AttendeeField::FullName);
    let mut names = ["Zoe", "ärger", "Arger B", "", "王", "zebra", " \u{300} "];
    names.sort_by_key(|name| key(name));
    assert_eq!(names[..5], ["ärger", "Arger B", "zebra", "Zoe", "王"]);
    assert_eq!([key(""), key(" \u{300} ")], [NO_KEY, NO_KEY]);
    assert_eq!(
        sort_key(&named("Ada"), AttendeeField::Company),
        NO_KEY,
        "a key is of its own field"
    );
    assert_eq!(key(&"ß".repeat(200)).chars().count(), LONGEST_KEY);
}

proptest! {
    #[test]
    fn a_key_is_short_and_stands_before_nothing(name in "\\PC{0,60}") {
        let key = sort_key(&named(&name), AttendeeField::FullName);
        prop_assert!(key.chars().count() <= LONGEST_KEY && !key.is_empty());
        prop_assert_eq!(key == NO_KEY, fold(&name).trim().is_empty() || key.starts_with(NO_KEY));
        prop_assert!(key.as_bytes() <= NO_KEY.as_bytes() || key.starts_with(NO_KEY));
    }
}
