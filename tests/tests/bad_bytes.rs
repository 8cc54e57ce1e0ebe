//! Bytes that are no text, wherever a client can put them, over a socket: refused with a word, never a fault, nothing
//! written, nothing repeated. What looks the same and is text is taken, so that a refusal is one of the bytes.

use consentry::platform::keys::LinkKind;
use consentry_domain::{OrganizationId, Role};
use consentry_entity::credential;
use consentry_tests::app::{Heard, REGISTER, Sharing, Wire, request};
use consentry_tests::{Client, TestApp, on_both_databases};
use data_encoding::HEXLOWER;
use sea_orm::EntityTrait;
use serde_json::{Value, json};
use uuid::Uuid;

/// Begins nothing; Latin-1; cut off; overlong, in two bytes and in three; a surrogate; beyond Unicode; continues nothing;
/// UTF-16 with its mark.
const NO_TEXT: [&[u8]; 9] = [
    b"\xff",
    b"M\xfcller",
    b"\xe2\x82",
    b"\xc0\xaf",
    b"\xe0\x80\xaf",
    b"\xed\xa0\x80",
    b"\xf4\x90\x80\x80",
    b"\x80",
    b"\xff\xfeA\0",
];
/// Stands beside the bytes; no answer repeats it.
const MARK: &str = "Plantedbeside";
/// Where the bytes come.
const HERE: &str = "@@";
const JSON: &[u8] = b"content-type: application/json";
const FORM: &[u8] = b"content-type: application/x-www-form-urlencoded";

/// A text with these bytes where it says so.
fn with(text: &str, bytes: &[u8]) -> Vec<u8> {
    let (before, after) = text.split_once(HERE).expect("a place");
    [before.as_bytes(), bytes, after.as_bytes()].concat()
}

/// The same bytes, as addresses and forms write them.
fn escaped(bytes: &[u8]) -> Vec<u8> {
    let all = bytes.iter().map(|byte| format!("%{}", HEXLOWER.encode(&[*byte])));
    all.collect::<String>().into_bytes()
}

/// A refusal repeats nothing of what it refuses, and is text itself.
fn repeats_nothing(heard: &Heard, what: &str) {
    assert!(heard.is_text && !heard.body.contains('\u{fffd}'), "{what}: {heard:?}");
    assert!(
        !heard.body.contains(MARK) && !heard.head.contains(&MARK.to_lowercase()),
        "{what}: {heard:?}"
    );
}

/// Refused as a whole by the API.
fn is_refused(heard: &Heard, status: u16, code: &str, what: &str) {
    repeats_nothing(heard, what);
    let answer: Value = serde_json::from_str(&heard.body).unwrap_or_else(|_| panic!("{what}: {heard:?}"));
    assert_eq!(heard.status, status, "{what}: {answer}");
    let error = &answer["errors"][0];
    assert_eq!(error["extensions"]["code"], code, "{what}: {answer}");
    assert!(
        error["message"].as_str().is_some_and(|text| text.len() > 10),
        "{what}: {answer}"
    );
    assert!(answer.get("data").is_none(), "{what}: {answer}");
}

/// Refused by a page, in words.
fn is_unreadable(heard: &Heard, what: &str) {
    repeats_nothing(heard, what);
    assert_eq!(heard.status, 400, "{what}: {heard:?}");
    assert_eq!(heard.header("content-type"), "text/html; charset=utf-8", "{what}");
    assert!(
        heard.body.contains("That could not be read") && heard.body.contains("Nothing was done."),
        "{what}: {heard:?}"
    );
}

/// The body of a `register` that is right.
fn body(sharing: &Sharing, key: &str) -> Value {
    let input = Client::register_input(&sharing.event, key, &[(sharing.ticket, "ada@example.org")]);
    json!({ "query": REGISTER, "operationName": null, "variables": { "input": input } })
}

async fn start(app: &TestApp) -> (Sharing, Wire) {
    (app.sharing("acme").await, app.site().listen().await)
}

/// What a page's form carries, by its name.
fn carried<'a>(page: &'a str, name: &str) -> &'a str {
    let start = page.find(&format!("name=\"{name}\" value=\"")).expect("a field");
    page[start..].split('"').nth(3).expect("its value")
}

