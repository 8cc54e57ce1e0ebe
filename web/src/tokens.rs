//! A partner's tokens on the pages of the organizer and of the partner's own administrators: each as a card, and a new one as
//! a form.
//!
//! Fields of the form: `name`; `purpose` for each purpose and `field` for each detail; `expires`, a day; `networks`, one in each
//! line; `starts` like `expires`.

use jiff::Timestamp;

use crate::fields::{Asked, Input};
use crate::form::Form;
use crate::frame::Frame;
use crate::lines::{Need, Sheet, listed};

/// What the API tells of a token.
pub(crate) struct Told<'a> {
    pub(crate) id: &'a str,
    pub(crate) name: &'a str,
    pub(crate) prefix: &'a str,
    /// As the schema writes it, like each purpose.
    pub(crate) status: String,
    pub(crate) purposes: Vec<String>,
    pub(crate) labels: Vec<&'a str>,
    pub(crate) networks: &'a [String],
    pub(crate) not_before: &'a str,
    pub(crate) expires_at: &'a str,
    pub(crate) last_used_at: Option<&'a str>,
}

/// What a document's answer tells of a token.
macro_rules! told {
    ($token:expr) => {{
        let token = $token;
        $crate::tokens::Told {
            id: &token.id,
            name: &token.name,
            prefix: &token.prefix,
            status: $crate::frame::name_of(&token.status),
            purposes: token.purposes.iter().map($crate::frame::name_of).collect(),
            labels: token.fields.iter().map(|field| field.label.as_str()).collect(),
            networks: &token.networks,
            not_before: &token.not_before,
            expires_at: &token.expires_at,
            last_used_at: token.last_used_at.as_deref(),
        }
    }};
}
pub(crate) use told;

/// A token as a card.
pub(crate) struct Card {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) prefix: String,
    pub(crate) status: String,
    pub(crate) tone: &'static str,
    pub(crate) facts: Vec<(String, String)>,
    pub(crate) can_be_revoked: bool,
}

impl Card {
    /// On the clock of a zone.
    pub(crate) fn of(frame: &Frame, token: &Told<'_>, zone: &str, now: Timestamp) -> Self {
        let is_revoked = token.status == "REVOKED";
        let is_begun = is_over(token.not_before, now);
        let is_over = !is_revoked && is_over(token.expires_at, now);
        let purposes: Vec<String> = token
            .purposes
            .iter()
            .map(|purpose| frame.of("purpose", purpose))
            .collect();
        let moment = |at: &str| frame.moment(at, zone);
        let mut facts = vec![
            (frame.say("token-purposes"), purposes.join("; ")),
            (frame.say("token-fields"), listed(frame, token.labels.iter().copied())),
        ];
        if !is_revoked && !is_begun {
            facts.push((frame.say("token-starts"), moment(token.not_before)));
        }
        if !is_revoked {
            facts.push((frame.say("token-expires"), moment(token.expires_at)));
        }
        // Also of a revoked one: whoever revokes it asks what it did until then.
        facts.push((
            frame.say("token-used"),
            token.last_used_at.map_or_else(|| frame.say("token-never"), moment),
        ));
        if !is_revoked {
            let networks = match token.networks {
                [] => frame.say("token-anywhere"),
                some => some.join(", "),
            };
            facts.push((frame.say("token-networks"), networks));
        }
        Self {
            id: token.id.to_owned(),
            name: token.name.to_owned(),
            prefix: token.prefix.to_owned(),
            status: if is_over {
                frame.say("token-over")
            } else {
                frame.of("token-status", &token.status)
            },
            // Its word says the same.
            tone: match token.status.as_str() {
                _ if is_over => "",
                "ACTIVE" => "good",
                "UNCLAIMED" => "warn",
                _ => "",
            },
            facts,
            can_be_revoked: !is_revoked,
        }
    }
}

/// Whether the time of a token that ends then is over.
pub(crate) fn is_over(expires_at: &str, now: Timestamp) -> bool {
    expires_at.parse::<Timestamp>().is_ok_and(|end| end <= now)
}

/// What was approved of a partner: what a token of it can read. Every purpose, and every detail once.
#[derive(Default)]
pub(crate) struct Approved {
    pub(crate) purposes: Vec<String>,
    pub(crate) fields: Vec<Detail>,
}

/// A standard field by its name, or a question by its id.
pub(crate) struct Detail {
    pub(crate) key: String,
    pub(crate) label: String,
    pub(crate) is_question: bool,
}

impl Approved {
    /// Whether there is nothing to read.
    pub(crate) fn is_empty(&self) -> bool {
        self.fields.is_empty()
    }

    pub(crate) fn add(&mut self, key: String, label: &str, is_question: bool) {
        if self.fields.iter().all(|known| known.key != key) {
            self.fields.push(Detail {
                key,
                label: label.to_owned(),
                is_question,
            });
        }
    }

    /// Ticks all of it.
    pub(crate) fn tick(&self, form: &mut Form) {
        for purpose in &self.purposes {
            form.add("purpose", purpose);
        }
        for field in &self.fields {
            form.add("field", &field.key);
        }
    }
}

