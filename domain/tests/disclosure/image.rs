//! The first step against its naive restatement, every combination of its conditions.

use crate::*;

/// The reasons, in plain words, for which nothing is imaged.
fn objections(truth: &Truth<'_>) -> Vec<&'static str> {
    let mut found = Vec::new();
    let Some(offer) = truth.offer else {
        return vec!["no version is in force"];
    };
    if truth.consent.state.as_str() != "GRANTED" {
        found.push("not granted");
    }
    if truth.consent.version < offer.covers_from || truth.consent.version > offer.version {
        found.push("given for a version that does not reach the one in force");
    }
    let age = truth.consent.age_basis.map(AgeBasis::as_str);
    if truth.consent.decider == Decider::Guardian && age != Some("GUARDIAN") {
        found.push("a guardian who is not known as one");
    }
    if truth.consent.decider == Decider::Attendee && age != Some("STATED") && age != Some("DATE_OF_BIRTH") {
        found.push("an attendee not known to be of age");
    }
    if truth.consent.decider == Decider::Attendee && !truth.registration.mailbox_proved {
        found.push("an attendee whose mailbox is not proved");
    }
    if truth.registration.status.as_str() != "CONFIRMED" {
        found.push("not confirmed");
    }
    for (holds, reason) in [
        (truth.registration.restricted, "restricted"),
        (truth.registration.quarantined, "quarantined"),
        (truth.registration.opted_out, "opted out"),
        (truth.registration.consents_suspended, "suspended"),
        (
            truth
                .registration
                .objected
                .iter()
                .any(|purpose| purpose == truth.purpose),
            "objected",
        ),
    ] {
        if holds {
            found.push(reason);
        }
    }
    found
}

/// What is imaged, field by field.
fn naive_mask(truth: &Truth<'_>) -> FieldMask {
    let mut mask = FieldMask::EMPTY;
    if objections(truth).is_empty() {
        for bit in 0..=62 {
            let Some(field) = Field::from_bit(bit) else { continue };
            if truth.offer.expect("in force").fields.contains(field)
                && truth.consent.granted.contains(field)
                && truth.values.has(field)
            {
                mask = mask.union(FieldMask::of(field));
            }
        }
    }
    mask
}

/// Both statements agree on this truth.
pub fn check(truth: &Truth<'_>) {
    let (expected, found) = (naive_mask(truth), image(truth));
    assert_eq!(
        found.as_ref().map_or(FieldMask::EMPTY, |image| image.mask),
        expected,
        "{:?} {truth:?}",
        objections(truth)
    );
    let Some(found) = found else { return };
    assert!(!found.mask.is_empty(), "an image without fields exists: {truth:?}");
    assert_eq!(found.values.mask_of_present(), expected);
    for field in expected.iter() {
        if let Field::Standard(field) = field {
            assert_eq!(found.values.text(field), truth.values.text(field));
        }
    }
    assert_eq!(found.offer_version, truth.offer.expect("in force").version);
    assert_eq!(found.consented_version, truth.consent.version);
    assert_eq!(
        (found.consented_on, found.consent_record_id),
        (truth.consent.given_at.day(), truth.consent.record_id)
    );
}

#[test]
fn every_combination_of_conditions_agrees_with_the_naive_rule() {
    let values = values();
    let ages = AgeBasis::ALL
        .iter()
        .copied()
        .map(Some)
        .chain([None])
        .collect::<Vec<_>>();
    let (mut asked, mut imaged) = (0, 0);
    for (state, decider, age) in itertools(ConsentState::ALL, Decider::ALL, &ages) {
        for status in RegistrationStatus::ALL.iter().copied() {
            for flags in 0..64_u32 {
                let flag = |bit: u32| flags >> bit & 1 == 1;
                for version in 1..=4 {
                    let mut truth = truth(&values);
                    truth.consent = Consent {
                        state,
                        decider,
                        age_basis: age,
                        version,
                        ..truth.consent
                    };
                    truth.registration = Registration {
                        status,
                        mailbox_proved: flag(0),
                        consents_suspended: flag(1),
                        restricted: flag(2),
                        quarantined: flag(3),
                        opted_out: flag(4),
                        objected: PurposeSet::EMPTY.with(if flag(5) { PURPOSE } else { Purpose::EventFollowUp }),
                    };
                    check(&truth);
                    asked += 1;
                    imaged += u32::from(image(&truth).is_some());
                }
            }
        }
    }
    // Stated, date of birth (mailbox proved) and guardian (proved or not), each for two of the versions.
    assert_eq!((asked, imaged), (6 * 2 * 4 * 4 * 64 * 4, (1 + 1 + 2) * 2));
}

fn itertools<A: Copy, B: Copy, C: Copy>(a: &[A], b: &[B], c: &[C]) -> Vec<(A, B, C)> {
    a.iter()
        .flat_map(|x| b.iter().flat_map(move |y| c.iter().map(move |z| (*x, *y, *z))))
        .collect()
}

#[test]
fn without_a_version_in_force_there_is_no_image() {
    let values = values();
    let mut truth = truth(&values);
    truth.offer = None;
    check(&truth);
    assert!(image(&truth).is_none());
}

#[test]
fn a_consent_that_covers_no_other_version_is_good_for_its_own_alone() {
    let values = values();
    let mut truth = truth(&values);
    truth.offer = Some(Offer {
        version: 3,
        covers_from: 3,
        fields: FieldMask::ALL,
    });
    for (version, seen) in [(1, false), (2, false), (3, true), (4, false)] {
        truth.consent.version = version;
        assert_eq!(image(&truth).is_some(), seen, "version {version}");
    }
}
