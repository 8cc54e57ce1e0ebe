//! Changes that both worlds go through alike, and that the observer may see.

use serde_json::json;

use super::hidden::{change, check_in, erase};
use super::side::Side;
use super::world::{FOLLOW_UP, World};
use crate::app::decision;

/// A change of one of the people who share something.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Visible {
    /// Grants these fields of one of the observer's offers.
    Grant(usize, usize, Vec<&'static str>),
    /// Withdraws from one of the observer's offers.
    Withdraw(usize, usize),
    /// Withdraws one field.
    Narrow(usize, usize, &'static str),
    /// A value that is granted is corrected.
    Correct(usize, &'static str, u64),
    /// Comes in.
    CheckIn(usize),
    /// Processing is restricted.
    Restrict(usize),
    /// The restriction ends.
    LiftRestriction(usize),
    /// The place is given up.
    Cancel(usize),
    /// Staff take the place back.
    CancelByStaff(usize),
    /// Everything is withdrawn.
    WithdrawAll(usize),
    /// Asks to be forgotten; nothing can happen to that person afterwards.
    Erase(usize),
    /// The observer's offer asks for less.
    NarrowOffer,
    /// The observer gets another token, by mail.
    IssueToken,
}

impl Visible {
    /// The kinds, by number, for a deck.
    pub(super) const KINDS: usize = 13;

    /// Every name that [`Visible::kind`] can give.
    #[must_use]
    pub fn kinds() -> Vec<&'static str> {
        let one_of_each = [
            Self::Grant(0, 0, Vec::new()),
            Self::Withdraw(0, 0),
            Self::Narrow(0, 0, ""),
            Self::Correct(0, "", 0),
            Self::CheckIn(0),
            Self::Restrict(0),
            Self::LiftRestriction(0),
            Self::Cancel(0),
            Self::CancelByStaff(0),
            Self::WithdrawAll(0),
            Self::Erase(0),
            Self::NarrowOffer,
            Self::IssueToken,
        ];
        one_of_each.iter().map(Self::kind).collect()
    }

    /// What it is called in counts.
    #[must_use]
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Grant(..) => "grant",
            Self::Withdraw(..) => "withdraw",
            Self::Narrow(..) => "withdraw a field",
            Self::Correct(..) => "correct a value that is granted",
            Self::CheckIn(_) => "check in",
            Self::Restrict(_) => "restrict",
            Self::LiftRestriction(_) => "lift a restriction",
            Self::Cancel(_) => "cancel",
            Self::CancelByStaff(_) => "cancel by staff",
            Self::WithdrawAll(_) => "withdraw everything",
            Self::Erase(_) => "erase",
            Self::NarrowOffer => "narrow the offer",
            Self::IssueToken => "issue a token",
        }
    }

    pub(super) async fn apply(&self, side: &Side, world: &mut World) {
        let app = &side.app;
        match self {
            Self::Grant(person, offer, fields) => {
                let (offer, version, offered) = world.offer(*offer);
                let offered = if version > 1 { &offered[1..] } else { offered };
                let fields: Vec<_> = fields.iter().copied().filter(|field| offered.contains(field)).collect();
                if !fields.is_empty() {
                    world.people[*person]
                        .decide(app, &[decision(offer, version, &fields)])
                        .await;
                }
            }
            Self::Withdraw(person, offer) => {
                let input = json!({ "input": { "registrationId": world.people[*person].public_id,
                    "offerId": world.offer(*offer).0.public_id } });
                world.people[*person].client.send(WITHDRAW, input).await;
            }
            Self::Narrow(person, offer, field) => {
                let input = json!({ "input": { "registrationId": world.people[*person].public_id,
                    "offerId": world.offer(*offer).0.public_id, "fields": [{ "field": field }] } });
                world.people[*person].client.send(WITHDRAW, input).await;
            }
            Self::Correct(person, column, value) => {
                let what = format!("{column} = 'Corrected {value}', revision = revision + 1");
                change(side, &world.people[*person], &what).await;
            }
            Self::CheckIn(person) => check_in(side, world, &world.people[*person]).await,
            Self::Restrict(person) => {
                let input = json!({ "input": { "registrationId": world.people[*person].public_id } });
                world.officer.send(RESTRICT, input).await;
            }
            Self::LiftRestriction(person) => {
                let input = json!({ "input": { "registrationId": world.people[*person].public_id } });
                world.officer.send(LIFT, input).await;
            }
            Self::Cancel(person) => drop(world.people[*person].cancel().await),
            Self::CancelByStaff(person) => {
                let input = json!({ "input": { "registrationId": world.people[*person].public_id } });
                world.sharing.staff.send(CANCEL, input).await;
            }
            Self::WithdrawAll(person) => drop(world.people[*person].withdraw_all().await),
            Self::Erase(person) => erase(&world.people[*person].client, &world.sharing).await,
            Self::IssueToken => world.issue(side).await,
            Self::NarrowOffer => {
                if world.version == 1 {
                    world.sharing.switch(&world.follow_up, 2, &FOLLOW_UP[1..]).await;
                    world.version = 2;
                }
            }
        }
    }
}

const RESTRICT: &str =
    "mutation($input: RestrictPersonInput!) { restrictPerson(input: $input) { userErrors { code } } }";
const LIFT: &str = "mutation($input: LiftRestrictionInput!) { liftRestriction(input: $input) { userErrors { code } } }";
const CANCEL: &str = "mutation($input: CancelRegistrationAsStaffInput!) { cancelRegistrationAsStaff(input: $input) { userErrors { code } } }";
const WITHDRAW: &str =
    "mutation($input: WithdrawConsentInput!) { withdrawConsent(input: $input) { userErrors { code } } }";
