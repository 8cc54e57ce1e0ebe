//! A registration in hand with what is to become of it: judged, compared, written.

use consentry_domain::{AnswerValue, EventId, OrganizationId, QuestionId, RegistrationId, RegistrationStatus, text};
use consentry_entity::{answer, registration};
use sea_orm::{ActiveModelTrait, ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, QuerySelect};

use super::super::draft::DraftPerson;
use super::super::{Attendee, judge, sort_name, words};
use super::Change;
use super::birth::{self, NewBirth};
use crate::platform::store::{Tx, sql};
use crate::platform::{Code, Fault, Platform, Problems, Refused};
use crate::services::events::Audience;
use crate::services::input;
use crate::services::sales::Form;
use crate::services::sharing::{decide, offers, postal_address};

/// The form that judges the answers and the date of birth, where there are any.
pub(super) async fn form(
    platform: &Platform,
    organization: OrganizationId,
    event: EventId,
    change: &Change,
) -> Result<Option<Form>, Refused> {
    if change.answers.is_empty() && change.date_of_birth.is_none() {
        return Ok(None);
    }
    let form = Form::load_as(&platform.store, Audience::Staff, organization, event).await;
    form.map(Some)
}

/// Locks the event's offers, which a change of address decides about, and the registration.
pub(super) async fn lock(
    tx: &Tx,
    organization: OrganizationId,
    event: EventId,
    id: RegistrationId,
) -> Result<Option<registration::Model>, Refused> {
    offers::share(tx, organization, event).await?;
    let found = registration::Entity::find_by_id((organization, id))
        .lock_exclusive()
        .one(tx)
        .await?;
    Ok(found.filter(|row| row.event_id == event && row.status != RegistrationStatus::Erased))
}

/// What a change says about the address.
pub(super) enum NewAddress {
    /// Nothing, or the same mailbox.
    Same,
    /// Another one.
    Other(String),
}

/// A registration with its change.
pub(super) struct Edit {
    /// As it is to be.
    pub row: registration::Model,
    /// What is said about the address; nothing of it is on the row yet but another spelling.
    pub address: NewAddress,
    /// The names of the fields that change.
    pub changed: Vec<&'static str>,
    /// The answers that change; a blank one goes.
    pub answers: Vec<(QuestionId, AnswerValue)>,
    /// The date of birth, where it changes.
    pub born: Option<NewBirth>,
}

impl Edit {
    /// Judges the change of a registration that is locked; everything that is wrong with it comes at once.
    pub async fn judge(
        tx: &Tx,
        before: &registration::Model,
        change: &Change,
        form: Option<&Form>,
    ) -> Result<Self, Refused> {
        if before.status == RegistrationStatus::Cancelled {
            let message = "This place was given up; it is not changed any more.";
            return Err(Refused::because("registrationId", Code::WrongState, message));
        }
        let mut problems = Problems::new();
        let person = judge::judge_person("", &merged(before, change)?, &mut problems);
        let given = form.map_or_else(Vec::new, |form| {
            judge::judge_answers(form, before.ticket_type_id, &change.answers, &mut problems)
        });
        let born = match (&change.date_of_birth, form) {
            (Some(text), Some(form)) => birth::judge(form, before, text, &mut problems)?,
            _ => None,
        };
        let locale = match change.locale.as_deref() {
            Some(text) => problems.keep("locale", input::locale(text)),
            None => None,
        };
        problems.none()?;
        let unread = || Fault::Corrupt("a person without a problem and without a name".into());
        let person = person.ok_or_else(unread)?;
        let address = match &before.email {
            Some(known) if text::email_key(known) == text::email_key(&person.email) => NewAddress::Same,
            _ => NewAddress::Other(person.email.clone()),
        };
        let mut edit = Self {
            row: before.clone(),
            address,
            changed: Vec::new(),
            answers: differing(tx, before, given).await?,
            born,
        };
        edit.put(person)?;
        if let Some(born) = born {
            edit.row.date_of_birth = born.to.map(|day| day.to_string());
            edit.changed.push("dateOfBirth");
        }
        if let Some(locale) = locale.filter(|locale| *locale != before.locale) {
            edit.row.locale = locale;
            edit.changed.push("locale");
        }
        Ok(edit)
    }

    /// Whether anything is to be written.
    pub fn is_empty(&self) -> bool {
        self.changed.is_empty() && self.answers.is_empty()
    }

