//! Authenticators, passwords and recovery codes: what signs in, how often a wrong one is looked at, what a leaked database is
//! worth, and who is told of a change.

use consentry::access::authenticate;
use consentry::platform::Refused;
use consentry::platform::store::{Engine, sql};
use consentry::services::sign_in;
use consentry::transaction;
use consentry_domain::{CredentialId, CredentialKind, MailKind, Role, factor};
use consentry_entity::{credential, mail, session};
use consentry_tests::app::Client;
use consentry_tests::{TestApp, on_both_databases};
use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder};
use serde_json::{Value, json};

const OWNER: &str = "owner@acme.example";
const PASSWORD: &str = "vier blaue Elche im Schrank";

const REQUEST: &str =
    "mutation($email: String!) { requestSignInLink(input: { email: $email }) { userErrors { field code } } }";
const REDEEM: &str =
    "mutation($secret: String!, $code: String) { redeemSignInLink(input: { secret: $secret, code: $code }) {
    session { accessToken } userErrors { field code message } } }";
const ENTER: &str = "mutation($input: SignInWithPasswordInput!) { signInWithPassword(input: $input) {
    session { accessToken } browserSession { secret } userErrors { field code message } } }";
const PREPARE: &str = "mutation($code: String) { prepareAuthenticator(input: { code: $code }) {
    authenticator { secret uri expiresAt } userErrors { field code } } }";
const CONFIRM: &str = "mutation($input: ConfirmAuthenticatorInput!) { confirmAuthenticator(input: $input) {
    recoveryCodes userErrors { field code message } } }";
const SET: &str = "mutation($input: SetPasswordInput!) { setPassword(input: $input) {
    protection { hasPassword recoveryCodesLeft } userErrors { field code message } } }";
const RENEW: &str = "mutation($code: String!) { renewRecoveryCodes(input: { code: $code }) { recoveryCodes userErrors { field code } } }";
const REMOVE: &str = "mutation($code: String!) { removeAuthenticator(input: { code: $code }) {
    protection { authenticatorSince hasPassword recoveryCodesLeft } userErrors { field code } } }";
const MINE: &str = "{ me { email protection { authenticatorSince hasPassword recoveryCodesLeft } } }";

/// An owner who is signed in.
struct Scene {
    app: TestApp,
    client: Client,
}

async fn scene(app: TestApp) -> Scene {
    let organization = app.db_organization("acme").await;
    let client = app.db_staff_named(&organization, Role::Owner, OWNER).await;
    Scene { app, client }
}

async fn rows(app: &TestApp, kind: CredentialKind) -> Vec<credential::Model> {
    let found = credential::Entity::find().filter(credential::Column::Kind.eq(kind));
    found.all(app.store().read()).await.expect("rows")
}

fn codes(list: &Value) -> Vec<String> {
    let list = list.as_array().expect("codes").iter();
    list.map(|code| code.as_str().expect("a code").to_owned()).collect()
}

impl Scene {
    /// What an authenticator shows now.
    async fn shown(&self, of: CredentialId) -> String {
        let now = self.app.store().now().await.expect("a time");
        factor::code_at(&self.app.platform.keys.authenticator(of.0), now)
    }

    /// What the account's authenticator shows, half a minute later than whatever was shown before.
    async fn code(&self) -> String {
        self.app.store().clock().advance(31_000_000);
        let of = rows(&self.app, CredentialKind::Totp).await.remove(0);
        self.shown(of.id).await
    }

    /// Sets an authenticator up, and a password if one is wished: the recovery codes.
    async fn protect(&self, password: Option<&str>) -> Vec<String> {
        self.client.done("prepareAuthenticator", PREPARE, json!({})).await;
        let code = self.code().await;
        let input = json!({ "input": { "code": code, "password": password } });
        codes(&self.client.done("confirmAuthenticator", CONFIRM, input).await["recoveryCodes"])
    }

    /// The secret of a new link.
    async fn link(&self) -> String {
        use consentry::platform::keys::{Link, LinkKind};
        self.app.anonymous().data(REQUEST, json!({ "email": OWNER })).await;
        let row = rows(&self.app, CredentialKind::SignInLink).await;
        let row = row.into_iter().max_by_key(|row| row.id).expect("a link");
        self.app
            .platform
            .keys
            .link(LinkKind::SignIn, Link::global(row.id, row.generation))
    }

