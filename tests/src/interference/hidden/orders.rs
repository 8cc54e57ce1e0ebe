//! Orders that come to nothing, as far as the observer is concerned.

use consentry::platform::keys::LinkKind;
use consentry_entity::guardian_request;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use serde_json::json;

use super::super::side::Side;
use super::super::world::World;
use super::somebody::tell;
use super::{Hidden, Hints};
use crate::Client;
use crate::app::{REGISTER, decision};

impl Hidden {
    pub(super) async fn order(self, side: &Side, world: &World, email: &str, hints: &mut Hints) {
        let (app, event) = (&side.app, &world.sharing.event);
        let by_a_child = matches!(self, Self::WaitsForGuardian | Self::GuardianRefuses);
        let ticket = if by_a_child || self == Self::NotProved {
            world.sharing.ticket
        } else {
            world.paid
        };
        let mut input = Client::register_input(event, email, &[(ticket, email)]);
        let attendee = &mut input["attendees"][0];
        if by_a_child || self == Self::NotProved {
            attendee["ofAge"] = json!(!by_a_child);
            attendee["consents"] = json!(wishes(world));
        }
        if by_a_child {
            attendee["guardian"] = json!({ "fullName": "A Parent", "email": format!("parent-{email}") });
        }
        let payload = app
            .anonymous()
            .done("register", REGISTER, json!({ "input": input }))
            .await;
        hints.emails.push(email.to_owned());
        let code = &payload["order"]["code"];
        hints.orders.push(code.as_str().expect("a code").to_owned());
        for row in app.db_registrations(event, code).await {
            hints.tell(&event.public(row.id));
            hints.codes.push(row.check_in_code.clone());
            if self == Self::GuardianRefuses {
                let request = guardian_request::Entity::find()
                    .filter(guardian_request::Column::RegistrationId.eq(row.id))
                    .one(app.store().read())
                    .await;
                let request = request.expect("an answer").expect("a request");
                let secret = app.link_secret(
                    LinkKind::Guardian,
                    row.organization_id,
                    request.id.0,
                    request.generation,
                );
                let input = json!({ "secret": secret, "permission": "REFUSE", "consents": [] });
                tell(&app.anonymous(), "decideAsGuardian", input).await;
            }
        }
        let order = json!({ "orderId": payload["order"]["id"] });
        match self {
            Self::Pays => {
                let input = json!({ "idempotencyKey": email, "orderId": payload["order"]["id"] });
                tell(&world.sharing.staff, "markOrderPaid", input).await;
            }
            Self::OrderCancelled => tell(&world.sharing.staff, "cancelOrder", order).await,
            _ => {}
        }
    }
}

/// Everything ticked, of every offer that can be.
pub(super) fn wishes(world: &World) -> [serde_json::Value; 4] {
    [0, 1, 2, 3].map(|offer| {
        let (offer, version, fields) = world.offer(offer);
        decision(offer, version, &fields[1..])
    })
}
