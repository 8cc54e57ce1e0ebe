//! `/manage/{organization}/{event}/roster`: who comes; filters and pages are in the address, a list to take away needs a
//! purpose, which attendees see.

mod columns;
mod found;
mod line;
pub(super) mod taken;
mod views;

use askama::Template;
use consentry::graphql::organizer::words_fit;
use poem::Response;

use self::columns::{Choice, Columns};
use self::found::{Asked, Found};
use self::line::{Entry, entry};
use self::views::View;
use super::documents::{TakeRoster, roster_page as of, take_roster};
use super::{Part, Place, sheet, too_many_words, with_query};
use crate::ask::{Ask, see_other};
use crate::fields::{Problem, said_of};
use crate::form::Form;
use crate::frame::{Frame, Width, name_of, named};
use crate::trouble::Trouble;

#[derive(Template)]
#[template(path = "organizer/roster.html")]
struct Shown {
    frame: Frame,
    place: Place,
    token: String,
    /// Pressing twice takes the list along once.
    key: String,
    wish: Wish,
    statuses: Vec<(String, String)>,
    tickets: Vec<(String, String)>,
    views: Vec<View>,
    /// What was typed as a view's name.
    view_name: String,
    choices: Vec<Choice>,
    /// The questions whose answers are shown: id and words.
    questions: Vec<(String, String)>,
    entries: Vec<Entry>,
    next: Option<String>,
    /// The same list from its beginning, where one is further on.
    first: Option<String>,
    /// Nothing was looked for, as there are too many words.
    too_much: bool,
    problems: Vec<Problem>,
    purpose: String,
}

/// What can be chosen.
const STATUSES: [&str; 3] = ["CONFIRMED", "PENDING", "CANCELLED"];

/// What is looked for.
#[derive(Clone, Debug, Default)]
struct Wish {
    words: String,
    status: String,
    ticket: String,
    sort: String,
    columns: Columns,
}

impl Shown {
    /// What is wrong with a field.
    fn wrong(&self, field: &str) -> Option<&str> {
        said_of(&self.problems, field)
    }
}

impl Wish {
    fn read(ask: &Ask) -> Self {
        let form = ask.form();
        let text = |name: &str| match form {
            Some(form) => form.text(name).to_owned(),
            None => ask.query(name).unwrap_or_default(),
        };
        Self {
            words: text("words"),
            status: super::one_of(&STATUSES, &text("status")),
            ticket: text("ticket"),
            sort: text("sort"),
            columns: match form {
                Some(form) => Columns::read(form.all("show")),
                None => Columns::read(ask.values("show")),
            },
        }
    }

    /// As it stands in the address.
    fn pairs(&self) -> Vec<(&'static str, &str)> {
        let mut pairs: Vec<(&'static str, &str)> = vec![
            ("words", &self.words),
            ("status", &self.status),
            ("ticket", &self.ticket),
            ("sort", &self.sort),
        ];
        pairs.extend(self.columns.names().iter().map(|name| ("show", name.as_str())));
        pairs
    }
}

/// The filter in the types of a document's module.
macro_rules! filter {
    ($module:ident, $wish:expr) => {{
        let some = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty());
        $module::RosterFilter {
            words: some(&$wish.words),
            name: None,
            mail_prefix: None,
            order_code_prefix: None,
            status: some(&$wish.status).map(|status| named!($module::RegistrationStatus, status)),
            ticket_type_id: some(&$wish.ticket),
        }
    }};
}

