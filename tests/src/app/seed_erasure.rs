//! A partner that pulls an offer's leads, several places of one person, and everything that a database holds as text.

use consentry::graphql::ids;
use consentry::platform::store::{Engine, sql};
use consentry_domain::{EventPartnerId, OfferId, OrganizationId, Purpose};
use consentry_entity::{CATALOGUE, event_partner};
use sea_orm::EntityTrait;

use super::{Client, DbEvent, SeededAttendee, SeededOffer, SeededPartner, SeededStream, Sharing, TestApp};

impl TestApp {
    /// A partner with a token that works for everything of this offer to follow up on the event.
    pub async fn puller(&self, offer: &SeededOffer) -> Client {
        let id = async_graphql::ID(offer.event_partner.clone());
        let (organization, event_partner): (OrganizationId, EventPartnerId) = ids::decode(&id).expect("an id");
        let row = event_partner::Entity::find_by_id((organization, event_partner));
        let row = row
            .one(self.store().read())
            .await
            .expect("an answer")
            .expect("a partner");
        let stream = SeededStream {
            partner: SeededPartner {
                organization,
                event: row.event_id,
                partner: row.partner_id,
                event_partner,
            },
            id: OfferId(offer.id.0),
            purpose: Purpose::EventFollowUp,
        };
        self.partner(&self.db_working_token(&stream).await)
    }

    /// One more confirmed place of somebody, in an order of its own.
    pub async fn db_place_of(&self, sharing: &Sharing, one: &SeededAttendee, code: &str) -> SeededAttendee {
        let first = self.db_registration(one).await;
        let change = |row: &mut consentry_entity::registration::Model| {
            row.person_id = first.person_id;
            row.email.clone_from(&first.email);
            row.email_key.clone_from(&first.email_key);
        };
        let name = first.full_name.clone().unwrap_or_default();
        let registration = self.db_place(&sharing.event, sharing.ticket, code, &name, change).await;
        SeededAttendee {
            organization: one.organization,
            registration,
            public_id: sharing.event.public(registration),
            client: one.client.clone(),
        }
    }

    /// Every row of every table, or of those of one organization, with the table's name: texts as they are, bytes in
    /// hexadecimal.
    pub async fn db_dump(&self, of: Option<OrganizationId>) -> Vec<(&'static str, String)> {
        let mut dump = Vec::new();
        for table in CATALOGUE {
            let tenant = table.columns.iter().any(|(column, _)| *column == "organization_id");
            if of.is_some() && !tenant {
                continue;
            }
            let row = match self.store().engine() {
                Engine::Postgres => "t::text".to_owned(),
                Engine::Sqlite => {
                    let columns = table.columns.iter().map(|(column, _)| format!("quote(t.\"{column}\")"));
                    columns.collect::<Vec<_>>().join(" || ',' || ")
                }
            };
            let (only, values) = match of {
                Some(organization) => ("where t.organization_id = $1", vec![organization.into()]),
                None => ("", Vec::new()),
            };
            let text = format!("select {row} as dumped from \"{}\" t {only} order by 1", table.name);
            for row in sql::all(self.store().read(), &text, values).await.expect("rows") {
                dump.push((table.name, row.try_get("", "dumped").expect("a text")));
            }
        }
        dump
    }

    /// A proved place at an event, by the API: registered by somebody and confirmed from the mailbox.
    pub async fn confirmed(&self, event: &DbEvent, registration: &consentry_entity::registration::Model) {
        debug_assert_eq!(event.id, registration.event_id, "a place at this event");
        let document = "mutation($input: ConfirmEmailInput!) { confirmEmail(input: $input) { userErrors { code } } }";
        let input = serde_json::json!({ "secret": self.registration_secret(registration), "consents": [] });
        let document = self
            .anonymous()
            .done("confirmEmail", document, serde_json::json!({ "input": input }))
            .await;
        assert_eq!(document["userErrors"], serde_json::json!([]));
    }

    /// The tables in which one of these words stands, in whatever case, as text or as bytes.
    pub async fn db_tables_with(&self, words: &[&str]) -> Vec<(&'static str, String)> {
        let mut found = Vec::new();
        for (table, row) in self.db_dump(None).await {
            let row = row.to_lowercase();
            for word in words.iter().map(|word| word.to_lowercase()) {
                if row.contains(&word) || row.contains(&data_encoding::HEXLOWER.encode(word.as_bytes())) {
                    found.push((table, word));
                }
            }
        }
        found.sort();
        found.dedup();
        found
    }
}
