//! Mails, as staff see them: what was sent to whom and whether it arrived, never what it says, so never a link.
//!
//! What tells of consents, of complaints, of offers or of signing in is no matter of staff and is not there for them: nobody
//! sees who decided something or complained, and nobody sees who has an account, on the team or at a partner.

use consentry_domain::{
    AccountId, ActorKind, EventId, MailId, MailKind, MailStatus, OrderId, OrganizationId, RegistrationId, text,
};
use consentry_entity::mail::{self, Column};
use consentry_entity::order;
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, DbErr, EntityTrait, FromQueryResult, QueryFilter, QueryOrder, QuerySelect,
    QueryTrait,
};

use crate::access::rights::{ManageMails, ManageOrders};
use crate::access::{Authorized, EventScope, OrganizationScope};
use crate::platform::store::{Store, Tx, sql};
use crate::platform::{Fault, Platform};
use crate::services::audit;
use crate::transaction;

/// Who looks after the mails of one event, of its orders alone, or of the whole organization.
#[derive(Clone, Copy)]
pub enum Keeper<'a> {
    /// Of this event's mails.
    Event(&'a Authorized<EventScope, ManageMails>),
    /// Of those that are about its orders.
    Orders(&'a Authorized<EventScope, ManageOrders>),
    /// Of all.
    Organization(&'a Authorized<OrganizationScope, ManageMails>),
}

impl Keeper<'_> {
    pub(super) fn organization(&self) -> OrganizationId {
        match self {
            Self::Event(authorized) => authorized.organization(),
            Self::Orders(authorized) => authorized.organization(),
            Self::Organization(authorized) => authorized.organization(),
        }
    }

    fn event(&self) -> Option<EventId> {
        match self {
            Self::Event(authorized) => Some(authorized.event()),
            Self::Orders(authorized) => Some(authorized.event()),
            Self::Organization(_) => None,
        }
    }

    pub(super) fn actor(&self) -> AccountId {
        match self {
            Self::Event(authorized) => authorized.actor(),
            Self::Orders(authorized) => authorized.actor(),
            Self::Organization(authorized) => authorized.actor(),
        }
    }

    /// The mails that are this keeper's.
    fn mails(&self) -> Condition {
        let mails = Condition::all()
            .add(Column::OrganizationId.eq(self.organization()))
            .add(Column::Kind.is_not_in(HIDDEN))
            // A guardian who is asked about sharing; who is asked about a place is asked for an order.
            .add(
                Condition::any()
                    .add(Column::Kind.ne(MailKind::GuardianRequest))
                    .add(Column::OrderId.is_not_null()),
            );
        let mails = match self.event() {
            Some(event) => mails.add(Column::EventId.eq(event)),
            None => mails,
        };
        match self {
            Self::Orders(_) => mails.add(Column::OrderId.is_not_null()),
            Self::Event(_) | Self::Organization(_) => mails,
        }
    }

    /// Writes down what was done.
    pub(super) async fn note(
        &self,
        tx: &Tx,
        action: &str,
        subject: Option<MailId>,
        detail: serde_json::Value,
    ) -> Result<(), DbErr> {
        let event = self.event();
        let (subject_kind, subject) = match (subject, event) {
            (Some(mail), _) => ("mail", mail.0),
            (None, Some(event)) => ("event", event.0),
            (None, None) => ("organization", self.organization().0),
        };
        let entry = audit::Entry {
            organization: self.organization(),
            actor: ActorKind::Staff,
            account: Some(self.actor()),
            action,
            event,
            subject_kind,
            subject: Some(subject),
            detail,
        };
        audit::note(tx, entry).await
    }
}

/// What staff do not see at all.
const HIDDEN: [MailKind; 10] = [
    MailKind::SignInLink,
    MailKind::ConsentChanged,
    MailKind::Test,
    MailKind::Erasure,
    MailKind::ComplaintReceived,
    MailKind::ComplaintAnswered,
    MailKind::ComplaintFiled,
    MailKind::SignInChanged,
    MailKind::OfferRequested,
    MailKind::OfferDecided,
];

/// Which mails.
#[derive(Clone, Debug, Default, serde::Serialize)]
pub struct Filter {
    /// Where they stand; anywhere where nothing is named.
    pub status: Option<MailStatus>,
    /// Those about the order with this code.
    pub order_code: Option<String>,
}

impl Filter {
    fn condition(&self, organization: OrganizationId) -> Condition {
        let mut condition = Condition::all().add_option(self.status.map(|status| Column::Status.eq(status)));
        if let Some(code) = &self.order_code {
            let order = order::Entity::find()
                .select_only()
                .column(order::Column::Id)
                .filter(order::Column::OrganizationId.eq(organization))
                .filter(order::Column::Code.eq(text::sought(code.trim()).to_uppercase()));
            condition = condition.add(Column::OrderId.in_subquery(order.into_query()));
        }
        condition
    }
}

/// A mail without what it says.
#[derive(Clone, Debug, FromQueryResult)]
pub struct Envelope {
    /// Whose it is.
    pub organization_id: OrganizationId,
    /// Its id.
    pub id: MailId,
    /// The event it is about.
    pub event_id: Option<EventId>,
    /// The order it is about.
    pub order_id: Option<OrderId>,
    /// The registration it is about.
    pub registration_id: Option<RegistrationId>,
    /// What it is about.
    pub kind: MailKind,
    /// In which language it was asked for.
    pub locale: String,
    /// To whom; none once it is erased.
    pub to_address: Option<String>,
    /// Whether a server has accepted it.
    pub status: MailStatus,
    /// When it was queued.
    pub created_at: i64,
    /// When a server accepted it.
    pub sent_at: Option<i64>,
    /// Why it failed for good.
    pub error: Option<String>,
}

/// A page, newest first; whether more follow. That it was looked at is in the audit log before anybody sees it.
///
/// # Errors
/// When the database fails.
pub async fn page(
    platform: &Platform,
    keeper: Keeper<'_>,
    filter: &Filter,
    first: u32,
    after: Option<MailId>,
) -> Result<(Vec<Envelope>, bool), Fault> {
    let mut query = envelopes(keeper.mails().add(filter.condition(keeper.organization())))
        .order_by_desc(Column::Id)
        .limit(u64::from(first) + 1);
    if let Some(after) = after {
        query = query.filter(Column::Id.lt(after));
    }
    let mut rows: Vec<Envelope> = query.into_model().all(platform.store.read()).await?;
    let more = rows.len() > first as usize;
    rows.truncate(first as usize);
    let count = rows.len();
    transaction!(platform.store.writer(), async |tx| {
        let detail = serde_json::json!({ "mails": count });
        keeper.note(tx, "viewMails", None, detail).await
    })?;
    Ok((rows, more))
}

/// How many of an event's mails were refused, and nothing became of them: no copy goes out or was accepted, and whoever
/// they are for has got no other address.
///
/// # Errors
/// When the database fails.
pub(in crate::services) async fn failed(
    connection: &impl ConnectionTrait,
    (organization, event): (OrganizationId, EventId),
) -> Result<i64, DbErr> {
    let text = format!(
        "select count(*) as n from mail m where m.organization_id = $1 and m.event_id = $2 and m.status = 'FAILED' \
         and m.to_address is not null and m.kind not in ({}) and (m.kind <> 'GUARDIAN_REQUEST' or m.order_id is not null) \
         and not exists (select 1 from mail later where later.organization_id = m.organization_id \
         and later.to_address = m.to_address and later.id > m.id and later.kind = m.kind and later.data = m.data \
         and later.status <> 'FAILED') \
         and (m.registration_id is null or exists (select 1 from registration r \
         where r.organization_id = m.organization_id and r.id = m.registration_id \
         and (r.email = m.to_address or r.new_email = m.to_address)))",
        sql::list(3, HIDDEN.len())
    );
    let hidden = HIDDEN.map(|kind| kind.as_str().into());
    let values = [organization.into(), event.into()].into_iter().chain(hidden);
    sql::one(connection, &text, values).await?.try_get("", "n")
}

/// One mail of the keeper's.
///
/// # Errors
/// When the database fails.
pub(super) async fn envelope(store: &Store, keeper: Keeper<'_>, id: MailId) -> Result<Option<Envelope>, DbErr> {
    let query = envelopes(keeper.mails()).filter(Column::Id.eq(id));
    query.into_model().one(store.read()).await
}

/// One mail of the keeper's, whole.
pub(super) async fn whole(tx: &Tx, keeper: Keeper<'_>, id: MailId) -> Result<Option<mail::Model>, DbErr> {
    let query = mail::Entity::find().filter(keeper.mails());
    query.filter(Column::Id.eq(id)).one(tx).await
}

fn envelopes(of: Condition) -> sea_orm::Select<mail::Entity> {
    mail::Entity::find()
        .select_only()
        .columns([
            Column::OrganizationId,
            Column::Id,
            Column::EventId,
            Column::OrderId,
            Column::RegistrationId,
            Column::Kind,
            Column::Locale,
            Column::ToAddress,
            Column::Status,
            Column::CreatedAt,
            Column::SentAt,
            Column::Error,
        ])
        .filter(of)
}
