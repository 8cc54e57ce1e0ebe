//! `/manage/{organization}/-/partners`: the companies with which the organization shares, at which events, and what is
//! missing there.

use std::collections::HashMap;

use askama::Template;
use poem::Response;
use poem::http::StatusCode;

use super::super::{Part, Roles, with_query};
use super::documents::{Companies, companies as of};
use super::said;
use crate::ask::Ask;
use crate::frame::{Frame, Width};
use crate::trouble::Trouble;

pub(super) use of::CompaniesOrganizationPartnersEdgesNode as Company;

#[derive(Template)]
#[template(path = "organizer/partners/companies.html")]
struct Shown {
    frame: Frame,
    slug: String,
    organization: String,
    base: String,
    /// Whether one may add and change companies.
    may_manage: bool,
    note: Option<String>,
    companies: Vec<Listed>,
    next: Option<String>,
}

struct Listed {
    address: String,
    name: String,
    facts: String,
    contact: String,
    is_active: bool,
    is_organization: bool,
    roles: Vec<AtEvent>,
}

/// A role of a company at an event.
struct AtEvent {
    address: String,
    title: String,
    role: String,
    missing: Option<String>,
    waits: bool,
}

/// The organization, for whoever works for all of it.
pub(super) struct Owner {
    pub(super) id: String,
    pub(super) slug: String,
    pub(super) name: String,
    pub(super) may_manage: bool,
}

/// Not there for whoever works at single events alone, or finds nothing about partners elsewhere either.
async fn owner(ask: &Ask, about: &of::CompaniesOrganizationOrganization) -> Result<Owner, Trouble> {
    let roles = Roles::everywhere(ask, &about.slug).await?;
    if !roles.open(Part::Partners) {
        return Err(Trouble::NotFound);
    }
    Ok(Owner {
        id: about.id.clone(),
        slug: about.slug.clone(),
        name: about.name.clone(),
        may_manage: roles.may_manage(),
    })
}

async fn page(ask: &Ask, after: Option<String>) -> Result<of::CompaniesOrganization, Trouble> {
    let variables = of::Variables {
        organization: ask.param("organization").to_owned(),
        after,
        locale: Some(ask.language.code().to_owned()),
    };
    let found = ask.visitor.ask::<Companies>(variables).await?;
    found.organization.ok_or(Trouble::NotFound)
}

/// Every company, page after page.
pub(super) async fn all(ask: &Ask) -> Result<Vec<Company>, Trouble> {
    from(ask, page(ask, None).await?).await
}

/// The companies of a page and of those after it.
async fn from(ask: &Ask, first: of::CompaniesOrganization) -> Result<Vec<Company>, Trouble> {
    let mut all = Vec::new();
    let mut partners = first.partners;
    loop {
        all.extend(partners.edges.into_iter().map(|edge| edge.node));
        let after = partners.page_info.end_cursor;
        if !partners.page_info.has_next_page || after.is_none() {
            return Ok(all);
        }
        partners = page(ask, after).await?.partners;
    }
}

/// The organization, with the company of this address where it names one.
pub(super) async fn of_address(ask: &Ask) -> Result<(Owner, Option<Company>), Trouble> {
    let found = page(ask, None).await?;
    let owner = owner(ask, &found.organization).await?;
    let id = ask.param("partner");
    if id.is_empty() {
        return Ok((owner, None));
    }
    let company = from(ask, found).await?.into_iter().find(|company| company.id == id);
    Ok((owner, Some(company.ok_or(Trouble::NotFound)?)))
}

pub(super) async fn show(ask: &Ask) -> Result<Response, Trouble> {
    let found = page(ask, ask.query("after")).await?;
    let owner = owner(ask, &found.organization).await?;
    let mut frame = ask.frame(ask.language.say("companies-title"));
    frame.width = Width::Wide;
    let base = format!("/manage/{}/-/partners", owner.slug);
    let mut roles = roles(&frame, &owner.slug, &found);
    let info = &found.partners.page_info;
    let next = info.end_cursor.as_deref().filter(|_| info.has_next_page);
    let companies = found.partners.edges.iter().map(|edge| {
        let company = &edge.node;
        Listed {
            address: format!("{base}/{}", company.id),
            name: company.display_name.clone(),
            facts: format!("{}, {}", company.legal_name, frame.country(&company.country)),
            contact: company.contact_email.clone(),
            is_active: company.active,
            is_organization: company.is_organization,
            roles: roles.remove(&company.id).unwrap_or_default(),
        }
    });
    let page = Shown {
        companies: companies.collect(),
        next: next.map(|after| with_query(ask.path(), &[("after", after)])),
        note: (ask.query("done").as_deref() == Some("saved")).then(|| frame.say("partner-saved")),
        may_manage: owner.may_manage,
        organization: owner.name,
        slug: owner.slug,
        base,
        frame,
    };
    Ok(ask.page(StatusCode::OK, &page))
}

/// Where each company has a role, by its id.
fn roles(frame: &Frame, slug: &str, found: &of::CompaniesOrganization) -> HashMap<String, Vec<AtEvent>> {
    let mut roles: HashMap<String, Vec<AtEvent>> = HashMap::new();
    for edge in &found.events.edges {
        let event = &edge.node.event;
        for partner in &edge.node.partners {
            let fingerprint = partner.privacy_notice.sha256.as_ref();
            roles.entry(partner.partner.id.clone()).or_default().push(AtEvent {
                address: format!("/manage/{slug}/{}/partners/{}", event.slug, partner.id),
                title: event.title.clone(),
                role: frame.of("partner-role", &partner.role),
                missing: said::missing(frame, fingerprint, !partner.offers.is_empty()),
                waits: partner.offers.iter().any(|offer| offer.requested.is_some()),
            });
        }
    }
    roles
}
