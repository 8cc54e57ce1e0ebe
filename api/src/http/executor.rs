//! What runs a request that the guard let through.

use async_graphql::{EmptySubscription, ObjectType, Request, Response, Schema};

/// Runs one operation. The endpoint knows nothing else of a schema.
pub trait Executor: Send + Sync + 'static {
    /// Runs the request, whose document is already parsed.
    fn execute(&self, request: Request) -> impl Future<Output = Response> + Send;

    /// The schema in its definition language: from it the edge knows which fields are never null.
    fn sdl(&self) -> String;
}

impl<Q, M> Executor for Schema<Q, M, EmptySubscription>
where
    Q: ObjectType + 'static,
    M: ObjectType + 'static,
{
    fn execute(&self, request: Request) -> impl Future<Output = Response> + Send {
        Schema::execute(self, request)
    }

    fn sdl(&self) -> String {
        Schema::sdl(self)
    }
}
