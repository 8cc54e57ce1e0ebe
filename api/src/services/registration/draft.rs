//! An order that was judged: nothing in it can be refused any more but for want of places.

use std::sync::Arc;

use consentry_domain::registration::PendingReasons;
use consentry_domain::{AnswerValue, Day, DocumentId, PostalAddress, QuestionId};

use crate::services::sales::{Cart, OnSale};
use crate::services::sharing::{Guardian, Wish};

/// A judged order.
#[derive(Clone, Debug)]
pub(super) struct Draft {
    pub buyer_name: String,
    pub buyer_email: String,
    pub billing: Option<DraftBilling>,
    pub locale: String,
    pub cart: Cart,
    pub places: Vec<DraftPlace>,
}

/// Who is billed.
#[derive(Clone, Debug)]
pub(super) struct DraftBilling {
    pub company: Option<String>,
    pub address: PostalAddress,
    pub vat_id: Option<String>,
    pub purchase_order_number: Option<String>,
    pub invoice_email: Option<String>,
}

/// One place.
#[derive(Clone, Debug)]
pub(super) struct DraftPlace {
    pub on_sale: Arc<OnSale>,
    pub is_buyer: bool,
    pub person: DraftPerson,
    pub date_of_birth: Option<Day>,
    pub of_age: Option<bool>,
    pub guardian: Option<Guardian>,
    pub pending: PendingReasons,
    pub answers: Vec<(QuestionId, AnswerValue)>,
    pub acknowledged: Vec<Acknowledged>,
    pub wishes: Vec<Wish>,
}

/// The fields of a person.
#[derive(Clone, Debug, Default)]
pub(super) struct DraftPerson {
    pub full_name: String,
    pub given_name: Option<String>,
    pub family_name: Option<String>,
    pub email: String,
    pub phone: Option<String>,
    pub company: Option<String>,
    pub job_title: Option<String>,
    pub city: Option<String>,
    pub country: Option<String>,
    pub postal_address: Option<PostalAddress>,
    pub social_profile: Option<String>,
}

/// A document that was acknowledged, and in which language it was shown.
#[derive(Clone, Debug)]
pub(super) struct Acknowledged {
    pub document: DocumentId,
    pub locale: String,
    pub content_hash: Vec<u8>,
}
