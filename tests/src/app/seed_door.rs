//! Devices that let people in, signed in by their link.

use consentry::access::{Caller, door_device};
use serde_json::{Value, json};

use super::{Browser, Client, TestApp};

/// Adds a device.
pub const ADD_DEVICE: &str = "mutation($input: AddDoorDeviceInput!) { addDoorDevice(input: $input) {
    shown { secret device { id name list state endsAt linkExpiresAt openedAt lastSeenAt removedAt } }
    userErrors { field code message } } }";

/// Signs one in.
pub const REDEEM_DEVICE: &str = "mutation($input: RedeemDoorDeviceInput!) { redeemDoorDevice(input: $input) {
    session { secret expiresAt } userErrors { field code message } } }";

/// A device with the secret of its link.
#[derive(Clone, Debug)]
pub struct DeviceLink {
    /// Its public id.
    pub id: String,
    /// The last part of its address.
    pub secret: String,
}

fn text(value: &Value) -> String {
    value
        .as_str()
        .unwrap_or_else(|| panic!("a text, not {value}"))
        .to_owned()
}

impl TestApp {
    /// A device that waits for somebody to open its link.
    pub async fn device_link(&self, staff: &Client, event: &str, name: &str) -> DeviceLink {
        let key = uuid::Uuid::new_v4().simple().to_string();
        let input = json!({ "idempotencyKey": key, "eventId": event, "name": name });
        let added = staff.done("addDoorDevice", ADD_DEVICE, json!({ "input": input })).await;
        DeviceLink {
            id: text(&added["shown"]["device"]["id"]),
            secret: text(&added["shown"]["secret"]),
        }
    }

    /// Signs a device in; what its cookie holds.
    pub async fn redeem_device(&self, secret: &str) -> String {
        let variables = json!({ "input": { "secret": secret } });
        let redeemed = self
            .anonymous()
            .done("redeemDoorDevice", REDEEM_DEVICE, variables)
            .await;
        text(&redeemed["session"]["secret"])
    }

    /// The device that signed in with what a cookie holds; none where that is not good.
    pub async fn device_with(&self, cookie: &str) -> Option<Client> {
        let found = door_device(&self.platform, cookie).await.expect("the database answers");
        found.map(|device| Client::new(self.schema.clone(), Caller::Door(device)))
    }

    /// A device that lets people in.
    pub async fn device(&self, staff: &Client, event: &str, name: &str) -> Client {
        let link = self.device_link(staff, event, name).await;
        let cookie = self.redeem_device(&link.secret).await;
        self.device_with(&cookie).await.expect("a device")
    }

    /// The browser of a device that lets people in, signed in by its link and the button.
    pub async fn device_browser(&self, link: &DeviceLink) -> Browser {
        let mut browser = self.browser();
        let answer = browser
            .post(&format!("/door/{}", link.secret), &[("first", "yes")])
            .await;
        assert_eq!(
            (answer.status, answer.header("location")),
            (303, "/door"),
            "{}",
            answer.text
        );
        browser
    }
}
