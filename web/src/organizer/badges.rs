//! `/manage/{organization}/{event}/badges` and `…/people/{registration}/badge`: badges, as they come out of a printer. A
//! sheet has its labels' exact places; what others may scan on a badge opens no door.

use askama::Template;
use consentry::graphql::organizer::words_fit;
use poem::Response;
use poem::http::StatusCode;

use super::documents::{BadgePage, BadgesPage, badge_page, badges_page as of};
use super::{Part, Place, too_many_words, with_query};
use crate::ask::Ask;
use crate::assets;
use crate::fields::Problem;
use crate::frame::{Frame, Width};
use crate::links::{Code, code};
use crate::trouble::Trouble;

#[derive(Template)]
#[template(path = "organizer/badges.html")]
struct Shown {
    frame: Frame,
    place: Place,
    /// What is looked for; none where one badge is printed alone.
    wish: Option<Wish>,
    tickets: Vec<(String, String)>,
    paper: &'static Paper,
    /// Value and name of each.
    papers: Vec<(&'static str, String)>,
    /// The first label that is still there, from 1.
    start: usize,
    problems: Vec<Problem>,
    sheets: Vec<Sheet>,
    next: Option<String>,
}

/// What is looked for.
#[derive(Clone, Debug, Default)]
struct Wish {
    words: String,
    ticket: String,
}

/// A sheet of paper.
struct Sheet {
    /// Labels that are gone already.
    gone: usize,
    badges: Vec<Badge>,
}

/// A badge.
struct Badge {
    name: String,
    /// How long the name is, as the class of its size.
    size: &'static str,
    below: Vec<String>,
    ticket: String,
    code: Option<Code>,
}

/// A paper, by the class of its sheets in `badges.css`, where its measures are.
struct Paper {
    class: &'static str,
    /// The key of its name.
    name: &'static str,
    labels: usize,
}

/// The first is taken where none is named.
static PAPERS: [Paper; 4] = [
    Paper {
        class: "a4",
        name: "paper-a4",
        labels: 10,
    },
    Paper {
        class: "letter",
        name: "paper-letter",
        labels: 8,
    },
    Paper {
        class: "a6",
        name: "paper-a6",
        labels: 1,
    },
    Paper {
        class: "roll",
        name: "paper-roll",
        labels: 1,
    },
];

/// Badges of those who come, by name.
pub(super) async fn show(ask: &Ask) -> Result<Response, Trouble> {
    let wish = Wish {
        words: ask.query("words").unwrap_or_default(),
        ticket: ask.query("ticket").unwrap_or_default(),
    };
    let too_much = !words_fit(&wish.words);
    let some = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty() && !too_much);
    let variables = of::Variables {
        organization: ask.param("organization").to_owned(),
        slug: ask.param("slug").to_owned(),
        locale: Some(ask.language.code().to_owned()),
        after: ask.query("after"),
        filter: Some(of::BadgeFilter {
            ticket_type_id: some(&wish.ticket),
            words: some(&wish.words),
        }),
    };
    let found = ask.visitor.ask::<BadgesPage>(variables).await?;
    let organization = found.organization.ok_or(Trouble::NotFound)?;
    let event = organization.event.ok_or(Trouble::NotFound)?;
    let badges = event.badges.ok_or(Trouble::NotFound)?;
    let about = (event.id.as_str(), event.event.title.as_str());
    let place = Place::find(ask, &organization.organization.name, about, Part::Roster).await?;
    let info = badges.page_info;
    let next = info.end_cursor.filter(|_| info.has_next_page && !too_much);
    let shown = match too_much {
        true => Vec::new(),
        false => badges.edges,
    };
    let badges = shown.into_iter().map(|edge| edge.node).map(|node| {
        let below = [node.job_title, node.company];
        Badge::new(node.full_name, below, node.ticket_type.name, &node.code)
    });
    let mut page = page(ask, place, badges.collect());
    let start = page.start.to_string();
    page.next = next.map(|after| {
        let pairs = [
            ("words", wish.words.as_str()),
            ("ticket", &wish.ticket),
            ("paper", page.paper.class),
            ("start", &start),
            ("after", &after),
        ];
        with_query(ask.path(), &pairs)
    });
    page.tickets = event
        .ticket_types
        .into_iter()
        .map(|managed| (managed.ticket_type.id, managed.ticket_type.name))
        .collect();
    page.problems = too_many_words(ask, &wish.words).into_iter().collect();
    page.wish = Some(wish);
    Ok(ask.page(StatusCode::OK, &page))
}

