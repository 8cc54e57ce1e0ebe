//! What links in mails lead to. Opening a page changes nothing (mail scanners open every link); its button does.

use poem::http::{Method, StatusCode};
use poem::{Endpoint, Request, Response};
use serde_json::{Value, json};

use super::page::{Choice, Shown};
use super::visitor::Visitor;
use super::values::plain;
use super::{join, order};

/// The page of one kind of link.
pub(super) struct Landing {
    visitor: Visitor,
    kind: Kind,
}

#[derive(Clone, Copy)]
enum Kind {
    SignIn,
    Confirm,
    Claim,
    Guardian,
    Order,
    Join,
    Thanks,
    Address,
}

impl Landing {
    pub(super) fn sign_in(visitor: &Visitor) -> Self {
        Self::of(visitor, Kind::SignIn)
    }

    pub(super) fn confirm(visitor: &Visitor) -> Self {
        Self::of(visitor, Kind::Confirm)
    }

    pub(super) fn claim(visitor: &Visitor) -> Self {
        Self::of(visitor, Kind::Claim)
    }

    pub(super) fn guardian(visitor: &Visitor) -> Self {
        Self::of(visitor, Kind::Guardian)
    }

    pub(super) fn order(visitor: &Visitor) -> Self {
        Self::of(visitor, Kind::Order)
    }

    pub(super) fn join(visitor: &Visitor) -> Self {
        Self::of(visitor, Kind::Join)
    }

    pub(super) fn thanks(visitor: &Visitor) -> Self {
        Self::of(visitor, Kind::Thanks)
    }

    fn of(visitor: &Visitor, kind: Kind) -> Self {
        Self {
            visitor: visitor.clone(),
            kind,
        }
    }

    pub(super) fn address(visitor: &Visitor) -> Self {
        Self::of(visitor, Kind::Address)
    }

    async fn open(&self, secret: &str) -> Shown {
        match self.kind {
            Kind::SignIn => Shown {
                button: Some("Sign in"),
                ..Shown::new("Sign in", &["Press the button to sign in. The link works once."])
            },
            Kind::Claim => Shown {
                button: Some("Show the token"),
                ..Shown::new(
                    "Your partner token",
                    &["The token is shown once, on the next page, and nowhere else. Have a safe place for it ready."],
                )
            },
            Kind::Address => Shown {
                button: Some("Confirm"),
                ..Shown::new(
                    "Confirm your new address",
                    &[
                        "Pressing the button says that this mailbox is yours. It replaces the address that you used before.",
                    ],
                )
            },
            Kind::Confirm => self.open_confirm(secret).await,
            Kind::Guardian => self.open_guardian(secret).await,
            Kind::Order => order::open(&self.visitor, secret).await,
            Kind::Join => join::open(&self.visitor, secret).await,
            Kind::Thanks => order::thanks(),
        }
    }

    async fn open_confirm(&self, secret: &str) -> Shown {
        let data = self.visitor.run(CONFIRMATION, json!({ "secret": secret })).await;
        let Some(confirmation) = data
            .map(|data| data["emailConfirmation"].clone())
            .filter(|found| !found.is_null())
        else {
            return Shown::gone();
        };
        let registration = &confirmation["registration"];
        let mut shown = Shown::new("Confirm your address", &[]);
        shown.words.push(format!(
            "{} is registered for {} with this address.",
            plain(&registration["fullName"]),
            plain(&registration["event"]["title"])
        ));
        shown
            .words
            .push("Pressing the button says that this mailbox is yours.".to_owned());
        shown.choices = choices(&confirmation["requestedConsents"]);
        if !shown.choices.is_empty() {
            let words = "These were ticked when the form was sent. Tick again what you agree to; whatever you leave empty is not shared.";
            shown.words.push(words.to_owned());
            shown.choices.push(Choice {
                name: "ofAge".to_owned(),
                label: format!("I am {} or older.", registration["event"]["consentAge"]),
                details: String::new(),
            });
        }
        shown.button = Some("Confirm");
        shown
    }

