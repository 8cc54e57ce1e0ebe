//! How each request of the observer is sent.

use consentry::graphql::ids;
use consentry_domain::{EventPartnerId, LeadId};
use data_encoding::BASE64URL_NOPAD;
use reqwest::RequestBuilder;
use serde_json::{Value, json};
use uuid::Uuid;

use super::super::hidden::Hints;
use super::super::side::Side;
use super::super::world::{Token, World};
use super::documents::{DOCUMENTS, EVENTS, MYSELF, OTHERS, PATHS, PUBLIC, QUOTE, SECRETS};
use super::{After, Ask, Whose};

impl Ask {
    pub(super) fn request(&self, side: &Side, world: &World, hints: &Hints) -> RequestBuilder {
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
                // The event partner is named: another tenant's token is good for its own.
                let document =
                    "query($w: ID) { partner { leads(eventPartnerId: $w, purpose: EVENT_FOLLOW_UP, first: 5) {
                    nodes { id email } } } }";
                graphql(*token, document, json!({ "w": world.follow_up.event_partner }))
            }
            Self::Node(number) => {
                let id = node(*number, world, hints);
                let document = "query($id: ID!) { node(id: $id) { __typename id ... on Lead { email contactKey }
                    ... on PartnerEvent { eventTitle offers { id version } } ... on SharingOffer { version text }
                    ... on EventPartner { displayName } ... on Event { slug } } }";
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
            Self::OthersRoots(number) => {
                let variables = json!({ "o": event.organization_slug, "e": event.public_id(),
                    "r": hinted(number * 5, world, hints),
                    "c": pick(&hints.codes, *number).unwrap_or("NOCODE") });
                graphql(Token::All, OTHERS[*number], variables)
            }
            Self::Claim(number) => {
                let secret = world
                    .claims
                    .iter()
                    .rev()
                    .nth(number / 3)
                    .map_or("nonsense", String::as_str);
                let path = format!("/claim/{secret}");
                if number % 3 == 1 {
                    let form = "application/x-www-form-urlencoded";
                    return side
                        .request("POST", &path)
                        .header("content-type", form)
                        .body("first=yes");
                }
                side.request("GET", &path)
            }
            Self::Mailbox | Self::Portal(_) | Self::Search(_) => unreachable!("sent elsewhere"),
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

impl Ask {
    /// How many ids are tried.
    pub(super) const NODES: usize = 20;
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
        9..14 => hinted(number * 7, world, hints),
        14 => of(Uuid::from_u128(7)),
        15 => world.follow_up.event_partner.clone(),
        16 => world.other.event_partner.clone(),
        17 => world.follow_up.public_id.clone(),
        18 => world.people[0].public_id.clone(),
        _ => "nonsense".into(),
    }
}

/// An id that a conspirator told, as it would be in this world.
fn hinted(number: usize, world: &World, hints: &Hints) -> String {
    let Some((tag, id)) = hints.ids.get(number % hints.ids.len().max(1)) else {
        return "nonsense".to_owned();
    };
    let mut bytes = vec![*tag];
    bytes.extend_from_slice(world.organization().0.as_bytes());
    bytes.extend_from_slice(id.as_bytes());
    BASE64URL_NOPAD.encode(&bytes)
}

fn with_token(request: RequestBuilder, world: &World, token: Token) -> RequestBuilder {
    match world.tokens.get(&token) {
        Some(text) => request.bearer_auth(text),
        None => request,
    }
}

pub(super) fn post(side: &Side, world: &World, token: Token, document: &str, variables: Value) -> RequestBuilder {
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
