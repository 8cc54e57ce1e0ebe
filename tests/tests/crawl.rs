//! Every page that a link leads to, as everybody who may follow it, in a world whose every text is hostile: no page fails,
//! no link is dead, nothing is loaded from elsewhere, no text becomes markup, headers and cookies are those that are written down.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use consentry::platform::store::sql;
use consentry_domain::Role;
use consentry_tests::app::{Answer, Browser};
use consentry_tests::world::{Stage, Who, World};
use consentry_tests::{TestApp, on_both_databases};
use uuid::Uuid;

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
async fn dress(app: &TestApp) {
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

/// The values of an attribute, as a browser reads them.
fn attribute(page: &str, name: &str) -> Vec<String> {
    let start = format!(" {name}=\"");
    let values = page.split(start.as_str()).skip(1);
    let values = values.filter_map(|rest| rest.split('"').next());
    values
        .map(|value| value.replace("&#38;", "&").replace("&amp;", "&"))
        .collect()
}

/// Every tag of a page, as a browser finds them: a sign inside quotation marks ends none, and a script ends where it says so.
fn tags(page: &str) -> Vec<String> {
    let (mut found, mut rest) = (Vec::new(), page);
    while let Some(start) = rest.find('<') {
        rest = &rest[start..];
        let is_tag = rest[1..].starts_with(|next: char| next.is_ascii_alphabetic() || next == '/');
        if !is_tag {
            rest = &rest[1..];
            continue;
        }
        let (mut quote, mut end) = (None, rest.len());
        for (index, sign) in rest.char_indices() {
            match (quote, sign) {
                (None, '"' | '\'') => quote = Some(sign),
                (Some(open), _) if open == sign => quote = None,
                (None, '>') => {
                    end = index + 1;
                    break;
                }
                _ => {}
            }
        }
        let tag = rest[..end].to_owned();
        rest = &rest[end..];
        if tag.starts_with("<script") {
            rest = rest.find("</script").map_or("", |end| &rest[end..]);
        }
        found.push(tag);
    }
    found
}

/// The name of a tag, and those of its attributes.
fn names(tag: &str) -> Vec<String> {
    let (mut bare, mut quote) = (String::new(), None);
    for sign in tag.trim_matches(['<', '>', '/']).chars() {
        match (quote, sign) {
            (None, '"' | '\'') => quote = Some(sign),
            (Some(open), _) if open == sign => quote = None,
            (Some(_), _) => {}
            (None, _) => bare.push(sign),
        }
    }
    let parts = bare.split_ascii_whitespace();
    parts
        .map(|part| part.split('=').next().unwrap_or_default().to_ascii_lowercase())
        .collect()
}

#[test]
fn what_comes_out_of_a_text_is_seen() {
    let page = "<p class=\"a > b\" title='x \" onq=1'>\"<b ONX=1><script>if (1 <b) {}</script><xq/></p>";
    let found: Vec<Vec<String>> = tags(page).iter().map(|tag| names(tag)).collect();
    let expected: [&[&str]; 6] = [
        &["p", "class", "title"],
        &["b", "onx"],
        &["script"],
        &["script"],
        &["xq"],
        &["p"],
    ];
    assert_eq!(found, expected);
}

/// The cookies that people are told of.
fn register() -> BTreeSet<String> {
    let text = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/privacy.md")).expect("a page");
    let names = text.lines().filter_map(|line| line.strip_prefix("| `__Host-"));
    let names = names.filter_map(|rest| rest.split('`').next());
    names.map(|name| format!("__Host-{name}")).collect()
}

/// One walk.
struct Crawl {
    who: String,
    queue: VecDeque<(String, String)>,
    seen: BTreeSet<String>,
    wrong: BTreeSet<String>,
    headers: BTreeMap<String, String>,
    pages: usize,
    hostile: usize,
}

impl Crawl {
    fn new(who: String, starts: &[String]) -> Self {
        let queue = starts.iter().map(|path| (path.clone(), "the start".to_owned()));
        Self {
            who,
            queue: queue.collect(),
            seen: starts.iter().cloned().collect(),
            wrong: BTreeSet::new(),
            headers: BTreeMap::new(),
            pages: 0,
            hostile: 0,
        }
    }

    fn blame(&mut self, path: &str, what: &str) {
        self.wrong.insert(format!("{} at {path}: {what}", self.who));
    }

    async fn run(&mut self, browser: &mut Browser, cookies: &BTreeSet<String>) {
        while let Some((path, from)) = self.queue.pop_front() {
            let answer = browser.get(&path).await;
            match answer.status {
                200 => self.read(&path, &answer),
                303 => self.find(answer.header("location"), &path),
                404 if from == "the start" => {}
                status => self.blame(&path, &format!("{status}, linked on {from}")),
            }
            if answer.headers.contains_key("xq") || answer.log.contains("xq") {
                self.blame(&path, "a text reached a header or the log");
            }
            for name in browser.cookies.keys().filter(|name| !cookies.contains(*name)) {
                self.wrong.insert(format!("the cookie {name}"));
            }
        }
    }

    fn read(&mut self, path: &str, answer: &Answer) {
        self.pages += 1;
        let kind = answer.header("content-type").to_owned();
        self.note_headers(path, &kind, answer);
        if !kind.starts_with("text/html") {
            return;
        }
        let text = &answer.text;
        self.hostile += usize::from(text.contains("xq onxq"));
        for tag in tags(text) {
            for name in names(&tag) {
                if name.starts_with("xq") || name.starts_with("on") || name == "style" {
                    self.blame(path, &format!("{name} in {tag}"));
                }
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
        if whole.starts_with('/') && alike.count() < 6 && self.seen.insert(whole.clone()) {
            self.queue.push_back((whole, from.to_owned()));
        }
    }

    /// The headers of each kind of answer, with what differs from page to page taken out.
    fn note_headers(&mut self, path: &str, kind: &str, answer: &Answer) {
        let mut lines = Vec::new();
        for (name, value) in &answer.headers {
            let value = value.to_str().unwrap_or("not a text");
            match name.as_str() {
                "set-cookie" | "etag" | "content-disposition" | "x-request-id" | "request-id" => {}
                "content-security-policy" => {
                    let nonce = value.split("'nonce-").nth(1).and_then(|rest| rest.split('\'').next());
                    lines.push(format!("{name}: {}", value.replace(nonce.unwrap_or("no nonce"), "…")));
                }
                _ => lines.push(format!("{name}: {value}")),
            }
        }
        lines.sort();
        let shown = format!("{kind}\n  {}", lines.join("\n  "));
        self.headers.entry(shown).or_insert_with(|| path.to_owned());
    }
}

fn starts(stage: &Stage) -> Vec<String> {
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

on_both_databases! {
    async fn no_link_is_dead_and_no_text_becomes_markup_whoever_looks(app: TestApp) {
        let world = World::create(app).await;
        let app = &world.app;
        let stage = world.stage().await;
        let link = app.device_link(&stage.sharing.staff, stage.thing("event"), "Phone").await;
        plant(app).await;
        dress(app).await;
        let cookies = register();
        assert!(cookies.contains("__Host-session"), "{cookies:?}");
        let mut callers = vec![(Who::Anonymous, app.browser()), (Who::Device, app.device_browser(&link).await)];
        let signed_in = [Who::Attendee, Who::EventManager, Who::Member].into_iter().chain(
            [Role::Owner, Role::Manager, Role::Finance, Role::CheckIn, Role::Viewer, Role::Dpo].map(Who::Staff),
        );
        for who in signed_in {
            callers.push((who, app.browser_of(stage.caller(who)).await));
        }
        let mut tables: BTreeMap<String, String> = BTreeMap::new();
        let mut wrong = BTreeSet::new();
        for (who, browser) in &mut callers {
            let mut crawl = Crawl::new(who.name(), &starts(&stage));
            crawl.run(browser, &cookies).await;
            println!("{}: {} pages, {} of them with hostile texts", crawl.who, crawl.pages, crawl.hostile);
            assert!(crawl.pages > 12 && crawl.hostile > 8, "{} sees too little to tell", crawl.who);
            tables.append(&mut crawl.headers);
            wrong.append(&mut crawl.wrong);
        }
        assert!(wrong.is_empty(), "{wrong:#?}");
        let tables: Vec<String> = tables.into_keys().collect();
        insta::assert_snapshot!("headers_of_every_kind_of_answer", tables.join("\n"));
    }
}
