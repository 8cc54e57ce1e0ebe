//! Both steps over random sets of fields.

use crate::image::check;
use crate::*;
use proptest::prelude::*;

fn mask() -> impl Strategy<Value = FieldMask> {
    prop_oneof![
        any::<u64>(),
        Just(0),
        Just(u64::MAX),
        (0..64_u32).prop_map(|bit| 1 << bit)
    ]
    .prop_map(FieldMask)
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