    /// Redeems a link: where that is refused, why.
    async fn redeem(&self, secret: &str, code: Option<&str>) -> Result<String, (Value, Value)> {
        let answer = self
            .app
            .anonymous()
            .data(REDEEM, json!({ "secret": secret, "code": code }))
            .await;
        outcome(&answer["redeemSignInLink"])
    }

    async fn enter(&self, email: &str, password: &str, code: &str) -> Result<String, (Value, Value)> {
        let input = json!({ "input": { "email": email, "password": password, "code": code } });
        let answer = self.app.anonymous().data(ENTER, input).await;
        outcome(&answer["signInWithPassword"])
    }

    /// The texts of the mails that tell of a change, the oldest first.
    async fn told(&self) -> Vec<String> {
        let found = mail::Entity::find()
            .filter(mail::Column::Kind.eq(MailKind::SignInChanged))
            .order_by_asc(mail::Column::Id);
        let found = found.all(self.app.store().read()).await.expect("mails");
        let what = |row: &mail::Model| -> String {
            let message: Value = serde_json::from_str(&row.data).expect("a message");
            message["what"].to_string()
        };
        found.iter().map(what).collect()
    }
}

fn outcome(payload: &Value) -> Result<String, (Value, Value)> {
    match payload["session"]["accessToken"].as_str() {
        Some(token) => Ok(token.to_owned()),
        None => Err((
            payload["userErrors"][0]["field"].clone(),
            payload["userErrors"][0]["code"].clone(),
        )),
    }
}

fn refused(field: Value, code: &str) -> Result<String, (Value, Value)> {
    Err((field, json!(code)))
}

