//! A device at a door, on pages: added with a code, signed in by its link, shut off by one press.

use consentry_tests::app::Browser;
use consentry_tests::on_both_databases;
use serde_json::{Value, json};

const DEVICES: &str = "/manage/acme/rustdays/door/devices";

/// What stands between two texts of a page.
fn between<'a>(page: &'a str, start: &str, end: &str) -> &'a str {
    let rest = page.split(start).nth(1).unwrap_or_else(|| panic!("{start} in {page}"));
    rest.split(end).next().unwrap_or_default()
}

/// Adds a device; the path of its link.
async fn add(browser: &mut Browser, name: &str) -> String {
    let new = format!("{DEVICES}/new");
    let shown = browser
        .press(
            &new,
            &new,
            &[("name", name), ("list", ""), ("endsAt", ""), ("go", "save")],
        )
        .await;
    assert_eq!(shown.status, 200, "{}", shown.text);
    assert_eq!(shown.header("cache-control"), "no-store");
    assert!(shown.text.contains("<svg class=\"code\""), "{}", shown.text);
    let address = between(&shown.text, "<code>", "</code>");
    assert!(!shown.log.contains(address), "it is in no log");
    address
        .strip_prefix("http://consentry.test")
        .expect("an address of ours")
        .to_owned()
}

