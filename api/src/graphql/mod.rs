//! What clients see: one folder per audience, one file per mutation. Thin: parse, authorize, call a service, shape.
//! No SQL here, and no type is derived from an entity.

pub mod attendee;
pub mod connection;
pub mod errors;
pub mod ids;
pub mod json;
pub mod mutation;
pub mod node;
pub mod organizer;
pub mod partner;
pub mod public;
mod registration_change;
pub mod scalars;
pub mod selection;
pub mod vocabulary;

use async_graphql::{
    Context, EmptySubscription, MergedObject, Request, Response, SDLExportOptions, Schema, SchemaBuilder, ServerError,
};
use futures_util::future::{BoxFuture, FutureExt};

use crate::access::Caller;
use crate::platform::Platform;

/// The roots of queries.
#[derive(MergedObject, Default)]
pub struct Query(
    node::NodeQuery,
    public::PublicQuery,
    attendee::AttendeeQuery,
    partner::PartnerQuery,
    organizer::OrganizerQuery,
);

/// The roots of mutations.
#[derive(MergedObject, Default)]
pub struct Mutation(
    public::PublicMutation,
    attendee::AttendeeMutation,
    partner::TokenHolderMutation,
    organizer::OrganizerMutation,
);

/// Mutations that try a secret or send mail: one of them in a document, so that none can be tried in bulk.
pub const SINGLE_MUTATIONS: &[&str] = &[
    "requestSignInLink",
    "redeemSignInLink",
    "redeemDoorDevice",
    "refreshSession",
    "confirmEmail",
    "confirmAddressChange",
    "updateRegistration",
    "decideAsGuardian",
    "decideAfterOrdering",
    "claimPartnerToken",
    "register",
    "startPayment",
    "joinWebinar",
    "exportMyData",
    "requestErasure",
    "exportPersonData",
    "erasePerson",
];

/// The schema that is served.
pub type ApiSchema = Schema<Query, Mutation, EmptySubscription>;

/// The schema's builder, without data: enough to print it.
#[must_use]
pub fn builder() -> SchemaBuilder<Query, Mutation, EmptySubscription> {
    Schema::build(Query::default(), Mutation::default(), EmptySubscription)
        .register_output_type::<errors::UserError>()
        .disable_suggestions()
}

/// The schema as text, as it is published.
#[must_use]
pub fn sdl() -> String {
    builder().finish().sdl_with_options(
        SDLExportOptions::new()
            .sorted_fields()
            .sorted_arguments()
            .sorted_enum_items(),
    )
}

/// The schema with its platform; the caller comes with each request's data.
#[must_use]
pub fn schema(platform: Platform) -> ApiSchema {
    builder().data(platform).finish()
}

/// Runs a request, in a future of its own: whoever calls it sees no resolver's type.
#[must_use]
pub fn execute(schema: &ApiSchema, request: Request) -> BoxFuture<'_, Response> {
    schema.execute(request).boxed()
}

/// Whether an argument was no value of its type. async-graphql says so in words alone, before anything runs.
#[must_use]
pub fn is_no_value(error: &ServerError) -> bool {
    error.message.starts_with("Invalid value for argument")
}

/// The platform of this request.
pub(crate) fn platform<'a>(ctx: &Context<'a>) -> &'a Platform {
    ctx.data_unchecked::<Platform>()
}

/// Who is asking.
pub(crate) fn caller<'a>(ctx: &Context<'a>) -> &'a Caller {
    ctx.data_unchecked::<Caller>()
}
