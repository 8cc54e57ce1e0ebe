//! What happened, and what of it must not have.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use consentry::platform::faults::Planted;
use consentry_domain::{FieldMask, LeadId};
use consentry_entity::lead;
use sea_orm::EntityTrait;

use super::world::{CLIENTS, World};
use crate::process::Home;
use crate::received::Received;

/// How soon after a commit an answer must begin to count as a close one.
pub(super) const CLOSE: Duration = Duration::from_millis(50);

/// What nobody may receive any more.
#[derive(Clone, Debug)]
pub enum Taken {
    /// Anything with this token.
    Token(String),
    /// This lead.
    Lead(LeadId),
    /// These fields of this lead.
    Fields(LeadId, FieldMask),
    /// These fields of any lead.
    Everywhere(FieldMask),
    /// Any lead.
    Everything,
}

impl Taken {
    /// What an answer to this token shows of it.
    fn shown(&self, token: &str, leads: &[(LeadId, FieldMask)]) -> bool {
        let any = |of: &dyn Fn(&(LeadId, FieldMask)) -> bool| leads.iter().any(of);
        match self {
            Self::Token(taken) => taken == token && !leads.is_empty(),
            Self::Lead(taken) => any(&|(id, _)| id == taken),
            Self::Fields(taken, mask) => any(&|(id, fields)| id == taken && !fields.intersect(*mask).is_empty()),
            Self::Everywhere(mask) => any(&|(_, fields)| !fields.intersect(*mask).is_empty()),
            Self::Everything => !leads.is_empty(),
        }
    }
}

/// Something that was taken away.
#[derive(Clone, Debug)]
pub struct Taking {
    /// How.
    pub how: String,
    /// What.
    pub what: Taken,
    /// When that was committed at the latest.
    pub at: Instant,
    /// From when on it might be there again.
    pub until: Option<Instant>,
}

impl Taking {
    /// Taken away a moment ago, for good.
    pub(super) fn of(how: String, what: Taken) -> Self {
        Self {
            how,
            what,
            at: Instant::now(),
            until: None,
        }
    }

    /// Whether an answer falls into the time in which it was taken away.
    fn covers(&self, answer: &Received) -> bool {
        self.at <= answer.began && self.until.is_none_or(|until| answer.ended <= until)
    }
}

/// What happened.
#[derive(Default)]
pub struct History {
    /// What was taken away.
    pub taken: Vec<Taking>,
    /// Every answer, and the token that it was asked for with.
    pub answers: Vec<(String, Received)>,
    /// Marks of each lead in the end; an erased person's lead keeps its marks.
    marks: HashMap<LeadId, FieldMask>,
}

impl History {
    /// Two nodes, eight clients, and somebody who takes everything away.
    ///
    /// # Panics
    /// When something is refused.
    pub async fn run(fault: Option<Planted>) -> Self {
        let world = Arc::new(World::new().await);
        let nodes = Arc::new([Home::of(&world.app), Home::of(&world.app)]);
        let programs = [nodes[0].start(fault, None).await, nodes[1].start(fault, None).await];
        let clients = (0..CLIENTS).map(|client| {
            let (world, nodes) = (world.clone(), nodes.clone());
            tokio::spawn(async move { world.pull(client, &nodes).await })
        });
        let clients: Vec<_> = clients.collect();
        let mut history = Self {
            taken: world.take_all().await,
            ..Default::default()
        };
        for client in clients {
            history.answers.extend(client.await.expect("no client fails"));
        }
        for program in programs {
            program.kill();
            program.gone().await;
        }
        let leads = lead::Entity::find().all(world.app.store().read()).await.expect("leads");
        history.marks = leads
            .into_iter()
            .map(|lead| (lead.id, FieldMask::from_db(lead.received)))
            .collect();
        history
    }

    /// What was shown after it had been taken away, and how long after.
    #[must_use]
    pub fn violations(&self) -> Vec<(Taking, Duration)> {
        let mut found = Vec::new();
        for (token, answer) in &self.answers {
            let leads = answer.leads();
            let covering = self.taken.iter().filter(|taking| taking.covers(answer));
            found.extend(
                covering
                    .filter(|taking| taking.what.shown(token, &leads))
                    .map(|taking| (taking.clone(), answer.began - taking.at)),
            );
        }
        found
    }

    /// Answers that began after a commit and came while it held, and those among them that began closely after it, for
    /// each of the commits.
    #[must_use]
    pub fn after(&self) -> Vec<(usize, usize)> {
        let after = |taking: &Taking| {
            let covered = self.answers.iter().filter(|(_, answer)| taking.covers(answer));
            let close = |(_, answer): &&(String, Received)| answer.began - taking.at <= CLOSE;
            (covered.clone().count(), covered.filter(close).count())
        };
        self.taken.iter().map(after).collect()
    }

    /// What was taken away and never shown before.
    #[must_use]
    pub fn never_shown(&self) -> Vec<&Taking> {
        let before = |taking: &&Taking| {
            self.answers
                .iter()
                .any(|(token, answer)| answer.began < taking.at && taking.what.shown(token, &answer.leads()))
        };
        self.taken.iter().filter(|taking| !before(taking)).collect()
    }

    /// Leads that an answer contained with fields that are not marked as received.
    #[must_use]
    pub fn unmarked(&self) -> Vec<LeadId> {
        let all = self.answers.iter().flat_map(|(_, answer)| answer.leads());
        let lacks = |(id, fields): &(LeadId, FieldMask)| {
            let needed = fields.union(FieldMask::RECEIVED);
            self.marks.get(id).is_none_or(|mark| !needed.is_subset_of(*mark))
        };
        all.filter(lacks).map(|(id, _)| id).collect()
    }
}
