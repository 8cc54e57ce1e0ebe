//! What an observer asks: with good and useless tokens, in good and broken documents, on every path.

use consentry::graphql::ids;
use consentry_domain::{EventPartnerId, LeadId};
use reqwest::RequestBuilder;
use serde_json::{Value, json};
use uuid::Uuid;

use super::hidden::Hints;
use super::random::Random;
use super::side::Side;
use super::transcript::Answer;
use super::world::{Token, World};

/// Where a page starts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum After {
    /// At the beginning.
    Start,
    /// After a cursor that was seen, whichever stream's.
    Seen(usize),
    /// After a cursor that is none.
    Forged,
    /// After a cursor of the other partner's stream.
    Foreign,
    /// After a cursor of another list.
    OtherList,
}

/// Whose leads are asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Whose {
    /// Nobody is named.
    Unnamed,
    /// The observer.
    Mine,
    /// Another partner that everybody sees.
    Other,
    /// One of which a conspirator told, and which may not be there.
    Hinted(usize),
    /// Nobody.
    Unknown,
    /// No id at all.
    Nonsense,
}

/// One request of the observer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ask {
    /// A page of leads.
    Leads {
        /// With what.
        token: Token,
        /// For what.
        purpose: &'static str,
        /// How many.
        first: i64,
        /// From where.
        after: After,
        /// Whose.
        whose: Whose,
        /// What is selected.
        selection: String,
    },
    /// A page of leads with a token that is good for nothing.
    UselessToken(Token),
    /// A lead by its id: seen (by number), hinted, unknown.
    Node(usize),
    /// Token, company, places at events.
    Myself(Token),
    /// Two pulls in one request.
    TwoPulls,
    /// A document that is refused, by number.
    Document(usize),
    /// A request that is no good GraphQL request, by number.
    Request(usize),
    /// The public event, the list of events, a quote.
    Public(usize),
    /// An order, guessed.
    Order(usize),
    /// A sign-in link for somebody.
    SignIn(usize),
    /// A registration that is refused, with somebody's address.
    Register(usize),
    /// Secrets, guessed.
    Secret(usize),
    /// Pages and other paths.
    Path(usize),
    /// What staff and attendees may ask, with a partner's token.
    OthersRoots(usize),
}

const FIELDS: &[&str] = &[
    "id",
    "contactKey",
    "purpose",
    "legalBasis",
    "consentedOn",
    "offerVersion",
    "deleteBy",
    "fullName",
    "givenName",
    "familyName",
    "email",
    "company",
    "jobTitle",
    "city",
    "phone",
    "country",
    "socialProfile",
    "ticketType(locale: \"de\")",
    "attended",
    "postalAddress { city }",
    "fields { field label(locale: \"de\") values }",
    "again: email",
    "... on Lead { email company }",
    "city @skip(if: true)",
];
const PURPOSES: &[&str] = &[
    "EVENT_FOLLOW_UP",
    "PRODUCT_INFORMATION",
    "RELATED_EVENTS",
    "SUBSEQUENT_EDITIONS",
];
const DOCUMENTS: &[&str] = &[
    "{ partner { leads(purpose: EVENT_FOLLOW_UP, first: 5) { totalCount } } }",
    "{ partner { leads(purpose: EVENT_FOLLOW_UP, first: 5, filter: { email: \"v\" }) { nodes { id } } } }",
    "{ partner { leads(purpose: EVENT_FOLLOW_UP, first: 5, orderBy: COMPANY) { nodes { id } } } }",
    "{ partner { leads(purpose: EVENT_FOLLOW_UP, first: 0) { nodes { id } } } }",
    "{ partner { leads(purpose: EVENT_FOLLOW_UP, first: 101) { nodes { id } } } }",
    "{ partner { leads(purpose: EVERYTHING, first: 5) { nodes { id } } } }",
    "{ partner { leads(first: 5) { nodes { id } } } }",
    "{ partner { leads(purpose: EVENT_FOLLOW_UP, first: 5) { nodes { registration { id } } } } }",
    "{ partner { leads(purpose: EVENT_FOLLOW_UP, first: 5) { nodes { createdAt updatedAt revision } } } }",
    "{ partner {",
    "",
    "{ __schema { queryType { name } types { name } } }",
    "{ __type(name: \"Lead\") { fields { name } } }",
    "{ __typename partner { __typename } }",
    "mutation { exportRoster(input: { eventId: \"x\", idempotencyKey: \"x\", purpose: \"x\" }) { userErrors { code } } }",
    "subscription { leads { id } }",
    "query A { __typename } query B { __typename }",
    "{ a: partner { token { id } } b: partner { token { id } } }",
];
const REQUESTS: usize = 8;
const PATHS: &[(&str, &str)] = &[
    ("GET", "/"),
    ("GET", "/healthz"),
    ("GET", "/readyz"),
    ("GET", "/metrics"),
    ("GET", "/nowhere"),
    ("GET", "/graphql"),
    ("GET", "/sign-in/nonsense"),
    ("GET", "/confirm/nonsense"),
    ("GET", "/claim/nonsense"),
    ("GET", "/guardian/nonsense"),
    ("GET", "/address/nonsense"),
    ("GET", "/order/nonsense"),
    ("GET", "/join/nonsense"),
    ("GET", "/thanks"),
    ("GET", "/exports/nonsense"),
    ("POST", "/exports/nonsense"),
    ("PUT", "/graphql"),
    ("POST", "/webhooks/nonsense"),
];

