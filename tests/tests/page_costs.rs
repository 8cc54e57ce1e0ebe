//! What a page costs: as many statements with many rows as with few, less than 100 kB of HTML, and those on which people
//! register less than 50 kB with all that they load.

use std::collections::BTreeMap;
use std::ops::Range;

use consentry::graphql::ids;
use consentry_domain::{ComplaintState, DocumentKind, OrderId, Purpose, QuestionKind, Role};
use consentry_entity::complaint;
use consentry_tests::app::{
    Answer, Browser, SeededAttendee, SeededOffer, SeededPartner, SeededStream, Sharing, TestApp,
};
use consentry_tests::markup::attribute;
use consentry_tests::on_both_databases;
use serde_json::{Value, json};

use crate::role_pages::{POST, Places, invited, places, table};

/// How many rows there are of everything that is listed, at first and then; but for partners and what they need.
const FEW: u32 = 2;
const MANY: u32 = 40;
const PARTNERS: u32 = 30;
const MOST_BYTES: usize = 100_000;
const MOST_TO_REGISTER: usize = 50_000;

/// What the line of the log says that a page took of the database.
pub(crate) fn statements(answer: &Answer) -> u64 {
    let lines = answer
        .log
        .lines()
        .filter_map(|line| serde_json::from_str::<Value>(line).ok());
    let mut counts = lines.filter_map(|line| line["fields"]["statements"].as_u64());
    counts.next().expect("a line about the request")
}

/// What a page costs whoever opens it: the less of twice, because the first visit of a minute is written down.
async fn cost(browser: &mut Browser, path: &str) -> (u64, usize) {
    let first = browser.get(path).await;
    let second = browser.get(path).await;
    (statements(&first).min(statements(&second)), second.text.len())
}

/// Statements and bytes of every page that somebody sees, as two of those who do.
async fn costs(places: &mut Places) -> BTreeMap<String, (u64, usize)> {
    let mut costs = BTreeMap::new();
    // A form has no page of its own, and a list that is taken along is as long as it is.
    let is_page = |page: &str| !page.starts_with(POST) && !page.starts_with("/exports/");
    for (page, words) in table().1.into_iter().filter(|(page, _)| is_page(page)) {
        let path = places.path(page);
        let seen = words.iter().enumerate().filter(|(_, word)| **word == "200");
        // Also as one who is signed in, where anybody may look.
        for (column, _) in seen.take(3) {
            let (name, browser) = &mut places.browsers[column];
            let cost = cost(browser, &path).await;
            costs.insert(format!("{page} as {name}"), cost);
        }
    }
    costs
}

fn long(what: &str, number: u32) -> String {
    format!("{what} {number} of the very long-winded Wolfeschlegelsteinhausenbergerdorff and Company")
}

fn order_of(registration: &str, rows: &[consentry_entity::registration::Model], sharing: &Sharing) -> OrderId {
    let row = rows.iter().find(|row| sharing.event.public(row.id) == registration);
    row.expect("the registration").order_id
}