    async fn open_guardian(&self, secret: &str) -> Shown {
        let data = self
            .visitor
            .run(GUARDIAN, json!({ "secret": secret }))
            .await
            .unwrap_or_default();
        let request = &data["guardianRequest"];
        if request.is_null() {
            return Shown::gone();
        }
        let mut shown = Shown::new(
            "Your decision as a guardian",
            &["Somebody in your care registered for an event and named you as a parent or guardian."],
        );
        shown.choices = choices(&request["consents"]);
        if !shown.choices.is_empty() {
            shown
                .words
                .push("Tick what may be shared; whatever you leave empty is not.".to_owned());
        }
        if request["placeAwaitsPermission"] == json!(true) {
            shown.words.push(
                "The place at the event waits for your permission. If you do not permit it, it is given up at once."
                    .to_owned(),
            );
            (shown.button, shown.second) = (Some("I permit it"), Some("I do not permit it"));
        } else {
            shown.button = Some("Send");
        }
        shown
    }

    async fn act_guardian(&self, secret: &str, form: &[(String, String)]) -> Shown {
        let data = self
            .visitor
            .run(GUARDIAN, json!({ "secret": secret }))
            .await
            .unwrap_or_default();
        let request = &data["guardianRequest"];
        let refuses = form.iter().any(|(name, _)| name == "second");
        let permission =
            (request["placeAwaitsPermission"] == json!(true)).then_some(if refuses { "REFUSE" } else { "PERMIT" });
        let consents = ticked(&request["consents"], form);
        let input = json!({ "secret": secret, "permission": permission, "consents": consents });
        let data = self
            .visitor
            .run(DECIDE, json!({ "input": input }))
            .await
            .unwrap_or_default();
        if data["decideAsGuardian"]["userErrors"] == json!([]) {
            Shown::new(
                "Thank you",
                &["Your decision has been noted. The link stays good if you change your mind."],
            )
        } else {
            Shown::gone()
        }
    }

    async fn act(&self, secret: &str, form: &[(String, String)]) -> Shown {
        match self.kind {
            Kind::SignIn => {
                let data = self
                    .visitor
                    .run(REDEEM, json!({ "secret": secret }))
                    .await
                    .unwrap_or_default();
                let session = &data["redeemSignInLink"]["session"];
                if session.is_null() {
                    return Shown::gone();
                }
                let mut shown = Shown::new(
                    "You are signed in",
                    &["Send the access token as `Authorization: Bearer …`."],
                );
                shown
                    .secrets
                    .push(("Access token".to_owned(), plain(&session["accessToken"])));
                shown
                    .secrets
                    .push(("Refresh token (works once)".to_owned(), plain(&session["refreshToken"])));
                shown
            }
            Kind::Claim => {
                let data = self
                    .visitor
                    .run(CLAIM, json!({ "secret": secret }))
                    .await
                    .unwrap_or_default();
                let token = &data["claimPartnerToken"]["secret"];
                if token.is_null() {
                    return Shown::gone();
                }
                let mut shown = Shown::new("Your partner token", &["Keep it now: it is not shown again."]);
                shown.secrets.push(("Token".to_owned(), plain(token)));
                shown
            }
            Kind::Address => {
                let input = json!({ "input": { "secret": secret } });
                let data = self.visitor.run(ADDRESS, input).await.unwrap_or_default();
                if data["confirmAddressChange"]["registration"].is_null() {
                    return Shown::gone();
                }
                Shown::new(
                    "Thank you",
                    &["Your new address is confirmed. Sign in with it from now on."],
                )
            }
            Kind::Confirm => self.act_confirm(secret, form).await,
            Kind::Guardian => self.act_guardian(secret, form).await,
            Kind::Order => order::act(&self.visitor, secret, form).await,
            Kind::Join => join::act(&self.visitor, secret).await,
            Kind::Thanks => order::thanks(),
        }
    }

