//! What is served besides the API: for people, and for payment providers. It knows the schema, and no service behind it.
//!
//! Each page runs GraphQL documents inside the process, as its visitor: the pages are clients like any
//! other, and there is no second set of rules.

pub mod exports;
mod join;
mod landing;
mod order;
mod page;
mod visitor;
mod words;

use poem::{Route, get};

use consentry::graphql::ApiSchema;
use consentry::platform::Platform;
use visitor::Visitor;

/// Every page.
#[must_use]
pub fn routes(platform: &Platform, schema: &ApiSchema) -> Route {
    let visitor = Visitor::new(platform.clone(), schema.clone());
    exports::routes(Route::new(), platform.clone())
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
