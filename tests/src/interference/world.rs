//! A tenant with an event, its partners and people: what both worlds start from.

use std::collections::BTreeMap;

use consentry::graphql::ids;
use consentry::services::disclosure::view::COVERED;
use consentry_domain::{
    AttendeeField, EventPartnerId, FieldMask, Instant, OrganizationId, Purpose, PurposeSet, Role, TicketTypeId,
};
use consentry_entity::event_partner;
use sea_orm::EntityTrait;
use serde_json::json;

use super::ask::{newest_claim, searched, sign_in};
use super::side::Side;
use crate::Client;
use crate::app::{Browser, SeededAttendee, SeededOffer, SeededPartner, SeededStream, Sharing, TokenSeed};

/// The fields of the observed stream for following up on the event.
pub const FOLLOW_UP: &[&str] = &["FULL_NAME", "EMAIL", "COMPANY", "CITY", "TICKET_TYPE", "ATTENDANCE"];
/// The fields of the observed stream for information about products.
pub const PRODUCT: &[&str] = &["EMAIL", "PHONE", "COUNTRY"];
/// The fields that nobody observes.
pub const ELSEWHERE: &[&str] = &["EMAIL", "JOB_TITLE"];

/// A credential that the observer tries.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Token {
    /// For both streams and every field.
    All,
    /// For one stream and addresses only.
    Narrow,
    /// Taken back.
    Revoked,
    /// Too old.
    Expired,
    /// Never claimed.
    Unclaimed,
    /// For both streams, claimed by the observer from a mail, if it has been.
    Claimed,
    /// Another tenant's.
    OtherTenant,
    /// One letter wrong.
    Mistyped,
    /// No token at all.
    Nonsense,
    /// Nothing is sent.
    None,
}

impl Token {
    /// Those that are good for nothing.
    pub const USELESS: &'static [Self] = &[
        Self::Revoked,
        Self::Expired,
        Self::Unclaimed,
        Self::OtherTenant,
        Self::Mistyped,
        Self::Nonsense,
        Self::None,
    ];
}

/// One of the two worlds.
pub struct World {
    /// The event and its owner.
    pub sharing: Sharing,
    /// Something to buy for money.
    pub paid: TicketTypeId,
    /// The observer's offer to follow up.
    pub follow_up: SeededOffer,
    /// Its version in force.
    pub version: i32,
    /// The observer's offer about products.
    pub product: SeededOffer,
    /// The observer's offer for a purpose that none of its tokens covers.
    pub related: SeededOffer,
    /// Another partner's offer.
    pub other: SeededOffer,
    /// The organization's own offer.
    pub host: SeededOffer,
    /// Another tenant.
    pub neighbour: Sharing,
    /// The neighbour's partner's offer.
    pub neighbours: SeededOffer,
    /// People who share something with the observer, the same in both worlds.
    pub people: Vec<SeededAttendee>,
    /// People who share nothing with the observer.
    pub others: Vec<SeededAttendee>,
    /// What the observer may send along.
    pub tokens: BTreeMap<Token, String>,
    /// The other partner's token.
    pub others_token: String,
    /// The data-protection officer.
    pub officer: Client,
    /// Secrets of links that the observer got by mail.
    pub claims: Vec<String>,
    /// Somebody of the observer's staff who reads: their seat and their browser.
    pub reader: (String, Browser),
    /// Somebody who administers the observer.
    pub administrator: (String, Browser),
    /// Cursors of leads that the observer has seen.
    pub cursors: Vec<String>,
    /// Ids of leads that the observer has seen.
    pub leads: Vec<String>,
}

