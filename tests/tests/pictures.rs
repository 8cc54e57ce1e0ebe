//! Pictures: what is left of a file, who may show one where, and that it goes with the last that shows it.

use std::io::Cursor;

use consentry::platform::store::Engine;
use consentry::services::pictures::{FIND, FORGET, RELEASE, forget_due};
use consentry_domain::Role;
use consentry_entity::picture;
use consentry_tests::app::{DbEvent, SeededOrganization};
use consentry_tests::{Client, TestApp, on_both_databases};
use data_encoding::BASE64;
use image::{DynamicImage, ImageFormat, Rgb, RgbImage, Rgba, RgbaImage};
use sea_orm::{EntityTrait, PaginatorTrait};
use serde_json::{Value, json};

const ADD: &str = "mutation($input: AddPictureInput!) { addPicture(input: $input) {
    picture { pictureId width height } userErrors { field code message } } }";
const UPDATE: &str =
    "mutation($input: UpdateOrganizationInput!) { updateOrganization(input: $input) { organization { revision logoId
    organization { accentColor logo { url width height alt } } } userErrors { field code message } } }";
const CREATE: &str = "mutation($input: CreateSpeakerInput!) { createSpeaker(input: $input) {
    event { speakers { revision pictureId speaker { id picture { url width height alt } } } } userErrors { field code message } } }";
const CHANGE: &str = "mutation($input: UpdateSpeakerInput!) { updateSpeaker(input: $input) {
    event { speakers { revision pictureId speaker { id picture { url } } } } userErrors { field code message } } }";
const REMOVE: &str =
    "mutation($id: ID!) { removeSpeaker(input: { speakerId: $id }) { userErrors { field code message } } }";
const SETTINGS: &str = "/manage/acme/-/settings";

fn encoded(picture: &DynamicImage, format: ImageFormat) -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    picture.write_to(&mut bytes, format).expect("a file");
    bytes.into_inner()
}

/// A plain picture, a different one for each shade.
fn plain(width: u32, height: u32, shade: u8) -> DynamicImage {
    RgbImage::from_fn(width, height, |x, _| Rgb([shade, (x % 251) as u8, 90])).into()
}

/// A chunk of a PNG.
fn chunk(kind: &[u8; 4], data: &[u8]) -> Vec<u8> {
    let mut sum = u32::MAX;
    for byte in kind.iter().chain(data) {
        sum ^= u32::from(*byte);
        for _ in 0..8 {
            sum = (sum >> 1) ^ (0xedb8_8320 & (sum & 1).wrapping_neg());
        }
    }
    let length = u32::try_from(data.len()).expect("a short one").to_be_bytes();
    [&length[..], kind, data, &(!sum).to_be_bytes()].concat()
}

/// A PNG that says how large it is, and holds next to nothing.
fn bomb(width: u32, height: u32, depth: u8, colours: u8) -> Vec<u8> {
    let head = [
        &width.to_be_bytes()[..],
        &height.to_be_bytes(),
        &[depth, colours, 0, 0, 0],
    ]
    .concat();
    let packed = [0x78, 0x9c, 0x63, 0x00, 0x00, 0x00, 0x01, 0x00, 0x01];
    [
        b"\x89PNG\r\n\x1a\n".to_vec(),
        chunk(b"IHDR", &head),
        chunk(b"IDAT", &packed),
        chunk(b"IEND", b""),
    ]
    .concat()
}