/// What was approved, from purposes with the fields of a document.
macro_rules! approved {
    ($versions:expr) => {{
        let mut approved = $crate::tokens::Approved::default();
        for (purpose, fields) in $versions {
            approved.purposes.push(purpose);
            for field in fields {
                let key = $crate::fields::key_of(field.field.as_ref(), field.question_id.as_ref());
                approved.add(key, &field.label, field.field.is_none());
            }
        }
        approved
    }};
}
pub(crate) use approved;

/// What the form of a new token shows.
pub(crate) struct Inputs {
    pub(crate) name: Input,
    pub(crate) purposes: Asked,
    pub(crate) fields: Asked,
    pub(crate) starts: Input,
    pub(crate) expires: Input,
    pub(crate) networks: Asked,
}

impl Inputs {
    pub(crate) fn of(sheet: &Sheet<'_>, approved: &Approved) -> Self {
        let list = |name, label, hint, form, need, choices| {
            let words = (sheet.frame.say(label), sheet.frame.say(hint));
            sheet.asked(name, words, form, need, choices)
        };
        let purposes = approved.purposes.iter();
        let purposes = purposes.map(|purpose| (purpose.clone(), sheet.frame.of("purpose", purpose)));
        let fields = approved.fields.iter();
        let fields = fields.map(|field| (field.key.clone(), field.label.clone()));
        Self {
            name: sheet.hinted("name", ("token-name", "token-name-hint"), "text", Need::Required),
            purposes: list(
                "purpose",
                "token-purposes",
                "token-purposes-hint",
                "choices",
                Need::Required,
                purposes.collect(),
            ),
            fields: list(
                "field",
                "token-fields",
                "token-fields-hint",
                "choices",
                Need::Required,
                fields.collect(),
            ),
            starts: sheet.hinted(
                "starts",
                ("token-first-day", "token-first-day-hint"),
                "date",
                Need::Optional,
            ),
            expires: sheet.hinted(
                "expires",
                ("token-last-day", "token-last-day-hint"),
                "date",
                Need::Optional,
            ),
            networks: list(
                "networks",
                "token-networks",
                "token-networks-hint",
                "long",
                Need::Optional,
                Vec::new(),
            ),
        }
    }
}

/// The only scope that the form names, in the types of a mutation; none where it names no field.
macro_rules! scope {
    ($module:ident, $form:expr, $approved:expr, $place:expr) => {{
        let (form, approved) = ($form, $approved);
        let read = |name: &String| serde_json::from_value(serde_json::json!(name)).ok();
        let purposes = approved
            .purposes
            .iter()
            .filter(|purpose| form.has_value("purpose", purpose));
        let chosen = approved
            .fields
            .iter()
            .filter(|field| form.has_value("field", &field.key));
        let fields: Vec<$module::OfferedFieldInput> = chosen
            .filter_map(|field| match field.is_question {
                true => Some($module::OfferedFieldInput::QuestionId(field.key.clone())),
                false => read(&field.key).map($module::OfferedFieldInput::Field),
            })
            .collect();
        (!fields.is_empty()).then(|| $module::TokenScopeInput {
            event_partner_id: $place.to_owned(),
            purposes: purposes
                .filter_map(|purpose| serde_json::from_value(serde_json::json!(purpose)).ok())
                .collect(),
            fields,
        })
    }};
}
pub(crate) use scope;

/// From when the form says: from the beginning of the day.
pub(crate) fn not_before(form: &Form) -> Option<String> {
    form.filled("starts").map(|day| format!("{day}T00:00:00Z"))
}

/// Until when the form says: to the end of the day.
pub(crate) fn expires_at(form: &Form) -> Option<String> {
    form.filled("expires").map(|day| format!("{day}T23:59:59Z"))
}

/// From where the form says.
pub(crate) fn networks(form: &Form) -> Vec<String> {
    form.text("networks").split_whitespace().map(str::to_owned).collect()
}

/// Which field of the form an error of the API is about.
pub(crate) fn place(path: &[String]) -> String {
    let path: Vec<&str> = path.iter().map(String::as_str).collect();
    match path.as_slice() {
        ["name", ..] => "name",
        ["scopes", _, "purposes", ..] => "purpose",
        ["scopes", _, "fields", ..] => "field",
        ["notBefore", ..] => "starts",
        ["expiresAt", ..] => "expires",
        ["networks", ..] => "networks",
        _ => "",
    }
    .to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn errors_stand_beside_what_they_are_about() {
        let path = |text: &str| text.split('.').map(str::to_owned).collect::<Vec<_>>();
        assert_eq!(place(&path("scopes.0.fields.2.questionId")), "field");
        assert_eq!(place(&path("scopes.0.purposes")), "purpose");
        assert_eq!(place(&path("networks.1")), "networks");
        assert_eq!(place(&path("partnerId")), "");
        assert_eq!(place(&[]), "");
    }
}
