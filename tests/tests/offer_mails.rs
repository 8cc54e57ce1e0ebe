//! The mails about what partners ask for: who is told that a version waits, and who what was decided; once, in their language,
//! with pages that open, and nothing of an attendee.

use consentry::services::mail::{Message, render};
use consentry_domain::{AccountId, Role};
use consentry_entity::mail;
use consentry_tests::app::Sharing;
use consentry_tests::{Client, TestApp, on_both_databases};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};
use serde_json::{Value, json};

const INVITE: &str = "mutation($input: InvitePartnerMemberInput!) { invitePartnerMember(input: $input) {
    partnerMember { id } userErrors { field message code } } }";
const DRAFT: &str = "mutation($input: DraftOfferInput!) { draftOffer(input: $input) { draft { revision } userErrors { field message code } } }";
const ASK: &str = "mutation($input: AskForApprovalInput!) { askForApproval(input: $input) { offer { id } userErrors { field message code } } }";
const TAKE_BACK: &str = "mutation($input: TakeBackOfferInput!) { takeBackOffer(input: $input) { offer { id } userErrors { field message code } } }";
const APPROVE: &str = "mutation($input: ApproveOfferInput!) { approveOffer(input: $input) { offer { id } userErrors { field message code } } }";
const REJECT: &str = "mutation($input: RejectOfferInput!) { rejectOffer(input: $input) { offer { id } userErrors { field message code } } }";
const WITHDRAW: &str = "mutation($input: WithdrawOfferInput!) { withdrawOffer(input: $input) { offer { id } userErrors { field message code } } }";
const PURPOSE: &str = "SUBSEQUENT_EDITIONS";

/// Two partners at an event with an owner, and somebody who administers the first.
struct Stand {
    sharing: Sharing,
    place: String,
    company: String,
    other: String,
    administrator: Client,
}

impl Stand {
    async fn of(app: &TestApp) -> Self {
        let sharing = app.sharing("acme").await;
        app.db_execute("update account set email = 'owner@acme.example', email_key = 'owner@acme.example'")
            .await;
        let place = sharing.offer("Globex", &["EMAIL"]).await.event_partner;
        let other = sharing.offer("Initech", &["EMAIL"]).await.event_partner;
        let (company, other) = (sharing.company_of(&place).await, sharing.company_of(&other).await);
        let administrator = seat(app, &sharing, &company, "admin@globex.example", "ADMINISTRATOR").await;
        Self {
            sharing,
            place,
            company,
            other,
            administrator,
        }
    }

    /// Asks for what is drafted; the offer.
    async fn ask(&self, key: &str) -> String {
        let draft = json!({ "eventPartnerId": self.place, "purpose": PURPOSE, "retentionDays": 60,
            "text": [{ "locale": "en", "text": "May we invite you again?" }], "fields": [{ "field": "EMAIL" }, { "field": "COMPANY" }] });
        self.administrator
            .done("draftOffer", DRAFT, json!({ "input": draft }))
            .await;
        self.ready(key).await
    }

    /// Asks for what is drafted already, or asked for under this key.
    async fn ready(&self, key: &str) -> String {
        let input = json!({ "idempotencyKey": key, "eventPartnerId": self.place, "purpose": PURPOSE, "revision": 1 });
        let asked = self
            .administrator
            .done("askForApproval", ASK, json!({ "input": input }))
            .await;
        asked["offer"]["id"].as_str().expect("an id").to_owned()
    }

    /// Decides on a version.
    async fn decide(&self, what: (&str, &str), offer: &str, version: i32, remark: Option<&str>) {
        let mut input = json!({ "offerId": offer, "version": version, "remark": remark });
        if what.0 == "approveOffer" {
            input["textChange"] = json!("SUBSTANTIAL");
        }
        self.sharing.staff.done(what.0, what.1, json!({ "input": input })).await;
    }
}

/// A seat at a partner, for whoever has this address.
async fn seat(app: &TestApp, sharing: &Sharing, company: &str, email: &str, role: &str) -> Client {
    let (_, client) = app.db_account(email).await;
    let input = json!({ "idempotencyKey": email, "partnerId": company, "email": email, "role": role });
    sharing
        .staff
        .done("invitePartnerMember", INVITE, json!({ "input": input }))
        .await;
    client
}

async fn team(
    app: &TestApp,
    sharing: &Sharing,
    email: &str,
    role: Role,
    at: Option<consentry_domain::EventId>,
) -> AccountId {
    let (account, _) = app.db_account(email).await;
    app.db_member(&sharing.organization, account, role, at).await;
    account
}

/// Of these mails, to whom; they are gone then.
async fn told(app: &TestApp, kind: &str) -> Vec<String> {
    let all = app.db_mails().await.into_iter().filter(|mail| mail.kind == kind);
    let all = all.map(|mail| mail.to).collect();
    app.db_execute("delete from mail").await;
    all
}

