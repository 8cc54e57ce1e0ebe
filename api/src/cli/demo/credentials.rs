//! Fresh credentials at each start; the last ones are revoked.

use consentry_domain::text::email_key;
use consentry_domain::{AccountId, OrganizationId, PartnerId, RegistrationStatus, TokenStatus};
use consentry_entity::{account, person, registration};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use serde_json::{Value, json};

use super::client::{Client, text};
use super::devices::{DeviceFacts, device};
use super::readers::reader;
use super::{OWNER, SLUG, TEAM};
use crate::access::rights::{ManagePartners, ViewOrganization};
use crate::access::{self, Caller};
use crate::cli::Failure;
use crate::graphql::{self, ids};
use crate::platform::keys::{Link, LinkKind};
use crate::platform::{Platform, Refused};
use crate::services::sign_in::{self, OpenSession};
use crate::services::{organizations, team, tokens};
use crate::transaction;

/// How many attendees get an access token.
const ATTENDEES: u64 = 5;

/// A partner's token for one event.
#[derive(Clone, Debug, serde::Serialize)]
pub(super) struct TokenFacts {
    pub(super) partner: String,
    pub(super) event: String,
    pub(super) purposes: Vec<String>,
    pub(super) fields: Vec<String>,
    pub(super) token: String,
}

/// An attendee with an access token.
#[derive(Clone, Debug, serde::Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct AttendeeFacts {
    pub(super) email: String,
    pub(super) registration_id: String,
    #[serde(skip)]
    pub(super) consent_revision: i64,
    pub(super) access_token: String,
    pub(super) sign_in_url: String,
}

/// A member of the team.
#[derive(Clone, Debug, serde::Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct StaffFacts {
    pub(super) role: &'static str,
    pub(super) email: String,
    pub(super) sign_in_url: String,
}

/// What somebody needs to try the demo.
pub(super) struct Facts {
    pub(super) sign_in_url: String,
    /// Who else works there, one of each role.
    pub(super) staff: Vec<StaffFacts>,
    /// Who reads for a partner.
    pub(super) readers: Vec<StaffFacts>,
    pub(super) organizer_token: String,
    pub(super) partner_tokens: Vec<TokenFacts>,
    pub(super) attendees: Vec<AttendeeFacts>,
    /// What lets people in.
    pub(super) devices: Vec<DeviceFacts>,
    pub(super) events: Vec<EventFacts>,
}

/// An event of the demo.
#[derive(Clone, Debug)]
pub(super) struct EventFacts {
    pub(super) id: String,
    pub(super) slug: String,
    pub(super) kind: String,
    pub(super) free_ticket: String,
    pub(super) documents: Vec<String>,
    pub(super) offers: Vec<OfferFacts>,
}

/// An offer in force.
#[derive(Clone, Debug)]
pub(super) struct OfferFacts {
    pub(super) id: String,
    pub(super) version: i64,
    pub(super) fields: Vec<String>,
}

const PARTNERS: &str = "query($slug: String!, $event: String!) { organization(slug: $slug) { event(slug: $event) {
    partners { id role partner { id displayName } offers { purpose inForce { fields { field } } } } } } }";
const EVENT: &str = "query($slug: String!, $event: String!) { event(organization: $slug, slug: $event) {
    id slug kind ticketTypes { id price { amount } availability } documents { id }
    partners { offers { id version fields { field } } } } }";
const ISSUE: &str = "mutation($input: IssuePartnerTokenInput!) { issuePartnerToken(input: $input) {
    token { id } userErrors { field message } } }";
const CLAIM: &str = "mutation($secret: String!) { claimPartnerToken(input: { secret: $secret }) {
    secret userErrors { field message } } }";

async fn account_of(platform: &Platform, email: &str) -> Result<Option<account::Model>, Failure> {
    let account = account::Entity::find().filter(account::Column::EmailKey.eq(email_key(email)));
    Ok(account.one(platform.store.read()).await?)
}

/// A session of the owner, who is made one if need be.
pub(super) async fn owner_session(platform: &Platform, organization: OrganizationId) -> Result<OpenSession, Failure> {
    team::owner_link(platform, organization, OWNER).await?;
    let owner = account_of(platform, OWNER).await?;
    session(
        platform,
        owner.ok_or_else(|| Failure::new("the demo's owner is not there"))?.id,
    )
    .await
}