impl Ask {
    /// The kinds, by number, for a deck.
    pub(super) const KINDS: usize = 14;

    /// One of a kind.
    pub(super) fn of(kind: usize, random: &mut Random) -> Self {
        match kind {
            0 => Self::leads(random),
            1 => Self::UselessToken(*random.one(Token::USELESS)),
            2 => Self::Node(random.below(12)),
            3 => Self::Myself(*random.one(&[Token::All, Token::Narrow, Token::All, Token::Revoked])),
            4 => Self::TwoPulls,
            5 => Self::Document(random.below(DOCUMENTS.len())),
            6 => Self::Request(random.below(REQUESTS)),
            7 => Self::Public(random.below(3)),
            8 => Self::Order(random.below(100)),
            9 => Self::SignIn(random.below(100)),
            10 => Self::Register(random.below(100)),
            11 => Self::Secret(random.below(SECRETS.len())),
            12 => Self::Path(random.below(PATHS.len())),
            _ => Self::OthersRoots(random.below(3)),
        }
    }

    pub(super) fn leads(random: &mut Random) -> Self {
        let fields = random.some(FIELDS).join(" ");
        let fields = match random.below(4) {
            0 => format!("edges {{ cursor node {{ {fields} }} }}"),
            1 => format!("edges {{ cursor }} nodes {{ {fields} }}"),
            2 => format!("nodes {{ {fields} }} edges {{ node {{ id }} cursor }}"),
            _ => format!("nodes {{ {fields} }}"),
        };
        let whose = match random.below(14) {
            0..6 => Whose::Mine,
            6..9 => Whose::Unnamed,
            9 => Whose::Other,
            10 | 11 => Whose::Hinted(random.below(100)),
            12 => Whose::Unknown,
            _ => Whose::Nonsense,
        };
        let after = match random.below(12) {
            0..6 => After::Start,
            6..9 => After::Seen(random.below(100)),
            9 => After::Forged,
            10 => After::Foreign,
            _ => After::OtherList,
        };
        Self::Leads {
            token: *random.one(&[Token::All, Token::All, Token::Narrow]),
            // The first is asked for as often as all others.
            purpose: PURPOSES[[0, 0, 0, 1, 2, 3][random.below(6)]],
            first: *random.one(&[1, 2, 2, 3, 5, 8, 10, 12, 100]),
            after,
            whose,
            selection: format!("{fields} pageInfo {{ hasNextPage hasPreviousPage startCursor endCursor }}"),
        }
    }

