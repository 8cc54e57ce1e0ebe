//! How a service says no: expected refusals are data (a field, a code, a sentence), everything else is a fault.

use sea_orm::DbErr;

use super::store::Retry;

/// Why something was refused. Each mutation's error enum is a subset.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[expect(missing_docs, reason = "the GraphQL enums document each code")]
pub enum Code {
    Invalid,
    Required,
    TooLong,
    NotFound,
    Taken,
    Stale,
    WrongState,
    NotPermitted,
    IdempotencyMismatch,
    SoldOut,
    NotOnSale,
    LimitExceeded,
    TooYoung,
    ConsentNotYours,
    AgeNotStated,
    GuardianRequired,
    Expired,
    Incomplete,
    NotShareable,
    TooEarly,
    TooLate,
    AlreadyPaid,
    PaymentProcessing,
    PaymentUnavailable,
    CurrencyMismatch,
    LastOwner,
    RateLimited,
    AlreadyCheckedIn,
    NotConfirmed,
    Cancelled,
    WrongEvent,
    LowContrast,
}

/// One expected refusal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// The path of the input's field, outermost first; empty when it is about the whole.
    pub field: Vec<String>,
    /// The reason.
    pub code: Code,
    /// What is wrong and the way out, in English.
    pub message: String,
}

/// Problems found so far, so that a form's errors come all at once.
#[derive(Clone, Debug, Default)]
pub struct Problems(Vec<Problem>);

impl Problems {
    /// None yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Notes one. `field` is a dotted path as the client wrote it: `attendees.0.email`.
    pub fn add(&mut self, field: impl AsRef<str>, code: Code, message: impl Into<String>) {
        let field = field.as_ref();
        self.0.push(Problem {
            field: field
                .split('.')
                .filter(|part| !part.is_empty())
                .map(str::to_owned)
                .collect(),
            code,
            message: message.into(),
        });
    }

    /// Keeps a value that was judged, or notes why not.
    pub fn keep<T>(&mut self, field: impl AsRef<str>, judged: Result<T, (Code, String)>) -> Option<T> {
        match judged {
            Ok(value) => Some(value),
            Err((code, message)) => {
                self.add(field, code, message);
                None
            }
        }
    }

    /// Notes one where what should hold does not; whether it holds.
    pub fn expect(&mut self, holds: bool, field: impl AsRef<str>, code: Code, message: impl Into<String>) -> bool {
        if !holds {
            self.add(field, code, message);
        }
        holds
    }

    /// All of them.
    #[must_use]
    pub fn into_vec(self) -> Vec<Problem> {
        self.0
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Goes on only when there are none.
    ///
    /// # Errors
    /// All of them.
    pub fn none(self) -> Result<(), Refused> {
        if self.0.is_empty() {
            Ok(())
        } else {
            Err(Refused::Problems(self.0))
        }
    }
}

/// Why a service did not do what it was asked.
#[derive(Debug, thiserror::Error)]
pub enum Refused {
    /// Expected: the caller can mend it.
    #[error("refused: {0:?}")]
    Problems(Vec<Problem>),
    /// Nobody is signed in, where somebody must be.
    #[error("not signed in")]
    Unauthenticated,
    /// The organization asks its team for an authenticator, and the caller, who is of the team, has none.
    #[error("an authenticator is required")]
    AuthenticatorRequired,
    /// Unexpected.
    #[error(transparent)]
    Fault(#[from] Fault),
}

/// Something that should not happen; logged once at the edge, told to nobody.
#[derive(Debug, thiserror::Error)]
pub enum Fault {
    /// The database failed.
    #[error("database: {0}")]
    Database(#[from] DbErr),
    /// Stored data is not what this program writes.
    #[error("stored data is not as expected: {0}")]
    Corrupt(String),
    /// Something outside failed.
    #[error("{0}")]
    Outside(String),
}

impl Refused {
    /// One problem.
    #[must_use]
    pub fn because(field: &str, code: Code, message: impl Into<String>) -> Self {
        let mut problems = Problems::new();
        problems.add(field, code, message);
        Self::Problems(problems.0)
    }

    /// The same once more, for a change that is run again.
    #[must_use]
    pub fn again(&self) -> Self {
        match self {
            Self::Problems(problems) => Self::Problems(problems.clone()),
            Self::Unauthenticated => Self::Unauthenticated,
            Self::AuthenticatorRequired => Self::AuthenticatorRequired,
            Self::Fault(fault) => Self::Fault(Fault::Outside(fault.to_string())),
        }
    }

    /// The same about a part of something larger, whose path comes first: `attendees.0`.
    #[must_use]
    pub fn within(self, path: &str) -> Self {
        match self {
            Self::Problems(problems) => {
                let part = |mut problem: Problem| {
                    problem.field.splice(0..0, path.split('.').map(str::to_owned));
                    problem
                };
                Self::Problems(problems.into_iter().map(part).collect())
            }
            other => other,
        }
    }

    /// Unknown, foreign and forbidden: one answer.
    #[must_use]
    pub fn not_found(field: &str) -> Self {
        Self::because(field, Code::NotFound, "Nothing was found here.")
    }
}

impl From<DbErr> for Refused {
    fn from(error: DbErr) -> Self {
        Self::Fault(Fault::Database(error))
    }
}

impl Retry for Refused {
    fn is_retryable(&self) -> bool {
        matches!(self, Self::Fault(Fault::Database(error)) if error.is_retryable())
    }
}

impl Retry for Fault {
    fn is_retryable(&self) -> bool {
        matches!(self, Self::Database(error) if error.is_retryable())
    }
}

/// One after another of many that have nothing to do with each other: one that fails does not stand in the way of the
/// others.
#[derive(Debug, Default)]
pub struct Apart(Option<Refused>);

impl Apart {
    /// What it came to; nothing where it failed.
    pub fn take<T: Default>(&mut self, outcome: Result<T, Refused>) -> T {
        outcome.unwrap_or_else(|refused| {
            self.0.get_or_insert(refused);
            T::default()
        })
    }

    /// The first failure, once all were tried.
    ///
    /// # Errors
    /// That failure.
    pub fn end<T>(self, done: T) -> Result<T, Refused> {
        self.0.map_or(Ok(done), Err)
    }
}