/// A photograph as a telephone makes it: lying on its side, with the place where it was taken and a preview.
fn photograph(picture: &DynamicImage) -> Vec<u8> {
    let entry = |tag: u16, kind: u16, count: u32, value: u32| {
        [
            &tag.to_le_bytes()[..],
            &kind.to_le_bytes(),
            &count.to_le_bytes(),
            &value.to_le_bytes(),
        ]
        .concat()
    };
    let mut tiff = b"II*\0\x08\0\0\0".to_vec();
    // Orientation 6: a quarter turn. GPS: at offset 38.
    tiff.extend(
        [
            &2u16.to_le_bytes()[..],
            &entry(0x0112, 3, 1, 6),
            &entry(0x8825, 4, 1, 38),
            &[0; 4],
        ]
        .concat(),
    );
    tiff.extend([&1u16.to_le_bytes()[..], &entry(0x001d, 2, 11, 56), &[0; 4]].concat());
    tiff.extend(b"2026:11:30\0HERE52.5200N13.4050E\xff\xd8\xff\xd9");
    let exif = [&b"Exif\0\0"[..], &tiff[..]].concat();
    let length = u16::try_from(exif.len() + 2).expect("a short one").to_be_bytes();
    let file = encoded(picture, ImageFormat::Jpeg);
    [&file[..2], b"\xff\xe1", &length, &exif, &file[2..]].concat()
}

/// Sends a file; the payload.
async fn add(staff: &Client, key: &str, owner: &str, file: &[u8]) -> Value {
    let input = json!({ "idempotencyKey": key, "ownerId": owner, "content": BASE64.encode(file) });
    staff.data(ADD, json!({ "input": input })).await["addPicture"].clone()
}

/// Sends a file that is good; its id.
async fn added(staff: &Client, key: &str, owner: &str, file: &[u8]) -> Value {
    let payload = add(staff, key, owner, file).await;
    assert_eq!(payload["userErrors"], json!([]), "{payload:#}");
    payload["picture"]["pictureId"].clone()
}

async fn rows(app: &TestApp) -> u64 {
    picture::Entity::find()
        .count(app.store().read())
        .await
        .expect("a number")
}

/// The path of an address of this installation.
fn path(app: &TestApp, url: &Value) -> String {
    let url = url.as_str().expect("an address");
    url.strip_prefix(&app.platform.url("")).expect("one of ours").to_owned()
}

async fn wear(owner: &Client, organization: &SeededOrganization, revision: i64, mut change: Value) -> Value {
    change["organizationId"] = json!(organization.public_id);
    change["revision"] = json!(revision);
    owner.data(UPDATE, json!({ "input": change })).await["updateOrganization"].clone()
}

async fn present(staff: &Client, event: &DbEvent, key: &str, picture: &Value) -> Value {
    let terms = json!({ "name": format!("Ada {key}"), "pictureId": picture });
    let input = json!({ "idempotencyKey": key, "eventId": event.public_id(), "terms": terms });
    staff.data(CREATE, json!({ "input": input })).await["createSpeaker"].clone()
}