/// Issues everything anew.
pub(super) async fn issue(platform: &Platform) -> Result<Facts, Failure> {
    let row = organizations::by_slug(&platform.store, SLUG).await?;
    let organization = row
        .ok_or_else(|| Failure::new("the demo's organization is not there"))?
        .id;
    let schema = graphql::schema(platform.clone());
    end_sessions(platform, &owner_session(platform, organization).await?.access_token).await?;
    let session = owner_session(platform, organization).await?;
    let owner = Client::with_token(&schema, platform, &session.access_token).await?;
    let anyone = Client::anonymous(&schema);
    let events = ["rust-days", "consent-in-practice"];
    let mut facts = Facts {
        sign_in_url: team::owner_link(platform, organization, OWNER).await?,
        staff: staff(platform).await?,
        readers: Vec::new(),
        organizer_token: session.access_token.clone(),
        partner_tokens: Vec::new(),
        attendees: attendees(platform, organization).await?,
        devices: Vec::new(),
        events: Vec::new(),
    };
    for event in events {
        let its = event_facts(&anyone, event).await?;
        if its.kind == "CONFERENCE" {
            facts.devices.extend(device(platform, &owner, &its).await?);
        }
        facts.events.push(its);
        let data = owner.send(PARTNERS, json!({ "slug": SLUG, "event": event })).await?;
        for at in data["organization"]["event"]["partners"]
            .as_array()
            .into_iter()
            .flatten()
        {
            if at["role"] != "HOST" {
                if facts.readers.is_empty() {
                    facts.readers.push(reader(platform, &owner, at).await?);
                }
                revoke(platform, &session.access_token, organization, &text(at, "/partner/id")?).await?;
                facts
                    .partner_tokens
                    .extend(token(platform, &owner, &anyone, event, at).await?);
            }
        }
    }
    Ok(facts)
}

async fn end_sessions(platform: &Platform, token: &str) -> Result<(), Failure> {
    if let Ok(Caller::Account(signed_in, _)) = access::authenticate(platform, Some(token), None).await? {
        sign_in::end_all(platform, signed_in).await?;
    }
    Ok(())
}

/// Revokes what the last start issued.
async fn revoke(platform: &Platform, access: &str, organization: OrganizationId, partner: &str) -> Result<(), Failure> {
    let caller = access::authenticate(platform, Some(access), None).await?;
    let caller = caller.map_err(|_| Failure::new("the owner's access token is not good"))?;
    let (_, partner) = ids::decode::<PartnerId>(&partner.into()).ok_or_else(|| Failure::new("a partner's id"))?;
    let view = access::staff_of_organization::<ViewOrganization>(platform, &caller, organization).await?;
    let manage = access::staff_of_organization::<ManagePartners>(platform, &caller, organization).await?;
    for token in tokens::of_partner(&platform.store, &view, partner).await? {
        if token.status != TokenStatus::Revoked {
            tokens::revoke(platform, &manage, token.id).await?;
        }
    }
    Ok(())
}

/// A token for one partner at one event, as its holder gets it: issued by staff, claimed by a link.
async fn token(
    platform: &Platform,
    owner: &Client,
    anyone: &Client,
    event: &str,
    at: &Value,
) -> Result<Option<TokenFacts>, Failure> {
    let offers: Vec<&Value> = at["offers"]
        .as_array()
        .into_iter()
        .flatten()
        .filter(|offer| !offer["inForce"].is_null())
        .collect();
    let purposes: Vec<String> = offers
        .iter()
        .map(|offer| text(offer, "/purpose"))
        .collect::<Result<_, _>>()?;
    if purposes.is_empty() {
        return Ok(None);
    }
    let mut fields: Vec<String> = Vec::new();
    for field in offers
        .iter()
        .flat_map(|offer| offer["inForce"]["fields"].as_array().into_iter().flatten())
    {
        if let Some(name) = field["field"]
            .as_str()
            .filter(|name| !fields.iter().any(|known| known == name))
        {
            fields.push(name.to_owned());
        }
    }
    let scope_fields: Vec<Value> = fields.iter().map(|name| json!({ "field": name })).collect();
    let key = format!(
        "demo-token-{}",
        data_encoding::HEXLOWER.encode(&platform.store.entropy().bytes::<8>())
    );
    let input = json!({
        "idempotencyKey": key, "partnerId": text(at, "/partner/id")?, "name": format!("Demo, {event}"),
        "scopes": [{ "eventPartnerId": text(at, "/id")?, "purposes": purposes, "fields": scope_fields }],
    });
    let data = owner.send(ISSUE, json!({ "input": input })).await?;
    let public_id = text(&data, "/issuePartnerToken/token/id")?;
    let (organization, id) = ids::decode::<consentry_domain::PartnerTokenId>(&public_id.into())
        .ok_or_else(|| Failure::new("a token's id"))?;
    let secret = platform.keys.link(
        LinkKind::TokenClaim,
        Link {
            organization,
            id: id.0,
            generation: 1,
        },
    );
    let claimed = anyone.send(CLAIM, json!({ "secret": secret })).await?;
    Ok(Some(TokenFacts {
        partner: text(at, "/partner/displayName")?,
        event: event.to_owned(),
        purposes,
        fields,
        token: text(&claimed, "/claimPartnerToken/secret")?,
    }))
}

