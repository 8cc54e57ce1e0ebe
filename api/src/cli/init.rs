//! `consentry init`: from nothing to an installation with its first organization and a link for its owner.

use clap::Args;

use super::program::{self, Schema};
use super::{Failure, admin};
use crate::config::Config;
use crate::services::organizations::NewOrganization;

/// Who runs the first events, and who owns it.
#[derive(Args)]
pub(super) struct Init {
    /// The owner's e-mail address; later sign-in links go there.
    #[arg(long, value_name = "ADDRESS")]
    owner_email: String,
    /// The organization's name, as people know it.
    #[arg(long, value_name = "NAME", default_value = "My organization")]
    organization_name: String,
    /// Its part of addresses: small letters, digits, hyphens.
    #[arg(long, value_name = "SLUG", default_value = "my-organization")]
    organization_slug: String,
    /// Its country, ISO 3166-1 alpha-2.
    #[arg(long, value_name = "CODE", default_value = "DE")]
    country: String,
}

impl Init {
    /// Makes the key, the schema, the organization and the link. A second run makes only what is missing.
    pub(super) async fn run(self, config: &Config) -> Result<(), Failure> {
        let platform = program::open(config, Schema::Migrate).await?;
        println!(
            "Key files are in {} (mode 0600): keep a copy apart from the database's.",
            config.secrets.directory.display()
        );
        println!("The database is {}.", config.database.url.printable());
        let new = NewOrganization {
            slug: self.organization_slug.clone(),
            legal_name: self.organization_name.clone(),
            name: self.organization_name,
            country: self.country,
            contact_email: self.owner_email.clone(),
            data_protection_contact: self.owner_email.clone(),
            default_locale: "en".to_owned(),
        };
        let existing = crate::services::organizations::by_slug(&platform.store, &self.organization_slug).await?;
        let organization = match existing {
            Some(organization) => organization,
            None => crate::services::organizations::create(&platform, &new).await?,
        };
        println!("The organization is {} ({}).", organization.name, organization.slug);
        admin::print_owner_link(&platform, &organization, &self.owner_email).await?;
        println!("Start the program with `consentry serve`.");
        platform.store.close().await;
        Ok(())
    }
}
