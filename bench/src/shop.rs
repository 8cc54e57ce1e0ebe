//! An event with a partner, made over the API, and one attendee who shares with it: the pattern of all others.

use std::path::Path;

use serde_json::{Value, json};

use crate::Failure;
use crate::api::Api;
use crate::database::Database;
use crate::program::Program;

/// What a registration gives to the partner.
pub(crate) const FIELDS: [&str; 8] = [
    "FULL_NAME",
    "GIVEN_NAME",
    "FAMILY_NAME",
    "EMAIL",
    "PHONE",
    "COMPANY",
    "JOB_TITLE",
    "CITY",
];

/// The installation with its event.
pub(crate) struct Shop {
    /// The program.
    pub(crate) program: Program,
    /// Somebody who is not signed in.
    pub(crate) anyone: Api,
    /// The partner's token.
    pub(crate) partner: Api,
    event: String,
    documents: Vec<String>,
    /// The ticket types, each with a quota of its own.
    pub(crate) ticket_types: Vec<String>,
    offer: String,
}

/// Somebody of a partner's staff who reads.
pub(crate) struct Seat {
    /// Its id.
    pub(crate) id: String,
    /// Where the partner is at the event.
    pub(crate) place: String,
    /// A link that signs them in.
    pub(crate) link: String,
    /// The same person by the API.
    pub(crate) api: Api,
}

/// Opens it, with so many ticket types.
pub(crate) async fn open(binary: &Path, database: Database, ticket_types: usize) -> Result<Shop, Failure> {
    let program = Program::start(binary, database).await?;
    let anyone = Api::new(&program.base, None);
    let owner = Api::new(&program.base, Some(&sign_in(&anyone, &program.owner_link).await?));
    let (event, offer) = event(&owner, ticket_types).await?;
    let token = claim(&anyone, &mail(&program, "TOKEN_CLAIM", "/claim/").await?).await?;
    let partner = Api::new(&program.base, Some(&token));
    let public = anyone
        .data(
            "{ event(organization: \"bench\", slug: \"fair\") { ticketTypes { id } documents { id } } }",
            json!({}),
        )
        .await?;
    let ids = |key: &str| -> Vec<String> {
        let list = public["event"][key].as_array().into_iter().flatten();
        list.filter_map(|node| node["id"].as_str().map(str::to_owned)).collect()
    };
    let (documents, ticket_types) = (ids("documents"), ids("ticketTypes"));
    let shop = Shop {
        program,
        anyone,
        partner,
        event,
        documents,
        ticket_types,
        offer,
    };
    shop.anyone.data(REGISTER, shop.registration("pattern", 0)).await?;
    let secret = mail(&shop.program, "CONFIRMATION", "/confirm/").await?;
    let confirm = json!({ "i": { "secret": secret_of(&secret), "ofAge": true, "consents": [shop.consent()] } });
    shop.anyone
        .data(
            "mutation($i: ConfirmEmailInput!) { confirmEmail(input: $i) { userErrors { code message } } }",
            confirm,
        )
        .await?;
    Ok(shop)
}

/// What is sent to register.
pub(crate) const REGISTER: &str = "mutation($i: RegisterInput!) { register(input: $i) { \
    order { id code status total { amount } } secret consentIssues { reason } userErrors { field code message } } }";

impl Shop {
    /// An organizer who has just signed in.
    pub(crate) async fn organizer(&self) -> Result<Api, Failure> {
        let token = sign_in(&self.anyone, &self.owner_link().await?).await?;
        Ok(Api::new(&self.program.base, Some(&token)))
    }

    /// A link that signs the owner in.
    pub(crate) async fn owner_link(&self) -> Result<String, Failure> {
        let arguments = [
            "admin",
            "owner-link",
            "--organization",
            "bench",
            "--email",
            "owner@bench.example",
        ];
        let printed = self.program.run(&arguments).await?;
        let link = printed.split_whitespace().find(|word| word.contains("/sign-in/"));
        Ok(link.ok_or("no link")?.to_owned())
    }

