//! Orders and payments: each transition, and money that comes twice, late and in any order.

use consentry_domain::order::{OpenPayment, Order};
use consentry_domain::payment::{Payment, Settlement, settle};
use consentry_domain::*;
use proptest::prelude::*;

const AT: Instant = Instant(7);
const DUE: Option<Instant> = Some(Instant(5));
const OPEN: [OpenPayment; 3] = [OpenPayment::None, OpenPayment::Created, OpenPayment::Processing];

fn orders() -> [Order; 5] {
    [
        Order::Pending { expires_at: DUE },
        Order::Expiring { expires_at: DUE },
        Order::Paid { at: AT },
        Order::Expired { at: AT },
        Order::Cancelled { at: AT },
    ]
}

fn payments() -> [Payment; 5] {
    [
        Payment::Created,
        Payment::Processing,
        Payment::Confirmed {
            at: AT,
            refund_due: None,
        },
        Payment::Failed,
        Payment::Cancelled,
    ]
}

#[test]
fn an_order_is_paid_while_it_is_pending_or_expiring() {
    let paid = Some(Order::Paid { at: AT });
    assert_eq!(orders().map(|order| order.pay(AT).ok()), [paid, paid, None, None, None]);
    assert_eq!(
        orders().map(|order| order.revive(AT).ok()),
        [None, None, None, paid, None]
    );
}

#[test]
fn an_order_expires_in_two_steps_and_never_while_a_payment_is_processing() {
    let [pending, expiring, _, expired, _] = orders();
    for order in orders() {
        for payment in OPEN {
            let begins = order == pending && payment != OpenPayment::Processing;
            assert_eq!(
                order.begin_expiry(payment, AT).ok(),
                begins.then_some(expiring),
                "{order:?} {payment:?}"
            );
            let ends = order == expiring && payment == OpenPayment::None;
            assert_eq!(
                order.expire(payment, AT).ok(),
                ends.then_some(expired),
                "{order:?} {payment:?}"
            );
        }
    }
    assert!(
        pending.begin_expiry(OpenPayment::None, Instant(4)).is_err(),
        "it has time left"
    );
    assert!(pending.begin_expiry(OpenPayment::None, Instant(5)).is_ok());
    assert!(
        Order::Pending { expires_at: None }
            .begin_expiry(OpenPayment::None, Instant::MAX)
            .is_err()
    );
    assert_eq!(
        orders().map(|order| order.wait_on().ok()),
        [None, Some(pending), None, None, None]
    );
}

#[test]
fn an_order_is_called_off_unless_it_has_ended_or_its_payment_is_processing() {
    let cancelled = Some(Order::Cancelled { at: AT });
    for payment in [OpenPayment::None, OpenPayment::Created] {
        assert_eq!(
            orders().map(|order| order.cancel(payment, AT).ok()),
            [cancelled, cancelled, cancelled, None, None]
        );
    }
    assert!(
        orders()
            .iter()
            .all(|order| order.cancel(OpenPayment::Processing, AT).is_err())
    );
}

#[test]
fn an_order_holds_its_places_until_it_ends_and_takes_payment_while_it_has_time() {
    assert_eq!(orders().map(Order::holds_places), [true, true, true, false, false]);
    assert_eq!(
        orders().map(|order| order.is_due(AT)),
        [true, true, false, false, false]
    );
    assert_eq!(
        orders().map(|order| order.takes_payment(Instant(4))),
        [true, false, false, false, false]
    );
    assert!(!orders()[0].takes_payment(Instant(5)) && Order::Pending { expires_at: None }.takes_payment(AT));
}

#[test]
fn each_payment_transition_starts_where_it_may_and_nowhere_else() {
    assert_eq!(
        payments().map(|payment| payment.process().ok()),
        [Some(Payment::Processing), None, None, None, None]
    );
    assert_eq!(
        payments().map(|payment| payment.fail().ok()),
        [Some(Payment::Failed), Some(Payment::Failed), None, None, None]
    );
    assert_eq!(
        payments().map(|payment| payment.cancel().ok()),
        [Some(Payment::Cancelled), None, None, None, None]
    );
    assert_eq!(payments().map(Payment::is_open), [true, true, false, false, false]);
    let error = payments()[2].fail().expect_err("late");
    assert_eq!(error.to_string(), "payment cannot go from CONFIRMED to FAILED");
    assert_eq!(payments()[1].cancel().expect_err("processing").to, "CANCELLED");
    assert_eq!(payments()[3].process().expect_err("failed").to, "PROCESSING");
}

#[test]
fn refusals_name_where_the_order_stands_and_was_to_go() {
    let [pending, _, paid, ..] = orders();
    let refusals = [
        paid.pay(AT),
        paid.wait_on(),
        pending.expire(OpenPayment::None, AT),
        paid.begin_expiry(OpenPayment::None, AT),
        pending.revive(AT),
    ];
    let named = refusals.map(|refusal| {
        refusal
            .map(Order::status)
            .map_err(|error| (error.of, error.from, error.to))
    });
    assert_eq!(
        named,
        [
            Err(("order", "PAID", "PAID")),
            Err(("order", "PAID", "PENDING")),
            Err(("order", "PENDING", "EXPIRED")),
            Err(("order", "PAID", "EXPIRING")),
            Err(("order", "PENDING", "PAID"))
        ]
    );
    assert_eq!(
        orders()[3].cancel(OpenPayment::None, AT).expect_err("ended").to,
        "CANCELLED"
    );
}

