//! What organizers do about partners on their pages, on both databases: from nothing to a token that pulls a lead; every
//! state of an offer; what a revision changes; and that nobody's decision is told to staff.

#![allow(clippy::unwrap_used, reason = "a test may stop where it stands")]

use consentry_domain::Role;
use consentry_domain::lead::LeadState;
use consentry_entity::mail;
use consentry_tests::app::{Answer, Browser, SeededOffer, Sharing};
use consentry_tests::{TestApp, on_both_databases};
use sea_orm::EntityTrait;
use serde_json::{Value, json};

const EVENT: &str = "/manage/acme/rustdays";
const FINGERPRINT: &str = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08";

fn leads_to<'a>(answer: &'a Answer, start: &str) -> &'a str {
    let location = answer.header("location");
    assert!(
        answer.status == 303 && location.starts_with(start),
        "{} {location}: {}",
        answer.status,
        answer.text
    );
    location.split(['?', '#']).next().unwrap()
}

/// Refused, with something said beside each of these fields, and a summary that leads there.
fn refused_at(answer: &Answer, fields: &[&str]) {
    assert_eq!(answer.status, 422, "{}", answer.text);
    for field in fields {
        assert!(
            answer.text.contains(&format!("id=\"{field}-error\"")),
            "nothing at {field}: {}",
            answer.text
        );
        assert!(
            answer.text.contains(&format!("href=\"#{field}\"")),
            "no way to {field}: {}",
            answer.text
        );
    }
}

/// The card of a partner, as a page shows it.
fn card(page: &str) -> &str {
    let start = page
        .find("<section class=\"card partner\"")
        .unwrap_or_else(|| panic!("no card: {page}"));
    let end = page[start..].find("</section>").unwrap();
    &page[start..start + end]
}

fn path_of(offer: &SeededOffer) -> String {
    format!("{EVENT}/partners/{}/offers/{}", offer.event_partner, offer.public_id)
}

fn terms(text: &str, fields: &[&str], days: i32) -> Value {
    let fields: Vec<Value> = fields.iter().map(|field| json!({ "field": field })).collect();
    json!({ "text": [{ "locale": "en", "text": text }], "fields": fields, "retentionDays": days })
}

/// The secret behind the link that was mailed last, and to whom.
async fn mailed_secret(app: &TestApp) -> (String, String) {
    let mails = mail::Entity::find().all(app.store().admin()).await.unwrap();
    let newest = mails.into_iter().max_by_key(|mail| mail.id).expect("a mail");
    let message = consentry::services::mail::Message::from_data(newest.kind, &newest.data).expect("a message");
    let consentry::services::mail::Message::TokenClaim(claim) = message else {
        panic!("another kind of mail")
    };
    let link = claim.claim.resolve(&app.platform).expect("a link");
    (
        link.rsplit('/').next().unwrap().to_owned(),
        newest.to_address.unwrap_or_default(),
    )
}

async fn leads_of(client: &consentry_tests::Client) -> Value {
    let query = "{ partner { leads(purpose: PRODUCT_INFORMATION, first: 10) { nodes { fullName email company } } } }";
    client.send(query, json!({})).await
}

