//! The organization and its events, as staff see them.

use std::sync::Arc;

use async_graphql::{Context, ID, Object, Result};
use consentry_domain::{EventId, Instant};
use consentry_entity::{event, organization};

use super::audit::{self, AuditEntryConnection, AuditFilter};
use super::check_in::{self, DoorSnapshot, ExpectedAttendee};
use super::complaints::{self, ComplaintCounts, ManagedComplaint, ManagedComplaintConnection};
use super::door_devices::{self, DoorDeviceConnection};
use super::event::{
    self as parts, EventCancellation, ManagedEventSession, ManagedEventSessionConnection, ManagedQuestion,
    ManagedSpeaker, ManagedTicketType, PublishProblem, Quota,
};
use super::mails::{self, MailConnection, MailFilter};
use super::orders::{self, ManagedOrderConnection, OrderFilter};
use super::partners::{self, ManagedEventPartner, PartnerConnection, PartnerMember};
use super::protection::{self, ConsentProofConnection};
use super::provider_account::{self, ProviderAccount};
use super::roster::{
    self, BadgeConnection, BadgeFilter, ManagedRegistration, RosterExport, RosterFilter, RosterPage, RosterSort,
    RosterView,
};
use super::statistics::EventStatistics;
use super::team::{self, TeamMemberConnection};
use crate::access::rights::ViewOrganization;
use crate::access::{Authorized, Caller, EventScope, Member, member_of, staff_at_events};
use crate::connection;
use crate::graphql::connection::Page;
use crate::graphql::public::{Event, Organization, Quote, QuoteItemInput, picture_id, quoted};
use crate::graphql::scalars::{DateTime, Locale, URL};
use crate::graphql::vocabulary::ComplaintState;
use crate::graphql::{caller, errors, ids, platform};
use crate::platform::{Platform, Refused};
use crate::services::events::{self, Audience};
use crate::services::roster::views;

/// The organization's own side.
pub struct ManagedOrganization {
    row: organization::Model,
    member: Member,
}

impl ManagedOrganization {
    /// Opens it for a caller who holds any role in it, for the whole of it or one event.
    ///
    /// # Errors
    /// Not found when the caller holds none.
    pub async fn open(platform: &Platform, caller: &Caller, row: organization::Model) -> Result<Self, Refused> {
        let member = member_of(platform, caller, row.id).await?;
        Ok(Self { row, member })
    }
}

/// The organization's own side.
#[Object]
impl ManagedOrganization {
    /// As anyone sees it.
    async fn organization(&self) -> Organization {
        self.row.clone().into()
    }

    /// Its events at which the caller works, in whatever state, the one that was made last first.
    async fn events(&self, ctx: &Context<'_>, first: i32, after: Option<String>) -> Result<ManagedEventConnection> {
        let platform = platform(ctx);
        let list = [b"managed events".as_slice(), self.row.id.0.as_bytes()].concat();
        let page = Page::parse(platform, &list, first, after)?;
        let place = |place: &[u8]| {
            let id = uuid::Uuid::from_slice(place).map_err(|_| errors::bad_input("after: this is no cursor of ours."));
            id.map(EventId)
        };
        let after = page.after.as_deref().map(place).transpose()?;
        // Every role sees the organization, so whoever does not has lost the last one since.
        let at = errors::absent(staff_at_events(platform, caller(ctx), self.row.id).await)?;
        let at = at.ok_or_else(errors::unauthenticated)?;
        let found = events::managed(&platform.store, &at, page.first, after).await;
        let mut rows = found.map_err(|error| errors::internal(&error.into()))?;
        let more = rows.len() > page.first as usize;
        rows.truncate(page.first as usize);
        let entries = rows.into_iter().filter_map(|row| {
            let authorized = at.at(&row)?;
            let place = row.id.0.as_bytes().to_vec();
            Some((place, ManagedEvent::new(authorized, row, self.row.clone())))
        });
        let mut entries: Vec<_> = entries.collect();
        ManagedEvent::share(&mut entries);
        Ok(ManagedEventConnection::new(platform, &list, &page, more, entries))
    }

    /// The companies with which it shares, by name.
    async fn partners(&self, ctx: &Context<'_>, first: i32, after: Option<String>) -> Result<PartnerConnection> {
        partners::page(ctx, self.row.id, first, after).await
    }

    /// Who reads for one of these companies, as a member of its staff. Absent for roles that may not manage partners.
    async fn partner_members(&self, ctx: &Context<'_>, partner_id: ID) -> Result<Option<Vec<PartnerMember>>> {
        partners::members(ctx, self.row.id, &partner_id).await
    }

    /// Its accounts at payment providers, one of each kind at most. Absent for roles that may not set them.
    async fn provider_accounts(&self, ctx: &Context<'_>) -> Result<Option<Vec<ProviderAccount>>> {
        provider_account::all(ctx, self.row.id).await
    }