impl World {
    /// Makes it. People register in this order; it is the world's own.
    pub async fn make(side: &Side, case: u64, order: &[usize]) -> Self {
        side.set_chance(case);
        let app = &side.app;
        let sharing = owned(side, &format!("w{case}")).await;
        let paid = app
            .db_ticket_type(&sharing.event, "Paid", |row| row.price_minor = 1_000)
            .await;
        app.db_quota(&sharing.event, 1_000_000, &[sharing.ticket, paid]).await;
        app.db_talk(&sharing.event, "Opening", 1).await;
        app.db_talk(&sharing.event, "Closing", 9).await;
        let follow_up = sharing.offer("Ferris", FOLLOW_UP).await;
        let at = follow_up.event_partner.clone();
        let product = sharing.offer_of(&at, "PRODUCT_INFORMATION", PRODUCT).await;
        let related = sharing.offer_of(&at, "RELATED_EVENTS", ELSEWHERE).await;
        let other = sharing.offer("Corro", FOLLOW_UP).await;
        let host = sharing.event_partner("Host", "HOST").await;
        let host = sharing.offer_of(&host, "EVENT_FOLLOW_UP", FOLLOW_UP).await;
        let neighbour = owned(side, &format!("n{case}")).await;
        let neighbours = neighbour.offer("Ferris", FOLLOW_UP).await;
        let mut people: Vec<Option<SeededAttendee>> = order.iter().map(|_| None).collect();
        for number in order {
            side.set_chance(case << 20 | *number as u64);
            let email = format!("v{number}-w{case}@example.org");
            people[*number] = Some(app.db_attendee(&sharing, &email, |_| ()).await);
        }
        side.set_chance(case << 20 | 1 << 19);
        let mut world = Self {
            paid,
            version: 1,
            people: people.into_iter().flatten().collect(),
            others: Vec::new(),
            tokens: BTreeMap::new(),
            others_token: app
                .db_working_token(&stream(side, &other, Purpose::EventFollowUp).await)
                .await,
            officer: app
                .db_staff_named(&sharing.organization, Role::Dpo, &format!("officer@w{case}.example"))
                .await,
            claims: Vec::new(),
            reader: (String::new(), app.browser()),
            administrator: (String::new(), app.browser()),
            cursors: Vec::new(),
            leads: Vec::new(),
            sharing,
            follow_up,
            product,
            related,
            other,
            host,
            neighbour,
            neighbours,
        };
        world.make_tokens(side).await;
        world.reader = world.member(side, "READER").await;
        world.administrator = world.member(side, "ADMINISTRATOR").await;
        world
    }