/// Makes a company and gives it a role, through the pages; the address of the partner at the event.
async fn partner_by_pages(browser: &mut Browser) -> String {
    let companies = "/manage/acme/-/partners";
    assert!(browser.open(companies).await.contains("No companies yet"));
    assert!(
        browser
            .open(&format!("{EVENT}/partners"))
            .await
            .contains("No partners yet")
    );
    let new = format!("{companies}/new?event=rustdays");
    let empty = browser
        .press(
            &new,
            &new,
            &[("name", ""), ("legal", ""), ("country", ""), ("contact", "")],
        )
        .await;
    refused_at(&empty, &["name", "legal", "country", "contact"]);
    // Far from the fields, each line names its own; and the way back is the one that one came.
    let summary = "<a href=\"#legal\">Legal name: This is needed.</a>";
    let back = format!("<a class=\"button second\" href=\"{EVENT}/partners/new\">");
    assert!(
        empty.text.contains(summary) && empty.text.contains(&back),
        "{}",
        empty.text
    );
    let filled = [
        ("name", "Engines"),
        ("legal", "Engines & Söhne GmbH"),
        ("country", "DE"),
        ("contact", "crm@engines.example"),
    ];
    let made = browser.press(&new, &new, &filled).await;
    let add = leads_to(&made, &format!("{EVENT}/partners/new")).to_owned();
    let company = made.header("location").split("company=").nth(1).unwrap().to_owned();
    let wrong = [
        ("company", company.as_str()),
        ("role", "EXHIBITOR"),
        ("notice", "engines"),
        ("fingerprint", "zz"),
        ("contact", "x"),
    ];
    refused_at(
        &browser.press(&add, &add, &wrong).await,
        &["notice", "fingerprint", "contact"],
    );
    let without_role = [
        ("company", company.as_str()),
        ("notice", "https://engines.example/privacy"),
        ("contact", "dpo@engines.example"),
    ];
    refused_at(&browser.press(&add, &add, &without_role).await, &["role"]);
    let right = [
        ("company", company.as_str()),
        ("role", "EXHIBITOR"),
        ("notice", "https://engines.example/privacy"),
        // Left empty: where the company itself is reached.
        ("contact", ""),
    ];
    let added = browser.press(&add, &add, &right).await;
    leads_to(&added, &format!("{EVENT}/partners/")).to_owned()
}

