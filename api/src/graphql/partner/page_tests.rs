//! The plan and the derived types answer with the same bytes, for documents made at random.

use std::cell::Cell;
use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use async_graphql::{Context, EmptyMutation, EmptySubscription, Object, Request, Response, Schema, Value, Variables};
use consentry_domain::disclosure::{InForce, Reader, Scope, disclose};
use consentry_domain::lead::{LeadImage, LeadState, StoredLead};
use consentry_domain::{
    AnswerValue, Capability, ChoiceId, ConsentRecordId, ContactKey, Day, EventKind, EventPartnerId, FieldMask, Instant,
    LeadId, LeadValues, OfferId, OrganizationId, PartnerId, PartnerRole, PostalAddress, Purpose, PurposeSet,
    QuestionId, TicketTypeId, TokenStatus,
};
use proptest::prelude::*;
use uuid::Uuid;

use super::lead::LeadConnection;
use super::page::{LeadPage, Selected, shown};
use crate::graphql::json::JsonPages;
use crate::platform::keys::Keys;
use crate::services::Localized;
use crate::services::disclosure::Stream;
use crate::services::disclosure::facts::{EventFacts, PartnerFacts, QuestionFacts, StreamFacts};
use crate::services::disclosure::pull::Pulled;

/// How often a page was answered by a plan.
static PLANNED: AtomicUsize = AtomicUsize::new(0);

struct Query;

#[Object]
impl Query {
    /// `yes` and `no` are there so that the variables behind them count as used.
    async fn fast(&self, ctx: &Context<'_>, leads: i32, yes: bool, no: bool) -> LeadPage {
        assert_ne!(yes, no);
        let selected = Selected::of(ctx.field());
        assert_eq!(selected.fields(), shown(ctx.field()), "both see the same selection");
        if selected.has_plan() {
            PLANNED.fetch_add(1, Ordering::Relaxed);
        }
        LeadPage::new(keys(), pulled(leads), selected)
    }

    async fn slow(&self, leads: i32, yes: bool, no: bool) -> LeadConnection {
        assert_ne!(yes, no);
        LeadConnection::new(&keys(), &Arc::new(pulled(leads)))
    }
}

fn keys() -> Arc<Keys> {
    Arc::new(Keys::new(&[7; 32]))
}

fn id(number: u128) -> Uuid {
    Uuid::from_u128(number)
}

fn localized(en: &str, de: &str) -> Localized {
    Localized(BTreeMap::from([("en".into(), en.into()), ("de".into(), de.into())]))
}

fn stream() -> Stream {
    let choices = BTreeMap::from([(ChoiceId(id(30)), localized("small", "klein"))]);
    let question = |number, choices| QuestionFacts {
        id: QuestionId(id(number)),
        label: localized("Size?", "Größe?"),
        choices,
    };
    Stream {
        id: OfferId(id(2)),
        in_force: InForce {
            event_partner_id: EventPartnerId(id(3)),
            purpose: Purpose::RelatedEvents,
            version: Some(4),
            active: true,
            starts: None,
            ends: None,
            fields: FieldMask::ALL,
        },
        retention_days: 30,
        event_ends_at: Day(20_000).start(),
        facts: StreamFacts {
            partner: PartnerFacts {
                id: PartnerId(id(4)),
                display_name: "P".into(),
                legal_name: "P GmbH".into(),
                country: "DE".into(),
            },
            role: PartnerRole::Exhibitor,
            event: EventFacts {
                title: localized("Days", "Tage"),
                default_locale: "en".into(),
                kind: EventKind::Webinar,
                starts_at: Instant(0),
                ends_at: Instant(1),
                time_zone: None,
            },
            text: Localized::default(),
            questions: BTreeMap::from([(20, question(20, choices)), (21, question(21, BTreeMap::new()))]),
            ticket_types: BTreeMap::from([(TicketTypeId(id(5)), localized("Regular", "Normal"))]),
        },
    }
}

/// Leads of which each has other values; the last has none.
fn values(number: usize) -> LeadValues {
    let text = |text: &str, on: usize| (number & on == 0).then(|| text.to_owned());
    LeadValues {
        full_name: Some("Ada \"the\" King\u{2028}".into()),
        given_name: text("Ada", 1),
        family_name: text("King", 2),
        email: text("ada@example.org", 1),
        phone: text("+49", 2),
        company: text("Engines", 1),
        job_title: text("Analyst", 2),
        city: text("London", 1),
        country: text("GB", 2),
        postal_address: (number & 1 == 0).then(|| PostalAddress {
            street: "1 Square\n2nd".into(),
            city: "London".into(),
            region: Some("X".into()),
            ..Default::default()
        }),
        social_profile: text("https://social.example", 1),
        ticket_type: (number & 2 == 0).then_some(TicketTypeId(id(5))),
        attended: number & 1 == 0,
        answers: BTreeMap::from([
            (20, AnswerValue(vec![id(30).to_string(), "gone".into()])),
            (21, AnswerValue(vec!["free text".into()])),
            (22, AnswerValue(vec!["a question without facts".into()])),
        ]),
    }
}

