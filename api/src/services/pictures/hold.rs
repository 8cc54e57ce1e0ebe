//! Where a picture is shown, and that it goes when it is shown nowhere.

use consentry_domain::picture::PictureName;
use consentry_domain::{OrganizationId, PictureId};

use crate::platform::store::sql::{Lock, lock_suffix};
use crate::platform::store::{Tx, sql};
use crate::platform::{Code, Fault, Platform, Refused};

/// How many days a picture that is shown nowhere waits for it.
const WAITS_DAYS: i64 = 1;

/// That nothing shows the picture whose row it is.
macro_rules! shown_nowhere {
    () => {
        "not exists (select 1 from organization o where o.id = picture.organization_id and o.logo = picture.name) \
         and not exists (select 1 from speaker s where s.organization_id = picture.organization_id \
         and s.picture = picture.name)"
    };
}

/// Forgets those that waited long enough; see [`forget_due`].
pub const FORGET: &str = concat!("delete from picture where touched_at < $1 and ", shown_nowhere!());

/// Forgets this one, where nothing shows it any more.
pub const RELEASE: &str = concat!(
    "delete from picture where organization_id = $1 and name = $2 and ",
    shown_nowhere!()
);

/// What a column that shows this picture holds. It stays until the transaction ends, and whoever forgets it meanwhile sees
/// that it is wanted.
///
/// # Errors
/// When the organization has no such picture.
pub async fn hold(tx: &Tx, organization: OrganizationId, field: &str, id: PictureId) -> Result<String, Refused> {
    let touch = "update picture set touched_at = $1 where organization_id = $2 and id = $3 returning name";
    let now = tx.now().await?;
    let found = sql::optional(tx, touch, [now.0.into(), organization.into(), id.into()]).await?;
    let found = found.ok_or_else(|| missing(field))?;
    Ok(found.try_get("", "name")?)
}

/// The organization has no such picture, whoever else may have it.
#[must_use]
pub fn missing(field: &str) -> Refused {
    let words = "There is no such picture. Add it again: one that is shown nowhere is forgotten after a day.";
    Refused::because(field, Code::NotFound, words)
}

/// Forgets a picture that is no longer shown here, unless it is shown elsewhere. After the column was written.
///
/// # Errors
/// When the database fails.
pub async fn release(tx: &Tx, organization: OrganizationId, column: Option<&str>) -> Result<(), Refused> {
    let Some(name) = column else {
        return Ok(());
    };
    // A statement of its own: the next one then sees what those wrote who held it.
    let lock = "select id from picture where organization_id = $1 and name = $2";
    let lock = format!("{lock}{}", lock_suffix(tx.engine(), Lock::Exclusive));
    sql::optional(tx, &lock, [organization.into(), name.into()]).await?;
    sql::execute(tx, RELEASE, [organization.into(), name.into()]).await?;
    Ok(())
}

/// Forgets what was added more than a day ago and is shown nowhere; how many.
///
/// # Errors
/// When the database fails.
pub async fn forget_due(platform: &Platform) -> Result<u64, Fault> {
    let before = platform.store.now().await?.plus_days(-WAITS_DAYS);
    Ok(platform.store.alone(FORGET, &[before.0.into()]).await?)
}

/// Which picture a column shows.
///
/// # Errors
/// When it holds something else.
pub fn shown(column: Option<&str>) -> Result<Option<PictureName>, Fault> {
    let read = |name: &str| name.parse().map_err(|_| Fault::Corrupt("a picture's name".into()));
    column.map(read).transpose()
}
