//! Changing what is there through the pages: what is emptied goes, what a page does not show stays, and what somebody else
//! changed meanwhile is seen before it is written over. On both databases.

use consentry::platform::store::sql;
use consentry_domain::{DocumentKind, QuestionKind, Role};
use consentry_tests::app::{Browser, Sharing};
use consentry_tests::{TestApp, on_both_databases};
use serde_json::{Value, json};

const EVENT: &str = "/manage/acme/rustdays";

/// The value of a hidden field.
fn hidden(page: &str, name: &str) -> String {
    let start = format!("name=\"{name}\" value=\"");
    let rest = page.split(&start).nth(1).expect("a hidden field");
    rest.split('"').next().expect("its value").to_owned()
}

/// Presses a form's button, which saves it.
async fn saves(browser: &mut Browser, path: &str, form: &[(&str, &str)], onto: &str) {
    let form = [form, &[("go", "save")]].concat();
    browser
        .press(path, path, &form)
        .await
        .leads_to(&format!("{onto}?done=saved"));
}

/// The texts of a column.
async fn texts(app: &TestApp, column: &str, table: &str) -> Vec<Value> {
    let text = format!("select {column} as value from {table} where {column} is not null order by id");
    let rows = sql::all(app.store().read(), &text, []).await.expect("rows");
    let texts = rows
        .iter()
        .map(|row| row.try_get::<String>("", "value").expect("a text"));
    texts
        .map(|text| serde_json::from_str(&text).expect("a text per language"))
        .collect()
}

