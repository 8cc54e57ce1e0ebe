//! Everywhere that texts come out: what is looked at in a world whose texts mean no harm, and in one whose texts do.

use std::collections::{BTreeMap, BTreeSet};

use consentry_domain::Role;
use consentry_entity::roster_export;
use consentry_tests::app::{Answer, Browser, TestApp};
use consentry_tests::markup::attribute;
use consentry_tests::world::{Stage, Who, World, operations};
use sea_orm::EntityTrait;
use serde_json::Value;

use super::{files, is_clean, mails};
use crate::crawl::{Crawl, dress, register, starts};

/// Whoever looks.
const LOOK: [Who; 12] = [
    Who::Anonymous,
    Who::Device,
    Who::Attendee,
    Who::EventManager,
    Who::Member,
    Who::Administrator,
    Who::Staff(Role::Owner),
    Who::Staff(Role::Manager),
    Who::Staff(Role::Finance),
    Who::Staff(Role::CheckIn),
    Who::Staff(Role::Viewer),
    Who::Staff(Role::Dpo),
];
/// What is done at last, so that mails say it.
const AT_LAST: [&str; 8] = [
    "startPayment",
    "markOrderPaid",
    "cancelOrder",
    "cancelRegistrationAsStaff",
    "inviteTeamMember",
    "invitePartnerMember",
    "cancelEvent",
    "requestErasure",
];

/// What was seen.
#[derive(Default)]
pub struct Seen {
    /// What pages and mails of a kind are made of.
    pub shapes: BTreeMap<String, BTreeSet<String>>,
    /// Headers of every kind of answer.
    headers: BTreeSet<String>,
    /// What is wrong whatever the other world is like.
    pub wrong: BTreeSet<String>,
    /// How many of each kind were looked at.
    pub counts: BTreeMap<&'static str, usize>,
}

impl Seen {
    /// Fails where something is wrong, or is not in the other world.
    pub fn is_like(&self, harmless: &Self) {
        println!("harmless: {:?}\nhostile: {:?}", harmless.counts, self.counts);
        let mut wrong: Vec<String> = self.wrong.iter().chain(&harmless.wrong).cloned().collect();
        for (kind, shapes) in &self.shapes {
            match harmless.shapes.get(kind) {
                Some(known) => wrong.extend(shapes.difference(known).map(|shape| format!("{kind} has <{shape}>"))),
                None => wrong.push(format!("{kind} is not in the other world")),
            }
        }
        wrong.extend(
            self.headers
                .difference(&harmless.headers)
                .map(|headers| format!("other headers: {headers}")),
        );
        assert!(wrong.is_empty(), "{}:\n{}", wrong.len(), wrong.join("\n"));
        for (what, least) in [("pages", 250), ("files", 40), ("mails", 12)] {
            assert!(self.counts[what] >= least, "too few {what}: {:?}", self.counts);
        }
        assert_eq!(
            self.shapes.keys().collect::<Vec<_>>(),
            harmless.shapes.keys().collect::<Vec<_>>()
        );
    }

    pub fn count(&mut self, what: &'static str) {
        *self.counts.entry(what).or_default() += 1;
    }

    pub fn blame(&mut self, what: String) {
        self.wrong.insert(what);
    }

    /// A file, whoever fetched it.
    fn file(&mut self, path: &str, answer: &Answer) {
        self.count("files");
        let found = files::judge(path, answer);
        self.wrong
            .extend(found.into_iter().map(|what| format!("{path}: {what}")));
    }
}

/// Looks at everything.
pub async fn read(world: &World, stage: &Stage) -> Seen {
    let app = &world.app;
    dress(app).await;
    let mut seen = Seen::default();
    let link = app
        .device_link(&stage.sharing.staff, stage.thing("event"), "Phone")
        .await;
    for who in LOOK {
        let mut browser = match who {
            Who::Anonymous => app.browser(),
            Who::Device => app.device_browser(&link).await,
            who => app.browser_of(stage.caller(who)).await,
        };
        pages(&mut seen, stage, who, &mut browser).await;
        match who {
            Who::Staff(Role::Owner) => lists(&mut seen, app, stage, &mut browser).await,
            Who::Attendee => own(&mut seen, stage, &mut browser).await,
            Who::Member => leads(&mut seen, stage, &mut browser).await,
            _ => {}
        }
    }
    end(world, stage).await;
    mails::read(&mut seen, app).await;
    seen
}