on_both_databases! {
    async fn an_authenticator_counts_from_its_first_code_on_and_a_link_alone_signs_nobody_in(app: TestApp) {
        let scene = scene(app).await;
        let before = scene.link().await;
        let prepared = scene.client.done("prepareAuthenticator", PREPARE, json!({})).await["authenticator"].clone();
        let row = rows(&scene.app, CredentialKind::Totp).await.remove(0);
        let secret = scene.app.platform.keys.authenticator(row.id.0);
        assert_eq!(prepared["secret"], factor::typed_secret(&secret));
        assert_eq!(prepared["uri"], factor::key_uri(&secret, "acme e.V.", OWNER));
        assert!(scene.redeem(&before, None).await.is_ok(), "what was only prepared is asked of nobody");

        let wrong = json!({ "input": { "code": "000000" } });
        let answer = scene.client.data(CONFIRM, wrong).await;
        assert_eq!(answer["confirmAuthenticator"]["userErrors"][0]["code"], "INVALID");
        assert_eq!(scene.client.data(MINE, json!({})).await["me"]["protection"]["authenticatorSince"], Value::Null);

        let code = scene.code().await;
        let made = scene.client.done("confirmAuthenticator", CONFIRM, json!({ "input": { "code": code } })).await;
        let made = codes(&made["recoveryCodes"]);
        assert_eq!(made.len(), 10);
        let mine = scene.client.data(MINE, json!({})).await["me"]["protection"].clone();
        assert!(mine["authenticatorSince"].is_string(), "{mine}");
        assert_eq!((&mine["hasPassword"], &mine["recoveryCodesLeft"]), (&json!(false), &json!(10)));

        let link = scene.link().await;
        assert_eq!(scene.redeem(&link, None).await, refused(json!(["code"]), "REQUIRED"));
        assert_eq!(scene.redeem(&link, Some(" ")).await, refused(json!(["code"]), "REQUIRED"));
        assert_eq!(scene.redeem(&link, Some("000000")).await, refused(json!(["code"]), "INVALID"));
        assert_eq!(scene.redeem(&link, Some(&code)).await, refused(json!(["code"]), "INVALID"), "it set the authenticator up, and works once");
        let code = scene.code().await;
        assert!(scene.redeem(&link, Some(&code)).await.is_ok(), "what was refused used nothing up");
        assert_eq!(scene.redeem(&link, Some(&code)).await, refused(json!(["secret"]), "NOT_FOUND"), "a link that is gone asks for no code");
        let link = scene.link().await;
        assert_eq!(scene.redeem(&link, Some(&code)).await, refused(json!(["code"]), "INVALID"), "a code works once");
        assert_eq!(scene.told().await, ["\"authenticator-set\""]);
    }

    async fn a_password_signs_in_with_a_code_and_every_refusal_is_the_same(app: TestApp) {
        let scene = scene(app).await;
        scene.protect(Some(PASSWORD)).await;
        let code = scene.code().await;
        let everyone = [
            (OWNER, "vier blaue Elche im Schrein", code.as_str()),
            (OWNER, PASSWORD, "000000"),
            (OWNER, PASSWORD, ""),
            ("nobody@acme.example", PASSWORD, &code),
            ("not an address", PASSWORD, &code),
            ("", "", ""),
        ];
        let mut answers = Vec::new();
        for (email, password, code) in everyone {
            let input = json!({ "input": { "email": email, "password": password, "code": code } });
            answers.push(scene.app.anonymous().data(ENTER, input).await);
        }
        assert_eq!(answers[0]["signInWithPassword"]["userErrors"][0]["code"], "NOT_FOUND");
        assert_eq!(answers[0]["signInWithPassword"]["userErrors"][0]["field"], Value::Null);
        assert!(answers.iter().all(|answer| *answer == answers[0]), "{answers:#?}");
        let code = scene.code().await;
        let token = scene.enter(" Owner@ACME.example", PASSWORD, &code).await.expect("signed in");
        let own = scene.app.with_bearer(&token).await.data(MINE, json!({})).await;
        assert_eq!(own["me"]["email"], OWNER);
        // The same letters as another keyboard sends them.
        let code = scene.code().await;
        let input = json!({ "input": { "password": "neun grüne Katzen am Hafen", "code": code } });
        scene.client.done("setPassword", SET, input).await;
        let code = scene.code().await;
        assert!(scene.enter(OWNER, "neun gru\u{308}ne Katzen am Hafen", &code).await.is_ok());
        let code = scene.code().await;
        assert!(scene.enter(OWNER, PASSWORD, &code).await.is_err(), "the earlier one is gone");
        let code = scene.code().await;
        let input = json!({ "input": { "email": OWNER, "password": "neun grüne Katzen am Hafen", "code": code, "kind": "BROWSER" } });
        let payload = scene.app.anonymous().done("signInWithPassword", ENTER, input).await;
        assert!(payload["session"].is_null() && payload["browserSession"]["secret"].is_string());
    }

    async fn a_password_alone_is_none(app: TestApp) {
        let scene = scene(app).await;
        let input = json!({ "input": { "password": PASSWORD, "code": "123456" } });
        let answer = scene.client.data(SET, input).await;
        assert_eq!(answer["setPassword"]["userErrors"][0]["code"], "WRONG_STATE");
        assert!(rows(&scene.app, CredentialKind::Password).await.is_empty());
        // As it would be if one were there without an authenticator.
        scene.protect(Some(PASSWORD)).await;
        scene.app.db_execute("delete from credential where kind = 'TOTP'").await;
        assert!(scene.enter(OWNER, PASSWORD, "").await.is_err());
    }

    async fn passwords_that_are_guessed_soon_are_refused_with_what_to_do(app: TestApp) {
        let scene = scene(app).await;
        scene.client.done("prepareAuthenticator", PREPARE, json!({})).await;
        let code = scene.code().await;
        let long = "kq3v ".repeat(26);
        for (password, code_of) in [("kilo9", "INVALID"), ("password1234", "INVALID"), ("owner@acme.example", "INVALID"), (&long, "TOO_LONG")] {
            let input = json!({ "input": { "code": code, "password": password } });
            let answer = scene.client.data(CONFIRM, input).await["confirmAuthenticator"].clone();
            assert_eq!((&answer["userErrors"][0]["field"], &answer["userErrors"][0]["code"]), (&json!(["password"]), &json!(code_of)), "{password}");
            assert!(!answer["userErrors"][0]["message"].as_str().expect("words").contains(password), "it is not repeated");
        }
        assert!(rows(&scene.app, CredentialKind::RecoveryCode).await.is_empty(), "nothing half done stays");
    }

    async fn wrong_codes_have_to_wait_and_waiting_is_the_accounts_own(app: TestApp) {
        let scene = scene(app).await;
        let spare = scene.protect(None).await;
        let link = scene.link().await;
        for _ in 0..5 {
            assert_eq!(scene.redeem(&link, Some("000000")).await, refused(json!(["code"]), "INVALID"));
        }
        let code = scene.code().await;
        for right in [&code, &spare[0]] {
            assert_eq!(scene.redeem(&link, Some(right)).await, refused(json!(["code"]), "RATE_LIMITED"), "also a right one waits");
        }
        scene.app.store().clock().advance(60_000_000);
        assert_eq!(scene.redeem(&link, Some("000000")).await, refused(json!(["code"]), "INVALID"));
        scene.app.store().clock().advance(61_000_000);
        let code = scene.code().await;
        assert_eq!(scene.redeem(&link, Some(&code)).await, refused(json!(["code"]), "RATE_LIMITED"), "the wait has doubled");
        scene.app.store().clock().advance(30_000_000);
        let code = scene.code().await;
        assert!(scene.redeem(&link, Some(&code)).await.is_ok());
        let row = rows(&scene.app, CredentialKind::Totp).await.remove(0);
        assert_eq!((row.failures, row.retry_at), (0, None), "a right one clears them");
    }

    async fn wrong_passwords_have_to_wait_and_nobody_is_told(app: TestApp) {
        let scene = scene(app).await;
        scene.protect(Some(PASSWORD)).await;
        let code = scene.code().await;
        let first = scene.enter(OWNER, "wrong", &code).await;
        for _ in 0..4 {
            assert_eq!(scene.enter(OWNER, "wrong", &code).await, first);
        }
        let code = scene.code().await;
        assert_eq!(scene.enter(OWNER, PASSWORD, &code).await, first, "a right one waits, in the same words");
        let link = scene.link().await;
        assert!(scene.redeem(&link, Some(&code)).await.is_ok(), "a link does not wait for them, and the code was not used up");
        scene.app.store().clock().advance(61_000_000);
        let code = scene.code().await;
        assert!(scene.enter(OWNER, PASSWORD, &code).await.is_ok());
    }

    async fn a_good_one_begins_the_count_anew(app: TestApp) {
        let scene = scene(app).await;
        scene.protect(Some(PASSWORD)).await;
        for _ in 0..2 {
            let code = scene.code().await;
            for _ in 0..4 {
                assert!(scene.enter(OWNER, "wrong", &code).await.is_err());
            }
            assert!(scene.enter(OWNER, PASSWORD, &code).await.is_ok());
        }
    }

    async fn a_password_that_is_changed_while_it_is_looked_at_opens_nothing(app: TestApp) {
        let scene = scene(app).await;
        scene.protect(Some(PASSWORD)).await;
        let code = scene.code().await;
        let row = rows(&scene.app, CredentialKind::Password).await.remove(0);
        let platform = &scene.app.platform;
        let other = sign_in::stored_password(platform, &"acht rote Hasen im Garten".into()).await.expect("a password");
        // Held until the other one has looked at what there was, and waits for this.
        let changed = async {
            transaction!(scene.app.store().writer(), async |tx| {
                sql::execute(tx, "update account set locale = locale where id = $1", [row.account_id.into()]).await?;
                sql::execute(tx, "update credential set secret = $2 where id = $1", [row.id.into(), other.clone().into()]).await?;
                tokio::time::sleep(std::time::Duration::from_millis(1500)).await;
                Ok::<_, Refused>(())
            })
        };
        let (changed, entered) = futures_util::join!(changed, scene.enter(OWNER, PASSWORD, &code));
        changed.expect("a change");
        assert!(entered.is_err(), "{entered:?}");
        let code = scene.code().await;
        assert!(scene.enter(OWNER, "acht rote Hasen im Garten", &code).await.is_ok());
    }

    async fn nobodys_address_takes_the_same_statements_as_somebodys_and_a_refusal_comes_at_a_beat(app: TestApp) {
        let scene = scene(app).await;
        scene.protect(Some(PASSWORD)).await;
        let tried = async |email: &str| {
            let input = json!({ "input": { "email": email, "password": "wrong", "code": "000000" } });
            let began = std::time::Instant::now();
            let (answer, statistics) = scene.app.anonymous().counted(ENTER, input).await;
            assert!(outcome(&answer["data"]["signInWithPassword"]).is_err(), "{answer:#}");
            assert!(began.elapsed().as_millis() >= 250, "{email}: before the beat");
            statistics.texts.expect("texts")
        };
        let known = tried(OWNER).await;
        assert_eq!(known.len(), 4 + usize::from(scene.app.store().engine() == Engine::Postgres), "{known:#?}");
        for nobodys in ["nobody@acme.example", "no address", ""] {
            assert_eq!(tried(nobodys).await, known, "{nobodys}");
        }
        for _ in 1..5 {
            tried(OWNER).await;
        }
        assert_eq!(rows(&scene.app, CredentialKind::Password).await[0].failures, 5);
        assert_eq!(tried(OWNER).await, known, "one that waits");
        assert_eq!(rows(&scene.app, CredentialKind::Password).await[0].failures, 5, "what waits is not counted");
    }

    async fn wrong_first_codes_of_a_prepared_authenticator_have_to_wait_too(app: TestApp) {
        let scene = scene(app).await;
        scene.client.done("prepareAuthenticator", PREPARE, json!({})).await;
        let tried = async |code: &str| {
            let answer = scene.client.data(CONFIRM, json!({ "input": { "code": code } })).await;
            answer["confirmAuthenticator"]["userErrors"][0]["code"].clone()
        };
        for _ in 0..5 {
            assert_eq!(tried("000000").await, "INVALID");
        }
        let code = scene.code().await;
        assert_eq!(tried(&code).await, "RATE_LIMITED", "a right one waits");
        scene.app.store().clock().advance(31_000_000);
        let code = scene.code().await;
        assert_eq!(tried(&code).await, Value::Null);
        assert_eq!(rows(&scene.app, CredentialKind::Totp).await[0].failures, 0);
    }

    async fn a_recovery_code_works_once_however_it_is_typed_and_a_mail_says_so(app: TestApp) {
        let scene = scene(app).await;
        let spare = scene.protect(None).await;
        let link = scene.link().await;
        let typed = spare[3].to_lowercase().replace('-', " ");
        assert!(scene.redeem(&link, Some(&typed)).await.is_ok());
        let link = scene.link().await;
        assert_eq!(scene.redeem(&link, Some(&spare[3])).await, refused(json!(["code"]), "INVALID"));
        let token = scene.redeem(&link, Some(&spare[4])).await.expect("signed in");
        let own = scene.app.with_bearer(&token).await;
        assert_eq!(own.data(MINE, json!({})).await["me"]["protection"]["recoveryCodesLeft"], 8);
        let renewed = own.done("renewRecoveryCodes", RENEW, json!({ "code": spare[5] })).await;
        let renewed = codes(&renewed["recoveryCodes"]);
        assert_eq!(own.data(MINE, json!({})).await["me"]["protection"]["recoveryCodesLeft"], 10);
        assert!(renewed.iter().all(|code| !spare.contains(code)));
        let link = scene.link().await;
        assert_eq!(scene.redeem(&link, Some(&spare[6])).await, refused(json!(["code"]), "INVALID"), "the earlier ones work no more");
        assert!(scene.redeem(&link, Some(&renewed[0])).await.is_ok());
        let used = |left: usize| format!("{{\"code-used\":{{\"left\":{left}}}}}");
        assert_eq!(scene.told().await, ["\"authenticator-set\"".into(), used(9), used(8), used(7), "\"codes-renewed\"".into(), used(9)]);
    }

    async fn a_change_asks_for_what_is_there_and_ends_everything_else(app: TestApp) {
        let scene = scene(app).await;
        let spare = scene.protect(Some(PASSWORD)).await;
        let link = scene.link().await;
        let code = scene.code().await;
        let other = scene.redeem(&link, Some(&code)).await.expect("signed in");
        let open_link = scene.link().await;
        // Nothing is changed without a code, and nothing with a wrong one.
        for code in [Value::Null, json!("000000")] {
            let answer = scene.client.data(PREPARE, json!({ "code": code })).await;
            assert!(answer["prepareAuthenticator"]["authenticator"].is_null(), "{answer}");
        }
        for (name, document) in [("renewRecoveryCodes", RENEW), ("removeAuthenticator", REMOVE)] {
            let answer = scene.client.data(document, json!({ "code": "000000" })).await;
            assert_eq!(answer[name]["userErrors"][0]["code"], "INVALID", "{name}");
        }
        let input = json!({ "input": { "password": null, "code": "" } });
        assert_eq!(scene.client.data(SET, input).await["setPassword"]["userErrors"][0]["code"], "REQUIRED");
        let count = async || session::Entity::find().filter(session::Column::EndedAt.is_null()).count(scene.app.store().read()).await.expect("sessions");
        assert_eq!(count().await, 2);

        let input = json!({ "input": { "password": null, "code": spare[0] } });
        let done = scene.client.done("setPassword", SET, input).await;
        assert_eq!(done["protection"], json!({ "hasPassword": false, "recoveryCodesLeft": 9 }));
        assert_eq!(count().await, 1, "the one that asked goes on");
        let late = authenticate(&scene.app.platform, Some(&other), None).await.expect("an answer");
        assert!(late.is_err(), "the other is over");
        assert_eq!(scene.redeem(&open_link, Some(&spare[1])).await, refused(json!(["secret"]), "NOT_FOUND"), "links that were sent are void");
        // Without one, there is none to take away, and nobody is told again.
        let told = scene.told().await.len();
        let input = json!({ "input": { "password": null, "code": scene.code().await } });
        scene.client.done("setPassword", SET, input).await;
        assert_eq!(scene.told().await.len(), told);
    }

    async fn another_authenticator_takes_the_place_of_the_one_that_counts_with_its_first_code(app: TestApp) {
        let scene = scene(app).await;
        let spare = scene.protect(Some(PASSWORD)).await;
        let first = rows(&scene.app, CredentialKind::Totp).await.remove(0).id;
        scene.client.done("prepareAuthenticator", PREPARE, json!({ "code": spare[0] })).await;
        let all = rows(&scene.app, CredentialKind::Totp).await;
        let second = all.iter().find(|row| row.id != first).expect("another one").id;
        // The first one goes on, the second does not count yet.
        scene.app.store().clock().advance(31_000_000);
        let link = scene.link().await;
        let (old, new) = (scene.shown(first).await, scene.shown(second).await);
        assert!(scene.redeem(&link, Some(&new)).await.is_err());
        assert!(scene.redeem(&link, Some(&old)).await.is_ok());
        scene.app.store().clock().advance(31_000_000);
        let new = scene.shown(second).await;
        scene.client.done("confirmAuthenticator", CONFIRM, json!({ "input": { "code": new } })).await;
        assert_eq!(rows(&scene.app, CredentialKind::Totp).await.iter().map(|row| row.id).collect::<Vec<_>>(), [second]);
        scene.app.store().clock().advance(31_000_000);
        let new = scene.shown(second).await;
        assert!(scene.enter(OWNER, PASSWORD, &new).await.is_ok(), "the password stays");
        // What waits too long is gone.
        let code = scene.code().await;
        scene.client.done("prepareAuthenticator", PREPARE, json!({ "code": code })).await;
        let waiting = rows(&scene.app, CredentialKind::Totp).await.into_iter().find(|row| row.id != second).expect("one").id;
        scene.app.store().clock().advance(30 * 60_000_000);
        let input = json!({ "input": { "code": scene.shown(waiting).await } });
        let late = scene.client.data(CONFIRM, input).await;
        assert_eq!(late["confirmAuthenticator"]["userErrors"][0]["code"], "WRONG_STATE");
    }

    async fn without_an_authenticator_everything_of_it_is_gone(app: TestApp) {
        let scene = scene(app).await;
        scene.protect(Some(PASSWORD)).await;
        let code = scene.code().await;
        let done = scene.client.done("removeAuthenticator", REMOVE, json!({ "code": code })).await;
        assert_eq!(done["protection"], json!({ "authenticatorSince": null, "hasPassword": false, "recoveryCodesLeft": 0 }));
        for kind in [CredentialKind::Totp, CredentialKind::Password, CredentialKind::RecoveryCode] {
            assert!(rows(&scene.app, kind).await.is_empty(), "{kind:?}");
        }
        let link = scene.link().await;
        assert!(scene.redeem(&link, None).await.is_ok());
        assert_eq!(scene.told().await, ["\"authenticator-set\"", "\"authenticator-removed\""]);
        let answer = scene.client.data(RENEW, json!({ "code": "000000" })).await;
        assert_eq!(answer["renewRecoveryCodes"]["userErrors"][0]["code"], "WRONG_STATE");
        // Once more changes nothing, and says nothing.
        scene.client.done("removeAuthenticator", REMOVE, json!({ "code": "" })).await;
        assert_eq!(scene.told().await.len(), 2);
    }

    async fn the_operator_takes_an_authenticator_away_that_was_lost(app: TestApp) {
        let scene = scene(app).await;
        scene.protect(Some(PASSWORD)).await;
        let platform = &scene.app.platform;
        assert!(consentry::services::sign_in::remove_by_operator(platform, "nobody@acme.example").await.is_err());
        assert!(consentry::services::sign_in::remove_by_operator(platform, " OWNER@acme.example ").await.expect("done"));
        let open = session::Entity::find().filter(session::Column::EndedAt.is_null()).count(scene.app.store().read()).await;
        assert_eq!(open.expect("sessions"), 0, "whoever has it is signed out");
        let link = scene.link().await;
        assert!(scene.redeem(&link, None).await.is_ok());
        assert!(!consentry::services::sign_in::remove_by_operator(platform, OWNER).await.expect("done"), "there was none any more");
    }

    async fn a_leaked_database_signs_nobody_in(app: TestApp) {
        let scene = scene(app).await;
        let spare = scene.protect(Some(PASSWORD)).await;
        let row = rows(&scene.app, CredentialKind::Totp).await.remove(0);
        let secret = factor::typed_secret(&scene.app.platform.keys.authenticator(row.id.0));
        let words: Vec<&str> = spare.iter().map(String::as_str).chain([secret.as_str(), PASSWORD]).collect();
        assert_eq!(scene.app.db_tables_with(&words).await, []);
        // The hash of a password, typed as one.
        let stored = rows(&scene.app, CredentialKind::Password).await.remove(0).secret.expect("a hash");
        let typed = data_encoding::HEXLOWER.encode(&stored);
        let code = scene.code().await;
        assert!(scene.enter(OWNER, &typed, &code).await.is_err());
        // Without this installation's key, the right password has another hash.
        let other = argon2::Argon2::new(argon2::Algorithm::Argon2id, argon2::Version::V0x13, argon2::Params::new(19 * 1024, 2, 1, Some(32)).expect("a cost"));
        let mut hash = [0; 32];
        other.hash_password_into(PASSWORD.as_bytes(), &stored[12..28], &mut hash).expect("hashed");
        assert_ne!(hash, stored[28..]);
    }

    async fn nobody_elses_code_lets_one_in(app: TestApp) {
        let scene = scene(app).await;
        scene.protect(Some(PASSWORD)).await;
        let (_, eve) = scene.app.db_account("eve@people.example").await;
        let mine = rows(&scene.app, CredentialKind::Totp).await.remove(0).id;
        eve.done("prepareAuthenticator", PREPARE, json!({})).await;
        let all = rows(&scene.app, CredentialKind::Totp).await;
        let hers = all.iter().find(|row| row.id != mine).expect("hers").id;
        let input = json!({ "input": { "code": scene.shown(hers).await } });
        let spare = codes(&eve.done("confirmAuthenticator", CONFIRM, input).await["recoveryCodes"]);
        scene.app.store().clock().advance(31_000_000);
        let (hers, mine) = (scene.shown(hers).await, scene.shown(mine).await);
        let link = scene.link().await;
        for code in [&hers, &spare[0]] {
            assert_eq!(scene.redeem(&link, Some(code)).await, refused(json!(["code"]), "INVALID"));
            assert!(scene.enter(OWNER, PASSWORD, code).await.is_err());
        }
        assert!(scene.redeem(&link, Some(&mine)).await.is_ok());
        assert_eq!(eve.data(MINE, json!({})).await["me"]["protection"]["recoveryCodesLeft"], 10, "hers is not used up");
    }

    async fn several_guesses_at_once_are_each_counted(app: TestApp) {
        let scene = scene(app).await;
        scene.protect(None).await;
        let link = scene.link().await;
        let guesses = (0..12).map(|_| scene.redeem(&link, Some("000000")));
        let answers = futures_util::future::join_all(guesses).await;
        let of = |code: &str| answers.iter().filter(|answer| matches!(answer, Err((_, its)) if its == code)).count();
        assert_eq!((of("INVALID"), of("RATE_LIMITED")), (5, 7));
    }

    async fn one_code_lets_one_in_of_several_at_once(app: TestApp) {
        let scene = scene(app).await;
        scene.protect(Some(PASSWORD)).await;
        let links = [scene.link().await, scene.link().await];
        let code = scene.code().await;
        let (one, two, three) = futures_util::join!(scene.redeem(&links[0], Some(&code)), scene.redeem(&links[1], Some(&code)), scene.enter(OWNER, PASSWORD, &code));
        assert_eq!([one, two, three].iter().filter(|answer| answer.is_ok()).count(), 1);
    }

    async fn pages_set_it_up_ask_for_it_and_take_it_away(app: TestApp) {
        let scene = scene(app).await;
        let mut browser = scene.app.browser_of(&scene.client).await;
        assert!(browser.open("/me").await.contains("href=\"/me/security/authenticator\""), "whoever sees others' data is told");
        for page in ["password", "codes", "off"] {
            browser.get(&format!("/me/security/{page}")).await.leads_to("/me/security");
        }
        let set = "/me/security/authenticator";
        browser.open(set).await;
        assert!(rows(&scene.app, CredentialKind::Totp).await.is_empty(), "opening a page changes nothing");
        let answer = browser.post(set, &[("go", "yes")]).await;
        assert_eq!(answer.status, 422, "another site's form prepares nothing");
        let prepared = browser.press(set, set, &[("go", "yes")]).await;
        let row = rows(&scene.app, CredentialKind::Totp).await.remove(0);
        let secret = factor::typed_secret(&scene.app.platform.keys.authenticator(row.id.0));
        assert!(prepared.text.contains(&format!("value=\"{secret}\"")) && prepared.text.contains("<svg class=\"code\""));
        assert_eq!(prepared.header("cache-control"), "no-store");
        // A wrong code, a weak password: the same authenticator again, and what is wrong beside its field.
        let wrong = browser.answer(&prepared, set, &[("code", "000000"), ("password", "password1234"), ("go", "yes")]).await;
        assert_eq!(wrong.status, 422);
        assert!(wrong.text.contains(&secret) && wrong.text.contains("id=\"password-error\"") && !wrong.text.contains("password1234"));
        let code = scene.code().await;
        let german = browser.answer(&prepared, set, &[("code", &code), ("language", "de")]).await;
        assert!(german.status == 200 && german.text.contains("Authenticator-App einrichten") && german.text.contains(&secret), "a language presses no button");
        let done = browser.answer(&prepared, set, &[("code", &code), ("password", PASSWORD), ("go", "yes"), ("language", "en")]).await;
        let shown: Vec<&str> = done.text.split("<li><code>").skip(1).filter_map(|rest| rest.split('<').next()).collect();
        assert_eq!(shown.len(), 10, "{}", done.text);
        assert!(!done.log.contains(shown[0]) && !prepared.log.contains(&secret), "no log has them");
        assert!(!browser.open("/me").await.contains("note warn"));

        // By a link: the code is asked for on its page.
        let path = format!("/sign-in/{}", scene.link().await);
        let mut other = scene.app.browser();
        let asked = other.post(&path, &[("first", "yes")]).await;
        assert!(asked.status == 200 && asked.text.contains("name=\"code\""), "{}", asked.text);
        let wrong = other.post(&path, &[("first", "yes"), ("code", "000000")]).await;
        assert!(wrong.status == 422 && wrong.text.contains("id=\"code-error\""));
        let code = scene.code().await;
        other.post(&path, &[("first", "yes"), ("code", &code)]).await.leads_to("/me");
        // By a password.
        let mut third = scene.app.browser();
        let form = [("email", OWNER), ("password", PASSWORD), ("code", "000000"), ("enter", "yes")];
        let wrong = third.press("/sign-in", "/sign-in", &form).await;
        assert!(wrong.status == 422 && !wrong.text.contains(PASSWORD) && wrong.text.contains(OWNER));
        let code = scene.code().await;
        let form = [("email", OWNER), ("password", PASSWORD), ("code", code.as_str()), ("enter", "yes")];
        assert_eq!(third.post("/sign-in", &form).await.status, 422, "another site signs nobody in");
        third.press("/sign-in", "/sign-in", &form).await.leads_to("/me");
        // And away again.
        let overview = third.open("/me/security").await;
        assert!(overview.contains("/me/security/off") && overview.contains("10 left"), "{overview}");
        let code = scene.code().await;
        third.press("/me/security/password", "/me/security/password", &[("remove", "yes"), ("code", &code)]).await.leads_to("/me/security?done=no-password");
        let code = scene.code().await;
        let renewed = third.press("/me/security/codes", "/me/security/codes", &[("code", &code), ("go", "yes")]).await;
        assert!(renewed.text.matches("<li><code>").count() == 10 && !renewed.text.contains(shown[0]));
        let wrong = third.press("/me/security/off", "/me/security/off", &[("code", "000000"), ("go", "yes")]).await;
        assert_eq!(wrong.status, 422);
        let code = scene.code().await;
        third.press("/me/security/off", "/me/security/off", &[("code", &code), ("go", "yes")]).await.leads_to("/me/security?done=off");
        assert!(rows(&scene.app, CredentialKind::Totp).await.is_empty());
    }
}
