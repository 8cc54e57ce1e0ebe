//! Who may know what, on the page of one's place: what stays of a form that has to be looked at again, single fields, what a
//! new version of an offer and a place that was given up do.

use consentry_domain::{FieldMask, QuestionKind, RegistrationStatus};
use consentry_entity::answer;
use consentry_tests::app::{OwnPlace, SeededAttendee, SeededOffer, Sharing};
use consentry_tests::{TestApp, on_both_databases};
use serde_json::json;

/// What the button of this name says about an offer, if the page has it.
fn button(page: &str, name: &str, offer: &SeededOffer) -> Option<String> {
    let start = format!("name=\"{name}\" value=\"{}\">", offer.public_id);
    let words = page.split_once(&start)?.1.split_once("</button>")?.0;
    Some(words.to_owned())
}

/// Which standard fields are given, whatever else holds.
async fn granted(app: &TestApp, ada: &SeededAttendee, offer: &SeededOffer) -> Vec<String> {
    let row = app.db_consent(ada, offer).await.expect("a consent");
    let mask = FieldMask::from_db(row.granted_mask);
    consentry_domain::evidence::field_names(mask)
}

on_both_databases! {
    async fn what_was_left_out_and_said_stays_whatever_a_page_has_to_be_looked_at_again_for(app: TestApp) {
        let OwnPlace { sharing, ada, mut browser, place } = app.own_place().await;
        let offer = sharing.offer("Nightly", &["EMAIL", "COMPANY", "PHONE"]).await;
        let id = offer.public_id.as_str();
        let without = format!("without.{id}");
        let kept = format!("name=\"{without}\" value=\"PHONE\" checked");
        let share = [("share", id), (without.as_str(), "PHONE")];
        let asked = browser.press(&place, &place, &share).await;
        assert!(asked.status == 422 && asked.text.contains(&kept) && asked.text.contains("<details open>"), "{}", asked.text);
        assert_eq!(button(&asked.text, "share", &offer).as_deref(), Some("Share with Nightly: E-mail address, Company"));
        // Too young, and nobody named.
        let alone = browser.press_on(&asked, &place, &[("share", id), ("age", "no"), ("guardian.name", "Countess & Co")]).await;
        assert!(alone.status == 422 && alone.text.contains("href=\"#guardian.email\"") && alone.text.contains(&kept), "{}", alone.text);
        assert!(alone.text.contains("name=\"age\" value=\"no\" checked") && alone.text.contains("value=\"Countess &#38; Co\""), "{}", alone.text);
        // Another site's form, and a decision made elsewhere meanwhile.
        let forged = browser.press_on(&alone, &place, &[("share", id), ("token", "x")]).await;
        let stale = browser.press_on(&alone, &place, &[("share", id), ("revision", "99"), ("guardian.email", "countess@people.example")]).await;
        for again in [&forged, &stale] {
            assert!(again.status == 422 && again.text.contains(&kept), "{}", again.text);
            assert!(again.text.contains("name=\"age\" value=\"no\" checked") && again.text.contains("value=\"Countess &#38; Co\""), "{}", again.text);
        }
        assert!(stale.text.contains("value=\"countess@people.example\""), "{}", stale.text);
        // The Enter key and another language decide nothing, and lose nothing.
        for (name, value) in [("go", "look"), ("language", "de"), ("language", "en")] {
            let looked = browser.press_on(&stale, &place, &[(name, value)]).await;
            assert!(looked.status == 200 && looked.text.contains(&kept) && looked.text.contains("value=\"Countess &#38; Co\""), "{}", looked.text);
            let first = looked.text.find("name=\"go\" value=\"look\"").expect("the form's first button");
            assert!(first < looked.text.find("name=\"share\"").expect("another"), "{}", looked.text);
        }
        assert!(app.db_consent(&ada, &offer).await.is_none());
        // Everything left out: nothing is to be shared, and the page says so.
        let nothing = [("share", id), (without.as_str(), "PHONE"), (&without, "EMAIL"), (&without, "COMPANY")];
        let nothing = browser.press(&place, &place, &nothing).await;
        assert!(nothing.status == 422 && nothing.text.matches(" checked").count() == 3, "{}", nothing.text);
        assert_eq!(button(&nothing.text, "share", &offer).as_deref(), Some("Share with Nightly what is not left out"));
        browser.press_on(&asked, &place, &[("share", id), ("age", "yes")]).await.leads_to(&format!("{place}?done=shared"));
        assert_eq!(granted(&app, &ada, &offer).await, ["EMAIL", "COMPANY"]);
    }

    async fn what_is_empty_yet_can_be_left_out_as_well_and_what_stands_there_is_in_words(app: TestApp) {
        let OwnPlace { sharing, ada, mut browser, place } = app.own_place().await;
        let event = &sharing.event;
        let question_id = app.db_question(event, QuestionKind::YesNo, &[], |row| row.shareable = true).await;
        app.db_insert(answer::Model { organization_id: event.organization, registration_id: ada.registration, question_id, value: "[\"true\"]".into() }).await;
        app.db_execute("update registration set city = null").await;
        let partner = sharing.event_partner("Nightly", "CO_SPONSOR").await;
        let fields = [json!("EMAIL"), json!("CITY"), json!("ATTENDANCE"), json!({ "questionId": event.public(question_id) })];
        let offer = sharing.requested(&partner, "EVENT_FOLLOW_UP", Sharing::terms(&fields)).await;
        sharing.approve(&offer, 1, "SUBSTANTIAL").await;
        let page = browser.open(&place).await;
        assert_eq!(page.matches(&format!("name=\"without.{}\"", offer.public_id)).count(), 4, "{page}");
        assert!(page.contains("nothing, you left it empty") && page.contains("that you were there, if you were") && page.contains("<td>Yes</td>"), "{page}");
        let german = browser.open(&format!("{place}?language=de")).await;
        assert!(german.contains("<td>Ja</td>") && german.contains("dass Sie da waren") && !german.contains("<td>true"), "{german}");
        browser.open(&format!("{place}?language=en")).await;
        let without = format!("without.{}", offer.public_id);
        let question = event.public(question_id);
        let give = [("share", offer.public_id.as_str()), ("age", "yes"), (&without, "CITY"), (&without, "ATTENDANCE"), (&without, &question)];
        browser.press(&place, &place, &give).await.leads_to(&format!("{place}?done=shared"));
        assert_eq!(granted(&app, &ada, &offer).await, ["EMAIL"], "what is filled in later stays here");
        let given = browser.open(&place).await;
        assert!(given.contains("<td>Yes</td>") && given.contains("that you were there, if you were"), "what could be added: {given}");
    }

    async fn single_fields_are_taken_back_and_added(app: TestApp) {
        let OwnPlace { sharing, ada, mut browser, place } = app.own_place().await;
        let offer = sharing.offer("Nightly", &["EMAIL", "COMPANY", "PHONE"]).await;
        let id = offer.public_id.as_str();
        ada.grant(&app, &offer, 1, &["EMAIL", "COMPANY"]).await;
        let (back, with) = (format!("back.{id}"), format!("with.{id}"));
        let page = browser.open(&place).await;
        assert!(!page.contains(" checked"), "nothing comes ticked: {page}");
        assert_eq!((page.matches(&back).count(), page.matches(&with).count()), (2, 1), "{page}");
        assert!(page.contains("+49 30 1234567"), "what would be sent: {page}");
        for button in ["take-back", "share-more"] {
            let nothing = browser.press(&place, &place, &[(button, id)]).await;
            assert!(nothing.status == 422 && nothing.text.contains("Nothing is ticked."), "{}", nothing.text);
        }
        browser.press(&place, &place, &[("take-back", id), (&back, "COMPANY")]).await.leads_to(&format!("{place}?done=withdrawn"));
        assert_eq!(granted(&app, &ada, &offer).await, ["EMAIL"]);
        browser.press(&place, &place, &[("share-more", id), (&with, "PHONE")]).await.leads_to(&format!("{place}?done=shared"));
        assert_eq!(granted(&app, &ada, &offer).await, ["EMAIL", "PHONE"], "beside what was given");
        let lead = app.db_stream_leads(&offer).await.remove(0);
        assert_eq!((lead.email.is_some(), lead.phone.is_some(), lead.company), (true, true, None));
        // What was ticked beside another text gives nothing.
        let page = browser.get(&place).await;
        sharing.switch(&offer, 2, &["EMAIL", "COMPANY"]).await;
        let late = browser.press_on(&page, &place, &[("share-more", id), (&with, "COMPANY")]).await;
        assert!(late.status == 422 && late.text.contains("read it again") && !late.text.contains(" checked"), "{}", late.text);
    }

    async fn a_newer_text_gives_nothing_until_it_is_agreed_to_and_can_be_refused_at_once(app: TestApp) {
        let OwnPlace { sharing, ada, mut browser, place } = app.own_place().await;
        let (offer, other) = (sharing.offer("Nightly", &["EMAIL"]).await, sharing.offer("Stable", &["EMAIL"]).await);
        for offer in [&offer, &other] {
            ada.grant(&app, offer, 1, &["EMAIL"]).await;
            sharing.switch(offer, 2, &["EMAIL", "PHONE"]).await;
        }
        let page = browser.open(&place).await;
        assert!(page.contains("You share nothing.") && page.contains("There is a newer text: nothing is shared"), "{page}");
        assert!(!page.contains("Stop sharing") && page.contains("Take everything back"), "nothing is shared that could be stopped: {page}");
        assert!(page.contains("<td>+49 30 1234567</td>"), "what would be sent: {page}");
        assert_eq!(button(&page, "share", &offer).as_deref(), Some("Share with Nightly: E-mail address, Telephone number"));
        assert_eq!(button(&page, "refuse", &other).as_deref(), Some("No, and do not ask again"));
        browser.press(&place, &place, &[("share", &offer.public_id)]).await.leads_to(&format!("{place}?done=shared"));
        browser.press(&place, &place, &[("refuse", &other.public_id)]).await.leads_to(&format!("{place}?done=refused"));
        let page = browser.open(&place).await;
        assert!(page.contains("You share with one partner.") && page.contains("Taken back") && !page.contains("newer text"), "{page}");
        assert_eq!(app.db_stream_leads(&offer).await.iter().filter(|lead| lead.mask != 0).count(), 1);
        assert_eq!(app.db_stream_leads(&other).await, []);
    }

    async fn what_only_waits_or_rests_is_not_said_to_be_shared_and_can_be_taken_back(app: TestApp) {
        let OwnPlace { sharing, ada, mut browser, place } = app.own_place().await;
        let offer = sharing.offer("Nightly", &["EMAIL", "PHONE"]).await;
        let id = offer.public_id.as_str();
        let guardian = [("share", id), ("age", "no"), ("guardian.name", "Countess"), ("guardian.email", "countess@people.example")];
        browser.press(&place, &place, &guardian).await.leads_to(&format!("{place}?done=shared"));
        let waits = browser.open(&place).await;
        assert!(waits.contains("You share nothing.") && waits.contains("Waits for a guardian: nothing is shared"), "{waits}");
        assert_eq!(button(&waits, "withdraw", &offer).as_deref(), Some("Take back what Nightly was to have"));
        browser.press(&place, &place, &[("withdraw", id)]).await.leads_to(&format!("{place}?done=withdrawn"));
        // Another's place, whose new address is not proved.
        let bob = app.db_attendee(&sharing, "bob@people.example", |_| ()).await;
        bob.grant(&app, &offer, 1, &["EMAIL"]).await;
        app.db_execute("update registration set consents_suspended = true").await;
        let place = format!("/me/registrations/{}", bob.public_id);
        let mut browser = app.browser_of(&bob.client).await;
        let rests = browser.open(&place).await;
        assert!(rests.contains("You share nothing.") && rests.contains("Paused until") && !rests.contains("Stop sharing"), "{rests}");
        assert_eq!((button(&rests, "share-more", &offer), button(&rests, "share", &offer)), (None, None), "it would become a wish");
        browser.press(&place, &place, &[("take-back", id), (&format!("back.{id}"), "EMAIL")]).await.leads_to(&format!("{place}?done=withdrawn"));
        assert!(granted(&app, &bob, &offer).await.is_empty());
        let row = app.db_consent(&ada, &offer).await.expect("a consent");
        assert_eq!(row.granted_mask, 0);
    }

    async fn a_place_that_was_given_up_and_an_offer_that_ended_have_no_button_that_always_fails(app: TestApp) {
        let OwnPlace { sharing, ada, mut browser, place } = app.own_place().await;
        let mut offers = Vec::new();
        for name in ["Given", "Refused", "Undecided", "Gone", "Over"] {
            offers.push(sharing.offer(name, &["EMAIL", "PHONE"]).await);
        }
        let [given, refused, undecided, gone, over] = &offers[..] else { panic!("five") };
        for offer in [given, gone, over] {
            ada.grant(&app, offer, 1, &["EMAIL"]).await;
        }
        browser.press(&place, &place, &[("refuse", &refused.public_id)]).await.leads_to(&format!("{place}?done=refused"));
        ada.withdraw(gone, None).await;
        sharing.withdraw(gone, 1).await;
        sharing.withdraw(over, 1).await;
        let page = browser.open(&place).await;
        assert!(page.contains("You share with one partner.") && page.contains("/details\""), "{page}");
        assert!(button(&page, "share", refused).is_some() && button(&page, "share", undecided).is_some(), "{page}");
        assert_eq!((button(&page, "share", gone), button(&page, "share", over)), (None, None), "nobody asks for it any more: {page}");
        assert!(page.contains("Not asked for any more: nothing is shared"), "{page}");
        browser.press(&place, &place, &[("withdraw", &over.public_id)]).await.leads_to(&format!("{place}?done=withdrawn"));
        browser.press(&place, &place, &[("cancel", "yes")]).await.leads_to(&format!("{place}?done=cancelled"));
        assert_eq!(app.db_registration(&ada).await.status, RegistrationStatus::Cancelled);
        let page = browser.open(&place).await;
        assert!(page.contains("Your place is given up, so nothing is shared any more.") && !page.contains("You share"), "{page}");
        for failing in ["name=\"share\"", "name=\"share-more\"", "name=\"refuse\"", "/details\"", "Stop sharing", ">Undecided</h3>"] {
            assert!(!page.contains(failing), "{failing}: {page}");
        }
        browser.press(&place, &place, &[("withdraw", &given.public_id)]).await.leads_to(&format!("{place}?done=withdrawn"));
    }

    async fn whoever_gives_is_told_before_that_it_can_be_taken_back_and_where_other_rules_may_hold(app: TestApp) {
        let OwnPlace { sharing, mut browser, place, .. } = app.own_place().await;
        sharing.offer("Inside", &["EMAIL"]).await;
        let inside = browser.open(&place).await;
        assert!(!inside.contains("Outside the European Economic Area"), "{inside}");
        sharing.offer("Faraway", &["EMAIL"]).await;
        app.db_execute("update partner set country = 'US' where display_name = 'Faraway'").await;
        let page = browser.open(&place).await;
        assert_eq!(page.matches("Outside the European Economic Area").count(), 1, "{page}");
        let before = |words: &str| page.find(words).expect(words);
        let told = before("You can take each of these back at any time, as easily as you give it");
        assert!(told < before("name=\"share\"") && before(">Faraway</h3>") < before("Outside the European"), "{page}");
    }
}
