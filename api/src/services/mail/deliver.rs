//! The courier: takes queued mails, writes and delivers them, and records what became of each.
//!
//! At least once: a mail that the server accepted just before this process died is sent again, under the same
//! Message-ID. Only what the server accepted is marked as sent.

use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use consentry_domain::{MailId, MailStatus, OutboxKind};
use consentry_entity::mail;
use futures_util::future::join_all;
use sea_orm::{DbErr, EntityTrait as _};

use super::envelope::EnvelopeError;
use super::render::RenderError;
use super::smtp::{SendError, Smtp};
use super::{Links, Message, render};
use crate::config::Jobs;
use crate::platform::store::{Store, sql};
use crate::services::outbox::{self, Failure, Held, Work};

/// The last mail to somebody who is erased holds their address until it is sent or given up; and an answer to a complaint,
/// which may be a later one, is kept with the complaint alone.
const FORGET: &str = "update mail set to_address = null, data = '', error = null \
     where organization_id = $1 and id = $2 and kind in ('ERASURE', 'COMPLAINT_ANSWERED')";

/// The longest pause while the mail server cannot be reached, in seconds.
const LONGEST_PAUSE: u64 = 300;

/// Delivers what is queued.
pub struct Courier {
    store: Store,
    links: Arc<dyn Links>,
    smtp: Smtp,
    jobs: Jobs,
}

/// What became of one batch.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Batch {
    /// Taken.
    pub taken: usize,
    /// Accepted by the server.
    pub sent: usize,
    /// To be tried again.
    pub later: usize,
    /// Of these, because the server could not be reached.
    pub unreachable: usize,
    /// Given up.
    pub dead: usize,
}

