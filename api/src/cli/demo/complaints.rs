//! Two complaints, so that the page of the data-protection officer has something to show: one is answered, one waits.

use serde_json::json;

use super::TEAM;
use super::afterwards::attendee;
use super::client::{Client, text};
use super::credentials::session;
use super::crowd::Placed;
use super::scene::Scene;
use crate::cli::Failure;
use crate::platform::Refused;
use crate::services::team;
use crate::transaction;
use consentry_domain::Role;

const ME: &str = "{ me { people { id } } }";
const FILE: &str = "mutation($input: FileComplaintInput!) { fileComplaint(input: $input) {
    complaint { id } userErrors { field message } } }";
const ANSWER: &str = "mutation($input: AnswerComplaintInput!) { answerComplaint(input: $input) {
    userErrors { field message } } }";

/// What is complained of, and what was answered.
const SAID: [(&str, Option<&str>); 2] = [
    (
        "Somebody wrote to my old address about this event. I had changed it weeks before.",
        Some(
            "You are right, and we are sorry: that mail was written before your change reached us.\n\n\
             Your old address is deleted now, and nobody else has it from us.",
        ),
    ),
    (
        "At the entrance they read my name aloud across the hall. I would like this to be done otherwise.",
        None,
    ),
];

/// Two of those who come complain, and the officer has answered the first.
pub(super) async fn make(scene: &Scene, placed: &[Placed]) -> Result<(), Failure> {
    let settled = placed.iter().rev().filter(|place| place.is_settled());
    for (place, (words, answer)) in settled.zip(SAID) {
        let client = attendee(scene, place).await?;
        let me = client.send(ME, json!({})).await?;
        let input = json!({ "idempotencyKey": format!("demo-complaint-{}", place.number),
            "personId": text(&me, "/me/people/0/id")?, "text": words });
        let filed = client.send(FILE, json!({ "input": input })).await?;
        if let Some(answer) = answer {
            let input =
                json!({ "complaintId": text(&filed, "/fileComplaint/complaint/id")?, "revision": 1, "answer": answer });
            officer(scene).await?.send(ANSWER, json!({ "input": input })).await?;
        }
    }
    Ok(())
}

async fn officer(scene: &Scene) -> Result<Client, Failure> {
    let platform = &scene.platform;
    let found = TEAM.into_iter().find(|(role, _)| *role == Role::Dpo);
    let (_, email) = found.ok_or_else(|| Failure::new("the demo has no data-protection officer"))?;
    let account = transaction!(platform.store.writer(), async |tx| { team::account(tx, email).await });
    let account = account.map_err(|refused: Refused| Failure::from(refused))?;
    let session = session(platform, account).await?;
    Client::with_token(&scene.schema, platform, &session.access_token).await
}
