//! What takes one lead away, or a part of it, or a token.

use consentry::graphql::ids;
use consentry_domain::token::TokenText;
use consentry_domain::{AttendeeField, FieldMask, PersonId};
use consentry_entity::partner_token;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use serde_json::{Value, json};

use super::history::Taken;
use super::world::World;
use crate::Client;

/// A way of taking something away.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Deed {
    /// The attendee withdraws the consent.
    Withdraw,
    /// The attendee withdraws one field of it.
    WithdrawField,
    /// The attendee gives the place up.
    Cancel,
    /// Staff take the place back.
    CancelByStaff,
    /// Staff call the order off.
    CancelOrder,
    /// The officer restricts the person's data.
    Restrict,
    /// The officer puts the registration into quarantine.
    Quarantine,
    /// Staff correct the address, which suspends what was given.
    Correct,
    /// The attendee is erased.
    Erase,
    /// Staff revoke a client's token.
    Revoke,
}

/// All of them.
pub const DEEDS: [Deed; 10] = [
    Deed::Withdraw,
    Deed::WithdrawField,
    Deed::Cancel,
    Deed::CancelByStaff,
    Deed::CancelOrder,
    Deed::Restrict,
    Deed::Quarantine,
    Deed::Correct,
    Deed::Erase,
    Deed::Revoke,
];

async fn tell(client: &Client, name: &str, input: Value) {
    let of = format!("{}{}Input", name[..1].to_uppercase(), &name[1..]);
    let document = format!("mutation($input: {of}!) {{ {name}(input: $input) {{ userErrors {{ field code }} }} }}");
    client.done(name, &document, json!({ "input": input })).await;
}

impl World {
    /// Does it to what was received before; what is taken away, once it is committed.
    pub(super) async fn take(&self, deed: Deed, step: usize) -> Taken {
        if deed == Deed::Revoke {
            return self.revoke(self.client_of(step)).await;
        }
        let attendee = &self.attendees[step];
        let lead = self.lead_of(attendee.registration).await;
        self.shown(&lead.to_string()).await;
        let place = json!({ "registrationId": attendee.public_id });
        let row = self.app.db_registration(attendee).await;
        let staff = &self.sharing.staff;
        match deed {
            Deed::Withdraw => drop(attendee.withdraw(&self.offer, None).await),
            Deed::WithdrawField => {
                attendee.withdraw(&self.offer, Some(&["EMAIL"])).await;
                return Taken::Fields(lead, FieldMask::standard(AttendeeField::Email));
            }
            Deed::Cancel => tell(&attendee.client, "cancelRegistration", place).await,
            Deed::CancelByStaff => tell(staff, "cancelRegistrationAsStaff", place).await,
            Deed::CancelOrder => {
                let order = ids::encode(row.organization_id, row.order_id).to_string();
                tell(staff, "cancelOrder", json!({ "orderId": order })).await;
            }
            Deed::Restrict => tell(&self.officer, "restrictPerson", place).await,
            Deed::Quarantine => tell(&self.officer, "quarantineRegistration", place).await,
            Deed::Correct => {
                let input = json!({ "registrationId": attendee.public_id, "revision": row.revision,
                    "email": format!("corrected{step}@example.org") });
                tell(staff, "correctRegistration", input).await;
            }
            Deed::Erase => {
                let person: PersonId = row.person_id.expect("a person");
                let person = ids::encode(row.organization_id, person).to_string();
                tell(&attendee.client, "requestErasure", json!({ "personId": person })).await;
            }
            Deed::Revoke => {}
        }
        Taken::Lead(lead)
    }

    /// Revokes the token of a client, which goes on with it for a while.
    async fn revoke(&self, client: usize) -> Taken {
        let token = self.token_of(client);
        self.shown(&token).await;
        let kid = TokenText::parse(&token).expect("a token").key_id().to_owned();
        let row = partner_token::Entity::find()
            .filter(partner_token::Column::Kid.eq(kid))
            .one(self.app.store().read())
            .await;
        let row = row.expect("an answer").expect("a token");
        let id = ids::encode(row.organization_id, row.id).to_string();
        tell(&self.sharing.staff, "revokePartnerToken", json!({ "tokenId": id })).await;
        Taken::Token(token)
    }
}
