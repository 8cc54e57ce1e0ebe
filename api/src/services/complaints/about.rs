//! What a complaint is about: something that was disclosed, a place, or neither.

use consentry_domain::{DisclosureId, EventId, EventPartnerId, RegistrationId, RosterExportId};
use consentry_entity::organization;
use sea_orm::Value;
use uuid::Uuid;

use crate::access::OwnPerson;
use crate::platform::Refused;
use crate::platform::store::{Tx, sql};

/// What the person named.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize)]
pub struct Named {
    /// One of their places.
    pub registration: Option<RegistrationId>,
    /// The record of something that was disclosed, and of which place.
    pub disclosure: Option<(Uuid, RegistrationId)>,
}

/// What it is about, looked up.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct About {
    /// At which event.
    pub event: Option<EventId>,
    /// Of which place.
    pub registration: Option<RegistrationId>,
    /// By which partner there.
    pub event_partner: Option<EventPartnerId>,
    /// The record of an answer to a partner.
    pub disclosure: Option<DisclosureId>,
    /// The list that staff took away.
    pub export: Option<RosterExportId>,
    /// How the recipient was called then.
    pub recipient: Option<String>,
}

const PLACE: &str = "select event_id from registration \
    where organization_id = $1 and id = $2 and person_id = $3 and status <> 'ERASED'";
const BY_PARTNER: &str = "select r.event_id, i.recipient_name, s.event_partner_id from disclosure_item i \
    join registration r on r.organization_id = i.organization_id and r.id = i.registration_id \
    join stream s on s.organization_id = i.organization_id and s.id = i.stream_id \
    where i.organization_id = $1 and i.disclosure_id = $4 and r.id = $2 and r.person_id = $3 and r.status <> 'ERASED'";
const BY_STAFF: &str = "select r.event_id from roster_export_item x \
    join registration r on r.organization_id = x.organization_id and r.id = x.registration_id \
    where x.organization_id = $1 and x.export_id = $4 and r.id = $2 and r.person_id = $3 and r.status <> 'ERASED'";

impl Named {
    /// Looks it up.
    ///
    /// # Errors
    /// Not found, where it is not this person's, or the two do not belong together.
    pub(super) async fn find(
        self,
        tx: &Tx,
        own: &OwnPerson,
        organization: &organization::Model,
    ) -> Result<About, Refused> {
        let key = |registration: RegistrationId| -> Vec<Value> {
            vec![own.organization().into(), registration.into(), own.person().into()]
        };
        let mut about = About::default();
        if let Some(registration) = self.registration {
            let place = sql::optional(tx, PLACE, key(registration)).await?;
            let place = place.ok_or_else(|| Refused::not_found("registrationId"))?;
            about.event = Some(place.try_get("", "event_id")?);
            about.registration = Some(registration);
        }
        let Some((record, registration)) = self.disclosure else {
            return Ok(about);
        };
        let missing = || Refused::not_found("disclosureId");
        if about.registration.is_some_and(|its| its != registration) {
            return Err(missing());
        }
        let values = || key(registration).into_iter().chain([record.into()]);
        if let Some(row) = sql::optional(tx, BY_PARTNER, values()).await? {
            return Ok(About {
                event: Some(row.try_get("", "event_id")?),
                registration: Some(registration),
                event_partner: Some(row.try_get("", "event_partner_id")?),
                disclosure: Some(DisclosureId(record)),
                export: None,
                recipient: Some(row.try_get("", "recipient_name")?),
            });
        }
        let row = sql::optional(tx, BY_STAFF, values()).await?.ok_or_else(missing)?;
        Ok(About {
            event: Some(row.try_get("", "event_id")?),
            registration: Some(registration),
            event_partner: None,
            disclosure: None,
            export: Some(RosterExportId(record)),
            recipient: Some(organization.legal_name.clone()),
        })
    }
}
