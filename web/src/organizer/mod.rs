//! Pages of an organizer: events, how one of them stands, its roster, its orders, its mails, the door, the log.
//!
//! What the API does not give this member of a team is not shown: a part without the right to it is left out, and a page
//! that would be empty without it is not there.

mod badges;
mod complaints;
mod dashboard;
mod devices;
mod documents;
mod door;
mod edit;
mod events;
mod log;
mod mails;
mod order;
mod orders;
mod partners;
mod payments;
mod people;
mod picture;
mod roster;
mod settings;
mod sheet;
mod team;
mod texts;
mod zones;

use consentry::graphql::organizer::words_fit;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use poem::{Response, Route, get};

use crate::ask::{self, Ask};
use crate::fields::Problem;
use crate::frame::{Frame, name_of};
use crate::trouble::Trouble;
use crate::visitor::Visitor;
use documents::{Teams, teams};

#[cfg(test)]
pub(crate) use log::ACTIONS;

/// The pages of this room.
#[derive(Clone, Copy)]
enum Shown {
    Teams,
    Events,
    Dashboard,
    Roster,
    Taken,
    Badges,
    Badge,
    Orders,
    Order,
    Door,
}

/// Adds the pages to those of the root.
pub(crate) fn routes(routes: Route, visitor: &Visitor) -> Route {
    let own = |shown| ask::page(visitor, move |ask| async move { answer(&ask, shown).await });
    let both = |shown| get(own(shown)).post(own(shown));
    let routes = edit::routes(partners::routes(routes, visitor), visitor);
    let routes = log::routes(mails::routes(routes, visitor), visitor);
    let routes = complaints::routes(devices::routes(routes, visitor), visitor);
    let own_door = || ask::page(visitor, |ask| async move { door::own(&ask).await });
    let routes = routes.at("/door", get(own_door()).post(own_door()));
    let routes = people::routes(settings::routes(routes, visitor), visitor);
    let routes = door::routes(routes, visitor);
    payments::routes(team::routes(routes, visitor), visitor)
        .at("/manage", get(own(Shown::Teams)))
        .at("/manage/:organization", get(own(Shown::Events)))
        .at("/manage/:organization/:slug", both(Shown::Dashboard))
        .at("/manage/:organization/:slug/roster", both(Shown::Roster))
        .at("/manage/:organization/:slug/roster/exports/:id", get(own(Shown::Taken)))
        .at("/manage/:organization/:slug/badges", get(own(Shown::Badges)))
        .at("/manage/:organization/:slug/people/:id/badge", get(own(Shown::Badge)))
        .at("/manage/:organization/:slug/orders", get(own(Shown::Orders)))
        .at("/manage/:organization/:slug/orders/:code", both(Shown::Order))
        .at("/manage/:organization/:slug/door", both(Shown::Door))
}

async fn answer(ask: &Ask, shown: Shown) -> Result<Response, Trouble> {
    if !ask.visitor.is_signed_in() {
        return Ok(ask.sign_in_first());
    }
    match shown {
        Shown::Teams => events::teams(ask).await,
        Shown::Events => events::show(ask).await,
        Shown::Dashboard => dashboard::answer(ask).await,
        Shown::Roster => roster::answer(ask).await,
        Shown::Taken => roster::taken::show(ask).await,
        Shown::Badges => badges::show(ask).await,
        Shown::Badge => badges::one(ask).await,
        Shown::Orders => orders::show(ask).await,
        Shown::Order => order::answer(ask).await,
        Shown::Door => door::answer(ask).await,
    }
}

/// The parts of an event's pages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Part {
    Overview,
    Roster,
    Orders,
    Partners,
    Mails,
    Door,
    Edit,
}

impl Part {
    /// In the order in which they are shown.
    const ALL: [Self; 7] = [
        Self::Overview,
        Self::Roster,
        Self::Orders,
        Self::Partners,
        Self::Mails,
        Self::Door,
        Self::Edit,
    ];

    /// Whether somebody with this role finds anything there, so that nothing is shown that leads nowhere. It is the API that
    /// decides; `tests/tests/pages.tsv` holds the two together.
    fn is_open_to(self, role: &str) -> bool {
        match self {
            Self::Overview => true,
            Self::Roster => role != "CHECK_IN",
            Self::Orders => !matches!(role, "CHECK_IN" | "DPO"),
            Self::Partners => !matches!(role, "CHECK_IN" | "FINANCE"),
            Self::Door => matches!(role, "OWNER" | "MANAGER" | "CHECK_IN"),
            Self::Mails | Self::Edit => matches!(role, "OWNER" | "MANAGER"),
        }
    }
}

