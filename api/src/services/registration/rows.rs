//! The rows of a new order.

use consentry_domain::registration::Registration;
use consentry_domain::{
    GuardianRequestStatus, Instant, OrderId, OrderLineId, OrderStatus, OrganizationId, RegistrationId, text,
};
use consentry_entity::{acknowledgement, answer, billing_party, guardian_request, order, order_line, registration};
use sea_orm::sea_query::OnConflict;
use sea_orm::{ActiveModelTrait, DbErr, EntityTrait, IntoActiveModel};

use super::codes::{order_code, scan_code, sort_name};
use super::draft::{Draft, DraftPlace};
use super::words;
use crate::platform::store::Tx;
use crate::platform::{Fault, Refused};
use crate::services::sales::Form;

/// How often a code that is taken is drawn again.
const DRAWS: usize = 8;

/// Writes the order with a code of its own. An order of zero is paid at once; the others hold their places for the
/// event's time.
pub(super) async fn insert_order(
    tx: &Tx,
    form: &Form,
    draft: &Draft,
    id: OrderId,
    now: Instant,
) -> Result<order::Model, Refused> {
    let total = draft.cart.total;
    let free = total.gross.minor == 0;
    let hold = i64::from(form.event.order_hold_minutes);
    let mut row = order::Model {
        organization_id: form.organization.id,
        id,
        event_id: form.event.id,
        code: String::new(),
        status: if free { OrderStatus::Paid } else { OrderStatus::Pending },
        buyer_name: Some(draft.buyer_name.clone()),
        buyer_email: Some(draft.buyer_email.clone()),
        buyer_email_key: Some(text::email_key(&draft.buyer_email)),
        locale: draft.locale.clone(),
        currency: form.event.currency.clone(),
        total_minor: total.gross.minor,
        tax_minor: total.tax.minor,
        secret_generation: 1,
        created_at: now.0,
        expires_at: (!free).then(|| now.plus_minutes(hold).0),
        paid_at: free.then_some(now.0),
        ended_at: None,
        reminded_at: None,
        revision: 1,
    };
    let taken = OnConflict::columns([order::Column::OrganizationId, order::Column::Code])
        .do_nothing()
        .to_owned();
    for _ in 0..DRAWS {
        row.code = order_code(tx);
        let insert = order::Entity::insert(row.clone().into_active_model().reset_all()).on_conflict(taken.clone());
        match insert.exec_without_returning(tx).await {
            Ok(1) => return Ok(row),
            Ok(_) | Err(DbErr::RecordNotInserted) => {}
            Err(error) => return Err(error.into()),
        }
    }
    Err(Fault::Outside("every order code that was drawn is taken".into()).into())
}

/// Writes everything else of the order, each table in one statement; the registrations in the order of the draft.
pub(super) async fn insert_parts(
    tx: &Tx,
    form: &Form,
    draft: &Draft,
    order: &order::Model,
    now: Instant,
) -> Result<Vec<registration::Model>, Refused> {
    if let Some(row) = billing(draft, order)? {
        billing_party::Entity::insert(row.into_active_model().reset_all())
            .exec_without_returning(tx)
            .await?;
    }
    insert_all::<order_line::Entity, _>(tx, lines(tx, draft, order)).await?;
    let rows: Vec<registration::Model> = draft
        .places
        .iter()
        .zip(ids(tx, draft.places.len()))
        .map(|(place, id)| registration(tx, form, draft, place, order, id, now))
        .collect::<Result<_, Fault>>()?;
    insert_all::<registration::Entity, _>(tx, rows.clone()).await?;
    words::write(tx, &rows).await?;
    let mut answers = Vec::new();
    let mut acknowledgements = Vec::new();
    for (place, row) in draft.places.iter().zip(&rows) {
        for (question, value) in &place.answers {
            answers.push(answer::Model {
                organization_id: row.organization_id,
                registration_id: row.id,
                question_id: *question,
                value: json(value)?,
            });
        }
        for acknowledged in &place.acknowledged {
            acknowledgements.push(acknowledgement::Model {
                organization_id: row.organization_id,
                registration_id: row.id,
                document_id: acknowledged.document,
                locale: acknowledged.locale.clone(),
                content_hash: acknowledged.content_hash.clone(),
                at: now.0,
            });
        }
    }
    insert_all::<answer::Entity, _>(tx, answers).await?;
    insert_all::<acknowledgement::Entity, _>(tx, acknowledgements).await?;
    Ok(rows)
}

/// Writes down who is to be asked for those whose place waits for a parent.
pub(super) async fn insert_guardians(
    tx: &Tx,
    draft: &Draft,
    registrations: &[registration::Model],
    now: Instant,
) -> Result<Vec<guardian_request::Model>, Refused> {
    let mut rows = Vec::new();
    for (place, registration) in draft.places.iter().zip(registrations) {
        let Some(guardian) = place.guardian.as_ref().filter(|_| place.pending.parental_permission) else {
            continue;
        };
        rows.push(guardian_request::Model {
            organization_id: registration.organization_id,
            id: tx.ordered_id(),
            registration_id: registration.id,
            guardian_name: Some(guardian.full_name.clone()),
            guardian_email: Some(guardian.email.clone()),
            generation: 1,
            status: GuardianRequestStatus::Waiting,
            created_at: now.0,
            decided_at: None,
        });
    }
    insert_all::<guardian_request::Entity, _>(tx, rows.clone()).await?;
    Ok(rows)
}

