//! A device that lets people in at the demo's conference: added anew at each start, and the last start's removed.

use consentry_domain::DoorDeviceId;
use serde_json::json;

use super::SLUG;
use super::client::{Client, text};
use super::credentials::EventFacts;
use crate::cli::Failure;
use crate::graphql::ids;
use crate::platform::store::sql;
use crate::platform::{Platform, Refused};
use crate::transaction;

/// By where it stands.
const NAME: &str = "Phone, main entrance";

const DEVICES: &str = "query($slug: String!, $event: String!) { organization(slug: $slug) { event(slug: $event) {
    doorDevices(first: 100) { edges { node { id name state } } } } } }";
const REMOVE: &str = "mutation($input: RemoveDoorDeviceInput!) { removeDoorDevice(input: $input) {
    userErrors { field message } } }";
const ADD: &str = "mutation($input: AddDoorDeviceInput!) { addDoorDevice(input: $input) {
    shown { secret device { id } } userErrors { field message } } }";

/// A device that nobody has signed in yet.
#[derive(Clone, Debug, serde::Serialize)]
pub(super) struct DeviceFacts {
    pub(super) event: String,
    pub(super) name: &'static str,
    pub(super) url: String,
}

/// The device; none at an event that is over.
pub(super) async fn device(
    platform: &Platform,
    owner: &Client,
    event: &EventFacts,
) -> Result<Option<DeviceFacts>, Failure> {
    let of_event = json!({ "slug": SLUG, "event": event.slug });
    let found = owner.send(DEVICES, of_event).await?;
    let edges = found["organization"]["event"]["doorDevices"]["edges"].as_array();
    let nodes = edges.into_iter().flatten().map(|edge| &edge["node"]);
    for old in nodes.filter(|node| node["name"] == NAME && node["state"] != "ENDED") {
        let input = json!({ "deviceId": text(old, "/id")? });
        owner.send(REMOVE, json!({ "input": input })).await?;
    }
    let key = data_encoding::HEXLOWER.encode(&platform.store.entropy().bytes::<8>());
    let input = json!({ "idempotencyKey": format!("demo-device-{key}"), "eventId": event.id, "name": NAME });
    let Ok(added) = owner.send(ADD, json!({ "input": input })).await else {
        return Ok(None);
    };
    lasts_longer(platform, &text(&added, "/addDoorDevice/shown/device/id")?).await?;
    let secret = text(&added, "/addDoorDevice/shown/secret")?;
    Ok(Some(DeviceFacts {
        event: event.slug.clone(),
        name: NAME,
        url: platform.url(&format!("/door/{secret}")),
    }))
}

/// Whoever tries the demo need not do so in a quarter of an hour.
async fn lasts_longer(platform: &Platform, device: &str) -> Result<(), Failure> {
    let (organization, id) =
        ids::decode::<DoorDeviceId>(&device.into()).ok_or_else(|| Failure::new("a device's id"))?;
    let text = "update door_device set link_expires_at = $3 where organization_id = $1 and id = $2";
    let done = transaction!(platform.store.writer(), async |tx| {
        let until = tx.now().await?.plus_days(1);
        sql::execute(tx, text, [organization.into(), id.into(), until.0.into()]).await?;
        Ok::<_, Refused>(())
    });
    done.map_err(Failure::from)
}
