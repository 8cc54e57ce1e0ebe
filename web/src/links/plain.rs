//! Pages that know nothing of their link before its button is pressed: signing in, a partner's token, a new address; and
//! where payment providers lead back to.

use poem::http::StatusCode;

use super::documents::{
    ClaimPartnerToken, ConfirmAddressChange, RedeemSignInLink, claim_partner_token, confirm_address_change,
    redeem_sign_in_link,
};
use super::shown::Shown;
use crate::ask::Ask;
use crate::fields::Problem;
use crate::form::Form;
use crate::frame::name_of;
use crate::trouble::Trouble;

pub(super) fn sign_in(ask: &Ask) -> Shown {
    let say = |key| ask.language.say(key);
    Shown {
        button: Some(say("sign-in")),
        second: Some(say("sign-in-for-program")),
        ..Shown::new(say("sign-in"), vec![say("sign-in-words")])
    }
}

/// Signs this browser in, or shows tokens for a program.
pub(super) async fn signed_in(ask: &Ask, form: &Form) -> Result<Shown, Trouble> {
    let variables = redeem_sign_in_link::Variables {
        secret: ask.param("secret").to_owned(),
        code: form.filled("code"),
        kind: if form.has("second") {
            redeem_sign_in_link::SessionKind::API
        } else {
            redeem_sign_in_link::SessionKind::BROWSER
        },
    };
    let payload = ask.visitor.ask::<RedeemSignInLink>(variables).await?;
    let payload = payload.redeem_sign_in_link.ok_or(Trouble::Ours)?;
    let say = |key| ask.language.say(key);
    if let Some(session) = payload.browser_session {
        return Ok(Shown {
            session: Some((session.secret, ask.wanted().to_owned())),
            ..Shown::new(say("signed-in"), Vec::new())
        });
    }
    if let Some(session) = payload.session {
        return Ok(Shown {
            secrets: vec![
                (say("access-token"), session.access_token),
                (say("refresh-token"), session.refresh_token),
            ],
            ..Shown::new(say("signed-in"), vec![say("signed-in-words")])
        });
    }
    let refused = payload.user_errors.into_iter().next();
    Ok(asked_for_code(
        ask,
        refused.map(|error| (name_of(&error.code), error.message)),
    ))
}

/// The page again where the account has an authenticator, whose code is missing or wrong; else the link is gone.
fn asked_for_code(ask: &Ask, refused: Option<(String, String)>) -> Shown {
    let Some((code, message)) = refused.filter(|(code, _)| code != "NOT_FOUND") else {
        return Shown {
            onward: Some(("/sign-in".to_owned(), ask.language.say("gone-ask"))),
            ..Shown::gone(ask)
        };
    };
    let is_missing = code == "REQUIRED";
    Shown {
        status: if is_missing {
            StatusCode::OK
        } else {
            StatusCode::UNPROCESSABLE_ENTITY
        },
        asks_code: true,
        problems: (!is_missing)
            .then(|| Problem::new("code", message))
            .into_iter()
            .collect(),
        words: vec![ask.language.say("code-words")],
        ..sign_in(ask)
    }
}

pub(super) fn claim(ask: &Ask) -> Shown {
    let say = |key| ask.language.say(key);
    Shown {
        button: Some(say("claim-button")),
        ..Shown::new(say("claim-title"), vec![say("claim-words")])
    }
}

pub(super) async fn claimed(ask: &Ask) -> Result<Shown, Trouble> {
    let variables = claim_partner_token::Variables {
        secret: ask.param("secret").to_owned(),
    };
    let payload = ask
        .visitor
        .ask::<ClaimPartnerToken>(variables)
        .await?
        .claim_partner_token;
    let Some(token) = payload.and_then(|payload| payload.secret) else {
        return Ok(Shown::gone(ask));
    };
    let say = |key| ask.language.say(key);
    Ok(Shown {
        secrets: vec![(say("claim-token"), token)],
        ..Shown::new(say("claim-title"), vec![say("claimed-words")])
    })
}

pub(super) fn address(ask: &Ask) -> Shown {
    let say = |key| ask.language.say(key);
    Shown {
        button: Some(say("confirm-button")),
        ..Shown::new(say("address-title"), vec![say("address-words")])
    }
}

pub(super) async fn proved(ask: &Ask) -> Result<Shown, Trouble> {
    let variables = confirm_address_change::Variables {
        input: confirm_address_change::ConfirmAddressChangeInput {
            secret: ask.param("secret").to_owned(),
        },
    };
    let payload = ask
        .visitor
        .ask::<ConfirmAddressChange>(variables)
        .await?
        .confirm_address_change;
    if payload.and_then(|payload| payload.registration).is_none() {
        return Ok(Shown::gone(ask));
    }
    let say = |key| ask.language.say(key);
    Ok(Shown {
        onward: Some(("/sign-in".to_owned(), say("sign-in"))),
        ..Shown::new(say("thank-you"), vec![say("address-done")])
    })
}

/// Where a provider sends payers back to; whether they paid is not known here.
pub(super) fn thanks(ask: &Ask) -> Shown {
    let say = |key| ask.language.say(key);
    let order = ask.order_to_pay();
    if let Some(order) = order.as_ref().filter(|_| ask.query("go").is_some()) {
        return Shown {
            status: StatusCode::SEE_OTHER,
            elsewhere: Some(order.clone()),
            ..Shown::new(say("thank-you"), Vec::new())
        };
    }
    Shown {
        // The secret stands in no page.
        onward: order.map(|_| ("?go=order".to_owned(), say("thanks-order"))),
        ..Shown::new(say("thank-you"), vec![say("thanks-paid"), say("thanks-not-paid")])
    }
}
