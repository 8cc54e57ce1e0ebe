//! What the demo looks like: a mark and two portraits, drawn here, so that nobody's picture is needed.

use data_encoding::BASE64;
use image::{ImageFormat, Rgba, RgbaImage};
use serde_json::{Value, json};

use super::client::{Client, text};
use crate::cli::Failure;

const ADD: &str = "mutation($input: AddPictureInput!) { addPicture(input: $input) {
    picture { pictureId } userErrors { field message } } }";
const WEAR: &str = "mutation($input: UpdateOrganizationInput!) { updateOrganization(input: $input) {
    organization { revision } userErrors { field message } } }";

/// A plum, which carries white.
const ACCENT: &str = "#7a2e63";
const PLUM: Rgba<u8> = Rgba([0x7a, 0x2e, 0x63, 0xff]);
const CLEAR: Rgba<u8> = Rgba([0, 0, 0, 0]);

/// Gives the organization a colour and a mark.
pub(super) async fn dress(owner: &Client, organization: &str) -> Result<(), Failure> {
    let logo = add(owner, organization, "logo", &mark()).await?;
    let input = json!({ "organizationId": organization, "revision": 1, "accentColor": ACCENT, "logoId": logo });
    owner.send(WEAR, json!({ "input": input })).await?;
    Ok(())
}

/// The portrait of this number, for somebody who speaks at this event; its id.
pub(super) async fn portrait(owner: &Client, event: &str, number: usize) -> Result<String, Failure> {
    let grounds = [
        (Rgba([0xd9, 0xc7, 0xe0, 0xff]), PLUM),
        (Rgba([0xc9, 0xdd, 0xd9, 0xff]), Rgba([0x1f, 0x5f, 0x5b, 0xff])),
    ];
    let (ground, figure) = grounds[number % grounds.len()];
    add(owner, event, &format!("portrait-{number}"), &figure_on(ground, figure)).await
}

async fn add(owner: &Client, of: &str, key: &str, picture: &RgbaImage) -> Result<String, Failure> {
    let mut file = std::io::Cursor::new(Vec::new());
    picture
        .write_to(&mut file, ImageFormat::Png)
        .map_err(|error| Failure::new(format!("the demo's picture could not be drawn: {error}")))?;
    let content = BASE64.encode(&file.into_inner());
    let input = json!({ "idempotencyKey": format!("demo-{key}"), "ownerId": of, "content": content });
    let data: Value = owner.send(ADD, json!({ "input": input })).await?;
    text(&data, "/addPicture/picture/pictureId")
}

/// Whether a point lies within so much of another.
fn near(x: u32, y: u32, (at_x, at_y): (u32, u32), radius: u32) -> bool {
    let (dx, dy) = (x.abs_diff(at_x), y.abs_diff(at_y));
    dx * dx + dy * dy < radius * radius
}

/// Three bars that rise, beside a ring.
fn mark() -> RgbaImage {
    RgbaImage::from_fn(360, 120, |x, y| {
        let ring = near(x, y, (60, 60), 56) && !near(x, y, (60, 60), 32);
        let bar = x >= 150 && (x - 150) % 70 < 44 && y >= 90 - 32 * ((x - 150) / 70) && y < 116;
        if ring || bar { PLUM } else { CLEAR }
    })
}

/// A head and shoulders.
fn figure_on(ground: Rgba<u8>, figure: Rgba<u8>) -> RgbaImage {
    RgbaImage::from_fn(240, 240, |x, y| {
        let seen = near(x, y, (120, 96), 46) || near(x, y, (120, 250), 92);
        if seen { figure } else { ground }
    })
}