    /// Who works for it. Absent for roles that may not manage the team.
    async fn team_members(
        &self,
        ctx: &Context<'_>,
        first: i32,
        after: Option<String>,
    ) -> Result<Option<TeamMemberConnection>> {
        team::page(ctx, &self.row, first, after).await
    }

    /// Who did what, newest first. Absent for roles that may not read it.
    async fn audit_log(
        &self,
        ctx: &Context<'_>,
        first: i32,
        after: Option<String>,
        filter: Option<AuditFilter>,
    ) -> Result<Option<AuditEntryConnection>> {
        audit::page(ctx, self.row.id, first, after, filter.unwrap_or_default()).await
    }

    /// The mails of all its events and its own, newest first, without what they say. Absent for roles that may not see
    /// them. Each page that is read is in the audit log.
    async fn mails(&self, ctx: &Context<'_>, first: i32, after: Option<String>) -> Result<Option<MailConnection>> {
        mails::of_organization(ctx, self.row.id, first, after).await
    }

    /// Complaints of attendees: first the open ones, by the day on which they are due, then those that are answered. For the
    /// data-protection officer of the whole organization alone. Each page that is read is in the audit log.
    async fn complaints(
        &self,
        ctx: &Context<'_>,
        first: i32,
        after: Option<String>,
        state: Option<ComplaintState>,
    ) -> Result<Option<ManagedComplaintConnection>> {
        complaints::page(ctx, &self.row, first, after, state).await
    }

    /// One complaint, for the data-protection officer alone. That it was read is in the audit log.
    async fn complaint(&self, ctx: &Context<'_>, id: ID) -> Result<Option<ManagedComplaint>> {
        complaints::one(ctx, &self.row, &id).await
    }

    /// How many complaints wait for an answer, for the data-protection officer alone.
    async fn complaint_counts(&self, ctx: &Context<'_>) -> Result<Option<ComplaintCounts>> {
        complaints::counts(ctx, self.row.id).await
    }

    /// The language of its mails when a reader's is not known.
    async fn default_locale(&self) -> Locale {
        Locale(self.row.default_locale.clone())
    }

    /// Raised by each change; sent back with the next one.
    async fn revision(&self) -> i64 {
        self.row.revision
    }

    /// Whether a role in its team counts only for whoever has an authenticator.
    async fn authenticator_required(&self) -> bool {
        self.row.authenticator_required
    }

    /// The picture that is its logo.
    async fn logo_id(&self) -> Result<Option<ID>> {
        picture_id(self.row.id, self.row.logo.as_deref())
    }

    /// One of its events, in whatever state.
    async fn event(&self, ctx: &Context<'_>, slug: String) -> Result<Option<ManagedEvent>> {
        let found = events::of_organization(&platform(ctx).store, Audience::Staff, self.row.id, &slug)
            .await
            .map_err(|error| errors::internal(&error.into()))?;
        Ok(found.and_then(|event| {
            let authorized = self.member.on_event(&event)?;
            Some(ManagedEvent::new(authorized, event, self.row.clone()))
        }))
    }
}

connection!(ManagedEventConnection, ManagedEventEdge, ManagedEvent);

/// An event, as staff see it.
pub struct ManagedEvent {
    authorized: Arc<Authorized<EventScope, ViewOrganization>>,
    row: event::Model,
    organization: organization::Model,
    /// With what else stands in its list.
    listed: Arc<partners::Listed>,
}

impl ManagedEvent {
    /// From its rows and the right to see them.
    #[must_use]
    pub fn new(
        authorized: Authorized<EventScope, ViewOrganization>,
        row: event::Model,
        organization: organization::Model,
    ) -> Self {
        let authorized = Arc::new(authorized);
        let listed = Arc::new(partners::Listed::new(vec![Arc::clone(&authorized)]));
        Self {
            authorized,
            row,
            organization,
            listed,
        }
    }

    /// Of one list: what belongs to them is read for all of them at once.
    fn share(entries: &mut [(Vec<u8>, Self)]) {
        let all = entries.iter().map(|(_, event)| Arc::clone(&event.authorized));
        let listed = Arc::new(partners::Listed::new(all.collect()));
        for (_, event) in entries {
            event.listed = Arc::clone(&listed);
        }
    }

    /// As anyone sees it once it is published.
    fn public(&self) -> Result<Event> {
        Event::new(self.row.clone(), self.organization.clone()).map_err(|fault| errors::internal(&fault))
    }
}

/// An event, as staff see it.
#[Object]
impl ManagedEvent {
    /// Opaque.
    pub(in crate::graphql) async fn id(&self) -> ID {
        ids::encode(self.row.organization_id, self.row.id)
    }

    /// As anyone sees it once it is published.
    async fn event(&self) -> Result<Event> {
        self.public()
    }

