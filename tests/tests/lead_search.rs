//! Leads by words and in orders: over what the partner is shown, and over nothing else.

use std::collections::BTreeSet;
use std::time::Instant;

use consentry::platform::store::{Engine, sql};
use consentry::services::sharing::verify::verify;
use consentry_domain::lead::{NO_KEY, sort_key};
use consentry_domain::{AttendeeField, FieldMask, LeadValues};
use consentry_entity::disclosure;
use consentry_tests::app::{SeededStream, TokenSeed};
use consentry_tests::{Client, on_both_databases};
use sea_orm::EntityTrait;
use serde_json::{Value, json};

const PAGE: &str = "query($first: Int!, $after: String, $filter: LeadFilter, $sort: LeadSort) { partner {
    leads(purpose: EVENT_FOLLOW_UP, first: $first, after: $after, filter: $filter, sort: $sort) {
    nodes { fullName familyName email company } pageInfo { hasNextPage endCursor } } } }";

/// A page.
async fn page(partner: &Client, first: i64, after: &Value, words: &str, sort: &str) -> Value {
    let variables = json!({ "first": first, "after": after, "filter": { "words": words }, "sort": sort });
    let data = partner.data(PAGE, variables).await;
    data["partner"]["leads"].clone()
}

/// One part of each lead, page by page to the end.
async fn all(partner: &Client, first: i64, words: &str, sort: &str, part: &str) -> Vec<String> {
    let (mut found, mut after) = (Vec::new(), Value::Null);
    loop {
        let page = page(partner, first, &after, words, sort).await;
        let nodes = page["nodes"].as_array().expect("leads");
        assert!(nodes.len() <= usize::try_from(first).expect("a number"));
        found.extend(nodes.iter().map(|node| node[part].as_str().unwrap_or("-").to_owned()));
        if page["pageInfo"]["hasNextPage"] != json!(true) {
            return found;
        }
        after = page["pageInfo"]["endCursor"].clone();
    }
}

fn values(name: &str, company: Option<&str>, email: &str) -> LeadValues {
    LeadValues {
        full_name: Some(name.into()),
        family_name: name.split_once(' ').map(|(_, family)| family.to_owned()),
        company: company.map(str::to_owned),
        email: Some(email.into()),
        ..Default::default()
    }
}

async fn refused(partner: &Client, document: &str, variables: Value, part: &str) {
    let answer = partner.send(document, variables).await;
    let error = &answer["errors"][0];
    assert_eq!(error["extensions"]["code"], "BAD_USER_INPUT", "{answer:#}");
    assert!(
        error["message"].as_str().is_some_and(|message| message.contains(part)),
        "{answer:#}"
    );
}

/// A page's statement in an order, and what is bound to it.
async fn statement(partner: &Client, sort: &str, words: &str) -> String {
    let variables = json!({ "first": 50, "after": null, "filter": { "words": words }, "sort": sort });
    let (answer, statistics) = partner.counted(PAGE, variables).await;
    assert_eq!(answer.get("errors"), None, "{answer:#}");
    let texts = statistics.texts.expect("texts");
    texts
        .into_iter()
        .find(|text| text.contains("union all"))
        .expect("a page")
}

fn bound(stream: &SeededStream, sort: &str) -> Vec<sea_orm::Value> {
    let mut values: Vec<sea_orm::Value> = vec![stream.partner.organization.into(), stream.id.into()];
    values.push(uuid::Uuid::nil().into());
    match sort {
        "ID" => {}
        "NEWEST" => values.push(30_000_i32.into()),
        _ => values.push("m".into()),
    }
    values
}

