//! The team and the audit log: roles given, changed and taken away; an owner always stays.

use consentry_domain::Role;
use consentry_tests::{Client, on_both_databases};
use serde_json::{Value, json};

const INVITE: &str = "mutation($input: InviteTeamMemberInput!) { inviteTeamMember(input: $input) {
    teamMember { id email emailProved role eventId endsAt revision } userErrors { field code message } } }";
const UPDATE: &str = "mutation($input: UpdateTeamMemberInput!) { updateTeamMember(input: $input) {
    teamMember { id role endsAt revision } userErrors { field code message } } }";
const REMOVE: &str = "mutation($input: RemoveTeamMemberInput!) { removeTeamMember(input: $input) {
    teamMember { id email } userErrors { field code message } } }";
const TEAM: &str =
    "query($first: Int!, $after: String) { organization(slug: \"acme\") { teamMembers(first: $first, after: $after) {
    edges { node { id email role revision } } pageInfo { hasNextPage endCursor } } } }";
const LOG: &str = "query($first: Int!, $after: String, $filter: AuditFilter) { organization(slug: \"acme\") {
    auditLog(first: $first, after: $after, filter: $filter) { edges { node { action actor staffEmail subjectKind detail } }
    pageInfo { hasNextPage endCursor } } } }";

async fn send(client: &Client, document: &str, name: &str, input: Value) -> Value {
    client.data(document, json!({ "input": input })).await[name].clone()
}

fn reason(payload: &Value) -> (&Value, &Value) {
    assert_eq!(payload["teamMember"], json!(null), "{payload:#}");
    (&payload["userErrors"][0]["code"], &payload["userErrors"][0]["field"][0])
}