async fn pages(seen: &mut Seen, stage: &Stage, who: Who, browser: &mut Browser) {
    let mut starts = starts(stage);
    starts.push(format!(
        "/events/{}/{}/calendar.ics",
        stage.thing("organization.slug"),
        stage.thing("event.slug")
    ));
    // First, because only one of a kind is looked at, and not every order has mails.
    let event = format!("{}/{}", stage.thing("organization.slug"), stage.thing("event.slug"));
    starts.insert(0, format!("/manage/{event}/orders/{}", stage.thing("order.code")));
    let mut crawl = Crawl::brief(who.name(), &starts, 1);
    crawl.run(browser, &register()).await;
    for log in &crawl.logs {
        if !is_clean(log, "") {
            seen.blame(format!("{} and the log: {log}", who.name()));
        }
    }
    for (kind, shapes) in std::mem::take(&mut crawl.shapes) {
        seen.shapes.entry(kind).or_default().extend(shapes);
    }
    for (path, answer) in &crawl.files {
        seen.file(path, answer);
    }
    seen.headers.extend(crawl.headers.into_keys());
    *seen.counts.entry("pages").or_default() += crawl.pages;
    // What is linked and not there is the crawl's.
    let wrong = crawl.wrong.into_iter();
    seen.wrong
        .extend(wrong.filter(|wrong| !wrong.contains(": 404, linked on")));
}

/// The roster, as staff take it along.
async fn lists(seen: &mut Seen, app: &TestApp, stage: &Stage, browser: &mut Browser) {
    let lists = roster_export::Entity::find()
        .all(app.store().read())
        .await
        .expect("lists");
    for list in lists {
        let id = stage.sharing.event.public(list.id);
        for path in [format!("/exports/{id}"), format!("/exports/{id}.xlsx")] {
            let answer = browser.get(&path).await;
            if answer.status == 200 {
                seen.file(&path, &answer);
            }
        }
    }
}

/// Everything that is held of somebody, as they take it along.
async fn own(seen: &mut Seen, stage: &Stage, browser: &mut Browser) {
    let page = format!("/me/data/{}", stage.thing("person"));
    for format in ["json", "csv"] {
        let answer = browser
            .press(&page, &format!("{page}/copy"), &[("format", format)])
            .await;
        assert_eq!(answer.status, 200, "{}", answer.text);
        seen.file(&format!("{page}/copy as {format}"), &answer);
    }
}

/// A partner's leads, for every program that they are made for.
async fn leads(seen: &mut Seen, stage: &Stage, browser: &mut Browser) {
    let seat = browser.get("/partner").await.header("location").to_owned();
    let path = format!("{seat}/{}/event-follow-up", stage.thing("eventPartner"));
    let page = browser.open(&path).await;
    let (_, choice) = page.split_once("name=\"preset\"").expect("a choice of programs");
    let presets = attribute(choice.split("</select>").next().unwrap_or_default(), "value");
    assert!(presets.len() > 2, "{presets:?}");
    for preset in presets {
        for format in ["csv", "xlsx"] {
            let answer = browser
                .press(&path, &path, &[("preset", &preset), ("format", format)])
                .await;
            assert_eq!(answer.status, 200, "{}", answer.text);
            seen.file(&format!("{path} as {preset} and {format}"), &answer);
        }
    }
}

/// Does what mails tell of.
async fn end(world: &World, stage: &Stage) {
    for name in AT_LAST {
        let operation = operations(&world.schema)
            .into_iter()
            .find(|one| one.name == name)
            .expect("an operation");
        let who = match name {
            "startPayment" => Who::Anonymous,
            "requestErasure" => Who::Attendee,
            _ => Who::Staff(Role::Owner),
        };
        world.app.db_execute("update organization set revision = 1").await;
        let answer: Value = operation.attempt(stage, who).await.whole;
        assert!(answer["errors"].is_null(), "{name}: {answer}");
    }
}