on_both_databases! {
    async fn a_partner_comes_from_nothing_to_a_token_that_pulls_a_lead(app: TestApp) {
        let sharing = app.sharing("acme").await;
        let mut browser = app.browser_of(&sharing.staff).await;
        let partner = Box::pin(partner_by_pages(&mut browser)).await;
        // Without the notice's fingerprint nothing can be asked, and the page says why.
        let page = browser.open(&partner).await;
        assert!(page.contains("Incomplete") && page.contains("it must be provable which one") && !page.contains("/offers/new"), "{page}");
        assert_eq!(page.matches("<dd>crm@engines.example</dd>").count(), 2, "the company's contact and the one for attendees: {page}");
        let staff = page.split("href=\"/manage/acme/-/partners/").nth(1).and_then(|rest| rest.split('"').next()).expect("who reads for it");
        assert!(browser.open(&format!("/manage/acme/-/partners/{staff}")).await.contains("Who reads for Engines"), "{staff}");
        let listed = browser.open("/manage/acme/-/partners").await;
        assert!(listed.contains("Incomplete") && listed.contains(&format!("href=\"{partner}\"")), "{listed}");
        let change = format!("{partner}/change");
        let filled = [("notice", "https://engines.example/privacy"), ("contact", "dpo@engines.example"), ("role", "EXHIBITOR"), ("active", "yes"), ("fingerprint", FINGERPRINT)];
        leads_to(&browser.press(&change, &change, &filled).await, &partner);
        let page = browser.open(&partner).await;
        assert!(!page.contains("Incomplete") && page.contains("/offers/new"), "{page}");

        let new = format!("{partner}/offers/new");
        refused_at(&browser.press(&new, &new, &[("purpose", "")]).await, &["purpose"]);
        let nothing = [("purpose", "PRODUCT_INFORMATION"), ("days", "0")];
        refused_at(&browser.press(&new, &new, &nothing).await, &["field", "text.en", "days"]);
        let kept = browser.press(&new, &new, &[("purpose", "PRODUCT_INFORMATION"), ("text.de", "Dürfen wir?"), ("days", "0")]).await;
        assert!(kept.text.contains("Dürfen wir?"), "nothing typed is lost: {}", kept.text);
        let filled = [("purpose", "PRODUCT_INFORMATION"), ("field", "FULL_NAME"), ("field", "EMAIL"),
            ("text.en", "May we write to you about engines?"), ("days", "90")];
        let requested = browser.press(&new, &new, &filled).await;
        let offer = leads_to(&requested, &format!("{partner}/offers/")).to_owned();

        // It waits for a decision wherever one would look, and nothing but a link leads there.
        for page in [EVENT.to_owned(), format!("{EVENT}/partners"), partner.clone()] {
            assert!(browser.open(&page).await.contains(&format!("href=\"{offer}\"")), "{page} does not lead to what waits");
        }
        let page = browser.open(&offer).await;
        assert!(page.contains("Nobody has been asked for this") && page.contains("value=\"approve\""), "{page}");
        let shown = card(&page).to_owned();
        assert!(shown.contains("Engines may have: Name, E-mail address") && shown.contains("May we write to you about engines?"), "{shown}");
        leads_to(&browser.press(&offer, &offer, &[("do", "approve"), ("version", "1")]).await, &offer);
        // Exactly this card is what attendees read.
        let ticket = format!("n.{}", sharing.event.public(sharing.ticket));
        let form = [(ticket.as_str(), "1"), ("person.0.mine", "yes"), ("buyer.name", "Robin Example"),
            ("buyer.email", "robin@people.example"), ("step", "people"), ("go", "sharing")];
        let read = app.browser().post("/events/acme/rustdays/register", &form).await;
        assert_eq!(card(&read.text), shown);
        let listed = browser.open(&format!("{EVENT}/partners")).await;
        assert!(listed.contains("May receive Name and E-mail address, if the attendee says yes, to tell of products."), "{listed}");

        Box::pin(token_by_pages(&app, &sharing, &mut browser, &partner, &offer)).await;
    }

    async fn the_fingerprint_of_a_notice_is_made_of_its_file_and_the_file_is_not_kept(app: TestApp) {
        let sharing = app.sharing("acme").await;
        let mut browser = app.browser_of(&sharing.staff).await;
        let partner = Box::pin(partner_by_pages(&mut browser)).await;
        let change = format!("{partner}/change");
        let mut filled = [("notice", "engines"), ("contact", "dpo@engines.example"), ("role", "EXHIBITOR"), ("active", "yes"), ("fingerprint", "")];
        let made = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        // Where something else is wrong, the file need not be chosen again.
        let wrong = browser.press_with(&change, &filled, ("noticeFile", b"abc")).await;
        refused_at(&wrong, &["notice"]);
        assert!(wrong.text.contains(made), "{}", wrong.text);
        filled[0].1 = "https://engines.example/privacy";
        leads_to(&browser.press_with(&change, &filled, ("noticeFile", b"abc")).await, &partner);
        assert!(browser.open(&change).await.contains(made), "it is not known");
        assert!(browser.open(&partner).await.contains("/offers/new"), "nothing can be asked");
    }

    async fn every_decision_says_what_it_does_and_pressing_twice_is_harmless(app: TestApp) {
        let sharing = app.sharing("acme").await;
        let event_partner = sharing.event_partner("Engines", "CO_SPONSOR").await;
        let offer = sharing.requested(&event_partner, "EVENT_FOLLOW_UP", terms("May we?", &["EMAIL"], 30)).await;
        let mut browser = app.browser_of(&sharing.staff).await;
        let path = path_of(&offer);
        let forged = browser.post(&path, &[("do", "approve"), ("version", "1")]).await;
        assert_eq!(forged.status, 422, "another site's form decides nothing");
        let long = "x".repeat(2001);
        refused_at(&browser.press(&path, &path, &[("do", "reject"), ("version", "1"), ("remark", &long)]).await, &["remark"]);
        for _ in 0..2 {
            let rejected = browser.press(&path, &path, &[("do", "reject"), ("version", "1"), ("remark", "Too much <b>")]).await;
            leads_to(&rejected, &path);
        }
        let page = browser.open(&format!("{path}?done=rejected")).await;
        assert!(page.contains("Rejected. Attendees never see it.") && page.contains("Too much &#60;b&#62;"), "{page}");
        assert!(!page.contains("value=\"approve\"") && page.contains("/revise"), "{page}");
        let late = browser.press(&path, &path, &[("do", "approve"), ("version", "1")]).await;
        assert_eq!(late.status, 422, "{}", late.text);

        sharing.revise(&offer, terms("May we?", &["EMAIL"], 30)).await;
        let page = browser.open(&path).await;
        assert!(page.contains("Takes the request back. Attendees never see it, and nobody’s decision changes."), "{page}");
        leads_to(&browser.press(&path, &path, &[("do", "withdraw"), ("version", "2")]).await, &path);
        sharing.revise(&offer, terms("May we?", &["EMAIL"], 30)).await;
        for _ in 0..2 {
            leads_to(&browser.press(&path, &path, &[("do", "approve"), ("version", "3")]).await, &path);
        }
        let page = browser.open(&path).await;
        assert!(page.contains("In force: version 3") && page.contains("every yes to it ends at once"), "{page}");
        leads_to(&browser.press(&path, &path, &[("do", "withdraw"), ("version", "3")]).await, &path);
        let page = browser.open(&path).await;
        assert!(page.contains("May receive nothing for this purpose.") && page.contains("Nothing is in force."), "{page}");
        for state in ["Rejected", "Withdrawn"] {
            assert!(page.contains(&format!(">{state}</span>")), "{state}: {page}");
        }
    }

    async fn a_revision_shows_what_it_changes_and_whom_it_leaves_without_consent(app: TestApp) {
        let sharing = app.sharing("acme").await;
        let event_partner = sharing.event_partner("Engines", "CO_SPONSOR").await;
        let offer = sharing.requested(&event_partner, "EVENT_FOLLOW_UP", terms("May we write?", &["FULL_NAME", "EMAIL"], 90)).await;
        sharing.approve(&offer, 1, "SUBSTANTIAL").await;
        let ada = app.db_attendee(&sharing, "ada@people.example", |_| ()).await;
        ada.grant(&app, &offer, 1, &["FULL_NAME", "EMAIL"]).await;
        let live = async |app: &TestApp| app.db_stream_leads(&offer).await.iter().filter(|lead| lead.state == LeadState::Live as i32).count();
        let mut browser = app.browser_of(&sharing.staff).await;
        let path = path_of(&offer);
        let revise = format!("{path}/revise");
        let page = browser.open(&revise).await;
        assert!(page.contains("May we write?") && page.contains("value=\"90\"") && page.contains("value=\"EMAIL\" checked"), "what is in force stands there: {page}");

        // Less: every yes stays.
        let less = [("field", "EMAIL"), ("text.en", "May we write?"), ("days", "30")];
        leads_to(&browser.press(&revise, &revise, &less).await, &path);
        let page = browser.open(&path).await;
        for words in ["No longer asks for: Name", "30 days after", "before: 90 days after", "every yes to version 1 stays"] {
            assert!(page.contains(words), "{words}: {page}");
        }
        leads_to(&browser.press(&path, &path, &[("do", "approve"), ("version", "2")]).await, &path);
        assert_eq!(live(&app).await, 1);

        // Other words: the organizer says whether they mean the same, and nothing is chosen for them.
        let reworded = [("field", "EMAIL"), ("text.en", "Would you like us to write?"), ("days", "30")];
        leads_to(&browser.press(&revise, &revise, &reworded).await, &path);
        let page = browser.open(&path).await;
        assert!(page.contains("It depends on the text.") && page.contains("<del>") && page.contains("<ins>"), "{page}");
        assert!(!page.contains("value=\"editorial\" checked") && !page.contains("value=\"substantial\" checked"), "{page}");
        refused_at(&browser.press(&path, &path, &[("do", "approve"), ("version", "3")]).await, &["text"]);
        leads_to(&browser.press(&path, &path, &[("do", "approve"), ("version", "3"), ("text", "editorial")]).await, &path);
        assert_eq!(live(&app).await, 1, "the same in other words");
        assert!(browser.open(&path).await.contains("Approved as the same text in other words."));

        // More: nobody's yes carries over.
        let more = [("field", "EMAIL"), ("field", "PHONE"), ("text.en", "Would you like us to write?"), ("days", "30")];
        leads_to(&browser.press(&revise, &revise, &more).await, &path);
        let page = browser.open(&path).await;
        for words in ["Also asks for: Telephone number", "is left without consent", "Every yes to version 3 ends at once"] {
            assert!(page.contains(words), "{words}: {page}");
        }
        let again = browser.press(&revise, &revise, &more).await;
        assert_eq!(again.status, 422, "another version waits: {}", again.text);
        leads_to(&browser.press(&path, &path, &[("do", "approve"), ("version", "4")]).await, &path);
        assert_eq!(live(&app).await, 0);
    }

    async fn no_page_tells_how_anybody_decided(app: TestApp) {
        let sharing = app.sharing("acme").await;
        let offer = sharing.offer("Engines", &["FULL_NAME", "EMAIL"]).await;
        let company = sharing.company_of(&offer.event_partner).await;
        let mut browser = app.browser_of(&sharing.staff).await;
        let partner = format!("{EVENT}/partners/{}", offer.event_partner);
        let pages = [format!("{EVENT}/partners"), partner.clone(), format!("{partner}/change"), format!("{partner}/tokens/new"),
            format!("{partner}/offers/new"), path_of(&offer), format!("{}/revise", path_of(&offer)),
            "/manage/acme/-/partners".into(), format!("/manage/acme/-/partners/{company}")];
        let ada = app.db_attendee(&sharing, "ada@people.example", |_| ()).await;
        let mut before = Vec::new();
        for page in &pages {
            before.push(without_keys(&browser.open(page).await));
        }
        ada.grant(&app, &offer, 1, &["FULL_NAME", "EMAIL"]).await;
        for (page, before) in pages.iter().zip(before) {
            let text = browser.open(page).await;
            for mark in ["ada@people", "ada Lovelace", &ada.public_id] {
                assert!(!text.contains(mark), "{page} names {mark}: {text}");
            }
            assert_eq!(without_keys(&text), before, "{page} is another one after somebody said yes");
        }
    }

    async fn who_works_at_one_event_decides_there_and_issues_no_tokens(app: TestApp) {
        let sharing = app.sharing("acme").await;
        let offer = sharing.offer("Engines", &["EMAIL"]).await;
        let manager = app.db_staff_named(&sharing.organization, Role::Manager, "one-event@staff.example").await;
        let text = "update team_member set event_id = (select id from event where slug = 'rustdays') \
            where account_id = (select id from account where email = 'one-event@staff.example')";
        app.db_execute(text).await;
        let mut browser = app.browser_of(&manager).await;
        let path = path_of(&offer);
        let partner = format!("{EVENT}/partners/{}", offer.event_partner);
        assert!(browser.open(&path).await.contains("/revise"));
        let page = browser.open(&partner).await;
        assert!(!page.contains("/tokens/new") && page.contains("/change"), "{page}");
        assert_eq!(browser.get(&format!("{partner}/tokens/new")).await.status, 404);
        assert_eq!(browser.get("/manage/acme/-/partners").await.status, 404);
        // A partner of another event, or of another organization, is not here.
        let other = app.sharing("other").await;
        let foreign = other.offer("Foreign", &["EMAIL"]).await;
        for path in [format!("{EVENT}/partners/{}", foreign.event_partner), format!("{partner}/offers/{}", foreign.public_id)] {
            assert_eq!(browser.get(&path).await.status, 404, "{path}");
        }
    }
}

