//! The page of a webinar's personal link: it waits, it leads into the room while that is open, it says when it is over or
//! called off; and it says who runs the room and what others there see. The API holds the same hours.

use consentry::services::registration::end_called_off;
use consentry_domain::{Instant, Role};
use consentry_tests::app::WebinarSeat;
use consentry_tests::{TestApp, on_both_databases};
use serde_json::{Value, json};

const JOIN: &str = "mutation($secret: String!) { joinWebinar(input: { secret: $secret }) {
    roomUrl userErrors { field code message } } }";
const LINKED: &str =
    "query($secret: String!) { linkedWebinar(secret: $secret) { state opensAt roomHost event { title } } }";
const MINUTE: i64 = 60_000_000;

struct Scene {
    seat: WebinarSeat,
    starts: Instant,
}

/// Somebody with a place in a webinar of an hour, which begins on the hour, in two hours or more.
async fn scene(app: &TestApp) -> Scene {
    let now = app.store().now().await.expect("a time");
    let starts = Instant(now.0 - now.0.rem_euclid(60 * MINUTE)).plus_minutes(3 * 60);
    let seat = app
        .webinar_seat(|row| (row.starts_at, row.ends_at) = (starts.0, starts.plus_minutes(60).0))
        .await;
    Scene { seat, starts }
}

impl Scene {
    /// Lets it be so many minutes after the beginning, as it was at first.
    async fn wait_until(&self, app: &TestApp, minutes: i64) {
        let now = app.store().now().await.expect("a time");
        app.store().clock().advance(self.starts.plus_minutes(minutes).0 - now.0);
    }

    /// The page says this, has no button, and leads nowhere by one; the API gives this reason.
    async fn is_closed(&self, app: &TestApp, words: &str, state: &str, code: &str) -> String {
        let site = app.site();
        let page = site.get(&self.seat.path()).await;
        assert_eq!(page.status, 200, "{}", page.text);
        assert!(page.text.contains(words), "{words}: {}", page.text);
        assert!(
            !page.text.contains("<button") && !page.text.contains("hidden"),
            "{}",
            page.text
        );
        assert!(
            page.header("refresh").is_empty() && !page.text.contains("http-equiv"),
            "nothing reloads itself under who reads"
        );
        let pressed = site.post(&self.seat.path(), &[("first", "yes")]).await;
        assert_eq!(
            (pressed.status, pressed.header("location")),
            (422, ""),
            "{}",
            pressed.text
        );
        assert!(
            pressed.text.contains(words) && !pressed.text.contains("hidden"),
            "{}",
            pressed.text
        );
        let of = json!({ "secret": self.seat.secret });
        let linked = app.anonymous().data(LINKED, of.clone()).await["linkedWebinar"].clone();
        assert_eq!(
            (&linked["state"], &linked["roomHost"]),
            (&json!(state), &json!("room.example"))
        );
        let refused = app.anonymous().data(JOIN, of).await["joinWebinar"].clone();
        assert_eq!(refused["roomUrl"], Value::Null);
        assert_eq!(
            (&refused["userErrors"][0]["code"], &refused["userErrors"][0]["field"]),
            (&json!(code), &json!(["secret"]))
        );
        page.text
    }

    async fn is_open(&self, app: &TestApp) {
        let site = app.site();
        let page = site.get(&self.seat.path()).await.text;
        assert!(
            page.contains("The room is open") && page.contains("Join</button>") && !page.contains("hidden"),
            "{page}"
        );
        let joined = site.post(&self.seat.path(), &[("first", "yes")]).await;
        assert_eq!(
            (joined.status, joined.header("location")),
            (303, "https://room.example/r?pwd=hidden")
        );
        let entered = app.anonymous().data(JOIN, json!({ "secret": self.seat.secret })).await;
        assert_eq!(
            entered["joinWebinar"],
            json!({ "roomUrl": "https://room.example/r?pwd=hidden", "userErrors": [] })
        );
    }
}