#[test]
fn every_state_is_read_back_from_what_is_stored() {
    for order in orders() {
        let (paid, ended) = if order.status() == OrderStatus::Paid {
            (Some(AT), None)
        } else {
            (None, Some(AT))
        };
        assert_eq!(Order::from_stored(order.status(), DUE, paid, ended), Some(order));
        assert_eq!(
            Order::from_stored(order.status(), None, None, None).is_some(),
            matches!(order, Order::Pending { .. } | Order::Expiring { .. })
        );
    }
    for payment in payments() {
        assert_eq!(Payment::from_stored(payment.status(), Some(AT), None), Some(payment));
        assert_eq!(
            Payment::from_stored(payment.status(), None, None).is_some(),
            payment.status() != PaymentStatus::Confirmed
        );
    }
    let due = Some(RefundDueReason::SecondPayment);
    assert_eq!(
        Payment::from_stored(PaymentStatus::Confirmed, Some(AT), due),
        Some(Payment::Confirmed {
            at: AT,
            refund_due: due
        })
    );
}

#[test]
fn money_pays_the_order_or_is_due_back() {
    let confirmed = |refund_due| Payment::Confirmed { at: AT, refund_due };
    let (paid, late) = (Order::Paid { at: AT }, Some(RefundDueReason::PaidAfterExpiry));
    for payment in payments()
        .into_iter()
        .filter(|payment| payment.status() != PaymentStatus::Confirmed)
    {
        assert_eq!(
            orders().map(|order| settle(payment, order, AT)),
            [
                Settlement::Pays {
                    payment: confirmed(None),
                    order: paid
                },
                Settlement::Pays {
                    payment: confirmed(None),
                    order: paid
                },
                Settlement::RefundDue {
                    payment: confirmed(Some(RefundDueReason::SecondPayment))
                },
                Settlement::Late {
                    if_taken: (confirmed(None), paid),
                    if_gone: confirmed(late)
                },
                Settlement::RefundDue {
                    payment: confirmed(late)
                },
            ]
        );
    }
    for order in orders() {
        assert_eq!(settle(confirmed(None), order, AT), Settlement::AlreadySettled);
        assert_eq!(settle(confirmed(late), order, AT), Settlement::AlreadySettled);
    }
}

#[test]
fn money_of_another_amount_is_due_back_whatever_the_payment_was() {
    for payment in payments() {
        let refused = payment.refuse_amount(AT);
        if payment.status() == PaymentStatus::Confirmed {
            assert!(refused.is_err(), "{payment:?}");
        } else {
            let due = Payment::Confirmed {
                at: AT,
                refund_due: Some(RefundDueReason::WrongAmount),
            };
            assert_eq!(refused, Ok(due));
            for order in orders() {
                assert_eq!(settle(due, order, AT), Settlement::AlreadySettled);
            }
        }
    }
}

#[derive(Clone, Copy, Debug)]
enum Step {
    Process(usize),
    Succeed(usize, bool),
    Fail(usize),
    GiveUp(usize),
    BeginExpiry,
    Expire,
    Cancel,
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let step = prop_oneof![
        (0..3_usize).prop_map(Step::Process),
        (0..3_usize, any::<bool>()).prop_map(|(payment, places_left)| Step::Succeed(payment, places_left)),
        (0..3_usize).prop_map(Step::Fail),
        (0..3_usize).prop_map(Step::GiveUp),
        Just(Step::BeginExpiry),
        Just(Step::Expire),
        Just(Step::Cancel),
    ];
    prop::collection::vec(step, 0..20)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn however_events_come_at_most_one_payment_pays_and_every_other_confirmed_one_is_due_back(steps in steps()) {
        let mut order = Order::Pending { expires_at: DUE };
        let mut payments = [Payment::Created; 3];
        let mut was_paid = false;
        for step in steps {
            let open = |payment: Payment| payments.contains(&payment);
            let open = if open(Payment::Processing) { OpenPayment::Processing } else if open(Payment::Created) { OpenPayment::Created } else { OpenPayment::None };
            match step {
                Step::Process(n) => payments[n] = payments[n].process().unwrap_or(payments[n]),
                Step::Fail(n) => payments[n] = payments[n].fail().unwrap_or(payments[n]),
                Step::GiveUp(n) => payments[n] = payments[n].cancel().unwrap_or(payments[n]),
                Step::BeginExpiry => order = order.begin_expiry(open, AT).unwrap_or(order),
                Step::Expire => order = order.expire(open, AT).unwrap_or(order),
                Step::Cancel => order = order.cancel(open, AT).unwrap_or(order),
                Step::Succeed(n, places_left) => match settle(payments[n], order, AT) {
                    Settlement::AlreadySettled => (),
                    Settlement::Pays { payment, order: paid } => (payments[n], order) = (payment, paid),
                    Settlement::Late { if_taken, .. } if places_left => (payments[n], order) = if_taken,
                    Settlement::Late { if_gone: payment, .. } | Settlement::RefundDue { payment } => payments[n] = payment,
                },
            }
            was_paid |= matches!(order, Order::Paid { .. });
            let paying = payments.iter().filter(|payment| matches!(payment, Payment::Confirmed { refund_due: None, .. })).count();
            prop_assert_eq!(paying, usize::from(was_paid), "{:?} {:?}", order, payments);
        }
    }
}
