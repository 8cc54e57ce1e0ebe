//! Taking a picture in.

use consentry_domain::picture::PictureName;
use consentry_domain::{AccountId, ActorKind, EventId, OrganizationId, PictureId};
use data_encoding::BASE64;
use sea_orm::Value;
use tokio::sync::Semaphore;
use uuid::Uuid;

use super::paint::{Painted, Unfit, paint};
use crate::access::rights::ManageOrganization;
use crate::access::{Authorized, OrganizationScope};
use crate::platform::store::{Tx, sql};
use crate::platform::{Code, Platform, Refused};
use crate::services::audit;
use crate::services::events::parts::Editor;
use crate::services::idempotency::{self, Claim};
use crate::transaction;

/// How many pictures one organization keeps at most.
pub const MOST: i64 = 5000;

/// How large a file can be, in bytes.
pub const MOST_BYTES: usize = 4 * 1024 * 1024;

/// One at a time: a large one takes a few hundred megabytes for a moment.
static PAINTING: Semaphore = Semaphore::const_new(1);

/// For whom a picture is taken in.
#[derive(Clone, Copy)]
pub enum Owner<'a> {
    /// An organization, for its logo.
    Organization(&'a Authorized<OrganizationScope, ManageOrganization>),
    /// An event, for somebody who speaks there.
    Event(&'a Editor),
}

impl Owner<'_> {
    fn organization(self) -> OrganizationId {
        match self {
            Self::Organization(authorized) => authorized.organization(),
            Self::Event(editor) => editor.organization(),
        }
    }

    fn event(self) -> Option<EventId> {
        match self {
            Self::Organization(_) => None,
            Self::Event(editor) => Some(editor.event()),
        }
    }

    fn actor(self) -> AccountId {
        match self {
            Self::Organization(authorized) => authorized.actor(),
            Self::Event(editor) => editor.actor(),
        }
    }
}

/// Takes a picture in; `content` is the file in base64. What it is called.
///
/// # Errors
/// What is wrong with the file.
pub async fn add(platform: &Platform, owner: Owner<'_>, key: &str, content: &str) -> Result<PictureName, Refused> {
    let organization = owner.organization();
    let painted = painted(decoded(content)?).await?;
    let id = platform.keys.picture_id(organization.0.as_bytes(), &painted.bytes);
    let name = PictureName {
        id: PictureId(Uuid::from_bytes(id)),
        width: painted.width,
        height: painted.height,
        kind: painted.kind,
    };
    let scope = format!("addPicture:{}", owner.actor());
    let request = idempotency::Request::of(organization, scope, key, &(owner.event(), name.to_string()))?;
    transaction!(platform.store.writer(), async |tx| {
        if let Claim::New = idempotency::claim(platform, tx, &request, name.id.0).await? {
            note(tx, owner, name.id).await?;
        }
        keep(tx, organization, name, &painted.bytes).await?;
        Ok::<_, Refused>(name)
    })
}

/// Writes it down, or that it came once more.
async fn keep(tx: &Tx, organization: OrganizationId, name: PictureName, bytes: &[u8]) -> Result<(), Refused> {
    let count = "select count(*) as number from picture where organization_id = $1 and id <> $2";
    let count = sql::one(tx, count, [organization.into(), name.id.into()]).await?;
    if count.try_get::<i64>("", "number")? >= MOST {
        let words = format!("An organization keeps {MOST} pictures at most. Take one away first.");
        return Err(Refused::because("ownerId", Code::LimitExceeded, words));
    }
    let insert = "insert into picture (organization_id, id, name, bytes, touched_at) values ($1, $2, $3, $4, $5) \
                  on conflict (organization_id, id) do update set touched_at = excluded.touched_at";
    let now = tx.now().await?;
    let values: [Value; 5] = [
        organization.into(),
        name.id.into(),
        name.to_string().into(),
        bytes.to_vec().into(),
        now.0.into(),
    ];
    sql::execute(tx, insert, values).await?;
    Ok(())
}

async fn note(tx: &Tx, owner: Owner<'_>, id: PictureId) -> Result<(), Refused> {
    let entry = audit::Entry {
        organization: owner.organization(),
        actor: ActorKind::Staff,
        account: Some(owner.actor()),
        action: "addPicture",
        event: owner.event(),
        subject_kind: "picture",
        subject: Some(id.0),
        detail: serde_json::json!({}),
    };
    Ok(audit::note(tx, entry).await?)
}

/// The file.
fn decoded(content: &str) -> Result<Vec<u8>, Refused> {
    let refused = |code, words: &str| Err(Refused::because("content", code, words));
    if content.is_empty() {
        return refused(Code::Required, "Choose a picture.");
    }
    let too_large =
        "The file is larger than 4 MiB. Save the picture smaller: 1200 pixels on its longest side are plenty.";
    if content.len() > BASE64.encode_len(MOST_BYTES) {
        return refused(Code::TooLong, too_large);
    }
    match BASE64.decode(content.as_bytes()) {
        // What is filled up to a multiple of three is as long as what is not.
        Ok(bytes) if bytes.len() > MOST_BYTES => refused(Code::TooLong, too_large),
        Ok(bytes) => Ok(bytes),
        Err(_) => refused(
            Code::Invalid,
            "Send the file's bytes in base64 (RFC 4648, with padding).",
        ),
    }
}

/// Decodes it and writes it anew, where it holds up nobody.
async fn painted(file: Vec<u8>) -> Result<Painted, Refused> {
    let turn = PAINTING.acquire().await;
    let painting = tokio::task::spawn_blocking(move || {
        // Given back when it is done, also where nobody waits for it any more.
        let _turn = turn;
        paint(&file)
    });
    // A decoder that gave up on it says nothing more than that.
    let unfit = match painting.await.unwrap_or(Err(Unfit::Broken)) {
        Ok(painted) => return Ok(painted),
        Err(unfit) => unfit,
    };
    let (code, words) = match unfit {
        Unfit::Kind => (
            Code::Invalid,
            "This is no PNG, JPEG or WebP. Export a drawing (SVG, PDF) as PNG, and save other pictures as JPEG.",
        ),
        Unfit::Broken => (
            Code::Invalid,
            "The picture cannot be read to its end. Save it anew, or choose another file.",
        ),
        Unfit::TooLarge => (
            Code::TooLong,
            "The picture has more than 40 million pixels. Save it smaller: 1200 pixels on its longest side are plenty.",
        ),
    };
    Err(Refused::because("content", code, words))
}
