//! Relay connections: forward only, `first` required and between 1 and 100.

use async_graphql::{Error, SimpleObject};

use super::errors::bad_input;
use crate::platform::Platform;

/// Where a page stands in its list.
#[derive(SimpleObject, Clone, Debug, Default)]
pub struct PageInfo {
    /// Whether more follows.
    pub has_next_page: bool,
    /// Whether something comes before; lists are read forward only, so this says whether `after` was given.
    pub has_previous_page: bool,
    /// The first entry's cursor.
    pub start_cursor: Option<String>,
    /// The last entry's cursor.
    pub end_cursor: Option<String>,
}

/// A page that was asked for.
#[derive(Clone, Debug)]
pub struct Page {
    /// How many entries, 1 to 100.
    pub first: u32,
    /// The place after which it starts, as the service wrote it.
    pub after: Option<Vec<u8>>,
}

impl Page {
    /// Judges the arguments. `list` names the list with its filter and sort: a cursor of another list is refused.
    ///
    /// # Errors
    /// `BAD_USER_INPUT`.
    pub fn parse(platform: &Platform, list: &[u8], first: i32, after: Option<String>) -> Result<Self, Error> {
        Self::parse_up_to(100, platform, list, (first, after))
    }

    /// The same for a list that is fetched whole, by programs, in pages of up to `most`.
    ///
    /// # Errors
    /// `BAD_USER_INPUT`.
    pub fn parse_up_to(
        most: u32,
        platform: &Platform,
        list: &[u8],
        (first, after): (i32, Option<String>),
    ) -> Result<Self, Error> {
        let first = u32::try_from(first)
            .ok()
            .filter(|first| (1..=most).contains(first))
            .ok_or_else(|| bad_input(format!("first: a number from 1 to {most} is expected.")))?;
        let after = after
            .map(|cursor| {
                platform
                    .keys
                    .open_cursor(list, &cursor)
                    .ok_or_else(|| bad_input("after: this is not a cursor of this list."))
            })
            .transpose()?;
        Ok(Self { first, after })
    }

    /// Makes the page's information from the cursors of what is shown.
    #[must_use]
    pub fn info(&self, has_next_page: bool, cursors: &[String]) -> PageInfo {
        PageInfo {
            has_next_page,
            has_previous_page: self.after.is_some(),
            start_cursor: cursors.first().cloned(),
            end_cursor: cursors.last().cloned(),
        }
    }
}

/// Declares a connection and its edge over a node type, with a constructor from `(place, node)` rows; `types` alone for the
/// page of another connection whose nodes are seen otherwise.
#[macro_export]
macro_rules! connection {
    (types $connection:ident, $edge:ident, $node:ty) => {
        #[doc = concat!("A page of `", stringify!($node), "`.")]
        #[derive(async_graphql::SimpleObject)]
        pub struct $connection {
            /// The entries with their cursors.
            pub edges: Vec<$edge>,
            /// Where the page stands.
            pub page_info: $crate::graphql::connection::PageInfo,
        }

        #[doc = concat!("One `", stringify!($node), "` with its place.")]
        #[derive(async_graphql::SimpleObject)]
        pub struct $edge {
            /// The place, to go on after.
            pub cursor: String,
            /// The entry.
            pub node: $node,
        }
    };

    ($connection:ident, $edge:ident, $node:ty) => {
        $crate::connection!(types $connection, $edge, $node);

        impl $connection {
            /// From the entries, each with the place that its cursor carries.
            #[must_use]
            pub fn new(
                platform: &$crate::platform::Platform,
                list: &[u8],
                page: &$crate::graphql::connection::Page,
                has_next_page: bool,
                entries: Vec<(Vec<u8>, $node)>,
            ) -> Self {
                let edges: Vec<$edge> = entries
                    .into_iter()
                    .map(|(place, node)| $edge {
                        cursor: platform.keys.cursor(list, &place),
                        node,
                    })
                    .collect();
                let cursors: Vec<String> = match edges.as_slice() {
                    [] => Vec::new(),
                    [only] => vec![only.cursor.clone()],
                    [first, .., last] => vec![first.cursor.clone(), last.cursor.clone()],
                };
                let page_info = page.info(has_next_page, &cursors);
                Self { edges, page_info }
            }
        }
    };
}
