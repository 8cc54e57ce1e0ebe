//! What partners ask is asked again on the page after ordering, on the page that proves the mailbox and in one mail, where
//! nothing was decided; and never again after a refusal.

use consentry::platform::store::sql;
use consentry_domain::{ConsentState, TicketTypeId};
use consentry_entity::{consent, registration};
use consentry_tests::app::{Browser, REGISTER, SeededOffer, Sharing, decision};
use consentry_tests::{Client, TestApp, on_both_databases};
use sea_orm::EntityTrait;
use serde_json::{Value, json};

const FORM: &str = "/events/acme/rustdays/register";
const OUTSIDE: &str = "Outside the European Economic Area";

/// What each registration said about this offer, in words of the database.
async fn said(app: &TestApp, offer: &SeededOffer) -> Vec<ConsentState> {
    let rows = consent::Entity::find().all(app.store().read()).await.expect("rows");
    let about = rows.into_iter().filter(|row| row.offer_id == offer.id);
    about.map(|row| row.state).collect()
}

/// The mails that ask somebody to decide about sharing.
async fn mails_that_ask(app: &TestApp) -> Vec<String> {
    let mails = app.db_mails().await.into_iter();
    let asking = mails.filter(|mail| {
        mail.data["undecided"] == json!(true) || mail.data["partners"].as_array().is_some_and(|all| !all.is_empty())
    });
    asking.map(|mail| mail.kind).collect()
}

/// Sends the oldest confirmation once more; why not.
async fn sent_again(sharing: &Sharing, key: &str) -> String {
    let mails = "{ organization(slug: \"acme\") { mails(first: 100) { edges { node { id kind } } } } }";
    let all = sharing.staff.data(mails, json!({})).await["organization"]["mails"]["edges"].clone();
    let mails = all.as_array().expect("a list").iter().map(|edge| &edge["node"]);
    let mut confirmations = mails.filter(|mail| mail["kind"] == "CONFIRMATION");
    let mail = &confirmations.next_back().expect("one")["id"];
    let again = "mutation($input: ResendMailInput!) { resendMail(input: $input) { userErrors { code } } }";
    let input = json!({ "idempotencyKey": key, "mailId": mail });
    let sent =
        sharing.staff.data(again, json!({ "input": input })).await["resendMail"]["userErrors"][0]["code"].clone();
    sent.as_str().unwrap_or_default().to_owned()
}

/// Registers by the API with these wishes; the order's page, and the rows.
async fn ordered(
    app: &TestApp,
    sharing: &Sharing,
    people: &[&str],
    (of_age, wishes): (Option<bool>, &[Value]),
) -> (String, Vec<registration::Model>) {
    let people: Vec<(TicketTypeId, &str)> = people.iter().map(|email| (sharing.ticket, *email)).collect();
    let mut input = Client::register_input(&sharing.event, &uuid::Uuid::new_v4().to_string(), &people);
    input["attendees"][0]["ofAge"] = json!(of_age);
    input["attendees"][0]["consents"] = json!(wishes);
    let payload = app
        .anonymous()
        .done("register", REGISTER, json!({ "input": input }))
        .await;
    let rows = app.db_registrations(&sharing.event, &payload["order"]["code"]).await;
    (
        format!("/order/{}", payload["secret"].as_str().expect("a secret")),
        rows,
    )
}

fn confirm(app: &TestApp, row: &registration::Model) -> String {
    format!("/confirm/{}", app.registration_secret(row))
}

/// Registers by the form, pressing these on the step that asks; the address of the order's page.
async fn walked(browser: &mut Browser, sharing: &Sharing, pressed: &[(&str, &str)]) -> String {
    let ticket = format!("n.{}", sharing.event.public(sharing.ticket));
    let people = browser.get(&format!("{FORM}?{ticket}=1")).await;
    let typed = [
        ("buyer.name", "Ada Lovelace"),
        ("buyer.email", "ada@example.org"),
        ("person.0.mine", "yes"),
        ("go", "sharing"),
    ];
    let step = browser.answer(&people, FORM, &typed).await;
    assert!(step.text.contains("Who may know what?"), "{}", step.text);
    let summary = browser.answer(&step, FORM, pressed).await;
    assert!(summary.text.contains("value=\"order\""), "{}", summary.text);
    let ordered = browser.answer(&summary, FORM, &[("go", "order")]).await;
    assert_eq!(ordered.status, 303, "{}", ordered.text);
    ordered.header("location").to_owned()
}

