//! The worker: what happens without anybody asking. Each step is safe to run on several nodes at once and may be killed
//! at any moment.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::watch;
use tokio::task::JoinSet;

use crate::config::{Config, Switch};
use crate::platform::{Fault, Platform, Refused};
use crate::services::disclosure::expand;
use crate::services::mail::deliver::Courier;
use crate::services::mail::smtp::Smtp;
use crate::services::{payments, pictures, registration, statistics};

/// How often it is asked which events are to be counted; none is counted more than once a minute.
const COUNT_PAUSE: Duration = Duration::from_secs(10);

/// How often pictures are looked for that are shown nowhere; one of them waits for a day.
const FORGET_PAUSE: Duration = Duration::from_secs(3600);

/// The steps under way.
pub struct Running {
    stop: watch::Sender<()>,
    tasks: JoinSet<()>,
}

impl Running {
    /// Lets each step finish what it is at.
    pub async fn stop(mut self) {
        drop(self.stop);
        while self.tasks.join_next().await.is_some() {}
    }
}

/// Starts the steps, unless the configuration says that another node runs them.
///
/// # Errors
/// When the mail settings cannot be used.
pub fn start(platform: Platform, config: &Config) -> Result<Running, Fault> {
    let (stop, stopping) = watch::channel(());
    let mut running = Running {
        stop,
        tasks: JoinSet::new(),
    };
    if config.jobs.enabled == Switch::Off {
        return Ok(running);
    }
    let smtp = Smtp::from_config(&config.mail, u32::try_from(config.jobs.workers).unwrap_or(1))
        .map_err(|error| Fault::Outside(format!("mail: {error}")))?;
    if let Some(smtp) = smtp {
        let courier = Courier::new(
            platform.store.clone(),
            Arc::new(platform.clone()),
            smtp,
            config.jobs.clone(),
        );
        let mut stopping = stopping.clone();
        running.tasks.spawn(async move {
            courier
                .run(async move {
                    // The sender is dropped, nothing is ever sent.
                    let _ = stopping.changed().await;
                })
                .await;
        });
    }
    running.every(
        config.jobs.poll_interval(),
        &stopping,
        "expire orders",
        platform.clone(),
        |platform| async move { payments::expire_due(&platform).await.map(drop) },
    );
    running.every(
        config.jobs.poll_interval(),
        &stopping,
        "end orders of events that were called off",
        platform.clone(),
        |platform| async move { registration::end_called_off(&platform).await.map(drop) },
    );
    running.every(
        config.jobs.poll_interval(),
        &stopping,
        "remind of payments",
        platform.clone(),
        |platform| async move { payments::remind_due(&platform).await.map(drop) },
    );
    running.every(
        config.jobs.poll_interval(),
        &stopping,
        "reconcile payments",
        platform.clone(),
        |platform| async move { payments::reconcile(&platform).await.map(drop) },
    );
    running.every(
        config.jobs.poll_interval(),
        &stopping,
        "expand disclosures",
        platform.clone(),
        |platform| async move { Ok(expand::expand_due(&platform.store).await.map(drop)?) },
    );
    running.every(
        config.jobs.poll_interval().max(FORGET_PAUSE),
        &stopping,
        "forget pictures",
        platform.clone(),
        |platform| async move { Ok(pictures::forget_due(&platform).await.map(drop)?) },
    );
    running.every(
        config.jobs.poll_interval().max(COUNT_PAUSE),
        &stopping,
        "count how events stand",
        platform,
        |platform| async move { Ok(statistics::count_due(&platform).await.map(drop)?) },
    );
    Ok(running)
}

impl Running {
    /// Runs a step again and again with a pause between; what fails is logged and tried again.
    fn every<F>(
        &mut self,
        pause: Duration,
        stopping: &watch::Receiver<()>,
        name: &'static str,
        platform: Platform,
        step: impl Fn(Platform) -> F + Send + 'static,
    ) where
        F: Future<Output = Result<(), Refused>> + Send,
    {
        let mut stopping = stopping.clone();
        self.tasks.spawn(async move {
            loop {
                if let Err(refused) = step(platform.clone()).await {
                    tracing::error!(%refused, step = name, "a step of the worker failed; it is tried again");
                }
                tokio::select! {
                    _ = stopping.changed() => return,
                    () = tokio::time::sleep(pause) => {}
                }
            }
        });
    }
}
