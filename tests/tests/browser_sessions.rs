//! Being signed in in a browser: an opaque cookie, ended by time, by its owner, and with the account; good for pages alone.

use consentry::access::browse;
use consentry::platform::keys::{Link, LinkKind};
use consentry_domain::session::{ATTENDEE, STAFF};
use consentry_domain::{Role, SessionKind};
use consentry_entity::session;
use consentry_tests::app::Browser;
use consentry_tests::{TestApp, on_both_databases};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use serde_json::json;

const SESSION: &str = "__Host-session";

async fn is_in(browser: &mut Browser) -> bool {
    let answer = browser.get("/me").await;
    match answer.status {
        200 => true,
        303 => {
            assert_eq!(answer.header("location"), "/sign-in");
            false
        }
        other => panic!("{other}: {}", answer.text),
    }
}

async fn sessions(app: &TestApp) -> Vec<session::Model> {
    session::Entity::find()
        .filter(session::Column::Kind.eq(SessionKind::Browser))
        .all(app.store().read())
        .await
        .expect("rows")
}

fn minutes(app: &TestApp, minutes: i64) {
    app.store().clock().advance(minutes * 60_000_000);
}

on_both_databases! {
    async fn whoever_has_to_sign_in_first_gets_to_what_they_wanted_and_nowhere_else(app: TestApp) {
        const ONWARD: &str = "__Host-onward";
        let organization = app.db_organization("acme").await;
        let owner = app.db_staff(&organization, Role::Owner).await;
        let mut browser = app.browser();
        let wanted = "/manage/acme/-/team";
        let first = browser.get(&format!("{wanted}?after=nothing")).await;
        first.leads_to("/sign-in");
        assert_eq!(browser.cookies[ONWARD], wanted);
        let kept = first.headers.get_all("set-cookie").iter().map(|one| one.to_str().expect("text")).find(|one| one.starts_with(ONWARD));
        assert!(kept.is_some_and(|kept| kept.ends_with("; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age=900")), "{kept:?}");
        assert!(browser.open("/sign-in").await.contains("name=\"email\""));
        let path = app.sign_in_path(&owner).await;
        browser.post(&path, &[("first", "yes")]).await.leads_to(wanted);
        assert!(!browser.cookies.contains_key(ONWARD), "it is used up");
        // A form is not sent again by signing in, and what needs nobody is not kept.
        let mut nobody = app.browser();
        nobody.post("/me/sessions", &[("end", "x")]).await.leads_to("/sign-in");
        nobody.get("/").await;
        assert!(!nobody.cookies.contains_key(ONWARD));
        for forged in ["//evil.example", "https://evil.example/me", "/sign-out", "/me/../sign-out", "/me//evil.example", "/events/acme/x", "me"] {
            let mut browser = app.browser();
            browser.cookies.insert(ONWARD.to_owned(), forged.to_owned());
            let path = app.sign_in_path(&owner).await;
            browser.post(&path, &[("first", "yes")]).await.leads_to("/me");
            assert!(!browser.cookies.contains_key(ONWARD), "{forged}");
        }
    }

    async fn every_page_leads_whoever_holds_a_role_to_what_they_organize(app: TestApp) {
        const WAY: &str = "<a class=\"quiet\" href=\"/manage\">Organize</a>";
        let organization = app.db_organization("acme").await;
        let door = app.db_staff(&organization, Role::CheckIn).await;
        let (_, attendee) = app.db_account("ada@people.example").await;
        let (mut staff, mut other) = (app.browser_of(&door).await, app.browser_of(&attendee).await);
        assert!(staff.open("/").await.contains(WAY) && staff.open("/me").await.contains(WAY));
        assert!(!other.open("/").await.contains(WAY) && !app.browser().open("/").await.contains(WAY));
        app.db_execute("update team_member set ends_at = 1").await;
        assert!(!staff.open("/").await.contains(WAY), "the role is over");
    }

    async fn a_link_signs_one_browser_in_once(app: TestApp) {
        let (_, client) = app.db_account("ada@people.example").await;
        let path = app.sign_in_path(&client).await;
        let mut browser = app.browser();
        assert!(!is_in(&mut browser).await, "nobody is signed in");
        let opened = browser.get(&path).await;
        assert_eq!(opened.status, 200);
        assert!(sessions(&app).await.is_empty(), "opening the page signs nobody in");
        let answer = browser.post(&path, &[("first", "yes")]).await;
        assert_eq!((answer.status, answer.header("location"), answer.header("cache-control")), (303, "/me", "no-store"));
        let cookies: Vec<&str> = answer.headers.get_all("set-cookie").iter().map(|one| one.to_str().expect("text")).collect();
        let session = cookies.iter().find(|one| one.starts_with(SESSION)).expect("a session");
        let (_, attributes) = session.split_once(';').expect("attributes");
        assert_eq!(attributes, " Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age=7776000");
        assert!(is_in(&mut browser).await);
        let secret = browser.cookies[SESSION].clone();
        assert!(!answer.log.contains(&secret) && !browser.get("/me").await.log.contains(&secret), "it is in no log");
        let again = app.browser().post(&path, &[("first", "yes")]).await;
        assert_eq!(again.status, 404, "the link is used up");
        assert_eq!(sessions(&app).await.len(), 1);
    }

    async fn each_sign_in_has_a_secret_and_a_form_token_of_its_own(app: TestApp) {
        let (_, client) = app.db_account("ada@people.example").await;
        let mut browser = app.browser_of(&client).await;
        let before = (browser.cookies[SESSION].clone(), browser.cookies["__Host-form"].clone());
        let path = app.sign_in_path(&client).await;
        browser.post(&path, &[("first", "yes")]).await;
        assert_ne!(browser.cookies[SESSION], before.0);
        assert_ne!(browser.cookies["__Host-form"], before.1, "a token from before is worth nothing");
    }

    async fn the_cookie_is_worth_nothing_at_the_api_and_a_tokens_is_none_here(app: TestApp) {
        let (_, client) = app.db_account("ada@people.example").await;
        let mut browser = app.browser_of(&client).await;
        let secret = browser.cookies[SESSION].clone();
        let as_bearer = consentry::access::authenticate(&app.platform, Some(&secret), None).await.expect("an answer");
        assert!(as_bearer.is_err(), "a browser's secret is no access token");
        let row = sessions(&app).await.remove(0);
        for kind in [LinkKind::Refresh, LinkKind::SignIn] {
            let link = Link::global(row.id, 1);
            let other = app.platform.keys.link(kind, link);
            assert_eq!(browse(&app.platform, &other).await.expect("an answer"), None, "{kind:?}");
        }
        // The session of a program, with the kind of secret that browsers have.
        let id = client.caller().signed_in().expect("somebody").session();
        let link = Link::global(id, 1);
        let other = app.platform.keys.link(LinkKind::Browser, link);
        assert_eq!(browse(&app.platform, &other).await.expect("an answer"), None);
        for nonsense in ["", "x", &secret[1..], &format!("{secret}A")] {
            assert_eq!(browse(&app.platform, nonsense).await.expect("an answer"), None, "{nonsense}");
            browser.cookies.insert(SESSION.into(), nonsense.into());
            assert!(!is_in(&mut browser).await);
        }
    }

    async fn an_attendees_session_ends_when_it_lies_unused_and_at_last(app: TestApp) {
        let (_, client) = app.db_account("ada@people.example").await;
        let mut browser = app.browser_of(&client).await;
        minutes(&app, ATTENDEE.idle - 1);
        assert!(is_in(&mut browser).await, "it was used in time");
        minutes(&app, ATTENDEE.idle - 1);
        assert!(is_in(&mut browser).await, "its use was noted");
        minutes(&app, ATTENDEE.idle);
        assert!(!is_in(&mut browser).await, "it lay unused");
        let mut browser = app.browser_of(&client).await;
        let mut passed = 0;
        while passed + ATTENDEE.idle - 1 < ATTENDEE.absolute {
            minutes(&app, ATTENDEE.idle - 1);
            passed += ATTENDEE.idle - 1;
            assert!(is_in(&mut browser).await, "after {passed} minutes");
        }
        minutes(&app, ATTENDEE.absolute - passed);
        assert!(!is_in(&mut browser).await, "used all the time, it ends as well");
        assert!(!browser.cookies.contains_key(SESSION), "the browser is told");
    }

    async fn staff_sign_in_more_often_also_who_became_staff_meanwhile(app: TestApp) {
        let organization = app.db_organization("acme").await;
        let client = app.db_staff(&organization, Role::Viewer).await;
        let mut browser = app.browser_of(&client).await;
        minutes(&app, STAFF.idle - 1);
        assert!(is_in(&mut browser).await);
        minutes(&app, STAFF.idle);
        assert!(!is_in(&mut browser).await);
        let mut browser = app.browser_of(&client).await;
        let mut passed = 0;
        while passed + STAFF.idle - 1 < STAFF.absolute {
            minutes(&app, STAFF.idle - 1);
            passed += STAFF.idle - 1;
            assert!(is_in(&mut browser).await, "after {passed} minutes");
        }
        minutes(&app, STAFF.absolute - passed);
        assert!(!is_in(&mut browser).await);
        // The same session counts longer once the role has ended.
        let mut browser = app.browser_of(&client).await;
        minutes(&app, STAFF.idle + 1);
        assert!(!is_in(&mut browser).await);
        app.db_execute("update team_member set removed_at = 1").await;
        let mut browser = app.browser_of(&client).await;
        minutes(&app, STAFF.idle + 1);
        assert!(is_in(&mut browser).await);
    }

    async fn signing_out_ends_the_session_and_clears_the_browser(app: TestApp) {
        let (_, client) = app.db_account("ada@people.example").await;
        let mut browser = app.browser_of(&client).await;
        let kept = browser.cookies.clone();
        let forged = browser.post("/sign-out", &[]).await;
        assert_eq!((forged.status, forged.header("location")), (303, "/me"), "another site's form does nothing");
        assert!(is_in(&mut browser).await);
        browser.cookies.insert("__Host-order".to_owned(), "a-secret".to_owned());
        let answer = browser.press("/me", "/sign-out", &[]).await;
        assert_eq!((answer.status, answer.header("location")), (303, "/"));
        assert_eq!(answer.header("clear-site-data"), "\"cache\", \"storage\"");
        assert!(browser.cookies.is_empty(), "{:?}", browser.cookies);
        browser.cookies = kept;
        assert!(!is_in(&mut browser).await, "the session is over, not only the cookie");
    }

    async fn one_sees_where_one_is_signed_in_and_ends_it_there(app: TestApp) {
        let (_, client) = app.db_account("ada@people.example").await;
        let (_, stranger) = app.db_account("eve@people.example").await;
        let (mut here, mut there) = (app.browser_of(&client).await, app.browser_of(&client).await);
        let mut others = app.browser_of(&stranger).await;
        let listed = client.data("{ me { sessions { id kind isCurrent } } }", json!({})).await;
        let listed = listed["me"]["sessions"].as_array().expect("a list").clone();
        let kinds: Vec<_> = listed.iter().map(|one| (one["kind"].as_str(), one["isCurrent"].as_bool())).collect();
        assert_eq!(kinds.iter().filter(|kind| kind.0 == Some("BROWSER")).count(), 2, "{kinds:?}");
        assert_eq!(kinds.iter().filter(|kind| kind.1 == Some(true)).count(), 1, "{kinds:?}");
        let page = here.open("/me/sessions").await;
        let foreign = stranger.data("{ me { sessions { id kind } } }", json!({})).await;
        let foreign = foreign["me"]["sessions"][0]["id"].as_str().expect("an id").to_owned();
        here.press("/me/sessions", "/me/sessions", &[("session", &foreign)]).await;
        assert!(is_in(&mut others).await, "another account's session stays");
        // The buttons on the page are of every session but this one.
        let buttons: Vec<String> = page.split("name=\"session\" value=\"").skip(1).filter_map(|rest| rest.split('"').next()).map(str::to_owned).collect();
        assert_eq!(buttons.len(), 2, "{page}");
        for id in &buttons {
            here.press("/me/sessions", "/me/sessions", &[("session", id)]).await;
        }
        assert!(is_in(&mut here).await && !is_in(&mut there).await && is_in(&mut others).await);
        let mut there = app.browser_of(&client).await;
        let answer = here.press("/me/sessions", "/me/sessions", &[("everywhere", "yes")]).await;
        assert_eq!((answer.status, answer.header("location")), (303, "/"));
        assert!(!is_in(&mut here).await && !is_in(&mut there).await && is_in(&mut others).await);
    }

    async fn asking_for_a_link_tells_nothing(app: TestApp) {
        let sharing = app.sharing("acme").await;
        app.db_attendee(&sharing, "ada@people.example", |_| ()).await;
        let mut browser = app.browser();
        let known = browser.press("/sign-in", "/sign-in", &[("email", "ada@people.example")]).await;
        let unknown = browser.press("/sign-in", "/sign-in", &[("email", "eve@people.example")]).await;
        assert_eq!(known.status, 200);
        let (known_said, unknown_said) = (known.said().1, unknown.said().1);
        assert_eq!(known_said.replace("ada@", "eve@"), unknown_said);
        assert!(!known.log.contains("ada@people.example"), "no address is in the log");
        assert_eq!(app.db_mails().await.len(), 1);
        let wrong = browser.press("/sign-in", "/sign-in", &[("email", "ada")]).await;
        assert!(wrong.status == 422 && wrong.text.contains("aria-invalid") && wrong.text.contains("value=\"ada\""), "{}", wrong.text);
        wrong.looks_again_at("email");
        let typed = [("email", "ada@people.example"), ("password", "wrong"), ("code", "123456"), ("enter", "yes")];
        let refused = browser.press("/sign-in", "/sign-in", &typed).await;
        assert!(refused.status == 422 && refused.text.contains("id=\"with-password\" open"), "{}", refused.text);
        refused.looks_again_at("account");
        let forged = browser.post("/sign-in", &[("email", "ada@people.example")]).await;
        assert_eq!((forged.status, app.db_mails().await.len()), (422, 1), "another site's form sends no mail");
    }
}