async fn attendees(platform: &Platform, organization: OrganizationId) -> Result<Vec<AttendeeFacts>, Failure> {
    let rows = registration::Entity::find()
        .filter(registration::Column::OrganizationId.eq(organization))
        .filter(registration::Column::Status.eq(RegistrationStatus::Confirmed))
        .filter(registration::Column::PersonId.is_not_null())
        .order_by_asc(registration::Column::Id)
        .limit(ATTENDEES)
        .all(platform.store.read())
        .await?;
    let mut attendees = Vec::new();
    for row in rows {
        let Some(person) = row.person_id else { continue };
        let person = person::Entity::find_by_id((organization, person))
            .one(platform.store.read())
            .await?;
        let Some(account) = person.and_then(|person| person.account_id) else {
            continue;
        };
        end_all(platform, account).await?;
        attendees.push(AttendeeFacts {
            email: row.email.unwrap_or_default(),
            registration_id: ids::encode(organization, row.id).to_string(),
            consent_revision: row.consent_revision,
            access_token: session(platform, account).await?.access_token,
            sign_in_url: link(platform, account).await?,
        });
    }
    Ok(attendees)
}

/// Those of the team whom the demo made, with a link each.
async fn staff(platform: &Platform) -> Result<Vec<StaffFacts>, Failure> {
    let mut staff = Vec::new();
    for (role, email) in TEAM {
        let Some(account) = account_of(platform, email).await? else {
            continue;
        };
        end_all(platform, account.id).await?;
        staff.push(StaffFacts {
            role: role.as_str(),
            email: email.to_owned(),
            sign_in_url: link(platform, account.id).await?,
        });
    }
    Ok(staff)
}

/// Ends what the last start opened.
pub(super) async fn end_all(platform: &Platform, account: AccountId) -> Result<(), Failure> {
    end_sessions(platform, &session(platform, account).await?.access_token).await
}

/// A session of somebody.
pub(super) async fn session(platform: &Platform, account: AccountId) -> Result<OpenSession, Failure> {
    let session = transaction!(platform.store.writer(), async |tx| {
        sign_in::open(platform, tx, account).await
    });
    session.map_err(|refused: Refused| refused.into())
}

/// A link as in a mail that asks to sign in; it lasts longer.
pub(super) async fn link(platform: &Platform, account: AccountId) -> Result<String, Failure> {
    let id = transaction!(platform.store.writer(), async |tx| {
        let expires = tx.now().await?.plus_days(1);
        sign_in::create_link(tx, account, expires).await
    });
    let id = id.map_err(|refused: Refused| Failure::from(refused))?;
    Ok(sign_in::link_address(platform, id))
}

async fn event_facts(anyone: &Client, event: &str) -> Result<EventFacts, Failure> {
    let data = anyone.send(EVENT, json!({ "slug": SLUG, "event": event })).await?;
    let event = &data["event"];
    let list = |name: &str| event[name].as_array().cloned().unwrap_or_default();
    let free = list("ticketTypes")
        .into_iter()
        .find(|ticket| ticket["price"]["amount"] == "0.00" && ticket["availability"] == "AVAILABLE");
    let free = free.ok_or_else(|| Failure::new("the demo has no free ticket left: start over with --fresh"))?;
    let mut offers = Vec::new();
    for offer in list("partners")
        .iter()
        .flat_map(|partner| partner["offers"].as_array().into_iter().flatten())
    {
        let fields = offer["fields"].as_array().into_iter().flatten();
        offers.push(OfferFacts {
            id: text(offer, "/id")?,
            version: offer["version"].as_i64().unwrap_or(1),
            fields: fields
                .filter_map(|field| field["field"].as_str().map(str::to_owned))
                .collect(),
        });
    }
    Ok(EventFacts {
        id: text(event, "/id")?,
        slug: text(event, "/slug")?,
        kind: text(event, "/kind")?,
        free_ticket: text(&free, "/id")?,
        documents: list("documents")
            .iter()
            .map(|document| text(document, "/id"))
            .collect::<Result<_, _>>()?,
        offers,
    })
}
