//! What the partner's own login on PostgreSQL may do: these columns of these tables, and of the tables with a stream only
//! the rows of the streams that its transaction has opened. Everything else is refused by the database itself.
//!
//! `migrate` grants exactly this, each time anew; a login with less or with more is not used.

/// What is done to a table.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Operation {
    /// Read.
    Select,
    /// Add rows.
    Insert,
    /// Change rows.
    Update,
}

impl Operation {
    /// Every operation that can be granted by column.
    pub const ALL: &'static [Self] = &[Self::Select, Self::Insert, Self::Update];

    /// In SQL.
    #[must_use]
    pub const fn as_sql(self) -> &'static str {
        match self {
            Self::Select => "select",
            Self::Insert => "insert",
            Self::Update => "update",
        }
    }
}

/// A right: an operation on columns of a table.
#[derive(Clone, Copy, Debug)]
pub struct Right {
    /// The table or view.
    pub table: &'static str,
    /// What may be done.
    pub operation: Operation,
    /// To which columns.
    pub columns: &'static [&'static str],
}

/// The view by which a token finds its streams before any of them is open: keys, and no facts.
pub const STREAM_KEY: &str = "stream_key";

/// The columns of [`STREAM_KEY`], all of the table `stream`.
pub const STREAM_KEY_COLUMNS: &[&str] = &["organization_id", "event_partner_id", "purpose", "id"];

/// The tables whose rows are visible by stream, and the column that names it.
pub const BY_STREAM: &[(&str, &str)] = &[("stream", "id"), ("lead", "stream_id"), ("disclosure", "stream_id")];

/// The setting that names the streams that a transaction has opened, separated by commas.
pub const STREAMS_SETTING: &str = "consentry.streams";

/// Everything that the partner's login may do.
pub const PARTNER: &[Right] = &[
    Right {
        table: "organization_key",
        operation: Operation::Select,
        columns: &["key", "organization_id"],
    },
    Right {
        table: "partner_token",
        operation: Operation::Select,
        columns: &[
            "organization_id",
            "id",
            "partner_id",
            "kid",
            "name",
            "hash",
            "capabilities",
            "networks",
            "claimed_at",
            "not_before",
            "expires_at",
            "revoked_at",
            "last_used_minute",
        ],
    },
    Right {
        table: "partner_token",
        operation: Operation::Update,
        columns: &["last_used_minute"],
    },
    Right {
        table: "partner_token_scope",
        operation: Operation::Select,
        columns: &[
            "organization_id",
            "token_id",
            "event_partner_id",
            "purposes",
            "field_mask",
        ],
    },
    Right {
        table: STREAM_KEY,
        operation: Operation::Select,
        columns: STREAM_KEY_COLUMNS,
    },
    Right {
        table: "stream",
        operation: Operation::Select,
        columns: &[
            "organization_id",
            "id",
            "event_partner_id",
            "purpose",
            "active",
            "version",
            "field_mask",
            "starts_at",
            "ends_at",
            "retention_days",
            "event_ends_at",
            "facts",
        ],
    },
    Right {
        table: "lead",
        operation: Operation::Select,
        columns: &[
            "organization_id",
            "stream_id",
            "id",
            "contact_key",
            "state",
            "mask",
            "offer_version",
            "consented_version",
            "consented_on",
            "consent_record_id",
            "revision",
            "received",
            "full_name",
            "given_name",
            "family_name",
            "email",
            "phone",
            "company",
            "job_title",
            "city",
            "country",
            "postal_address",
            "social_profile",
            "ticket_type_id",
            "attended",
            "answers",
            "sort_full_name",
            "sort_family_name",
            "sort_company",
        ],
    },
    Right {
        table: "lead",
        operation: Operation::Update,
        columns: &["received"],
    },
    Right {
        table: "disclosure",
        operation: Operation::Insert,
        columns: &[
            "organization_id",
            "id",
            "stream_id",
            "at",
            "token_id",
            "capability",
            "request_id",
            "recipient_name",
            "offer_version",
            "lead_ids",
            "masks",
            "revisions",
            "consent_record_ids",
            "salt",
            "expanded_at",
        ],
    },
];

/// Whether the partner's login may do this.
#[must_use]
pub fn partner_may(operation: Operation, table: &str, column: &str) -> bool {
    PARTNER
        .iter()
        .any(|right| right.operation == operation && right.table == table && right.columns.contains(&column))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_right_is_to_a_column_that_there_is() {
        for right in PARTNER {
            let table = if right.table == STREAM_KEY {
                "stream"
            } else {
                right.table
            };
            let known = crate::CATALOGUE
                .iter()
                .find(|entry| entry.name == table)
                .expect("a table");
            for column in right.columns {
                assert!(known.columns.iter().any(|(name, _)| name == column), "{table}.{column}");
            }
        }
    }

    #[test]
    fn a_partner_reaches_no_registration() {
        assert!(!partner_may(Operation::Select, "lead", "registration_id"));
        assert!(PARTNER.iter().all(|right| !right.columns.contains(&"registration_id")));
        assert!(
            !partner_may(Operation::Select, "disclosure", "lead_ids"),
            "records are written, not read"
        );
    }
}
