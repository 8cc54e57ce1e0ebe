//! Pages for people, on top of the API: a crate of its own that knows the schema, and no service behind it.
//!
//! Each page runs GraphQL documents inside the process, as its visitor: the pages are clients like any
//! other, and there is no second set of rules. The documents stand beside the pages and are checked against
//! `schema.graphql` when this crate is compiled.
//!
//! A form that has done what its button says leads on (303) to a page that says so and can be loaded again. Some answer at
//! once, because there is nothing to load again: secrets that are shown once, people who are erased, links that know nothing
//! of themselves before they are used ([`links`]), and the door, where a queue waits. Sending those again does nothing twice.

// A document's answer is one future of the whole schema, and an optimized build measures all of it.
#![recursion_limit = "256"]

// Before those that use its macro.
#[macro_use]
mod typed;

mod accent;
mod account;
mod ask;
mod assets;
mod clock;
mod components;
mod cookies;
mod correction;
mod countries;
mod events;
pub mod exports;
mod fields;
mod form;
mod format;
mod frame;
mod lines;
mod links;
mod nowhere;
mod onward;
mod organizer;
mod packed;
mod partners;
mod pictures;
mod portal;
mod progress;
mod prose;
mod registration;
mod scalars;
mod spreadsheet;
mod tokens;
mod trouble;
mod visitor;
mod wish;
mod words;

use std::sync::Arc;

use poem::{Route, get};

use ask::Ask;
use consentry::graphql::ApiSchema;
use consentry::platform::Platform;
use visitor::Visitor;

pub use components::{Build, Components};

/// A picture of the largest size that is taken, one that is somewhat larger, and what else the form says; in bytes. The file
/// of a privacy notice fits as well.
const LARGEST_WITH_PICTURE: usize = 8 * 1024 * 1024;

/// Fifty people with long answers, in bytes.
const LARGEST_REGISTRATION: usize = 512 * 1024;

/// Every page, and the list of components that they are made of.
#[must_use]
pub fn routes_and_components(platform: &Platform, schema: &ApiSchema) -> Route {
    let visitor = Visitor::new(platform.clone(), schema.clone());
    let list = ask::page(&visitor, |ask: Arc<Ask>| async move { components::show(&ask) });
    routes(platform, schema).at("/-/components", get(list))
}

/// Every page.
#[must_use]
pub fn routes(platform: &Platform, schema: &ApiSchema) -> Route {
    let visitor = Visitor::new(platform.clone(), schema.clone());
    let routes = assets::routes(exports::routes(Route::new(), platform.clone()));
    let routes = accent::routes(pictures::routes(routes, platform.clone()));
    let routes = organizer::routes(account::routes(routes, &visitor), &visitor);
    let routes = portal::routes(routes, &visitor);
    let list = ask::page(&visitor, |ask: Arc<Ask>| async move { events::list(&ask).await });
    let organization = ask::page(
        &visitor,
        |ask: Arc<Ask>| async move { events::of_organization(&ask).await },
    );
    let event = ask::page(&visitor, |ask: Arc<Ask>| async move { events::event(&ask).await });
    let calendar = ask::page(&visitor, |ask: Arc<Ask>| async move { events::calendar(&ask).await });
    let shown = ask::page(
        &visitor,
        |ask: Arc<Ask>| async move { registration::register(&ask).await },
    );
    let sent = ask::page(
        &visitor,
        |ask: Arc<Ask>| async move { registration::register(&ask).await },
    );
    let link = |link| {
        ask::page(
            &visitor,
            move |ask: Arc<Ask>| async move { links::answer(&ask, link).await },
        )
    };
    let routes = links::Link::ALL.into_iter().fold(routes, |routes, (kind, pattern)| {
        let opened = get(link(kind));
        routes.at(
            pattern,
            if kind == links::Link::Thanks {
                opened
            } else {
                opened.post(link(kind))
            },
        )
    });
    nowhere::routes(routes, &visitor)
        .at("/", get(list))
        .at("/events/:organization", get(organization))
        .at("/events/:organization/:slug", get(event))
        .at("/events/:organization/:slug/calendar.ics", get(calendar))
        .at(
            "/events/:organization/:slug/register",
            get(shown).post(sent.with_forms_of(LARGEST_REGISTRATION)),
        )
}
