//! Pages for people, on top of the API: a crate of its own that knows the schema, and no service behind it.
//!
//! Each page runs GraphQL documents inside the process, as its visitor: the pages are clients like any
//! other, and there is no second set of rules. The documents stand beside the pages and are checked against
//! `schema.graphql` when this crate is compiled.

mod ask;
mod assets;
mod events;
pub mod exports;
mod form;
mod format;
mod frame;
mod join;
mod landing;
mod language;
mod order;
mod page;
mod prose;
mod registration;
mod scalars;
mod trouble;
mod values;
mod visitor;
mod words;

use std::sync::Arc;

use poem::{Route, get, post};

use consentry::graphql::ApiSchema;
use consentry::platform::Platform;
use ask::Ask;
use visitor::Visitor;

/// Every page.
#[must_use]
pub fn routes(platform: &Platform, schema: &ApiSchema) -> Route {
    let visitor = Visitor::new(platform.clone(), schema.clone());
    let routes = assets::routes(exports::routes(Route::new(), platform.clone()));
    let list = ask::page(&visitor, |ask: Arc<Ask>| async move { events::list(&ask).await });
    let event = ask::page(&visitor, |ask: Arc<Ask>| async move { events::event(&ask).await });
    let calendar = ask::page(&visitor, |ask: Arc<Ask>| async move { events::calendar(&ask).await });
    let shown = ask::page(&visitor, |ask: Arc<Ask>| async move { registration::register(&ask).await });
    let sent = ask::page(&visitor, |ask: Arc<Ask>| async move { registration::register(&ask).await });
    let language = ask::page(&visitor, |ask: Arc<Ask>| async move { language::switch(&ask).await });
    routes
        .at("/", get(list))
        .at("/language", post(language))
        .at("/events/:organization/:slug", get(event))
        .at("/events/:organization/:slug/calendar.ics", get(calendar))
        .at("/events/:organization/:slug/register", get(shown).post(sent))
        .at(
            "/sign-in/:secret",
            get(landing::Landing::sign_in(&visitor)).post(landing::Landing::sign_in(&visitor)),
        )
        .at(
            "/order/:secret",
            get(landing::Landing::order(&visitor)).post(landing::Landing::order(&visitor)),
        )
        .at(
            "/join/:secret",
            get(landing::Landing::join(&visitor)).post(landing::Landing::join(&visitor)),
        )
        .at("/thanks", get(landing::Landing::thanks(&visitor)))
        .at(
            "/confirm/:secret",
            get(landing::Landing::confirm(&visitor)).post(landing::Landing::confirm(&visitor)),
        )
        .at(
            "/claim/:secret",
            get(landing::Landing::claim(&visitor)).post(landing::Landing::claim(&visitor)),
        )
        .at(
            "/guardian/:secret",
            get(landing::Landing::guardian(&visitor)).post(landing::Landing::guardian(&visitor)),
        )
        .at(
            "/address/:secret",
            get(landing::Landing::address(&visitor)).post(landing::Landing::address(&visitor)),
        )
}
