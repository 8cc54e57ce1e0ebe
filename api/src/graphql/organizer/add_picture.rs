//! `addPicture`.

use async_graphql::{Context, ID, InputObject, SimpleObject};
use consentry_domain::OrganizationId;

use super::roster::{of_event, of_organization};
use crate::graphql::{caller, ids, platform};
use crate::mutation;
use crate::platform::Refused;
use crate::services::pictures::{self, Owner};

/// A picture to be taken in.
#[derive(InputObject)]
pub struct AddPictureInput {
    /// New for each one, the same when it is sent again.
    idempotency_key: String,
    /// The organization, for its logo; or an event, for somebody who speaks there.
    owner_id: ID,
    /// The file in base64 (RFC 4648, with padding): a PNG, JPEG or WebP of at most 4 MiB and 40 million pixels. Over HTTP a
    /// request's body has a bound of its own (`limits.body_bytes`).
    content: String,
}

/// A picture that was taken in.
#[derive(SimpleObject)]
pub struct AddedPicture {
    /// What it is called where it shall be shown.
    picture_id: ID,
    /// In pixels, as it is kept.
    width: i32,
    /// In pixels, as it is kept.
    height: i32,
}

mutation! {
    /// Takes a picture in: decoded, turned upright, scaled to at most 600 pixels on its longest side and written anew, without
    /// place, time and whatever else the file said. Where it is shown is said by `updateOrganization`, `createSpeaker` and
    /// `updateSpeaker`; one that is shown nowhere is forgotten after a day.
    AddPicture::add_picture(AddPictureInput) => run;
    AddPicturePayload {
        /// The picture; absent when it was refused.
        picture: AddedPicture
    }
    AddPictureUserError, AddPictureErrorCode { Invalid, Required, TooLong, NotFound, LimitExceeded, IdempotencyMismatch }
}

async fn run(ctx: &Context<'_>, input: AddPictureInput) -> Result<AddedPicture, Refused> {
    let platform = platform(ctx);
    caller(ctx).signed_in().ok_or(Refused::Unauthenticated)?;
    let (key, content) = (&input.idempotency_key, &input.content);
    let (organization, name) = if ids::decode_global::<OrganizationId>(&input.owner_id).is_some() {
        let authorized = of_organization(ctx, "ownerId", &input.owner_id).await?;
        let name = pictures::add(platform, Owner::Organization(&authorized), key, content).await?;
        (authorized.organization(), name)
    } else {
        let editor = of_event(ctx, "ownerId", &input.owner_id).await?;
        let name = pictures::add(platform, Owner::Event(&editor), key, content).await?;
        (editor.organization(), name)
    };
    let side = |length: u32| i32::try_from(length).unwrap_or(i32::MAX);
    Ok(AddedPicture {
        picture_id: ids::encode(organization, name.id),
        width: side(name.width),
        height: side(name.height),
    })
}