    /// Its partners with what they ask for, in every state.
    async fn partners(&self, ctx: &Context<'_>) -> Result<Vec<ManagedEventPartner>> {
        let event = self.public()?;
        partners::of_event(ctx, &self.authorized, event, &self.listed).await
    }

    /// What is missing before it can be published; empty when nothing is.
    async fn publish_check(&self, ctx: &Context<'_>) -> Result<Vec<PublishProblem>> {
        let platform = platform(ctx);
        let found = events::publish_check(platform, platform.store.read(), &self.row).await;
        Ok(found
            .map_err(|fault| errors::internal(&fault))?
            .into_iter()
            .map(Into::into)
            .collect())
    }

    /// How far it is that its orders are ended, once it was called off. Absent before, for events that were called off when
    /// their orders stayed, and for roles that may not manage the event.
    async fn cancellation(&self, ctx: &Context<'_>) -> Result<Option<EventCancellation>> {
        let found = self.listed.cancellation(&platform(ctx).store, &self.authorized).await;
        Ok(found.map_err(|fault| errors::internal(&fault))?.map(Into::into))
    }

    /// What these would cost, as whoever registers is told it; also before the event is published.
    async fn quote(&self, ctx: &Context<'_>, items: Vec<QuoteItemInput>) -> Result<Option<Quote>> {
        quoted(ctx, Audience::Staff, (self.row.organization_id, self.row.id), &items).await
    }

    /// Its ticket types, hidden and archived ones included.
    async fn ticket_types(&self, ctx: &Context<'_>) -> Result<Vec<ManagedTicketType>> {
        let event = self.public()?;
        Ok(event
            .all_ticket_types(ctx)
            .await?
            .into_iter()
            .map(ManagedTicketType)
            .collect())
    }

    /// Its questions, also those that no listed ticket type asks.
    async fn questions(&self, ctx: &Context<'_>) -> Result<Vec<ManagedQuestion>> {
        let event = self.public()?;
        Ok(event
            .all_questions(ctx)
            .await?
            .into_iter()
            .map(ManagedQuestion)
            .collect())
    }

    /// Its agenda, in the order in which it happens.
    async fn sessions(
        &self,
        ctx: &Context<'_>,
        first: i32,
        after: Option<String>,
    ) -> Result<ManagedEventSessionConnection> {
        parts::sessions(ctx, &self.public()?, first, after).await
    }

    /// One part of its agenda.
    async fn session(&self, ctx: &Context<'_>, id: ID) -> Result<Option<ManagedEventSession>> {
        parts::session(ctx, &self.public()?, &id).await
    }

    /// Who speaks: by their place in the list, within a place by name.
    async fn speakers(&self, ctx: &Context<'_>) -> Result<Vec<ManagedSpeaker>> {
        parts::speakers(ctx, &self.public()?).await
    }

    /// One who speaks.
    async fn speaker(&self, ctx: &Context<'_>, id: ID) -> Result<Option<ManagedSpeaker>> {
        parts::speaker(ctx, &self.public()?, &id).await
    }

    /// How it stands, in numbers.
    async fn statistics(&self, ctx: &Context<'_>) -> Result<EventStatistics> {
        let event = self.public()?;
        EventStatistics::open(ctx, self.authorized.clone(), event).await
    }

    /// Who comes. Absent for roles that may not see the roster. Each page that is read is in the audit log.
    async fn roster(
        &self,
        ctx: &Context<'_>,
        first: i32,
        after: Option<String>,
        filter: Option<RosterFilter>,
        sort: Option<RosterSort>,
    ) -> Result<Option<RosterPage>> {
        let Some(view) = self.authorized.also() else {
            return Ok(None);
        };
        let event = self.public()?;
        let (filter, sort) = (filter.unwrap_or_default(), sort.unwrap_or_default());
        roster::page(ctx, view, event, (first, after), filter, sort)
            .await
            .map(Some)
    }

    /// What is printed on the badges of those whose place is confirmed, by name. Absent for roles that may not correct a
    /// registration. Each page that is read is in the audit log.
    async fn badges(
        &self,
        ctx: &Context<'_>,
        first: i32,
        after: Option<String>,
        filter: Option<BadgeFilter>,
    ) -> Result<Option<BadgeConnection>> {
        let Some(printer) = self.authorized.also() else {
            return Ok(None);
        };
        let (event, filter) = (self.public()?, filter.unwrap_or_default());
        roster::badges(ctx, printer, event, (first, after), filter)
            .await
            .map(Some)
    }

    /// The views of the roster that you keep for yourself, by name. Absent for roles that may not see the roster.
    async fn roster_views(&self, ctx: &Context<'_>) -> Result<Option<Vec<RosterView>>> {
        let Some(viewer) = self.authorized.also() else {
            return Ok(None);
        };
        let views = views::of(platform(ctx).store.read(), &viewer).await;
        let views = views.map_err(|fault| errors::internal(&fault))?;
        Ok(Some(roster::shown_views(views)))
    }

