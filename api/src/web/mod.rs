//! What is served besides the API: for people, and for payment providers. It knows the schema, and no service behind it.

pub mod webhooks;
