//! `linkedOrderOffers` and `decideAfterOrdering`: what partners ask, once more, of a buyer who has just ordered.

use std::sync::Arc;

use async_graphql::{Context, InputObject, Object, Result, SimpleObject};

use crate::graphql::public::{ConsentInput, ConsentIssue, Event, GuardianInput, SharingOffer};
use crate::graphql::{errors, platform};
use crate::platform::keys::LinkKind;
use crate::platform::{Fault, Refused};
use crate::services::registration::after_ordering as service;
use crate::services::sharing::Guardian;
use crate::services::sharing::offers::ShownOffer;
use crate::user_errors;

/// The query.
#[derive(Default)]
pub struct AfterOrderingQuery;

#[Object]
impl AfterOrderingQuery {
    /// What partners ask of the buyer whose order a link opens, for the buyer's own place, and nobody has decided: neither
    /// wished nor refused. None of it once the address is proved. Absent where there is no such place.
    async fn linked_order_offers(&self, ctx: &Context<'_>, secret: String) -> Result<Option<LinkedOrderOffers>> {
        let platform = platform(ctx);
        let Some(link) = platform.keys.open_link(LinkKind::Order, &secret) else {
            return Ok(None);
        };
        let look = async {
            let asked = service::open(platform, link).await?;
            let Some(asked) = asked else { return Ok(None) };
            let event = Event::new(asked.linked.event, asked.linked.organization)?;
            Ok(Some(LinkedOrderOffers {
                is_of_age: asked.is_of_age,
                offers: offers(asked.offers, &event),
            }))
        };
        look.await.map_err(|fault: Fault| errors::internal(&fault))
    }
}

/// What is asked of a buyer who has just ordered.
#[derive(SimpleObject)]
pub struct LinkedOrderOffers {
    /// Whether the buyer is old enough to decide alone, by the date of birth, so that it need not be asked; absent where
    /// none is known.
    is_of_age: Option<bool>,
    /// What nobody has decided.
    offers: Vec<SharingOffer>,
}

fn offers(offers: Vec<Arc<ShownOffer>>, event: &Event) -> Vec<SharingOffer> {
    let offers = offers.into_iter();
    offers.map(|offer| SharingOffer::new(event.clone(), offer)).collect()
}

/// What a buyer decides for the own place after ordering.
#[derive(InputObject)]
pub struct DecideAfterOrderingInput {
    /// The order's secret.
    secret: String,
    /// Whether the buyer is old enough to decide alone; asked when something is to be shared.
    of_age: Option<bool>,
    /// Who decides for the buyer otherwise.
    guardian: Option<GuardianInput>,
    /// What is wished, and what is refused. A wish holds only once it is affirmed from the mailbox (`confirmEmail`); what
    /// is refused is not asked again.
    #[graphql(default)]
    consents: Vec<ConsentInput>,
}

user_errors! {
    /// Why `decideAfterOrdering` was refused.
    DecideAfterOrderingUserError, DecideAfterOrderingErrorCode {
        /// It is not what is expected.
        Invalid,
        /// It is missing.
        Required,
        /// It has too many characters.
        TooLong,
        /// The secret opens nothing, or the event has never offered this.
        NotFound,
        /// The address is proved: sign in.
        WrongState,
    }
}

/// What `decideAfterOrdering` did.
#[derive(SimpleObject, Default)]
pub struct DecideAfterOrderingPayload {
    /// What is still undecided; absent when it was refused.
    offers: Option<Vec<SharingOffer>>,
    /// What could not be taken: it blocks nothing.
    consent_issues: Vec<ConsentIssue>,
    /// Why it was refused.
    user_errors: Vec<DecideAfterOrderingUserError>,
}

/// The mutation.
#[derive(Default)]
pub struct DecideAfterOrdering;

/// The mutation.
#[Object]
impl DecideAfterOrdering {
    /// Says of the buyer's own place what is wished and what is refused, as in the form itself, until the address is
    /// proved. It gives nothing.
    async fn decide_after_ordering(
        &self,
        ctx: &Context<'_>,
        input: DecideAfterOrderingInput,
    ) -> Result<Option<DecideAfterOrderingPayload>> {
        match run(ctx, input).await {
            Ok(payload) => Ok(Some(payload)),
            Err(refused) => Ok(Some(DecideAfterOrderingPayload {
                user_errors: errors::problems(refused)?,
                ..Default::default()
            })),
        }
    }
}

async fn run(ctx: &Context<'_>, input: DecideAfterOrderingInput) -> Result<DecideAfterOrderingPayload, Refused> {
    let platform = platform(ctx);
    let not_found = || Refused::not_found("secret");
    let link = platform
        .keys
        .open_link(LinkKind::Order, &input.secret)
        .ok_or_else(not_found)?;
    let wishes: Vec<_> = input
        .consents
        .iter()
        .map(|consent| consent.wish(link.organization))
        .collect();
    let guardian = input.guardian.map(Guardian::from);
    let decided = service::decide(platform, link, input.of_age, guardian.as_ref(), &wishes).await?;
    let linked = &decided.left.linked;
    let event = Event::new(linked.event.clone(), linked.organization.clone())?;
    let consent_issues = event.issues(&platform.store, decided.issues).await?;
    Ok(DecideAfterOrderingPayload {
        offers: Some(offers(decided.left.offers, &event)),
        consent_issues,
        user_errors: Vec::new(),
    })
}
