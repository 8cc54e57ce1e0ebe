//! What the observer's staff see on the pages for partners: a member who reads, the files that they take along, and an
//! administrator.
//!
//! Leads for the purpose that none of the observer's tokens covers are not among them: they are another stream's, which this
//! observer is not.

use std::fmt::Write as _;

use consentry_domain::AccountId;
use reqwest::RequestBuilder;

use super::super::side::Side;
use super::super::transcript::Answer;
use super::super::world::World;
use crate::app::Browser;

/// Whose browser opens a page.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Who {
    Reader,
    Administrator,
}

/// A page or a file.
struct Page {
    /// What it is called in counts and in the table of channels.
    name: &'static str,
    who: Who,
    /// `{seat}` is the seat of whoever opens it, `{place}` the observer's place, `{other}` another partner's.
    path: &'static str,
    /// For which program a file is.
    preset: Option<&'static str>,
}

const fn page(name: &'static str, path: &'static str) -> Page {
    Page {
        name,
        who: Who::Reader,
        path,
        preset: None,
    }
}

const fn file(name: &'static str, path: &'static str, preset: &'static str) -> Page {
    Page {
        preset: Some(preset),
        ..page(name, path)
    }
}

const fn administrators(name: &'static str, path: &'static str) -> Page {
    Page {
        who: Who::Administrator,
        ..page(name, path)
    }
}

const FOLLOW_UP: &str = "/partner/{seat}/{place}/event-follow-up";
const PRODUCT: &str = "/partner/{seat}/{place}/product-information";

const ALL: [Page; 29] = [
    page("Portal, partners", "/partner"),
    page("Portal, overview", "/partner/{seat}"),
    page("Portal, leads", FOLLOW_UP),
    page("Portal, leads about products", PRODUCT),
    page(
        "Portal, leads of what is not asked",
        "/partner/{seat}/{place}/subsequent-editions",
    ),
    page("Portal, leads of another", "/partner/{seat}/{other}/event-follow-up"),
    page("Portal, leads of nobody", "/partner/nonsense/{place}/event-follow-up"),
    page(
        "Portal, leads by hidden words",
        "/partner/{seat}/{place}/event-follow-up?words=hidden",
    ),
    page(
        "Portal, leads by company",
        "/partner/{seat}/{place}/event-follow-up?sort=company",
    ),
    page(
        "Portal, leads by words and company",
        "/partner/{seat}/{place}/event-follow-up?words=e&sort=company",
    ),
    page(
        "Portal, newest leads by hidden words",
        "/partner/{seat}/{place}/event-follow-up?words=hidden+1&sort=newest",
    ),
    file("Portal, plain file", FOLLOW_UP, "plain"),
    file("Portal, file for HubSpot", FOLLOW_UP, "hubspot"),
    file("Portal, file for Salesforce", FOLLOW_UP, "salesforce"),
    file("Portal, file for Marketo", FOLLOW_UP, "marketo"),
    file("Portal, file for Dynamics", FOLLOW_UP, "dynamics"),
    file("Portal, file about products", PRODUCT, "plain"),
    page("Portal, what we ask, to a reader", "/partner/{seat}/-/offers"),
    page("Portal, tokens, to a reader", "/partner/{seat}/-/tokens"),
    administrators("Portal, overview, to an administrator", "/partner/{seat}"),
    administrators("Portal, what we ask", "/partner/{seat}/-/offers"),
    administrators("Portal, offer", "/partner/{seat}/-/offers/{place}/event-follow-up"),
    administrators(
        "Portal, offer about products",
        "/partner/{seat}/-/offers/{place}/product-information",
    ),
    administrators(
        "Portal, offer of related events",
        "/partner/{seat}/-/offers/{place}/related-events",
    ),
    administrators(
        "Portal, offer of what is not asked",
        "/partner/{seat}/-/offers/{place}/subsequent-editions",
    ),
    administrators(
        "Portal, offer of another",
        "/partner/{seat}/-/offers/{other}/event-follow-up",
    ),
    administrators("Portal, tokens", "/partner/{seat}/-/tokens"),
    administrators("Portal, new token", "/partner/{seat}/-/tokens/{place}"),
    administrators("Portal, new token of another", "/partner/{seat}/-/tokens/{other}"),
];

/// How many pages and files there are.
pub(super) const PAGES: usize = ALL.len();

/// What they are called.
pub(in super::super) const NAMES: [&str; PAGES] = {
    let mut names = [""; PAGES];
    let mut number = 0;
    while number < PAGES {
        names[number] = ALL[number].name;
        number += 1;
    }
    names
};

/// Opens one of them. A file is taken as CSV and as a workbook, which stands behind it.
pub(super) async fn open(side: &Side, world: &World, number: usize) -> Answer {
    let page = &ALL[number % PAGES];
    let (seat, browser) = match page.who {
        Who::Reader => &world.reader,
        Who::Administrator => &world.administrator,
    };
    let path = page.path.replace("{seat}", seat);
    let path = path.replace("{place}", &world.follow_up.event_partner);
    let path = path.replace("{other}", &world.other.event_partner);
    let opened = side.send(with_cookies(side.request("GET", &path), browser)).await;
    let Some(preset) = page.preset else {
        return opened;
    };
    let token = opened.body.split("name=\"token\" value=\"").nth(1);
    let token = token.and_then(|rest| rest.split('"').next()).unwrap_or_default();
    let take = async |format: &str| {
        let body = format!("token={token}&preset={preset}&format={format}");
        let form = "application/x-www-form-urlencoded";
        let request = side.request("POST", &path).header("content-type", form).body(body);
        side.send(with_cookies(request, browser)).await
    };
    let mut file = take("csv").await;
    let book = take("xlsx").await;
    write!(file.body, "{}\n{}", book.status, book.body).expect("a body");
    file
}

fn with_cookies(request: RequestBuilder, browser: &Browser) -> RequestBuilder {
    let cookies = browser.cookies.iter().map(|(name, value)| format!("{name}={value}"));
    request.header("cookie", cookies.collect::<Vec<_>>().join("; "))
}

/// Somebody's browser, signed in.
pub(in super::super) async fn sign_in(side: &Side, account: AccountId) -> Browser {
    let client = side.app.db_session(account).await;
    side.app.browser_of(&client).await
}
