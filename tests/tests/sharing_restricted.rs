//! Leads that are restricted (Art. 18 GDPR) when the version in force is switched: nobody is served them, and still they
//! follow, so that the partner is told to delete what it may not keep, and nothing comes back that was not consented to.

use consentry::services::sharing::verify;
use consentry_domain::{AttendeeField, ConsentState, FieldMask, Role};
use consentry_entity::lead;
use consentry_tests::app::{SeededAttendee, SeededOffer, Sharing};
use consentry_tests::{Client, TestApp, on_both_databases};
use serde_json::{Value, json};

const EMAIL: FieldMask = FieldMask::standard(AttendeeField::Email);
const RESTRICTED: i32 = 2;
const REMOVED: i32 = 3;

/// Somebody who shares mail address and phone with a partner who has received them, and whom the officer restricted.
struct Restricted {
    app: TestApp,
    sharing: Sharing,
    offer: SeededOffer,
    partner: Client,
    officer: Client,
    ada: SeededAttendee,
    before: lead::Model,
}

impl Restricted {
    async fn begin(app: TestApp) -> Self {
        let sharing = app.sharing("acme").await;
        let offer = sharing.offer("Ferris", &["EMAIL", "PHONE"]).await;
        let ada = app.db_attendee(&sharing, "ada@example.org", |_| ()).await;
        ada.grant(&app, &offer, 1, &["EMAIL", "PHONE"]).await;
        let partner = app.puller(&offer).await;
        let officer = app.db_staff(&sharing.organization, Role::Dpo).await;
        let this = Self {
            before: app.db_stream_leads(&offer).await.remove(0),
            app,
            sharing,
            offer,
            partner,
            officer,
            ada,
        };
        assert_eq!(this.pull().await[0]["email"], "ada@example.org");
        this.protect("restrictPerson").await;
        assert_eq!(this.state().await, (RESTRICTED, 0));
        this
    }

    async fn protect(&self, name: &str) {
        let of = format!("{}{}Input", name[..1].to_uppercase(), &name[1..]);
        let document = format!("mutation($input: {of}!) {{ {name}(input: $input) {{ userErrors {{ code }} }} }}");
        let input = json!({ "input": { "registrationId": self.ada.public_id } });
        self.officer.done(name, &document, input).await;
        assert_eq!(
            verify::verify(self.app.store()).await.expect("verified").differences,
            []
        );
    }

    async fn lift(&self) {
        self.protect("liftRestriction").await;
    }

    async fn lead(&self) -> lead::Model {
        let mut leads = self.app.db_stream_leads(&self.offer).await;
        assert_eq!(leads.len(), 1, "{leads:?}");
        leads.remove(0)
    }

    async fn state(&self) -> (i32, i64) {
        let lead = self.lead().await;
        (lead.state, lead.mask)
    }

    /// What the partner is served.
    async fn pull(&self) -> Value {
        let document = "{ partner { leads(purpose: EVENT_FOLLOW_UP, first: 5) { nodes { id email phone offerVersion consentedVersion } } } }";
        self.partner.data(document, json!({})).await["partner"]["leads"]["nodes"].clone()
    }

    async fn switch(&self, version: i32, fields: &[&str]) {
        self.sharing.switch(&self.offer, version, fields).await;
        assert_eq!(
            verify::verify(self.app.store()).await.expect("verified").differences,
            []
        );
    }
}

on_both_databases! {
    async fn a_restricted_lead_goes_with_a_version_that_its_consent_does_not_cover(app: TestApp) {
        let world = Restricted::begin(app).await;
        world.switch(2, &["EMAIL", "PHONE", "COMPANY"]).await;
        let gone = world.lead().await;
        assert_eq!((gone.state, gone.revision, gone.pos), (REMOVED, world.before.revision + 2, None));
        world.lift().await;
        assert_eq!(world.state().await, (REMOVED, 0), "what was not consented to does not come back");
        assert_eq!(world.pull().await, json!([]));
    }

    async fn a_restricted_lead_goes_with_the_offer(app: TestApp) {
        let world = Restricted::begin(app).await;
        world.sharing.withdraw(&world.offer, 1).await;
        assert_eq!(world.state().await, (REMOVED, 0));
        world.switch(2, &["EMAIL", "PHONE"]).await;
        world.lift().await;
        assert_eq!(world.state().await, (REMOVED, 0), "a consent to what was withdrawn is over");
        assert_eq!(world.pull().await, json!([]));
    }

    async fn a_restricted_lead_goes_where_nothing_of_it_is_asked_for_any_more(app: TestApp) {
        let world = Restricted::begin(app).await;
        world.ada.withdraw(&world.offer, Some(&["EMAIL"])).await;
        assert_eq!(world.state().await, (RESTRICTED, 0));
        world.switch(2, &["EMAIL"]).await;
        assert_eq!(world.state().await, (REMOVED, 0));
        world.lift().await;
        assert_eq!(world.pull().await, json!([]));
    }

    async fn a_restricted_lead_comes_back_as_the_version_that_is_in_force_by_then(app: TestApp) {
        let world = Restricted::begin(app).await;
        world.switch(2, &["EMAIL"]).await;
        assert_eq!(world.state().await, (RESTRICTED, 0));
        world.lift().await;
        let back = world.lead().await;
        assert_eq!((back.id, back.state, back.mask, back.offer_version), (world.before.id, 1, EMAIL.to_db(), 2));
        assert_eq!((back.email.as_deref(), back.phone), (Some("ada@example.org"), None));
        let served = world.pull().await;
        assert_eq!((&served[0]["email"], &served[0]["phone"]), (&json!("ada@example.org"), &json!(null)));
        assert_eq!((&served[0]["offerVersion"], &served[0]["consentedVersion"]), (&json!(2), &json!(1)), "what is in force, and what was said yes to");
    }

    async fn what_was_withdrawn_while_it_was_restricted_stays_withdrawn(app: TestApp) {
        let world = Restricted::begin(app).await;
        world.ada.withdraw(&world.offer, None).await;
        assert_eq!(world.state().await, (REMOVED, 0), "taking away does not wait");
        world.switch(2, &["EMAIL"]).await;
        world.lift().await;
        assert_eq!(world.state().await, (REMOVED, 0));
        assert_eq!(world.pull().await, json!([]));
        let consent = world.app.db_consent(&world.ada, &world.offer).await.expect("a consent");
        assert_eq!(consent.state, ConsentState::Withdrawn);
    }
}