/// More of everything that is listed, by numbers that were not used yet.
async fn grow(app: &TestApp, sharing: &Sharing, places: &Places, numbers: Range<u32>) {
    let event = &sharing.event;
    let (organization, event_partner) =
        ids::decode(&async_graphql::ID(places.offer.event_partner.clone())).expect("an id");
    let (_, partner) = ids::decode(&async_graphql::ID(places.company.clone())).expect("an id");
    let partner = SeededPartner {
        organization,
        event: event.id,
        partner,
        event_partner,
    };
    let stream = SeededStream {
        partner,
        id: places.offer.id,
        purpose: Purpose::EventFollowUp,
    };
    let many = 3 * (numbers.end - numbers.start);
    app.db_lead_crowd(&stream, many).await;
    let rows: Vec<consentry_entity::registration::Model> = {
        use sea_orm::EntityTrait;
        consentry_entity::registration::Entity::find()
            .all(app.store().read())
            .await
            .expect("rows")
    };
    let order = order_of(&places.registration, &rows, sharing);
    if numbers.start > 0 {
        app.db_crowd(event, sharing.ticket, order, many).await;
    }
    let known = rows
        .iter()
        .find(|row| row.email.as_deref() == Some("ada@people.example"))
        .and_then(|row| row.person_id);
    for number in numbers.clone() {
        app.db_attendee(sharing, &format!("more{number}@people.example"), |row| {
            row.full_name = Some(long("Somebody", number));
            row.company = Some(long("Company", number));
            row.job_title = Some(long("Engineer", number));
        })
        .await;
        let another = app
            .db_event(&sharing.organization, &format!("event-{number}"), |_| ())
            .await;
        let ticket = app.db_ticket_type(&another, &long("Ticket", number), |_| ()).await;
        if number + 2 >= numbers.end {
            // Those that are listed first have partners as well.
            let elsewhere = Sharing {
                organization: sharing.organization.clone(),
                staff: sharing.staff.clone(),
                event: another.clone(),
                ticket,
            };
            elsewhere.offer(&format!("Elsewhere{number}"), &["EMAIL"]).await;
        }
        // The one who is signed in has a place there, too.
        app.db_place(
            &another,
            ticket,
            &format!("D{number:07}"),
            &long("Ada", number),
            |row| row.person_id = known,
        )
        .await;
        let talk = app.db_talk(event, &long("Talk", number), i64::from(number)).await;
        app.db_speaker(event, &long("Speaker", number), &[talk]).await;
        let question = app.db_question(event, QuestionKind::Choice, &[], |_| ()).await;
        app.db_choice(event, question, &long("Choice", number)).await;
        app.db_working_token(&stream).await;
        app.db_staff_named(
            &sharing.organization,
            Role::Viewer,
            &format!("viewer{number}@staff.example"),
        )
        .await;
        more_by_api(app, sharing, places, number).await;
    }
    for number in numbers.start..numbers.end.min(PARTNERS) {
        let ticket = app
            .db_ticket_type(event, &long("Ticket", number), |row| row.price_minor = 4900)
            .await;
        app.db_quota(event, 100, &[ticket]).await;
        sharing
            .offer(
                &format!("Partner{number}"),
                &["FULL_NAME", "EMAIL", "COMPANY", "JOB_TITLE", "CITY"],
            )
            .await;
    }
    if numbers.start == 0 {
        app.db_document(event, DocumentKind::Terms, |row| row.required = false)
            .await;
    }
    app.db_words().await;
}

async fn more_by_api(app: &TestApp, sharing: &Sharing, places: &Places, number: u32) {
    app.anonymous()
        .register(
            &sharing.event,
            &format!("key-{number}"),
            &[(sharing.ticket, "many@people.example")],
        )
        .await;
    app.device_link(&sharing.staff, &sharing.event.public_id(), &long("Phone", number))
        .await;
    let email = format!("reader{number}@engines.example");
    app.db_account(&email).await;
    invited(sharing, &places.company, &email, "READER").await;
    if number < 8 {
        app.complaint(sharing, &format!("upset{number}@people.example")).await;
        let input = json!({ "eventId": sharing.event.public_id(), "name": long("V", number).chars().take(50).collect::<String>(), "query": "" });
        let save = "mutation($input: SaveRosterViewInput!) { saveRosterView(input: $input) { userErrors { code } } }";
        sharing
            .staff
            .done("saveRosterView", save, json!({ "input": input }))
            .await;
    }
}

/// A long complaint with a long answer.
async fn complained(app: &TestApp, one: &SeededAttendee, number: u32) {
    let now = app.store().now().await.expect("a time");
    let row = app.db_registration(one).await;
    let text = |what: &str| format!("{what} {number}: {}", "They call & write. ".repeat(200));
    let complaint = complaint::Model {
        organization_id: one.organization,
        id: app.store().entropy().ordered_id(now),
        person_id: row.person_id.expect("somebody"),
        account_id: None,
        event_id: Some(row.event_id),
        registration_id: Some(one.registration),
        event_partner_id: None,
        disclosure_id: None,
        roster_export_id: None,
        recipient_name: None,
        text: text("Complaint"),
        email: row.email,
        locale: "en".into(),
        state: ComplaintState::Answered,
        opened_at: now.0,
        due_at: now.plus_days(30).0,
        answered_at: Some(now.0),
        answered_by: None,
        answer: Some(text("Answer")),
        revision: 1,
    };
    app.db_insert(complaint).await;
}

