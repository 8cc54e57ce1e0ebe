//! The answer to the document of the page. Its types are written by hand where those that are made from the schema cannot
//! say that a part was not asked for.

use graphql_client::{GraphQLQuery, QueryBody};
use serde::Deserialize;

use super::super::documents::{RosterPage, roster_page as of};

/// The document, answered in parts.
pub(super) struct Asked;

impl GraphQLQuery for Asked {
    type Variables = of::Variables;
    type ResponseData = Found;

    fn build_query(variables: of::Variables) -> QueryBody<of::Variables> {
        RosterPage::build_query(variables)
    }
}

#[derive(Deserialize)]
pub(super) struct Found {
    pub(super) organization: Option<Organization>,
}

#[derive(Deserialize)]
pub(super) struct Organization {
    pub(super) organization: of::RosterPageOrganizationOrganization,
    pub(super) event: Option<Event>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Event {
    pub(super) id: String,
    pub(super) event: of::RosterPageOrganizationEventEvent,
    pub(super) ticket_types: Vec<of::RosterPageOrganizationEventTicketTypes>,
    pub(super) questions: Vec<of::RosterPageOrganizationEventQuestions>,
    pub(super) roster_views: Option<Vec<of::RosterPageOrganizationEventRosterViews>>,
    /// Not there without the right to it.
    pub(super) roster: Option<Roster>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Roster {
    pub(super) edges: Vec<Edge>,
    pub(super) page_info: of::RosterPageOrganizationEventRosterPageInfo,
}

#[derive(Deserialize)]
pub(super) struct Edge {
    pub(super) node: Node,
}

/// A registration: what was not asked for is not there.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Node {
    pub(super) id: String,
    pub(super) full_name: String,
    pub(super) email: Option<String>,
    pub(super) company: Option<String>,
    pub(super) status: Option<of::RegistrationStatus>,
    pub(super) order_code: Option<String>,
    pub(super) order_status: Option<of::OrderStatus>,
    pub(super) created_at: Option<String>,
    pub(super) ticket_type: Option<of::RosterPageOrganizationEventRosterEdgesNodeTicketType>,
    #[serde(default)]
    pub(super) check_ins: Vec<of::RosterPageOrganizationEventRosterEdgesNodeCheckIns>,
    #[serde(default)]
    pub(super) answers: Vec<of::RosterPageOrganizationEventRosterEdgesNodeAnswers>,
}
