//! Making an organization, with its public key and itself as a partner (so that its own follow-up needs the same
//! consent).

use consentry_domain::{OrganizationId, PartnerId};
use consentry_entity::{organization, organization_key, partner};
use sea_orm::{ActiveModelTrait, ColumnTrait, EntityTrait, IntoActiveModel, PaginatorTrait, QueryFilter};

use crate::platform::{Code, Platform, Problems, Refused};
use crate::services::{Localized, input};
use crate::transaction;

/// A new organization, as it was typed.
#[derive(Clone, Debug)]
pub struct NewOrganization {
    /// The first part of its addresses.
    pub slug: String,
    /// As people know it.
    pub name: String,
    /// As it is registered.
    pub legal_name: String,
    /// ISO 3166-1 alpha-2.
    pub country: String,
    /// Whom to write to.
    pub contact_email: String,
    /// Whom to write to about data protection.
    pub data_protection_contact: String,
    /// The language of its mails.
    pub default_locale: String,
}

/// The characters of public keys: those of base62, so that tokens stay one word.
const ALPHABET: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

/// Makes it.
///
/// # Errors
/// What is wrong with the input, field by field.
pub async fn create(platform: &Platform, new: &NewOrganization) -> Result<organization::Model, Refused> {
    let row = judge(new)?;
    transaction!(platform.store.writer(), async |tx| {
        let taken = organization::Entity::find()
            .filter(organization::Column::Slug.eq(&row.slug))
            .count(tx)
            .await?;
        if taken > 0 {
            return Err(Refused::because(
                "slug",
                Code::Taken,
                "Another organization has this slug; choose another.",
            ));
        }
        let id: OrganizationId = tx.ordered_id();
        let now = tx.now().await?;
        let row = organization::Model {
            id,
            created_at: now.0,
            ..row.clone()
        };
        organization::Entity::insert(row.clone().into_active_model().reset_all())
            .exec_without_returning(tx)
            .await?;
        let key = tx
            .random::<5>()
            .map(|byte| char::from(ALPHABET[usize::from(byte) % ALPHABET.len()]));
        let key = organization_key::Model {
            key: key.iter().collect(),
            organization_id: id,
        };
        organization_key::Entity::insert(key.into_active_model().reset_all())
            .exec_without_returning(tx)
            .await?;
        let itself = partner::Model {
            organization_id: id,
            id: tx.ordered_id::<PartnerId>(),
            display_name: row.name.clone(),
            legal_name: row.legal_name.clone(),
            country: row.country.clone(),
            contact_email: row.contact_email.clone(),
            is_organization: true,
            active: true,
            created_at: now.0,
            revision: 1,
        };
        partner::Entity::insert(itself.into_active_model().reset_all())
            .exec_without_returning(tx)
            .await?;
        Ok(row)
    })
}

fn judge(new: &NewOrganization) -> Result<organization::Model, Refused> {
    let mut problems = Problems::new();
    let row = organization::Model {
        id: uuid::Uuid::nil().into(),
        slug: problems.keep("slug", input::slug(&new.slug)).unwrap_or_default(),
        name: problems.keep("name", input::line(&new.name, 200)).unwrap_or_default(),
        legal_name: problems
            .keep("legalName", input::line(&new.legal_name, 200))
            .unwrap_or_default(),
        country: problems
            .keep("country", input::country(&new.country))
            .unwrap_or_default(),
        contact_email: problems
            .keep("contactEmail", input::email(&new.contact_email))
            .unwrap_or_default(),
        data_protection_contact: problems
            .keep("dataProtectionContact", input::line(&new.data_protection_contact, 300))
            .unwrap_or_default(),
        default_locale: problems
            .keep("defaultLocale", input::locale(&new.default_locale))
            .unwrap_or_default(),
        created_at: 0,
        revision: 1,
        logo: None,
        accent_color: None,
        authenticator_required: false,
        introduction: Localized::default().to_column(),
        footer: Localized::default().to_column(),
    };
    problems.none()?;
    Ok(row)
}