on_both_databases! {
    async fn who_held_a_role_until_yesterday_can_be_invited_to_it_again(app: TestApp) {
        let organization = app.db_organization("acme").await;
        let owner = app.db_staff_named(&organization, Role::Owner, "owner@acme.example").await;
        let input = |key: &str| json!({ "idempotencyKey": key, "organizationId": organization.public_id, "email": "eva@example.org", "role": "VIEWER" });
        send(&owner, INVITE, "inviteTeamMember", input("1")).await;
        app.db_execute("update team_member set ends_at = 1 where role = 'VIEWER'").await;
        let again = send(&owner, INVITE, "inviteTeamMember", input("2")).await;
        assert_eq!((&again["userErrors"], &again["teamMember"]["role"]), (&json!([]), &json!("VIEWER")), "{again:#}");
        assert_eq!(reason(&send(&owner, INVITE, "inviteTeamMember", input("3")).await).0, "TAKEN");
    }

    async fn a_role_is_held_where_and_as_what_it_was_given_until_it_is_taken_away(app: TestApp) {
        let organization = app.db_organization("acme").await;
        let owner = app.db_staff_named(&organization, Role::Owner, "owner@acme.example").await;
        let event = app.db_event(&organization, "rustdays", |_| {}).await;
        let at = event.public_id();
        let invite = async |key: &str, role: &str, at: Option<&str>| {
            let input = json!({ "idempotencyKey": key, "organizationId": organization.public_id, "email": "eva@example.org", "role": role, "eventId": at });
            send(&owner, INVITE, "inviteTeamMember", input).await
        };
        let first = invite("1", "VIEWER", Some(&at)).await;
        for (key, role, at) in [("2", "VIEWER", None), ("3", "CHECK_IN", Some(at.as_str()))] {
            let another = invite(key, role, at).await;
            assert_eq!(another["userErrors"], json!([]), "{role} {at:?} is another role: {another:#}");
        }
        assert_eq!(reason(&invite("4", "VIEWER", Some(&at)).await), (&json!("TAKEN"), &json!("email")));
        let nowhere = consentry::graphql::ids::encode(organization.id, consentry_domain::EventId(uuid::Uuid::from_u128(9))).to_string();
        assert_eq!(reason(&invite("5", "VIEWER", Some(&nowhere)).await), (&json!("NOT_FOUND"), &json!("eventId")));

        let id = &first["teamMember"]["id"];
        let whole = send(&owner, UPDATE, "updateTeamMember", json!({ "teamMemberId": id, "revision": 1, "role": "OWNER" })).await;
        assert_eq!(reason(&whole), (&json!("INVALID"), &json!("role")), "nobody owns one event");
        let gone = send(&owner, REMOVE, "removeTeamMember", json!({ "teamMemberId": id })).await;
        assert_eq!(gone["userErrors"], json!([]));
        assert_eq!(invite("6", "VIEWER", Some(&at)).await["userErrors"], json!([]));
    }

    async fn an_invited_member_gets_a_link_and_a_role_that_can_be_changed_and_taken_away(app: TestApp) {
        let organization = app.db_organization("acme").await;
        let owner = app.db_staff_named(&organization, Role::Owner, "owner@acme.example").await;
        let event = app.db_event(&organization, "rustdays", |_| {}).await;
        let input = json!({ "idempotencyKey": "1", "organizationId": organization.public_id, "email": "Eva@Example.org",
            "role": "CHECK_IN", "eventId": event.public_id() });
        let made = send(&owner, INVITE, "inviteTeamMember", input.clone()).await;
        assert_eq!(made["userErrors"], json!([]), "{made:#}");
        let member = &made["teamMember"];
        assert_eq!((&member["role"], &member["emailProved"], &member["eventId"]), (&json!("CHECK_IN"), &json!(false), &json!(event.public_id())));
        assert_eq!(send(&owner, INVITE, "inviteTeamMember", input.clone()).await, made);
        let mut twice = input.clone();
        twice["idempotencyKey"] = json!("2");
        assert_eq!(reason(&send(&owner, INVITE, "inviteTeamMember", twice).await), (&json!("TAKEN"), &json!("email")));
        let text = "select m.kind from mail m join outbox o on o.subject_id = m.id";
        let mails = consentry::platform::store::sql::all(app.store().read(), text, []).await.expect("mails");
        assert_eq!(mails.len(), 1);
        assert_eq!(mails[0].try_get::<String>("", "kind").expect("a kind"), "SIGN_IN_LINK");
        let said = app.db_mails().await.remove(0).data["invited"].clone();
        assert_eq!(said, json!({ "team": { "role": "CHECK_IN", "event": "A conference" } }), "who is invited reads to what");

        let change = |revision: i64| json!({ "teamMemberId": member["id"], "revision": revision, "role": "VIEWER", "endsAt": "2099-01-01T00:00:00Z" });
        let changed = send(&owner, UPDATE, "updateTeamMember", change(1)).await;
        assert_eq!((&changed["teamMember"]["role"], &changed["teamMember"]["revision"]), (&json!("VIEWER"), &json!(2)), "{changed:#}");
        assert_eq!(reason(&send(&owner, UPDATE, "updateTeamMember", change(1)).await).0, "STALE");
        let removed = send(&owner, REMOVE, "removeTeamMember", json!({ "teamMemberId": member["id"] })).await;
        assert_eq!(removed["userErrors"], json!([]));
        let again = send(&owner, REMOVE, "removeTeamMember", json!({ "teamMemberId": member["id"] })).await;
        assert_eq!(reason(&again).0, "NOT_FOUND");

        let data = owner.data(TEAM, json!({ "first": 10 })).await;
        assert_eq!(data["organization"]["teamMembers"]["edges"].as_array().expect("edges").len(), 1);
        let data = owner.data(LOG, json!({ "first": 2 })).await;
        let log = &data["organization"]["auditLog"];
        let actions: Vec<&str> = log["edges"].as_array().expect("edges").iter().map(|edge| edge["node"]["action"].as_str().expect("an action")).collect();
        assert_eq!(actions, ["removeTeamMember", "updateTeamMember"]);
        assert_eq!(log["edges"][0]["node"]["staffEmail"], "owner@acme.example");
        let rest = owner.data(LOG, json!({ "first": 2, "after": log["pageInfo"]["endCursor"] })).await;
        assert_eq!(rest["organization"]["auditLog"]["edges"][0]["node"]["action"], "inviteTeamMember");
        assert_eq!(rest["organization"]["auditLog"]["pageInfo"]["hasNextPage"], json!(false));
        let some = owner.data(LOG, json!({ "first": 9, "filter": { "action": "updateTeamMember", "until": "2099-01-01T00:00:00Z" } })).await;
        assert_eq!(some["organization"]["auditLog"]["edges"].as_array().expect("edges").len(), 1);
    }

    async fn what_is_wrong_with_an_invitation_is_said_at_its_field(app: TestApp) {
        let organization = app.db_organization("acme").await;
        let owner = app.db_staff(&organization, Role::Owner).await;
        let event = app.db_event(&organization, "rustdays", |_| {}).await;
        let strangers = app.db_organization("strangers").await;
        let theirs = app.db_event(&strangers, "rustdays", |_| {}).await;
        for (change, code, field) in [
            (json!({ "email": "nonsense" }), "INVALID", "email"),
            (json!({ "endsAt": "tomorrow" }), "INVALID", "endsAt"),
            (json!({ "endsAt": "2001-01-01T00:00:00Z" }), "INVALID", "endsAt"),
            (json!({ "role": "OWNER", "eventId": event.public_id() }), "INVALID", "eventId"),
            (json!({ "eventId": theirs.public_id() }), "NOT_FOUND", "eventId"),
            (json!({ "idempotencyKey": "" }), "REQUIRED", "idempotencyKey"),
        ] {
            let mut input = json!({ "idempotencyKey": "1", "organizationId": organization.public_id, "email": "eva@example.org", "role": "VIEWER" });
            for (name, value) in change.as_object().expect("fields") {
                input[name] = value.clone();
            }
            let payload = send(&owner, INVITE, "inviteTeamMember", input).await;
            assert_eq!(reason(&payload), (&json!(code), &json!(field)), "{change}");
        }
    }

    async fn the_last_owner_stays(app: TestApp) {
        let organization = app.db_organization("acme").await;
        let owner = app.db_staff(&organization, Role::Owner).await;
        let node = owner.data(TEAM, json!({ "first": 1 })).await["organization"]["teamMembers"]["edges"][0]["node"].clone();
        let id = &node["id"];
        assert_eq!(reason(&send(&owner, REMOVE, "removeTeamMember", json!({ "teamMemberId": id })).await).0, "LAST_OWNER");
        for change in [json!({ "role": "VIEWER" }), json!({ "endsAt": "2099-01-01T00:00:00Z" })] {
            let mut input = json!({ "teamMemberId": id, "revision": 1 });
            for (name, value) in change.as_object().expect("fields") {
                input[name] = value.clone();
            }
            assert_eq!(reason(&send(&owner, UPDATE, "updateTeamMember", input).await).0, "LAST_OWNER");
        }
        app.db_staff(&organization, Role::Owner).await;
        let removed = send(&owner, REMOVE, "removeTeamMember", json!({ "teamMemberId": id })).await;
        assert_eq!(removed["userErrors"], json!([]), "{removed:#}");
        // From now on there is nothing for whoever was removed.
        let data = owner.data(TEAM, json!({ "first": 1 })).await;
        assert_eq!(data, json!({ "organization": null }));
    }

    async fn a_role_opens_nothing_once_its_time_is_over(app: TestApp) {
        let organization = app.db_organization("acme").await;
        app.db_staff(&organization, Role::Owner).await;
        let viewer = app.db_staff(&organization, Role::Viewer).await;
        let event = app.db_event(&organization, "rustdays", |_| {}).await;
        let roster = "query($event: String!) { organization(slug: \"acme\") { event(slug: $event) { roster(first: 1) { edges { cursor } } } } }";
        let open = json!({ "organization": { "event": { "roster": { "edges": [] } } } });
        let ask = || viewer.data(roster, json!({ "event": event.slug }));
        app.db_execute("update team_member set ends_at = 9000000000000000 where role = 'VIEWER'").await;
        assert_eq!(ask().await, open, "it ends later");
        app.db_execute("update team_member set ends_at = 1 where role = 'VIEWER'").await;
        assert_eq!(ask().await, json!({ "organization": null }), "it has ended");
        app.db_execute("update team_member set ends_at = null where role = 'VIEWER'").await;
        assert_eq!(ask().await, open, "it does not end");
        app.db_execute("update team_member set removed_at = 1 where role = 'VIEWER'").await;
        assert_eq!(ask().await, json!({ "organization": null }), "it was taken away");
    }

    async fn two_owners_who_remove_each_other_at_once_leave_one(app: TestApp) {
        let organization = app.db_organization("acme").await;
        let (one, two) = (app.db_staff(&organization, Role::Owner).await, app.db_staff(&organization, Role::Owner).await);
        let team = one.data(TEAM, json!({ "first": 9 })).await;
        let id = |index: usize| json!({ "teamMemberId": team["organization"]["teamMembers"]["edges"][index]["node"]["id"] });
        let (first, second) = (id(0), id(1));
        tokio::join!(send(&one, REMOVE, "removeTeamMember", second), send(&two, REMOVE, "removeTeamMember", first));
        let text = "select count(*) as n from team_member where removed_at is null";
        let row = consentry::platform::store::sql::one(app.store().read(), text, []).await.expect("a count");
        assert_eq!(row.try_get::<i64>("", "n").expect("a number"), 1);
    }

    async fn who_may_not_manage_the_team_finds_none(app: TestApp) {
        let organization = app.db_organization("acme").await;
        let owner = app.db_staff(&organization, Role::Owner).await;
        let manager = app.db_staff(&organization, Role::Manager).await;
        let dpo = app.db_staff(&organization, Role::Dpo).await;
        let strangers = app.db_organization("strangers").await;
        let stranger = app.db_staff(&strangers, Role::Owner).await;
        let team = owner.data(TEAM, json!({ "first": 9 })).await;
        let id = team["organization"]["teamMembers"]["edges"][1]["node"]["id"].clone();
        let random = consentry::graphql::ids::encode(organization.id, consentry_domain::TeamMemberId(uuid::Uuid::from_u128(9))).to_string();
        let nothing = send(&owner, REMOVE, "removeTeamMember", json!({ "teamMemberId": random })).await.to_string();
        let stale = send(&owner, UPDATE, "updateTeamMember", json!({ "teamMemberId": random, "revision": 1 })).await.to_string();
        for client in [&manager, &stranger] {
            assert_eq!(send(client, REMOVE, "removeTeamMember", json!({ "teamMemberId": id })).await.to_string(), nothing);
            assert_eq!(send(client, UPDATE, "updateTeamMember", json!({ "teamMemberId": id, "revision": 1 })).await.to_string(), stale);
            let input = |organization: &str| json!({ "idempotencyKey": "1", "organizationId": organization, "email": "eva@example.org", "role": "OWNER" });
            let foreign = send(client, INVITE, "inviteTeamMember", input(&organization.public_id)).await;
            assert_eq!(foreign.to_string(), send(client, INVITE, "inviteTeamMember", input("nonsense")).await.to_string());
        }
        let seen = manager.data(TEAM, json!({ "first": 9 })).await;
        assert_eq!(seen, json!({ "organization": { "teamMembers": null } }));
        let seen = manager.data(LOG, json!({ "first": 9 })).await;
        assert_eq!(seen, json!({ "organization": { "auditLog": null } }));
        assert!(dpo.data(LOG, json!({ "first": 9 })).await["organization"]["auditLog"].is_object());
    }

    async fn an_end_that_was_set_is_changed_kept_and_taken_away(app: TestApp) {
        let organization = app.db_organization("acme").await;
        let owner = app.db_staff(&organization, Role::Owner).await;
        let input = json!({ "idempotencyKey": "1", "organizationId": organization.public_id, "email": "eva@example.org", "role": "VIEWER", "endsAt": "2098-01-01T00:00:00Z" });
        let id = send(&owner, INVITE, "inviteTeamMember", input).await["teamMember"]["id"].clone();
        let cases = [
            (json!({ "role": "MANAGER" }), json!("2098-01-01T00:00:00Z")),
            (json!({ "endsAt": "2099-01-01T00:00:00Z" }), json!("2099-01-01T00:00:00Z")),
            (json!({ "endsAt": null }), json!(null)),
        ];
        for (revision, (mut change, ends_at)) in (1..).zip(cases) {
            change["teamMemberId"] = id.clone();
            change["revision"] = json!(revision);
            let changed = send(&owner, UPDATE, "updateTeamMember", change).await;
            assert_eq!((&changed["teamMember"]["endsAt"], &changed["userErrors"]), (&ends_at, &json!([])), "{revision}");
        }
    }

    async fn an_owner_invites_changes_and_removes_in_the_browser(app: TestApp) {
        let organization = app.db_organization("acme").await;
        let owner = app.db_staff_named(&organization, Role::Owner, "owner@acme.example").await;
        let event = app.db_event(&organization, "rustdays", |_| {}).await;
        let mut browser = app.browser_of(&owner).await;
        let (team, new) = ("/manage/acme/-/team", "/manage/acme/-/team/new");
        assert!(browser.open("/manage/acme").await.contains(&format!("href=\"{team}\"")));
        let alone = browser.open(team).await;
        assert!(alone.contains("owner@acme.example") && alone.contains(">You<"), "{alone}");
        let at = event.public_id();
        let invitation = [
            ("email", "eva@example.org"), ("locale", "de"), ("role", "CHECK_IN"), ("eventId", at.as_str()), ("endsAt", "2099-12-31"), ("go", "save"),
        ];
        for (name, value) in [("email", "nonsense"), ("endsAt", "2001-01-01"), ("endsAt", "soon")] {
            let wrong = invitation.map(|(its, old)| (its, if its == name { value } else { old }));
            let refused = browser.press(new, new, &wrong).await;
            assert!(refused.status == 422 && refused.text.contains(&format!("id=\"{name}-error\"")), "{name} {value}: {}", refused.text);
            assert!(refused.text.contains("value=\"CHECK_IN\" selected"), "{}", refused.text);
        }
        let whole = invitation.map(|(name, old)| (name, if name == "role" { "OWNER" } else { old }));
        let refused = browser.press(new, new, &whole).await;
        assert!(refused.status == 422 && refused.text.contains("id=\"eventId-error\""), "{}", refused.text);
        assert_eq!(browser.post(new, &invitation).await.status, 422, "without the page's token");
        browser.press(new, new, &invitation).await.leads_to(&format!("{team}?done=invited"));
        let twice = browser.press(new, new, &invitation).await;
        assert!(twice.status == 422 && twice.text.contains("id=\"email-error\""), "{}", twice.text);
        let list = browser.open(&format!("{team}?done=invited")).await;
        for words in ["The invitation is on its way.", "eva@example.org", "Has not signed in yet", "31 December 2099", "<strong>Check-in</strong>"] {
            assert!(list.contains(words), "{words}: {list}");
        }
        let path = list.split(&format!("href=\"{team}/")).skip(1).filter(|rest| rest.contains(">eva@example.org<")).filter_map(|rest| rest.split('"').next()).last().map(|id| format!("{team}/{id}")).expect("a member");
        let page = browser.open(&path).await;
        assert!(page.contains("value=\"CHECK_IN\" selected") && page.contains("value=\"2099-12-31\""), "{page}");
        browser.press(&path, &path, &[("role", "VIEWER"), ("endsAt", ""), ("go", "save")]).await.leads_to(&format!("{team}?done=saved"));
        let list = browser.open(team).await;
        assert!(list.contains("<strong>Viewer</strong>") && !list.contains("31 December"), "the end is taken away: {list}");
        let stale = browser.press(&path, &path, &[("role", "DPO"), ("endsAt", ""), ("revision", "1"), ("go", "save")]).await;
        assert!(stale.status == 422 && stale.text.contains("Somebody else changed this"), "{}", stale.text);
        browser.press(&path, &path, &[("remove", "yes")]).await.leads_to(&format!("{team}?done=saved"));
        assert!(!browser.open(team).await.contains("eva@example.org"));
        assert_eq!(browser.get(&path).await.status, 404);
        let own = alone.split(&format!("href=\"{team}/")).skip(1).filter_map(|rest| rest.split('"').next()).find(|id| *id != "new").map(|id| format!("{team}/{id}")).expect("oneself");
        let last = browser.press(&own, &own, &[("remove", "yes")]).await;
        assert!(last.status == 422 && last.text.contains("owner"), "the last owner stays: {}", last.text);
    }
}
