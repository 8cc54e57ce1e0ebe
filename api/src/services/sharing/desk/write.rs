//! What follows from the decisions at a desk, written.

use std::collections::BTreeSet;

use consentry_domain::consent::Choice;
use consentry_domain::evidence::Identification;
use consentry_domain::{ActorKind, ConsentAction, OfferId};
use consentry_entity::{consent, consent_record, opening};
use sea_orm::sea_query::OnConflict;
use sea_orm::{ActiveModelTrait, ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter};

use super::super::{leads, record};
use super::Desk;
use crate::platform::Refused;
use crate::platform::store::sql;

impl Desk<'_> {
    /// Writes what changed: the consents, a record of each change with its opening, the consents' revision, and the
    /// leads that follow. Nothing is written where nothing changed.
    pub async fn close(&self, identified_by: Identification, actor: ActorKind) -> Result<(), Refused> {
        if self.changes.is_empty() {
            return Ok(());
        }
        let mut records = Vec::with_capacity(self.changes.len());
        let mut openings = Vec::with_capacity(self.changes.len());
        for change in &self.changes {
            // What rests with an address, and holds again with it, is nobody's decision.
            let (identified_by, actor) = match change.action {
                ConsentAction::Suspended | ConsentAction::Resumed => (Identification::System, ActorKind::System),
                _ => (identified_by, actor),
            };
            let (record, opening) = record::write(self, change, identified_by, actor)?;
            records.push(record.into_active_model().reset_all());
            openings.push(opening.into_active_model().reset_all());
        }
        consent_record::Entity::insert_many(records)
            .exec_without_returning(self.tx)
            .await?;
        opening::Entity::insert_many(openings)
            .exec_without_returning(self.tx)
            .await?;
        self.write_choices().await?;
        let stated = self.stated_now.then_some(self.now.0);
        sql::execute(
            self.tx,
            "update registration set consent_revision = consent_revision + 1, \
             of_age_stated_at = coalesce(of_age_stated_at, $3) where organization_id = $1 and id = $2",
            [
                self.registration.organization_id.into(),
                self.registration.id.into(),
                stated.into(),
            ],
        )
        .await?;
        // What was never given has no leads.
        let given = |choice: Choice| matches!(choice, Choice::Granted(_));
        if self
            .changes
            .iter()
            .any(|change| given(change.before) || given(change.after))
        {
            leads::rewrite(self.tx, self.registration.organization_id, &[self.registration.id]).await?;
        }
        Ok(())
    }

    async fn write_choices(&self) -> Result<(), Refused> {
        use consent::Column as C;
        let (organization, registration) = (self.registration.organization_id, self.registration.id);
        let changed: BTreeSet<OfferId> = self.changes.iter().map(|change| change.offer).collect();
        let (mut rows, mut undecided) = (Vec::new(), Vec::new());
        for offer in changed {
            let Some(stored) = self.choice(offer).stored() else {
                undecided.push(offer);
                continue;
            };
            rows.push(consent::Model {
                organization_id: organization,
                registration_id: registration,
                offer_id: offer,
                event_id: self.registration.event_id,
                state: stored.state,
                version: stored.version,
                granted_mask: stored.granted.to_db(),
                decided_at: stored.given_at.0,
                decider: stored.decider,
                age_basis: stored.age_basis,
                locale: self.language(offer, stored.version),
                consent_record_id: stored.record_id,
            });
        }
        if !rows.is_empty() {
            let replaced = [
                C::State,
                C::Version,
                C::GrantedMask,
                C::DecidedAt,
                C::Decider,
                C::AgeBasis,
                C::Locale,
                C::ConsentRecordId,
            ];
            let conflict = OnConflict::columns([C::OrganizationId, C::RegistrationId, C::OfferId])
                .update_columns(replaced)
                .to_owned();
            consent::Entity::insert_many(rows.into_iter().map(|row| row.into_active_model().reset_all()))
                .on_conflict(conflict)
                .exec_without_returning(self.tx)
                .await?;
        }
        if !undecided.is_empty() {
            consent::Entity::delete_many()
                .filter(C::OrganizationId.eq(organization))
                .filter(C::RegistrationId.eq(registration))
                .filter(C::OfferId.is_in(undecided))
                .exec(self.tx)
                .await?;
        }
        Ok(())
    }

    /// The language of the text that was shown.
    fn language(&self, offer: OfferId, version: i32) -> String {
        let text = self
            .find(offer)
            .and_then(|(_, offer)| offer.approved(version))
            .map(|version| &version.text);
        let (wished, default) = (
            Some(self.registration.locale.as_str()),
            self.event.default_locale.as_str(),
        );
        text.map_or(default, |text| text.version(wished, default).0).to_owned()
    }
}
