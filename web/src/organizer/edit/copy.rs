//! `/manage/{organization}/{event}/setup/copy`: an event like this one, at another time.

use jiff::civil::DateTime;
use poem::Response;

use super::documents::{CopyEvent, copy_event as copy};
use super::edited::{self, Event};
use super::slug::{self, Addresses};
use super::{Tab, sheet};
use crate::ask::{Ask, see_other};
use crate::clock;
use crate::fields::Problem;
use crate::form::Form;
use crate::organizer::Place;
use crate::organizer::sheet::{About, Sheet, said};
use crate::organizer::texts::{keep, localized, texts_of, written};
use crate::trouble::Trouble;

const NAMES: &[&str] = &["title.en", "title.de", "startsLocal", "endsLocal", "slug"];
/// Events that come every year come on the same day of the week.
const DAYS_OF_A_YEAR: i32 = 364;

pub(super) async fn answer(ask: &Ask) -> Result<Response, Trouble> {
    let (event, place) = edited::find(ask).await?;
    // The copy is an event of the organization, so who works at this one alone cannot make it.
    if !place.may_manage_everywhere() {
        return Err(Trouble::NotFound);
    }
    let proposed = proposed(ask, &event)?;
    let form = match ask.pressed(&proposed) {
        Ok(form) => form,
        Err((form, problems)) => return Ok(show(ask, place, &event, form, problems)),
    };
    match made(ask, &event, form, &proposed).await? {
        Ok(slug) => Ok(see_other(&format!("/manage/{}/{slug}", place.organization))),
        Err(problems) => Ok(show(ask, place, &event, form, problems)),
    }
}

/// The same event in the first year that is still to come.
fn proposed(ask: &Ask, event: &Event) -> Result<Form, Trouble> {
    let about = &event.event;
    let mut form = Form::default();
    keep(&mut form, "title", written!(about.titles));
    let local = |at: &str| clock::local(at, &about.time_zone).parse::<DateTime>().ok();
    let today = local(&ask.now()?.to_string()).ok_or(Trouble::Ours)?;
    let starts = local(&about.starts_at).ok_or(Trouble::Ours)?;
    let past = today.date().since(starts.date()).map_or(0, |span| span.get_days());
    let days = DAYS_OF_A_YEAR * (past.max(0) / DAYS_OF_A_YEAR + 1);
    for (name, at) in [("startsLocal", &about.starts_at), ("endsLocal", &about.ends_at)] {
        let later = local(at).and_then(|at| at.checked_add(jiff::Span::new().days(days)).ok());
        let later = later.map(|at| at.strftime("%Y-%m-%dT%H:%M").to_string());
        form.set(name, &later.unwrap_or_default());
    }
    Ok(form)
}

/// Makes it and says its address.
async fn made(ask: &Ask, event: &Event, form: &Form, proposed: &Form) -> Result<Result<String, Vec<Problem>>, Trouble> {
    let titles = texts_of(form, proposed, "title");
    if titles.is_empty() {
        let words = ask.language.say("edit-title-missing");
        return Ok(Err(vec![Problem::new("title.en", words)]));
    }
    let is_renamed = titles != texts_of(proposed, proposed, "title");
    let of_title = || {
        if is_renamed {
            slug::of_titles(&titles)
        } else {
            String::new()
        }
    };
    let address = || match of_title() {
        slug if slug.is_empty() => same_in_another_year(event, form),
        slug => slug,
    };
    let mut addresses = Addresses::new(form.filled("slug"), address);
    loop {
        let input = copy::CopyEventInput {
            idempotency_key: sheet::key(ask),
            event_id: event.id.clone(),
            slug: addresses.current(),
            title: is_renamed.then(|| localized!(copy, titles.clone())),
            starts_local: form.text("startsLocal").to_owned(),
            ends_local: form.filled("endsLocal"),
        };
        let payload = ask.visitor.ask::<CopyEvent>(copy::Variables { input }).await?;
        let payload = payload.copy_event.ok_or(Trouble::Ours)?;
        let said = said!(payload.user_errors);
        if addresses.go_on(&said) {
            continue;
        }
        return Ok(match payload.event {
            Some(made) => Ok(made.event.slug),
            None => Err(said.into_iter().map(|said| said.problem(NAMES)).collect()),
        });
    }
}

fn same_in_another_year(event: &Event, form: &Form) -> String {
    let year = |local: &str| local.parse::<DateTime>().map_or(0, |at| at.year());
    let before = year(&clock::local(&event.event.starts_at, &event.event.time_zone));
    slug::of_year(&event.event.slug, (before, year(form.text("startsLocal"))))
}

fn show(ask: &Ask, place: Place, event: &Event, form: &Form, problems: Vec<Problem>) -> Response {
    let frame = sheet::frame(ask, ask.language.say("again-title"));
    let sheet = Sheet {
        frame: &frame,
        form,
        kept: form,
        problems: &problems,
    };
    let titles = sheet.needed_texts("title", ["edit-title-en", "edit-title-de"]);
    let time = |name, label| sheet.field(name, label, "datetime-local").required();
    let times = vec![
        time("startsLocal", "edit-starts").hint(event.event.time_zone.clone()),
        time("endsLocal", "edit-ends"),
    ];
    let address = sheet
        .field("slug", "edit-slug", "text")
        .hint(frame.say("again-slug-hint"));
    let groups = vec![
        sheet.group("edit-what", None, vec![titles]),
        sheet.group("edit-when", Some("again-when-words"), vec![times]),
        sheet.group("edit-else", None, vec![vec![address]]),
    ];
    let about = About {
        title: frame.title.clone(),
        lead: Some(frame.say("again-words")),
        button: frame.say("edit-make"),
        back: format!("{}/setup/status", place.base),
        revision: String::new(),
        removal: None,
    };
    super::show(ask, frame, (place, Tab::Status), about, (groups, problems))
}
