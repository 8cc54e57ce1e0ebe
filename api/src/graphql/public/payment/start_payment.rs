//! `startPayment`.

use async_graphql::{Context, InputObject, Object, Result, SimpleObject};

use crate::graphql::public::{Payment, PaymentMethod};
use crate::graphql::scalars::{DateTime, Money, URL};
use crate::graphql::{errors, platform};
use crate::platform::Refused;
use crate::services::payments::{self, Instructions, NewPayment};
use crate::user_errors;

/// A payment to be started.
#[derive(InputObject)]
pub struct StartPaymentInput {
    /// New for each payment, the same when it is sent again.
    idempotency_key: String,
    /// The organization's slug.
    organization: String,
    /// The order.
    order_code: String,
    /// What opens it.
    order_secret: String,
    /// How it is to be paid.
    method: PaymentMethod,
    /// Where the payer goes afterwards.
    return_url: Option<URL>,
}

user_errors! {
    /// Why `startPayment` was refused.
    StartPaymentUserError, StartPaymentErrorCode {
        /// It is not what is expected.
        Invalid,
        /// It is missing.
        Required,
        /// It has too many characters.
        TooLong,
        /// There is no such order, or the secret does not open it.
        NotFound,
        /// Nothing more is to be paid.
        AlreadyPaid,
        /// The order has ended.
        WrongState,
        /// Money is on its way.
        PaymentProcessing,
        /// It cannot be paid in this way, or not now.
        PaymentUnavailable,
        /// The key was used for another payment.
        IdempotencyMismatch,
    }
}

/// How to pay by a transfer.
#[derive(SimpleObject)]
pub struct BankTransferInstructions {
    /// Whose account it is.
    account_holder: String,
    /// The account.
    iban: String,
    /// The bank, where it must be named.
    bic: Option<String>,
    /// What to write into the transfer, so that it is recognised.
    reference: String,
    /// How much.
    amount: Money,
    /// The same as the text of a QR code that banks' apps read (EPC069-12); absent where that cannot say it, as for other
    /// currencies than euro.
    qr_payload: Option<String>,
    /// Until when the places are held.
    due: Option<DateTime>,
}

impl From<Instructions> for BankTransferInstructions {
    fn from(instructions: Instructions) -> Self {
        Self {
            qr_payload: instructions.qr_payload(),
            amount: instructions.amount.into(),
            account_holder: instructions.account.account_holder,
            iban: instructions.account.iban,
            bic: instructions.account.bic,
            reference: instructions.reference,
            due: instructions.due.map(Into::into),
        }
    }
}

/// What `startPayment` did.
#[derive(SimpleObject, Default)]
pub struct StartPaymentPayload {
    /// The payment; absent when it was refused.
    payment: Option<Payment>,
    /// Where the payer goes to pay.
    redirect_url: Option<URL>,
    /// How to pay by a transfer.
    bank_transfer: Option<BankTransferInstructions>,
    /// Why it was refused.
    user_errors: Vec<StartPaymentUserError>,
}

/// The mutation.
#[derive(Default)]
pub struct StartPayment;

/// The mutation.
#[Object]
impl StartPayment {
    /// Starts a payment of an order. An order has one open payment: asked again, it is the same one.
    async fn start_payment(&self, ctx: &Context<'_>, input: StartPaymentInput) -> Result<Option<StartPaymentPayload>> {
        match run(ctx, input).await {
            Ok(payload) => Ok(Some(payload)),
            Err(refused) => Ok(Some(StartPaymentPayload {
                user_errors: errors::problems(refused)?,
                ..Default::default()
            })),
        }
    }
}

async fn run(ctx: &Context<'_>, input: StartPaymentInput) -> Result<StartPaymentPayload, Refused> {
    let new = NewPayment {
        idempotency_key: input.idempotency_key,
        organization: input.organization,
        order_code: input.order_code,
        order_secret: input.order_secret,
        method: input.method.into(),
        return_url: input.return_url.map(|url| url.0),
    };
    let started = payments::start(platform(ctx), &new).await?;
    Ok(StartPaymentPayload {
        redirect_url: started.payment.redirect_url.clone().map(URL),
        bank_transfer: started.instructions.map(Into::into),
        payment: Some(Payment::new(started.payment)?),
        user_errors: Vec::new(),
    })
}
