//! `/manage/{organization}/-/new`: a new event.

use jiff::tz::TimeZone;
use poem::Response;

use super::documents::{ChangeEvent, MakeEvent, Owning, change_event as change, make_event as make, owning};
use super::slug::{self, Addresses};
use crate::ask::{Ask, see_other};
use crate::fields::Problem;
use crate::form::Form;
use crate::organizer::Roles;
use crate::organizer::sheet::{self, About, Around, Sheet, said};
use crate::organizer::texts::{localized, texts_of};
use crate::organizer::zones;
use crate::trouble::Trouble;

type Organization = owning::OwningOrganizationOrganization;

const NAMES: &[&str] = &[
    "kind",
    "title.en",
    "title.de",
    "startsLocal",
    "endsLocal",
    "timeZone",
    "venue.name",
    "joinUrl",
    "currency",
    "slug",
];

pub(super) async fn answer(ask: &Ask) -> Result<Response, Trouble> {
    let organization = find(ask).await?;
    let proposed = proposed(ask, &organization)?;
    let form = match ask.pressed(&proposed) {
        Ok(form) => form,
        Err((form, problems)) => return Ok(show(ask, &organization, form, problems)),
    };
    let problems = lacking(ask, form);
    if !problems.is_empty() {
        return Ok(show(ask, &organization, form, problems));
    }
    match made(ask, &organization, form).await? {
        Ok(path) => Ok(see_other(&path)),
        Err(problems) => Ok(show(ask, &organization, form, problems)),
    }
}

/// The organization, for those who may make events in it.
async fn find(ask: &Ask) -> Result<Organization, Trouble> {
    let slug = ask.param("organization");
    if !Roles::everywhere(ask, slug).await?.may_manage() {
        return Err(Trouble::NotFound);
    }
    let variables = owning::Variables {
        organization: slug.to_owned(),
    };
    let found = ask.visitor.ask::<Owning>(variables).await?;
    Ok(found.organization.ok_or(Trouble::NotFound)?.organization)
}

/// What most events are: a conference in a month, for a day, where the organization is.
fn proposed(ask: &Ask, organization: &Organization) -> Result<Form, Trouble> {
    let (zone, currency) = zones::of_country(&organization.country);
    let clock = TimeZone::get(zone).unwrap_or(TimeZone::UTC);
    let day = ask.now()?.to_zoned_datetime(clock).date();
    let day = day.checked_add(jiff::Span::new().days(28)).map_err(|_| Trouble::Ours)?;
    let mut form = Form::default();
    form.set("kind", "CONFERENCE");
    form.set("startsLocal", &format!("{day}T09:00"));
    form.set("endsLocal", &format!("{day}T17:00"));
    form.set("timeZone", zone);
    form.set("currency", currency);
    Ok(form)
}

fn is_webinar(form: &Form) -> bool {
    form.text("kind") == "WEBINAR"
}

/// What this page knows to be wrong before anything is made.
fn lacking(ask: &Ask, form: &Form) -> Vec<Problem> {
    let mut problems = Vec::new();
    let titles = texts_of(form, form, "title");
    if titles.is_empty() {
        problems.push(Problem::new("title.en", ask.language.say("edit-title-missing")));
    } else if form.text("slug").is_empty() && slug::of_titles(&titles).is_empty() {
        problems.push(Problem::new("slug", ask.language.say("edit-slug-missing")));
    }
    let address = form.text("joinUrl");
    if is_webinar(form) && !address.is_empty() && !address.starts_with("https://") && !address.starts_with("http://") {
        problems.push(Problem::new("joinUrl", ask.language.say("edit-join-wrong")));
    }
    problems
}

