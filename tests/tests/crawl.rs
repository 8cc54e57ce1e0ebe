//! Every page that a link leads to, as everybody who may follow it, in a world whose every text is hostile: no page fails,
//! no link is dead, nothing is loaded from elsewhere, no text becomes markup, headers and cookies are those that are written down.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use consentry::platform::store::sql;
use consentry_domain::Role;
use consentry_tests::app::{Answer, Browser};
use consentry_tests::markup::{attribute, names, shape, tags};
use consentry_tests::world::{Stage, Who, World};
use consentry_tests::{TestApp, on_both_databases};
use uuid::Uuid;

use crate::role_pages::join_secret;

/// Ends whatever it stands in: an element, an attribute of either quotation, a script, a comment, a template.
const HOSTILE: &str = "=cmd</script></title>--><xq onxq=1>\"' xq=\"{{xq}}%0d%0aXq: 1\r\nXq: 1";
/// The address under which the program is found in tests.
const OWN: &str = "http://consentry.test";

/// Texts that somebody typed; those of several languages are objects.
const TEXTS: &[(&str, &[&str])] = &[
    ("organization", &["name", "legal_name"]),
    ("partner", &["display_name", "legal_name"]),
    ("partner_token", &["name"]),
    ("quota", &["name"]),
    ("answer", &["value"]),
    ("offer_version", &["remark"]),
    ("roster_export", &["purpose"]),
    ("roster_view", &["name", "words"]),
    ("guardian_request", &["guardian_name"]),
    ("billing_party", &["company", "vat_id", "purchase_order_number"]),
    ("\"order\"", &["buyer_name"]),
    ("payment", &["reference"]),
    ("speaker", &["name"]),
    ("lead", &["full_name", "company", "job_title", "city"]),
    ("disclosure", &["recipient_name"]),
    ("check_in", &["device"]),
    ("door_device", &["name", "list"]),
    ("complaint", &["text", "answer", "recipient_name"]),
    (
        "registration",
        &[
            "full_name",
            "given_name",
            "family_name",
            "ordered_name",
            "phone",
            "company",
            "job_title",
            "city",
            "social_profile",
        ],
    ),
];
const TRANSLATED: &[(&str, &[&str])] = &[
    ("organization", &["introduction", "footer"]),
    ("event", &["title", "description"]),
    ("event_session", &["title", "description", "place"]),
    ("speaker", &["headline", "biography"]),
    ("ticket_type", &["name", "description"]),
    ("question", &["label", "help"]),
    ("question_choice", &["label"]),
    ("legal_document", &["title", "content"]),
    ("offer_version", &["text"]),
];

/// Puts it into every text.
async fn plant(app: &TestApp) {
    let translated = serde_json::json!({ "en": HOSTILE }).to_string();
    let kinds = [(TEXTS, HOSTILE.to_owned()), (TRANSLATED, translated)];
    for (table, column, text) in kinds.iter().flat_map(|(tables, text)| {
        let columns = tables
            .iter()
            .flat_map(|(table, columns)| columns.iter().map(move |column| (table, column)));
        columns.map(move |(table, column)| (table, column, text))
    }) {
        let statement = format!("update {table} set {column} = $1 where {column} is not null");
        let changed = sql::execute(app.store().admin(), &statement, [text.clone().into()]).await;
        changed.unwrap_or_else(|error| panic!("{table}.{column}: {error}"));
    }
}

/// Gives every organization a logo and a colour, and whoever speaks a picture.
pub(crate) async fn dress(app: &TestApp) {
    const NAME: &str = "0123456789abcdef0123456789abcdef-600x200.png";
    let id = Uuid::from_u128(0x0123_4567_89ab_cdef_0123_4567_89ab_cdef);
    let insert =
        "insert into picture (organization_id, id, name, bytes, touched_at) select id, $1, $2, $3, 1 from organization";
    let bytes = b"\x89PNG".to_vec();
    let inserted = sql::execute(app.store().admin(), insert, [id.into(), NAME.into(), bytes.into()]).await;
    inserted.expect("pictures");
    app.db_execute(&format!(
        "update organization set accent_color = '#7a1f5f', logo = '{NAME}'"
    ))
    .await;
    app.db_execute(&format!("update speaker set picture = '{NAME}'")).await;
}

/// The cookies that people are told of.
pub(crate) fn register() -> BTreeSet<String> {
    let text = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/privacy.md")).expect("a page");
    let names = text.lines().filter_map(|line| line.strip_prefix("| `__Host-"));
    let names = names.filter_map(|rest| rest.split('`').next());
    names.map(|name| format!("__Host-{name}")).collect()
}

