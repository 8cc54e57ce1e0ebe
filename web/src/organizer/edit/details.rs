//! `/manage/{organization}/{event}/setup`: what the event is, when and where, and who may come.

use poem::Response;

use super::Tab;
use super::documents::{ChangeEvent, change_event as change};
use super::edited::{self, Event};
use crate::ask::{Ask, see_other};
use crate::clock;
use crate::countries;
use crate::fields::Problem;
use crate::form::Form;
use crate::frame::name_of;
use crate::organizer::Place;
use crate::organizer::sheet::{self, About, Sheet, said};
use crate::organizer::texts::{keep, localized, others, texts_of, written};
use crate::trouble::Trouble;
use crate::words::Language;

const NAMES: &[&str] = &[
    "title.en",
    "title.de",
    "description.en",
    "description.de",
    "defaultLocale",
    "startsLocal",
    "endsLocal",
    "timeZone",
    "venue.name",
    "venue.address.street",
    "venue.address.postalCode",
    "venue.address.city",
    "venue.address.region",
    "venue.address.country",
    "joinUrl",
    "slug",
    "contactEmail",
    "minimumAge",
    "consentAge",
    "asksDateOfBirth",
    "requiresParentalPermission",
    "answersEditableUntil",
    "orderHoldMinutes",
    "transferHoldDays",
];

/// A change of nothing but that there is no deadline for answers: the API reads nothing there as none.
pub(super) fn nothing(event_id: String, revision: i64) -> change::UpdateEventInput {
    change::UpdateEventInput {
        event_id,
        revision,
        slug: None,
        title: None,
        description: None,
        default_locale: None,
        time_zone: None,
        starts_local: None,
        ends_local: None,
        venue: None,
        join_url: None,
        contact_email: None,
        minimum_age: None,
        consent_age: None,
        asks_date_of_birth: None,
        requires_parental_permission: None,
        answers_editable_until: None,
        order_hold_minutes: None,
        transfer_hold_days: None,
    }
}

pub(super) async fn answer(ask: &Ask) -> Result<Response, Trouble> {
    let (event, place) = edited::find(ask).await?;
    let kept = kept(&event);
    let form = match ask.pressed(&kept) {
        Ok(form) => form,
        Err((form, problems)) => return Ok(show(ask, place, &event, (form, &kept), problems)),
    };
    let input = match input(ask, &event, form, &kept) {
        Ok(input) => input,
        Err(problems) => return Ok(show(ask, place, &event, (form, &kept), problems)),
    };
    let payload = ask.visitor.ask::<ChangeEvent>(change::Variables { input }).await?;
    let said = said!(payload.update_event.ok_or(Trouble::Ours)?.user_errors);
    if said.is_empty() {
        let slug = form.filled("slug").unwrap_or(event.event.slug);
        return Ok(see_other(&format!(
            "/manage/{}/{slug}/setup?done=saved",
            place.organization
        )));
    }
    let problems = sheet::problems(ask, said, NAMES);
    Ok(show(ask, place, &event, (form, &kept), problems))
}