pub(super) async fn answer(ask: &Ask) -> Result<Response, Trouble> {
    let wish = Wish::read(ask);
    let too_much = !words_fit(&wish.words);
    let looked_for = match too_much {
        true => Wish {
            columns: wish.columns.clone(),
            ..Wish::default()
        },
        false => wish.clone(),
    };
    let found = find(ask, &looked_for).await?;
    let organization = found.organization.ok_or(Trouble::NotFound)?;
    let event = organization.event.ok_or(Trouble::NotFound)?;
    // Without the right to it there is no list.
    let Some(roster) = &event.roster else {
        return Err(Trouble::NotFound);
    };
    let mut problems = match ask.form() {
        Some(form) if ask.is_genuine() => match press(ask, &event.id, &wish, form).await? {
            Ok(address) => return Ok(see_other(&address)),
            Err(problem) => vec![problem],
        },
        Some(_) => vec![Problem::new("", ask.language.say("press-again"))],
        None => Vec::new(),
    };
    problems.extend(too_many_words(ask, &wish.words));
    let mut frame = ask.frame(ask.language.say("part-roster"));
    frame.width = Width::Wide;
    let path = ask.path();
    let further = ask.query("after").is_some();
    let next = roster
        .page_info
        .end_cursor
        .as_ref()
        .filter(|_| roster.page_info.has_next_page && !too_much);
    let paged = |after: &str| with_query(path, &[&wish.pairs()[..], &[("after", after)]].concat());
    let questions = wish.columns.questions(&event);
    let page = Shown {
        place: Place::find(
            ask,
            &organization.organization.name,
            (&event.id, &event.event.title),
            Part::Roster,
        )
        .await?,
        token: ask.token(),
        key: ask.new_key(),
        statuses: STATUSES
            .map(|status| (status.to_owned(), frame.of("registration-status", &status)))
            .to_vec(),
        tickets: event
            .ticket_types
            .iter()
            .map(|ticket| (ticket.ticket_type.id.clone(), ticket.ticket_type.name.clone()))
            .collect(),
        entries: roster
            .edges
            .iter()
            .filter(|_| !too_much)
            .map(|edge| entry(&frame, &event.event.time_zone, &edge.node, &questions))
            .collect(),
        views: views::all(path, &event, &wish),
        view_name: ask.form().map(|form| form.text("view").to_owned()).unwrap_or_default(),
        choices: wish.columns.choices(&frame, &event),
        questions,
        next: next.map(|after| paged(after)),
        first: further.then(|| paged("")),
        purpose: ask
            .form()
            .map(|form| form.text("purpose").to_owned())
            .unwrap_or_default(),
        too_much,
        problems,
        wish,
        frame,
    };
    Ok(ask.form_page(page.problems.is_empty(), &page))
}

/// Where a button leads, or what is wrong: a view is kept or removed, or a list is taken away.
async fn press(ask: &Ask, event: &str, wish: &Wish, form: &Form) -> Result<Result<String, Problem>, Trouble> {
    let here = || with_query(ask.path(), &wish.pairs());
    if form.has("keep") {
        return Ok(views::save(ask, event, wish, form).await?.map(|()| here()));
    }
    if form.has("remove") {
        return Ok(views::remove(ask, event, form.text("remove")).await?.map(|()| here()));
    }
    let taken = take(ask, event, wish, form.text("purpose")).await?;
    Ok(taken.map(|id| taken::address(ask.path(), &id)))
}

async fn find(ask: &Ask, wish: &Wish) -> Result<Found, Trouble> {
    let sort = match wish.sort.as_str() {
        "time" => of::RosterSort::TIME,
        "code" => of::RosterSort::ORDER_CODE,
        _ => of::RosterSort::NAME,
    };
    let variables = of::Variables {
        organization: ask.param("organization").to_owned(),
        slug: ask.param("slug").to_owned(),
        locale: Some(ask.language.code().to_owned()),
        after: ask.query("after"),
        filter: Some(filter!(of, wish)),
        sort: Some(sort),
        email: wish.columns.has("email"),
        company: wish.columns.has("company"),
        ticket: wish.columns.has("ticket"),
        status: wish.columns.has("status"),
        order: wish.columns.has("order"),
        inside: wish.columns.has("inside"),
        registered: wish.columns.has("registered"),
        answers: wish.columns.has_answers(),
    };
    Ok(ask.visitor.ask::<Asked>(variables).await?)
}

/// The id by which the list can be fetched, or what is wrong with its purpose.
async fn take(ask: &Ask, event: &str, wish: &Wish, purpose: &str) -> Result<Result<String, Problem>, Trouble> {
    let input = take_roster::ExportRosterInput {
        event_id: event.to_owned(),
        filter: Some(filter!(take_roster, wish)),
        idempotency_key: sheet::key(ask),
        purpose: purpose.to_owned(),
    };
    let payload = ask.visitor.ask::<TakeRoster>(take_roster::Variables { input }).await?;
    let payload = payload.export_roster.ok_or(Trouble::Ours)?;
    Ok(match (payload.roster_export, payload.user_errors.into_iter().next()) {
        (Some(export), _) => Ok(export.id),
        (None, Some(error)) if name_of(&error.code) == "IDEMPOTENCY_MISMATCH" => {
            Err(Problem::new("", ask.language.say("key-spent")))
        }
        (None, Some(error)) => Err(Problem::new("purpose", error.message)),
        (None, None) => return Err(Trouble::Ours),
    })
}
