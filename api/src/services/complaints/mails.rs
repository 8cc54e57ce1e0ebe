//! The mails about a complaint: a receipt, the answer, and that there is one.

use consentry_domain::{Instant, text};
use consentry_entity::{complaint, organization};

use crate::platform::Fault;
use crate::platform::store::{Tx, sql};
use crate::services::mail::facts::Moment;
use crate::services::mail::messages::{ComplaintAnswered, ComplaintFiled, ComplaintReceived};
use crate::services::mail::{Link, Message, NewMail, about, queue_all};

/// The receipt, and a word to whoever answers for data protection.
pub(super) async fn filed(tx: &Tx, by: &organization::Model, row: &complaint::Model) -> Result<(), Fault> {
    let due = Moment::in_utc(Instant(row.due_at));
    let received: Message = ComplaintReceived {
        controller: about::controller(by, &row.locale)?,
        about: row.recipient_name.as_deref().map(Into::into),
        due: due.clone(),
        page: own_complaints(),
    }
    .into();
    let told: Message = ComplaintFiled {
        controller: about::controller(by, &by.default_locale)?,
        due,
        page: Link::Page(format!("/manage/{}/-/complaints", by.slug)),
    }
    .into();
    let mut new: Vec<(&str, String, Message, String)> = Vec::new();
    if let Some(email) = &row.email {
        let key = format!("complaint-received:{}", row.id);
        new.push((row.locale.as_str(), email.clone(), received, key));
    }
    for (number, reader) in readers(tx, by).await?.into_iter().enumerate() {
        let key = format!("complaint-filed:{}:{number}", row.id);
        new.push((by.default_locale.as_str(), reader, told.clone(), key));
    }
    send(tx, row, new).await
}

/// The answer. For somebody who was erased meanwhile it is the last that they hear.
pub(super) async fn answered(
    tx: &Tx,
    by: &organization::Model,
    row: &complaint::Model,
    is_erased: bool,
) -> Result<(), Fault> {
    let (Some(email), Some(answer)) = (&row.email, &row.answer) else {
        return Ok(());
    };
    let message: Message = ComplaintAnswered {
        controller: about::controller(by, &row.locale)?,
        about: row.recipient_name.as_deref().map(Into::into),
        filed: Moment::in_utc(Instant(row.opened_at)),
        answer: answer.as_str().into(),
        page: (!is_erased).then(own_complaints),
    }
    .into();
    let key = format!("complaint-answered:{}", row.id);
    send(tx, row, vec![(row.locale.as_str(), email.clone(), message, key)]).await
}

/// The reader's own complaints.
fn own_complaints() -> Link {
    Link::Page("/me/complaints".to_owned())
}

/// The data-protection contact, where that is an address. Where it is a page: the officers; and where nobody is one, the
/// address of the organization, for somebody has to learn of it.
async fn readers(tx: &Tx, by: &organization::Model) -> Result<Vec<String>, Fault> {
    if let Ok(contact) = text::email(&by.data_protection_contact) {
        return Ok(vec![contact]);
    }
    let now = tx.now().await?;
    let officers = "select distinct a.email from team_member m join account a on a.id = m.account_id \
        where m.organization_id = $1 and m.role = 'DPO' and m.event_id is null and m.removed_at is null \
        and (m.ends_at is null or m.ends_at > $2) order by a.email";
    let rows = sql::all(tx, officers, [by.id.into(), now.0.into()]).await?;
    let officers: Vec<String> = rows
        .iter()
        .map(|row| row.try_get("", "email"))
        .collect::<Result<_, _>>()?;
    Ok(match officers.is_empty() {
        true => vec![by.contact_email.clone()],
        false => officers,
    })
}

async fn send(tx: &Tx, row: &complaint::Model, new: Vec<(&str, String, Message, String)>) -> Result<(), Fault> {
    let mails: Vec<NewMail<'_>> = new
        .iter()
        .map(|(locale, to, message, dedupe_key)| NewMail {
            organization: row.organization_id,
            event: None,
            order: None,
            registration: None,
            locale,
            to,
            message: message.clone(),
            dedupe_key,
        })
        .collect();
    queue_all(tx, &mails).await?;
    Ok(())
}
