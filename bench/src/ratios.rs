//! Pages beside the GraphQL documents that they run: how long a page takes over HTTP, divided by how long its documents take
//! over HTTP, sent one after the other by the same person to the same process, in turns.
//!
//! Each request signs its sender in, so a page with several documents has that once where they have it each time.

use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::api::Api;
use crate::report::Report;
use crate::shop::Shop;
use crate::{Arguments, Failure};

const EVENT: &str = include_str!("../../web/src/events/event.graphql");
const TEAMS: &str = include_str!("../../web/src/organizer/teams.graphql");
const ROSTER: &str = include_str!("../../web/src/organizer/roster/page.graphql");
const PLACES: &str = include_str!("../../web/src/portal/documents/places.graphql");
const LEADS: &str = include_str!("../../web/src/portal/documents/leads.graphql");

/// Somebody with a browser.
struct Browser {
    http: reqwest::Client,
    base: String,
    cookie: String,
}

impl Browser {
    /// One that is not signed in.
    fn new(base: &str) -> Result<Self, Failure> {
        let stays = reqwest::redirect::Policy::none();
        Ok(Self {
            http: reqwest::Client::builder().redirect(stays).build()?,
            base: base.to_owned(),
            cookie: String::new(),
        })
    }

    /// One that signed in by a link.
    async fn signed_in(base: &str, link: &str) -> Result<Self, Failure> {
        let mut browser = Self::new(base)?;
        let pressed = browser.http.post(link).header("origin", base);
        let media = "application/x-www-form-urlencoded";
        let answer = pressed.header("content-type", media).body("first=yes").send().await?;
        let set = answer.headers().get_all("set-cookie").iter();
        let cookies: Vec<&str> = set.filter_map(|set| set.to_str().ok()?.split(';').next()).collect();
        if cookies.is_empty() {
            return Err(format!("{link} signs nobody in: {}", answer.status()).into());
        }
        browser.cookie = cookies.join("; ");
        Ok(browser)
    }

    async fn open(&self, path: &str) -> Result<(), Failure> {
        let request = self.http.get(format!("{}{path}", self.base));
        let answer = request.header("cookie", &self.cookie).send().await?;
        let status = answer.status();
        let bytes = answer.bytes().await?;
        if status == 200 && bytes.len() > 1000 {
            Ok(())
        } else {
            Err(format!("{path}: {status}").into())
        }
    }
}

/// A page and what it runs.
struct Page<'a> {
    name: String,
    path: String,
    browser: &'a Browser,
    api: &'a Api,
    /// Bodies of requests.
    documents: Vec<String>,
}

fn body(document: &str, operation: &str, variables: &Value) -> String {
    json!({ "query": document, "operationName": operation, "variables": variables }).to_string()
}

/// Measures the event's page, the roster's and that of a partner's leads, both also searched.
pub(crate) async fn measure(arguments: &Arguments, shop: &Shop, size: u32, report: &mut Report) -> Result<(), Failure> {
    let base = &shop.program.base;
    let anyone = Browser::new(base)?;
    let owner = Browser::signed_in(base, &shop.owner_link().await?).await?;
    let organizer = shop.organizer().await?;
    let of_event = json!({ "organization": "bench", "slug": "fair", "locale": "en" });
    let mut of_roster = of_event.clone();
    of_roster["sort"] = json!("NAME");
    for shown in ["email", "company", "ticket", "status", "order", "inside"] {
        of_roster[shown] = json!(true);
    }
    for hidden in ["registered", "answers"] {
        of_roster[hidden] = json!(false);
    }
    let seat = shop.seat(&organizer).await?;
    let member = Browser::signed_in(base, &seat.link).await?;
    let mut of_leads =
        json!({ "member": seat.id, "place": seat.place, "purpose": "EVENT_FOLLOW_UP", "first": 50, "locale": "en" });
    let mut pages = vec![Page {
        name: "the event's page".into(),
        path: "/events/bench/fair".into(),
        browser: &anyone,
        api: &shop.anyone,
        documents: vec![body(EVENT, "EventPage", &of_event)],
    }];
    // Everybody, whom few find, and what everybody has.
    for words in ["", "person 42", "person"] {
        let (query, sought) = match words {
            "" => (String::new(), String::new()),
            words => (
                format!("?words={}", words.replace(' ', "+")),
                format!(", searched for “{words}”"),
            ),
        };
        let filter = (!words.is_empty()).then(|| json!({ "words": words }));
        of_roster["filter"] = json!(filter);
        of_leads["filter"] = json!(filter);
        pages.push(Page {
            name: format!("the roster{sought}"),
            path: format!("/manage/bench/fair/roster{query}"),
            browser: &owner,
            api: &organizer,
            documents: vec![body(ROSTER, "RosterPage", &of_roster), body(TEAMS, "Teams", &json!({}))],
        });
        pages.push(Page {
            name: format!("a partner's leads{sought}"),
            path: format!("/partner/{}/{}/event-follow-up{query}", seat.id, seat.place),
            browser: &member,
            api: &seat.api,
            documents: vec![
                body(PLACES, "Places", &json!({ "member": seat.id, "locale": "en" })),
                body(LEADS, "Leads", &of_leads),
            ],
        });
    }
    for page in &pages {
        let [whole, documents] = took(arguments, page).await?;
        report.page(&page.name, shop.program.database.engine(), size, whole, documents);
    }
    Ok(())
}

/// What the page takes, and what its documents take, each on an average.
async fn took(arguments: &Arguments, page: &Page<'_>) -> Result<[Duration; 2], Failure> {
    let mut sums = [Duration::ZERO; 2];
    let wanted = Duration::from_secs(2 * arguments.seconds);
    let mut rounds = 0;
    // The first ones fill caches; they are not measured.
    for round in 0.. {
        let begun = Instant::now();
        page.browser.open(&page.path).await?;
        let whole = begun.elapsed();
        let begun = Instant::now();
        for document in &page.documents {
            let answer = page.api.send_body(document.clone()).await?;
            if answer.starts_with(b"{\"errors\"") || answer.len() < 50 {
                return Err(format!("{}: {}", page.name, String::from_utf8_lossy(&answer)).into());
            }
        }
        let documents = begun.elapsed();
        if round >= 20 {
            rounds += 1;
            sums[0] += whole;
            sums[1] += documents;
        }
        if sums[0] + sums[1] > wanted || rounds == 2000 {
            break;
        }
    }
    Ok(sums.map(|sum| sum / rounds.max(1)))
}