/// One's roles at every event of an organization.
struct Roles(Vec<String>);

impl Roles {
    /// None where one works at single events alone, or not there.
    async fn everywhere(ask: &Ask, organization: &str) -> Result<Self, Trouble> {
        let found = ask.visitor.ask::<Teams>(teams::Variables {}).await?;
        let memberships = found.me.into_iter().flat_map(|me| me.team_memberships);
        let here = memberships.filter(|its| its.organization.slug == organization && its.event_id.is_none());
        Ok(Self(here.map(|membership| name_of(&membership.role)).collect()))
    }

    /// Whether anything is found there.
    fn open(&self, part: Part) -> bool {
        self.0.iter().any(|role| part.is_open_to(role))
    }

    /// The organization's own pages that one finds: address and name of each.
    fn ways(&self, frame: &Frame, organization: &str) -> Vec<(String, String)> {
        let ways = [
            (self.open(Part::Partners), "partners", "companies-title"),
            (self.may_manage_team(), "team", "team-title"),
            (self.may_set_accounts(), "payments", "pay-title"),
            (self.may_manage(), "mails", "part-mails"),
            (self.may_read_log(), "log", "log-title"),
            (self.may_protect(), "complaints", "complaints-title"),
            (self.may_manage_organization(), "settings", "settings-title"),
        ];
        let open = ways.into_iter().filter(|(is_open, _, _)| *is_open);
        open.map(|(_, page, key)| (format!("/manage/{organization}/-/{page}"), frame.say(key)))
            .collect()
    }

    /// Whether one may make events, add companies, issue and revoke tokens, and send mails again.
    fn may_manage(&self) -> bool {
        self.0.iter().any(|role| matches!(role.as_str(), "OWNER" | "MANAGER"))
    }

    /// Whether one may set the accounts to which buyers pay.
    fn may_set_accounts(&self) -> bool {
        self.0.iter().any(|role| matches!(role.as_str(), "OWNER" | "FINANCE"))
    }

    /// Whether one may change what the organization is called and where it is reached.
    fn may_manage_organization(&self) -> bool {
        self.0.iter().any(|role| role == "OWNER")
    }

    /// Whether one may invite people, and change and take away their roles.
    fn may_manage_team(&self) -> bool {
        self.0.iter().any(|role| role == "OWNER")
    }

    /// Whether one is the data-protection officer, who answers complaints.
    fn may_protect(&self) -> bool {
        self.0.iter().any(|role| role == "DPO")
    }

    /// Whether one may read who did what.
    fn may_read_log(&self) -> bool {
        self.0.iter().any(|role| matches!(role.as_str(), "OWNER" | "DPO"))
    }
}

/// Where somebody is: the organization, the event, and the way to its other parts.
struct Place {
    organization: String,
    organization_name: String,
    title: String,
    part: Part,
    base: String,
    /// The parts that one's roles open.
    open: Vec<Part>,
    /// One's roles at this event.
    roles: Vec<String>,
    /// Those of them that one has at every event.
    roles_everywhere: Roles,
}

impl Place {
    /// Looks which parts are open to whoever asks; not there, where this one is not.
    async fn find(
        ask: &Ask,
        organization_name: &str,
        (event, title): (&str, &str),
        part: Part,
    ) -> Result<Self, Trouble> {
        let (organization, slug) = (ask.param("organization").to_owned(), ask.param("slug"));
        let found = ask.visitor.ask::<Teams>(teams::Variables {}).await?;
        let memberships = found.me.into_iter().flat_map(|me| me.team_memberships);
        let (mut roles, mut roles_everywhere) = (Vec::new(), Vec::new());
        for membership in memberships.filter(|membership| membership.organization.slug == organization) {
            match membership.event_id.as_deref() {
                None => roles_everywhere.push(name_of(&membership.role)),
                Some(its) if its == event => roles.push(name_of(&membership.role)),
                Some(_) => {}
            }
        }
        roles.extend(roles_everywhere.iter().cloned());
        let open: Vec<Part> = Part::ALL
            .into_iter()
            .filter(|part| roles.iter().any(|role| part.is_open_to(role)))
            .collect();
        if !open.contains(&part) {
            return Err(Trouble::NotFound);
        }
        Ok(Self {
            base: format!("/manage/{organization}/{slug}"),
            organization,
            organization_name: organization_name.to_owned(),
            title: title.to_owned(),
            part,
            open,
            roles,
            roles_everywhere: Roles(roles_everywhere),
        })
    }