    /// All leads of a stream, from the beginning.
    pub(super) fn every_lead(purpose: &'static str, first: i64, after: After) -> Self {
        Self::Leads {
            token: Token::All,
            purpose,
            first,
            after,
            whose: Whose::Mine,
            selection: "edges { cursor node { id contactKey consentedOn deleteBy fields { field values } } }
                pageInfo { hasNextPage hasPreviousPage startCursor endCursor }"
                .into(),
        }
    }

    /// What it is called in counts and in the table of channels.
    #[must_use]
    pub fn kind(&self) -> String {
        match self {
            Self::Leads { after, whose, .. } => {
                let after = format!("{after:?}");
                let whose = format!("{whose:?}");
                let word = |text: &str| text.split('(').next().unwrap_or_default().to_owned();
                format!("Leads of {}, {}", word(&whose), word(&after))
            }
            _ => {
                let text = format!("{self:?}");
                text.split('(').next().unwrap_or_default().to_owned()
            }
        }
    }

    /// Every name that [`Ask::kind`] can give.
    #[must_use]
    pub fn kinds() -> Vec<String> {
        let mut kinds: Vec<String> = [
            "UselessToken",
            "Node",
            "Myself",
            "TwoPulls",
            "Document",
            "Request",
            "Public",
            "Order",
            "SignIn",
            "Register",
            "Secret",
            "Path",
            "OthersRoots",
        ]
        .map(str::to_owned)
        .to_vec();
        for whose in ["Unnamed", "Mine", "Other", "Hinted", "Unknown", "Nonsense"] {
            kinds.push(format!("Leads of {whose}, Start"));
        }
        for after in ["Seen", "Forged", "Foreign", "OtherList"] {
            kinds.push(format!("Leads of Mine, {after}"));
        }
        kinds
    }

    pub(super) async fn send(&self, side: &Side, world: &mut World, hints: &Hints) -> Answer {
        let answer = side.send(self.request(side, world, hints)).await;
        assert!(answer.status == 200 || !self.is_sound(), "{self:?}: {answer:?}");
        if let (Self::Leads { .. }, Ok(body)) = (self, serde_json::from_str::<Value>(&answer.body)) {
            remember(world, &body["data"]["partner"]["leads"]);
        }
        answer
    }

    /// Whether it is a document that has to be answered with data, so that a slip in it does not make the comparison empty.
    fn is_sound(&self) -> bool {
        matches!(
            self,
            Self::Myself(Token::All | Token::Narrow)
                | Self::Public(_)
                | Self::Order(_)
                | Self::SignIn(_)
                | Self::Register(_)
                | Self::Secret(0 | 1)
        )
    }