/// What stands in the mails of a kind, in the order of their addresses.
async fn read(app: &TestApp, kind: consentry_domain::MailKind) -> Vec<(String, String, String)> {
    let rows = mail::Entity::find()
        .filter(mail::Column::Kind.eq(kind))
        .order_by_asc(mail::Column::ToAddress);
    let rows = rows.all(app.store().read()).await.expect("mails");
    let text = |row: &mail::Model| {
        let message = Message::from_data(row.kind, &row.data).expect("its facts");
        let mail = render(&message, &row.locale, &app.platform).expect("a mail");
        (row.to_address.clone().unwrap_or_default(), mail.subject, mail.text)
    };
    rows.iter().map(text).collect()
}

/// The path of the page to which a mail leads.
fn page(text: &str) -> String {
    let line = text.lines().find(|line| line.starts_with("http")).expect("an address");
    let path = line.splitn(4, '/').nth(3).expect("a path");
    format!("/{path}")
}

on_both_databases! {
    async fn who_may_decide_at_the_event_is_told_that_a_version_waits_and_nobody_else(app: TestApp) {
        let stand = Stand::of(&app).await;
        let (sharing, event) = (&stand.sharing, Some(stand.sharing.event.id));
        let other = app.db_event(&sharing.organization, "other", |_| ()).await;
        team(&app, sharing, "manager@acme.example", Role::Manager, None).await;
        team(&app, sharing, "local@acme.example", Role::Manager, event).await;
        // Twice, and told once.
        let both = team(&app, sharing, "both@acme.example", Role::Manager, event).await;
        app.db_member(&sharing.organization, both, Role::Owner, None).await;
        team(&app, sharing, "elsewhere@acme.example", Role::Manager, Some(other.id)).await;
        for (email, role) in [("viewer", Role::Viewer), ("door", Role::CheckIn), ("money", Role::Finance), ("dpo", Role::Dpo)] {
            team(&app, sharing, &format!("{email}@acme.example"), role, None).await;
        }
        for (email, ended) in [("past", "ends_at = 1"), ("gone", "removed_at = 1")] {
            team(&app, sharing, &format!("{email}@acme.example"), Role::Owner, None).await;
            app.db_execute(&format!("update team_member set {ended} where account_id in (select id from account where email = '{email}@acme.example')")).await;
        }
        // Who asks is in the team as well, and is not told of what they did; nor is who sits beside them at the partner.
        app.db_execute("insert into team_member (organization_id, id, account_id, role, event_id, created_at, ends_at, removed_at, revision) \
            select t.organization_id, t.id, t.account_id, 'OWNER', null, 0, null, null, 1 from partner_token t join account a on a.id = t.account_id \
            where a.email = 'admin@globex.example'").await;
        seat(&app, sharing, &stand.company, "second@globex.example", "ADMINISTRATOR").await;
        let stranger = app.db_organization("other").await;
        app.db_staff_named(&stranger, Role::Owner, "owner@other.example").await;
        told(&app, "OFFER_REQUESTED").await;

        let all = ["both@acme.example", "local@acme.example", "manager@acme.example", "owner@acme.example"];
        let offer = stand.ask("1").await;
        assert_eq!(app.db_mails().await.iter().map(|mail| mail.to.as_str()).collect::<Vec<_>>(), all);
        // The same request again tells nobody twice.
        stand.ready("1").await;
        assert_eq!(told(&app, "OFFER_REQUESTED").await, all);
        // What the partner takes back is told to nobody; the next version is another one.
        let input = json!({ "offerId": offer, "version": 1 });
        stand.administrator.done("takeBackOffer", TAKE_BACK, json!({ "input": input })).await;
        assert_eq!(app.db_mails().await.len(), 0);
        stand.ask("2").await;
        assert_eq!(told(&app, "OFFER_REQUESTED").await, all);
    }

    async fn a_partners_administrators_are_told_what_the_organizer_decided_and_nobody_else(app: TestApp) {
        let stand = Stand::of(&app).await;
        let sharing = &stand.sharing;
        seat(&app, sharing, &stand.company, "second@globex.example", "ADMINISTRATOR").await;
        seat(&app, sharing, &stand.company, "reader@globex.example", "READER").await;
        seat(&app, sharing, &stand.other, "admin@initech.example", "ADMINISTRATOR").await;
        for (email, ended) in [("past", "expires_at = not_before + 1"), ("gone", "revoked_at = 1"), ("early", "not_before = expires_at - 1")] {
            seat(&app, sharing, &stand.company, &format!("{email}@globex.example"), "ADMINISTRATOR").await;
            app.db_execute(&format!("update partner_token set {ended} where account_id in (select id from account where email = '{email}@globex.example')")).await;
        }
        let both = ["admin@globex.example", "second@globex.example"];
        let offer = stand.ask("1").await;
        told(&app, "OFFER_REQUESTED").await;
        stand.decide(("rejectOffer", REJECT), &offer, 1, Some("Say which editions.")).await;
        for (_, subject, text) in read(&app, consentry_domain::MailKind::OfferDecided).await {
            assert_eq!(subject, "Sent back: what Globex GmbH asks for at A conference");
            assert!(text.contains("Say which editions.") && text.contains("e-mail address, company"), "{text}");
        }
        assert_eq!(told(&app, "OFFER_DECIDED").await, both);
        // A decision that is refused tells nobody.
        let again = json!({ "input": { "offerId": offer, "version": 1 } });
        assert_eq!(sharing.staff.data(REJECT, again).await["rejectOffer"]["userErrors"][0]["code"], "WRONG_STATE");
        assert_eq!(app.db_mails().await.len(), 0);
        for (key, decisions) in [
            ("2", vec![("withdrawOffer", WITHDRAW, "Taken back")]),
            ("3", vec![("approveOffer", APPROVE, "Approved"), ("withdrawOffer", WITHDRAW, "Ended")]),
        ] {
            stand.ask(key).await;
            told(&app, "OFFER_REQUESTED").await;
            for (name, document, word) in decisions {
                stand.decide((name, document), &offer, key.parse().expect("a number"), None).await;
                let sent = read(&app, consentry_domain::MailKind::OfferDecided).await;
                assert!(sent.iter().all(|(_, subject, _)| subject.starts_with(word)), "{word}: {sent:#?}");
                assert_eq!(told(&app, "OFFER_DECIDED").await, both, "{word}");
            }
        }
        stand.ask("4").await;
        told(&app, "OFFER_REQUESTED").await;
        app.db_execute("update partner set active = false").await;
        stand.decide(("rejectOffer", REJECT), &offer, 4, None).await;
        assert_eq!(told(&app, "OFFER_DECIDED").await, [] as [&str; 0], "who cannot look is not told to");
    }

    async fn each_is_told_in_their_language_and_led_to_a_page_that_opens(app: TestApp) {
        let stand = Stand::of(&app).await;
        app.db_attendee(&stand.sharing, "zaphira@planted.example", |row| row.full_name = Some("Zaphira Planted".into())).await;
        seat(&app, &stand.sharing, &stand.company, "zweite@globex.example", "ADMINISTRATOR").await;
        team(&app, &stand.sharing, "leitung@acme.example", Role::Manager, Some(stand.sharing.event.id)).await;
        app.db_execute("update account set locale = 'de' where email in ('zweite@globex.example', 'leitung@acme.example')").await;
        app.db_execute("update event set title = '{\"en\":\"A conference\",\"de\":\"Eine Tagung\"}'").await;
        let offer = stand.ask("1").await;
        let [(german, first, text), (english, second, other)] = read(&app, consentry_domain::MailKind::OfferRequested).await.try_into().expect("two");
        assert_eq!((german.as_str(), english.as_str()), ("leitung@acme.example", "owner@acme.example"));
        assert!(first.starts_with("Globex GmbH bittet um Ihre Freigabe: "), "{first}");
        assert!(second.starts_with("Globex GmbH asks for your approval: "), "{second}");
        assert!(first.ends_with("Eine Tagung") && second.ends_with("A conference"), "{first}; {second}");
        assert!(text.contains("Hinweise auf die nächsten Ausgaben") && other.contains("next editions of this event"), "{text}{other}");
        let mut owner = app.browser_of(&stand.sharing.staff).await;
        let shown = owner.open(&page(&other)).await;
        assert!(shown.contains("May we invite you again?"), "{shown}");
        app.db_execute("delete from mail").await;

        stand.decide(("approveOffer", APPROVE), &offer, 1, Some("Good.")).await;
        let [(first, _, text), (second, _, other)] = read(&app, consentry_domain::MailKind::OfferDecided).await.try_into().expect("two");
        assert_eq!((first.as_str(), second.as_str()), ("admin@globex.example", "zweite@globex.example"));
        assert!(text.contains("has approved") && other.contains("hat freigegeben") && other.contains("Good."), "{text}{other}");
        let mut administrator = app.browser_of(&stand.administrator).await;
        let shown = administrator.open(&page(&text)).await;
        assert!(shown.contains("May we invite you again?"), "{shown}");
        assert_eq!(administrator.get(&page(&other)).await.status, 404, "everybody has a page of their own");
        for text in [text, other] {
            assert!(!text.contains("Zaphira") && !text.contains("planted"), "{text}");
        }
        let facts: Vec<Value> = app.db_mails().await.into_iter().map(|mail| mail.data).collect();
        assert!(!format!("{facts:?}").contains("lanted"), "{facts:?}");
    }
}