    /// A seat for somebody of the partner's staff.
    pub(crate) async fn seat(&self, organizer: &Api) -> Result<Seat, Failure> {
        let partners = "{ organization(slug: \"bench\") { event(slug: \"fair\") { partners { id partner { id } } } } }";
        let data = organizer.data(partners, json!({})).await?;
        let at_event = &data["organization"]["event"]["partners"][0];
        let email = "reader@foundry.example";
        let input =
            json!({ "i": { "idempotencyKey": "seat", "partnerId": at_event["partner"]["id"], "email": email } });
        let invite = "mutation($i: InvitePartnerMemberInput!) { invitePartnerMember(input: $i) { partnerMember { id } \
            userErrors { code message } } }";
        let invited = organizer.data(invite, input).await?;
        let text = |value: &Value| value.as_str().map(str::to_owned).ok_or("no id");
        let (id, place) = (
            text(&invited["invitePartnerMember"]["partnerMember"]["id"])?,
            text(&at_event["id"])?,
        );
        let invitation = mail(&self.program, "SIGN_IN_LINK", "/sign-in/").await?;
        let token = sign_in(&self.anyone, &invitation).await?;
        let ask = "mutation($i: RequestSignInLinkInput!) { requestSignInLink(input: $i) { userErrors { code } } }";
        self.anyone.data(ask, json!({ "i": { "email": email } })).await?;
        let link = mail(&self.program, "SIGN_IN_LINK", "/sign-in/").await?;
        let api = Api::new(&self.program.base, Some(&token));
        Ok(Seat { id, place, link, api })
    }

    /// The variables of [`REGISTER`]: one person, one place of the given ticket type, one consent.
    pub(crate) fn registration(&self, key: &str, ticket_type: usize) -> Value {
        let email = format!("{key}@people.example");
        json!({ "i": {
            "idempotencyKey": key, "eventId": self.event, "buyer": { "fullName": "Toni Try", "email": email },
            "attendees": [{
                "ticketTypeId": self.ticket_types[ticket_type % self.ticket_types.len()], "fullName": "Toni Try", "email": email,
                "givenName": "Toni", "familyName": "Try", "phone": "+49 30 1234567", "company": "Try GmbH",
                "jobTitle": "Engineer", "city": "Berlin", "isBuyer": true, "ofAge": true,
                "acknowledgedDocumentIds": self.documents, "consents": [self.consent()]
            }]
        }})
    }

    fn consent(&self) -> Value {
        json!({ "offerId": self.offer, "offerVersion": 1, "decision": "GRANT", "fields": fields() })
    }
}

fn fields() -> Value {
    FIELDS.iter().map(|field| json!({ "field": field })).collect()
}

async fn sign_in(anyone: &Api, link: &str) -> Result<String, Failure> {
    let document = "mutation($i: RedeemSignInLinkInput!) { redeemSignInLink(input: $i) { session { accessToken } } }";
    redeem(anyone, link, document, "/redeemSignInLink/session/accessToken").await
}

async fn claim(anyone: &Api, link: &str) -> Result<String, Failure> {
    let document = "mutation($i: ClaimPartnerTokenInput!) { claimPartnerToken(input: $i) { secret } }";
    redeem(anyone, link, document, "/claimPartnerToken/secret").await
}

/// Sends a link's secret; what stands at this place of the answer.
async fn redeem(anyone: &Api, link: &str, document: &str, place: &str) -> Result<String, Failure> {
    let payload = anyone
        .data(document, json!({ "i": { "secret": secret_of(link) } }))
        .await?;
    let text = payload.pointer(place).and_then(Value::as_str);
    Ok(text.ok_or_else(|| format!("nothing at {place}: {payload}"))?.to_owned())
}

fn secret_of(link: &str) -> &str {
    link.rsplit('/').next().unwrap_or_default()
}

/// The link in the newest mail of a kind.
async fn mail(program: &Program, kind: &str, link: &str) -> Result<String, Failure> {
    let list = program.run(&["mail", "list"]).await?;
    let line = list
        .lines()
        .find(|line| line.contains(kind))
        .ok_or_else(|| format!("no mail {kind}: {list}"))?;
    let id = line.split_whitespace().next().unwrap_or_default();
    let text = program.run(&["mail", "show", id]).await?;
    let found = text.split_whitespace().find(|word| word.contains(link));
    Ok(found.ok_or_else(|| format!("no link {link}: {text}"))?.to_owned())
}

