//! The channels that are known to leak in practice, each with what covers it.

use super::ask::PORTAL;

/// A channel.
#[derive(Clone, Copy, Debug)]
pub struct Channel {
    /// What could tell.
    pub name: &'static str,
    /// The requests through which it would tell, as they are counted; none where the program does not have it.
    pub asks: &'static [&'static str],
    /// What would tell, or why there is nothing.
    pub how: &'static str,
}

const PAGES: &[&str] = &["Leads of Mine, Start", "Leads of Mine, Seen"];

/// All of them.
pub const CHANNELS: &[Channel] = &[
    channel(
        "totals",
        &["Leads of Mine, Start", "Document"],
        "`totalCount` is asked for and refused; the answer holds no count",
    ),
    channel(
        "hasNextPage before filtering",
        PAGES,
        "pages of 1, 2, 3, 5, 10 and 100 with people who share nothing between them",
    ),
    channel(
        "cursors with row ids or offsets",
        PAGES,
        "a cursor is renamed only if it opens and holds a lead's id alone",
    ),
    channel(
        "cursors that are forged, foreign, of another list",
        &[
            "Leads of Mine, Forged",
            "Leads of Mine, Foreign",
            "Leads of Mine, OtherList",
        ],
        "refused in the same words",
    ),
    channel(
        "sort, filter, search",
        &[
            "Search",
            "Portal, leads by hidden words",
            "Portal, newest leads by hidden words",
            "Document",
        ],
        "words that hidden values have, orders by fields that some did not grant, with wide and narrow tokens and selections",
    ),
    channel("aggregates and facets", &["Document"], "no such field"),
    channel(
        "node(id)",
        &["Node"],
        "leads that were seen, are gone, hidden, foreign or unknown answer alike, and so do registrations, drafts, tokens",
    ),
    channel(
        "sequence numbers of a partner's own",
        &["Document", "Leads of Mine, Start"],
        "no revision, no place in a feed is shown; a day is the only date",
    ),
    channel(
        "existing but hidden event partners",
        &[
            "Leads of Hinted, Start",
            "Leads of Unknown, Start",
            "Leads of Other, Start",
            "Leads of Nonsense, Start",
        ],
        "one answer for each of them",
    ),
    channel(
        "ordered ids",
        PAGES,
        "a lead's id and contact key are renamed only if they are random",
    ),
    channel(
        "times and entity tags",
        &["Leads of Mine, Start", "Myself"],
        "days of consent, last day to keep, the token's last use, every header but the date",
    ),
    channel(
        "validation and uniqueness",
        &["Register", "SignIn", "Order", "Secret"],
        "with addresses and codes that exist in one world only",
    ),
    channel("de-duplication by address", &["Register", "SignIn"], "the same"),
    channel(
        "tokens",
        &["UselessToken", "Myself"],
        "revoked, expired, unclaimed, of another tenant, mistyped, none: one answer",
    ),
    channel(
        "error texts, status, headers",
        &["Document", "Request", "Path", "TwoPulls"],
        "broken documents and requests, pages, other audiences' roots",
    ),
    channel(
        "other audiences' roots",
        &["OthersRoots"],
        "absent, and what would change something is refused: lists of disclosures, proofs, mails, withdrawals, erasures",
    ),
    channel(
        "scans of codes",
        &["OthersRoots"],
        "a code that is in, or that nobody has, is refused alike: a token lets nobody in",
    ),
    channel(
        "landing pages that a partner can open",
        &["Claim", "Path"],
        "the claim link's page, before and after its button, and every page with a secret that opens nothing",
    ),
    channel(
        "pages and files for the partner's staff",
        &PORTAL,
        "every page of the portal and a file for each program, as a reader's and an administrator's browser get them",
    ),
    channel("mails to the partner", &["Mailbox"], "all of them, as they read"),
    channel("introspection", &["Document"], "the schema is everybody's"),
    channel(
        "the public page",
        &["Public"],
        "declassified: equal in both worlds, places left included",
    ),
    channel(
        "the shape of answers",
        PAGES,
        "fields in random selections; what is not disclosed leaves no trace",
    ),
    channel(
        "cost and rate-limit numbers",
        &["Leads of Mine, Start"],
        "no header carries one; the allowance is the token's own, which a test of its own shows",
    ),
    channel(
        "feed, webhooks, badge scans of exhibitors, bounce notices, rows per day",
        &[],
        "the program does not have them yet",
    ),
    channel(
        "times of answers",
        &[],
        "not bytes: pages are read by range, which the plans' tests check",
    ),
];

const fn channel(name: &'static str, asks: &'static [&'static str], how: &'static str) -> Channel {
    Channel { name, asks, how }
}
