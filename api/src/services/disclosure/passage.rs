//! What of the rows that were read the rule lets through, and which of it makes a page.

use std::cmp::Reverse;

use consentry_domain::disclosure::{Disclosed, Reader, disclose};
use consentry_domain::lead::{LeadImage, StoredLead, sort_key};
use consentry_domain::{Capability, FieldMask, Instant};

use super::row::Stream;
use super::statements::LOOKED_AT;
use super::wanted::{Order, Wanted};
use crate::access::PartnerReader;
use crate::platform::Refused;

/// The rule, for one reader of one stream.
pub(super) struct Passage<'a> {
    rule: Reader,
    stream: &'a Stream,
    now: Instant,
    /// The fields whose values are shown where they are granted.
    pub(super) shown: FieldMask,
    /// What is not shown, for a planted leak.
    #[cfg(feature = "planted-leaks")]
    hidden: std::collections::HashMap<consentry_domain::LeadId, String>,
}

/// A page of what was let through.
pub(super) struct Leads {
    pub(super) leads: Vec<Disclosed<LeadImage>>,
    /// The place of the last row that was looked at for it.
    pub(super) last: Option<Vec<u8>>,
    pub(super) has_next: bool,
}

impl<'a> Passage<'a> {
    /// For an answer that shows these fields.
    ///
    /// # Errors
    /// Unauthenticated where the stream does not exist for the reader.
    pub(super) fn of(reader: &PartnerReader, stream: &'a Stream, selected: FieldMask) -> Result<Self, Refused> {
        let (rule, now) = (reader.reader(selected), reader.now());
        let shown = rule.fields_of(&stream.in_force, Capability::Pull, now);
        Ok(Self {
            shown: shown.ok_or(Refused::Unauthenticated)?,
            rule,
            stream,
            now,
            #[cfg(feature = "planted-leaks")]
            hidden: std::collections::HashMap::new(),
        })
    }

    /// Looks at what is not shown, too.
    #[cfg(feature = "planted-leaks")]
    pub(super) async fn leaking(
        mut self,
        store: &crate::platform::store::Store,
        organization: consentry_domain::OrganizationId,
    ) -> Result<Self, Refused> {
        self.hidden = crate::platform::leaks::hidden_texts(store, organization, self.stream.id).await?;
        Ok(self)
    }

    /// Whether the words are found in a lead.
    fn finds(&self, wanted: &Wanted, lead: &Disclosed<LeadImage>) -> bool {
        #[cfg(feature = "planted-leaks")]
        if let (Some(text), Some(sought)) = (self.hidden.get(&lead.id()), &wanted.words)
            && sought.words().iter().all(|word| text.contains(word.as_str()))
        {
            return true;
        }
        wanted.finds(&self.stream.facts, lead)
    }

    /// What is seen of a row.
    pub(super) fn one(&self, row: StoredLead) -> Option<Disclosed<LeadImage>> {
        disclose(row, &self.stream.in_force, &self.rule, Capability::Pull, self.now)
    }

    /// The first rows.
    pub(super) fn all(&self, mut rows: Vec<StoredLead>, first: usize, wanted: &Wanted) -> Leads {
        let has_next = rows.len() > first;
        rows.truncate(first);
        Leads {
            last: rows.last().map(|row| wanted.place(row.id, &row.image)),
            leads: rows.into_iter().filter_map(|row| self.one(row)).collect(),
            has_next,
        }
    }

    /// The first rows in which the words are found. Whether more follow is known of the rows that were read; where there are
    /// others behind them, it may be.
    pub(super) fn found(&self, mut rows: Vec<StoredLead>, first: usize, wanted: &Wanted) -> Leads {
        let mut page = Leads {
            leads: Vec::new(),
            last: None,
            has_next: rows.len() > LOOKED_AT,
        };
        rows.truncate(LOOKED_AT);
        for row in rows {
            let place = wanted.place(row.id, &row.image);
            if let Some(lead) = self.one(row).filter(|lead| self.finds(wanted, lead)) {
                if page.leads.len() == first {
                    page.has_next = true;
                    break;
                }
                page.leads.push(lead);
            }
            page.last = Some(place);
        }
        page
    }
}

/// Brings rows into their order: a statement promises none.
pub(super) fn sort(rows: &mut [StoredLead], order: Order) {
    match (order, order.field()) {
        (Order::Newest, _) => rows.sort_unstable_by_key(|row| Reverse((row.image.consented_on, row.id))),
        (_, Some(field)) => rows.sort_by_cached_key(|row| (sort_key(&row.image.values, field), row.id)),
        (_, None) => rows.sort_unstable_by_key(|row| row.id),
    }
}