/// One walk.
pub(crate) struct Crawl {
    pub(crate) who: String,
    queue: VecDeque<(String, String)>,
    seen: BTreeSet<String>,
    /// What was opened.
    opened: BTreeSet<String>,
    pub(crate) wrong: BTreeSet<String>,
    /// The headers of every kind of answer, with one that has them.
    pub(crate) headers: BTreeMap<String, String>,
    /// What the pages of each kind are made of.
    pub(crate) shapes: BTreeMap<String, BTreeSet<String>>,
    /// What is no page, by its path.
    pub(crate) files: Vec<(String, Answer)>,
    /// What the program wrote into its log, for each answer.
    pub(crate) logs: Vec<String>,
    pub(crate) pages: usize,
    pub(crate) hostile: usize,
    /// How many pages of a kind are opened.
    of_a_kind: usize,
}

/// What kind of page it is: its path without ids, codes and secrets.
pub(crate) fn kind_of(path: &str) -> String {
    let bare = path.split(['?', '#']).next().unwrap_or_default();
    let parts = bare.split('/').map(|part| {
        let is_word = part.len() < 24
            && part
                .bytes()
                .all(|byte| byte.is_ascii_lowercase() || b"-.".contains(&byte));
        if is_word { part } else { "*" }
    });
    parts.collect::<Vec<_>>().join("/")
}

impl Crawl {
    fn new(who: String, starts: &[String]) -> Self {
        let queue = starts.iter().map(|path| (path.clone(), "the start".to_owned()));
        Self {
            who,
            queue: queue.collect(),
            seen: starts.iter().cloned().collect(),
            opened: BTreeSet::new(),
            wrong: BTreeSet::new(),
            headers: BTreeMap::new(),
            shapes: BTreeMap::new(),
            files: Vec::new(),
            logs: Vec::new(),
            pages: 0,
            hostile: 0,
            of_a_kind: usize::MAX,
        }
    }

    /// One that opens so many pages of each kind.
    pub(crate) fn brief(who: String, starts: &[String], of_a_kind: usize) -> Self {
        Self {
            of_a_kind,
            ..Self::new(who, starts)
        }
    }

    fn blame(&mut self, path: &str, what: &str) {
        self.wrong.insert(format!("{} at {path}: {what}", self.who));
    }

    pub(crate) async fn run(&mut self, browser: &mut Browser, cookies: &BTreeSet<String>) {
        while let Some((path, from)) = self.queue.pop_front() {
            let answer = browser.get(&path).await;
            self.note_headers(&path, &answer);
            match answer.status {
                200 => self.read(&path, &answer),
                303 => self.find(answer.header("location"), &path),
                404 if from == "the start" => {}
                status => self.blame(&path, &format!("{status}, linked on {from}")),
            }
            if answer.headers.contains_key("xq") || answer.log.contains("xq") {
                self.blame(&path, "a text reached a header or the log");
            }
            if self.of_a_kind < usize::MAX {
                self.logs.push(answer.log.clone());
            }
            for name in browser.cookies.keys().filter(|name| !cookies.contains(*name)) {
                self.wrong.insert(format!("the cookie {name}"));
            }
        }
    }

    fn read(&mut self, path: &str, answer: &Answer) {
        self.pages += 1;
        self.opened.insert(path.to_owned());
        if !answer.header("content-type").starts_with("text/html") {
            self.files.push((path.to_owned(), answer.clone()));
            return;
        }
        let text = &answer.text;
        self.shapes.entry(kind_of(path)).or_default().extend(shape(text));
        self.hostile += usize::from(text.contains("xq onxq"));
        for tag in tags(text) {
            for name in names(&tag) {
                if name.starts_with("xq") || name.starts_with("on") || name == "style" {
                    self.blame(path, &format!("{name} in {tag}"));
                }
            }
        }
        let data = text.split("<script type=\"application/ld+json\"").skip(1);
        for data in data.filter_map(|rest| rest.split_once('>')?.1.split("</script").next()) {
            if serde_json::from_str::<serde_json::Value>(data).is_err() {
                self.blame(path, &format!("data that cannot be read: {data}"));
            }
        }
        let loaded = ["src", "srcset", "action", "formaction", "data", "poster"];
        for value in loaded.iter().flat_map(|name| attribute(text, name)) {
            // A place on the same page is one.
            if !value.starts_with(['/', '#', '?']) || value.starts_with("//") {
                self.blame(path, &format!("it loads or sends {value}"));
            }
        }
        for value in attribute(text, "src") {
            self.find(&value, path);
        }
        for value in attribute(text, "href") {
            let value = match value.strip_prefix(OWN) {
                Some(own) => own.to_owned(),
                None => value,
            };
            let is_elsewhere = ["https://", "mailto:"].iter().any(|scheme| value.starts_with(scheme));
            if value.starts_with('/') && !value.starts_with("//") || value.starts_with('?') {
                self.find(&value, path);
            } else if !(is_elsewhere || value.starts_with('#')) {
                self.blame(path, &format!("a link to {value}"));
            }
        }
    }

