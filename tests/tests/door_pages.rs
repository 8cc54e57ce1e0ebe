//! A device at a door, on pages: added with a code, signed in by its link, shut off by one press.

use consentry_tests::app::Browser;
use consentry_tests::on_both_databases;

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
