//! Work outside the database: added in the transaction that makes it necessary, done afterwards, at least once.
//!
//! A worker leases a bounded batch; a lease that its holder does not end (the process died) runs out and the work is
//! leased again. What fails is tried again later and later, and after its last attempt lies dead, where an operator
//! sees it and can start it anew. Whoever ends work must still hold its lease: otherwise another has taken over.

mod add;
mod backoff;
mod finish;
mod lease;

pub use add::{Added, NewWork, add, add_all};
pub use backoff::pause;
pub use finish::{Failure, Held, done, failed, revive};
pub use lease::{Work, lease};