on_both_databases! {
    async fn a_photograph_is_turned_upright_scaled_and_says_nothing_of_its_place(app: TestApp) {
        let organization = app.db_organization("acme").await;
        let owner = app.db_staff(&organization, Role::Owner).await;
        let file = photograph(&plain(900, 300, 20));
        assert!(file.windows(4).any(|four| four == b"HERE"));
        let payload = add(&owner, "1", &organization.public_id, &file).await;
        assert_eq!((&payload["picture"]["width"], &payload["picture"]["height"]), (&json!(200), &json!(600)), "{payload:#}");
        let again = add(&owner, "1", &organization.public_id, &file).await;
        assert_eq!((again, rows(&app).await), (payload.clone(), 1), "the same request made one");
        let worn = wear(&owner, &organization, 1, json!({ "logoId": payload["picture"]["pictureId"] })).await;
        let logo = worn["organization"]["organization"]["logo"].clone();
        assert_eq!((&logo["width"], &logo["height"], &logo["alt"]), (&json!(200), &json!(600), &json!("acme e.V.")), "{worn:#}");
        assert_eq!(worn["organization"]["logoId"], payload["picture"]["pictureId"]);

        let mut answer = app.site().get(&path(&app, &logo["url"])).await;
        assert_eq!(answer.status, 200);
        for hidden in [&b"Exif"[..], b"HERE", b"2026:11:30"] {
            assert!(!answer.bytes.windows(hidden.len()).any(|part| part == hidden));
        }
        let shown = image::load_from_memory_with_format(&answer.bytes, ImageFormat::Jpeg).expect("a photograph");
        assert_eq!((shown.width(), shown.height()), (200, 600));
        answer.headers.remove("x-request-id");
        let mut headers: Vec<String> = answer.headers.iter().map(|(name, value)| format!("{name}: {}", value.to_str().expect("a text"))).collect();
        headers.sort();
        assert_eq!(headers, [
            "cache-control: public, max-age=31536000, immutable",
            "content-security-policy: default-src 'none'; sandbox",
            "content-type: image/jpeg",
            "cross-origin-opener-policy: same-origin",
            "cross-origin-resource-policy: same-origin",
            "permissions-policy: camera=(), geolocation=(), microphone=(), payment=()",
            "referrer-policy: strict-origin-when-cross-origin",
            "x-content-type-options: nosniff",
        ]);
    }

    async fn a_drawing_stays_one_and_what_hides_behind_it_does_not(app: TestApp) {
        let organization = app.db_organization("acme").await;
        let owner = app.db_staff(&organization, Role::Owner).await;
        let seen_through = |shade| DynamicImage::from(RgbaImage::from_fn(64, 32, |x, _| Rgba([shade, 9, 9, (x * 4) as u8])));
        let drawn = |shade| DynamicImage::from(RgbImage::from_pixel(64, 32, Rgb([shade, 9, 9])));
        let cases = [
            (encoded(&seen_through(10), ImageFormat::Png), "png"),
            (encoded(&seen_through(60), ImageFormat::WebP), "png"),
            (encoded(&drawn(110), ImageFormat::Png), "png"),
            (encoded(&drawn(160), ImageFormat::WebP), "jpg"),
            (encoded(&drawn(210), ImageFormat::Jpeg), "jpg"),
        ];
        for (index, (file, ending)) in cases.into_iter().enumerate() {
            let polyglot = [&file[..], b"<script>alert(1)</script>PK\x03\x04"].concat();
            let id = added(&owner, &index.to_string(), &organization.public_id, &polyglot).await;
            let worn = wear(&owner, &organization, i64::try_from(index).expect("few") + 1, json!({ "logoId": id })).await;
            let path = path(&app, &worn["organization"]["organization"]["logo"]["url"]);
            assert!(path.starts_with("/pictures/acme/") && path.ends_with(&format!("-64x32.{ending}")), "{path}");
            let answer = app.site().get(&path).await;
            assert!(!answer.bytes.windows(7).any(|part| part == b"<script"), "{path}");
            assert_eq!(rows(&app).await, 1, "the one before went");
            for wrong in [path.replace("acme", "other"), path.replace(ending, "svg"), path.replace("64x32", "65x32")] {
                assert_eq!(app.site().get(&wrong).await.status, 404, "{wrong}");
            }
        }
    }

    async fn bombs_other_kinds_and_files_that_are_cut_off_are_refused_and_nothing_is_kept(app: TestApp) {
        let organization = app.db_organization("acme").await;
        let owner = app.db_staff(&organization, Role::Owner).await;
        let whole = |format| encoded(&plain(400, 300, 7), format);
        let cut = |format| {
            let file = whole(format);
            file[..file.len() * 2 / 3].to_vec()
        };
        let cases = [
            (b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>".to_vec(), "INVALID", "Export a drawing (SVG"),
            (b"GIF89a\x01\0\x01\0\0\0\0;".to_vec(), "INVALID", "no PNG, JPEG or WebP"),
            (b"%PDF-1.7".to_vec(), "INVALID", "as PNG"),
            (cut(ImageFormat::Png), "INVALID", "to its end"),
            (cut(ImageFormat::Jpeg), "INVALID", "to its end"),
            (cut(ImageFormat::WebP), "INVALID", "to its end"),
            (photograph(&plain(400, 300, 7))[..400].to_vec(), "INVALID", "to its end"),
            (bomb(30_000, 30_000, 8, 2), "TOO_LONG", "40 million pixels"),
            (bomb(6_000, 6_000, 16, 6), "TOO_LONG", "40 million pixels"),
            (bomb(u32::MAX >> 1, 1, 8, 2), "TOO_LONG", "40 million pixels"),
            (bomb(2_000, 2_000, 8, 2), "INVALID", "to its end"),
        ];
        for (index, (file, code, words)) in cases.into_iter().enumerate() {
            let payload = add(&owner, &index.to_string(), &organization.public_id, &file).await;
            let error = &payload["userErrors"][0];
            assert_eq!((&payload["picture"], &error["field"], &error["code"]), (&Value::Null, &json!(["content"]), &json!(code)), "{index}: {payload:#}");
            assert!(error["message"].as_str().is_some_and(|message| message.contains(words)), "{index}: {payload:#}");
        }
        assert_eq!(rows(&app).await, 0);
    }

    async fn a_picture_is_shown_by_its_own_organization_alone_and_goes_with_the_last_that_shows_it(app: TestApp) {
        let (organization, other) = (app.db_organization("acme").await, app.db_organization("other").await);
        let owner = app.db_staff(&organization, Role::Owner).await;
        let stranger = app.db_staff(&other, Role::Owner).await;
        let event = app.db_event(&organization, "rustdays", |_| ()).await;
        let file = encoded(&plain(60, 60, 1), ImageFormat::Png);
        let theirs = added(&stranger, "1", &other.public_id, &file).await;
        let ours = added(&owner, "1", &organization.public_id, &file).await;
        assert_ne!(ours, theirs);
        for wrong in [&theirs, &json!("nonsense"), &json!(event.public_id())] {
            let refused = wear(&owner, &organization, 1, json!({ "logoId": wrong })).await;
            assert_eq!((&refused["userErrors"][0]["field"], &refused["userErrors"][0]["code"]), (&json!(["logoId"]), &json!("NOT_FOUND")));
            let refused = present(&owner, &event, "x", wrong).await;
            assert_eq!((&refused["userErrors"][0]["field"], &refused["userErrors"][0]["code"]), (&json!(["terms", "pictureId"]), &json!("NOT_FOUND")));
        }
        for (staff, of) in [(&stranger, &organization.public_id), (&owner, &other.public_id)] {
            let refused = add(staff, "2", of, &file).await;
            assert_eq!((&refused["userErrors"][0]["field"], &refused["userErrors"][0]["code"]), (&json!(["ownerId"]), &json!("NOT_FOUND")));
        }
        // A manager presents speakers, and has no say in what the organization wears.
        let manager = app.db_staff(&organization, Role::Manager).await;
        assert_eq!(add(&manager, "3", &organization.public_id, &file).await["userErrors"][0]["code"], json!("NOT_FOUND"));
        assert_eq!(added(&manager, "4", &event.public_id(), &file).await, ours, "the same picture is one");
        assert_eq!(rows(&app).await, 2);

        wear(&owner, &organization, 1, json!({ "logoId": ours })).await;
        let one = present(&manager, &event, "1", &ours).await;
        assert_eq!(one["event"]["speakers"][0]["speaker"]["picture"]["alt"], json!("Ada 1"), "{one:#}");
        present(&manager, &event, "2", &ours).await;
        assert_eq!(present(&manager, &event, "2", &ours).await["userErrors"], json!([]));
        let taken = wear(&owner, &organization, 2, json!({ "logoId": null })).await;
        assert_eq!((&taken["userErrors"], &taken["organization"]["organization"]["logo"]), (&json!([]), &Value::Null));
        assert_eq!(rows(&app).await, 2, "speakers still show it");
        let speakers = present(&manager, &event, "2", &ours).await["event"]["speakers"].clone();
        let change = async |index: usize, picture: &Value| {
            let terms = json!({ "name": "Ada", "pictureId": picture });
            let input = json!({ "speakerId": speakers[index]["speaker"]["id"], "revision": 1, "terms": terms });
            manager.data(CHANGE, json!({ "input": input })).await["updateSpeaker"].clone()
        };
        let next = added(&manager, "5", &event.public_id(), &encoded(&plain(60, 60, 2), ImageFormat::Png)).await;
        assert_eq!(change(0, &next).await["userErrors"], json!([]));
        assert_eq!(rows(&app).await, 3, "one still shows it");
        assert_eq!(change(1, &Value::Null).await["userErrors"], json!([]));
        assert_eq!(rows(&app).await, 2, "nobody does any more");
        manager.data(REMOVE, json!({ "id": speakers[0]["speaker"]["id"] })).await;
        assert_eq!(rows(&app).await, 1, "what is left is the stranger's");
    }

    async fn a_picture_that_is_shown_nowhere_is_forgotten_after_a_day(app: TestApp) {
        let organization = app.db_organization("acme").await;
        let owner = app.db_staff(&organization, Role::Owner).await;
        let event = app.db_event(&organization, "rustdays", |_| ()).await;
        let mut ids = Vec::new();
        for shade in 0..3 {
            let file = encoded(&plain(20, 20, shade), ImageFormat::Png);
            ids.push(added(&owner, &shade.to_string(), &organization.public_id, &file).await);
        }
        wear(&owner, &organization, 1, json!({ "logoId": ids[0] })).await;
        present(&owner, &event, "1", &ids[1]).await;
        assert_eq!(forget_due(&app.platform).await.expect("a number"), 0, "it may yet be shown");
        app.db_execute("update picture set touched_at = touched_at - 90000000000").await;
        assert_eq!(forget_due(&app.platform).await.expect("a number"), 1);
        assert_eq!(rows(&app).await, 2);
        let late = present(&owner, &event, "2", &ids[2]).await;
        assert!(late["userErrors"][0]["message"].as_str().is_some_and(|words| words.contains("Add it again")), "{late:#}");
    }

    async fn a_colour_that_not_everybody_could_read_is_refused_with_one_that_everybody_can(app: TestApp) {
        let organization = app.db_organization("acme").await;
        let owner = app.db_staff(&organization, Role::Owner).await;
        let refused = wear(&owner, &organization, 1, json!({ "accentColor": "#FFCC00" })).await;
        let error = &refused["userErrors"][0];
        assert_eq!((&error["field"], &error["code"]), (&json!(["accentColor"]), &json!("LOW_CONTRAST")));
        let message = error["message"].as_str().expect("words");
        let offered = message.rsplit(' ').next().expect("a colour").trim_end_matches('.').to_owned();
        assert!(offered.starts_with('#') && offered != "#ffcc00", "{message}");
        let done = wear(&owner, &organization, 1, json!({ "accentColor": offered.to_uppercase() })).await;
        assert_eq!(done["organization"]["organization"]["accentColor"], json!(offered), "{done:#}");
        let kept = wear(&owner, &organization, 2, json!({ "name": "Acme" })).await;
        assert_eq!(kept["organization"]["organization"]["accentColor"], json!(offered), "what is not said stays");
        let taken = wear(&owner, &organization, 3, json!({ "accentColor": null })).await;
        assert_eq!(taken["organization"]["organization"]["accentColor"], Value::Null);
    }

    async fn an_owner_dresses_the_organizations_pages(app: TestApp) {
        let organization = app.db_organization("acme").await;
        let event = app.db_event(&organization, "rustdays", |_| ()).await;
        let ticket = app.db_ticket_type(&event, "Regular", |_| ()).await;
        app.db_quota(&event, 10, &[ticket]).await;
        let mut browser = app.browser_of(&app.db_staff(&organization, Role::Owner).await).await;
        let typed = |accent| [("name", "Ours"), ("legalName", "Ours e.V."), ("country", "AT"), ("contactEmail", "hello@ours.example"),
            ("dataProtectionContact", "dpo@ours.example"), ("defaultLocale", "de"), ("accentColor", accent), ("go", "save")];
        let file = encoded(&plain(300, 100, 1), ImageFormat::Png);

        let wrong = browser.press_with(SETTINGS, &typed(""), ("logo", b"<svg/>")).await;
        assert!(wrong.status == 422 && wrong.text.contains("id=\"logo-error\"") && wrong.text.contains("Export a drawing (SVG"), "{}", wrong.text);
        let large = browser.press_with(SETTINGS, &typed(""), ("logo", &vec![0; 4 * 1024 * 1024 + 1])).await;
        assert!(large.status == 422 && large.text.contains("larger than 4 MiB") && large.text.contains("value=\"Ours e.V.\""), "{}", large.status);

        // The file has arrived, whatever else is wrong; and the colour that is offered can be taken with one button.
        let pale = browser.press_with(SETTINGS, &typed("#ffcc00"), ("logo", &file)).await;
        assert!(pale.status == 422 && pale.text.contains("id=\"accentColor-error\""), "{}", pale.text);
        let id = pale.text.split("name=\"logo.id\" value=\"").nth(1).and_then(|rest| rest.split('"').next()).expect("a picture").to_owned();
        let offered = pale.text.split("name=\"go\" value=\"#").nth(1).and_then(|rest| rest.split('"').next()).expect("a colour").to_owned();
        assert!(pale.text.contains(&format!("href=\"/styles/{offered}.css\"")), "the page shows how it would look");
        let offered = format!("#{offered}");
        let mut taken = [&typed("#ffcc00")[..], &[("logo.id", id.as_str())]].concat();
        taken[7].1 = &offered;
        browser.press(SETTINGS, SETTINGS, &taken).await.leads_to(&format!("{SETTINGS}?done=saved"));
        let page = browser.open(SETTINGS).await;
        assert!(page.contains(&format!("value=\"{offered}\"")) && page.contains("name=\"logo.gone\"") && page.contains("class=\"plate\""), "{page}");

        let address = format!("/styles/{}.css", &offered[1..]);
        let event = app.browser().open("/events/acme/rustdays").await;
        let source = event.split("<img class=\"logo\" src=\"").nth(1).and_then(|rest| rest.split('"').next()).expect("a logo").to_owned();
        assert!(source.starts_with("/pictures/acme/") && source.ends_with("-300x100.png"), "{source}");
        for words in ["width=\"300\" height=\"100\" alt=\"Ours\"", &format!("<link rel=\"stylesheet\" href=\"{address}\" nonce=\""),
            &format!("<meta property=\"og:image\" content=\"{}\">", app.platform.url(&source))] {
            assert!(event.contains(words), "{words}: {event}");
        }
        assert!(app.browser().open("/events/acme/rustdays/register").await.contains(&source));
        let sheet = app.site().get(&address).await;
        assert_eq!((sheet.status, sheet.header("content-type"), sheet.header("cache-control")), (200, "text/css; charset=utf-8", "public, max-age=31536000, immutable"));
        assert!(sheet.text.contains(&format!("--accent: {offered}")), "{}", sheet.text);
        for wrong in ["/styles/red.css", "/styles/1F5F5B.css", "/styles/1f5f5b", "/styles/1f5f5b.css.css", "/styles/%231f5f5b.css"] {
            assert_eq!(app.site().get(wrong).await.status, 404, "{wrong}");
        }

        let mut gone = typed("").to_vec();
        gone.push(("logo.gone", "yes"));
        browser.press(SETTINGS, SETTINGS, &gone).await.leads_to(&format!("{SETTINGS}?done=saved"));
        let event = app.browser().open("/events/acme/rustdays").await;
        assert!(!event.contains("/pictures/") && !event.contains("/styles/") && event.contains(">Consentry</a>"), "{event}");
        assert_eq!((rows(&app).await, app.site().get(&source).await.status), (0, 404), "its bytes are gone");
    }

    async fn who_speaks_is_seen_on_the_events_page(app: TestApp) {
        let organization = app.db_organization("acme").await;
        app.db_event(&organization, "rustdays", |_| ()).await;
        let mut browser = app.browser_of(&app.db_staff(&organization, Role::Manager).await).await;
        let new = "/manage/acme/rustdays/speakers/new";
        let list = "/manage/acme/rustdays/speakers";
        let typed = [("name", "Ada Lovelace"), ("go", "save")];
        let wrong = browser.press_with(new, &typed, ("picture", b"no picture")).await;
        assert!(wrong.status == 422 && wrong.text.contains("id=\"picture-error\"") && wrong.text.contains("value=\"Ada Lovelace\""), "{}", wrong.text);
        browser.press_with(new, &typed, ("picture", &photograph(&plain(900, 300, 3)))).await.leads_to(&format!("{list}?done=saved"));
        let page = browser.open(list).await;
        let own = page.split("<h2><a href=\"").nth(1).and_then(|rest| rest.split('"').next()).expect("a speaker").to_owned();
        let shown = async || app.browser().open("/events/acme/rustdays").await;
        assert!(shown().await.contains("-200x600.jpg\" width=\"200\" height=\"600\" alt=\"Ada Lovelace\" loading=\"lazy\">"), "{}", shown().await);
        // Without another file the picture stays.
        browser.press(&own, &own, &[("name", "Ada L."), ("go", "save")]).await.leads_to(&format!("{list}?done=saved"));
        assert!(shown().await.contains("alt=\"Ada L.\""));
        browser.press(&own, &own, &[("name", "Ada L."), ("picture.gone", "yes"), ("go", "save")]).await.leads_to(&format!("{list}?done=saved"));
        assert!(!shown().await.contains("<img class=\"face\""));
        assert_eq!(rows(&app).await, 0);
    }

    async fn a_list_of_events_costs_the_same_whoever_is_seen(app: TestApp) {
        let document = "{ events(first: 9) { edges { node { organization { accentColor logo { url alt } } speakers { picture { url } } } } } }";
        let mut costs = Vec::new();
        for slug in ["one", "two", "three"] {
            let organization = app.db_organization(slug).await;
            let owner = app.db_staff(&organization, Role::Owner).await;
            let event = app.db_event(&organization, slug, |_| ()).await;
            let id = added(&owner, "1", &organization.public_id, &encoded(&plain(9, 9, 1), ImageFormat::Png)).await;
            wear(&owner, &organization, 1, json!({ "logoId": id, "accentColor": "#7a1f5f" })).await;
            present(&owner, &event, "1", &id).await;
            let (answer, statistics) = app.anonymous().counted(document, json!({})).await;
            assert!(answer["data"]["events"]["edges"][0]["node"]["speakers"][0]["picture"]["url"].is_string(), "{answer:#}");
            costs.push(statistics.statements);
        }
        assert!(costs.windows(2).all(|pair| pair[0] == pair[1]), "{costs:?}");
    }

    async fn a_picture_is_found_and_forgotten_by_an_index(app: TestApp) {
        if app.store().engine() == Engine::Postgres {
            return;
        }
        for (text, values) in [(FIND, 2), (RELEASE, 2), (FORGET, 1)] {
            let plan = app.db_plan(text, vec![0_i64.into(); values]).await;
            assert!(!plan.contains("SCAN"), "{text}: {plan}");
        }
    }
}