    /// A link that was not followed yet. The same page with other words in its query counts a few times only.
    fn find(&mut self, link: &str, from: &str) {
        let bare = link.split('#').next().unwrap_or_default();
        let whole = if bare.starts_with('?') {
            format!("{}{bare}", from.split('?').next().unwrap_or_default())
        } else {
            bare.to_owned()
        };
        let page = whole.split('?').next().unwrap_or_default();
        let alike = self.seen.iter().filter(|seen| seen.split('?').next() == Some(page));
        let most = self.of_a_kind.min(6);
        if whole.starts_with('/') && alike.count() < most && !self.has_enough(&whole) && self.seen.insert(whole.clone())
        {
            self.queue.push_back((whole, from.to_owned()));
        }
    }

    fn has_enough(&self, path: &str) -> bool {
        let kind = kind_of(path);
        let of_kind = self.seen.iter().filter(|seen| kind_of(seen) == kind);
        self.of_a_kind < usize::MAX && of_kind.take(self.of_a_kind).count() == self.of_a_kind
    }

    /// The headers of each kind of answer, with what differs from page to page taken out.
    fn note_headers(&mut self, path: &str, answer: &Answer) {
        let kind = format!("{} {}", answer.status, answer.header("content-type"));
        let mut lines = Vec::new();
        for (name, value) in &answer.headers {
            let value = value.to_str().unwrap_or("not a text");
            match name.as_str() {
                "set-cookie" | "etag" | "content-disposition" | "x-request-id" | "request-id" => {}
                "content-security-policy" => {
                    let nonce = value.split("'nonce-").nth(1).and_then(|rest| rest.split('\'').next());
                    lines.push(format!("{name}: {}", value.replace(nonce.unwrap_or("no nonce"), "…")));
                }
                "location" => lines.push(format!("{name}: …")),
                _ => lines.push(format!("{name}: {value}")),
            }
        }
        lines.sort();
        let shown = format!("{}\n  {}", kind.trim(), lines.join("\n  "));
        self.headers.entry(shown).or_insert_with(|| path.to_owned());
    }
}

pub(crate) fn starts(stage: &Stage) -> Vec<String> {
    let thing = |name: &str| stage.thing(name).to_owned();
    let event = format!("{}/{}", thing("organization.slug"), thing("event.slug"));
    let mut all = vec![
        "/".to_owned(),
        format!("/events/{event}"),
        format!("/events/{event}/register"),
        "/sign-in".to_owned(),
        "/me".to_owned(),
        "/partner".to_owned(),
        "/manage".to_owned(),
        format!("/manage/{event}"),
        "/thanks".to_owned(),
        "/door".to_owned(),
    ];
    let secrets = [
        ("confirm", "confirmSecret"),
        ("guardian", "guardianSecret"),
        ("order", "orderSecret"),
        ("join", "joinSecret"),
        ("address", "addressSecret"),
        ("claim", "claimSecret"),
        ("door", "doorSecret"),
    ];
    all.extend(
        secrets
            .iter()
            .map(|(path, secret)| format!("/{path}/{}", thing(secret))),
    );
    all
}

