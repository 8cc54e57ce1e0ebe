//! The rights of staff, as data: which role holds which right. The check, the schema's descriptions and the
//! role × operation matrix all come from this table.

use consentry_domain::{AccountId, Role};

use super::door::{Actor, AtDoor};

/// Who can hold a right: accounts, where nothing else is said.
macro_rules! actor {
    () => {
        AccountId
    };
    ($actor:ty) => {
        $actor
    };
}

/// Declares the rights, a marker type for each, and the table of roles.
macro_rules! rights {
    ($($(#[$meta:meta])* $name:ident $(by $actor:ty)?: $($role:ident)|+;)*) => {
        /// What staff can be allowed to do.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum Right {$($(#[$meta])* $name,)*}

        impl Right {
            /// Every right.
            pub const ALL: &'static [Self] = &[$(Self::$name),*];

            /// The roles that hold it.
            #[must_use]
            pub const fn roles(self) -> &'static [Role] {
                match self {$(Self::$name => &[$(Role::$role),+],)*}
            }

            /// Its name.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self {$(Self::$name => stringify!($name),)*}
            }
        }

        $($(#[$meta])* #[derive(Clone, Copy, Debug)] pub struct $name;
        impl Permission for $name { const RIGHT: Right = Right::$name; type Actor = actor!($($actor)?); })*
    };
}

/// A right as a type, so that a service can demand it in its signature.
pub trait Permission: Send + Sync + 'static {
    /// The right.
    const RIGHT: Right;
    /// Who can hold it.
    type Actor: Actor;
}

rights! {
    /// See the organization's own side: events in every state, partners, statistics.
    ViewOrganization: Owner | Manager | Finance | CheckIn | Viewer | Dpo;
    /// Change what it is called and where it is reached.
    ManageOrganization: Owner;
    /// Create and change events and their parts.
    ManageEvents: Owner | Manager;
    /// See the roster.
    ViewRoster: Owner | Manager | Finance | Viewer | Dpo;
    /// Take a list away.
    ExportRoster: Owner | Manager | Dpo;
    /// See orders and payments.
    ViewOrders: Owner | Manager | Finance | Viewer;
    /// Book and cancel orders.
    ManageOrders: Owner | Manager | Finance;
    /// Correct and cancel registrations.
    ManageRegistrations: Owner | Manager;
    /// Let people in.
    CheckInPeople by AtDoor: Owner | Manager | CheckIn;
    /// Partners, offers, tokens.
    ManagePartners: Owner | Manager;
    /// See and send mails again.
    ManageMails: Owner | Manager;
    /// The team.
    ManageTeam: Owner;
    /// Accounts at providers.
    ManageProviders: Owner | Finance;
    /// The audit log.
    ViewAudit: Owner | Dpo;
    /// Restrict, quarantine, prove, answer complaints: what the data-protection officer does.
    ProtectData: Dpo;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_officer_protects_data_and_check_in_sees_no_roster() {
        assert_eq!(Right::ProtectData.roles(), [Role::Dpo]);
        assert!(!Right::ViewRoster.roles().contains(&Role::CheckIn));
    }
}
