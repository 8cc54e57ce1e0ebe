//! What was done: how often each kind of change, and every single one in its order.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::sync::{Mutex, PoisonError};

/// Declares the kinds of change with their weights.
macro_rules! kinds {
    ($($(#[$doc:meta])* $name:ident = $weight:literal,)*) => {
        /// A kind of change.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum Kind {
            $($(#[$doc])* $name,)*
        }

        /// Every kind, with how often it is tried.
        pub const KINDS: &[(Kind, u32)] = &[$((Kind::$name, $weight),)*];
    };
}

kinds! {
    /// Somebody registers one or several.
    Register = 60,
    /// A mailbox is proved and everything that was ticked is affirmed.
    ConfirmAll = 40,
    /// A mailbox is proved and something else than what was ticked is affirmed.
    ConfirmSome = 30,
    /// A mailbox is proved and nothing is affirmed.
    ConfirmNone = 12,
    /// An attendee decides.
    SetConsents = 180,
    /// An attendee takes a consent back.
    WithdrawConsent = 20,
    /// An attendee takes fields back.
    WithdrawFields = 20,
    /// An attendee takes everything back.
    WithdrawAll = 6,
    /// A guardian decides.
    Guardian = 25,
    /// An attendee changes the own registration's data.
    Update = 40,
    /// Another address that was wished for is proved.
    ProveAddress = 12,
    /// Staff corrects a registration's data.
    Correct = 35,
    /// An attendee cancels.
    CancelOwn = 5,
    /// An attendee asks to be forgotten.
    Erase = 8,
    /// Staff cancels a place.
    CancelPlace = 3,
    /// Staff cancels an order.
    CancelOrder = 3,
    /// An order is paid.
    MarkPaid = 18,
    /// Unpaid orders expire.
    Expire = 7,
    /// Somebody comes in.
    CheckIn = 25,
    /// That was a mistake.
    UndoCheckIn = 12,
    /// A person's data is restricted.
    Restrict = 10,
    /// It is no longer.
    LiftRestriction = 18,
    /// A registration is kept back.
    Quarantine = 6,
    /// It is no longer.
    LiftQuarantine = 10,
    /// A purpose is objected to, or no more.
    Objection = 10,
    /// A privacy signal comes, or is gone.
    OptOut = 8,
    /// Staff corrects an address: nothing is shared until it is proved.
    Suspend = 6,
    /// A version that only takes away is approved.
    Narrow = 8,
    /// A version in other words is approved.
    Editorial = 8,
    /// A version that asks for more is approved.
    Widen = 4,
    /// A requested version is rejected.
    Reject = 4,
    /// A requested version is taken back.
    WithdrawRequested = 4,
    /// The version in force is taken back.
    WithdrawInForce = 1,
    /// A version is approved that ends soon.
    EndSoon = 2,
    /// The end of a version in force passes.
    EndPasses = 5,
    /// An event partner's notice becomes another.
    Notice = 3,
    /// A partner is switched off.
    PartnerOff = 5,
    /// A partner is switched on.
    PartnerOn = 8,
    /// An event partner is switched off.
    EventPartnerOff = 3,
    /// An event partner is switched on.
    EventPartnerOn = 8,
    /// A partner pulls.
    Pull = 60,
}

/// What became of a change that was tried.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It was done.
    Done,
    /// It was refused.
    Refused,
    /// There was nothing to do it to.
    Nothing,
}

/// What was done.
#[derive(Debug, Default)]
pub struct History {
    lines: Mutex<Vec<String>>,
    counts: Mutex<BTreeMap<Kind, (u32, u32)>>,
    situations: Mutex<BTreeMap<Situation, u32>>,
}

/// Something that only a coincidence of changes brings about, and that has to be among what happens.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Situation {
    /// A new version finds a restricted lead whose consent covers it.
    RestrictedKept,
    /// A new version, or the end of one, finds a restricted lead of which nothing is left.
    RestrictedGone,
    /// Somebody is forgotten of whom a partner has received something.
    ReceivedForgotten,
}

/// Every situation.
pub const SITUATIONS: &[Situation] = &[
    Situation::RestrictedKept,
    Situation::RestrictedGone,
    Situation::ReceivedForgotten,
];

impl History {
    /// Notes what is being tried, in words.
    pub fn note(&self, line: String) {
        self.lines.lock().unwrap_or_else(PoisonError::into_inner).push(line);
    }

    /// Counts.
    pub fn count(&self, kind: Kind, outcome: Outcome) {
        let mut counts = self.counts.lock().unwrap_or_else(PoisonError::into_inner);
        let (done, refused) = counts.entry(kind).or_default();
        match outcome {
            Outcome::Done => *done += 1,
            Outcome::Refused => *refused += 1,
            Outcome::Nothing => {}
        }
    }

    /// Notes that something came about, so many times.
    pub fn came_about(&self, situation: Situation, times: usize) {
        let mut situations = self.situations.lock().unwrap_or_else(PoisonError::into_inner);
        *situations.entry(situation).or_default() += u32::try_from(times).unwrap_or(u32::MAX);
    }

    /// The situations that never came about.
    #[must_use]
    pub fn never_came_about(&self) -> Vec<Situation> {
        let situations = self.situations.lock().unwrap_or_else(PoisonError::into_inner);
        let never = |situation: &Situation| situations.get(situation).is_none_or(|times| *times == 0);
        SITUATIONS.iter().copied().filter(never).collect()
    }

    /// The last lines.
    #[must_use]
    pub fn tail(&self, count: usize) -> String {
        let lines = self.lines.lock().unwrap_or_else(PoisonError::into_inner);
        lines[lines.len().saturating_sub(count)..].join("\n")
    }

    /// How often each kind was done (and refused), and what came about, as one line.
    #[must_use]
    pub fn summary(&self) -> String {
        let counts = self.counts.lock().unwrap_or_else(PoisonError::into_inner);
        let mut line = String::new();
        for (kind, (done, refused)) in &*counts {
            write!(line, "{kind:?} {done}").expect("a text takes everything");
            if *refused > 0 {
                write!(line, " (-{refused})").expect("a text takes everything");
            }
            line.push_str(", ");
        }
        let all: u32 = counts.values().map(|(done, _)| done).sum();
        let situations = self.situations.lock().unwrap_or_else(PoisonError::into_inner);
        format!("{line}{all} in all; {situations:?}")
    }

    /// The kinds that were never done.
    #[must_use]
    pub fn never(&self) -> Vec<Kind> {
        let counts = self.counts.lock().unwrap_or_else(PoisonError::into_inner);
        let done = |kind: &Kind| counts.get(kind).is_some_and(|(done, _)| *done > 0);
        KINDS.iter().map(|(kind, _)| *kind).filter(|kind| !done(kind)).collect()
    }
}
