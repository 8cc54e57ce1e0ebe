//! `node`: anything that has an id, for whoever may see it on the ordinary way; and nothing else.
//!
//! It opens no way of its own: each type is read by what reads it elsewhere, with the same right. Unknown, foreign,
//! forbidden and what is no id at all are one answer, null. What a secret opens (an order, a guardian's request) is not
//! here, because an id is no secret.

use async_graphql::parser::types::{Selection, SelectionSet};
use async_graphql::{Context, ID, Interface, Object, Result};

use super::attendee::{Account, Complaint, Consent, Person, Registration};
use super::organizer::{ManagedEvent, Partner, RosterEntry};
use super::partner::{Lead, PartnerEvent};
use super::public::{
    Event, EventPartner, EventSession, LegalDocument, Organization, Question, SharingOffer, Speaker, TicketType,
};
use super::{attendee, ids, organizer, partner, public};

/// Something with an id.
#[derive(Interface)]
#[graphql(field(name = "id", ty = "ID", desc = "Opaque."))]
#[expect(
    clippy::large_enum_variant,
    reason = "there is one in an answer, and the interface takes its types as they are"
)]
pub enum Node {
    /// Oneself.
    Account(Account),
    /// Oneself within an organization.
    Person(Person),
    /// One's own place.
    Registration(Registration),
    /// One's own decision.
    Consent(Consent),
    /// What one complained of.
    Complaint(Complaint),
    /// Whoever runs a public event.
    Organization(Organization),
    /// A public event.
    Event(Event),
    /// A part of its agenda.
    EventSession(EventSession),
    /// Somebody who speaks there.
    Speaker(Speaker),
    /// What it sells.
    TicketType(TicketType),
    /// What it asks.
    Question(Question),
    /// What is to be acknowledged.
    LegalDocument(LegalDocument),
    /// With whom something may be shared.
    EventPartner(EventPartner),
    /// What they ask for.
    SharingOffer(SharingOffer),
    /// What a token covers.
    PartnerEvent(PartnerEvent),
    /// What was permitted; reading it is a pull.
    Lead(Lead),
    /// An event, as staff see it.
    ManagedEvent(ManagedEvent),
    /// A place, as staff see it.
    RosterEntry(RosterEntry),
    /// A partner of the organization, as staff see it.
    Partner(Partner),
}

/// The query.
#[derive(Default)]
pub struct NodeQuery;

#[Object]
impl NodeQuery {
    /// What has this id, for whoever may see it. Where one id stands for several views of a thing (an event as anyone and
    /// as staff see it), the views that the document names come first, then those for more people.
    async fn node(&self, ctx: &Context<'_>, id: ID) -> Result<Option<Node>> {
        let Some((tag, _)) = ids::unpack(&id) else {
            return Ok(None);
        };
        let mut views = views(tag).to_vec();
        let named = named(ctx);
        views.sort_by_key(|view| !named.iter().any(|name| name == view));
        for view in views {
            if let Some(found) = Box::pin(open(ctx, view, &id)).await? {
                return Ok(Some(found));
            }
        }
        Ok(None)
    }
}

/// The types that ids with this tag stand for, those for more people first.
const fn views(tag: u8) -> &'static [&'static str] {
    match tag {
        1 => &["Organization"],
        2 => &["Account"],
        6 => &["Person"],
        7 => &["Event", "ManagedEvent"],
        8 => &["EventSession"],
        9 => &["LegalDocument"],
        10 => &["TicketType"],
        12 => &["Question"],
        16 => &["Registration", "RosterEntry"],
        20 => &["Partner"],
        21 => &["EventPartner", "PartnerEvent"],
        22 => &["SharingOffer"],
        23 => &["Lead"],
        ids::CONSENT_TAG => &["Consent"],
        42 => &["Speaker"],
        44 => &["Complaint"],
        _ => &[],
    }
}

async fn open(ctx: &Context<'_>, view: &str, id: &ID) -> Result<Option<Node>> {
    Ok(match view {
        "Organization" => public::node::organization(ctx, id).await?.map(Node::Organization),
        "Event" => public::node::event(ctx, id).await?.map(Node::Event),
        "EventSession" => public::node::event_session(ctx, id).await?.map(Node::EventSession),
        "Speaker" => public::node::speaker(ctx, id).await?.map(Node::Speaker),
        "LegalDocument" => public::node::document(ctx, id).await?.map(Node::LegalDocument),
        "TicketType" => public::node::ticket_type(ctx, id).await?.map(Node::TicketType),
        "Question" => public::node::question(ctx, id).await?.map(Node::Question),
        "EventPartner" => public::node::event_partner(ctx, id).await?.map(Node::EventPartner),
        "SharingOffer" => public::node::offer(ctx, id).await?.map(Node::SharingOffer),
        "Account" => attendee::node::account(ctx, id).await?.map(Node::Account),
        "Person" => attendee::node::person(ctx, id).await?.map(Node::Person),
        "Registration" => attendee::node::registration(ctx, id).await?.map(Node::Registration),
        "Complaint" => attendee::node::complaint(ctx, id).await?.map(Node::Complaint),
        "Consent" => attendee::node::consent(ctx, id).await?.map(Node::Consent),
        "PartnerEvent" => partner::event_node(ctx, id).await?.map(Node::PartnerEvent),
        "Lead" => match ids::decode(id) {
            Some((organization, id)) => partner::lead_node(ctx, organization, id).await?.map(Node::Lead),
            None => None,
        },
        "ManagedEvent" => organizer::node::event(ctx, id).await?.map(Node::ManagedEvent),
        "RosterEntry" => organizer::node::roster_entry(ctx, id).await?.map(Node::RosterEntry),
        "Partner" => organizer::node::partner(ctx, id).await?.map(Node::Partner),
        _ => None,
    })
}

/// The types that the document names in what it selects of the node.
fn named(ctx: &Context<'_>) -> Vec<String> {
    let mut names = Vec::new();
    collect(ctx, &ctx.item.node.selection_set.node, &mut names);
    names
}

fn collect(ctx: &Context<'_>, selection: &SelectionSet, names: &mut Vec<String>) {
    for item in &selection.items {
        match &item.node {
            Selection::Field(_) => {}
            Selection::InlineFragment(fragment) => {
                let on = fragment.node.type_condition.as_ref();
                names.extend(on.map(|on| on.node.on.node.to_string()));
                collect(ctx, &fragment.node.selection_set.node, names);
            }
            Selection::FragmentSpread(spread) => {
                if let Some(fragment) = ctx.query_env.fragments.get(&spread.node.fragment_name.node) {
                    names.push(fragment.node.type_condition.node.on.node.to_string());
                    collect(ctx, &fragment.node.selection_set.node, names);
                }
            }
        }
    }
}
