//! What other partners, staff and other tenants do.

use consentry::graphql::ids;
use consentry_domain::Role;
use serde_json::json;
use uuid::Uuid;

use super::super::side::Side;
use super::super::world::{Token, World};
use super::somebody::tell;
use super::{Hidden, Hints};
use crate::app::Sharing;

const PULL: &str = "{ partner { leads(purpose: EVENT_FOLLOW_UP, first: 100) { nodes { id email } } } }";
const LOOK: &str = "query($o: String!) { organization(slug: $o) { auditLog(first: 5) { edges { node { action } } }
    event(slug: \"rustdays\") { roster(first: 50) { edges { node { fullName } } } } } }";
const ISSUE: &str = "mutation($input: IssuePartnerTokenInput!) { issuePartnerToken(input: $input) { token { id }
    userErrors { field message code } } }";

impl Hidden {
    pub(super) async fn of_others(self, side: &Side, world: &World, email: &str, number: u64, hints: &mut Hints) {
        let (app, staff) = (&side.app, &world.sharing.staff);
        match self {
            Self::PartnerAsks => {
                let terms = Sharing::terms(&[json!("EMAIL")]);
                let at = &world.other.event_partner;
                world.sharing.requested(at, "RELATED_EVENTS", terms).await;
                partner_of_draft(side, world, number, hints).await;
            }
            Self::TokenElsewhere => token_elsewhere(world, number, hints).await,
            Self::PullElsewhere => drop(app.partner(&world.others_token).data(PULL, json!({})).await),
            Self::OtherTenant => {
                let event = &world.neighbour.event;
                let attendee = app.db_attendee(&world.neighbour, email, |_| ()).await;
                attendee.grant(app, &world.neighbours, 1, &["EMAIL"]).await;
                app.partner(&world.tokens[&Token::OtherTenant])
                    .data(PULL, json!({}))
                    .await;
                app.anonymous()
                    .register(event, email, &[(world.neighbour.ticket, &format!("n{email}"))])
                    .await;
            }
            Self::StaffLook => {
                let slug = &world.sharing.organization.slug;
                staff.data(LOOK, json!({ "o": slug })).await;
                let input = json!({ "idempotencyKey": email, "eventId": world.sharing.event.public_id(), "purpose": "To look" });
                tell(staff, "exportRoster", input).await;
            }
            _ => {
                let input = json!({ "idempotencyKey": email, "organizationId": world.sharing.organization.public_id,
                    "email": format!("team-{email}"), "role": Role::Viewer.as_str() });
                tell(staff, "inviteTeamMember", input).await;
            }
        }
    }
}

async fn token_elsewhere(world: &World, number: u64, hints: &mut Hints) {
    let staff = &world.sharing.staff;
    // Asked for again under the same key, the partner is the one that is there.
    let partner = world.sharing.partner("Corro").await;
    let scope = json!({ "eventPartnerId": world.other.event_partner, "purposes": ["EVENT_FOLLOW_UP"], "fields": [{ "field": "EMAIL" }] });
    let input = json!({ "idempotencyKey": format!("token-{number}"), "partnerId": partner, "name": "Another", "scopes": [scope] });
    let payload = staff.done("issuePartnerToken", ISSUE, json!({ "input": input })).await;
    let id = &payload["token"]["id"];
    hints.tell(id.as_str().expect("an id"));
    tell(staff, "revokePartnerToken", json!({ "tokenId": id })).await;
}

/// A partner at an event that is not published.
async fn partner_of_draft(side: &Side, world: &World, number: u64, hints: &mut Hints) {
    let staff = &world.sharing.staff;
    let event = side
        .app
        .event(staff, &world.sharing.organization, &format!("draft{number}"))
        .await;
    hints.tell(&event.public_id);
    let partner = world.sharing.partner("Corro").await;
    let document = "mutation($input: AddEventPartnerInput!) { addEventPartner(input: $input) { eventPartner { id }
        userErrors { field message code } } }";
    let input = json!({ "idempotencyKey": format!("draft-{number}"), "eventId": event.public_id, "partnerId": partner,
        "role": "EXHIBITOR", "noticeUrl": "https://corro.example/privacy", "noticeSha256": "cd".repeat(32),
        "contactEmail": "dpo@corro.example" });
    let payload = staff.done("addEventPartner", document, json!({ "input": input })).await;
    let id = payload["eventPartner"]["id"].as_str().expect("an id");
    hints.tell(id);
    hints.partners.push(own_id(id));
}

fn own_id(public: &str) -> Uuid {
    let (_, parts) = ids::unpack(&async_graphql::ID(public.to_owned())).expect("an id");
    *parts.last().expect("an id")
}