    fn put(&mut self, person: DraftPerson) -> Result<(), Fault> {
        let (row, changed) = (&mut self.row, &mut self.changed);
        let mut put = |name: &'static str, column: &mut Option<String>, value: Option<String>| {
            if *column != value {
                *column = value;
                changed.push(name);
            }
        };
        let given = (person.given_name.as_deref(), person.family_name.as_deref());
        row.sort_name = sort_name(&person.full_name, given.0, given.1);
        put("fullName", &mut row.full_name, Some(person.full_name));
        put("givenName", &mut row.given_name, person.given_name);
        put("familyName", &mut row.family_name, person.family_name);
        if let NewAddress::Same = self.address {
            put("email", &mut row.email, Some(person.email));
        }
        put("phone", &mut row.phone, person.phone);
        put("company", &mut row.company, person.company);
        put("jobTitle", &mut row.job_title, person.job_title);
        put("city", &mut row.city, person.city);
        put("country", &mut row.country, person.country);
        put("socialProfile", &mut row.social_profile, person.social_profile);
        if postal_address(row.postal_address.as_deref())? != person.postal_address {
            let json = |address| serde_json::to_string(address).map_err(|error| Fault::Outside(error.to_string()));
            row.postal_address = person.postal_address.as_ref().map(json).transpose()?;
            changed.push("postalAddress");
        }
        Ok(())
    }

    /// Writes the row, with its next revision, and the answers.
    pub async fn write(&mut self, tx: &Tx) -> Result<(), Refused> {
        self.row.revision += 1;
        write(tx, &self.row).await?;
        if self.answers.is_empty() {
            return Ok(());
        }
        let (organization, id) = (self.row.organization_id, self.row.id);
        answer::Entity::delete_many()
            .filter(answer::Column::OrganizationId.eq(organization))
            .filter(answer::Column::RegistrationId.eq(id))
            .filter(answer::Column::QuestionId.is_in(self.answers.iter().map(|(question, _)| *question)))
            .exec(tx)
            .await?;
        let mut rows = Vec::new();
        for (question, value) in self.answers.iter().filter(|(_, value)| !value.is_blank()) {
            let value = serde_json::to_string(value).map_err(|error| Fault::Outside(error.to_string()))?;
            let row = answer::Model {
                organization_id: organization,
                registration_id: id,
                question_id: *question,
                value,
            };
            rows.push(row.into_active_model().reset_all());
        }
        if !rows.is_empty() {
            answer::Entity::insert_many(rows).exec_without_returning(tx).await?;
        }
        Ok(())
    }

    /// Ends the consents that, by a corrected date of birth, nobody could give.
    pub async fn follow_birth(&self, tx: &Tx) -> Result<(), Refused> {
        match self.born.and_then(|born| born.to) {
            Some(born) => decide::too_young(tx, &self.row, born).await,
            None => Ok(()),
        }
    }

    /// For the audit log: the names of what changed, never a value.
    pub fn detail(&self) -> serde_json::Value {
        serde_json::json!({ "fields": self.changed, "answers": self.answers.len() })
    }
}

/// The person as it would be: what is not named is judged again as it stands.
fn merged(row: &registration::Model, change: &Change) -> Result<Attendee, Fault> {
    let or = |new: &Option<String>, old: &Option<String>| new.clone().or_else(|| old.clone());
    let postal_address = match &change.postal_address {
        Some(new) => Some(new.clone()),
        None => postal_address(row.postal_address.as_deref())?,
    };
    Ok(Attendee {
        ticket_type: Some(row.ticket_type_id),
        full_name: or(&change.full_name, &row.full_name).unwrap_or_default(),
        given_name: or(&change.given_name, &row.given_name),
        family_name: or(&change.family_name, &row.family_name),
        email: or(&change.email, &row.email).unwrap_or_default(),
        phone: or(&change.phone, &row.phone),
        company: or(&change.company, &row.company),
        job_title: or(&change.job_title, &row.job_title),
        city: or(&change.city, &row.city),
        country: or(&change.country, &row.country),
        postal_address,
        social_profile: or(&change.social_profile, &row.social_profile),
        date_of_birth: None,
        of_age: None,
        guardian: None,
        is_buyer: row.is_buyer,
        answers: Vec::new(),
        acknowledged: Vec::new(),
        wishes: Vec::new(),
    })
}

/// Those that are not what is kept already.
async fn differing(
    tx: &Tx,
    row: &registration::Model,
    given: Vec<(QuestionId, AnswerValue)>,
) -> Result<Vec<(QuestionId, AnswerValue)>, Refused> {
    if given.is_empty() {
        return Ok(given);
    }
    let kept = answer::Entity::find()
        .filter(answer::Column::OrganizationId.eq(row.organization_id))
        .filter(answer::Column::RegistrationId.eq(row.id))
        .all(tx)
        .await?;
    let mut differing = Vec::new();
    for (question, value) in given {
        let before: AnswerValue = match kept.iter().find(|answer| answer.question_id == question) {
            Some(answer) => serde_json::from_str(&answer.value)
                .map_err(|_| Fault::Corrupt("an answer that cannot be read".into()))?,
            None => AnswerValue::default(),
        };
        if before != value {
            differing.push((question, value));
        }
    }
    Ok(differing)
}

/// Writes everything of a row that a change, or the proof of an address, can touch, and by which words it is found.
pub(in super::super) async fn write(tx: &Tx, row: &registration::Model) -> Result<(), Refused> {
    sql::execute(
        tx,
        "update registration set full_name = $3, given_name = $4, family_name = $5, sort_name = $6, email = $7, \
         email_key = $8, email_proved_at = $9, new_email = $10, address_generation = $11, phone = $12, company = $13, \
         job_title = $14, city = $15, country = $16, postal_address = $17, social_profile = $18, link_generation = $19, \
         consents_suspended = $20, person_id = $21, restricted_at = $22, revision = $23, date_of_birth = $24, \
         locale = $25 where organization_id = $1 and id = $2",
        [
            row.organization_id.into(),
            row.id.into(),
            row.full_name.clone().into(),
            row.given_name.clone().into(),
            row.family_name.clone().into(),
            row.sort_name.clone().into(),
            row.email.clone().into(),
            row.email.as_deref().map(text::email_key).into(),
            row.email_proved_at.into(),
            row.new_email.clone().into(),
            row.address_generation.into(),
            row.phone.clone().into(),
            row.company.clone().into(),
            row.job_title.clone().into(),
            row.city.clone().into(),
            row.country.clone().into(),
            row.postal_address.clone().into(),
            row.social_profile.clone().into(),
            row.link_generation.into(),
            row.consents_suspended.into(),
            row.person_id.into(),
            row.restricted_at.into(),
            row.revision.into(),
            row.date_of_birth.clone().into(),
            row.locale.clone().into(),
        ],
    )
    .await?;
    Ok(words::write(tx, std::slice::from_ref(row)).await?)
}