/// Makes it and says where; the place follows in a second step, which a form that is sent twice finds done.
async fn made(ask: &Ask, organization: &Organization, form: &Form) -> Result<Result<String, Vec<Problem>>, Trouble> {
    let titles = texts_of(form, form, "title");
    let mut addresses = Addresses::new(form.filled("slug"), || slug::of_titles(&titles));
    let event = loop {
        let input = make::CreateEventInput {
            idempotency_key: sheet::key(ask),
            organization_id: organization.id.clone(),
            slug: addresses.current(),
            kind: if is_webinar(form) {
                make::EventKind::WEBINAR
            } else {
                make::EventKind::CONFERENCE
            },
            title: localized!(make, titles.clone()),
            default_locale: main_language(ask, &titles),
            time_zone: form.text("timeZone").to_owned(),
            starts_local: form.text("startsLocal").to_owned(),
            ends_local: form.text("endsLocal").to_owned(),
            currency: form.text("currency").to_owned(),
        };
        let payload = ask.visitor.ask::<MakeEvent>(make::Variables { input }).await?;
        let payload = payload.create_event.ok_or(Trouble::Ours)?;
        let said = said!(payload.user_errors);
        if addresses.go_on(&said) {
            continue;
        }
        match payload.event {
            Some(event) => break event,
            None => return Ok(Err(said.into_iter().map(|said| said.problem(NAMES)).collect())),
        }
    };
    if let Some(input) = place(form, &event) {
        let payload = ask.visitor.ask::<ChangeEvent>(change::Variables { input }).await?;
        let mut said = said!(payload.update_event.ok_or(Trouble::Ours)?.user_errors);
        said.retain(|said| !said.is("STALE"));
        if !said.is_empty() {
            return Ok(Err(said.into_iter().map(|said| said.problem(NAMES)).collect()));
        }
    }
    Ok(Ok(format!("/manage/{}/{}", organization.slug, event.event.slug)))
}

/// The language that the organizer writes in, where there is a title in it.
fn main_language(ask: &Ask, titles: &[(String, String)]) -> String {
    let code = ask.language.code();
    let own = titles.iter().find(|(its, _)| its == code).or(titles.first());
    own.map_or(code, |(its, _)| its.as_str()).to_owned()
}

/// Where it takes place, where that was said.
fn place(form: &Form, event: &make::MakeEventCreateEventEvent) -> Option<change::UpdateEventInput> {
    let venue = form.filled("venue.name").filter(|_| !is_webinar(form));
    let join_url = form.filled("joinUrl").filter(|_| is_webinar(form));
    if event.revision != 1 || (venue.is_none() && join_url.is_none()) {
        return None;
    }
    Some(change::UpdateEventInput {
        venue: venue.map(|name| change::VenueInput { name, address: None }),
        join_url,
        ..super::details::nothing(event.id.clone(), event.revision)
    })
}

fn show(ask: &Ask, organization: &Organization, form: &Form, problems: Vec<Problem>) -> Response {
    let frame = sheet::frame(ask, ask.language.say("edit-new"));
    let sheet = Sheet {
        frame: &frame,
        form,
        kept: form,
        problems: &problems,
    };
    let kinds = ["CONFERENCE", "WEBINAR"].map(|kind| (kind.to_owned(), frame.of("event-kind", &kind)));
    let kind = sheet
        .field("kind", "edit-kind", "choice")
        .required()
        .choices(kinds.to_vec());
    let titles = sheet.needed_texts("title", ["edit-title-en", "edit-title-de"]);
    let whereabouts = vec![
        sheet
            .field("venue.name", "edit-venue", "text")
            .hint(frame.say("edit-venue-hint")),
        sheet
            .field("joinUrl", "edit-join", "url")
            .hint(frame.say("edit-join-hint")),
    ];
    let others = vec![
        sheet
            .field("currency", "edit-currency", "choice")
            .required()
            .choices(zones::currencies())
            .hint(frame.say("edit-currency-hint")),
        sheet
            .field("slug", "edit-slug", "text")
            .hint(frame.say("edit-slug-hint")),
    ];
    let groups = vec![
        sheet.group("edit-what", None, vec![titles, vec![kind]]),
        sheet.when(),
        sheet.group("edit-where", Some("edit-where-words"), vec![whereabouts]),
        sheet.group("edit-else", None, vec![others]),
    ];
    let above = format!("/manage/{}", organization.slug);
    let about = About {
        title: frame.title.clone(),
        lead: Some(frame.say("edit-new-words")),
        button: frame.say("edit-make"),
        back: above.clone(),
        revision: String::new(),
        removal: None,
    };
    let around = Around::Above(above, organization.name.clone());
    sheet::show(ask, frame, around, about, (groups, problems))
}
