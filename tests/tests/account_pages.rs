//! What somebody signed in sees and decides of what is theirs, through the pages.

use consentry_domain::{QuestionKind, RegistrationStatus};
use consentry_tests::app::{Browser, OwnPlace, Sharing};
use consentry_tests::{TestApp, on_both_databases};
use serde_json::json;

/// The path of the data that the first organization holds.
async fn data_path(browser: &mut Browser) -> String {
    let page = browser.open("/me").await;
    let rest = page.split("href=\"/me/data/").nth(1).expect("a link");
    format!("/me/data/{}", rest.split('"').next().expect("an id"))
}

on_both_databases! {
    async fn nobody_sees_anything_without_signing_in_nor_what_is_somebody_elses(app: TestApp) {
        let OwnPlace { sharing, ada, mut browser, place } = app.own_place().await;
        let eve = app.db_attendee(&sharing, "eve@people.example", |_| ()).await;
        let data = data_path(&mut browser).await;
        let pages = ["/me".to_owned(), "/me/sessions".into(), place.clone(), format!("{place}/details"), data.clone(), format!("{data}/erasure")];
        let (mut nobody, mut other) = (app.browser(), app.browser_of(&eve.client).await);
        let missing = other.get("/me/registrations/nonsense").await;
        assert_eq!(missing.status, 404);
        for page in &pages {
            nobody.get(page).await.leads_to("/sign-in");
            if ![&"/me".to_owned(), &data].contains(&page) {
                nobody.post(page, &[("cancel", "yes"), ("sure", "yes")]).await.leads_to("/sign-in");
            }
            if page.contains("/registrations/") || page.contains("/data/") {
                let said = other.get(page).await.said();
                assert_eq!(said, missing.said(), "{page}: as if it were not there");
                if *page == data {
                    continue;
                }
                let pressed = other.press("/me", page, &[("cancel", "yes"), ("sure", "yes"), ("withdraw-all", "yes")]).await;
                assert_eq!(pressed.status, 404, "{page}");
            }
        }
        let copied = other.press("/me", &format!("{data}/copy"), &[("format", "json")]).await;
        assert_eq!(copied.status, 404);
        // A partner at the event, a place's id where a person's is expected, and the other way round.
        let person = data.rsplit('/').next().expect("an id");
        assert_eq!(browser.get(&format!("/me/registrations/{person}")).await.status, 404);
        assert_eq!(browser.get(&format!("/me/data/{}", ada.public_id)).await.status, 404);
        let event = sharing.event.public_id();
        assert_eq!(browser.get(&format!("/me/registrations/{event}")).await.status, 404);
        assert_eq!(app.db_registration(&ada).await.status, RegistrationStatus::Confirmed);
    }

    async fn another_sites_form_changes_nothing(app: TestApp) {
        let OwnPlace { sharing, ada, mut browser, place } = app.own_place().await;
        let offer = sharing.offer("Nightly", &["EMAIL"]).await;
        ada.grant(&app, &offer, 1, &["EMAIL"]).await;
        let before = app.db_registration(&ada).await;
        let data = data_path(&mut browser).await;
        for form in [("withdraw-all", "yes"), ("cancel", "yes"), ("withdraw", offer.public_id.as_str()), ("name", "Mallory")] {
            for path in [place.clone(), format!("{place}/details")] {
                let answer = browser.post(&path, &[form, ("revision", "1"), ("email", "m@people.example"), ("go", "save")]).await;
                assert_eq!(answer.status, 422, "{path} {form:?}");
            }
        }
        assert_eq!(browser.post(&format!("{data}/erasure"), &[("sure", "yes")]).await.status, 422);
        browser.post(&format!("{data}/copy"), &[("format", "json")]).await.leads_to(&data);
        assert_eq!(app.db_registration(&ada).await, before);
        assert_eq!(sharing_with(&mut browser, &place).await, 1);
    }

    async fn details_are_corrected_and_mistakes_stand_beside_their_fields(app: TestApp) {
        let OwnPlace { sharing, ada, mut browser, place } = app.own_place().await;
        let asked = app.db_question(&sharing.event, QuestionKind::Text, &[], |_| {}).await;
        let details = format!("{place}/details");
        let question = format!("q.{}", sharing.event.public(asked));
        let form = |name: &'static str, email: &'static str| vec![("name", name), ("email", email), ("company", "New & Co <b>"), ("street", ""), ("go", "save")];
        // Another language is no reason to save.
        let before = app.db_registration(&ada).await;
        let switched = browser.press(&details, &details, &[("name", "Half a na"), ("email", "ada@people.example"), ("language", "de")]).await;
        assert!(switched.status == 200 && switched.text.contains("value=\"Half a na\"") && switched.text.contains("lang=\"de\""), "{}", switched.text);
        browser.press(&details, &details, &[("language", "en")]).await;
        assert_eq!(app.db_registration(&ada).await, before);
        let wrong = browser.press(&details, &details, &[form("", "ada@people.example"), vec![("company", "kept")]].concat()).await;
        assert_eq!(wrong.status, 422);
        assert!(wrong.text.contains("id=\"name-error\"") && wrong.text.contains("href=\"#name\""), "{}", wrong.text);
        assert!(wrong.text.contains("New &#38; Co &#60;b&#62;"), "what was typed is still there");
        let fields = [form("Ada King", "ada@people.example"), vec![(question.as_str(), "A map")]].concat();
        browser.press(&details, &details, &fields).await.leads_to(&format!("{place}?done=saved"));
        let row = app.db_registration(&ada).await;
        assert_eq!((row.full_name.as_deref(), row.company.as_deref(), row.email.as_deref()), (Some("Ada King"), Some("New & Co <b>"), Some("ada@people.example")));
        let page = browser.open(&format!("{place}?done=saved")).await;
        assert!(page.contains("Saved.") && page.contains("A map") && page.contains("New &#38; Co &#60;b&#62;"), "{page}");
        assert!(!page.contains("Postal address"), "{page}");
        app.db_execute("update registration set postal_address = '{\"street\":\"Ring 1\",\"postal_code\":\"50667\",\"city\":\"Köln\",\"country\":\"DE\"}'").await;
        let page = browser.open(&place).await;
        assert!(page.contains("<dt>Postal address</dt><dd>Ring 1, 50667 Köln, DE</dd>"), "{page}");
        // The form of before: somebody saved meanwhile.
        let stale = [form("Ada Byron", "ada@people.example"), vec![("revision", "1")]].concat();
        let answer = browser.press(&details, &details, &stale).await;
        assert!(answer.status == 422 && answer.text.contains("somewhere else meanwhile"), "{}", answer.text);
        let fields = form("Ada King", "king@people.example");
        browser.press(&details, &details, &fields).await.leads_to(&format!("{place}?done=mailed"));
        let row = app.db_registration(&ada).await;
        assert_eq!((row.email.as_deref(), row.new_email.as_deref()), (Some("ada@people.example"), Some("king@people.example")));
        assert!(browser.open(&place).await.contains("New address, not confirmed"));
    }

    async fn of_many_partners_those_that_have_something_stand_first_and_the_others_are_folded(app: TestApp) {
        let OwnPlace { sharing, ada, mut browser, place } = app.own_place().await;
        let mut offers = Vec::new();
        for number in 0..5 {
            offers.push(sharing.offer(&format!("Partner{number}"), &["EMAIL"]).await);
        }
        let few = browser.open(&place).await;
        assert!(!few.contains("folded"), "five are read at once: {few}");
        offers.push(sharing.offer("Partner5", &["EMAIL"]).await);
        ada.grant(&app, &offers[4], 1, &["EMAIL"]).await;
        browser.press(&place, &place, &[("refuse", &offers[0].public_id)]).await.leads_to(&format!("{place}?done=refused"));
        let order = |page: &str| -> Vec<usize> {
            let mut at: Vec<(usize, usize)> = (0..6).map(|number| (page.find(&format!(">Partner{number}</h3>")).expect("a partner"), number)).collect();
            at.sort_unstable();
            at.into_iter().map(|(_, number)| number).collect()
        };
        let page = browser.open(&place).await;
        assert_eq!(order(&page), [4, 1, 2, 3, 5, 0], "who has something, who asks, who was told no");
        assert_eq!(page.matches("<details class=\"card folded\">").count(), 5, "{page}");
        let first = page.find(">Partner4</h3>").expect("the one who has something");
        assert!(first < page.find("card folded").expect("a fold") && page.contains("· You said no</span></summary>"), "{page}");
        // What one pressed stands open when something is to be said about it.
        let mut bob = app.browser_of(&app.db_attendee(&sharing, "bob@people.example", |_| ()).await.client).await;
        let me = bob.open("/me").await;
        let place = format!("/me/registrations/{}", me.split("/me/registrations/").nth(1).expect("a place").split('"').next().expect("an id"));
        let asked = bob.press(&place, &place, &[("share", &offers[3].public_id)]).await;
        assert!(asked.status == 422 && asked.text.contains("name=\"age\""), "{}", asked.text);
        assert_eq!(asked.text.matches("<details class=\"card folded\">").count(), 5, "{}", asked.text);
        let open = asked.text.split("<section class=\"card\" aria-labelledby=\"partner-").nth(1).expect("an open one");
        assert!(open.split("</h3>").next().expect("its name").ends_with(">Partner3"), "{}", asked.text);
    }

    async fn sharing_costs_one_press_and_so_does_taking_it_back(app: TestApp) {
        let OwnPlace {
            sharing,
            mut browser,
            place,
            ..
        } = app.own_place().await;
        let offer = sharing.offer("Nightly", &["EMAIL", "COMPANY", "PHONE"]).await;
        let page = browser.open(&place).await;
        assert!(page.contains("You share nothing.") && !page.contains("withdraw-all\""), "{page}");
        assert!(!page.contains("checked"), "nothing comes ticked");
        assert!(page.contains("Share with Nightly: "), "the button names the fields");
        let give = [("share", offer.public_id.as_str()), (&*format!("without.{}", offer.public_id), "PHONE")].map(|(a, b)| (a.to_owned(), b.to_owned()));
        let give: Vec<(&str, &str)> = give.iter().map(|(a, b)| (a.as_str(), b.as_str())).collect();
        // It is not known yet whether they are of age: it is asked then, and only then.
        assert!(!page.contains("name=\"age\""));
        let asked = browser.press(&place, &place, &give).await;
        assert!(asked.status == 422 && asked.text.contains("name=\"age\""), "{}", asked.text);
        let again = [("share", offer.public_id.as_str()), ("age", "yes")];
        browser.press_on(&asked, &place, &again).await.leads_to(&format!("{place}?done=shared"));
        let leads = sharing_leads(&app, &offer).await;
        assert_eq!(leads, [(Some("ada@people.example".to_owned()), Some("Engines Ltd".to_owned()), None)], "exactly what was not left out");
        let page = browser.open(&place).await;
        assert!(page.contains("You share with one partner.") && page.contains("Stop sharing with Nightly"), "{page}");
        browser.press(&place, &place, &[("withdraw", &offer.public_id)]).await.leads_to(&format!("{place}?done=withdrawn"));
        assert_eq!(sharing_leads(&app, &offer).await, []);
        let page = browser.open(&place).await;
        assert!(page.contains("Taken back") && !page.contains("name=\"refuse\""), "nobody asks again: {page}");
        let other = sharing.offer("Stable", &["EMAIL"]).await;
        browser.press(&place, &place, &[("refuse", &other.public_id)]).await.leads_to(&format!("{place}?done=refused"));
        let page = browser.open(&place).await;
        assert!(page.contains("You said no") && !page.contains("name=\"refuse\""), "nobody asks again: {page}");
        browser.press(&place, &place, &again).await.leads_to(&format!("{place}?done=shared"));
        browser.press(&place, &place, &[("withdraw-all", "yes")]).await.leads_to(&format!("{place}?done=withdrawn"));
        assert_eq!(sharing_leads(&app, &offer).await, []);
    }

    async fn what_was_shown_is_what_is_agreed_to(app: TestApp) {
        let OwnPlace { sharing, ada, mut browser, place } = app.own_place().await;
        let offer = sharing.offer("Nightly", &["EMAIL"]).await;
        let version = format!("version.{}", offer.public_id);
        sharing.switch(&offer, 2, &["EMAIL", "PHONE"]).await;
        // The page was opened before the switch.
        let old = [("share", offer.public_id.as_str()), (version.as_str(), "1"), ("age", "yes")];
        let answer = browser.press(&place, &place, &old).await;
        assert!(answer.status == 422 && answer.text.contains("read it again"), "{}", answer.text);
        // Something else was decided meanwhile, on another device.
        let other = sharing.offer("Stable", &["EMAIL"]).await;
        let before = app.db_registration(&ada).await.consent_revision.to_string();
        ada.grant(&app, &other, 1, &["EMAIL"]).await;
        let stale = [("share", offer.public_id.as_str()), ("age", "yes"), ("revision", before.as_str())];
        let answer = browser.press(&place, &place, &stale).await;
        assert!(answer.status == 422 && answer.text.contains("elsewhere meanwhile"), "{}", answer.text);
        assert_eq!(sharing_leads(&app, &offer).await, []);
        assert_eq!(sharing_with(&mut browser, &place).await, 1);
    }

    async fn a_place_is_given_up_by_two_presses(app: TestApp) {
        let OwnPlace { ada, mut browser, place, .. } = app.own_place().await;
        let code = app.db_registration(&ada).await.check_in_code;
        let page = browser.open(&place).await;
        assert!(page.contains(&code) && page.contains("class=\"code\""), "the ticket is there: {page}");
        browser.press(&place, &place, &[("cancel", "yes")]).await.leads_to(&format!("{place}?done=cancelled"));
        assert_eq!(app.db_registration(&ada).await.status, RegistrationStatus::Cancelled);
        let page = browser.open(&place).await;
        assert!(page.contains("Cancelled") && !page.contains("name=\"cancel\""), "{page}");
        assert!(!page.contains(&code), "nobody is let in with it: {page}");
    }

    async fn one_sees_who_received_what_and_takes_everything_along(app: TestApp) {
        let OwnPlace { sharing, ada, mut browser, .. } = app.own_place().await;
        let data = data_path(&mut browser).await;
        let page = browser.open(&data).await;
        assert!(page.contains("Nobody has received anything"), "{page}");
        let offer = sharing.offer("Nightly", &["EMAIL", "COMPANY"]).await;
        ada.grant(&app, &offer, 1, &["EMAIL"]).await;
        let pull = "{ partner { leads(purpose: EVENT_FOLLOW_UP, first: 100) { nodes { email } } } }";
        app.puller(&offer).await.data(pull, json!({})).await;
        let page = browser.open(&data).await;
        assert!(page.contains("Nightly") && page.contains("What you agreed to (version 1)"), "{page}");
        // One reads what one agreed to, not what has come since; a text stands there once, however much was received under it.
        let edited = |text: &str| {
            let mut terms = Sharing::terms(&[json!("EMAIL"), json!("COMPANY")]);
            terms["text"][0]["text"] = json!(text);
            terms
        };
        sharing.revise(&offer, edited("May we write to you at all?")).await;
        sharing.approve(&offer, 2, "EDITORIAL").await;
        app.puller(&offer).await.data(pull, json!({})).await;
        let page = browser.open(&data).await;
        assert_eq!(page.matches("(version 1)<span").count(), 2, "twice received: {page}");
        assert!(page.matches(">May we write to you?</p>").count() == 1 && !page.contains("at all") && !page.contains("(version 2)"), "{page}");
        sharing.revise(&offer, edited("May we call you?")).await;
        sharing.approve(&offer, 3, "SUBSTANTIAL").await;
        ada.grant(&app, &offer, 3, &["EMAIL", "COMPANY"]).await;
        app.puller(&offer).await.data(pull, json!({})).await;
        let page = browser.open(&data).await;
        assert_eq!((page.matches("(version 1)<span").count(), page.matches("(version 3)<span").count()), (2, 1), "{page}");
        assert!(page.contains(">May we write to you?</p>") && page.contains(">May we call you?</p>") && !page.contains("at all"), "{page}");
        assert!(page.contains("Nightly GmbH <span class=\"small soft\">A conference</span></h2>"), "at which event: {page}");
        let json = browser.press(&data, &format!("{data}/copy"), &[("format", "json")]).await;
        assert_eq!((json.status, json.header("content-type"), json.header("cache-control")), (200, "application/json", "no-store"));
        assert!(json.header("content-disposition").starts_with("attachment; filename=\"my-data-acme.json\""));
        let file: serde_json::Value = serde_json::from_str(&json.text).expect("JSON");
        let names: Vec<&str> = file["tables"].as_array().expect("tables").iter().filter_map(|table| table["name"].as_str()).collect();
        for table in ["account", "person", "registration", "consent", "lead", "session"] {
            assert!(names.contains(&table), "{table} is missing: {names:?}");
        }
        assert!(!json.text.contains(&browser.cookies["__Host-session"]), "no secret is in it");
        let csv = browser.press(&data, &format!("{data}/copy"), &[("format", "csv")]).await;
        assert!(csv.text.starts_with("table,row,column,value,purpose,retention\r\n") && csv.text.contains(",email,ada@people.example,"), "{}", csv.text);
        assert!(csv.text.contains(",phone,'+49 30 1234567,"), "no cell is a formula");
        let audit = sharing.staff.data("query($slug: String!) { organization(slug: $slug) { auditLog(first: 100) { edges { node { action } } } } }", json!({ "slug": "acme" })).await;
        assert_eq!(audit.to_string().matches("exportMyData").count(), 2, "{audit:#}");
    }

    async fn one_is_forgotten_after_being_asked_once_more(app: TestApp) {
        let OwnPlace { ada, mut browser, .. } = app.own_place().await;
        let erasure = format!("{}/erasure", data_path(&mut browser).await);
        let unsure = browser.press(&erasure, &erasure, &[]).await;
        assert!(unsure.status == 422 && unsure.text.contains("Tick the box"), "{}", unsure.text);
        let done = browser.press(&erasure, &erasure, &[("sure", "yes")]).await;
        assert!(done.status == 200 && done.text.contains("your account is gone as well"), "{}", done.text);
        assert_eq!(app.db_registration(&ada).await.status, RegistrationStatus::Erased);
        assert!(!browser.cookies.contains_key("__Host-session"));
        browser.get("/me").await.leads_to("/sign-in");
    }
}

/// With how many partners the page says that something is shared.
async fn sharing_with(browser: &mut Browser, place: &str) -> usize {
    browser.open(place).await.matches("name=\"withdraw\"").count()
}

/// What the partner can read: address, company, telephone number.
async fn sharing_leads(
    app: &TestApp,
    offer: &consentry_tests::app::SeededOffer,
) -> Vec<(Option<String>, Option<String>, Option<String>)> {
    let rows = app.db_stream_leads(offer).await.into_iter();
    rows.filter(|lead| lead.mask != 0)
        .map(|lead| (lead.email, lead.company, lead.phone))
        .collect()
}
