//! The lead table: what a consent puts there, what takes it away, and what touches no row.

use consentry::services::sharing::{leads, verify};
use consentry_domain::{AttendeeField, FieldMask};
use consentry_entity::lead;
use consentry_tests::TestApp;
use consentry_tests::app::{SeededAttendee, SeededOffer, decision};
use consentry_tests::on_both_databases;
use serde_json::json;

const NAME: FieldMask = FieldMask::standard(AttendeeField::FullName);
const EMAIL: FieldMask = FieldMask::standard(AttendeeField::Email);

/// Changes a registration's row directly and rewrites its leads, as a service would.
async fn change(app: &TestApp, attendee: &SeededAttendee, what: &str) {
    let (organization, registration) = (attendee.organization, attendee.registration);
    let text = format!("update registration set {what} where organization_id = $1 and id = $2");
    let rewritten: Result<(), consentry::platform::Fault> = consentry::transaction!(app.store().writer(), async |tx| {
        let values = [organization.into(), registration.into()];
        consentry::platform::store::sql::execute(tx, &text, values).await?;
        leads::rewrite(tx, organization, &[registration]).await
    });
    rewritten.expect("rewritten");
}

async fn only_lead(app: &TestApp, offer: &SeededOffer) -> lead::Model {
    let mut leads = app.db_stream_leads(offer).await;
    assert_eq!(leads.len(), 1, "{leads:?}");
    leads.remove(0)
}

async fn no_difference(app: &TestApp) {
    let report = verify::verify(app.store()).await.expect("verified");
    assert_eq!(report.differences, []);
}

