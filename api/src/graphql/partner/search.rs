//! Which leads, and in which order: by what the answer shows of them.

use async_graphql::{Enum, InputObject, Result};
use consentry_domain::words::Sought;

use crate::graphql::errors;
use crate::services::disclosure::{Order, Wanted};

/// How leads are sorted. Where an order is by a field, the answer must show that field; leads without it come last.
#[derive(Enum, Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum LeadSort {
    /// By their random ids.
    #[default]
    Id,
    /// By the whole name.
    FullName,
    /// By the family name.
    FamilyName,
    /// By the company.
    Company,
    /// By the day of the consent, the last one first.
    Newest,
}

/// Which leads.
#[derive(InputObject, Clone, Debug, Default)]
pub struct LeadFilter {
    /// Words, with spaces between them: each stands somewhere in what this answer shows of the lead, and nothing else is
    /// looked at. Case and accents make no difference. At most 8 words of together 100 characters.
    words: Option<String>,
}

/// What is wanted.
pub(super) fn wanted(filter: Option<LeadFilter>, sort: LeadSort) -> Result<Wanted> {
    let words = filter.and_then(|filter| filter.words);
    let words = words.as_deref().map(Sought::parse).transpose();
    let words = words.map_err(|problem| errors::bad_input(format!("filter.words: {problem}.")))?;
    let order = match sort {
        LeadSort::Id => Order::Id,
        LeadSort::FullName => Order::FullName,
        LeadSort::FamilyName => Order::FamilyName,
        LeadSort::Company => Order::Company,
        LeadSort::Newest => Order::Newest,
    };
    Ok(Wanted {
        words: words.flatten(),
        order,
    })
}