on_both_databases! {
    async fn what_is_not_granted_is_not_found_and_sorts_as_nothing(app: TestApp) {
        let sharing = app.sharing("acme").await;
        let offer = sharing.offer("Ferris", &["EMAIL", "COMPANY"]).await;
        let partner = app.puller(&offer).await;
        let mut people = Vec::new();
        for (email, company) in [("ada@example.org", "Aardvark Mills"), ("bob@example.org", "Zebra Works")] {
            people.push(app.db_attendee(&sharing, email, |row| row.company = Some(company.into())).await);
        }
        people[0].grant(&app, &offer, 1, &["EMAIL"]).await;
        people[1].grant(&app, &offer, 1, &["EMAIL", "COMPANY"]).await;
        assert_eq!(all(&partner, 5, "aardvark", "ID", "email").await, Vec::<String>::new());
        assert_eq!(all(&partner, 5, "zebra", "ID", "email").await, ["bob@example.org"]);
        assert_eq!(all(&partner, 5, "", "COMPANY", "email").await, ["bob@example.org", "ada@example.org"]);
        people[0].grant(&app, &offer, 1, &["EMAIL", "COMPANY"]).await;
        assert_eq!(all(&partner, 5, "aardvark", "ID", "email").await, ["ada@example.org"]);
        assert_eq!(all(&partner, 1, "", "COMPANY", "email").await, ["ada@example.org", "bob@example.org"]);
        people[0].withdraw(&offer, Some(&["COMPANY"])).await;
        assert_eq!(all(&partner, 5, "aardvark", "COMPANY", "email").await, Vec::<String>::new());
        assert_eq!(all(&partner, 1, "", "COMPANY", "email").await, ["bob@example.org", "ada@example.org"]);
        people[1].withdraw(&offer, None).await;
        assert_eq!(all(&partner, 5, "zebra", "COMPANY", "email").await, Vec::<String>::new());
        assert_eq!(all(&partner, 5, "", "COMPANY", "email").await, ["ada@example.org"]);
        assert_eq!(verify(app.store()).await.expect("compared").differences, []);
    }

    async fn words_are_looked_for_in_what_is_selected_and_what_is_found_is_on_record_alone(app: TestApp) {
        let (_, _, stream) = app.db_shared_event("acme").await;
        for (name, company) in [("Ada King", "Analytical Engines"), ("Zoë Müller", "Rust Works"), ("Ada Nobody", "Rust Works")] {
            app.db_lead(&stream, values(name, Some(company), "someone@example.org")).await;
        }
        let wide = app.partner(&app.db_working_token(&stream).await);
        assert_eq!(all(&wide, 5, "MULL zoe", "FULL_NAME", "fullName").await, ["Zoë Müller"], "case and accents make no difference");
        let record = disclosure::Entity::find().all(app.store().admin()).await.expect("records");
        assert_eq!(record.iter().map(|row| row.lead_ids.len()).collect::<Vec<_>>(), [16], "who was not found was not received");
        assert_eq!(all(&wide, 1, "rust", "FULL_NAME", "fullName").await, ["Ada Nobody", "Zoë Müller"]);
        let names = PAGE.replace("fullName familyName email company", "fullName");
        let variables = json!({ "first": 5, "filter": { "words": "rust" } });
        let found = wide.data(&names, variables.clone()).await;
        assert_eq!(found["partner"]["leads"]["nodes"], json!([]), "what is not selected is not looked at");
        let narrow = TokenSeed::of(&stream).with_fields(FieldMask::standard(AttendeeField::FullName));
        let narrow = app.partner(&app.db_token(&stream, narrow).await);
        let found = narrow.data(PAGE, json!({ "first": 5, "filter": { "words": "rust" } })).await;
        assert_eq!(found["partner"]["leads"]["nodes"], json!([]), "what the token does not cover is not looked at");
        assert_eq!(all(&narrow, 5, "ada", "FULL_NAME", "fullName").await, ["Ada King", "Ada Nobody"]);
        refused(&narrow, PAGE, json!({ "first": 5, "sort": "COMPANY" }), "select that field").await;
        refused(&wide, &names, json!({ "first": 5, "sort": "COMPANY" }), "select that field").await;
    }

    async fn what_is_wrong_with_a_search_is_said(app: TestApp) {
        let (_, _, stream) = app.db_shared_event("acme").await;
        app.db_many_leads(&stream, 3).await;
        let partner = app.partner(&app.db_working_token(&stream).await);
        for words in ["a ".repeat(9), "x".repeat(101), "a\0".to_owned()] {
            refused(&partner, PAGE, json!({ "first": 5, "filter": { "words": words } }), "filter.words").await;
        }
        for (words, sort) in [("", "FULL_NAME"), ("person", "ID"), ("person", "NEWEST")] {
            let cursor = page(&partner, 1, &Value::Null, words, sort).await["pageInfo"]["endCursor"].clone();
            for (other, order) in [("", "ID"), ("", "COMPANY"), ("persons", sort)] {
                let variables = json!({ "first": 1, "after": cursor, "filter": { "words": other }, "sort": order });
                refused(&partner, PAGE, variables, "not a cursor of this list").await;
            }
            assert_eq!(page(&partner, 5, &cursor, words, sort).await["nodes"].as_array().map(Vec::len), Some(2));
        }
        let blank = page(&partner, 1, &Value::Null, "  ", "ID").await["pageInfo"]["endCursor"].clone();
        assert_eq!(page(&partner, 5, &blank, "", "ID").await["nodes"].as_array().map(Vec::len), Some(2), "no words are no search");
    }

    async fn every_order_is_whole_and_the_same_on_every_page_size(app: TestApp) {
        let (_, _, stream) = app.db_shared_event("acme").await;
        let names = ["Zoe Adams", "zoe adams", "Ärger Öl", "arger ol", "Ö", "王 伟", "Álvaro Ño", "B", "🦀 Ferris", "Straße Weg"];
        let companies = [Some("beta"), None, Some("Älpha"), Some("alpha"), Some("Ω"), None, Some("  "), Some("Zeta"), Some("zebra"), Some("beta")];
        let mut rows = Vec::new();
        for (number, (name, company)) in names.iter().zip(companies).enumerate() {
            let values = values(name, company, &format!("p{number}@example.org"));
            let id = app.db_lead(&stream, values.clone()).await;
            rows.push((id, values));
        }
        let partner = app.partner(&app.db_working_token(&stream).await);
        for (sort, field) in [("FULL_NAME", AttendeeField::FullName), ("FAMILY_NAME", AttendeeField::FamilyName), ("COMPANY", AttendeeField::Company)] {
            rows.sort_by_key(|(id, values)| (sort_key(values, field), *id));
            let expected: Vec<String> = rows.iter().map(|(_, values)| values.email.clone().expect("an address")).collect();
            for first in [1, 3, 100] {
                assert_eq!(all(&partner, first, "", sort, "email").await, expected, "{sort} by {first}");
                assert_eq!(all(&partner, first, "example", sort, "email").await, expected, "{sort} by {first}, searched");
            }
        }
        let days = "update lead set consented_on = 20000 + length(email) % 2 + length(full_name) % 3";
        sql::execute(app.store().admin(), days, []).await.expect("days");
        let once = all(&partner, 100, "", "NEWEST", "email").await;
        for first in [1, 4] {
            assert_eq!(all(&partner, first, "", "NEWEST", "email").await, once);
        }
        assert_eq!(once.iter().collect::<BTreeSet<_>>().len(), names.len());
    }

    async fn a_page_in_any_order_is_a_range_of_an_index_and_a_search_of_ten_thousand_stays_cheap(app: TestApp) {
        let (_, _, stream) = app.db_shared_event("acme").await;
        app.db_many_leads(&stream, 3).await;
        app.db_lead(&stream, values("Quill Zaphira", None, "needle@example.org")).await;
        let partner = app.partner(&app.db_working_token(&stream).await);
        let mut texts = Vec::new();
        for sort in ["ID", "FULL_NAME", "FAMILY_NAME", "COMPANY", "NEWEST"] {
            for words in ["", "needle"] {
                texts.push((sort, statement(&partner, sort, words).await));
            }
        }
        app.db_lead_crowd(&stream, 10_000).await;
        for (sort, text) in &texts {
            let plan = app.db_plan(text, bound(&stream, sort)).await;
            let index = match (*sort, app.store().engine()) {
                ("ID", Engine::Sqlite) => "USING PRIMARY KEY (organization_id=? AND stream_id=? AND id>?)",
                ("ID", Engine::Postgres) => "lead_pkey",
                ("FULL_NAME", _) => "lead_stream_id_sort_full_name_id_idx",
                ("FAMILY_NAME", _) => "lead_stream_id_sort_family_name_id_idx",
                ("COMPANY", _) => "lead_stream_id_sort_company_id_idx",
                _ => "lead_stream_id_consented_on_id_idx",
            };
            assert!(plan.contains(index) && !plan.contains("TEMP B-TREE") && !plan.contains("Sort"), "{sort}: {text}\n{plan}");
        }
        for sort in ["ID", "FULL_NAME", "NEWEST"] {
            let started = Instant::now();
            let (mut pages, mut after, mut found) = (0, Value::Null, 0);
            loop {
                let page = page(&partner, 50, &after, "needle", sort).await;
                pages += 1;
                found += page["nodes"].as_array().map_or(0, Vec::len);
                if page["pageInfo"]["hasNextPage"] != json!(true) {
                    break;
                }
                after = page["pageInfo"]["endCursor"].clone();
            }
            println!("{:?}: one of 10 004 leads by {sort}: {pages} requests, {:?} in all", app.store().engine(), started.elapsed());
            assert_eq!((found, pages), (1, 6), "2000 are looked at by each");
        }
        let started = Instant::now();
        let page = page(&partner, 50, &Value::Null, "person", "FULL_NAME").await;
        println!("{:?}: the first fifty of many: {:?}", app.store().engine(), started.elapsed());
        assert_eq!(page["nodes"].as_array().map(Vec::len), Some(50));
    }

    async fn the_page_searches_and_sorts_keeps_both_over_its_pages_and_says_the_way_out(app: TestApp) {
        let sharing = app.sharing("acme").await;
        let offer = sharing.offer("Globex", &["EMAIL", "COMPANY"]).await;
        let company = sharing.company_of(&offer.event_partner).await;
        let (_, member) = app.db_account("mara@globex.example").await;
        let invite = "mutation($input: InvitePartnerMemberInput!) { invitePartnerMember(input: $input) {
            partnerMember { id } userErrors { field message code } } }";
        let input = json!({ "idempotencyKey": "one", "partnerId": company, "email": "mara@globex.example" });
        let made = sharing.staff.done("invitePartnerMember", invite, json!({ "input": input })).await;
        let seat = made["partnerMember"]["id"].as_str().expect("an id");
        for (number, company) in [(1, "Zebra Works"), (2, "Aardvark Mills"), (3, "Hidden Ltd")] {
            let email = format!("p{number}@people.example");
            let one = app.db_attendee(&sharing, &email, |row| row.company = Some(company.into())).await;
            let fields: &[&str] = if number == 3 { &["EMAIL"] } else { &["EMAIL", "COMPANY"] };
            one.grant(&app, &offer, 1, fields).await;
        }
        let mut browser = app.browser_of(&member).await;
        let leads = format!("/partner/{seat}/{}/event-follow-up", offer.event_partner);
        let places = |page: &str| ["p1@people", "p2@people", "p3@people"].map(|who| page.find(who));
        let sorted = browser.open(&format!("{leads}?sort=company")).await;
        let [one, two, three] = places(&sorted).map(|place| place.expect("there"));
        assert!(two < one && one < three && sorted.matches("aria-sort=\"ascending\"").count() == 1, "{sorted}");
        let found = browser.open(&format!("{leads}?words=MILLS&sort=company")).await;
        assert_eq!(places(&found).map(|place| place.is_some()), [false, true, false], "{found}");
        assert!(found.contains("value=\"MILLS\"") && found.contains("<option value=\"company\" selected>"), "{found}");
        assert!(!found.contains("<option value=\"name\""), "what is not asked for here is no order: {found}");
        let hidden = browser.open(&format!("{leads}?words=hidden&sort=company")).await;
        assert!(places(&hidden).iter().all(Option::is_none) && !hidden.contains("Hidden Ltd"), "{hidden}");
        assert!(hidden.contains("Show all leads") && hidden.contains(&format!("href=\"{leads}?sort=company\"")), "the way out: {hidden}");
        let much = browser.get(&format!("{leads}?words=a+b+c+d+e+f+g+h+i")).await;
        assert!(much.status == 422 && much.text.contains("id=\"words-error\"") && !much.text.contains("@people.example"), "{}", much.text);
        for nonsense in ["?sort=name", "?sort=x", "?words=%00", "?sort=newest&words=people"] {
            assert!(browser.get(&format!("{leads}{nonsense}")).await.status < 500, "{nonsense}");
        }
        for number in 4..60 {
            let one = app.db_attendee(&sharing, &format!("q{number}@people.example"), |_| ()).await;
            one.grant(&app, &offer, 1, &["EMAIL"]).await;
        }
        let first = browser.open(&format!("{leads}?words=people&sort=newest")).await;
        assert_eq!(first.split("<tbody>").nth(1).expect("a table").matches("<tr>").count(), 50);
        let next = first.split("rel=\"next\" href=\"").nth(1).and_then(|rest| rest.split('"').next()).expect("a next page").replace("&#38;", "&");
        assert!(next.contains("words=people&sort=newest&after="), "{next}");
        let second = browser.open(&next).await;
        assert_eq!(second.split("<tbody>").nth(1).expect("a table").matches("<tr>").count(), 9);
    }

    async fn a_version_that_asks_for_less_leaves_no_key_behind(app: TestApp) {
        let sharing = app.sharing("acme").await;
        let offer = sharing.offer("Ferris", &["EMAIL", "COMPANY"]).await;
        let ada = app.db_attendee(&sharing, "ada@example.org", |row| row.company = Some("Aardvark".into())).await;
        ada.grant(&app, &offer, 1, &["EMAIL", "COMPANY"]).await;
        assert_eq!(app.db_stream_leads(&offer).await[0].sort_company.as_deref(), Some("aardvark"));
        sharing.switch(&offer, 2, &["EMAIL"]).await;
        let lead = app.db_stream_leads(&offer).await.remove(0);
        assert_eq!((lead.state, lead.company.as_deref(), lead.sort_company.as_deref()), (1, None, Some(NO_KEY)));
        assert_eq!(verify(app.store()).await.expect("compared").differences, []);
        app.db_receive(&offer, lead.id, FieldMask::standard(AttendeeField::Email)).await;
        ada.withdraw(&offer, None).await;
        let lead = app.db_stream_leads(&offer).await.remove(0);
        assert_eq!((lead.state, lead.sort_company, lead.sort_full_name, lead.sort_family_name), (3, None, None, None));
        sql::execute(app.store().admin(), "update lead set sort_company = 'aardvark'", []).await.expect("spoiled");
        let differences = verify(app.store()).await.expect("compared").differences;
        let kept = |what: &str| differences.iter().any(|difference| difference.what == what);
        assert!(kept("a lead that is not live still holds values"), "a key of what is gone is found: {differences:?}");
    }
}
