//! Making and changing an event through the pages, on both databases.

use consentry_domain::{QuestionKind, Role};
use consentry_tests::app::{Browser, Sharing};
use consentry_tests::{TestApp, on_both_databases};
use serde_json::json;

const NEW: &str = "/manage/acme/-/new";
const EVENT: &str = "/manage/acme/open-day";

/// A browser of somebody who manages events.
async fn manager(app: &TestApp) -> Browser {
    let organization = app.db_organization("acme").await;
    let client = app.db_staff(&organization, Role::Manager).await;
    app.browser_of(&client).await
}

/// What the form for a new event proposes, with this title.
fn form(title: &str) -> Vec<(&str, &str)> {
    vec![
        ("title.en", title),
        ("title.de", ""),
        ("kind", "CONFERENCE"),
        ("startsLocal", "2031-03-03T09:00"),
        ("endsLocal", "2031-03-03T17:00"),
        ("timeZone", "Europe/Berlin"),
        ("venue.name", "Town hall"),
        ("joinUrl", ""),
        ("currency", "EUR"),
        ("slug", ""),
        ("go", "save"),
    ]
}

const TICKET: [(&str, &str); 12] = [
    ("name.en", "Visitor"),
    ("name.de", "Gast"),
    ("price", "0"),
    ("taxRate", "0"),
    ("priceIncludesTax", "yes"),
    ("availableFrom", ""),
    ("availableUntil", ""),
    ("minPerOrder", "1"),
    ("maxPerOrder", "10"),
    ("visibility", "PUBLIC"),
    ("description.en", ""),
    ("go", "save"),
];

/// The form with another value.
fn with<'a>(form: &[(&'a str, &'a str)], name: &str, value: &'a str) -> Vec<(&'a str, &'a str)> {
    let others = form
        .iter()
        .map(|(its, old)| (*its, if *its == name { value } else { *old }));
    others.collect()
}

/// The value of a hidden field.
fn hidden(page: &str, name: &str) -> String {
    let start = format!("name=\"{name}\" value=\"");
    let rest = page.split(&start).nth(1).expect("a hidden field");
    rest.split('"').next().expect("its value").to_owned()
}

