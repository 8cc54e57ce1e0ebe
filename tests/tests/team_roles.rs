//! Roles that end: nothing is there for whoever had one, from that moment on; and an owner whose role ends is no owner
//! that an organization can be left with.

use consentry_domain::{AccountId, Role};
use consentry_entity::{account, team_member};
use consentry_tests::app::SeededOrganization;
use consentry_tests::{Client, TestApp, on_both_databases};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use serde_json::{Value, json};

const MINUTE: i64 = 60_000_000;
const SEEN: &str = "query($slug: String!) { organization(slug: $slug) { organization { slug } event(slug: \"rustdays\") { revision } } }";

async fn tell(client: &Client, name: &str, input: Value) -> Value {
    let of = format!("{}{}Input", name[..1].to_uppercase(), &name[1..]);
    let document = format!(
        "mutation($input: {of}!) {{ {name}(input: $input) {{ teamMember {{ id revision }} userErrors {{ code }} }} }}"
    );
    client.data(&document, json!({ "input": input })).await[name].clone()
}

/// Somebody whom the owner gives a role; its id.
async fn invited(owner: &Client, organization: &SeededOrganization, email: &str, more: Value) -> String {
    let mut input = json!({ "idempotencyKey": email, "organizationId": organization.public_id, "email": email });
    for (name, value) in more.as_object().expect("fields") {
        input[name] = value.clone();
    }
    let payload = tell(owner, "inviteTeamMember", input).await;
    assert_eq!(payload["userErrors"], json!([]), "{payload:#}");
    payload["teamMember"]["id"].as_str().expect("an id").to_owned()
}

async fn signed_in(app: &TestApp, email: &str) -> Client {
    let row = account::Entity::find()
        .filter(account::Column::EmailKey.eq(email))
        .one(app.store().read())
        .await;
    let id: AccountId = row.expect("an answer").expect("an account").id;
    app.db_session(id).await
}

on_both_databases! {
    async fn a_role_gives_nothing_once_it_has_ended(app: TestApp) {
        let organization = app.db_organization("acme").await;
        let owner = app.db_staff(&organization, Role::Owner).await;
        let event = app.db_event(&organization, "rustdays", |_| ()).await;
        let ends = app.store().now().await.expect("a time").plus_minutes(10).to_string();
        let roles = [
            ("all@example.org", json!({ "role": "MANAGER", "endsAt": ends })),
            ("one@example.org", json!({ "role": "MANAGER", "endsAt": ends, "eventId": event.public_id() })),
        ];
        let mut team = Vec::new();
        for (email, role) in roles {
            invited(&owner, &organization, email, role).await;
            team.push((email, signed_in(&app, email).await));
        }
        let update = "mutation($input: UpdateEventInput!) { updateEvent(input: $input) { userErrors { code } } }";
        let input = json!({ "input": { "eventId": event.public_id(), "revision": 99 } });
        for (email, client) in &team {
            let seen = client.data(SEEN, json!({ "slug": "acme" })).await;
            assert!(seen["organization"]["event"]["revision"].is_number(), "{email}: {seen}");
            let stale = client.data(update, input.clone()).await;
            assert_eq!(stale["updateEvent"]["userErrors"][0]["code"], "STALE", "{email}");
        }
        app.store().clock().advance(11 * MINUTE);
        for (email, client) in &team {
            assert_eq!(client.data(SEEN, json!({ "slug": "acme" })).await, json!({ "organization": null }), "{email}");
            let gone = client.data(update, input.clone()).await;
            assert_eq!(gone["updateEvent"]["userErrors"][0]["code"], "NOT_FOUND", "{email}");
        }
        let rows = team_member::Entity::find().all(app.store().read()).await.expect("rows");
        assert_eq!(rows.len(), 3, "an ended role stays written down");
    }

    async fn an_owner_whose_role_ends_does_not_count_as_the_one_who_stays(app: TestApp) {
        let organization = app.db_organization("acme").await;
        let owner = app.db_staff(&organization, Role::Owner).await;
        let rows = team_member::Entity::find().all(app.store().read()).await.expect("rows");
        let last = consentry::graphql::ids::encode(organization.id, rows[0].id).to_string();
        let other = invited(&owner, &organization, "other@example.org", json!({ "role": "OWNER", "endsAt": "2099-01-01T00:00:00Z" })).await;
        let removed = tell(&owner, "removeTeamMember", json!({ "teamMemberId": last })).await;
        assert_eq!(removed["userErrors"][0]["code"], "LAST_OWNER");
        let changed = tell(&owner, "updateTeamMember", json!({ "teamMemberId": last, "revision": 1, "role": "VIEWER" })).await;
        assert_eq!(changed["userErrors"][0]["code"], "LAST_OWNER");
        let gone = tell(&owner, "removeTeamMember", json!({ "teamMemberId": other })).await;
        assert_eq!(gone["userErrors"], json!([]));
    }
}
