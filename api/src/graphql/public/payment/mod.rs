//! Paying an order.

mod start_payment;

pub use start_payment::{BankTransferInstructions, StartPayment, StartPaymentUserError};