/// What the API has, as the form would send it.
fn kept(event: &Event) -> Form {
    let about = &event.event;
    let mut form = Form::default();
    keep(&mut form, "title", written!(about.titles));
    keep(&mut form, "description", written!(about.descriptions));
    form.set("defaultLocale", &event.default_locale);
    form.set("startsLocal", &clock::local(&about.starts_at, &about.time_zone));
    form.set("endsLocal", &clock::local(&about.ends_at, &about.time_zone));
    form.set("timeZone", &about.time_zone);
    form.set("slug", &about.slug);
    let venue = about.venue.as_ref();
    let address = venue.and_then(|venue| venue.address.as_ref());
    form.set("venue.name", venue.map_or("", |venue| venue.name.as_str()));
    form.set("venue.address.street", address.map_or("", |its| its.street.as_str()));
    form.set(
        "venue.address.postalCode",
        address.and_then(|its| its.postal_code.as_deref()).unwrap_or_default(),
    );
    form.set("venue.address.city", address.map_or("", |its| its.city.as_str()));
    form.set(
        "venue.address.region",
        address.and_then(|its| its.region.as_deref()).unwrap_or_default(),
    );
    form.set("venue.address.country", address.map_or("", |its| its.country.as_str()));
    form.set("joinUrl", event.join_url.as_deref().unwrap_or_default());
    form.set("contactEmail", &about.contact_email);
    form.set("minimumAge", &about.minimum_age.unwrap_or(0).to_string());
    form.set("consentAge", &about.consent_age.to_string());
    for (name, is_set) in [
        ("asksDateOfBirth", about.asks_date_of_birth),
        ("requiresParentalPermission", about.requires_parental_permission),
    ] {
        if is_set {
            form.set(name, "yes");
        }
    }
    let until = event.answers_editable_until.as_deref();
    form.set(
        "answersEditableUntil",
        &until.map(|at| clock::local(at, &about.time_zone)).unwrap_or_default(),
    );
    form.set("orderHoldMinutes", &event.order_hold_minutes.to_string());
    form.set("transferHoldDays", &event.transfer_hold_days.to_string());
    form.set("revision", &event.revision.to_string());
    form
}

/// The mutation's input: what differs from what is kept.
fn input(ask: &Ask, event: &Event, form: &Form, kept: &Form) -> Result<change::UpdateEventInput, Vec<Problem>> {
    let mut problems = Vec::new();
    let changed =
        |name: &str| (form.has(name) && form.text(name) != kept.text(name)).then(|| form.text(name).to_owned());
    let mut number = |name: &str| {
        let text = changed(name)?;
        let number = text.parse::<i32>();
        if number.is_err() {
            problems.push(Problem::new(name, ask.language.say("edit-number")));
        }
        number.ok().map(i64::from)
    };
    let minimum_age = number("minimumAge");
    let consent_age = number("consentAge");
    let order_hold_minutes = number("orderHoldMinutes");
    let transfer_hold_days = number("transferHoldDays");
    // A text that was emptied takes its language away.
    let texts = |name: &str| {
        let languages = Language::ALL.iter().map(|language| language.code().to_owned());
        let languages = languages.chain(others(form, name));
        let all: Vec<_> = languages
            .filter_map(|locale| {
                let text = changed(&format!("{name}.{locale}"))?;
                Some((locale, text))
            })
            .collect();
        (!all.is_empty()).then(|| localized!(change, all))
    };
    if texts_of(form, kept, "title").is_empty() {
        problems.push(Problem::new("title.en", ask.language.say("edit-title-missing")));
    }
    // Some zone's clock may have been changed in the same form.
    let zone = form.filled("timeZone").unwrap_or_else(|| event.event.time_zone.clone());
    let until = match changed("answersEditableUntil") {
        None => event.answers_editable_until.clone(),
        Some(text) if text.is_empty() => None,
        Some(text) => {
            let at = clock::instant(&text, &zone);
            if at.is_none() {
                problems.push(Problem::new("answersEditableUntil", ask.language.say("edit-time")));
            }
            at
        }
    };
    let parts = ["street", "postalCode", "city", "region", "country"].map(|part| format!("venue.address.{part}"));
    let is_moved = changed("venue.name").is_some() || parts.iter().any(|part| changed(part).is_some());
    let has_address = parts.iter().any(|part| !form.text(part).is_empty());
    let region = if form.has("venue.address.region") { form } else { kept };
    let flag = |name: &str| (form.has(name) != kept.has(name)).then(|| form.has(name));
    let input = change::UpdateEventInput {
        slug: changed("slug").filter(|slug| !slug.is_empty()),
        title: texts("title"),
        description: texts("description"),
        default_locale: changed("defaultLocale"),
        time_zone: changed("timeZone"),
        starts_local: changed("startsLocal"),
        ends_local: changed("endsLocal"),
        venue: is_moved.then(|| change::VenueInput {
            name: form.text("venue.name").to_owned(),
            address: has_address.then(|| change::AddressInput {
                street: form.text("venue.address.street").to_owned(),
                postal_code: form.filled("venue.address.postalCode"),
                city: form.text("venue.address.city").to_owned(),
                region: region.filled("venue.address.region"),
                country: form.text("venue.address.country").to_owned(),
            }),
        }),
        join_url: changed("joinUrl"),
        contact_email: changed("contactEmail"),
        minimum_age,
        consent_age,
        asks_date_of_birth: flag("asksDateOfBirth"),
        requires_parental_permission: flag("requiresParentalPermission"),
        answers_editable_until: until,
        order_hold_minutes,
        transfer_hold_days,
        ..nothing(event.id.clone(), form.text("revision").parse().unwrap_or_default())
    };
    if problems.is_empty() { Ok(input) } else { Err(problems) }
}

