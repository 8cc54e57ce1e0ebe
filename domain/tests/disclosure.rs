//! The rule against a second, naive statement of it: every combination of the conditions, and random sets of fields.

use consentry_domain::disclosure::*;
use consentry_domain::lead::*;
use consentry_domain::*;
use proptest::prelude::*;
use uuid::Uuid;

const PURPOSE: Purpose = Purpose::RelatedEvents;
const NAME: FieldMask = FieldMask::standard(AttendeeField::FullName);
const EMAIL: FieldMask = FieldMask::standard(AttendeeField::Email);
const PHONE: FieldMask = FieldMask::standard(AttendeeField::Phone);
const GIVEN: Instant = Instant(1_700_000_000_000_000);
const US: EventPartnerId = EventPartnerId(Uuid::from_u128(10));
const THEM: EventPartnerId = EventPartnerId(Uuid::from_u128(11));

fn values() -> LeadValues {
    LeadValues {
        full_name: Some("Ada Lovelace".to_owned()),
        email: Some("ada@example.org".to_owned()),
        answers: [(20, AnswerValue(vec!["x".to_owned()])), (62, AnswerValue(vec!["y".to_owned()]))].into(),
        ..LeadValues::default()
    }
}

fn truth(values: &LeadValues) -> Truth<'_> {
    Truth {
        purpose: PURPOSE,
        offer: Some(Offer { version: 3, covers_from: 2, fields: NAME.union(EMAIL).union(PHONE) }),
        consent: Consent {
            state: ConsentState::Granted,
            version: 2,
            granted: EMAIL.union(PHONE),
            decider: Decider::Attendee,
            age_basis: Some(AgeBasis::Stated),
            given_at: GIVEN,
            record_id: ConsentRecordId(Uuid::from_u128(5)),
        },
        registration: Registration {
            status: RegistrationStatus::Confirmed,
            mailbox_proved: true,
            consents_suspended: false,
            restricted: false,
            quarantined: false,
            opted_out: false,
            objected: PurposeSet::EMPTY,
        },
        values,
    }
}

fn image_of(fields: FieldMask) -> LeadImage {
    let mut values = values();
    values.retain(fields);
    let consent_record_id = ConsentRecordId(Uuid::from_u128(5));
    LeadImage { offer_version: 3, consented_on: GIVEN.day(), consent_record_id, mask: values.mask_of_present(), values }
}

fn stored(image: LeadImage) -> StoredLead {
    let (id, contact_key) = (LeadId(Uuid::from_u128(1)), ContactKey(Uuid::from_u128(2)));
    StoredLead { id, contact_key, state: LeadState::Live, revision: 7, received: FieldMask::EMPTY, image }
}

fn stream() -> InForce {
    let fields = NAME.union(EMAIL).union(PHONE);
    InForce { event_partner_id: US, purpose: PURPOSE, version: Some(3), active: true, starts: Some(Instant(10)), ends: Some(Instant(20)), fields }
}

fn scope(event_partner_id: EventPartnerId, purpose: Purpose, fields: FieldMask) -> Scope {
    Scope { event_partner_id, purposes: PurposeSet::EMPTY.with(purpose), fields }
}

fn reader(fields: FieldMask) -> Reader {
    Reader {
        status: TokenStatus::Active,
        not_before: Instant(5),
        expires_at: Instant(25),
        address_in_range: true,
        capabilities: vec![Capability::Pull],
        scopes: vec![scope(THEM, PURPOSE, FieldMask::ALL), scope(US, PURPOSE, fields)],
    }
}

fn read(lead: StoredLead, stream: &InForce, reader: &Reader, now: i64) -> Option<Disclosed<LeadImage>> {
    disclose(lead, stream, reader, Capability::Pull, Instant(now))
}

/// The reasons, in plain words, for which nothing is imaged.
fn objections(truth: &Truth<'_>) -> Vec<&'static str> {
    let mut found = Vec::new();
    let Some(offer) = truth.offer else { return vec!["no version is in force"] };
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
        (truth.registration.objected.iter().any(|purpose| purpose == truth.purpose), "objected"),
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
            if truth.offer.expect("in force").fields.contains(field) && truth.consent.granted.contains(field) && truth.values.has(field) {
                mask = mask.union(FieldMask::of(field));
            }
        }
    }
    mask
}

/// Both statements agree on this truth.
fn check(truth: &Truth<'_>) {
    let (expected, found) = (naive_mask(truth), image(truth));
    assert_eq!(found.as_ref().map_or(FieldMask::EMPTY, |image| image.mask), expected, "{:?} {truth:?}", objections(truth));
    let Some(found) = found else { return };
    assert!(!found.mask.is_empty(), "an image without fields exists: {truth:?}");
    assert_eq!(found.values.mask_of_present(), expected);
    for field in expected.iter() {
        if let Field::Standard(field) = field {
            assert_eq!(found.values.text(field), truth.values.text(field));
        }
    }
    assert_eq!(found.offer_version, truth.offer.expect("in force").version);
    assert_eq!((found.consented_on, found.consent_record_id), (truth.consent.given_at.day(), truth.consent.record_id));
}