/// The form's cookie and the last step's form of whoever wants one place, with a mark in the name.
async fn last_step(sharing: &Sharing, wire: &Wire, path: &str) -> (Vec<u8>, String) {
    // As a browser that was here before.
    let cookie = b"cookie: __Host-form=Abcdefghijklmnopqrstuv".to_vec();
    let page = wire.get(path.as_bytes(), &[&cookie]).await;
    assert_eq!(page.status, 200, "{page:?}");
    let mut form = form_urlencoded::Serializer::new(String::new());
    form.append_pair("token", carried(&page.body, "token"));
    form.append_pair("key", carried(&page.body, "key"));
    form.append_pair(&format!("n.{}", sharing.event.public(sharing.ticket)), "1");
    for (name, value) in [
        ("person.0.mine", "yes"),
        ("buyer.email", "ada@example.org"),
        ("step", "summary"),
        ("go", "order"),
        ("buyer.name", MARK),
    ] {
        form.append_pair(name, value);
    }
    (cookie, form.finish())
}

on_both_databases! {
    async fn a_body_that_is_no_text_is_no_request(app: TestApp) {
        let (sharing, wire) = start(&app).await;
        let before = app.db_dump(None).await;
        let right = body(&sharing, "1");
        let mut count = 0;
        for place in ["/variables/input/attendees/0/fullName", "/variables/input/idempotencyKey", "/query", "/operationName", "key"] {
            let mut wrong = right.clone();
            let planted = json!(format!("{MARK} {HERE}"));
            match place {
                "key" => wrong["variables"]["input"][format!("{MARK}{HERE}")] = json!("x"),
                "/query" => wrong["query"] = json!(format!("{REGISTER} # {MARK} {HERE}")),
                place => *wrong.pointer_mut(place).expect("a place") = planted,
            }
            let wrong = wrong.to_string();
            for bytes in NO_TEXT {
                let heard = wire.post(b"/graphql", &[JSON], &with(&wrong, bytes)).await;
                is_refused(&heard, 400, "BAD_REQUEST", &format!("{place} {bytes:?}"));
                count += 1;
            }
            // Half a character, escaped.
            let heard = wire.post(b"/graphql", &[JSON], &with(&wrong, b"\\ud800")).await;
            is_refused(&heard, 400, "BAD_REQUEST", place);
        }
        let heard = wire.post(b"/graphql", &[JSON], &[b"\xff\xfe", right.to_string().as_bytes()].concat()).await;
        is_refused(&heard, 400, "BAD_REQUEST", "in front");
        let text = right.to_string();
        let wide: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
        is_refused(&wire.post(b"/graphql", &[JSON], &wide).await, 400, "BAD_REQUEST", "all of it in UTF-16");
        assert_eq!(app.db_dump(None).await, before);

        let mut good = right;
        good["variables"]["input"]["attendees"][0]["fullName"] = json!(format!("{MARK} {HERE}"));
        let heard = wire.post(b"/graphql", &[JSON], &with(&good.to_string(), "Müller€𝄞".as_bytes())).await;
        assert!(heard.status == 200 && heard.body.contains("Müller€𝄞"), "{heard:?}");
        println!("{count} bodies that are no text");
    }

    async fn a_body_that_is_cut_off_is_none(app: TestApp) {
        let (sharing, wire) = start(&app).await;
        let before = app.db_dump(None).await;
        let whole = body(&sharing, "1").to_string();
        // The last one has all of the JSON, and not all that was announced.
        for (kept, announced) in [(whole.len() / 2, whole.len()), (0, whole.len()), (whole.len(), whole.len() + 9)] {
            let head = request(b"POST", b"/graphql", &[JSON], Some(announced));
            let heard = wire.cut_off(&[&head, &whole.as_bytes()[..kept]].concat()).await;
            println!("{kept} of {announced} bytes: {} {}", heard.status, heard.body);
            assert!([0, 400].contains(&heard.status), "{heard:?}");
            repeats_nothing(&heard, "cut off");
        }
        let path = "/events/acme/rustdays/register";
        let (cookie, form) = last_step(&sharing, &wire, path).await;
        for kept in [form.len() - 3, form.len() / 2, 0] {
            let head = request(b"POST", path.as_bytes(), &[FORM, &cookie], Some(form.len()));
            let heard = wire.cut_off(&[&head, &form.as_bytes()[..kept]].concat()).await;
            println!("{kept} of {} bytes: {}", form.len(), heard.status);
            match heard.status {
                0 => {}
                _ => is_unreadable(&heard, "cut off"),
            }
        }
        assert_eq!(app.db_dump(None).await, before);
        let heard = wire.post(path.as_bytes(), &[FORM, &cookie], form.as_bytes()).await;
        assert_eq!(heard.status, 303, "{heard:?}");
    }

    async fn headers_that_are_no_text_are_no_fault(app: TestApp) {
        let (sharing, wire) = start(&app).await;
        let before = app.db_dump(None).await;
        let bearer = sharing.staff.bearer(&app).await.expect("a token");
        let text = json!({ "query": "{ me { email } }" }).to_string();
        for bytes in NO_TEXT.into_iter().filter(|bytes| !bytes.contains(&0)) {
            for value in [b"Bearer ".as_slice(), b"", format!("Bearer {bearer}").as_bytes()] {
                let header = [b"authorization: ", value, bytes].concat();
                let heard = wire.post(b"/graphql", &[JSON, &header], text.as_bytes()).await;
                is_refused(&heard, 401, "UNAUTHENTICATED", "authorization");
                let heard = wire.get(b"/exports/x", &[&header]).await;
                assert!((400..500).contains(&heard.status), "{heard:?}");
            }
            for value in [b"application/json; charset=".as_slice(), b"application/json", b""] {
                let header = [b"content-type: ", value, bytes].concat();
                let heard = wire.post(b"/graphql", &[&header], text.as_bytes()).await;
                is_refused(&heard, 415, "UNSUPPORTED_MEDIA_TYPE", "content-type");
            }
            for name in ["cookie", "origin", "accept", "accept-language", "sec-fetch-site", "user-agent", "x-forwarded-for", "referer"] {
                let header = [name.as_bytes(), b": __Host-form=", bytes].concat();
                let heard = wire.post(b"/graphql", &[JSON, &header], text.as_bytes()).await;
                assert!((200..500).contains(&heard.status), "{name}: {heard:?}");
                repeats_nothing(&heard, name);
                let heard = wire.get(b"/", &[&header]).await;
                assert_eq!(heard.status, 200, "{name}: {heard:?}");
                repeats_nothing(&heard, name);
            }
            let heard = wire.get(b"/", &[&[b"x-", bytes, b": 1"].concat()]).await;
            assert_eq!(heard.status, 400, "a header's name: {heard:?}");
        }
        assert_eq!(app.db_dump(None).await, before);
        let header = format!("authorization: Bearer {bearer}").into_bytes();
        let heard = wire.post(b"/graphql", &[JSON, &header], text.as_bytes()).await;
        assert!(heard.status == 200 && heard.body.contains("staff.example"), "{heard:?}");
    }

    async fn an_address_that_is_no_text_is_nowhere(app: TestApp) {
        let (_, wire) = start(&app).await;
        let before = app.db_dump(None).await;
        let pages = ["/events/@@/rustdays", "/events/acme/@@", "/events/acme/rustdays@@", "/events/@@/x/calendar.ics", "/events/acme/@@/register",
            "/sign-in/@@", "/confirm/@@", "/claim/@@", "/guardian/a@@", "/order/@@", "/join/@@", "/address/@@", "/assets/@@", "/exports/@@", "/@@",
            "/webhooks/stripe/@@"];
        // These are text, and stand in no address of ours.
        let odd: [&[u8]; 3] = [b"\0", b"\x1b[31m", b"\x7f"];
        for page in pages {
            for bytes in NO_TEXT.into_iter().chain(odd) {
                let target = with(page, &escaped(bytes));
                let heard = wire.get(&target, &[]).await;
                let expected = match page {
                    _ if !odd.contains(&bytes) => 400,
                    // These know nothing of their secret before the button is pressed.
                    "/sign-in/@@" | "/claim/@@" | "/address/@@" => 200,
                    "/exports/@@" => 401,
                    "/webhooks/stripe/@@" => 405,
                    _ => 404,
                };
                assert_eq!(heard.status, expected, "{page} {bytes:?}: {heard:?}");
                repeats_nothing(&heard, page);
                let heard = wire.post(&target, &[FORM], b"first=yes").await;
                assert!((400..500).contains(&heard.status), "{page} {bytes:?}: {heard:?}");
                repeats_nothing(&heard, page);
                if !bytes.contains(&0) && expected == 400 {
                    let heard = wire.get(&with(page, bytes), &[]).await;
                    assert_eq!(heard.status, 400, "{page} {bytes:?}, as it is: {heard:?}");
                }
            }
        }
        let heard = wire.get(b"/events/acme/rustdays", &[]).await;
        assert!(heard.status == 200 && heard.body.contains("A conference"), "{heard:?}");
        assert_eq!(app.db_dump(None).await, before);
    }

    async fn what_is_no_text_in_a_query_is_left_out(app: TestApp) {
        let (_, wire) = start(&app).await;
        let before = app.db_dump(None).await;
        for bytes in NO_TEXT {
            let bytes = escaped(bytes);
            for (query, german) in [("/?language=@@", false), ("/?language=@@&language=de", true), ("/?language=de&@@=1", true),
                ("/?after=@@&language=de", true), ("/events/acme/rustdays?language=de&utm=@@", true), ("/events/acme/rustdays/register?language=@@", false),
                ("/thanks?@@", false)] {
                let heard = wire.get(&with(query, &bytes), &[]).await;
                assert_eq!((heard.status, heard.body.contains("<html lang=\"de\">")), (200, german), "{query} {bytes:?}: {heard:?}");
                repeats_nothing(&heard, query);
            }
        }
        assert_eq!(app.db_dump(None).await, before);
    }

    async fn a_form_that_is_no_text_orders_nothing(app: TestApp) {
        let (sharing, wire) = start(&app).await;
        let path = "/events/acme/rustdays/register";
        let (cookie, form) = last_step(&sharing, &wire, path).await;
        let before = app.db_dump(None).await;
        let forms = [format!("{form}{HERE}"), form.replace("go=order", &format!("go=order&x{HERE}=1")), format!("{HERE}&{form}"),
            form.replace("go=order", &format!("go=people&person.0.q.x={HERE}")), format!("buyer.name={HERE}")];
        for bytes in NO_TEXT {
            for form in &forms {
                for bytes in [bytes.to_vec(), escaped(bytes)] {
                    let heard = wire.post(path.as_bytes(), &[FORM, &cookie], &with(form, &bytes)).await;
                    is_unreadable(&heard, form);
                }
            }
        }
        let german = wire.post(path.as_bytes(), &[FORM, &cookie, b"accept-language: de"], &with(&forms[0], b"%ff")).await;
        assert!(german.status == 400 && german.body.contains("Das war nicht zu lesen"), "{german:?}");
        assert_eq!(app.db_dump(None).await, before);

        let heard = wire.post(path.as_bytes(), &[FORM, &cookie], &with(&forms[0], "+M%C3%BCller".as_bytes())).await;
        assert_eq!(heard.status, 303, "{heard:?}");
        let names = app.db_dump(None).await.into_iter().filter(|(table, row)| *table == "registration" && row.contains(&format!("{MARK} Müller")));
        assert_eq!(names.count(), 1);
    }

    async fn a_button_with_a_form_that_is_no_text_does_nothing(app: TestApp) {
        let (sharing, wire) = start(&app).await;
        app.db_staff_named(&sharing.organization, Role::Viewer, "eve@example.org").await;
        let payload = app.anonymous().register(&sharing.event, "1", &[(sharing.ticket, "ada@example.org")]).await;
        let row = app.db_registrations(&sharing.event, &payload["order"]["code"]).await.remove(0);
        let confirm = format!("/confirm/{}", app.registration_secret(&row));
        let sign_in = "mutation { requestSignInLink(input: { email: \"eve@example.org\" }) { userErrors { code } } }";
        app.anonymous().data(sign_in, json!({})).await;
        let links = credential::Entity::find().all(app.store().read()).await.expect("links");
        let signs_in = format!("/sign-in/{}", app.link_secret(LinkKind::SignIn, OrganizationId(Uuid::nil()), links[0].id.0, 1));
        let order = format!("/order/{}", payload["secret"].as_str().expect("a secret"));
        let before = app.db_dump(None).await;
        for page in [confirm.as_str(), &signs_in, &order, "/guardian/x", "/claim/x", "/join/x", "/address/x"] {
            for bytes in NO_TEXT {
                for form in ["first=@@", "first=yes&@@", "@@=yes&first=yes", "ofAge=yes&consent=@@"] {
                    for bytes in [bytes.to_vec(), escaped(bytes)] {
                        let heard = wire.post(page.as_bytes(), &[FORM], &with(form, &bytes)).await;
                        is_unreadable(&heard, page);
                    }
                }
            }
        }
        assert_eq!(app.db_dump(None).await, before);
        for page in [confirm, signs_in] {
            let heard = wire.post(page.as_bytes(), &[FORM], b"first=yes").await;
            assert_eq!(heard.status, 303, "{page}: {heard:?}");
        }
        assert_ne!(app.db_dump(None).await, before);
    }
}
