//! Views of the roster that its reader keeps for themselves: links above the table, and what keeps and removes one.

use super::super::documents::{RemoveRosterView, SaveRosterView, remove_roster_view, save_roster_view};
use super::super::with_query;
use super::Wish;
use super::found::Event;
use crate::ask::Ask;
use crate::fields::Problem;
use crate::form::Form;
use crate::trouble::Trouble;

/// A view that is kept.
pub(super) struct View {
    pub(super) name: String,
    pub(super) address: String,
    /// Whether it is the one that is shown.
    pub(super) is_shown: bool,
}

/// Everything of what is looked for but the words, as the parameters of an address.
fn parameters(wish: &Wish) -> String {
    let pairs = wish.pairs();
    let rest: Vec<_> = pairs.into_iter().filter(|(name, _)| *name != "words").collect();
    with_query("", &rest).trim_start_matches('?').to_owned()
}

/// Those of the event, as links.
pub(super) fn all(path: &str, event: &Event, wish: &Wish) -> Vec<View> {
    let (words, shown) = (wish.words.as_str(), parameters(wish));
    let views = event.roster_views.iter().flatten();
    views
        .map(|view| {
            let sought = view.words.as_deref().unwrap_or_default();
            let address = with_query(path, &[("words", sought)]);
            let joined = if address == path { '?' } else { '&' };
            View {
                name: view.name.clone(),
                address: match view.query.as_str() {
                    "" => address,
                    query => format!("{address}{joined}{query}"),
                },
                is_shown: sought == words && view.query == shown,
            }
        })
        .collect()
}

/// Keeps what is shown under a name, or says what is wrong with it.
pub(super) async fn save(ask: &Ask, event: &str, wish: &Wish, form: &Form) -> Result<Result<(), Problem>, Trouble> {
    let input = save_roster_view::SaveRosterViewInput {
        event_id: event.to_owned(),
        name: form.text("view").to_owned(),
        words: Some(wish.words.clone()).filter(|words| !words.is_empty()),
        query: parameters(wish),
    };
    let payload = ask
        .visitor
        .ask::<SaveRosterView>(save_roster_view::Variables { input })
        .await?;
    let payload = payload.save_roster_view.ok_or(Trouble::Ours)?;
    Ok(match payload.user_errors.into_iter().next() {
        Some(error) => Err(Problem::new("view", error.message)),
        None => Ok(()),
    })
}

/// Removes one.
pub(super) async fn remove(ask: &Ask, event: &str, name: &str) -> Result<Result<(), Problem>, Trouble> {
    let input = remove_roster_view::RemoveRosterViewInput {
        event_id: event.to_owned(),
        name: name.to_owned(),
    };
    let payload = ask
        .visitor
        .ask::<RemoveRosterView>(remove_roster_view::Variables { input })
        .await?;
    let payload = payload.remove_roster_view.ok_or(Trouble::Ours)?;
    Ok(match payload.user_errors.into_iter().next() {
        Some(error) => Err(Problem::new("view", error.message)),
        None => Ok(()),
    })
}