on_both_databases! {
    async fn a_consent_puts_exactly_the_granted_values_into_the_stream(app: TestApp) {
        let sharing = app.sharing("acme").await;
        let offer = sharing.offer("Ferris", &["FULL_NAME", "EMAIL", "PHONE", "SOCIAL_PROFILE"]).await;
        let ada = app.db_attendee(&sharing, "ada@example.org", |_| ()).await;
        assert_eq!(app.db_stream_leads(&offer).await, []);
        ada.grant(&app, &offer, 1, &["EMAIL", "SOCIAL_PROFILE"]).await;
        let lead = only_lead(&app, &offer).await;
        assert_eq!((lead.state, lead.mask, lead.revision, lead.received, lead.pos), (1, EMAIL.to_db(), 1, 0, None));
        assert_eq!(lead.email.as_deref(), Some("ada@example.org"));
        assert_eq!((lead.full_name, lead.phone, lead.social_profile), (None, None, None), "neither what was not granted nor what is empty");
        no_difference(&app).await;
    }

    async fn two_partners_cannot_join_their_leads_and_one_partner_can(app: TestApp) {
        let sharing = app.sharing("acme").await;
        let ferris = sharing.offer("Ferris", &["EMAIL"]).await;
        let again = sharing.offer_of(&ferris.event_partner, "PRODUCT_INFORMATION", &["EMAIL"]).await;
        let other = sharing.offer("Corro", &["EMAIL"]).await;
        let ada = app.db_attendee(&sharing, "ada@example.org", |_| ()).await;
        let all: Vec<_> = [&ferris, &again, &other].into_iter().map(|offer| decision(offer, 1, &["EMAIL"])).collect();
        ada.decide(&app, &all).await;
        let (one, two, three) = (only_lead(&app, &ferris).await, only_lead(&app, &again).await, only_lead(&app, &other).await);
        assert_eq!(one.contact_key, two.contact_key);
        assert_ne!(one.contact_key, three.contact_key);
        assert_ne!(one.id, two.id);
        assert_eq!(one.id.0.get_version_num(), 4, "a lead's id does not tell when it was made");
        no_difference(&app).await;
    }

    async fn a_rewrite_that_leaves_the_image_equal_touches_no_row(app: TestApp) {
        let sharing = app.sharing("acme").await;
        let offer = sharing.offer("Ferris", &["EMAIL"]).await;
        let ada = app.db_attendee(&sharing, "ada@example.org", |_| ()).await;
        ada.grant(&app, &offer, 1, &["EMAIL"]).await;
        let lead = only_lead(&app, &offer).await;
        app.db_receive(&offer, lead.id, EMAIL).await;
        let before = only_lead(&app, &offer).await;
        assert_eq!(before.pos, Some(1));
        change(&app, &ada, "phone = '+49 30 7654321', full_name = 'Augusta', revision = revision + 1").await;
        ada.grant(&app, &offer, 1, &["EMAIL"]).await;
        assert_eq!(only_lead(&app, &offer).await, before);
        change(&app, &ada, "email = 'augusta@example.org'").await;
        let after = only_lead(&app, &offer).await;
        assert_eq!((after.id, after.revision, after.pos, after.received), (before.id, 2, None, before.received));
        no_difference_of_images(&app).await;
    }

    async fn a_withdrawal_deletes_what_was_never_received_and_empties_what_was(app: TestApp) {
        let sharing = app.sharing("acme").await;
        let offer = sharing.offer("Ferris", &["FULL_NAME", "EMAIL"]).await;
        let ada = app.db_attendee(&sharing, "ada@example.org", |_| ()).await;
        let bob = app.db_attendee(&sharing, "bob@example.org", |_| ()).await;
        ada.grant(&app, &offer, 1, &["FULL_NAME", "EMAIL"]).await;
        let received = only_lead(&app, &offer).await;
        app.db_receive(&offer, received.id, NAME).await;
        bob.grant(&app, &offer, 1, &["EMAIL"]).await;
        ada.withdraw(&offer, None).await;
        bob.withdraw(&offer, None).await;
        let tombstone = only_lead(&app, &offer).await;
        assert_eq!((tombstone.id, tombstone.state, tombstone.mask, tombstone.revision, tombstone.pos), (received.id, 3, 0, 2, None));
        assert_eq!((tombstone.full_name, tombstone.email), (None, None));
        assert_eq!(FieldMask::from_db(tombstone.received), NAME.union(FieldMask::RECEIVED));
        ada.grant(&app, &offer, 1, &["EMAIL"]).await;
        let leads = app.db_stream_leads(&offer).await;
        assert_eq!(leads.len(), 2, "a grant after a removal is a new lead");
        let new = leads.iter().find(|lead| lead.id != received.id).expect("a new lead");
        assert_eq!((new.state, new.contact_key, new.received, new.revision), (1, received.contact_key, 0, 1));
        no_difference_of_images(&app).await;
    }

    async fn withdrawing_a_field_keeps_the_lead_and_drops_the_value(app: TestApp) {
        let sharing = app.sharing("acme").await;
        let offer = sharing.offer("Ferris", &["FULL_NAME", "EMAIL"]).await;
        let ada = app.db_attendee(&sharing, "ada@example.org", |_| ()).await;
        ada.grant(&app, &offer, 1, &["FULL_NAME", "EMAIL"]).await;
        let before = only_lead(&app, &offer).await;
        let payload = ada.withdraw(&offer, Some(&["FULL_NAME"])).await;
        assert_eq!(payload["registrationConsents"]["consents"][0]["granted"], json!([{ "field": "EMAIL" }]));
        let after = only_lead(&app, &offer).await;
        assert_eq!((after.id, after.mask, after.full_name, after.revision), (before.id, EMAIL.to_db(), None, 2));
        assert_eq!(after.consent_record_id, before.consent_record_id, "narrowing is no new consent");
        no_difference(&app).await;
    }

    async fn only_a_confirmed_registration_with_nothing_against_it_has_leads(app: TestApp) {
        let sharing = app.sharing("acme").await;
        let offer = sharing.offer("Ferris", &["EMAIL"]).await;
        let ada = app.db_attendee(&sharing, "ada@example.org", |_| ()).await;
        ada.grant(&app, &offer, 1, &["EMAIL"]).await;
        for (against, lifted) in [
            ("status = 'CANCELLED'", "status = 'CONFIRMED'"),
            ("status = 'PENDING'", "status = 'CONFIRMED'"),
            ("restricted_at = 1", "restricted_at = null"),
            ("quarantined_at = 1", "quarantined_at = null"),
            ("opted_out = true", "opted_out = false"),
            ("objected_purposes = 1", "objected_purposes = 2"),
            ("consents_suspended = true", "consents_suspended = false"),
            ("email_proved_at = null", "email_proved_at = 1"),
            ("email = ' '", "email = 'ada@example.org'"),
        ] {
            change(&app, &ada, against).await;
            assert_eq!(app.db_stream_leads(&offer).await, [], "{against}");
            no_difference(&app).await;
            change(&app, &ada, lifted).await;
            only_lead(&app, &offer).await;
        }
        no_difference(&app).await;
    }

    async fn a_received_lead_is_restricted_while_the_registration_is_and_comes_back_under_the_same_id(app: TestApp) {
        let sharing = app.sharing("acme").await;
        let offer = sharing.offer("Ferris", &["EMAIL"]).await;
        let ada = app.db_attendee(&sharing, "ada@example.org", |_| ()).await;
        ada.grant(&app, &offer, 1, &["EMAIL"]).await;
        let lead = only_lead(&app, &offer).await;
        app.db_receive(&offer, lead.id, EMAIL).await;
        change(&app, &ada, "restricted_at = 1").await;
        let restricted = only_lead(&app, &offer).await;
        assert_eq!((restricted.id, restricted.state, restricted.mask, restricted.email, restricted.revision), (lead.id, 2, 0, None, 2));
        change(&app, &ada, "restricted_at = null").await;
        let again = only_lead(&app, &offer).await;
        assert_eq!((again.id, again.state, again.email.as_deref(), again.revision), (lead.id, 1, Some("ada@example.org"), 3));
        change(&app, &ada, "restricted_at = 1").await;
        ada.withdraw(&offer, None).await;
        assert_eq!(only_lead(&app, &offer).await.state, 3, "withdrawing while restricted removes");
        no_difference_of_images(&app).await;
    }

    async fn the_cost_of_a_rewrite_does_not_depend_on_how_many_are_rewritten(app: TestApp) {
        let sharing = app.sharing("acme").await;
        let offer = sharing.offer("Ferris", &["EMAIL"]).await;
        let other = sharing.offer("Corro", &["EMAIL", "PHONE"]).await;
        let mut everybody = Vec::new();
        for number in 0..12 {
            let somebody = app.db_attendee(&sharing, &format!("n{number}@example.org"), |_| ()).await;
            somebody.decide(&app, &[decision(&offer, 1, &["EMAIL"]), decision(&other, 1, &["EMAIL", "PHONE"])]).await;
            everybody.push(somebody.registration);
        }
        let mut counts = Vec::new();
        for (number, status) in [(1, "PENDING"), (1, "CONFIRMED"), (12, "PENDING"), (12, "CONFIRMED")] {
            let some = everybody[..number].to_vec();
            let stats = consentry::platform::store::stats::RequestStats::with_texts();
            let organization = sharing.event.organization;
            let changed: Result<(), consentry::platform::Fault> = stats.scope(async {
                consentry::transaction!(app.store().writer(), async |tx| {
                    let ids = consentry::platform::store::sql::list(3, some.len());
                    let text = format!("update registration set status = $2 where organization_id = $1 and id in ({ids})");
                    let values = [organization.into(), status.into()].into_iter().chain(some.iter().map(|id| (*id).into()));
                    consentry::platform::store::sql::execute(tx, &text, values).await?;
                    leads::rewrite(tx, organization, &some).await
                })
            }).await;
            changed.expect("changed");
            counts.push(stats.snapshot().statements);
        }
        assert_eq!(counts[0], counts[2], "removing");
        assert_eq!(counts[1], counts[3], "adding");
        assert!(counts.iter().all(|count| *count <= 12), "{counts:?}");
        no_difference(&app).await;
    }

    async fn verify_finds_whatever_somebody_else_wrote(app: TestApp) {
        let sharing = app.sharing("acme").await;
        let offer = sharing.offer("Ferris", &["EMAIL", "PHONE"]).await;
        let ada = app.db_attendee(&sharing, "ada@example.org", |_| ()).await;
        ada.grant(&app, &offer, 1, &["EMAIL"]).await;
        let bob = app.db_attendee(&sharing, "bob@example.org", |_| ()).await;
        no_difference(&app).await;
        for (wrong, right) in [
            ("update lead set email = 'x@example.org' where $1 = $1", "update lead set email = 'ada@example.org' where $1 = $1"),
            ("update lead set phone = '+49' where $1 = $1", "update lead set phone = null where $1 = $1"),
            ("update lead set received = 1 where $1 = $1", "update lead set received = 0 where $1 = $1"),
            ("update registration set email = 'y@example.org' where id = $1", "update registration set email = 'ada@example.org' where id = $1"),
            ("update consent set state = 'WITHDRAWN' where registration_id = $1", "update consent set state = 'GRANTED' where registration_id = $1"),
            ("update lead set state = 3 where $1 = $1", "update lead set state = 1 where $1 = $1"),
        ] {
            for (text, well) in [(wrong, false), (right, true)] {
                consentry::platform::store::sql::execute(app.store().admin(), text, [ada.registration.into()]).await.expect("changed");
                let report = verify::verify(app.store()).await.expect("verified");
                assert_eq!(report.differences.is_empty(), well, "{text}: {:?}", report.differences);
            }
        }
        assert_eq!(app.db_consent(&bob, &offer).await, None);
    }
}

/// As [`no_difference`], where leads were marked without a record of a disclosure.
async fn no_difference_of_images(app: &TestApp) {
    let report = verify::verify(app.store()).await.expect("verified");
    let others: Vec<_> = report
        .differences
        .iter()
        .filter(|found| found.what != "a lead is marked as received without a record of it")
        .collect();
    assert!(others.is_empty(), "{others:?}");
}
