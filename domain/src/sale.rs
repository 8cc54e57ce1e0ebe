//! Whether a ticket type can be bought now.

use crate::{Availability, EventStatus, Instant};

/// When something is sold.
#[derive(Clone, Copy, Debug)]
pub struct SaleWindow {
    /// From when (included); none means as soon as the event is published.
    pub from: Option<Instant>,
    /// Until when (excluded); none means until the event's end.
    pub until: Option<Instant>,
    /// The event's end (excluded): nothing is sold after it.
    pub event_ends: Instant,
}

/// What is left of a quota.
#[derive(Clone, Copy, Debug)]
pub struct Left {
    /// Free places.
    pub available: i64,
    /// All places.
    pub size: i64,
}

/// Whether a ticket type can be bought. It takes a place of each of its quotas, so the scarcest decides; without a quota
/// it is never sold out. Few are left when a tenth of a quota or less is free.
#[must_use]
pub fn availability(status: EventStatus, window: SaleWindow, quotas: &[Left], now: Instant) -> Availability {
    let over = window.until.is_some_and(|until| until <= now) || window.event_ends <= now;
    let early = window.from.is_some_and(|from| now < from);
    match status {
        EventStatus::Cancelled | EventStatus::Closed | EventStatus::Archived => Availability::SaleEnded,
        _ if over => Availability::SaleEnded,
        EventStatus::Draft => Availability::NotYetOnSale,
        EventStatus::Published if early => Availability::NotYetOnSale,
        EventStatus::Published if quotas.iter().any(|left| left.available <= 0) => Availability::SoldOut,
        EventStatus::Published if quotas.iter().any(|left| left.available <= left.size / 10) => Availability::FewLeft,
        EventStatus::Published => Availability::Available,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const WINDOW: SaleWindow = SaleWindow {
        from: Some(Instant(10)),
        until: Some(Instant(20)),
        event_ends: Instant(30),
    };
    const MANY: Left = Left {
        available: 50,
        size: 100,
    };

    fn at(now: i64) -> Availability {
        availability(EventStatus::Published, WINDOW, &[MANY], Instant(now))
    }

    #[test]
    fn something_is_on_sale_from_its_beginning_until_before_its_end() {
        assert_eq!(
            [9, 10, 19, 20].map(at),
            [
                Availability::NotYetOnSale,
                Availability::Available,
                Availability::Available,
                Availability::SaleEnded
            ]
        );
        let open = SaleWindow {
            from: None,
            until: None,
            ..WINDOW
        };
        let at = |now| availability(EventStatus::Published, open, &[], Instant(now));
        assert_eq!(
            [i64::MIN, 29, 30].map(at),
            [
                Availability::Available,
                Availability::Available,
                Availability::SaleEnded
            ]
        );
    }

    #[test]
    fn only_a_published_event_sells() {
        let expected = [
            (EventStatus::Draft, Availability::NotYetOnSale),
            (EventStatus::Published, Availability::Available),
            (EventStatus::Cancelled, Availability::SaleEnded),
            (EventStatus::Closed, Availability::SaleEnded),
            (EventStatus::Archived, Availability::SaleEnded),
        ];
        assert_eq!(expected.len(), EventStatus::ALL.len());
        for (status, availability) in expected {
            assert_eq!(super::availability(status, WINDOW, &[MANY], Instant(15)), availability);
        }
        assert_eq!(
            availability(EventStatus::Draft, WINDOW, &[MANY], Instant(20)),
            Availability::SaleEnded
        );
    }

    #[test]
    fn the_scarcest_quota_decides() {
        let of = |quotas: &[(i64, i64)]| {
            let quotas = quotas
                .iter()
                .map(|&(available, size)| Left { available, size })
                .collect::<Vec<_>>();
            availability(EventStatus::Published, WINDOW, &quotas, Instant(15))
        };
        assert_eq!(of(&[]), Availability::Available);
        assert_eq!(
            (of(&[(11, 100)]), of(&[(10, 100)]), of(&[(1, 100)]), of(&[(0, 100)])),
            (
                Availability::Available,
                Availability::FewLeft,
                Availability::FewLeft,
                Availability::SoldOut
            )
        );
        assert_eq!(
            (of(&[(50, 100), (0, 5)]), of(&[(50, 100), (5, 50)])),
            (Availability::SoldOut, Availability::FewLeft)
        );
        assert_eq!(
            (of(&[(1, 9)]), of(&[(-1, 9)])),
            (Availability::Available, Availability::SoldOut)
        );
    }
}
