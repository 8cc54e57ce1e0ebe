//! The pages that links in mails open, as they come over the network: opening changes nothing, whatever the link is
//! good for; a button acts; what opens nothing looks like any other nonsense; no script, no secret in the log.

use consentry::platform::keys::{Link, LinkKind};
use consentry::services::mail::{facts::Transfer, transfer_code};
use consentry::services::statistics;
use consentry_domain::{GuardianRequestStatus, OrganizationId};
use consentry_entity::{credential, guardian_request, registration};
use consentry_tests::app::{Answer, DbEvent, Ordered, REGISTER, Sharing, Shop, Site, decision};
use consentry_tests::{Client, TestApp, on_both_databases, pictures};
use sea_orm::EntityTrait;
use serde_json::{Value, json};

/// What every page of this kind must be, whatever it shows.
fn is_a_page(answer: &Answer, secret: &str) {
    let policy = answer.header("content-security-policy");
    for part in [
        "default-src 'self'",
        "object-src 'none'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
        "form-action 'self'",
    ] {
        assert!(policy.contains(part), "{part}: {policy}");
    }
    for (name, value) in [
        ("referrer-policy", "no-referrer"),
        ("cache-control", "no-store"),
        ("x-content-type-options", "nosniff"),
        ("content-type", "text/html; charset=utf-8"),
    ] {
        assert_eq!(answer.header(name), value, "{name}");
    }
    for word in ["<script", "javascript:", "http://", "src=", "onclick"] {
        assert!(!answer.text.contains(word), "{word}: {}", answer.text);
    }
    assert!(!answer.text.contains(secret), "the page repeats the secret");
    assert!(!answer.log.is_empty() && !answer.log.contains(secret), "{}", answer.log);
}

/// Random, of another kind, of another key, cut off, with something after it: for each page the same answer.
async fn nonsense(site: &Site, app: &TestApp, page: &str) -> (u16, String) {
    let link = Link {
        organization: OrganizationId(uuid::Uuid::from_u128(7)),
        id: uuid::Uuid::from_u128(8),
        generation: 1,
    };
    let keys = &app.platform.keys;
    let own = match page {
        "order" => LinkKind::Order,
        "join" => LinkKind::Join,
        "confirm" => LinkKind::Registration,
        _ => LinkKind::Guardian,
    };
    let secrets = [
        "x".to_owned(),
        "%3Cb%3E".to_owned(),
        keys.link(own, link),
        keys.link(LinkKind::Refresh, link),
        format!("{}A", keys.link(own, link)),
    ];
    let first = site.get(&format!("/{page}/{}", secrets[0])).await.said();
    for secret in &secrets {
        let opened = site.get(&format!("/{page}/{secret}")).await;
        is_a_page(&opened, "no secret of ours");
        assert_eq!(opened.said(), first, "{page}: {secret}");
        let pressed = site.post(&format!("/{page}/{secret}"), &[("first", "yes")]).await;
        assert_eq!(pressed.said(), first, "{page}: {secret}");
    }
    assert_eq!(first.0, 404);
    first
}

/// What the code on a page says; none where there is none.
pub(crate) fn code_in(page: &str) -> Option<String> {
    let picture = page.split("<svg class=\"code\"").nth(1)?;
    let side = picture
        .split("viewBox=\"0 0 ")
        .nth(1)
        .and_then(|rest| rest.split(' ').next())
        .expect("its side");
    let dark = picture
        .split("fill=\"#000\" d=\"")
        .nth(1)
        .and_then(|rest| rest.split('"').next())
        .expect("its dark modules");
    Some(pictures::read_path(side.parse().expect("a number"), dark))
}

/// What the database holds; pages that only open must not change it.
async fn everything(app: &TestApp) -> Vec<String> {
    let mut all = Vec::new();
    for table in [
        "registration",
        "\"order\"",
        "payment",
        "mail",
        "outbox",
        "credential",
        "session",
        "guardian_request",
        "audit_entry",
        "check_in",
        "partner_token",
    ] {
        let text = format!("select count(*) as n from {table}");
        let row = consentry::platform::store::sql::one(app.store().read(), &text, [])
            .await
            .expect("a count");
        all.push(format!("{table} {}", row.try_get::<i64>("", "n").expect("a number")));
    }
    let rows = registration::Entity::find()
        .all(app.store().read())
        .await
        .expect("rows");
    all.extend(rows.iter().map(|row| format!("{row:?}")));
    all
}

/// Somebody with a place in a webinar that has begun, and the path of their page.
async fn webinar(app: &TestApp) -> (DbEvent, registration::Model, String) {
    let seat = app.webinar_seat(|row| row.starts_at = row.created_at).await;
    let path = seat.path();
    (seat.event, seat.row, path)
}

async fn write(app: &TestApp, text: &str) {
    consentry::platform::store::sql::execute(app.store().admin(), text, [])
        .await
        .expect("a statement");
}

