//! Pictures: an organization's logo, and those who speak. What comes is decoded and written anew, so that nothing stays of
//! a file but what can be seen: no place where it was taken, no second file behind it.
//!
//! A picture is shown where its name stands in a column. It goes with the last of them, in the same transaction; one that
//! was added and is shown nowhere goes after a day.

mod add;
mod hold;
mod paint;

pub use add::{MOST, MOST_BYTES, Owner, add};
pub use hold::{FORGET, RELEASE, forget_due, hold, missing, release, shown};

use crate::platform::store::{Store, sql};
use sea_orm::DbErr;

/// The bytes of a picture, by the slug of its organization and its name.
///
/// Whoever knows the name may see it: it is made with a key of this installation, so nobody knows it who was not shown it.
///
/// # Errors
/// When the database fails.
pub async fn find(store: &Store, organization: &str, name: &str) -> Result<Option<Vec<u8>>, DbErr> {
    let found = sql::optional(store.read(), FIND, [organization.into(), name.into()]).await?;
    found.map(|row| row.try_get("", "bytes")).transpose()
}

/// The statement of [`find`].
pub const FIND: &str = "select p.bytes from organization o join picture p on p.organization_id = o.id \
                        where o.slug = $1 and p.name = $2";
