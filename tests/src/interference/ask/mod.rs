//! What an observer asks: with good and useless tokens, in good and broken documents, on every path.

mod documents;
mod mailbox;
mod portal;
mod requests;
mod search;

use serde_json::Value;

use self::documents::{DOCUMENTS, FIELDS, OTHERS, PATHS, PURPOSES, REQUESTS, SECRETS};
pub(super) use self::mailbox::newest_claim;
pub(super) use self::portal::{NAMES as PORTAL, sign_in};
use self::search::Search;
pub(super) use self::search::lists as searched;
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
    /// Something by its id: a lead that was seen (by number), one that a conspirator told of, something else, nothing.
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
    /// What staff and attendees may ask or do, with a partner's token.
    OthersRoots(usize),
    /// The page of a link by which a token is claimed: opened, its button pressed, of a link that works or none.
    Claim(usize),
    /// What the organization mailed to the observer.
    Mailbox,
    /// A page for the partner's staff, or a file of leads, by number.
    Portal(usize),
    /// Leads by words and in an order, page by page.
    Search(Search),
}

impl Ask {
    /// The kinds, by number, for a deck.
    pub(super) const KINDS: usize = 19;

    /// One of a kind.
    pub(super) fn of(kind: usize, random: &mut Random) -> Self {
        match kind {
            0 => Self::leads(random),
            1 => Self::UselessToken(*random.one(Token::USELESS)),
            2 => Self::Node(random.below(Self::NODES)),
            3 => Self::Myself(*random.one(&[Token::All, Token::Narrow, Token::Claimed, Token::Revoked])),
            4 => Self::TwoPulls,
            5 => Self::Document(random.below(DOCUMENTS.len())),
            6 => Self::Request(random.below(REQUESTS)),
            7 => Self::Public(random.below(3)),
            8 => Self::Order(random.below(100)),
            9 => Self::SignIn(random.below(100)),
            10 => Self::Register(random.below(100)),
            11 => Self::Secret(random.below(SECRETS.len())),
            12 => Self::Path(random.below(PATHS.len())),
            13 => Self::OthersRoots(random.below(OTHERS.len())),
            14 => Self::Claim(random.below(8)),
            15 => Self::Mailbox,
            16 => Self::Portal(random.below(portal::PAGES)),
            // As often as two others.
            _ => Self::Search(Search::of(random)),
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
            token: *random.one(&[Token::All, Token::All, Token::Narrow, Token::Claimed]),
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

    /// Leads by what hidden values begin with, and in the order of companies, which some do not share.
    pub(super) fn by_hidden(purpose: &'static str) -> [Self; 2] {
        Search::of_hidden(purpose).map(Self::Search)
    }

    /// Every page for the partner's staff, and every file.
    pub(super) fn portal() -> impl Iterator<Item = Self> {
        (0..portal::PAGES).map(Self::Portal)
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
            Self::Portal(number) => PORTAL[number % PORTAL.len()].to_owned(),
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
            "Claim",
            "Mailbox",
            "Search",
        ]
        .map(str::to_owned)
        .to_vec();
        for whose in ["Unnamed", "Mine", "Other", "Hinted", "Unknown", "Nonsense"] {
            kinds.push(format!("Leads of {whose}, Start"));
        }
        for after in ["Seen", "Forged", "Foreign", "OtherList"] {
            kinds.push(format!("Leads of Mine, {after}"));
        }
        kinds.extend(PORTAL.map(str::to_owned));
        kinds
    }

    pub(super) async fn send(&self, side: &Side, world: &mut World, hints: &Hints) -> Answer {
        if let Self::Mailbox = self {
            return mailbox::of_the_observer(side, world).await;
        }
        if let Self::Portal(number) = self {
            return portal::open(side, world, *number).await;
        }
        if let Self::Search(search) = self {
            return search.pages(side, world).await;
        }
        let answer = side.send(self.request(side, world, hints)).await;
        assert!(answer.status == 200 || !self.is_sound(), "{self:?}: {answer:?}");
        if let (Self::Leads { .. }, Ok(body)) = (self, serde_json::from_str::<Value>(&answer.body)) {
            remember(world, &body["data"]["partner"]["leads"]);
        }
        if let (Self::Claim(_), Some(token)) = (self, mailbox::shown_token(&answer)) {
            world.tokens.insert(Token::Claimed, token);
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
