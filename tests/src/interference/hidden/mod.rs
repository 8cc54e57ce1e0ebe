//! Changes that only one world goes through. The observer has no right to any of them, so it must not notice.

mod orders;
mod others;
mod somebody;

use uuid::Uuid;

pub(super) use self::somebody::{change, check_in, complain, erase};
use super::side::Side;
use super::world::World;

/// A hidden change. Those with a number are of one of the people who share something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Hidden {
    /// Somebody registers and decides nothing.
    Registers,
    /// Somebody registers and ticks every box, and the mailbox is not proved.
    NotProved,
    /// Somebody refuses the observer.
    Refuses,
    /// Somebody grants to another partner.
    GrantsElsewhere,
    /// Somebody grants the observer, for a purpose that no token covers.
    GrantsOtherPurpose,
    /// Somebody grants and withdraws before it was received.
    WithdrawsUnreceived,
    /// A guardian is asked, and does not permit it.
    GuardianRefuses,
    /// Somebody's payment is waited for.
    WaitsForPayment,
    /// Somebody pays.
    Pays,
    /// An order is called off.
    OrderCancelled,
    /// Somebody granted, and gives the place up before it was received.
    Cancelled,
    /// Somebody granted, and staff take the place back before it was received.
    CancelledByStaff,
    /// Somebody granted, and is restricted before it was received.
    Restricted,
    /// Somebody granted, and is in quarantine.
    Quarantined,
    /// Somebody granted, and objects.
    Objects,
    /// Somebody granted, and a privacy signal opts them out.
    OptsOut,
    /// Somebody granted, and staff correct the address before it was received.
    AddressChanges,
    /// Somebody granted, and is erased before it was received.
    ErasedUnreceived,
    /// A guardian is waited for.
    WaitsForGuardian,
    /// Somebody who shares nothing comes in.
    ComesIn,
    /// Somebody who shares nothing comes in, by mistake.
    ComesInByMistake,
    /// Somebody who shares nothing is corrected.
    Corrected,
    /// Somebody who shares nothing is erased.
    Erased,
    /// A value that is not granted is corrected.
    ValueNotGranted(usize, &'static str),
    /// Somebody comes in who did not grant attendance.
    PresenceNotGranted(usize),
    /// Somebody who shares something grants to another partner, too.
    AlsoElsewhere(usize),
    /// Somebody who shares something grants for another purpose, too.
    AlsoOtherPurpose(usize),
    /// Somebody who shares something registers once more with the same address, and ticks every box.
    SecondPlace(usize),
    /// Somebody who shares something reads what was handed out.
    ReadsDisclosures(usize),
    /// Somebody who shares something complains, and is answered.
    Complains(usize),
    /// Somebody who shares something has a place at another tenant's event, and is erased there.
    ErasedElsewhere(usize),
    /// Another partner asks for something more and waits for approval; one is added to an event that is not published.
    PartnerAsks,
    /// Another partner gets a token, which is revoked.
    TokenElsewhere,
    /// Another partner pulls.
    PullElsewhere,
    /// Another tenant has people, and its partner pulls.
    OtherTenant,
    /// Staff look at the roster and at the log, and take a list away.
    StaffLook,
    /// The team gets a member.
    TeamGrows,
}

/// Every kind that needs nobody in particular.
pub(super) const OF_OTHERS: &[Hidden] = &[
    Hidden::Registers,
    Hidden::NotProved,
    Hidden::Refuses,
    Hidden::GrantsElsewhere,
    Hidden::GrantsOtherPurpose,
    Hidden::WithdrawsUnreceived,
    Hidden::GuardianRefuses,
    Hidden::WaitsForPayment,
    Hidden::Pays,
    Hidden::OrderCancelled,
    Hidden::Cancelled,
    Hidden::CancelledByStaff,
    Hidden::Restricted,
    Hidden::Quarantined,
    Hidden::Objects,
    Hidden::OptsOut,
    Hidden::AddressChanges,
    Hidden::ErasedUnreceived,
    Hidden::WaitsForGuardian,
    Hidden::ComesIn,
    Hidden::ComesInByMistake,
    Hidden::Corrected,
    Hidden::Erased,
    Hidden::PartnerAsks,
    Hidden::TokenElsewhere,
    Hidden::PullElsewhere,
    Hidden::OtherTenant,
    Hidden::StaffLook,
    Hidden::TeamGrows,
];
/// The kinds of those who share something.
pub(super) const OF_PEOPLE: &[Hidden] = &[
    Hidden::ValueNotGranted(0, ""),
    Hidden::PresenceNotGranted(0),
    Hidden::AlsoElsewhere(0),
    Hidden::AlsoOtherPurpose(0),
    Hidden::SecondPlace(0),
    Hidden::ReadsDisclosures(0),
    Hidden::Complains(0),
    Hidden::ErasedElsewhere(0),
];

/// What somebody who conspires with the observer could know of a hidden change.
#[derive(Clone, Debug, Default)]
pub struct Hints {
    /// Addresses.
    pub emails: Vec<String>,
    /// Codes of orders.
    pub orders: Vec<String>,
    /// Event partners.
    pub partners: Vec<Uuid>,
    /// Leads in other streams, or that are gone.
    pub leads: Vec<Uuid>,
    /// Anything else that has a public id: what it is, and which one.
    pub ids: Vec<(u8, Uuid)>,
    /// Codes that are shown at doors.
    pub codes: Vec<String>,
}

impl Hints {
    /// Tells of a public id.
    fn tell(&mut self, public: &str) {
        let (tag, parts) = consentry::graphql::ids::unpack(&async_graphql::ID(public.to_owned())).expect("a public id");
        self.ids.push((tag, *parts.last().expect("an id")));
    }
}

impl Hidden {
    /// What it is called in counts.
    #[must_use]
    pub fn kind(self) -> String {
        let text = format!("{self:?}");
        text.split('(').next().unwrap_or_default().to_owned()
    }

    /// `number` is new for each hidden change, in whichever world.
    pub(super) async fn apply(self, side: &Side, world: &mut World, number: u64, hints: &mut Hints) {
        let slug = &world.sharing.organization.slug;
        let email = format!("h{number}-{slug}@example.org");
        match self {
            Self::NotProved
            | Self::WaitsForGuardian
            | Self::GuardianRefuses
            | Self::WaitsForPayment
            | Self::Pays
            | Self::OrderCancelled => self.order(side, world, &email, hints).await,
            Self::ValueNotGranted(person, _)
            | Self::PresenceNotGranted(person)
            | Self::AlsoElsewhere(person)
            | Self::AlsoOtherPurpose(person)
            | Self::SecondPlace(person)
            | Self::ReadsDisclosures(person)
            | Self::Complains(person)
            | Self::ErasedElsewhere(person) => self.of_somebody_known(side, world, person, number, hints).await,
            Self::PartnerAsks
            | Self::TokenElsewhere
            | Self::PullElsewhere
            | Self::OtherTenant
            | Self::StaffLook
            | Self::TeamGrows => self.of_others(side, world, &email, number, hints).await,
            _ => self.of_somebody_new(side, world, &email, hints).await,
        }
    }
}
