//! An administrator of a partner, who can sign in, see what attendees granted it, and ask for more.

use serde_json::{Value, json};

use super::SLUG;
use super::client::{Client, text};
use super::credentials::{StaffFacts, end_all, link};
use crate::cli::Failure;
use crate::platform::Platform;
use crate::services::team;
use crate::transaction;

/// Whose mailbox it would be.
const EMAIL: &str = "leads@partner.example";
/// Their role, for scripts.
const ROLE: &str = "PARTNER";

const MEMBERS: &str = "query($slug: String!, $partner: ID!) { organization(slug: $slug) {
    partnerMembers(partnerId: $partner) { email } } }";
const INVITE: &str = "mutation($input: InvitePartnerMemberInput!) { invitePartnerMember(input: $input) {
    partnerMember { id } userErrors { field message } } }";

/// The partner's reader, with a fresh link; made where there is none.
pub(super) async fn reader(platform: &Platform, owner: &Client, at: &Value) -> Result<StaffFacts, Failure> {
    let partner = text(at, "/partner/id")?;
    let found = owner.send(MEMBERS, json!({ "slug": SLUG, "partner": partner })).await?;
    let members = found["organization"]["partnerMembers"].as_array();
    if members.is_none_or(|members| members.iter().all(|member| member["email"] != EMAIL)) {
        let key = data_encoding::HEXLOWER.encode(&platform.store.entropy().bytes::<8>());
        let input = json!({ "idempotencyKey": format!("demo-reader-{key}"), "partnerId": partner, "email": EMAIL,
            "role": "ADMINISTRATOR" });
        owner.send(INVITE, json!({ "input": input })).await?;
    }
    let account = transaction!(platform.store.writer(), async |tx| { team::account(tx, EMAIL).await });
    let account = account.map_err(|refused: crate::platform::Refused| Failure::from(refused))?;
    end_all(platform, account).await?;
    Ok(StaffFacts {
        role: ROLE,
        email: EMAIL.to_owned(),
        sign_in_url: link(platform, account).await?,
    })
}
