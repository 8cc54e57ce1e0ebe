//! `/events/{organization}/{slug}/register`: tickets, people, who may know what, summary.
//!
//! Everything typed travels from step to step in the form itself: nothing is kept before somebody orders, and going back
//! loses nothing. Only the last step changes anything, and its key makes pressing it twice harmless.

pub(crate) mod asking;
mod card;
mod document;
mod draft;
mod order;
mod people;
mod preview;
mod sharing;
mod step;
mod summary;
mod tickets;

use poem::Response;

use crate::ask::{Ask, kept_in_history};
use crate::trouble::Trouble;
use document::Event;
use draft::{Draft, Problem};
pub(crate) use step::Mark;
use step::Step;
pub(crate) use tickets::{chosen_at_first, field_of, is_free, is_on_sale, numbers, price};

/// Shows a step, or orders.
pub(crate) async fn register(ask: &Ask) -> Result<Response, Trouble> {
    let event = document::find(ask).await?;
    if event.status != document::EventStatus::PUBLISHED {
        return Err(Trouble::NotFound);
    }
    let Some(form) = ask.form() else {
        return begin(ask, &event).await.map(kept_in_history);
    };
    let mut draft = Draft::read(form.clone(), &event);
    let news = card::settle(ask.language, &event, &mut draft);
    match form.text("go") {
        // The button that goes on without sharing.
        "" if draft.form.has("nothing") => go_to(ask, &event, draft, Step::Summary, news).await,
        // Another language, on the same step.
        "" => {
            let step = Step::of_name(form.text("step"));
            show(ask, &event, &draft, step, &news).await
        }
        "order" => order::order(ask, &event, draft).await,
        go => go_to(ask, &event, draft, Step::of_name(go), news).await,
    }
}

/// The first step; or the second where the address says which tickets, as the event's page does, and links of organizers.
async fn begin(ask: &Ask, event: &Event) -> Result<Response, Trouble> {
    let draft = Draft::new(ask, event);
    if !draft.is_chosen(event) {
        return tickets::show(ask, event, &draft, &[]);
    }
    let problems = tickets::problems(ask, event, &draft).await?;
    if problems.is_empty() {
        people::show(ask, event, &draft, &[])
    } else {
        tickets::show(ask, event, &draft, &problems)
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
            Step::People => people::problems(ask.language, event, &draft),
            Step::Sharing if refuses => Vec::new(),
            Step::Sharing if !news.is_empty() => news,
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
        Step::Tickets => tickets::show(ask, event, draft, problems),
        Step::People => people::show(ask, event, draft, problems),
        Step::Sharing => sharing::show(ask, event, draft, problems),
        Step::Summary => summary::show(ask, event, draft, problems).await,
    }
    .map(kept_in_history)
}
