//! `/manage/{organization}/-/payments/bank` and `…/stripe`: one account. Secrets are typed in and never shown again.

use poem::Response;

use super::documents::{SetAccount, set_account as set};
use super::{Organization, find};
use crate::ask::{Ask, see_other};
use crate::fields::Problem;
use crate::form::Form;
use crate::organizer::sheet::{self, About, Around, Field, Sheet, said};
use crate::trouble::Trouble;

const NAMES: &[&str] = &[
    "bankTransfer.accountHolder",
    "bankTransfer.iban",
    "bankTransfer.bic",
    "stripe.secretKey",
    "stripe.webhookSecret",
];

/// Either of both accounts, as a page.
struct Page {
    title: &'static str,
    lead: &'static str,
    rows: fn(&Sheet, (bool, bool)) -> Vec<Vec<Field>>,
}

const BANK: Page = Page {
    title: "pay-bank",
    lead: "pay-bank-words",
    rows: bank_rows,
};

const STRIPE: Page = Page {
    title: "pay-stripe",
    lead: "pay-stripe-words",
    rows: stripe_rows,
};

pub(super) async fn bank(ask: &Ask) -> Result<Response, Trouble> {
    let (organization, accounts) = find(ask).await?;
    let mut kept = Form::default();
    let there = accounts.iter().find_map(|account| account.bank_transfer.as_ref());
    let holder = there.map_or(&organization.name, |bank| &bank.account_holder);
    kept.set("bankTransfer.accountHolder", holder);
    kept.set("bankTransfer.iban", there.map_or("", |bank| &bank.iban));
    kept.set(
        "bankTransfer.bic",
        there.and_then(|bank| bank.bic.as_deref()).unwrap_or_default(),
    );
    answer(ask, &organization, &BANK, (false, false), &kept, |form| {
        Ok(set::SetProviderAccountInput {
            organization_id: organization.id.clone(),
            bank_transfer: Some(set::BankAccountInput {
                account_holder: form.text("bankTransfer.accountHolder").to_owned(),
                iban: form.text("bankTransfer.iban").to_owned(),
                bic: form.filled("bankTransfer.bic"),
            }),
            stripe: None,
        })
    })
    .await
}

pub(super) async fn stripe(ask: &Ask) -> Result<Response, Trouble> {
    let (organization, accounts) = find(ask).await?;
    let there = accounts.iter().find_map(|account| account.stripe.as_ref());
    let are_set = there.map_or((false, false), |secrets| {
        (secrets.secret_key_set, secrets.webhook_secret_set)
    });
    answer(ask, &organization, &STRIPE, are_set, &Form::default(), |form| {
        let secret_key = form.filled("stripe.secretKey");
        if secret_key.is_none() && !are_set.0 {
            return Err(Problem::new("stripe.secretKey", ask.language.say("needed")));
        }
        Ok(set::SetProviderAccountInput {
            organization_id: organization.id.clone(),
            bank_transfer: None,
            stripe: Some(set::StripeAccountInput {
                secret_key,
                webhook_secret: form.filled("stripe.webhookSecret"),
            }),
        })
    })
    .await
}

async fn answer(
    ask: &Ask,
    organization: &Organization,
    page: &Page,
    are_set: (bool, bool),
    kept: &Form,
    input: impl FnOnce(&Form) -> Result<set::SetProviderAccountInput, Problem>,
) -> Result<Response, Trouble> {
    let form = match ask.pressed(kept) {
        Ok(form) => form,
        Err((form, problems)) => return Ok(show(ask, organization, page, are_set, form, problems)),
    };
    let problems = match input(form) {
        Ok(input) => {
            let payload = ask.visitor.ask::<SetAccount>(set::Variables { input }).await?;
            let said = said!(payload.set_provider_account.ok_or(Trouble::NotFound)?.user_errors);
            sheet::problems(ask, said, NAMES)
        }
        Err(problem) => vec![problem],
    };
    if problems.is_empty() {
        return Ok(see_other(&format!("{}?done=saved", base(organization))));
    }
    Ok(show(ask, organization, page, are_set, form, problems))
}

fn base(organization: &Organization) -> String {
    format!("/manage/{}/-/payments", organization.slug)
}

fn show(
    ask: &Ask,
    organization: &Organization,
    page: &Page,
    are_set: (bool, bool),
    form: &Form,
    problems: Vec<Problem>,
) -> Response {
    let frame = sheet::frame(ask, ask.language.say(page.title));
    let sheet = Sheet {
        frame: &frame,
        form,
        kept: form,
        problems: &problems,
    };
    let groups = vec![sheet.group("pay-account", None, (page.rows)(&sheet, are_set))];
    let about = About {
        title: frame.title.clone(),
        lead: Some(frame.say(page.lead)),
        button: frame.say("save"),
        back: base(organization),
        revision: String::new(),
        removal: None,
    };
    let around = Around::Above(base(organization), frame.say("pay-title"));
    sheet::show(ask, frame, around, about, (groups, problems))
}

fn bank_rows(sheet: &Sheet, _: (bool, bool)) -> Vec<Vec<Field>> {
    vec![
        vec![
            sheet
                .field("bankTransfer.accountHolder", "account-holder", "text")
                .required(),
        ],
        vec![
            sheet.field("bankTransfer.iban", "pay-iban", "text").required(),
            sheet
                .field("bankTransfer.bic", "pay-bic", "text")
                .hint(sheet.frame.say("pay-bic-hint")),
        ],
    ]
}

/// What is set is not shown: left empty, it stays.
fn stripe_rows(sheet: &Sheet, (has_key, has_secret): (bool, bool)) -> Vec<Vec<Field>> {
    let secret = |name, label, example: &str, is_set: bool| {
        let field = Field {
            values: Vec::new(),
            ..sheet.field(name, label, "password")
        };
        let key = if is_set { "pay-secret-set" } else { "pay-secret-looks" };
        field.hint(sheet.frame.say1(key, "example", example))
    };
    let key = secret("stripe.secretKey", "pay-secret-key", "sk_…, rk_…", has_key);
    let hook = secret("stripe.webhookSecret", "pay-webhook-secret", "whsec_…", has_secret);
    vec![vec![if has_key { key } else { key.required() }], vec![hook]]
}
