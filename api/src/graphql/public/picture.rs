//! Pictures, as anyone sees them.

use async_graphql::{ID, Result, SimpleObject};
use consentry_domain::OrganizationId;
use consentry_domain::picture::PictureName;
use consentry_entity::organization;

use crate::graphql::scalars::URL;
use crate::graphql::{errors, ids};
use crate::platform::{Fault, Platform};
use crate::services::pictures;

/// A picture: a PNG or a JPEG of at most 600 pixels on its longest side, without what the file said besides.
#[derive(SimpleObject, Clone)]
pub struct Picture {
    /// Where it is fetched. What is fetched there never changes.
    url: URL,
    /// In pixels.
    width: i32,
    /// In pixels.
    height: i32,
    /// What it shows, in words, for those who do not see it.
    alt: String,
}

impl Picture {
    /// The one that a column shows.
    ///
    /// # Errors
    /// When the column holds something else.
    pub(super) fn shown(
        platform: &Platform,
        organization: &organization::Model,
        column: Option<&str>,
        alt: &str,
    ) -> Result<Option<Self>> {
        let name = pictures::shown(column).map_err(|fault| errors::internal(&fault))?;
        Ok(name.map(|name| Self {
            url: URL(platform.url(&format!("/pictures/{}/{name}", organization.slug))),
            width: i32::try_from(name.width).unwrap_or(i32::MAX),
            height: i32::try_from(name.height).unwrap_or(i32::MAX),
            alt: alt.to_owned(),
        }))
    }
}

/// The id of the picture that a column shows.
pub(in crate::graphql) fn picture_id(organization: OrganizationId, column: Option<&str>) -> Result<Option<ID>> {
    let name = pictures::shown(column).map_err(|fault| errors::internal(&fault))?;
    Ok(name.map(|name| ids::encode(organization, name.id)))
}

/// A picture that is fetched.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FoundPicture {
    /// Its media type.
    pub media_type: &'static str,
    /// The file.
    pub bytes: Vec<u8>,
}

/// Opens the picture of this name, of the organization with this slug, for anyone who knows the name.
///
/// # Errors
/// When the database fails.
pub async fn open_picture(platform: &Platform, organization: &str, name: &str) -> Result<Option<FoundPicture>, Fault> {
    let Ok(read) = name.parse::<PictureName>() else {
        return Ok(None);
    };
    let bytes = pictures::find(&platform.store, organization, name).await?;
    Ok(bytes.map(|bytes| FoundPicture {
        media_type: read.kind.media_type(),
        bytes,
    }))
}
