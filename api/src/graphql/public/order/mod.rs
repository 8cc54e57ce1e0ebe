//! Orders: a quote before, an order after.

mod after;
mod payment;
mod query;
mod quote;
mod register;
mod register_input;
mod view;

pub use after::{AfterOrderingQuery, DecideAfterOrdering, DecideAfterOrderingUserError};
pub use payment::{Payment, PaymentMethod, PaymentStatus, RefundDueReason};
pub use query::OrderQuery;
pub(in crate::graphql) use quote::quoted;
pub use quote::{Quote, QuoteItemInput, QuoteQuery};
pub use register::{Register, RegisterUserError};
pub use register_input::AnswerInput;
pub use view::{Order, OrderLine, OrderStatus, OrderedPlace, PlaceStatus};