/// What a page takes on its way, with what it loads; and whether it is packed.
async fn loaded(browser: &mut Browser, page: &Answer) -> usize {
    assert_eq!(page.header("content-encoding"), "gzip");
    let mut sum = page.sent;
    let styles = attribute(&page.text, "href")
        .into_iter()
        .filter(|path| path.starts_with("/assets/") && path.ends_with(".css"));
    let scripts = attribute(&page.text, "src")
        .into_iter()
        .filter(|path| path.ends_with(".js"));
    for path in styles.chain(scripts).collect::<Vec<_>>() {
        let answer = browser.get(&path).await;
        assert_eq!(
            (answer.status, answer.header("vary")),
            (200, "accept-encoding"),
            "{path}"
        );
        sum += answer.sent;
    }
    sum
}

/// Each step of registering: the bytes of its page, and what is sent for it and for what it loads.
async fn steps(app: &TestApp, sharing: &Sharing) -> Vec<(&'static str, usize, usize)> {
    let mut browser = app.browser();
    let path = "/events/acme/rustdays/register";
    let first = browser.get(path).await;
    let mut sums = vec![("tickets", first.text.len(), loaded(&mut browser, &first).await)];
    let ticket = format!("n.{}", sharing.event.public(sharing.ticket));
    let typed = [
        (ticket.as_str(), "1"),
        ("person.0.mine", "yes"),
        ("buyer.name", "Ada Lovelace"),
        ("buyer.email", "ada@people.example"),
    ];
    for (step, go) in [("tickets", "people"), ("people", "sharing"), ("sharing", "summary")] {
        let form: Vec<(&str, &str)> = typed.iter().copied().chain([("step", step), ("go", go)]).collect();
        let answer = browser.press(path, path, &form).await;
        assert_eq!(answer.status, 200, "{go}: {}", answer.text);
        sums.push((go, answer.text.len(), loaded(&mut browser, &answer).await));
    }
    let event = browser.get("/events/acme/rustdays").await;
    sums.push(("event", event.text.len(), loaded(&mut browser, &event).await));
    sums
}

