//! Which page answers whom: `pages.tsv`, executed, on both databases; and what organizers do on their pages.

use std::collections::BTreeMap;

use consentry::platform::keys::{Link, LinkKind};
use consentry::platform::store::sql;
use consentry_domain::{DocumentKind, EventKind, QuestionKind, RegistrationStatus, Role};
use consentry_entity::payment;
use consentry_tests::app::{Answer, Browser, SeededAttendee, SeededOffer, Sharing, decision};
use consentry_tests::{TestApp, on_both_databases, workbook};
use sea_orm::EntityTrait;
use serde_json::{Value, json};

use crate::crawl::dress;

const TABLE: &str = include_str!("pages.tsv");

/// How an answer is written in the table.
fn word(answer: &Answer) -> String {
    match (answer.status, answer.header("location")) {
        (303, "/sign-in") => "in".to_owned(),
        (303, "/me") => "me".to_owned(),
        (303, "/manage/acme" | "/manage/other") => "team".to_owned(),
        (303, elsewhere) => elsewhere.to_owned(),
        (status, _) => status.to_string(),
    }
}

/// A browser for each column of the table, by its name; and the attendee of the second.
async fn browsers(app: &TestApp, sharing: &Sharing) -> (Vec<(&'static str, Browser)>, SeededAttendee) {
    let attendee = app.db_attendee(sharing, "ada@people.example", |_| ()).await;
    let other = app.db_organization("other").await;
    let outsider = app.db_staff(&other, Role::Owner).await;
    let mut all = vec![
        ("anyone", app.browser()),
        ("attendee", app.browser_of(&attendee.client).await),
    ];
    let roles = [
        ("owner", Role::Owner),
        ("manager", Role::Manager),
        ("finance", Role::Finance),
        ("check-in", Role::CheckIn),
        ("viewer", Role::Viewer),
        ("dpo", Role::Dpo),
    ];
    for (name, role) in roles {
        let client = app.db_staff(&sharing.organization, role).await;
        all.push((name, app.browser_of(&client).await));
    }
    all.push(("outsider", app.browser_of(&outsider).await));
    (all, attendee)
}

/// Somebody with a place.
async fn buyer(app: &TestApp, sharing: &Sharing) -> SeededAttendee {
    app.db_attendee(sharing, "buyer@people.example", |_| ()).await
}

/// The columns of the table, and its lines: a page in its words, and what comes of it.
pub(crate) fn table() -> (Vec<&'static str>, Vec<(&'static str, Vec<&'static str>)>) {
    let mut lines = TABLE.lines().filter(|line| !line.starts_with('#'));
    let columns = lines.next().expect("a head").split('\t').skip(1).collect();
    let lines = lines.map(|line| {
        let mut cells = line.split('\t');
        (cells.next().expect("a page"), cells.collect())
    });
    (columns, lines.collect())
}

/// What the pages of the table are about, and a browser for each of its columns.
pub(crate) struct Places {
    pub(crate) registration: String,
    pub(crate) company: String,
    pub(crate) offer: SeededOffer,
    pub(crate) browsers: Vec<(&'static str, Browser)>,
    /// Everything by the name that stands for it in a path.
    things: BTreeMap<&'static str, String>,
}

/// The path of a page in the words of the table; what differs from world to world as `{name}`.
pub(crate) fn spelled(page: &str) -> String {
    let page = page.trim_start_matches(POST);
    let event = "/manage/acme/rustdays";
    let Some((first, rest)) = page.split_at_checked(1) else {
        return page.to_owned();
    };
    match first {
        "E" => format!("{event}{rest}"),
        "O" => format!("{event}/orders/{{order}}{rest}"),
        "R" => format!("{event}/people/{{registration}}{rest}"),
        "P" => format!("{event}/partners/{{partner}}{rest}"),
        "F" => format!("{event}/partners/{{partner}}/offers/{{offer}}{rest}"),
        "K" => format!("/manage/acme/-/complaints/{{complaint}}{rest}"),
        "L" => format!("{event}/roster/exports/{{list}}{rest}"),
        "D" => format!("/manage/acme/called-off/setup/cancellation{rest}"),
        "C" => format!("/manage/acme/-/partners/{{company}}{rest}"),
        "S" => format!("/partner/{{reader}}{}", rest.replace('P', "/{partner}")),
        "A" => format!("/partner/{{administrator}}{}", rest.replace('P', "/{partner}")),
        "M" => format!("/me/registrations/{{place}}{rest}"),
        "Y" => format!("/me/data/{{person}}{rest}"),
        _ => page.to_owned(),
    }
}

/// What stands before a page of the table of which only the sending of a form is known.
pub(crate) const POST: &str = "POST ";

impl Places {
    /// The path of a page in the words of the table.
    pub(crate) fn path(&self, page: &str) -> String {
        let fill = |path: String, (name, its): (&&str, &String)| path.replace(&format!("{{{name}}}"), its);
        self.things.iter().fold(spelled(page), fill)
    }

    /// A thing of the world.
    fn thing(&self, name: &str) -> &str {
        &self.things[name]
    }
}

/// Makes them.
pub(crate) async fn places(app: &TestApp, sharing: &Sharing) -> Places {
    let buyer = buyer(app, sharing).await;
    let complaint = app.complaint(sharing, "upset@people.example").await;
    let offer = sharing.offer("Engines", &["EMAIL"]).await;
    let company = sharing.company_of(&offer.event_partner).await;
    let list = taken(sharing).await;
    called_off(app, sharing).await;
    let (mut browsers, attendee) = browsers(app, sharing).await;
    let mut things = BTreeMap::from([
        ("order", app.db_registration(&buyer).await.order_code),
        ("registration", buyer.public_id.clone()),
        ("complaint", complaint),
        ("list", list),
        ("company", company.clone()),
        ("partner", offer.event_partner.clone()),
        ("offer", offer.public_id.clone()),
    ]);
    for (name, role) in [("reader", "READER"), ("administrator", "ADMINISTRATOR")] {
        let email = format!("{name}@engines.example");
        let (_, member) = app.db_account(&email).await;
        things.insert(name, invited(sharing, &company, &email, role).await);
        browsers.push((name, app.browser_of(&member).await));
    }
    let event = sharing.event.public_id();
    let link = app.device_link(&sharing.staff, &event, "Phone").await;
    browsers.push(("device", app.device_browser(&link).await));
    parts(app, sharing, &mut things).await;
    let person = app.db_registration(&attendee).await.person_id.expect("a person");
    things.insert("place", attendee.public_id.clone());
    things.insert("person", sharing.event.public(person));
    secrets(app, sharing, &buyer, &offer, &mut things).await;
    Places {
        registration: buyer.public_id,
        company,
        offer,
        browsers,
        things,
    }
}

/// What an event is made of, one of each; and a member of the team.
async fn parts(app: &TestApp, sharing: &Sharing, things: &mut BTreeMap<&'static str, String>) {
    let event = &sharing.event;
    let ticket = app.db_ticket_type(event, "Spare", |_| ()).await;
    let quota = app.db_quota(event, 100, &[ticket]).await;
    let question = app.db_question(event, QuestionKind::Text, &[], |_| ()).await;
    let talk = app.db_talk(event, "A talk", 1).await;
    let speaker = app.db_speaker(event, "Ada Lovelace", &[talk]).await;
    let (colleague, _) = app.db_account("colleague@acme.example").await;
    let member = app
        .db_member(&sharing.organization, colleague, Role::Viewer, None)
        .await;
    things.extend([
        ("ticket", event.public(ticket)),
        ("quota", event.public(quota)),
        ("question", event.public(question)),
        ("session", event.public(talk)),
        ("speaker", event.public(speaker)),
        ("member", event.public(member)),
    ]);
}

/// A link of each kind whose page says what it is about.
async fn secrets(
    app: &TestApp,
    sharing: &Sharing,
    buyer: &SeededAttendee,
    offer: &SeededOffer,
    things: &mut BTreeMap<&'static str, String>,
) {
    let row = app.db_registration(buyer).await;
    let order = Link {
        organization: row.organization_id,
        id: row.order_id.0,
        generation: 1,
    };
    things.insert("orderSecret", app.platform.keys.link(LinkKind::Order, order));
    things.insert("confirmSecret", app.registration_secret(&row));
    let kid = app.db_attendee(sharing, "kid@people.example", |_| ()).await;
    let guardian = json!({ "fullName": "Parent", "email": "parent@example.org" });
    let consents = [decision(offer, 1, &["EMAIL"])];
    kid.decide_as(&json!({ "revision": 1, "ofAge": false, "guardian": guardian, "consents": consents }))
        .await;
    things.insert("guardianSecret", app.guardian_secret(&kid).await);
    let door = app
        .device_link(&sharing.staff, &sharing.event.public_id(), "Phone in the drawer")
        .await;
    things.insert("doorSecret", door.secret);
    things.insert("joinSecret", join_secret(app, sharing).await);
}

/// The link of somebody with a place in a webinar that has begun.
pub(crate) async fn join_secret(app: &TestApp, sharing: &Sharing) -> String {
    let webinar = app
        .db_event(&sharing.organization, "online", |row| {
            (row.kind, row.venue) = (EventKind::Webinar, None);
            row.join_url = Some("https://room.example/1".into());
            row.starts_at = row.created_at;
        })
        .await;
    let seat = app.db_ticket_type(&webinar, "Seat", |_| ()).await;
    let place = app.db_place(&webinar, seat, "W0000001", "Grace Hopper", |_| ()).await;
    let link = Link {
        organization: webinar.organization,
        id: place.0,
        generation: 1,
    };
    app.platform.keys.link(LinkKind::Join, link)
}

/// A list that was taken along.
async fn taken(sharing: &Sharing) -> String {
    let take = "mutation($input: ExportRosterInput!) { exportRoster(input: $input) {
        rosterExport { id } userErrors { field message code } } }";
    let input = json!({ "idempotencyKey": "list", "eventId": sharing.event.public_id(), "purpose": "Badges" });
    let made = sharing
        .staff
        .done("exportRoster", take, json!({ "input": input }))
        .await;
    made["rosterExport"]["id"].as_str().expect("an id").to_owned()
}

