//! `/manage/{organization}/{event}`: how it stands, and what needs somebody.

mod charts;
mod needs;

use askama::Template;
use poem::Response;

use super::documents::{Dashboard, Publish, dashboard as of, publish};
use super::{Part, Place, edit, events};
use crate::ask::{Ask, see_other};
use crate::format::is_nothing;
use crate::frame::{Frame, Width, name_of};
use crate::trouble::Trouble;
use charts::{Chart, Days, Stock};

type Organization = of::DashboardOrganization;
type Event = of::DashboardOrganizationEvent;
type Statistics = of::DashboardOrganizationEventStatistics;

#[derive(Template)]
#[template(path = "organizer/dashboard.html")]
struct Shown {
    frame: Frame,
    place: Place,
    token: String,
    status: String,
    tone: &'static str,
    when: String,
    /// The page that visitors see: address and name. Of a draft, what they will see, for those who may publish it.
    public: Option<(String, String)>,
    /// What is missing before it can be published; none where it is not a draft.
    missing: Option<Vec<Missing>>,
    problem: Option<String>,
    /// The public address of what was published a moment ago: as it is told, and where it is here.
    published: Option<(String, String)>,
    /// What waits, and where it is decided, for whoever may go there.
    needs: Vec<(Option<String>, String)>,
    /// What stands large: a number and what it counts.
    numbers: Vec<(String, String)>,
    days: Option<Days>,
    counts: Vec<(String, String, i64)>,
    quotas: Chart<Stock>,
    doors: Chart<(String, i64)>,
    orders: Chart<(String, i64, String)>,
    /// By partner and purpose: fields with how many gave them.
    consents: Vec<(String, Vec<(String, String)>)>,
    counted: String,
}

/// What is missing, and where it is mended by whoever may.
struct Missing {
    words: String,
    path: Option<String>,
}

pub(super) async fn answer(ask: &Ask) -> Result<Response, Trouble> {
    let variables = of::Variables {
        organization: ask.param("organization").to_owned(),
        slug: ask.param("slug").to_owned(),
        locale: Some(ask.language.code().to_owned()),
    };
    let found = ask.visitor.ask::<Dashboard>(variables).await?;
    let organization = found.organization.ok_or(Trouble::NotFound)?;
    let event = organization.event.as_ref().ok_or(Trouble::NotFound)?;
    let place = Place::find(
        ask,
        &organization.organization.name,
        (&event.id, &event.event.title),
        Part::Overview,
    )
    .await?;
    let mut problem = None;
    if ask.form().is_some_and(|form| form.has("publish")) {
        if ask.is_genuine() {
            let variables = publish::Variables { id: event.id.clone() };
            let payload = ask.visitor.ask::<Publish>(variables).await?;
            let payload = payload.publish_event.ok_or(Trouble::Ours)?;
            problem = payload.user_errors.into_iter().next().map(|error| error.message);
            if problem.is_none() {
                return Ok(see_other(&format!("{}?done=published", place.base)));
            }
        } else {
            problem = Some(ask.language.say("press-again"));
        }
    }
    let mut frame = ask.frame(event.event.title.clone());
    frame.width = Width::Wide;
    let is_good = problem.is_none();
    let page = shown(frame, ask, place, (&organization, event), problem);
    Ok(ask.form_page(is_good, &page))
}

fn shown(
    frame: Frame,
    ask: &Ask,
    place: Place,
    (organization, event): (&Organization, &Event),
    problem: Option<String>,
) -> Shown {
    let about = &event.event;
    let statistics = &event.statistics;
    let is_draft = name_of(&about.status) == "DRAFT";
    let missing = event.publish_check.iter().map(|problem| {
        let code = name_of(&problem.code);
        let everywhere = &place.roles_everywhere;
        let of_organization = |page: &str| format!("/manage/{}/-/{page}", place.organization);
        let path = match code.as_str() {
            "DATA_PROTECTION_CONTACT" => everywhere
                .may_manage_organization()
                .then(|| of_organization("settings")),
            "PAYMENT" => everywhere.may_set_accounts().then(|| of_organization("payments")),
            code => {
                let page = edit::mended_at(code).filter(|_| place.may_publish());
                page.map(|page| format!("{}{page}", place.base))
            }
        };
        Missing {
            words: match &problem.name {
                Some(name) => format!("{} ({name})", problem.message),
                None => problem.message.clone(),
            },
            path,
        }
    });
    let missing: Vec<Missing> = missing.collect();
    let address = format!("/events/{}/{}", place.organization, about.slug);
    let just_published = name_of(&about.status) == "PUBLISHED" && ask.query("done").as_deref() == Some("published");
    Shown {
        published: just_published.then(|| (ask.visitor.platform().url(&address), address.clone())),
        token: ask.token(),
        status: frame.of("event-status", &about.status),
        tone: events::tone(&about.status),
        when: frame.span(&about.starts_at, &about.ends_at, &about.time_zone),
        public: match name_of(&about.status).as_str() {
            "ARCHIVED" => None,
            "DRAFT" => place
                .may_publish()
                .then(|| (format!("{}/preview", place.base), frame.say("see-preview"))),
            _ => Some((address, frame.say("see-public-page"))),
        },
        missing: is_draft.then_some(missing),
        problem,
        needs: needs::needs(&frame, &place, organization, event),
        numbers: numbers(&frame, statistics),
        days: charts::days(&frame, statistics),
        counts: statistics
            .registrations
            .iter()
            .map(|count| {
                let status = frame.of("registration-status", &count.status);
                (count.ticket_type.name.clone(), status, count.count)
            })
            .collect(),
        quotas: charts::places(statistics),
        doors: charts::doors(statistics),
        orders: charts::money(&frame, statistics),
        consents: consents(&frame, statistics),
        counted: statistics
            .counted_at
            .as_ref()
            .map(|at| frame.moment(at, &about.time_zone))
            .unwrap_or_default(),
        place,
        frame,
    }
}

fn numbers(frame: &Frame, statistics: &Statistics) -> Vec<(String, String)> {
    let confirmed = charts::confirmed(statistics);
    let inside = statistics.inside.unwrap_or_default();
    let mut numbers = vec![
        (confirmed.to_string(), frame.say("number-confirmed")),
        (inside.to_string(), frame.say("number-inside")),
    ];
    let paid = statistics.money.iter().flat_map(|money| &money.orders);
    for count in paid.filter(|count| name_of(&count.status) == "PAID" && !is_nothing(&count.total.amount)) {
        numbers.push((
            frame.money(&count.total.amount, &count.total.currency),
            frame.say("number-paid"),
        ));
    }
    numbers
}

fn consents(frame: &Frame, statistics: &Statistics) -> Vec<(String, Vec<(String, String)>)> {
    let offers = statistics.consents.iter().flat_map(|consents| &consents.offers);
    offers
        .map(|offer| {
            let purpose = frame.of("purpose", &offer.offer.purpose);
            let fields = offer.fields.iter().map(|field| {
                let count = field
                    .count
                    .map_or_else(|| frame.say("count-hidden"), |count| count.to_string());
                (field.field.label.clone(), count)
            });
            (
                format!("{}: {purpose}", offer.event_partner.partner.display_name),
                fields.collect(),
            )
        })
        .collect()
}
