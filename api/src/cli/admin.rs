//! `consentry admin`: what only the operator of the machine may do.

use clap::Subcommand;
use consentry_entity::organization;

use super::Failure;
use super::program::{self, Schema};
use crate::config::Config;
use crate::platform::{Platform, Refused};
use crate::services::organizations::{self, NewOrganization};
use crate::services::{sign_in, team};

/// What the operator may do.
#[derive(Subcommand)]
pub(super) enum Admin {
    /// Prints a one-time sign-in link for an owner of an organization, who is made one if need be.
    OwnerLink {
        /// The organization's slug.
        #[arg(long, value_name = "SLUG")]
        organization: String,
        /// The owner's e-mail address.
        #[arg(long, value_name = "ADDRESS")]
        email: String,
    },
    /// Takes somebody's authenticator away, with their password and recovery codes, because they have lost all of it. Make sure
    /// that it is they who ask.
    RemoveAuthenticator {
        /// Their e-mail address.
        #[arg(long, value_name = "ADDRESS")]
        email: String,
    },
    /// Organizations.
    #[command(subcommand)]
    Organization(Organization),
}

/// What can be done with organizations.
#[derive(Subcommand)]
pub(super) enum Organization {
    /// Makes one.
    Create {
        /// Its part of addresses: small letters, digits, hyphens.
        #[arg(long, value_name = "SLUG")]
        slug: String,
        /// Its name, as people know it.
        #[arg(long, value_name = "NAME")]
        name: String,
        /// Its name as it is registered; the same as the name if left out.
        #[arg(long, value_name = "NAME")]
        legal_name: Option<String>,
        /// Its country, ISO 3166-1 alpha-2.
        #[arg(long, value_name = "CODE")]
        country: String,
        /// Whom attendees write to.
        #[arg(long, value_name = "ADDRESS")]
        contact_email: String,
        /// Whom people write to about data protection; the contact's address if left out.
        #[arg(long, value_name = "ADDRESS")]
        data_protection_contact: Option<String>,
        /// The language of its mails and pages.
        #[arg(long, value_name = "LANGUAGE", default_value = "en")]
        locale: String,
    },
}

impl Admin {
    /// Does it.
    pub(super) async fn run(self, config: &Config) -> Result<(), Failure> {
        let platform = program::open(config, Schema::Demand).await?;
        match self {
            Self::OwnerLink { organization, email } => {
                let row = organizations::by_slug(&platform.store, &organization)
                    .await?
                    .ok_or_else(|| {
                        Failure::new(format!(
                            "there is no organization `{organization}`: see `consentry admin organization create`"
                        ))
                    })?;
                print_owner_link(&platform, &row, &email).await?;
            }
            Self::RemoveAuthenticator { email } => {
                println!("{}", remove_authenticator(&platform, &email).await?);
            }
            Self::Organization(Organization::Create {
                slug,
                name,
                legal_name,
                country,
                contact_email,
                data_protection_contact,
                locale,
            }) => {
                let new = NewOrganization {
                    slug,
                    legal_name: legal_name.unwrap_or_else(|| name.clone()),
                    name,
                    country,
                    data_protection_contact: data_protection_contact.unwrap_or_else(|| contact_email.clone()),
                    contact_email,
                    default_locale: locale,
                };
                let row = organizations::create(&platform, &new).await?;
                println!("{} ({}) is there.", row.name, row.slug);
            }
        }
        platform.store.close().await;
        Ok(())
    }
}

async fn remove_authenticator(platform: &Platform, email: &str) -> Result<String, Failure> {
    Ok(match sign_in::remove_by_operator(platform, email).await {
        Ok(true) => {
            format!("{email} has no authenticator any more, and is told so by mail. A link sent by mail signs in.")
        }
        Ok(false) => format!("{email} had no authenticator."),
        Err(Refused::Problems(_)) => return Err(Failure::new(format!("nobody has the address {email}"))),
        Err(refused) => return Err(refused.into()),
    })
}

/// Prints a link that signs an owner in once, within a day.
pub(super) async fn print_owner_link(
    platform: &Platform,
    organization: &organization::Model,
    email: &str,
) -> Result<(), Failure> {
    let link = team::owner_link(platform, organization.id, email).await?;
    println!(
        "A link for {email}, owner of {}: it works once, within a day:",
        organization.slug
    );
    println!("  {link}");
    Ok(())
}