fn pulled(leads: i32) -> Pulled {
    let stream = stream();
    let fields = if leads == 4 { FieldMask::EMPTY } else { FieldMask::ALL };
    let scope = Scope {
        event_partner_id: EventPartnerId(id(3)),
        purposes: PurposeSet::EMPTY.with(Purpose::RelatedEvents),
        fields,
    };
    let reader = Reader {
        status: TokenStatus::Active,
        not_before: Instant(0),
        expires_at: Instant(9),
        address_in_range: true,
        capabilities: vec![Capability::Pull],
        scopes: vec![scope],
    };
    let lead = |number: usize| {
        let values = values(number);
        let image = LeadImage {
            offer_version: 4,
            consented_version: 3,
            consented_on: Day(20_100),
            consent_record_id: ConsentRecordId(id(7)),
            mask: values.mask_of_present(),
            values,
        };
        let stored = StoredLead {
            id: LeadId(id(100 + number as u128)),
            contact_key: ContactKey(id(200 + number as u128)),
            state: LeadState::Live,
            revision: 1,
            received: FieldMask::EMPTY,
            image,
        };
        disclose(stored, &stream.in_force, &reader, Capability::Pull, Instant(1)).expect("it is disclosable")
    };
    let leads: Vec<_> = (0..usize::try_from(leads).expect("a count")).map(lead).collect();
    Pulled {
        organization: OrganizationId(id(1)),
        last: leads.last().map(|lead| lead.id().0.as_bytes().to_vec()),
        has_next_page: leads.len() == 2,
        has_previous_page: leads.len() == 3,
        stream,
        wanted: Default::default(),
        leads,
        #[cfg(feature = "planted-leaks")]
        sequence: Default::default(),
    }
}

/// Makes a document out of bytes: each decision takes one.
struct Writer<'a> {
    bytes: &'a [u8],
    at: Cell<usize>,
    fragments: Vec<(&'static str, String)>,
}

impl Writer<'_> {
    fn below(&self, bound: usize) -> usize {
        let byte = self.bytes.get(self.at.get()).copied().unwrap_or(0);
        self.at.set(self.at.get() + 1);
        usize::from(byte) % bound
    }

    fn directive(&mut self) -> &'static str {
        match self.below(16) {
            9 => " @include(if: true)",
            10 => " @skip(if: false)",
            11 => " @skip(if: true)",
            12 => " @include(if: false)",
            13 => " @skip(if: $yes)",
            14 => " @include(if: $yes)",
            15 => " @include(if: $no)",
            _ => "",
        }
    }

    fn selection(&mut self, of: &'static str, depth: usize) -> String {
        let mut text = String::from("{");
        for _ in 0..=self.below(5) {
            let item = match self.below(8) {
                0 if depth < 6 => {
                    let on = ["", "on "][self.below(2)];
                    let on = if on.is_empty() {
                        String::new()
                    } else {
                        format!("on {of}")
                    };
                    let directive = self.directive();
                    format!(" ... {on}{directive} {}", self.selection(of, depth + 1))
                }
                1 if depth < 6 => {
                    let known: Vec<usize> = (0..self.fragments.len())
                        .filter(|number| self.fragments[*number].0 == of)
                        .collect();
                    let number = if !known.is_empty() && self.below(2) == 0 {
                        known[self.below(known.len())]
                    } else {
                        let body = self.selection(of, depth + 1);
                        self.fragments.push((of, body));
                        self.fragments.len() - 1
                    };
                    format!(" ... F{number}{}", self.directive())
                }
                _ => self.field(of, depth),
            };
            text.push_str(&item);
        }
        text.push('}');
        text
    }

    fn field(&mut self, of: &'static str, depth: usize) -> String {
        let fields = fields(of);
        let (name, inner) = fields[self.below(fields.len())];
        let (argument, suffix) = match (of, name) {
            ("Lead", "ticketType") | ("LeadField", "label" | "values") => [
                ("", ""),
                ("(locale: \"de\")", "De"),
                ("(locale: null)", "Null"),
                ("(locale: \"fr\")", "Fr"),
            ][self.below(4)],
            _ => ("", ""),
        };
        let alias = match (self.below(4), suffix) {
            (0, suffix) => format!("alias{name}{suffix}: "),
            (_, "") => String::new(),
            (_, suffix) => format!("{name}{suffix}: "),
        };
        let directive = self.directive();
        let inner = inner.map(|inner| self.selection(inner, depth + 1)).unwrap_or_default();
        format!(" {alias}{name}{argument}{directive}{inner}")
    }
}