    /// Somebody of the observer's staff, who is signed in.
    async fn member(&self, side: &Side, role: &str) -> (String, Browser) {
        let email = format!("{}@{}.example", role.to_lowercase(), self.sharing.organization.slug);
        let (account, _) = side.app.db_account(&email).await;
        let partner = self.sharing.company_of(&self.follow_up.event_partner).await;
        let input = json!({ "idempotencyKey": role, "partnerId": partner, "email": email, "role": role });
        let document = "mutation($input: InvitePartnerMemberInput!) { invitePartnerMember(input: $input) {
            partnerMember { id } userErrors { field message code } } }";
        let made = self
            .sharing
            .staff
            .done("invitePartnerMember", document, json!({ "input": input }))
            .await;
        let seat = made["partnerMember"]["id"].as_str().expect("an id").to_owned();
        (seat, sign_in(side, account).await)
    }

    async fn make_tokens(&mut self, side: &Side) {
        let seeded = stream(side, &self.follow_up, Purpose::EventFollowUp).await;
        let at = seeded.partner.event_partner;
        let both = PurposeSet::EMPTY
            .with(Purpose::EventFollowUp)
            .with(Purpose::ProductInformation);
        let email = FieldMask::standard(AttendeeField::Email);
        let plain = || TokenSeed {
            scopes: vec![(at, both, FieldMask::ALL)],
            not_before: Instant(0),
            expires_at: Instant(4_102_444_800_000_000),
            ..TokenSeed::of(&seeded)
        };
        let narrow = TokenSeed {
            scopes: vec![(at, PurposeSet::EMPTY.with(Purpose::EventFollowUp), email)],
            ..plain()
        };
        let neighbours = stream(side, &self.neighbours, Purpose::EventFollowUp).await;
        let app = &side.app;
        let all = app.db_token(&seeded, plain()).await;
        let mut mistyped = all.clone();
        let last = mistyped.pop();
        mistyped.push(if last == Some('0') { '1' } else { '0' });
        self.tokens = BTreeMap::from([
            (Token::All, all),
            (Token::Narrow, app.db_token(&seeded, narrow).await),
            (
                Token::Revoked,
                app.db_token(
                    &seeded,
                    TokenSeed {
                        revoked_at: Some(1),
                        ..plain()
                    },
                )
                .await,
            ),
            (
                Token::Expired,
                app.db_token(
                    &seeded,
                    TokenSeed {
                        expires_at: Instant(1),
                        ..plain()
                    },
                )
                .await,
            ),
            (
                Token::Unclaimed,
                app.db_token(
                    &seeded,
                    TokenSeed {
                        claimed_at: None,
                        ..plain()
                    },
                )
                .await,
            ),
            (Token::OtherTenant, app.db_working_token(&neighbours).await),
            (Token::Mistyped, mistyped),
            (Token::Nonsense, "nonsense".to_owned()),
        ]);
    }

    /// Where the observer gets mail.
    pub const OBSERVER: &str = "privacy@ferris.example";

    /// Gives the observer one more token, which it can claim.
    pub async fn issue(&mut self, side: &Side) {
        let number = self.claims.len();
        let now = side.app.store().now().await.expect("a time");
        let day = Instant(now.0 - now.0.rem_euclid(86_400_000_000));
        // Asked for again under the same key, the partner is the one that is there.
        let partner = self.sharing.partner("Ferris").await;
        let scope = json!({ "eventPartnerId": self.follow_up.event_partner, "purposes": ["EVENT_FOLLOW_UP", "PRODUCT_INFORMATION"],
            "fields": [{ "field": "EMAIL" }, { "field": "CITY" }] });
        let input = json!({ "idempotencyKey": format!("own-{number}"), "partnerId": partner, "name": format!("Token {number}"),
            "scopes": [scope], "notBefore": day.to_string(), "expiresAt": day.plus_days(30).to_string() });
        let document = "mutation($input: IssuePartnerTokenInput!) { issuePartnerToken(input: $input) { userErrors { field message code } } }";
        self.sharing
            .staff
            .done("issuePartnerToken", document, json!({ "input": input }))
            .await;
        let secret = newest_claim(side, self).await;
        self.claims.push(secret);
    }

    /// The tenant.
    #[must_use]
    pub fn organization(&self) -> OrganizationId {
        self.sharing.event.organization
    }

    /// The list of leads of an offer, as cursors name it.
    #[must_use]
    pub fn list_of(offer: &SeededOffer) -> Vec<u8> {
        [
            b"leads".as_slice(),
            offer.organization.0.as_bytes(),
            offer.id.0.as_bytes(),
        ]
        .concat()
    }

    /// The lists whose cursors an observer can have.
    #[must_use]
    pub fn lists(&self) -> Vec<Vec<u8>> {
        let event = &self.sharing.event;
        let mut lists = vec![
            Self::list_of(&self.follow_up),
            Self::list_of(&self.product),
            Self::list_of(&self.neighbours),
            COVERED.to_vec(),
            [
                b"sessions".as_slice(),
                event.organization.0.as_bytes(),
                event.id.0.as_bytes(),
            ]
            .concat(),
            b"events None None None".to_vec(),
        ];
        for offer in [&self.follow_up, &self.product] {
            lists.extend(searched(offer));
        }
        lists
    }

    /// An offer of these.
    #[must_use]
    pub fn offer(&self, number: usize) -> (&SeededOffer, i32, &'static [&'static str]) {
        match number {
            0 => (&self.follow_up, self.version, FOLLOW_UP),
            1 => (&self.product, 1, PRODUCT),
            2 => (&self.related, 1, ELSEWHERE),
            3 => (&self.other, 1, FOLLOW_UP),
            _ => (&self.host, 1, FOLLOW_UP),
        }
    }
}

async fn owned(side: &Side, slug: &str) -> Sharing {
    let app = &side.app;
    let organization = app.db_organization(slug).await;
    let staff = app
        .db_staff_named(&organization, Role::Owner, &format!("owner@{slug}.example"))
        .await;
    let event = app.db_event(&organization, "rustdays", |_| ()).await;
    let ticket = app.db_ticket_type(&event, "Regular", |_| ()).await;
    Sharing {
        organization,
        staff,
        event,
        ticket,
    }
}

/// The stream of an offer.
pub async fn stream(side: &Side, offer: &SeededOffer, purpose: Purpose) -> SeededStream {
    let id = async_graphql::ID(offer.event_partner.clone());
    let (organization, at): (OrganizationId, EventPartnerId) = ids::decode(&id).expect("an event partner's id");
    let row = event_partner::Entity::find_by_id((organization, at))
        .one(side.app.store().read())
        .await
        .expect("an answer")
        .expect("an event partner");
    let partner = SeededPartner {
        organization,
        event: row.event_id,
        partner: row.partner_id,
        event_partner: at,
    };
    SeededStream {
        partner,
        id: offer.id,
        purpose,
    }
}
