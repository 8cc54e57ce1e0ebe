//! The columns of a file of leads: the same ones in the same order, whatever was granted; and what other programs call them.

use super::documents::take::TakePartnerLeadsNodes as Lead;
use super::found::Field;
use crate::fields::{CARD, key_of};
use crate::frame::name_of;

/// For which program a file is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Preset {
    Plain,
    HubSpot,
    Salesforce,
    Marketo,
    Dynamics,
}

/// Where a cell comes from.
#[derive(Clone, Copy, Debug)]
enum Cell {
    Id,
    ContactKey,
    Purpose,
    Basis,
    ConsentedOn,
    Version,
    DeleteBy,
    /// A standard field.
    Field(&'static str),
    /// The given name; nothing where it was not granted.
    First,
    /// The family name, or the whole one where it was not granted: these programs take nobody without.
    Last,
    Street,
    PostalCode,
    City,
    Region,
    Country,
    /// The same in each line.
    Words(&'static str),
}

/// What every lead comes with: on what ground it may be used, and how long.
const TERMS: [(&str, Cell); 7] = [
    ("Lead ID", Cell::Id),
    ("Contact Key", Cell::ContactKey),
    ("Consent Purpose", Cell::Purpose),
    ("Consent Basis", Cell::Basis),
    ("Consent Day", Cell::ConsentedOn),
    ("Consent Text Version", Cell::Version),
    ("Delete By", Cell::DeleteBy),
];

/// The standard fields that no program's columns hold, or not whole: what is handed out is on record as received, so it
/// stands in the file, behind what the program looks for.
const BESIDE: [&str; 5] = [
    "FULL_NAME",
    "POSTAL_ADDRESS",
    "SOCIAL_PROFILE",
    "TICKET_TYPE",
    "ATTENDANCE",
];

/// What a program calls the parts of a contact.
struct Named {
    first: &'static str,
    last: &'static str,
    email: &'static str,
    phone: &'static str,
    company: &'static str,
    title: &'static str,
    street: &'static str,
    postal_code: &'static str,
    region: &'static str,
    country: &'static str,
    /// Where it wants to know from where a lead came.
    source: Option<&'static str>,
}

impl Preset {
    pub(super) const ALL: [Self; 5] = [
        Self::Plain,
        Self::HubSpot,
        Self::Salesforce,
        Self::Marketo,
        Self::Dynamics,
    ];

    /// As it stands in a form.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Plain => "plain",
            Self::HubSpot => "hubspot",
            Self::Salesforce => "salesforce",
            Self::Marketo => "marketo",
            Self::Dynamics => "dynamics",
        }
    }

    /// As people call it; none where it is for no program in particular.
    pub(super) fn product(self) -> Option<&'static str> {
        match self {
            Self::Plain => None,
            Self::HubSpot => Some("HubSpot"),
            Self::Salesforce => Some("Salesforce"),
            Self::Marketo => Some("Marketo"),
            Self::Dynamics => Some("Dynamics 365"),
        }
    }

    /// The one of this name; the plain one where there is none.
    pub(super) fn of(name: &str) -> Self {
        let found = Self::ALL.into_iter().find(|preset| preset.name() == name);
        found.unwrap_or(Self::Plain)
    }

    /// What it calls its columns; none where it is for no program in particular.
    fn named(self) -> Option<Named> {
        let usual = Named {
            first: "First Name",
            last: "Last Name",
            email: "Email",
            phone: "Phone Number",
            company: "Company Name",
            title: "Job Title",
            street: "Street Address",
            postal_code: "Postal Code",
            region: "State/Region",
            country: "Country/Region",
            source: None,
        };
        Some(match self {
            Self::Plain => return None,
            Self::HubSpot => usual,
            Self::Salesforce => Named {
                first: "FirstName",
                last: "LastName",
                phone: "Phone",
                company: "Company",
                title: "Title",
                street: "Street",
                postal_code: "PostalCode",
                region: "State",
                country: "Country",
                source: Some("LeadSource"),
                ..usual
            },
            Self::Marketo => Named {
                email: "Email Address",
                street: "Address",
                region: "State",
                country: "Country",
                ..usual
            },
            Self::Dynamics => Named {
                phone: "Business Phone",
                street: "Street 1",
                postal_code: "ZIP/Postal Code",
                region: "State/Province",
                source: Some("Topic"),
                ..usual
            },
        })
    }
}

impl Named {
    fn cells(&self) -> Vec<(&'static str, Cell)> {
        let mut cells = vec![
            (self.first, Cell::First),
            (self.last, Cell::Last),
            (self.email, Cell::Field("EMAIL")),
            (self.phone, Cell::Field("PHONE")),
            (self.company, Cell::Field("COMPANY")),
            (self.title, Cell::Field("JOB_TITLE")),
            (self.street, Cell::Street),
            (self.postal_code, Cell::PostalCode),
            ("City", Cell::City),
            (self.region, Cell::Region),
            (self.country, Cell::Country),
        ];
        cells.extend(self.source.map(|source| (source, Cell::Words("Event"))));
        cells
    }
}