on_both_databases! {
    async fn a_room_is_entered_from_a_quarter_of_an_hour_before_the_beginning_until_the_end(app: TestApp) {
        let scene = scene(&app).await;
        let early = scene.is_closed(&app, "The room opens", "NOT_YET_OPEN", "TOO_EARLY").await;
        assert!(early.contains(":45 (Europe/Berlin)"), "on the event's clock: {early}");
        assert!(early.contains("<a href=\"?\">Look again</a>"), "{early}");
        let german = app.site().get(&format!("{}?language=de", scene.seat.path())).await.text;
        assert!(german.contains("Der Raum öffnet") && german.contains("Noch einmal nachsehen"), "{german}");
        scene.wait_until(&app, -20).await;
        scene.is_closed(&app, "The room opens", "NOT_YET_OPEN", "TOO_EARLY").await;
        scene.wait_until(&app, -14).await;
        scene.is_open(&app).await;
        scene.wait_until(&app, 55).await;
        scene.is_open(&app).await;
        scene.wait_until(&app, 60).await;
        let over = scene.is_closed(&app, "This webinar is over", "OVER", "TOO_LATE").await;
        assert!(over.contains("href=\"/events/acme/online\"") && !over.contains("Look again"), "{over}");
    }

    async fn whoever_joins_is_told_who_runs_the_room_and_what_others_there_see(app: TestApp) {
        let scene = scene(&app).await;
        for minutes in [-20, -10] {
            scene.wait_until(&app, minutes).await;
            for (language, words) in [
                ("en", ["<dd>room.example</dd>", "Whoever operates that service runs the room", "Others in the room usually see the name that you give there", "neither your name nor your address", "yours alone"]),
                ("de", ["<dd>room.example</dd>", "Wer diesen Dienst betreibt, betreibt den Raum", "Andere im Raum sehen in der Regel den Namen, den Sie dort angeben", "weder Ihren Namen noch Ihre Adresse", "gehört Ihnen allein"]),
            ] {
                let page = app.site().get(&format!("{}?language={language}", scene.seat.path())).await.text;
                for word in words.into_iter().chain(["<dd>acme eingetragener Verein</dd>"]) {
                    assert!(page.contains(word), "{word}: {page}");
                }
            }
        }
    }

    async fn a_webinar_that_is_moved_takes_its_room_along(app: TestApp) {
        let scene = scene(&app).await;
        scene.wait_until(&app, 0).await;
        scene.is_open(&app).await;
        let later = scene.starts.plus_minutes(24 * 60);
        app.db_change_event(&scene.seat.event, &format!("starts_at = {}, ends_at = {}", later.0, later.plus_minutes(60).0)).await;
        scene.is_closed(&app, "The room opens", "NOT_YET_OPEN", "TOO_EARLY").await;
        scene.wait_until(&app, 24 * 60 - 14).await;
        scene.is_open(&app).await;
    }

    async fn a_webinar_that_is_called_off_says_so_to_whoever_had_a_place(app: TestApp) {
        let scene = scene(&app).await;
        let owner = app.db_staff(&scene.seat.organization, Role::Owner).await;
        let cancel = "mutation($id: ID!) { cancelEvent(input: { eventId: $id }) { userErrors { code } } }";
        owner.data(cancel, json!({ "id": scene.seat.event.public_id() })).await;
        let off = scene.is_closed(&app, "This webinar was called off", "CALLED_OFF", "CANCELLED").await;
        end_called_off(&app.platform).await.expect("a step");
        let ended = scene.is_closed(&app, "This webinar was called off", "CALLED_OFF", "CANCELLED").await;
        for page in [off, ended] {
            assert!(page.contains("hello@acme.example"), "whom to ask: {page}");
        }
        // Whose data is erased, or has another link, is told nothing.
        let site = app.site();
        let nothing = site.get("/join/x").await.said();
        for change in ["status = 'ERASED', erased_at = 1", "link_generation = link_generation + 1"] {
            app.db_execute(&format!("update registration set {change}")).await;
            assert_eq!(site.get(&scene.seat.path()).await.said(), nothing, "{change}");
            assert_eq!(site.post(&scene.seat.path(), &[]).await.said(), nothing, "{change}");
        }
        assert!(scene.seat.row.email.is_some());
    }
}