/// Why a mail was not sent.
#[derive(Debug, thiserror::Error)]
enum NotSent {
    #[error("the mail is gone")]
    Gone,
    #[error("its address was erased")]
    Erased,
    #[error("its facts cannot be read")]
    Facts(#[source] serde_json::Error),
    #[error(transparent)]
    Rendering(#[from] RenderError),
    #[error(transparent)]
    Envelope(#[from] EnvelopeError),
    #[error(transparent)]
    Refused(#[from] SendError),
    #[error("sending took too long")]
    TooLong,
    #[error("the database failed")]
    Database(#[from] DbErr),
}

/// What became of one mail.
enum Outcome {
    Sent(String),
    SentBefore,
    Not(NotSent),
}

impl Courier {
    /// A courier over this relay.
    #[must_use]
    pub fn new(store: Store, links: Arc<dyn Links>, smtp: Smtp, jobs: Jobs) -> Self {
        Self {
            store,
            links,
            smtp,
            jobs,
        }
    }

    /// Works until `stop` is ready; what is being sent then is finished first.
    pub async fn run(&self, stop: impl Future<Output = ()>) {
        let mut stop = pin!(stop);
        let mut unreachable: u32 = 0;
        loop {
            let pause = match self.run_once().await {
                Ok(batch) if batch.unreachable > 0 => {
                    unreachable = unreachable.saturating_add(1);
                    let poll = self.jobs.poll_interval_seconds.max(1);
                    Duration::from_secs((poll << unreachable.min(8)).min(LONGEST_PAUSE))
                }
                Ok(batch) => {
                    unreachable = 0;
                    if batch.taken == self.jobs.workers {
                        Duration::ZERO
                    } else {
                        self.jobs.poll_interval()
                    }
                }
                Err(error) => {
                    tracing::error!(%error, "mails could not be taken from the outbox");
                    self.jobs.poll_interval()
                }
            };
            tokio::select! {
                () = &mut stop => return,
                () = tokio::time::sleep(pause) => {}
            }
        }
    }

    /// Takes one batch and delivers it.
    ///
    /// # Errors
    /// When the database fails; what was taken is then taken again when its lease runs out.
    pub async fn run_once(&self) -> Result<Batch, DbErr> {
        let lease = Duration::from_secs(self.jobs.lease_seconds);
        let limit = u32::try_from(self.jobs.workers).unwrap_or(1);
        let work = outbox::lease(&self.store, OutboxKind::Mail, limit, lease).await?;
        let mut batch = Batch {
            taken: work.len(),
            ..Batch::default()
        };
        // Well before the lease runs out, so that no two couriers send the same mail.
        let time = lease * 3 / 4;
        let outcomes = join_all(work.iter().map(async |work| {
            tokio::time::timeout(time, self.deliver(work))
                .await
                .unwrap_or(Outcome::Not(NotSent::TooLong))
        }))
        .await;
        for (work, outcome) in work.iter().zip(outcomes) {
            self.record(work, outcome, &mut batch).await?;
        }
        Ok(batch)
    }

    async fn deliver(&self, work: &Work) -> Outcome {
        match self.try_deliver(work).await {
            Ok(outcome) => outcome,
            Err(error) => Outcome::Not(error),
        }
    }

    async fn try_deliver(&self, work: &Work) -> Result<Outcome, NotSent> {
        let id = MailId(work.subject);
        let row = mail::Entity::find_by_id((work.organization, id))
            .one(self.store.read())
            .await?
            .ok_or(NotSent::Gone)?;
        if row.status == MailStatus::Sent {
            return Ok(Outcome::SentBefore);
        }
        let to = row.to_address.ok_or(NotSent::Erased)?;
        let message = Message::from_data(row.kind, &row.data).map_err(NotSent::Facts)?;
        let rendered = render(&message, &row.locale, self.links.as_ref())?;
        let reply_to = message.controller().contact_email.as_str();
        let now = self.store.now().await?;
        let sender = self.smtp.sender();
        let envelope = sender.envelope(id, now, &to, reply_to, rendered)?;
        self.smtp.send(envelope).await?;
        Ok(Outcome::Sent(sender.message_id(id)))
    }

    async fn record(&self, work: &Work, outcome: Outcome, batch: &mut Batch) -> Result<(), DbErr> {
        let id = MailId(work.subject);
        let held = match outcome {
            Outcome::Sent(message_id) => {
                batch.sent += 1;
                tracing::info!(mail = %id, attempt = work.attempts, "mail sent");
                self.record_sent(work, &message_id).await?
            }
            Outcome::SentBefore => {
                crate::transaction!(self.store.writer(), async |tx| { outbox::done(tx, work).await })?
            }
            Outcome::Not(error) => {
                let failure = self.failure(&error);
                let dead = failure.is_final(work);
                batch.unreachable += usize::from(failure == Failure::NotItsOwn);
                batch.dead += usize::from(dead);
                batch.later += usize::from(!dead);
                tracing::warn!(mail = %id, attempt = work.attempts, dead, %error, "mail not sent");
                self.record_not_sent(work, failure, &error.to_string()).await?
            }
        };
        if held == Held::No {
            tracing::warn!(mail = %id, "the lease of a mail ran out before its end was recorded");
        }
        Ok(())
    }

    async fn record_sent(&self, work: &Work, message_id: &str) -> Result<Held, DbErr> {
        crate::transaction!(self.store.writer(), async |tx| {
            let now = tx.now().await?;
            let held = outbox::done(tx, work).await?;
            // Sent is sent, whoever holds the lease by now.
            sql::execute(
                tx,
                "update mail set status = 'SENT', sent_at = $3, message_id = $4, error = null \
                 where organization_id = $1 and id = $2 and status <> 'SENT'",
                [
                    work.organization.0.into(),
                    work.subject.into(),
                    now.0.into(),
                    message_id.into(),
                ],
            )
            .await?;
            sql::execute(tx, FORGET, [work.organization.0.into(), work.subject.into()]).await?;
            Ok::<_, DbErr>(held)
        })
    }

    async fn record_not_sent(&self, work: &Work, failure: Failure, error: &str) -> Result<Held, DbErr> {
        crate::transaction!(self.store.writer(), async |tx| {
            let held = outbox::failed(tx, &self.store, work, failure, error).await?;
            if held == Held::Yes && failure.is_final(work) {
                sql::execute(
                    tx,
                    "update mail set status = 'FAILED', error = $3 \
                     where organization_id = $1 and id = $2 and status = 'QUEUED'",
                    [work.organization.0.into(), work.subject.into(), error.into()],
                )
                .await?;
                sql::execute(tx, FORGET, [work.organization.0.into(), work.subject.into()]).await?;
            }
            Ok::<_, DbErr>(held)
        })
    }

    fn failure(&self, error: &NotSent) -> Failure {
        match error {
            NotSent::Gone
            | NotSent::Erased
            | NotSent::Facts(_)
            | NotSent::Rendering(_)
            | NotSent::Envelope(_)
            | NotSent::Refused(SendError::Permanent(_)) => Failure::Permanent,
            NotSent::Refused(SendError::Unreachable(_)) => Failure::NotItsOwn,
            NotSent::Refused(SendError::Temporary(_)) | NotSent::TooLong | NotSent::Database(_) => Failure::Temporary {
                max_attempts: self.jobs.max_attempts,
            },
        }
    }
}
