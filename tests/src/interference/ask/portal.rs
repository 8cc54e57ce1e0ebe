//! What a member of the observer's staff sees on the pages for partners, and the files that they take along.

use std::fmt::Write as _;

use consentry_domain::AccountId;
use reqwest::RequestBuilder;

use super::super::side::Side;
use super::super::transcript::Answer;
use super::super::world::World;
use crate::app::Browser;

/// How many pages and files there are.
pub(super) const PAGES: usize = 16;

/// Opens one of them, as the member. A file is taken as CSV and as a workbook, which stands behind it.
pub(super) async fn open(side: &Side, world: &World, number: usize) -> Answer {
    let seat = &world.seat;
    let own = |purpose: &str| format!("/partner/{seat}/{}/{purpose}", world.follow_up.event_partner);
    let (path, preset) = match number {
        0 => ("/partner".to_owned(), None),
        1 => (format!("/partner/{seat}"), None),
        2 | 3 => (own("event-follow-up"), None),
        4 => (own("product-information"), None),
        5 => (own("related-events"), None),
        6 => (own("subsequent-editions"), None),
        7 => (
            format!("/partner/{seat}/{}/event-follow-up", world.other.event_partner),
            None,
        ),
        8 => (
            format!("/partner/nonsense/{}/event-follow-up", world.follow_up.event_partner),
            None,
        ),
        9 => (own("event-follow-up"), Some("plain")),
        10 => (own("product-information"), Some("salesforce")),
        11 => (own("related-events"), Some("hubspot")),
        12 => (own("event-follow-up?words=hidden"), None),
        13 => (own("event-follow-up?sort=company"), None),
        14 => (own("event-follow-up?words=e&sort=company"), None),
        _ => (own("event-follow-up?words=hidden+1&sort=newest"), None),
    };
    let page = side.send(with_cookies(side.request("GET", &path), &world.portal)).await;
    let Some(preset) = preset else {
        return page;
    };
    let token = page.body.split("name=\"token\" value=\"").nth(1);
    let token = token.and_then(|rest| rest.split('"').next()).unwrap_or_default();
    let take = async |format: &str| {
        let body = format!("token={token}&preset={preset}&format={format}");
        let form = "application/x-www-form-urlencoded";
        let request = side.request("POST", &path).header("content-type", form).body(body);
        side.send(with_cookies(request, &world.portal)).await
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

/// The member's browser, signed in.
pub(in super::super) async fn sign_in(side: &Side, account: AccountId) -> Browser {
    let client = side.app.db_session(account).await;
    side.app.browser_of(&client).await
}