fn show(ask: &Ask, place: Place, event: &Event, (form, kept): (&Form, &Form), problems: Vec<Problem>) -> Response {
    let frame = sheet::frame(ask, ask.language.say("edit-details"));
    let sheet = Sheet {
        frame: &frame,
        form,
        kept,
        problems: &problems,
    };
    let languages = [("en", "edit-language-en"), ("de", "edit-language-de")];
    let languages = languages.map(|(code, key)| (code.to_owned(), frame.say(key)));
    let line = |name, label| sheet.field(name, label, "text");
    let number = |name, label| sheet.field(name, label, "number").required();
    let mut what = vec![
        sheet.needed_texts("title", ["edit-title-en", "edit-title-de"]),
        sheet.texts("description", ["edit-text-en", "edit-text-de"], "long"),
        vec![
            sheet
                .field("defaultLocale", "edit-main-language", "choice")
                .required()
                .choices(languages.to_vec())
                .hint(frame.say("edit-main-language-hint")),
            sheet
                .field("contactEmail", "edit-contact", "email")
                .hint(frame.say("edit-contact-hint")),
        ],
    ];
    if name_of(&event.event.status) == "DRAFT" {
        what.push(vec![
            line("slug", "edit-slug").required().hint(frame.say("edit-slug-later")),
        ]);
    }
    let whereabouts = if name_of(&event.event.kind) == "WEBINAR" {
        vec![vec![
            sheet
                .field("joinUrl", "edit-join", "url")
                .hint(frame.say("edit-join-hint")),
        ]]
    } else {
        vec![
            vec![
                line("venue.name", "edit-venue"),
                line("venue.address.street", "extra-street"),
            ],
            vec![
                line("venue.address.postalCode", "extra-code"),
                line("venue.address.city", "extra-city"),
            ],
            vec![
                line("venue.address.region", "edit-region"),
                sheet
                    .field("venue.address.country", "extra-country", "choice")
                    .choices(countries::choices(sheet.frame.language)),
            ],
        ]
    };
    let groups = vec![
        sheet.group("edit-what", None, what),
        sheet.when(),
        sheet.group("edit-where", None, whereabouts),
        sheet.group(
            "edit-ages",
            Some("edit-ages-words"),
            vec![
                vec![
                    number("minimumAge", "edit-minimum-age").hint(frame.say("edit-minimum-age-hint")),
                    number("consentAge", "edit-consent-age").hint(frame.say("edit-consent-age-hint")),
                ],
                vec![
                    sheet.tick("asksDateOfBirth", "date-of-birth", "edit-asks-birth"),
                    sheet.tick("requiresParentalPermission", "edit-parents", "edit-parents-words"),
                ],
            ],
        ),
        sheet.group(
            "edit-deadlines",
            None,
            vec![
                vec![
                    sheet
                        .field("answersEditableUntil", "edit-answers-until", "datetime-local")
                        .hint(frame.say("edit-answers-until-hint")),
                ],
                vec![
                    number("orderHoldMinutes", "edit-hold").hint(frame.say("edit-hold-hint")),
                    number("transferHoldDays", "edit-transfer").hint(frame.say("edit-transfer-hint")),
                ],
            ],
        ),
    ];
    let about = About {
        title: frame.say("edit-details"),
        lead: None,
        button: frame.say("save"),
        back: place.base.clone(),
        revision: kept.text("revision").to_owned(),
        removal: None,
    };
    super::show(ask, frame, (place, Tab::Details), about, (groups, problems))
}
