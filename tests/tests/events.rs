//! Events: made by staff, found by anyone once they are published.

use consentry_domain::Role;
use consentry_tests::on_both_databases;
use serde_json::json;

on_both_databases! {
    async fn an_event_is_a_draft_that_only_staff_see(app: TestApp) {
        let organization = app.db_organization("acme").await;
        let owner = app.db_staff(&organization, Role::Owner).await;
        let event = app.event(&owner, &organization, "rustdays").await;
        let document = "query($slug: String!) { organization(slug: \"acme\") { event(slug: $slug) { id event { title status startsAt } } } }";
        let data = owner.data(document, json!({ "slug": event.slug })).await;
        assert_eq!(
            data["organization"]["event"]["event"],
            json!({ "title": "A conference", "status": "DRAFT", "startsAt": "2027-03-01T08:00:00Z" })
        );
        let data = app
            .anonymous()
            .data("{ event(organization: \"acme\", slug: \"rustdays\") { id } }", json!({}))
            .await;
        assert_eq!(data["event"], json!(null));
    }

    async fn another_tenants_staff_are_told_that_there_is_nothing(app: TestApp) {
        let organization = app.db_organization("acme").await;
        let owner = app.db_staff(&organization, Role::Owner).await;
        app.event(&owner, &organization, "rustdays").await;
        let other = app.db_organization("other").await;
        let stranger = app.db_staff(&other, Role::Owner).await;
        let document = "query($slug: String!) { organization(slug: $slug) { organization { id } } }";
        let foreign = stranger.send(document, json!({ "slug": "acme" })).await;
        let unknown = stranger.send(document, json!({ "slug": "nobody" })).await;
        assert_eq!(foreign, unknown);
    }
}