on_both_databases! {
    async fn a_page_takes_as_many_statements_with_many_rows_as_with_few_and_less_than_100_kb(app: TestApp) {
        let sharing = app.sharing("acme").await;
        let mut places = places(&app, &sharing).await;
        grow(&app, &sharing, &places, 0..FEW).await;
        let few = costs(&mut places).await;
        grow(&app, &sharing, &places, FEW..MANY).await;
        let many = costs(&mut places).await;
        let wrong: Vec<String> = few.iter().zip(&many)
            .filter(|((_, few), (_, many))| few.0 != many.0)
            .map(|((page, few), (_, many))| format!("{page}: {} statements with few rows, {} with many", few.0, many.0))
            .collect();
        let large: Vec<String> = many.iter().filter(|(_, cost)| cost.1 >= MOST_BYTES)
            .map(|(page, cost)| format!("{page}: {} bytes", cost.1)).collect();
        let most = |which: fn(&(u64, usize)) -> u64| many.iter().max_by_key(|(_, cost)| which(cost)).expect("a page");
        println!("{} pages; the most statements: {:?}; the most bytes: {:?}", many.len(), most(|cost| cost.0), most(|cost| cost.1 as u64));
        assert!(wrong.is_empty() && large.is_empty(), "{wrong:#?}\n{large:#?}");
        assert!(many.len() > 100, "{} pages", many.len());
    }

    async fn a_page_to_register_on_takes_less_than_50_kb_with_all_that_it_loads_also_with_thirty_partners(app: TestApp) {
        let sharing = app.sharing("acme").await;
        let fields = ["FULL_NAME", "EMAIL", "COMPANY", "JOB_TITLE", "CITY"];
        for number in 0..3 {
            let _: SeededOffer = sharing.offer(&format!("Partner{number}"), &fields).await;
        }
        app.db_question(&sharing.event, QuestionKind::Text, &[], |_| ()).await;
        app.db_document(&sharing.event, DocumentKind::Terms, |row| row.required = false).await;
        let few = steps(&app, &sharing).await;
        for number in 3..PARTNERS {
            let _: SeededOffer = sharing.offer(&format!("Partner{number}"), &fields).await;
        }
        let many = steps(&app, &sharing).await;
        println!("page, its bytes, what is sent for it and what it loads: {few:?}; with thirty partners {many:?}");
        assert!(few.iter().all(|(_, page, sent)| *page < MOST_TO_REGISTER && *sent < MOST_TO_REGISTER / 2), "{few:?}");
        assert!(many.iter().all(|(_, page, sent)| *page < MOST_BYTES && *sent < MOST_TO_REGISTER / 2), "{many:?}");
    }

    async fn with_sixty_boxes_single_fields_stand_on_a_page_once_they_are_asked_for(app: TestApp) {
        let sharing = app.sharing("acme").await;
        let ada = app.db_attendee(&sharing, "ada@people.example", |_| ()).await;
        let mut offers = Vec::new();
        for number in 0..PARTNERS {
            let event_partner = sharing.event_partner(&format!("Partner{number}"), "EXHIBITOR").await;
            for purpose in ["EVENT_FOLLOW_UP", "PRODUCT_INFORMATION"] {
                let fields: Vec<Value> = ["FULL_NAME", "EMAIL", "PHONE", "COMPANY", "JOB_TITLE", "CITY"].map(Value::from).to_vec();
                let mut terms = Sharing::terms(&fields);
                terms["text"][0]["text"] = json!("May we write to you about our engines? ".repeat(5));
                let offer = sharing.requested(&event_partner, purpose, terms).await;
                sharing.approve(&offer, 1, "SUBSTANTIAL").await;
                offers.push(offer);
            }
        }
        let path = "/events/acme/rustdays/register";
        let mut browser = app.browser();
        let ticket = format!("n.{}", sharing.event.public(sharing.ticket));
        let ticked = format!("share.{}", offers[7].public_id);
        let open = format!("share.{}.open", offers[9].public_id);
        let left_out = format!("share.{}.without", offers[9].public_id);
        let typed = [(ticket.as_str(), "1"), ("person.0.mine", "yes"), ("buyer.name", "Ada Lovelace"), ("buyer.email", "ada@people.example")];
        let asked = browser.press(path, path, &[&typed[..], &[("step", "people"), ("go", "sharing")]].concat()).await;
        println!("sixty boxes of six fields: {} bytes to register, {} sent", asked.text.len(), asked.sent);
        assert!(asked.status == 200 && asked.text.len() < MOST_BYTES, "{} bytes", asked.text.len());
        assert!(asked.text.contains(&format!("name=\"{open}\" value=\"yes\"")) && !asked.text.contains(".without\""), "{}", asked.text);
        let wished = [&typed[..], &[("step", "sharing"), (&ticked, "1"), (&open, "yes")]].concat();
        let opened = browser.press(path, path, &wished).await.text;
        assert_eq!(opened.matches(".without\"").count(), 6, "one box's fields");
        assert!(opened.contains(&format!("name=\"{left_out}\" value=\"PHONE\"")), "{opened}");
        assert!(opened.contains(&format!("<input type=\"hidden\" name=\"{open}\" value=\"yes\">")), "it stays open");
        assert!(opened.contains(&format!("name=\"{ticked}\" value=\"1\" checked")) && opened.matches(" checked").count() == 1, "{opened}");
        let place = format!("/me/registrations/{}", ada.public_id);
        let mut browser = app.browser_of(&ada.client).await;
        let page = browser.open(&place).await;
        println!("and {} bytes on the page of a place", page.len());
        assert!(page.len() < MOST_BYTES && !page.contains("without."), "{} bytes", page.len());
        let link = page.split("href=\"?partner=").nth(3).expect("a partner").split('#').next().expect("an id");
        let opened = browser.open(&format!("{place}?partner={}", link.trim_end_matches('"'))).await;
        assert_eq!(opened.matches("name=\"share\"").count(), 2, "both purposes of one partner: {opened}");
    }

    async fn ones_own_pages_take_as_much_however_much_was_received_and_complained_of_in_long_texts(app: TestApp) {
        let sharing = app.sharing("acme").await;
        let ada = app.db_attendee(&sharing, "ada@people.example", |_| ()).await;
        let mut browser = app.browser_of(&ada.client).await;
        let me = browser.open("/me").await;
        let data = format!("/me/data/{}", me.split("href=\"/me/data/").nth(1).expect("a link").split('"').next().expect("an id"));
        let place = format!("/me/registrations/{}", ada.public_id);
        let pages = [place.clone(), data.clone(), format!("{data}/complaints"), format!("{data}/complaints/new"), format!("{data}/erasure")];
        let mut offers = Vec::new();
        let (mut few, mut many) = (Vec::new(), Vec::new());
        for (costs, last) in [(&mut few, FEW), (&mut many, PARTNERS)] {
            let first = u32::try_from(offers.len()).expect("few");
            for number in first..last {
                let event_partner = sharing.event_partner(&format!("Partner{number}"), "EXHIBITOR").await;
                let mut terms = Sharing::terms(&["FULL_NAME", "EMAIL", "PHONE", "COMPANY"].map(Value::from));
                terms["text"][0]["text"] = json!(format!("{number}: {}", "May we call & write? ".repeat(190)));
                let offer = sharing.requested(&event_partner, "EVENT_FOLLOW_UP", terms).await;
                sharing.approve(&offer, 1, "SUBSTANTIAL").await;
                ada.grant(&app, &offer, 1, &["FULL_NAME", "EMAIL", "PHONE"]).await;
                complained(&app, &ada, number).await;
                offers.push(offer);
            }
            // Each page of what was received has as many texts as it has lines.
            for _ in 0..4 {
                for offer in &offers[first as usize..] {
                    let pull = "{ partner { leads(purpose: EVENT_FOLLOW_UP, first: 9) { nodes { fullName email phone } } } }";
                    app.puller(offer).await.data(pull, json!({})).await;
                }
            }
            for page in &pages {
                costs.push(cost(&mut browser, page).await);
            }
        }
        println!("one's own pages, few: {few:?}; many: {many:?}");
        assert_eq!(few.iter().map(|(statements, _)| statements).collect::<Vec<_>>(), many.iter().map(|(statements, _)| statements).collect::<Vec<_>>(), "{pages:?}");
        assert!(many.iter().all(|(_, bytes)| *bytes < MOST_BYTES), "{many:?}");
        // All of it is there, and what finds no room on a page is for the asking.
        let mut pages = vec![browser.open(&data).await];
        while let Some(next) = attribute(pages.last().expect("a page"), "href").into_iter().find(|link| link.contains("?after=")) {
            pages.push(browser.open(&next).await);
        }
        assert_eq!((pages.len(), pages.iter().map(|page| page.matches("(version 1)<span class=\"hidden\">: ").count()).sum::<usize>()), (5, 120));
        let read = async |browser: &mut Browser, page: &str, sign: &str| {
            let links = attribute(page, "href").into_iter();
            let link = links.rev().find(|link| link.contains(sign)).expect("a text elsewhere");
            let (path, anchor) = link.split_once('#').expect("a place on the page");
            let path = if path.starts_with('?') { format!("{place}{path}") } else { path.to_owned() };
            let opened = browser.open(&path).await;
            assert!(opened.contains(&format!("id=\"{anchor}\"")), "{anchor}: {opened}");
            opened
        };
        for page in &pages {
            assert!(page.len() < MOST_BYTES, "{} bytes", page.len());
            let opened = read(&mut browser, page, "?text=").await;
            assert!(opened.contains("\" open><summary") && opened.len() < MOST_BYTES, "{} bytes", opened.len());
        }
        let list = browser.open(&format!("{data}/complaints")).await;
        let opened = read(&mut browser, &list, "?complaint=").await;
        assert!(opened.matches("class=\"said\"").count() > list.matches("class=\"said\"").count() && opened.len() < MOST_BYTES, "{} bytes", opened.len());
        let short = browser.open(&place).await;
        assert_eq!(short.matches("name=\"withdraw\"").count(), PARTNERS as usize, "each is taken back with one press: {short}");
        let opened = read(&mut browser, &short, "?partner=").await;
        assert!(opened.contains("name=\"take-back\"") && opened.len() < MOST_BYTES, "{} bytes", opened.len());
    }

    async fn a_page_of_somebody_signed_in_and_one_for_whoever_takes_no_gzip_go_as_they_are(app: TestApp) {
        let sharing = app.sharing("acme").await;
        let mut browser = app.browser_of(&sharing.staff).await;
        for page in ["/me", "/events/acme/rustdays"] {
            let answer = browser.get(page).await;
            assert_eq!((answer.header("content-encoding"), answer.header("vary"), answer.sent), ("", "accept-encoding", answer.bytes.len()), "{page}");
        }
        let mut site = app.site();
        site.takes = "br, gzip;q=0";
        let plain = site.get("/events/acme/rustdays").await;
        assert_eq!((plain.status, plain.header("content-encoding"), plain.sent), (200, "", plain.bytes.len()));
        let anyone = app.browser().get("/events/acme/rustdays").await;
        assert!(anyone.header("content-encoding") == "gzip" && anyone.sent * 2 < anyone.bytes.len());
    }
}
