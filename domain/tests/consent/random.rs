//! Whatever happens, in whatever order.

use crate::*;
use proptest::prelude::*;

#[derive(Clone, Copy, Debug)]
enum Step {
    Grant(FieldMask, Who),
    Refuse(Decider),
    Withdraw(Option<FieldMask>, Decider),
    Lapse,
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let fields = || (0..16_u64).prop_map(FieldMask);
    let who = prop::sample::select(vec![
        ADULT,
        BORN,
        UNPROVED,
        MINOR,
        UNPROVED_MINOR,
        UNKNOWN,
        Who::Guardian,
    ]);
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
    if let Choice::Granted(given) = choice {
        given.fields
    } else {
        NONE
    }
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
