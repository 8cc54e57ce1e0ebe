//! Judging an order: everything that is wrong with it, all at once, each with the path of its field.

mod age;
mod answers;
mod documents;
mod person;

pub use age::judge_guardian;
pub(super) use age::{date_of_birth, is_old_enough};
pub(super) use answers::judge_changed as judge_answers;
pub(super) use person::judge as judge_person;

use consentry_domain::text;

use super::draft::{Draft, DraftBilling, DraftPlace};
use super::{Attendee, Billing, NewOrder};
use crate::platform::{Code, Problems, Refused};
use crate::services::input;
use crate::services::sales::{Cart, Form, Wanted};

/// Judges the order against the form.
///
/// # Errors
/// Everything that is wrong with it.
pub(super) fn judge(form: &Form, new: &NewOrder) -> Result<Draft, Refused> {
    let mut problems = Problems::new();
    let locale = input::optional(new.locale.as_deref(), input::locale);
    let locale = problems
        .keep("locale", locale)
        .flatten()
        .unwrap_or_else(|| form.event.default_locale.clone());
    let buyer_name = problems.keep("buyer.fullName", input::line(&new.buyer.full_name, 200));
    let buyer_email = problems.keep("buyer.email", input::email(&new.buyer.email));
    let billing = new
        .buyer
        .billing
        .as_ref()
        .and_then(|billing| judge_billing(billing, &mut problems));
    problems.expect(
        !new.attendees.is_empty(),
        "attendees",
        Code::Required,
        "Name at least one attendee.",
    );
    let cart = Cart::fill(form, "attendees", &wanted(&new.attendees), &mut problems)?;
    let places: Vec<Option<DraftPlace>> = new
        .attendees
        .iter()
        .enumerate()
        .map(|(index, attendee)| judge_place(form, &format!("attendees.{index}"), attendee, &locale, &mut problems))
        .collect();
    judge_own_place(new, buyer_email.as_deref(), &mut problems);
    problems.none()?;
    // Whatever is missing here was noted above.
    let (Some(buyer_name), Some(buyer_email), Some(places)) =
        (buyer_name, buyer_email, places.into_iter().collect::<Option<Vec<_>>>())
    else {
        return Err(Refused::because("", Code::Invalid, "The order cannot be read."));
    };
    let mut draft = Draft {
        buyer_name,
        buyer_email,
        billing,
        locale,
        cart,
        places,
    };
    let costs = draft.cart.total.gross.minor > 0;
    for place in &mut draft.places {
        place.pending.payment = costs;
    }
    Ok(draft)
}

fn wanted(attendees: &[Attendee]) -> Vec<Wanted> {
    let one = |(index, attendee): (usize, &Attendee)| Wanted {
        ticket_type: attendee.ticket_type,
        quantity: 1,
        field: format!("attendees.{index}.ticketTypeId"),
    };
    attendees.iter().enumerate().map(one).collect()
}

/// The buyer's own place carries the buyer's address: the mail to the buyer proves it.
fn judge_own_place(new: &NewOrder, buyer_email: Option<&str>, problems: &mut Problems) {
    let mut own = new
        .attendees
        .iter()
        .enumerate()
        .filter(|(_, attendee)| attendee.is_buyer);
    if let (Some((index, attendee)), Some(email)) = (own.next(), buyer_email) {
        let same = text::email_key(attendee.email.trim()) == text::email_key(email);
        let message = "The buyer's own place carries the buyer's address.";
        problems.expect(same, format!("attendees.{index}.email"), Code::Invalid, message);
    }
    for (index, _) in own {
        let field = format!("attendees.{index}.isBuyer");
        problems.add(field, Code::Invalid, "Only one place is the buyer's own.");
    }
}

fn judge_place(
    form: &Form,
    path: &str,
    attendee: &Attendee,
    locale: &str,
    problems: &mut Problems,
) -> Option<DraftPlace> {
    let person = person::judge(path, attendee, problems);
    let age = age::judge(form, path, attendee, problems);
    let others = attendee.wishes.is_empty() || attendee.is_buyer;
    let message = "Only attendees themselves decide about sharing. This one is asked by mail.";
    problems.expect(others, format!("{path}.consents"), Code::ConsentNotYours, message);
    let acknowledged = documents::judge(form, path, &attendee.acknowledged, locale, problems);
    // What is asked depends on the ticket type; that there is none was noted.
    let on_sale = form.ticket_type(attendee.ticket_type?)?.clone();
    let answers = answers::judge(form, path, on_sale.id(), &attendee.answers, problems);
    let age = age?;
    let mut pending = age.pending;
    pending.approval = on_sale.row.requires_approval;
    Some(DraftPlace {
        on_sale,
        is_buyer: attendee.is_buyer,
        person: person?,
        date_of_birth: age.date_of_birth,
        of_age: attendee.of_age,
        guardian: age.guardian,
        pending,
        answers,
        acknowledged,
        wishes: attendee.wishes.clone(),
    })
}

fn judge_billing(billing: &Billing, problems: &mut Problems) -> Option<DraftBilling> {
    let path = "buyer.billing";
    let mut short = |name: &str, value: Option<&str>, max| {
        let judged = input::optional(value, |value| input::line(value, max));
        problems.keep(format!("{path}.{name}"), judged)
    };
    let company = short("company", billing.company.as_deref(), 200);
    let vat_id = short("vatId", billing.vat_id.as_deref(), 30);
    let number = short("purchaseOrderNumber", billing.purchase_order_number.as_deref(), 100);
    let email = input::optional(billing.invoice_email.as_deref(), input::email);
    let invoice_email = problems.keep(format!("{path}.invoiceEmail"), email);
    let address = input::address(&format!("{path}.address"), &billing.address, problems);
    Some(DraftBilling {
        company: company?,
        address: address?,
        vat_id: vat_id?,
        purchase_order_number: number?,
        invoice_email: invoice_email?,
    })
}
