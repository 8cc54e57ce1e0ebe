//! What a partner's administrators do about offers: draft them, ask for their approval, take them back.

use async_graphql::{Context, ID, InputObject, MergedObject};
use consentry_domain::{EventPartnerId, OfferId};

use super::place::{OfferDraft, OwnOffer};
use super::scope::{of_place, shown};
use crate::access::MayAsk;
use crate::graphql::platform;
use crate::graphql::public::{LocalizedTextInput, OfferedFieldInput, localized};
use crate::graphql::scalars::DateTime;
use crate::graphql::vocabulary::Purpose;
use crate::mutation;
use crate::platform::Refused;
use crate::services::partners::{self, DraftTerms, Drafted, Ready};

/// The mutations.
#[derive(MergedObject, Default)]
pub struct OwnOfferMutation(DraftOffer, DiscardOfferDraft, AskForApproval, TakeBackOffer);

/// What is meant to be asked.
#[derive(InputObject)]
pub struct DraftOfferInput {
    /// Your place at the event.
    event_partner_id: ID,
    /// What for; there is one draft for each purpose.
    purpose: Purpose,
    /// The draft's revision, as it was seen; absent where there is none yet.
    revision: Option<i64>,
    /// What attendees would read before they decide, per language.
    #[graphql(default)]
    text: Vec<LocalizedTextInput>,
    /// Which fields.
    #[graphql(default)]
    fields: Vec<OfferedFieldInput>,
    /// For how many days after the event, or after the consent if that is later.
    retention_days: Option<i32>,
    /// From when it would be shared; absent: from the consent on.
    starts_at: Option<DateTime>,
    /// Until when it would be shared; absent: without end.
    ends_at: Option<DateTime>,
}

mutation! {
    /// Keeps what you mean to ask attendees for, complete or not. Nobody but your administrators sees it.
    DraftOffer::draft_offer(DraftOfferInput) => draft;
    DraftOfferPayload {
        /// The draft; absent when it was refused.
        draft: OfferDraft
    }
    DraftOfferUserError, DraftOfferErrorCode { Invalid, Required, TooLong, NotFound, Stale }
}

async fn draft(ctx: &Context<'_>, input: DraftOfferInput) -> Result<OfferDraft, Refused> {
    let (place, _): (_, EventPartnerId) = of_place(ctx, "eventPartnerId", &input.event_partner_id).await?;
    let organization = place.organization();
    let new = Drafted {
        purpose: input.purpose.into(),
        revision: input.revision,
        terms: DraftTerms {
            text: localized(input.text),
            fields: input.fields.iter().map(|field| field.named(organization)).collect(),
            retention_days: input.retention_days,
            starts_at: input.starts_at.map(|time| time.0),
            ends_at: input.ends_at.map(|time| time.0),
        },
    };
    let draft = partners::save_draft(platform(ctx), &place, &new).await?;
    Ok(OfferDraft::new(shown(ctx, &place).await?, draft))
}

/// A draft to be thrown away.
#[derive(InputObject)]
pub struct DiscardOfferDraftInput {
    /// Your place at the event.
    event_partner_id: ID,
    /// What for.
    purpose: Purpose,
}

mutation! {
    /// Throws a draft away.
    DiscardOfferDraft::discard_offer_draft(DiscardOfferDraftInput) => discard;
    DiscardOfferDraftPayload {
        /// What it said; absent when it was refused.
        draft: OfferDraft
    }
    DiscardOfferDraftUserError, DiscardOfferDraftErrorCode { NotFound }
}

async fn discard(ctx: &Context<'_>, input: DiscardOfferDraftInput) -> Result<OfferDraft, Refused> {
    let (place, _): (_, EventPartnerId) = of_place(ctx, "eventPartnerId", &input.event_partner_id).await?;
    let draft = partners::discard_draft(platform(ctx), &place, input.purpose.into()).await?;
    Ok(OfferDraft::new(shown(ctx, &place).await?, draft))
}

/// A draft that is ready.
#[derive(InputObject)]
pub struct AskForApprovalInput {
    /// New for each one, the same when it is sent again.
    idempotency_key: String,
    /// Your place at the event.
    event_partner_id: ID,
    /// What for.
    purpose: Purpose,
    /// The draft's revision, as it was seen.
    revision: i64,
}

mutation! {
    /// Asks the organizer to approve what a draft says. Attendees see it once it is approved; what is in force stays until then.
    /// The draft is gone.
    AskForApproval::ask_for_approval(AskForApprovalInput) => ask;
    AskForApprovalPayload {
        /// The offer with its new version; absent when it was refused.
        offer: OwnOffer
    }
    AskForApprovalUserError, AskForApprovalErrorCode {
        Invalid, Required, TooLong, NotFound, Taken, NotShareable, LimitExceeded, Incomplete, Stale, WrongState,
        IdempotencyMismatch
    }
}

async fn ask(ctx: &Context<'_>, input: AskForApprovalInput) -> Result<OwnOffer, Refused> {
    let (place, event_partner): (_, EventPartnerId) = of_place(ctx, "eventPartnerId", &input.event_partner_id).await?;
    let ready = Ready {
        idempotency_key: input.idempotency_key,
        event_partner,
        purpose: input.purpose.into(),
        revision: input.revision,
    };
    let offer = partners::submit_draft(platform(ctx), &place, &ready).await?;
    Ok(OwnOffer::new(shown(ctx, &place).await?, offer))
}

/// A version to be taken back.
#[derive(InputObject)]
pub struct TakeBackOfferInput {
    /// The offer.
    offer_id: ID,
    /// The number of its version.
    version: i32,
    /// A remark, which the organizer reads.
    remark: Option<String>,
}

mutation! {
    /// Takes a version of your own offer back: one that waits for a decision, or the one in force. With the latter nothing is
    /// shared with you any more for this purpose, and consents given before do not come back with a later version.
    TakeBackOffer::take_back_offer(TakeBackOfferInput) => take_back;
    TakeBackOfferPayload {
        /// The offer; absent when it was refused.
        offer: OwnOffer
    }
    TakeBackOfferUserError, TakeBackOfferErrorCode { Invalid, Required, TooLong, NotFound, WrongState }
}

async fn take_back(ctx: &Context<'_>, input: TakeBackOfferInput) -> Result<OwnOffer, Refused> {
    let (place, id): (_, OfferId) = of_place(ctx, "offerId", &input.offer_id).await?;
    let offer = partners::withdraw(platform(ctx), &place, id, input.version, input.remark.as_deref()).await?;
    Ok(OwnOffer::new(shown(ctx, &place).await?, offer))
}