    /// A list of it that was taken away. Absent for roles that may not take one away.
    async fn roster_export(&self, ctx: &Context<'_>, id: ID) -> Result<Option<RosterExport>> {
        roster::export(ctx, &self.authorized, &id).await
    }

    /// At most ten of the confirmed registrations, found by words as in `RosterFilter.words`, for whoever stands at the
    /// door; none without words. Absent for roles that may not let people in. That they were looked at is in the audit log.
    async fn expected(
        &self,
        ctx: &Context<'_>,
        words: String,
        list: Option<String>,
    ) -> Result<Option<Vec<ExpectedAttendee>>> {
        check_in::expected(ctx, &self.authorized, self.public()?, &words, list.as_deref()).await
    }

    /// Who is expected at a door, to be checked by code without a network, in pages of up to 1000. Absent for roles that
    /// may not let people in. Each page that is taken is in the audit log.
    async fn door_snapshot(
        &self,
        ctx: &Context<'_>,
        first: i32,
        after: Option<String>,
        list: Option<String>,
        locale: Option<Locale>,
    ) -> Result<Option<DoorSnapshot>> {
        let Some(keeper) = self.authorized.also() else {
            return Ok(None);
        };
        let snapshot = check_in::snapshot(ctx, &keeper, self.public()?, (first, after), (list, locale));
        snapshot.await.map(Some)
    }

    /// One registration. Absent for roles that may not see the roster. That it was read is in the audit log.
    async fn registration(&self, ctx: &Context<'_>, id: ID) -> Result<Option<ManagedRegistration>> {
        roster::one(ctx, &self.authorized, self.public()?, &id).await
    }

    /// Its orders, newest first. Absent for roles that may not see them. Each page that is read is in the audit log.
    async fn orders(
        &self,
        ctx: &Context<'_>,
        first: i32,
        after: Option<String>,
        filter: Option<OrderFilter>,
    ) -> Result<Option<ManagedOrderConnection>> {
        orders::page(ctx, &self.row, (first, after), filter.unwrap_or_default()).await
    }

    /// Its mails, newest first, without what they say. Absent for roles that may not see them; those that manage orders see
    /// the mails of an order that the filter names. Each page that is read is in the audit log.
    async fn mails(
        &self,
        ctx: &Context<'_>,
        first: i32,
        after: Option<String>,
        filter: Option<MailFilter>,
    ) -> Result<Option<MailConnection>> {
        let event = (self.row.organization_id, self.row.id);
        mails::of_event(ctx, event, (first, after), filter.unwrap_or_default()).await
    }

    /// The devices that let people in, the one that was added last first. Absent for roles that may not manage them.
    async fn door_devices(
        &self,
        ctx: &Context<'_>,
        first: i32,
        after: Option<String>,
    ) -> Result<Option<DoorDeviceConnection>> {
        door_devices::page(ctx, &self.row, first, after).await
    }

    /// The proof of one registration's consents, for the data-protection officer alone; it is in the audit log.
    async fn consent_proof(
        &self,
        ctx: &Context<'_>,
        registration_id: ID,
        first: i32,
        after: Option<String>,
    ) -> Result<Option<ConsentProofConnection>> {
        protection::proofs(ctx, &self.row, &registration_id, first, after).await
    }

    /// Its quotas.
    async fn quotas(&self, ctx: &Context<'_>) -> Result<Vec<Quota>> {
        let all = events::quotas(&platform(ctx).store, &self.authorized).await;
        Ok(all
            .map_err(|error| errors::internal(&error.into()))?
            .into_iter()
            .map(|(row, ticket_types)| Quota(row, ticket_types))
            .collect())
    }

    /// The language of its texts when a reader's is not there.
    async fn default_locale(&self) -> Locale {
        Locale(self.row.default_locale.clone())
    }

    /// Where a webinar takes place; attendees see it once they are confirmed.
    async fn join_url(&self) -> Option<URL> {
        self.row.join_url.clone().map(URL)
    }

    /// Until when attendees can change their answers.
    async fn answers_editable_until(&self) -> Option<DateTime> {
        self.row.answers_editable_until.map(|at| DateTime::from(Instant(at)))
    }

    /// How long an unpaid order holds its places, in minutes.
    async fn order_hold_minutes(&self) -> i32 {
        self.row.order_hold_minutes
    }

    /// How long an order to be paid by transfer does, in days.
    async fn transfer_hold_days(&self) -> i32 {
        self.row.transfer_hold_days
    }

    /// Raised by each change; sent back with the next one.
    async fn revision(&self) -> i64 {
        self.row.revision
    }
}