/// Another event, which was called off.
async fn called_off(app: &TestApp, sharing: &Sharing) {
    let event = app.db_event(&sharing.organization, "called-off", |_| ()).await;
    let cancel = "mutation($input: CancelEventInput!) { cancelEvent(input: $input) { event { id } userErrors { field message code } } }";
    let input = json!({ "eventId": event.public_id() });
    sharing
        .staff
        .done("cancelEvent", cancel, json!({ "input": input }))
        .await;
}

/// The seat of somebody who is invited.
pub(crate) async fn invited(sharing: &Sharing, company: &str, email: &str, role: &str) -> String {
    let invite = "mutation($input: InvitePartnerMemberInput!) { invitePartnerMember(input: $input) {
        partnerMember { id } userErrors { field message code } } }";
    let input = json!({ "idempotencyKey": email, "partnerId": company, "email": email, "role": role });
    let made = sharing
        .staff
        .done("invitePartnerMember", invite, json!({ "input": input }))
        .await;
    made["partnerMember"]["id"].as_str().expect("an id").to_owned()
}

async fn order_code(app: &TestApp, sharing: &Sharing) -> String {
    let buyer = buyer(app, sharing).await;
    app.db_registration(&buyer).await.order_code
}

on_both_databases! {
    async fn every_page_answers_as_the_table_says(app: TestApp) {
        let sharing = app.sharing("acme").await;
        let mut places = places(&app, &sharing).await;
        dress(&app).await;
        let event = "/manage/acme/rustdays";
        let (code, registration) = (places.thing("order").to_owned(), places.registration.clone());
        // What an answer leads to is written as pages are.
        let seats = ["reader", "administrator"].map(|name| (format!("/partner/{}", places.thing(name)), "seat".to_owned()));
        let others = ["person", "registration"].map(|name| (places.thing(name).to_owned(), format!("{{{name}}}")));
        let spelled: Vec<(String, String)> = seats.into_iter().chain(others).collect();
        let (columns, lines) = table();
        assert_eq!(columns, places.browsers.iter().map(|(name, _)| *name).collect::<Vec<_>>());
        let mut wrong = Vec::new();
        for (page, words) in lines {
            let path = places.path(page);
            for ((name, browser), expected) in places.browsers.iter_mut().zip(&words) {
                // Without the token of a page of ours, so that nothing changes from one column to the next.
                let answer = if page.starts_with(POST) { browser.post(&path, &[]).await } else { browser.get(&path).await };
                let word = spelled.iter().fold(word(&answer), |word, (its, name)| word.replace(its, name));
                if word != *expected {
                    wrong.push(format!("{page} at {path} as {name}: {word}, not {expected}"));
                }
            }
            // An address that says what is nothing of its page's breaks none.
            if let Some(finds) = words.iter().position(|word| *word == "200").filter(|_| !page.starts_with(POST)) {
                let nonsense = format!("{path}?after=nonsense&words=%00&status=x&sort=x&done=x");
                let status = places.browsers[finds].1.get(&nonsense).await.status;
                if status >= 500 {
                    wrong.push(format!("{nonsense}: {status}"));
                }
            }
        }
        assert!(wrong.is_empty(), "{wrong:#?}");
        // No page leads anybody where they find nothing, and what they may do they find.
        for (name, browser) in places.browsers.iter_mut().filter(|(name, _)| !matches!(*name, "anyone" | "attendee" | "outsider" | "reader" | "administrator" | "device")) {
            let page = browser.open(event).await;
            for part in ["roster", "orders", "partners", "mails", "door", "setup"] {
                let path = format!("{event}/{part}");
                let is_shown = page.contains(&format!("href=\"{path}\""));
                assert_eq!(is_shown, browser.get(&path).await.status == 200, "{part} as {name}");
            }
            let shows = async |browser: &mut Browser, path: &str, what: &str| browser.get(path).await.text.contains(what);
            let takes = shows(browser, &format!("{event}/roster"), "name=\"purpose\"").await;
            assert_eq!(takes, matches!(*name, "owner" | "manager" | "dpo"), "taking a list as {name}");
            let cancels = shows(browser, &format!("{event}/orders/{code}"), "name=\"cancel\"").await;
            assert_eq!(cancels, matches!(*name, "owner" | "manager" | "finance"), "cancelling as {name}");
            let person = format!("{event}/people/{registration}");
            for (what, roles) in [("/correct\"", &["owner", "manager"][..]), ("value=\"cancel\"", &["owner", "manager"]), ("value=\"restrict\"", &["dpo"]), ("/proof\"", &["dpo"])] {
                assert_eq!(shows(browser, &person, what).await, roles.contains(name), "{what} as {name}");
            }
        }
    }

    async fn the_roster_is_filtered_paged_and_taken_along_with_a_purpose(app: TestApp) {
        let sharing = app.sharing("acme").await;
        for number in 0..60 {
            app.db_attendee(&sharing, &format!("p{number:02}@people.example"), |row| row.sort_name = vec![number]).await;
        }
        app.db_words().await;
        let mut browser = app.browser_of(&sharing.staff).await;
        let roster = "/manage/acme/rustdays/roster";
        let first = browser.open(roster).await;
        assert_eq!(first.matches("/orders/").count(), 50, "{first}");
        let next = first.split("rel=\"next\" href=\"").nth(1).and_then(|rest| rest.split('"').next()).expect("a next page").replace("&#38;", "&");
        let second = browser.open(&next).await;
        assert_eq!(second.matches("/orders/").count(), 10);
        assert!(second.contains("p59@people.example") && !second.contains("p00@people.example"));
        let found = browser.open(&format!("{roster}?words=p07+Example&status=CONFIRMED")).await;
        assert!(found.contains("p07@people.example") && found.matches("/orders/").count() == 1, "{found}");
        assert!(found.contains("name=\"words\" value=\"p07 Example\""), "what was typed stays: {found}");
        let nobody = browser.open(&format!("{roster}?words=nobody")).await;
        assert!(nobody.contains("try fewer words") && !nobody.contains("/orders/"), "{nobody}");
        let much = browser.get(&format!("{roster}?words=a+b+c+d+e+f+g+h+i")).await;
        assert!(much.status == 422 && much.text.contains("id=\"words-error\"") && much.text.contains("value=\"a b c d e f g h i\""), "{}", much.text);
        assert!(!much.text.contains("@people.example"), "nothing is looked for: {}", much.text);
        much.looks_again_at("words");
        browser.get("/manage/acme/rustdays/door?words=a+b+c+d+e+f+g+h+i").await.looks_again_at("words");
        for nonsense in ["?status=x", "?after=x", "?ticket=x", "?sort=x", "?words=%00"] {
            let answer = browser.get(&format!("{roster}{nonsense}")).await;
            assert!(answer.status < 500, "{nonsense}: {}", answer.status);
        }
        let refused = browser.press(roster, roster, &[("purpose", "")]).await;
        assert_eq!(refused.status, 422, "{}", refused.text);
        refused.looks_again_at("purpose");
        browser.press(roster, roster, &[("keep", "yes"), ("view", "")]).await.looks_again_at("view");
        let forged = browser.post(roster, &[("purpose", "Badges")]).await;
        assert_eq!(forged.status, 422);
        let taken = browser.press(roster, roster, &[("purpose", "Badges"), ("words", "p07")]).await;
        assert_eq!(taken.status, 303, "{}", taken.text);
        // It has a page of its own, from which it is fetched, in one form or the other.
        let list = taken.header("location").to_owned();
        assert!(list.starts_with(&format!("{roster}/exports/")), "{list}");
        let page = browser.open(&list).await;
        let id = list.rsplit('/').next().expect("an id");
        let (path, book) = (format!("/exports/{id}"), format!("/exports/{id}.xlsx"));
        for words in ["<bdi>Badges</bdi>", "<bdi>1</bdi>", "Nobody has fetched it yet.", &format!("href=\"{path}\""), &format!("href=\"{book}\""), "No copy of the file is kept here"] {
            assert!(page.contains(words), "{words}: {page}");
        }
        let file = browser.get(&path).await;
        assert!(file.status == 200 && file.header("content-type").starts_with("text/csv") && file.text.contains("p07@people.example"), "{}", file.text);
        assert!(!file.text.contains("p08@people.example"));
        let page = browser.open(&list).await;
        assert!(page.contains("1 of 1 people") && page.contains("It was fetched as a whole"), "{page}");
        let book = browser.get(&book).await;
        assert_eq!(workbook::cells(&book.bytes), workbook::cells_of_csv(&file.text));
        assert_eq!(app.browser().get(&path).await.status, 401, "nobody else");
        let outsider = app.db_attendee(&sharing, "eve@people.example", |_| ()).await;
        assert_eq!(app.browser_of(&outsider.client).await.get(&path).await.status, 404);
    }

    async fn people_are_let_in_by_the_code_once_and_out_again(app: TestApp) {
        let sharing = app.sharing("acme").await;
        let ada = app.db_attendee(&sharing, "ada@people.example", |row| row.full_name = Some("Ada <b>".into())).await;
        let out = app.db_attendee(&sharing, "out@people.example", |row| row.status = RegistrationStatus::Cancelled).await;
        let mut browser = app.browser_of(&app.db_staff(&sharing.organization, Role::CheckIn).await).await;
        let door = "/manage/acme/rustdays/door";
        let code = app.db_registration(&ada).await.check_in_code;
        let scanned = format!(" {} ", code.to_lowercase());
        let welcome = browser.press(door, door, &[("code", &scanned)]).await;
        assert!(welcome.text.contains("Welcome") && welcome.text.contains("Ada &#60;b&#62;"), "{}", welcome.text);
        let again = browser.press(door, door, &[("code", &code)]).await;
        assert!(again.text.contains("inside already") && again.text.contains("Let in "), "{}", again.text);
        let cancelled = app.db_registration(&out).await.check_in_code;
        let refused = browser.press(door, door, &[("code", &cancelled)]).await;
        assert!(refused.text.contains("This ticket is cancelled"), "{}", refused.text);
        for nonsense in ["nobody", "", "=1+1"] {
            let refused = browser.press(door, door, &[("code", nonsense)]).await;
            assert!(refused.status == 200 && refused.text.contains("Not let in"), "{nonsense}: {}", refused.text);
        }
        let check_in = welcome.text.split("name=\"undo\" value=\"").nth(1).and_then(|rest| rest.split('"').next()).expect("undo").to_owned();
        let undone = browser.press(door, door, &[("undo", &check_in)]).await;
        assert!(undone.text.contains("Undone"), "{}", undone.text);
        let back = browser.press(door, door, &[("code", &code)]).await;
        assert!(back.text.contains("Welcome"), "{}", back.text);
        let forged = browser.post(door, &[("code", &code)]).await;
        assert!(forged.text.contains("press the button again"), "another site's form lets nobody in");
    }

    async fn people_are_found_by_name_at_the_door_and_each_door_counts_for_itself(app: TestApp) {
        let sharing = app.sharing("acme").await;
        for (email, name) in [("ada@people.example", "Ada <b>"), ("grace@people.example", "Grace")] {
            app.db_attendee(&sharing, email, |row| row.full_name = Some(name.into())).await;
        }
        app.db_words().await;
        let mut browser = app.browser_of(&app.db_staff(&sharing.organization, Role::CheckIn).await).await;
        let door = "/manage/acme/rustdays/door";
        let page = browser.open(&format!("{door}?words=ada&list=dinner")).await;
        assert!(page.contains("Ada &#60;b&#62;") && !page.contains("Grace") && page.contains("value=\"dinner\""), "{page}");
        let id = page.split("name=\"registration\" value=\"").nth(1).and_then(|rest| rest.split('"').next()).expect("a button").to_owned();
        let form = [("registration", id.as_str()), ("list", "dinner"), ("words", "ada"), ("key", "by name")];
        let welcome = browser.press(door, door, &form).await;
        assert!(welcome.text.contains("Welcome") && !welcome.text.contains("name=\"registration\""), "{}", welcome.text);
        let elsewhere = browser.open(&format!("{door}?words=ada")).await;
        assert!(elsewhere.contains("name=\"registration\""), "{elsewhere}");
        for (words, says) in [("nobody", "Nothing fits."), ("a b c d e f g h i", "At most 8 words")] {
            let page = browser.open(&format!("{door}?words={}", words.replace(' ', "+"))).await;
            assert!(page.contains(says), "{words}: {page}");
        }
        let named = browser.press(door, door, &[("code", "nobody"), ("list", &"x".repeat(51))]).await;
        assert!(named.status == 200 && named.text.contains("Not let in"), "{}", named.text);
    }

    async fn the_doors_script_sends_passages_and_takes_the_list(app: TestApp) {
        let sharing = app.sharing("acme").await;
        let ada = app.db_attendee(&sharing, "ada@people.example", |row| row.full_name = Some("Ada <b>".into())).await;
        let code = app.db_registration(&ada).await.check_in_code;
        let mut browser = app.browser_of(&app.db_staff(&sharing.organization, Role::CheckIn).await).await;
        let door = "/manage/acme/rustdays/door";
        let (scans, list) = (format!("{door}/scans"), format!("{door}/list"));
        let page = browser.get(door).await;
        assert!(page.header("content-security-policy").ends_with("; worker-src 'self'"), "{:?}", page.headers);
        assert!(page.header("permissions-policy").starts_with("camera=(self)"), "{:?}", page.headers);
        let roster = browser.get("/manage/acme/rustdays").await;
        assert!(roster.header("permissions-policy").starts_with("camera=()"), "{:?}", roster.headers);

        let taken = browser.press(door, &list, &[]).await;
        let snapshot: Value = serde_json::from_str(&taken.text).expect("JSON");
        assert_eq!((snapshot["lines"].as_array().expect("lines").len(), &snapshot["after"], &snapshot["lines"][0][2]), (1, &json!(null), &json!(false)));
        assert!(!taken.text.contains("Ada"), "{}", taken.text);

        let one = |key: &str, code: &str| json!({ "key": key, "code": code, "list": "" });
        let sent = json!([one("1", &code), one("2", &code), one("3", "nobody")]).to_string();
        let answer: Value = serde_json::from_str(&browser.press(door, &scans, &[("scans", &sent)]).await.text).expect("JSON");
        let tones: Vec<(&str, &str)> = answer["outcomes"].as_array().expect("outcomes").iter()
            .map(|one| (one["tone"].as_str().expect("a tone"), one["reason"].as_str().unwrap_or_default())).collect();
        assert_eq!(tones, [("good", ""), ("bad", "ALREADY_CHECKED_IN"), ("bad", "NOT_FOUND")]);
        assert_eq!(answer["outcomes"][0]["words"][0], "Ada <b>");
        // Sent again, it is the same passage.
        let again: Value = serde_json::from_str(&browser.press(door, &scans, &[("scans", &sent)]).await.text).expect("JSON");
        assert_eq!(again["outcomes"][0]["checkIn"], answer["outcomes"][0]["checkIn"]);

        let many = json!(vec![one("x", "nobody"); 51]).to_string();
        for (form, status) in [(many.as_str(), 413), ("nonsense", 400)] {
            assert_eq!(browser.press(door, &scans, &[("scans", form)]).await.status, status, "{status}");
        }
        for path in [&scans, &list] {
            assert_eq!(browser.post(path, &[("scans", &sent)]).await.status, 403, "{path} from elsewhere");
            assert_eq!(app.browser().post(path, &[("scans", &sent)]).await.status, 401, "{path} as nobody");
        }
        let mut viewer = app.browser_of(&app.db_staff(&sharing.organization, Role::Viewer).await).await;
        assert_eq!(viewer.press("/manage/acme/rustdays/roster", &list, &[]).await.status, 404);
        assert_eq!(viewer.press("/manage/acme/rustdays/roster", &scans, &[("scans", &sent)]).await.status, 404);
    }

    async fn a_list_that_is_taken_along_twice_from_one_page_was_taken_once(app: TestApp) {
        let sharing = app.sharing("acme").await;
        app.db_attendee(&sharing, "ada@people.example", |_| ()).await;
        let mut browser = app.browser_of(&sharing.staff).await;
        let roster = "/manage/acme/rustdays/roster";
        let page = browser.get(roster).await;
        let badges = [("purpose", "Badges")];
        let once = browser.answer(&page, roster, &badges).await;
        let twice = browser.answer(&page, roster, &badges).await;
        assert_eq!((once.status, once.header("location")), (303, twice.header("location")), "{}", twice.text);
        let count = async |text: &str| {
            let row = sql::one(app.store().read(), text, []).await.expect("a count");
            row.try_get::<i64>("", "n").expect("a number")
        };
        let exports = "select count(*) as n from roster_export";
        assert_eq!(count(exports).await, 1);
        assert_eq!(count("select count(*) as n from audit_entry where action = 'exportRoster'").await, 1);
        // The same page for another purpose is another wish: it is said, and another press does it.
        let other = browser.answer(&page, roster, &[("purpose", "Catering")]).await;
        assert_eq!(other.status, 422, "{}", other.text);
        assert!(other.text.contains("role=\"alert\"") && other.text.contains("value=\"Catering\""), "{}", other.text);
        let taken = browser.answer(&other, roster, &[("purpose", "Catering")]).await;
        assert_eq!(taken.status, 303, "{}", taken.text);
        assert_eq!(count(exports).await, 2);
    }

    async fn an_open_order_is_marked_paid_once_and_an_order_is_cancelled(app: TestApp) {
        let sharing = app.sharing("acme").await;
        let code = order_code(&app, &sharing).await;
        app.db_execute(&format!("update \"order\" set status = 'PENDING', paid_at = null, total_minor = 4900, expires_at = 9000000000000000 where code = '{code}'")).await;
        app.db_execute(&format!("update registration set status = 'PENDING', pending_payment = true, confirmed_at = null where order_code = '{code}'")).await;
        let mut browser = app.browser_of(&sharing.staff).await;
        let path = format!("/manage/acme/rustdays/orders/{code}");
        let list = browser.open("/manage/acme/rustdays/orders?status=PENDING").await;
        assert!(list.contains(&code), "{list}");
        let page = browser.open(&path).await;
        assert!(page.contains("Mark as paid") && page.contains("€49.00"), "{page}");
        let forged = browser.post(&path, &[("paid", "yes"), ("key", "k")]).await;
        assert_eq!(forged.status, 422);
        // Pressed twice on one page.
        let shown = browser.get(&path).await;
        for _ in 0..2 {
            browser.press_on(&shown, &path, &[("paid", "yes")]).await.leads_to(&format!("{path}?done=paid"));
        }
        let payments = payment::Entity::find().all(app.store().read()).await.expect("payments");
        let paid: Vec<_> = payments.iter().map(|payment| payment.amount_minor).collect();
        assert_eq!(paid, [4900]);
        let page = browser.open(&format!("{path}?done=paid")).await;
        assert!(page.contains("Marked as paid.") && !page.contains("name=\"paid\""), "{page}");
        let cancelled = browser.press(&path, &path, &[("cancel", "yes")]).await;
        assert_eq!(cancelled.status, 303, "{}", cancelled.text);
        let page = browser.open(&path).await;
        assert!(page.contains("Cancelled") && !page.contains("name=\"cancel\""), "{page}");
    }

    async fn a_draft_says_what_is_missing_and_is_published_from_its_page(app: TestApp) {
        let sharing = app.sharing("acme").await;
        app.db_execute("update event set status = 'DRAFT'").await;
        let mut browser = app.browser_of(&sharing.staff).await;
        let event = "/manage/acme/rustdays";
        let check = "query { organization(slug: \"acme\") { event(slug: \"rustdays\") { publishCheck { message } } } }";
        let missing = async || {
            let said = sharing.staff.data(check, json!({})).await;
            said["organization"]["event"]["publishCheck"].as_array().expect("a list").clone()
        };
        app.db_execute("update ticket_type set archived_at = 1").await;
        let page = browser.get(event).await;
        assert!(page.text.contains("Before it can be published") && !page.text.contains("name=\"publish\""), "{}", page.text);
        let all = missing().await;
        assert!(!all.is_empty());
        assert_eq!(page.text.matches("<li>").count(), all.len(), "{}", page.text);
        let refused = browser.press_on(&page, event, &[("publish", "yes")]).await;
        assert_eq!(refused.status, 422, "{}", refused.text);
        app.db_execute("update ticket_type set archived_at = null").await;
        for kind in [DocumentKind::Terms, DocumentKind::PrivacyNotice] {
            app.db_document(&sharing.event, kind, |_| ()).await;
        }
        assert_eq!(missing().await, Vec::<Value>::new());
        let page = browser.get(event).await;
        assert!(page.text.contains("name=\"publish\"") && !page.text.contains("Before it can be published"), "{}", page.text);
        let published = browser.press_on(&page, event, &[("publish", "yes")]).await;
        assert_eq!(published.status, 303, "{}", published.text);
        let public = app.site().get("/events/acme/rustdays").await;
        assert_eq!(public.status, 200, "{}", public.text);
    }
}
