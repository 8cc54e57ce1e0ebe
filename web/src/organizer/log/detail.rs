//! What an entry about an order tells beside its action, in words. The log itself shows all of it, as it was written.

use serde_json::Value;

use crate::frame::Frame;

/// The detail of this action in words, where it has any.
pub(in crate::organizer) fn words(frame: &Frame, action: &str, detail: &str) -> Option<String> {
    let detail: Value = serde_json::from_str(detail).ok()?;
    let words = match action {
        "orderPaid" | "cancelOrder" => {
            let places = detail["places"]
                .as_i64()
                .map(|count| frame.count("detail-places", count));
            let with = (detail["with"] == "cancelEvent").then(|| frame.say("detail-with-event"));
            places.into_iter().chain(with).collect::<Vec<_>>().join(", ")
        }
        "resendMail" => frame.of("mail-kind", detail.get("kind")?),
        "paymentOfWrongAmount" => {
            let amount = frame.money(detail["amount"].as_str()?, detail["currency"].as_str()?);
            frame.say1("detail-received", "amount", &amount)
        }
        _ => String::new(),
    };
    Some(words).filter(|words| !words.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::words::Language;

    #[test]
    fn a_detail_is_told_in_words_and_never_as_it_is_stored() {
        let frame = Frame::new(Language::English, String::new(), String::new());
        for (action, detail, expected) in [
            ("cancelOrder", r#"{"order":"A","places":1}"#, Some("one place")),
            (
                "cancelOrder",
                r#"{"order":"A","places":2,"with":"cancelEvent"}"#,
                Some("2 places, with the event"),
            ),
            ("cancelRegistration", r#"{"order":"A","places":1}"#, None),
            ("orderPaid", r#"{"places":3}"#, Some("3 places")),
            ("orderExpired", "{}", None),
            ("markOrderPaid", r#"{"payment":"0199"}"#, None),
            (
                "resendMail",
                r#"{"of":"0199","kind":"PAYMENT_REMINDER"}"#,
                Some("Reminder to pay"),
            ),
            (
                "paymentOfWrongAmount",
                r#"{"received":100,"currency":"EUR","amount":"1.00"}"#,
                Some("€1.00 received"),
            ),
            (
                "paymentOfWrongAmount",
                r#"{"received":100,"currency":"XXX","amount":null}"#,
                None,
            ),
            ("refundDue", "no JSON", None),
        ] {
            assert_eq!(words(&frame, action, detail).as_deref(), expected, "{action} {detail}");
        }
    }
}