/// The badge of one who comes.
pub(super) async fn one(ask: &Ask) -> Result<Response, Trouble> {
    let variables = badge_page::Variables {
        organization: ask.param("organization").to_owned(),
        slug: ask.param("slug").to_owned(),
        locale: Some(ask.language.code().to_owned()),
        id: ask.param("id").to_owned(),
    };
    let found = ask.visitor.ask::<BadgePage>(variables).await?;
    let organization = found.organization.ok_or(Trouble::NotFound)?;
    let event = organization.event.ok_or(Trouble::NotFound)?;
    let badge = event.registration.and_then(|registration| registration.badge);
    let badge = badge.ok_or(Trouble::NotFound)?;
    let about = (event.id.as_str(), event.event.title.as_str());
    let place = Place::find(ask, &organization.organization.name, about, Part::Roster).await?;
    let below = [badge.job_title, badge.company];
    let badge = Badge::new(badge.full_name, below, badge.ticket_type.name, &badge.code);
    Ok(ask.page(StatusCode::OK, &page(ask, place, vec![badge])))
}

fn page(ask: &Ask, place: Place, badges: Vec<Badge>) -> Shown {
    let wanted = ask.query("paper").unwrap_or_default();
    let paper = PAPERS.iter().find(|paper| paper.class == wanted).unwrap_or(&PAPERS[0]);
    let start = ask.query("start").and_then(|start| start.parse().ok()).unwrap_or(1);
    let start = start.clamp(1, paper.labels);
    let mut frame = ask.frame(ask.language.say("badges-title"));
    frame.width = Width::Wide;
    frame.style_more = Some(&assets::BADGES.path);
    Shown {
        wish: None,
        tickets: Vec::new(),
        paper,
        papers: PAPERS
            .iter()
            .map(|paper| (paper.class, frame.say(paper.name)))
            .collect(),
        start,
        problems: Vec::new(),
        sheets: sheets(badges, paper.labels, start - 1),
        next: None,
        place,
        frame,
    }
}

/// Badges on sheets; on the first some labels are gone.
fn sheets(badges: Vec<Badge>, labels: usize, gone: usize) -> Vec<Sheet> {
    let mut sheets = Vec::new();
    let mut badges = badges.into_iter().peekable();
    while badges.peek().is_some() {
        let gone = if sheets.is_empty() { gone } else { 0 };
        sheets.push(Sheet {
            gone,
            badges: badges.by_ref().take(labels - gone).collect(),
        });
    }
    sheets
}

impl Badge {
    fn new(name: String, below: [Option<String>; 2], ticket: String, badge_code: &str) -> Self {
        Self {
            size: match name.chars().count() {
                ..=14 => "short",
                15..=28 => "middling",
                _ => "long",
            },
            name,
            below: below.into_iter().flatten().collect(),
            ticket,
            code: code(badge_code),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn some(count: usize) -> Vec<Badge> {
        let badge = |_| Badge::new("Ada".into(), [None, None], String::new(), "B1");
        (0..count).map(badge).collect()
    }

    #[test]
    fn a_sheet_begins_at_the_first_label_that_is_there_and_the_next_are_whole() {
        for (count, labels, gone, expected) in [
            (0, 10, 0, vec![]),
            (3, 10, 0, vec![(0, 3)]),
            (3, 10, 8, vec![(8, 2), (0, 1)]),
            (21, 10, 1, vec![(1, 9), (0, 10), (0, 2)]),
            (2, 1, 0, vec![(0, 1), (0, 1)]),
        ] {
            let found = sheets(some(count), labels, gone);
            let found: Vec<_> = found.iter().map(|sheet| (sheet.gone, sheet.badges.len())).collect();
            assert_eq!(found, expected);
        }
    }
}
