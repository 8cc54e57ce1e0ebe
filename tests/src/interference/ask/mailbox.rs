//! What the observer gets by mail, and the token that a link in it shows.

use consentry::services::mail::{Message, render};
use consentry_entity::mail;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};

use super::super::side::Side;
use super::super::transcript::Answer;
use super::super::world::World;

/// Every mail to the observer, as it reads; the secrets of links are made from ids, and are the world's own.
pub(super) async fn of_the_observer(side: &Side, world: &World) -> Answer {
    let rows = mail::Entity::find()
        .filter(mail::Column::OrganizationId.eq(world.organization()))
        .filter(mail::Column::ToAddress.eq(World::OBSERVER))
        .order_by_asc(mail::Column::Id)
        .all(side.app.store().read())
        .await
        .expect("mails");
    let mut body = format!("{} mails\n", rows.len());
    for row in rows {
        let message = Message::from_data(row.kind, &row.data).expect("a message");
        let mail = render(&message, &row.locale, &side.app.platform).expect("a mail");
        body += &format!("{}\n{}\n{}\n{}\n", row.kind, mail.subject, mail.text, mail.html);
    }
    for secret in &world.claims {
        body = body.replace(secret, "(secret)");
    }
    Answer {
        status: 200,
        headers: Vec::new(),
        body,
    }
}

/// The secret of the newest mail to the observer, which has to be about a token.
pub(in super::super) async fn newest_claim(side: &Side, world: &World) -> String {
    let row = mail::Entity::find()
        .filter(mail::Column::OrganizationId.eq(world.organization()))
        .filter(mail::Column::ToAddress.eq(World::OBSERVER))
        .order_by_desc(mail::Column::Id)
        .one(side.app.store().read())
        .await;
    let row = row.expect("an answer").expect("a mail");
    let Ok(Message::TokenClaim(claim)) = Message::from_data(row.kind, &row.data) else {
        panic!("another kind of mail")
    };
    let link = claim.claim.resolve(&side.app.platform).expect("a link");
    link.rsplit('/').next().expect("a secret").to_owned()
}

/// The token that a claimed link's page shows.
pub(super) fn shown_token(answer: &Answer) -> Option<String> {
    let (_, after) = answer.body.split_once("<code>")?;
    let (token, _) = after.split_once("</code>")?;
    Some(token.to_owned())
}