    fn request(&self, side: &Side, world: &World, hints: &Hints) -> RequestBuilder {
        let event = &world.sharing.event;
        let graphql = |token, document: &str, variables: Value| post(side, world, token, document, variables);
        match self {
            Self::Leads {
                token,
                purpose,
                first,
                after,
                whose,
                selection,
            } => {
                let document = format!(
                    "query($w: ID, $f: Int!, $a: String) {{ partner {{ leads(eventPartnerId: $w, purpose: {purpose}, first: $f, \
                     after: $a) {{ {selection} }} }} }}"
                );
                let variables = json!({ "w": whose.id(world, hints), "f": first, "a": after.cursor(side, world) });
                graphql(*token, &document, variables)
            }
            Self::UselessToken(token) => {
                let document = "{ partner { leads(purpose: EVENT_FOLLOW_UP, first: 5) { nodes { id email } } } }";
                graphql(*token, document, json!({}))
            }
            Self::Node(number) => {
                let id = node(*number, world, hints);
                let document = "query($id: ID!) { node(id: $id) { id ... on Lead { email contactKey } } }";
                graphql(Token::All, document, json!({ "id": id }))
            }
            Self::Myself(token) => graphql(*token, MYSELF, json!({})),
            Self::TwoPulls => graphql(
                Token::All,
                "{ partner { a: leads(purpose: EVENT_FOLLOW_UP, first: 1) { nodes { email } }
                    b: leads(purpose: PRODUCT_INFORMATION, first: 1) { nodes { email } } } }",
                json!({}),
            ),
            Self::Document(number) => graphql(Token::All, DOCUMENTS[*number], json!({})),
            Self::Request(number) => broken(*number, side, world),
            Self::Public(0) => graphql(
                Token::None,
                PUBLIC,
                json!({ "o": event.organization_slug, "s": event.slug }),
            ),
            Self::Public(1) => graphql(Token::None, EVENTS, json!({})),
            Self::Public(_) => graphql(
                Token::None,
                QUOTE,
                json!({ "input": { "eventId": event.public_id(), "items": [{ "ticketTypeId": event.public(world.paid),
                    "quantity": 2 }] } }),
            ),
            Self::Order(number) => graphql(
                Token::None,
                "query($o: String!, $c: String!) { order(organization: $o, code: $c, secret: \"nonsense\") { status } }",
                json!({ "o": event.organization_slug, "c": pick(&hints.orders, *number).unwrap_or("NOCODE") }),
            ),
            Self::SignIn(number) => graphql(
                Token::None,
                "mutation($e: String!) { requestSignInLink(input: { email: $e }) { userErrors { field message code } } }",
                json!({ "e": pick(&hints.emails, *number).unwrap_or("nobody@example.org") }),
            ),
            Self::Register(number) => {
                let email = pick(&hints.emails, *number).unwrap_or("nobody@example.org");
                let mut input =
                    crate::Client::register_input(event, &format!("refused {number}"), &[(world.paid, email)]);
                input["attendees"][0]["fullName"] = json!("");
                graphql(Token::None, crate::app::REGISTER, json!({ "input": input }))
            }
            Self::Secret(number) => graphql(Token::None, SECRETS[*number], json!({})),
            Self::Path(number) => {
                let (method, path) = PATHS[*number];
                with_token(side.request(method, path), world, Token::All)
            }
            Self::OthersRoots(number) => graphql(Token::All, OTHERS[*number], json!({ "o": event.organization_slug })),
        }
    }
}

impl Whose {
    fn id(self, world: &World, hints: &Hints) -> Value {
        let organization = world.organization();
        let of = |id: Uuid| json!(ids::encode(organization, EventPartnerId(id)).to_string());
        match self {
            Self::Unnamed => Value::Null,
            Self::Mine => json!(world.follow_up.event_partner),
            Self::Other => json!(world.other.event_partner),
            Self::Hinted(number) => {
                let hinted = hints.partners.get(number % hints.partners.len().max(1));
                of(hinted.copied().unwrap_or(Uuid::from_u128(1)))
            }
            Self::Unknown => of(Uuid::from_u128(7)),
            Self::Nonsense => json!("nonsense"),
        }
    }
}

impl After {
    fn cursor(self, side: &Side, world: &World) -> Value {
        let keys = &side.app.platform.keys;
        match self {
            Self::Start => Value::Null,
            Self::Seen(number) => json!(pick(&world.cursors, number)),
            Self::Forged => json!("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"),
            Self::Foreign => json!(keys.cursor(&World::list_of(&world.other), &[1; 16])),
            Self::OtherList => json!(keys.cursor(b"event partners of a token", &[1; 16])),
        }
    }
}

fn pick(of: &[String], number: usize) -> Option<&str> {
    of.get(number % of.len().max(1)).map(String::as_str)
}

/// An id that somebody may try: one that was seen, one that a conspirator told, one that nobody has.
fn node(number: usize, world: &World, hints: &Hints) -> String {
    let of = |id: Uuid| ids::encode(world.organization(), LeadId(id)).to_string();
    match number {
        0..5 => pick(&world.leads, number).map_or_else(|| of(Uuid::from_u128(7)), str::to_owned),
        5..9 => of(hints
            .leads
            .get(number % hints.leads.len().max(1))
            .copied()
            .unwrap_or_default()),
        9 => of(Uuid::from_u128(7)),
        10 => world.follow_up.event_partner.clone(),
        _ => "nonsense".into(),
    }
}