impl Crawl {
    /// What no link leads to: forms, files that a form gives, refusals; as somebody who may do most, and as nobody.
    async fn try_forms(&mut self, stage: &Stage, owner: &mut Browser, attendee: &mut Browser, nobody: &mut Browser) {
        let event = format!(
            "/manage/{}/{}",
            stage.thing("organization.slug"),
            stage.thing("event.slug")
        );
        let mine = format!("/me/data/{}", stage.thing("person"));
        let (door, list) = (format!("{event}/door"), format!("{event}/door/list"));
        let long = "x".repeat(70_000);
        let answers = [
            ("the door's list", owner.press(&door, &list, &[]).await, 200),
            ("the door's list without a token", owner.post(&list, &[]).await, 403),
            ("the door's list for nobody", nobody.post(&list, &[]).await, 401),
            (
                "nothing in a form",
                owner
                    .press(&event, &format!("{event}/tickets/new"), &[("go", "save")])
                    .await,
                422,
            ),
            (
                "a form of elsewhere",
                owner.post(&format!("{event}/tickets/new"), &[("go", "save")]).await,
                422,
            ),
            (
                "a form that is too long",
                owner.post(&door, &[("code", &long)]).await,
                413,
            ),
            ("a form for what has none", nobody.post("/thanks", &[]).await, 405),
            (
                "everything as JSON",
                attendee
                    .press(&mine, &format!("{mine}/copy"), &[("format", "json")])
                    .await,
                200,
            ),
            (
                "everything as CSV",
                attendee
                    .press(&mine, &format!("{mine}/copy"), &[("format", "csv")])
                    .await,
                200,
            ),
            (
                "a list for nobody",
                nobody.get(&format!("/exports/{}", stage.thing("rosterExport"))).await,
                401,
            ),
            (
                "a list for others",
                attendee.get(&format!("/exports/{}", stage.thing("rosterExport"))).await,
                404,
            ),
            ("no page", nobody.get("/nowhere").await, 404),
            (
                "no page for staff",
                owner.get(&format!("{event}/nothing/at/all")).await,
                404,
            ),
            ("no file", nobody.get("/assets/nothing").await, 404),
            ("signing out", attendee.press("/me", "/sign-out", &[]).await, 303),
        ];
        for (what, answer, status) in answers {
            assert_eq!(answer.status, status, "{what}: {}", answer.text);
            self.note_headers(what, &answer);
        }
    }
}

on_both_databases! {
    async fn no_link_is_dead_and_no_text_becomes_markup_whoever_looks(app: TestApp) {
        let world = World::create(app).await;
        let app = &world.app;
        let stage = world.stage().await;
        let link = app.device_link(&stage.sharing.staff, stage.thing("event"), "Phone").await;
        let mut starts = starts(&stage);
        // The stage's own event has a venue, and its list of people has no link for all who may open it.
        starts.retain(|path| !path.starts_with("/join/"));
        starts.push(format!("/join/{}", join_secret(app, &stage.sharing).await));
        let event = format!("{}/{}", stage.thing("organization.slug"), stage.thing("event.slug"));
        starts.push(format!("/manage/{event}/roster/exports/{}", stage.thing("rosterExport")));
        plant(app).await;
        dress(app).await;
        let cookies = register();
        assert!(cookies.contains("__Host-session"), "{cookies:?}");
        let mut callers = vec![(Who::Anonymous, app.browser()), (Who::Device, app.device_browser(&link).await)];
        let signed_in = [Who::Attendee, Who::EventManager, Who::Member, Who::Administrator].into_iter().chain(
            [Role::Owner, Role::Manager, Role::Finance, Role::CheckIn, Role::Viewer, Role::Dpo].map(Who::Staff),
        );
        for who in signed_in {
            callers.push((who, app.browser_of(stage.caller(who)).await));
        }
        let mut tables: BTreeMap<String, String> = BTreeMap::new();
        let mut wrong = BTreeSet::new();
        let mut opened = BTreeSet::new();
        for (who, browser) in &mut callers {
            let mut crawl = Crawl::new(who.name(), &starts);
            crawl.run(browser, &cookies).await;
            println!("{}: {} pages, {} of them with hostile texts", crawl.who, crawl.pages, crawl.hostile);
            assert!(crawl.pages > 12 && crawl.hostile > 8, "{} sees too little to tell", crawl.who);
            tables.append(&mut crawl.headers);
            wrong.append(&mut crawl.wrong);
            opened.append(&mut crawl.opened);
        }
        assert!(wrong.is_empty(), "{wrong:#?}");
        let shut: Vec<&String> = starts.iter().filter(|start| !opened.contains(*start)).collect();
        assert!(shut.is_empty(), "nobody finds anything where a walk starts: {shut:#?}");
        let mut forms = Crawl::new("forms".to_owned(), &[]);
        let mut who: BTreeMap<Who, Browser> = callers.into_iter().collect();
        let mut take = |one| who.remove(&one).expect("somebody");
        let (mut owner, mut attendee, mut nobody) = (take(Who::Staff(Role::Owner)), take(Who::Attendee), take(Who::Anonymous));
        forms.try_forms(&stage, &mut owner, &mut attendee, &mut nobody).await;
        tables.append(&mut forms.headers);
        let tables: Vec<String> = tables.into_keys().collect();
        insta::assert_snapshot!("headers_of_every_kind_of_answer", tables.join("\n"));
    }
}
