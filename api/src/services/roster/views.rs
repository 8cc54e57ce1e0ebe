//! Views of a roster that a member of staff keeps for themselves, by a name: what was looked for, and how it was shown.
//!
//! Nobody else reads them. What is looked for may be somebody's name, so neither the log nor the audit log repeats it, and
//! erasing a person removes the views that name them.

use consentry_domain::words::Sought;
use consentry_entity::{account, roster_view};
use sea_orm::sea_query::OnConflict;
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder, QuerySelect,
};

use crate::access::rights::ViewRoster;
use crate::access::{Authorized, EventScope};
use crate::platform::{Code, Fault, Platform, Problems, Refused};
use crate::services::input::{self, Judged};
use crate::transaction;

/// Who looks at a roster.
pub type Viewer = Authorized<EventScope, ViewRoster>;

/// How many somebody keeps of one event's roster.
const MOST: usize = 20;
/// The longest name, in characters.
const LONGEST_NAME: usize = 60;
/// The longest parameters, in characters.
const LONGEST_QUERY: usize = 2000;

/// A view to be kept.
#[derive(Clone, Debug)]
pub struct NewView {
    /// What it is called.
    pub name: String,
    /// The words that are looked for.
    pub words: Option<String>,
    /// Everything else, as the parameters of an address.
    pub query: String,
}

/// The viewer's own views of the event's roster, by name.
///
/// # Errors
/// When the database fails.
pub async fn of(connection: &impl ConnectionTrait, viewer: &Viewer) -> Result<Vec<roster_view::Model>, Fault> {
    use roster_view::Column;
    Ok(roster_view::Entity::find()
        .filter(Column::OrganizationId.eq(viewer.organization()))
        .filter(Column::EventId.eq(viewer.event()))
        .filter(Column::AccountId.eq(viewer.actor()))
        .order_by_asc(Column::Name)
        .all(connection)
        .await?)
}

/// Keeps one; another one of the same name is replaced. All of them, then.
///
/// # Errors
/// What is wrong with it; `LIMIT_EXCEEDED` where too many are kept.
pub async fn save(platform: &Platform, viewer: &Viewer, new: &NewView) -> Result<Vec<roster_view::Model>, Refused> {
    use roster_view::Column;
    let mut problems = Problems::new();
    let name = problems
        .keep("name", input::line(&new.name, LONGEST_NAME))
        .unwrap_or_default();
    let words = problems
        .keep("words", input::optional(new.words.as_deref(), sought))
        .flatten();
    let query = problems.keep("query", parameters(&new.query)).unwrap_or_default();
    problems.none()?;
    transaction!(platform.store.writer(), async |tx| {
        // One after the other, or two of them could both be the last one that fits.
        account::Entity::find_by_id(viewer.actor())
            .select_only()
            .column(account::Column::Id)
            .lock_exclusive()
            .into_tuple::<consentry_domain::AccountId>()
            .one(tx)
            .await?;
        let kept = of(tx, viewer).await?;
        if kept.len() >= MOST && kept.iter().all(|view| view.name != name) {
            let words = format!("You keep {MOST} views of a roster at most. Remove one first.");
            return Err(Refused::because("name", Code::LimitExceeded, words));
        }
        let row = roster_view::Model {
            organization_id: viewer.organization(),
            event_id: viewer.event(),
            account_id: viewer.actor(),
            name: name.clone(),
            words: words.clone(),
            query: query.clone(),
            made_at: tx.now().await?.0,
        };
        let key = [Column::OrganizationId, Column::EventId, Column::AccountId, Column::Name];
        let replaced = OnConflict::columns(key)
            .update_columns([Column::Words, Column::Query, Column::MadeAt])
            .to_owned();
        roster_view::Entity::insert(row.into_active_model().reset_all())
            .on_conflict(replaced)
            .exec_without_returning(tx)
            .await?;
        Ok(of(tx, viewer).await?)
    })
}

/// Removes one; when it is gone already, that is fine. Those that are left.
///
/// # Errors
/// When the database fails.
pub async fn remove(platform: &Platform, viewer: &Viewer, name: &str) -> Result<Vec<roster_view::Model>, Refused> {
    let key = (
        viewer.organization(),
        viewer.event(),
        viewer.actor(),
        consentry_domain::text::sought(name.trim()).into_owned(),
    );
    transaction!(platform.store.writer(), async |tx| {
        roster_view::Entity::delete_by_id(key.clone()).exec(tx).await?;
        Ok(of(tx, viewer).await?)
    })
}

fn sought(text: &str) -> Judged<String> {
    match Sought::parse(text) {
        Ok(_) => Ok(text.trim().to_owned()),
        Err(problem) => Err((Code::Invalid, format!("Here, {problem}."))),
    }
}

/// Parameters of an address. The words are none of them: they stand for themselves, so that erasing somebody finds them.
fn parameters(text: &str) -> Judged<String> {
    if text.len() > LONGEST_QUERY {
        return Err((
            Code::TooLong,
            format!("At most {LONGEST_QUERY} characters are expected."),
        ));
    }
    let fits = |byte: u8| byte.is_ascii_alphanumeric() || b"=&%-._~+".contains(&byte);
    let named = |parameter: &str| ["words", "name"].contains(&parameter.split('=').next().unwrap_or_default());
    if !text.bytes().all(fits) || text.contains("%0") || text.split('&').any(named) {
        let words =
            "Parameters of an address are expected, without the words that are looked for: status=CONFIRMED&sort=time.";
        return Err((Code::Invalid, words.to_owned()));
    }
    Ok(text.to_owned())
}
