//! `/manage/{organization}/{event}`: how it stands, and what needs somebody.

use askama::Template;
use poem::Response;

use super::documents::{Dashboard, Publish, dashboard as of, publish};
use super::{Part, Place, edit, events};
use crate::ask::{Ask, see_other};
use crate::format::is_nothing;
use crate::frame::{Frame, Width, name_of};
use crate::trouble::Trouble;

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
    days: Vec<Day>,
    chart_width: usize,
    counts: Vec<(String, String, i64)>,
    quotas: Vec<Stock>,
    orders: Vec<(String, i64, String)>,
    /// By partner and purpose: fields with how many gave them.
    consents: Vec<(String, Vec<(String, String)>)>,
    counted: String,
}

/// What is missing, and where it is mended by whoever may.
struct Missing {
    words: String,
    path: Option<String>,
}

/// A day of the chart: its bar's place and height, in the drawing's units.
struct Day {
    day: String,
    count: i64,
    x: usize,
    y: i64,
    height: i64,
}

struct Stock {
    name: String,
    taken: i64,
    size: i64,
    available: i64,
}

/// The chart's height and the distance between two bars, in the drawing's units.
const HEIGHT: i64 = 100;
const STEP: usize = 10;
/// There is room for so many days at least: a bar stays a bar.
const FEWEST_DAYS: usize = 14;
/// So many of the last days are drawn.
const MOST_DAYS: usize = 60;

pub(super) async fn answer(ask: &Ask) -> Result<Response, Trouble> {
    let variables = of::Variables {
        organization: ask.param("organization").to_owned(),
        slug: ask.param("slug").to_owned(),
        locale: Some(ask.language.code().to_owned()),
    };
    let found = ask.visitor.ask::<Dashboard>(variables).await?;
    let organization = found.organization.ok_or(Trouble::NotFound)?;
    let event = organization.event.ok_or(Trouble::NotFound)?;
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
    let page = shown(frame, ask, place, &event, problem);
    Ok(ask.form_page(is_good, &page))
}

fn shown(frame: Frame, ask: &Ask, place: Place, event: &Event, problem: Option<String>) -> Shown {
    let about = &event.event;
    let statistics = &event.statistics;
    let is_draft = name_of(&about.status) == "DRAFT";
    let missing = event.publish_check.iter().map(|problem| {
        let code = name_of(&problem.code);
        let path = if code == "DATA_PROTECTION_CONTACT" {
            let path = format!("/manage/{}/-/settings", place.organization);
            place.roles_everywhere.may_manage_organization().then_some(path)
        } else {
            let page = edit::mended_at(&code).filter(|_| place.may_publish());
            page.map(|page| format!("{}{page}", place.base))
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
    let days = days(statistics);
    let orders = statistics.money.iter().flat_map(|money| &money.orders);
    let costs_nothing = orders.clone().all(|count| is_nothing(&count.total.amount));
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
        needs: needs(&frame, &place, event),
        numbers: numbers(&frame, statistics),
        chart_width: days.len().max(FEWEST_DAYS) * STEP,
        days,
        counts: statistics
            .registrations
            .iter()
            .map(|count| {
                let status = frame.of("registration-status", &count.status);
                (count.ticket_type.name.clone(), status, count.count)
            })
            .collect(),
        quotas: statistics
            .availability
            .iter()
            .map(|quota| Stock {
                name: quota.name.clone(),
                taken: quota.size - quota.available,
                size: quota.size,
                available: quota.available,
            })
            .collect(),
        // Where all is free there is no money to speak of.
        orders: orders
            .filter(|_| !costs_nothing)
            .map(|count| {
                let total = frame.money(&count.total.amount, &count.total.currency);
                (frame.of("order-status", &count.status), count.count, total)
            })
            .collect(),
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

/// What waits for somebody's decision.
fn needs(frame: &Frame, place: &Place, event: &Event) -> Vec<(Option<String>, String)> {
    let mut needs = Vec::new();
    for cancellation in event.cancellation.iter().filter(|its| its.finished_at.is_none()) {
        let (done, total) = (cancellation.done.to_string(), cancellation.total.to_string());
        needs.push((
            Some(format!("{}/setup/cancellation", place.base)),
            frame.say2("called-off-done", "done", &done, "total", &total),
        ));
    }
    for partner in &event.partners {
        for offer in partner.offers.iter().filter(|offer| offer.requested.is_some()) {
            let purpose = frame.of("purpose", &offer.purpose);
            let name = &partner.partner.display_name;
            let address = format!("{}/partners/{}/offers/{}", place.base, partner.id, offer.id);
            needs.push((
                place.open.contains(&Part::Partners).then_some(address),
                frame.say2("needs-approval", "partner", name, "purpose", &purpose),
            ));
        }
    }
    for payments in event.statistics.money.iter().flat_map(|money| &money.payments) {
        if payments.refund_due.is_some() {
            let amount = frame.money(&payments.amount.amount, &payments.amount.currency);
            needs.push((None, frame.say1("needs-refund", "amount", &amount)));
        }
    }
    needs
}

fn numbers(frame: &Frame, statistics: &Statistics) -> Vec<(String, String)> {
    let confirmed = statistics
        .registrations
        .iter()
        .filter(|count| name_of(&count.status) == "CONFIRMED");
    let confirmed: i64 = confirmed.map(|count| count.count).sum();
    let inside: i64 = statistics.check_ins.iter().map(|count| count.count).sum();
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

fn days(statistics: &Statistics) -> Vec<Day> {
    let all = &statistics.registrations_by_day;
    let last = &all[all.len().saturating_sub(MOST_DAYS)..];
    let most = last.iter().map(|day| day.count).max().unwrap_or(0).max(1);
    last.iter()
        .enumerate()
        .map(|(index, day)| {
            let height = (day.count * HEIGHT / most).max(i64::from(day.count > 0));
            Day {
                day: day.day.clone(),
                count: day.count,
                x: index * STEP,
                y: HEIGHT - height,
                height,
            }
        })
        .collect()
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