/// The columns of a file: what stands above, and what in each line.
pub(super) struct Columns {
    cells: Vec<(String, Cell)>,
    /// The questions that the offer names: what is asked, and which.
    questions: Vec<(String, String)>,
}

impl Columns {
    pub(super) fn of(preset: Preset, offered: &[Field]) -> Self {
        let owned = |(name, cell): (&str, Cell)| (name.to_owned(), cell);
        let plain = |field: &&'static str| (field.to_ascii_lowercase(), Cell::Field(field));
        let cells = match preset.named() {
            Some(named) => {
                let named = named.cells().into_iter().chain(TERMS).map(owned);
                named.chain(BESIDE.iter().map(plain)).collect()
            }
            None => TERMS.into_iter().map(owned).chain(CARD.iter().map(plain)).collect(),
        };
        let questions = offered.iter().filter_map(|field| {
            let id = field.question_id.clone()?;
            Some((field.label.clone(), id))
        });
        Self {
            cells,
            questions: questions.collect(),
        }
    }

    /// The first line.
    pub(super) fn names(&self) -> Vec<String> {
        let cells = self.cells.iter().map(|(name, _)| name.clone());
        cells
            .chain(self.questions.iter().map(|(label, _)| label.clone()))
            .collect()
    }

    /// The line of a lead; what was not granted is empty.
    pub(super) fn line(&self, lead: &Lead) -> Vec<String> {
        let cells = self.cells.iter().map(|(_, cell)| cell.of(lead));
        cells
            .chain(self.questions.iter().map(|(_, id)| value(lead, id)))
            .collect()
    }
}

impl Cell {
    fn of(self, lead: &Lead) -> String {
        let address = lead.postal_address.as_ref();
        match self {
            Self::Id => lead.id.clone(),
            Self::ContactKey => lead.contact_key.clone(),
            Self::Purpose => name_of(&lead.purpose),
            Self::Basis => name_of(&lead.legal_basis),
            Self::ConsentedOn => lead.consented_on.clone(),
            Self::Version => lead.consented_version.to_string(),
            Self::DeleteBy => lead.delete_by.clone(),
            Self::Field(field) => value(lead, field),
            Self::First => value(lead, "GIVEN_NAME"),
            Self::Last => or(value(lead, "FAMILY_NAME"), || value(lead, "FULL_NAME")),
            Self::Street => address.map(|its| its.street.clone()).unwrap_or_default(),
            Self::PostalCode => address.and_then(|its| its.postal_code.clone()).unwrap_or_default(),
            Self::City => or(value(lead, "CITY"), || {
                address.map(|its| its.city.clone()).unwrap_or_default()
            }),
            Self::Region => address.and_then(|its| its.region.clone()).unwrap_or_default(),
            Self::Country => or(value(lead, "COUNTRY"), || {
                address.map(|its| its.country.clone()).unwrap_or_default()
            }),
            Self::Words(words) => words.to_owned(),
        }
    }
}

/// What a lead has of a standard field or a question; empty where that is nothing.
fn value(lead: &Lead, key: &str) -> String {
    let mut fields = lead.fields.iter();
    let found = fields.find(|field| key_of(field.field.as_ref(), field.question_id.as_ref()) == key);
    found.map(|field| field.values.join("; ")).unwrap_or_default()
}