/// The place waits for a guardian's permission: the path of the guardian's page.
async fn asked(app: &TestApp, event: &DbEvent, row: &registration::Model) -> (String, Link) {
    write(
        app,
        "update registration set status = 'PENDING', pending_guardian = true, confirmed_at = null",
    )
    .await;
    let now = app.store().now().await.expect("a time");
    let request = guardian_request::Model {
        organization_id: event.organization,
        id: app.store().entropy().ordered_id(now),
        registration_id: row.id,
        guardian_name: Some("Byron".into()),
        guardian_email: Some("byron@example.org".into()),
        generation: 1,
        status: GuardianRequestStatus::Waiting,
        created_at: now.0,
        decided_at: None,
    };
    let link = Link {
        organization: event.organization,
        id: request.id.0,
        generation: 1,
    };
    app.db_insert(request).await;
    (
        format!("/guardian/{}", app.platform.keys.link(LinkKind::Guardian, link)),
        link,
    )
}

fn path(order: &Ordered) -> String {
    format!("/order/{}", order.secret)
}

/// A free place in whose form this was ticked, by somebody who said to be of age.
async fn ticked(app: &TestApp, sharing: &Sharing, email: &str, consent: &Value) -> registration::Model {
    let mut input = Client::register_input(&sharing.event, email, &[(sharing.ticket, email)]);
    input["attendees"][0]["ofAge"] = json!(true);
    input["attendees"][0]["consents"] = json!([consent]);
    let payload = app
        .anonymous()
        .done("register", REGISTER, json!({ "input": input }))
        .await;
    app.db_registrations(&sharing.event, &payload["order"]["code"])
        .await
        .remove(0)
}

