//! The steps as attendees will take them, for those who make the event: the same pages, of an event that the public need not
//! see yet. Nothing is ordered, nothing is kept, and nothing has to be filled in but which tickets.

use jiff::tz::TimeZone;
use poem::Response;

use super::document;
use super::draft::Draft;
use super::step::Step;
use super::{card, go_to, show, tickets};
use crate::ask::{Ask, kept_in_history};
use crate::trouble::Trouble;

/// Shows a step; `back` is where they came from.
pub(crate) async fn rehearse(ask: &Ask, back: &str) -> Result<Response, Trouble> {
    let event = document::find_for_rehearsal(ask).await?;
    let today = ask.now()?.to_zoned_datetime(TimeZone::UTC).date();
    let Some(form) = ask.form() else {
        let mut draft = Draft::new(ask, &event, today);
        // Somebody is there, so that the steps have something to show.
        draft.form.set("buyer.name", &ask.language.say("rehearsal-name"));
        draft.form.set("buyer.email", "somebody@example.org");
        draft.rehearsal = Some(back.to_owned());
        return tickets::show(ask, &event, &draft, &[]).await.map(kept_in_history);
    };
    let mut draft = Draft::read(form.clone(), &event, today);
    draft.rehearsal = Some(back.to_owned());
    let news = card::settle(ask.language, &event, &mut draft);
    match form.text("go") {
        "" if draft.form.has("nothing") => go_to(ask, &event, draft, Step::Summary, news).await,
        "" => {
            let step = Step::of_name(form.text("step"));
            show(ask, &event, &draft, step, &news).await
        }
        go => go_to(ask, &event, draft, Step::of_name(go), news).await,
    }
}