/// Inserts these rows in one statement; none where there is no row.
pub(super) async fn insert_all<E, M>(tx: &Tx, rows: Vec<M>) -> Result<(), DbErr>
where
    E: EntityTrait<Model = M>,
    E::ActiveModel: ActiveModelTrait<Entity = E> + Send,
    M: IntoActiveModel<E::ActiveModel>,
{
    if rows.is_empty() {
        return Ok(());
    }
    E::insert_many(rows.into_iter().map(|row| row.into_active_model().reset_all()))
        .exec_without_returning(tx)
        .await?;
    Ok(())
}

/// So many new ids, in order: those of one moment are not by themselves.
fn ids<T: From<uuid::Uuid> + Ord>(tx: &Tx, count: usize) -> Vec<T> {
    let mut ids: Vec<T> = (0..count).map(|_| tx.ordered_id()).collect();
    ids.sort_unstable();
    ids
}

fn json<T: serde::Serialize>(value: &T) -> Result<String, Fault> {
    serde_json::to_string(value).map_err(|error| Fault::Outside(error.to_string()))
}

fn billing(draft: &Draft, order: &order::Model) -> Result<Option<billing_party::Model>, Fault> {
    let Some(billing) = &draft.billing else {
        return Ok(None);
    };
    Ok(Some(billing_party::Model {
        organization_id: order.organization_id,
        order_id: order.id,
        company: billing.company.clone(),
        address: json(&billing.address)?,
        vat_id: billing.vat_id.clone(),
        purchase_order_number: billing.purchase_order_number.clone(),
        invoice_email: billing.invoice_email.clone(),
    }))
}

fn lines(tx: &Tx, draft: &Draft, order: &order::Model) -> Vec<order_line::Model> {
    let line = |(line, id): (&crate::services::sales::CartLine, OrderLineId)| order_line::Model {
        organization_id: order.organization_id,
        id,
        order_id: order.id,
        ticket_type_id: line.on_sale.id(),
        quantity: i32::try_from(line.quantity).unwrap_or(i32::MAX),
        unit_price_minor: line.on_sale.price.minor,
        tax_rate: line.on_sale.row.tax_rate,
        price_includes_tax: line.on_sale.row.price_includes_tax,
        net_minor: line.price.net.minor,
        tax_minor: line.price.tax.minor,
        gross_minor: line.price.gross.minor,
    };
    draft
        .cart
        .lines
        .iter()
        .zip(ids(tx, draft.cart.lines.len()))
        .map(line)
        .collect()
}

fn registration(
    tx: &Tx,
    form: &Form,
    draft: &Draft,
    place: &DraftPlace,
    order: &order::Model,
    id: RegistrationId,
    now: Instant,
) -> Result<registration::Model, Fault> {
    let organization_id: OrganizationId = form.organization.id;
    let state = Registration::new(place.pending, now);
    let person = &place.person;
    let (given, family) = (person.given_name.as_deref(), person.family_name.as_deref());
    Ok(registration::Model {
        organization_id,
        id,
        event_id: form.event.id,
        order_id: order.id,
        order_code: order.code.clone(),
        ticket_type_id: place.on_sale.id(),
        person_id: None,
        status: state.status(),
        pending_payment: place.pending.payment,
        pending_approval: place.pending.approval,
        pending_guardian: place.pending.parental_permission,
        check_in_code: scan_code(tx),
        badge_code: scan_code(tx),
        link_generation: 1,
        is_buyer: place.is_buyer,
        ordered_name: Some(person.full_name.clone()),
        ordered_email: Some(person.email.clone()),
        full_name: Some(person.full_name.clone()),
        given_name: person.given_name.clone(),
        family_name: person.family_name.clone(),
        sort_name: sort_name(&person.full_name, given, family),
        email: Some(person.email.clone()),
        email_key: Some(text::email_key(&person.email)),
        email_proved_at: None,
        new_email: None,
        address_generation: 0,
        phone: person.phone.clone(),
        company: person.company.clone(),
        job_title: person.job_title.clone(),
        city: person.city.clone(),
        country: person.country.clone(),
        postal_address: person.postal_address.as_ref().map(json).transpose()?,
        social_profile: person.social_profile.clone(),
        date_of_birth: place.date_of_birth.map(|day| day.to_string()),
        of_age_stated_at: None,
        locale: draft.locale.clone(),
        consents_suspended: false,
        restricted_at: None,
        quarantined_at: None,
        objected_purposes: 0,
        opted_out: false,
        consent_revision: 1,
        revision: 1,
        created_at: now.0,
        confirmed_at: matches!(state, Registration::Confirmed { .. }).then_some(now.0),
        cancelled_at: None,
        erased_at: None,
    })
}
