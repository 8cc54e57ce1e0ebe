//! `updateOrganization`.

use async_graphql::{Context, ID, InputObject, MaybeUndefined};
use consentry_domain::PictureId;

use super::ManagedOrganization;
use super::roster::of_organization;
use crate::graphql::public::{LocalizedTextInput, localized};
use crate::graphql::scalars::Locale;
use crate::graphql::{caller, ids, platform};
use crate::mutation;
use crate::platform::Refused;
use crate::services::organizations::{self, OrganizationChange, Wish};
use crate::services::pictures;

/// A change of an organization; what is absent stays.
#[derive(InputObject)]
pub struct UpdateOrganizationInput {
    /// The organization.
    organization_id: ID,
    /// The revision that was seen.
    revision: i64,
    /// As people know it.
    name: Option<String>,
    /// As it is registered.
    legal_name: Option<String>,
    /// ISO 3166-1 alpha-2.
    country: Option<String>,
    /// Whom to write to.
    contact_email: Option<String>,
    /// Whom to write to about data protection: an address of mail, post or a page, in one line.
    data_protection_contact: Option<String>,
    /// The language of its mails when a reader's is not known.
    default_locale: Option<Locale>,
    /// What stands at the head of its pages, as `addPicture` named it; null takes it away.
    logo_id: MaybeUndefined<ID>,
    /// The colour of links and buttons on its pages, as # and six hexadecimal digits; null takes it away. One that not
    /// everybody could read is refused with the nearest one that everybody can.
    accent_color: MaybeUndefined<String>,
    /// Whether a role in the team counts only for whoever has an authenticator (`prepareAuthenticator`). Only who has one can
    /// ask others for it.
    authenticator_required: Option<bool>,
    /// What it says of itself above the list of its events (CommonMark, at most 2,000 characters); languages that are not
    /// named stay, and a blank text takes its language away.
    introduction: Option<Vec<LocalizedTextInput>>,
    /// One line at the foot of its pages and mails (at most 300 characters); languages that are not named stay, and a blank
    /// text takes its language away.
    footer: Option<Vec<LocalizedTextInput>>,
}

mutation! {
    /// Changes what an organization is called and where it is reached. Where it receives leads itself it is called there
    /// as here. What was consented to keeps the words that were shown.
    UpdateOrganization::update_organization(UpdateOrganizationInput) => run;
    UpdateOrganizationPayload {
        /// The organization; absent when it was refused.
        organization: ManagedOrganization
    }
    UpdateOrganizationUserError, UpdateOrganizationErrorCode { Invalid, Required, TooLong, NotFound, Stale, LowContrast, WrongState }
}

async fn run(ctx: &Context<'_>, input: UpdateOrganizationInput) -> Result<ManagedOrganization, Refused> {
    let authorized = of_organization(ctx, "organizationId", &input.organization_id).await?;
    let logo = match &input.logo_id {
        MaybeUndefined::Undefined => Wish::Stays,
        MaybeUndefined::Null => Wish::Nothing,
        MaybeUndefined::Value(id) => {
            let picture = ids::own::<PictureId>(authorized.organization(), id);
            Wish::Is(picture.ok_or_else(|| pictures::missing("logoId"))?)
        }
    };
    let change = OrganizationChange {
        revision: input.revision,
        name: input.name,
        legal_name: input.legal_name,
        country: input.country,
        contact_email: input.contact_email,
        data_protection_contact: input.data_protection_contact,
        default_locale: input.default_locale.map(|locale| locale.0),
        logo,
        accent_color: match input.accent_color {
            MaybeUndefined::Undefined => Wish::Stays,
            MaybeUndefined::Null => Wish::Nothing,
            MaybeUndefined::Value(colour) => Wish::Is(colour),
        },
        authenticator_required: input.authenticator_required,
        introduction: input.introduction.map(localized),
        footer: input.footer.map(localized),
    };
    let row = organizations::update(platform(ctx), &authorized, &change).await?;
    ManagedOrganization::open(platform(ctx), caller(ctx), row).await
}
