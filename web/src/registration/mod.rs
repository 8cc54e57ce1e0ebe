//! `/events/{organization}/{slug}/register`: tickets, people, who may know what, summary.
//!
//! Everything typed travels from step to step in the form itself: nothing is kept before somebody orders, and going back
//! loses nothing. Only the last step changes anything, and its key makes pressing it twice harmless.

mod age;
pub(crate) mod asking;
mod billing;
mod card;
mod document;
mod draft;
mod order;
mod people;
mod preview;
mod rehearsal;
mod sharing;
mod step;
mod summary;
mod tickets;

use jiff::civil::Date;
use jiff::tz::TimeZone;
use poem::Response;

use crate::ask::{Ask, kept_in_history, see_other};
use crate::events::{closed, sale};
use crate::trouble::Trouble;
use document::Event;
use draft::{Draft, Problem};
use order::Outcome;
pub(crate) use rehearsal::rehearse;
pub(crate) use step::Mark;
use step::Step;
pub(crate) use tickets::{chosen_at_first, field_of, is_free, is_on_sale, numbers, price};

/// Shows a step, or orders.
pub(crate) async fn register(ask: &Ask) -> Result<Response, Trouble> {
    let event = document::find(ask).await?;
    let now = ask.now()?;
    let today = now.to_zoned_datetime(TimeZone::UTC).date();
    let closed = closed(&ask.frame(String::new()), &sale!(event), now)?;
    let Some(form) = ask.form() else {
        return match closed {
            // That page says why, and what can be done.
            Some(_) => Ok(see_other(event_page(ask))),
            None => begin(ask, &event, today).await.map(kept_in_history),
        };
    };
    let mut draft = Draft::read(form.clone(), &event, today);
    let news = card::settle(ask.language, &event, &mut draft);
    // Also where nobody can register any more: the last place may be gone by this very order, sent twice.
    let refused = match form.text("go") {
        "order" => match order::order(ask, &event, &mut draft).await? {
            Outcome::Ordered(response) => return Ok(response),
            Outcome::Refused(step, problems) => Some((step, problems)),
        },
        _ => None,
    };
    if let Some(why) = closed {
        return tickets::show_closed(ask, &event, &draft, &why).map(kept_in_history);
    }
    if let Some((step, problems)) = refused {
        return show(ask, &event, &draft, step, &problems).await;
    }
    match form.text("go") {
        // The button that goes on without sharing.
        "" if draft.form.has("nothing") => go_to(ask, &event, draft, Step::Summary, news).await,
        // Another language, on the same step.
        "" => {
            let step = Step::of_name(form.text("step"));
            show(ask, &event, &draft, step, &news).await
        }
        go => go_to(ask, &event, draft, Step::of_name(go), news).await,
    }
}

/// The page of the event.
fn event_page(ask: &Ask) -> &str {
    ask.path().trim_end_matches("/register")
}

/// The first step; or the second where the address says which tickets, as the event's page does, and links of organizers.
async fn begin(ask: &Ask, event: &Event, today: Date) -> Result<Response, Trouble> {
    let draft = Draft::new(ask, event, today);
    if !draft.is_chosen(event) {
        return tickets::show(ask, event, &draft, &[]).await;
    }
    let problems = tickets::problems(ask, event, &draft).await?;
    if problems.is_empty() {
        people::show(ask, event, &draft, &[])
    } else {
        tickets::show(ask, event, &draft, &problems).await
    }
}

/// Leads on, or keeps the visitor where something is missing, or where the boxes are no longer those that they ticked.
async fn go_to(
    ask: &Ask,
    event: &Event,
    mut draft: Draft,
    wished: Step,
    news: Vec<Problem>,
) -> Result<Response, Trouble> {
    let shown = Step::of_name(draft.form.text("step"));
    let refuses = draft.form.has("nothing");
    if refuses {
        draft.share_nothing();
    }
    if wished == shown {
        return show(ask, event, &draft, shown, &news).await;
    }
    if wished > shown {
        let problems = match shown {
            Step::Tickets => tickets::problems(ask, event, &draft).await?,
            Step::Sharing if refuses => Vec::new(),
            Step::Sharing if !news.is_empty() => news,
            _ if draft.rehearsal.is_some() => Vec::new(),
            Step::People => people::problems(ask.language, event, &draft),
            Step::Sharing => sharing::problems(ask.language, event, &draft),
            Step::Summary => Vec::new(),
        };
        if !problems.is_empty() {
            return show(ask, event, &draft, shown, &problems).await;
        }
    }
    let step = match wished {
        // There is nobody here who could be asked, or nothing to ask.
        Step::Sharing if !draft.asks_to_share(event) && wished > shown => Step::Summary,
        Step::Sharing if !draft.asks_to_share(event) => Step::People,
        step => step,
    };
    show(ask, event, &draft, step, &[]).await
}

async fn show(ask: &Ask, event: &Event, draft: &Draft, step: Step, problems: &[Problem]) -> Result<Response, Trouble> {
    match step {
        Step::Tickets => tickets::show(ask, event, draft, problems).await,
        Step::People => people::show(ask, event, draft, problems),
        Step::Sharing => sharing::show(ask, event, draft, problems),
        Step::Summary => summary::show(ask, event, draft, problems).await,
    }
    .map(kept_in_history)
}
