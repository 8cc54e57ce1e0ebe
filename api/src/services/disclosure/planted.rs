//! The faults that the test of "log before disclose" must find: a pull that answers first, and whose record is made durable
//! afterwards; a lead by its id that leaves no record at all. In test builds alone.

use std::time::Duration;

use super::node::{self, NodeRequest};
use super::pull::{PageRequest, Pulled, attempt};
use crate::access::PartnerCredential;
use crate::platform::{Fault, Platform, Refused, request};
use crate::transaction;

/// Pulls a page, and answers before the commit.
pub(super) async fn page(
    platform: &Platform,
    credential: &PartnerCredential,
    asked: &PageRequest,
) -> Result<Pulled, Refused> {
    let (platform, credential, asked) = (platform.clone(), credential.clone(), asked.clone());
    let request = request::current().unwrap_or_else(|| platform.store.entropy().random_id());
    let (send, receive) = tokio::sync::oneshot::channel();
    tokio::spawn(request::scope(request, async move {
        let mut send = Some(send);
        let recorded: Result<(), Refused> = transaction!(platform.store.partner(), async |tx| {
            let pulled = attempt(tx, &platform, &credential, &asked).await;
            if let Some(send) = send.take() {
                // Whoever asked may be gone.
                let _ = send.send(pulled);
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
            Ok(())
        });
        if let Err(error) = recorded {
            tracing::error!(%error, "an answer without its record");
        }
    }));
    receive
        .await
        .unwrap_or_else(|_| Err(Fault::Corrupt("nothing was pulled".into()).into()))
}

/// Pulls one lead, and takes back what was written about it.
pub(super) async fn one(
    platform: &Platform,
    credential: &PartnerCredential,
    asked: NodeRequest,
) -> Result<Option<Pulled>, Refused> {
    let mut pulled = None;
    let undone: Result<(), Refused> = transaction!(platform.store.partner(), async |tx| {
        pulled = node::attempt(tx, platform, credential, asked).await?;
        Err(Refused::Unauthenticated)
    });
    match undone {
        Ok(()) | Err(Refused::Unauthenticated) => Ok(pulled),
        Err(fault) => Err(fault),
    }
}
