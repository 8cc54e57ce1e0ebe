//! How many requests a token is allowed does not tell what others ask for: the allowance is the token's own.

use consentry::platform::leaks::Leak;
use consentry::platform::store::Engine;
use consentry_domain::Instant;
use serde_json::json;

use super::run::BEGINNING;
use super::side::Side;
use super::world::{Token, World};

/// So many requests a minute.
const ALLOWED: u32 = 4;
/// So many are sent.
const SENT: usize = 6;
const PULL: &str = "{ partner { leads(purpose: EVENT_FOLLOW_UP, first: 5) { nodes { id } } } }";

/// The statuses that a token was answered with.
#[derive(Debug)]
pub struct Allowance {
    /// In a world where nobody else asked for anything.
    pub alone: Vec<u16>,
    /// In one where others asked for much, with tokens of the same tenant and without.
    pub among_others: Vec<u16>,
}

impl Allowance {
    /// Asks in both worlds.
    pub async fn compare(engine: Engine) -> Self {
        Self {
            alone: asked(engine, false).await,
            among_others: asked(engine, true).await,
        }
    }
}

async fn asked(engine: Engine, others: bool) -> Vec<u16> {
    let side = Side::start_with(engine, Leak::None, ALLOWED).await;
    side.set_clock(Instant(BEGINNING)).await;
    let world = World::make(&side, 1, &[0, 1]).await;
    let body = json!({ "query": PULL });
    let send = async |token: Option<&str>| {
        let request = side.request("POST", "/graphql").json(&body);
        let request = match token {
            Some(token) => request.bearer_auth(token),
            None => request,
        };
        side.send(request).await.status
    };
    let mut statuses = Vec::new();
    for _ in 0..SENT {
        if others {
            for token in [
                Some(world.others_token.as_str()),
                Some(&world.tokens[&Token::Narrow]),
                None,
            ] {
                send(token).await;
            }
        }
        statuses.push(send(Some(&world.tokens[&Token::All])).await);
    }
    statuses
}