#[test]
fn every_combination_of_conditions_agrees_with_the_naive_rule() {
    let values = values();
    let ages = AgeBasis::ALL.iter().copied().map(Some).chain([None]).collect::<Vec<_>>();
    let (mut asked, mut imaged) = (0, 0);
    for (state, decider, age) in itertools(ConsentState::ALL, Decider::ALL, &ages) {
        for status in RegistrationStatus::ALL.iter().copied() {
            for flags in 0..64_u32 {
                let flag = |bit: u32| flags >> bit & 1 == 1;
                for version in 1..=4 {
                    let mut truth = truth(&values);
                    truth.consent = Consent { state, decider, age_basis: age, version, ..truth.consent };
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
    a.iter().flat_map(|x| b.iter().flat_map(move |y| c.iter().map(move |z| (*x, *y, *z)))).collect()
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
    truth.offer = Some(Offer { version: 3, covers_from: 3, fields: FieldMask::ALL });
    for (version, seen) in [(1, false), (2, false), (3, true), (4, false)] {
        truth.consent.version = version;
        assert_eq!(image(&truth).is_some(), seen, "version {version}");
    }
}

#[test]
fn each_condition_of_reading_closes_the_lead_when_it_alone_fails() {
    type Break = fn(&mut StoredLead, &mut InForce, &mut Reader);
    let breaks: &[(&str, Break)] = &[
        ("restricted", |lead, _, _| lead.state = LeadState::Restricted),
        ("removed", |lead, _, _| lead.state = LeadState::Removed),
        ("of an older version", |lead, _, _| lead.image.offer_version = 2),
        ("of a later version", |lead, _, _| lead.image.offer_version = 4),
        ("no version in force", |_, stream, _| stream.version = None),
        ("partner not active", |_, stream, _| stream.active = false),
        ("not begun", |_, stream, _| stream.starts = Some(Instant(16))),
        ("ended", |_, stream, _| stream.ends = Some(Instant(15))),
        ("fields no longer offered", |_, stream, _| stream.fields = PHONE),
        ("mask without values", |lead, _, _| lead.image.values = LeadValues::default()),
        ("values without mask", |lead, _, _| lead.image.mask = FieldMask::EMPTY),
        ("not claimed", |_, _, reader| reader.status = TokenStatus::Unclaimed),
        ("revoked", |_, _, reader| reader.status = TokenStatus::Revoked),
        ("not yet valid", |_, _, reader| reader.not_before = Instant(16)),
        ("expired", |_, _, reader| reader.expires_at = Instant(15)),
        ("elsewhere", |_, _, reader| reader.address_in_range = false),
        ("without the capability", |_, _, reader| reader.capabilities.clear()),
        ("without a scope", |_, _, reader| reader.scopes.clear()),
        ("at another partner only", |_, _, reader| reader.scopes[1].event_partner_id = THEM),
        ("for another purpose only", |_, _, reader| reader.scopes[1].purposes = PurposeSet::EMPTY.with(Purpose::EventFollowUp)),
        ("stream of another partner", |_, stream, reader| {
            stream.event_partner_id = THEM;
            reader.scopes.remove(0);
        }),
        ("stream of another purpose", |_, stream, _| stream.purpose = Purpose::EventFollowUp),
    ];
    let parts = || (stored(image_of(NAME.union(EMAIL))), stream(), reader(FieldMask::ALL));
    let (lead, at, by) = parts();
    assert!(read(lead, &at, &by, 15).is_some(), "the unbroken one must be seen");
    for (name, break_it) in breaks {
        let (mut lead, mut at, mut by) = parts();
        break_it(&mut lead, &mut at, &mut by);
        assert!(read(lead, &at, &by, 15).is_none(), "{name}");
    }
}

#[test]
fn beginnings_are_included_and_ends_are_not() {
    let seen = |at: InForce, by: Reader, now: i64| read(stored(image_of(EMAIL)), &at, &by, now).is_some();
    let open = InForce { starts: None, ends: None, ..stream() };
    for (now, by_stream, by_reader) in [(4, false, false), (5, false, true), (9, false, true), (10, true, true), (19, true, true), (20, false, true), (24, false, true), (25, false, false)] {
        let always = Reader { not_before: Instant::MIN, expires_at: Instant::MAX, ..reader(EMAIL) };
        assert_eq!(seen(stream(), always.clone(), now), by_stream, "stream at {now}");
        assert_eq!(seen(open, reader(EMAIL), now), by_reader, "reader at {now}");
        assert!(seen(open, always, now));
    }
}

#[test]
fn a_narrower_reader_sees_fewer_values_and_not_fewer_rows() {
    for fields in [FieldMask::ALL, NAME, EMAIL, PHONE, FieldMask::EMPTY] {
        let seen = read(stored(image_of(NAME.union(EMAIL))), &stream(), &reader(fields), 15).expect("the row exists for every reader");
        assert_eq!(seen.mask, NAME.union(EMAIL).intersect(fields));
        assert_eq!(seen.values.mask_of_present(), seen.mask);
        assert_eq!(seen.received_bits(), seen.mask.union(FieldMask::RECEIVED));
        assert_eq!((seen.id().0.as_u128(), seen.contact_key().0.as_u128(), seen.revision()), (1, 2, 7));
        assert_eq!((seen.offer_version, seen.consented_on), (3, GIVEN.day()));
    }
}

#[test]
fn a_mark_is_needed_until_every_bit_was_received() {
    let needs = |received: FieldMask, fields: FieldMask| {
        let lead = StoredLead { received, ..stored(image_of(NAME.union(EMAIL))) };
        read(lead, &stream(), &reader(fields), 15).expect("seen").needs_mark()
    };
    let id = FieldMask::RECEIVED;
    assert!(needs(FieldMask::EMPTY, FieldMask::EMPTY), "a lead without values is marked, too");
    assert!(!needs(id, FieldMask::EMPTY));
    assert!(needs(id, EMAIL) && needs(EMAIL, EMAIL));
    assert!(needs(id.union(EMAIL), FieldMask::ALL));
    assert!(!needs(id.union(EMAIL), EMAIL) && !needs(id.union(NAME).union(EMAIL).union(PHONE), FieldMask::ALL));
}

fn mask() -> impl Strategy<Value = FieldMask> {
    prop_oneof![any::<u64>(), Just(0), Just(u64::MAX), (0..64_u32).prop_map(|bit| 1 << bit)].prop_map(FieldMask)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn the_image_holds_what_is_offered_and_granted_and_present(offered in mask(), granted in mask(), present in mask()) {
        let mut values = values();
        values.phone = Some("+49 30 1".to_owned());
        values.answers.extend((20..=62).map(|bit| (bit, AnswerValue(vec!["z".to_owned()]))));
        values.retain(present);
        let mut truth = truth(&values);
        truth.offer = Some(Offer { version: 2, covers_from: 1, fields: offered });
        truth.consent.granted = granted;
        check(&truth);
    }

    #[test]
    fn the_values_read_are_exactly_those_that_all_four_sets_share(kept in mask(), held in mask(), offered in mask(), readable in mask()) {
        let mut lead = stored(image_of(FieldMask::ALL));
        lead.image.values.retain(held);
        lead.image.mask = kept;
        let present = lead.image.values.mask_of_present();
        let at = InForce { fields: offered, ..stream() };
        let shared = |sets: &[FieldMask]| (0..63).filter(|bit| sets.iter().all(|set| set.0 >> bit & 1 == 1)).fold(0, |mask, bit| mask | 1 << bit);
        let disclosable = shared(&[kept, present, offered]);
        match read(lead.clone(), &at, &reader(readable), 15) {
            None => prop_assert_eq!(disclosable, 0),
            Some(seen) => {
                prop_assert_ne!(disclosable, 0);
                prop_assert_eq!(seen.mask.0, shared(&[kept, present, offered, readable]));
                prop_assert_eq!(seen.values.mask_of_present(), seen.mask);
            }
        }
        // Whether the lead exists, and what it is called, does not depend on the reader's fields.
        let other = read(lead.clone(), &at, &reader(FieldMask::ALL), 15);
        prop_assert_eq!(other.map(|seen| seen.id()), read(lead, &at, &reader(readable), 15).map(|seen| seen.id()));
    }

    #[test]
    fn what_is_not_disclosable_changes_no_image(granted in mask(), hidden: String) {
        let (seen, mut changed) = (values(), values());
        let offer = Offer { version: 3, covers_from: 2, fields: EMAIL };
        changed.full_name = Some(hidden.clone());
        changed.company = Some(hidden.clone());
        changed.answers.insert(33, AnswerValue(vec![hidden]));
        let one = Truth { offer: Some(offer), ..truth(&seen) };
        let mut two = Truth { offer: Some(offer), ..truth(&changed) };
        two.consent.granted = granted.union(EMAIL);
        two.registration.objected = PurposeSet::EMPTY.with(Purpose::EventFollowUp);
        prop_assert_eq!(image(&one), image(&two));
    }
}