/// Without what is new in each answer: nonces, and the keys of forms.
fn without_keys(page: &str) -> String {
    let mut kept = String::new();
    for (index, part) in page.split("nonce=\"").enumerate() {
        kept.push_str(if index == 0 {
            part
        } else {
            part.split_once('"').map_or("", |(_, rest)| rest)
        });
    }
    let parts: Vec<&str> = kept.split("name=\"key\" value=\"").collect();
    parts
        .iter()
        .enumerate()
        .map(|(index, part)| {
            if index == 0 {
                *part
            } else {
                part.split_once('"').map_or("", |(_, rest)| rest)
            }
        })
        .collect()
}

/// A token, issued, fetched, used and revoked.
async fn token_by_pages(app: &TestApp, sharing: &Sharing, browser: &mut Browser, partner: &str, offer: &str) {
    let new = format!("{partner}/tokens/new");
    let page = browser.open(&new).await;
    assert!(
        page.contains("A link to fetch the token goes to crm@engines.example"),
        "{page}"
    );
    let wrong = [
        ("name", ""),
        ("purpose", "PRODUCT_INFORMATION"),
        ("field", "EMAIL"),
        ("networks", "somewhere"),
    ];
    refused_at(&browser.press(&new, &new, &wrong).await, &["name", "networks"]);
    refused_at(
        &browser
            .press(&new, &new, &[("name", "CRM"), ("purpose", "PRODUCT_INFORMATION")])
            .await,
        &["field"],
    );
    refused_at(
        &browser.press(&new, &new, &[("name", "CRM"), ("field", "EMAIL")]).await,
        &["purpose"],
    );
    let late = [
        ("name", "CRM"),
        ("purpose", "PRODUCT_INFORMATION"),
        ("field", "EMAIL"),
        ("expires", "2999-01-01"),
    ];
    refused_at(&browser.press(&new, &new, &late).await, &["expires"]);
    let right = [("name", "CRM"), ("purpose", "PRODUCT_INFORMATION"), ("field", "EMAIL")];
    leads_to(&browser.press(&new, &new, &right).await, partner);
    let page = browser.open(&format!("{partner}?done=issued")).await;
    assert!(
        page.contains("mailed to crm@engines.example") && page.contains("Not fetched yet") && page.contains("Anywhere"),
        "{page}"
    );

    let other = sharing.event_partner("Other", "EXHIBITOR").await;
    let page = browser.open(&format!("{EVENT}/partners/{other}")).await;
    assert!(!page.contains("Not fetched yet"), "a token of another partner: {page}");

    let (secret, to) = mailed_secret(app).await;
    assert_eq!(to, "crm@engines.example");
    assert!(!page.contains(&secret), "nobody here sees what opens anything");
    let claim = "mutation($input: ClaimPartnerTokenInput!) { claimPartnerToken(input: $input) { secret userErrors { message } } }";
    let claimed = app
        .anonymous()
        .data(claim, json!({ "input": { "secret": secret } }))
        .await;
    let token = claimed["claimPartnerToken"]["secret"]
        .as_str()
        .expect("a secret")
        .to_owned();

    let ada = app.db_attendee(sharing, "ada@people.example", |_| ()).await;
    let seeded = SeededOffer {
        organization: ada.organization,
        id: consentry::graphql::ids::decode(&async_graphql::ID(offer.rsplit('/').next().unwrap().to_owned()))
            .expect("an id")
            .1,
        public_id: offer.rsplit('/').next().unwrap().to_owned(),
        event_partner: partner.rsplit('/').next().unwrap().to_owned(),
    };
    ada.grant(app, &seeded, 1, &["FULL_NAME", "EMAIL"]).await;
    let pulled = leads_of(&app.partner(&token)).await;
    let nodes = json!([{ "fullName": null, "email": "ada@people.example", "company": null }]);
    assert_eq!(
        pulled["data"]["partner"]["leads"]["nodes"], nodes,
        "what the token reads, and nothing beyond: {pulled}"
    );

    let page = browser.open(partner).await;
    let shown = page
        .split("<code>")
        .nth(1)
        .and_then(|rest| rest.split('…').next())
        .expect("how it begins");
    assert!(
        page.contains("In use") && token.starts_with(shown) && !page.contains(&token),
        "{page}"
    );
    let id = page
        .split("name=\"revoke\" value=\"")
        .nth(1)
        .and_then(|rest| rest.split('"').next())
        .expect("a button")
        .to_owned();
    let forged = browser.post(partner, &[("revoke", &id)]).await;
    assert_eq!(forged.status, 422);
    let revoked = browser.press(partner, partner, &[("revoke", &id)]).await;
    leads_to(&revoked, partner);
    assert!(
        leads_of(&app.partner(&token)).await["data"].is_null()
            || leads_of(&app.partner(&token)).await["data"]["partner"].is_null()
    );
    let page = browser.open(partner).await;
    assert!(page.contains("Revoked") && !page.contains("name=\"revoke\""), "{page}");
}
