//! Changing what an organization is called and where it is reached.

use consentry_domain::accent::{Rgb, Theme};
use consentry_domain::{AccountId, ActorKind, OrganizationId, PictureId};
use consentry_entity::organization;
use sea_orm::{ActiveModelTrait, EntityTrait, IntoActiveModel, QuerySelect};

use crate::access::rights::ManageOrganization;
use crate::access::{Authorized, OrganizationScope};
use crate::platform::store::Tx;
use crate::platform::{Code, Fault, Platform, Problems, Refused};
use crate::services::{Localized, audit, input, partners, pictures, sign_in};
use crate::transaction;

/// What becomes of something that need not be there.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Wish<T> {
    /// It stays as it is.
    #[default]
    Stays,
    /// It is taken away.
    Nothing,
    /// It is this.
    Is(T),
}

impl<T> Wish<T> {
    /// What there is then.
    fn or(self, before: Option<T>) -> Option<T> {
        match self {
            Self::Stays => before,
            Self::Nothing => None,
            Self::Is(value) => Some(value),
        }
    }
}

/// A change of an organization; what is absent stays.
#[derive(Clone, Debug, Default)]
pub struct OrganizationChange {
    /// The revision that was seen.
    pub revision: i64,
    /// As people know it.
    pub name: Option<String>,
    /// As it is registered.
    pub legal_name: Option<String>,
    /// ISO 3166-1 alpha-2.
    pub country: Option<String>,
    /// Whom to write to.
    pub contact_email: Option<String>,
    /// Whom to write to about data protection.
    pub data_protection_contact: Option<String>,
    /// The language of its mails.
    pub default_locale: Option<String>,
    /// The picture that its pages wear.
    pub logo: Wish<PictureId>,
    /// The colour that they wear.
    pub accent_color: Wish<String>,
    /// Whether a role counts only for whoever has an authenticator.
    pub authenticator_required: Option<bool>,
    /// What stands above its list of events (CommonMark). A language that is not named stays; a blank text takes its
    /// language away. So it is with the footer.
    pub introduction: Option<Localized>,
    /// What stands at the foot of its pages and mails.
    pub footer: Option<Localized>,
}

impl OrganizationChange {
    /// As it is kept; everything that is wrong with it comes at once.
    fn judge(&self) -> Result<Self, Refused> {
        let mut problems = Problems::new();
        let mut keep = |field, typed: &Option<String>, judged: &dyn Fn(&str) -> input::Judged<String>| {
            typed.as_deref().and_then(|typed| problems.keep(field, judged(typed)))
        };
        let line = |most| move |typed: &str| input::line(typed, most);
        let mut judged = Self {
            revision: self.revision,
            name: keep("name", &self.name, &line(200)),
            legal_name: keep("legalName", &self.legal_name, &line(200)),
            country: keep("country", &self.country, &input::country),
            contact_email: keep("contactEmail", &self.contact_email, &input::email),
            data_protection_contact: keep("dataProtectionContact", &self.data_protection_contact, &line(300)),
            default_locale: keep("defaultLocale", &self.default_locale, &input::locale),
            logo: self.logo,
            accent_color: Wish::Stays,
            authenticator_required: self.authenticator_required,
            introduction: None,
            footer: None,
        };
        judged.introduction = texts(&mut problems, "introduction", self.introduction.as_ref(), |texts| {
            input::localized_paragraphs(texts, 2000)
        });
        judged.footer = texts(&mut problems, "footer", self.footer.as_ref(), |texts| {
            input::localized(texts, 300)
        });
        judged.accent_color = match &self.accent_color {
            Wish::Is(typed) => problems
                .keep("accentColor", accent(typed))
                .map_or(Wish::Stays, Wish::Is),
            other => other.clone(),
        };
        problems.none()?;
        Ok(judged)
    }

    /// The row with what is named, but for its logo; its revision is the same.
    fn on(&self, before: &organization::Model) -> Result<organization::Model, Fault> {
        let put = |named: &Option<String>, stored: &String| named.as_ref().unwrap_or(stored).clone();
        let amended = |named: &Option<Localized>, stored: &str| {
            let mut texts = Localized::parse(stored)?;
            texts.amend(named.as_ref().unwrap_or(&Localized::default()));
            Ok::<_, Fault>(texts.to_column())
        };
        Ok(organization::Model {
            name: put(&self.name, &before.name),
            legal_name: put(&self.legal_name, &before.legal_name),
            country: put(&self.country, &before.country),
            contact_email: put(&self.contact_email, &before.contact_email),
            data_protection_contact: put(&self.data_protection_contact, &before.data_protection_contact),
            default_locale: put(&self.default_locale, &before.default_locale),
            accent_color: self.accent_color.clone().or(before.accent_color.clone()),
            authenticator_required: self.authenticator_required.unwrap_or(before.authenticator_required),
            introduction: amended(&self.introduction, &before.introduction)?,
            footer: amended(&self.footer, &before.footer)?,
            ..before.clone()
        })
    }
}