on_both_databases! {
    async fn a_device_is_added_signed_in_used_and_shut_off(app: TestApp) {
        let sharing = app.sharing("acme").await;
        app.db_place(&sharing.event, sharing.ticket, "AAAA2222", "Ada Lovelace", |_| {}).await;
        let mut owner = app.browser_of(&sharing.staff).await;
        assert!(owner.open("/manage/acme/rustdays/door").await.contains(&format!("href=\"{DEVICES}\"")));
        let path = add(&mut owner, "North").await;
        assert!(owner.open(DEVICES).await.contains("Waiting for the scan"));
        let mut device = app.browser();
        let opened = device.get(&path).await;
        assert_eq!((opened.status, opened.header("referrer-policy")), (200, "no-referrer"));
        assert!(opened.text.contains("This device will let people in at") && opened.text.contains("North"), "{}", opened.text);
        assert!(owner.open(DEVICES).await.contains("Waiting for the scan"), "looking uses nothing up");
        let started = device.post(&path, &[("first", "yes")]).await;
        assert_eq!((started.status, started.header("location")), (303, "/door"));
        assert_eq!(device.get(&path).await.status, 404, "the link is used up");
        let page = device.open("/door").await;
        assert!(page.contains("North") && page.contains("End on this device"), "{page}");
        assert!(!page.contains("/manage/") && !page.contains("/sign-in"), "{page}");
        let let_in = device.press("/door", "/door", &[("code", "aaaa2222aaaa2222")]).await;
        assert!(let_in.text.contains("Welcome") && let_in.text.contains("Ada Lovelace"), "{}", let_in.text);
        let undo = between(&let_in.text, "name=\"undo\" value=\"", "\"").to_owned();
        let undone = device.press("/door", "/door", &[("undo", undo.as_str())]).await;
        assert!(undone.text.contains("Undone"), "{}", undone.text);
        let list = owner.open(DEVICES).await;
        assert!(list.contains("In use") && list.contains("Last seen"), "{list}");
        let id = between(&list, "name=\"remove\" value=\"", "\"").to_owned();
        let removed = owner.press(DEVICES, DEVICES, &[("remove", id.as_str())]).await;
        assert_eq!(removed.status, 303, "{}", removed.text);
        assert!(owner.open(DEVICES).await.contains("Ended"));
        let refused = device.post("/door", &[("code", "AAAA2222AAAA2222")]).await;
        assert_eq!(refused.status, 404);
        assert!(refused.text.contains("This device is signed out") && refused.text.contains("new code"), "{}", refused.text);
        assert!(!device.cookies.contains_key("__Host-session"), "what is worth nothing is not kept");
    }

    async fn a_form_that_is_sent_twice_adds_one_device_and_a_code_can_be_shown_again(app: TestApp) {
        let sharing = app.sharing("acme").await;
        let mut owner = app.browser_of(&sharing.staff).await;
        let new = format!("{DEVICES}/new");
        let form = [("name", "North"), ("endsAt", ""), ("key", "same"), ("go", "save")];
        assert_eq!(owner.press(&new, &new, &form).await.status, 200);
        let again = owner.press(&new, &new, &form).await;
        assert_eq!((again.status, again.header("location")), (303, format!("{DEVICES}?done=added").as_str()));
        let list = owner.open(DEVICES).await;
        assert_eq!(list.matches("name=\"renew\"").count(), 1, "{list}");
        let id = between(&list, "name=\"renew\" value=\"", "\"").to_owned();
        let shown = owner.press(DEVICES, DEVICES, &[("renew", id.as_str())]).await;
        assert!(shown.status == 200 && shown.text.contains("/door/"), "{}", shown.text);
        let wrong = owner.press(&new, &new, &[("name", ""), ("list", "hall"), ("endsAt", "2027-13-01T00:00"), ("go", "save")]).await;
        assert_eq!(wrong.status, 422);
        assert!(wrong.text.contains("value=\"hall\""), "nothing that was typed is lost: {}", wrong.text);
    }

    async fn a_devices_page_has_the_camera_and_its_script_sends_and_takes_the_list(app: TestApp) {
        let sharing = app.sharing("acme").await;
        app.db_place(&sharing.event, sharing.ticket, "AAAA2222", "Ada <b>", |_| {}).await;
        let link = app.device_link(&sharing.staff, &sharing.event.public_id(), "North").await;
        let mut device = app.device_browser(&link).await;
        let page = device.get("/door").await;
        assert!(page.header("content-security-policy").ends_with("; worker-src 'self'"), "{:?}", page.headers);
        assert!(page.header("permissions-policy").starts_with("camera=(self)"), "{:?}", page.headers);
        assert!(page.text.contains("Prepare for offline") && !page.text.contains("By name"), "{}", page.text);
        let keeper = format!("data-keeper=\"{}\"", sharing.event.public_id());
        assert!(page.text.contains(&keeper) && page.text.contains("data-path=\"/door\""), "{}", page.text);
        // Its worker may answer for this page, and that of the team for the team's alone.
        let worker = between(&page.text, "data-worker=\"", "\"").to_owned();
        assert_eq!(device.get(&worker).await.header("service-worker-allowed"), "/door");
        let mut team = app.browser_of(&sharing.staff).await;
        let others = team.open("/manage/acme/rustdays/door").await;
        let others = between(&others, "data-worker=\"", "\"").to_owned();
        assert_eq!(team.get(&others).await.header("service-worker-allowed"), "/manage/");

        let taken = device.press("/door", "/door/list", &[]).await;
        let snapshot: Value = serde_json::from_str(&taken.text).expect("JSON");
        assert_eq!((snapshot["lines"].as_array().expect("lines").len(), &snapshot["after"]), (1, &json!(null)));
        assert!(!taken.text.contains("Ada"), "{}", taken.text);
        let one = |key: &str, code: &str, list: &str| json!({ "key": key, "code": code, "list": list });
        let sent = json!([one("1", "AAAA2222AAAA2222", ""), one("2", "AAAA2222AAAA2222", ""), one("3", "AAAA2222AAAA2222", "hall")]);
        let answer = device.press("/door", "/door/scans", &[("scans", &sent.to_string())]).await;
        let answer: Value = serde_json::from_str(&answer.text).expect("JSON");
        let tones: Vec<(&str, &str)> = answer["outcomes"].as_array().expect("outcomes").iter()
            .map(|one| (one["tone"].as_str().expect("a tone"), one["reason"].as_str().unwrap_or_default())).collect();
        assert_eq!(tones, [("good", ""), ("bad", "ALREADY_CHECKED_IN"), ("good", "")]);
        assert_eq!(answer["outcomes"][0]["words"][0], "Ada <b>");

        for path in ["/door/scans", "/door/list"] {
            let form = [("scans", "[]")];
            assert_eq!(device.post(path, &form).await.status, 403, "{path} from elsewhere");
            assert_eq!(app.browser().post(path, &form).await.status, 401, "{path} as nobody");
            assert_eq!(team.press("/manage/acme/rustdays/door", path, &form).await.status, 401, "{path} as staff");
            let theirs = format!("/manage/acme/rustdays{path}");
            assert_eq!(device.press("/door", &theirs, &form).await.status, 401, "{theirs} as a device");
        }
        let token = between(&page.text, "data-token=\"", "\"").to_owned();
        app.db_execute("update door_device set revoked_at = opened_at").await;
        for path in ["/door/scans", "/door/list"] {
            let refused = device.post(path, &[("token", token.as_str()), ("scans", "[]")]).await;
            assert_eq!(refused.status, 401, "{path} once it is removed");
        }
        let over = device.get("/door").await;
        assert!(over.status == 404 && over.text.contains("Delete what waits"), "{}", over.text);
    }

    async fn a_device_ends_itself_and_its_page_is_nobody_elses(app: TestApp) {
        let sharing = app.sharing("acme").await;
        let link = app.device_link(&sharing.staff, &sharing.event.public_id(), "North").await;
        let mut device = app.device_browser(&link).await;
        for path in ["/me", "/manage", "/manage/acme", "/manage/acme/rustdays/door", DEVICES, "/partner"] {
            let answer = device.get(path).await;
            assert_eq!((answer.status, answer.header("location")), (303, "/sign-in"), "{path}");
        }
        assert_eq!(device.get("/door").await.status, 200, "it is still a device");
        let left = device.press("/door", "/door", &[("leave", "yes")]).await;
        assert_eq!((left.status, left.header("location")), (303, "/door"));
        assert!(left.headers.contains_key("clear-site-data"));
        assert_eq!(device.get("/door").await.status, 404);
        assert_eq!(app.browser().get("/door").await.status, 404);
        assert_eq!(app.browser_of(&sharing.staff).await.get("/door").await.status, 404);
    }
}
