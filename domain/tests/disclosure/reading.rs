//! The second step: each condition by itself, and what a narrower reader sees.

use crate::*;

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
        ("mask without values", |lead, _, _| {
            lead.image.values = LeadValues::default()
        }),
        ("values without mask", |lead, _, _| lead.image.mask = FieldMask::EMPTY),
        ("not claimed", |_, _, reader| reader.status = TokenStatus::Unclaimed),
        ("revoked", |_, _, reader| reader.status = TokenStatus::Revoked),
        ("not yet valid", |_, _, reader| reader.not_before = Instant(16)),
        ("expired", |_, _, reader| reader.expires_at = Instant(15)),
        ("elsewhere", |_, _, reader| reader.address_in_range = false),
        ("without the capability", |_, _, reader| reader.capabilities.clear()),
        ("without a scope", |_, _, reader| reader.scopes.clear()),
        ("at another partner only", |_, _, reader| {
            reader.scopes[1].event_partner_id = THEM
        }),
        ("for another purpose only", |_, _, reader| {
            reader.scopes[1].purposes = PurposeSet::EMPTY.with(Purpose::EventFollowUp)
        }),
        ("stream of another partner", |_, stream, reader| {
            stream.event_partner_id = THEM;
            reader.scopes.remove(0);
        }),
        ("stream of another purpose", |_, stream, _| {
            stream.purpose = Purpose::EventFollowUp
        }),
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
    let open = InForce {
        starts: None,
        ends: None,
        ..stream()
    };
    for (now, by_stream, by_reader) in [
        (4, false, false),
        (5, false, true),
        (9, false, true),
        (10, true, true),
        (19, true, true),
        (20, false, true),
        (24, false, true),
        (25, false, false),
    ] {
        let always = Reader {
            not_before: Instant::MIN,
            expires_at: Instant::MAX,
            ..reader(EMAIL)
        };
        assert_eq!(seen(stream(), always.clone(), now), by_stream, "stream at {now}");
        assert_eq!(seen(open, reader(EMAIL), now), by_reader, "reader at {now}");
        assert!(seen(open, always, now));
    }
}

#[test]
fn a_narrower_reader_sees_fewer_values_and_not_fewer_rows() {
    for fields in [FieldMask::ALL, NAME, EMAIL, PHONE, FieldMask::EMPTY] {
        let seen = read(stored(image_of(NAME.union(EMAIL))), &stream(), &reader(fields), 15)
            .expect("the row exists for every reader");
        assert_eq!(seen.mask, NAME.union(EMAIL).intersect(fields));
        assert_eq!(seen.values.mask_of_present(), seen.mask);
        assert_eq!(seen.received_bits(), seen.mask.union(FieldMask::RECEIVED));
        assert_eq!(
            (seen.id().0.as_u128(), seen.contact_key().0.as_u128(), seen.revision()),
            (1, 2, 7)
        );
        assert_eq!(
            (seen.offer_version, seen.consented_version, seen.consented_on),
            (3, 2, GIVEN.day())
        );
    }
}

#[test]
fn a_mark_is_needed_until_every_bit_was_received() {
    let needs = |received: FieldMask, fields: FieldMask| {
        let lead = StoredLead {
            received,
            ..stored(image_of(NAME.union(EMAIL)))
        };
        read(lead, &stream(), &reader(fields), 15).expect("seen").needs_mark()
    };
    let id = FieldMask::RECEIVED;
    assert!(
        needs(FieldMask::EMPTY, FieldMask::EMPTY),
        "a lead without values is marked, too"
    );
    assert!(!needs(id, FieldMask::EMPTY));
    assert!(needs(id, EMAIL) && needs(EMAIL, EMAIL));
    assert!(needs(id.union(EMAIL), FieldMask::ALL));
    assert!(!needs(id.union(EMAIL), EMAIL) && !needs(id.union(NAME).union(EMAIL).union(PHONE), FieldMask::ALL));
}