    fn has_role(&self, roles: &[&str]) -> bool {
        self.roles.iter().any(|role| roles.contains(&role.as_str()))
    }

    /// Whether one finds the orders.
    fn shows_orders(&self) -> bool {
        self.open.contains(&Part::Orders)
    }

    /// Whether one may publish the event.
    fn may_publish(&self) -> bool {
        self.has_role(&["OWNER", "MANAGER"])
    }

    /// Whether one may add devices that let people in.
    fn may_manage_devices(&self) -> bool {
        self.has_role(&["OWNER", "MANAGER"])
    }

    /// Whether one may take a list along.
    fn may_export(&self) -> bool {
        self.has_role(&["OWNER", "MANAGER", "DPO"])
    }

    /// Whether one may mark orders as paid, and cancel them.
    fn may_manage_orders(&self) -> bool {
        self.has_role(&["OWNER", "MANAGER", "FINANCE"])
    }

    /// Whether one may correct registrations, and give places up.
    fn may_correct(&self) -> bool {
        self.has_role(&["OWNER", "MANAGER"])
    }

    /// Whether one may add partners to the event, and decide what they may ask.
    fn may_manage_partners(&self) -> bool {
        self.has_role(&["OWNER", "MANAGER"])
    }

    /// Whether one may do what reaches beyond one event: make events, change companies, issue and revoke tokens.
    fn may_manage_everywhere(&self) -> bool {
        self.roles_everywhere.may_manage()
    }

    fn is_overview(&self) -> bool {
        self.part == Part::Overview
    }

    /// Address, name, and whether one is there, of every part that is open.
    fn parts(&self, frame: &Frame) -> Vec<(String, String, bool)> {
        let shown = |part: &Part| {
            let (path, key) = match part {
                Part::Overview => ("", "part-overview"),
                Part::Roster => ("/roster", "part-roster"),
                Part::Orders => ("/orders", "part-orders"),
                Part::Partners => ("/partners", "partners"),
                Part::Mails => ("/mails", "part-mails"),
                Part::Door => ("/door", "part-door"),
                Part::Edit => ("/setup", "part-edit"),
            };
            (format!("{}{path}", self.base), frame.say(key), self.part == *part)
        };
        self.open.iter().map(shown).collect()
    }
}

/// The word, where it is one of these.
fn one_of(words: &[&str], word: &str) -> String {
    let known = words.iter().find(|known| **known == word);
    known.copied().unwrap_or_default().to_owned()
}

/// What is said of a search for these words, where there are too many of them.
pub(crate) fn too_many_words(ask: &Ask, words: &str) -> Option<Problem> {
    (!words_fit(words)).then(|| Problem::new("words", ask.language.say("search-too-much")))
}

/// The address of this page with another query: the filters that are set, and the cursor.
pub(crate) fn with_query(path: &str, pairs: &[(&str, &str)]) -> String {
    let set = pairs.iter().filter(|(_, value)| !value.is_empty());
    let query: Vec<String> = set
        .map(|(name, value)| format!("{name}={}", utf8_percent_encode(value, NON_ALPHANUMERIC)))
        .collect();
    if query.is_empty() {
        path.to_owned()
    } else {
        format!("{path}?{}", query.join("&"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn other_words_than_the_known_ones_are_none() {
        assert_eq!(one_of(&["A", "B"], "B"), "B");
        assert_eq!(one_of(&["A", "B"], "b"), "");
        assert_eq!(one_of(&["A", "B"], ""), "");
    }

    #[test]
    fn only_filters_that_are_set_are_in_the_address() {
        assert_eq!(with_query("/x", &[("a", ""), ("b", "")]), "/x");
        assert_eq!(
            with_query("/x", &[("a", "1 &"), ("b", ""), ("c", "ü")]),
            "/x?a=1%20%26&c=%C3%BC"
        );
    }
}