/// The whole of what whoever consents must be told stands above the box, which is empty.
fn is_asked_well(page: &str, offer: &SeededOffer, name: &str, box_name: &str) {
    let at = |words: &str| page.find(words).unwrap_or_else(|| panic!("{words}: {page}"));
    let tick = at(&format!("name=\"{box_name}\""));
    let who = at(&format!("{name} GmbH, Germany"));
    let start = page[..tick].rfind(&format!("{name} GmbH, Germany"));
    let above = &page[start.expect("who asks stands above the box")..tick];
    assert!(
        who < tick && above.contains("Privacy notice</a>") && above.contains("mailto:"),
        "{name}: {above}"
    );
    assert!(!above.contains(OUTSIDE) && !page.contains(" checked"), "{page}");
    assert!(
        page.contains(&format!("{}:1", offer.public_id)),
        "the page says what it asked"
    );
}

on_both_databases! {
    async fn who_goes_on_without_sharing_is_not_asked_again_on_any_page_or_in_any_mail(app: TestApp) {
        let sharing = app.sharing("acme").await;
        let offer = sharing.offer("Ferris", &["FULL_NAME", "EMAIL"]).await;
        let mut browser = app.browser();
        let order = walked(&mut browser, &sharing, &[("nothing", "yes")]).await;
        assert_eq!(said(&app, &offer).await, [ConsentState::Refused]);
        let page = browser.open(&order).await;
        assert!(!page.contains("Ferris") && !page.contains("checkbox"), "{page}");
        assert_eq!(mails_that_ask(&app).await, [""; 0]);
        let rows = registration::Entity::find().all(app.store().read()).await.expect("rows");
        let page = app.site().get(&confirm(&app, &rows[0])).await.text;
        assert!(page.contains("Confirm</button>") && !page.contains("Ferris") && !page.contains("checkbox"), "{page}");
        app.site().post(&confirm(&app, &rows[0]), &[("first", "yes")]).await;
        assert_eq!(said(&app, &offer).await, [ConsentState::Refused], "proving the mailbox decides nothing");
    }

    async fn what_is_left_empty_beside_a_tick_is_refused_and_asked_no_more(app: TestApp) {
        let sharing = app.sharing("acme").await;
        let (ticked, empty) = (sharing.offer("Ferris", &["EMAIL"]).await, sharing.offer("Nightly", &["EMAIL"]).await);
        let mut browser = app.browser();
        let share = format!("share.{}", ticked.public_id);
        let order = walked(&mut browser, &sharing, &[(&share, "1"), ("age", "yes"), ("go", "summary")]).await;
        assert_eq!((said(&app, &ticked).await, said(&app, &empty).await), (vec![ConsentState::Requested], vec![ConsentState::Refused]));
        let page = browser.open(&order).await;
        assert!(!page.contains("Ferris") && !page.contains("Nightly"), "what is wished waits for the mailbox: {page}");
        assert_eq!(mails_that_ask(&app).await, [""; 0]);
        let rows = registration::Entity::find().all(app.store().read()).await.expect("rows");
        let page = app.site().get(&confirm(&app, &rows[0])).await.text;
        assert!(page.contains("Ferris GmbH") && page.contains("Ticked when the form was sent.") && !page.contains("Nightly"), "{page}");
    }

    async fn what_came_after_the_step_is_asked_and_not_taken_for_refused(app: TestApp) {
        let sharing = app.sharing("acme").await;
        let shown = sharing.offer("Ferris", &["EMAIL"]).await;
        let mut browser = app.browser();
        let ticket = format!("n.{}", sharing.event.public(sharing.ticket));
        let people = browser.get(&format!("{FORM}?{ticket}=1")).await;
        let typed = [("buyer.name", "Ada"), ("buyer.email", "ada@example.org"), ("person.0.mine", "yes"), ("go", "sharing")];
        let step = browser.answer(&people, FORM, &typed).await;
        let later = sharing.offer("Nightly", &["EMAIL"]).await;
        let summary = browser.answer(&step, FORM, &[("nothing", "yes")]).await;
        let order = browser.answer(&summary, FORM, &[("go", "order")]).await;
        assert_eq!((said(&app, &shown).await, said(&app, &later).await), (vec![ConsentState::Refused], vec![]));
        let page = browser.open(order.header("location")).await;
        assert!(page.contains("Nightly GmbH") && !page.contains("Ferris"), "{page}");
    }

    async fn who_was_not_asked_is_asked_after_ordering_and_by_one_mail_until_they_refuse(app: TestApp) {
        let sharing = app.sharing("acme").await;
        let offer = sharing.offer("Ferris", &["FULL_NAME", "EMAIL"]).await;
        let (order, rows) = ordered(&app, &sharing, &["ada@example.org"], (None, &[])).await;
        assert_eq!(mails_that_ask(&app).await, ["CONFIRMATION"]);
        let mut browser = app.browser();
        let before = app.db_written().await;
        let page = browser.open(&order).await;
        is_asked_well(&page, &offer, "Ferris", &offer.public_id);
        is_asked_well(&app.site().get(&confirm(&app, &rows[0])).await.text, &offer, "Ferris", &offer.public_id);
        assert_eq!(app.db_written().await, before, "opening changes nothing");
        // Sent again, the mail says the same and asks no more.
        app.store().clock().advance(61_000_000);
        sent_again(&sharing, "1").await;
        assert_eq!(mails_that_ask(&app).await, ["CONFIRMATION"]);
        let copies: Vec<_> = app.db_mails().await.into_iter().filter(|mail| mail.kind == "CONFIRMATION").collect();
        assert_eq!((copies.len(), &copies[0].data["manage"]), (2, &copies[1].data["manage"]));
        assert_eq!(sent_again(&sharing, "2").await, "RATE_LIMITED", "a copy is a copy");
        let (choice, nothing) = ("<button type=\"submit\" name=\"choice\" value=\"yes\">", "<button type=\"submit\" name=\"nothing\" value=\"yes\">");
        assert!(page.contains(choice) && page.contains(nothing), "of the same weight: {page}");
        browser.press(&order, &order, &[("nothing", "yes")]).await.leads_to("?done=refused");
        let refused = browser.open(&format!("{order}?done=refused")).await;
        assert!(refused.contains("nobody asks you again") && !refused.contains("Ferris"), "{refused}");
        assert_eq!(said(&app, &offer).await, [ConsentState::Refused]);
        for page in [browser.open(&order).await, app.site().get(&confirm(&app, &rows[0])).await.text] {
            assert!(!page.contains("Ferris"), "{page}");
        }
        assert_eq!(mails_that_ask(&app).await, ["CONFIRMATION"], "and no other mail");
    }

    async fn what_is_ticked_after_ordering_holds_only_once_the_mailbox_affirms_it(app: TestApp) {
        let sharing = app.sharing("acme").await;
        let (first, second) = (sharing.offer("Ferris", &["EMAIL"]).await, sharing.offer("Nightly", &["EMAIL"]).await);
        let (order, rows) = ordered(&app, &sharing, &["ada@example.org"], (None, &[])).await;
        let mut browser = app.browser();
        let ageless = browser.press(&order, &order, &[("choice", "yes"), (&first.public_id, "yes")]).await;
        assert!(ageless.status == 422 && ageless.text.contains("Say that you are old enough") && ageless.text.contains(" checked"), "{}", ageless.text);
        assert_eq!(said(&app, &second).await, [], "nothing half-done");
        browser.press(&order, &order, &[("choice", "yes"), (&first.public_id, "yes"), ("ofAge", "yes")]).await.leads_to("?done=noted");
        let noted = browser.open(&format!("{order}?done=noted")).await;
        assert!(noted.contains("Your choice is noted") && !noted.contains("Ferris GmbH"), "{noted}");
        assert_eq!((said(&app, &first).await, said(&app, &second).await), (vec![ConsentState::Requested], vec![ConsentState::Refused]));
        assert_eq!(app.db_stream_leads(&first).await, []);
        let path = confirm(&app, &rows[0]);
        browser.press(&path, &path, &[("first", "yes"), (&first.public_id, "yes"), ("ofAge", "yes")]).await;
        assert_eq!(app.db_stream_leads(&first).await.len(), 1);
        // The order's secret decides nothing any more.
        let late = json!({ "secret": order.trim_start_matches("/order/"), "consents": [decision(&first, 1, &[])] });
        let document = "mutation($input: DecideAfterOrderingInput!) { decideAfterOrdering(input: $input) { userErrors { field code } } }";
        let answer = app.anonymous().data(document, json!({ "input": late })).await;
        assert_eq!(answer["decideAfterOrdering"]["userErrors"], json!([{ "field": ["consents"], "code": "WRONG_STATE" }]));
        assert_eq!(app.db_stream_leads(&first).await.len(), 1);
    }

    async fn who_was_registered_by_somebody_else_decides_by_the_link_of_their_mail(app: TestApp) {
        let sharing = app.sharing("acme").await;
        let (first, second) = (sharing.offer("Ferris", &["FULL_NAME", "EMAIL"]).await, sharing.offer("Nightly", &["EMAIL"]).await);
        let people = ["ada@example.org", "bob@example.org", "eve@example.org"];
        let (_, rows) = ordered(&app, &sharing, &people, (None, &[decision(&first, 1, &[]), decision(&second, 1, &[])])).await;
        assert_eq!(mails_that_ask(&app).await, ["DECIDE_FOR_YOURSELF"; 2]);
        let mut browser = app.browser();
        let path = confirm(&app, &rows[1]);
        let page = browser.open(&path).await;
        is_asked_well(&page, &first, "Ferris", &first.public_id);
        is_asked_well(&page, &second, "Nightly", &second.public_id);
        assert!(page.contains("Share with Ferris GmbH: Name, E-mail address") && page.contains("<button type=\"submit\" name=\"second\" value=\"yes\">Confirm without sharing</button>"), "{page}");
        browser.press(&path, &path, &[("first", "yes"), (&first.public_id, "yes"), ("ofAge", "yes")]).await;
        let lead = app.db_stream_leads(&first).await.remove(0);
        assert_eq!(lead.email.as_deref(), Some("bob@example.org"));
        assert_eq!(app.db_stream_leads(&second).await, []);
        // The other button shares nothing, whatever is ticked.
        let path = confirm(&app, &rows[2]);
        browser.press(&path, &path, &[("second", "yes"), (&first.public_id, "yes")]).await;
        assert_eq!(app.db_stream_leads(&first).await.len(), 1);
        assert_eq!(said(&app, &second).await, [ConsentState::Refused; 3], "nobody asks any of them again");
    }

    async fn what_could_not_be_taken_is_asked_once_more_where_it_still_can_be_given(app: TestApp) {
        let sharing = app.sharing("acme").await;
        let offer = sharing.offer("Ferris", &["EMAIL"]).await;
        let email = ["EMAIL"];
        for (wish, of_age) in [
            (decision(&offer, 2, &email), Some(true)),
            (decision(&offer, 1, &["PHONE"]), Some(true)),
            (decision(&offer, 1, &email), None),
            (decision(&offer, 1, &email), Some(false)),
        ] {
            let (order, rows) = ordered(&app, &sharing, &["ada@example.org"], (of_age, &[wish])).await;
            let page = app.browser().open(&format!("{order}?sharing=again")).await;
            for words in ["Not everything that you ticked could be noted", "asked here once more", "Ferris GmbH"] {
                assert!(page.contains(words), "{words}: {page}");
            }
            let page = app.site().get(&confirm(&app, &rows[0])).await.text;
            assert!(page.contains("Ferris GmbH") && !page.contains(" checked"), "{page}");
        }
        assert_eq!(mails_that_ask(&app).await, ["CONFIRMATION"; 4]);
        app.db_execute("update offer_version set ends_at = 1").await;
        let (order, rows) = ordered(&app, &sharing, &["ada@example.org"], (Some(true), &[decision(&offer, 1, &email)])).await;
        let page = app.browser().open(&format!("{order}?sharing=again")).await;
        assert!(page.contains("Not everything that you ticked") && !page.contains("once more") && !page.contains("Ferris"), "{page}");
        assert!(!app.site().get(&confirm(&app, &rows[0])).await.text.contains("Ferris"), "its time is over");
        assert_eq!(mails_that_ask(&app).await.len(), 4);
    }

    async fn whose_date_of_birth_is_known_is_asked_no_age_after_ordering(app: TestApp) {
        let sharing = app.sharing("acme").await;
        let offer = sharing.offer("Ferris", &["EMAIL"]).await;
        let (ticked, age, guardian) = ((offer.public_id.as_str(), "yes"), "name=\"ofAge\"", "name=\"guardian.email\"");
        let mut browser = app.browser();
        for (email, born, is_adult) in [("ada@example.org", "1980-02-29", true), ("kid@example.org", "2020-01-31", false)] {
            let (order, _) = ordered(&app, &sharing, &[email], (None, &[])).await;
            assert!(browser.open(&order).await.contains(age), "nothing is known yet");
            app.db_execute(&format!("update registration set date_of_birth = '{born}' where email = '{email}'")).await;
            let page = browser.open(&order).await;
            assert!(!page.contains(age) && page.contains(guardian) != is_adult, "{page}");
            let answer = browser.press(&order, &order, &[("choice", "yes"), ticked]).await;
            if !is_adult {
                assert!(answer.status == 422 && answer.text.contains("id=\"guardian.email-error\""), "{}", answer.text);
                let named = [("choice", "yes"), ticked, ("guardian.name", "Parent"), ("guardian.email", "parent@example.org")];
                browser.press(&order, &order, &named).await.leads_to("?done=noted");
                continue;
            }
            answer.leads_to("?done=noted");
        }
        assert_eq!(said(&app, &offer).await.len(), 2);
        assert_eq!(app.db_stream_leads(&offer).await, []);
    }

    async fn a_guardian_who_was_not_named_in_the_form_is_asked_once_they_are(app: TestApp) {
        let sharing = app.sharing("acme").await;
        let offer = sharing.offer("Ferris", &["EMAIL"]).await;
        let (order, _) = ordered(&app, &sharing, &["kid@example.org"], (Some(false), &[decision(&offer, 1, &["EMAIL"])])).await;
        let mut browser = app.browser();
        let named = [("choice", "yes"), (offer.public_id.as_str(), "yes"), ("guardian.name", "Parent"), ("guardian.email", "parent@example.org")];
        browser.press(&order, &order, &named).await.leads_to("?done=noted");
        let noted = browser.get(&format!("{order}?done=noted")).await;
        assert!(noted.status == 200 && noted.text.contains("Your choice is noted") && !noted.text.contains("Ferris GmbH"), "{}", noted.text);
        let asked: Vec<_> = app.db_mails().await.into_iter().filter(|mail| mail.kind == "GUARDIAN_REQUEST").collect();
        assert_eq!(asked.len(), 1);
        assert_eq!((asked[0].to.as_str(), &asked[0].data["partners"][0]["partner"]), ("parent@example.org", &json!("Ferris GmbH")));
        assert_eq!(app.db_stream_leads(&offer).await, []);
    }

    async fn an_offer_whose_time_is_over_is_asked_of_nobody(app: TestApp) {
        let sharing = app.sharing("acme").await;
        let (open, over) = (sharing.offer("Ferris", &["EMAIL"]).await, sharing.offer("Nightly", &["EMAIL"]).await);
        let ada = app.db_attendee(&sharing, "ada@people.example", |_| ()).await;
        let place = format!("/me/registrations/{}", ada.public_id);
        ada.decide(&app, &[decision(&over, 1, &[])]).await;
        let bob = app.db_attendee(&sharing, "bob@people.example", |_| ()).await;
        let over_now = "update offer_version set ends_at = 1 where offer_id = $1";
        sql::execute(app.store().admin(), over_now, [over.id.into()]).await.expect("changed");
        let mut browser = app.browser_of(&ada.client).await;
        let page = browser.open(&place).await;
        assert!(page.contains("Nightly") && !page.contains("Share with Nightly"), "what was refused is told and cannot be given: {page}");
        assert!(page.contains("Share with Ferris"), "{page}");
        let page = app.browser_of(&bob.client).await.open(&format!("/me/registrations/{}", bob.public_id)).await;
        assert!(page.contains("Share with Ferris") && !page.contains("Nightly"), "{page}");
        let ticket = format!("n.{}", sharing.event.public(sharing.ticket));
        let people = browser.get(&format!("{FORM}?{ticket}=1")).await;
        let typed = [("buyer.name", "Eve"), ("buyer.email", "eve@example.org"), ("person.0.mine", "yes"), ("go", "sharing")];
        let step = browser.answer(&people, FORM, &typed).await;
        is_asked_well(&step.text, &open, "Ferris", &format!("share.{}", open.public_id));
        assert!(!step.text.contains("Nightly"), "{}", step.text);
    }

    async fn a_partner_outside_the_eea_is_marked_above_its_box_wherever_it_asks(app: TestApp) {
        let sharing = app.sharing("acme").await;
        let offer = sharing.offer("Ferris", &["EMAIL"]).await;
        app.db_execute("update partner set country = 'US'").await;
        let (order, rows) = ordered(&app, &sharing, &["ada@example.org"], (None, &[])).await;
        let mut browser = app.browser();
        let ticket = format!("n.{}", sharing.event.public(sharing.ticket));
        let people = browser.get(&format!("{FORM}?{ticket}=1")).await;
        let typed = [("buyer.name", "Eve"), ("buyer.email", "eve@example.org"), ("person.0.mine", "yes"), ("go", "sharing")];
        let step = browser.answer(&people, FORM, &typed).await.text;
        let pages = [step, browser.open(&order).await, browser.open(&confirm(&app, &rows[0])).await];
        for (page, name) in pages.iter().zip([format!("share.{}", offer.public_id), offer.public_id.clone(), offer.public_id.clone()]) {
            let above = &page[..page.find(&format!("name=\"{name}\"")).expect("a box")];
            for words in ["Ferris GmbH, United States", OUTSIDE, "Privacy notice</a>", "mailto:"] {
                assert!(above.contains(words), "{words}: {page}");
            }
        }
    }
}