on_both_databases! {
    async fn a_text_and_a_deadline_that_are_emptied_are_gone(app: TestApp) {
        let organization = app.db_organization("acme").await;
        let owner = app.db_staff(&organization, Role::Owner).await;
        app.db_event(&organization, "rustdays", |row| {
            row.title = json!({ "en": "Days", "de": "Tage" }).to_string();
            row.description = json!({ "en": "About", "de": "Worum es geht", "fr": "De quoi" }).to_string();
        }).await;
        let mut browser = app.browser_of(&owner).await;
        let setup = format!("{EVENT}/setup");
        saves(&mut browser, &setup, &[("title.en", "Days"), ("title.de", "Tage"), ("answersEditableUntil", "2031-03-01T09:00")], &setup).await;
        let page = browser.open(&setup).await;
        for kept in ["value=\"Tage\"", "Worum es geht", "De quoi", "name=\"description.fr\"", "value=\"2031-03-01T09:00\""] {
            assert!(page.contains(kept), "{kept}: {page}");
        }
        let emptied = [("title.en", "Days"), ("title.de", ""), ("description.en", "About"), ("description.de", " "), ("description.fr", "")];
        saves(&mut browser, &setup, &emptied, &setup).await;
        let page = browser.open(&setup).await;
        for gone in ["Tage", "Worum es geht", "De quoi", "description.fr"] {
            assert!(!page.contains(gone), "{gone}: {page}");
        }
        assert!(page.contains("value=\"2031-03-01T09:00\""), "the deadline was not touched: {page}");
        assert_eq!(texts(&app, "title", "event").await, [json!({ "en": "Days" })]);
        assert_eq!(texts(&app, "description", "event").await, [json!({ "en": "About" })]);
        saves(&mut browser, &setup, &[("title.en", "Days"), ("answersEditableUntil", "")], &setup).await;
        assert!(!browser.open(&setup).await.contains("2031-03-01T09:00"), "no deadline where it is empty");
        let untitled = browser.press(&setup, &setup, &[("title.en", ""), ("go", "save")]).await;
        assert!(untitled.status == 422 && untitled.text.contains("id=\"title.en-error\""), "{}", untitled.text);
    }

    async fn a_language_and_a_region_that_a_form_does_not_ask_for_stay(app: TestApp) {
        let organization = app.db_organization("acme").await;
        let owner = app.db_staff(&organization, Role::Owner).await;
        let both = |english: &str| json!({ "en": english, "fr": "En français" }).to_string();
        let event = app.db_event(&organization, "rustdays", |row| {
            row.title = both("Days");
            let address = json!({ "street": "Weg 1", "postalCode": "6900", "city": "Bregenz", "region": "Vorarlberg", "country": "AT" });
            row.venue = Some(json!({ "name": "Hall", "address": address }).to_string());
        }).await;
        let ticket = app.db_ticket_type(&event, "Visitor", |row| (row.name, row.description) = (both("Visitor"), Some(both("All")))).await;
        let question = app.db_question(&event, QuestionKind::Choice, &[], |row| {
            (row.label, row.help, row.purpose) = (both("Team?"), Some(both("Yours")), both("To plan"));
        }).await;
        for choice in ["Red", "Blue"] {
            app.db_choice(&event, question, choice).await;
        }
        let talk = app.db_talk(&event, "Keynote", 1).await;
        let speaker = app.db_speaker(&event, "Ada", &[]).await;
        app.db_document(&event, DocumentKind::Terms, |row| (row.title, row.content) = (both("Terms"), both("Be kind"))).await;
        for (table, column) in [("question_choice", "label"), ("event_session", "title"), ("event_session", "description"), ("speaker", "headline"), ("speaker", "biography")] {
            app.db_execute(&format!("update {table} set {column} = '{}'", both("Something"))).await;
        }
        let mut browser = app.browser_of(&owner).await;
        let path = |part: &str, id: String| format!("{EVENT}/{part}/{id}");
        let (ticket, question) = (path("tickets", event.public(ticket)), path("questions", event.public(question)));
        let (talk, speaker) = (path("agenda", event.public(talk)), path("speakers", event.public(speaker)));
        let page = browser.open(&ticket).await;
        assert!(page.contains("name=\"name.fr\"") && page.contains("value=\"En français\" autocomplete=\"off\" lang=\"fr\""), "it is seen: {page}");
        // The forms as programs send them that know two languages.
        let sale = [("name.en", "Guest"), ("description.en", "Nearly all"), ("price", "0"), ("taxRate", "0"), ("minPerOrder", "1"), ("maxPerOrder", "9"), ("visibility", "PUBLIC")];
        saves(&mut browser, &ticket, &sale, &format!("{EVENT}/tickets")).await;
        let choices = |page: &str| (hidden(page, "choices.0.id"), hidden(page, "choices.1.id"));
        let (first, second) = choices(&browser.open(&question).await);
        let asked = [
            ("label.en", "Which team?"), ("help.en", "Yours"), ("purpose.en", "To plan"), ("kind", "CHOICE"), ("sensitivity", "ORDINARY"), ("retentionDays", "7"),
            ("choices.0.id", first.as_str()), ("choices.0.label.en", "Red"), ("choices.1.id", second.as_str()), ("choices.1.label.en", "Blue"),
        ];
        saves(&mut browser, &question, &asked, &format!("{EVENT}/questions")).await;
        saves(&mut browser, &talk, &[("title.en", "Opening"), ("description.en", "Hello"), ("startsLocal", "2031-03-03T09:00"), ("endsLocal", "2031-03-03T10:00")], &format!("{EVENT}/agenda")).await;
        saves(&mut browser, &speaker, &[("name", "Ada"), ("headline.en", "Poet"), ("biography.en", "Born")], &format!("{EVENT}/speakers")).await;
        let terms = format!("{EVENT}/setup/documents/terms");
        saves(&mut browser, &terms, &[("title.en", "Rules"), ("content.en", "Be kinder"), ("required", "yes")], &format!("{EVENT}/setup/documents")).await;
        let setup = format!("{EVENT}/setup");
        let venue = [
            ("title.en", "Days"), ("venue.name", "Other hall"), ("venue.address.street", "Weg 1"), ("venue.address.postalCode", "6900"),
            ("venue.address.city", "Bregenz"), ("venue.address.region", "Vorarlberg"), ("venue.address.country", "AT"),
        ];
        assert!(browser.open(&setup).await.contains("value=\"Vorarlberg\""), "the region is seen");
        saves(&mut browser, &setup, &venue, &setup).await;
        for (table, column) in [
            ("event", "title"), ("ticket_type", "name"), ("ticket_type", "description"), ("question", "label"), ("question", "help"), ("question", "purpose"),
            ("question_choice", "label"), ("event_session", "title"), ("event_session", "description"), ("speaker", "headline"), ("speaker", "biography"),
            ("legal_document", "title"), ("legal_document", "content"),
        ] {
            for text in texts(&app, column, table).await {
                assert_eq!(text["fr"], "En français", "{table}.{column}: {text}");
            }
        }
        assert_eq!(texts(&app, "name", "ticket_type").await[0]["en"], "Guest");
        let venue = &texts(&app, "venue", "event").await[0];
        assert_eq!((&venue["name"], &venue["address"]["region"]), (&json!("Other hall"), &json!("Vorarlberg")));
        // Emptied, it goes.
        let mut without = sale.to_vec();
        without.push(("name.fr", ""));
        saves(&mut browser, &ticket, &without, &format!("{EVENT}/tickets")).await;
        assert_eq!(texts(&app, "name", "ticket_type").await, [json!({ "en": "Guest" })]);
        // A question whose meaning is fixed keeps all its languages, and what may change can be saved.
        app.db_execute("update question set shareable = true, bit = 20").await;
        saves(&mut browser, &question, &[("help.en", "Yours alone"), ("purpose.en", "To plan"), ("sensitivity", "ORDINARY"), ("retentionDays", "9")], &format!("{EVENT}/questions")).await;
        for (column, table) in [("label", "question"), ("label", "question_choice")] {
            assert!(texts(&app, column, table).await.iter().all(|text| text["fr"] == "En français"), "{table}");
        }
    }

    async fn ticks_and_choices_of_somebody_else_are_seen_before_they_are_written_over(app: TestApp) {
        let organization = app.db_organization("acme").await;
        let owner = app.db_staff(&organization, Role::Owner).await;
        let event = app.db_event(&organization, "rustdays", |row| row.asks_date_of_birth = true).await;
        let ticket = app.db_ticket_type(&event, "Visitor", |_| {}).await;
        let mut browser = app.browser_of(&owner).await;
        let setup = format!("{EVENT}/setup");
        let old = hidden(&browser.open(&setup).await, "revision");
        saves(&mut browser, &setup, &[("title.en", "Days"), ("requiresParentalPermission", "yes"), ("defaultLocale", "de")], &setup).await;
        let mine = [("title.en", "Days"), ("asksDateOfBirth", "yes"), ("defaultLocale", "en"), ("revision", old.as_str()), ("go", "save")];
        let stale = browser.press(&setup, &setup, &mine).await;
        assert_eq!(stale.status, 422, "{}", stale.text);
        for (field, words) in [("requiresParentalPermission", "The place of somebody under age waits"), ("asksDateOfBirth", "no tick"), ("defaultLocale", "German")] {
            let note = format!("id=\"{field}-stored\">Stored meanwhile by somebody else: {words}");
            assert!(stale.text.contains(&note) && stale.text.matches(&format!("{field}-stored\"")).count() == 2, "{field}: {}", stale.text);
        }
        assert!(!stale.text.contains("title.en-stored"), "what is the same is not said: {}", stale.text);

        let path = format!("{EVENT}/tickets/{}", event.public(ticket));
        let sale = [("name.en", "Visitor"), ("price", "0"), ("taxRate", "19.0"), ("priceIncludesTax", "yes"), ("minPerOrder", "1"), ("maxPerOrder", "10"), ("visibility", "PUBLIC")];
        let old = hidden(&browser.open(&path).await, "revision");
        let mut hides = sale.to_vec();
        hides[6].1 = "HIDDEN";
        saves(&mut browser, &path, &hides, &format!("{EVENT}/tickets")).await;
        let mut mine = sale.to_vec();
        mine.extend([("revision", old.as_str()), ("go", "save")]);
        let stale = browser.press(&path, &path, &mine).await;
        assert!(stale.status == 422 && stale.text.contains("somebody else: Only who has its link"), "{}", stale.text);
    }

    async fn a_stale_form_about_a_partner_shows_what_is_stored_and_can_be_saved_again(app: TestApp) {
        let sharing = app.sharing("acme").await;
        let partner = sharing.event_partner("Engines", "CO_SPONSOR").await;
        let company = sharing.company_of(&partner).await;
        let mut browser = app.browser_of(&sharing.staff).await;
        let at_event = format!("{EVENT}/partners/{partner}");
        let everywhere = format!("/manage/acme/-/partners/{company}");
        let (theirs, mine) = ("theirs@engines.example", "mine@engines.example");
        let role = [("contact", theirs), ("role", "EXHIBITOR"), ("notice", "https://engines.example/privacy")];
        let about = [("contact", theirs), ("name", "Motors"), ("legal", "Engines GmbH"), ("country", "AT")];
        let cases = [
            (format!("{at_event}/change"), at_event, &role[..], ("role", "CO_SPONSOR"), "Exhibitor"),
            (everywhere, "/manage/acme/-/partners".to_owned(), &about[..], ("country", "DE"), "Austria"),
        ];
        for (path, onto, other, (name, value), words) in cases {
            let old = hidden(&browser.open(&path).await, "revision");
            saves(&mut browser, &path, other, &onto).await;
            let mut form: Vec<(&str, &str)> = other.iter().map(|(its, text)| (*its, if *its == name { value } else { *text })).collect();
            form[0].1 = mine;
            form.push(("active", "yes"));
            let stale = browser.press(&path, &path, &[&form[..], &[("revision", old.as_str())]].concat()).await;
            assert_eq!(stale.status, 422, "{}", stale.text);
            for note in [theirs, words, "no tick"] {
                assert!(stale.text.contains(&format!("somebody else: {note}")), "{note}: {}", stale.text);
            }
            assert!(stale.text.contains(&format!("value=\"{mine}\"")) && stale.text.contains("Save again"), "{}", stale.text);
            assert!(browser.open(&path).await.contains(&format!("value=\"{theirs}\"")), "nothing was overwritten");
            let now = hidden(&stale.text, "revision");
            browser.press(&path, &path, &[&form[..], &[("revision", now.as_str())]].concat()).await.leads_to(&format!("{onto}?done=saved"));
            assert!(browser.open(&path).await.contains(&format!("value=\"{mine}\"")));
        }
    }

    async fn a_stale_question_names_the_organizer_where_the_organizer_asks(app: TestApp) {
        let sharing = app.sharing("acme").await;
        let partner = sharing.event_partner("Engines", "CO_SPONSOR").await;
        let question = app.db_question(&sharing.event, QuestionKind::Text, &[], |_| ()).await;
        let path = format!("{EVENT}/questions/{}", sharing.event.public(question));
        let mut browser = app.browser_of(&sharing.staff).await;
        let nonsense = browser.press(&path, &path, &[("label.en", "Why?"), ("kind", "RIDDLE"), ("go", "save")]).await;
        assert_eq!(nonsense.status, 404, "no form of ours says so: {}", nonsense.text);
        let asked = |by: &str| {
            let form = [("kind", "TEXT"), ("label.en", "Why?"), ("purpose.en", "To plan"), ("sensitivity", "ORDINARY"), ("retentionDays", "9"), ("askedById", by)];
            form.map(|(name, value)| (name, value.to_owned()))
        };
        let old = hidden(&browser.open(&path).await, "revision");
        let ours = asked("");
        saves(&mut browser, &path, &ours.each_ref().map(|(name, value)| (*name, value.as_str())), &format!("{EVENT}/questions")).await;
        let theirs = asked(&partner);
        let mut mine: Vec<(&str, &str)> = theirs.iter().map(|(name, value)| (*name, value.as_str())).collect();
        mine.extend([("revision", old.as_str()), ("go", "save")]);
        let stale = browser.press(&path, &path, &mine).await;
        let note = "id=\"askedById-stored\">Stored meanwhile by somebody else: The organizer";
        assert!(stale.status == 422 && stale.text.contains(note), "{}", stale.text);
    }

    async fn a_token_can_work_from_a_day_to_come(app: TestApp) {
        let sharing = app.sharing("acme").await;
        let partner = sharing.event_partner("Engines", "CO_SPONSOR").await;
        let offer = sharing.requested(&partner, "EVENT_FOLLOW_UP", Sharing::terms(&[json!("EMAIL")])).await;
        sharing.approve(&offer, 1, "SUBSTANTIAL").await;
        let mut browser = app.browser_of(&sharing.staff).await;
        let partner = format!("{EVENT}/partners/{partner}");
        let new = format!("{partner}/tokens/new");
        let token = [("name", "CRM"), ("purpose", "EVENT_FOLLOW_UP"), ("field", "EMAIL"), ("starts", "2099-03-01"), ("expires", "2099-02-01")];
        let refused = browser.press(&new, &new, &token).await;
        assert!(refused.status == 422 && refused.text.contains("id=\"expires-error\"") && refused.text.contains("value=\"2099-03-01\""), "{}", refused.text);
        assert_eq!(browser.press(&new, &new, &token[..4]).await.status, 303);
        let page = browser.open(&partner).await;
        assert!(page.contains("<dt>Works from</dt>") && page.contains("1 March 2099"), "{page}");
        app.db_execute("update partner_token set not_before = 0").await;
        assert!(!browser.open(&partner).await.contains("Works from"), "that it began is no news");
    }

    async fn tickets_are_put_in_another_order_with_two_buttons(app: TestApp) {
        let organization = app.db_organization("acme").await;
        let manager = app.db_staff(&organization, Role::Manager).await;
        let event = app.db_event(&organization, "rustdays", |_| {}).await;
        for (position, name) in ["Earlybird", "Standard", "Latecomer"].into_iter().enumerate() {
            app.db_ticket_type(&event, name, |row| row.position = i32::try_from(position).expect("few")).await;
        }
        let gone = app.db_ticket_type(&event, "Gone", |row| (row.position, row.archived_at) = (1, Some(1))).await;
        let mut browser = app.browser_of(&manager).await;
        let list = format!("{EVENT}/tickets");
        let ids = |page: &str| page.split("<li class=\"card\" id=\"").skip(1).filter_map(|rest| rest.split('"').next()).map(str::to_owned).collect::<Vec<_>>();
        let page = browser.open(&list).await;
        let first = ids(&page);
        assert_eq!(first.len(), 4, "{page}");
        assert_eq!(page.matches("name=\"before\"").count(), 4, "two each in the middle, none for what is out of sale: {page}");
        let up = [("ticket", first[2].as_str()), ("before", first[0].as_str())];
        browser.press(&list, &list, &up).await.leads_to(&format!("{list}#{}", first[2]));
        assert_eq!(ids(&browser.open(&list).await), [2, 0, 1, 3].map(|place: usize| first[place].clone()));
        let last = [("ticket", first[2].as_str()), ("before", "")];
        browser.press(&list, &list, &last).await.leads_to(&format!("{list}#{}", first[2]));
        assert_eq!(ids(&browser.open(&list).await), first);
        let public = app.browser().open("/events/acme/rustdays").await;
        assert!(public.find("Earlybird") < public.find("Standard") && public.find("Standard") < public.find("Latecomer"), "{public}");
        assert_eq!(browser.post(&list, &up).await.status, 422, "without the page's token");
        let refused = browser.press(&list, &list, &[("ticket", event.public(gone).as_str()), ("before", "")]).await;
        assert_eq!(refused.status, 422, "{}", refused.text);
    }

    async fn a_paid_event_is_published_only_when_somebody_can_pay(app: TestApp) {
        let organization = app.db_organization("acme").await;
        let owner = app.db_staff(&organization, Role::Owner).await;
        let event = app.db_event(&organization, "rustdays", |row| row.status = consentry_domain::EventStatus::Draft).await;
        for kind in [DocumentKind::Terms, DocumentKind::PrivacyNotice] {
            app.db_document(&event, kind, |_| {}).await;
        }
        app.db_ticket_type(&event, "Free", |_| {}).await;
        let mut browser = app.browser_of(&owner).await;
        let ready = browser.open(EVENT).await;
        assert!(ready.contains("name=\"publish\""), "nothing is to be paid: {ready}");
        app.db_ticket_type(&event, "Paid", |row| row.price_minor = 100).await;
        let page = browser.open(EVENT).await;
        assert!(page.contains("<a href=\"/manage/acme/-/payments\">A ticket costs money, but nobody can pay yet") && !page.contains("name=\"publish\""), "{page}");
        let manager = app.db_staff(&organization, Role::Manager).await;
        let seen = app.browser_of(&manager).await.open(EVENT).await;
        assert!(seen.contains("<li>A ticket costs money"), "whoever may not set it is told who does: {seen}");
        assert_eq!(browser.press(EVENT, EVENT, &[("publish", "yes")]).await.status, 422);
        // An account without all its secrets takes no money.
        let (stripe, bank) = ("/manage/acme/-/payments/stripe", "/manage/acme/-/payments/bank");
        saves(&mut browser, stripe, &[("stripe.secretKey", "sk_test_1"), ("stripe.webhookSecret", "")], "/manage/acme/-/payments").await;
        assert!(browser.open(EVENT).await.contains("nobody can pay yet"));
        saves(&mut browser, bank, &[("bankTransfer.accountHolder", "acme e.V."), ("bankTransfer.iban", "DE02120300000000202051"), ("bankTransfer.bic", "")], "/manage/acme/-/payments").await;
        browser.press(EVENT, EVENT, &[("publish", "yes")]).await.leads_to(&format!("{EVENT}?done=published"));
    }
}
