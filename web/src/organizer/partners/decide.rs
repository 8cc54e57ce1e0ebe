//! Approving, rejecting, taking back: what a press does. A press whose outcome already holds has succeeded.

use super::difference::Carried;
use super::documents::{Approve, Reject, Withdraw, approve, reject, withdraw};
use super::found::{Offer, Version};
use crate::ask::Ask;
use crate::fields::Problem;
use crate::form::Form;
use crate::frame::name_of;
use crate::lines::problems;
use crate::trouble::Trouble;

/// What can be done with a version.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Act {
    Approve,
    Reject,
    Withdraw,
}

impl Act {
    /// What the pressed button says.
    pub(super) fn of(form: &Form) -> Option<Self> {
        match form.text("do") {
            "approve" => Some(Self::Approve),
            "reject" => Some(Self::Reject),
            "withdraw" => Some(Self::Withdraw),
            _ => None,
        }
    }

    /// How the address says that it was done.
    pub(super) fn done(self) -> &'static str {
        match self {
            Self::Approve => "approved",
            Self::Reject => "rejected",
            Self::Withdraw => "withdrawn",
        }
    }

    fn state(self) -> &'static str {
        match self {
            Self::Approve => "APPROVED",
            Self::Reject => "REJECTED",
            Self::Withdraw => "WITHDRAWN",
        }
    }

    /// Whether this has come about.
    fn holds(self, version: &Version) -> bool {
        name_of(&version.state) == self.state()
    }
}

/// Does it to the version that the form names; what is to be looked at again.
pub(super) async fn run(ask: &Ask, form: &Form, act: Act, offer: &Offer) -> Result<Vec<Problem>, Trouble> {
    let number: i64 = form.text("version").parse().unwrap_or_default();
    let version = offer.versions.iter().find(|version| version.version == number);
    let version = version.ok_or(Trouble::NotFound)?;
    if act.holds(version) {
        return Ok(Vec::new());
    }
    let (offer_id, remark) = (offer.id.clone(), form.filled("remark"));
    let field = |path: &[String]| {
        if path.first().is_some_and(|first| first == "remark") {
            "remark"
        } else {
            ""
        }
        .to_owned()
    };
    let found = match act {
        Act::Approve => {
            let text_change = match (Carried::of(offer, version), form.text("text")) {
                (Carried::IfEditorial, "editorial") => approve::TextChange::EDITORIAL,
                (Carried::IfEditorial, "") => {
                    return Ok(vec![Problem::new("text", ask.language.say("text-change-missing"))]);
                }
                _ => approve::TextChange::SUBSTANTIAL,
            };
            let input = approve::ApproveOfferInput {
                offer_id,
                version: number,
                text_change,
                remark,
            };
            let payload = ask.visitor.ask::<Approve>(approve::Variables { input }).await?;
            problems!(ask, payload.approve_offer.ok_or(Trouble::NotFound)?.user_errors, field)
        }
        Act::Reject => {
            let input = reject::RejectOfferInput {
                offer_id,
                version: number,
                remark,
            };
            let payload = ask.visitor.ask::<Reject>(reject::Variables { input }).await?;
            problems!(ask, payload.reject_offer.ok_or(Trouble::NotFound)?.user_errors, field)
        }
        Act::Withdraw => {
            let input = withdraw::WithdrawOfferInput {
                offer_id,
                version: number,
                remark,
            };
            let payload = ask.visitor.ask::<Withdraw>(withdraw::Variables { input }).await?;
            problems!(ask, payload.withdraw_offer.ok_or(Trouble::NotFound)?.user_errors, field)
        }
    };
    Ok(found)
}
