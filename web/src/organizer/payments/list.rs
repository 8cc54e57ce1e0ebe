//! `/manage/{organization}/-/payments`: which ways of paying buyers have, and what is missing.

use askama::Template;
use poem::Response;
use poem::http::StatusCode;

use super::find;
use crate::ask::Ask;
use crate::frame::Frame;
use crate::trouble::Trouble;

#[derive(Template)]
#[template(path = "organizer/payments/list.html")]
struct Shown {
    frame: Frame,
    slug: String,
    organization: String,
    base: String,
    note: Option<String>,
    /// Whose account, and its number in groups of four.
    bank: Option<(String, String)>,
    stripe: Option<Stripe>,
}

struct Stripe {
    has_key: bool,
    has_webhook_secret: bool,
    webhook: String,
}

impl Stripe {
    fn is_ready(&self) -> bool {
        self.has_key && self.has_webhook_secret
    }
}

pub(super) async fn show(ask: &Ask) -> Result<Response, Trouble> {
    let (organization, accounts) = find(ask).await?;
    let frame = ask.frame(ask.language.say("pay-title"));
    let bank = accounts.iter().find_map(|account| account.bank_transfer.as_ref());
    let stripe = accounts.iter().find_map(|account| {
        let secrets = account.stripe.as_ref()?;
        Some(Stripe {
            has_key: secrets.secret_key_set,
            has_webhook_secret: secrets.webhook_secret_set,
            webhook: account.webhook_url.clone().unwrap_or_default(),
        })
    });
    let page = Shown {
        bank: bank.map(|bank| (bank.account_holder.clone(), grouped(&bank.iban))),
        stripe,
        note: ask.query("done").map(|_| frame.say("pay-saved")),
        base: format!("/manage/{}/-/payments", organization.slug),
        slug: organization.slug,
        organization: organization.name,
        frame,
    };
    Ok(ask.page(StatusCode::OK, &page))
}

/// As people read it out (ISO 13616): groups of four.
fn grouped(iban: &str) -> String {
    let signs: Vec<char> = iban.chars().collect();
    let groups: Vec<String> = signs.chunks(4).map(|group| group.iter().collect()).collect();
    groups.join(" ")
}

#[cfg(test)]
mod tests {
    #[test]
    fn an_iban_is_shown_in_groups_of_four() {
        assert_eq!(super::grouped("DE02120300000000202051"), "DE02 1203 0000 0000 2020 51");
        assert_eq!(super::grouped(""), "");
    }
}