on_both_databases! {
    async fn a_confirmed_place_leads_into_the_room_and_opening_the_page_tells_nobody_where_that_is(app: TestApp) {
        let (_, row, path) = webinar(&app).await;
        let site = app.site();
        let secret = path.rsplit('/').next().expect("a secret").to_owned();
        let before = everything(&app).await;
        for _ in 0..2 {
            let page = site.get(&path).await;
            is_a_page(&page, &secret);
            assert_eq!(page.status, 200);
            assert!(page.text.contains("A conference") && page.text.contains("Join</button>"), "{}", page.text);
            assert!(!page.text.contains("room.example/") && !page.text.contains("hidden"), "{}", page.text);
            assert!(!page.header("content-security-policy").contains("room.example"));
        }
        let joined = site.post(&path, &[]).await;
        is_a_page(&joined, &secret);
        assert_eq!((joined.status, joined.header("location")), (303, "https://room.example/r?pwd=hidden"));
        assert!(!joined.log.contains("hidden"), "{}", joined.log);
        assert_eq!(everything(&app).await, before, "when somebody joined is not kept");
        assert!(row.restricted_at.is_none());
        write(&app, "update registration set restricted_at = 1").await;
        assert_eq!(site.post(&path, &[]).await.status, 303, "who restricts the use of their data keeps their place");
    }

    async fn a_place_that_is_not_confirmed_any_more_or_not_yet_opens_what_nonsense_opens(app: TestApp) {
        let (event, row, path) = webinar(&app).await;
        let site = app.site();
        let nothing = nonsense(&site, &app, "join").await;
        for (change, back) in [
            ("update registration set status = 'PENDING', pending_payment = true", "update registration set status = 'CONFIRMED', pending_payment = false"),
            ("update registration set status = 'CANCELLED', cancelled_at = 1", "update registration set status = 'CONFIRMED', cancelled_at = null"),
            ("update registration set status = 'ERASED', erased_at = 1", "update registration set status = 'CONFIRMED', erased_at = null"),
            ("update registration set link_generation = 2", "update registration set link_generation = 1"),
            ("update event set status = 'ARCHIVED'", "update event set status = 'PUBLISHED'"),
            ("update event set kind = 'CONFERENCE'", "update event set kind = 'WEBINAR'"),
            ("update event set join_url = null", "update event set join_url = 'https://room.example/r'"),
        ] {
            write(&app, change).await;
            assert_eq!(site.get(&path).await.said(), nothing, "{change}");
            assert_eq!(site.post(&path, &[]).await.said(), nothing, "{change}");
            write(&app, back).await;
            assert_eq!(site.post(&path, &[]).await.status, 303, "{back}");
        }
        // The secret of another page of the same person, and of the same row at another organization.
        let other = app.db_organization("other").await;
        let keys = &app.platform.keys;
        let link = Link { organization: event.organization, id: row.id.0, generation: 1 };
        for secret in [keys.link(LinkKind::Registration, link), keys.link(LinkKind::Join, Link { organization: other.id, ..link })] {
            assert_eq!(site.post(&format!("/join/{secret}"), &[]).await.said(), nothing);
        }
    }

    async fn an_order_shows_what_was_bought_and_for_whom_and_leads_to_the_page_where_it_is_paid(app: TestApp) {
        let shop = Shop::open(app, 10).await;
        let order = shop.order("1", 2).await;
        let site = shop.app.site();
        let before = everything(&shop.app).await;
        let page = site.get(&path(&order)).await;
        is_a_page(&page, &order.secret);
        assert_eq!(page.status, 200);
        for word in [order.code.as_str(), "A conference", "2 × Regular", "€98.00", "Attendee 0", "Attendee 1", "Waiting for your payment",
            "Pay by card</button>", "Pay by bank transfer</button>"] {
            assert!(page.text.contains(word), "{word}: {}", page.text);
        }
        assert!(!page.text.contains("DE89"), "how to transfer is told to who chooses it");
        assert_eq!(everything(&shop.app).await, before, "opening begins no payment");
        let pressed = [site.post(&path(&order), &[("first", "yes")]).await, site.post(&path(&order), &[("first", "yes")]).await];
        let session = shop.stripe.sessions().remove(0);
        for pressed in &pressed {
            is_a_page(pressed, &order.secret);
            assert_eq!((pressed.status, pressed.header("location")), (303, session.url().expect("a page")));
        }
        assert_eq!(shop.stripe.sessions().len(), 1, "pressed twice is one payment");
        assert!(!format!("{session:?}").contains(&order.secret) && session.success_url.ends_with("/thanks"), "{session:?}");
        let back = site.get("/thanks").await;
        is_a_page(&back, "nothing");
        assert!(back.status == 200 && !back.text.contains("go=order"), "another browser knows of no order: {}", back.text);
        let mut browser = shop.app.browser();
        browser.press(&path(&order), &path(&order), &[("first", "yes")]).await;
        let back = browser.get("/thanks").await;
        is_a_page(&back, &order.secret);
        assert!(back.text.contains("<a href=\"?go=order\">Your order"), "{}", back.text);
        browser.get("/thanks?go=order").await.leads_to(&path(&order));
        for forged in ["/evil.example", "a/../../me", "", &"a".repeat(101)] {
            browser.cookies.insert("__Host-order".to_owned(), forged.to_owned());
            let back = browser.get("/thanks?go=order").await;
            assert!(back.status == 200 && !back.text.contains("go=order"), "{forged}: {}", back.text);
        }
        shop.stripe.pay_later(&session.id).expect("it can be paid");
        shop.deliver().await;
        let waiting = site.get(&path(&order)).await.text;
        assert!(waiting.contains("being processed") && !waiting.contains("<button"), "{waiting}");
        shop.stripe.settle(&session.id).expect("it arrives");
        shop.deliver().await;
        let paid = site.get(&path(&order)).await.text;
        assert!(paid.contains("Paid") && paid.contains("Regular, confirmed") && !paid.contains("<button"), "{paid}");
        let pressed = site.post(&path(&order), &[("first", "yes")]).await;
        assert_eq!((pressed.status, shop.stripe.sessions().len()), (200, 1), "nothing more is to be paid");
        statistics::count_due(&shop.app.platform).await.expect("counted");
        let overview = shop.app.browser_of(&shop.owner).await.open("/manage/acme/rustdays").await;
        assert!(overview.contains("id=\"money\"") && overview.contains("€98.00"), "{overview}");
    }

    async fn who_chooses_a_transfer_sees_how_until_it_is_over(app: TestApp) {
        let shop = Shop::open(app, 10).await;
        let order = shop.order("1", 1).await;
        let site = shop.app.site();
        let chosen = site.done(&path(&order), &[("second", "yes")], "chosen").await;
        let again = site.get(&path(&order)).await;
        for page in [&chosen, &again] {
            is_a_page(page, &order.secret);
            for word in ["DE89 3704 0044 0532 0130 00", "COBADEFFXXX", "Acme e.V.", "€49.00", "To arrive by", "in another way", "Pay by card</button>"] {
                assert!(page.text.contains(word), "{word}: {}", page.text);
            }
            assert!(!page.text.contains("Pay by bank transfer"), "it is chosen, and how stands there");
            // The code says the same as the facts beside it, and the same as the one in the mail.
            let said = Transfer {
                holder: "Acme e.V.".into(), iban: "DE89370400440532013000".into(), bic: Some("COBADEFFXXX".into()),
                reference: order.code.as_str().into(), amount_minor: 4900, currency: "EUR".into(),
            };
            assert_eq!(code_in(&page.text), transfer_code::payload(&said));
            assert!(page.text.contains("role=\"img\" aria-label=\"Code with the details of the transfer"), "{}", page.text);
        }
        for table in ["\"order\"", "payment"] {
            shop.db_write(&format!("update {table} set currency = 'CHF'"), []).await;
        }
        let francs = site.get(&path(&order)).await.text;
        assert!(francs.contains("CHF\u{a0}49.00") && code_in(&francs).is_none(), "{francs}");
        for table in ["\"order\"", "payment"] {
            shop.db_write(&format!("update {table} set currency = 'EUR'"), []).await;
        }
        assert_eq!(shop.standing(&order).await.2, ["CREATED"]);
        shop.advance_here(11 * 24 * 60);
        let late = site.get(&path(&order)).await.text;
        assert!(!late.contains("DE89") && code_in(&late).is_none() && !late.contains("<button"), "{late}");
        consentry::services::payments::expire_due(&shop.app.platform).await.expect("a step");
        let expired = site.get(&path(&order)).await.text;
        assert!(expired.contains("Expired") && expired.contains("cancelled"), "{expired}");
    }

    async fn a_provider_that_does_not_answer_leaves_the_order_as_it_is(app: TestApp) {
        let shop = Shop::open(app, 10).await;
        let order = shop.order("1", 1).await;
        let site = shop.app.site();
        shop.stripe.switches().every(1, consentry_tests::stripe::Operation::CreateCheckout, consentry_tests::stripe::Fault::RateLimited);
        let pressed = site.post(&path(&order), &[("first", "yes")]).await;
        is_a_page(&pressed, &order.secret);
        assert_eq!(pressed.status, 422);
        assert!(pressed.text.contains("does not answer") && pressed.text.contains("Pay by card</button>"), "{}", pressed.text);
    }

    async fn an_order_of_others_or_with_a_void_link_is_not_there(app: TestApp) {
        let shop = Shop::open(app, 10).await;
        let order = shop.order("1", 1).await;
        let site = shop.app.site();
        let nothing = nonsense(&site, &shop.app, "order").await;
        let id = consentry::graphql::ids::decode::<consentry_domain::OrderId>(&async_graphql::ID(order.id.clone())).expect("an id").1;
        let link = Link { organization: shop.organization.id, id: id.0, generation: 1 };
        let keys = &shop.app.platform.keys;
        assert_eq!(keys.link(LinkKind::Order, link), order.secret);
        for secret in [keys.link(LinkKind::Order, Link { generation: 2, ..link }), keys.link(LinkKind::Registration, link)] {
            assert_eq!(site.get(&format!("/order/{secret}")).await.said(), nothing);
            assert_eq!(site.post(&format!("/order/{secret}"), &[("first", "yes")]).await.said(), nothing);
        }
        shop.db_write("update \"order\" set secret_generation = 2", []).await;
        assert_eq!(site.get(&path(&order)).await.said(), nothing);
        assert!(shop.stripe.sessions().is_empty());
    }

    async fn what_people_typed_is_text_on_every_page(app: TestApp) {
        let shop = Shop::open(app, 10).await;
        let order = shop.order("1", 1).await;
        let hostile = "<script>alert(1)</script>\"'&{{7*7}}";
        shop.db_write("update registration set ordered_name = $1", [hostile.into()]).await;
        shop.db_write("update event set title = $1", [json!({ "en": hostile }).to_string().into()]).await;
        let page = shop.app.site().get(&path(&order)).await;
        is_a_page(&page, &order.secret);
        assert!(page.text.contains("alert(1)") && !page.text.contains("49}") , "{}", page.text);
    }

    async fn a_mailbox_is_proved_by_the_button_and_not_by_a_scanner(app: TestApp) {
        let (event, row, _) = webinar(&app).await;
        let site = app.site();
        let nothing = nonsense(&site, &app, "confirm").await;
        let link = Link { organization: event.organization, id: row.id.0, generation: 1 };
        let secret = app.platform.keys.link(LinkKind::Registration, link);
        let path = format!("/confirm/{secret}");
        let before = everything(&app).await;
        for _ in 0..3 {
            let page = site.get(&path).await;
            is_a_page(&page, &secret);
            assert!(page.status == 200 && page.text.contains("Attendee 0"), "{}", page.text);
        }
        assert_eq!(everything(&app).await, before, "a scanner proves nothing");
        let early = site.get(&format!("{path}?done=all")).await;
        assert_eq!(early.said(), site.get(&path).await.said(), "an address does not say what was not done");
        let confirmed = site.done(&path, &[("first", "yes")], "all").await;
        is_a_page(&confirmed, &secret);
        assert!(confirmed.text.contains("Thank you") && confirmed.text.contains("confirmed"), "{}", confirmed.text);
        let rows = registration::Entity::find().all(app.store().read()).await.expect("rows");
        assert!(rows[0].email_proved_at.is_some());
        // Whoever comes again is told that nothing is left to do, and neither page is a dead end.
        let again = site.get(&path).await;
        is_a_page(&again, &secret);
        assert!(again.status == 200 && again.text.contains("confirmed already") && !again.text.contains("<button"), "{}", again.text);
        let me = app.signed_in_for(event.organization, row.id).await;
        let own = app.browser_of(&me).await.open(&path).await;
        let (_, stranger) = app.db_account("eve@example.org").await;
        let foreign = app.browser_of(&stranger).await.open(&path).await;
        for page in [&confirmed.text, &again.text, &foreign] {
            assert!(page.contains("href=\"/events/acme/online\"") && !page.contains("/me/registrations/"), "{page}");
        }
        assert!(own.contains("href=\"/me/registrations/") && !own.contains("href=\"/events/"), "{own}");
        write(&app, "update registration set status = 'CANCELLED', cancelled_at = 1").await;
        assert_eq!(site.get(&path).await.said(), nothing);
    }

    async fn who_proves_a_mailbox_is_told_all_that_a_consent_needs_and_nothing_comes_ticked(app: TestApp) {
        let sharing = app.sharing("acme").await;
        let offer = sharing.offer("Ferris", &["FULL_NAME", "EMAIL", "COMPANY"]).await;
        let row = ticked(&app, &sharing, "ada@example.org", &decision(&offer, 1, &["EMAIL", "COMPANY"])).await;
        let secret = app.registration_secret(&row);
        let (site, path) = (app.site(), format!("/confirm/{secret}"));
        let page = site.get(&path).await;
        is_a_page(&page, &secret);
        let words = ["Ferris", "E-mail address, Company", "To follow up on this event", "Kept for", "Privacy notice", "mailto:", "take each of these back",
            "Your place does not depend on it", "16 or older"];
        for word in words {
            assert!(page.text.contains(word), "{word}: {}", page.text);
        }
        assert!(!page.text.contains(" checked") && !page.text.contains("Name, E-mail address"), "{}", page.text);
        // The button alone proves the mailbox and gives nothing.
        site.post(&path, &[("first", "yes"), ("ofAge", "yes")]).await;
        assert_eq!(app.db_stream_leads(&offer).await, []);
    }

    async fn who_affirms_a_box_gives_the_fields_that_it_names(app: TestApp) {
        let sharing = app.sharing("acme").await;
        let offer = sharing.offer("Ferris", &["FULL_NAME", "EMAIL"]).await;
        let row = ticked(&app, &sharing, "ada@example.org", &decision(&offer, 1, &["EMAIL"])).await;
        let path = format!("/confirm/{}", app.registration_secret(&row));
        let ageless = app.site().post(&path, &[("first", "yes"), (&offer.public_id, "yes")]).await;
        assert!(ageless.status == 422 && ageless.text.contains("Say that you are old enough") && ageless.text.contains(" checked"), "{}", ageless.text);
        ageless.looks_again_at("ofAge");
        assert!(!ageless.text.contains("guardian.email-error"), "what is missing is not the guardian: {}", ageless.text);
        assert_eq!(app.db_stream_leads(&offer).await, [], "an age that somebody else may have stated");
        let done = app.site().done(&path, &[("first", "yes"), ("ofAge", "yes"), (&offer.public_id, "yes")], "all").await;
        assert!(!done.text.contains("Not everything"), "{}", done.text);
        let lead = app.db_stream_leads(&offer).await.remove(0);
        assert_eq!((lead.state, lead.email.as_deref(), lead.full_name), (1, Some("ada@example.org"), None));
    }

    async fn who_is_too_young_names_a_guardian_there_and_nothing_is_shared_before_that_one_agrees(app: TestApp) {
        let sharing = app.sharing("acme").await;
        let offer = sharing.offer("Ferris", &["FULL_NAME", "EMAIL"]).await;
        let row = ticked(&app, &sharing, "kid@example.org", &decision(&offer, 1, &["EMAIL"])).await;
        let (site, path) = (app.site(), format!("/confirm/{}", app.registration_secret(&row)));
        for typed in [[("guardian.name", "Parent <b>"), ("guardian.email", "nowhere")], [("guardian.name", "Parent <b>"), ("guardian.email", "")]] {
            let mut form = vec![("first", "yes"), (offer.public_id.as_str(), "yes")];
            form.extend(typed);
            let wrong = site.post(&path, &form).await;
            assert_eq!(wrong.status, 422, "{}", wrong.text);
            wrong.looks_again_at("guardian.email");
            for kept in [" checked", "value=\"Parent &#60;b&#62;\"", &format!("value=\"{}\"", typed[1].1)] {
                assert!(wrong.text.contains(kept), "{kept}: {}", wrong.text);
            }
        }
        assert!(app.db_registrations(&sharing.event, &json!(row.order_code)).await[0].email_proved_at.is_none(), "nothing half-done");
        let form = [("first", "yes"), (&offer.public_id, "yes"), ("guardian.name", "Parent"), ("guardian.email", "parent@example.org")];
        let asked = site.done(&path, &form, "asked").await;
        assert!(asked.text.contains("asked your parent or guardian"), "{}", asked.text);
        assert!(!asked.text.contains("Not everything"), "{}", asked.text);
        assert_eq!(app.db_stream_leads(&offer).await, []);
        let requests = guardian_request::Entity::find().all(app.store().read()).await.expect("an answer");
        let addresses: Vec<_> = requests.iter().map(|row| row.guardian_email.as_deref()).collect();
        assert_eq!(addresses, [Some("parent@example.org")]);
    }

    async fn who_has_given_a_date_of_birth_is_not_asked_for_an_age_again(app: TestApp) {
        let sharing = app.sharing("acme").await;
        let offer = sharing.offer("Ferris", &["EMAIL"]).await;
        let site = app.site();
        let mut links = Vec::new();
        for (address, born) in [("ada@example.org", "1990-01-31"), ("kid@example.org", "2020-01-31")] {
            let row = ticked(&app, &sharing, address, &decision(&offer, 1, &["EMAIL"])).await;
            app.db_execute(&format!("update registration set date_of_birth = '{born}' where email = '{address}'")).await;
            links.push(format!("/confirm/{}", app.registration_secret(&row)));
        }
        let given = [("first", "yes"), (offer.public_id.as_str(), "yes")];
        let grown = site.get(&links[0]).await.text;
        assert!(!grown.contains("name=\"ofAge\"") && !grown.contains("guardian.email"), "{grown}");
        site.done(&links[0], &given, "all").await;
        assert_eq!(app.db_stream_leads(&offer).await.len(), 1);
        let young = site.get(&links[1]).await.text;
        assert!(!young.contains("name=\"ofAge\"") && young.contains("At your age a parent or guardian decides"), "{young}");
        let alone = site.post(&links[1], &[&given[..], &[("ofAge", "yes")]].concat()).await;
        assert_eq!(alone.status, 422, "{}", alone.text);
        alone.looks_again_at("guardian.email");
        let named = [&given[..], &[("guardian.name", "Parent"), ("guardian.email", "parent@example.org")]].concat();
        site.done(&links[1], &named, "asked").await;
        assert_eq!(app.db_stream_leads(&offer).await.len(), 1, "nothing before the guardian agrees");
    }

    async fn what_a_link_of_an_organization_opens_looks_like_its_other_pages(app: TestApp) {
        let (_, _, join) = webinar(&app).await;
        let sharing = app.sharing("other").await;
        let offer = sharing.offer("Ferris", &["EMAIL"]).await;
        let row = ticked(&app, &sharing, "ada@example.org", &decision(&offer, 1, &["EMAIL"])).await;
        let kid = app.db_attendee(&sharing, "kid@example.org", |_| ()).await;
        let guardian = json!({ "fullName": "Parent", "email": "parent@example.org" });
        kid.decide_as(&json!({ "revision": 1, "ofAge": false, "guardian": guardian, "consents": [decision(&offer, 1, &["EMAIL"])] })).await;
        app.db_execute("update organization set accent_color = '#7a1f5f', footer = '{\"en\":\"Since <i>2015</i>\"}'").await;
        let confirm = format!("/confirm/{}", app.registration_secret(&row));
        let guardian = format!("/guardian/{}", app.guardian_secret(&kid).await);
        let order = Link { organization: row.organization_id, id: row.order_id.0, generation: 1 };
        let order = format!("/order/{}", app.platform.keys.link(LinkKind::Order, order));
        let site = app.site();
        let looks = async |path: &str| {
            let page = site.get(path).await.text;
            for part in ["/styles/7a1f5f.css", "<p>Since &#60;i&#62;2015&#60;/i&#62;</p>"] {
                assert!(page.contains(part), "{path} without {part}: {page}");
            }
        };
        for path in [&confirm, &format!("{guardian}?done=decided"), &guardian, &order, &join] {
            looks(path).await;
        }
        site.post(&confirm, &[("second", "yes")]).await;
        looks(&confirm).await;
    }

    async fn a_guardian_gives_what_a_box_names_and_takes_it_back_with_the_same_link(app: TestApp) {
        let sharing = app.sharing("acme").await;
        let offer = sharing.offer("Ferris", &["FULL_NAME", "EMAIL"]).await;
        sharing.offer("Nobody", &["EMAIL"]).await;
        let kid = app.db_attendee(&sharing, "kid@example.org", |_| ()).await;
        let guardian = json!({ "fullName": "Parent", "email": "parent@example.org" });
        kid.decide_as(&json!({ "revision": 1, "ofAge": false, "guardian": guardian, "consents": [decision(&offer, 1, &["EMAIL"])] })).await;
        let secret = app.guardian_secret(&kid).await;
        let (site, path) = (app.site(), format!("/guardian/{secret}"));
        let page = site.get(&path).await;
        is_a_page(&page, &secret);
        for word in ["kid Lovelace registered for", "Share with Ferris", ": E-mail", "To follow up on this event", "Kept for", "Privacy notice", "take it back here"] {
            assert!(page.text.contains(word), "{word}: {}", page.text);
        }
        for word in [" checked", "Nobody", "No longer share"] {
            assert!(!page.text.contains(word), "{word}: {}", page.text);
        }
        let thanked = site.done(&path, &[("first", "yes"), (&offer.public_id, "yes")], "decided").await;
        is_a_page(&thanked, &secret);
        let lead = app.db_stream_leads(&offer).await.remove(0);
        assert_eq!((lead.state, lead.email.as_deref(), lead.full_name), (1, Some("kid@example.org"), None));
        let given = site.get(&path).await;
        assert!(given.text.contains("No longer share with Ferris") && !given.text.contains(">Share with"), "{}", given.text);
        // Sent without a tick nothing changes.
        site.post(&path, &[("first", "yes")]).await;
        assert_eq!(app.db_stream_leads(&offer).await.remove(0).state, 1);
        site.post(&path, &[("first", "yes"), (&format!("back.{}", offer.public_id), "yes")]).await;
        assert_eq!(app.db_stream_leads(&offer).await, [], "nobody has received it, so nothing stays");
        let over = site.get(&path).await;
        assert!(over.text.contains("nothing for you to decide") && !over.text.contains("<button"), "{}", over.text);
    }

    async fn an_installation_in_earnest_has_no_list_of_components(app: TestApp) {
        assert_eq!(app.site().get("/-/components").await.status, 404);
    }

    async fn an_order_of_nothing_says_that_nothing_is_to_be_paid(app: TestApp) {
        let organization = app.db_organization("acme").await;
        let event = app.db_event(&organization, "rustdays", |_| {}).await;
        let ticket = app.db_ticket_type(&event, "Visitor", |_| {}).await;
        let payload = app.anonymous().register(&event, "1", &[(ticket, "ada@example.org")]).await;
        let secret = payload["secret"].as_str().expect("a secret");
        let page = app.site().get(&format!("/order/{secret}")).await;
        is_a_page(&page, secret);
        assert!(page.text.contains("nothing is to be paid") && page.text.contains("<dd>Free</dd>"), "{}", page.text);
        assert!(!page.text.contains("Paid.") && !page.text.contains("0.00"), "{}", page.text);
        let owner = app.db_staff(&organization, consentry_domain::Role::Owner).await;
        statistics::count_due(&app.platform).await.expect("counted");
        let overview = app.browser_of(&owner).await.open("/manage/acme/rustdays").await;
        assert!(overview.contains("confirmed places") && !overview.contains("id=\"money\"") && !overview.contains("0.00"), "{overview}");
    }

    async fn an_address_that_is_none_of_ours_is_told_on_a_page(app: TestApp) {
        app.db_organization("acme").await;
        let site = app.site();
        let known = site.get("/events/acme/nothing").await;
        for path in ["/nowhere", "/mexico", "/manage/a/b/c/d/e/f/g", "/events", "/me/nothing/at/all"] {
            let page = site.get(path).await;
            assert_eq!(page.said(), known.said(), "{path}: like anything that is not there");
            assert!(page.status == 404 && page.text.contains("<h1>There is nothing here</h1>"), "{path}: {}", page.text);
            for name in ["content-type", "x-content-type-options", "referrer-policy", "cache-control"] {
                assert_eq!(page.header(name), known.header(name), "{path}: {name}");
            }
            let policy = page.header("content-security-policy");
            assert!(policy.contains("default-src 'self'") && policy.contains("style-src 'nonce-"), "{policy}");
            assert!(page.header("set-cookie").is_empty() && page.log.contains("unmatched"), "{path}: {}", page.log);
            let sent = site.post(path, &[("a", "b")]).await;
            assert!((404..=405).contains(&sent.status) && !sent.text.contains("<h1>"), "{path}: {}", sent.text);
        }
        assert!(site.get("/nowhere?language=de").await.text.contains("<h1>Hier ist nichts</h1>"));
        for path in ["/graphql/more", "/assets/a/b/c", "/exports/a/b", "/webhooks/nobody", "/styles/a/b"] {
            let answer = site.get(path).await;
            assert!(answer.status == 404 && !answer.text.contains("<h1>"), "{path}: {}", answer.text);
        }
        assert_eq!(site.get("/").await.status, 200);
    }

    async fn a_sign_in_link_works_once_and_only_by_its_button(app: TestApp) {
        let organization = app.db_organization("acme").await;
        app.db_staff_named(&organization, consentry_domain::Role::Owner, "owner@acme.example").await;
        let request = "mutation($email: String!) { requestSignInLink(input: { email: $email }) { userErrors { code } } }";
        app.anonymous().data(request, json!({ "email": "owner@acme.example" })).await;
        let row = credential::Entity::find().all(app.store().read()).await.expect("rows").remove(0);
        let link = Link { organization: OrganizationId(uuid::Uuid::nil()), id: row.id.0, generation: row.generation };
        let secret = app.platform.keys.link(LinkKind::SignIn, link);
        let (site, path) = (app.site(), format!("/sign-in/{secret}"));
        let nothing = site.post("/sign-in/x", &[("first", "yes")]).await.said();
        for _ in 0..3 {
            let page = site.get(&path).await;
            is_a_page(&page, &secret);
            assert_eq!(page.said(), site.get("/sign-in/x").await.said(), "opening tells nothing of a link");
        }
        let signed_in = site.post(&path, &[("second", "yes")]).await;
        is_a_page(&signed_in, &secret);
        assert!(signed_in.status == 200 && signed_in.text.contains("Access token"), "{}", signed_in.text);
        assert_eq!(site.post(&path, &[("first", "yes")]).await.said(), nothing, "it works once");
        assert_eq!(nothing.0, 404);
        assert!(nothing.1.contains("<a href=\"/sign-in\">Ask for a new link</a>"), "a new one is asked for there: {}", nothing.1);
    }

    async fn a_partners_token_is_shown_once_and_only_by_the_button(app: TestApp) {
        let (_, _, stream) = app.db_shared_event("acme").await;
        let seed = consentry_tests::app::TokenSeed { claimed_at: None, ..consentry_tests::app::TokenSeed::of(&stream) };
        app.db_token(&stream, seed).await;
        let row = consentry_entity::partner_token::Entity::find().all(app.store().admin()).await.expect("rows").remove(0);
        let link = Link { organization: row.organization_id, id: row.id.0, generation: row.claim_generation };
        let secret = app.platform.keys.link(LinkKind::TokenClaim, link);
        let (site, path) = (app.site(), format!("/claim/{secret}"));
        let nothing = site.post("/claim/x", &[("first", "yes")]).await.said();
        for _ in 0..2 {
            let page = site.get(&path).await;
            is_a_page(&page, &secret);
            assert_eq!(page.said(), site.get("/claim/x").await.said(), "opening tells nothing of a link");
        }
        let shown = site.post(&path, &[("first", "yes")]).await;
        is_a_page(&shown, &secret);
        let token = shown.text.split("<code>").nth(1).and_then(|rest| rest.split("</code>").next()).expect("a token").to_owned();
        assert!(!shown.log.contains(&token), "the token is in no log line");
        assert_eq!(site.post(&path, &[("first", "yes")]).await.said(), nothing, "once");
        let leads = app.partner(&token).send("{ partner { partner { displayName } } }", json!({})).await;
        assert!(leads["data"]["partner"]["partner"]["displayName"].is_string(), "{leads:#}");
    }

    async fn a_guardian_permits_by_the_button(app: TestApp) {
        let (event, row, join) = webinar(&app).await;
        let site = app.site();
        let nothing = nonsense(&site, &app, "guardian").await;
        let (path, link) = asked(&app, &event, &row).await;
        let secret = path.rsplit('/').next().expect("a secret").to_owned();
        let before = everything(&app).await;
        for _ in 0..2 {
            let page = site.get(&path).await;
            is_a_page(&page, &secret);
            for words in ["I permit it", "I do not permit it"] {
                let end = page.text.find(&format!("{words}</button>")).expect("the button");
                let start = page.text[..end].rfind("<button").expect("its beginning");
                assert!(!page.text[start..end].contains("class="), "both weigh the same: {}", page.text);
            }
        }
        assert_eq!(everything(&app).await, before);
        assert_eq!(site.post(&join, &[]).await.status, 404, "the place still waits");
        let permitted = site.done(&path, &[("first", "yes")], "decided").await;
        is_a_page(&permitted, &secret);
        assert_eq!(site.post(&join, &[]).await.status, 303, "the place is confirmed");
        let void = app.platform.keys.link(LinkKind::Guardian, Link { generation: 2, ..link });
        assert_eq!(site.get(&format!("/guardian/{void}")).await.said(), nothing);
    }

    async fn a_guardian_refuses_by_the_other_button(app: TestApp) {
        let (event, row, join) = webinar(&app).await;
        let site = app.site();
        let (path, _) = asked(&app, &event, &row).await;
        let refused = site.done(&path, &[("second", "yes")], "decided").await;
        is_a_page(&refused, path.rsplit('/').next().expect("a secret"));
        site.post(&path, &[("first", "yes")]).await;
        assert_eq!(site.post(&join, &[]).await.status, 404, "the place is gone");
    }

    async fn pages_take_short_forms_and_few_methods(app: TestApp) {
        let (_, _, path) = webinar(&app).await;
        let site = app.site();
        let long = "x".repeat(70_000);
        assert_eq!(site.post(&path, &[("first", &long)]).await.status, 413);
        assert_eq!(site.get("/join").await.status, 404);
        assert_eq!(site.get("/join/").await.status, 404);
    }
}