    async fn act_confirm(&self, secret: &str, form: &[(String, String)]) -> Shown {
        let data = self
            .visitor
            .run(CONFIRMATION, json!({ "secret": secret }))
            .await
            .unwrap_or_default();
        let consents = ticked(&data["emailConfirmation"]["requestedConsents"], form);
        let of_age = form.iter().any(|(name, _)| name == "ofAge").then_some(true);
        let variables = json!({ "input": { "secret": secret, "ofAge": of_age, "consents": consents } });
        let data = self.visitor.run(CONFIRM, variables).await.unwrap_or_default();
        let payload = &data["confirmEmail"];
        if payload["registration"].is_null() {
            return Shown::gone();
        }
        let mut shown = Shown::new("Thank you", &["Your address is confirmed."]);
        if payload["consentIssues"]
            .as_array()
            .is_some_and(|issues| !issues.is_empty())
        {
            shown
                .words
                .push("Not everything could be shared as you ticked it; nothing more than you ticked is.".to_owned());
        }
        shown
    }
}

/// One box per consent that was asked for; its label names the fields.
fn choices(requested: &Value) -> Vec<Choice> {
    let list = |value: &Value| {
        let labels = value
            .as_array()
            .into_iter()
            .flatten()
            .map(|field| plain(&field["label"]));
        labels.collect::<Vec<_>>().join(", ")
    };
    requested
        .as_array()
        .into_iter()
        .flatten()
        .map(|consent| Choice {
            name: plain(&consent["offer"]["id"]),
            label: format!(
                "Share with {}: {}",
                plain(&consent["offer"]["partner"]["legalName"]),
                list(&consent["granted"])
            ),
            details: plain(&consent["offer"]["text"]),
        })
        .collect()
}

/// The consents whose boxes were ticked, with the fields that their labels named.
fn ticked(requested: &Value, form: &[(String, String)]) -> Vec<Value> {
    let is_ticked = |consent: &&Value| {
        let id = plain(&consent["offer"]["id"]);
        form.iter().any(|(name, _)| *name == id)
    };
    let wish = |consent: &Value| {
        let fields: Vec<Value> = consent["granted"]
            .as_array()
            .into_iter()
            .flatten()
            .map(named_field)
            .collect();
        json!({
            "offerId": consent["offer"]["id"], "offerVersion": consent["offer"]["version"], "decision": "GRANT",
            "fields": fields,
        })
    };
    requested
        .as_array()
        .into_iter()
        .flatten()
        .filter(is_ticked)
        .map(wish)
        .collect()
}

fn named_field(field: &Value) -> Value {
    match field["field"].as_str() {
        Some(name) => json!({ "field": name }),
        None => json!({ "questionId": field["questionId"] }),
    }
}

const CONFIRMATION: &str = include_str!("documents/email_confirmation.graphql");
const CONFIRM: &str = include_str!("documents/confirm_email.graphql");
const ADDRESS: &str = include_str!("documents/confirm_address_change.graphql");
const REDEEM: &str = include_str!("documents/redeem_sign_in_link.graphql");
const CLAIM: &str = include_str!("documents/claim_partner_token.graphql");
const GUARDIAN: &str = include_str!("documents/guardian_request.graphql");
const DECIDE: &str = include_str!("documents/decide_as_guardian.graphql");

/// Forms of these pages are short.
const MAX_FORM: usize = 64 * 1024;

impl Endpoint for Landing {
    type Output = Response;

    async fn call(&self, mut request: Request) -> poem::Result<Response> {
        let secret = request.raw_path_param("secret").unwrap_or_default().to_owned();
        let shown = if request.method() == Method::POST {
            let body = request.take_body().into_bytes_limit(MAX_FORM).await;
            let Ok(body) = body else {
                return Ok(StatusCode::PAYLOAD_TOO_LARGE.into());
            };
            let form: Vec<(String, String)> = form_urlencoded::parse(&body).into_owned().collect();
            self.act(&secret, &form).await
        } else {
            self.open(&secret).await
        };
        Ok(shown.respond(self.visitor.platform().store.entropy()))
    }
}