fn or(value: String, other: impl FnOnce() -> String) -> String {
    if value.is_empty() { other() } else { value }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn lead(fields: serde_json::Value, address: serde_json::Value) -> Lead {
        let lead = json!({ "id": "L", "contactKey": "K", "purpose": "EVENT_FOLLOW_UP", "legalBasis": "CONSENT",
            "consentedOn": "2027-03-01", "consentedVersion": 2, "deleteBy": "2027-06-01", "postalAddress": address, "fields": fields });
        serde_json::from_value(lead).expect("a lead")
    }

    fn field(name: &str, value: &str) -> serde_json::Value {
        json!({ "field": name, "questionId": null, "values": [value] })
    }

    /// A lead of whom everything was granted; each value says what it is.
    fn whole() -> Lead {
        let fields: Vec<_> = CARD.iter().map(|name| field(name, &format!("the {name}"))).collect();
        let address =
            json!({ "street": "Weg 1", "postalCode": "53111", "city": "Beuel", "region": "NRW", "country": "AT" });
        lead(json!(fields), address)
    }

    const TERMS: &str = "Lead ID,Contact Key,Consent Purpose,Consent Basis,Consent Day,Consent Text Version,Delete By";
    const BESIDE: &str = "full_name,postal_address,social_profile,ticket_type,attendance";

    /// A preset's first line, and the line of a lead of whom everything was granted.
    fn lines(preset: Preset) -> [String; 2] {
        let columns = Columns::of(preset, &[]);
        [columns.names(), columns.line(&whole())].map(|cells| cells.join(","))
    }

    #[test]
    fn the_plain_file_begins_with_the_terms_and_names_each_field() {
        let terms = "L,K,EVENT_FOLLOW_UP,CONSENT,2027-03-01,2,2027-06-01";
        let names = CARD.map(|name| name.to_ascii_lowercase()).join(",");
        let values = CARD.map(|name| format!("the {name}")).join(",");
        assert_eq!(
            lines(Preset::Plain),
            [format!("{TERMS},{names}"), format!("{terms},{values}")]
        );
        assert_eq!(
            names,
            "full_name,given_name,family_name,job_title,company,email,phone,postal_address,city,country,social_profile,\
             ticket_type,attendance"
        );
    }

    #[test]
    fn a_programs_file_begins_with_its_own_columns_then_the_terms_then_everything_that_it_does_not_name() {
        for (preset, named, source) in [
            (
                Preset::HubSpot,
                "First Name,Last Name,Email,Phone Number,Company Name,Job Title,Street Address,Postal Code,City,State/Region,\
                 Country/Region",
                "",
            ),
            (
                Preset::Salesforce,
                "FirstName,LastName,Email,Phone,Company,Title,Street,PostalCode,City,State,Country,LeadSource",
                ",Event",
            ),
            (
                Preset::Marketo,
                "First Name,Last Name,Email Address,Phone Number,Company Name,Job Title,Address,Postal Code,City,State,Country",
                "",
            ),
            (
                Preset::Dynamics,
                "First Name,Last Name,Email,Business Phone,Company Name,Job Title,Street 1,ZIP/Postal Code,City,State/Province,\
                 Country/Region,Topic",
                ",Event",
            ),
        ] {
            let line = format!(
                "the GIVEN_NAME,the FAMILY_NAME,the EMAIL,the PHONE,the COMPANY,the JOB_TITLE,Weg 1,53111,the CITY,NRW,\
                 the COUNTRY{source},L,K,EVENT_FOLLOW_UP,CONSENT,2027-03-01,2,2027-06-01,the FULL_NAME,the POSTAL_ADDRESS,\
                 the SOCIAL_PROFILE,the TICKET_TYPE,the ATTENDANCE"
            );
            assert_eq!(lines(preset), [format!("{named},{TERMS},{BESIDE}"), line], "{preset:?}");
        }
    }

    #[test]
    fn whatever_was_granted_stands_in_every_file_and_what_was_not_leaves_its_column_empty() {
        for preset in Preset::ALL {
            assert_eq!(Preset::of(preset.name()), preset);
            let columns = Columns::of(preset, &[]);
            let much = columns.line(&whole());
            for name in CARD {
                assert!(much.contains(&format!("the {name}")), "{preset:?}: {name}");
            }
            let little = columns.line(&lead(json!([]), json!(null)));
            let kept: Vec<&String> = little
                .iter()
                .filter(|cell| !cell.is_empty() && *cell != "Event")
                .collect();
            assert_eq!(
                kept,
                ["L", "K", "EVENT_FOLLOW_UP", "CONSENT", "2027-03-01", "2", "2027-06-01"]
            );
            assert_eq!(little.len(), columns.names().len());
        }
    }

    #[test]
    fn programs_that_take_nobody_without_a_last_name_get_the_whole_one() {
        let columns = Columns::of(Preset::HubSpot, &[]);
        let whole = columns.line(&lead(json!([field("FULL_NAME", "Ada Lovelace")]), json!(null)));
        assert_eq!(whole[..2], ["", "Ada Lovelace"]);
        let parts = [
            ("FULL_NAME", "Ada Lovelace"),
            ("GIVEN_NAME", "Ada"),
            ("FAMILY_NAME", "Lovelace"),
        ];
        let parts: Vec<_> = parts.iter().map(|(name, value)| field(name, value)).collect();
        assert_eq!(columns.line(&lead(json!(parts), json!(null)))[..2], ["Ada", "Lovelace"]);
    }

    #[test]
    fn an_address_stands_in_its_columns_and_answers_under_what_was_asked() {
        let asked = Field {
            field: None,
            question_id: Some("Q".into()),
            label: "Which track?".into(),
        };
        let columns = Columns::of(Preset::Marketo, &[asked]);
        let address =
            json!({ "street": "Weg 1", "postalCode": "53111", "city": "Bonn", "region": null, "country": "DE" });
        let answer = json!({ "field": null, "questionId": "Q", "values": ["Embedded", "Web"] });
        let line = columns.line(&lead(json!([answer]), address));
        assert_eq!(line[6..11], ["Weg 1", "53111", "Bonn", "", "DE"]);
        let last = (columns.names().pop(), line.last().cloned());
        assert_eq!(
            last,
            (Some("Which track?".to_owned()), Some("Embedded; Web".to_owned()))
        );
    }
}