/// Changes it. Where the organization receives leads itself it is called there as here. What was consented to keeps the
/// words that were shown.
///
/// # Errors
/// What is wrong with the input; `STALE`, where something would change; `WRONG_STATE`, where an owner without an authenticator
/// would ask the team for one.
pub async fn update(
    platform: &Platform,
    authorized: &Authorized<OrganizationScope, ManageOrganization>,
    change: &OrganizationChange,
) -> Result<organization::Model, Refused> {
    let id = authorized.organization();
    // Before anything is locked.
    let change = change.judge()?;
    transaction!(platform.store.writer(), async |tx| {
        // The streams' offers come first in the order of locks.
        let itself = partners::seize_own(tx, id).await?;
        let found = organization::Entity::find_by_id(id).lock_exclusive().one(tx).await?;
        let before = found.ok_or_else(|| Fault::Corrupt("an organization that was there a moment ago".into()))?;
        // Whoever first hosts waits for the organization's row from here on; what somebody did before is seen now.
        let itself = match itself {
            None => partners::seize_own(tx, id).await?,
            seized => seized,
        };
        let after = organization::Model {
            logo: logo(tx, id, change.logo, before.logo.as_ref()).await?,
            ..change.on(&before)?
        };
        if after == before {
            return Ok(before);
        }
        partners::fresh(before.revision, change.revision)?;
        if after.authenticator_required && !before.authenticator_required {
            has_authenticator(tx, authorized.actor()).await?;
        }
        let after = organization::Model {
            revision: before.revision + 1,
            ..after
        };
        organization::Entity::update(after.clone().into_active_model().reset_all())
            .exec(tx)
            .await?;
        if after.logo != before.logo {
            pictures::release(tx, id, before.logo.as_deref()).await?;
        }
        partners::follow(tx, itself, &after).await?;
        let entry = audit::Entry {
            organization: id,
            actor: ActorKind::Staff,
            account: Some(authorized.actor()),
            action: "updateOrganization",
            event: None,
            subject_kind: "organization",
            subject: Some(id.0),
            detail: match after.authenticator_required == before.authenticator_required {
                true => serde_json::json!({}),
                false => serde_json::json!({ "authenticatorRequired": after.authenticator_required }),
            },
        };
        audit::note(tx, entry).await?;
        Ok(after)
    })
}

/// What is new of a text, as it is kept.
fn texts(
    problems: &mut Problems,
    field: &str,
    named: Option<&Localized>,
    judge: impl Fn(&Localized) -> input::Judged<Localized>,
) -> Option<Localized> {
    named.and_then(|named| problems.keep(field, input::amended(named, judge)))
}

/// Whoever asks others for an authenticator has one: nobody locks themselves out.
async fn has_authenticator(tx: &Tx, account: AccountId) -> Result<(), Refused> {
    match sign_in::has_authenticator(tx, account).await? {
        true => Ok(()),
        false => Err(Refused::because(
            "authenticatorRequired",
            Code::WrongState,
            "Set up an authenticator for yourself first, so that this does not lock you out.",
        )),
    }
}

/// What the column of the logo holds afterwards.
async fn logo(
    tx: &Tx,
    organization: OrganizationId,
    wish: Wish<PictureId>,
    before: Option<&String>,
) -> Result<Option<String>, Refused> {
    let wish = match wish {
        Wish::Stays => Wish::Stays,
        Wish::Nothing => Wish::Nothing,
        Wish::Is(picture) => Wish::Is(pictures::hold(tx, organization, "logoId", picture).await?),
    };
    Ok(wish.or(before.cloned()))
}

/// A colour in which everybody can read.
fn accent(typed: &str) -> input::Judged<String> {
    let colour: Rgb = typed.trim().parse().map_err(|_| {
        let words = "A colour is expected as # and six hexadecimal digits, such as #1f5f5b.";
        (Code::Invalid, words.to_owned())
    })?;
    let nearest = Theme::Light.nearest(colour);
    if nearest == colour {
        return Ok(colour.to_string());
    }
    let words = format!(
        "Not everybody could read what is written in {colour}: its contrast to the page is less than 4.5 to 1. The nearest \
         colour that has it is {nearest}."
    );
    Err((Code::LowContrast, words))
}