/// The event, published, and its offer, approved.
async fn event(owner: &Api, ticket_types: usize) -> Result<(String, String), Failure> {
    let en = |text: &str| json!([{ "locale": "en", "text": text }]);
    let id = |data: &Value, pointer: &str| -> Result<String, Failure> {
        Ok(data
            .pointer(pointer)
            .and_then(Value::as_str)
            .ok_or_else(|| format!("{pointer} in {data}"))?
            .to_owned())
    };
    let data = owner
        .data("{ organization(slug: \"bench\") { organization { id } } }", json!({}))
        .await?;
    let organization = id(&data, "/organization/organization/id")?;
    let input = json!({ "i": {
        "idempotencyKey": "event", "organizationId": organization, "slug": "fair", "kind": "CONFERENCE", "title": en("Fair"),
        "defaultLocale": "en", "timeZone": "Europe/Berlin", "startsLocal": "2035-03-01T09:00",
        "endsLocal": "2035-03-01T17:00", "currency": "EUR"
    }});
    let create =
        "mutation($i: CreateEventInput!) { createEvent(input: $i) { event { id } userErrors { field code } } }";
    let event = id(&owner.data(create, input).await?, "/createEvent/event/id")?;
    let venue = json!({ "i": { "eventId": event, "revision": 1, "venue": { "name": "Hall" } } });
    let update = "mutation($i: UpdateEventInput!) { updateEvent(input: $i) { userErrors { field code } } }";
    owner.data(update, venue).await?;
    let quota =
        "mutation($i: CreateQuotaInput!) { createQuota(input: $i) { event { quotas { id } } userErrors { code } } }";
    let ticket = "mutation($i: CreateTicketTypeInput!) { createTicketType(input: $i) { userErrors { field code } } }";
    for number in 0..ticket_types {
        let key = format!("{number}");
        let terms = json!({ "name": key, "size": 1_000_000 });
        let input = json!({ "i": { "idempotencyKey": key, "eventId": event, "terms": terms } });
        let data = owner.data(quota, input).await?;
        let quotas = data["createQuota"]["event"]["quotas"].as_array().ok_or("no quotas")?;
        let newest = &quotas.last().ok_or("no quota")?["id"];
        let terms = json!({
            "name": en(&key), "price": "0", "taxRate": "0", "priceIncludesTax": true, "visibility": "PUBLIC", "quotaIds": [newest]
        });
        owner
            .data(
                ticket,
                json!({ "i": { "idempotencyKey": key, "eventId": event, "terms": terms } }),
            )
            .await?;
    }
    for kind in ["TERMS", "PRIVACY_NOTICE"] {
        let input = json!({ "i": {
            "idempotencyKey": kind, "eventId": event, "kind": kind, "title": en(kind), "content": en("Words.")
        }});
        let create =
            "mutation($i: CreateLegalDocumentInput!) { createLegalDocument(input: $i) { userErrors { code } } }";
        owner.data(create, input).await?;
    }
    let input = json!({ "i": {
        "idempotencyKey": "partner", "organizationId": organization, "displayName": "Foundry", "legalName": "Foundry GmbH",
        "country": "DE", "contactEmail": "p@foundry.example"
    }});
    let create =
        "mutation($i: CreatePartnerInput!) { createPartner(input: $i) { partner { id } userErrors { code } } }";
    let partner = id(&owner.data(create, input).await?, "/createPartner/partner/id")?;
    let input = json!({ "i": {
        "idempotencyKey": "role", "eventId": event, "partnerId": partner, "role": "EXHIBITOR",
        "noticeUrl": "https://foundry.example/privacy", "contactEmail": "p@foundry.example",
        "noticeSha256": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"
    }});
    let add = "mutation($i: AddEventPartnerInput!) { addEventPartner(input: $i) { eventPartner { id } userErrors { code } } }";
    let role = id(&owner.data(add, input).await?, "/addEventPartner/eventPartner/id")?;
    let input = json!({ "i": {
        "idempotencyKey": "offer", "eventPartnerId": role, "purpose": "EVENT_FOLLOW_UP", "fields": fields(), "retentionDays": 90,
        "text": en("To write to you about the event.")
    }});
    let request =
        "mutation($i: RequestOfferInput!) { requestOffer(input: $i) { offer { id } userErrors { code field } } }";
    let offer = id(&owner.data(request, input).await?, "/requestOffer/offer/id")?;
    let approve = "mutation($i: ApproveOfferInput!) { approveOffer(input: $i) { userErrors { code } } }";
    owner
        .data(approve, json!({ "i": { "offerId": offer, "version": 1 } }))
        .await?;
    let publish = "mutation($i: ID!) { publishEvent(input: { eventId: $i }) { userErrors { code message } } }";
    owner.data(publish, json!({ "i": event })).await?;
    let scope = json!({ "eventPartnerId": role, "purposes": ["EVENT_FOLLOW_UP"], "fields": fields() });
    let input = json!({ "i": { "idempotencyKey": "token", "partnerId": partner, "name": "CRM", "scopes": [scope] } });
    let issue = "mutation($i: IssuePartnerTokenInput!) { issuePartnerToken(input: $i) { userErrors { code field } } }";
    owner.data(issue, input).await?;
    Ok((event, offer))
}