fn remember(world: &mut World, leads: &Value) {
    let edges = leads["edges"].as_array().into_iter().flatten();
    let cursors = edges
        .clone()
        .map(|edge| &edge["cursor"])
        .chain([&leads["pageInfo"]["endCursor"]]);
    world
        .cursors
        .extend(cursors.filter_map(Value::as_str).map(str::to_owned));
    let nodes = leads["nodes"].as_array().into_iter().flatten();
    let nodes = nodes.chain(edges.map(|edge| &edge["node"]));
    world
        .leads
        .extend(nodes.filter_map(|node| node["id"].as_str()).map(str::to_owned));
}

fn with_token(request: RequestBuilder, world: &World, token: Token) -> RequestBuilder {
    match world.tokens.get(&token) {
        Some(text) => request.bearer_auth(text),
        None => request,
    }
}

fn post(side: &Side, world: &World, token: Token, document: &str, variables: Value) -> RequestBuilder {
    let request = side
        .request("POST", "/graphql")
        .header("accept", "application/graphql-response+json");
    with_token(request, world, token).json(&json!({ "query": document, "variables": variables }))
}

/// Requests that are no good GraphQL requests.
fn broken(number: usize, side: &Side, world: &World) -> RequestBuilder {
    let document = "{ partner { leads(purpose: EVENT_FOLLOW_UP, first: 2) { nodes { email } } } }";
    let request = with_token(side.request("POST", "/graphql"), world, Token::All);
    let json = json!({ "query": document });
    match number {
        0 => request.header("content-type", "text/plain").body(json.to_string()),
        1 => request.header("content-type", "application/json").body("{"),
        2 => request.json(&json!([json, json])),
        3 => request.json(&json!({ "query": 7 })),
        4 => request.header("accept", "text/html").json(&json),
        5 => request.header("origin", "https://elsewhere.example").json(&json),
        6 => request.json(&json!({ "query": format!("{{ {} }}", "__typename ".repeat(2_000)) })),
        _ => with_token(
            side.request("GET", "/graphql?query=%7B__typename%7D"),
            world,
            Token::All,
        ),
    }
}

const MYSELF: &str = "{ partner { partner { id displayName legalName country } token { id name prefix status eventPartnerIds purposes
    capabilities networks notBefore expiresAt lastUsedAt fields { field label } }
    eventPartners(first: 10) { edges { cursor node { id role eventTitle eventKind startsAt endsAt offers { id version purpose
    legalBasis text retentionDays startsAt endsAt fields { field questionId label } } } } pageInfo { hasNextPage endCursor } } } }";
const PUBLIC: &str =
    "query($o: String!, $s: String!) { event(organization: $o, slug: $s) { id slug kind status title description
    startsAt endsAt timeZone contactEmail currency minimumAge consentAge organization { id name slug }
    ticketTypes { id name availability minPerOrder maxPerOrder price { amount currency } }
    sessions(first: 1) { edges { cursor node { id title startsAt } } pageInfo { hasNextPage endCursor } }
    questions { id } documents { id } partners { id displayName role contactEmail privacyNotice { url sha256 }
    offers { id version purpose text retentionDays fields { field label } } } } }";
const EVENTS: &str =
    "{ events(first: 2) { edges { cursor node { id slug title } } pageInfo { hasNextPage endCursor } } }";
const QUOTE: &str = "query($input: QuoteInput!) { quote(input: $input) { total { amount } net { amount } tax { amount }
    problems { __typename } } }";
const SECRETS: [&str; 6] = [
    "mutation { redeemSignInLink(input: { secret: \"nonsense\" }) { userErrors { field message code } } }",
    "mutation { claimPartnerToken(input: { secret: \"nonsense\" }) { userErrors { field message code } } }",
    "{ emailConfirmation(secret: \"nonsense\") { __typename } }",
    "{ guardianRequest(secret: \"nonsense\") { __typename } }",
    "{ linkedOrder(secret: \"nonsense\") { __typename } }",
    "{ linkedWebinar(secret: \"nonsense\") { __typename } }",
];
const OTHERS: [&str; 3] = [
    "query($o: String!) { organization(slug: $o) { organization { id } } }",
    "query($o: String!) { me { id } organization(slug: $o) { auditLog(first: 1) { edges { cursor } } } }",
    "{ me { people { registrations(first: 1) { edges { cursor } } } } }",
];