/// The fields of a type, with the types of those that are objects.
fn fields(of: &str) -> &'static [(&'static str, Option<&'static str>)] {
    match of {
        "LeadConnection" => &[
            ("nodes", Some("Lead")),
            ("edges", Some("LeadEdge")),
            ("pageInfo", Some("PageInfo")),
            ("__typename", None),
        ],
        "LeadEdge" => &[("node", Some("Lead")), ("cursor", None), ("__typename", None)],
        "PageInfo" => &[
            ("hasNextPage", None),
            ("hasPreviousPage", None),
            ("startCursor", None),
            ("endCursor", None),
            ("__typename", None),
        ],
        "Lead" => &[
            ("id", None),
            ("contactKey", None),
            ("purpose", None),
            ("legalBasis", None),
            ("consentedOn", None),
            ("consentedVersion", None),
            ("offerVersion", None),
            ("deleteBy", None),
            ("fields", Some("LeadField")),
            ("fullName", None),
            ("givenName", None),
            ("familyName", None),
            ("email", None),
            ("phone", None),
            ("company", None),
            ("jobTitle", None),
            ("city", None),
            ("country", None),
            ("postalAddress", Some("PostalAddress")),
            ("socialProfile", None),
            ("ticketType", None),
            ("attended", None),
            ("__typename", None),
        ],
        "LeadField" => &[
            ("field", None),
            ("questionId", None),
            ("label", None),
            ("values", None),
            ("__typename", None),
        ],
        _ => &[
            ("street", None),
            ("postalCode", None),
            ("city", None),
            ("region", None),
            ("country", None),
            ("__typename", None),
        ],
    }
}

/// The answer's bytes; a page that is JSON already as it stands.
fn written(response: &Response, document: &str) -> String {
    match &response.data {
        Value::Object(data) if matches!(data.get("page"), Some(Value::Binary(_))) => {
            assert!(response.errors.is_empty() && data.len() == 1, "{document}");
            let Some(Value::Binary(page)) = data.get("page") else {
                unreachable!()
            };
            format!(
                "{{\"data\":{{\"page\":{}}}}}",
                std::str::from_utf8(page).expect("UTF-8")
            )
        }
        _ => serde_json::to_string(response).expect("JSON"),
    }
}

#[test]
fn every_field_of_the_types_is_in_the_generator() {
    let sdl = Schema::new(Query, EmptyMutation, EmptySubscription).sdl();
    for of in [
        "LeadConnection",
        "LeadEdge",
        "PageInfo",
        "Lead",
        "LeadField",
        "PostalAddress",
    ] {
        let start = sdl.find(&format!("type {of} {{")).expect("the type is in the schema");
        let body = &sdl[start..start + sdl[start..].find("\n}").expect("it ends")];
        let names: Vec<&str> = body
            .lines()
            .skip(1)
            .map(str::trim)
            .filter(|line| line.starts_with(char::is_alphabetic) && line.contains(": "))
            .filter_map(|line| line.split(['(', ':']).next())
            .filter(|name| !name.contains(' '))
            .collect();
        for name in &names {
            assert!(fields(of).iter().any(|(known, _)| known == name), "{of}.{name}");
        }
        assert_eq!(names.len() + 1, fields(of).len(), "{of}: {names:?}");
    }
}

#[test]
fn the_plan_and_the_derived_types_answer_with_the_same_bytes() {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .build()
        .expect("a runtime");
    let schema = Schema::new(Query, EmptyMutation, EmptySubscription);
    let answers = std::sync::atomic::AtomicUsize::new(0);
    let cases = 600;
    let config = ProptestConfig {
        cases,
        failure_persistence: None,
        ..ProptestConfig::default()
    };
    proptest!(config, |(bytes in proptest::collection::vec(any::<u8>(), 4..160), leads in 0..5)| {
        let mut writer = Writer { bytes: &bytes, at: Cell::new(0), fragments: Vec::new() };
        let selection = writer.selection("LeadConnection", 0);
        let fragments: String =
            writer.fragments.iter().enumerate().map(|(number, (of, body))| format!(" fragment F{number} on {of} {body}")).collect();
        let document = |root: &str| {
            format!(
                "query($yes: Boolean! = true, $no: Boolean! = false, $leads: Int!) {{ \
                 page: {root}(leads: $leads, yes: $yes, no: $no) {selection} }}{fragments}"
            )
        };
        let variables = || Variables::from_json(serde_json::json!({ "leads": leads, "yes": true, "no": false }));
        let answer = |root: &str, request: Request| {
            let response = runtime.block_on(schema.execute(request.variables(variables())));
            written(&response, document(root).as_str())
        };
        let fast = answer("fast", Request::new(document("fast")).data(JsonPages));
        prop_assert_eq!(&fast, &answer("slow", Request::new(document("slow"))), "{}", document("fast"));
        let plain = answer("fast", Request::new(document("fast")));
        prop_assert_eq!(&fast, &plain, "where nobody writes JSON as it stands, the derived types answer");
        if fast.contains("\"page\":{") {
            answers.fetch_add(1, Ordering::Relaxed);
        }
    });
    let (answers, planned) = (answers.into_inner(), PLANNED.load(Ordering::Relaxed));
    println!("{cases} documents, {answers} answered with a page, {planned} of them by a plan");
    assert!(
        answers * 10 > cases as usize * 7,
        "most documents are good ones: {answers}"
    );
    assert!(planned * 10 > answers * 7, "most pages are planned: {planned}");
}
