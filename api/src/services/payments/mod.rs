//! Payments: how money comes in.
//!
//! A payment's row is committed before a provider hears of it, a provider is never called inside a transaction, and what
//! its answer does to payment and order is decided by `domain::payment` under the order's lock. Locks are taken in the
//! order that everybody keeps: order, payment, registrations, lead rows, quotas.

pub mod accounts;
mod bank;
mod check;
mod checkout;
mod close;
mod expire;
mod mark_paid;
mod offered;
pub mod provider;
mod reconcile;
mod refund;
mod remind;
mod rows;
mod settle;
mod start;
mod webhook;

pub use bank::Instructions;
pub use check::{Checked, check_all};
pub use expire::expire_due;
pub use mark_paid::mark_paid;
pub use offered::{offered, transfer_of};
pub use reconcile::{Reconciled, reconcile};
pub use refund::settle_refund;
pub use remind::remind_due;
pub use start::{NewPayment, Started, start};
pub use webhook::{Refusal, receive};