on_both_databases! {
    async fn a_free_event_is_made_from_nothing_and_seen_by_anyone(app: TestApp) {
        let mut browser = manager(&app).await;
        assert!(browser.open("/manage/acme").await.contains(&format!("href=\"{NEW}\"")));
        let proposed = browser.open(NEW).await;
        assert_eq!(proposed.matches("(one language is enough)").count(), 2, "neither title is simply optional: {proposed}");
        assert!(proposed.contains("T09:00\"") && proposed.contains("value=\"Europe/Berlin\" selected"), "{proposed}");
        browser.press(NEW, NEW, &form("Open day")).await.leads_to(EVENT);
        let draft = browser.open(EVENT).await;
        for page in ["tickets/new", "setup/documents/terms", "setup/documents/privacy-notice"] {
            assert!(draft.contains(&format!("<a href=\"{EVENT}/{page}\">")), "{page}: {draft}");
        }
        assert!(!draft.contains("Say where it takes place") && !draft.contains("name=\"publish\""), "{draft}");
        assert_eq!(app.browser().get("/events/acme/open-day").await.status, 404, "a draft is nobody's business");

        browser.press(&format!("{EVENT}/quotas/new"), &format!("{EVENT}/quotas/new"), &[("name", "Hall"), ("size", "80"), ("go", "save")]).await.leads_to(&format!("{EVENT}/tickets?done=saved"));
        let ticket = format!("{EVENT}/tickets/new");
        let page = browser.open(&ticket).await;
        let quota = page.split("name=\"quotaIds\" value=\"").nth(1).and_then(|rest| rest.split('"').next()).expect("a quota").to_owned();
        let mut fields = TICKET.to_vec();
        fields.push(("quotaIds", &quota));
        browser.press(&ticket, &ticket, &fields).await.leads_to(&format!("{EVENT}/tickets?done=saved"));
        for kind in ["terms", "privacy-notice"] {
            let path = format!("{EVENT}/setup/documents/{kind}");
            let sent = browser.press(&path, &path, &[("title.en", "Rules"), ("content.en", "Be kind."), ("required", "yes"), ("go", "save")]).await;
            sent.leads_to(&format!("{EVENT}/setup/documents?done=saved"));
        }
        let ready = browser.open(EVENT).await;
        assert!(ready.contains("name=\"publish\""), "{ready}");
        browser.press(EVENT, EVENT, &[("publish", "yes")]).await.leads_to(&format!("{EVENT}?done=published"));
        let published = browser.open(&format!("{EVENT}?done=published")).await;
        assert!(published.contains("Published. Everybody finds") && published.contains("/events/acme/open-day</a>"), "{published}");
        assert!(!browser.open(EVENT).await.contains("Published. Everybody finds"));
        let public = app.browser().open("/events/acme/open-day").await;
        for words in ["Open day", "Visitor", "Town hall", "Monday, 3 March 2031, 09:00"] {
            assert!(public.contains(words), "{words}: {public}");
        }
        let list = browser.open(&format!("{EVENT}/tickets")).await;
        assert!(list.contains("Visitor") && list.contains(">80</td>"), "{list}");
        let german = app.browser().open("/events/acme/open-day?language=de").await;
        assert!(german.contains("Gast"), "{german}");
    }

    async fn what_is_wrong_stands_beside_its_field_and_nothing_typed_is_lost(app: TestApp) {
        let mut browser = manager(&app).await;
        let cases = [
            ("title.en", ""), ("endsLocal", "2031-03-03T08:00"), ("startsLocal", "soon"), ("slug", "No Address"),
        ];
        for (name, value) in cases {
            let refused = browser.press(NEW, NEW, &with(&form("Kept title"), name, value)).await;
            assert_eq!(refused.status, 422, "{name}: {}", refused.text);
            assert!(refused.text.contains(&format!("id=\"{name}-error\"")), "{name}: {}", refused.text);
            assert!(name == "title.en" || refused.text.contains("value=\"Kept title\""), "{}", refused.text);
            assert!(refused.text.contains("value=\"Town hall\""), "{}", refused.text);
        }
        let forged = browser.post(NEW, &form("Forged")).await;
        assert!(forged.status == 422 && forged.text.contains("value=\"Forged\""), "{}", forged.text);
        let mut chosen = form("Kept title");
        chosen.retain(|(name, _)| *name != "go");
        chosen.push(("language", "de"));
        let german = browser.press(NEW, NEW, &chosen).await;
        assert!(german.status == 200 && german.text.contains("Neue Veranstaltung") && german.text.contains("value=\"Kept title\""), "{}", german.text);
        assert!(!browser.open("/manage/acme").await.contains("/manage/acme/kept"), "nothing was made");
    }

    async fn sent_twice_one_event_is_made_and_a_second_of_the_same_title_finds_another_address(app: TestApp) {
        let mut browser = manager(&app).await;
        browser.press(NEW, NEW, &form("Open day")).await.leads_to(EVENT);
        let page = browser.open(NEW).await;
        let (token, key) = (hidden(&page, "token"), hidden(&page, "key"));
        let mut again = form("Open day");
        again.extend([("token", token.as_str()), ("key", key.as_str())]);
        for _ in 0..2 {
            browser.post(NEW, &again).await.leads_to("/manage/acme/open-day-2");
        }
        let list = browser.open("/manage/acme").await;
        assert_eq!(list.matches(">Open day</a>").count(), 2, "{list}");
    }

    async fn a_stale_form_loses_nothing_and_says_what_is_stored_now(app: TestApp) {
        let mut browser = manager(&app).await;
        browser.press(NEW, NEW, &form("Open day")).await.leads_to(EVENT);
        let setup = format!("{EVENT}/setup");
        let old = hidden(&browser.open(&setup).await, "revision");
        browser.press(&setup, &setup, &[("title.en", "Theirs"), ("go", "save")]).await.leads_to(&format!("{setup}?done=saved"));
        let mine = [("title.en", "Mine"), ("description.en", "Long <text>"), ("revision", old.as_str()), ("go", "save")];
        let stale = browser.press(&setup, &setup, &mine).await;
        assert_eq!(stale.status, 422, "{}", stale.text);
        assert!(stale.text.contains("value=\"Mine\"") && stale.text.contains("Long &#60;text&#62;") && stale.text.contains("somebody else: Theirs"), "{}", stale.text);
        assert!(browser.open(&setup).await.contains("value=\"Theirs\""), "nothing was overwritten");
        let now = hidden(&stale.text, "revision");
        let again = [("title.en", "Mine"), ("description.en", "Long <text>"), ("revision", now.as_str()), ("go", "save")];
        browser.press(&setup, &setup, &again).await.leads_to(&format!("{setup}?done=saved"));
        assert!(browser.open(&setup).await.contains("value=\"Mine\""));
    }

    async fn a_ticket_is_changed_keeps_its_quota_and_is_taken_out_of_sale(app: TestApp) {
        let mut browser = manager(&app).await;
        browser.press(NEW, NEW, &form("Open day")).await.leads_to(EVENT);
        let (tickets, quota) = (format!("{EVENT}/tickets"), format!("{EVENT}/quotas/new"));
        let saved = format!("{tickets}?done=saved");
        browser.press(&quota, &quota, &[("name", "Hall"), ("size", "80"), ("go", "save")]).await.leads_to(&saved);
        let new = format!("{tickets}/new");
        let page = browser.open(&new).await;
        let id = page.split("name=\"quotaIds\" value=\"").nth(1).and_then(|rest| rest.split('"').next()).expect("a quota").to_owned();
        let mut fields = TICKET.to_vec();
        fields.push(("quotaIds", &id));
        browser.press(&new, &new, &fields).await.leads_to(&saved);
        let list = browser.open(&tickets).await;
        let path = list.split(&format!("href=\"{tickets}/")).skip(1).map(|rest| rest.split('"').next().expect("an id")).find(|id| *id != "new").map(|id| format!("{tickets}/{id}")).expect("a ticket");
        // A number of places that it does not take from is offered, and not chosen.
        browser.press(&quota, &quota, &[("name", "Balcony"), ("size", "9"), ("go", "save")]).await.leads_to(&saved);
        let page = browser.open(&path).await;
        assert!(page.contains(&format!("value=\"{id}\" checked")), "{page}");
        assert!(page.contains("Balcony") && page.matches("\" checked><span>").count() == 2, "this one and the tax: {page}");
        let refused = browser.press(&path, &path, &with(&fields, "price", "much")).await;
        assert!(refused.status == 422 && refused.text.contains("id=\"price-error\"") && refused.text.contains("value=\"much\""), "{}", refused.text);
        browser.press(&path, &path, &with(&fields, "price", "49,50")).await.leads_to(&saved);
        assert!(browser.open(&tickets).await.contains("€49.50"));
        browser.press(&path, &path, &[("remove", "yes")]).await.leads_to(&saved);
        assert!(browser.open(&tickets).await.contains("Out of sale"));
    }

    async fn an_event_ends_only_when_somebody_is_sure(app: TestApp) {
        let mut browser = manager(&app).await;
        browser.press(NEW, NEW, &form("Open day")).await.leads_to(EVENT);
        let status = format!("{EVENT}/setup/status");
        let unsure = browser.press(&status, &status, &[("step", "archive")]).await;
        assert!(unsure.status == 422 && unsure.text.contains("id=\"sure-archive-error\"") && unsure.text.contains("Draft"), "{}", unsure.text);
        browser.press(&status, &status, &[("step", "archive"), ("sure", "yes")]).await.leads_to(&format!("{status}?done=archive"));
        let page = browser.open(&status).await;
        assert!(page.contains("Archived") && !page.contains("name=\"step\""), "{page}");
    }

    async fn an_agenda_is_made_by_day_changed_and_taken_away(app: TestApp) {
        let mut browser = manager(&app).await;
        browser.press(NEW, NEW, &form("Open day")).await.leads_to(EVENT);
        let (agenda, new) = (format!("{EVENT}/agenda"), format!("{EVENT}/agenda/new"));
        let saved = format!("{agenda}?done=saved");
        assert!(browser.open(&agenda).await.contains("Nothing is on the agenda yet"));
        let proposed = browser.open(&new).await;
        assert!(proposed.contains("value=\"2031-03-03T09:00\"") && proposed.contains("value=\"2031-03-03T10:00\""), "{proposed}");
        let talk = [
            ("title.en", "Opening"), ("title.de", "Eröffnung"), ("startsLocal", "2031-03-03T09:00"), ("endsLocal", "2031-03-03T09:30"),
            ("place", "Hall <1>"), ("description.en", "Who we *are*."), ("go", "save"),
        ];
        for (name, value) in [("title.en", ""), ("endsLocal", "2031-03-03T08:00"), ("startsLocal", "soon")] {
            let mut wrong = with(&talk, name, value);
            if name == "title.en" {
                wrong.retain(|(name, _)| *name != "title.de");
            }
            let refused = browser.press(&new, &new, &wrong).await;
            assert!(refused.status == 422 && refused.text.contains(&format!("id=\"{name}-error\"")), "{name}: {}", refused.text);
            assert!(refused.text.contains("value=\"Hall &#60;1&#62;\""), "nothing is lost: {}", refused.text);
        }
        browser.press(&new, &new, &talk).await.leads_to(&saved);
        browser.press(&new, &new, &with(&with(&talk, "startsLocal", "2031-03-04T14:00"), "endsLocal", "2031-03-04T15:00")).await.leads_to(&saved);
        let list = browser.open(&agenda).await;
        assert!(list.contains("Monday, 3 March 2031") && list.contains("Tuesday, 4 March 2031") && list.contains("Hall &#60;1&#62;"), "{list}");
        assert!(browser.open(&format!("{agenda}?language=de")).await.contains("Eröffnung"));
        browser.open(&format!("{agenda}?language=en")).await;
        let path = list.split(&format!("href=\"{agenda}/")).skip(1).filter_map(|rest| rest.split('"').next()).find(|id| *id != "new").map(|id| format!("{agenda}/{id}")).expect("a part");
        let page = browser.open(&path).await;
        assert!(page.contains("value=\"Opening\"") && page.contains("value=\"Eröffnung\"") && page.contains("Who we *are*."), "{page}");
        let old = hidden(&page, "revision");
        browser.press(&path, &path, &with(&talk, "title.en", "Welcome")).await.leads_to(&saved);
        let mut stale = with(&talk, "title.en", "Mine");
        stale.push(("revision", &old));
        let stale = browser.press(&path, &path, &stale).await;
        assert!(stale.status == 422 && stale.text.contains("value=\"Mine\"") && stale.text.contains("somebody else: Welcome"), "{}", stale.text);
        browser.press(&path, &path, &[("remove", "yes")]).await.leads_to(&saved);
        let left = browser.open(&agenda).await;
        assert!(!left.contains("Monday, 3 March 2031") && left.contains("Tuesday, 4 March 2031"), "{left}");
        assert_eq!(browser.get(&path).await.status, 404, "it is not there any more");
    }

    async fn a_question_with_choices_is_asked_changed_moved_and_asked_no_more(app: TestApp) {
        let mut browser = manager(&app).await;
        browser.press(NEW, NEW, &form("Open day")).await.leads_to(EVENT);
        let (list, new) = (format!("{EVENT}/questions"), format!("{EVENT}/questions/new"));
        let saved = format!("{list}?done=saved");
        let meal = [
            ("label.en", "Meal?"), ("label.de", "Essen?"), ("help.en", ""), ("kind", "CHOICE"), ("choices.0.label.en", "Beef"),
            ("choices.2.label.en", "Beans"), ("choices.2.label.de", "Bohnen"), ("purpose.en", "For the kitchen"),
            ("retentionDays", "7"), ("sensitivity", "ORDINARY"), ("required", "yes"), ("askedById", ""), ("go", "save"),
        ];
        let page = browser.open(&new).await;
        assert!(page.contains("name=\"choices.3.label.de\"") && !page.contains("name=\"choices.4.label.en\""), "{page}");
        let mut more = meal.to_vec();
        more.retain(|(name, _)| *name != "go");
        let sent: Vec<(String, &str)> = (0..4).map(|row| (format!("choices.{row}.label.en"), "")).collect();
        more.extend(sent.iter().filter(|(name, _)| !meal.iter().any(|(its, _)| its == name)).map(|(name, value)| (name.as_str(), *value)));
        more.push(("more", "yes"));
        let roomy = browser.press(&new, &new, &more).await;
        assert!(roomy.status == 200 && roomy.text.contains("name=\"choices.7.label.en\"") && roomy.text.contains("value=\"Bohnen\""), "{}", roomy.text);
        let cases = [
            ("label.en", "", "label.en"), ("kind", "TEXT", ""), ("choices.0.label.en", "", "choices.0.label.en"),
            ("retentionDays", "many", "retentionDays"), ("retentionDays", "9999", "retentionDays"),
        ];
        for (name, value, beside) in cases {
            let mut wrong = with(&meal, name, value);
            if name == "label.en" {
                wrong.retain(|(name, _)| *name != "label.de");
            }
            let answer = browser.press(&new, &new, &wrong).await;
            if beside.is_empty() {
                // What was typed for another kind is not sent.
                answer.leads_to(&saved);
                continue;
            }
            assert!(answer.status == 422 && answer.text.contains(&format!("id=\"{beside}-error\"")), "{name} {value}: {}", answer.text);
        }
        let long = "x".repeat(201);
        let answer = browser.press(&new, &new, &with(&meal, "choices.2.label.de", &long)).await;
        assert!(answer.status == 422 && answer.text.contains("id=\"choices.2.label.en-error\"") && answer.text.contains(">de: This is longer"), "in the row where it was typed: {}", answer.text);
        browser.press(&new, &new, &meal).await.leads_to(&saved);
        let page = browser.open(&list).await;
        let ids: Vec<String> = page.split("<li class=\"card\" id=\"").skip(1).filter_map(|rest| rest.split('"').next()).map(str::to_owned).collect();
        assert_eq!(ids.len(), 2, "{page}");
        assert_eq!(page.matches("name=\"before\"").count(), 2, "one down, one up: {page}");

        // The second comes first, and its words change while its first choice keeps who it is.
        let up = [("question", ids[1].as_str()), ("before", ids[0].as_str())];
        browser.press(&list, &list, &up).await.leads_to(&format!("{list}#{}", ids[1]));
        let moved = browser.open(&list).await;
        assert!(moved.find(&format!("id=\"{}\"", ids[1])) < moved.find(&format!("id=\"{}\"", ids[0])), "{moved}");
        assert_eq!(browser.post(&list, &up).await.status, 422, "without the page's token");
        let path = format!("{list}/{}", ids[1]);
        let before = browser.open(&path).await;
        let kept = hidden(&before, "choices.0.id");
        assert!(before.contains("value=\"Beef\"") && before.contains("value=\"Bohnen\"") && before.contains("value=\"For the kitchen\""), "{before}");
        let changed = [
            ("label.en", "Which meal?"), ("kind", "MULTIPLE_CHOICE"), ("choices.0.label.en", "Beef stew"), ("choices.1.label.en", ""),
            ("choices.2.label.en", "Cheese"), ("purpose.en", "For the kitchen"), ("retentionDays", "7"), ("sensitivity", "HEALTH"), ("askedById", ""), ("go", "save"),
        ];
        browser.press(&path, &path, &changed).await.leads_to(&saved);
        let after = browser.open(&path).await;
        assert_eq!(hidden(&after, "choices.0.id"), kept);
        assert!(after.contains("value=\"Beef stew\"") && after.contains("value=\"Cheese\"") && !after.contains("Bohnen") && !after.contains("Essen?"), "{after}");
        assert!(after.contains("value=\"HEALTH\" selected") && !after.contains("name=\"required\" value=\"yes\" checked"), "{after}");
        let mut shared = changed.to_vec();
        shared.push(("shareable", "yes"));
        let refused = browser.press(&path, &path, &shared).await;
        assert!(refused.status == 422 && refused.text.contains("id=\"shareable-error\""), "health is never shared: {}", refused.text);
        browser.press(&path, &path, &[("remove", "yes")]).await.leads_to(&saved);
        assert!(!browser.open(&list).await.contains("Which meal?"));
        assert_eq!(browser.get(&path).await.status, 404);
    }

    async fn a_question_that_partners_were_offered_shows_what_is_fixed_and_keeps_it(app: TestApp) {
        let sharing = app.sharing("acme").await;
        let event = &sharing.event;
        let question = app.db_question(event, QuestionKind::Choice, &[], |row| {
            row.shareable = true;
            // Both languages say the same, which a form shows once.
            row.label = json!({ "de": "Team?", "en": "Team?" }).to_string();
        }).await;
        for choice in ["Red", "Blue"] {
            app.db_choice(event, question, choice).await;
        }
        let id = event.public(question);
        let partner = sharing.event_partner("Ferris", "CO_SPONSOR").await;
        sharing.requested(&partner, "EVENT_FOLLOW_UP", Sharing::terms(&[json!({ "questionId": id })])).await;
        let client = app.db_staff(&sharing.organization, Role::Manager).await;
        let mut browser = app.browser_of(&client).await;
        let path = format!("/manage/acme/rustdays/questions/{id}");
        let page = browser.open(&path).await;
        for absent in ["name=\"label.en\"", "name=\"kind\"", "name=\"choices.0.label.en\"", "name=\"shareable\"", "name=\"askedById\""] {
            assert!(!page.contains(absent), "{absent}: {page}");
        }
        assert!(page.contains("Partners were offered") && page.contains("<p>Team?</p>") && page.contains("<p>Red, Blue</p>"), "{page}");
        let forged = [
            ("label.en", "Salary?"), ("choices.0.label.en", "Much"), ("kind", "TEXT"), ("help.en", "The colour of your card"), ("purpose.en", "To seat you"),
            ("retentionDays", "9"), ("sensitivity", "ORDINARY"), ("required", "yes"), ("go", "save"),
        ];
        browser.press(&path, &path, &forged).await.leads_to("/manage/acme/rustdays/questions?done=saved");
        let after = browser.open(&path).await;
        assert!(after.contains("value=\"The colour of your card\"") && after.contains("value=\"9\"") && after.contains("<p>Team?</p>") && after.contains("<p>Red, Blue</p>"), "{after}");
        let text = "select label as value from question where label like '%Team%' union all select label from question_choice";
        let rows = consentry::platform::store::sql::all(app.store().read(), text, []).await.expect("rows");
        let rows: Vec<String> = rows.iter().map(|row| row.try_get("", "value").expect("a text")).collect();
        assert!(rows.iter().any(|row| row.contains("\"de\"") && row.contains("\"en\"")) && rows.len() == 3, "{rows:?}");

        // Whoever asks the API past the page changes nothing of it either.
        let read = "query { organization(slug: \"acme\") { event(slug: \"rustdays\") { questions { revision fixed question { choices { id } } } } } }";
        let question = client.data(read, json!({})).await["organization"]["event"]["questions"][0].clone();
        assert_eq!(question["fixed"], true, "{question}");
        let choice = |index: usize| question["question"]["choices"][index]["id"].clone();
        let words = |text: &str| json!([{ "locale": "en", "text": text }]);
        let choices = |red: &str, blue: &str| json!([{ "id": choice(0), "label": words(red) }, { "id": choice(1), "label": words(blue) }]);
        let terms = |label: &str, kind: &str, shareable: bool, choices: serde_json::Value| json!({
            "kind": kind, "label": words(label), "shareable": shareable, "choices": choices, "sensitivity": "ORDINARY", "required": false, "purpose": words("To seat you"),
        });
        let update = "mutation($input: UpdateQuestionInput!) { updateQuestion(input: $input) { userErrors { code } } }";
        let sent = async |terms: serde_json::Value| {
            let input = json!({ "questionId": id, "revision": question["revision"], "terms": terms });
            client.data(update, json!({ "input": input })).await["updateQuestion"]["userErrors"].clone()
        };
        for changed in [
            terms("Salary?", "CHOICE", true, choices("Red", "Blue")),
            terms("Team?", "MULTIPLE_CHOICE", true, choices("Red", "Blue")),
            terms("Team?", "CHOICE", false, choices("Red", "Blue")),
            terms("Team?", "CHOICE", true, choices("Red", "Green")),
            terms("Team?", "CHOICE", true, json!([{ "id": choice(1), "label": words("Blue") }, { "id": choice(0), "label": words("Red") }])),
            terms("Team?", "CHOICE", true, json!([{ "id": choice(0), "label": words("Red") }, { "id": choice(1), "label": words("Blue") }, { "label": words("Green") }])),
        ] {
            assert_eq!(sent(changed.clone()).await, json!([{ "code": "WRONG_STATE" }]), "{changed}");
        }
        assert_eq!(sent(terms("Team?", "CHOICE", true, choices("Red", "Blue"))).await, json!([]));
    }

    async fn an_owner_sets_how_buyers_pay_and_no_secret_is_shown_again(app: TestApp) {
        let organization = app.db_organization("acme").await;
        let owner = app.db_staff(&organization, Role::Owner).await;
        let mut browser = app.browser_of(&owner).await;
        let list = "/manage/acme/-/payments";
        let (bank, stripe) = (format!("{list}/bank"), format!("{list}/stripe"));
        let saved = format!("{list}?done=saved");
        assert!(browser.open("/manage/acme").await.contains(&format!("href=\"{list}\"")));
        assert_eq!(browser.open(list).await.matches("Not set up").count(), 2);
        let account = [("bankTransfer.accountHolder", "acme e.V."), ("bankTransfer.iban", "DE02 1203 0000 0000 2020 51"), ("bankTransfer.bic", ""), ("go", "save")];
        let refused = browser.press(&bank, &bank, &with(&account, "bankTransfer.iban", "DE00")).await;
        assert!(refused.status == 422 && refused.text.contains("id=\"bankTransfer.iban-error\"") && refused.text.contains("value=\"DE00\""), "{}", refused.text);
        assert_eq!(browser.post(&bank, &account).await.status, 422, "without the page's token");
        browser.press(&bank, &bank, &account).await.leads_to(&saved);
        let page = browser.open(list).await;
        assert!(page.contains("DE02 1203 0000 0000 2020 51") && page.matches("Not set up").count() == 1, "{page}");
        assert!(browser.open(&bank).await.contains("value=\"DE02120300000000202051\""));

        let empty = [("stripe.secretKey", ""), ("stripe.webhookSecret", ""), ("go", "save")];
        let refused = browser.press(&stripe, &stripe, &empty).await;
        assert!(refused.status == 422 && refused.text.contains("id=\"stripe.secretKey-error\""), "{}", refused.text);
        let refused = browser.press(&stripe, &stripe, &with(&empty, "stripe.secretKey", "pk_test_public")).await;
        assert!(refused.status == 422 && !refused.text.contains("pk_test_public"), "a secret is not shown, not even a wrong one: {}", refused.text);
        browser.press(&stripe, &stripe, &with(&empty, "stripe.secretKey", "sk_test_hidden1")).await.leads_to(&saved);
        let page = browser.open(list).await;
        assert!(page.contains("/webhooks/stripe/") && page.contains("checkout.session.expired") && page.contains("Something is missing"), "{page}");
        assert!(page.contains("The signing secret is missing") && !page.contains("The secret key is missing"), "{page}");
        // The key stays where its field is left empty.
        browser.press(&stripe, &stripe, &with(&empty, "stripe.webhookSecret", "whsec_hidden2")).await.leads_to(&saved);
        let page = browser.open(list).await;
        assert_eq!(page.matches(">Ready<").count(), 2, "{page}");
        for page in [page, browser.open(&stripe).await, browser.open(&bank).await] {
            assert!(!page.contains("hidden1") && !page.contains("hidden2"), "{page}");
        }
    }
}
